package figures

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/errs"
)

// Row is one thing under a number.
type Row struct {
	ID         string `db:"id"`
	Fact       `db:""`
	Unit       string `db:"unit"`
	Layer      Layer  `db:"layer"`
	SourceKind string `db:"source_kind"` // session, opening, adjustment, station, document
	SourceID   string `db:"source_id"`
	Version    int    `db:"source_version"`
	Text       string `db:"source_text"` // the paper, the reason; of attached measures the title
	Origin     string `db:"origin_date"` // of an adjustment: the day it corrects
	CreatedAt  int64  `db:"created_at"`
	CreatedBy  string `db:"created_by"`
}

// Created is when the fact was stated.
func (r Row) Created() time.Time { return time.UnixMilli(r.CreatedAt).In(zone) }

// maxRows is how many rows one answer lists.
const maxRows = 100_000

const selectRows = `SELECT id, measure, category, unit, qty, amount_fen, date, town, session_type, host, estimate, layer,
	source_kind, source_id, source_version, source_text, origin_date, created_at, created_by FROM fact WHERE `

// Rows lists up to limit of the facts under the numbers of a query (0: all), by
// day, and then what attached measures count. Together they add up to what Pivot answers to the same query.
func (s *Store) Rows(ctx context.Context, q Query, limit, offset int) (_ []Row, err error) {
	defer errs.Wrap(&err, "rows")
	r := s.db.Reader()
	if q, err = s.days(ctx, r, q); err != nil {
		return nil, err
	}
	if limit <= 0 || limit > maxRows {
		limit = maxRows
	}
	where, args := factFilter(q)
	args = append(args, limit, offset)
	var rows []Row
	err = db.Select(ctx, r, &rows, selectRows+where+
		` ORDER BY date, source_id, measure, category, id LIMIT `+db.Placeholder(len(args)-1)+` OFFSET `+db.Placeholder(len(args)), args...)
	if err != nil || offset > 0 || len(rows) >= limit {
		return rows, err
	}
	more, err := s.attachedRows(ctx, r, q)
	return append(rows, more...), err
}

// CountRows is how many facts are under the numbers of a query.
func (s *Store) CountRows(ctx context.Context, q Query) (n int, err error) {
	defer errs.Wrap(&err, "count rows")
	r := s.db.Reader()
	if q, err = s.days(ctx, r, q); err != nil {
		return 0, err
	}
	where, args := factFilter(q)
	err = db.Get(ctx, r, &n, `SELECT count(*) FROM fact WHERE `+where, args...)
	return n, err
}

// days puts the days of a named period into a query.
func (s *Store) days(ctx context.Context, r db.Queryer, q Query) (Query, error) {
	if q.Period != "" {
		p, err := getPeriod(ctx, r, q.Period)
		if err != nil {
			return q, err
		}
		q.From, q.To = p.From, p.To
	}
	return q, q.check()
}

func factFilter(q Query) (where string, args []any) {
	where, args = "superseded_at IS NULL AND date >= $1 AND date <= $2", []any{q.From, q.To}
	for _, f := range []struct{ column, want string }{
		{"town", q.Town}, {"session_type", q.Type}, {"substr(date, 1, 7)", q.Month}, {"host", q.Host}, {"category", q.Category},
	} {
		if f.want != "" {
			args = append(args, strings.TrimPrefix(f.want, None))
			where += " AND " + f.column + " = " + db.Placeholder(len(args))
		}
	}
	if len(q.Within) > 0 {
		list, more := db.In(len(args), q.Within)
		where, args = where+" AND town IN ("+list+")", append(args, more...)
	}
	if len(q.Measures) > 0 {
		list, more := db.In(len(args), q.Measures)
		where, args = where+" AND measure IN ("+list+")", append(args, more...)
	}
	return where, args
}

func (s *Store) attachedRows(ctx context.Context, r db.Queryer, q Query) ([]Row, error) {
	var rows []Row
	for _, a := range s.attachments() {
		if a.Rows == nil || len(q.Measures) > 0 && !slices.Contains(q.Measures, a.Measure) {
			continue
		}
		more, err := a.Rows(ctx, r, q)
		if err != nil {
			return nil, err
		}
		for _, row := range more {
			row.Measure, row.Layer = a.Measure, Live
			if d, ok := lookup(a.Measure); ok {
				row.Unit = d.Unit
			}
			if row.cell().passes(q) {
				rows = append(rows, row)
			}
		}
	}
	return rows, nil
}

func (r Row) cell() Cell {
	month, _ := cutMonth(r.Date)
	return Cell{Measure: r.Measure, Category: r.Category, Month: month, Town: r.Town, Type: r.Type, Host: r.Host}
}
