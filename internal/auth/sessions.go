package auth

import (
	"context"
	"time"

	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/errs"
)

// SignedIn is a browser that is signed in, as its owner sees it in the list.
type SignedIn struct {
	ID     string // names it without opening it
	Device string
	Place  string // masked address
	Since  time.Time
	Seen   time.Time
	Here   bool // the one that asks
}

// idLen is how much of the hash names a session in a form.
const idLen = 16

// Sessions lists where an account is signed in, the latest first: one's own, and
// for administrators anybody's. here is the ID of the session that asks.
func (s *Store) Sessions(ctx context.Context, actor Actor, account, here string) (_ []SignedIn, err error) {
	defer errs.Wrap(&err, "list sessions of %s", account)
	if err := actor.overAccount(account); err != nil {
		return nil, err
	}
	now := s.cfg.Now()
	var rows []struct {
		Hash      string `db:"token_hash"`
		Device    string `db:"device"`
		Place     string `db:"place"`
		CreatedAt int64  `db:"created_at"`
		SeenAt    int64  `db:"seen_at"`
	}
	err = db.Select(ctx, s.db.Reader(), &rows, `SELECT token_hash, device, place, created_at, seen_at FROM auth_session
		WHERE account = $1 AND NOT half AND seen_at > $2 AND created_at > $3 ORDER BY seen_at DESC, token_hash`,
		account, now.Add(-s.cfg.Idle).UnixMilli(), now.Add(-s.cfg.Lifetime).UnixMilli())
	list := make([]SignedIn, len(rows))
	for i, r := range rows {
		list[i] = SignedIn{ID: r.Hash[:idLen], Device: r.Device, Place: r.Place, Since: db.Time(&r.CreatedAt), Seen: db.Time(&r.SeenAt), Here: r.Hash == here}
	}
	return list, err
}

// overAccount is for the owner and for administrators.
func (a Actor) overAccount(account string) error {
	if a.ID == account {
		return nil
	}
	return a.Must(Users)
}

// EndSession signs one browser out from afar; one that has ended is no error.
func (s *Store) EndSession(ctx context.Context, actor Actor, account, id string) (err error) {
	defer errs.Wrap(&err, "end a session of %s", account)
	if err := actor.overAccount(account); err != nil {
		return err
	}
	if len(id) != idLen {
		return errs.Bad("session", "请选择要退出的设备。")
	}
	return s.db.Update(ctx, func(ctx context.Context, tx *db.Tx) error {
		n, err := db.Exec(ctx, tx, `DELETE FROM auth_session WHERE account = $1 AND substr(token_hash, 1, 16) = $2`, account, id)
		if err == nil && n > 0 {
			s.ledger.Record(tx, actor.Entry("user.signout", "user:"+account, "远程退出一台设备的登录"))
		}
		return err
	})
}

// EndSessions signs all browsers of an account out but the one named, which may
// be "".
func (s *Store) EndSessions(ctx context.Context, actor Actor, account, but string) (err error) {
	defer errs.Wrap(&err, "end the sessions of %s", account)
	if err := actor.overAccount(account); err != nil {
		return err
	}
	return s.db.Update(ctx, func(ctx context.Context, tx *db.Tx) error {
		if _, err := db.Exec(ctx, tx, `DELETE FROM auth_session WHERE account = $1 AND token_hash <> $2`, account, but); err != nil {
			return err
		}
		s.ledger.Record(tx, actor.Entry("user.signout", "user:"+account, "远程退出全部设备的登录"))
		return nil
	})
}

// Reopen signs a browser in for somebody who has just proved who they are, such
// as by changing the password, which ended all their sessions.
func (s *Store) Reopen(ctx context.Context, actor Actor, from Visit) (token string, err error) {
	defer errs.Wrap(&err, "reopen a session of %s", actor.ID)
	a, err := s.ByID(ctx, actor.ID)
	if err != nil {
		return "", err
	}
	token = newToken()
	return token, s.db.Update(ctx, func(ctx context.Context, tx *db.Tx) error { return s.open(ctx, tx, a, token, false, from) })
}
