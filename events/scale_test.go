package events_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/songfa/songfa/events"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/db/dbtest"
	"github.com/songfa/songfa/internal/ledger"
)

// fill puts so many sessions into each day of 2027, straight into the tables.
func fill(tb testing.TB, d *db.DB, store *events.Store, perDay int) {
	tb.Helper()
	day := time.Date(2027, 1, 1, 9, 0, 0, 0, events.Zone)
	model, err := store.CreateSession(tb.Context(), coordinator, events.SessionForm{Type: events.Site, Title: "安置房工地：工资怎么要", Summary: "带上欠条。",
		Venue: "项目部食堂", Starts: day, Ends: day.Add(time.Hour), Lawyers: "李国平律师"})
	if err != nil {
		tb.Fatal(err)
	}
	err = d.Update(tb.Context(), func(ctx context.Context, tx *db.Tx) error {
		_, err := db.Exec(ctx, tx, `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 365 * CAST($2 AS BIGINT))
			INSERT INTO session (id, no, ics_uid, ics_seq, type, title, summary, audience, town, station, venue, address,
			starts_at, ends_at, capacity, taken, state, organizer, lawyers, contact_phone, cancel_reason, moves, import_hash, import_version,
			version, created_at, created_by, updated_at, updated_by)
			SELECT 'fill' || CAST(i AS TEXT), 'SF-2027-' || CAST(10000 + i AS TEXT), 'fill' || CAST(i AS TEXT), 0, type, title, summary, audience, town, station, venue, address,
			starts_at + (i % 365) * CAST(86400000 AS BIGINT), ends_at + (i % 365) * CAST(86400000 AS BIGINT), 60, 0, 'published', organizer, lawyers, contact_phone, '', 0, '', 0, 1, 0, '', 0, ''
			FROM session CROSS JOIN n WHERE id = $1`, model.ID, perDay)
		if err == nil && tx.Postgres() {
			_, err = db.Exec(ctx, tx, `ANALYZE session`)
		}
		return err
	})
	if err != nil {
		tb.Fatal(err)
	}
}

// plan is how the database means to answer. PostgreSQL is asked not to read whole
// tables, which in a test are small enough for it.
func (k *desk) plan(query string) string {
	k.Helper()
	var lines []string
	err := k.db.Update(k.Context(), func(ctx context.Context, tx *db.Tx) error {
		if k.db.Postgres() {
			if _, err := db.Exec(ctx, tx, `SELECT set_config('enable_seqscan', 'off', true)`); err != nil {
				return err
			}
			return db.Select(ctx, tx, &lines, `EXPLAIN `+query)
		}
		var steps []struct {
			ID, Parent, Notused int
			Detail              string
		}
		err := db.Select(ctx, tx, &steps, `EXPLAIN QUERY PLAN `+query)
		for _, s := range steps {
			lines = append(lines, s.Detail)
		}
		return err
	})
	if err != nil {
		k.Fatal(err)
	}
	return strings.Join(lines, "\n")
}

// What pages and sign-ups ask most often is answered by an index, however many
// other months and sign-ups there are.
func TestQueriesUseTheirIndexes(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		fill(t, d, k.Store, 20)
		for _, tt := range []struct{ name, index, query string }{
			{"month", "session_st", // by start alone or with the state
				`SELECT id FROM session WHERE state IN ('published', 'held') AND starts_at >= 1803830400000 AND starts_at < 1804000000000 ORDER BY starts_at, id LIMIT 500`},
			{"position in the queue", "registration_queue", `SELECT count(*) FROM registration WHERE session = 'a' AND state = 'waiting' AND wait_pos <= 5`},
			{"phones", "registration_live", `SELECT session FROM registration WHERE state IN ('confirmed', 'waiting') AND phone_bidx IN ('a', 'b')`},
			{"addresses", "registration_address", `SELECT count(*) FROM registration WHERE ip_hash <> '' AND ip_hash IN ('a', 'b') AND created_at > 5`},
			{"calls to make", "message_due", `SELECT id FROM message WHERE state = 'to_call' ORDER BY not_before, id LIMIT 50`},
			{"what was told", "message_done", `SELECT id FROM message WHERE state = 'sent' ORDER BY updated_at DESC, id DESC LIMIT 50`},
			{"whether a reminder is there", "dedupe", `SELECT 1 FROM message m WHERE m.dedupe = 'reminder/a/0/registration/b'`},
			{"sign-ups of a session", "registration_session", `SELECT id FROM registration WHERE session = 'a'`},
		} {
			if plan := k.plan(tt.query); !strings.Contains(plan, tt.index) {
				t.Errorf("%s does not use %s:\n%s", tt.name, tt.index, plan)
			}
		}
	})
}

// BenchmarkMonthOf5000 reads and lays out a month of some 5,000 sessions among
// 60,000.
func BenchmarkMonthOf5000(b *testing.B) {
	for name, open := range map[string]func(testing.TB) *db.DB{"sqlite": dbtest.SQLite, "postgres": dbtest.Postgres} {
		b.Run(name, func(b *testing.B) {
			d := open(b)
			store := events.New(events.Config{DB: d, Ledger: ledger.New(d, time.Now), Now: time.Now})
			fill(b, d, store, 162)
			var took []time.Duration
			for b.Loop() {
				began := time.Now()
				if _, err := store.Grid(b.Context(), 2027, time.May, events.Filter{}, 8); err != nil {
					b.Fatal(err)
				}
				took = append(took, time.Since(began))
			}
			slices.Sort(took)
			b.ReportMetric(float64(took[len(took)*95/100].Microseconds())/1000, "p95-ms")
		})
	}
}
