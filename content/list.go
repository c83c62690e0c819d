package content

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/errs"
)

// Item is a published document in a list.
type Item struct {
	ID       string
	Kind     Kind
	Slug     string
	Title    string
	Answer   string
	Excerpt  string
	Topics   []string
	Column   string
	Origin   string
	Cover    string
	CoverAlt string
	First    time.Time // 发布时间
	Updated  time.Time // when the live edition was published
}

// Address is the document's root-relative address.
func (i Item) Address() string { return Address(i.Kind, i.Slug) }

// Filter narrows a public list; empty fields do not.
type Filter struct {
	Kind   Kind
	Topic  string
	Column string
	Page   int // from 1; 0 is 1
	Size   int // items on a page; 0 is 20
}

// MaxListed is as far as a list goes. Counting and skipping more would make
// lists slower with every document; what is older is found by search.
const MaxListed = 10_000

// Listing is one page of a list.
type Listing[T any] struct {
	Items []T
	Total int // MaxListed means that many or more
	Page  int // from 1
	Size  int
}

// Pages is how many pages there are, at least 1.
func (l Listing[T]) Pages() int { return max(1, (l.Total+l.Size-1)/max(1, l.Size)) }

// DeskItem is a document in a list of the staff: by its newest edition.
type DeskItem struct {
	ID      string // of the document
	Kind    Kind
	Slug    string
	Title   string
	Column  string
	HeadID  string
	State   State // of the newest edition
	Number  int
	Live    State // what readers get: Published, Withdrawn, Unpublished or ""
	First   time.Time
	Updated time.Time
	Due     time.Time // when Scheduled
	Last    Step      // who did what last
	Trail   []Step    // all of it, oldest first
}

// By reports whether this account has worked on the newest edition.
func (i DeskItem) By(accountID string) bool {
	return slices.ContainsFunc(i.Trail, func(s Step) bool { return s.Actor == accountID })
}

// Address is the document's root-relative address.
func (i DeskItem) Address() string { return Address(i.Kind, i.Slug) }

// DeskFilter narrows a staff list; empty fields do not.
type DeskFilter struct {
	Kind   Kind
	State  State // Draft, Submitted, Scheduled: of the newest edition; others: what readers get
	Topic  string
	Column string
	Title  string     // a part of the title
	Ranked []string   // ids of documents: only these, in this order; nil for all
	Page   int        // from 1; 0 is 1
	Size   int        // items on a page; 0 is 20
	For    auth.Actor // of staff: only their columns; the zero actor sees all
}

// Returned is why the newest edition came back to its author, who has not
// submitted it again; "" when it did not.
func (i DeskItem) Returned() string {
	if i.State != Draft {
		return ""
	}
	return returnReason(i.Trail)
}

// itemRow is an Item as it is selected.
type itemRow struct {
	ID          string `db:"id"`
	Kind        Kind   `db:"kind"`
	Slug        string `db:"slug"`
	Title       string `db:"title"`
	Answer      string `db:"answer"`
	Excerpt     string `db:"excerpt"`
	Topics      string `db:"topics"`
	Column      string `db:"live_column"`
	Origin      string `db:"origin"`
	Cover       string `db:"cover"`
	CoverAlt    string `db:"cover_alt"`
	FirstAt     *int64 `db:"first_at"`
	PublishedAt *int64 `db:"published_at"`
}

const itemColumns = `d.id, d.kind, d.slug, e.title, e.answer, e.excerpt, e.topics, d.live_column, e.origin, e.cover,
	e.cover_alt, d.first_at, e.published_at`

