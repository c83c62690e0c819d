package content

import (
	"context"
	"math"
	"regexp"
	"time"

	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/errs"
)

// WorkingCopy is what a person has typed and not saved. It belongs to the one
// form it was typed in and is seen by nobody else: it has no audit and no
// journal, and readers' pages stay as they are.
type WorkingCopy struct {
	Key       string // of the form: made with the page, see NewForm
	EditionID string // "" for a document that does not exist yet
	Kind      Kind
	Slug      string // typed, for a new document
	Base      int64  // version of the edition the person began with
	Text      Text
	Seq       int64 // grows from keep to keep; one that comes late is dropped
	At        time.Time

	// From and FromSeq name the copy that this form goes on from. It ends when
	// this one is first kept, unless its own form has gone on meanwhile.
	From    string
	FromSeq int64
}

const (
	// CopyDays is how long a working copy nobody took up again is kept.
	CopyDays = 30
	// maxCopy bounds a working copy in bytes; a text that can be saved is far smaller.
	maxCopy = 2 << 20
)

var formKey = regexp.MustCompile(`^[0-9A-Za-z]{10,40}$`)

// NewForm makes the key of a form that is about to be shown.
func NewForm() string { return db.NewID() }

// ValidForm reports whether a key may be one of ours.
func ValidForm(key string) bool { return formKey.MatchString(key) }

type copyRow struct {
	Key       string `db:"form_key"`
	EditionID string `db:"edition_id"`
	Kind      Kind   `db:"kind"`
	Slug      string `db:"slug"`
	Base      int64  `db:"base_version"`
	Text      string `db:"text"`
	Seq       int64  `db:"seq"`
	At        int64  `db:"at"`
}

const copyColumns = `form_key, edition_id, kind, slug, base_version, text, seq, at`

func (r copyRow) copy() (_ WorkingCopy, err error) {
	c := WorkingCopy{Key: r.Key, EditionID: r.EditionID, Kind: r.Kind, Slug: r.Slug, Base: r.Base, Seq: r.Seq, At: time.UnixMilli(r.At).UTC()}
	return c, db.FromJSON(r.Text, &c.Text)
}

