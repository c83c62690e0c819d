package figures_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/songfa/songfa/events/figures"
	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/db/dbtest"
	"github.com/songfa/songfa/internal/errs"
	"github.com/songfa/songfa/internal/ledger"
)

var statistician = auth.Actor{ID: "u9", Name: "陈统计", Roles: []auth.Role{auth.Admin}}

// book is a store with a clock that the test turns.
type book struct {
	testing.TB
	*figures.Store
	db  *db.DB
	now time.Time
}

func newBook(t testing.TB, d *db.DB) *book {
	b := &book{TB: t, db: d, now: time.Date(2026, 7, 10, 9, 0, 0, 0, time.FixedZone("", 8*3600))}
	clock := func() time.Time { return b.now }
	b.Store = figures.New(figures.Config{DB: d, Ledger: ledger.New(d, clock), Now: clock})
	return b
}

// write states the facts of a session.
func (b *book) write(id string, version int, facts ...figures.Fact) {
	b.Helper()
	b.must(b.db.Update(context.Background(), func(ctx context.Context, tx *db.Tx) error {
		return b.Write(ctx, tx, statistician, figures.Source{Kind: "session", ID: id, Text: "补记"}, version, facts)
	}))
}

func (b *book) must(err error) {
	b.Helper()
	if err != nil {
		b.Fatal(err)
	}
}

func (b *book) pivot(q figures.Query) figures.Table {
	b.Helper()
	t, err := b.Pivot(context.Background(), q)
	b.must(err)
	return t
}

// total is a measure's, of the days.
func (b *book) total(measure, from, to string) figures.Value {
	b.Helper()
	return b.pivot(figures.Query{From: from, To: to, Measures: []string{measure}}).Total(measure)
}

func (b *book) period(name, from, to string) figures.Period {
	b.Helper()
	p, err := b.CreatePeriod(context.Background(), statistician, name, from, to)
	b.must(err)
	return p
}

func (b *book) freeze(p figures.Period) figures.Period {
	b.Helper()
	p, err := b.Freeze(context.Background(), statistician, p.ID, p.Version)
	b.must(err)
	return p
}

// came is an attendance fact.
func came(n int64, date, town, typ, host string) figures.Fact {
	return figures.Fact{Measure: "attendance", Qty: n, Date: date, Town: town, Type: typ, Host: host}
}

func TestVersionsSupersede(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		b := newBook(t, d)
		b.write("s1", 1, came(120, "2026-03-05", "T1", "enterprise", "甲厂"), figures.Fact{Measure: "session", Qty: 1, Date: "2026-03-05", Town: "T1", Type: "enterprise", Host: "甲厂"})
		b.write("s2", 1, came(30, "2026-03-20", "T2", "village", "乙村"))
		b.write("s1", 2, came(20, "2026-03-05", "T1", "enterprise", "甲厂"))
		for _, days := range [][2]string{{"2026-01-01", "2026-12-31"}, {"2026-03-05", "2026-03-20"}, {"2026-02-15", "2026-04-15"}, {"2026-03-01", "2026-03-31"}} {
			if got := b.total("attendance", days[0], days[1]).Qty(); got != 50 {
				t.Errorf("%v: attendance is %d, want 50", days, got)
			}
		}
		if got := b.total("session", "2026-01-01", "2026-12-31").Qty(); got != 0 {
			t.Errorf("the superseded session still counts: %d", got)
		}
		var kept int
		b.must(db.Get(t.Context(), d.Reader(), &kept, `SELECT count(*) FROM fact`))
		if kept != 4 {
			t.Errorf("%d facts are kept, want all 4 ever stated", kept)
		}
		b.write("s2", 2) // its report is taken back
		if got := b.total("attendance", "2026-01-01", "2026-12-31").Qty(); got != 20 {
			t.Errorf("attendance is %d, want 20", got)
		}
	})
}

