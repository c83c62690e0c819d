package figures

import (
	"context"
	"slices"
	"strconv"

	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/errs"
)

// Finding is something in the figures that somebody should look at.
type Finding struct {
	Text       string // Chinese
	SourceKind string // what to open; "" for none
	SourceID   string
}

// Check looks for what cannot be right in the days of a query: more handed out
// than was ever printed, and sessions far beyond others of their type.
func (s *Store) Check(ctx context.Context, q Query) (_ []Finding, err error) {
	defer errs.Wrap(&err, "check figures")
	found, err := s.handedOut(ctx, q)
	if err != nil {
		return nil, err
	}
	outliers, err := s.outliers(ctx, q)
	return append(found, outliers...), err
}

// handedOut compares hand-outs with receipts of a title since the beginning:
// what was printed in one year is handed out in the next.
func (s *Store) handedOut(ctx context.Context, q Query) ([]Finding, error) {
	q, err := s.days(ctx, s.db.Reader(), q)
	if err != nil {
		return nil, err
	}
	t, err := s.Pivot(ctx, Query{From: "1949-10-01", To: q.To, Within: q.Within, Cols: ByCategory, Measures: []string{"brochure", "brochure_printed"}})
	if err != nil {
		return nil, err
	}
	var found []Finding
	for _, title := range t.ColKeys {
		out, in := t.Col("brochure", title).All(), t.Col("brochure_printed", title).All()
		if in > 0 && out > in { // a title that was never received is not kept in the stock
			found = append(found, Finding{Text: "《" + title + "》累计发放 " + Thousands(out) + " 份，多于入库的 " + Thousands(in) + " 份。请核对报告或补登入库。"})
		}
	}
	return found, nil
}

// farOut is how many times the median of its type makes a session stand out.
const farOut = 8

func (s *Store) outliers(ctx context.Context, q Query) ([]Finding, error) {
	var found []Finding
	for _, measure := range []string{"attendance", "consultation", "brochure"} {
		q.Measures = []string{measure}
		rows, err := s.Rows(ctx, q, 0, 0)
		if err != nil {
			return nil, err
		}
		found = append(found, farRows(measure, rows)...)
	}
	return found, nil
}

// farRows judges each session's sum by the median of its type.
func farRows(measure string, rows []Row) []Finding {
	type session struct{ id, typ, date string }
	sums, byType := map[session]int64{}, map[string][]int64{}
	for _, r := range rows {
		if r.Layer == Live && r.SourceKind == "session" {
			sums[session{r.SourceID, r.Type, r.Date}] += r.Qty
		}
	}
	for one, n := range sums {
		byType[one.typ] = append(byType[one.typ], n)
	}
	d, _ := lookup(measure)
	var found []Finding
	for one, n := range sums {
		all := byType[one.typ]
		slices.Sort(all)
		median := all[len(all)/2]
		if len(all) >= 5 && median > 0 && n > farOut*median {
			found = append(found, Finding{SourceKind: "session", SourceID: one.id, Text: one.date + " 的一场，“" + d.Name + "” " + Thousands(n) + " " + d.Unit +
				"，是同类活动中位数（" + Thousands(median) + "）的 " + strconv.FormatInt(n/median, 10) + " 倍。请核对是不是多写了零。"})
		}
	}
	slices.SortFunc(found, func(a, b Finding) int { return compareText(a.Text, b.Text) })
	return found
}

func compareText(a, b string) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// CheckSums adds all standing facts up again and reports how many sums by month
// differ from them: 0, unless somebody has written to the tables by hand.
func (s *Store) CheckSums(ctx context.Context) (wrong int, err error) {
	defer errs.Wrap(&err, "check sums of figures")
	for _, t := range []struct{ table, columns string }{{"fact_month", "measure, town, session_type, layer"}, {"fact_category", "measure, category, layer"}} {
		var n int
		err := db.Get(ctx, s.db.Reader(), &n, `SELECT count(*) FROM (
			SELECT `+t.columns+`, month, SUM(qty) AS qty, SUM(fen) AS fen FROM (
				SELECT `+t.columns+`, month, qty, amount_fen AS fen FROM `+t.table+`
				UNION ALL SELECT `+t.columns+`, substr(date, 1, 7), -qty, -amount_fen FROM fact WHERE superseded_at IS NULL) AS both_sides
			GROUP BY `+t.columns+`, month) AS diffs WHERE qty <> 0 OR fen <> 0`)
		if err != nil {
			return 0, err
		}
		wrong += n
	}
	for _, m := range sideBySide {
		var n int
		err := db.Get(ctx, s.db.Reader(), &n, `SELECT count(*) FROM (
			SELECT host, session_type, layer, month, SUM(qty) AS qty FROM (
				SELECT host, session_type, layer, month, `+m+` AS qty FROM fact_host
				UNION ALL SELECT host, session_type, layer, substr(date, 1, 7), -qty FROM fact WHERE superseded_at IS NULL AND measure = $1) AS both_sides
			GROUP BY host, session_type, layer, month) AS diffs WHERE qty <> 0`, m)
		if err != nil {
			return 0, err
		}
		wrong += n
	}
	return wrong, nil
}
