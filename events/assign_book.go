package events

import (
	"context"
	"fmt"
	"time"

	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/errs"
)

// personTime is what a session takes of a person's day. The way counts once, at
// the end: of two sessions the later one begins after the first and the way.
func (s *Store) personTime(session Session) (from, to time.Time) {
	return session.Starts, session.Ends.Add(s.rules.buffer())
}

// bookPerson books the person for the session's time, firmly. Somebody who has
// promised to be elsewhere is a Conflict that names the other session.
func (s *Store) bookPerson(ctx context.Context, tx *db.Tx, actor auth.Actor, session Session, person string) error {
	if err := lockResource(ctx, tx, BookPerson, person); err != nil {
		return err
	}
	if err := s.freePerson(ctx, tx, session.ID, person); err != nil {
		return err
	}
	other, err := s.busyWith(ctx, tx, actor, session, person)
	if err != nil {
		return err
	}
	if other != "" {
		return errs.New(errs.Conflict, fmt.Sprintf("这个时间（含路上 %d 分钟）已经答应了另一场《%s》，不能再答应这一场。", s.rules.BufferMinutes, other), "person %s is booked elsewhere", person)
	}
	from, to := s.personTime(session)
	return s.book(ctx, tx, actor, Booking{Session: session.ID, Kind: BookPerson, Resource: person, Starts: from, Ends: to, Status: Firm, Exclusive: true})
}

// freePerson gives the person's time back; there may be none booked.
func (s *Store) freePerson(ctx context.Context, tx *db.Tx, session, person string) error {
	_, err := db.Exec(ctx, tx, `UPDATE booking SET status = 'freed' WHERE kind = 'person' AND session = $1 AND resource = $2
		AND status IN ('hold', 'firm')`, session, person)
	return err
}

// busyWith is the title of another session the person is booked for at the time
// of this one, "" for none.
func (s *Store) busyWith(ctx context.Context, q db.Queryer, actor auth.Actor, session Session, person string) (title string, err error) {
	from, to := s.personTime(session)
	var other struct{ Title, Town string }
	err = db.Get(ctx, q, &other, `SELECT s.title, s.town FROM booking b JOIN session s ON s.id = b.session
		WHERE b.kind = 'person' AND b.resource = $1 AND b.session <> $2 AND b.status IN ('hold', 'firm')
		AND b.from_at < $4 AND b.to_at > $3 ORDER BY b.from_at LIMIT 1`, person, session.ID, from.UnixMilli(), to.UnixMilli())
	if errs.Is(err, errs.NotFound) {
		return "", nil
	}
	if !actor.InTown(other.Town) {
		other.Title = elsewhere
	}
	return other.Title, err
}
