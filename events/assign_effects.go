package events

import (
	"context"
	"fmt"

	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/db"
)

// staffEffect is what a change of a session does to those who serve: acceptance
// opens its needs, a move asks everybody again and moves their bookings, calling
// off lets them go, the outcome proposes and confirms their hours.
func (s *Store) staffEffect(ctx context.Context, tx *db.Tx, actor auth.Actor, old, next Session) error {
	became := func(state State) bool { return next.State == state && old.State != state }
	switch {
	case calledOff(old, next):
		return s.releaseStaff(ctx, tx, actor, next)
	case became(Postponed):
		return s.suspendStaff(ctx, tx, actor, next)
	case next.State != Postponed && (old.State == Postponed || movedBetween(old, next)):
		if err := s.askAgain(ctx, tx, actor, next); err != nil {
			return err
		}
	case became(Reported):
		return s.proposeHours(ctx, tx, next)
	case became(Verified):
		if err := s.confirmHours(ctx, tx, actor, next); err != nil {
			return err
		}
	}
	if note, ok := staffNotes[next.State]; ok && became(next.State) {
		if err := s.tellServing(ctx, tx, next, note); err != nil {
			return err
		}
	}
	if became(Accepted) {
		return ensureNeeds(ctx, tx, next)
	}
	return nil
}

// staffNote is what those who come are told when a session gets so far.
type staffNote struct {
	kind, title, body string
	lawyers           bool // only they
}

var staffNotes = map[State]staffNote{
	Scheduled:      {"staff_scheduled", "排定了", "人和地点都定了，请按时到。要加进手机日历，打开个人链接就有。", false},
	Held:           {"staff_report", "请报结果", "办完了，辛苦了。请点开个人链接，把咨询和文书的数报一下，现场按过的已经填好。", true},
	ReportReturned: {"staff_report_returned", "结果请补正", "报的结果有地方要改，请点开个人链接看说明，改好再交。", true},
	Verified:       {"staff_thanks", "谢谢您", "结果已经核实。服务记录和时长在个人链接里，可以打印。", false},
}

// tellServing tells those who come, or the lawyers among them.
func (s *Store) tellServing(ctx context.Context, tx *db.Tx, se Session, note staffNote) error {
	list, err := tied(ctx, tx, se.ID, DutyAccepted, DutyPresent)
	if err != nil {
		return err
	}
	for _, a := range list {
		if note.lawyers && a.Role != RoleLawyer {
			continue
		}
		err := s.tellPerson(ctx, tx, Message{Kind: note.kind, Session: se.ID, Version: se.Version, To: Recipient{ToPractitioner, a.Person},
			Title: note.title + "：" + se.Title, Body: "“" + se.Title + "”（" + se.When() + "，" + se.Place() + "）" + note.body})
		if err != nil {
			return err
		}
	}
	return nil
}

// tied lists the live assignments of a session in some states.
func tied(ctx context.Context, q db.Queryer, session string, states ...DutyState) ([]Assignment, error) {
	in, args := db.In(1, states)
	return assignments(ctx, q, `WHERE a.session = $1 AND a.state IN (`+in+`) ORDER BY a.id`, append([]any{session}, args...)...)
}

// releaseStaff lets everybody go. Nobody is told of a session that turned out,
// afterwards, not to have been held.
func (s *Store) releaseStaff(ctx context.Context, tx *db.Tx, actor auth.Actor, se Session) error {
	list, err := tied(ctx, tx, se.ID, DutyProposed, DutyInvited, DutyAccepted, DutyMoved)
	if err != nil {
		return err
	}
	if err := s.overtake(ctx, tx, se.ID, "staff_moved", "invited", "confirm"); err != nil {
		return err
	}
	for _, a := range list {
		if err := s.setDuty(ctx, tx, actor, a, DutyCancelled); err != nil {
			return err
		}
		if err := s.freePerson(ctx, tx, se.ID, a.Person); err != nil {
			return err
		}
		if a.State == DutyProposed || se.State == NotHeld {
			continue
		}
		body := "“" + se.Title + "”（" + se.When() + "）取消了，请不要前往。"
		if se.Reason != "" {
			body += "原因：" + se.Reason
		}
		err := s.tellPerson(ctx, tx, Message{Kind: "staff_cancelled", Session: se.ID, Version: se.Version, To: Recipient{ToPractitioner, a.Person},
			Title: "已取消：" + se.Title, Body: body})
		if err != nil {
			return err
		}
	}
	return nil
}

