package figures_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/songfa/songfa/events/figures"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/db/dbtest"
)

// TestMillionVisitorsAddUp counts the people of 10,000 sessions in three years,
// through the sums kept beside the facts.
func TestMillionVisitorsAddUp(t *testing.T) {
	if testing.Short() {
		t.Skip("loads 140,000 facts")
	}
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		b := newBook(t, d)
		b.million()
		if got := b.pivot(threeYears()).Total("attendance").Qty(); got != 1_000_000 {
			t.Errorf("%d people came", got)
		}
		wrong, err := b.CheckSums(context.Background())
		b.must(err)
		if wrong > 0 {
			t.Errorf("%d sums are not those of the facts", wrong)
		}
	})
}

// BenchmarkMillionVisitors asks for the same figures in the ways the page does;
// p95-ms should stay under 100.
func BenchmarkMillionVisitors(b *testing.B) {
	for name, open := range map[string]func(testing.TB) *db.DB{"sqlite": dbtest.SQLite, "postgres": dbtest.Postgres} {
		k := newBook(b, open(b))
		k.million()
		edges, months, hosts := threeYears(), threeYears(), threeYears()
		edges.From, edges.To = "2024-01-15", "2026-12-15"
		months.Rows, hosts.Rows = figures.ByMonth, figures.ByHost
		article := threeYears()
		article.Measures = nil
		for _, c := range []struct {
			name string
			ask  func()
		}{
			{"towns and types", func() { k.pivot(threeYears()) }}, {"parts of months", func() { k.pivot(edges) }},
			{"months", func() { k.pivot(months) }}, {"hosts", func() { k.pivot(hosts) }},
			{"article", func() { _, err := k.Article(context.Background(), article); k.must(err) }},
		} {
			b.Run(name+"/"+c.name, func(b *testing.B) {
				var took []time.Duration
				for b.Loop() {
					begun := time.Now()
					c.ask()
					took = append(took, time.Since(begun))
				}
				slices.Sort(took)
				b.ReportMetric(float64(took[len(took)*95/100].Microseconds())/1000, "p95-ms")
			})
		}
	}
}

func threeYears() figures.Query {
	return figures.Query{From: "2024-01-01", To: "2026-12-31", Rows: figures.ByTown, Cols: figures.ByType,
		Measures: []string{"session", "attendance", "brochure", "consultation", "document"}}
}

// million loads the facts, all by SQL: what is measured is reading.
func (b *book) million() {
	b.Helper()
	types := []string{"enterprise", "site", "village", "jobfair", "community", "school"}
	for from := 0; from < 10_000; from += 500 {
		var rows []string
		for i := from; i < from+500; i++ {
			day := time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, i*1095/10_000).Format(time.DateOnly)
			add := func(measure, category string, qty int) {
				rows = append(rows, fmt.Sprintf("('F%05d%s%s', '%s', '%s', '', %d, 0, '%s', 'T%02d', '%s', '单位 %d', FALSE, 'live', 'session', 'S%05d', 1, '', '', 0, '', NULL, '')",
					i, measure, category, measure, category, qty, day, i%11, types[i%6], i%400, i))
			}
			add("session", "", 1)
			add("attendance", "", 100)
			add("attendance_migrant", "", 60)
			for k := range 4 {
				add("brochure", fmt.Sprintf("手册 %d", (i+k)%12), 40)
				add("consultation", fmt.Sprintf("类别 %d", (i+k)%10), 3)
			}
			add("document", "起诉状", 1)
			add("document_copy", "起诉状", 1)
			add("post", "公众号", 1)
		}
		b.must(b.db.Update(context.Background(), func(ctx context.Context, tx *db.Tx) error {
			_, err := db.Exec(ctx, tx, `INSERT INTO fact (id, measure, category, unit, qty, amount_fen, date, town, session_type, host, estimate, layer,
				source_kind, source_id, source_version, source_text, origin_date, created_at, created_by, superseded_at, superseded_by) VALUES `+strings.Join(rows, ","))
			return err
		}))
	}
	b.must(b.RebuildSums(context.Background()))
}
