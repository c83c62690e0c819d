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

var second = auth.Actor{ID: "u2", Name: "李协调", Roles: []auth.Role{auth.Coordinator}}

// taken hands in a request and takes it.
func taken(t *testing.T, s *Store, v Venue, key string, change func(*RequestForm)) Session {
	t.Helper()
	r := handIn(t, s, v, key, change)
	se, err := s.Take(t.Context(), staff, r.Session.ID, r.Session.Version)
	return must(t, se, err)
}

// another is a second unit that wants the same.
func another(f *RequestForm) { f.Unit, f.Wishes = "北园建筑公司", f.Wishes[:1] }

func TestTwoCoordinatorsApproveOneVenue(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		s, _ := newStore(t, d)
		v := towns(t, s)
		a, b := taken(t, s, v, idem, nil), taken(t, s, v, idem+"2", another)

		w, err := s.Work(t.Context(), second, b.ID)
		w = must(t, w, err)
		if c := w.Conflicts[1]; len(c) != 1 || c[0].Kind != ConflictRival || c[0].No != a.No || c[0].Block {
			t.Errorf("before the click: %+v", c)
		}
		if w.Contact != "陈*" || w.Form.Contact != "陈*" || w.Form.Phone != "138****8000" {
			t.Errorf("staff see %q %q %q", w.Contact, w.Form.Contact, w.Form.Phone)
		}
		a, err = s.Decide(t.Context(), staff, a.ID, a.Version, Decision{To: Accepted, Wish: 1})
		if a = must(t, a, err); a.State != Accepted || !slices.Equal(bookings(t, s, v.ID), []string{"15:00 firm", "15:00 wish"}) {
			t.Errorf("accepted: %s, booked %v", a.State, bookings(t, s, v.ID))
		}
		_, err = s.Decide(t.Context(), second, b.ID, b.Version, Decision{To: Accepted, Wish: 1})
		if !errs.Is(err, errs.Conflict) || !strings.Contains(errs.MessageOf(err), "已经定给《"+a.Title+"》（"+a.No+"，12月3日周四 15:00—16:30）") {
			t.Errorf("the second is told: %s", errs.MessageOf(err))
		}
		if got := outbox(t, s); !slices.Contains(got, "lost_wish → coordinator") || !slices.Contains(got, "accepted → organizer") {
			t.Errorf("messages %v", got)
		}
		w, err = s.Work(t.Context(), second, b.ID)
		if w = must(t, w, err); len(w.Conflicts[1]) != 1 || !w.Conflicts[1][0].Block {
			t.Errorf("after the click: %+v", w.Conflicts[1])
		}
		b, err = s.Decide(t.Context(), second, b.ID, b.Version, Decision{To: Rejected, Reason: "礼堂已经定出", Alternative: "可以改到北园街道活动中心"})
		if b = must(t, b, err); b.State != Rejected || b.Alternative != "可以改到北园街道活动中心" {
			t.Errorf("rejected: %+v", b)
		}
	})
}

func TestDecisionsAreReleasedTogether(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		s, _ := newStore(t, d)
		v := towns(t, s)
		a, b := taken(t, s, v, idem, nil), taken(t, s, v, idem+"2", another)
		c := taken(t, s, v, idem+"3", func(f *RequestForm) { f.Unit, f.Venue, f.VenueID = "石桥水厂", "工棚", "" })
		hold := func(se Session, d Decision) error {
			d.Hold = true
			_, err := s.Decide(t.Context(), staff, se.ID, se.Version, d)
			return err
		}
		before := outbox(t, s)
		if err := hold(a, Decision{To: Accepted, Wish: 1}); err != nil {
			t.Fatal(err)
		}
		if err := hold(b, Decision{To: Accepted, Wish: 1}); !errs.Is(err, errs.Conflict) || !strings.Contains(errs.MessageOf(err), "正暂留给") {
			t.Errorf("the venue is promised in a held answer: %v", err)
		}
		if err := hold(c, Decision{To: Returned, Reason: "工棚有多大"}); err != nil {
			t.Fatal(err)
		}
		if got := outbox(t, s); !slices.Equal(got, before) {
			t.Errorf("somebody was told already: %v", got[len(before):])
		}
		reqs, err := s.Inbox(t.Context(), staff, InboxFilter{Stage: StageReview})
		if err != nil || len(reqs) != 3 {
			t.Fatalf("%d in review: %v", len(reqs), err)
		}
		if owner := reqOf(t, s, a); owner.State != InReview || owner.Reason != "" || owner.Session.Pending != nil {
			t.Errorf("the organizer sees %+v", owner.Session.Pending)
		}
		released, err := s.ReleaseDecisions(t.Context(), second)
		if err != nil || len(released) != 2 {
			t.Fatalf("released %+v: %v", released, err)
		}
		for _, r := range released {
			if r.Err != nil || r.Session.Pending != nil {
				t.Errorf("%s: %v, pending %v", r.Session.No, r.Err, r.Session.Pending)
			}
		}
		if got := outbox(t, s)[len(before):]; !slices.Equal(got, []string{"lost_wish → coordinator", "accepted → organizer", "returned → organizer"}) {
			t.Errorf("told %v", got)
		}
		if again, err := s.ReleaseDecisions(t.Context(), second); err != nil || len(again) != 0 {
			t.Errorf("released again: %v %v", again, err)
		}
	})
}

