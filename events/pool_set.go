package events

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/errs"
)

// maxPools is how many groups one session keeps places for.
const maxPools = 10

// PoolForm is what staff fill in to keep places for a group.
type PoolForm struct {
	Code     string    // of the pool to change; "" makes a new one
	Name     string    // 本厂职工, at most 20 characters
	Capacity int       // places kept, those already taken from it included
	Falls    time.Time // when what is left becomes everybody's, at the latest two hours before the start
}

// SetPool keeps places of a session for a group, or changes how many and until
// when. Only free places can be kept: nobody who is signed up loses theirs. Fields
// of problems: pool_name, pool_capacity, pool_falls. The code of a new pool, which
// goes into the group's link, is found in the session that is returned.
func (s *Store) SetPool(ctx context.Context, actor auth.Actor, id string, version int, f PoolForm) (Session, error) {
	f.Name, f.Falls = oneLine(f.Name), f.Falls.Truncate(time.Minute)
	return s.changeWith(ctx, actor, id, version, "session.pool", func(ctx context.Context, tx *db.Tx, r *record) (string, error) {
		next, err := f.over(r.Session)
		if err != nil {
			return "", err
		}
		if err := s.checkPool(r.Session, f, next); err != nil {
			return "", err
		}
		summary := fmt.Sprintf("场次《%s》给“%s”留 %d 个名额，留到 %s", r.Title, next.Name, next.Capacity, hourOf(next.Falls()))
		if f.Code == "" {
			r.Pools = append(slices.Clone(r.Pools), next)
			return summary, insertPool(ctx, tx, next)
		}
		return summary, r.replacePool(ctx, tx, next)
	})
}

// ReleasePool gives what is left of a pool to everybody at once.
func (s *Store) ReleasePool(ctx context.Context, actor auth.Actor, id string, version int, code string) (Session, error) {
	return s.changeWith(ctx, actor, id, version, "session.pool", func(ctx context.Context, tx *db.Tx, r *record) (string, error) {
		own := r.Pool(code)
		if own == nil {
			return "", noPool()
		}
		next, now := *own, s.now()
		kept := next.Kept(now)
		if kept == 0 && next.FallsAt <= now.UnixMilli() {
			return "", errs.New(errs.Conflict, "留给“"+next.Name+"”的名额已经放开了。", "pool %s has fallen", code)
		}
		next.FallsAt, next.Fallen = now.UnixMilli(), true
		return fmt.Sprintf("场次《%s》放开留给“%s”的 %d 个名额", r.Title, next.Name, kept), r.replacePool(ctx, tx, next)
	})
}

// replacePool writes a changed pool, and lets the checks that follow see it.
func (r *record) replacePool(ctx context.Context, tx *db.Tx, next Pool) error {
	r.Pools = slices.Clone(r.Pools)
	*r.Pool(next.Code) = next
	return savePool(ctx, tx, next)
}

func noPool() error {
	return errs.New(errs.NotFound, "没有这份预留名额，请刷新页面再看。", "no such pool")
}

// over is the pool as the form wants it.
func (f PoolForm) over(se Session) (Pool, error) {
	next := Pool{Session: se.ID, Code: strings.ToLower(rand.Text()[:10])}
	if f.Code != "" {
		own := se.Pool(f.Code)
		if own == nil {
			return next, noPool()
		}
		next = *own
	}
	next.Name, next.Capacity, next.FallsAt, next.Fallen = f.Name, f.Capacity, f.Falls.UnixMilli(), false
	return next, nil
}

// checkPool refuses what cannot be kept.
func (s *Store) checkPool(se Session, f PoolForm, next Pool) error {
	now, last := s.now(), se.Starts.Add(-noPromotion)
	var ps problems
	ps.text("pool_name", "给谁留", f.Name, 1, 20)
	if slices.ContainsFunc(se.Pools, func(p Pool) bool { return p.Name == f.Name && p.Code != f.Code }) {
		ps.add("pool_name", "已经给“%s”留了名额，请改那一份。", f.Name)
	}
	switch {
	case f.Capacity < 1 || f.Capacity > maxCapacity:
		ps.add("pool_capacity", "留几个名额请填 1 以上的数字。")
	case f.Capacity < next.Taken:
		ps.add("pool_capacity", "留给“%s”的名额已有 %d 人报上，不能少于这个数。", f.Name, next.Taken)
	}
	switch {
	case !now.Before(last):
		ps.add("pool_falls", "离开始不到 2 小时了，不能再预留。")
	case !f.Falls.After(now) || f.Falls.After(last):
		ps.add("pool_falls", "放开的时间要在现在之后，最晚 %s（开始前 2 小时），好让候补的人还来得及。", hourOf(last))
	}
	if err := ps.all(); err != nil {
		return err
	}
	return s.checkKept(se, next)
}

// checkKept refuses to keep places that are not free.
func (s *Store) checkKept(se Session, next Pool) error {
	others := 0
	for _, p := range se.Pools {
		if p.Code != next.Code {
			others += p.Kept(s.now())
		}
	}
	free := se.Capacity - se.Taken - others + next.Taken // those seated from it stay
	switch {
	case !se.State.movable():
		return errs.New(errs.Conflict, "该场次现在是“"+se.State.Label()+"”，不能再预留名额。", "pool in state %s", se.State)
	case se.Capacity == 0:
		return &errs.Error{Kind: errs.Conflict, Field: "pool_capacity", Message: "这一场不限名额，不用预留；要预留请先填名额。", Err: errors.New("session has no limit")}
	case next.Capacity > free:
		return &errs.Error{Kind: errs.Conflict, Field: "pool_capacity", Err: fmt.Errorf("pool of %d, %d free", next.Capacity, free),
			Message: fmt.Sprintf("没人占的名额不够，最多能留 %d 个。要多留请先增加名额。", max(0, free))}
	case next.Taken == 0 && se.Pool(next.Code) == nil && len(se.Pools) >= maxPools:
		return errs.New(errs.Conflict, fmt.Sprintf("一场最多给 %d 个群体留名额，请改已有的。", maxPools), "%d pools", len(se.Pools))
	}
	return nil
}

// hourOf is a time as a sentence says it.
func hourOf(t time.Time) string { return t.In(Zone).Format("1月2日 15:04") }

// fallPools gives to everybody what is left of the pools whose time has come:
// those who wait get it in the same transaction.
func (s *Store) fallPools(ctx context.Context) (done int, err error) {
	var ids []string
	err = db.Select(ctx, s.db.Reader(), &ids, `SELECT DISTINCT session FROM session_pool WHERE fallen = FALSE AND falls_at <= $1
		ORDER BY session LIMIT $2`, s.now().UnixMilli(), clockBatch)
	if err != nil {
		return 0, err
	}
	for _, id := range ids {
		failed := s.db.Update(ctx, func(ctx context.Context, tx *db.Tx) error { return s.fall(ctx, tx, id) })
		if failed == nil {
			done++
		}
		err = errors.Join(err, failed)
	}
	return done, err
}

// fall touches places only, not the session: no version is raised, and whoever
// fills in a form about it is not disturbed.
func (s *Store) fall(ctx context.Context, tx *db.Tx, session string) error {
	locked, err := lockPlaces(ctx, tx, session)
	if err != nil {
		return err
	}
	p := locked.pooled(s.now())
	for i := range p.pools {
		p.pools[i].Fallen = p.pools[i].FallsAt <= p.now.UnixMilli()
	}
	if err := s.promote(ctx, tx, locked, &p); err != nil {
		return err
	}
	return locked.save(ctx, tx, p)
}
