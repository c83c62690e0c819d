package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/songfa/songfa/internal/errs"
)

const (
	// maxBatch bounds how many transactions share a commit, and batchTime how
	// long the first of them may wait for the others.
	maxBatch  = 256
	batchTime = 20 * time.Millisecond
)

// writer owns SQLite's writing connection. See the package comment.
type writer struct {
	db    *sql.DB
	conn  *sql.Conn
	stmts *stmtCache
	jobs  chan *job
	done  chan struct{}
	mu    sync.RWMutex // guards closed against sends
	closd bool
}

type job struct {
	ctx    context.Context
	fn     func(context.Context, *Tx) error
	tx     *Tx
	err    error
	answer chan error
}

func startWriter(ctx context.Context, wdb *sql.DB) (*writer, error) {
	conn, err := wdb.Conn(ctx)
	if err != nil {
		return nil, err
	}
	w := &writer{db: wdb, conn: conn, stmts: newStmtCache(conn.PrepareContext), jobs: make(chan *job, maxBatch), done: make(chan struct{})}
	go w.loop()
	return w, nil
}

// update queues fn and waits until it is on disk. Once fn has been queued the
// caller always gets its true outcome, even when ctx ends meanwhile: a person
// told "failed" must not find the thing done.
func (w *writer) update(ctx context.Context, fn func(context.Context, *Tx) error) error {
	j := &job{ctx: ctx, fn: fn, answer: make(chan error, 1)}
	if err := w.enqueue(j); err != nil {
		return err
	}
	return <-j.answer
}

func (w *writer) enqueue(j *job) error {
	w.mu.RLock()
	defer w.mu.RUnlock()
	if w.closd {
		return errs.New(errs.Unavailable, "系统正在关闭，请稍后再试。", "database is closed")
	}
	select {
	case w.jobs <- j:
		return nil
	case <-j.ctx.Done():
		return j.ctx.Err()
	}
}

func (w *writer) close() error {
	w.mu.Lock()
	if w.closd {
		w.mu.Unlock()
		return nil
	}
	w.closd = true
	close(w.jobs)
	w.mu.Unlock()
	<-w.done
	w.stmts.close()
	return errors.Join(w.conn.Close(), w.db.Close())
}

func (w *writer) loop() {
	defer close(w.done)
	for first := range w.jobs {
		w.commit(first)
	}
}

// commit runs the first job and all that come in meanwhile, and answers them.
func (w *writer) commit(first *job) {
	ctx := context.Background()
	batch := []*job{first}
	fatal := w.exec(ctx, "BEGIN IMMEDIATE")
	if fatal == nil {
		deadline := time.Now().Add(batchTime)
		fatal = w.runJob(first)
		for fatal == nil && len(batch) < maxBatch && time.Now().Before(deadline) {
			next := w.next()
			if next == nil {
				break
			}
			batch = append(batch, next)
			fatal = w.runJob(next)
		}
		fatal = w.finish(ctx, fatal)
	}
	for _, j := range batch {
		w.answer(j, fatal)
	}
}

func (w *writer) next() *job {
	select {
	case j := <-w.jobs:
		return j // nil when closed
	default:
		return nil
	}
}

// finish commits, or rolls the whole batch back when the connection broke.
func (w *writer) finish(ctx context.Context, fatal error) error {
	if fatal == nil {
		fatal = w.exec(ctx, "COMMIT")
	}
	if fatal != nil {
		_ = w.exec(ctx, "ROLLBACK") // fails when SQLite has rolled back by itself
	}
	return fatal
}

func (w *writer) answer(j *job, fatal error) {
	err := j.err
	if err == nil && fatal != nil {
		err = fmt.Errorf("commit: %w", fatal)
	}
	if err == nil {
		j.tx.committed()
	}
	j.answer <- err
}

// runJob runs one job in a savepoint. What it returns is fatal for the whole
// batch; the job's own failure is kept in the job.
func (w *writer) runJob(j *job) error {
	if j.err = j.ctx.Err(); j.err != nil {
		return nil
	}
	// A context that ends would interrupt the statement, and an interrupted
	// write makes SQLite roll back the transaction of everybody.
	ctx := context.WithoutCancel(j.ctx)
	if err := w.exec(ctx, "SAVEPOINT job"); err != nil {
		return err
	}
	j.tx = &Tx{q: w}
	if j.err = j.tx.run(ctx, j.fn); j.err != nil {
		if err := w.exec(ctx, "ROLLBACK TO job"); err != nil {
			return errors.Join(j.err, err)
		}
	}
	return w.exec(ctx, "RELEASE job")
}

func (w *writer) exec(ctx context.Context, query string) error {
	_, err := w.ExecContext(ctx, query)
	return err
}

// QueryContext implements Queryer on the writing connection.
func (w *writer) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	st, err := w.stmts.get(ctx, query)
	if err != nil {
		return nil, err
	}
	return st.QueryContext(ctx, args...)
}

// ExecContext implements Queryer on the writing connection.
func (w *writer) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	st, err := w.stmts.get(ctx, query)
	if err != nil {
		return nil, err
	}
	return st.ExecContext(ctx, args...)
}
