package content

import (
	"context"
	"errors"
	"time"

	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/errs"
)

// PublishDue publishes what is due at now and says how many. An edition that
// cannot be published stays and is in the error; the others go on. Any node may
// call it at any time: the version decides who publishes.
func (s *Store) PublishDue(ctx context.Context, now time.Time) (n int, err error) {
	defer errs.Wrap(&err, "publish what is due")
	var due []struct {
		ID      string `db:"id"`
		Version int64  `db:"version"`
	}
	err = db.Select(ctx, s.cfg.DB.Reader(), &due, `SELECT id, version FROM editions
		WHERE state = 'scheduled' AND due_at <= $1 ORDER BY due_at, id`, now.UnixMilli())
	if err != nil {
		return 0, err
	}
	var all []error
	for _, e := range due {
		_, err := s.step(ctx, auth.System(), e.ID, e.Version, change{action: ActPublish, note: "到时自动发布"})
		if errs.Is(err, errs.Conflict) {
			continue // another node was first, or staff changed their mind
		}
		if err != nil {
			all = append(all, err)
			continue
		}
		n++
	}
	return n, errors.Join(all...)
}

// NextDue is when the clock has to call PublishDue; zero when nothing waits.
func (s *Store) NextDue(ctx context.Context) (_ time.Time, err error) {
	defer errs.Wrap(&err, "find the next due edition")
	var at *int64
	err = db.Get(ctx, s.cfg.DB.Reader(), &at, `SELECT min(due_at) FROM editions WHERE state = 'scheduled'`)
	return db.Time(at), err
}
