package events

import (
	"context"
	"time"

	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/errs"
)

// Accept is a person's yes by link, to an invitation or to a move. It books the
// time; saying it twice is saying it once.
func (s *Store) Accept(ctx context.Context, g Guest, assignment string) (err error) {
	defer errs.Wrap(&err, "accept assignment %s", assignment)
	return s.own(ctx, g, assignment, func(ctx context.Context, tx *db.Tx, a Assignment, se Session) error {
		return s.accept(ctx, tx, g.actor(), a, se)
	})
}

// Decline is a person's no by link, also after a yes. The coordinator hears of it.
func (s *Store) Decline(ctx context.Context, g Guest, assignment string) (err error) {
	defer errs.Wrap(&err, "decline assignment %s", assignment)
	return s.own(ctx, g, assignment, func(ctx context.Context, tx *db.Tx, a Assignment, se Session) error {
		return s.decline(ctx, tx, g.actor(), a, se)
	})
}

// Answer notes what a person said on the telephone: yes or no.
func (s *Store) Answer(ctx context.Context, actor auth.Actor, assignment string, yes bool) (err error) {
	defer errs.Wrap(&err, "answer assignment %s", assignment)
	if err := actor.Must(auth.Sessions); err != nil {
		return err
	}
	return s.onAssignment(ctx, actor, assignment, func(ctx context.Context, tx *db.Tx, a Assignment, se Session) error {
		if yes {
			return s.accept(ctx, tx, actor, a, se)
		}
		return s.decline(ctx, tx, actor, a, se)
	})
}

// own is onAssignment for a person's own one; another's does not exist.
func (s *Store) own(ctx context.Context, g Guest, assignment string, do func(context.Context, *db.Tx, Assignment, Session) error) error {
	return s.onAssignment(ctx, g.actor(), assignment, func(ctx context.Context, tx *db.Tx, a Assignment, se Session) error {
		if a.Person != g.ID || a.State == DutyProposed {
			return errs.New(errs.NotFound, "没有找到这条邀请，请回到您的安排重新打开。", "assignment %s is not of %s", a.ID, g.ID)
		}
		return do(ctx, tx, a, se)
	})
}

func (s *Store) accept(ctx context.Context, tx *db.Tx, actor auth.Actor, a Assignment, se Session) error {
	if a.State == DutyAccepted {
		return nil
	}
	if err := a.State.step(DutyAccepted); err != nil {
		return err
	}
	if err := s.canStaff(se); err != nil {
		return err
	}
	if se.State == Postponed {
		return errs.New(errs.Conflict, "这一场延期了，新的时间还没有定。定下来会再请您确认。", "session %s is postponed", se.ID)
	}
	if err := s.bookPerson(ctx, tx, actor, se, a.Person); err != nil {
		return err
	}
	if err := s.setDuty(ctx, tx, actor, a, DutyAccepted); err != nil {
		return err
	}
	_, err := db.Exec(ctx, tx, `UPDATE assignment SET answered_at = $2, confirmed_at = NULL, agreed = $3 WHERE id = $1`,
		a.ID, s.now().UnixMilli(), fingerprint(se))
	if err != nil {
		return err
	}
	s.ledger.Record(tx, actor.Entry("staff.accept", "session:"+se.ID, a.Role.Label()+personRef(a.Person)+"答应参加"))
	return s.takeOver(ctx, tx, actor, a, se)
}

// takeOver lets the one who is replaced go, now that the substitute has said yes.
func (s *Store) takeOver(ctx context.Context, tx *db.Tx, actor auth.Actor, a Assignment, se Session) error {
	if a.Replaces == "" {
		return nil
	}
	old, err := getAssignment(ctx, tx, a.Replaces)
	if err != nil || !old.State.Can(DutyReplaced) {
		return err
	}
	if err := s.setDuty(ctx, tx, actor, old, DutyReplaced); err != nil {
		return err
	}
	if err := s.freePerson(ctx, tx, se.ID, old.Person); err != nil {
		return err
	}
	return s.tellPerson(ctx, tx, Message{Kind: "replaced", Session: se.ID, Version: old.Version, To: Recipient{ToPractitioner, old.Person},
		Title: "已有人替您：" + se.Title, Body: "“" + se.Title + "”（" + se.When() + "）已有人替您去，您不用来了。"})
}

