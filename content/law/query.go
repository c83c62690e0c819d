package law

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/errs"
)

// Law is one law with the heads of its versions.
type Law struct {
	ID       string
	Slug     string
	Title    string   // 中华人民共和国劳动合同法
	Short    string   // 劳动合同法
	Aliases  []string // other names it is cited by
	Versions []Head   // newest first; never empty
	Current  int      // index in Versions of the one in force (or, before any is, the first to come)

	RepealedOn     string // 2006-01-02; "" for a law in force
	RepealedBy     string // name of the law that took its place; may be ""
	RepealedBySlug string // "" when that one is not loaded
	NewerInForce   string // a newer text that is not loaded is in force since this day; "" as a rule
}

// InForce is the head of the version in force.
func (l Law) InForce() Head { return l.Versions[l.Current] }

// Repealed reports whether the law is no longer in force.
func (l Law) Repealed() bool { return l.RepealedOn != "" }

// Head is a version without its articles.
type Head struct {
	Date     string // 2006-01-02: names the version
	InForce  string // 2006-01-02; "" when unknown
	Info     []Info
	Articles int // numbered ones

	id string
}

// since is the day from which the version counts, as far as anybody knows.
func (h Head) since() string { return cmp.Or(h.InForce, h.Date) }

// Text is a version of a law, whole.
type Text struct {
	Law      Law
	Head     Head
	Articles []Article
}

// Page is one article with its neighbours.
type Page struct {
	Law        Law
	Head       Head
	Article    Article
	Prev, Next *Article // numbered neighbours, without their paragraphs; nil at the ends
}

type lawRow struct {
	ID    string `db:"id"`
	Slug  string `db:"slug"`
	Title string `db:"title"`
}

type versionRow struct {
	ID       string `db:"id"`
	LawID    string `db:"law_id"`
	Date     string `db:"date"`
	InForce  string `db:"in_force"`
	Info     string `db:"info"`
	Hash     string `db:"hash"`
	Articles int    `db:"articles"`
}

func (r versionRow) head() (Head, error) {
	h := Head{Date: r.Date, InForce: r.InForce, Articles: r.Articles, id: r.ID}
	return h, db.FromJSON(r.Info, &h.Info)
}

type articleRow struct {
	Position   int    `db:"position"`
	Number     int    `db:"number"`
	Sub        int    `db:"sub"`
	Label      string `db:"label"`
	Heading    string `db:"heading"`
	Book       string `db:"book"`
	Path       string `db:"path"`
	Paragraphs string `db:"paragraphs"`
}

func (r articleRow) article() (Article, error) {
	a := Article{Number: r.Number, Sub: r.Sub, Label: r.Label, Heading: r.Heading, Book: r.Book, Position: r.Position}
	if err := db.FromJSON(r.Path, &a.Path); err != nil {
		return a, err
	}
	return a, db.FromJSON(r.Paragraphs, &a.Paragraphs)
}

const versionColumns = `SELECT id, law_id, date, in_force, info, hash, articles FROM law_version`

// Laws lists all laws, those in force first, by name.
func (s *Store) Laws(ctx context.Context) (_ []Law, err error) {
	defer errs.Wrap(&err, "list laws")
	var rows []lawRow
	if err := db.Select(ctx, s.cfg.DB.Reader(), &rows, `SELECT id, slug, title FROM law`); err != nil {
		return nil, err
	}
	var versions []versionRow
	if err := db.Select(ctx, s.cfg.DB.Reader(), &versions, versionColumns); err != nil {
		return nil, err
	}
	laws, err := s.assemble(rows, versions)
	slices.SortFunc(laws, func(a, b Law) int {
		if a.Repealed() != b.Repealed() {
			return cmp.Compare(a.RepealedOn, b.RepealedOn)
		}
		return cmp.Compare(a.Short, b.Short)
	})
	return laws, err
}

// Law finds a law by slug; NotFound when there is none.
func (s *Store) Law(ctx context.Context, slug string) (_ Law, err error) {
	defer errs.Wrap(&err, "law %s", slug)
	var row lawRow
	err = db.Get(ctx, s.cfg.DB.Reader(), &row, `SELECT id, slug, title FROM law WHERE slug = $1`, slug)
	if errs.Is(err, errs.NotFound) {
		return Law{}, errs.New(errs.NotFound, "没有载入这部法规，请从法规列表查找。", "no such law: %w", err)
	}
	if err != nil {
		return Law{}, err
	}
	var versions []versionRow
	if err := db.Select(ctx, s.cfg.DB.Reader(), &versions, versionColumns+` WHERE law_id = $1`, row.ID); err != nil {
		return Law{}, err
	}
	laws, err := s.assemble([]lawRow{row}, versions)
	if err != nil || len(laws) == 0 {
		return Law{}, cmp.Or(err, errs.New(errs.Internal, "", "law %s has no version", slug))
	}
	return laws[0], nil
}