// suspendStaff gives everybody's time back until there is a new one; their yes
// was to the old time.
func (s *Store) suspendStaff(ctx context.Context, tx *db.Tx, actor auth.Actor, se Session) error {
	list, err := tied(ctx, tx, se.ID, DutyInvited, DutyAccepted, DutyMoved)
	if err != nil {
		return err
	}
	if err := s.overtake(ctx, tx, se.ID, "staff_moved", "confirm"); err != nil {
		return err
	}
	for _, a := range list {
		if err := s.freePerson(ctx, tx, se.ID, a.Person); err != nil {
			return err
		}
		if a.State == DutyAccepted {
			if err := s.unsettle(ctx, tx, actor, a); err != nil {
				return err
			}
		}
		err := s.tellPerson(ctx, tx, Message{Kind: "staff_postponed", Session: se.ID, Version: se.Version, To: Recipient{ToPractitioner, a.Person},
			Title: "延期：" + se.Title, Body: "原定" + se.When() + "的“" + se.Title + "”延期，那天不用去了。新的时间定下来再请您确认。原因：" + se.Reason})
		if err != nil {
			return err
		}
	}
	return nil
}

// unsettle makes a yes one that has to be said again.
func (s *Store) unsettle(ctx context.Context, tx *db.Tx, actor auth.Actor, a Assignment) error {
	if err := s.setDuty(ctx, tx, actor, a, DutyMoved); err != nil {
		return err
	}
	_, err := db.Exec(ctx, tx, `UPDATE assignment SET confirmed_at = NULL WHERE id = $1`, a.ID)
	return err
}

// askAgain follows a move: who said yes to this very time and place before has
// said yes, everybody else is asked, once things have settled.
func (s *Store) askAgain(ctx context.Context, tx *db.Tx, actor auth.Actor, se Session) error {
	list, err := tied(ctx, tx, se.ID, DutyInvited, DutyAccepted, DutyMoved)
	if err != nil {
		return err
	}
	if err := s.overtake(ctx, tx, se.ID, "staff_moved", "confirm"); err != nil {
		return err
	}
	for _, a := range list {
		settled, err := s.rebook(ctx, tx, actor, a, se)
		if err != nil {
			return err
		}
		if settled {
			continue
		}
		err = s.tellPerson(ctx, tx, Message{Kind: "staff_moved", Session: se.ID, Version: se.Version, To: Recipient{ToPractitioner, a.Person},
			Title: "时间地点有变，请重新确认：" + se.Title, NotBefore: s.now().Add(s.rules.settle()),
			Body: "“" + se.Title + "”改在" + se.When() + "，地点：" + se.Place() + "。请点开个人链接重新答复能不能来，或直接回电话。"})
		if err != nil {
			return err
		}
	}
	return nil
}

// rebook gives back the old time and takes the new one while it is free, so that
// nobody else takes it before the person has answered. It reports whether there
// is nothing to ask.
func (s *Store) rebook(ctx context.Context, tx *db.Tx, actor auth.Actor, a Assignment, se Session) (settled bool, err error) {
	if a.State == DutyInvited {
		return false, nil
	}
	if err := s.freePerson(ctx, tx, se.ID, a.Person); err != nil {
		return false, err
	}
	other, err := s.busyWith(ctx, tx, actor, se, a.Person)
	if err != nil {
		return false, err
	}
	if other == "" {
		if err := s.bookPerson(ctx, tx, actor, se, a.Person); err != nil {
			return false, err
		}
	}
	same, err := agreedTo(ctx, tx, a.ID, se)
	if err != nil {
		return false, err
	}
	switch {
	case same && other == "" && a.State == DutyMoved:
		return true, s.setDuty(ctx, tx, actor, a, DutyAccepted)
	case same && other == "":
		return true, nil
	case a.State == DutyAccepted:
		return false, s.unsettle(ctx, tx, actor, a)
	}
	return false, nil
}

