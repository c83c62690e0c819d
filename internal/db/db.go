package db

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/songfa/songfa/internal/errs"

	_ "github.com/jackc/pgx/v5/stdlib" // driver "pgx"
	_ "modernc.org/sqlite"             // driver "sqlite"
)

// Config says where the database is.
type Config struct {
	// URL is postgres://… or the path of a SQLite file, which is made if missing.
	URL string
	// MaxConns bounds the connections to PostgreSQL, or the readers of SQLite.
	// Zero picks a number for this machine.
	MaxConns int
}

// DB is an open, migrated database.
type DB struct {
	url    string
	reader *Reader
	pool   *sql.DB // PostgreSQL: reads and writes
	writer *writer // SQLite: the one writer
}

// Open connects and brings the schema up to date.
func Open(ctx context.Context, cfg Config) (_ *DB, err error) {
	defer errs.Wrap(&err, "open database")
	if cfg.MaxConns == 0 {
		cfg.MaxConns = max(8, 4*runtime.NumCPU())
	}
	if IsPostgresURL(cfg.URL) {
		return openPostgres(ctx, cfg)
	}
	return openSQLite(ctx, cfg)
}

// IsPostgresURL tells a server's address from a file's path.
func IsPostgresURL(u string) bool {
	return strings.HasPrefix(u, "postgres://") || strings.HasPrefix(u, "postgresql://")
}

func openPostgres(ctx context.Context, cfg Config) (*DB, error) {
	pool, err := sql.Open("pgx", cfg.URL)
	if err != nil {
		return nil, errs.New(errs.Invalid, "数据库地址无法识别，请检查 database-url 设置。", "parse database url: %w", err)
	}
	pool.SetMaxOpenConns(cfg.MaxConns)
	pool.SetMaxIdleConns(cfg.MaxConns)
	pool.SetConnMaxIdleTime(5 * time.Minute)
	if err := pool.PingContext(ctx); err != nil {
		pool.Close()
		return nil, errs.New(errs.Unavailable, "连接不上数据库，请检查 database-url 设置、网络和数据库是否在运行。", "connect: %w", err)
	}
	if err := migrate(ctx, pool, true); err != nil {
		pool.Close()
		return nil, classify(err)
	}
	return &DB{url: cfg.URL, pool: pool, reader: &Reader{db: pool}}, nil
}

func openSQLite(ctx context.Context, cfg Config) (*DB, error) {
	if err := os.MkdirAll(filepath.Dir(cfg.URL), 0o700); err != nil {
		return nil, err
	}
	wdb, err := sql.Open("sqlite", sqliteDSN(cfg.URL, "synchronous(FULL)", "wal_autocheckpoint(2000)",
		"temp_store(MEMORY)")) // each job's savepoint keeps old pages; in a file that is a fifth of the work
	if err != nil {
		return nil, err
	}
	wdb.SetMaxOpenConns(1)
	wdb.SetConnMaxLifetime(0)
	if err := migrate(ctx, wdb, false); err != nil {
		wdb.Close()
		return nil, classify(err)
	}
	rdb, err := sql.Open("sqlite", sqliteDSN(cfg.URL, "query_only(1)", "cache_size(-8000)"))
	if err != nil {
		wdb.Close()
		return nil, err
	}
	rdb.SetMaxOpenConns(cfg.MaxConns)
	rdb.SetMaxIdleConns(cfg.MaxConns)
	w, err := startWriter(ctx, wdb)
	if err != nil {
		rdb.Close()
		wdb.Close()
		return nil, classify(err)
	}
	return &DB{url: cfg.URL, writer: w, reader: &Reader{db: rdb, stmts: newStmtCache(rdb.PrepareContext)}}, nil
}

// sqliteDSN puts the pragmas every connection needs into the address. Without
// _txlock=immediate a transaction that reads first cannot become a writer
// later, and busy_timeout is ignored.
func sqliteDSN(path string, pragmas ...string) string {
	q := url.Values{"_txlock": {"immediate"}}
	for _, p := range append([]string{"journal_mode(WAL)", "foreign_keys(1)", "busy_timeout(5000)"}, pragmas...) {
		q.Add("_pragma", p)
	}
	return "file:" + (&url.URL{Path: path}).EscapedPath() + "?" + q.Encode()
}

// Postgres reports which of the two it is; only for what has no common SQL,
// such as FOR UPDATE.
func (d *DB) Postgres() bool { return d.pool != nil }

// Reader reads outside any transaction.
func (d *DB) Reader() *Reader { return d.reader }

// Ping reports whether the database answers.
func (d *DB) Ping(ctx context.Context) error {
	var one int
	return Get(ctx, d.reader, &one, `SELECT 1`)
}

// Close waits for the running transactions and closes.
func (d *DB) Close() error {
	if d.pool != nil {
		return d.pool.Close()
	}
	err := d.writer.close()
	d.reader.stmts.close()
	if rerr := d.reader.db.Close(); err == nil {
		err = rerr
	}
	return err
}

// Alone runs fn while no other node runs one under the same name; the others
// wait for their turn. SQLite belongs to one node, so there it just runs.
func (d *DB) Alone(ctx context.Context, name string, fn func(context.Context) error) (err error) {
	if d.pool == nil {
		return fn(ctx)
	}
	defer errs.Wrap(&err, "alone: %s", name)
	lock, err := d.pool.BeginTx(ctx, nil) // the lock goes with it, however this ends
	if err != nil {
		return classify(err)
	}
	defer lock.Rollback()
	if _, err := lock.ExecContext(ctx, `SELECT pg_advisory_xact_lock(1936682854, hashtext($1))`, name); err != nil {
		return classify(err)
	}
	return fn(ctx)
}

type txKey struct{}

// Update runs fn in one write transaction and returns when it is durable. A
// write transaction inside another would wait for itself, so it is refused.
func (d *DB) Update(ctx context.Context, fn func(context.Context, *Tx) error) error {
	if ctx.Value(txKey{}) != nil {
		return errs.New(errs.Internal, "", "db: Update called inside Update")
	}
	ctx = context.WithValue(ctx, txKey{}, true)
	if d.pool != nil {
		return classify(updatePostgres(ctx, d.pool, fn))
	}
	return classify(d.writer.update(ctx, fn))
}

// Describe names the database for logs, without its password.
func (d *DB) Describe() string {
	if d.pool == nil {
		return "sqlite " + d.url
	}
	u, err := url.Parse(d.url)
	if err != nil {
		return "postgres"
	}
	return fmt.Sprintf("postgres %s%s", u.Host, u.Path)
}

// Snapshot writes a consistent copy of a SQLite database to a new file while
// others go on writing. PostgreSQL has pg_dump for that.
func (d *DB) Snapshot(ctx context.Context, path string) error {
	if d.pool != nil {
		return errs.New(errs.Invalid, "数据库在 PostgreSQL 上，请用 pg_dump 备份它。", "snapshot: not a SQLite database")
	}
	one, err := sql.Open("sqlite", sqliteDSN(d.url)) // the readers may not write, not even elsewhere
	if err != nil {
		return err
	}
	defer one.Close()
	_, err = one.ExecContext(ctx, `VACUUM INTO $1`, path)
	return classify(err)
}
