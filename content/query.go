package content

import (
	"context"
	"slices"

	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/errs"
)

// Live is a document with the edition that readers get.
type Live struct {
	Document
	Edition
}

// liveRow joins a document to one of its editions.
type liveRow struct {
	editionRow
	DocID      string `db:"doc_id"`
	Kind       Kind   `db:"kind"`
	Slug       string `db:"slug"`
	DocCreated int64  `db:"doc_created"`
	MovedTo    string `db:"moved_to"`
	HeadID     string `db:"head_id"`
	LiveID     string `db:"live_id"`
	LiveState  State  `db:"live_state"`
	LiveColumn string `db:"live_column"`
	FirstAt    *int64 `db:"first_at"`
}

// liveColumns has the document's columns under names that an edition has not.
const liveColumns = `d.id AS doc_id, d.kind, d.slug, d.created_at AS doc_created, d.moved_to, d.head_id, d.live_id,
	d.live_state, d.live_column, d.first_at, e.id, e.document_id, e.number, e.version, e.state, e.title, e.answer,
	e.summary, e.topics, e.column_slug, e.audience, e.sources, e.checked, e.written, e.author, e.origin, e.cover,
	e.cover_alt, e.attachments, e.html, e.toc, e.excerpt, e.basis, e.created_at, e.updated_at, e.due_at, e.published_at, e.reason`

func (r liveRow) live() (Live, error) {
	d := documentRow{ID: r.DocID, Kind: r.Kind, Slug: r.Slug, CreatedAt: r.DocCreated, MovedTo: r.MovedTo,
		HeadID: r.HeadID, LiveID: r.LiveID, LiveState: r.LiveState, FirstAt: r.FirstAt}
	e, err := r.edition()
	if e.Column == "" && r.LiveState != "" {
		e.Column = r.LiveColumn
	}
	return Live{Document: d.document(), Edition: e}, err
}