// Keep stores what stands in a form, over what the same form held before, and
// says when. The text may be in any condition.
func (s *Store) Keep(ctx context.Context, actor auth.Actor, c WorkingCopy) (_ time.Time, err error) {
	defer errs.Wrap(&err, "keep a working copy of %q", c.EditionID)
	if err := oursBy(ctx, s.cfg.DB.Reader(), actor, columnOfEdition, c.EditionID); err != nil {
		return time.Time{}, err
	}
	if err := actor.Must(auth.Write); err != nil {
		return time.Time{}, err
	}
	if !ValidForm(c.Key) {
		return time.Time{}, errs.New(errs.Invalid, "页面已过期，请刷新后再写。", "form key %q", c.Key)
	}
	text := db.JSON(c.Text)
	if len(text)+len(c.Slug) > maxCopy {
		return time.Time{}, errs.New(errs.Invalid, "内容太长，不能自动保存。请分成几篇。", "working copy of %d bytes", len(text))
	}
	at := s.now()
	err = s.cfg.DB.Update(ctx, func(ctx context.Context, tx *db.Tx) error {
		_, err := db.Exec(ctx, tx, `INSERT INTO working_copy (account, hash, `+copyColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
			ON CONFLICT (account, form_key) DO UPDATE SET hash = excluded.hash, edition_id = excluded.edition_id, kind = excluded.kind,
			slug = excluded.slug, base_version = excluded.base_version, text = excluded.text, seq = excluded.seq, at = excluded.at
			WHERE excluded.seq >= working_copy.seq`,
			actor.ID, tidy(c.Text).Hash(), c.Key, c.EditionID, c.Kind, c.Slug, c.Base, text, c.Seq, at.UnixMilli())
		if err != nil {
			return err
		}
		return endCopy(ctx, tx, actor, c.From, c.FromSeq)
	})
	return at, err
}

// WorkingCopies lists what the actor has typed and not saved: of one edition, or
// of documents that do not exist yet when editionID is "". The newest come
// first. What was saved meanwhile is left out.
func (s *Store) WorkingCopies(ctx context.Context, actor auth.Actor, editionID string) (_ []WorkingCopy, err error) {
	defer errs.Wrap(&err, "list working copies of %q", editionID)
	return s.copies(ctx, `AND w.edition_id = $2`, actor.ID, editionID)
}

// Unsaved lists all that the actor has typed and not saved, also of editions
// that were deleted, the newest first.
func (s *Store) Unsaved(ctx context.Context, actor auth.Actor) (_ []WorkingCopy, err error) {
	defer errs.Wrap(&err, "list all working copies")
	return s.copies(ctx, ``, actor.ID)
}

// endCopy deletes the copy of a form unless that has gone on since.
func endCopy(ctx context.Context, tx *db.Tx, actor auth.Actor, key string, seq int64) error {
	if key == "" {
		return nil
	}
	_, err := db.Exec(ctx, tx, `DELETE FROM working_copy WHERE account = $1 AND form_key = $2 AND seq <= $3`, actor.ID, key, seq)
	return err
}

// copies selects working copies whose text neither is that of a later revision
// nor that of the edition now.
func (s *Store) copies(ctx context.Context, where string, args ...any) ([]WorkingCopy, error) {
	var rows []copyRow
	err := db.Select(ctx, s.cfg.DB.Reader(), &rows, `SELECT `+copyColumns+` FROM working_copy w WHERE w.account = $1 AND w.hash <> '' `+where+`
		AND NOT EXISTS (SELECT 1 FROM edition_revision r WHERE r.edition_id = w.edition_id AND r.hash = w.hash AND r.version >= w.base_version)
		ORDER BY w.at DESC, w.form_key DESC`, args...)
	list := make([]WorkingCopy, len(rows))
	for i, r := range rows {
		if list[i], err = r.copy(); err != nil {
			return nil, err
		}
	}
	return list, err
}

// WorkingCopy is one of the actor's own.
func (s *Store) WorkingCopy(ctx context.Context, actor auth.Actor, key string) (_ WorkingCopy, err error) {
	defer errs.Wrap(&err, "read a working copy")
	var r copyRow
	err = db.Get(ctx, s.cfg.DB.Reader(), &r, `SELECT `+copyColumns+` FROM working_copy WHERE account = $1 AND form_key = $2 AND hash <> ''`, actor.ID, key)
	if err != nil {
		return WorkingCopy{}, notFound(err, "没有这份自动保存的稿子，可能已经保存或者丢掉了。")
	}
	return r.copy()
}

// Settle ends the working copy of a form that was saved, and the one it went on
// from. What the form sent before and comes late is then dropped; what is typed
// in it later, after going back in the browser, counts again. Only Key, Seq,
// From and FromSeq are read; a form without script has no Seq.
func (s *Store) Settle(ctx context.Context, actor auth.Actor, c WorkingCopy) (err error) {
	defer errs.Wrap(&err, "settle a working copy")
	return s.cfg.DB.Update(ctx, func(ctx context.Context, tx *db.Tx) error {
		if c.Seq == 0 {
			if err := endCopy(ctx, tx, actor, c.Key, math.MaxInt64); err != nil {
				return err
			}
			return endCopy(ctx, tx, actor, c.From, c.FromSeq)
		}
		_, err := db.Exec(ctx, tx, `INSERT INTO working_copy (account, hash, `+copyColumns+`) VALUES ($1, '', $2, '', '', '', 0, '', $3, $4)
			ON CONFLICT (account, form_key) DO UPDATE SET hash = '', text = '', slug = '', seq = excluded.seq, at = excluded.at
			WHERE excluded.seq >= working_copy.seq`, actor.ID, c.Key, c.Seq, s.now().UnixMilli())
		if err != nil {
			return err
		}
		return endCopy(ctx, tx, actor, c.From, c.FromSeq)
	})
}

// DropCopy forgets a working copy of the actor that is not wanted. One that is
// not there is no error.
func (s *Store) DropCopy(ctx context.Context, actor auth.Actor, key string) (err error) {
	defer errs.Wrap(&err, "drop a working copy")
	return s.cfg.DB.Update(ctx, func(ctx context.Context, tx *db.Tx) error {
		_, err := db.Exec(ctx, tx, `DELETE FROM working_copy WHERE account = $1 AND form_key = $2`, actor.ID, key)
		return err
	})
}

// PurgeCopies deletes working copies older than CopyDays and presence that has
// ended, and counts the copies.
func (s *Store) PurgeCopies(ctx context.Context) (n int64, err error) {
	defer errs.Wrap(&err, "purge working copies")
	now := s.now()
	err = s.cfg.DB.Update(ctx, func(ctx context.Context, tx *db.Tx) error {
		if _, err := db.Exec(ctx, tx, `DELETE FROM presence WHERE until <= $1`, now.UnixMilli()); err != nil {
			return err
		}
		n, err = db.Exec(ctx, tx, `DELETE FROM working_copy WHERE at < $1`, now.AddDate(0, 0, -CopyDays).UnixMilli())
		return err
	})
	return n, err
}
