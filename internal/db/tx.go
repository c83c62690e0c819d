package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"runtime/debug"

	"github.com/songfa/songfa/internal/errs"
)

// Tx is one write transaction, valid until the function it was given to returns.
type Tx struct {
	q        Queryer
	postgres bool
	before   []func(context.Context, *Tx) error
	after    []func()
	values   map[any]any
}

// QueryContext implements Queryer.
func (tx *Tx) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	if err := refuseNUL(args); err != nil {
		return nil, err
	}
	return tx.q.QueryContext(ctx, query, args...)
}

// ExecContext implements Queryer.
func (tx *Tx) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	if err := refuseNUL(args); err != nil {
		return nil, err
	}
	return tx.q.ExecContext(ctx, query, args...)
}

// Postgres reports the dialect; see [DB.Postgres].
func (tx *Tx) Postgres() bool { return tx.postgres }

// BeforeCommit runs fn as the last thing in the transaction. The journal takes
// its numbers there, so that the lock on its counter is held only for a moment.
func (tx *Tx) BeforeCommit(fn func(context.Context, *Tx) error) { tx.before = append(tx.before, fn) }

// AfterCommit runs fn once the transaction is durable and before Update
// returns. It must be quick: on SQLite other writers wait for it.
func (tx *Tx) AfterCommit(fn func()) { tx.after = append(tx.after, fn) }

// Value holds what a package keeps for the life of the transaction, such as
// the ledger's rows; nil when nothing was set.
func (tx *Tx) Value(key any) any { return tx.values[key] }

// SetValue is the other half of Value.
func (tx *Tx) SetValue(key, value any) {
	if tx.values == nil {
		tx.values = make(map[any]any)
	}
	tx.values[key] = value
}

// run calls fn and the before hooks; a panic becomes an error, because the
// SQLite writer serves everybody and must live.
func (tx *Tx) run(ctx context.Context, fn func(context.Context, *Tx) error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = errs.New(errs.Internal, "", "panic in transaction: %v\n%s", p, debug.Stack())
		}
	}()
	if err := fn(ctx, tx); err != nil {
		return err
	}
	for _, hook := range tx.before {
		if err := hook(ctx, tx); err != nil {
			return err
		}
	}
	return nil
}

func (tx *Tx) committed() {
	for _, hook := range tx.after {
		hook()
	}
}

// maxRetries is how often a transaction is tried again on PostgreSQL.
const maxRetries = 5

// updatePostgres tries again what did certainly not happen: a transaction given
// up after a deadlock, and one whose pooled connection turned out to be dead
// before the commit (another caller's cancelled query leaves such behind).
func updatePostgres(ctx context.Context, pool *sql.DB, fn func(context.Context, *Tx) error) error {
	var err error
	for range maxRetries {
		var committing bool
		committing, err = tryPostgres(ctx, pool, fn)
		dead := !committing && isDeadConn(err) && ctx.Err() == nil
		if !dead && !isRetryable(err) {
			return err
		}
	}
	return fmt.Errorf("gave up after %d tries: %w", maxRetries, err)
}

// tryPostgres also says whether it got as far as the commit, after which a
// broken connection leaves the outcome unknown.
func tryPostgres(ctx context.Context, pool *sql.DB, fn func(context.Context, *Tx) error) (committing bool, err error) {
	stx, err := pool.BeginTx(ctx, nil)
	if err != nil {
		return false, err
	}
	tx := &Tx{q: stx, postgres: true}
	if err := tx.run(ctx, fn); err != nil {
		return false, errors.Join(err, ignoreDone(stx.Rollback()))
	}
	if err := stx.Commit(); err != nil {
		return true, fmt.Errorf("commit: %w", err)
	}
	tx.committed()
	return true, nil
}

func ignoreDone(err error) error {
	if errors.Is(err, sql.ErrTxDone) || isDeadConn(err) {
		return nil
	}
	return err
}
