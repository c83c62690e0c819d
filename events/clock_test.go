package events

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/db/dbtest"
	"github.com/songfa/songfa/internal/errs"
)

// shown is a published session of the bureau's own.
func shown(t *testing.T, s *Store, title string, starts time.Time) Session {
	t.Helper()
	se := draft(t, s, title, starts)
	se, err := s.PublishSession(t.Context(), staff, se.ID, se.Version)
	return must(t, se, err)
}

func tick(t *testing.T, s *Store) Ticked {
	t.Helper()
	done, err := s.Tick(t.Context())
	return must(t, done, err)
}

func TestClockEndsAndArchives(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		s, now := newStore(t, d)
		// Over midnight of the last day of the year, for the last second counts.
		se := shown(t, s, "跨年咨询", time.Date(2026, 12, 31, 22, 59, 0, 0, Zone)) // until 23:59
		*now = time.Date(2026, 12, 31, 23, 58, 59, 0, Zone)
		if done := tick(t, s); done.Held != 0 {
			t.Errorf("a second before its end: %+v", done)
		}
		*now = now.Add(time.Second)
		if done := tick(t, s); done.Held != 1 {
			t.Errorf("at its end: %+v", done)
		}
		got, err := s.SessionByID(t.Context(), se.ID)
		got = must(t, got, err)
		if got.State != Held || !got.HeldAt.Equal(se.Ends) || got.Due.Format("2006-01-02 15:04") != "2027-01-05 23:59" {
			t.Errorf("%s, outcome due %v", got.State, got.Due) // 2027 has no notice: January 1 is a Friday like any
		}
		if done := tick(t, s); done != (Ticked{}) {
			t.Errorf("a second turn did %+v", done)
		}
		set(t, s, se.ID, Verified, *now)
		*now = now.AddDate(0, 0, 30).Add(-time.Second)
		if done := tick(t, s); done.Archived != 0 {
			t.Errorf("a second before thirty days: %+v", done)
		}
		*now = now.Add(time.Second)
		if done := tick(t, s); done.Archived != 1 {
			t.Errorf("after thirty days: %+v", done)
		}
	})
}

// set puts a session into a state, whatever the table says.
func set(t *testing.T, s *Store, id string, state State, verified time.Time) {
	t.Helper()
	err := s.db.Update(t.Context(), func(ctx context.Context, tx *db.Tx) error {
		_, err := db.Exec(ctx, tx, `UPDATE session SET state = $2, verified_at = $3 WHERE id = $1`, id, state, db.Millis(verified))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestClockThrowsDraftsAway(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		s, now := newStore(t, d)
		v := towns(t, s)
		r, err := s.StartRequest(t.Context(), asked(), idem)
		r = must(t, r, err)
		kept := handIn(t, s, v, idem+"2", nil)
		*now = now.AddDate(0, 0, 29)
		r, err = s.SaveRequest(t.Context(), r.ID, r.Version, r.Form, "check")
		r = must(t, r, err)
		*now = now.AddDate(0, 0, 29)
		if done := tick(t, s); done.Expired != 0 {
			t.Errorf("saved 29 days ago: %+v", done)
		}
		*now = now.AddDate(0, 0, 1)
		if done := tick(t, s); done.Expired != 1 {
			t.Errorf("saved 30 days ago: %+v", done)
		}
		if _, err := s.RequestByID(t.Context(), r.ID); !errs.Is(err, errs.NotFound) {
			t.Errorf("the draft is still there: %v", err)
		}
		if _, err := s.RequestByID(t.Context(), kept.ID); err != nil {
			t.Errorf("what was handed in is gone: %v", err)
		}
	})
}

func TestClockAsksForOutcomesThreeTimes(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		s, now := newStore(t, d)
		v := towns(t, s)
		se := taken(t, s, v, idem, nil)
		se, err := s.Decide(t.Context(), staff, se.ID, se.Version, Decision{To: Accepted, Wish: 1})
		se = must(t, se, err)
		set(t, s, se.ID, Published, time.Time{})
		*now = se.Ends // Thursday 3 December, outcome due on Tuesday the 8th
		tick(t, s)
		var asked []string
		for *now = midnight(*now); now.Before(se.Ends.AddDate(0, 0, 40)); *now = now.AddDate(0, 0, 1) {
			if done := tick(t, s); done.Reminded > 0 {
				asked = append(asked, fmt.Sprintf("%s %d", dateOf(*now), done.Reminded))
			}
		}
		if want := []string{"2026-12-11 1", "2026-12-15 1", "2026-12-22 1"}; !slices.Equal(asked, want) {
			t.Errorf("asked on %v, want %v", asked, want)
		}
		got := strings.Join(outbox(t, s), "|")
		for _, kind := range []string{"report_due → organizer", "report_overdue_3 → organizer", "report_overdue_10 → organizer", "report_overdue_10 → coordinator"} {
			if strings.Count(got, kind) != 1 {
				t.Errorf("%s: %d times in %s", kind, strings.Count(got, kind), got)
			}
		}
		risks, err := s.AtRisk(t.Context(), staff)
		if err != nil || len(risks) != 1 || risks[0].Reason != "应在12月8日周二前报结果，已经过期。" {
			t.Errorf("at risk %+v: %v", risks, err)
		}
		r, err := s.StartRequest(t.Context(), asked2027(), idem+"9")
		r = must(t, r, err)
		if len(r.Warnings) == 0 || r.Warnings[0].Message != "这个单位还有 1 场活动没有报结果，请先补报。" {
			t.Errorf("the next request warns of %v", r.Warnings)
		}
	})
}

