package ledger_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/db/dbtest"
	"github.com/songfa/songfa/internal/ledger"
)

func record(ctx context.Context, d *db.DB, l *ledger.Ledger, ids ...string) error {
	return d.Update(ctx, func(_ context.Context, tx *db.Tx) error {
		for _, id := range ids {
			l.Record(tx, ledger.Entry{Actor: "u1", ActorName: "王编辑", Action: "document.publish", Object: "document:" + id, Summary: "发布"},
				ledger.Change{Kind: "document", ID: id})
		}
		return nil
	})
}

func TestRecordNumbersWithoutGapsInCommitOrder(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		l := ledger.New(d, time.Now)
		var wg sync.WaitGroup
		for i := range 60 {
			wg.Go(func() {
				if i%6 == 5 { // a failed transaction must not leave a gap
					_ = d.Update(t.Context(), func(_ context.Context, tx *db.Tx) error {
						l.Record(tx, ledger.Entry{Actor: "u1", Action: "x", Object: "y"}, ledger.Change{Kind: "document", ID: "never"})
						tx.BeforeCommit(func(context.Context, *db.Tx) error { return errors.New("no") })
						return nil
					})
					return
				}
				if err := record(t.Context(), d, l, fmt.Sprint(i), fmt.Sprint(i, "b")); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		rows, err := l.Since(t.Context(), 0, 1000)
		if err != nil {
			t.Fatal(err)
		}
		if len(rows) != 100 || l.Position() != 100 {
			t.Fatalf("%d rows, position %d, want 100", len(rows), l.Position())
		}
		for i, r := range rows {
			if r.Seq != int64(i+1) || r.ID == "never" {
				t.Fatalf("row %d has number %d, id %s", i, r.Seq, r.ID)
			}
		}
		if err := l.Verify(t.Context()); err != nil {
			t.Error(err)
		}
	})
}

func TestVerifyFindsAChangedRow(t *testing.T) {
	for name, tamper := range map[string]string{
		"changed": `UPDATE audit SET actor = 'somebody else' WHERE seq = 2`,
		"removed": `DELETE FROM audit WHERE seq = 2`,
		"cut off": `DELETE FROM audit WHERE seq = 3`,
	} {
		t.Run(name, func(t *testing.T) {
			dbtest.Run(t, func(t *testing.T, d *db.DB) {
				l := ledger.New(d, time.Now)
				if err := record(t.Context(), d, l, "a", "b", "c"); err != nil {
					t.Fatal(err)
				}
				if err := l.Verify(t.Context()); err != nil {
					t.Fatalf("untouched: %v", err)
				}
				err := d.Update(t.Context(), func(ctx context.Context, tx *db.Tx) error {
					_, err := db.Exec(ctx, tx, tamper)
					return err
				})
				if err != nil {
					t.Fatal(err)
				}
				if l.Verify(t.Context()) == nil {
					t.Error("the change went unnoticed")
				}
			})
		})
	}
}

// A second ledger over the same database stands for another node.
func TestAnotherNodeIsWoken(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		here, there := ledger.New(d, time.Now), ledger.New(d, time.Now)
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		var watching sync.WaitGroup
		watching.Go(func() { there.Watch(ctx, func(err error) { t.Error(err) }) })
		defer watching.Wait()
		defer cancel()
		for i := range 3 {
			if err := record(ctx, d, here, fmt.Sprint(i)); err != nil {
				t.Fatal(err)
			}
			n, err := there.Wait(ctx, int64(i))
			if err != nil || n != int64(i+1) {
				t.Fatalf("after write %d: position %d, %v", i+1, n, err)
			}
		}
	})
}

func TestAuditFilters(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		l := ledger.New(d, time.Now)
		err := d.Update(t.Context(), func(_ context.Context, tx *db.Tx) error {
			l.Record(tx, ledger.Entry{Actor: "u1", Action: "document.create", Object: "document:1"})
			l.Record(tx, ledger.Entry{Actor: "u2", Action: "document.publish", Object: "document:1"})
			l.Record(tx, ledger.Entry{Actor: "u1", Action: "user.add", Object: "user:3"})
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		for _, tt := range []struct {
			name   string
			filter ledger.AuditFilter
			want   []int64
		}{
			{"all, newest first", ledger.AuditFilter{}, []int64{3, 2, 1}},
			{"by actor", ledger.AuditFilter{Actor: "u1"}, []int64{3, 1}},
			{"by prefix", ledger.AuditFilter{Action: "document."}, []int64{2, 1}},
			{"by action", ledger.AuditFilter{Action: "user.add"}, []int64{3}},
			{"by object", ledger.AuditFilter{Object: "document:1"}, []int64{2, 1}},
			{"next page", ledger.AuditFilter{Before: 2}, []int64{1}},
		} {
			entries, err := l.Audit(t.Context(), tt.filter)
			var got []int64
			for _, e := range entries {
				got = append(got, e.Seq)
			}
			if err != nil || !slices.Equal(got, tt.want) {
				t.Errorf("%s: got %v, %v; want %v", tt.name, got, err, tt.want)
			}
		}
	})
}
