package content

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/errs"
)

// Decision is what a reviewer says of a stage.
type Decision struct {
	Remark  string   // one line
	Reasons []string // of a return, from ReviewReasons
}

// sentence is what the author reads of a return.
func (d Decision) sentence() string {
	codes := strings.Join(d.Reasons, "、")
	if codes != "" && d.Remark != "" {
		return codes + "：" + d.Remark
	}
	return codes + d.Remark
}

// Clear vouches, by name, that the text holds no secrets (保密审查).
func (s *Store) Clear(ctx context.Context, actor auth.Actor, editionID string, version int64) (Edition, error) {
	return s.step(ctx, actor, editionID, version, change{action: ActClear})
}

// Approve passes the stage that waits. The version says which text the reviewer
// saw. The last approval publishes where the column has it so; a text that
// readers cannot get yet for other reasons stays approved and waits.
func (s *Store) Approve(ctx context.Context, actor auth.Actor, editionID string, version int64, remark string) (Edition, error) {
	return s.step(ctx, actor, editionID, version, change{action: ActApprove, remark: remark})
}

// ReturnFor gives a submitted text back with reasons from the list, a line, or both.
func (s *Store) ReturnFor(ctx context.Context, actor auth.Actor, editionID string, version int64, d Decision) (Edition, error) {
	return s.step(ctx, actor, editionID, version, change{action: ActReturn, reason: d.sentence(), reasons: d.Reasons})
}

// Refuse says in a late review that the text should not have gone out. Readers
// keep it until it is withdrawn or revised; it stays red until then.
func (s *Store) Refuse(ctx context.Context, actor auth.Actor, editionID string, version int64, d Decision) (Edition, error) {
	return s.step(ctx, actor, editionID, version, change{action: ActRefuse, reason: d.sentence(), reasons: d.Reasons})
}

// may checks who may take the row: who has the right, or whose stage it is.
func (w *work) may(t transition, e Edition, c *change) error {
	if err := ours(w.actor, e.Column); err != nil {
		return err
	}
	if !t.stage {
		return w.actor.Must(t.may)
	}
	if t.may != "" && (!c.walk.Has() || w.actor.Can(t.may)) {
		return w.actor.Must(t.may)
	}
	return c.walk.Refusal(w.actor, e.Trail)
}

// judge checks what the review of the column asks for, so that nothing reaches
// readers in another way.
func (w *work) judge(e Edition, c *change) error {
	walk := c.walk
	switch c.action {
	case ActApprove, ActRefuse:
		return w.judgeDecision(e, c)
	case ActClear:
		if !walk.Secrecy || e.State == Published && !walk.Urgent.Open() {
			return errs.New(errs.Conflict, "这个栏目不用做保密审查。", "no secrecy check is due")
		}
	case ActSubmit, ActUrge:
		if walk.Has() && walk.Secrecy && walk.Cleared == nil {
			return errs.Bad("secrecy", "请先做保密审查：确认不涉及国家秘密、工作秘密和不宜公开的信息，再提交。")
		}
		if c.action == ActUrge {
			return w.judgeUrge(walk)
		}
	case ActForce:
		return w.judgeForce(walk)
	case ActPublish, ActSchedule:
		if c.restore == nil && walk.Has() && !walk.Done() {
			st := walk.Current()
			return errs.New(errs.Conflict, "“"+st.Name+"”这一步审核还没有通过，不能发布。", "edition %s: stage %q is not approved for %s", e.ID, st.Name, walk.Hash)
		}
	case ActRestore:
		if u := walk.Urgent; u != nil && !u.Confirmed.IsZero() && u.Outcome != outcomePassed {
			return errs.New(errs.Conflict, "应急发布以后没有补完审核，不能恢复。请修订后按步骤审核。", "emergency of %s was never reviewed", e.ID)
		}
	}
	return nil
}

func (w *work) judgeDecision(e Edition, c *change) error {
	walk := c.walk
	if e.State == Published && !walk.Urgent.Open() {
		return errs.New(errs.Conflict, "这一版已经发布，不用再审。", "edition %s has no late review", e.ID)
	}
	if e.State == Published && !walk.Urgent.Refused.IsZero() {
		return errs.New(errs.Conflict, "事后审核没有通过，请撤回或者修订，不能再审这一版。", "late review of %s was refused", e.ID)
	}
	if c.action == ActRefuse {
		return nil
	}
	if utf8.RuneCountInString(c.remark) > maxLine {
		return errs.Bad("remark", "审核意见最多 500 个字，请缩短。")
	}
	if !walk.Clear() {
		return errs.New(errs.Conflict, "还没有做保密审查，不能开始审核。请作者在这一篇的页面上做。", "edition %s is not cleared", e.ID)
	}
	return nil
}

