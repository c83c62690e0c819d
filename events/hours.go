package events

import (
	"context"
	"time"

	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/errs"
)

// HoursSource says where a number of minutes comes from.
type HoursSource string

// The sources of hours.
const (
	FromCheckIn HoursSource = "checkin" // arrival and departure were pressed
	FromPlan    HoursSource = "plan"    // the session's own length
	FromHand    HoursSource = "manual"  // a person or the coordinator entered it
)

// Label is the Chinese name.
func (h HoursSource) Label() string {
	switch h {
	case FromCheckIn:
		return "签到"
	case FromPlan:
		return "按场次时长"
	}
	return "填写"
}

// maxService is the longest day of service; more is a slip.
const maxService = 12 * 60

// Hours are a person's time at one session.
type Hours struct {
	Duty
	LogID    string
	Version  int
	Minutes  int // that count
	Claimed  int // what the person says instead, 0 for nothing
	Source   HoursSource
	Approved time.Time // zero: nobody has yet
}

// Disputed reports that the coordinator has to decide.
func (h Hours) Disputed() bool { return h.Claimed > 0 && h.Claimed != h.Minutes }

// served is what the books know: from arrival to departure, or the session's
// length when one of them is missing.
func served(d Duty) (minutes int, source HoursSource) {
	if !d.Arrived.IsZero() && d.Left.After(d.Arrived) {
		return clampMinutes(d.Left.Sub(d.Arrived)), FromCheckIn
	}
	if !d.Arrived.IsZero() && d.Session.Ends.After(d.Arrived) {
		return clampMinutes(d.Session.Ends.Sub(d.Arrived)), FromCheckIn
	}
	return clampMinutes(d.Session.Ends.Sub(d.Session.Starts)), FromPlan
}

func clampMinutes(d time.Duration) int {
	return min(max(1, int(d.Round(time.Minute)/time.Minute)), maxService)
}

// Arrive and Leave are the person's own check-in and check-out. Pressing twice
// keeps the first arrival and the last departure.
func (s *Store) Arrive(ctx context.Context, g Guest, assignment string) (err error) {
	defer errs.Wrap(&err, "arrive at assignment %s", assignment)
	return s.own(ctx, g, assignment, func(ctx context.Context, tx *db.Tx, a Assignment, se Session) error {
		if !a.Arrived.IsZero() {
			return nil
		}
		if err := s.onSite(se); err != nil {
			return err
		}
		return s.present(ctx, tx, g.actor(), a, se, s.now())
	})
}

// Leave is the person's own check-out.
func (s *Store) Leave(ctx context.Context, g Guest, assignment string) (err error) {
	defer errs.Wrap(&err, "leave assignment %s", assignment)
	return s.own(ctx, g, assignment, func(ctx context.Context, tx *db.Tx, a Assignment, se Session) error {
		if a.Arrived.IsZero() {
			return errs.New(errs.Conflict, "还没有按“我到了”，请先按那一个；忘了按的，结束后直接填时长。", "leave before arrival")
		}
		if err := s.onSite(se); err != nil {
			return err
		}
		now := s.now().UnixMilli()
		_, err := db.Exec(ctx, tx, `UPDATE assignment SET left_at = $2, version = version + 1, updated_at = $2, updated_by = $3 WHERE id = $1`, a.ID, now, g.actor().ID)
		if err != nil {
			return err
		}
		s.ledger.Record(tx, g.actor().Entry("staff.leave", "session:"+se.ID, a.Role.Label()+personRef(a.Person)+"离场"))
		return nil
	})
}

// The door of the personal check-in: an hour before the start to six hours after
// the end.
const (
	doorsBefore = time.Hour
	doorsAfter  = 6 * time.Hour
)

// OnSite reports that check-in and tally are open.
func (se Session) OnSite(now time.Time) bool {
	open := se.State == Scheduled || se.State == Published || se.State == Held || se.State == ReportReturned
	return open && !now.Before(se.Starts.Add(-doorsBefore)) && now.Before(se.Ends.Add(doorsAfter))
}

func (s *Store) onSite(se Session) error {
	if se.OnSite(s.now()) {
		return nil
	}
	return errs.New(errs.Conflict, "现场签到和计数从开始前 1 小时开到结束后 6 小时。现在不在这段时间里；要补的请告诉活动负责人。", "session %s: not on site", se.ID)
}

// MarkPresent and MarkAbsent are the coordinator's word on who was there.
func (s *Store) MarkPresent(ctx context.Context, actor auth.Actor, assignment string, there bool) (err error) {
	defer errs.Wrap(&err, "mark assignment %s", assignment)
	if err := actor.Must(auth.Sessions); err != nil {
		return err
	}
	return s.onAssignment(ctx, actor, assignment, func(ctx context.Context, tx *db.Tx, a Assignment, se Session) error {
		if s.now().Before(se.Starts.Add(-doorsBefore)) {
			return errs.New(errs.Invalid, "这一场还没有开始，不能登记到场。", "session %s has not begun", se.ID)
		}
		if there {
			return s.present(ctx, tx, actor, a, se, time.Time{})
		}
		if err := a.State.step(DutyAbsent); err != nil {
			return err
		}
		if _, err := db.Exec(ctx, tx, `UPDATE assignment SET arrived_at = NULL, left_at = NULL WHERE id = $1`, a.ID); err != nil {
			return err
		}
		if _, err := db.Exec(ctx, tx, `DELETE FROM service_log WHERE session = $1 AND practitioner = $2`, se.ID, a.Person); err != nil {
			return err
		}
		s.ledger.Record(tx, actor.Entry("staff.absent", "session:"+se.ID, a.Role.Label()+personRef(a.Person)+"未到场"))
		return s.setDuty(ctx, tx, actor, a, DutyAbsent)
	})
}