func asked2027() RequestForm {
	f := asked()
	for i := range f.Wishes {
		f.Wishes[i].Starts = f.Wishes[i].Starts.AddDate(0, 4, 0)
	}
	return f
}

func TestAttendeesAreRemindedOnce(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		s, now := newStore(t, d)
		se := draft(t, s, "讲座", now.AddDate(0, 0, 5))
		form := se.Form()
		form.Capacity = 10
		se, err := s.SaveSession(t.Context(), staff, se.ID, se.Version, form)
		se = must(t, se, err)
		se, err = s.PublishSession(t.Context(), staff, se.ID, se.Version)
		se = must(t, se, err)
		_, err = s.StaffSignUp(t.Context(), staff, SignUp{Session: se.ID, Name: "张三", Phone: "13800138000", Party: 2, Consent: "signup-2026"})
		must(t, 0, err)
		*now = se.Starts.Add(-remindAhead - time.Second)
		if done := tick(t, s); done.Reminded != 0 {
			t.Errorf("too early: %+v", done)
		}
		*now = now.Add(time.Second)
		first, again := tick(t, s), tick(t, s)
		if first.Reminded != 1 || again.Reminded != 0 {
			t.Errorf("reminded %d, then %d", first.Reminded, again.Reminded)
		}
		// Moved before anybody was told: one reminder is left, with the new hour.
		se, err = s.SessionByID(t.Context(), se.ID)
		se = must(t, se, err)
		move := se.Moving()
		move.Starts, move.Ends = move.Starts.Add(time.Hour), move.Ends.Add(time.Hour)
		se, err = s.MoveSession(t.Context(), staff, se.ID, se.Version, move)
		se = must(t, se, err)
		*now = se.Starts.Add(-remindAhead)
		tick(t, s)
		var bodies []string
		err = db.Select(t.Context(), d.Reader(), &bodies, `SELECT body FROM message WHERE kind = 'reminder' AND state <> 'cancelled'`)
		if bodies = must(t, bodies, err); len(bodies) != 1 || !strings.Contains(bodies[0], se.When()) {
			t.Errorf("reminders left: %v, want one for %s", bodies, se.When())
		}
	})
}

// A session with people checked in did take place, unless somebody says why not.
func TestNotHeldInSpiteOfCheckIns(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		s, now := newStore(t, d)
		se := shown(t, s, "讲座", now.Add(time.Hour))
		*now = se.Starts
		_, err := s.CheckInByStaff(t.Context(), staff, se.ID, []Scan{{UUID: db.NewID(), Method: WalkIn, Qty: 3, At: *now}})
		must(t, 0, err)
		*now = se.Ends
		tick(t, s)
		se, err = s.SessionByID(t.Context(), se.ID)
		se = must(t, se, err)
		if _, err := s.MarkNotHeld(t.Context(), staff, se.ID, se.Version, "停电"); errs.FieldOf(err) != "override" || !strings.Contains(errs.MessageOf(err), "已经有 1 次签到") {
			t.Errorf("not held with somebody checked in: %v, %s", err, errs.MessageOf(err))
		}
		se, err = s.MarkNotHeldAnyway(t.Context(), staff, se.ID, se.Version, "停电", "签到的是来看场地的同事")
		if se = must(t, se, err); se.State != NotHeld || se.Reason != "停电" || !se.Due.IsZero() {
			t.Errorf("not held: %+v", se)
		}
	})
}