// minutes writes down what a step meant for the review, in the same transaction.
// before is the edition as it was, e as it is now.
func (w *work) minutes(ctx context.Context, d documentRow, before, e Edition, c change) error {
	edited := c.action == ActSave && before.State == Submitted && before.Hash() != e.Hash()
	if edited || e.State == Draft && before.State != Draft {
		if err := w.void(ctx, e.ID); err != nil {
			return err
		}
	}
	if c.action != ActSave || edited {
		if c.walk.Has() || reviewOf(w.columns, d.Kind, e.Column).has() {
			if err := w.enter(ctx, d, before, e, c); err != nil {
				return err
			}
		}
		if err := w.emergencies(ctx, d, e, c); err != nil {
			return err
		}
	}
	public := c.action == ActPublish || c.action == ActForce || c.action == ActApprove && e.State == Published
	if c.walk.Has() && public && c.restore == nil {
		return w.seal(ctx, d, e, c)
	}
	return nil
}

func (r Review) has() bool { return len(r.Stages) > 0 }

// void takes every approval of the edition out of force.
func (w *work) void(ctx context.Context, editionID string) error {
	_, err := db.Exec(ctx, w.tx, `UPDATE review_log SET void_at = $2 WHERE edition_id = $1 AND act = $3 AND void_at IS NULL`,
		editionID, w.at.UnixMilli(), ActApprove)
	return err
}

// enter adds the line of a step to the review's log.
func (w *work) enter(ctx context.Context, d documentRow, before, e Edition, c change) error {
	entry := ReviewEntry{Act: c.action, Round: max(1, c.walk.Round), Person: w.actor.ID, Name: w.actor.Name, Way: c.way,
		Remark: c.remark, Reasons: c.reasons, Hash: e.Hash(), At: w.at}
	if entry.Way == "" {
		entry.Way = AtDesk
	}
	switch c.action {
	case ActSubmit, ActSave:
		entry.Round = c.walk.Round + 1
	case ActUrge, ActClear:
		if before.State == Draft { // of the round that begins with it
			entry.Round = c.walk.Round + 1
		}
		if c.action == ActUrge {
			entry.Remark = c.reason
		}
	case ActApprove, ActReturn, ActRefuse:
		st := c.walk.Current()
		entry.Stage, entry.Question = st.Name, st.Question
		_, entry.Deputy = st.takes(w.actor, c.walk.Today)
	}
	if c.action == ActReturn || c.action == ActRefuse {
		entry.Remark = c.reason
	}
	_, err := db.Exec(ctx, w.tx, `INSERT INTO review_log (`+reviewColumns+`) VALUES ((SELECT coalesce(max(seq), 0) + 1 FROM review_log WHERE edition_id = $1),
		$1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, NULL)`,
		e.ID, d.ID, entry.Act, entry.Round, entry.Stage, entry.Question, entry.Person, entry.Name, entry.Deputy, entry.Way,
		entry.Remark, db.JSON(entry.Reasons), entry.Hash, entry.At.UnixMilli())
	return err
}

// goOn publishes after the last approval, where the column has it so. What is
// still in the way, such as a citation that went meanwhile, is told by the page.
func (w *work) goOn(ctx context.Context, e Edition, c change) (Edition, error) {
	if c.action != ActApprove || e.State != Submitted || !e.Review.Auto || !e.Review.Done() {
		return e, nil
	}
	clock := *w
	clock.actor = auth.System()
	live, err := clock.step(ctx, e.ID, e.Version, change{action: ActPublish, rendering: c.rendering, note: "最后一步审核通过，自动发布"})
	if refused(err) || errs.Is(err, errs.Forbidden) {
		return e, nil
	}
	return live, err
}

// ReviewReasons are why texts are returned, in the order of the form.
func (s *Store) ReviewReasons(ctx context.Context) (_ []string, err error) {
	defer errs.Wrap(&err, "list review reasons")
	var names []string
	err = db.Select(ctx, s.cfg.DB.Reader(), &names, `SELECT name FROM review_reason ORDER BY position, name`)
	return names, err
}

// SetReviewReasons stores the whole list.
func (s *Store) SetReviewReasons(ctx context.Context, actor auth.Actor, names []string) (err error) {
	defer errs.Wrap(&err, "set review reasons")
	if err := actor.Must(auth.Import); err != nil {
		return err
	}
	names = tidyList(names)
	if len(names) == 0 || len(names) > maxList || slices.ContainsFunc(names, func(n string) bool { return utf8.RuneCountInString(n) > 20 }) {
		return errs.Bad("reasons", "退回理由一行一条，每条最多 20 个字，至少留一条。")
	}
	return s.cfg.DB.Update(ctx, func(ctx context.Context, tx *db.Tx) error {
		if _, err := db.Exec(ctx, tx, `DELETE FROM review_reason`); err != nil {
			return err
		}
		for i, name := range names {
			if _, err := db.Exec(ctx, tx, `INSERT INTO review_reason (name, position) VALUES ($1, $2)`, name, i+1); err != nil {
				return err
			}
		}
		s.cfg.Ledger.Record(tx, actor.Entry("site.reasons", "site:columns", "修改退回理由"))
		return nil
	})
}
