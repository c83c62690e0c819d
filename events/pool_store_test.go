package events_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/songfa/songfa/events"
	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/db/dbtest"
	"github.com/songfa/songfa/internal/errs"
)

// keep keeps places for the host's people, until the day before the session.
func (k *desk) keep(id string, places int) (events.Session, string) {
	k.Helper()
	s := k.must(k.SessionByID(k.Context(), id))
	s = k.must(k.SetPool(k.Context(), coordinator, id, s.Version, events.PoolForm{Name: "本厂职工", Capacity: places, Falls: s.Starts.AddDate(0, 0, -1)}))
	return s, s.Pools[0].Code
}

func (k *desk) signUpWith(session, pool string, n, party int) events.Registration {
	k.Helper()
	reg, err := k.SignUp(k.Context(), poolGuest(session, n, party, pool))
	if err != nil {
		k.Fatalf("guest %d: %v", n, err)
	}
	return reg
}

// state is what has become of a sign-up.
func (k *desk) regState(reg events.Registration, n int) events.RegistrationState {
	k.Helper()
	got, _, err := k.FindRegistration(k.Context(), reg.Code, last4(n), "")
	if err != nil {
		k.Fatal(err)
	}
	return got.State
}

func TestKeptPlacesAreForTheGroupUntilTheyFall(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		s := k.open(5, 10)
		s, code := k.keep(s.ID, 3)
		version, before := s.Version, len(k.journal(0))
		if free, _ := s.Free(k.now); free != 2 || s.Status(k.now) != events.StatusUpcoming {
			t.Fatalf("%d free for everybody, %s; want 2", free, s.Status(k.now))
		}
		k.signUp(s.ID, 1, 2)
		other := k.signUp(s.ID, 2, 1)
		host := k.signUpWith(s.ID, code, 3, 2)
		if other.State != events.RegWaiting || host.State != events.RegConfirmed {
			t.Fatalf("others %s, host's people %s", other.State, host.State)
		}
		s = k.must(k.SessionByID(t.Context(), s.ID))
		if s.Taken != 4 || s.Pools[0].Taken != 2 || s.Pools[0].Kept(k.now) != 1 || s.Status(k.now) != events.StatusFull ||
			s.SignUpPhase(k.now) != events.SignUpQueue || s.SignUpPhaseWith(k.now, code) != events.SignUpOpen {
			t.Fatalf("%d taken, pool %+v, %s, %s", s.Taken, s.Pools[0], s.Status(k.now), s.SignUpPhase(k.now))
		}
		k.now = s.Pools[0].Falls().Add(-time.Second)
		if done, err := k.Tick(t.Context()); err != nil || done.Fallen != 0 || k.regState(other, 2) != events.RegWaiting {
			t.Fatalf("a second too early: %+v, %v", done, err)
		}
		k.now = k.now.Add(time.Second)
		first, err := k.Tick(t.Context())
		again, failed := k.Tick(t.Context())
		if err != nil || failed != nil || first.Fallen != 1 || again.Fallen != 0 {
			t.Fatalf("fell %d, then %d times: %v %v", first.Fallen, again.Fallen, err, failed)
		}
		if k.regState(other, 2) != events.RegConfirmed || k.messages("promoted") != 1 {
			t.Errorf("who waited is %s after the fall, %d messages", k.regState(other, 2), k.messages("promoted"))
		}
		s = k.must(k.SessionByID(t.Context(), s.ID))
		if s.Version != version || len(k.journal(0)) != before {
			t.Errorf("sign-ups and the fall touched the version (%d, was %d) or the journal", s.Version, version)
		}
		k.checkCounters()
	})
}

