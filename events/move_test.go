package events

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/db/dbtest"
	"github.com/songfa/songfa/internal/errs"
)

// inHall is a published session in the hall, with two people signed up.
func inHall(t *testing.T, s *Store, v Venue, title string, starts time.Time) Session {
	t.Helper()
	se, err := s.CreateSession(t.Context(), staff, SessionForm{Type: Community, Title: title, VenueID: v.ID, Capacity: 20,
		Starts: starts, Ends: starts.Add(time.Hour)})
	se = must(t, se, err)
	se, err = s.PublishSession(t.Context(), staff, se.ID, se.Version)
	se = must(t, se, err)
	for _, phone := range []string{"13800138000", "13800138001"} {
		_, err := s.StaffSignUp(t.Context(), staff, SignUp{Session: se.ID, Name: "张三", Phone: phone, Party: 2, Consent: "signup-2026"})
		must(t, 0, err)
	}
	se, err = s.SessionByID(t.Context(), se.ID)
	return must(t, se, err)
}

func moveTo(se Session, starts time.Time) MoveForm {
	f := se.Moving()
	f.Starts, f.Ends = starts, starts.Add(time.Hour)
	return f
}

func TestMoveTwiceInTenMinutes(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		s, now := newStore(t, d)
		v := towns(t, s)
		one := time.Date(2026, 12, 1, 13, 0, 0, 0, Zone)
		se := inHall(t, s, v, "讲座", one)
		told := len(outbox(t, s))
		se, err := s.MoveSession(t.Context(), staff, se.ID, se.Version, moveTo(se, one.Add(2*time.Hour)))
		se = must(t, se, err)
		*now = now.Add(9 * time.Minute)
		se, err = s.MoveSession(t.Context(), staff, se.ID, se.Version, moveTo(se, one.Add(4*time.Hour)))
		se = must(t, se, err)
		if se.Seq != 2 || len(se.History) != 2 || se.Taken != 4 {
			t.Errorf("seq %d, history %d, taken %d", se.Seq, len(se.History), se.Taken)
		}
		if got := bookings(t, s, v.ID); !slices.Equal(got, []string{"17:00 firm"}) {
			t.Errorf("booked %v", got)
		}
		live := slices.DeleteFunc(outbox(t, s)[told:], func(m string) bool { return strings.Contains(m, "cancelled") })
		if !slices.Equal(live, []string{"moved → registration", "moved → registration"}) {
			t.Errorf("two people are told %v", live)
		}
		*now = now.Add(time.Minute)
		se, err = s.MoveSession(t.Context(), staff, se.ID, se.Version, moveTo(se, one))
		se = must(t, se, err)
		live = slices.DeleteFunc(outbox(t, s)[told:], func(m string) bool { return strings.Contains(m, "cancelled") })
		if len(live) != 0 || !se.Starts.Equal(one) {
			t.Errorf("moved back before anybody knew: %v", live)
		}
	})
}

func TestMoveIsCheckedLikeTheFirstTime(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		s, now := newStore(t, d)
		v := towns(t, s)
		one := time.Date(2026, 12, 1, 13, 0, 0, 0, Zone)
		other := inHall(t, s, v, "别人的讲座", one)
		se := draft(t, s, "讲座", one)
		f := moveTo(se, one)
		f.VenueID = v.ID
		se, err := s.MoveSession(t.Context(), staff, se.ID, se.Version, moveTo(se, one.Add(time.Hour)))
		se = must(t, se, err)
		se, err = s.PublishSession(t.Context(), staff, se.ID, se.Version)
		se = must(t, se, err)
		into := func(starts time.Time) MoveForm {
			g := f
			g.Starts, g.Ends = starts, starts.Add(time.Hour)
			return g
		}
		for _, c := range []struct {
			name  string
			form  MoveForm
			kind  errs.Kind
			words string
		}{
			{"into somebody's hour", into(one.Add(30 * time.Minute)), errs.Conflict, "“文化站礼堂”已经定给《别人的讲座》（" + other.No + "，12月1日周二 13:00—14:00）。"},
			{"into the past", into(now.Add(-time.Hour)), errs.Invalid, "新的开始时间已经过去了"},
			{"nowhere", se.Moving(), errs.Invalid, "时间和地点都没有变"},
			{"thirteen hours", MoveForm{Starts: one, Ends: one.Add(13 * time.Hour), Venue: "文化站"}, errs.Invalid, "不能超过 12 小时"},
			{"an end before the start", MoveForm{Starts: one, Ends: one.Add(-time.Hour), Venue: "文化站"}, errs.Invalid, "结束时间应晚于开始时间"},
		} {
			if _, err := s.MoveSession(t.Context(), staff, se.ID, se.Version, c.form); !errs.Is(err, c.kind) || !strings.Contains(errs.MessageOf(err), c.words) {
				t.Errorf("%s: %v, %s", c.name, err, errs.MessageOf(err))
			}
		}
		if _, err := s.MoveSession(t.Context(), staff, se.ID, se.Version-1, into(one.Add(time.Hour))); !errs.Is(err, errs.Conflict) {
			t.Errorf("a stale version: %v", err)
		}
		se, err = s.MoveSession(t.Context(), staff, se.ID, se.Version, into(one.Add(time.Hour)))
		if se = must(t, se, err); se.Venue != "文化站礼堂" || se.Address != "湖滨路 20 号" || se.Town != "donghu" {
			t.Errorf("back to back in the hall: %+v", se)
		}
		se, err = s.CancelSession(t.Context(), staff, se.ID, se.Version, "停电")
		se = must(t, se, err)
		if _, err := s.MoveSession(t.Context(), staff, se.ID, se.Version, into(one.Add(3*time.Hour))); !strings.Contains(errs.MessageOf(err), "该场次现在是“已取消”") {
			t.Errorf("moving what is cancelled: %s", errs.MessageOf(err))
		}
	})
}

