package content

import (
	"context"
	"time"

	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/errs"
)

// LateReview is how soon the review of what two people published first is due.
const LateReview = 24 * time.Hour

// Emergency is a publication before the review (应急发布): one person asks,
// another confirms, readers have the text at once, and the review comes after.
type Emergency struct {
	EditionID, DocumentID string
	Hash                  string // of the text it was asked for
	Reason                string
	AskedBy, AskedName    string
	Asked                 time.Time
	ConfirmedBy           string // "" while it waits for the second person
	ConfirmedName         string
	Confirmed             time.Time
	Due                   time.Time // of the late review
	Refused               time.Time // the late review said no
	Refusal               string
	Done                  time.Time
	Outcome               string // passed, revised, withdrawn; "" while open
}

// Open reports that readers have the text and its review is not done.
func (e *Emergency) Open() bool { return e != nil && !e.Confirmed.IsZero() && e.Done.IsZero() }

// Waiting reports that the second person is still needed.
func (e *Emergency) Waiting() bool { return e != nil && e.Confirmed.IsZero() }

// OutcomeLabel is how it ended, in Chinese.
func (e *Emergency) OutcomeLabel() string {
	switch e.Outcome {
	case outcomePassed:
		return "事后审核通过"
	case outcomeRevised:
		return "已用新版替换"
	case outcomeWithdrawn:
		return "已撤下"
	}
	if !e.Refused.IsZero() {
		return "事后审核不同意，等待撤回或修订"
	}
	return "待补审核"
}

const (
	outcomePassed    = "passed"
	outcomeRevised   = "revised"
	outcomeWithdrawn = "withdrawn"
)

// Urge asks for an emergency publication of the text as it is.
func (s *Store) Urge(ctx context.Context, actor auth.Actor, editionID string, version int64, reason string) (Edition, error) {
	return s.step(ctx, actor, editionID, version, change{action: ActUrge, reason: reason})
}

// Force confirms what somebody else asked for, and publishes. The stages of the
// column are walked afterwards, for the same text, within LateReview.
func (s *Store) Force(ctx context.Context, actor auth.Actor, editionID string, version int64) (Edition, error) {
	return s.step(ctx, actor, editionID, version, change{action: ActForce})
}

func (w *work) judgeUrge(walk *Walk) error {
	switch {
	case !walk.Has():
		return errs.New(errs.Conflict, "这个栏目不设审核步骤，可以直接发布。", "column has no stages")
	case walk.Done():
		return errs.New(errs.Conflict, "审核已经全部通过，可以直接发布。", "all stages are passed")
	case walk.Urgent.Waiting():
		return errs.New(errs.Conflict, walk.Urgent.AskedName+"已经请求应急发布，请另一位有发布权限的同事确认。", "an emergency waits already")
	}
	return nil
}

func (w *work) judgeForce(walk *Walk) error {
	u := walk.Urgent
	switch {
	case !u.Waiting() || u.Hash != walk.Hash:
		return errs.New(errs.Conflict, "没有人请求应急发布这一版文字。请先由一位同事写明原因提出，再由另一位确认。", "nobody asked for an emergency")
	case u.AskedBy == w.actor.ID:
		return errs.New(errs.Forbidden, "应急发布要两个人：您提出的，请另一位有发布权限的同事确认。", "actor %s asked for it", w.actor.ID)
	case w.at.Sub(u.Asked) > LateReview:
		return errs.New(errs.Conflict, "请求已经过去一天，请重新提出应急发布，或者按步骤审核。", "asked at %s", u.Asked)
	}
	return nil
}

