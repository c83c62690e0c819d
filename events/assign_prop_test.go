package events_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/songfa/songfa/events"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/db/dbtest"
	"github.com/songfa/songfa/internal/errs"
)

// TestNobodyIsPromisedTwice runs random invitations, answers, moves and
// cancellations, and looks after each whether the bookings say what the
// assignments say and no two of a person overlap.
func TestNobodyIsPromisedTwice(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		rapid.Check(t, func(rt *rapid.T) {
			w := &roster{desk: k, d: d}
			for i := range 2 {
				w.people = append(w.people, k.person(events.PersonForm{Kind: events.RoleLawyer, Name: fmt.Sprint("律师", i, db.NewID())}))
				w.guests = append(w.guests, k.guest(w.people[i]))
			}
			for range 3 {
				w.sessions = append(w.sessions, k.at(rapid.IntRange(9, 12).Draw(rt, "hour"), 60))
			}
			accept := w.answer(k.Accept)
			steps := []func(*rapid.T){w.invite, w.invite, accept, accept, accept, w.answer(k.Decline), w.withdraw, w.substitute, w.move, w.move, w.cancel}
			for range rapid.IntRange(1, 16).Draw(rt, "steps") {
				rapid.SampledFrom(steps).Draw(rt, "step")(rt)
				w.check(rt)
			}
		})
	})
}

// roster is the world of one run.
type roster struct {
	*desk
	d        *db.DB
	people   []events.Person
	guests   []events.Guest
	sessions []events.Session
}

// allowed are the errors that people may well get.
func (w *roster) allowed(t *rapid.T, err error, kinds ...errs.Kind) {
	if err == nil {
		return
	}
	for _, kind := range kinds {
		if errs.Is(err, kind) {
			return
		}
	}
	t.Fatalf("unexpected: %v", err)
}

func (w *roster) session(t *rapid.T) int {
	return rapid.IntRange(0, len(w.sessions)-1).Draw(t, "session")
}

// live is one of the assignments there are, nil for none.
func (w *roster) live(t *rapid.T) (person int, found *events.Assignment) {
	var all []events.Assignment
	for _, se := range w.sessions {
		list, err := w.Staffing(w.Context(), coordinator, se.ID)
		w.allowed(t, err)
		for _, a := range list {
			if a.State.Live() {
				all = append(all, a)
			}
		}
	}
	if len(all) == 0 {
		return 0, nil
	}
	a := rapid.SampledFrom(all).Draw(t, "assignment")
	return slices.IndexFunc(w.people, func(p events.Person) bool { return p.ID == a.Person }), &a
}

func (w *roster) invite(t *rapid.T) {
	p, s := rapid.IntRange(0, len(w.people)-1).Draw(t, "person"), w.session(t)
	w.allowed(t, w.Invite(w.Context(), coordinator, w.sessions[s].ID, w.people[p].ID, events.RoleLawyer, "就请他"), errs.Conflict)
}

func (w *roster) answer(do func(ctx context.Context, g events.Guest, id string) error) func(*rapid.T) {
	return func(t *rapid.T) {
		p, a := w.live(t)
		if a != nil {
			w.allowed(t, do(w.Context(), w.guests[p], a.ID), errs.Conflict, errs.NotFound)
		}
	}
}

func (w *roster) withdraw(t *rapid.T) {
	if _, a := w.live(t); a != nil {
		w.allowed(t, w.Withdraw(w.Context(), coordinator, a.ID), errs.Conflict)
	}
}

// substitute names the other person, the coordinator agrees and so does the
// other, as far as they may.
func (w *roster) substitute(t *rapid.T) {
	p, a := w.live(t)
	if a == nil {
		return
	}
	other := w.people[1-p]
	err := w.Substitute(w.Context(), w.guests[p], a.ID, other.Name)
	w.allowed(t, err, errs.Conflict, errs.NotFound, errs.Invalid)
	if err != nil {
		return
	}
	list, err := w.Staffing(w.Context(), coordinator, a.SessionID)
	w.allowed(t, err)
	for _, b := range list {
		if b.State == events.DutyProposed {
			w.allowed(t, w.AgreeSubstitute(w.Context(), coordinator, b.ID, "同意"), errs.Conflict)
			w.allowed(t, w.Accept(w.Context(), w.guests[1-p], b.ID), errs.Conflict, errs.NotFound)
		}
	}
}

func (w *roster) move(t *rapid.T) {
	s := w.session(t)
	se, err := w.SessionByID(w.Context(), w.sessions[s].ID)
	w.allowed(t, err)
	f := se.Form()
	f.Starts = time.Date(2026, 11, 21, rapid.IntRange(9, 12).Draw(t, "hour"), 0, 0, 0, events.Zone)
	f.Ends = f.Starts.Add(time.Hour)
	_, err = w.SaveSession(w.Context(), coordinator, se.ID, se.Version, f)
	w.allowed(t, err, errs.Conflict)
}

// cancel takes a session away and puts another in its place.
func (w *roster) cancel(t *rapid.T) {
	s := w.session(t)
	se, err := w.SessionByID(w.Context(), w.sessions[s].ID)
	w.allowed(t, err)
	_, err = w.CancelSession(w.Context(), coordinator, se.ID, se.Version, "停电")
	w.allowed(t, err)
	w.sessions[s] = w.at(10, 60)
}

// check reads the books.
func (w *roster) check(t *rapid.T) {
	for _, p := range w.people {
		var twice, idle, missing int
		w.ok(db.Get(w.Context(), w.d.Reader(), &twice, `SELECT count(*) FROM booking a JOIN booking b ON a.resource = b.resource AND a.id < b.id
			WHERE a.kind = 'person' AND b.kind = 'person' AND a.resource = $1 AND a.status = 'firm' AND b.status = 'firm' AND a.from_at < b.to_at AND b.from_at < a.to_at`, p.ID))
		w.ok(db.Get(w.Context(), w.d.Reader(), &idle, `SELECT count(*) FROM booking b WHERE b.kind = 'person' AND b.resource = $1 AND b.status = 'firm'
			AND NOT EXISTS (SELECT 1 FROM assignment a WHERE a.session = b.session AND a.practitioner = b.resource AND a.state IN ('accepted', 'moved'))`, p.ID))
		w.ok(db.Get(w.Context(), w.d.Reader(), &missing, `SELECT count(*) FROM assignment a JOIN session s ON s.id = a.session WHERE a.practitioner = $1 AND a.state = 'accepted'
			AND NOT EXISTS (SELECT 1 FROM booking b WHERE b.session = a.session AND b.resource = a.practitioner AND b.status = 'firm' AND b.from_at = s.starts_at)`, p.ID))
		if twice+idle+missing > 0 {
			t.Fatalf("%s: %d overlapping, %d booked for nothing, %d promised without a booking", p.Name, twice, idle, missing)
		}
	}
}
