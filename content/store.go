package content

import (
	"context"
	"crypto/rand"
	"time"

	"github.com/songfa/songfa/content/law"
	"github.com/songfa/songfa/content/proof"
	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/errs"
	"github.com/songfa/songfa/internal/ledger"
	"github.com/songfa/songfa/internal/markdown"
	"github.com/songfa/songfa/internal/vault"
)

// Config is what a Store needs.
type Config struct {
	DB     *db.DB
	Ledger *ledger.Ledger
	Now    func() time.Time
	Laws   *law.Registry // nil knows no law

	// Secret signs preview addresses; 32 bytes. Without one they end with the
	// process.
	Secret []byte
	// Vault seals who approves without an account; without one, what is sealed
	// ends with the process.
	Vault *vault.Vault
	// Account is a member of the staff as it may act now; an error when it may
	// not. Nil knows nobody: links then only lead approvers without account.
	Account func(ctx context.Context, id string) (auth.Actor, error)
	// Verify checks an account's own second factor for a decision by link. A wrong
	// one is errs.Invalid. Nil: a code is made for accounts, too.
	Verify func(ctx context.Context, id, secret, address string) error
	// TwoPerson forbids publishing what one has written or submitted oneself,
	// except to admins.
	TwoPerson bool
	// Media tells of a stored file by its address: the widths of a picture, for
	// srcset and to keep the page from jumping, and what a link to a file says
	// of it. Nil leaves them as they are.
	Media func(ctx context.Context, address string) (markdown.Resource, bool)
	// Uses is told in the transaction that writes a document which stored files
	// its texts name: addresses by UsedLive and UsedHead, all of them each time.
	// Nil tells nobody.
	Uses func(ctx context.Context, tx *db.Tx, document string, uses map[string][]string) error
	// Articles reads articles of the versions in force, for the 法条 blocks that
	// quote them; law.Store.Provisions. Nil quotes nothing.
	Articles func(ctx context.Context, refs []law.Ref) (map[law.Ref]law.Page, error)
	// Proof runs the machine checks over a text of a document (a zero one for a new
	// text). Its blockers stop every step towards readers: see findings.go. Nil
	// checks nothing.
	Proof func(ctx context.Context, d Document, t Text) ([]proof.Finding, error)
}

// Store keeps documents. It is safe for concurrent use.
type Store struct {
	cfg      Config
	renderer *markdown.Renderer
}

// New makes a Store; it reads nothing yet.
func New(cfg Config) *Store {
	if len(cfg.Secret) == 0 {
		cfg.Secret = []byte(rand.Text()) // previews end with the process, and nobody can forge one
	}
	if cfg.Vault == nil {
		cfg.Vault = vault.New([]byte(rand.Text() + rand.Text()))
	}
	return &Store{cfg: cfg, renderer: markdown.New(markdown.Config{})}
}

// now is the clock in the precision of a column, so that what a use case
// returns is what a later read finds.
func (s *Store) now() time.Time { return s.cfg.Now().UTC().Truncate(time.Millisecond) }

// documentRow is a row of documents.
type documentRow struct {
	ID         string `db:"id"`
	Kind       Kind   `db:"kind"`
	Slug       string `db:"slug"`
	CreatedAt  int64  `db:"created_at"`
	Editions   int    `db:"editions"`
	MovedTo    string `db:"moved_to"`
	HeadID     string `db:"head_id"`
	HeadState  State  `db:"head_state"`
	HeadColumn string `db:"head_column"`
	Title      string `db:"title"`
	UpdatedAt  int64  `db:"updated_at"`
	LiveID     string `db:"live_id"`
	LiveState  State  `db:"live_state"`
	LiveColumn string `db:"live_column"`
	FirstAt    *int64 `db:"first_at"`
	LiveAt     *int64 `db:"live_at"` // when the edition readers get was published
	ImportHash string `db:"import_hash"`
	ImportHead string `db:"import_head"`
}

const documentColumns = `id, kind, slug, created_at, editions, moved_to, head_id, head_state, head_column, title,
	updated_at, live_id, live_state, live_column, first_at, live_at, import_hash, import_head`

func (r documentRow) document() Document {
	return Document{ID: r.ID, Kind: r.Kind, Slug: r.Slug, Created: time.UnixMilli(r.CreatedAt).UTC(),
		HeadID: r.HeadID, LiveID: r.LiveID, Live: r.LiveState, First: db.Time(r.FirstAt), MovedTo: r.MovedTo}
}

