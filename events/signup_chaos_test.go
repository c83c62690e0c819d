package events_test

import (
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"

	"github.com/songfa/songfa/events"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/db/dbtest"
	"github.com/songfa/songfa/internal/errs"
)

// TestEverybodyAtOnce lets guests sign up, leave and shrink their parties while
// staff change places and times of two sessions. Nothing may wait for each other
// in a circle, nothing may fail but by a rule, and in the end the counters are
// what the rows add up to.
func TestEverybodyAtOnce(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		sessions := []events.Session{k.open(20, 10), k.open(15, 5)}
		var all sync.WaitGroup
		for n := range 150 {
			all.Go(func() { k.guestAtOnce(sessions[n%2].ID, n) })
		}
		for n := range 30 {
			all.Go(func() { k.staffAtOnce(sessions[n%2].ID, n) })
		}
		all.Wait()
		k.checkCounters()
		for _, s := range sessions {
			if s = k.must(k.SessionByID(t.Context(), s.ID)); s.Capacity > 0 && s.Taken > s.Capacity || s.Waiting > s.WaitCap {
				t.Errorf("%d of %d taken, %d of %d wait", s.Taken, s.Capacity, s.Waiting, s.WaitCap)
			}
		}
	})
}

func (k *desk) ruleOnly(what string, err error) {
	if err != nil && !errs.Is(err, errs.Conflict) {
		k.Errorf("%s: %v", what, err)
	}
}

// guestAtOnce signs up; every second one changes their mind.
func (k *desk) guestAtOnce(session string, n int) {
	reg, err := k.SignUp(k.Context(), guest(session, n, 1+n%3))
	k.ruleOnly("sign up", err)
	if err != nil {
		return
	}
	switch n % 4 {
	case 0:
		_, err = k.CancelRegistration(k.Context(), reg.Code, last4(n), fmt.Sprint("198.51.100.", n))
	case 1:
		_, err = k.ShrinkParty(k.Context(), reg.Code, last4(n), fmt.Sprint("198.51.100.", n), 1)
	}
	k.ruleOnly("change", err)
}

// staffAtOnce changes places, queue or time; a stale version is a rule, too.
func (k *desk) staffAtOnce(session string, n int) {
	s, err := k.SessionByID(k.Context(), session)
	if err != nil {
		k.Error(err)
		return
	}
	switch n % 3 {
	case 0:
		_, err = k.SetCapacity(k.Context(), coordinator, s.ID, s.Version, 10+rand.IntN(20))
	case 1:
		_, err = k.SetQueue(k.Context(), coordinator, s.ID, s.Version, events.Queue{Cap: 10, FitFirst: n%2 == 0})
	case 2:
		f := s.Form()
		f.Starts, f.Ends = f.Starts.AddDate(0, 0, 1), f.Ends.AddDate(0, 0, 1)
		_, err = k.SaveSession(k.Context(), coordinator, s.ID, s.Version, f)
	}
	k.ruleOnly("staff", err)
}
