package auth

import (
	"context"

	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/errs"
)

// Prove checks the password of an account outside of a sign-in: the second factor
// of a decision by link. It counts wrong tries as a sign-in does. A wrong one, and
// an account that is locked out, are Invalid and take as long.
func (s *Store) Prove(ctx context.Context, id, password, ip string) (err error) {
	defer errs.Wrap(&err, "prove account %s", id)
	var row accountRow
	err = db.Get(ctx, s.db.Reader(), &row, `SELECT `+accountColumns+` FROM account a WHERE a.id = $1`, id)
	if err != nil && !errs.Is(err, errs.NotFound) {
		return err
	}
	from := Visit{IP: ip}
	keys := []throttleKey{{nameKey(row.Name), 1}, {ipKey(from), ipFactor}}
	if err := s.throttled(ctx, keys...); err != nil {
		return err
	}
	if !checkPassword(row.Password, password) || row.Disabled {
		return s.failed(ctx, keys, row.ID, from, errWrongPassword())
	}
	return nil
}

// Acting is an account as it may act now; Gone when it was disabled or never was.
func (s *Store) Acting(ctx context.Context, id string) (Actor, error) {
	a, err := s.ByID(ctx, id)
	if errs.Is(err, errs.NotFound) || err == nil && a.Disabled {
		return Actor{}, errs.New(errs.Gone, "这个账号已经停用，请换一位。", "account %s may not act", id)
	}
	return a.Actor(), err
}
