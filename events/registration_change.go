package events

import (
	"context"

	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/errs"
)

// giveBack is a cancellation or a smaller party.
type giveBack struct {
	to     RegistrationState // "" for a smaller party
	party  int               // what remains of a smaller party
	by     string            // account.id, "" the person
	reason string            // staff's words
}

// give takes a sign-up's places back and promotes who waits, in one transaction.
// Doing it twice is no error and changes nothing. after runs in the transaction,
// for audit and messages, and only if something changed.
func (s *Store) give(ctx context.Context, id string, g giveBack, after func(context.Context, *db.Tx, placesRow, registrationRow) error) (row registrationRow, err error) {
	err = s.db.Update(ctx, func(ctx context.Context, tx *db.Tx) error {
		if row, err = getRegistration(ctx, tx, "id = $1", id); err != nil { // the session of a sign-up never changes
			return err
		}
		locked, err := lockPlaces(ctx, tx, row.Session)
		if err != nil {
			return err
		}
		if row, err = getRegistration(ctx, tx, "id = $1", id); err != nil {
			return err
		}
		if !row.State.Live() || g.to == "" && g.party == row.Party {
			return nil
		}
		if err := s.mayGive(locked, row, g); err != nil {
			return err
		}
		if row, err = s.giveLocked(ctx, tx, locked, row, g); err != nil || after == nil {
			return err
		}
		return after(ctx, tx, locked, row)
	})
	return row, err
}

func (s *Store) mayGive(locked placesRow, row registrationRow, g giveBack) error {
	over := locked.State != Published && locked.State != Postponed || !s.now().Before(locked.window().ends)
	switch {
	case over:
		return errs.New(errs.Conflict, "这一场已经结束，报名不能再改。", "session is %s", locked.State)
	case g.to == "" && g.party > row.Party:
		return errs.New(errs.Conflict, "已有的报名不能加人。多出来的人请另报一次，或先取消再重新报名（要重新排队）。", "party %d of %d", g.party, row.Party)
	case g.to == "" && g.party < 1:
		return errs.Bad("party", "至少留 1 人；都不来请点“取消报名”。")
	}
	return nil
}

func (s *Store) giveLocked(ctx context.Context, tx *db.Tx, locked placesRow, row registrationRow, g giveBack) (registrationRow, error) {
	p, event := locked.pooled(s.now()), registrationEvent{Kind: eventShrunk, By: g.by, Reason: g.reason}
	if g.to == "" {
		p.release(row.State, row.Pool, row.Seated, row.Party-g.party, false)
		row.Party = g.party
	} else {
		p.release(row.State, row.Pool, row.Seated, row.Party, true)
		row.State, event.Kind = g.to, eventCancelled
	}
	row.UpdatedAt = s.now().UnixMilli()
	if _, err := db.Exec(ctx, tx, `UPDATE registration SET state = $2, party = $3, updated_at = $4 WHERE id = $1`, row.ID, row.State, row.Party, row.UpdatedAt); err != nil {
		return row, err
	}
	if err := s.noteEvents(ctx, tx, p.places, event, row); err != nil {
		return row, err
	}
	if err := s.promote(ctx, tx, locked, &p); err != nil {
		return row, err
	}
	if err := locked.save(ctx, tx, p); err != nil {
		return row, err
	}
	return getRegistration(ctx, tx, "id = $1", row.ID) // a smaller party may have moved up
}

// promote gives free places to the queue, tells those who got them, and counts
// in p; the caller saves p.
func (s *Store) promote(ctx context.Context, tx *db.Tx, locked placesRow, p *pooled) error {
	if p.waiting == 0 || !locked.promotes(s.now()) || p.capacity > 0 && p.taken >= p.capacity {
		return nil
	}
	var queue []waiter
	err := db.Select(ctx, tx, &queue, `SELECT id, party, wait_pos, pool FROM registration WHERE session = $1 AND state = 'waiting' ORDER BY wait_pos`, locked.ID)
	if err != nil {
		return err
	}
	for _, up := range p.promote(queue) {
		if err := s.promoteOne(ctx, tx, locked, up); err != nil {
			return err
		}
	}
	return nil
}

func (s *Store) promoteOne(ctx context.Context, tx *db.Tx, locked placesRow, up promotion) error {
	_, err := db.Exec(ctx, tx, `UPDATE registration SET state = 'confirmed', seated = $2, updated_at = $3 WHERE id = $1`, up.ID, up.seated, s.now().UnixMilli())
	if err != nil {
		return err
	}
	row, err := getRegistration(ctx, tx, "id = $1", up.ID)
	if err != nil {
		return err
	}
	if err := s.noteEvents(ctx, tx, up.after, registrationEvent{Kind: eventPromoted, By: bySystem}, row); err != nil {
		return err
	}
	return s.tellPromoted(ctx, tx, locked, row)
}

func getRegistration(ctx context.Context, q db.Queryer, where string, arg any) (r registrationRow, err error) {
	err = db.Get(ctx, q, &r, `SELECT `+registrationColumns+` FROM registration WHERE `+where, arg)
	return r, err
}
