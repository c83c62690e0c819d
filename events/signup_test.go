package events_test

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/songfa/songfa/events"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/db/dbtest"
	"github.com/songfa/songfa/internal/errs"
	"github.com/songfa/songfa/internal/ledger"
)

// open publishes a session for next week with so many places and a queue.
func (k *desk) open(capacity, waitCap int) events.Session {
	k.Helper()
	f := k.form()
	f.Starts, f.Ends, f.Capacity = f.Starts.AddDate(0, 0, 7), f.Ends.AddDate(0, 0, 7), capacity
	s := k.must(k.CreateSession(k.Context(), coordinator, f))
	s = k.must(k.PublishSession(k.Context(), coordinator, s.ID, s.Version))
	return k.must(k.SetQueue(k.Context(), coordinator, s.ID, s.Version, events.Queue{Cap: waitCap}))
}

// guest is a good form of the n-th person, each from an address of their own.
func guest(session string, n, party int) events.SignUp {
	return events.SignUp{Session: session, Name: "张三丰", Phone: fmt.Sprintf("138%08d", n), Party: party, Consent: "2026-11",
		IdemKey: fmt.Sprintf("form-key-%08d", n), Address: fmt.Sprintf("2001:db8:%x::1", n)}
}

func (k *desk) signUp(session string, n, party int) events.Registration {
	k.Helper()
	reg, err := k.SignUp(k.Context(), guest(session, n, party))
	if err != nil {
		k.Fatalf("guest %d: %v", n, err)
	}
	return reg
}

// check wants counters that equal the rows.
func (k *desk) checkCounters() {
	k.Helper()
	differences, err := k.RecountPlaces(k.Context())
	if err != nil || len(differences) > 0 {
		k.Fatalf("counters differ from rows: %+v, %v", differences, err)
	}
}

func (k *desk) counters(id string) [2]int {
	k.Helper()
	s := k.must(k.SessionByID(k.Context(), id))
	return [2]int{s.Taken, s.Waiting}
}

func last4(n int) string { return fmt.Sprintf("%04d", n%10000) }

func TestSignUpFillsQueuesAndPromotes(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		s := k.open(3, 3)
		a, b := k.signUp(s.ID, 1, 2), k.signUp(s.ID, 2, 1)
		if a.State != events.RegConfirmed || b.State != events.RegConfirmed || len(a.Code) != 10 || len(a.QR) != 26 || a.Code == b.Code || a.Name != "张三丰" {
			t.Fatalf("signed up: %+v, %+v", a, b)
		}
		c, dd, e := k.signUp(s.ID, 3, 2), k.signUp(s.ID, 4, 1), k.signUp(s.ID, 5, 1)
		if c.State != events.RegWaiting || c.Position != 1 || dd.Position != 2 || e.Position != 3 {
			t.Fatalf("queue: %+v %+v %+v", c, dd, e)
		}
		if _, err := k.SignUp(t.Context(), guest(s.ID, 6, 1)); !errs.Is(err, errs.Conflict) || !strings.Contains(errs.MessageOf(err), "满") {
			t.Fatalf("sixth: %v", err)
		}
		// One place becomes free; the party of two at the head does not fit, and nobody passes it.
		if _, err := k.CancelRegistration(t.Context(), b.Code, last4(2), ""); err != nil {
			t.Fatal(err)
		}
		if got := k.counters(s.ID); got != [2]int{2, 3} {
			t.Fatalf("taken and waiting %v after the first cancellation", got)
		}
		if _, err := k.SignUp(t.Context(), guest(s.ID, 7, 1)); !errs.Is(err, errs.Conflict) {
			t.Fatalf("somebody overtook the queue: %v", err)
		}
		// The other two places: the party of two gets them, and the next one the third.
		if _, err := k.CancelRegistration(t.Context(), strings.ToLower(a.Code[:5]+"-"+a.Code[5:]), last4(1), ""); err != nil {
			t.Fatal(err)
		}
		if got := k.counters(s.ID); got != [2]int{3, 1} {
			t.Fatalf("taken and waiting %v after the second", got)
		}
		got, se, err := k.FindRegistration(t.Context(), c.Code, last4(3), "")
		if err != nil || got.State != events.RegConfirmed || got.Code != c.Code || se.ID != s.ID {
			t.Fatalf("promoted: %+v, %v", got, err)
		}
		if got, _, _ := k.FindRegistration(t.Context(), e.Code, last4(5), ""); got.Position != 1 {
			t.Fatalf("last in the queue is at %d", got.Position)
		}
		if n := k.messages("promoted"); n != 2 {
			t.Errorf("%d messages of promotion", n)
		}
		// Twice is no error and moves nobody.
		if got, err := k.CancelRegistration(t.Context(), a.Code, last4(1), ""); err != nil || got.State != events.RegCancelledByUser {
			t.Fatalf("cancelled twice: %+v, %v", got, err)
		}
		k.checkCounters()
	})
}