// present notes that the person is there, at a moment or at an unknown one.
func (s *Store) present(ctx context.Context, tx *db.Tx, actor auth.Actor, a Assignment, se Session, at time.Time) error {
	if a.State != DutyPresent {
		if err := a.State.step(DutyPresent); err != nil {
			return err
		}
		if err := s.setDuty(ctx, tx, actor, a, DutyPresent); err != nil {
			return err
		}
	}
	if !at.IsZero() {
		if _, err := db.Exec(ctx, tx, `UPDATE assignment SET arrived_at = $2 WHERE id = $1`, a.ID, at.UnixMilli()); err != nil {
			return err
		}
	}
	s.ledger.Record(tx, actor.Entry("staff.present", "session:"+se.ID, a.Role.Label()+personRef(a.Person)+"到场"))
	return nil
}

// ClaimHours is what a person says about their own time. What differs from the
// books waits for the coordinator; what was approved stays.
func (s *Store) ClaimHours(ctx context.Context, g Guest, assignment string, minutes int) (err error) {
	defer errs.Wrap(&err, "claim hours of %s", assignment)
	if minutes < 1 || minutes > maxService {
		return errs.Bad("minutes", "服务时长应在 1 分钟至 12 小时之间。")
	}
	return s.own(ctx, g, assignment, func(ctx context.Context, tx *db.Tx, a Assignment, se Session) error {
		if !a.State.Comes() && a.State != DutyMoved || s.now().Before(se.Ends) || calledOff(Session{}, se) {
			return errs.New(errs.Conflict, "活动结束后、您确实到场的，才能填服务时长。", "claim in state %s", a.State)
		}
		h, err := logOf(ctx, tx, a)
		if err != nil {
			return err
		}
		if h != nil && h.ApprovedAt != nil {
			return errs.New(errs.Conflict, "这一场的时长已经核定，要改请告诉活动负责人。", "hours are approved")
		}
		if err := s.logHours(ctx, tx, Duty{a, se}); err != nil {
			return err
		}
		_, err = db.Exec(ctx, tx, `UPDATE service_log SET claimed = CASE WHEN minutes = $3 THEN 0 ELSE $3 END, version = version + 1, updated_at = $4
			WHERE session = $1 AND practitioner = $2`, se.ID, a.Person, minutes, s.now().UnixMilli())
		if err != nil {
			return err
		}
		s.ledger.Record(tx, g.actor().Entry("hours.claim", "session:"+se.ID, a.Role.Label()+personRef(a.Person)+"填报服务时长"))
		return nil
	})
}

type logRow struct {
	ID         string      `db:"id"`
	Minutes    int         `db:"minutes"`
	Claimed    int         `db:"claimed"`
	Source     HoursSource `db:"source"`
	ApprovedAt *int64      `db:"approved_at"`
	Version    int         `db:"version"`
}

// logOf is the row of one person at one session, nil for none.
func logOf(ctx context.Context, q db.Queryer, a Assignment) (*logRow, error) {
	var row logRow
	err := db.Get(ctx, q, &row, `SELECT id, minutes, claimed, source, approved_at, version FROM service_log
		WHERE session = $1 AND practitioner = $2`, a.SessionID, a.Person)
	if errs.Is(err, errs.NotFound) {
		return nil, nil
	}
	return &row, err
}

// logHours writes what the books know, unless somebody has decided already.
func (s *Store) logHours(ctx context.Context, tx *db.Tx, d Duty) error {
	minutes, source := served(d)
	_, err := db.Exec(ctx, tx, `INSERT INTO service_log (id, practitioner, session, minutes, claimed, source, approved_by, version, created_at, updated_at)
		VALUES ($1, $2, $3, $4, 0, $5, '', 1, $6, $6) ON CONFLICT (session, practitioner) DO UPDATE
		SET minutes = $4, source = $5, updated_at = $6 WHERE service_log.approved_at IS NULL AND service_log.source <> 'manual'`,
		db.NewID(), d.Person, d.SessionID, minutes, source, s.now().UnixMilli())
	return err
}

// proposeHours enters the hours of all who came, when the outcome is reported.
func (s *Store) proposeHours(ctx context.Context, tx *db.Tx, se Session) error {
	list, err := tied(ctx, tx, se.ID, DutyAccepted, DutyPresent)
	if err != nil {
		return err
	}
	for _, a := range list {
		if err := s.logHours(ctx, tx, Duty{a, se}); err != nil {
			return err
		}
	}
	return nil
}

