// Package db opens songfa's database, SQLite or PostgreSQL, and hides which.
//
// There is one SQL text for both. It uses $1 placeholders and only what both
// understand: TEXT, BIGINT, DOUBLE PRECISION and BOOLEAN columns, upserts with
// ON CONFLICT, RETURNING. Times are BIGINT milliseconds since 1970 in UTC and
// NULL when unset ([Millis] and [Time]); calendar days are TEXT 2006-01-02; ids are
// ULIDs in TEXT ([NewID]).
//
// Reading goes through [DB.Reader]; writing through [DB.Update], which runs a
// function in one transaction:
//
//	err := d.Update(ctx, func(ctx context.Context, tx *db.Tx) error {
//		if err := db.Get(ctx, tx, &row, `SELECT … WHERE id = $1`, id); err != nil {
//			return err
//		}
//		_, err := db.Exec(ctx, tx, `UPDATE … SET …`, …)
//		return err
//	})
//
// The function may run twice (PostgreSQL asks for a retry after a deadlock), so
// it must not change anything outside the transaction; what must happen once,
// after the commit, goes to [Tx.AfterCommit].
//
// # One writer on SQLite
//
// SQLite has one writer at a time, and a durable commit waits for the disk. So
// one goroutine owns the writing connection; it takes every transaction that
// waits, runs each inside a savepoint of its own, and commits them together.
// Callers are answered after that commit: each acknowledged write is on disk,
// and a hundred waiting writers share one fsync. A transaction that fails rolls
// back to its savepoint and takes nobody with it.
package db
