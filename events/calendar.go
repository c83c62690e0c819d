package events

import (
	"context"
	"sync"
	"time"

	"github.com/6tail/lunar-go/HolidayUtil"
	"github.com/6tail/lunar-go/calendar"

	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/errs"
	"github.com/songfa/songfa/internal/ledger"
)

// DayKind says what the holiday notice makes of a day.
type DayKind string

// The kinds of day.
const (
	WorkDay    DayKind = "work"    // 班: a weekend day worked to make up
	RestDay    DayKind = "rest"    // 休: off, but no statutory holiday
	HolidayDay DayKind = "holiday" // 休: a statutory holiday (法定节假日, 全国年节及纪念日放假办法)
)

// CalendarDay is one day of the yearly notice.
type CalendarDay struct {
	Date   string  `db:"date"` // 2026-10-01
	Kind   DayKind `db:"kind"`
	Name   string  `db:"name"` // 国庆节
	Source string  `db:"source"`
}

// Calendar answers what is a working day. Days of a year without rows are
// judged by weekday alone.
type Calendar struct {
	days  map[string]CalendarDay
	years map[int]bool
}

// NewCalendar makes one from the days of the table.
func NewCalendar(days []CalendarDay) *Calendar {
	c := &Calendar{days: make(map[string]CalendarDay, len(days)), years: make(map[int]bool)}
	for _, d := range days {
		c.days[d.Date] = d
		if t, err := time.Parse(time.DateOnly, d.Date); err == nil {
			c.years[t.Year()] = true
		}
	}
	return c
}

// Known reports whether the year's notice is in the table; if not, pages say
// 节假日未导入.
func (c *Calendar) Known(year int) bool { return c.years[year] }

// Day is the row of the date that t falls on in Zone, if there is one.
func (c *Calendar) Day(t time.Time) (CalendarDay, bool) {
	d, ok := c.days[dateOf(t)]
	return d, ok
}

// IsWorkingDay judges the date that t falls on in Zone.
func (c *Calendar) IsWorkingDay(t time.Time) bool {
	if d, ok := c.Day(t); ok {
		return d.Kind == WorkDay
	}
	weekday := t.In(Zone).Weekday()
	return weekday != time.Saturday && weekday != time.Sunday
}

// AddWorkingDays counts n working days on from the day after t's date, or back
// from the day before for a negative n, and returns that day at t's time of
// day. The day itself is not counted, as in 自次日起算; for 0 it is returned as
// it is, working day or not.
func (c *Calendar) AddWorkingDays(t time.Time, n int) time.Time {
	step := 1
	if n < 0 {
		step, n = -1, -n
	}
	t = t.In(Zone)
	for n > 0 {
		if t = t.AddDate(0, 0, step); c.IsWorkingDay(t) {
			n--
		}
	}
	return t
}

// Calendar reads the whole table; it has some 35 rows a year.
func (s *Store) Calendar(ctx context.Context) (_ *Calendar, err error) {
	defer errs.Wrap(&err, "read calendar")
	days, err := s.calendarDays(ctx)
	return NewCalendar(days), err
}

// calendarIn is Calendar inside a transaction, which must not want a second
// connection.
func calendarIn(ctx context.Context, tx *db.Tx) (*Calendar, error) {
	days, err := selectDays(ctx, tx)
	return NewCalendar(days), err
}

func (s *Store) calendarDays(ctx context.Context) ([]CalendarDay, error) {
	return selectDays(ctx, s.db.Reader())
}

func selectDays(ctx context.Context, q db.Queryer) (days []CalendarDay, err error) {
	err = db.Select(ctx, q, &days, `SELECT date, kind, name, source FROM calendar_day ORDER BY date`)
	return days, err
}

// SaveDays replaces the days of every year that occurs in the list: a notice is
// taken over whole.
func (s *Store) SaveDays(ctx context.Context, actor auth.Actor, days []CalendarDay) (err error) {
	defer errs.Wrap(&err, "save calendar days")
	if err := actor.Must(auth.Sessions); err != nil {
		return err
	}
	if err := districtOnly(actor, "节假日"); err != nil {
		return err
	}
	for _, d := range days {
		if _, err := time.Parse(time.DateOnly, d.Date); err != nil {
			return errs.Bad("date", "日期“"+d.Date+"”应写成 2026-01-31。")
		}
		if d.Kind != WorkDay && d.Kind != RestDay && d.Kind != HolidayDay {
			return errs.Bad("kind", "类别“"+string(d.Kind)+"”应为 work、rest 或 holiday。")
		}
	}
	return s.db.Update(ctx, func(ctx context.Context, tx *db.Tx) error {
		for year := range NewCalendar(days).years {
			first := time.Date(year, 1, 1, 0, 0, 0, 0, Zone).Format(time.DateOnly)
			if _, err := db.Exec(ctx, tx, `DELETE FROM calendar_day WHERE date >= $1 AND date <= $2`, first, first[:4]+"-12-31"); err != nil {
				return err
			}
		}
		return s.putDays(ctx, tx, actor, days)
	})
}

