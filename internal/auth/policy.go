package auth

import (
	"context"
	"slices"
	"time"

	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/errs"
)

// Policy is what the bureau asks of those who sign in.
type Policy struct {
	TOTPRoles    []Role // who needs a second factor
	PasswordDays int    // how old a password may get; 0 any age
	LockAfter    int    // wrong tries until a name is locked
	LockMinutes  int    // for so long
	Version      int
}

type policyRow struct {
	TOTPRoles    string `db:"totp_roles"`
	PasswordDays int    `db:"password_days"`
	LockAfter    int    `db:"lock_after"`
	LockMinutes  int    `db:"lock_minutes"`
	Version      int    `db:"version"`
}

const policyColumns = `totp_roles, password_days, lock_after, lock_minutes, version`

// Policy reads it.
func (s *Store) Policy(ctx context.Context) (_ Policy, err error) {
	defer errs.Wrap(&err, "read sign-in policy")
	var r policyRow
	if err := db.Get(ctx, s.db.Reader(), &r, `SELECT `+policyColumns+` FROM auth_policy WHERE id = 1`); err != nil {
		return Policy{}, err
	}
	p := Policy{PasswordDays: r.PasswordDays, LockAfter: r.LockAfter, LockMinutes: r.LockMinutes, Version: r.Version}
	return p, db.FromJSON(r.TOTPRoles, &p.TOTPRoles)
}

func (p Policy) check() error {
	switch {
	case p.PasswordDays != 0 && (p.PasswordDays < 30 || p.PasswordDays > 730):
		return errs.Bad("password_days", "密码多少天一换，请填 30 至 730；不要求定期更换，请填 0。")
	case p.LockAfter < 5 || p.LockAfter > 50:
		return errs.Bad("lock_after", "连续输错多少次锁定，请填 5 至 50。")
	case p.LockMinutes < 5 || p.LockMinutes > 24*60:
		return errs.Bad("lock_minutes", "锁定多少分钟，请填 5 至 1440。")
	}
	for _, role := range p.TOTPRoles {
		if !slices.Contains(Roles, role) {
			return errs.Bad("totp_roles", "没有这个角色，请重新选择。")
		}
	}
	return nil
}

// SetPolicy changes it for everybody, from the next request on.
func (s *Store) SetPolicy(ctx context.Context, actor Actor, p Policy) (err error) {
	defer errs.Wrap(&err, "set sign-in policy")
	if err := actor.Must(Users); err != nil {
		return err
	}
	if err := p.check(); err != nil {
		return err
	}
	if p.TOTPRoles == nil {
		p.TOTPRoles = []Role{}
	}
	return s.db.Update(ctx, func(ctx context.Context, tx *db.Tx) error {
		n, err := db.Exec(ctx, tx, `UPDATE auth_policy SET totp_roles = $2, password_days = $3, lock_after = $4, lock_minutes = $5, version = version + 1
			WHERE id = 1 AND version = $1`, p.Version, db.JSON(p.TOTPRoles), p.PasswordDays, p.LockAfter, p.LockMinutes)
		if err == nil && n == 0 {
			err = errs.New(errs.Conflict, "登录规则刚被别人改过，请刷新后再改。", "policy version %d is stale", p.Version)
		}
		s.ledger.Record(tx, actor.Entry("user.policy", "policy", "修改登录规则"))
		return err
	})
}

// needsFactor reports whether one of the roles wants a second factor.
func needsFactor(wanted string, roles []Role) (bool, error) {
	var list []Role
	err := db.FromJSON(wanted, &list)
	return slices.ContainsFunc(roles, func(r Role) bool { return slices.Contains(list, r) }), err
}

// aged reports whether a password set at a moment is too old. Passwords older
// than the column are counted from the day they are first asked about: never.
func aged(days int, setAt int64, now time.Time) bool {
	return days > 0 && setAt > 0 && now.Sub(time.UnixMilli(setAt)) > time.Duration(days)*24*time.Hour
}
