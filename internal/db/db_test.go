package db_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/db/dbtest"
	"github.com/songfa/songfa/internal/errs"
)

// The tests use the ledger's journal as a plain table: it is there in every schema.

func insert(ctx context.Context, q db.Queryer, seq int64, id string) error {
	_, err := db.Exec(ctx, q, `INSERT INTO journal (seq, at, kind, id) VALUES ($1, $2, 'test', $3)`, seq, seq, id)
	return err
}

func count(t *testing.T, d *db.DB) int {
	t.Helper()
	var n int
	if err := db.Get(t.Context(), d.Reader(), &n, `SELECT count(*) FROM journal`); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestUpdateCommitsAndRollsBack(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		after := 0
		err := d.Update(t.Context(), func(ctx context.Context, tx *db.Tx) error {
			tx.AfterCommit(func() { after++ })
			return insert(ctx, tx, 1, "kept")
		})
		if err != nil || count(t, d) != 1 || after != 1 {
			t.Fatalf("err %v, rows %d, after hook ran %d times", err, count(t, d), after)
		}
		boom := errors.New("boom")
		err = d.Update(t.Context(), func(ctx context.Context, tx *db.Tx) error {
			tx.AfterCommit(func() { after++ })
			if err := insert(ctx, tx, 2, "lost"); err != nil {
				return err
			}
			return boom
		})
		if !errors.Is(err, boom) || count(t, d) != 1 || after != 1 {
			t.Fatalf("err %v, rows %d, after hook ran %d times", err, count(t, d), after)
		}
	})
}

// One that fails or panics in a shared commit takes nobody with it, and the
// counter that everybody raises ends at the number of successes.
func TestConcurrentUpdatesShareCommitsButNotFailures(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		const n = 200
		var good atomic.Int64
		var wg sync.WaitGroup
		for i := range n {
			wg.Go(func() {
				err := d.Update(t.Context(), func(ctx context.Context, tx *db.Tx) error {
					if _, err := db.Exec(ctx, tx, `UPDATE ledger_head SET journal = journal + 1`); err != nil {
						return err
					}
					switch i % 10 {
					case 3:
						return errs.New(errs.Invalid, "坏", "job %d fails", i)
					case 7:
						panic("job panics")
					}
					return nil
				})
				if (err != nil) != (i%10 == 3 || i%10 == 7) {
					t.Errorf("job %d: %v", i, err)
				}
				if err == nil {
					good.Add(1)
				}
			})
		}
		wg.Wait()
		var got int64
		if err := db.Get(t.Context(), d.Reader(), &got, `SELECT journal FROM ledger_head`); err != nil {
			t.Fatal(err)
		}
		if got != good.Load() || got != n*8/10 {
			t.Fatalf("counter %d, successes %d, want %d", got, good.Load(), n*8/10)
		}
	})
}

func TestUniqueViolationIsConflict(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		err := d.Update(t.Context(), func(ctx context.Context, tx *db.Tx) error {
			if err := insert(ctx, tx, 1, "a"); err != nil {
				return err
			}
			return insert(ctx, tx, 1, "b")
		})
		if !errs.Is(err, errs.Conflict) || !db.IsUnique(err) {
			t.Fatalf("kind %v, unique %v: %v", errs.KindOf(err), db.IsUnique(err), err)
		}
		if count(t, d) != 0 {
			t.Fatal("half a transaction stayed")
		}
	})
}

func TestNoRowIsNotFound(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		var id string
		if err := db.Get(t.Context(), d.Reader(), &id, `SELECT id FROM journal WHERE seq = $1`, 9); !errs.Is(err, errs.NotFound) {
			t.Fatalf("got %v", err)
		}
	})
}

func TestNULIsRefusedWithASentence(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		err := d.Update(t.Context(), func(ctx context.Context, tx *db.Tx) error { return insert(ctx, tx, 1, "a\x00b") })
		if !errs.Is(err, errs.Invalid) || !strings.Contains(errs.MessageOf(err), "特殊字符") {
			t.Fatalf("got %v / %s", err, errs.MessageOf(err))
		}
	})
}

func TestReaderCannotWrite(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		if err := insert(t.Context(), d.Reader(), 1, "x"); err == nil {
			t.Fatal("a write went through the reader")
		}
		var n int64
		// RETURNING makes a write look like a query.
		err := db.Get(t.Context(), d.Reader(), &n, `UPDATE ledger_head SET journal = 7 RETURNING journal`)
		if !d.Postgres() && err == nil {
			t.Fatal("a write went through a SQLite reader as a query")
		}
	})
}

func TestUpdateInsideUpdateIsRefused(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		err := d.Update(t.Context(), func(ctx context.Context, _ *db.Tx) error {
			return d.Update(ctx, func(context.Context, *db.Tx) error { return nil })
		})
		if err == nil {
			t.Fatal("would have waited for itself")
		}
	})
}

// A caller that left must not interrupt the statement of the shared transaction.
func TestCancelledCallerHarmsNobody(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		var wg sync.WaitGroup
		for i := range 50 {
			wg.Go(func() {
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				err := d.Update(ctx, func(ctx context.Context, tx *db.Tx) error {
					if i%2 == 0 {
						cancel()
					}
					return insert(ctx, tx, int64(i), fmt.Sprint(i))
				})
				if i%2 == 1 && err != nil {
					t.Errorf("job %d: %v", i, err)
				}
			})
		}
		wg.Wait()
		if n := count(t, d); n < 25 {
			t.Fatalf("%d rows, at least 25 were acknowledged", n)
		}
	})
}

