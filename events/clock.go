package events

import (
	"context"
	"errors"
	"fmt"

	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/errs"
)

// Ticked is what one turn of the clock did.
type Ticked struct {
	Held     int // published → held
	Archived int // verified → archived
	Lapsed   int // holds
	Fallen   int // sessions whose kept places became everybody's
	Expired  int // drafts
	Reminded int // messages for attendees and staff, and about outcomes that are owed
}

// clockBatch bounds what one turn does of a kind: the next turn is a minute away.
const clockBatch = 200

// Tick does what is due now: sessions whose end has come are held, verified ones
// rest after thirty days, holds lapse, drafts expire, reminders go out. Any node
// may call it at any time and as often as it likes: what was done is not done
// again. One session that cannot be changed does not keep the others from it.
func (s *Store) Tick(ctx context.Context) (t Ticked, err error) {
	defer errs.Wrap(&err, "tick")
	for _, job := range []struct {
		count *int
		do    func(context.Context) (int, error)
	}{
		{&t.Held, s.holdEnded}, {&t.Archived, s.archiveVerified}, {&t.Lapsed, s.lapseHolds}, {&t.Fallen, s.fallPools}, {&t.Expired, s.expireDrafts},
		{&t.Reminded, s.remind},
	} {
		n, failed := job.do(ctx)
		*job.count = n
		err = errors.Join(err, failed)
	}
	return t, err
}

// eachSession changes every session of the query, each in its own transaction,
// when edit still agrees to it under the lock.
func (s *Store) eachSession(ctx context.Context, action, where string, args []any,
	edit func(context.Context, *db.Tx, *record) (summary string, err error)) (done int, err error) {
	list, err := selectSessions(ctx, s.db.Reader(), where+fmt.Sprintf(" ORDER BY s.ends_at, s.id LIMIT %d", clockBatch), args...)
	if err != nil {
		return 0, err
	}
	for _, se := range list {
		failed := s.db.Update(ctx, func(ctx context.Context, tx *db.Tx) error {
			_, err := s.changeIn(ctx, tx, auth.System(), se.ID, se.Version, action, edit)
			return err
		})
		switch {
		case failed == nil:
			done++
		case errs.Is(failed, errs.Conflict): // another node or a person was faster
		default:
			err = errors.Join(err, failed)
		}
	}
	return done, err
}

func (s *Store) holdEnded(ctx context.Context) (int, error) {
	return s.eachSession(ctx, "session.held", `WHERE s.state = 'published' AND s.ends_at <= $1`, []any{s.now().UnixMilli()},
		func(ctx context.Context, tx *db.Tx, r *record) (string, error) {
			if err := r.State.stepBy(ByClock, Held); err != nil {
				return "", err
			}
			return s.becomeHeld(ctx, tx, r)
		})
}

func (s *Store) archiveVerified(ctx context.Context) (int, error) {
	before := s.now().AddDate(0, 0, -s.rules.ArchiveDays)
	return s.eachSession(ctx, "session.archive", `WHERE s.state = 'verified' AND s.verified_at <= $1 AND NOT EXISTS
		(SELECT 1 FROM report p WHERE p.session = s.id AND p.version > 1 AND p.state = 'submitted')`, []any{before.UnixMilli()}, // an amendment waits
		func(_ context.Context, _ *db.Tx, r *record) (string, error) {
			if err := r.State.stepBy(ByClock, Archived); err != nil {
				return "", err
			}
			r.State = Archived
			return "归档《" + r.Title + "》", nil
		})
}

// lapseHolds ends the holds whose time is over; see lapse.
func (s *Store) lapseHolds(ctx context.Context) (n int, err error) {
	now := s.now().UnixMilli()
	const due = `FROM booking WHERE hold_until <= $1 AND status IN ('wish', 'hold')`
	if err := db.Get(ctx, s.db.Reader(), &n, `SELECT count(*) `+due, now); err != nil || n == 0 {
		return 0, err
	}
	err = s.db.Update(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := db.Get(ctx, tx, &n, `SELECT count(*) `+due, now); err != nil {
			return err
		}
		return s.lapse(ctx, tx, "")
	})
	return n, err
}

// expireDrafts throws away drafts nobody came back to, and what was in them.
func (s *Store) expireDrafts(ctx context.Context) (n int, err error) {
	now := s.now().UnixMilli()
	const due = `FROM request WHERE expires_at <= $1`
	if err := db.Get(ctx, s.db.Reader(), &n, `SELECT count(*) `+due, now); err != nil || n == 0 {
		return 0, err
	}
	err = s.db.Update(ctx, func(ctx context.Context, tx *db.Tx) error {
		gone, err := db.Exec(ctx, tx, `DELETE `+due+` AND session IS NULL`, now)
		if n = int(gone); n > 0 {
			s.ledger.Record(tx, auth.System().Entry("request.expire", "request", fmt.Sprintf("删除 %d 份到期未提交的申请草稿", n)))
		}
		return err
	})
	return n, err
}