// messages counts those of a kind in the outbox.
func (k *desk) messages(kind string) (n int) {
	k.Helper()
	if err := db.Get(k.Context(), k.db.Reader(), &n, `SELECT count(*) FROM message WHERE kind = $1`, kind); err != nil {
		k.Fatal(err)
	}
	return n
}

func TestFitFirstPassesOverThoseWhoDoNotFit(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		s := k.open(3, 3)
		a, b := k.signUp(s.ID, 1, 1), k.signUp(s.ID, 2, 2)
		big, small := k.signUp(s.ID, 3, 3), k.signUp(s.ID, 4, 1)
		if _, err := k.CancelRegistration(t.Context(), a.Code, last4(1), ""); err != nil {
			t.Fatal(err)
		}
		if got := k.counters(s.ID); got != [2]int{2, 2} {
			t.Fatalf("strict: %v", got)
		}
		s = k.must(k.SessionByID(t.Context(), s.ID))
		s = k.must(k.SetQueue(t.Context(), coordinator, s.ID, s.Version, events.Queue{Cap: 3, FitFirst: true}))
		if s.Taken != 3 || s.Waiting != 1 {
			t.Fatalf("fit first: %d taken, %d waiting", s.Taken, s.Waiting)
		}
		if got, _, _ := k.FindRegistration(t.Context(), small.Code, last4(4), ""); got.State != events.RegConfirmed {
			t.Errorf("the small party is %s", got.State)
		}
		// A smaller party of the head fits once another leaves.
		if _, err := k.ShrinkParty(t.Context(), big.Code, last4(3), "", 2); err != nil {
			t.Fatal(err)
		}
		if _, err := k.CancelRegistration(t.Context(), b.Code, last4(2), ""); err != nil {
			t.Fatal(err)
		}
		if got, _, _ := k.FindRegistration(t.Context(), big.Code, last4(3), ""); got.State != events.RegConfirmed || got.Party != 2 {
			t.Errorf("shrunk: %+v", got)
		}
		if _, err := k.ShrinkParty(t.Context(), big.Code, last4(3), "", 3); !errs.Is(err, errs.Conflict) {
			t.Errorf("a party grew: %v", err)
		}
		k.checkCounters()
	})
}

func TestNobodyIsPromotedWhenPausedOrShortBeforeTheStart(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		s := k.open(1, 2)
		a := k.signUp(s.ID, 1, 1)
		k.signUp(s.ID, 2, 1)
		s = k.must(k.SessionByID(t.Context(), s.ID))
		s = k.must(k.SetQueue(t.Context(), coordinator, s.ID, s.Version, events.Queue{Cap: 2, Paused: true}))
		if _, err := k.CancelRegistration(t.Context(), a.Code, last4(1), ""); err != nil {
			t.Fatal(err)
		}
		if got := k.counters(s.ID); got != [2]int{0, 1} {
			t.Fatalf("paused: %v", got)
		}
		k.now = s.Starts.Add(-2 * time.Hour)
		s = k.must(k.SetQueue(t.Context(), coordinator, s.ID, s.Version, events.Queue{Cap: 2}))
		if s.Taken != 0 || s.Waiting != 1 {
			t.Fatalf("promoted two hours before the start: %d %d", s.Taken, s.Waiting)
		}
		k.now = s.Starts.Add(-2*time.Hour - time.Second)
		s = k.must(k.SetQueue(t.Context(), coordinator, s.ID, s.Version, events.Queue{Cap: 2}))
		if s.Taken != 1 || s.Waiting != 0 {
			t.Fatalf("not promoted before that: %d %d", s.Taken, s.Waiting)
		}
	})
}

