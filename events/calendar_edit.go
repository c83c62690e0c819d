package events

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/errs"
	"github.com/songfa/songfa/internal/ledger"
)

// maxSpan is the longest run of days one notice gives; a longer one is a slip of
// the date. 国庆 and 中秋 together have made eight.
const maxSpan = 31

// Label is the Chinese word for what the notice makes of the day.
func (k DayKind) Label() string {
	switch k {
	case WorkDay:
		return "上班"
	case RestDay:
		return "休息"
	case HolidayDay:
		return "法定节假日"
	}
	return string(k)
}

// DayKinds lists them in the order of a form.
func DayKinds() []DayKind { return []DayKind{HolidayDay, RestDay, WorkDay} }

// dayKind reads a kind as files and people write it.
func dayKind(typed string) (DayKind, bool) {
	typed = strings.ToLower(oneLine(typed))
	switch typed {
	case "班", "补班", "调休上班":
		typed = string(WorkDay)
	case "休", "调休", "放假":
		typed = string(RestDay)
	case "节", "节日", "节假日":
		typed = string(HolidayDay)
	}
	i := slices.IndexFunc(DayKinds(), func(k DayKind) bool { return typed == string(k) || typed == k.Label() })
	if i < 0 {
		return DayKind(typed), false
	}
	return DayKinds()[i], true
}

// Year lists the days of a year's notice by date; none when it is not Known.
func (c *Calendar) Year(year int) []CalendarDay {
	var days []CalendarDay
	for _, d := range c.days {
		if d.Time().Year() == year {
			days = append(days, d)
		}
	}
	slices.SortFunc(days, func(a, b CalendarDay) int { return strings.Compare(a.Date, b.Date) })
	return days
}

// Years lists those that are Known, in order.
func (c *Calendar) Years() []int {
	var years []int
	for year := range c.years {
		years = append(years, year)
	}
	slices.Sort(years)
	return years
}

// Time is the first moment of the day in Zone.
func (d CalendarDay) Time() time.Time {
	t, _ := time.ParseInLocation(time.DateOnly, d.Date, Zone) // a zero time is in no year
	return t
}

// SpanForm is a run of days of one kind, as a notice names them.
type SpanForm struct {
	From, To string // 2026-10-01; an empty To is From
	Kind     DayKind
	Name     string // 国庆节
	Source   string
}

// Problems lists what keeps the form from being taken. Fields: from, to, kind,
// name, source.
func (f *SpanForm) Problems() []Problem {
	f.From, f.To, f.Name, f.Source = narrow(oneLine(f.From)), narrow(oneLine(f.To)), oneLine(f.Name), oneLine(f.Source)
	if f.To == "" {
		f.To = f.From
	}
	var ps problems
	from, err := time.Parse(time.DateOnly, f.From)
	if err != nil {
		ps.add("from", "请填写日期，写成 2026-10-01。")
	}
	to, toErr := time.Parse(time.DateOnly, f.To)
	switch {
	case err != nil:
	case toErr != nil:
		ps.add("to", "日期应写成 2026-10-08；只有一天就留空。")
	case to.Before(from):
		ps.add("to", "最后一天不能早于第一天。")
	case to.Sub(from) >= maxSpan*24*time.Hour:
		ps.add("to", "一次最多 %d 天，请检查日期。", maxSpan)
	}
	if !slices.Contains(DayKinds(), f.Kind) {
		ps.add("kind", "请选择这一天是放假还是上班。")
	}
	ps.text("name", "名称", f.Name, 1, 20)
	ps.text("source", "依据", f.Source, 0, 60)
	return ps
}

// days are the single days of the form.
func (f SpanForm) days() []CalendarDay {
	var days []CalendarDay
	last := CalendarDay{Date: f.To}.Time()
	for t := (CalendarDay{Date: f.From}).Time(); !t.After(last); t = t.AddDate(0, 0, 1) {
		days = append(days, CalendarDay{Date: t.Format(time.DateOnly), Kind: f.Kind, Name: f.Name, Source: f.Source})
	}
	return days
}

// SetDays adds or changes a run of days; the other days of the year stay.
func (s *Store) SetDays(ctx context.Context, actor auth.Actor, form SpanForm) (err error) {
	defer errs.Wrap(&err, "set calendar days")
	if err := actor.Must(auth.Sessions); err != nil {
		return err
	}
	if err := districtOnly(actor, "节假日"); err != nil {
		return err
	}
	if err := problems(form.Problems()).err(); err != nil {
		return err
	}
	return s.db.Update(ctx, func(ctx context.Context, tx *db.Tx) error {
		return s.putDays(ctx, tx, actor, form.days())
	})
}

// DropDay takes a day out of the notice: it is judged by its weekday again.
// Dropping a day that is not there is no error.
func (s *Store) DropDay(ctx context.Context, actor auth.Actor, date string) (err error) {
	defer errs.Wrap(&err, "drop calendar day %q", date)
	if err := actor.Must(auth.Sessions); err != nil {
		return err
	}
	if err := districtOnly(actor, "节假日"); err != nil {
		return err
	}
	return s.db.Update(ctx, func(ctx context.Context, tx *db.Tx) error {
		n, err := db.Exec(ctx, tx, `DELETE FROM calendar_day WHERE date = $1`, date)
		if err != nil || n == 0 {
			return err
		}
		s.ledger.Record(tx, actor.Entry("calendar.drop", "calendar", "删去节假日安排 "+date), ledger.Change{Kind: journalSite, ID: "calendar"})
		return nil
	})
}
