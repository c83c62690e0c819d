package events

import (
	"context"
	"time"

	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/errs"
)

// MarkHeld says that the session took place; the clock says so at its end.
func (s *Store) MarkHeld(ctx context.Context, actor auth.Actor, id string, version int) (Session, error) {
	return s.changeWith(ctx, actor, id, version, "session.held", func(ctx context.Context, tx *db.Tx, r *record) (string, error) {
		if err := r.State.stepBy(ByCoordinator, Held); err != nil {
			return "", err
		}
		if r.Starts.After(s.now()) {
			return "", errs.New(errs.Invalid, "这一场还没有开始，不能标为已举办。", "session starts at %s", r.Starts)
		}
		return s.becomeHeld(ctx, tx, r)
	})
}

// becomeHeld ends the session: its outcome is due in three working days, counted
// from its end however late anybody notices.
func (s *Store) becomeHeld(ctx context.Context, tx *db.Tx, r *record) (string, error) {
	cal, err := calendarIn(ctx, tx)
	if err != nil {
		return "", err
	}
	ended := r.Ends
	if s.now().Before(ended) {
		ended = s.now()
	}
	r.State, r.HeldAt, r.Due = Held, ended, endOfDay(cal.AddWorkingDays(ended, s.rules.ReportDays))
	return "场次《" + r.Title + "》已举办", s.tellHost(ctx, tx, r.Session, "report_due", "请报结果："+r.Title,
		"《"+r.Title+"》已经办完，请在"+dayInWords(r.Due)+"前报来了多少人、发了多少资料。凭查询码打开申请，几分钟就能填好。")
}

// endOfDay is the last minute of the day: what is due on a day is due until
// then.
func endOfDay(t time.Time) time.Time { return midnight(t).Add(24*time.Hour - time.Minute) }

// MarkNotHeld corrects a session marked as held that did not take place; readers
// see the reason. One with people checked in wants MarkNotHeldAnyway.
func (s *Store) MarkNotHeld(ctx context.Context, actor auth.Actor, id string, version int, reason string) (Session, error) {
	return s.MarkNotHeldAnyway(ctx, actor, id, version, reason, "")
}

// MarkNotHeldAnyway is MarkNotHeld with the reason why the check-ins are wrong.
func (s *Store) MarkNotHeldAnyway(ctx context.Context, actor auth.Actor, id string, version int, reason, override string) (Session, error) {
	reason, override = oneLine(reason), oneLine(override)
	return s.changeWith(ctx, actor, id, version, "session.not_held", func(ctx context.Context, tx *db.Tx, r *record) (string, error) {
		if err := r.State.stepBy(ByCoordinator, NotHeld); err != nil {
			return "", err
		}
		var ps problems
		ps.text("reason", "原因", reason, 2, 200)
		if err := ps.err(); err != nil {
			return "", err
		}
		n, err := countCheckIns(ctx, tx, id)
		if err != nil {
			return "", err
		}
		summary := "场次《" + r.Title + "》未举办：" + reason
		if n > 0 {
			var warns problems
			warns.add("override", "这一场已经有 %d 次签到。", n)
			if override, err = overridden(nil, warns, override); err != nil {
				return "", err
			}
			summary += "；有签到仍改的原因：" + override
		}
		r.State, r.Reason, r.Due = NotHeld, reason, time.Time{}
		return summary, nil
	})
}

// countCheckIns counts the check-ins that were not undone.
func countCheckIns(ctx context.Context, q db.Queryer, session string) (n int, err error) {
	err = db.Get(ctx, q, &n, `SELECT count(*) FROM checkin_event e WHERE e.session = $1 AND e.method <> 'undo'
		AND NOT EXISTS (SELECT 1 FROM checkin_event u WHERE u.undo_of = e.client_uuid)`, session)
	return n, err
}