func (s *Store) decline(ctx context.Context, tx *db.Tx, actor auth.Actor, a Assignment, se Session) error {
	if a.State == DutyDeclined {
		return nil
	}
	if err := a.State.step(DutyDeclined); err != nil {
		return err
	}
	if !s.now().Before(se.Ends) {
		return errs.New(errs.Conflict, "这一场已经结束，不能再改。到场情况请告诉活动负责人。", "session %s is over", se.ID)
	}
	if err := s.setDuty(ctx, tx, actor, a, DutyDeclined); err != nil {
		return err
	}
	if _, err := db.Exec(ctx, tx, `UPDATE assignment SET answered_at = $2 WHERE id = $1`, a.ID, s.now().UnixMilli()); err != nil {
		return err
	}
	if err := s.freePerson(ctx, tx, se.ID, a.Person); err != nil {
		return err
	}
	s.ledger.Record(tx, actor.Entry("staff.decline", "session:"+se.ID, a.Role.Label()+personRef(a.Person)+"来不了"))
	word := "谢绝了邀请"
	if a.State != DutyInvited {
		word = "原来答应，现在来不了"
	}
	return s.tellCoordinator(ctx, tx, a, se, "staff_declined", a.Role.Label()+"来不了："+se.Title,
		"“"+se.Title+"”（"+se.When()+"）有一名"+a.Role.Label()+word+"，请另请一位。")
}

// tellCoordinator leaves a task with whoever has the session, or with the whole
// desk. Two people who say no to one session are two tasks.
func (s *Store) tellCoordinator(ctx context.Context, tx *db.Tx, a Assignment, se Session, kind, title, body string) error {
	return s.enqueue(ctx, tx, Message{Kind: kind + ":" + a.ID, Session: se.ID, Version: a.Version, To: Recipient{ToCoordinator, se.Owner},
		Title: title, Body: body, Path: "/admin/sessions/" + se.ID + "/staffing"})
}

// Substitute is 找人替我: the person names somebody of the same role by name, whom
// the coordinator then agrees to. Until the substitute says yes the person stays
// on the list.
func (s *Store) Substitute(ctx context.Context, g Guest, assignment, name string) (err error) {
	defer errs.Wrap(&err, "substitute for assignment %s", assignment)
	name = oneLine(name)
	if name == "" {
		return errs.Bad("substitute", "请填写替您的人的姓名。")
	}
	return s.own(ctx, g, assignment, func(ctx context.Context, tx *db.Tx, a Assignment, se Session) error {
		if err := a.State.step(DutyReplaced); err != nil {
			if a.State != DutyInvited {
				return err
			}
		}
		if err := s.canStaff(se); err != nil {
			return err
		}
		other, err := s.colleague(ctx, tx, g, a.Role, name)
		if err != nil {
			return err
		}
		if _, err := s.insertAssignment(ctx, tx, g.actor(), se, other, a.Role, DutyProposed, a.ID); err != nil {
			return err
		}
		s.ledger.Record(tx, g.actor().Entry("staff.propose", "session:"+se.ID, personRef(g.ID)+"推荐"+personRef(other)+"替补"))
		return s.tellCoordinator(ctx, tx, a, se, "staff_substitute", "推荐了替补："+se.Title,
			"“"+se.Title+"”（"+se.When()+"）有一名"+a.Role.Label()+"请人替自己，请看是否同意。")
	})
}

