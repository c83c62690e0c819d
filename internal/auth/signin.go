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

// Failed attempts: after freeFails each further one doubles the pause. The
// count lives in the database, so that asking another node does not help.
const (
	freeFails   = 5
	firstPause  = 30 * time.Second
	longestWait = 15 * time.Minute
	forgetAfter = 24 * time.Hour
	// ipFactor allows an address more: a whole office may sit behind it.
	ipFactor = 6
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
// name and a wrong password answer alike and take as long.
func (s *Store) SignIn(ctx context.Context, name, password, ip string) (token string, _ Account, err error) {
	defer errs.Wrap(&err, "sign in")
	name = strings.ToLower(strings.TrimSpace(name))
	keys := []throttleKey{{hashToken("name:" + name), 1}, {hashToken("ip:" + ip), ipFactor}}
	for _, k := range keys {
		if err := s.throttled(ctx, k); err != nil {
			return "", Account{}, err
		}
	}
	var row accountRow
	err = db.Get(ctx, s.db.Reader(), &row, `SELECT `+accountColumns+` FROM account a WHERE a.name = $1`, name)
	if err != nil && !errs.Is(err, errs.NotFound) {
		return "", Account{}, err
	}
	if !checkPassword(row.Password, password) || row.Disabled {
		return "", Account{}, s.failed(ctx, keys)
	}
	account, err := row.account()
	if err != nil {
		return "", Account{}, err
	}
	token, err = s.open(ctx, account, keys)
	return token, account, err
}

func (s *Store) open(ctx context.Context, a Account, keys []throttleKey) (string, error) {
	b := make([]byte, 32)
	rand.Read(b)
	token := base64.RawURLEncoding.EncodeToString(b)
	now := s.cfg.Now()
	err := s.db.Update(ctx, func(ctx context.Context, tx *db.Tx) error {
		_, err := db.Exec(ctx, tx, `DELETE FROM auth_session WHERE seen_at < $1 OR created_at < $2`,
			now.Add(-s.cfg.Idle).UnixMilli(), now.Add(-s.cfg.Lifetime).UnixMilli())
		if err != nil {
			return err
		}
		_, err = db.Exec(ctx, tx, `INSERT INTO auth_session (token_hash, account, created_at, seen_at) VALUES ($1, $2, $3, $3)`,
			hashToken(token), a.ID, now.UnixMilli())
		if err != nil {
			return err
		}
		if _, err := db.Exec(ctx, tx, `DELETE FROM auth_throttle WHERE key = $1`, keys[0].key); err != nil {
			return err
		}
		s.ledger.Record(tx, a.Actor().Entry("user.signin", "user:"+a.ID, "登录"))
		return nil
	})
	return token, err
}

type sessionRow struct {
	accountRow
	SessionCreated int64 `db:"session_created"`
	SeenAt         int64 `db:"seen_at"`
}

// Session finds who holds a token; a SignIn error if nobody does any more.
func (s *Store) Session(ctx context.Context, token string) (_ Session, err error) {
	defer errs.Wrap(&err, "find session")
	hash, now := hashToken(token), s.cfg.Now()
	var row sessionRow
	err = db.Get(ctx, s.db.Reader(), &row, `SELECT `+accountColumns+`,
		s.created_at AS session_created, s.seen_at FROM auth_session s JOIN account a ON a.id = s.account WHERE s.token_hash = $1`, hash)
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
		_, err := db.Exec(ctx, tx, `DELETE FROM auth_session WHERE token_hash = $1`, hashToken(token))
		return err
	})
}

type throttleKey struct {
	key    string
	factor int64
}

func (s *Store) throttled(ctx context.Context, k throttleKey) error {
	var until int64
	err := db.Get(ctx, s.db.Reader(), &until, `SELECT blocked_to FROM auth_throttle WHERE key = $1`, k.key)
	if errs.Is(err, errs.NotFound) {
		return nil
	}
	if err == nil && s.cfg.Now().UnixMilli() < until {
		return errs.New(errs.TooMany, "登录失败次数太多，请过几分钟再试；忘了密码请联系管理员。", "sign-in is throttled")
	}
	return err
}

// failed counts the attempt and returns what the person reads.
func (s *Store) failed(ctx context.Context, keys []throttleKey) error {
	now := s.cfg.Now()
	err := s.db.Update(ctx, func(ctx context.Context, tx *db.Tx) error {
		if _, err := db.Exec(ctx, tx, `DELETE FROM auth_throttle WHERE last_at < $1`, now.Add(-forgetAfter).UnixMilli()); err != nil {
			return err
		}
		for _, k := range keys {
			var fails int64
			err := db.Get(ctx, tx, &fails, `INSERT INTO auth_throttle (key, fails, last_at, blocked_to) VALUES ($1, 1, $2, 0)
				ON CONFLICT (key) DO UPDATE SET fails = auth_throttle.fails + 1, last_at = excluded.last_at RETURNING fails`, k.key, now.UnixMilli())
			if err != nil {
				return err
			}
			until := now.Add(pause(fails / k.factor)).UnixMilli()
			if _, err := db.Exec(ctx, tx, `UPDATE auth_throttle SET blocked_to = $2 WHERE key = $1`, k.key, until); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return errs.New(errs.Invalid, "用户名或密码不对，请重新输入。", "wrong name or password")
}

// pause is how long to wait after so many failures.
func pause(fails int64) time.Duration {
	if fails < freeFails {
		return 0
	}
	return min(longestWait, firstPause<<min(fails-freeFails, 10))
}
