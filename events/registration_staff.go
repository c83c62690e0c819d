package events

import (
	"context"
	"fmt"

	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/errs"
)

// Registrations lists all sign-ups of a session, confirmed first, then the queue
// in its order, then the rest; names and phones masked.
func (s *Store) Registrations(ctx context.Context, actor auth.Actor, sessionID string) (_ []Registration, err error) {
	defer errs.Wrap(&err, "registrations of session %s", sessionID)
	if err := actor.Must(auth.Sessions); err != nil {
		return nil, err
	}
	if err := oursBy(ctx, s.db.Reader(), actor, townOfSession, sessionID); err != nil {
		return nil, err
	}
	rows, err := selectRegistrations(ctx, s.db.Reader(), `WHERE session = $1
		ORDER BY CASE state WHEN 'confirmed' THEN 0 WHEN 'waiting' THEN 1 ELSE 2 END, wait_pos, created_at, id`, sessionID)
	if err != nil {
		return nil, err
	}
	return s.maskedList(rows)
}

// maskedList opens rows for staff and counts the places of the queue.
func (s *Store) maskedList(rows []registrationRow) ([]Registration, error) {
	list, waiting := make([]Registration, len(rows)), 0
	for i, row := range rows {
		reg, err := s.registration(row, masked)
		if err != nil {
			return nil, err
		}
		if reg.State == RegWaiting {
			waiting++
			reg.Position = waiting
		}
		list[i] = reg
	}
	return list, nil
}

// CancelByStaff gives the places of a sign-up back; the person is told the reason.
func (s *Store) CancelByStaff(ctx context.Context, actor auth.Actor, regID, reason string) (_ Registration, err error) {
	defer errs.Wrap(&err, "cancel registration %s by staff", regID)
	if err := actor.Must(auth.Sessions); err != nil {
		return Registration{}, err
	}
	if err := oursBy(ctx, s.db.Reader(), actor, townOfRegistration, regID); err != nil {
		return Registration{}, err
	}
	reason, err = spoken(reason)
	if err != nil {
		return Registration{}, err
	}
	row, err := s.give(ctx, regID, giveBack{to: RegCancelledByStaff, by: actor.ID, reason: reason},
		func(ctx context.Context, tx *db.Tx, locked placesRow, row registrationRow) error {
			s.ledger.Record(tx, actor.Entry("registration.cancel", "registration:"+row.ID, "取消一份报名（"+fmt.Sprint(row.Party)+" 人）"))
			return s.tellCancelled(ctx, tx, locked, row, reason)
		})
	if err != nil {
		return Registration{}, notRegistered(err)
	}
	return s.registration(row, masked)
}

// spoken is a reason as staff give it: it is kept and told.
func spoken(reason string) (string, error) {
	reason = oneLine(reason)
	var ps problems
	ps.text("reason", "原因", reason, 2, 200)
	return reason, ps.err()
}

// Reveal shows name, phone and question in full. The reason goes into the audit.
func (s *Store) Reveal(ctx context.Context, actor auth.Actor, regID, reason string) (_ Registration, err error) {
	defer errs.Wrap(&err, "reveal registration %s", regID)
	if err := actor.Must(auth.Reveal); err != nil {
		return Registration{}, err
	}
	if err := oursBy(ctx, s.db.Reader(), actor, townOfRegistration, regID); err != nil {
		return Registration{}, err
	}
	if reason, err = spoken(reason); err != nil {
		return Registration{}, err
	}
	var row registrationRow
	err = s.db.Update(ctx, func(ctx context.Context, tx *db.Tx) (err error) {
		if row, err = getRegistration(ctx, tx, "id = $1", regID); err != nil {
			return notRegistered(err)
		}
		s.ledger.Record(tx, actor.Entry("registration.reveal", "registration:"+regID, "查看一份报名的姓名和电话："+reason))
		return nil
	})
	if err != nil {
		return Registration{}, err
	}
	reg, err := s.registration(row, revealed)
	if err == nil {
		reg.Position, err = position(ctx, s.db.Reader(), row)
	}
	return reg, err
}

// VerifyRegistration says that staff have spoken with the person, or seen them
// at the desk: level 0 becomes 1.
func (s *Store) VerifyRegistration(ctx context.Context, actor auth.Actor, regID string) (err error) {
	defer errs.Wrap(&err, "verify registration %s", regID)
	if err := actor.Must(auth.Sessions); err != nil {
		return err
	}
	if err := oursBy(ctx, s.db.Reader(), actor, townOfRegistration, regID); err != nil {
		return err
	}
	return s.db.Update(ctx, func(ctx context.Context, tx *db.Tx) error { return s.verify(ctx, tx, regID, actor.ID) })
}

// verify joins a transaction, such as that of a check-in. It touches no places.
func (s *Store) verify(ctx context.Context, tx *db.Tx, regID, by string) error {
	n, err := db.Exec(ctx, tx, `UPDATE registration SET verify_level = 1, updated_at = $2 WHERE id = $1 AND verify_level = 0`, regID, s.now().UnixMilli())
	if err != nil || n == 0 {
		return err
	}
	row, err := getRegistration(ctx, tx, "id = $1", regID)
	if err != nil {
		return err
	}
	var p places
	if err := db.Get(ctx, tx, &p.taken, `SELECT taken FROM session WHERE id = $1`, row.Session); err != nil {
		return err
	}
	if err := db.Get(ctx, tx, &p.waiting, `SELECT waiting FROM session WHERE id = $1`, row.Session); err != nil {
		return err
	}
	return s.noteEvents(ctx, tx, p, registrationEvent{Kind: eventVerified, By: by}, row)
}
