package events

import (
	"context"

	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/errs"
)

// PlacesDifference is a session whose counters are not what its sign-ups add up
// to: a bug, or a hand in the database.
type PlacesDifference struct {
	Session     string `db:"id"`
	No          string `db:"no"`
	Taken       int    `db:"taken"`
	Waiting     int    `db:"waiting"`
	RowsTaken   int    `db:"rows_taken"`
	RowsWaiting int    `db:"rows_waiting"`
	Capacity    *int   `db:"capacity"`
	Pool        string `db:"pool"` // name of the pool whose counters differ, "" the session's own
}

// RecountPlaces compares the counters of all sessions with their rows. It runs
// every night and mends nothing: whoever repaired silently would never learn
// what went wrong.
func (s *Store) RecountPlaces(ctx context.Context) (_ []PlacesDifference, err error) {
	defer errs.Wrap(&err, "recount places")
	var list []PlacesDifference
	err = db.Select(ctx, s.db.Reader(), &list, `SELECT s.id, s.no, s.taken, s.waiting, s.capacity,
		COALESCE(r.taken, 0) AS rows_taken, COALESCE(r.waiting, 0) AS rows_waiting
		FROM session s LEFT JOIN (
			SELECT session, SUM(capacity - taken) AS kept FROM session_pool WHERE falls_at > $1 GROUP BY session) k ON k.session = s.id
		LEFT JOIN (
			SELECT session, SUM(CASE WHEN state = 'confirmed' THEN party ELSE 0 END) AS taken,
				SUM(CASE WHEN state = 'waiting' THEN 1 ELSE 0 END) AS waiting
			FROM registration WHERE state IN ('confirmed', 'waiting') GROUP BY session) r ON r.session = s.id
		WHERE s.taken <> COALESCE(r.taken, 0) OR s.waiting <> COALESCE(r.waiting, 0) OR s.taken > COALESCE(s.capacity - COALESCE(k.kept, 0), s.taken)
		ORDER BY s.no`, s.now().UnixMilli())
	if err != nil {
		return nil, err
	}
	pools, err := s.recountPools(ctx)
	return append(list, pools...), err
}

func (s *Store) recountPools(ctx context.Context) (list []PlacesDifference, err error) {
	err = db.Select(ctx, s.db.Reader(), &list, `SELECT s.id, s.no, p.name AS pool, p.taken, p.waiting, p.capacity,
		COALESCE(r.taken, 0) AS rows_taken, COALESCE(r.waiting, 0) AS rows_waiting
		FROM session_pool p JOIN session s ON s.id = p.session LEFT JOIN (
			SELECT session, code, SUM(taken) AS taken, SUM(waiting) AS waiting FROM (
				SELECT session, seated AS code, party AS taken, 0 AS waiting FROM registration WHERE state = 'confirmed' AND seated <> ''
				UNION ALL SELECT session, pool, 0, 1 FROM registration WHERE state = 'waiting' AND pool <> '') AS live
			GROUP BY session, code) r ON r.session = p.session AND r.code = p.code
		WHERE p.taken <> COALESCE(r.taken, 0) OR p.waiting <> COALESCE(r.waiting, 0)
		ORDER BY s.no, p.code`)
	return list, err
}
