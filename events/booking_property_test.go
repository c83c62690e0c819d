package events

import (
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/db/dbtest"
	"github.com/songfa/songfa/internal/errs"
)

// Whatever coordinators do to sessions in two halls, in whatever order: nothing
// fails but for a reason people can read, no hall is promised twice, and exactly
// the sessions that have a promise hold one, at the time they have.
func TestHallsAreNeverPromisedTwice(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		s, now := newStore(t, d)
		a := towns(t, s)
		b, err := s.SaveVenue(t.Context(), staff, Venue{Name: "北园活动中心", Exclusive: true})
		b = must(t, b, err)
		round := 0
		rapid.Check(t, func(rt *rapid.T) {
			if round++; round > 40 { // each round is hundreds of transactions
				return
			}
			// Rounds do not meet: each has days of its own.
			first := midnight(*now).AddDate(0, 0, 30*round)
			starts := func(label string) time.Time {
				return first.Add(time.Duration(rapid.IntRange(0, 5).Draw(rt, label)) * 30 * time.Minute)
			}
			var sessions []Session
			for i := range 4 {
				at := starts("starts")
				se, err := s.CreateSession(t.Context(), staff, SessionForm{Type: Site, Title: fmt.Sprint("第几场 ", i),
					VenueID: rapid.SampledFrom([]string{a.ID, b.ID}).Draw(rt, "venue"), Starts: at, Ends: at.Add(time.Hour)})
				if err != nil {
					rt.Fatal(err)
				}
				sessions = append(sessions, se)
			}
			for range rapid.IntRange(5, 15).Draw(rt, "steps") {
				i := rapid.IntRange(0, len(sessions)-1).Draw(rt, "session")
				se, err := sessions[i], error(nil)
				switch rapid.SampledFrom([]string{"publish", "accept", "move", "venue", "postpone", "cancel"}).Draw(rt, "step") {
				case "publish":
					se, err = s.PublishSession(t.Context(), staff, se.ID, se.Version)
				case "accept":
					se, err = s.Decide(t.Context(), staff, se.ID, se.Version, Decision{To: Accepted})
				case "move":
					f := moveTo(se, starts("to"))
					f.Override = "试一试"
					se, err = s.MoveSession(t.Context(), staff, se.ID, se.Version, f)
				case "venue":
					f := se.Form()
					f.VenueID = rapid.SampledFrom([]string{a.ID, b.ID}).Draw(rt, "venue")
					se, err = s.SaveSession(t.Context(), staff, se.ID, se.Version, f)
				case "postpone":
					se, err = s.PostponeSession(t.Context(), staff, se.ID, se.Version, "台风")
				case "cancel":
					se, err = s.CancelSession(t.Context(), staff, se.ID, se.Version, "台风")
				}
				switch {
				case err == nil:
					sessions[i] = se
				case !errs.Is(err, errs.Conflict) && !errs.Is(err, errs.Invalid):
					rt.Fatalf("%v: %s", err, errs.MessageOf(err))
				}
				checkHalls(rt, s, sessions)
			}
		})
	})
}

func checkHalls(rt *rapid.T, s *Store, sessions []Session) {
	var firm []Booking
	for _, se := range sessions {
		list, err := selectBookings(rt.Context(), s.db.Reader(), `WHERE b.session = $1 AND b.status <> 'freed'`, se.ID)
		if err != nil {
			rt.Fatal(err)
		}
		want := map[bool]BookingStatus{true: Firm, false: Wished}[se.State.holdsVenue()]
		if bare := se.State == Postponed || se.State == Cancelled; bare != (len(list) == 0) || len(list) > 1 {
			rt.Fatalf("%s in state %s has %+v", se.Title, se.State, list)
		}
		for _, b := range list {
			if b.Status != want || b.Resource != se.VenueID || !b.Starts.Equal(se.Starts) || !b.Ends.Equal(se.Ends) {
				rt.Fatalf("%s in state %s at %v has %+v", se.Title, se.State, se.Starts, b)
			}
			if b.Status == Firm {
				firm = append(firm, b)
			}
		}
	}
	for i, x := range firm {
		for _, y := range firm[:i] {
			if x.Resource == y.Resource && x.Starts.Before(y.Ends) && y.Starts.Before(x.Ends) {
				rt.Fatalf("promised twice: %+v and %+v", x, y)
			}
		}
	}
}