// emergencies keeps the row of an emergency in step with its edition.
func (w *work) emergencies(ctx context.Context, d documentRow, e Edition, c change) error {
	now := w.at.UnixMilli()
	var err error
	switch {
	case c.action == ActUrge:
		_, err = db.Exec(ctx, w.tx, `INSERT INTO emergency (edition_id, document_id, hash, reason, asked_by, asked_name, asked_at, confirmed_by, confirmed_name, refusal, outcome)
			VALUES ($1, $2, $3, $4, $5, $6, $7, '', '', '', '')`, e.ID, d.ID, e.Hash(), c.reason, w.actor.ID, w.actor.Name, now)
	case c.action == ActForce:
		_, err = db.Exec(ctx, w.tx, `UPDATE emergency SET confirmed_by = $2, confirmed_name = $3, confirmed_at = $4, due_at = $5 WHERE edition_id = $1`,
			e.ID, w.actor.ID, w.actor.Name, now, w.at.Add(LateReview).UnixMilli())
		if err == nil {
			err = w.endEmergencies(ctx, d.ID, e.ID, outcomeRevised)
		}
	case c.action == ActRefuse:
		_, err = db.Exec(ctx, w.tx, `UPDATE emergency SET refused_at = $2, refusal = $3 WHERE edition_id = $1`, e.ID, now, c.reason)
	case c.action == ActApprove && e.State == Published:
		var walk Walk
		if walk, err = w.walk(ctx, w.tx, w.columns, d.Kind, e); err == nil && walk.Done() {
			err = w.endEmergencies(ctx, d.ID, "", outcomePassed)
		}
	case c.action == ActWithdraw || c.action == ActUnpublish:
		err = w.endEmergencies(ctx, d.ID, "", outcomeWithdrawn)
	case c.action == ActPublish:
		err = w.endEmergencies(ctx, d.ID, e.ID, outcomeRevised)
	}
	if err == nil && (c.action == ActPublish || e.State == Draft || c.action == ActSave) {
		_, err = db.Exec(ctx, w.tx, `DELETE FROM emergency WHERE edition_id = $1 AND confirmed_at IS NULL`, e.ID)
	}
	return err
}

// endEmergencies closes what is open of a document, but for one edition.
func (w *work) endEmergencies(ctx context.Context, documentID, but, outcome string) error {
	_, err := db.Exec(ctx, w.tx, `UPDATE emergency SET done_at = $2, outcome = $3 WHERE document_id = $1 AND edition_id <> $4
		AND confirmed_at IS NOT NULL AND done_at IS NULL`, documentID, w.at.UnixMilli(), outcome, but)
	return err
}

type emergencyRow struct {
	EditionID     string `db:"edition_id"`
	DocumentID    string `db:"document_id"`
	Hash          string `db:"hash"`
	Reason        string `db:"reason"`
	AskedBy       string `db:"asked_by"`
	AskedName     string `db:"asked_name"`
	AskedAt       int64  `db:"asked_at"`
	ConfirmedBy   string `db:"confirmed_by"`
	ConfirmedName string `db:"confirmed_name"`
	ConfirmedAt   *int64 `db:"confirmed_at"`
	DueAt         *int64 `db:"due_at"`
	RefusedAt     *int64 `db:"refused_at"`
	Refusal       string `db:"refusal"`
	DoneAt        *int64 `db:"done_at"`
	Outcome       string `db:"outcome"`
}

const emergencyColumns = `edition_id, document_id, hash, reason, asked_by, asked_name, asked_at, confirmed_by, confirmed_name,
	confirmed_at, due_at, refused_at, refusal, done_at, outcome`

func (r emergencyRow) emergency() *Emergency {
	return &Emergency{EditionID: r.EditionID, DocumentID: r.DocumentID, Hash: r.Hash, Reason: r.Reason, AskedBy: r.AskedBy, AskedName: r.AskedName,
		Asked: time.UnixMilli(r.AskedAt).UTC(), ConfirmedBy: r.ConfirmedBy, ConfirmedName: r.ConfirmedName, Confirmed: db.Time(r.ConfirmedAt),
		Due: db.Time(r.DueAt), Refused: db.Time(r.RefusedAt), Refusal: r.Refusal, Done: db.Time(r.DoneAt), Outcome: r.Outcome}
}

// readEmergency finds the emergency of an edition; nil when there is none.
func readEmergency(ctx context.Context, q db.Queryer, editionID string) (*Emergency, error) {
	var r emergencyRow
	err := db.Get(ctx, q, &r, `SELECT `+emergencyColumns+` FROM emergency WHERE edition_id = $1`, editionID)
	if errs.Is(err, errs.NotFound) {
		return nil, nil
	}
	return r.emergency(), err
}
