package events

import (
	"context"
	"slices"

	"github.com/songfa/songfa/internal/db"
)

// poolsTogether bounds how many sessions one query reads the pools of.
const poolsTogether = 500

const poolColumns = `session, code, name, capacity, taken, waiting, falls_at, fallen`

// selectPools reads the pools of sessions, by the time they fall.
func selectPools(ctx context.Context, q db.Queryer, sessions []string) (all []Pool, err error) {
	for ids := range slices.Chunk(sessions, poolsTogether) {
		var some []Pool
		list, args := db.In(0, ids)
		err := db.Select(ctx, q, &some, `SELECT `+poolColumns+` FROM session_pool WHERE session IN (`+list+`) ORDER BY session, falls_at, code`, args...)
		if err != nil {
			return nil, err
		}
		all = append(all, some...)
	}
	return all, nil
}

// fillPools gives sessions their pools. It asks the database only about those
// that have some, which are few.
func fillPools(ctx context.Context, q db.Queryer, rows []*sessionRow, sessions []Session) error {
	at := make(map[string]int)
	var ids []string
	for i, r := range rows {
		if r.PoolCount > 0 {
			at[r.ID] = i
			ids = append(ids, r.ID)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	pools, err := selectPools(ctx, q, ids)
	for _, p := range pools {
		se := &sessions[at[p.Session]]
		se.Pools = append(se.Pools, p)
	}
	return err
}

// savePool writes a pool that is there; the caller has locked the session.
func savePool(ctx context.Context, tx *db.Tx, p Pool) error {
	_, err := db.Exec(ctx, tx, `UPDATE session_pool SET name = $3, capacity = $4, taken = $5, waiting = $6, falls_at = $7, fallen = $8
		WHERE session = $1 AND code = $2`, p.Session, p.Code, p.Name, p.Capacity, p.Taken, p.Waiting, p.FallsAt, p.Fallen)
	return err
}

func insertPool(ctx context.Context, tx *db.Tx, p Pool) error {
	_, err := db.Exec(ctx, tx, `INSERT INTO session_pool (`+poolColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		p.Session, p.Code, p.Name, p.Capacity, p.Taken, p.Waiting, p.FallsAt, p.Fallen)
	if err == nil {
		_, err = db.Exec(ctx, tx, `UPDATE session SET pools = pools + 1 WHERE id = $1`, p.Session)
	}
	return err
}