func TestSameFormTwentyTimes(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		s := k.open(30, 0)
		codes := make([]string, 20)
		var all sync.WaitGroup
		for i := range codes {
			all.Go(func() {
				reg, err := k.SignUp(t.Context(), guest(s.ID, 1, 2))
				if err != nil {
					t.Error(err)
				}
				codes[i] = reg.Code
			})
		}
		all.Wait()
		for _, c := range codes {
			if c == "" || c != codes[0] {
				t.Fatalf("codes differ: %q", codes)
			}
		}
		if got := k.counters(s.ID); got != [2]int{2, 0} {
			t.Errorf("counters %v", got)
		}
		other := guest(s.ID, 1, 1)
		if _, err := k.SignUp(t.Context(), other); !errs.Is(err, errs.Conflict) {
			t.Errorf("the key with another body: %v", err)
		}
		other = guest(s.ID, 1, 2)
		other.IdemKey = "another-form-0001"
		_, err := k.SignUp(t.Context(), other)
		if !errs.Is(err, errs.Conflict) || !strings.Contains(errs.MessageOf(err), "报名码") || strings.Contains(errs.MessageOf(err), codes[0]) {
			t.Errorf("the phone again: %v", err)
		}
		if _, err := k.CancelRegistration(t.Context(), codes[0], last4(1), ""); err != nil {
			t.Fatal(err)
		}
		if again, err := k.SignUp(t.Context(), other); err != nil || again.Code == codes[0] {
			t.Errorf("signing up again after cancelling: %+v, %v", again, err)
		}
		if first, err := k.SignUp(t.Context(), guest(s.ID, 1, 2)); err != nil || first.State != events.RegCancelledByUser {
			t.Errorf("the first form once more: %+v, %v", first, err)
		}
		k.checkCounters()
	})
}

func TestTwoThousandForThirty(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		s := k.open(30, 10)
		var mu sync.Mutex
		people, waiting, full := 0, 0, 0
		var all sync.WaitGroup
		for i := range 2000 {
			all.Go(func() {
				party := 1 + i%3
				reg, err := k.SignUp(t.Context(), guest(s.ID, i, party))
				mu.Lock()
				defer mu.Unlock()
				switch {
				case errs.Is(err, errs.Conflict):
					full++
				case err != nil:
					t.Error(err)
				case reg.State == events.RegConfirmed:
					people += party
				default:
					waiting++
				}
			})
		}
		all.Wait()
		if people > 30 || people < 28 || waiting != 10 || full < 1960 {
			t.Errorf("%d people, %d wait, %d refused", people, waiting, full)
		}
		if got := k.counters(s.ID); got != [2]int{people, waiting} {
			t.Errorf("counters %v, answers %d %d", got, people, waiting)
		}
		k.checkCounters()
	})
}

func TestCapacityUpPromotesAndDownIsRefusedWithTheList(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		s := k.open(2, 5)
		for n := range 5 {
			k.signUp(s.ID, n, 1)
		}
		s = k.must(k.SessionByID(t.Context(), s.ID))
		s = k.must(k.SetCapacity(t.Context(), coordinator, s.ID, s.Version, 4))
		if s.Taken != 4 || s.Waiting != 1 {
			t.Fatalf("%d taken, %d waiting", s.Taken, s.Waiting)
		}
		_, err := k.SetCapacity(t.Context(), coordinator, s.ID, s.Version, 3)
		var list *events.CapacityError
		if !errors.As(err, &list) || !errs.Is(err, errs.Conflict) || len(list.Registrations) != 4 || list.Taken != 4 ||
			list.Registrations[0].Name != "张*" || list.Registrations[0].Phone != "138****0003" || list.Registrations[0].Code != "" {
			t.Fatalf("refusal: %v %+v", err, list)
		}
		f := s.Form()
		f.Capacity = 3
		if _, err := k.SaveSession(t.Context(), coordinator, s.ID, s.Version, f); !errors.As(err, &list) {
			t.Errorf("saving the form with too few places: %v", err)
		}
		s = k.must(k.SetCapacity(t.Context(), coordinator, s.ID, s.Version, 0))
		if s.Taken != 5 || s.Waiting != 0 {
			t.Errorf("without limit: %d taken, %d waiting", s.Taken, s.Waiting)
		}
		k.checkCounters()
	})
}

