package events

import (
	"context"
	"slices"
	"time"

	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/errs"
)

// DutyState is how far an assignment has come.
type DutyState string

// The states of an assignment.
const (
	DutyProposed  DutyState = "proposed"  // named by the one who cannot come; the coordinator has to agree
	DutyInvited   DutyState = "invited"   // asked, has not answered
	DutyAccepted  DutyState = "accepted"  // said yes; the time is booked
	DutyMoved     DutyState = "moved"     // said yes to another time or place; has to say it again
	DutyPresent   DutyState = "present"   // was there
	DutyAbsent    DutyState = "absent"    // had said yes and was not there
	DutyDeclined  DutyState = "declined"  // said no
	DutyReplaced  DutyState = "replaced"  // somebody else has taken it over
	DutyWithdrawn DutyState = "withdrawn" // the coordinator no longer asks
	DutyCancelled DutyState = "cancelled" // the session falls out
)

// Label is the Chinese name.
func (d DutyState) Label() string {
	switch d {
	case DutyProposed:
		return "推荐替补·待同意"
	case DutyInvited:
		return "已邀请·待答复"
	case DutyAccepted:
		return "已答应"
	case DutyMoved:
		return "有变动·请重新确认"
	case DutyPresent:
		return "已到场"
	case DutyAbsent:
		return "未到场"
	case DutyDeclined:
		return "来不了"
	case DutyReplaced:
		return "已换人"
	case DutyWithdrawn:
		return "不再邀请"
	case DutyCancelled:
		return "场次取消"
	}
	return string(d)
}

// live are the states in which a person is tied to the session.
var live = []DutyState{DutyProposed, DutyInvited, DutyAccepted, DutyMoved, DutyPresent, DutyAbsent}

// Live reports whether the assignment still ties the person to the session.
func (d DutyState) Live() bool { return slices.Contains(live, d) }

// Comes reports whether the person is counted on.
func (d DutyState) Comes() bool { return d == DutyAccepted || d == DutyPresent }

// dutyStep is one allowed step of an assignment.
type dutyStep struct{ from, to DutyState }

// dutySteps is the whole table; a step that is not in it is refused.
var dutySteps = []dutyStep{
	{DutyProposed, DutyInvited},   // the coordinator agrees with the substitute
	{DutyProposed, DutyWithdrawn}, // or does not
	{DutyProposed, DutyCancelled}, // the session falls out before that
	{DutyInvited, DutyAccepted},   // yes, by link or on the telephone; books the time
	{DutyInvited, DutyDeclined},   // no
	{DutyInvited, DutyWithdrawn},  // somebody else was found
	{DutyInvited, DutyCancelled},  // the session falls out
	{DutyAccepted, DutyMoved},     // time or place changed after the yes
	{DutyAccepted, DutyDeclined},  // cannot come after all
	{DutyAccepted, DutyReplaced},  // the substitute said yes
	{DutyAccepted, DutyWithdrawn}, // not needed any more
	{DutyAccepted, DutyCancelled}, // the session falls out
	{DutyAccepted, DutyPresent},   // 到了
	{DutyAccepted, DutyAbsent},    // did not turn up
	{DutyMoved, DutyAccepted},     // yes to the new time too
	{DutyMoved, DutyDeclined},     // no to the new time
	{DutyMoved, DutyReplaced},     // the substitute said yes
	{DutyMoved, DutyWithdrawn},    // not needed at the new time
	{DutyMoved, DutyCancelled},    // the session falls out
	{DutyMoved, DutyPresent},      // never answered and came all the same
	{DutyMoved, DutyAbsent},       // never answered and did not come
	{DutyPresent, DutyAbsent},     // the coordinator corrects a slip
	{DutyAbsent, DutyPresent},     // came late
}

// step refuses what the table does not have.
func (d DutyState) step(next DutyState) error {
	if slices.Contains(dutySteps, dutyStep{d, next}) {
		return nil
	}
	return errs.New(errs.Conflict, "这一条现在是“"+d.Label()+"”，不能改为“"+next.Label()+"”。请刷新后再看。", "no step from %s to %s", d, next)
}

// Can reports whether the assignment may go to a state now, for buttons.
func (d DutyState) Can(next DutyState) bool { return slices.Contains(dutySteps, dutyStep{d, next}) }

// Assignment is one person asked to serve at one session.
type Assignment struct {
	ID         string    `db:"id"`
	Version    int       `db:"version"`
	SessionID  string    `db:"session"`
	Role       Role      `db:"role"`
	Person     string    `db:"practitioner"` // id
	PersonName string    `db:"person_name"`
	OrgName    string    `db:"org_name"`
	State      DutyState `db:"state"`
	Replaces   string    `db:"replaces"` // id of the assignment it stands in for
	ForName    string    `db:"for_name"` // of that person
	Invited    time.Time `db:"-"`        // last asked; zero: not yet
	Answered   time.Time `db:"-"`
	Confirmed  time.Time `db:"-"` // 确认到场
	Arrived    time.Time `db:"-"`
	Left       time.Time `db:"-"`
	Updated    time.Time `db:"-"`
	HasPhone   bool      `db:"-"` // can be phoned
	HasLink    bool      `db:"-"` // can answer by link
}

const assignmentColumns = `SELECT a.id, a.version, a.session, a.role, a.practitioner, p.name AS person_name, COALESCE(o.name, '') AS org_name,
	a.state, a.replaces, COALESCE(rp.name, '') AS for_name, a.invited_at, a.answered_at, a.confirmed_at, a.arrived_at, a.left_at, a.updated_at,
	p.phone_blind <> '' AS has_phone, p.link_blind IS NOT NULL AS has_link
	FROM assignment a JOIN session s ON s.id = a.session JOIN practitioner p ON p.id = a.practitioner
	LEFT JOIN legal_org o ON o.id = p.org LEFT JOIN assignment r ON r.id = a.replaces LEFT JOIN practitioner rp ON rp.id = r.practitioner `