func TestPivotSplits(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		b := newBook(t, d)
		b.write("s1", 1, came(10, "2026-01-31", "T1", "enterprise", "甲厂"))
		b.write("s2", 1, came(20, "2026-02-01", "T1", "village", "乙村"))
		b.write("s3", 1, came(40, "2026-02-28", "", "village", "乙村"))
		year := figures.Query{From: "2026-01-01", To: "2026-12-31"}
		for _, c := range []struct {
			rows, cols figures.Axis
			row, col   string
			want       int64
		}{
			{figures.ByTown, figures.ByType, "T1", "village", 20},
			{figures.ByTown, figures.ByType, "", "village", 40},
			{figures.ByMonth, figures.ByType, "2026-02", "village", 60},
			{figures.ByHost, figures.ByMonth, "乙村", "2026-02", 60},
			{figures.ByHost, figures.Whole, "甲厂", "", 10},
		} {
			q := year
			q.Rows, q.Cols = c.rows, c.cols
			table := b.pivot(q)
			if got := table.At("attendance", c.row, c.col).Qty(); got != c.want {
				t.Errorf("%s %s × %s %s: %d, want %d", c.rows, c.row, c.cols, c.col, got, c.want)
			}
			rows, err := b.Rows(t.Context(), table.Cell("attendance", c.row, c.col), 0, 0)
			b.must(err)
			var sum int64
			for _, r := range rows {
				sum += r.Qty
			}
			if sum != c.want {
				t.Errorf("%s %s × %s %s: the rows under %d add up to %d", c.rows, c.row, c.cols, c.col, c.want, sum)
			}
			if got := table.Total("attendance").Qty(); got != 70 {
				t.Errorf("%s × %s: total %d, want 70", c.rows, c.cols, got)
			}
		}
	})
}

func TestFrozenPeriodNeverChanges(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		b := newBook(t, d)
		b.write("s1", 1, came(120, "2026-03-05", "T1", "enterprise", "甲厂"))
		half := b.period("2026 年上半年", "2026-01-01", "2026-06-30")
		b.freeze(half)
		said := b.pivot(figures.Query{Period: half.ID, Rows: figures.ByTown})
		if got := said.At("attendance", "T1", "").Qty(); got != 120 || !said.Frozen() {
			t.Fatalf("frozen period says %d, frozen %v", got, said.Frozen())
		}

		b.write("s1", 2, came(100, "2026-03-05", "T1", "enterprise", "甲厂")) // 20 fewer
		b.write("s1", 3, came(105, "2026-03-05", "T1", "enterprise", "甲厂")) // and 5 more
		b.write("s2", 1, came(7, "2026-06-30", "T2", "village", "乙村"))      // verified late
		if got := b.pivot(figures.Query{Period: half.ID}).Total("attendance"); got.All() != 120 {
			t.Errorf("frozen period now says %+v", got)
		}
		b.must(b.VerifyPeriod(t.Context(), half.ID))
		july := b.total("attendance", "2026-07-01", "2026-07-31")
		if july.Adjustment != -15+7 || july.Live != 0 {
			t.Errorf("July says %+v, want adjustments of -8", july)
		}
		if got := b.total("attendance", "2026-01-01", "2026-12-31").Qty(); got != 112 {
			t.Errorf("the year says %d, want 112", got)
		}
		adjustments, err := b.Adjustments(t.Context(), figures.Query{From: "2026-07-01", To: "2026-07-31"})
		b.must(err)
		if len(adjustments) != 3 || adjustments[0].Origin != "2026-03-05" || adjustments[0].SourceID != "s1" || adjustments[0].Date != "2026-07-10" {
			t.Errorf("adjustments %+v", adjustments)
		}

		// The month of the adjustments is frozen too; the next ones go on to the next open day.
		b.now = b.now.AddDate(0, 1, 0)
		b.freeze(b.period("2026 年 7 月", "2026-07-01", "2026-07-31"))
		b.write("s1", 4, came(120, "2026-03-05", "T1", "enterprise", "甲厂"))
		if got := b.total("attendance", "2026-01-01", "2026-12-31").Qty(); got != 127 {
			t.Errorf("the year says %d, want 127", got)
		}
		b.must(b.VerifyPeriod(t.Context(), half.ID))
		wrong, err := b.CheckSums(t.Context())
		b.must(err)
		if wrong > 0 {
			t.Errorf("%d sums are not those of the facts", wrong)
		}
	})
}

