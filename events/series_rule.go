package events

import (
	"fmt"
	"slices"
	"time"

	"github.com/teambition/rrule-go"

	"github.com/songfa/songfa/internal/errs"
)

// Problems lists what is wrong with the rule. Fields: freq, interval, nth, from,
// until, count, holidays.
func (r SeriesRule) Problems() []Problem {
	var ps problems
	if !slices.Contains([]Freq{Daily, Weekly, Monthly}, r.Freq) {
		ps.add("freq", "请选择每天、每周还是每月。")
	}
	if r.Interval < 0 || r.Interval > 12 {
		ps.add("interval", "间隔应在 1 至 12 之间。")
	}
	if r.Freq == Monthly && r.Nth != -1 && (r.Nth < 1 || r.Nth > 4) {
		ps.add("nth", "请选择每月第几个星期几，1 至 4，或者最后一个。")
	}
	if r.From.IsZero() {
		ps.add("from", "请填写第一天的日期。")
	}
	switch {
	case r.Until.IsZero() && r.Count == 0:
		ps.add("until", "请填写到哪一天为止，或者一共几场。")
	case !r.Until.IsZero() && r.Until.Before(midnight(r.From)):
		ps.add("until", "最后一天应晚于第一天。")
	case r.Count < 0 || r.Count > MaxOccurrences:
		ps.add("count", "一次最多排 %d 场，请改小或者分两次排。", MaxOccurrences)
	}
	if !slices.Contains([]HolidayPolicy{HolidaySkip, HolidayNext, HolidayKeep}, r.Holidays) {
		ps.add("holidays", "请选择遇到放假怎么办：不办、顺延还是照常。")
	}
	return ps
}

// days are the midnights the rule gives, at most MaxOccurrences.
func (r SeriesRule) days() ([]time.Time, error) {
	if err := problems(r.Problems()).err(); err != nil {
		return nil, err
	}
	opt := rrule.ROption{Dtstart: midnight(r.From), Interval: max(1, r.Interval), Count: r.Count}
	if !r.Until.IsZero() {
		opt.Until = midnight(r.Until)
	}
	weekday := rruleWeekdays[r.Weekday]
	switch r.Freq {
	case Daily:
		opt.Freq = rrule.DAILY
	case Weekly:
		opt.Freq, opt.Byweekday = rrule.WEEKLY, []rrule.Weekday{weekday}
	case Monthly:
		opt.Freq, opt.Byweekday = rrule.MONTHLY, []rrule.Weekday{weekday.Nth(r.Nth)}
	}
	rule, err := rrule.NewRRule(opt)
	if err != nil {
		return nil, errs.New(errs.Invalid, "这个重复规则无法识别，请重新填写。", "series rule: %w", err)
	}
	var days []time.Time
	for next := rule.Iterator(); ; {
		day, ok := next()
		if !ok {
			break
		}
		if len(days) == MaxOccurrences {
			return nil, errs.Bad("until", fmt.Sprintf("照这样会超过 %d 场，请把最后一天提前，或者分两次排。", MaxOccurrences))
		}
		days = append(days, day)
	}
	if len(days) == 0 {
		return nil, errs.Bad("until", "照这样一场也排不出来，请检查第一天、最后一天和星期几。")
	}
	return days, nil
}

var rruleWeekdays = map[time.Weekday]rrule.Weekday{
	time.Monday: rrule.MO, time.Tuesday: rrule.TU, time.Wednesday: rrule.WE, time.Thursday: rrule.TH,
	time.Friday: rrule.FR, time.Saturday: rrule.SA, time.Sunday: rrule.SU,
}

// occurrences applies the holiday policy to the rule's days. The hours are those
// of starts and ends; skip are days left out by hand. A weekend is no holiday: a
// series of Saturdays stays on Saturdays, also on one that is made up for work.
func (r SeriesRule) occurrences(cal *Calendar, starts, ends time.Time, skip []string) ([]Occurrence, error) {
	days, err := r.days()
	if err != nil {
		return nil, err
	}
	clock, length := starts.Sub(midnight(starts)), ends.Sub(starts)
	var list []Occurrence
	used := make(map[string]bool, len(days))
	for _, day := range days {
		o := Occurrence{Original: dateOf(day)}
		at, note := r.place(cal, day, &o)
		o.Starts, o.Ends, o.Note = at.Add(clock), at.Add(clock+length), note
		switch {
		case slices.Contains(skip, o.Original):
			o.Skipped, o.Note = true, "不办这一天"
		case !o.Skipped && used[dateOf(at)]:
			o.Skipped, o.Note = true, "和同一天的另一场重复，不再排"
		}
		if !o.Skipped {
			used[dateOf(at)] = true
		}
		list = append(list, o)
	}
	return list, nil
}

// place is the day an occurrence of the rule goes to, with what to say about it.
func (r SeriesRule) place(cal *Calendar, day time.Time, o *Occurrence) (time.Time, string) {
	d, listed := cal.Day(day)
	switch {
	case !listed && !cal.Known(day.Year()):
		return day, fmt.Sprintf("%d 年节假日未导入，只按周末算", day.Year())
	case !listed:
		return day, ""
	case d.Kind == WorkDay:
		return day, d.Name + "调休，当天上班"
	case r.Holidays == HolidaySkip:
		o.Skipped = true
		return day, d.Name + "放假，不办"
	case r.Holidays == HolidayNext:
		next := cal.AddWorkingDays(day, 1)
		return next, d.Name + "放假，顺延到" + dayInWords(next)
	}
	return day, d.Name + "放假，照常"
}