func TestHolidayMovesWantAReason(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		s, now := newStore(t, d)
		*now = time.Date(2026, 9, 1, 9, 0, 0, 0, Zone)
		se := shown(t, s, "讲座", time.Date(2026, 9, 30, 9, 0, 0, 0, Zone))
		f := moveTo(se, time.Date(2026, 10, 1, 9, 0, 0, 0, Zone))
		if _, err := s.MoveSession(t.Context(), staff, se.ID, se.Version, f); errs.FieldOf(err) != "override" || !strings.Contains(errs.MessageOf(err), "国庆节放假") {
			t.Errorf("onto National Day: %v, %s", err, errs.MessageOf(err))
		}
		f.Override = "广场宣传就在国庆"
		se, err := s.MoveSession(t.Context(), staff, se.ID, se.Version, f)
		se = must(t, se, err)
		f = moveTo(se, time.Date(2026, 10, 10, 9, 0, 0, 0, Zone)) // a Saturday made up for work
		se, err = s.MoveSession(t.Context(), staff, se.ID, se.Version, f)
		se = must(t, se, err)
		f = moveTo(se, time.Date(2031, 10, 1, 9, 0, 0, 0, Zone)) // a year nobody knows never blocks
		_, err = s.MoveSession(t.Context(), staff, se.ID, se.Version, f)
		must(t, 0, err)
	})
}

func TestPostponedTakesItsPlaceAgain(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		s, _ := newStore(t, d)
		v := towns(t, s)
		one := time.Date(2026, 12, 1, 13, 0, 0, 0, Zone)
		se := inHall(t, s, v, "讲座", one)
		se, err := s.PostponeSession(t.Context(), staff, se.ID, se.Version, "台风")
		se = must(t, se, err)
		if len(bookings(t, s, v.ID)) != 0 || se.Taken != 4 {
			t.Errorf("postponed: booked %v, %d signed up", bookings(t, s, v.ID), se.Taken)
		}
		rival := inHall(t, s, v, "别人的讲座", one)
		if _, err := s.PublishSession(t.Context(), staff, se.ID, se.Version); !strings.Contains(errs.MessageOf(err), rival.No) {
			t.Errorf("back into somebody's hour: %v", errs.MessageOf(err))
		}
		se, err = s.MoveSession(t.Context(), staff, se.ID, se.Version, moveTo(se, one.Add(24*time.Hour)))
		se = must(t, se, err)
		se, err = s.PublishSession(t.Context(), staff, se.ID, se.Version)
		if se = must(t, se, err); se.State != Published || len(bookings(t, s, v.ID)) != 2 {
			t.Errorf("again published: %s, booked %v", se.State, bookings(t, s, v.ID))
		}
		se, err = s.CancelSession(t.Context(), staff, se.ID, se.Version, "讲课人病了")
		se = must(t, se, err)
		if got := fmt.Sprint(outbox(t, s)); strings.Count(got, "cancelled → registration") != 2 {
			t.Errorf("told of the cancellation: %s", got)
		}
		if _, err := s.CancelSession(t.Context(), staff, se.ID, se.Version, "再说一次"); !errs.Is(err, errs.Conflict) {
			t.Errorf("cancelled twice: %v", err)
		}
	})
}

