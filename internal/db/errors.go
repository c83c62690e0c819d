package db

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"net"

	"github.com/jackc/pgx/v5/pgconn"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"github.com/songfa/songfa/internal/errs"
)

// classify gives a driver's error its Kind. Errors that have one keep it.
func classify(err error) error {
	var known *errs.Error
	switch {
	case err == nil || errors.As(err, &known):
		return err
	case errors.Is(err, sql.ErrNoRows):
		return errs.New(errs.NotFound, "", "%w", err)
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled),
		errors.Is(err, driver.ErrBadConn), errors.Is(err, sql.ErrConnDone):
		return errs.New(errs.Unavailable, "", "%w", err)
	}
	if kind, msg, ok := sqliteKind(err); ok {
		return errs.New(kind, msg, "%w", err)
	}
	if kind, msg, ok := postgresKind(err); ok {
		return errs.New(kind, msg, "%w", err)
	}
	return err
}

func sqliteKind(err error) (errs.Kind, string, bool) {
	var e *sqlite.Error
	if !errors.As(err, &e) {
		return 0, "", false
	}
	switch e.Code() {
	case sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY, sqlite3.SQLITE_CONSTRAINT_CHECK:
		return errs.Conflict, "", true
	}
	switch e.Code() & 0xff {
	case sqlite3.SQLITE_FULL:
		return errs.Unavailable, "服务器磁盘已满，内容没有保存。请联系管理员清理磁盘后再试。", true
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_INTERRUPT, sqlite3.SQLITE_READONLY:
		return errs.Unavailable, "", true
	}
	return errs.Internal, "", true
}

func postgresKind(err error) (errs.Kind, string, bool) {
	var pe *pgconn.PgError
	if errors.As(err, &pe) {
		switch {
		case pe.Code == "23505", pe.Code == "23514", pe.Code == "23P01", pe.Code == "40001", pe.Code == "40P01":
			return errs.Conflict, "", true
		case pe.Code == "53100":
			return errs.Unavailable, "服务器磁盘已满，内容没有保存。请联系管理员清理磁盘后再试。", true
		case pe.Code[:2] == "53", pe.Code[:2] == "57", pe.Code[:2] == "08":
			return errs.Unavailable, "", true
		}
		return errs.Internal, "", true
	}
	var ce *pgconn.ConnectError
	var ne net.Error
	if errors.As(err, &ce) || errors.As(err, &ne) || pgconn.SafeToRetry(err) {
		return errs.Unavailable, "", true
	}
	return 0, "", false
}

// IsUnique reports that a unique key stands against the write.
func IsUnique(err error) bool {
	var se *sqlite.Error
	if errors.As(err, &se) {
		return se.Code() == sqlite3.SQLITE_CONSTRAINT_UNIQUE || se.Code() == sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY
	}
	var pe *pgconn.PgError
	return errors.As(err, &pe) && pe.Code == "23505"
}

// isRetryable reports that PostgreSQL gave up a transaction which may well
// succeed when tried again.
func isRetryable(err error) bool {
	var pe *pgconn.PgError
	return errors.As(err, &pe) && (pe.Code == "40001" || pe.Code == "40P01")
}

// isDeadConn reports that the connection broke before the server saw the
// statement, or was broken already.
func isDeadConn(err error) bool {
	return err != nil && (errors.Is(err, driver.ErrBadConn) || pgconn.SafeToRetry(err))
}