// colleague finds an active person by role and whole name; of several of one
// name the one of the same firm. The page never lists people of other firms.
func (s *Store) colleague(ctx context.Context, tx *db.Tx, g Guest, role Role, name string) (string, error) {
	var found []struct {
		ID  string `db:"id"`
		Org string `db:"org"`
	}
	err := db.Select(ctx, tx, &found, `SELECT id, org FROM practitioner WHERE kind = $1 AND name = $2 AND id <> $3
		AND (active_from = '' OR active_from <= $4) AND (active_to = '' OR active_to >= $4)`, role, name, g.ID, dateOf(s.now()))
	if err != nil {
		return "", err
	}
	if len(found) > 1 {
		same := found[:0:0]
		for _, f := range found {
			if f.Org == g.Org && g.Org != "" {
				same = append(same, f)
			}
		}
		found = same
	}
	if len(found) != 1 {
		return "", errs.Bad("substitute", "名单里没有找到叫“"+name+"”的"+role.Label()+"。请填全名；不在名单里的，请打电话告诉活动负责人。")
	}
	return found[0].ID, nil
}

// Colleagues are the names a person may pick a substitute from: same role, same
// firm.
func (s *Store) Colleagues(ctx context.Context, g Guest) (names []string, err error) {
	defer errs.Wrap(&err, "colleagues of %s", g.ID)
	if g.Org == "" {
		return nil, nil
	}
	err = db.Select(ctx, s.db.Reader(), &names, `SELECT name FROM practitioner WHERE kind = $1 AND org = $2 AND id <> $3
		AND (active_from = '' OR active_from <= $4) AND (active_to = '' OR active_to >= $4) ORDER BY name LIMIT 100`, g.Kind, g.Org, g.ID, dateOf(s.now()))
	return names, err
}

// Confirm is 确认到场: shortly before, the person says again that they will be
// there.
func (s *Store) Confirm(ctx context.Context, g Guest, assignment string) (err error) {
	defer errs.Wrap(&err, "confirm assignment %s", assignment)
	return s.own(ctx, g, assignment, func(ctx context.Context, tx *db.Tx, a Assignment, se Session) error {
		return s.confirm(ctx, tx, g.actor(), a, se)
	})
}

// ConfirmFor notes that the person has confirmed on the telephone.
func (s *Store) ConfirmFor(ctx context.Context, actor auth.Actor, assignment string) (err error) {
	defer errs.Wrap(&err, "confirm assignment %s by phone", assignment)
	if err := actor.Must(auth.Sessions); err != nil {
		return err
	}
	return s.onAssignment(ctx, actor, assignment, func(ctx context.Context, tx *db.Tx, a Assignment, se Session) error {
		return s.confirm(ctx, tx, actor, a, se)
	})
}

func (s *Store) confirm(ctx context.Context, tx *db.Tx, actor auth.Actor, a Assignment, se Session) error {
	if a.State != DutyAccepted {
		return errs.New(errs.Conflict, "这一条现在是“"+a.State.Label()+"”，请先答复能不能来。", "confirm in state %s", a.State)
	}
	if err := s.canStaff(se); err != nil {
		return err
	}
	if !a.Confirmed.IsZero() {
		return nil
	}
	_, err := db.Exec(ctx, tx, `UPDATE assignment SET confirmed_at = $2, version = version + 1, updated_at = $2, updated_by = $3 WHERE id = $1`,
		a.ID, s.now().UnixMilli(), actor.ID)
	if err != nil {
		return err
	}
	s.ledger.Record(tx, actor.Entry("staff.confirm", "session:"+se.ID, a.Role.Label()+personRef(a.Person)+"确认到场"))
	return nil
}

// confirmAhead is how long before the start 确认到场 is asked for, and atRiskAhead
// when the coordinator hears of those who have not pressed it.
const (
	confirmAhead = 48 * time.Hour
	atRiskAhead  = 24 * time.Hour
)

// AsksConfirm reports that 确认到场 is wanted now.
func (d Duty) AsksConfirm(now time.Time) bool {
	return d.State == DutyAccepted && d.Confirmed.IsZero() && now.Before(d.Session.Ends) && !now.Before(d.Session.Starts.Add(-confirmAhead))
}
