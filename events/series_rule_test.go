package events

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func on(day string) time.Time {
	t, err := time.ParseInLocation(time.DateOnly, day, Zone)
	if err != nil {
		panic(err)
	}
	return t
}

// in2026 is the notice of 2026 as the program brings it along.
func in2026() *Calendar { return NewCalendar(libraryDays(2026)) }

// lines are the occurrences as a person reads the preview.
func lines(list []Occurrence) []string {
	var out []string
	for _, o := range list {
		l := o.Original
		if o.Skipped {
			l += " -"
		} else if day := o.Starts.Format(time.DateOnly); day != o.Original {
			l += " → " + day
		}
		if o.Note != "" {
			l += " " + o.Note
		}
		out = append(out, l)
	}
	return out
}

func TestSeriesOverNationalDay(t *testing.T) {
	saturdays := SeriesRule{Freq: Weekly, Weekday: time.Saturday, From: on("2026-09-19"), Until: on("2026-10-17")}
	thursdays := SeriesRule{Freq: Weekly, Weekday: time.Thursday, From: on("2026-09-24"), Count: 3}
	for _, c := range []struct {
		name   string
		rule   SeriesRule
		policy HolidayPolicy
		want   string
	}{
		{"Saturdays, skip: the one made up for work stays", saturdays, HolidaySkip, `
2026-09-19
2026-09-26 - 中秋节放假，不办
2026-10-03 - 国庆节放假，不办
2026-10-10 国庆节调休，当天上班
2026-10-17`},
		{"Saturdays, next working day", saturdays, HolidayNext, `
2026-09-19
2026-09-26 → 2026-09-28 中秋节放假，顺延到9月28日周一
2026-10-03 → 2026-10-08 国庆节放假，顺延到10月8日周四
2026-10-10 国庆节调休，当天上班
2026-10-17`},
		{"Saturdays, keep", saturdays, HolidayKeep, `
2026-09-19
2026-09-26 中秋节放假，照常
2026-10-03 国庆节放假，照常
2026-10-10 国庆节调休，当天上班
2026-10-17`},
		{"Thursdays, next: two land on one day, one is enough", thursdays, HolidayNext, `
2026-09-24
2026-10-01 → 2026-10-08 国庆节放假，顺延到10月8日周四
2026-10-08 - 和同一天的另一场重复，不再排`},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.rule.Holidays = c.policy
			list, err := c.rule.occurrences(in2026(), on("2026-09-19").Add(9*time.Hour), on("2026-09-19").Add(11*time.Hour), nil)
			if err != nil {
				t.Fatal(err)
			}
			if got := strings.Join(lines(list), "\n"); got != strings.TrimSpace(c.want) {
				t.Errorf("got\n%s\nwant\n%s", got, c.want)
			}
		})
	}
}

func TestSeriesRules(t *testing.T) {
	first := func(day string) SeriesRule {
		return SeriesRule{Freq: Monthly, Weekday: time.Thursday, Nth: 1, From: on(day), Count: 3, Holidays: HolidayKeep}
	}
	last := SeriesRule{Freq: Monthly, Weekday: time.Tuesday, Nth: -1, From: on("2028-02-01"), Count: 2, Holidays: HolidaySkip}
	daily := SeriesRule{Freq: Daily, From: on("2028-02-28"), Count: 3, Holidays: HolidaySkip}
	for _, c := range []struct {
		rule SeriesRule
		want string // days, or the complaint
	}{
		{first("2026-11-20"), "2026-12-03 2027-01-07 2027-02-04"},
		{last, "2028-02-29 2028-03-28"}, // a leap day
		{daily, "2028-02-28 2028-02-29 2028-03-01"},
		{SeriesRule{Freq: Weekly, Interval: 2, Weekday: time.Monday, From: on("2026-11-23"), Until: on("2026-12-21"), Holidays: HolidaySkip},
			"2026-11-23 2026-12-07 2026-12-21"},
		{SeriesRule{Freq: Weekly, From: on("2026-11-23"), Count: 53, Holidays: HolidaySkip}, "一次最多排 52 场，请改小或者分两次排。"},
		{SeriesRule{Freq: Weekly, From: on("2026-11-23"), Until: on("2029-11-23"), Holidays: HolidaySkip}, "照这样会超过 52 场，请把最后一天提前，或者分两次排。"},
		{SeriesRule{Freq: Weekly, From: on("2026-11-23"), Until: on("2026-11-22"), Holidays: HolidaySkip}, "最后一天应晚于第一天。"},
		{SeriesRule{Freq: Weekly, Weekday: time.Sunday, From: on("2026-11-23"), Until: on("2026-11-24"), Holidays: HolidaySkip},
			"照这样一场也排不出来，请检查第一天、最后一天和星期几。"},
		{SeriesRule{Freq: Weekly, From: on("2026-11-23"), Holidays: HolidaySkip}, "请填写到哪一天为止，或者一共几场。"},
		{SeriesRule{Freq: "yearly", From: on("2026-11-23"), Count: 2, Holidays: HolidaySkip}, "请选择每天、每周还是每月。"},
	} {
		days, err := c.rule.days()
		var got []string
		for _, d := range days {
			got = append(got, d.Format(time.DateOnly))
		}
		text := strings.Join(got, " ")
		if err != nil {
			text = messageOf(err)
		}
		if text != c.want {
			t.Errorf("%+v:\ngot  %s\nwant %s", c.rule, text, c.want)
		}
	}
}

// Whatever the rule, each day appears once, nothing made falls on a day off
// unless it was to stay, and a year without a notice loses no day.
func TestSeriesRulesHold(t *testing.T) {
	cal := in2026()
	rapid.Check(t, func(t *rapid.T) {
		r := SeriesRule{
			Freq:     rapid.SampledFrom([]Freq{Daily, Weekly, Monthly}).Draw(t, "freq"),
			Interval: rapid.IntRange(0, 12).Draw(t, "interval"),
			Weekday:  time.Weekday(rapid.IntRange(0, 6).Draw(t, "weekday")),
			Nth:      rapid.SampledFrom([]int{1, 2, 3, 4, -1}).Draw(t, "nth"),
			From:     on("2026-01-01").AddDate(0, 0, rapid.IntRange(0, 500).Draw(t, "from")),
			Count:    rapid.IntRange(1, MaxOccurrences).Draw(t, "count"),
			Holidays: rapid.SampledFrom([]HolidayPolicy{HolidaySkip, HolidayNext, HolidayKeep}).Draw(t, "policy"),
		}
		list, err := r.occurrences(cal, r.From.Add(23*time.Hour), r.From.Add(25*time.Hour), nil)
		if err != nil {
			t.Fatal(err)
		}
		if len(list) != r.Count {
			t.Fatalf("%d occurrences of %d", len(list), r.Count)
		}
		made := make(map[string]bool)
		for _, o := range list {
			day := o.Starts.In(Zone).Format(time.DateOnly)
			if o.Ends.Sub(o.Starts) != 2*time.Hour || o.Starts.In(Zone).Hour() != 23 {
				t.Fatalf("hours changed: %v to %v", o.Starts, o.Ends)
			}
			if o.Skipped && !cal.Known(on(o.Original).Year()) && !made[day] {
				t.Fatalf("%s of an unknown year was left out", o.Original)
			}
			if o.Skipped {
				continue
			}
			if made[day] {
				t.Fatalf("two on %s", day)
			}
			made[day] = true
			if d, ok := cal.Day(o.Starts); ok && d.Kind != WorkDay && r.Holidays != HolidayKeep {
				t.Fatalf("%s is off (%s) under %s", day, d.Name, r.Holidays)
			}
		}
	})
}