func TestCancelledSessionClosesItsSignUps(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		s := k.open(1, 2)
		a, b := k.signUp(s.ID, 1, 1), k.signUp(s.ID, 2, 1)
		s = k.must(k.SessionByID(t.Context(), s.ID))
		s = k.must(k.PostponeSession(t.Context(), coordinator, s.ID, s.Version, "台风"))
		if s.Taken != 1 || s.Waiting != 1 {
			t.Fatalf("postponing let go of sign-ups: %d %d", s.Taken, s.Waiting)
		}
		if _, err := k.SignUp(t.Context(), guest(s.ID, 3, 1)); !errs.Is(err, errs.Conflict) || !strings.Contains(errs.MessageOf(err), "延期") {
			t.Errorf("signing up for a postponed session: %v", err)
		}
		s = k.must(k.CancelSession(t.Context(), coordinator, s.ID, s.Version, "台风"))
		if s.Taken != 0 || s.Waiting != 0 {
			t.Errorf("cancelled: %d %d", s.Taken, s.Waiting)
		}
		for i, reg := range []events.Registration{a, b} {
			if got, _, err := k.FindRegistration(t.Context(), reg.Code, last4(i+1), ""); err != nil || got.State != events.RegSessionCancelled {
				t.Errorf("%+v, %v", got, err)
			}
		}
		if n := k.messages("cancelled"); n < 2 {
			t.Errorf("%d messages of the cancellation", n)
		}
		k.checkCounters()
	})
}

func TestHeldSessionLetsGoOfTheQueue(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		s := k.open(1, 2)
		a, b := k.signUp(s.ID, 1, 1), k.signUp(s.ID, 2, 1)
		s = k.must(k.SessionByID(t.Context(), s.ID))
		k.now = s.Ends
		s = k.must(k.MarkHeld(t.Context(), coordinator, s.ID, s.Version))
		if s.Taken != 1 || s.Waiting != 0 {
			t.Errorf("held: %d %d", s.Taken, s.Waiting)
		}
		if got, _, _ := k.FindRegistration(t.Context(), b.Code, last4(2), ""); got.State != events.RegExpired {
			t.Errorf("who waited is %s", got.State)
		}
		if _, err := k.CancelRegistration(t.Context(), a.Code, last4(1), ""); !errs.Is(err, errs.Conflict) {
			t.Errorf("cancelling afterwards: %v", err)
		}
		k.checkCounters()
	})
}

func TestWindowsOfSignUp(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		draft := k.create()
		if _, err := k.SignUp(t.Context(), guest(draft.ID, 1, 1)); !errs.Is(err, errs.Conflict) {
			t.Errorf("draft: %v", err)
		}
		if _, err := k.SignUp(t.Context(), guest("01NOSUCHSESSION", 1, 1)); !errs.Is(err, errs.NotFound) || errs.MessageOf(err) == "" {
			t.Errorf("no session: %v", err)
		}
		s := k.open(5, 0)
		k.now = s.Starts.Add(-time.Millisecond)
		k.signUp(s.ID, 1, 1)
		k.now = s.Starts
		if _, err := k.SignUp(t.Context(), guest(s.ID, 2, 1)); !errs.Is(err, errs.Conflict) {
			t.Errorf("at the start: %v", err)
		}
		f := guest(s.ID, 2, 1)
		f.IdemKey, f.Phone = "", ""
		reg, err := k.StaffSignUp(t.Context(), coordinator, f)
		if err != nil || reg.VerifyLevel != 1 || reg.Origin != events.FromStaff || reg.Phone != "" || reg.Code == "" {
			t.Errorf("by staff, without phone: %+v, %v", reg, err)
		}
		k.now = s.Ends
		if _, err := k.StaffSignUp(t.Context(), coordinator, f); !errs.Is(err, errs.Conflict) {
			t.Errorf("by staff after the end: %v", err)
		}
		k.checkCounters()
	})
}

