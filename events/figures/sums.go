package figures

import (
	"context"
	"slices"

	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/errs"
)

// sideBySide are the measures of fact_host, each a column of its name.
var sideBySide = []string{"session", "attendance", "brochure", "consultation", "document"}

// keepSums keeps the tables of sums in step with a fact that came (sign 1) or
// went (-1).
func keepSums(ctx context.Context, tx *db.Tx, f Fact, layer Layer, sign int64) error {
	month, _ := cutMonth(f.Date)
	_, err := db.Exec(ctx, tx, `INSERT INTO fact_month (month, measure, town, session_type, layer, qty, amount_fen)
		VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (measure, town, session_type, layer, month) DO UPDATE SET qty = fact_month.qty + $6, amount_fen = fact_month.amount_fen + $7`,
		month, f.Measure, f.Town, f.Type, layer, sign*f.Qty, sign*f.Fen)
	if err != nil {
		return err
	}
	_, err = db.Exec(ctx, tx, `INSERT INTO fact_category (month, measure, category, layer, qty, amount_fen)
		VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (measure, category, layer, month) DO UPDATE SET qty = fact_category.qty + $5, amount_fen = fact_category.amount_fen + $6`,
		month, f.Measure, f.Category, layer, sign*f.Qty, sign*f.Fen)
	if err != nil || !slices.Contains(sideBySide, f.Measure) {
		return err
	}
	column := f.Measure // one of ours
	_, err = db.Exec(ctx, tx, `INSERT INTO fact_host (month, host, session_type, layer, session, attendance, brochure, consultation, document)
		VALUES ($1, $2, $3, $4, 0, 0, 0, 0, 0) ON CONFLICT (host, session_type, layer, month) DO NOTHING`, month, f.Host, f.Type, layer)
	if err != nil {
		return err
	}
	_, err = db.Exec(ctx, tx, `UPDATE fact_host SET `+column+` = `+column+` + $5 WHERE host = $1 AND session_type = $2 AND layer = $3 AND month = $4`,
		f.Host, f.Type, layer, month, sign*f.Qty)
	return err
}

// uses reports whether a query splits by an axis or filters on it.
func (q Query) uses(a Axis) bool {
	want := map[Axis]string{ByTown: q.Town, ByType: q.Type, ByMonth: q.Month, ByHost: q.Host, ByCategory: q.Category}[a]
	return q.Rows == a || q.Cols == a || want != "" || a == ByTown && len(q.Within) > 0
}

// sumsFor is the table of sums that can answer a query, "" for none.
func (q Query) sumsFor() string {
	switch {
	case !q.uses(ByHost) && !q.uses(ByCategory):
		return "fact_month"
	case !q.uses(ByHost) && !q.uses(ByTown) && !q.uses(ByType):
		return "fact_category"
	case !q.uses(ByTown) && !q.uses(ByCategory) && len(q.Measures) > 0 &&
		!slices.ContainsFunc(q.Measures, func(m string) bool { return !slices.Contains(sideBySide, m) }):
		return "fact_host"
	}
	return ""
}

// hostCells are the sums of fact_host, a cell for each measure.
func hostCells(ctx context.Context, r db.Queryer, q Query, first, last string) ([]Cell, error) {
	var rows []struct {
		Cell
		Sessions      int64 `db:"session"`
		Attendance    int64 `db:"attendance"`
		Brochures     int64 `db:"brochure"`
		Consultations int64 `db:"consultation"`
		Documents     int64 `db:"document"`
	}
	wanted := q.Measures
	q.Measures = nil
	err := selectSums(ctx, r, &rows, q, "fact_host", "month", "", `SUM(session) AS session, SUM(attendance) AS attendance,
		SUM(brochure) AS brochure, SUM(consultation) AS consultation, SUM(document) AS document`, "month >= $1 AND month <= $2", first, last)
	var cells []Cell
	for _, row := range rows {
		for i, n := range []int64{row.Sessions, row.Attendance, row.Brochures, row.Consultations, row.Documents} {
			if n != 0 && slices.Contains(wanted, sideBySide[i]) {
				c := row.Cell
				c.Measure, c.Qty = sideBySide[i], n
				cells = append(cells, c)
			}
		}
	}
	return cells, err
}

// RebuildSums makes the tables of sums anew from the facts: after CheckSums has
// found a difference, or a bulk load.
func (s *Store) RebuildSums(ctx context.Context) (err error) {
	defer errs.Wrap(&err, "rebuild sums of figures")
	return s.db.Update(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := lock(ctx, tx); err != nil {
			return err
		}
		const standing = ` FROM fact WHERE superseded_at IS NULL GROUP BY substr(date, 1, 7), layer, `
		sides := ""
		for _, m := range sideBySide {
			sides += `, SUM(CASE WHEN measure = '` + m + `' THEN qty ELSE 0 END)`
		}
		for _, sql := range []string{
			`DELETE FROM fact_month`, `DELETE FROM fact_category`, `DELETE FROM fact_host`,
			`INSERT INTO fact_month (month, layer, measure, town, session_type, qty, amount_fen)
				SELECT substr(date, 1, 7), layer, measure, town, session_type, SUM(qty), SUM(amount_fen)` + standing + `measure, town, session_type`,
			`INSERT INTO fact_category (month, layer, measure, category, qty, amount_fen)
				SELECT substr(date, 1, 7), layer, measure, category, SUM(qty), SUM(amount_fen)` + standing + `measure, category`,
			`INSERT INTO fact_host (month, layer, host, session_type, session, attendance, brochure, consultation, document)
				SELECT substr(date, 1, 7), layer, host, session_type` + sides + standing + `host, session_type`,
		} {
			if _, err := db.Exec(ctx, tx, sql); err != nil {
				return err
			}
		}
		return nil
	})
}