// reqOf is the request of a session as its owner sees it.
func reqOf(t *testing.T, s *Store, se Session) Request {
	t.Helper()
	row, err := getRequest(t.Context(), s.db.Reader(), "session = $1", se.ID)
	if err != nil {
		t.Fatal(err)
	}
	r, err := s.RequestByID(t.Context(), row.ID)
	return must(t, r, err)
}

func TestHoldLapsesAfterFiveWorkingDays(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		s, now := newStore(t, d)
		v := towns(t, s)
		a, b := taken(t, s, v, idem, nil), taken(t, s, v, idem+"2", another)
		a, err := s.HoldWish(t.Context(), staff, a.ID, a.Version, 1)
		a = must(t, a, err)
		if _, err := s.HoldWish(t.Context(), second, b.ID, b.Version, 1); !errs.Is(err, errs.Conflict) {
			t.Errorf("held twice: %v", err)
		}
		*now = time.Date(2026, 11, 27, 8, 59, 59, 0, Zone) // the fifth working day, a second too early
		if _, err := s.HoldWish(t.Context(), second, b.ID, b.Version, 1); !errs.Is(err, errs.Conflict) {
			t.Errorf("before it lapses: %v", err)
		}
		*now = now.Add(time.Second)
		b, err = s.HoldWish(t.Context(), second, b.ID, b.Version, 1)
		b = must(t, b, err)
		if got := fmt.Sprint(bookings(t, s, v.ID)); got != "[15:00 hold 15:00 wish 15:00 wish]" {
			t.Errorf("booked %v", got)
		}
		if _, err := s.HoldWish(t.Context(), staff, a.ID, a.Version, 7); errs.FieldOf(err) != "wish" {
			t.Errorf("a wish nobody had: %v", err)
		}
	})
}

func TestVenueTooSmall(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		s, _ := newStore(t, d)
		v := towns(t, s)
		a := taken(t, s, v, idem, func(f *RequestForm) { f.Expected = 61 })
		_, err := s.Decide(t.Context(), staff, a.ID, a.Version, Decision{To: Accepted, Wish: 1})
		if !errs.Is(err, errs.Conflict) || !strings.Contains(errs.MessageOf(err), "能坐 60 人，这一场要 61 人") {
			t.Errorf("61 people in a hall for 60: %s", errs.MessageOf(err))
		}
	})
}

func TestWhoMayDecide(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		s, _ := newStore(t, d)
		v := towns(t, s)
		r := handIn(t, s, v, idem, nil)
		editor := auth.Actor{ID: "u9", Roles: []auth.Role{auth.Editor}}
		if _, err := s.Take(t.Context(), editor, r.Session.ID, r.Session.Version); !errs.Is(err, errs.Forbidden) {
			t.Errorf("an editor takes a request: %v", err)
		}
		if _, _, err := s.RevealContact(t.Context(), editor, r.Session.ID, "想看看"); !errs.Is(err, errs.Forbidden) {
			t.Errorf("an editor sees the phone: %v", err)
		}
		if _, _, err := s.RevealContact(t.Context(), staff, r.Session.ID, " "); !errs.Is(err, errs.Invalid) {
			t.Errorf("revealed without a reason: %v", err)
		}
		name, phone, err := s.RevealContact(t.Context(), staff, r.Session.ID, "电话核对时间")
		if err != nil || name != "陈霞" || phone != "13800138000" {
			t.Errorf("revealed %q %q: %v", name, phone, err)
		}
		se, err := s.Take(t.Context(), staff, r.Session.ID, r.Session.Version)
		se = must(t, se, err)
		if _, err := s.Take(t.Context(), second, se.ID, se.Version); errs.MessageOf(err) != "该场次现在是“审核中”，王协调正在办理。" {
			t.Errorf("taken twice: %s", errs.MessageOf(err))
		}
	})
}
