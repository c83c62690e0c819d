package law

import (
	"context"
	"time"

	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/errs"
	"github.com/songfa/songfa/internal/ledger"
)

// Config is what a Store needs.
type Config struct {
	DB     *db.DB
	Ledger *ledger.Ledger
	Now    func() time.Time

	Progress func(done, total int) // told of each file of an import; may be nil
}

// Store keeps laws in the database.
type Store struct {
	cfg      Config
	registry *Registry
}

// New makes a Store. Call Reload before the first use of its Registry.
func New(cfg Config) *Store { return &Store{cfg: cfg, registry: NewRegistry()} }

// Registry knows the loaded laws by name. It is the same one for the life of
// the Store.
func (s *Store) Registry() *Registry { return s.registry }

// Reload refreshes the Registry from the database: at start, and whenever the
// journal tells of a change of kind "law". Import does it by itself.
func (s *Store) Reload(ctx context.Context) (err error) {
	defer errs.Wrap(&err, "reload laws")
	laws, err := s.Laws(ctx)
	if err != nil {
		return err
	}
	var rows []struct {
		VersionID string `db:"version_id"`
		Number    int    `db:"number"`
		Sub       int    `db:"sub"`
	}
	err = db.Select(ctx, s.cfg.DB.Reader(), &rows, `SELECT version_id, number, sub FROM law_article WHERE number > 0`)
	if err != nil {
		return err
	}
	articles := map[string][][2]int{}
	for _, r := range rows {
		articles[r.VersionID] = append(articles[r.VersionID], [2]int{r.Number, r.Sub})
	}
	entries := make([]Entry, len(laws))
	for i, l := range laws {
		entries[i] = Entry{Slug: l.Slug, Title: l.Title, Articles: articles[l.InForce().id],
			Since: l.InForce().since(), Newer: l.NewerInForce, Earlier: earlier(l, articles)}
	}
	s.registry.snapshot.Store(newSnapshot(entries))
	return nil
}

// save writes one version in a transaction of its own, with its audit and
// journal rows, and tells what that changed.
func (s *Store) save(ctx context.Context, actor auth.Actor, v Version) (out outcome, err error) {
	defer errs.Wrap(&err, "save %s of %s", v.Title, v.Date)
	err = s.cfg.DB.Update(ctx, func(ctx context.Context, tx *db.Tx) error {
		out = outcome{}
		slug, id, err := s.identity(ctx, tx, v, &out)
		if err != nil {
			return err
		}
		out.slug = slug
		if err := s.write(ctx, tx, id, v, &out); err != nil || !out.changed() {
			return err
		}
		entry := actor.Entry("law.import", "law:"+slug, out.verb()+"《"+Name(v.Title)+"》"+v.Date+" 版本")
		s.cfg.Ledger.Record(tx, entry, ledger.Change{Kind: "law", ID: slug})
		return nil
	})
	return out, err
}

// outcome is what saving a version changed.
type outcome struct {
	slug                         string
	newLaw, newVersion, replaced bool
	had                          int // numbered articles of the text that was replaced
}

func (o outcome) changed() bool { return o.newVersion || o.replaced }

func (o outcome) verb() string {
	if o.replaced {
		return "替换"
	}
	return "载入"
}

// identity finds the law of a version, or makes it and gives it its slug.
func (s *Store) identity(ctx context.Context, tx *db.Tx, v Version, out *outcome) (slug, id string, err error) {
	name := Name(v.Title)
	var row lawRow
	err = db.Get(ctx, tx, &row, `SELECT id, slug, title FROM law WHERE name = $1`, name)
	if err == nil || !errs.Is(err, errs.NotFound) {
		return row.Slug, row.ID, err
	}
	var slugs []string
	if err := db.Select(ctx, tx, &slugs, `SELECT slug FROM law`); err != nil {
		return "", "", err
	}
	taken := map[string]bool{}
	for _, slug := range slugs {
		taken[slug] = true
	}
	slug, id = slugOf(name, func(s string) bool { return taken[s] }), db.NewID()
	out.newLaw = true
	_, err = db.Exec(ctx, tx, `INSERT INTO law (id, slug, name, title, created_at) VALUES ($1, $2, $3, $4, $5)`,
		id, slug, name, v.Title, s.cfg.Now().UnixMilli())
	return slug, id, err
}

// write makes the stored version equal to v. A book replaces only itself.
func (s *Store) write(ctx context.Context, tx *db.Tx, lawID string, v Version, out *outcome) error {
	var old versionRow
	err := db.Get(ctx, tx, &old, versionColumns+` WHERE law_id = $1 AND date = $2`, lawID, v.Date)
	switch {
	case errs.Is(err, errs.NotFound):
		out.newVersion = true
		return s.insert(ctx, tx, lawID, v)
	case err != nil:
		return err
	}
	if v, err = withStoredBooks(ctx, tx, v, old); err != nil || old.Hash == v.hash() {
		return err
	}
	out.replaced, out.had = true, old.Articles
	return s.replace(ctx, tx, old.ID, v)
}

func (s *Store) insert(ctx context.Context, tx *db.Tx, lawID string, v Version) error {
	id := db.NewID()
	_, err := db.Exec(ctx, tx, `INSERT INTO law_version (id, law_id, date, in_force, info, hash, articles, imported_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		id, lawID, v.Date, v.InForce, db.JSON(v.Info), v.hash(), v.numbered(), s.cfg.Now().UnixMilli())
	if err != nil {
		return err
	}
	return insertArticles(ctx, tx, id, v.Articles)
}

// replace keeps the version's id: who has just read it finds its articles.
func (s *Store) replace(ctx context.Context, tx *db.Tx, id string, v Version) error {
	if _, err := db.Exec(ctx, tx, `DELETE FROM law_article WHERE version_id = $1`, id); err != nil {
		return err
	}
	_, err := db.Exec(ctx, tx, `UPDATE law_version SET in_force = $1, info = $2, hash = $3, articles = $4, imported_at = $5 WHERE id = $6`,
		v.InForce, db.JSON(v.Info), v.hash(), v.numbered(), s.cfg.Now().UnixMilli(), id)
	if err != nil {
		return err
	}
	return insertArticles(ctx, tx, id, v.Articles)
}

func insertArticles(ctx context.Context, tx *db.Tx, versionID string, articles []Article) error {
	for _, a := range articles {
		_, err := db.Exec(ctx, tx, `INSERT INTO law_article (version_id, position, number, sub, label, heading, book, path, paragraphs)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
			versionID, a.Position, a.Number, a.Sub, a.Label, a.Heading, a.Book, db.JSON(a.Path), db.JSON(a.Paragraphs))
		if err != nil {
			return err
		}
	}
	return nil
}

// withStoredBooks adds the stored books that v does not bring itself.
func withStoredBooks(ctx context.Context, tx *db.Tx, v Version, old versionRow) (Version, error) {
	if !v.hasBooks() {
		return v, nil
	}
	stored, err := articlesOf(ctx, tx, old.ID)
	if err != nil {
		return v, err
	}
	head, err := old.head()
	if err != nil {
		return v, err
	}
	rest := Version{Title: v.Title, Date: v.Date, InForce: head.InForce, Info: head.Info}
	for _, a := range stored {
		if a.Book == "" {
			return v, errs.New(errs.Conflict, "这一版本已经整部载入，不能再分编替换", "version %s has no books", old.ID)
		}
		if !v.hasBook(a.Book) {
			rest.Articles = append(rest.Articles, a)
		}
	}
	return mergeBooks(rest, v)
}
