package auth

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"strings"
	"time"

	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/errs"
)

// Session is a signed-in browser.
type Session struct {
	Account Account
	// ID names the session without opening it; forms are bound to it.
	ID string
}

func hashToken(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

// SignIn checks the password and returns the token for the cookie. A wrong
// name and a wrong password answer alike and take as long. Where the account has
// a second factor (HasFactor) the token opens nothing yet: it is for SecondFactor.
func (s *Store) SignIn(ctx context.Context, name, password string, from Visit) (token string, _ Account, err error) {
	defer errs.Wrap(&err, "sign in")
	name = strings.ToLower(strings.TrimSpace(name))
	keys := []throttleKey{{nameKey(name), 1}, {ipKey(from), ipFactor}}
	if err := s.throttled(ctx, keys...); err != nil {
		return "", Account{}, err
	}
	var row accountRow
	err = db.Get(ctx, s.db.Reader(), &row, `SELECT `+accountColumns+` FROM account a WHERE a.name = $1`, name)
	if err != nil && !errs.Is(err, errs.NotFound) {
		return "", Account{}, err
	}
	if !checkPassword(row.Password, password) || row.Disabled {
		return "", Account{}, s.failed(ctx, keys, row.ID, from, errWrongPassword())
	}
	account, err := row.account()
	if err != nil {
		return "", Account{}, err
	}
	token = newToken()
	err = s.db.Update(ctx, func(ctx context.Context, tx *db.Tx) error {
		return s.open(ctx, tx, account, token, account.HasFactor, from)
	})
	return token, account, err
}

// halfLife is how long the second factor may take.
const halfLife = 10 * time.Minute

// SecondFactor takes the code of the phone, or one of the ten words, after the
// password, and returns the token for the cookie.
func (s *Store) SecondFactor(ctx context.Context, half, code string, from Visit) (token string, _ Account, err error) {
	defer errs.Wrap(&err, "second factor")
	var row accountRow
	err = db.Get(ctx, s.db.Reader(), &row, `SELECT `+accountColumns+` FROM auth_session s JOIN account a ON a.id = s.account
		WHERE s.token_hash = $1 AND s.half AND s.created_at > $2 AND NOT a.disabled`, hashToken(half), s.cfg.Now().Add(-halfLife).UnixMilli())
	if errs.Is(err, errs.NotFound) {
		return "", Account{}, errs.New(errs.SignIn, "输入动态码的时间过了，请重新输入用户名和密码。", "half session is over: %w", err)
	}
	if err != nil {
		return "", Account{}, err
	}
	keys := []throttleKey{{codeKey(row.ID), 1}, {ipKey(from), ipFactor}}
	if err := s.throttled(ctx, keys...); err != nil {
		return "", Account{}, err
	}
	account, err := row.account()
	if err != nil {
		return "", Account{}, err
	}
	var ok bool
	token = newToken()
	err = s.db.Update(ctx, func(ctx context.Context, tx *db.Tx) (err error) {
		if ok, err = s.takeCode(ctx, tx, row, code); err != nil || !ok {
			return err
		}
		if _, err := db.Exec(ctx, tx, `DELETE FROM auth_session WHERE token_hash = $1`, hashToken(half)); err != nil {
			return err
		}
		return s.open(ctx, tx, account, token, false, from)
	})
	if err == nil && !ok {
		err = s.failed(ctx, keys, row.ID, from, errWrongCode())
	}
	if err != nil {
		return "", Account{}, err
	}
	return token, account, nil
}

func newToken() string {
	b := make([]byte, 32)
	rand.Read(b)
	return base64.RawURLEncoding.EncodeToString(b)
}

// open writes the session, half of one while the second factor is owed.
func (s *Store) open(ctx context.Context, tx *db.Tx, a Account, token string, half bool, from Visit) error {
	now := s.cfg.Now()
	_, err := db.Exec(ctx, tx, `DELETE FROM auth_session WHERE seen_at < $1 OR created_at < $2 OR half AND created_at < $3`,
		now.Add(-s.cfg.Idle).UnixMilli(), now.Add(-s.cfg.Lifetime).UnixMilli(), now.Add(-halfLife).UnixMilli())
	if err != nil {
		return err
	}
	_, err = db.Exec(ctx, tx, `INSERT INTO auth_session (token_hash, account, created_at, seen_at, half, device, place) VALUES ($1, $2, $3, $3, $4, $5, $6)`,
		hashToken(token), a.ID, now.UnixMilli(), half, from.Device(), from.Place())
	if err != nil || half {
		return err
	}
	if _, err := db.Exec(ctx, tx, `DELETE FROM auth_throttle WHERE key IN ($1, $2)`, nameKey(a.Name), codeKey(a.ID)); err != nil {
		return err
	}
	s.ledger.Record(tx, a.Actor().Entry("user.signin", "user:"+a.ID, "登录"+from.words()))
	return nil
}

type sessionRow struct {
	accountRow
	SessionCreated int64  `db:"session_created"`
	TOTPRoles      string `db:"totp_roles"`
	PasswordDays   int    `db:"password_days"`
	SeenAt         int64  `db:"seen_at"`
}

// Session finds who holds a token; a SignIn error if nobody does any more.
func (s *Store) Session(ctx context.Context, token string) (_ Session, err error) {
	defer errs.Wrap(&err, "find session")
	hash, now := hashToken(token), s.cfg.Now()
	var row sessionRow
	err = db.Get(ctx, s.db.Reader(), &row, `SELECT `+accountColumns+`,
		s.created_at AS session_created, s.seen_at, p.totp_roles, p.password_days FROM auth_session s JOIN account a ON a.id = s.account
		CROSS JOIN auth_policy p WHERE s.token_hash = $1 AND NOT s.half`, hash)
	if errs.Is(err, errs.NotFound) {
		return Session{}, errs.New(errs.SignIn, "", "no such session: %w", err)
	}
	if err != nil {
		return Session{}, err
	}
	seen, created := time.UnixMilli(row.SeenAt), time.UnixMilli(row.SessionCreated)
	if row.Disabled || now.Sub(seen) > s.cfg.Idle || now.Sub(created) > s.cfg.Lifetime {
		return Session{}, errs.New(errs.SignIn, "登录已过期，请重新登录。", "session is over")
	}
	account, err := row.account()
	if err != nil {
		return Session{}, err
	}
	if account.Aged = aged(row.PasswordDays, row.PasswordAt, now); account.Aged {
		account.MustChange = true
	}
	needs, err := needsFactor(row.TOTPRoles, account.Roles)
	if err != nil {
		return Session{}, err
	}
	account.MustFactor = needs && !account.HasFactor
	if now.Sub(seen) > time.Minute { // not a write for each request
		err = s.db.Update(ctx, func(ctx context.Context, tx *db.Tx) error {
			_, err := db.Exec(ctx, tx, `UPDATE auth_session SET seen_at = $2 WHERE token_hash = $1`, hash, now.UnixMilli())
			return err
		})
	}
	return Session{Account: account, ID: hash}, err
}

// Running reports whether a token's session runs, for decisions that come
// before a request is read.
func (s *Store) Running(ctx context.Context, token string) bool {
	_, err := s.Session(ctx, token)
	return err == nil
}

// SignOut ends a session; twice is fine.
func (s *Store) SignOut(ctx context.Context, token string) error {
	return s.db.Update(ctx, func(ctx context.Context, tx *db.Tx) error {
		var row accountRow
		err := db.Get(ctx, tx, &row, `SELECT `+accountColumns+` FROM auth_session s JOIN account a ON a.id = s.account
			WHERE s.token_hash = $1 AND NOT s.half`, hashToken(token))
		if errs.Is(err, errs.NotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		if _, err := db.Exec(ctx, tx, `DELETE FROM auth_session WHERE token_hash = $1`, hashToken(token)); err != nil {
			return err
		}
		s.ledger.Record(tx, actorOf(row).Entry("user.signout", "user:"+row.ID, "退出登录"))
		return nil
	})
}