func TestWhatBelongsToFrozenDaysIsRefused(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		b := newBook(t, d)
		half := b.freeze(b.period("2026 年上半年", "2026-01-01", "2026-06-30"))
		opening := figures.Opening{Fact: figures.Fact{Measure: "health_file", Qty: 500, Date: "2026-06-30"}, Source: "2025 年度总结"}
		_, err := b.SaveOpening(t.Context(), statistician, opening)
		wantProblem(t, err, errs.Invalid, "已经封账")
		_, err = b.Freeze(t.Context(), statistician, half.ID, half.Version)
		wantProblem(t, err, errs.Conflict, "已经封账，不能再封")
		err = b.Redefine(t.Context(), statistician, figures.Definition{Code: "session", Name: "场次", Text: "新的口径说明", Counts: "活动当天", ValidFrom: "2026-06-01"})
		wantProblem(t, err, errs.Invalid, "2026-07-01")
		open := b.period("三季度", "2026-07-01", "2026-09-30")
		_, err = b.Freeze(t.Context(), statistician, open.ID, open.Version)
		wantProblem(t, err, errs.Invalid, "还没有结束")
		change := figures.Change{Fact: figures.Fact{Measure: "dispute", Qty: -1, Fen: -50000, Date: "2026-07-02"}, Reason: "重复登记一起"}
		wantProblem(t, b.Adjust(t.Context(), statistician, change), errs.Invalid, "还没有封账")
		change.Date = "2026-02-02"
		b.must(b.Adjust(t.Context(), statistician, change))
		if got := b.total("dispute", "2026-07-01", "2026-07-31"); got.Adjustment != -1 || got.AdjustmentFen != -50000 {
			t.Errorf("the adjustment is %+v", got)
		}
		_, err = b.Freeze(t.Context(), auth.Actor{ID: "x"}, open.ID, open.Version)
		wantProblem(t, err, errs.Forbidden, "")
	})
}

func wantProblem(t *testing.T, err error, kind errs.Kind, words string) {
	t.Helper()
	if err == nil || errs.KindOf(err) != kind || !strings.Contains(errs.MessageOf(err), words) {
		t.Errorf("error %v (%s %q), want %s with %q", err, errs.KindOf(err), errs.MessageOf(err), kind, words)
	}
}

func TestTamperedSnapshotIsFound(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		b := newBook(t, d)
		b.write("s1", 1, came(120, "2026-03-05", "T1", "enterprise", "甲厂"))
		half := b.freeze(b.period("2026 年上半年", "2026-01-01", "2026-06-30"))
		for _, sql := range []string{`UPDATE snapshot SET qty = qty + 1`, `UPDATE fact SET qty = qty + 1`} {
			undo := strings.Replace(sql, "+", "-", 1)
			for _, step := range []struct {
				sql  string
				want bool
			}{{sql, true}, {undo, false}} {
				b.must(d.Update(t.Context(), func(ctx context.Context, tx *db.Tx) error {
					_, err := db.Exec(ctx, tx, step.sql)
					return err
				}))
				if err := b.VerifyPeriod(t.Context(), half.ID); (err != nil) != step.want {
					t.Errorf("%s: %v", step.sql, err)
				}
			}
		}
	})
}

func TestOpeningFiguresStandApart(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		b := newBook(t, d)
		o := figures.Opening{Fact: figures.Fact{Measure: "attendance", Qty: 3000, Date: "2023-12-31"}, Source: "2023 年度总结第 4 页"}
		for range 2 { // the same row twice is one figure
			_, err := b.SaveOpening(t.Context(), statistician, o)
			b.must(err)
		}
		b.write("s1", 1, came(50, "2026-03-05", "T1", "enterprise", "甲厂"))
		v := b.total("attendance", "2023-01-01", "2026-12-31")
		if v.Qty() != 50 || v.Opening != 3000 || v.All() != 3050 {
			t.Errorf("got %+v", v)
		}
		o.Qty = 3100
		changed, err := b.SaveOpening(t.Context(), statistician, o)
		b.must(err)
		list, err := b.Openings(t.Context(), figures.Query{From: "2023-01-01", To: "2026-12-31"})
		b.must(err)
		if !changed || len(list) != 1 || list[0].Qty != 3100 || list[0].Text != "2023 年度总结第 4 页" {
			t.Fatalf("changed %v, openings %+v", changed, list)
		}
		b.must(b.DropOpening(t.Context(), statistician, list[0].SourceID))
		if v := b.total("attendance", "2023-01-01", "2026-12-31"); v.Opening != 0 {
			t.Errorf("dropped, it still says %+v", v)
		}
		o.Source = ""
		_, err = b.SaveOpening(t.Context(), statistician, o)
		wantProblem(t, err, errs.Invalid, "出处")
	})
}