func TestAPlaceOfAPoolComesBackToItsPeople(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		s := k.open(4, 10)
		s, code := k.keep(s.ID, 2)
		k.signUp(s.ID, 1, 2)
		host := k.signUpWith(s.ID, code, 2, 2)
		other, mate := k.signUp(s.ID, 3, 1), k.signUpWith(s.ID, code, 4, 1)
		if mate.State != events.RegWaiting || mate.Position != 2 {
			t.Fatalf("the third of the host's people: %+v", mate)
		}
		if _, err := k.ShrinkParty(t.Context(), host.Code, last4(2), "", 1); err != nil {
			t.Fatal(err)
		}
		if k.regState(mate, 4) != events.RegConfirmed || k.regState(other, 3) != events.RegWaiting {
			t.Errorf("the kept place went to %s; the common queue is %s", k.regState(mate, 4), k.regState(other, 3))
		}
		if _, err := k.CancelRegistration(t.Context(), mate.Code, last4(4), ""); err != nil {
			t.Fatal(err)
		}
		if k.regState(other, 3) != events.RegWaiting {
			t.Error("the common queue got a kept place")
		}
		s = k.must(k.SessionByID(t.Context(), s.ID))
		s = k.must(k.ReleasePool(t.Context(), coordinator, s.ID, s.Version, code))
		if k.regState(other, 3) != events.RegConfirmed || s.Pools[0].Kept(k.now) != 0 {
			t.Errorf("released, who waits is %s", k.regState(other, 3))
		}
		if _, err := k.ReleasePool(t.Context(), coordinator, s.ID, s.Version, code); !errs.Is(err, errs.Conflict) {
			t.Errorf("released twice: %v", err)
		}
		k.checkCounters()
	})
}

func TestOnlyFreePlacesAreKept(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		s := k.open(5, 5)
		k.signUp(s.ID, 1, 3)
		good := events.PoolForm{Name: "本厂职工", Capacity: 2, Falls: s.Starts.AddDate(0, 0, -1)}
		for name, c := range map[string]struct {
			change func(*events.PoolForm)
			kind   errs.Kind
			field  string
			words  string
		}{
			"more than are free":     {func(f *events.PoolForm) { f.Capacity = 3 }, errs.Conflict, "pool_capacity", "最多能留 2 个"},
			"none":                   {func(f *events.PoolForm) { f.Capacity = 0 }, errs.Invalid, "pool_capacity", "1 以上"},
			"a billion":              {func(f *events.PoolForm) { f.Capacity = 1e9 }, errs.Invalid, "pool_capacity", "1 以上"},
			"no name":                {func(f *events.PoolForm) { f.Name = " " }, errs.Invalid, "pool_name", "给谁留"},
			"a long name":            {func(f *events.PoolForm) { f.Name = strings.Repeat("工", 21) }, errs.Invalid, "pool_name", "20"},
			"until yesterday":        {func(f *events.PoolForm) { f.Falls = k.now.AddDate(0, 0, -1) }, errs.Invalid, "pool_falls", "最晚"},
			"until it begins":        {func(f *events.PoolForm) { f.Falls = s.Starts }, errs.Invalid, "pool_falls", "11月28日 16:30"},
			"no time":                {func(f *events.PoolForm) { f.Falls = time.Time{} }, errs.Invalid, "pool_falls", "最晚"},
			"a pool of another form": {func(f *events.PoolForm) { f.Code = "nobody" }, errs.NotFound, "", "刷新"},
		} {
			f := good
			c.change(&f)
			if _, err := k.SetPool(t.Context(), coordinator, s.ID, s.Version, f); errs.KindOf(err) != c.kind || errs.FieldOf(err) != c.field || !strings.Contains(errs.MessageOf(err), c.words) {
				t.Errorf("%s: %v, field %q: %s", name, err, errs.FieldOf(err), errs.MessageOf(err))
			}
		}
		if _, err := k.SetPool(t.Context(), auth.Actor{ID: "u2", Roles: []auth.Role{auth.Editor}}, s.ID, s.Version, good); !errs.Is(err, errs.Forbidden) {
			t.Errorf("an editor kept places: %v", err)
		}
		kept := k.must(k.SetPool(t.Context(), coordinator, s.ID, s.Version, good))
		if _, err := k.SetPool(t.Context(), coordinator, s.ID, s.Version, good); !errs.Is(err, errs.Conflict) {
			t.Errorf("an old form kept places: %v", err)
		}
		if _, err := k.SetPool(t.Context(), coordinator, s.ID, kept.Version, good); errs.FieldOf(err) != "pool_name" {
			t.Errorf("the same group twice: %v", err)
		}
		var full *events.CapacityError
		if _, err := k.SetCapacity(t.Context(), coordinator, s.ID, kept.Version, 4); !errs.Is(err, errs.Conflict) || errors.As(err, &full) || !strings.Contains(errs.MessageOf(err), "还留着 2 个名额") {
			t.Errorf("fewer places than are taken and kept: %v, %s", err, errs.MessageOf(err))
		}
		if _, err := k.SetCapacity(t.Context(), coordinator, s.ID, kept.Version, 0); !errs.Is(err, errs.Conflict) || errs.FieldOf(err) != "capacity" {
			t.Errorf("no limit with kept places: %v", err)
		}
		k.checkCounters()
	})
}