func lives(rows []liveRow, err error) ([]Live, error) {
	if err != nil {
		return nil, err
	}
	list := make([]Live, len(rows))
	for i, r := range rows {
		if list[i], err = r.live(); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// Published finds what readers get at an address, in one SELECT: the edition
// without its Body, Plain, Trail and Citations, in state Published or Withdrawn
// (shown under a notice with its Reason). Column is where the document shows,
// even when the text names none. Errors: *Moved with where it is now,
// errs.Gone, errs.NotFound.
func (s *Store) Published(ctx context.Context, kind Kind, slug string) (_ Live, err error) {
	defer errs.Wrap(&err, "find %s %q", kind, slug)
	var r liveRow
	err = db.Get(ctx, s.cfg.DB.Reader(), &r, `SELECT `+liveColumns+` FROM documents d JOIN editions e ON e.id = d.live_id
		WHERE d.kind = $1 AND d.slug = $2`, kind, slug)
	switch {
	case errs.Is(err, errs.NotFound):
		return Live{}, s.formerly(ctx, kind, slug)
	case err != nil:
		return Live{}, err
	case r.LiveState == Unpublished:
		return Live{}, takenAway(r.MovedTo)
	}
	return r.live()
}

// formerly answers for an address that no live document has.
func (s *Store) formerly(ctx context.Context, kind Kind, slug string) error {
	var r struct {
		Target string  `db:"target"`
		DocID  string  `db:"document_id"`
		Kind   *Kind   `db:"kind"`
		Slug   *string `db:"slug"`
	}
	err := db.Get(ctx, s.cfg.DB.Reader(), &r, `SELECT r.target, r.document_id, d.kind, d.slug FROM redirects r
		LEFT JOIN documents d ON d.id = r.document_id WHERE r.kind = $1 AND r.slug = $2`, kind, slug)
	switch {
	case err != nil:
		return err
	case r.Slug != nil:
		return takenAway(Address(*r.Kind, *r.Slug))
	}
	return takenAway(r.Target)
}

func takenAway(target string) error {
	if target == "" {
		return errs.New(errs.Gone, "", "unpublished")
	}
	return &Moved{To: target, Err: errs.New(errs.NotFound, "", "moved to %s", target)}
}

// LiveByIDs reads whole live editions (for the index); documents that readers
// cannot get are left out. Withdrawn ones are in it: look at State.
func (s *Store) LiveByIDs(ctx context.Context, ids []string) (_ []Live, err error) {
	defer errs.Wrap(&err, "read %d live documents", len(ids))
	var all []Live
	for chunk := range slices.Chunk(ids, 200) {
		list, args := db.In(0, chunk)
		var rows []liveRow
		err := db.Select(ctx, s.cfg.DB.Reader(), &rows, `SELECT `+liveColumns+`, e.body, e.plain FROM documents d
			JOIN editions e ON e.id = d.live_id WHERE d.live_state IN ('published', 'withdrawn') AND d.id IN (`+list+`)`, args...)
		some, err := lives(rows, err)
		if err != nil {
			return nil, err
		}
		all = append(all, some...)
	}
	return all, nil
}

// EachPublished reads up to limit published documents with an id after the
// given one, by id: whole, for the index.
func (s *Store) EachPublished(ctx context.Context, after string, limit int) (_ []Live, err error) {
	defer errs.Wrap(&err, "read published documents after %q", after)
	var rows []liveRow
	err = db.Select(ctx, s.cfg.DB.Reader(), &rows, `SELECT `+liveColumns+`, e.body, e.plain FROM documents d
		JOIN editions e ON e.id = d.live_id WHERE d.live_state = 'published' AND d.id > $1 ORDER BY d.id LIMIT $2`, after, limit)
	return lives(rows, err)
}

// isHead says that the newest edition is not what readers find.
const isHead = `NOT (d.live_state = 'published' AND d.live_id = d.head_id)`

// HeadsByIDs reads whole newest editions, whatever their state, for the staff's
// search: never for readers. What readers find is not among them.
func (s *Store) HeadsByIDs(ctx context.Context, ids []string) (_ []Live, err error) {
	defer errs.Wrap(&err, "read %d newest editions", len(ids))
	list, args := db.In(0, ids)
	var rows []liveRow
	err = db.Select(ctx, s.cfg.DB.Reader(), &rows, `SELECT `+liveColumns+`, e.body, e.plain FROM documents d
		JOIN editions e ON e.id = d.head_id WHERE `+isHead+` AND d.id IN (`+list+`)`, args...)
	return lives(rows, err)
}

// EachHead is HeadsByIDs for up to limit documents with an id after the given
// one, by id.
func (s *Store) EachHead(ctx context.Context, after string, limit int) (_ []Live, err error) {
	defer errs.Wrap(&err, "read newest editions after %q", after)
	var rows []liveRow
	err = db.Select(ctx, s.cfg.DB.Reader(), &rows, `SELECT `+liveColumns+`, e.body, e.plain FROM documents d
		JOIN editions e ON e.id = d.head_id WHERE `+isHead+` AND d.id > $1 ORDER BY d.id LIMIT $2`, after, limit)
	return lives(rows, err)
}

// Count counts what EachPublished and EachHead read.
func (s *Store) Count(ctx context.Context) (published, heads int, err error) {
	defer errs.Wrap(&err, "count documents")
	var n struct {
		Heads     int `db:"heads"`
		Published int `db:"published"`
	}
	err = db.Get(ctx, s.cfg.DB.Reader(), &n, `SELECT count(CASE WHEN `+isHead+` THEN 1 END) AS heads,
		count(CASE WHEN live_state = 'published' THEN 1 END) AS published FROM documents d`)
	return n.Published, n.Heads, err
}

// Document reads an identity.
func (s *Store) Document(ctx context.Context, id string) (_ Document, err error) {
	defer errs.Wrap(&err, "read document %s", id)
	var r documentRow
	err = db.Get(ctx, s.cfg.DB.Reader(), &r, `SELECT `+documentColumns+` FROM documents WHERE id = $1`, id)
	return r.document(), notFound(err, "没有这篇内容，可能已被删除。请回到列表查看。")
}

// Edition reads one edition, whole, for staff.
func (s *Store) Edition(ctx context.Context, id string) (_ Edition, err error) {
	defer errs.Wrap(&err, "read edition %s", id)
	e, err := readEdition(ctx, s.cfg.DB.Reader(), id)
	if err != nil {
		return e, err
	}
	var rows []citationRow
	err = db.Select(ctx, s.cfg.DB.Reader(), &rows, `SELECT edition_id, document_id, source, law_slug, law_name, article, sub, clause, item
		FROM citations WHERE edition_id = $1 ORDER BY position`, id)
	if err != nil {
		return e, err
	}
	for _, r := range rows {
		e.Citations = append(e.Citations, r.citation())
	}
	e.Review, err = s.reviewOf(ctx, e)
	return e, err
}

// Editions lists a document's editions, newest first, without Rendered: for
// the history and for comparing.
func (s *Store) Editions(ctx context.Context, documentID string) (_ []Edition, err error) {
	defer errs.Wrap(&err, "list editions of %s", documentID)
	var rows []editionRow
	err = db.Select(ctx, s.cfg.DB.Reader(), &rows, `SELECT id, document_id, number, version, state, title, answer, summary,
		topics, column_slug, audience, sources, checked, written, author, origin, cover, cover_alt, attachments,
		created_at, updated_at, due_at, published_at, reason, body, trail
		FROM editions WHERE document_id = $1 ORDER BY number DESC`, documentID)
	if err != nil {
		return nil, err
	}
	list := make([]Edition, len(rows))
	for i, r := range rows {
		if list[i], err = r.edition(); err != nil {
			return nil, err
		}
	}
	return list, nil
}
