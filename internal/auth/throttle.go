package auth

import (
	"context"
	"strconv"
	"time"

	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/errs"
)

// Failed attempts: after freeFails each further one doubles the pause, and after
// as many as the policy says the name is locked. Both live in the database, so
// that asking another node does not help, and both go for names nobody has: what
// the page says gives no name away.
const (
	freeFails   = 5
	firstPause  = 30 * time.Second
	longestWait = 15 * time.Minute
	forgetAfter = 24 * time.Hour
	// ipFactor allows an address more: a whole office may sit behind it.
	ipFactor = 6
)

type throttleKey struct {
	key    string
	factor int64
}

func nameKey(name string) string { return hashToken("name:" + name) }
func codeKey(id string) string   { return hashToken("code:" + id) }
func ipKey(v Visit) string       { return hashToken("ip:" + v.IP) }

func (s *Store) throttled(ctx context.Context, keys ...throttleKey) error {
	for _, k := range keys {
		until, err := s.blockedTo(ctx, k.key)
		if err != nil {
			return err
		}
		left := until.Sub(s.cfg.Now())
		switch {
		case left > longestWait:
			return errs.New(errs.TooMany, "输错次数太多，这个用户名已经锁定，请过 "+minutes(left)+"再试；着急请找管理员解锁。", "sign-in is locked")
		case left > 0:
			return errs.New(errs.TooMany, "登录失败次数太多，请过几分钟再试；忘了密码请联系管理员。", "sign-in is throttled")
		}
	}
	return nil
}

// minutes is a time to wait, rounded up.
func minutes(d time.Duration) string {
	n := int((d + time.Minute - 1) / time.Minute)
	if n >= 60 {
		return strconv.Itoa((n+59)/60) + " 小时"
	}
	return strconv.Itoa(n) + " 分钟"
}

// blockedTo is until when a key may not try again; the zero time without.
func (s *Store) blockedTo(ctx context.Context, key string) (time.Time, error) {
	var until int64
	err := db.Get(ctx, s.db.Reader(), &until, `SELECT blocked_to FROM auth_throttle WHERE key = $1`, key)
	if errs.Is(err, errs.NotFound) {
		return time.Time{}, nil
	}
	return time.UnixMilli(until), err
}

func errWrongPassword() error {
	return errs.New(errs.Invalid, "用户名或密码不对，请重新输入。", "wrong name or password")
}

// failed counts the attempt, writes it down and returns what the person reads.
// account is "" for a name that nobody has; what was typed is not kept, since
// people type passwords into the wrong field.
func (s *Store) failed(ctx context.Context, keys []throttleKey, account string, from Visit, answer error) error {
	now := s.cfg.Now()
	policy, err := s.Policy(ctx)
	if err != nil {
		return err
	}
	err = s.db.Update(ctx, func(ctx context.Context, tx *db.Tx) error {
		if _, err := db.Exec(ctx, tx, `DELETE FROM auth_throttle WHERE last_at < $1`, now.Add(-forgetAfter).UnixMilli()); err != nil {
			return err
		}
		locked := false
		for _, k := range keys {
			var fails int64
			err := db.Get(ctx, tx, &fails, `INSERT INTO auth_throttle (key, fails, last_at, blocked_to) VALUES ($1, 1, $2, 0)
				ON CONFLICT (key) DO UPDATE SET fails = auth_throttle.fails + 1, last_at = excluded.last_at RETURNING fails`, k.key, now.UnixMilli())
			if err != nil {
				return err
			}
			wait := pause(fails / k.factor)
			if k.factor == 1 && fails >= int64(policy.LockAfter) {
				wait, locked = max(wait, time.Duration(policy.LockMinutes)*time.Minute), true
			}
			if _, err := db.Exec(ctx, tx, `UPDATE auth_throttle SET blocked_to = $2 WHERE key = $1`, k.key, now.Add(wait).UnixMilli()); err != nil {
				return err
			}
		}
		s.noteFailure(tx, account, from, locked)
		return nil
	})
	if err != nil {
		return err
	}
	return answer
}

func (s *Store) noteFailure(tx *db.Tx, account string, from Visit, locked bool) {
	nobody := Actor{ID: "visitor", Name: "未登录"}
	object, summary := "user:", "登录失败，没有这个用户名"
	if account != "" {
		object, summary = "user:"+account, "登录失败"
	}
	s.ledger.Record(tx, nobody.Entry("user.signin_failed", object, summary+from.words()))
	if locked && account != "" {
		s.ledger.Record(tx, System().Entry("user.lock", object, "输错次数太多，账号暂时锁定"))
	}
}

// pause is how long to wait after so many failures.
func pause(fails int64) time.Duration {
	if fails < freeFails {
		return 0
	}
	return min(longestWait, firstPause<<min(fails-freeFails, 10))
}

// LockedUntil is when somebody may try again; the zero time when now.
func (s *Store) LockedUntil(ctx context.Context, a Account) (_ time.Time, err error) {
	defer errs.Wrap(&err, "lock of %s", a.ID)
	var latest time.Time
	for _, key := range []string{nameKey(a.Name), codeKey(a.ID)} {
		until, err := s.blockedTo(ctx, key)
		if err != nil {
			return latest, err
		}
		if until.After(s.cfg.Now()) && until.After(latest) {
			latest = until
		}
	}
	return latest, nil
}

// Unlock lets a person try again at once.
func (s *Store) Unlock(ctx context.Context, actor Actor, id string) (err error) {
	defer errs.Wrap(&err, "unlock %s", id)
	if err := actor.Must(Users); err != nil {
		return err
	}
	a, err := s.ByID(ctx, id)
	if err != nil {
		return err
	}
	return s.db.Update(ctx, func(ctx context.Context, tx *db.Tx) error {
		if _, err := db.Exec(ctx, tx, `DELETE FROM auth_throttle WHERE key IN ($1, $2)`, nameKey(a.Name), codeKey(id)); err != nil {
			return err
		}
		s.ledger.Record(tx, actor.Entry("user.unlock", "user:"+id, "解锁账号 "+a.Name))
		return nil
	})
}
