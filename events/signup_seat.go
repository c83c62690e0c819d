package events

import (
	"context"
	"time"

	"github.com/songfa/songfa/internal/db"
)

// placesRow is what a transaction that touches places knows of the session.
type placesRow struct {
	ID            string `db:"id"`
	No            string `db:"no"`
	Title         string `db:"title"`
	Version       int    `db:"version"`
	State         State  `db:"state"`
	StartsAt      int64  `db:"starts_at"`
	EndsAt        int64  `db:"ends_at"`
	Capacity      *int   `db:"capacity"`
	Taken         int    `db:"taken"`
	Waiting       int    `db:"waiting"`
	WaitCap       int    `db:"wait_cap"`
	WaitSeq       int    `db:"wait_seq"`
	SignupFrom    *int64 `db:"signup_from"`
	SignupTo      *int64 `db:"signup_to"`
	VerifyLevel   int    `db:"verify_level"`
	PromotePaused bool   `db:"promote_paused"`
	FitFirst      bool   `db:"fit_first"`
}

func (r placesRow) places() places {
	return places{capacity: orZero(r.Capacity), taken: r.Taken, waiting: r.Waiting, waitCap: r.WaitCap, waitSeq: r.WaitSeq, fitFirst: r.FitFirst}
}

func (r placesRow) window() window {
	w := window{state: r.State, from: db.Time(r.SignupFrom), to: db.Time(r.SignupTo), ends: time.UnixMilli(r.EndsAt), level: r.VerifyLevel}
	if starts := time.UnixMilli(r.StartsAt); w.to.IsZero() || w.to.After(starts) {
		w.to = starts
	}
	return w
}

// when is the time in words, as on the page.
func (r placesRow) when() string {
	return Session{Starts: local(r.StartsAt), Ends: local(r.EndsAt)}.When()
}

// promotes reports whether free places go to the queue at this moment.
func (r placesRow) promotes(now time.Time) bool {
	return r.State == Published && !r.PromotePaused && now.Before(time.UnixMilli(r.StartsAt).Add(-noPromotion))
}

// lockPlaces reads the session and keeps every other transaction away from its
// places until this one ends. It comes first in each that touches them: locks
// taken in one order cannot wait for each other in a circle.
func lockPlaces(ctx context.Context, tx *db.Tx, session string) (placesRow, error) {
	query := `SELECT id, no, title, version, state, starts_at, ends_at, capacity, taken, waiting, wait_cap, wait_seq, signup_from, signup_to,
		verify_level, promote_paused, fit_first FROM session WHERE id = $1`
	if tx.Postgres() {
		query += " FOR UPDATE"
	}
	var r placesRow
	err := db.Get(ctx, tx, &r, query, session)
	return r, err
}

func savePlaces(ctx context.Context, tx *db.Tx, session string, p places) error {
	_, err := db.Exec(ctx, tx, `UPDATE session SET taken = $2, waiting = $3, wait_seq = $4 WHERE id = $1`, session, p.taken, p.waiting, p.waitSeq)
	return err
}

// seat answers all who ask for places of one session, in one transaction.
func (s *Store) seat(ctx context.Context, asks []*ask) error {
	return s.db.Update(ctx, func(ctx context.Context, tx *db.Tx) error {
		session := asks[0].row.Session
		locked, err := lockPlaces(ctx, tx, session)
		if err != nil {
			return err
		}
		b, err := s.openBook(ctx, tx, locked, asks)
		if err != nil {
			return err
		}
		before := b.places
		var rows []registrationRow
		for _, a := range asks {
			a.seating = b.decide(a.row)
			if a.seating.err == nil && !a.seating.replayed {
				rows = append(rows, a.seating.row)
			}
		}
		if err := insertRegistrations(ctx, tx, rows); err != nil || before == b.places {
			return err
		}
		return savePlaces(ctx, tx, session, b.places)
	})
}

// openBook reads what the decisions need: the keys that were used before, and
// what the phones and addresses have signed up for.
func (s *Store) openBook(ctx context.Context, tx *db.Tx, locked placesRow, asks []*ask) (*book, error) {
	b := &book{places: locked.places(), window: locked.window(), rules: s.rules, now: s.now(),
		known: make(map[string]registrationRow), live: make(map[string]bool), today: make(map[string]int), addresses: make(map[string]int)}
	var keys, phones, addresses []string
	for _, a := range asks {
		keys = appendText(keys, a.row.key())
		phones = appendText(phones, a.row.phone())
		addresses = appendText(addresses, a.row.IPHash)
	}
	if err := b.readKeys(ctx, tx, keys); err != nil {
		return nil, err
	}
	if err := b.readPhones(ctx, tx, locked.ID, phones); err != nil {
		return nil, err
	}
	return b, b.readAddresses(ctx, tx, addresses)
}

func appendText(list []string, s string) []string {
	if s == "" {
		return list
	}
	return append(list, s)
}

func (b *book) readKeys(ctx context.Context, tx *db.Tx, keys []string) error {
	if len(keys) == 0 {
		return nil
	}
	list, args := db.In(0, padded(keys))
	var rows []registrationRow
	err := db.Select(ctx, tx, &rows, `SELECT `+registrationColumns+` FROM registration WHERE idem_key IN (`+list+`)`, args...)
	for _, r := range rows {
		b.known[r.key()] = r
	}
	return err
}

// readPhones leans on the index registration_live, whose condition it repeats.
func (b *book) readPhones(ctx context.Context, tx *db.Tx, session string, phones []string) error {
	if len(phones) == 0 {
		return nil
	}
	list, args := db.In(2, padded(phones))
	var rows []struct {
		Phone string `db:"phone_bidx"`
		Here  bool   `db:"here"`
		Today bool   `db:"today"`
	}
	err := db.Select(ctx, tx, &rows, `SELECT phone_bidx, session = $1 AS here, created_at >= $2 AS today FROM registration
		WHERE state IN ('confirmed', 'waiting') AND phone_bidx IN (`+list+`)`,
		append([]any{session, midnight(b.now).UnixMilli()}, args...)...)
	for _, r := range rows {
		if r.Here {
			b.live[r.Phone] = true
		}
		if r.Today {
			b.today[r.Phone]++
		}
	}
	return err
}

func (b *book) readAddresses(ctx context.Context, tx *db.Tx, addresses []string) error {
	if len(addresses) == 0 {
		return nil
	}
	list, args := db.In(1, padded(addresses))
	var rows []struct {
		Hash string `db:"ip_hash"`
		N    int    `db:"n"`
	}
	err := db.Select(ctx, tx, &rows, `SELECT ip_hash, count(*) AS n FROM registration
		WHERE created_at > $1 AND ip_hash <> '' AND ip_hash IN (`+list+`) GROUP BY ip_hash`,
		append([]any{b.now.Add(-time.Hour).UnixMilli()}, args...)...)
	for _, r := range rows {
		b.addresses[r.Hash] = r.N
	}
	return err
}