func (r documentRow) insert(ctx context.Context, tx *db.Tx) error {
	_, err := db.Exec(ctx, tx, `INSERT INTO documents (`+documentColumns+`)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)`,
		r.ID, r.Kind, r.Slug, r.CreatedAt, r.Editions, r.MovedTo, r.HeadID, r.HeadState, r.HeadColumn, r.Title,
		r.UpdatedAt, r.LiveID, r.LiveState, r.LiveColumn, r.FirstAt, r.LiveAt, r.ImportHash, r.ImportHead)
	return err
}

// update writes everything but the identity.
func (r documentRow) update(ctx context.Context, tx *db.Tx) error {
	_, err := db.Exec(ctx, tx, `UPDATE documents SET editions = $2, moved_to = $3, head_id = $4, head_state = $5,
		head_column = $6, title = $7, updated_at = $8, live_id = $9, live_state = $10, live_column = $11,
		first_at = $12, import_hash = $13, import_head = $14, live_at = $15 WHERE id = $1`,
		r.ID, r.Editions, r.MovedTo, r.HeadID, r.HeadState, r.HeadColumn, r.Title, r.UpdatedAt,
		r.LiveID, r.LiveState, r.LiveColumn, r.FirstAt, r.ImportHash, r.ImportHead, r.LiveAt)
	return err
}

// editionRow is a row of editions; a SELECT may leave columns out.
type editionRow struct {
	ID          string `db:"id"`
	DocumentID  string `db:"document_id"`
	Number      int    `db:"number"`
	Version     int64  `db:"version"`
	State       State  `db:"state"`
	Title       string `db:"title"`
	Answer      string `db:"answer"`
	Summary     string `db:"summary"`
	Body        string `db:"body"`
	Topics      string `db:"topics"`
	Column      string `db:"column_slug"`
	Audience    string `db:"audience"`
	Sources     string `db:"sources"`
	Checked     string `db:"checked"`
	Written     string `db:"written"`
	Author      string `db:"author"`
	Origin      string `db:"origin"`
	Cover       string `db:"cover"`
	CoverAlt    string `db:"cover_alt"`
	Attachments string `db:"attachments"`
	HTML        string `db:"html"`
	TOC         string `db:"toc"`
	Plain       string `db:"plain"`
	Excerpt     string `db:"excerpt"`
	Basis       string `db:"basis"`
	CreatedAt   int64  `db:"created_at"`
	UpdatedAt   int64  `db:"updated_at"`
	DueAt       *int64 `db:"due_at"`
	PublishedAt *int64 `db:"published_at"`
	Reason      string `db:"reason"`
	Trail       string `db:"trail"`
	ChangeMajor bool   `db:"change_major"`
	ChangeNote  string `db:"change_note"`
}

// shownColumns are what a page needs; the rest is for staff and the index.
const (
	shownColumns = `id, document_id, number, version, state, title, answer, summary, topics, column_slug, audience,
		sources, checked, written, author, origin, cover, cover_alt, attachments, html, toc, excerpt, basis,
		created_at, updated_at, due_at, published_at, reason`
	editionColumns = shownColumns + `, body, plain, trail, change_major, change_note`
)

func (r editionRow) edition() (_ Edition, err error) {
	e := Edition{ID: r.ID, DocumentID: r.DocumentID, Number: r.Number, Version: r.Version, State: r.State,
		Text: Text{Title: r.Title, Answer: r.Answer, Summary: r.Summary, Body: r.Body, Column: r.Column,
			Checked: r.Checked, Written: r.Written, Author: r.Author, Origin: r.Origin, Cover: r.Cover, CoverAlt: r.CoverAlt},
		Rendered: Rendered{HTML: r.HTML, Plain: r.Plain, Excerpt: r.Excerpt},
		Created:  time.UnixMilli(r.CreatedAt).UTC(), Updated: time.UnixMilli(r.UpdatedAt).UTC(),
		Due: db.Time(r.DueAt), Published: db.Time(r.PublishedAt), Reason: r.Reason, Change: Amendment{r.ChangeMajor, r.ChangeNote}}
	lists := []struct {
		text string
		dst  any
	}{{r.Topics, &e.Topics}, {r.Audience, &e.Audience}, {r.Sources, &e.Sources}, {r.Attachments, &e.Attachments},
		{r.TOC, &e.TOC}, {r.Basis, &e.Basis}, {r.Trail, &e.Trail}}
	for _, l := range lists {
		if l.text == "" || l.text == "null" || l.text == "[]" {
			continue
		}
		if err := db.FromJSON(l.text, l.dst); err != nil {
			return e, err
		}
	}
	return e, nil
}

