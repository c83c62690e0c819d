package content

import (
	"cmp"
	"context"
	"time"

	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/errs"
)

// Revision is one text an edition had. Every explicit save leaves one, in the
// transaction that saves; none is ever changed or thinned out. Deleting a draft
// deletes its revisions.
type Revision struct {
	EditionID string
	Version   int64 // of the edition when it got this text
	How       How
	Text      Text // left out of lists
	Hash      string
	Actor     string // account id
	ActorName string
	At        time.Time
	Inserted  int // characters, against the revision before
	Deleted   int
}

// How a text came to be.
type How string

// The ways. Those of steps have the names of the actions.
const (
	HowImport    How = "import"
	HowMerge     How = "merge"     // two people wrote at once, one of them joined the texts
	HowReinstate How = "reinstate" // an older text again
	HowBefore    How = "before"    // the text an edition had before it had revisions
)

// Label is the Chinese name.
func (h How) Label() string {
	switch h {
	case HowMerge:
		return "合并保存"
	case HowReinstate:
		return "找回旧稿"
	case HowBefore:
		return "原来的稿子"
	}
	return Action(h).Label()
}

type revisionRow struct {
	EditionID string `db:"edition_id"`
	Version   int64  `db:"version"`
	How       How    `db:"how"`
	Text      string `db:"text"`
	Hash      string `db:"hash"`
	Actor     string `db:"actor"`
	ActorName string `db:"actor_name"`
	At        int64  `db:"at"`
	Inserted  int    `db:"inserted"`
	Deleted   int    `db:"deleted"`
}

const revisionColumns = `edition_id, version, how, hash, actor, actor_name, at, inserted, deleted`

func (r revisionRow) revision() (_ Revision, err error) {
	v := Revision{EditionID: r.EditionID, Version: r.Version, How: r.How, Hash: r.Hash, Actor: r.Actor, ActorName: r.ActorName,
		At: time.UnixMilli(r.At).UTC(), Inserted: r.Inserted, Deleted: r.Deleted}
	return v, db.FromJSON(r.Text, &v.Text)
}

// Revisions lists what texts an edition had, newest first, without the texts.
func (s *Store) Revisions(ctx context.Context, editionID string) (_ []Revision, err error) {
	defer errs.Wrap(&err, "list revisions of %s", editionID)
	var rows []revisionRow
	err = db.Select(ctx, s.cfg.DB.Reader(), &rows, `SELECT `+revisionColumns+` FROM edition_revision
		WHERE edition_id = $1 ORDER BY version DESC`, editionID)
	list := make([]Revision, len(rows))
	for i, r := range rows {
		if list[i], err = r.revision(); err != nil {
			return nil, err
		}
	}
	return list, err
}

// Revision is the text an edition had at a version, which may be that of a step
// without a new text. NotFound when it is not known: the edition was deleted, or
// is older than the revisions.
func (s *Store) Revision(ctx context.Context, editionID string, version int64) (_ Revision, err error) {
	defer errs.Wrap(&err, "read revision %d of %s", version, editionID)
	var r revisionRow
	err = db.Get(ctx, s.cfg.DB.Reader(), &r, `SELECT `+revisionColumns+`, text FROM edition_revision
		WHERE edition_id = $1 AND version <= $2 ORDER BY version DESC LIMIT 1`, editionID, version)
	if err != nil {
		return Revision{}, notFound(err, "没有这一稿，可能已随草稿删除。")
	}
	return r.revision()
}

// Base is the text somebody began with who saw the edition at a version; ok is
// false when it cannot be told any more.
func (s *Store) Base(ctx context.Context, e Edition, version int64) (_ Text, ok bool, err error) {
	r, err := s.Revision(ctx, e.ID, version)
	if errs.Is(err, errs.NotFound) {
		return e.Text, version == e.Version, nil
	}
	return r.Text, err == nil, err
}

// SaveMerged is Save for a text that was joined from two.
func (s *Store) SaveMerged(ctx context.Context, actor auth.Actor, editionID string, version int64, text Text) (Edition, error) {
	return s.saveAs(ctx, actor, editionID, version, text, HowMerge, "合并了两个人的改动")
}

// Reinstate makes an older text the newest again, as a save of an edition in
// work or else as a new draft, and returns the edition that has it. What it
// replaces stays among the revisions.
func (s *Store) Reinstate(ctx context.Context, actor auth.Actor, editionID string, version int64, old Revision) (Edition, error) {
	return s.saveAs(ctx, actor, editionID, version, old.Text, HowReinstate, "内容恢复为 "+old.At.In(zone).Format("2006-01-02 15:04")+" 的一稿")
}

// saveAs saves an edition in work, and begins a new one with the text where the
// edition may not be saved any more.
func (s *Store) saveAs(ctx context.Context, actor auth.Actor, editionID string, version int64, text Text, how How, note string) (e Edition, err error) {
	defer errs.Wrap(&err, "%s edition %s", how, editionID)
	r, err := s.prepare(ctx, &text)
	if err != nil {
		return e, err
	}
	if e, err = readEdition(ctx, s.cfg.DB.Reader(), editionID); err != nil {
		return e, err
	}
	c := change{action: ActSave, text: &text, rendering: &r, how: how, note: note}
	if !e.State.Work() {
		c.action = ActRevise
	}
	return s.step(ctx, actor, editionID, version, c)
}

// keepRevision writes down the text e has now; was is the edition before, zero
// for a new document. The first revision of an edition that is older than
// revisions brings the text it had along.
func (w *work) keepRevision(ctx context.Context, was, e Edition, c change) error {
	if was.ID == e.ID {
		if err := w.keepOlder(ctx, was); err != nil {
			return err
		}
	}
	how := cmp.Or(c.how, w.how, How(c.action))
	inserted, deleted := ChangeSize(Compare(was.Text, e.Text))
	return insertRevision(ctx, w.tx, e, Revision{How: how, Actor: w.actor.ID, ActorName: w.actor.Name, At: w.at, Inserted: inserted, Deleted: deleted})
}

func (w *work) keepOlder(ctx context.Context, was Edition) error {
	var known bool
	err := db.Get(ctx, w.tx, &known, `SELECT EXISTS (SELECT 1 FROM edition_revision WHERE edition_id = $1)`, was.ID)
	if err != nil || known {
		return err
	}
	r := Revision{How: HowBefore, At: was.Updated}
	if n := len(was.Trail); n > 0 {
		r.Actor, r.ActorName = was.Trail[n-1].Actor, was.Trail[n-1].Name
	}
	return insertRevision(ctx, w.tx, was, r)
}

func insertRevision(ctx context.Context, tx *db.Tx, e Edition, r Revision) error {
	_, err := db.Exec(ctx, tx, `INSERT INTO edition_revision (`+revisionColumns+`, document_id, text)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`, e.ID, e.Version, r.How, e.Text.Hash(),
		r.Actor, r.ActorName, r.At.UnixMilli(), r.Inserted, r.Deleted, e.DocumentID, db.JSON(e.Text))
	return err
}