func TestClosedDatabaseAnswersUnavailable(t *testing.T) {
	d, err := db.Open(t.Context(), db.Config{URL: filepath.Join(t.TempDir(), "x", "songfa.db")})
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	err = d.Update(t.Context(), func(context.Context, *db.Tx) error { return nil })
	if !errs.Is(err, errs.Unavailable) {
		t.Fatalf("got %v", err)
	}
}

func TestAcknowledgedIsOnDisk(t *testing.T) {
	path := filepath.Join(t.TempDir(), "songfa.db")
	d, err := db.Open(t.Context(), db.Config{URL: path})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	if err := d.Update(t.Context(), func(ctx context.Context, tx *db.Tx) error { return insert(ctx, tx, 1, "a") }); err != nil {
		t.Fatal(err)
	}
	second, err := db.Open(t.Context(), db.Config{URL: path}) // a process of its own, as far as SQLite can tell
	if err != nil {
		t.Fatal(err)
	}
	defer second.Close()
	if n := count(t, second); n != 1 {
		t.Fatalf("the other opener sees %d rows", n)
	}
}

func TestAloneIsOneAtATimeOnAllNodes(t *testing.T) {
	url := dbtest.PostgresURL(t)
	var inside, most atomic.Int32
	var wg sync.WaitGroup
	for range 4 {
		d, err := db.Open(t.Context(), db.Config{URL: url})
		if err != nil {
			t.Fatal(err)
		}
		defer d.Close()
		wg.Go(func() {
			for range 5 {
				err := d.Alone(t.Context(), "first start", func(ctx context.Context) error {
					most.Store(max(most.Load(), inside.Add(1)))
					defer inside.Add(-1)
					return d.Ping(ctx)
				})
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	if most.Load() != 1 {
		t.Fatalf("%d were alone at once", most.Load())
	}
}

// A backup had failed: the readers' connections may write nowhere.
func TestSnapshotIsAWholeDatabase(t *testing.T) {
	dir := t.TempDir()
	d, err := db.Open(t.Context(), db.Config{URL: filepath.Join(dir, "songfa.db")})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	if err := d.Update(t.Context(), func(ctx context.Context, tx *db.Tx) error { return insert(ctx, tx, 1, "a") }); err != nil {
		t.Fatal(err)
	}
	copied := filepath.Join(dir, "copy.db")
	if err := d.Snapshot(t.Context(), copied); err != nil {
		t.Fatal(err)
	}
	if err := d.Update(t.Context(), func(ctx context.Context, tx *db.Tx) error { return insert(ctx, tx, 2, "b") }); err != nil {
		t.Fatal(err)
	}
	second, err := db.Open(t.Context(), db.Config{URL: copied})
	if err != nil {
		t.Fatal(err)
	}
	defer second.Close()
	if n := count(t, second); n != 1 {
		t.Fatalf("the copy has %d rows", n)
	}
}

func TestTimesAndJSONRoundTrip(t *testing.T) {
	at := time.Date(2026, 11, 24, 8, 30, 0, 5e6, time.FixedZone("CST", 8*3600))
	if got := db.Time(db.Millis(at)); !got.Equal(at) || got.Location() != time.UTC {
		t.Errorf("time came back as %v", got)
	}
	if db.Millis(time.Time{}) != nil || !db.Time(nil).IsZero() {
		t.Error("the zero time is not NULL")
	}
	var list []string
	if err := db.FromJSON(db.JSON([]string{"工资", "工伤"}), &list); err != nil || len(list) != 2 || list[1] != "工伤" {
		t.Errorf("list came back as %v, %v", list, err)
	}
}

// BenchmarkUpdate compares one commit each with the shared commits of many
// callers; both are durable.
// BenchmarkUpdate is one caller, whose every transaction is a commit of its
// own, against 64 whose transactions share them.
func BenchmarkUpdate(b *testing.B) {
	var seq atomic.Int64
	update := func(b *testing.B, d *db.DB) {
		n := seq.Add(1)
		if err := d.Update(b.Context(), func(ctx context.Context, tx *db.Tx) error { return insert(ctx, tx, n, "x") }); err != nil {
			b.Error(err)
		}
	}
	b.Run("callers=1", func(b *testing.B) {
		d := dbtest.SQLite(b)
		for b.Loop() {
			update(b, d)
		}
	})
	b.Run("callers=64", func(b *testing.B) {
		d := dbtest.SQLite(b)
		b.SetParallelism(max(1, 64/runtime.GOMAXPROCS(0)))
		b.ResetTimer()
		b.RunParallel(func(pb *testing.PB) {
			for pb.Next() {
				update(b, d)
			}
		})
	})
}

// Who starts the program, not a visitor, reads this sentence.
func TestPostgresAwayNamesTheSetting(t *testing.T) {
	_, err := db.Open(t.Context(), db.Config{URL: "postgres://u:secret@127.0.0.1:1/x?sslmode=disable"})
	if !errs.Is(err, errs.Unavailable) || !strings.Contains(errs.MessageOf(err), "database-url") {
		t.Errorf("err = %v, message %q", err, errs.MessageOf(err))
	}
	if err != nil && strings.Contains(err.Error(), "secret") {
		t.Errorf("the error tells the password: %v", err)
	}
}