func newEditionRow(e Edition) editionRow {
	return editionRow{ID: e.ID, DocumentID: e.DocumentID, Number: e.Number, Version: e.Version, State: e.State,
		Title: e.Title, Answer: e.Answer, Summary: e.Summary, Body: e.Body, Topics: db.JSON(e.Topics), Column: e.Column,
		Audience: db.JSON(e.Audience), Sources: db.JSON(e.Sources), Checked: e.Checked, Written: e.Written,
		Author: e.Author, Origin: e.Origin, Cover: e.Cover, CoverAlt: e.CoverAlt, Attachments: db.JSON(e.Attachments),
		HTML: e.HTML, TOC: db.JSON(e.TOC), Plain: e.Plain, Excerpt: e.Excerpt, Basis: db.JSON(e.Basis),
		CreatedAt: e.Created.UnixMilli(), UpdatedAt: e.Updated.UnixMilli(), DueAt: db.Millis(e.Due),
		PublishedAt: db.Millis(e.Published), Reason: e.Reason, Trail: db.JSON(e.Trail),
		ChangeMajor: e.Change.Major, ChangeNote: e.Change.Note}
}

func (r editionRow) insert(ctx context.Context, tx *db.Tx) error {
	_, err := db.Exec(ctx, tx, `INSERT INTO editions (`+editionColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9,
		$10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33)`,
		r.ID, r.DocumentID, r.Number, r.Version, r.State, r.Title, r.Answer, r.Summary, r.Topics, r.Column, r.Audience,
		r.Sources, r.Checked, r.Written, r.Author, r.Origin, r.Cover, r.CoverAlt, r.Attachments, r.HTML, r.TOC, r.Excerpt, r.Basis,
		r.CreatedAt, r.UpdatedAt, r.DueAt, r.PublishedAt, r.Reason, r.Body, r.Plain, r.Trail, r.ChangeMajor, r.ChangeNote)
	return err
}

// updateState writes what a transition changes, updateText what an editor does.
func (r editionRow) updateState(ctx context.Context, tx *db.Tx) error {
	_, err := db.Exec(ctx, tx, `UPDATE editions SET version = $2, state = $3, updated_at = $4, due_at = $5,
		published_at = $6, reason = $7, trail = $8, change_major = $9, change_note = $10 WHERE id = $1`,
		r.ID, r.Version, r.State, r.UpdatedAt, r.DueAt, r.PublishedAt, r.Reason, r.Trail, r.ChangeMajor, r.ChangeNote)
	return err
}

func (r editionRow) updateText(ctx context.Context, tx *db.Tx) error {
	_, err := db.Exec(ctx, tx, `UPDATE editions SET title = $2, answer = $3, summary = $4, body = $5, topics = $6,
		column_slug = $7, audience = $8, sources = $9, checked = $10, written = $11, author = $12, origin = $13,
		cover = $14, cover_alt = $15, attachments = $16 WHERE id = $1`,
		r.ID, r.Title, r.Answer, r.Summary, r.Body, r.Topics, r.Column, r.Audience, r.Sources, r.Checked, r.Written,
		r.Author, r.Origin, r.Cover, r.CoverAlt, r.Attachments)
	return err
}

func (r editionRow) updateRendered(ctx context.Context, tx *db.Tx) error {
	_, err := db.Exec(ctx, tx, `UPDATE editions SET html = $2, toc = $3, plain = $4, excerpt = $5, basis = $6 WHERE id = $1`,
		r.ID, r.HTML, r.TOC, r.Plain, r.Excerpt, r.Basis)
	return err
}

// lockDocument reads a document for writing. On PostgreSQL the row is locked, so
// that two who publish at once go one after the other; SQLite has one writer.
func lockDocument(ctx context.Context, tx *db.Tx, id string) (documentRow, error) {
	query := `SELECT ` + documentColumns + ` FROM documents WHERE id = $1`
	if tx.Postgres() {
		query += ` FOR UPDATE`
	}
	var r documentRow
	err := db.Get(ctx, tx, &r, query, id)
	return r, notFound(err, "没有这篇内容，可能已被删除。请回到列表查看。")
}

func readEdition(ctx context.Context, q db.Queryer, id string) (Edition, error) {
	var r editionRow
	err := db.Get(ctx, q, &r, `SELECT `+editionColumns+` FROM editions WHERE id = $1`, id)
	if err != nil {
		return Edition{}, notFound(err, "没有这一版内容，可能已被删除。请回到列表查看。")
	}
	return r.edition()
}

// notFound says a NotFound in the words of the place.
func notFound(err error, message string) error {
	if errs.Is(err, errs.NotFound) {
		return errs.New(errs.NotFound, message, "%w", err)
	}
	return err
}
