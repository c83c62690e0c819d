package events

import (
	"context"

	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/errs"
)

var errSoon = errs.New(errs.Unavailable, "报名功能正在开通，请稍后再试。", "sign-up is not wired yet")

// SignUp takes places in a session or a place in its queue. The same IdemKey with
// the same content answers as before; with other content it is a Conflict. Full,
// closed and doubled sign-ups are Conflicts too; too many from one phone or
// address are TooMany.
func (s *Store) SignUp(ctx context.Context, f SignUp) (Registration, error) {
	return Registration{}, errSoon
}

// FindRegistration shows a sign-up to who knows its code and the last four
// digits of its phone. Wrong and unknown codes answer alike.
func (s *Store) FindRegistration(ctx context.Context, code, last4, address string) (Registration, Session, error) {
	return Registration{}, Session{}, errSoon
}

// CancelRegistration gives the places back; those who wait get them in the same
// transaction. Cancelling twice is no error.
func (s *Store) CancelRegistration(ctx context.Context, code, last4, address string) (Registration, error) {
	return Registration{}, errSoon
}

// ShrinkParty gives some of the places back. A party cannot grow.
func (s *Store) ShrinkParty(ctx context.Context, code, last4, address string, party int) (Registration, error) {
	return Registration{}, errSoon
}

// StaffSignUp signs up somebody who rang or stands at the counter; a phone is not
// required, and limits do not apply, but places are counted all the same.
func (s *Store) StaffSignUp(ctx context.Context, actor auth.Actor, f SignUp) (Registration, error) {
	return Registration{}, errSoon
}

// Registrations lists all sign-ups of a session, confirmed first, then the queue
// in its order, then the rest; names and phones masked.
func (s *Store) Registrations(ctx context.Context, actor auth.Actor, sessionID string) ([]Registration, error) {
	return nil, errSoon
}

// CancelByStaff gives the places of a sign-up back; the person is told the reason.
func (s *Store) CancelByStaff(ctx context.Context, actor auth.Actor, regID, reason string) (Registration, error) {
	return Registration{}, errSoon
}

// Reveal shows name and phone in full. The reason goes into the audit.
func (s *Store) Reveal(ctx context.Context, actor auth.Actor, regID, reason string) (Registration, error) {
	return Registration{}, errSoon
}

// SetCapacity changes the number of places. More places promote those who wait;
// fewer than are taken are refused with a *CapacityError.
func (s *Store) SetCapacity(ctx context.Context, actor auth.Actor, id string, version, n int) (Session, error) {
	return Session{}, errSoon
}

// CapacityError refuses fewer places than are taken, and lists who holds them.
type CapacityError struct {
	Capacity, Taken int
	Registrations   []Registration // confirmed, masked, latest first
	err             error
}

func (e *CapacityError) Error() string { return e.err.Error() }

// Unwrap gives Kind and Message.
func (e *CapacityError) Unwrap() error { return e.err }
