package site

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"github.com/songfa/songfa/content"
	"github.com/songfa/songfa/events"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/errs"
)

const (
	flushEvery  = 30 * time.Second
	popularDays = 30
	keepDays    = 90
	// popularFor is how old a most-read list may be: as old as the pages that
	// show it.
	popularFor = 10 * time.Minute
)

// views counts how often documents are read. It keeps counters in memory and
// adds them up in the table page_view, so that several nodes have one sum.
type views struct {
	db  *db.DB
	now func() time.Time

	mu       sync.Mutex
	counters map[string]*atomic.Int64 // by document
	popular  []string
	asOf     time.Time
}

func newViews(d *db.DB, now func() time.Time) *views {
	return &views{db: d, now: now, counters: make(map[string]*atomic.Int64)}
}

// counter is the document's, and the same one for the life of the process:
// cached pages hold on to it.
func (v *views) counter(document string) *atomic.Int64 {
	v.mu.Lock()
	defer v.mu.Unlock()
	n := v.counters[document]
	if n == nil {
		n = new(atomic.Int64)
		v.counters[document] = n
	}
	return n
}

// take empties the counters.
func (v *views) take() map[string]int64 {
	v.mu.Lock()
	defer v.mu.Unlock()
	taken := make(map[string]int64)
	for document, n := range v.counters {
		if read := n.Swap(0); read > 0 {
			taken[document] = read
		}
	}
	return taken
}

// giveBack is for a flush that did not work: the numbers wait for the next.
func (v *views) giveBack(taken map[string]int64) {
	for document, n := range taken {
		v.counter(document).Add(n)
	}
}

// day is the date of t in the bureau's zone, days before it.
func day(t time.Time, before int) string {
	return t.In(events.Zone).AddDate(0, 0, -before).Format(time.DateOnly)
}

// flush writes what was counted, and forgets what is too old to matter.
func (v *views) flush(ctx context.Context) (err error) {
	defer errs.Wrap(&err, "write page views")
	taken := v.take()
	if len(taken) == 0 {
		return nil
	}
	now := v.now()
	err = v.db.Update(ctx, func(ctx context.Context, tx *db.Tx) error {
		for document, n := range taken {
			_, err := db.Exec(ctx, tx, `INSERT INTO page_view (day, document, views) VALUES ($1, $2, $3)
				ON CONFLICT (day, document) DO UPDATE SET views = page_view.views + $3`, day(now, 0), document, n)
			if err != nil {
				return err
			}
		}
		_, err := db.Exec(ctx, tx, `DELETE FROM page_view WHERE day < $1`, day(now, keepDays))
		return err
	})
	if err != nil {
		v.giveBack(taken)
	}
	return err
}

// mostRead lists documents by how often they were read in 30 days, as of the
// last count. Only the first reader waits for one.
func (v *views) mostRead(ctx context.Context) ([]string, error) {
	v.mu.Lock()
	popular, asOf := v.popular, v.asOf
	v.mu.Unlock()
	if !asOf.IsZero() {
		return popular, nil
	}
	return v.rank(ctx)
}

// rank counts anew. With many documents it takes a second.
func (v *views) rank(ctx context.Context) (popular []string, err error) {
	defer errs.Wrap(&err, "rank most read")
	now := v.now()
	err = db.Select(ctx, v.db.Reader(), &popular, `SELECT document FROM page_view WHERE day > $1
		GROUP BY document ORDER BY sum(views) DESC, document LIMIT 100`, day(now, popularDays))
	if err != nil {
		return nil, err
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	v.popular, v.asOf = popular, now
	return popular, nil
}

// stale reports whether the list was asked for and is old.
func (v *views) stale() bool {
	v.mu.Lock()
	defer v.mu.Unlock()
	return !v.asOf.IsZero() && v.now().Sub(v.asOf) >= popularFor
}

// popular lists the n most read documents of a kind. A new site has no readers
// yet: the newest ones stand in.
func (s *Site) popular(ctx context.Context, kind content.Kind, n int) ([]content.Item, error) {
	ids, err := s.views.mostRead(ctx)
	if err != nil {
		return nil, err
	}
	found, err := s.cfg.Content.ByIDs(ctx, ids)
	if err != nil {
		return nil, err
	}
	items := make([]content.Item, 0, n)
	for _, it := range found {
		if it.Kind == kind && len(items) < n {
			items = append(items, it)
		}
	}
	if len(items) == n {
		return items, nil
	}
	newest, err := s.cfg.Content.Latest(ctx, kind, n)
	return fill(items, newest, n), err
}

// fill adds what is not in the list yet until it has n.
func fill(items, more []content.Item, n int) []content.Item {
	for _, m := range more {
		if len(items) < n && !contains(items, m.ID) {
			items = append(items, m)
		}
	}
	return items
}

func contains(items []content.Item, id string) bool {
	for _, it := range items {
		if it.ID == id {
			return true
		}
	}
	return false
}

// CountViews writes the counters of most-read every half minute until ctx
// ends, and once more then.
func (s *Site) CountViews(ctx context.Context) {
	tick := time.NewTicker(flushEvery)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			s.flushViews(ctx)
		case <-ctx.Done():
			last, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
			defer cancel()
			s.flushViews(last)
			return
		}
	}
}

func (s *Site) flushViews(ctx context.Context) {
	err := s.views.flush(ctx)
	if err == nil && s.views.stale() {
		_, err = s.views.rank(ctx)
	}
	if err != nil {
		s.cfg.Log.Warn("page views wait for the next try", "err", err)
	}
}
