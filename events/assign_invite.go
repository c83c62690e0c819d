package events

import (
	"context"

	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/errs"
)

// staffable are the states in which people may be asked to serve.
var staffable = []State{Draft, Submitted, InReview, Accepted, Scheduled, Published, Postponed}

// staffed loads the session for a change of who serves, and makes others who
// change it wait: an acceptance and a cancellation never pass each other.
func (s *Store) staffed(ctx context.Context, tx *db.Tx, actor auth.Actor, id string) (Session, error) {
	n, err := db.Exec(ctx, tx, `UPDATE session SET version = version WHERE id = $1`, id)
	if err != nil {
		return Session{}, err
	}
	if n == 0 {
		return Session{}, noSession("no session %s", id)
	}
	se, err := getSession(ctx, tx, "s.id = $1", id)
	if err == nil {
		err = ours(actor, se.Town)
	}
	return se, err
}

// canStaff refuses a session that is over or falls out.
func (s *Store) canStaff(session Session) error {
	for _, state := range staffable {
		if session.State == state && s.now().Before(session.Ends) {
			return nil
		}
	}
	return errs.New(errs.Conflict, "这一场现在是“"+session.State.Label()+"”，或者已经结束，不能再安排人员。", "session %s: staffing in state %s", session.ID, session.State)
}

// Invite asks a person to serve and sends the invitation. Somebody who is booked
// elsewhere is refused; leave, or being counsel of the host, wants a reason in
// override. Asking somebody twice is a Conflict.
func (s *Store) Invite(ctx context.Context, actor auth.Actor, session, person string, role Role, override string) (err error) {
	defer errs.Wrap(&err, "invite %s to session %s", person, session)
	if err := actor.Must(auth.Sessions); err != nil {
		return err
	}
	if !role.Valid() {
		return errs.Bad("role", "请选择请来做什么：律师、志愿者还是工作人员。")
	}
	override = oneLine(override)
	return s.db.Update(ctx, func(ctx context.Context, tx *db.Tx) error {
		se, err := s.staffed(ctx, tx, actor, session)
		if err != nil {
			return err
		}
		if err := s.canStaff(se); err != nil {
			return err
		}
		if err := s.mayServe(ctx, tx, actor, se, person, override); err != nil {
			return err
		}
		_, err = s.insertAssignment(ctx, tx, actor, se, person, role, DutyInvited, "")
		if err != nil {
			return err
		}
		s.ledger.Record(tx, actor.Entry("staff.invite", "session:"+session, "邀请"+role.Label()+personRef(person)+because(override)))
		return nil
	})
}

// personRef names a person in the books by row: names stay out of them.
func personRef(id string) string { return "（" + personContext(id) + "）" }

func because(override string) string {
	if override == "" {
		return ""
	}
	return "，理由：" + override
}

// mayServe refuses who cannot come, and asks for a reason where one should think
// twice.
func (s *Store) mayServe(ctx context.Context, tx *db.Tx, actor auth.Actor, se Session, person, override string) error {
	if err := oursPerson(ctx, tx, actor, person, false); err != nil {
		return err
	}
	row, err := s.getPerson(ctx, tx, "p.id = $1", person)
	if err != nil {
		return err
	}
	c, err := s.roster(ctx, tx, actor, se)
	if err != nil {
		return err
	}
	sug := c.judge(row.Person)
	if sug.Blocked != "" {
		return errs.New(errs.Conflict, sug.Blocked, "person %s cannot serve at session %s", person, se.ID)
	}
	if len(sug.Warns) > 0 && override == "" {
		return errs.Bad("override", sug.Warns[0]+"，确实要请，请写明理由再邀请。")
	}
	return nil
}

// insertAssignment writes the row and, for an invitation, the message.
func (s *Store) insertAssignment(ctx context.Context, tx *db.Tx, actor auth.Actor, se Session, person string, role Role, state DutyState, replaces string) (id string, err error) {
	if err := notYetAsked(ctx, tx, se.ID, person); err != nil {
		return "", err
	}
	id = db.NewID()
	now := s.now().UnixMilli()
	var invited *int64
	if state == DutyInvited {
		invited = &now
	}
	_, err = db.Exec(ctx, tx, `INSERT INTO assignment (id, session, role, practitioner, state, agreed, replaces, invited_at,
		version, created_at, created_by, updated_at, updated_by) VALUES ($1, $2, $3, $4, $5, '', $6, $7, 1, $8, $9, $8, $9)`,
		id, se.ID, role, person, state, replaces, invited, now, actor.ID)
	if db.IsUnique(err) {
		return "", errAsked
	}
	if err != nil || state != DutyInvited {
		return id, err
	}
	return id, s.sendInvitation(ctx, tx, se, person, role)
}

var errAsked = errs.New(errs.Conflict, "这个人已经在这一场的名单里，不用再邀请。", "already asked")

func notYetAsked(ctx context.Context, tx *db.Tx, session, person string) error {
	in, args := db.In(2, live)
	var n int
	err := db.Get(ctx, tx, &n, `SELECT count(*) FROM assignment WHERE session = $1 AND practitioner = $2 AND state IN (`+in+`)`,
		append([]any{session, person}, args...)...)
	if err == nil && n > 0 {
		return errAsked
	}
	return err
}

