package events

import (
	"context"
	"io"
	"time"

	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/errs"
)

var calendarColumnNames = []string{"date", "kind", "name", "source"}

// calendarTitles are how people head the columns of a notice they type off.
var calendarTitles = map[string]string{"日期": "date", "类别": "kind", "名称": "name", "依据": "source", "来源": "source"}

// ImportCalendar reads calendar.csv: date, kind (work, rest, holiday, or as in
// the notice 班, 休, 节), name, source; the head may be Chinese too. The years in it replace what was there, but only if every row is
// good: half a notice would count working days wrong.
func (s *Store) ImportCalendar(ctx context.Context, actor auth.Actor, r io.Reader) (report Report, err error) {
	defer errs.Wrap(&err, "import %s", CalendarFile)
	t, err := readTitled(CalendarFile, r, calendarTitles, calendarColumnNames, []string{"date", "kind"})
	if err != nil {
		return report, err
	}
	have, err := s.Calendar(ctx)
	if err != nil {
		return report, err
	}
	var days []CalendarDay
	for _, row := range t.rows {
		date, relative, ok := parseDay(narrow(row.cells["date"]), s.now())
		kind, kindOK := dayKind(row.cells["kind"])
		d := CalendarDay{Kind: kind, Name: oneLine(row.cells["name"]), Source: oneLine(row.cells["source"])}
		switch {
		case !ok || relative:
			t.problem(row.line, "date", "日期“%s”应写成 2026-10-01。", clip(row.cells["date"]))
		case !kindOK:
			t.problem(row.line, "kind", "类别“%s”应为 work（班）、rest（休）或 holiday（节）。", clip(row.cells["kind"]))
		default:
			d.Date = date.Format(time.DateOnly)
			days = append(days, d)
		}
	}
	report.Problems = t.problems
	changed := have.changes(days)
	switch {
	case len(t.problems) > 0 || len(days) == 0:
		return report, nil
	case changed == 0:
		report.Unchanged = len(days)
		return report, nil
	}
	report.Updated, report.Unchanged = changed, max(0, len(days)-changed)
	return report, s.SaveDays(ctx, actor, days)
}

// changes counts the days that saving these would add, change or take away.
func (c *Calendar) changes(days []CalendarDay) int {
	next := NewCalendar(days)
	n := 0
	for date, d := range next.days {
		if c.days[date] != d {
			n++
		}
	}
	for date := range c.days {
		day, err := time.Parse(time.DateOnly, date)
		if _, kept := next.days[date]; err == nil && next.Known(day.Year()) && !kept {
			n++
		}
	}
	return n
}

// ExportCalendar writes calendar.csv.
func (s *Store) ExportCalendar(ctx context.Context, w io.Writer) (err error) {
	defer errs.Wrap(&err, "export %s", CalendarFile)
	days, err := s.calendarDays(ctx)
	if err != nil {
		return err
	}
	return writeTable(w, calendarColumnNames, func(write func(map[string]string) error) error {
		for _, d := range days {
			if err := write(map[string]string{"date": d.Date, "kind": string(d.Kind), "name": d.Name, "source": d.Source}); err != nil {
				return err
			}
		}
		return nil
	})
}
