package events

import (
	"fmt"
	"strings"
	"time"
)

// Near says in one sentence which days off and which days made up for (调休) lie
// within n days of t's date: 9月25日至27日放假（中秋节），9月20日（周日）上班. A run of
// days off that reaches in is named whole. It is "" when there are none.
func (c *Calendar) Near(t time.Time, n int) string {
	var parts []string
	last := midnight(t).AddDate(0, 0, n)
	for day := midnight(t).AddDate(0, 0, -n); !day.After(last); day = day.AddDate(0, 0, 1) {
		d, ok := c.Day(day)
		switch {
		case !ok:
		case d.Kind == WorkDay:
			parts = append(parts, fmt.Sprintf("%s（周%s）上班", monthAndDay(day), weekdays[day.Weekday()]))
		default:
			first, end := c.run(day)
			parts = append(parts, spanInWords(first, end)+"放假（"+d.Name+"）")
			day = end
		}
	}
	return strings.Join(parts, "，")
}

// run is the first and the last of the days off around a day, of the same name.
func (c *Calendar) run(day time.Time) (first, last time.Time) {
	name := c.days[dateOf(day)].Name
	reach := func(step int) time.Time {
		for at := day; ; {
			next := at.AddDate(0, 0, step)
			if d, ok := c.Day(next); !ok || d.Kind == WorkDay || d.Name != name {
				return at
			}
			at = next
		}
	}
	return reach(-1), reach(1)
}

func monthAndDay(t time.Time) string { return fmt.Sprintf("%d月%d日", t.Month(), t.Day()) }

// spanInWords is 10月1日至7日, 9月30日至10月2日 or 1月1日.
func spanInWords(first, last time.Time) string {
	switch {
	case first.Equal(last):
		return monthAndDay(first)
	case first.Month() == last.Month():
		return fmt.Sprintf("%s至%d日", monthAndDay(first), last.Day())
	}
	return monthAndDay(first) + "至" + monthAndDay(last)
}