func (s *Store) putDays(ctx context.Context, tx *db.Tx, actor auth.Actor, days []CalendarDay) error {
	for _, d := range days {
		_, err := db.Exec(ctx, tx, `INSERT INTO calendar_day (date, kind, name, source) VALUES ($1, $2, $3, $4)
			ON CONFLICT (date) DO UPDATE SET kind = $2, name = $3, source = $4`, d.Date, d.Kind, d.Name, d.Source)
		if err != nil {
			return err
		}
	}
	s.ledger.Record(tx, actor.Entry("calendar.save", "calendar", "更新节假日安排"), ledger.Change{Kind: journalSite, ID: "calendar"})
	return nil
}

// seedFrom is the first year whose holidays the archive's month grids show.
const seedFrom = 2020

// SeedCalendar adds the holidays that the calendar library knows for years
// without rows. It is safe to run at every start, and on two nodes at once.
func (s *Store) SeedCalendar(ctx context.Context) (err error) {
	defer errs.Wrap(&err, "seed calendar")
	have, err := s.Calendar(ctx)
	if err != nil {
		return err
	}
	var missing []CalendarDay
	for year := seedFrom; year <= s.now().In(Zone).Year()+1; year++ {
		if !have.Known(year) {
			missing = append(missing, libraryDays(year)...)
		}
	}
	if len(missing) == 0 {
		return nil
	}
	return s.db.Update(ctx, func(ctx context.Context, tx *db.Tx) error {
		return s.putDays(ctx, tx, auth.System(), missing)
	})
}

// libraryDays are the days lunar-go has for the year; none when it does not
// know the notice yet.
func libraryDays(year int) []CalendarDay {
	var days []CalendarDay
	list := HolidayUtil.GetHolidaysByYear(year)
	for e := list.Front(); e != nil; e = e.Next() {
		h, ok := e.Value.(*HolidayUtil.Holiday)
		if !ok {
			continue
		}
		d := CalendarDay{Date: h.GetDay(), Kind: RestDay, Name: h.GetName(), Source: "国务院办公厅放假通知（随程序附带）"}
		switch {
		case h.IsWork():
			d.Kind = WorkDay
		case statutory(d.Date, h.GetTarget()):
			d.Kind = HolidayDay
		}
		days = append(days, d)
	}
	return days
}

// statutory tells the days of 全国年节及纪念日放假办法 from those the notice
// adds around them. Since 2025 除夕 and May 2 are among them (国务院令第795号).
func statutory(date, target string) bool {
	if date == target {
		return true
	}
	day, err := time.ParseInLocation(time.DateOnly, date, Zone)
	if err != nil {
		return false
	}
	switch monthDay := date[5:]; {
	case monthDay == "10-02" || monthDay == "10-03":
		return true
	case monthDay == "05-02":
		return day.Year() >= 2025
	}
	month, lunarDay, lastOfYear := lunarDate(day)
	return month == 1 && lunarDay <= 3 || lastOfYear && day.Year() >= 2025
}

// lunarMu guards lunar-go, which keeps the year it used last in a global.
var lunarMu sync.Mutex

// lunarOf computes the lunar date of a day and lets f read it, under the lock.
func lunarOf(day time.Time, f func(*calendar.Lunar)) {
	lunarMu.Lock()
	defer lunarMu.Unlock()
	y, m, d := day.In(Zone).Date()
	f(calendar.NewSolarFromYmd(y, int(m), d).GetLunar())
}

func lunarDate(day time.Time) (month, dayOfMonth int, lastOfYear bool) {
	lunarOf(day, func(l *calendar.Lunar) {
		month, dayOfMonth = l.GetMonth(), l.GetDay()
		lastOfYear = l.GetYear() != l.Next(1).GetYear()
	})
	return month, dayOfMonth, lastOfYear
}
