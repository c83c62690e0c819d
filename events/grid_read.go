package events

import (
	"context"
	"time"

	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/errs"
)

// dayOf is the number of the day a session begins on, in Zone, as both databases
// compute it: they agree on whole division.
const dayOf = `(s.starts_at + 28800000) / 86400000`

// dayNumber is the same of a moment.
func dayNumber(t time.Time) int64 {
	_, offset := t.In(Zone).Zone()
	return (t.UnixMilli() + int64(offset)*1000) / 86_400_000
}

// Grid is the month with the public sessions the filter leaves. Of each day it
// reads the first few, as many as a cell shows, and counts the rest: a month of
// a large district has thousands.
func (s *Store) Grid(ctx context.Context, year int, month time.Month, f Filter, perDay int) (_ Grid, err error) {
	defer errs.Wrap(&err, "grid of %d-%02d", year, month)
	days, err := s.Calendar(ctx)
	if err != nil {
		return Grid{}, err
	}
	from, to := gridRange(year, month)
	where, args := f.beginning(from, to)
	n := len(args)
	sessions, err := selectSessionColumns(ctx, s.db.Reader(), cellColumns, `WHERE s.id IN (SELECT id FROM (
		SELECT s.id, row_number() OVER (PARTITION BY `+dayOf+` ORDER BY s.starts_at, s.id) AS place FROM session s `+where+`) AS days
		WHERE place <= `+db.Placeholder(n+1)+`) ORDER BY s.starts_at, s.id`, append(args, perDay)...)
	if err != nil {
		return Grid{}, err
	}
	g := MonthGrid(year, month, sessions, days, s.now())
	return g, s.countDays(ctx, &g, where, args)
}

// countDays writes how many sessions each day really has.
func (s *Store) countDays(ctx context.Context, g *Grid, where string, args []any) error {
	var rows []struct{ Day, N int64 }
	err := db.Select(ctx, s.db.Reader(), &rows, `SELECT `+dayOf+` AS day, count(*) AS n FROM session s `+where+` GROUP BY `+dayOf, args...)
	if err != nil {
		return err
	}
	counts := make(map[int64]int, len(rows))
	for _, r := range rows {
		counts[r.Day] = int(r.N)
	}
	for i := range g.Weeks {
		for j := range g.Weeks[i] {
			d := &g.Weeks[i][j]
			d.Count = counts[dayNumber(d.Date)]
		}
	}
	g.add()
	return nil
}

// beginning is where for the sessions that begin in [from, to).
func (f Filter) beginning(from, to time.Time) (string, []any) {
	f.From, f.To = time.Time{}, time.Time{}
	where, args := f.where()
	args = append(args, from.UnixMilli(), to.UnixMilli())
	return where + " AND s.starts_at >= " + db.Placeholder(len(args)-1) + " AND s.starts_at < " + db.Placeholder(len(args)), args
}

// MonthList lists the sessions that begin in the month, by time, a page of
// f.Limit from f.Offset on.
func (s *Store) MonthList(ctx context.Context, year int, month time.Month, f Filter) (_ []Session, err error) {
	defer errs.Wrap(&err, "list month %d-%02d", year, month)
	first := time.Date(year, month, 1, 0, 0, 0, 0, Zone)
	return s.pageBeginning(ctx, first, first.AddDate(0, 1, 0), f)
}

// DayList lists the sessions that begin on a day, by time, a page of f.Limit from
// f.Offset on, and counts all of them.
func (s *Store) DayList(ctx context.Context, day time.Time, f Filter) (list []Session, total int, err error) {
	from := midnight(day)
	defer errs.Wrap(&err, "list day %s", dateOf(from))
	where, args := f.beginning(from, from.AddDate(0, 0, 1))
	if err := db.Get(ctx, s.db.Reader(), &total, `SELECT count(*) FROM session s `+where, args...); err != nil {
		return nil, 0, err
	}
	list, err = s.pageBeginning(ctx, from, from.AddDate(0, 0, 1), f)
	return list, total, err
}

func (s *Store) pageBeginning(ctx context.Context, from, to time.Time, f Filter) ([]Session, error) {
	where, args := f.beginning(from, to)
	n := len(args)
	return selectSessionColumns(ctx, s.db.Reader(), cellColumns, where+" ORDER BY s.starts_at, s.id LIMIT "+db.Placeholder(n+1)+
		" OFFSET "+db.Placeholder(n+2), append(args, f.Limit, max(0, f.Offset))...)
}