func TestUnlimitedSessionsKeepNothing(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		s := k.open(0, 0)
		if _, err := k.SetPool(t.Context(), coordinator, s.ID, s.Version, events.PoolForm{Name: "本厂职工", Capacity: 1, Falls: s.Starts.AddDate(0, 0, -1)}); !errs.Is(err, errs.Conflict) || !strings.Contains(errs.MessageOf(err), "不限名额") {
			t.Errorf("kept of no limit: %v", err)
		}
	})
}

func TestKeptPlacesMoveWithTheSession(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		s := k.open(4, 4)
		s, code := k.keep(s.ID, 2)
		fell := s.Pools[0].Falls()
		move := s.Moving()
		move.Starts, move.Ends = move.Starts.AddDate(0, 0, 3), move.Ends.AddDate(0, 0, 3)
		s = k.must(k.MoveSession(t.Context(), coordinator, s.ID, s.Version, move))
		if got := s.Pools[0].Falls(); !got.Equal(fell.AddDate(0, 0, 3)) {
			t.Errorf("the fall moved to %s", got)
		}
		// Called off, nobody holds or waits any more.
		k.signUpWith(s.ID, code, 1, 2)
		k.signUpWith(s.ID, code, 2, 4)
		s = k.must(k.SessionByID(t.Context(), s.ID))
		if s.Pools[0].Taken != 2 || s.Pools[0].Waiting != 1 {
			t.Fatalf("pool %+v", s.Pools[0])
		}
		s = k.must(k.CancelSession(t.Context(), coordinator, s.ID, s.Version, "停电"))
		if s.Pools[0].Taken != 0 || s.Pools[0].Waiting != 0 || s.Taken != 0 {
			t.Errorf("cancelled: %d taken, pool %+v", s.Taken, s.Pools[0])
		}
		k.checkCounters()
	})
}

// Fifty people of the host and fifty others at once: each side gets its own.
func TestTwoCrowdsForOneSession(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		s := k.open(20, 0)
		s, code := k.keep(s.ID, 8)
		var all sync.WaitGroup
		for n := range 100 {
			all.Go(func() {
				pool := ""
				if n%2 == 0 {
					pool = code
				}
				_, err := k.SignUp(k.Context(), poolGuest(s.ID, n, 1, pool))
				k.ruleOnly("sign up", err)
			})
		}
		all.Wait()
		s = k.must(k.SessionByID(t.Context(), s.ID))
		if s.Taken != 20 || s.Pools[0].Taken != 8 {
			t.Errorf("%d taken, %d of them kept ones; want 20 and 8", s.Taken, s.Pools[0].Taken)
		}
		k.checkCounters()
	})
}

func TestRecountNoticesAPool(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		s := k.open(4, 4)
		s, code := k.keep(s.ID, 2)
		k.signUpWith(s.ID, code, 1, 1)
		k.checkCounters()
		err := d.Update(t.Context(), func(ctx context.Context, tx *db.Tx) error {
			_, err := db.Exec(ctx, tx, `UPDATE session_pool SET taken = 0, waiting = 1`)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		wrong, err := k.Check(t.Context())
		if err != nil || !strings.Contains(strings.Join(wrong, ""), "留给“本厂职工”的名额对不上：记着报名 0 人、候补 1 条，明细是 1 人、0 条") {
			t.Errorf("check says %q, %v", wrong, err)
		}
	})
}