func TestPublicationIsChecked(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		s, now := newStore(t, d)
		v := towns(t, s)
		se := taken(t, s, v, idem, nil)
		se, err := s.Decide(t.Context(), staff, se.ID, se.Version, Decision{To: Accepted, Wish: 1})
		se = must(t, se, err)
		if _, err := s.PublishSession(t.Context(), staff, se.ID, se.Version); !strings.Contains(errs.MessageOf(err), "该场次现在是“已同意·待排班”") {
			t.Errorf("published without staff: %s", errs.MessageOf(err))
		}
		if _, err := s.Schedule(t.Context(), staff, se.ID, se.Version, ""); errs.FieldOf(err) != "staffing" {
			t.Errorf("scheduled without a lawyer: %v", err)
		}
		if _, err := s.Schedule(t.Context(), staff, se.ID, se.Version, "先排上再说"); errs.FieldOf(err) != "staffing" {
			t.Errorf("a block overridden: %v", err)
		}
		if err := s.SetNeeds(t.Context(), staff, se.ID, []Need{{Role: RoleVolunteer, Qty: 1}}); err != nil {
			t.Fatal(err)
		}
		se, err = s.SessionByID(t.Context(), se.ID)
		se = must(t, se, err)
		if _, err := s.Schedule(t.Context(), staff, se.ID, se.Version, ""); errs.FieldOf(err) != "override" {
			t.Errorf("scheduled without the volunteer: %v", err)
		}
		se, err = s.Schedule(t.Context(), staff, se.ID, se.Version, "企业自己有人")
		se = must(t, se, err)
		if _, err := s.PublishSession(t.Context(), staff, se.ID, se.Version); errs.FieldOf(err) != "reviewed" {
			t.Errorf("published unread: %v", err)
		}
		p := Publication{Reviewed: true, SignUpUntil: se.Starts.Add(time.Minute)}
		se, err = s.PreparePublication(t.Context(), staff, se.ID, se.Version, p)
		se = must(t, se, err)
		if _, err := s.PublishSession(t.Context(), staff, se.ID, se.Version); errs.FieldOf(err) != "notice" {
			t.Errorf("published without a notice: %v", err)
		}
		p.Notice = Notices()[0].Version
		se, err = s.PreparePublication(t.Context(), staff, se.ID, se.Version, p)
		se = must(t, se, err)
		if _, err := s.PublishSession(t.Context(), staff, se.ID, se.Version); errs.FieldOf(err) != "signup_until" {
			t.Errorf("sign-up until after the start: %v", err)
		}
		p.SignUpUntil = se.Starts
		se, err = s.PreparePublication(t.Context(), staff, se.ID, se.Version, p)
		se = must(t, se, err)
		se, err = s.PublishSession(t.Context(), staff, se.ID, se.Version)
		if se = must(t, se, err); se.Seq != 0 || !se.FirstPublished.Equal(*now) {
			t.Errorf("published: %+v", se)
		}
		if got := outbox(t, s); !slices.Contains(got, "published → organizer") {
			t.Errorf("the host is told %v", got)
		}
	})
}

func TestTwoPersonsPublish(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		s, now := newStore(t, d)
		s.rules.TwoPerson = true
		se := draft(t, s, "讲座", now.AddDate(0, 0, 10))
		if _, err := s.PublishSession(t.Context(), staff, se.ID, se.Version); !errs.Is(err, errs.Forbidden) {
			t.Errorf("published by its author: %v", err)
		}
		se, err := s.PublishSession(t.Context(), second, se.ID, se.Version)
		must(t, se, err)
	})
}

// What happens before publication, only the host hears; what the host did is not
// told back.
func TestHostHearsOfWhatIsNotYetPublic(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		s, _ := newStore(t, d)
		v := towns(t, s)
		se := taken(t, s, v, idem, nil)
		se, err := s.Decide(t.Context(), staff, se.ID, se.Version, Decision{To: Accepted, Wish: 1})
		se = must(t, se, err)
		told := len(outbox(t, s))
		se, err = s.MoveSession(t.Context(), staff, se.ID, se.Version, moveTo(se, se.Starts.Add(time.Hour)))
		se = must(t, se, err)
		se, err = s.CancelSession(t.Context(), staff, se.ID, se.Version, "讲课人病了")
		must(t, se, err)
		if got := outbox(t, s)[told:]; !slices.Equal(got, []string{"moved → organizer (cancelled)", "cancelled → organizer"}) {
			t.Errorf("told %v", got)
		}
		other := handIn(t, s, v, idem+"2", another)
		told = len(outbox(t, s))
		_, err = s.WithdrawRequest(t.Context(), other.ID, other.Version, "")
		must(t, 0, err)
		if got := outbox(t, s)[told:]; !slices.Equal(got, []string{"withdrawn → coordinator"}) {
			t.Errorf("told %v", got)
		}
	})
}