// agreedTo reports whether the yes was to the time and place the session has.
func agreedTo(ctx context.Context, q db.Queryer, assignment string, se Session) (bool, error) {
	var agreed string
	err := db.Get(ctx, q, &agreed, `SELECT agreed FROM assignment WHERE id = $1`, assignment)
	return agreed == fingerprint(se), err
}

// staffingProblems says what keeps a session from being scheduled (blocks) and
// what would want a reason (warns).
func (s *Store) staffingProblems(ctx context.Context, q db.Queryer, se Session) (blocks, warns problems, err error) {
	wanted, err := needs(ctx, q, se.ID)
	if err != nil {
		return nil, nil, err
	}
	if len(wanted) == 0 {
		wanted = needsOf(se.Type)
	}
	list, err := tied(ctx, q, se.ID, DutyInvited, DutyAccepted, DutyMoved, DutyPresent)
	if err != nil {
		return nil, nil, err
	}
	for _, n := range wanted {
		yes, open := 0, 0
		for _, a := range list {
			switch {
			case a.Role != n.Role:
			case a.State.Comes():
				yes++
			default:
				open++
			}
		}
		if yes >= n.Qty {
			continue
		}
		text := fmt.Sprintf("%s要 %d 人，答应了 %d 人", n.Role.Label(), n.Qty, yes)
		if open > 0 {
			text += fmt.Sprintf("，还有 %d 人没有答复", open)
		}
		if n.Must {
			blocks.add("staffing", "%s。请先在“人员”里请齐。", text)
		} else {
			warns.add("staffing", "%s。", text)
		}
	}
	more, err := s.staffWarnings(ctx, q, se, list)
	return blocks, append(warns, more...), err
}

// staffWarnings are leave and conflicts of interest of those who said yes.
func (s *Store) staffWarnings(ctx context.Context, q db.Queryer, se Session, list []Assignment) (warns problems, err error) {
	c, err := s.roster(ctx, q, auth.Actor{}, se)
	if err != nil {
		return nil, err
	}
	for _, a := range list {
		if !a.State.Comes() {
			continue
		}
		row, err := s.getPerson(ctx, q, "p.id = $1", a.Person)
		if err != nil {
			return nil, err
		}
		for _, w := range c.judge(row.Person).Warns {
			warns.add("staffing", "%s %s%s。", a.Role.Label(), a.PersonName, w)
		}
	}
	return warns, nil
}

// remindStaff asks those who said yes to press 确认到场, two days before. It
// returns how many it asked; who was asked before is not.
func (s *Store) remindStaff(ctx context.Context, tx *db.Tx) (int, error) {
	now := s.now()
	list, err := s.duties(ctx, tx, `a.state = 'accepted' AND a.confirmed_at IS NULL AND s.state IN ('scheduled', 'published')
		AND s.starts_at > $1 AND s.starts_at <= $2 AND NOT EXISTS (SELECT 1 FROM message m WHERE m.kind = 'confirm'
			AND m.session = s.id AND m.recipient = a.practitioner AND m.session_version = a.version)`,
		now.UnixMilli(), now.Add(confirmAhead).UnixMilli())
	if err != nil {
		return 0, err
	}
	for _, d := range list {
		err := s.tellPerson(ctx, tx, Message{Kind: "confirm", Session: d.SessionID, Version: d.Version, To: Recipient{ToPractitioner, d.Person},
			Title: "请确认到场：" + d.Session.Title,
			Body:  "您答应参加的“" + d.Session.Title + "”就在" + d.Session.When() + "，地点：" + d.Session.Place() + "。请点开个人链接按“确认到场”；来不了请马上说一声。"})
		if err != nil {
			return 0, err
		}
	}
	return len(list), nil
}

// unconfirmed lists those who have not pressed 确认到场 a day before, for the list
// of sessions at risk.
func (s *Store) unconfirmed(ctx context.Context, q db.Queryer, actor auth.Actor) ([]Duty, error) {
	now := s.now()
	cond, args := inTowns(actor, "s.town", 2)
	return s.duties(ctx, q, `(a.state = 'accepted' AND a.confirmed_at IS NULL OR a.state = 'moved') AND s.state IN ('scheduled', 'published')
		AND s.starts_at > $1 AND s.starts_at <= $2`+cond, append([]any{now.UnixMilli(), now.Add(atRiskAhead).UnixMilli()}, args...)...)
}
