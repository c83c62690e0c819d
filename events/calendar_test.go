package events_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/songfa/songfa/events"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/db/dbtest"
)

func day(s string) time.Time {
	t, err := time.ParseInLocation(time.DateOnly, s, events.Zone)
	if err != nil {
		panic(err)
	}
	return t
}

func seeded(t *testing.T, d *db.DB) (*desk, *events.Calendar) {
	k := emptyDesk(t, d)
	for range 2 { // the second run must find nothing to do
		if err := k.SeedCalendar(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	c, err := k.Calendar(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return k, c
}

func TestWorkingDays(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		k, c := seeded(t, d)
		if rows := k.journal(0); len(rows) != 1 {
			t.Errorf("seeding twice wrote %v", rows)
		}
		for date, want := range map[string]bool{
			"2026-02-14": true,  // Saturday, worked for 春节
			"2026-02-17": false, // 春节, Tuesday
			"2026-10-01": false,
			"2026-10-10": true, // Saturday, worked for 国庆
			"2026-11-20": true, "2026-11-21": false,
			"2027-10-01": true, "2027-10-02": false, // a year without a notice: weekdays alone
		} {
			if got := c.IsWorkingDay(day(date)); got != want {
				t.Errorf("%s: working %v", date, got)
			}
		}
		if !c.Known(2026) || c.Known(2027) {
			t.Errorf("known: 2026 %v, 2027 %v", c.Known(2026), c.Known(2027))
		}
		for _, s := range []struct {
			from string
			n    int
			want string
		}{
			{"2026-11-20", 0, "2026-11-20"},
			{"2026-11-20", 1, "2026-11-23"},
			{"2026-11-20", 5, "2026-11-27"},
			{"2026-09-30", 3, "2026-10-10"}, // 10-08, 10-09 and the worked Saturday
			{"2026-02-13", 1, "2026-02-14"},
			{"2026-11-23", -1, "2026-11-20"},
		} {
			if got := c.AddWorkingDays(day(s.from).Add(23*time.Hour+59*time.Minute), s.n); got.Format(time.DateOnly) != s.want || got.Hour() != 23 {
				t.Errorf("%s + %d = %s, want %s", s.from, s.n, got, s.want)
			}
		}
	})
}

// 法定节假日 are paid threefold, the days around them not: the kinds must be right.
func TestStatutoryHolidays(t *testing.T) {
	_, c := seeded(t, dbtest.SQLite(t))
	for date, want := range map[string]events.DayKind{
		"2026-01-01": events.HolidayDay, "2026-01-02": events.RestDay, "2026-01-04": events.WorkDay,
		"2026-02-15": events.RestDay, "2026-02-16": events.HolidayDay, "2026-02-19": events.HolidayDay, "2026-02-20": events.RestDay,
		"2026-04-05": events.HolidayDay, "2026-05-01": events.HolidayDay, "2026-05-02": events.HolidayDay, "2026-05-03": events.RestDay,
		"2026-09-25": events.HolidayDay, "2026-10-03": events.HolidayDay, "2026-10-04": events.RestDay,
		"2024-02-10": events.HolidayDay, "2024-05-02": events.RestDay, // before 国务院令第795号
	} {
		if row, ok := c.Day(day(date)); !ok || row.Kind != want {
			t.Errorf("%s is %q, want %q", date, row.Kind, want)
		}
	}
}

func TestAddWorkingDaysCountsWorkingDays(t *testing.T) {
	_, c := seeded(t, dbtest.SQLite(t))
	rapid.Check(t, func(t *rapid.T) {
		from := day("2025-01-01").AddDate(0, 0, rapid.IntRange(0, 900).Draw(t, "day"))
		n := rapid.IntRange(1, 60).Draw(t, "n")
		to := c.AddWorkingDays(from, n)
		count := 0
		for d := from.AddDate(0, 0, 1); !d.After(to); d = d.AddDate(0, 0, 1) {
			if c.IsWorkingDay(d) {
				count++
			}
		}
		if count != n || !c.IsWorkingDay(to) {
			t.Fatalf("from %s, %d working days: %s has %d", from, n, to, count)
		}
	})
}

// WorkingDays undoes AddWorkingDays, to both sides.
func TestWorkingDaysUndoesAddWorkingDays(t *testing.T) {
	c := events.NewCalendar([]events.CalendarDay{{Date: "2026-10-10", Kind: events.WorkDay}, {Date: "2026-10-01", Kind: events.HolidayDay},
		{Date: "2026-10-02", Kind: events.HolidayDay}, {Date: "2026-10-05", Kind: events.RestDay}})
	rapid.Check(t, func(t *rapid.T) {
		from := day("2026-09-01").AddDate(0, 0, rapid.IntRange(0, 90).Draw(t, "day")).Add(time.Duration(rapid.IntRange(0, 1439).Draw(t, "minute")) * time.Minute)
		n := rapid.IntRange(0, 40).Draw(t, "n")
		if got := c.WorkingDays(from, c.AddWorkingDays(from, n)); got != n {
			t.Fatalf("%d working days after %v are %d away", n, from, got)
		}
		to := day("2026-09-01").AddDate(0, 0, rapid.IntRange(0, 90).Draw(t, "other"))
		if got := c.WorkingDays(from, to); got != -c.WorkingDays(to, from) {
			t.Fatalf("%v to %v is %d, and back %d", from, to, got, c.WorkingDays(to, from))
		}
	})
}

func TestMonthGrid(t *testing.T) {
	_, c := seeded(t, dbtest.SQLite(t))
	night := day("2026-10-31").Add(23 * time.Hour)
	sessions := []events.Session{
		{No: "a", Starts: day("2026-10-10").Add(9 * time.Hour)},
		{No: "b", Starts: night, Ends: night.Add(2 * time.Hour)},
		{No: "c", Starts: day("2026-11-01")},
		{No: "d", Starts: day("2026-12-01")},
	}
	g := events.MonthGrid(2026, time.October, sessions, c, day("2026-10-20").Add(23*time.Hour+59*time.Minute))
	if len(g.Weeks) != 5 || g.Count != 2 || g.HolidaysUnknown || len(g.Days()) != 31 {
		t.Fatalf("%d weeks, %d sessions, unknown %v, %d days", len(g.Weeks), g.Count, g.HolidaysUnknown, len(g.Days()))
	}
	cells := make(map[string]events.Day)
	for _, w := range g.Weeks {
		if w[0].Date.Weekday() != time.Monday {
			t.Errorf("a week begins on %s", w[0].Date.Weekday())
		}
		for _, d := range w {
			cells[d.Date.Format(time.DateOnly)] = d
		}
	}
	if d := cells["2026-10-01"]; d.Lunar != "国庆节" || d.Mark != "休" || !d.Festival {
		t.Errorf("10-01: %+v", d)
	}
	if d := cells["2026-10-10"]; d.Lunar != "九月" || d.Mark != "班" || !d.Weekend || len(d.Sessions) != 1 {
		t.Errorf("10-10: %+v", d)
	}
	if d := cells["2026-10-08"]; d.Lunar != "寒露" {
		t.Errorf("10-08: %+v", d)
	}
	if d := cells["2026-10-31"]; len(d.Sessions) != 1 || d.Sessions[0].No != "b" {
		t.Errorf("the night of 10-31: %+v", d)
	}
	if d := cells["2026-11-01"]; d.InMonth || len(d.Sessions) != 1 {
		t.Errorf("11-01 in October's grid: %+v", d)
	}
	if !cells["2026-10-20"].Today || cells["2026-10-21"].Today {
		t.Error("today is wrong")
	}
	if g := events.MonthGrid(2027, time.January, nil, c, day("2026-10-20")); !g.HolidaysUnknown {
		t.Error("2027 has no notice yet")
	}
}

func TestLunarLabels(t *testing.T) {
	c := events.NewCalendar(nil)
	for date, want := range map[string]string{
		"2026-02-16": "除夕", "2026-02-17": "春节", "2026-09-25": "中秋", "2026-06-19": "端午", "2026-10-18": "重阳",
		"2025-07-25": "闰六月", "2026-12-04": "宪法日", "2026-04-05": "清明", "2026-11-20": "十二", "2024-02-29": "二十",
	} {
		m := day(date)
		for _, d := range events.MonthGrid(m.Year(), m.Month(), nil, c, m).Days() {
			if d.Date.Equal(m) && d.Lunar != want {
				t.Errorf("%s: %s, want %s", date, d.Lunar, want)
			}
		}
	}
}

func TestGridIsWholeWeeks(t *testing.T) {
	c := events.NewCalendar(nil)
	rapid.Check(t, func(t *rapid.T) {
		year, month := rapid.IntRange(1950, 2090).Draw(t, "year"), time.Month(rapid.IntRange(1, 12).Draw(t, "month"))
		g := events.MonthGrid(year, month, nil, c, day("2026-11-20"))
		next := g.Weeks[0][0].Date
		for _, w := range g.Weeks {
			for _, d := range w {
				if !d.Date.Equal(next) || d.Lunar == "" {
					t.Fatalf("%s after %s, label %q", d.Date, next, d.Lunar)
				}
				next = next.AddDate(0, 0, 1)
			}
		}
		days := g.Days()
		if len(days) != g.First().AddDate(0, 1, -1).Day() || !days[0].Date.Equal(g.First()) || len(g.Weeks) > 6 {
			t.Fatalf("%d-%d has %d days in %d weeks", year, month, len(days), len(g.Weeks))
		}
	})
}
