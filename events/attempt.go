package events

import (
	"context"
	"slices"
	"time"

	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/errs"
)

// tryPause is how long a key waits after its last wrong try, and how long wrong
// tries are remembered.
const tryPause = 15 * time.Minute

// maxTries is how many wrong codes pause a code, or an address.
const maxTries = 5

// tryKey is what wrong tries are counted by, and how many pause it.
type tryKey struct {
	name string // kept blind: the table names nobody
	most int
}

// codeTries are the keys of a look-up by code: the code itself, so that nobody
// guesses the digits of one from many addresses, and the address.
func codeTries(code, address string) []tryKey {
	return []tryKey{{"code " + code, maxTries}, {"address " + address, maxTries}}
}

// errWrongCode is the one answer for a wrong code, a wrong phone and nothing
// there: it must not tell a stranger who signed up.
func errWrongCode(format string, args ...any) error {
	return errs.New(errs.NotFound, "查不到。请核对查询码和手机号后四位；连错五次要等 15 分钟再试。", format, args...)
}

// guarded runs a look-up under the limit of tries. find reports NotFound for a
// wrong guess. Each try counts as wrong before find looks, and is taken back when
// it was not: those who guess at the same moment get no more tries than those who
// guess one by one.
func (s *Store) guarded(ctx context.Context, keys []tryKey, find func() error) error {
	if err := s.beginTry(ctx, keys); err != nil {
		return err
	}
	err := find()
	if errs.Is(err, errs.NotFound) {
		return errWrongCode("%w", err)
	}
	if failed := s.takeBackTry(ctx, keys); failed != nil && err == nil {
		return failed
	}
	return err
}

// beginTry counts a try under each key, or refuses it while one of them is
// paused.
func (s *Store) beginTry(ctx context.Context, keys []tryKey) error {
	now := s.now()
	return s.db.Update(ctx, func(ctx context.Context, tx *db.Tx) error {
		for _, key := range s.blindKeys(keys) {
			var paused int64
			// A row whose first try is older than the pause begins anew. A row that
			// is paused stays as it is.
			err := db.Get(ctx, tx, &paused, `INSERT INTO attempt (key, fails, first_at, paused_until) VALUES ($1, 1, $2, NULL)
				ON CONFLICT (key) DO UPDATE SET
				fails = CASE WHEN attempt.paused_until > $2 THEN $5 + 1 WHEN attempt.first_at < $3 THEN 1 ELSE attempt.fails + 1 END,
				first_at = CASE WHEN attempt.first_at < $3 THEN CAST($2 AS BIGINT) ELSE attempt.first_at END,
				paused_until = CASE WHEN attempt.paused_until > $2 THEN attempt.paused_until
					WHEN attempt.first_at >= $3 AND attempt.fails + 1 >= $5 THEN CAST($4 AS BIGINT) ELSE NULL END
				RETURNING CASE WHEN fails > $5 THEN 1 ELSE 0 END AS paused`,
				key.name, now.UnixMilli(), now.Add(-tryPause).UnixMilli(), now.Add(tryPause).UnixMilli(), key.most)
			if err != nil {
				return err
			}
			if paused > 0 { // and with the transaction all that was counted is undone
				return errs.New(errs.TooMany, "连续输错太多次，请 15 分钟后再试，或拨打电话请工作人员帮您查。", "tries are paused")
			}
		}
		return nil
	})
}

// takeBackTry says that the try was not wrong.
func (s *Store) takeBackTry(ctx context.Context, keys []tryKey) error {
	return s.db.Update(ctx, func(ctx context.Context, tx *db.Tx) error {
		for _, key := range s.blindKeys(keys) {
			_, err := db.Exec(ctx, tx, `UPDATE attempt SET fails = fails - 1, paused_until = CASE WHEN fails - 1 >= $2 THEN paused_until ELSE NULL END
				WHERE key = $1 AND fails > 0`, key.name, key.most)
			if err != nil {
				return err
			}
		}
		_, err := db.Exec(ctx, tx, `DELETE FROM attempt WHERE fails = 0`)
		return err
	})
}

// blindKeys are the keys as the table has them, in the one order in which
// transactions lock them.
func (s *Store) blindKeys(keys []tryKey) []tryKey {
	blind := slices.Clone(keys)
	for i := range blind {
		blind[i].name = s.vault.Blind("attempt", blind[i].name)
	}
	slices.SortFunc(blind, func(a, b tryKey) int {
		if a.name < b.name {
			return -1
		}
		return 1
	})
	return blind
}