func items(rows []itemRow, err error) ([]Item, error) {
	if err != nil {
		return nil, err
	}
	list := make([]Item, len(rows))
	for i, r := range rows {
		list[i] = Item{ID: r.ID, Kind: r.Kind, Slug: r.Slug, Title: r.Title, Answer: r.Answer, Excerpt: r.Excerpt,
			Column: r.Column, Origin: r.Origin, Cover: r.Cover, CoverAlt: r.CoverAlt,
			First: db.Time(r.FirstAt), Updated: db.Time(r.PublishedAt)}
		if err := db.FromJSON(r.Topics, &list[i].Topics); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// where collects conditions with their arguments.
type where struct {
	conds []string
	args  []any
}

// and adds a condition in which ? stands for the argument.
func (w *where) and(cond string, arg any) {
	w.args = append(w.args, arg)
	w.conds = append(w.conds, strings.Replace(cond, "?", db.Placeholder(len(w.args)), 1))
}

func (w *where) String() string {
	if len(w.conds) == 0 {
		return "TRUE"
	}
	return strings.Join(w.conds, " AND ")
}

// page normalises what an address says of paging.
func page(n, size int) (int, int) {
	if size <= 0 {
		size = 20
	}
	size = min(size, 200)
	return max(1, min(n, MaxListed/size+1)), size
}

// count counts up to MaxListed.
func (w where) count(ctx context.Context, q db.Queryer, from string) (n int, err error) {
	err = db.Get(ctx, q, &n, `SELECT count(*) FROM (SELECT 1 FROM `+from+` WHERE `+w.String()+` LIMIT `+
		db.Placeholder(len(w.args)+1)+`) t`, append(slices.Clone(w.args), MaxListed)...)
	return n, err
}

// List lists published documents, the newest publication first.
func (s *Store) List(ctx context.Context, f Filter) (_ Listing[Item], err error) {
	defer errs.Wrap(&err, "list documents")
	l := Listing[Item]{}
	l.Page, l.Size = page(f.Page, f.Size)
	from, w := f.where()
	q := s.cfg.DB.Reader()
	if l.Total, err = w.count(ctx, q, from); err != nil || l.Total == 0 {
		return l, err
	}
	l.Items, err = readItems(ctx, q, from, w, l.Size, (l.Page-1)*l.Size)
	return l, err
}

// where picks the narrow table whose index has the order: topics, else documents.
func (f Filter) where() (from string, w where) {
	if f.Topic == "" {
		w.and("d.live_state = ?", Published)
		if f.Kind != "" {
			w.and("d.kind = ?", f.Kind)
		}
		if f.Column != "" {
			w.and("d.live_column = ?", f.Column)
		}
		return "documents d", w
	}
	from = "document_topics t"
	w.and("t.topic = ?", f.Topic)
	w.and("t.live = ?", true)
	if f.Kind != "" {
		w.and("t.kind = ?", f.Kind)
	}
	if f.Column != "" {
		from += " JOIN documents d ON d.id = t.document_id"
		w.and("d.live_column = ?", f.Column)
	}
	return from, w
}

// readItems finds the ids by an index alone, so that a far page skips no wide
// rows, and then joins the few that are shown.
func readItems(ctx context.Context, q db.Queryer, from string, w where, limit, offset int) ([]Item, error) {
	id, at := "d.id", "d.first_at"
	if strings.HasPrefix(from, "document_topics") {
		id, at = "t.document_id", "t.at"
	}
	args := append(slices.Clone(w.args), limit, offset)
	n := len(w.args)
	var rows []itemRow
	err := db.Select(ctx, q, &rows, `SELECT `+itemColumns+` FROM (SELECT `+id+` AS id FROM `+from+` WHERE `+w.String()+
		` ORDER BY `+at+` DESC, `+id+` DESC LIMIT `+db.Placeholder(n+1)+` OFFSET `+db.Placeholder(n+2)+`) p
		JOIN documents d ON d.id = p.id JOIN editions e ON e.id = d.live_id ORDER BY d.first_at DESC, d.id DESC`, args...)
	return items(rows, err)
}

// Latest lists the n newest published documents of the kind, or of all.
func (s *Store) Latest(ctx context.Context, kind Kind, n int) (_ []Item, err error) {
	defer errs.Wrap(&err, "list latest %s", kind)
	from, w := Filter{Kind: kind}.where()
	return readItems(ctx, s.cfg.DB.Reader(), from, w, n, 0)
}

// ByIDs reads the published ones of these documents, in the given order.
func (s *Store) ByIDs(ctx context.Context, ids []string) (_ []Item, err error) {
	defer errs.Wrap(&err, "read %d items", len(ids))
	if len(ids) == 0 {
		return nil, nil
	}
	list, args := db.In(0, ids)
	var rows []itemRow
	err = db.Select(ctx, s.cfg.DB.Reader(), &rows, `SELECT `+itemColumns+` FROM documents d JOIN editions e ON e.id = d.live_id
		WHERE d.live_state = 'published' AND d.id IN (`+list+`)`, args...)
	found, err := items(rows, err)
	slices.SortFunc(found, func(a, b Item) int { return slices.Index(ids, a.ID) - slices.Index(ids, b.ID) })
	return found, err
}

// EachItem reads up to limit published documents with an id after the given
// one, by id: for the sitemap.
func (s *Store) EachItem(ctx context.Context, after string, limit int) (_ []Item, err error) {
	defer errs.Wrap(&err, "read items after %q", after)
	var rows []itemRow
	err = db.Select(ctx, s.cfg.DB.Reader(), &rows, `SELECT `+itemColumns+` FROM documents d JOIN editions e ON e.id = d.live_id
		WHERE d.live_state = 'published' AND d.id > $1 ORDER BY d.id LIMIT $2`, after, limit)
	return items(rows, err)
}

type deskRow struct {
	ID        string `db:"id"`
	Kind      Kind   `db:"kind"`
	Slug      string `db:"slug"`
	Title     string `db:"title"`
	Column    string `db:"head_column"`
	HeadID    string `db:"head_id"`
	State     State  `db:"head_state"`
	Number    int    `db:"number"`
	LiveState State  `db:"live_state"`
	FirstAt   *int64 `db:"first_at"`
	UpdatedAt int64  `db:"updated_at"`
	DueAt     *int64 `db:"due_at"`
	Trail     string `db:"trail"`
}

func (r deskRow) item() (DeskItem, error) {
	var trail []Step
	err := db.FromJSON(r.Trail, &trail)
	i := DeskItem{Trail: trail, ID: r.ID, Kind: r.Kind, Slug: r.Slug, Title: r.Title, Column: r.Column, HeadID: r.HeadID,
		State: r.State, Number: r.Number, Live: r.LiveState, First: db.Time(r.FirstAt),
		Updated: time.UnixMilli(r.UpdatedAt).UTC(), Due: db.Time(r.DueAt)}
	if len(trail) > 0 {
		i.Last = trail[len(trail)-1]
	}
	return i, err
}

// Desk lists documents for staff, the last changed first.
func (s *Store) Desk(ctx context.Context, f DeskFilter) (_ Listing[DeskItem], err error) {
	defer errs.Wrap(&err, "list documents for staff")
	l := Listing[DeskItem]{}
	l.Page, l.Size = page(f.Page, f.Size)
	from, w := f.where()
	q := s.cfg.DB.Reader()
	if f.Ranked != nil {
		return s.deskRanked(ctx, f.Ranked, from, w, l)
	}
	if l.Total, err = w.count(ctx, q, from); err != nil || l.Total == 0 {
		return l, err
	}
	n := len(w.args)
	args := append(slices.Clone(w.args), l.Size, (l.Page-1)*l.Size)
	var rows []deskRow
	err = db.Select(ctx, q, &rows, `SELECT `+deskColumns+` FROM (SELECT d.id FROM `+from+` WHERE `+w.String()+`
		ORDER BY d.updated_at DESC, d.id DESC LIMIT `+db.Placeholder(n+1)+` OFFSET `+db.Placeholder(n+2)+`) p
		JOIN documents d ON d.id = p.id JOIN editions e ON e.id = d.head_id ORDER BY d.updated_at DESC, d.id DESC`, args...)
	if err != nil {
		return l, err
	}
	l.Items, err = deskItems(rows)
	return l, err
}

const deskColumns = `d.id, d.kind, d.slug, d.title, d.head_column, d.head_id, d.head_state, e.number,
		d.live_state, d.first_at, d.updated_at, e.due_at, e.trail`

func deskItems(rows []deskRow) (list []DeskItem, err error) {
	for _, r := range rows {
		item, err := r.item()
		if err != nil {
			return nil, err
		}
		list = append(list, item)
	}
	return list, nil
}

// deskRanked is the part of what a search found that the filter leaves, in the
// order of the search. What the search knows and the database no longer has is
// left out.
func (s *Store) deskRanked(ctx context.Context, ranked []string, from string, w where, l Listing[DeskItem]) (Listing[DeskItem], error) {
	if len(ranked) == 0 {
		return l, nil
	}
	q := s.cfg.DB.Reader()
	list, args := db.In(len(w.args), ranked)
	var left []string
	err := db.Select(ctx, q, &left, `SELECT d.id FROM `+from+` WHERE `+w.String()+` AND d.id IN (`+list+`)`,
		append(slices.Clone(w.args), args...)...)
	if err != nil {
		return l, err
	}
	rank := make(map[string]int, len(ranked))
	for i, id := range ranked {
		rank[id] = i
	}
	slices.SortFunc(left, func(a, b string) int { return rank[a] - rank[b] })
	l.Total = len(left)
	start := min((l.Page-1)*l.Size, len(left))
	left = left[start:min(start+l.Size, len(left))]
	if len(left) == 0 {
		return l, nil
	}
	list, args = db.In(0, left)
	var rows []deskRow
	err = db.Select(ctx, q, &rows, `SELECT `+deskColumns+` FROM documents d JOIN editions e ON e.id = d.head_id
		WHERE d.id IN (`+list+`)`, args...)
	if err != nil {
		return l, err
	}
	slices.SortFunc(rows, func(a, b deskRow) int { return rank[a.ID] - rank[b.ID] })
	l.Items, err = deskItems(rows)
	return l, err
}

func (f DeskFilter) where() (from string, w where) {
	from = "documents d"
	if len(f.For.Columns) > 0 {
		list, args := db.In(0, f.For.Columns)
		w.conds, w.args = append(w.conds, "d.head_column IN ("+list+")"), args
	}
	if f.Kind != "" {
		w.and("d.kind = ?", f.Kind)
	}
	switch {
	case f.State == "":
	case f.State.Work():
		w.and("d.head_state = ?", f.State)
	default:
		w.and("d.live_state = ?", f.State)
	}
	if f.Column != "" {
		w.and("d.head_column = ?", f.Column)
	}
	if f.Topic != "" {
		from += " JOIN document_topics t ON t.document_id = d.id"
		w.and("t.topic = ?", f.Topic)
		w.and("t.live = ?", false)
	}
	if title := oneLine(f.Title); title != "" {
		w.and(`lower(d.title) LIKE ? ESCAPE '!'`, "%"+likeEscaper.Replace(strings.ToLower(title))+"%")
	}
	return from, w
}

var likeEscaper = strings.NewReplacer("!", "!!", "%", "!%", "_", "!_")
