package events

import (
	"context"
	"fmt"

	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/errs"
)

// placesFollow makes sign-ups follow a change of their session: called off, they
// are closed; over, those who still wait are let go; otherwise places that have
// become free go to the queue. Sign-ups of a postponed session stay as they are.
func (s *Store) placesFollow(ctx context.Context, tx *db.Tx, actor auth.Actor, old, next Session) error {
	locked, err := lockPlaces(ctx, tx, next.ID)
	if err != nil {
		return err
	}
	p := locked.pooled(s.now())
	if by := next.Starts.Sub(old.Starts); by != 0 {
		p.shift(by, old.State == Postponed)
	}
	switch {
	case calledOff(old, next):
		err = s.closeRegistrations(ctx, tx, actor, &p, next, RegSessionCancelled, eventSessionCancelled, RegConfirmed, RegWaiting)
	case next.State != old.State && next.State == Held:
		err = s.closeRegistrations(ctx, tx, actor, &p, next, RegExpired, eventExpired, RegWaiting)
	default:
		err = s.promote(ctx, tx, locked, &p)
	}
	if err != nil {
		return err
	}
	return locked.save(ctx, tx, p)
}

// closeRegistrations ends all sign-ups in the given states and takes them out of
// the counters.
func (s *Store) closeRegistrations(ctx context.Context, tx *db.Tx, actor auth.Actor, p *pooled, se Session,
	to RegistrationState, kind eventKind, from ...RegistrationState) error {
	list, args := db.In(1, from)
	rows, err := selectRegistrations(ctx, tx, `WHERE session = $1 AND state IN (`+list+`) ORDER BY created_at, id`, append([]any{se.ID}, args...)...)
	if err != nil || len(rows) == 0 {
		return err
	}
	for _, r := range rows {
		p.release(r.State, r.Pool, r.Seated, r.Party, true)
	}
	list, args = db.In(3, from)
	_, err = db.Exec(ctx, tx, `UPDATE registration SET state = $2, updated_at = $3 WHERE session = $1 AND state IN (`+list+`)`,
		append([]any{se.ID, to, s.now().UnixMilli()}, args...)...)
	if err != nil {
		return err
	}
	return s.noteEvents(ctx, tx, p.places, registrationEvent{Kind: kind, By: actor.ID, Reason: se.Reason}, rows...)
}

// CapacityError refuses fewer places than are taken, and lists who holds them:
// staff have to cancel people by name first.
type CapacityError struct {
	Capacity, Taken int
	Registrations   []Registration // confirmed, masked, latest first
	err             error
}

func (e *CapacityError) Error() string { return e.err.Error() }

// Unwrap gives Kind and Message.
func (e *CapacityError) Unwrap() error { return e.err }

// checkCapacity refuses a change that would leave fewer places than are taken or
// kept. The caller has locked the session.
func (s *Store) checkCapacity(ctx context.Context, tx *db.Tx, taken int, next Session) error {
	kept := next.Kept(s.now())
	switch {
	case next.Capacity == 0 && kept > 0:
		return &errs.Error{Kind: errs.Conflict, Field: "capacity", Err: fmt.Errorf("%d places are kept", kept),
			Message: fmt.Sprintf("这一场还留着 %d 个名额，不能改成不限名额。请先放开预留的名额。", kept)}
	case next.Capacity == 0 || next.Capacity >= taken+kept:
		return nil
	case next.Capacity >= taken:
		return &errs.Error{Kind: errs.Conflict, Field: "capacity", Err: fmt.Errorf("capacity %d is below %d taken and %d kept", next.Capacity, taken, kept),
			Message: fmt.Sprintf("已有 %d 人报名，另外还留着 %d 个名额，不能少到 %d。请先减少预留的名额。", taken, kept, next.Capacity)}
	}
	rows, err := selectRegistrations(ctx, tx, `WHERE session = $1 AND state = 'confirmed' ORDER BY created_at DESC, id DESC`, next.ID)
	if err != nil {
		return err
	}
	list, err := s.maskedList(rows)
	if err != nil {
		return err
	}
	return &CapacityError{Capacity: next.Capacity, Taken: taken, Registrations: list,
		err: &errs.Error{Kind: errs.Conflict, Field: "capacity",
			Message: fmt.Sprintf("已有 %d 人报名，名额不能少到 %d。请先逐个取消多出来的报名。", taken, next.Capacity),
			Err:     fmt.Errorf("capacity %d is below the %d places taken", next.Capacity, taken)}}
}

// SetCapacity changes the number of places; 0 is without limit. More places
// promote those who wait; fewer than are taken are refused with a *CapacityError.
func (s *Store) SetCapacity(ctx context.Context, actor auth.Actor, id string, version, n int) (Session, error) {
	return s.change(ctx, actor, id, version, "session.capacity", func(r *record) (string, error) {
		if n < 0 || n > maxCapacity {
			return "", errs.Bad("capacity", fmt.Sprintf("名额应在 1 至 %d 之间，不限名额请填 0。", maxCapacity))
		}
		was := r.Capacity
		r.Capacity = n
		return fmt.Sprintf("场次《%s》名额由 %d 改为 %d", r.Title, was, n), nil
	})
}