// sendInvitation puts the invitation into the outbox. The link is added when it
// is sent: the outbox holds no secrets.
func (s *Store) sendInvitation(ctx context.Context, tx *db.Tx, se Session, person string, role Role) error {
	var times int // a second invitation, after a no, is another message
	err := db.Get(ctx, tx, &times, `SELECT count(*) FROM assignment WHERE session = $1 AND practitioner = $2`, se.ID, person)
	if err != nil {
		return err
	}
	return s.tellPerson(ctx, tx, Message{Kind: "invited", Session: se.ID, Version: times, To: Recipient{ToPractitioner, person},
		Title: "请您参加：" + se.Title,
		Body:  "想请您作为" + role.Label() + "参加“" + se.Title + "”，时间：" + se.When() + "，地点：" + se.Place() + "。能来、来不了、想请人替，都请点开个人链接答复，或直接回电话。"})
}

// tellPerson enqueues a message that leads to the recipient's own page.
func (s *Store) tellPerson(ctx context.Context, tx *db.Tx, m Message) error {
	m.Path = ownPage
	return s.enqueue(ctx, tx, m)
}

// ownPage stands for the personal link in a message.
const ownPage = "/my/"

// pathOf is the address a message leads to. Where it is ownPage that is the
// recipient's personal link, which the outbox does not hold; "" when it is
// revoked.
func (s *Store) pathOf(ctx context.Context, m Message) (string, error) {
	if m.Path != ownPage || m.To.Kind != ToPractitioner {
		return m.Path, nil
	}
	row, err := s.getPerson(ctx, s.db.Reader(), "p.id = $1", m.To.ID)
	if err != nil {
		return "", err
	}
	return s.links(&row).Page, nil
}

// AgreeSubstitute accepts whom somebody named in place of themselves: the
// substitute is invited, and takes over with a yes.
func (s *Store) AgreeSubstitute(ctx context.Context, actor auth.Actor, assignment, override string) (err error) {
	defer errs.Wrap(&err, "agree to substitute %s", assignment)
	if err := actor.Must(auth.Sessions); err != nil {
		return err
	}
	override = oneLine(override)
	return s.onAssignment(ctx, actor, assignment, func(ctx context.Context, tx *db.Tx, a Assignment, se Session) error {
		if err := a.State.step(DutyInvited); err != nil {
			return err
		}
		if err := s.canStaff(se); err != nil {
			return err
		}
		if err := s.mayServe(ctx, tx, actor, se, a.Person, override); err != nil {
			return err
		}
		if err := s.setDuty(ctx, tx, actor, a, DutyInvited); err != nil {
			return err
		}
		if _, err := db.Exec(ctx, tx, `UPDATE assignment SET invited_at = $2 WHERE id = $1`, a.ID, s.now().UnixMilli()); err != nil {
			return err
		}
		s.ledger.Record(tx, actor.Entry("staff.substitute", "session:"+se.ID, "同意由"+personRef(a.Person)+"替补"+because(override)))
		return s.sendInvitation(ctx, tx, se, a.Person, a.Role)
	})
}

// Withdraw takes an assignment back: somebody else was found, or fewer are
// wanted. Who had been asked is told.
func (s *Store) Withdraw(ctx context.Context, actor auth.Actor, assignment string) (err error) {
	defer errs.Wrap(&err, "withdraw assignment %s", assignment)
	if err := actor.Must(auth.Sessions); err != nil {
		return err
	}
	return s.onAssignment(ctx, actor, assignment, func(ctx context.Context, tx *db.Tx, a Assignment, se Session) error {
		if a.State == DutyWithdrawn {
			return nil
		}
		if err := a.State.step(DutyWithdrawn); err != nil {
			return err
		}
		if err := s.setDuty(ctx, tx, actor, a, DutyWithdrawn); err != nil {
			return err
		}
		if err := s.freePerson(ctx, tx, se.ID, a.Person); err != nil {
			return err
		}
		s.ledger.Record(tx, actor.Entry("staff.withdraw", "session:"+se.ID, "不再邀请"+a.Role.Label()+personRef(a.Person)))
		if a.State == DutyProposed {
			return nil // has never heard of it
		}
		return s.tellPerson(ctx, tx, Message{Kind: "withdrawn", Session: se.ID, Version: a.Version, To: Recipient{ToPractitioner, a.Person},
			Title: "不用来了：" + se.Title, Body: "“" + se.Title + "”（" + se.When() + "）人手已经够了，这次不用您跑一趟，谢谢。"})
	})
}

// onAssignment runs a change of one assignment under the lock of its session.
func (s *Store) onAssignment(ctx context.Context, actor auth.Actor, id string, do func(context.Context, *db.Tx, Assignment, Session) error) error {
	return s.db.Update(ctx, func(ctx context.Context, tx *db.Tx) error {
		a, err := getAssignment(ctx, tx, id)
		if err != nil {
			return err
		}
		se, err := s.staffed(ctx, tx, actor, a.SessionID)
		if err != nil {
			return err
		}
		if a, err = getAssignment(ctx, tx, id); err != nil { // as it is under the lock
			return err
		}
		return do(ctx, tx, a, se)
	})
}

// setDuty writes the next state. Callers have asked the table.
func (s *Store) setDuty(ctx context.Context, tx *db.Tx, actor auth.Actor, a Assignment, next DutyState) error {
	_, err := db.Exec(ctx, tx, `UPDATE assignment SET state = $2, version = version + 1, updated_at = $3, updated_by = $4 WHERE id = $1`,
		a.ID, next, s.now().UnixMilli(), actor.ID)
	return err
}