// confirmHours approves what nobody disputes, when the outcome is verified.
func (s *Store) confirmHours(ctx context.Context, tx *db.Tx, actor auth.Actor, se Session) error {
	if err := s.proposeHours(ctx, tx, se); err != nil {
		return err
	}
	_, err := db.Exec(ctx, tx, `UPDATE service_log SET approved_at = $2, approved_by = $3, version = version + 1, updated_at = $2
		WHERE session = $1 AND approved_at IS NULL AND (claimed = 0 OR claimed = minutes)`, se.ID, s.now().UnixMilli(), actor.ID)
	return err
}

// ApproveHours is the coordinator's decision on a person's time at a session.
func (s *Store) ApproveHours(ctx context.Context, actor auth.Actor, assignment string, minutes int) (err error) {
	defer errs.Wrap(&err, "approve hours of %s", assignment)
	if err := actor.Must(auth.Sessions); err != nil {
		return err
	}
	if minutes < 1 || minutes > maxService {
		return errs.Bad("minutes", "服务时长应在 1 分钟至 12 小时之间。")
	}
	return s.onAssignment(ctx, actor, assignment, func(ctx context.Context, tx *db.Tx, a Assignment, se Session) error {
		if !a.State.Comes() || s.now().Before(se.Ends) {
			return errs.New(errs.Conflict, "活动结束后、确实到场的，才能核定服务时长。", "approve hours in state %s", a.State)
		}
		now := s.now().UnixMilli()
		if err := s.logHours(ctx, tx, Duty{a, se}); err != nil {
			return err
		}
		_, err := db.Exec(ctx, tx, `UPDATE service_log SET source = CASE WHEN minutes = $3 THEN source ELSE 'manual' END, minutes = $3, claimed = 0,
			approved_at = $4, approved_by = $5, version = version + 1, updated_at = $4 WHERE session = $1 AND practitioner = $2`,
			se.ID, a.Person, minutes, now, actor.ID)
		if err != nil {
			return err
		}
		s.ledger.Record(tx, actor.Entry("hours.approve", "session:"+se.ID, "核定"+a.Role.Label()+personRef(a.Person)+"的服务时长"))
		return nil
	})
}

// Service lists what a person has served, latest first: every session that has
// ended and that the person was at, with the hours where there are any. From and
// to narrow by day, "" without limit.
func (s *Store) Service(ctx context.Context, person, from, to string) (_ []Hours, err error) {
	defer errs.Wrap(&err, "service of %s", person)
	list, err := s.duties(ctx, s.db.Reader(), `a.practitioner = $1 AND a.state IN ('accepted', 'present') AND s.ends_at <= $2
		AND s.state NOT IN ('cancelled', 'not_held', 'postponed', 'withdrawn', 'rejected')`, person, s.now().UnixMilli())
	if err != nil {
		return nil, err
	}
	var out []Hours
	for i := len(list) - 1; i >= 0; i-- {
		if !within(list[i].Session.Day(), from, to) {
			continue
		}
		h, err := hoursOf(ctx, s.db.Reader(), list[i])
		if err != nil {
			return nil, err
		}
		out = append(out, h)
	}
	return out, nil
}

// hoursOf joins a duty with its row, or with what would be proposed.
func hoursOf(ctx context.Context, q db.Queryer, d Duty) (Hours, error) {
	h := Hours{Duty: d}
	row, err := logOf(ctx, q, d.Assignment)
	if err != nil {
		return h, err
	}
	if row == nil {
		h.Minutes, h.Source = served(d)
		return h, nil
	}
	h.LogID, h.Version, h.Minutes, h.Claimed, h.Source, h.Approved = row.ID, row.Version, row.Minutes, row.Claimed, row.Source, moment(row.ApprovedAt)
	return h, nil
}

// HoursOf is the time noted for one of the person's own assignments.
func (s *Store) HoursOf(ctx context.Context, g Guest, assignment string) (_ Hours, err error) {
	defer errs.Wrap(&err, "hours of assignment %s", assignment)
	d, err := s.DutyByID(ctx, g, assignment)
	if err != nil {
		return Hours{}, err
	}
	return hoursOf(ctx, s.db.Reader(), d)
}

// AssignmentHours is the time noted for an assignment; for staff.
func (s *Store) AssignmentHours(ctx context.Context, actor auth.Actor, assignment string) (_ Hours, err error) {
	defer errs.Wrap(&err, "hours of assignment %s", assignment)
	if err := actor.Must(auth.Sessions); err != nil {
		return Hours{}, err
	}
	list, err := s.duties(ctx, s.db.Reader(), `a.id = $1`, assignment)
	if err == nil && len(list) == 0 {
		err = errs.New(errs.NotFound, "", "no assignment %s", assignment)
	}
	if err == nil {
		err = ours(actor, list[0].Session.Town)
	}
	if err != nil {
		return Hours{}, err
	}
	return hoursOf(ctx, s.db.Reader(), list[0])
}