// assemble joins laws with their versions and with what our tables tell. A law
// between two transactions of a reader may have no version; it is left out.
func (s *Store) assemble(rows []lawRow, versions []versionRow) ([]Law, error) {
	today := s.cfg.Now().In(china).Format(time.DateOnly)
	heads := map[string][]Head{}
	for _, v := range versions {
		h, err := v.head()
		if err != nil {
			return nil, err
		}
		heads[v.LawID] = append(heads[v.LawID], h)
	}
	bySlug := map[string]string{}
	for _, r := range rows {
		bySlug[Name(r.Title)] = r.Slug
	}
	laws := make([]Law, 0, len(rows))
	for _, r := range rows {
		if len(heads[r.ID]) == 0 {
			continue
		}
		l := Law{ID: r.ID, Slug: r.Slug, Title: r.Title, Short: Name(r.Title), Versions: heads[r.ID]}
		l.Aliases = Aliases(l.Short)
		l.settle(today)
		if k := knownLaws()[l.Short]; k.since != "" && k.since <= today {
			l.RepealedOn, l.RepealedBy = k.since, k.by
			l.RepealedBySlug = cmp.Or(bySlug[k.by], s.registry.Resolve(k.by))
		}
		laws = append(laws, l)
	}
	return laws, nil
}

// china is the zone in which days begin for Chinese law.
var china = time.FixedZone("CST", 8*60*60)

// settle orders the versions and finds the one in force on that day.
func (l *Law) settle(today string) {
	slices.SortFunc(l.Versions, func(a, b Head) int { return cmp.Compare(b.Date, a.Date) })
	l.Current = len(l.Versions) - 1
	for i, h := range l.Versions {
		if h.since() <= today {
			l.Current = i
			break
		}
	}
	for key, day := range knownInForce() {
		if key[0] == l.Short && key[1] > l.Versions[0].Date && day <= today {
			l.NewerInForce = max(l.NewerInForce, day)
		}
	}
}

// version picks a head by date; "" is the one in force.
func (l Law) version(date string) (Head, error) {
	if date == "" {
		return l.InForce(), nil
	}
	for _, h := range l.Versions {
		if h.Date == date {
			return h, nil
		}
	}
	return Head{}, errs.New(errs.NotFound, "没有载入《"+l.Short+"》的这个版本，请查看现行版本。", "no version of %s", date)
}

// Version reads a version whole; date "" is the one in force.
func (s *Store) Version(ctx context.Context, slug, date string) (t Text, err error) {
	defer errs.Wrap(&err, "version %q", date)
	if t.Law, err = s.Law(ctx, slug); err != nil {
		return Text{}, err
	}
	if t.Head, err = t.Law.version(date); err != nil {
		return Text{}, err
	}
	t.Articles, err = articlesOf(ctx, s.cfg.DB.Reader(), t.Head.id)
	return t, err
}

const articleColumns = `SELECT position, number, sub, label, heading, book, path, paragraphs FROM law_article`

func articlesOf(ctx context.Context, q db.Queryer, versionID string) ([]Article, error) {
	var rows []articleRow
	if err := db.Select(ctx, q, &rows, articleColumns+` WHERE version_id = $1 ORDER BY position`, versionID); err != nil {
		return nil, err
	}
	articles := make([]Article, len(rows))
	for i, r := range rows {
		var err error
		if articles[i], err = r.article(); err != nil {
			return nil, err
		}
	}
	return articles, nil
}

// Article reads one article; date "" means the version in force.
func (s *Store) Article(ctx context.Context, slug string, number, sub int, date string) (p Page, err error) {
	defer errs.Wrap(&err, "article %s", ArticleID(number, sub))
	if p.Law, err = s.Law(ctx, slug); err != nil {
		return Page{}, err
	}
	if p.Head, err = p.Law.version(date); err != nil {
		return Page{}, err
	}
	q := s.cfg.DB.Reader()
	var row articleRow
	err = db.Get(ctx, q, &row, articleColumns+` WHERE version_id = $1 AND number = $2 AND sub = $3 AND number > 0`, p.Head.id, number, sub)
	if errs.Is(err, errs.NotFound) {
		message := fmt.Sprintf("《%s》%s版共 %d 条，没有%s。请从目录查找。", p.Law.Short, p.Head.Date, p.Head.Articles, FormatArticle(number, sub))
		return Page{}, errs.New(errs.NotFound, message, "no such article: %w", err)
	}
	if err != nil {
		return Page{}, err
	}
	if p.Article, err = row.article(); err != nil {
		return Page{}, err
	}
	const columns = `SELECT position, number, sub, label, heading, book, path, '' AS paragraphs FROM law_article`
	if p.Prev, err = neighbour(ctx, q, columns+` WHERE version_id = $1 AND position < $2 AND number > 0 ORDER BY position DESC LIMIT 1`, p.Head.id, row.Position); err != nil {
		return Page{}, err
	}
	p.Next, err = neighbour(ctx, q, columns+` WHERE version_id = $1 AND position > $2 AND number > 0 ORDER BY position LIMIT 1`, p.Head.id, row.Position)
	return p, err
}

// neighbour reads an article that may not be there.
func neighbour(ctx context.Context, q db.Queryer, query string, versionID string, position int) (*Article, error) {
	var rows []articleRow
	if err := db.Select(ctx, q, &rows, query, versionID, position); err != nil || len(rows) == 0 {
		return nil, err
	}
	a, err := rows[0].article()
	return &a, err
}

// EachArticle walks the articles of the version in force in order: what the
// search index holds of a law.
func (s *Store) EachArticle(ctx context.Context, slug string, fn func(Article) error) error {
	t, err := s.Version(ctx, slug, "")
	if err != nil {
		return err
	}
	for _, a := range t.Articles {
		if err := fn(a); err != nil {
			return err
		}
	}
	return nil
}