// Every pair of states is either a row of the table or a Conflict that names the
// state the session is in. The use cases of the coordinator are tried for real.
func TestEveryPairOfStates(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		s, now := newStore(t, d)
		steps := map[State]func(Session) error{
			InReview: func(se Session) error { _, err := s.Take(t.Context(), staff, se.ID, se.Version); return err },
			Accepted: func(se Session) error { return decideTo(t, s, se, Decision{To: Accepted}) },
			Returned: func(se Session) error { return decideTo(t, s, se, Decision{To: Returned, Reason: "补正"}) },
			Rejected: func(se Session) error {
				return decideTo(t, s, se, Decision{To: Rejected, Reason: "排满", Alternative: "下月"})
			},
			Scheduled: func(se Session) error {
				_, err := s.Schedule(t.Context(), staff, se.ID, se.Version, "测试")
				return err
			},
			Published: func(se Session) error { _, err := s.PublishSession(t.Context(), staff, se.ID, se.Version); return err },
			Postponed: func(se Session) error {
				_, err := s.PostponeSession(t.Context(), staff, se.ID, se.Version, "台风")
				return err
			},
			Cancelled: func(se Session) error {
				_, err := s.CancelSession(t.Context(), staff, se.ID, se.Version, "台风")
				return err
			},
			Withdrawn: func(se Session) error { _, err := s.WithdrawSession(t.Context(), staff, se.ID, se.Version); return err },
			Held:      func(se Session) error { _, err := s.MarkHeld(t.Context(), staff, se.ID, se.Version); return err },
			NotHeld: func(se Session) error {
				_, err := s.MarkNotHeld(t.Context(), staff, se.ID, se.Version, "停电")
				return err
			},
		}
		for _, from := range States() {
			for to, step := range steps {
				se := draft(t, s, "从一到二", now.Add(time.Hour))
				set(t, s, se.ID, from, time.Time{})
				err := step(se)
				switch {
				case from.May(ByCoordinator, to):
					// It may ask for people, a time that has begun, a poster that was read: never "not from here".
					if err != nil && !errs.Is(err, errs.Invalid) {
						t.Errorf("%s → %s: %v", from, to, err)
					}
				case from.CanBecome(to):
					if !errs.Is(err, errs.Conflict) {
						t.Errorf("%s → %s is not the coordinator's: %v", from, to, err)
					}
				case !errs.Is(err, errs.Conflict) || !strings.Contains(errs.MessageOf(err), "现在是“"+from.Label()+"”"):
					t.Errorf("%s → %s: %v, %s", from, to, err, errs.MessageOf(err))
				}
			}
		}
	})
}

func decideTo(t *testing.T, s *Store, se Session, d Decision) error {
	_, err := s.Decide(t.Context(), staff, se.ID, se.Version, d)
	return err
}

// The table as the product describes it (events.md 2.2), written down a second
// time so that a slip in one of them shows.
func TestTransitionTable(t *testing.T) {
	const want = `
draft: submitted accepted published withdrawn
submitted: in_review withdrawn
in_review: returned rejected accepted withdrawn
returned: submitted withdrawn
accepted: scheduled cancelled withdrawn
scheduled: published postponed cancelled
published: postponed cancelled held
postponed: published cancelled
held: not_held reported
reported: report_returned verified
report_returned: reported
verified: archived
archived:
withdrawn:
rejected:
cancelled:
not_held:`
	allowed := make(map[State][]State)
	for line := range strings.SplitSeq(strings.TrimSpace(want), "\n") {
		from, to, _ := strings.Cut(line, ":")
		allowed[State(from)] = nil
		for next := range strings.FieldsSeq(to) {
			allowed[State(from)] = append(allowed[State(from)], State(next))
		}
	}
	if len(allowed) != len(States()) {
		t.Fatalf("%d states are described, there are %d", len(allowed), len(States()))
	}
	for _, from := range States() {
		for _, to := range States() {
			if got := from.CanBecome(to); got != slices.Contains(allowed[from], to) {
				t.Errorf("%s → %s: %v", from, to, got)
			}
			if err := from.step(to); (err == nil) != from.CanBecome(to) || err != nil && !errs.Is(err, errs.Conflict) {
				t.Errorf("%s → %s: %v", from, to, err)
			}
		}
	}
}

func TestStaleSaveSaysWhatDiffers(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		s, now := newStore(t, d)
		se := draft(t, s, "讲座", now.AddDate(0, 0, 10))
		form := se.Form()
		form.Title = "讲座（改）"
		_, err := s.SaveSession(t.Context(), staff, se.ID, se.Version, form)
		must(t, 0, err)
		mine := se.Form()
		mine.Capacity = 30
		_, err = s.SaveSession(t.Context(), auth.Actor{ID: "u2", Roles: []auth.Role{auth.Coordinator}}, se.ID, se.Version, mine)
		if want := "该场次已被他人修改，现在是“草稿”。和您填的不同的是：标题、名额。请对照新的内容后再保存。"; errs.MessageOf(err) != want || !errs.Is(err, errs.Conflict) {
			t.Errorf("got %s", errs.MessageOf(err))
		}
	})
}
