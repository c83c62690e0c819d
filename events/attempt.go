package events

import (
	"context"
	"time"

	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/errs"
)

// Wrong tries at a code: after so many within the pause's length, the code and
// the address that asked both wait.
const (
	maxTries = 5
	tryPause = 15 * time.Minute
)

// errWrongCode is the one answer for a wrong code, a wrong phone and nothing
// there: it must not tell a stranger who signed up.
func errWrongCode(format string, args ...any) error {
	return errs.New(errs.NotFound, "查不到。请核对查询码和手机号后四位；连错五次要等 15 分钟再试。", format, args...)
}

// guarded runs a look-up by code under the limit of tries. find reports
// NotFound for a wrong guess. The keys are blind, so the table names nobody.
func (s *Store) guarded(ctx context.Context, code, address string, find func() error) error {
	keys := []string{s.vault.Blind("attempt code", code), s.vault.Blind("attempt address", address)}
	if err := s.pausedTries(ctx, keys); err != nil {
		return err
	}
	err := find()
	if !errs.Is(err, errs.NotFound) {
		return err
	}
	if failed := s.tried(ctx, keys); failed != nil {
		return failed
	}
	return errWrongCode("%w", err)
}

func (s *Store) pausedTries(ctx context.Context, keys []string) error {
	list, args := db.In(1, keys)
	var n int
	err := db.Get(ctx, s.db.Reader(), &n, `SELECT count(*) FROM attempt WHERE paused_until > $1 AND key IN (`+list+`)`,
		append([]any{s.now().UnixMilli()}, args...)...)
	if err == nil && n > 0 {
		err = errs.New(errs.TooMany, "连续输错五次，请 15 分钟后再试，或拨打电话请工作人员帮您查。", "tries are paused")
	}
	return err
}

// tried counts a wrong try under each key.
func (s *Store) tried(ctx context.Context, keys []string) error {
	now := s.now()
	return s.db.Update(ctx, func(ctx context.Context, tx *db.Tx) error {
		for _, key := range keys {
			// The sixth try of an old row starts a new count: fails are those
			// since first_at, and first_at moves when the pause's length is over.
			_, err := db.Exec(ctx, tx, `INSERT INTO attempt (key, fails, first_at, paused_until) VALUES ($1, 1, $2, NULL)
				ON CONFLICT (key) DO UPDATE SET
				fails = CASE WHEN attempt.first_at < $3 THEN 1 ELSE attempt.fails + 1 END,
				first_at = CASE WHEN attempt.first_at < $3 THEN CAST($2 AS BIGINT) ELSE attempt.first_at END,
				paused_until = CASE WHEN attempt.first_at >= $3 AND attempt.fails + 1 >= $4 THEN CAST($5 AS BIGINT) ELSE NULL END`,
				key, now.UnixMilli(), now.Add(-tryPause).UnixMilli(), maxTries, now.Add(tryPause).UnixMilli())
			if err != nil {
				return err
			}
		}
		_, err := db.Exec(ctx, tx, `DELETE FROM attempt WHERE first_at < $1 AND (paused_until IS NULL OR paused_until < $2)`,
			now.Add(-24*time.Hour).UnixMilli(), now.UnixMilli())
		return err
	})
}
