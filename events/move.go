package events

import (
	"context"
	"time"

	"github.com/songfa/songfa/internal/auth"
)

// MoveForm is where and when a session goes.
type MoveForm struct {
	Starts, Ends time.Time
	Town         string // code
	VenueID      string // of the list, "" for a place that is typed
	Venue        string
	Address      string
	Override     string // why in spite of the warnings
}

// Moving is the form with what the session has now.
func (s Session) Moving() MoveForm {
	return MoveForm{Starts: s.Starts, Ends: s.Ends, Town: s.Town, Venue: s.Venue, Address: s.Address}
}

// MoveSession gives an accepted, scheduled, published or postponed session
// another time or place. Everything is checked again, old bookings go and new
// ones come in one transaction; sign-ups and their order stay, people are asked
// to confirm again, and whoever is concerned hears once, after things settle.
func (s *Store) MoveSession(ctx context.Context, actor auth.Actor, id string, version int, form MoveForm) (Session, error) {
	return Session{}, errNotYet
}
