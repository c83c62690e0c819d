package events

import (
	"context"
	"time"

	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/errs"
)

// Publication is what is settled before a session is shown.
type Publication struct {
	SignUpFrom  time.Time // zero: from publication on
	SignUpUntil time.Time // zero: until it begins
	Reviewed    bool      // title and poster have been read by somebody
	Notice      string    // privacy notice, its version; "" is none chosen
}

// Notice is a privacy notice that those who sign up agree to.
type Notice struct {
	Version string
	Name    string
}

// Notices lists those to choose from.
func Notices() []Notice {
	return []Notice{{"signup-2026", "报名信息怎么用（2026 年版）"}, {"signup-minor-2026", "报名信息怎么用（未满十四周岁，须监护人同意）"}}
}

func knownNotice(version string) bool {
	for _, n := range Notices() {
		if n.Version == version {
			return true
		}
	}
	return false
}

// scheduleProblems says what keeps an accepted session from being scheduled, and
// what that would want a reason for.
func (s *Store) scheduleProblems(ctx context.Context, q db.Queryer, se Session) (blocks, warns problems, err error) {
	if blocks, warns, err = s.staffingProblems(ctx, q, se); err != nil {
		return nil, nil, err
	}
	shorts, err := s.stock.Short(ctx, q, se.ID)
	for _, m := range shorts {
		blocks.add("materials", "%s还差 %d %s，请先补货，或者在“资料”里减少。", m.Name(), m.Missing, m.Unit)
	}
	if !se.Ends.After(s.now()) {
		blocks.add("start", "这一场的时间已经过去，请先改期。")
	}
	return blocks, warns, err
}

// Schedule says that place and people are fixed: accepted → scheduled. override
// is the reason to go on in spite of warnings. Brochures that were asked for are
// put aside in the same transaction; too few of them is a Conflict.
func (s *Store) Schedule(ctx context.Context, actor auth.Actor, id string, version int, override string) (Session, error) {
	return s.changeWith(ctx, actor, id, version, "session.schedule", func(ctx context.Context, tx *db.Tx, r *record) (string, error) {
		if err := r.State.stepBy(ByCoordinator, Scheduled); err != nil {
			return "", err
		}
		blocks, warns, err := s.scheduleProblems(ctx, tx, r.Session)
		if err != nil {
			return "", err
		}
		reason, err := overridden(blocks, warns, override)
		r.State, r.Due = Scheduled, time.Time{}
		summary := "排定场次《" + r.Title + "》"
		if reason != "" {
			summary += "，提醒之后仍排定的原因：" + reason
		}
		return summary, err
	})
}

// PreparePublication saves what PublishSession will check.
func (s *Store) PreparePublication(ctx context.Context, actor auth.Actor, id string, version int, p Publication) (Session, error) {
	return s.change(ctx, actor, id, version, "session.prepare", func(r *record) (string, error) {
		if p.Notice != "" && !knownNotice(p.Notice) {
			return "", errs.Bad("notice", "没有这个个人信息说明，请从列表中选择。")
		}
		if !p.SignUpFrom.IsZero() && !p.SignUpUntil.IsZero() && !p.SignUpUntil.After(p.SignUpFrom) {
			return "", errs.Bad("signup_until", "报名截止时间应晚于开始报名的时间。")
		}
		r.SignUpFrom, r.SignUpTo, r.Reviewed, r.Notice = p.SignUpFrom, p.SignUpUntil, p.Reviewed, p.Notice
		return "准备发布《" + r.Title + "》", nil
	})
}

// Publication is what has been settled so far.
func (s Session) Publication() Publication {
	return Publication{SignUpFrom: s.SignUpFrom, SignUpUntil: s.SignUpTo, Reviewed: s.Reviewed, Notice: s.Notice}
}

// publishProblems says what keeps a session from being shown. A draft of the
// bureau's own that goes straight to the public is read by whoever publishes it;
// what came from outside must have been read, and its notice chosen.
func (s *Store) publishProblems(ctx context.Context, q db.Queryer, actor auth.Actor, se Session) (blocks problems, err error) {
	if !se.Ends.After(s.now()) {
		blocks.add("end", "这一场的结束时间已经过去，请先改好时间再发布。")
	}
	walked := se.State == Scheduled
	if walked && !se.Reviewed {
		blocks.add("reviewed", "标题和海报还没有人核对，请先核对。")
	}
	if walked && se.Capacity > 0 && se.Notice == "" {
		blocks.add("notice", "请选择报名时给群众看的个人信息说明。")
	}
	if se.Capacity > 0 {
		blocks.window(se, s.now())
	}
	conflicts, err := s.conflicts(ctx, q, queryOf(actor, se))
	for _, c := range conflicts {
		if c.Block {
			blocks.add("conflict", "%s%s", c.Message, tip(c.Kind))
		}
	}
	return blocks, err
}

// window wants sign-up to lie between publication and the start.
func (ps *problems) window(se Session, now time.Time) {
	switch {
	case !se.SignUpTo.IsZero() && se.SignUpTo.After(se.Starts):
		ps.add("signup_until", "报名截止时间不能晚于开始时间。")
	case !se.SignUpTo.IsZero() && !se.SignUpTo.After(now):
		ps.add("signup_until", "报名截止时间已经过去，请改晚一些，或者留空到开始为止。")
	case !se.SignUpFrom.IsZero() && !se.SignUpFrom.Before(se.Starts):
		ps.add("signup_from", "开始报名的时间应早于活动开始。")
	}
}

// PublishSession shows a scheduled session to readers, a draft of the bureau's
// own, or a postponed one again with its new time. Under the rule of two persons
// whoever made the session cannot publish it.
func (s *Store) PublishSession(ctx context.Context, actor auth.Actor, id string, version int) (Session, error) {
	return s.changeWith(ctx, actor, id, version, "session.publish", func(ctx context.Context, tx *db.Tx, r *record) (string, error) {
		if err := r.State.stepBy(ByCoordinator, Published); err != nil {
			return "", err
		}
		if err := s.twoPersons(ctx, tx, actor, r.Session); err != nil {
			return "", err
		}
		blocks, err := s.publishProblems(ctx, tx, actor, r.Session)
		if err == nil {
			err = blocks.err()
		}
		r.State, r.Reason, r.Due = Published, "", time.Time{}
		return "发布场次《" + r.Title + "》", err
	})
}

func (s *Store) twoPersons(ctx context.Context, q db.Queryer, actor auth.Actor, se Session) error {
	if !s.rules.TwoPerson || actor.ID == auth.System().ID {
		return nil
	}
	var author string
	if err := db.Get(ctx, q, &author, `SELECT created_by FROM session WHERE id = $1`, se.ID); err != nil {
		return err
	}
	if author == actor.ID {
		return errs.New(errs.Forbidden, "这一场是您自己建的，按两人制度要由另一位同事发布。", "two-person rule: %s made session %s", actor.ID, se.ID)
	}
	return nil
}
