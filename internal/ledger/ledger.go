package ledger

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/errs"
)

// channel is the NOTIFY channel of the journal.
const channel = "songfa_journal"

// poll bounds how late a node learns of a change when nothing wakes it.
const poll = 500 * time.Millisecond

// Change is one journal row to be: something of this kind and id is different now.
type Change struct {
	Kind string `db:"kind"` // document, law, session, station, media, site
	ID   string `db:"id"`
}

// Row is a journal row.
type Row struct {
	Seq int64 `db:"seq"`
	Change
}

// Ledger writes and reads the two books.
type Ledger struct {
	db  *db.DB
	now func() time.Time

	position atomic.Int64
	mu       sync.Mutex
	moved    chan struct{} // closed and replaced when position grows
}

// New makes a ledger over d; now is the clock.
func New(d *db.DB, now func() time.Time) *Ledger {
	return &Ledger{db: d, now: now, moved: make(chan struct{})}
}

// Record adds one audit row and its journal rows to the transaction.
func (l *Ledger) Record(tx *db.Tx, e Entry, changes ...Change) {
	p, _ := tx.Value(l).(*pending)
	if p == nil {
		p = &pending{ledger: l}
		tx.SetValue(l, p)
		tx.BeforeCommit(p.write)
	}
	p.entries = append(p.entries, e)
	p.changes = append(p.changes, changes...)
}

// Position is the last journal number this node knows of.
func (l *Ledger) Position() int64 { return l.position.Load() }

// Refresh reads the position from the database.
func (l *Ledger) Refresh(ctx context.Context) (int64, error) {
	var n int64
	if err := db.Get(ctx, l.db.Reader(), &n, `SELECT journal FROM ledger_head`); err != nil {
		return 0, err
	}
	l.advance(n)
	return l.Position(), nil
}

func (l *Ledger) advance(n int64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if n <= l.position.Load() {
		return
	}
	l.position.Store(n)
	close(l.moved)
	l.moved = make(chan struct{})
}

// Wait returns the position once it is beyond after, or ctx's error.
func (l *Ledger) Wait(ctx context.Context, after int64) (int64, error) {
	for {
		l.mu.Lock()
		moved := l.moved
		l.mu.Unlock()
		if n := l.Position(); n > after {
			return n, nil
		}
		select {
		case <-moved:
		case <-ctx.Done():
			return l.Position(), ctx.Err()
		}
	}
}

// Since lists up to limit journal rows after the number, oldest first.
func (l *Ledger) Since(ctx context.Context, after int64, limit int) (_ []Row, err error) {
	defer errs.Wrap(&err, "read journal after %d", after)
	var rows []Row
	err = db.Select(ctx, l.db.Reader(), &rows,
		`SELECT seq, kind, id FROM journal WHERE seq > $1 ORDER BY seq LIMIT $2`, after, limit)
	return rows, err
}

// Watch keeps Position fresh until ctx ends. onError hears of each failed
// attempt; Watch itself never gives up, since the database may come back.
func (l *Ledger) Watch(ctx context.Context, onError func(error)) {
	var listener sync.WaitGroup
	listener.Go(func() { l.listen(ctx, onError) })
	defer listener.Wait()
	tick := time.NewTicker(poll)
	defer tick.Stop()
	for {
		if _, err := l.Refresh(ctx); err != nil && ctx.Err() == nil {
			onError(err)
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
}

func (l *Ledger) listen(ctx context.Context, onError func(error)) {
	for ctx.Err() == nil {
		err := l.db.Listen(ctx, channel, func(string) {
			if _, err := l.Refresh(ctx); err != nil && ctx.Err() == nil {
				onError(err)
			}
		})
		if ctx.Err() != nil {
			return
		}
		onError(err)
		select {
		case <-time.After(2 * poll): // do not hammer a database that is down
		case <-ctx.Done():
		}
	}
}
