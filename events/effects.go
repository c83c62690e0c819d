package events

import (
	"context"

	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/db"
)

// effects does what follows from a change of a session, in its transaction: a
// session that is called off frees what it had booked, closes its sign-ups and
// tells everybody; one that moved tells everybody where to. Each kind of thing a
// session holds has one function here, so that a step cannot forget one.
func (s *Store) effects(ctx context.Context, tx *db.Tx, actor auth.Actor, old, next Session) error {
	for _, effect := range []func(context.Context, *db.Tx, auth.Actor, Session, Session) error{
		s.followBookings,
		s.followMaterials,
		s.tellChange,
		s.tellHostChange,
		s.placesFollow, // after the messages: it closes the sign-ups they go to
		s.staffEffect,
	} {
		if err := effect(ctx, tx, actor, old, next); err != nil {
			return err
		}
	}
	return nil
}

// calledOff reports that this change takes the session out of the calendar for
// good.
func calledOff(old, next Session) bool {
	return old.State != next.State && (next.State == Cancelled || next.State == NotHeld ||
		next.State == Withdrawn || next.State == Rejected)
}

// movedBetween reports that time or place differ.
func movedBetween(old, next Session) bool {
	return !next.Starts.Equal(old.Starts) || !next.Ends.Equal(old.Ends) ||
		next.Town != old.Town || next.Venue != old.Venue || next.Address != old.Address
}