func TestPublicHidesSmallCells(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		b := newBook(t, d)
		b.write("s1", 1, came(3, "2026-03-05", "T1", "site", "甲"), figures.Fact{Measure: "session", Qty: 1, Date: "2026-03-05", Town: "T1", Type: "site"})
		b.write("s2", 1, came(80, "2026-03-05", "T2", "site", "甲"))
		b.write("s3", 1, came(50, "2026-03-06", "T3", "site", "甲"))
		p := b.pivot(figures.Query{From: "2026-01-01", To: "2026-12-31", Rows: figures.ByTown}).Public()
		if !p.At("attendance", "T1", "").Hidden {
			t.Error("three people are shown")
		}
		if !p.At("attendance", "T3", "").Hidden {
			t.Error("three people can be worked out from the total")
		}
		if p.At("attendance", "T2", "").Hidden || p.At("session", "T1", "").Hidden {
			t.Error("what says nothing about people is hidden")
		}
	})
}

func TestDatedDefinitions(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		b := newBook(t, d)
		b.must(b.Redefine(t.Context(), statistician, figures.Definition{Code: "session", Name: "场次", Text: "两小时以上才算一场。", Counts: "核实当天", ValidFrom: "2027-01-01"}))
		for day, want := range map[string]string{"2026-12-31": "结果已核实", "2027-01-01": "两小时以上"} {
			defs, err := b.Definitions(t.Context(), day)
			b.must(err)
			for _, def := range defs {
				if def.Code == "session" && !strings.Contains(def.Text, want) {
					t.Errorf("%s: %q", day, def.Text)
				}
			}
		}
		history, err := b.History(t.Context(), "session")
		b.must(err)
		if len(history) != 2 {
			t.Errorf("%d definitions, want 2", len(history))
		}
	})
}

func TestChecksFindWhatCannotBe(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		b := newBook(t, d)
		_, err := b.SaveOpening(t.Context(), statistician, figures.Opening{Fact: figures.Fact{Measure: "brochure_printed", Category: "工资手册", Qty: 100, Date: "2025-12-31"}, Source: "印刷合同"})
		b.must(err)
		b.write("s0", 1, figures.Fact{Measure: "brochure", Category: "工资手册", Qty: 101, Date: "2026-02-01"})
		for i := range 6 {
			b.write("s"+string(rune('1'+i)), 1, came(40, "2026-03-05", "T1", "site", "甲"))
		}
		b.write("s9", 1, came(4000, "2026-03-09", "T1", "site", "甲"))
		found, err := b.Check(t.Context(), figures.Query{From: "2026-01-01", To: "2026-12-31"})
		b.must(err)
		if len(found) != 2 || !strings.Contains(found[0].Text, "工资手册") || found[1].SourceID != "s9" {
			t.Errorf("found %+v", found)
		}
	})
}

func TestRoundingDown(t *testing.T) {
	for _, c := range []struct {
		n, step int64
		want    string
	}{{15234, 1000, "15,000 余"}, {15000, 1000, "15,000"}, {7, 10, "7"}, {1950, 1, "1,950"}, {-1234567, 1, "-1,234,567"}} {
		if got := figures.Approx(c.n, c.step); got != c.want {
			t.Errorf("Approx(%d, %d) = %q, want %q", c.n, c.step, got, c.want)
		}
	}
}