func TestLimitsOfPhoneAndAddress(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		var sessions []events.Session
		for range 3 {
			sessions = append(sessions, k.open(50, 0))
		}
		k.signUp(sessions[0].ID, 1, 1)
		second := guest(sessions[1].ID, 1, 1)
		second.IdemKey = "second-form-00001"
		reg, err := k.SignUp(t.Context(), second)
		if err != nil {
			t.Fatal(err)
		}
		third := guest(sessions[2].ID, 1, 1)
		third.IdemKey = "third-form-000001"
		if _, err := k.SignUp(t.Context(), third); !errs.Is(err, errs.TooMany) {
			t.Errorf("third of the day: %v", err)
		}
		if _, err := k.CancelRegistration(t.Context(), reg.Code, last4(1), ""); err != nil {
			t.Fatal(err)
		}
		if _, err := k.SignUp(t.Context(), third); err != nil {
			t.Errorf("after cancelling one: %v", err)
		}
		for i := range 25 {
			f := guest(sessions[0].ID, 100+i, 1)
			f.Address = fmt.Sprintf("2001:db8:7:7::%x", i) // one household
			_, err := k.SignUp(t.Context(), f)
			if want := i >= 20; errs.Is(err, errs.TooMany) != want || !want && err != nil {
				t.Fatalf("sign-up %d of the address: %v", i, err)
			}
		}
		k.now = k.now.Add(time.Hour + time.Minute)
		f := guest(sessions[0].ID, 200, 1)
		f.Address = "2001:db8:7:7::1"
		if _, err := k.SignUp(t.Context(), f); err != nil {
			t.Errorf("an hour later: %v", err)
		}
		k.checkCounters()
	})
}

func TestGuessedCodesArePaused(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		s := k.open(5, 0)
		reg := k.signUp(s.ID, 1, 1)
		var sentences []string
		for i := range 5 {
			code, four := reg.Code, "9999" // right code, wrong phone
			if i%2 == 1 {
				code, four = "00000ZZZZ"+fmt.Sprint(i), last4(1)
			}
			_, _, err := k.FindRegistration(t.Context(), code, four, "192.0.2.1")
			if !errs.Is(err, errs.NotFound) {
				t.Fatalf("guess %d: %v", i, err)
			}
			sentences = append(sentences, errs.MessageOf(err))
		}
		if sentences[0] != sentences[1] {
			t.Errorf("wrong phone and unknown code can be told apart: %q", sentences[:2])
		}
		if _, _, err := k.FindRegistration(t.Context(), reg.Code, last4(1), "192.0.2.1"); !errs.Is(err, errs.TooMany) {
			t.Errorf("right after five wrong: %v", err)
		}
		if _, _, err := k.FindRegistration(t.Context(), reg.Code, last4(1), "192.0.2.2"); err != nil {
			t.Errorf("the owner elsewhere: %v", err)
		}
		k.now = k.now.Add(16 * time.Minute)
		if _, _, err := k.FindRegistration(t.Context(), reg.Code, last4(1), "192.0.2.1"); err != nil {
			t.Errorf("after the pause: %v", err)
		}
	})
}

func TestStaffSeeMasksUntilTheyGiveAReason(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		s := k.open(1, 5)
		reg := k.signUp(s.ID, 1, 1)
		k.signUp(s.ID, 2, 1)
		list, err := k.Registrations(t.Context(), coordinator, s.ID)
		if err != nil || len(list) != 2 || list[0].Name != "张*" || list[0].Phone != "138****0001" || list[0].Code != "" || list[1].Position != 1 {
			t.Fatalf("list %+v, %v", list, err)
		}
		if _, err := k.Reveal(t.Context(), coordinator, reg.ID, " "); !errs.Is(err, errs.Invalid) {
			t.Errorf("without a reason: %v", err)
		}
		full, err := k.Reveal(t.Context(), coordinator, reg.ID, "电话确认到场")
		if err != nil || full.Name != "张三丰" || full.Phone != "+8613800000001" || full.Code != "" {
			t.Errorf("revealed %+v, %v", full, err)
		}
		got, err := k.CancelByStaff(t.Context(), coordinator, reg.ID, "本人来电取消")
		if err != nil || got.State != events.RegCancelledByStaff || got.Name != "张*" {
			t.Errorf("cancelled %+v, %v", got, err)
		}
		if c := k.counters(s.ID); c != [2]int{1, 0} {
			t.Errorf("counters %v", c)
		}
		if k.messages("registration_cancelled") != 1 || k.messages("promoted") != 1 {
			t.Error("the two were not told")
		}
		audit, err := k.ledger.Audit(t.Context(), ledger.AuditFilter{Object: "registration:" + reg.ID})
		if err != nil || len(audit) != 2 {
			t.Fatalf("audit %+v, %v", audit, err)
		}
		for _, e := range audit {
			if strings.Contains(e.Summary+e.Detail, "张") || strings.Contains(e.Summary+e.Detail, "138") {
				t.Errorf("the audit names the person: %+v", e)
			}
		}
	})
}