func assignments(ctx context.Context, q db.Queryer, tail string, args ...any) ([]Assignment, error) {
	var rows []struct {
		Assignment
		InvitedAt   *int64 `db:"invited_at"`
		AnsweredAt  *int64 `db:"answered_at"`
		ConfirmedAt *int64 `db:"confirmed_at"`
		ArrivedAt   *int64 `db:"arrived_at"`
		LeftAt      *int64 `db:"left_at"`
		UpdatedAt   int64  `db:"updated_at"`
		Phoned      bool   `db:"has_phone"`
		Linked      bool   `db:"has_link"`
	}
	if err := db.Select(ctx, q, &rows, assignmentColumns+tail, args...); err != nil {
		return nil, err
	}
	list := make([]Assignment, len(rows))
	for i, r := range rows {
		a := r.Assignment
		a.Invited, a.Answered, a.Confirmed = moment(r.InvitedAt), moment(r.AnsweredAt), moment(r.ConfirmedAt)
		a.Arrived, a.Left, a.Updated = moment(r.ArrivedAt), moment(r.LeftAt), local(r.UpdatedAt)
		a.HasPhone, a.HasLink = r.Phoned, r.Linked
		list[i] = a
	}
	return list, nil
}

// moment is a column that may be NULL, in Zone.
func moment(ms *int64) time.Time {
	if ms == nil {
		return time.Time{}
	}
	return local(*ms)
}

func getAssignment(ctx context.Context, q db.Queryer, id string) (Assignment, error) {
	list, err := assignments(ctx, q, `WHERE a.id = $1`, id)
	if err == nil && len(list) == 0 {
		err = errs.New(errs.NotFound, "没有找到这条排班，可能已经调整。请刷新后再看。", "no assignment %s", id)
	}
	if err != nil {
		return Assignment{}, err
	}
	return list[0], nil
}

// Duty is an assignment with its session, as the person sees it.
type Duty struct {
	Assignment
	Session Session
}

// duties lists assignments with their sessions, by time. where may use a
// (assignment) and s (session).
func (s *Store) duties(ctx context.Context, q db.Queryer, where string, args ...any) ([]Duty, error) {
	list, err := assignments(ctx, q, `WHERE `+where+` ORDER BY s.starts_at, a.id`, args...)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	ids := make([]string, len(list))
	for i, a := range list {
		ids[i] = a.SessionID
	}
	in, values := db.In(0, ids)
	sessions, err := selectSessions(ctx, q, `WHERE s.id IN (`+in+`)`, values...)
	if err != nil {
		return nil, err
	}
	duties := make([]Duty, 0, len(list))
	for _, a := range list {
		at := slices.IndexFunc(sessions, func(s Session) bool { return s.ID == a.SessionID })
		duties = append(duties, Duty{Assignment: a, Session: sessions[at]})
	}
	return duties, nil
}

// Duties lists what lies before a person and what is going on today: invitations
// and promises, soonest first.
func (s *Store) Duties(ctx context.Context, g Guest) (_ []Duty, err error) {
	defer errs.Wrap(&err, "duties of %s", g.ID)
	return s.duties(ctx, s.db.Reader(), `a.practitioner = $1 AND a.state IN ('invited', 'accepted', 'moved', 'present') AND s.ends_at > $2`,
		g.ID, s.now().Add(-doorsAfter).UnixMilli())
}

// DutyByID finds one of the person's own assignments, in any state.
func (s *Store) DutyByID(ctx context.Context, g Guest, id string) (_ Duty, err error) {
	defer errs.Wrap(&err, "duty %s of %s", id, g.ID)
	list, err := s.duties(ctx, s.db.Reader(), `a.id = $1 AND a.practitioner = $2 AND a.state <> 'proposed'`, id, g.ID)
	if err == nil && len(list) == 0 {
		err = errs.New(errs.NotFound, "没有找到这一场，可能已经调整。请回到您的安排重新打开。", "no such duty")
	}
	if err != nil {
		return Duty{}, err
	}
	return list[0], nil
}

// Staffing lists all assignments of a session, live ones first; for staff.
func (s *Store) Staffing(ctx context.Context, actor auth.Actor, session string) (_ []Assignment, err error) {
	defer errs.Wrap(&err, "staffing of session %s", session)
	if err := actor.Must(auth.Sessions); err != nil {
		return nil, err
	}
	if err := oursBy(ctx, s.db.Reader(), actor, townOfSession, session); err != nil {
		return nil, err
	}
	list, err := assignments(ctx, s.db.Reader(), `WHERE a.session = $1 ORDER BY a.id`, session)
	slices.SortStableFunc(list, func(a, b Assignment) int { return bit(b.State.Live()) - bit(a.State.Live()) })
	return list, err
}

// PersonDuties lists a person's live assignments to come, for the coordinator's
// page of the person.
func (s *Store) PersonDuties(ctx context.Context, actor auth.Actor, person string) (_ []Duty, err error) {
	defer errs.Wrap(&err, "duties of person %s", person)
	if err := actor.Must(auth.Sessions); err != nil {
		return nil, err
	}
	if err := oursPerson(ctx, s.db.Reader(), actor, person, false); err != nil {
		return nil, err
	}
	cond, args := inTowns(actor, "s.town", 2)
	return s.duties(ctx, s.db.Reader(), `a.practitioner = $1 AND a.state IN ('invited', 'accepted', 'moved') AND s.ends_at > $2`+cond,
		append([]any{person, s.now().UnixMilli()}, args...)...)
}
