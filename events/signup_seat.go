package events

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/songfa/songfa/internal/db"
)

// placesRow is what a transaction that touches places knows of the session.
type placesRow struct {
	ID            string      `db:"id"`
	No            string      `db:"no"`
	Title         string      `db:"title"`
	Version       int         `db:"version"`
	State         State       `db:"state"`
	StartsAt      int64       `db:"starts_at"`
	EndsAt        int64       `db:"ends_at"`
	Capacity      *int        `db:"capacity"`
	Taken         int         `db:"taken"`
	Waiting       int         `db:"waiting"`
	WaitCap       int         `db:"wait_cap"`
	WaitSeq       int         `db:"wait_seq"`
	SignupFrom    *int64      `db:"signup_from"`
	SignupTo      *int64      `db:"signup_to"`
	VerifyLevel   VerifyLevel `db:"verify_level"`
	PromotePaused bool        `db:"promote_paused"`
	FitFirst      bool        `db:"fit_first"`
	Planner       string      `db:"planner"`
	PoolCount     int         `db:"pools"`
	Pools         []Pool      `db:"-"`
}

// pooled is a copy of the counters, for the rules to work on.
func (r placesRow) pooled(now time.Time) pooled {
	return pooled{places: places{capacity: orZero(r.Capacity), taken: r.Taken, waiting: r.Waiting, waitCap: r.WaitCap, waitSeq: r.WaitSeq, fitFirst: r.FitFirst},
		pools: slices.Clone(r.Pools), now: now}
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
	planner, lock := "''", ""
	if tx.Postgres() {
		// What the planner knows of a table is a minute old; in a storm of sign-ups it
		// would read all of what was empty then, over and over.
		planner, lock = "set_config('enable_seqscan', 'off', true)", " FOR UPDATE"
	}
	query := `SELECT id, no, title, version, state, starts_at, ends_at, capacity, taken, waiting, wait_cap, wait_seq, signup_from, signup_to,
		verify_level, promote_paused, fit_first, pools, ` + planner + ` AS planner FROM session WHERE id = $1` + lock
	var r placesRow
	if err := db.Get(ctx, tx, &r, query, session); err != nil || r.PoolCount == 0 {
		return r, err
	}
	var err error
	r.Pools, err = selectPools(ctx, tx, []string{session})
	return r, err
}

// save writes what has changed of the counters since they were locked.
func (r placesRow) save(ctx context.Context, tx *db.Tx, p pooled) error {
	if was := r.pooled(p.now); p.places != was.places {
		_, err := db.Exec(ctx, tx, `UPDATE session SET taken = $2, waiting = $3, wait_seq = $4 WHERE id = $1`, r.ID, p.taken, p.waiting, p.waitSeq)
		if err != nil {
			return err
		}
	}
	for i, own := range p.pools {
		if own == r.Pools[i] {
			continue
		}
		if err := savePool(ctx, tx, own); err != nil {
			return err
		}
	}
	return nil
}

// seat answers all who ask for places of one session, in one transaction, and
// those who come while it runs.
func (s *Store) seat(ctx context.Context, c *crowd) error {
	return s.db.Update(ctx, func(ctx context.Context, tx *db.Tx) error {
		session, began := c.asks[0].row.Session, time.Now()
		locked, err := lockPlaces(ctx, tx, session)
		if err != nil {
			return err
		}
		b := &book{pooled: locked.pooled(s.now()), window: locked.window(), rules: s.rules, facts: make(map[fact]int), known: make(map[string]registrationRow)}
		for asks := c.asks; len(asks) > 0; asks = c.grow(began) {
			if err := s.seatSome(ctx, tx, b, asks); err != nil {
				return err
			}
		}
		return locked.save(ctx, tx, b.pooled)
	})
}

func (s *Store) seatSome(ctx context.Context, tx *db.Tx, b *book, asks []*ask) error {
	if err := b.read(ctx, tx, asks); err != nil {
		return err
	}
	var rows []registrationRow
	for _, a := range asks {
		a.seating = b.decide(a.row)
		if a.seating.err == nil && !a.seating.replayed {
			rows = append(rows, a.seating.row)
		}
	}
	return insertRegistrations(ctx, tx, rows)
}

// read looks up what the decisions need: the keys that were used before, and what
// the phones and addresses have signed up for. It is one query, because each is
// a journey to the database while the session is locked.
func (b *book) read(ctx context.Context, tx *db.Tx, asks []*ask) error {
	var keys, phones, addresses []string
	for _, a := range asks {
		keys, phones, addresses = append(keys, a.row.key()), append(phones, a.row.phone()), append(addresses, a.row.IPHash)
	}
	args := []any{asks[0].row.Session, midnight(b.now).UnixMilli(), b.now.Add(-time.Hour).UnixMilli()}
	list := func(values []string) string {
		in, more := db.In(len(args), padded(values))
		args = append(args, more...)
		return in
	}
	query := `SELECT 'key' AS kind, idem_key AS value, 1 AS n FROM registration WHERE idem_key IN (` + list(keys) + `)
		UNION ALL SELECT CASE WHEN session = $1 AND created_at >= $2 THEN 'here today' WHEN session = $1 THEN 'here'
			WHEN created_at >= $2 THEN 'today' ELSE 'before' END, phone_bidx, 1
		FROM registration WHERE state IN ('confirmed', 'waiting') AND phone_bidx IN (` + list(phones) + `)
		UNION ALL SELECT 'address', ip_hash, count(*) FROM registration
		WHERE ip_hash <> '' AND ip_hash IN (` + list(addresses) + `) AND created_at > $3 GROUP BY ip_hash`
	var rows []struct {
		fact
		N int `db:"n"`
	}
	if err := db.Select(ctx, tx, &rows, query, args...); err != nil {
		return err
	}
	var used []string
	for _, r := range rows {
		for kind := range strings.FieldsSeq(r.Kind) {
			b.facts[fact{kind, r.Value}] += r.N
		}
		if r.Kind == factKey {
			used = append(used, r.Value)
		}
	}
	return b.readUsed(ctx, tx, used)
}

// readUsed reads what was answered to keys that come again, which is rare.
func (b *book) readUsed(ctx context.Context, tx *db.Tx, keys []string) error {
	if len(keys) == 0 {
		return nil
	}
	list, args := db.In(0, padded(keys))
	rows, err := selectRegistrations(ctx, tx, `WHERE idem_key IN (`+list+`)`, args...)
	for _, r := range rows {
		b.known[r.key()] = r
	}
	return err
}
