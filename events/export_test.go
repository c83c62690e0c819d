package events

import (
	"context"

	"github.com/songfa/songfa/internal/auth"
)

// Walk takes a session through states whose own use cases ask for more than a
// test has at hand.
func (s *Store) Walk(ctx context.Context, actor auth.Actor, se Session, states ...State) (_ Session, err error) {
	for _, next := range states {
		se, err = s.change(ctx, actor, se.ID, se.Version, "test.walk", func(r *record) (string, error) {
			if err := r.State.step(next); err != nil {
				return "", err
			}
			r.State = next
			return "walk", nil
		})
		if err != nil {
			return Session{}, err
		}
	}
	return se, nil
}

// StaffingProblems are what the schedule step asks.
func (s *Store) StaffingProblems(ctx context.Context, se Session) (blocks, warns []Problem, err error) {
	b, w, err := s.staffingProblems(ctx, s.db.Reader(), se)
	return b, w, err
}
