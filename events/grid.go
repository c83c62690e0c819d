package events

import (
	"strings"
	"time"

	"github.com/6tail/lunar-go/calendar"
)

// Day is one cell of a month grid.
type Day struct {
	Date     time.Time // its first moment, in Zone
	InMonth  bool      // false for the days before and after that fill the weeks
	Today    bool
	Weekend  bool
	Lunar    string // 十五; 八月 on the first; 白露 or 中秋 where there is one
	Festival bool   // Lunar names a festival or 节气
	Mark     string // 休, 班 or ""
	Holiday  string // name of the holiday the mark is for
	Sessions []Session
	Count    int // sessions that begin on the day; Sessions may hold the first of them only
}

// Week is Monday to Sunday.
type Week [7]Day

// Grid is a month as a page shows it: whole weeks from Monday.
type Grid struct {
	Year            int
	Month           time.Month
	Weeks           []Week
	Count           int  // sessions that begin in the month itself
	HolidaysUnknown bool // a year shown has no rows: say 节假日未导入
}

// First is the first moment of the month.
func (g Grid) First() time.Time { return time.Date(g.Year, g.Month, 1, 0, 0, 0, 0, Zone) }

// Prev and Next are the first moments of the months around it.
func (g Grid) Prev() time.Time { return g.First().AddDate(0, -1, 0) }

// Next is the first moment of the month after it.
func (g Grid) Next() time.Time { return g.First().AddDate(0, 1, 0) }

// Days lists the days of the month itself.
func (g Grid) Days() []Day {
	var days []Day
	for _, w := range g.Weeks {
		for _, d := range w {
			if d.InMonth {
				days = append(days, d)
			}
		}
	}
	return days
}

// gridRange is the Monday the grid begins with and the Monday after its end.
func gridRange(year int, month time.Month) (from, to time.Time) {
	first := time.Date(year, month, 1, 0, 0, 0, 0, Zone)
	from = first.AddDate(0, 0, -((int(first.Weekday()) + 6) % 7))
	last := first.AddDate(0, 1, -1)
	return from, last.AddDate(0, 0, 7-(int(last.Weekday())+6)%7)
}

// MonthGrid lays sessions out on the days of a month; those outside its weeks
// are left out. A session stands on the day it begins.
func MonthGrid(year int, month time.Month, sessions []Session, days *Calendar, now time.Time) Grid {
	from, to := gridRange(year, month)
	g := Grid{Year: year, Month: month, HolidaysUnknown: !days.Known(year)}
	byDay := make(map[string][]Session)
	for _, s := range sessions {
		byDay[s.Day()] = append(byDay[s.Day()], s)
	}
	today := dateOf(now)
	for day := from; day.Before(to); {
		var w Week
		for i := range w {
			w[i] = newDay(day, month, days)
			w[i].Today = dateOf(day) == today
			w[i].Sessions = byDay[dateOf(day)]
			w[i].Count = len(w[i].Sessions)
			day = day.AddDate(0, 0, 1)
		}
		g.Weeks = append(g.Weeks, w)
	}
	g.add()
	return g
}

// add sums the days of the month itself up.
func (g *Grid) add() {
	g.Count = 0
	for _, d := range g.Days() {
		g.Count += d.Count
	}
}

func newDay(day time.Time, month time.Month, days *Calendar) Day {
	d := Day{Date: day, InMonth: day.Month() == month,
		Weekend: day.Weekday() == time.Saturday || day.Weekday() == time.Sunday}
	d.Lunar, d.Festival = lunarLabel(day)
	if row, ok := days.Day(day); ok {
		d.Holiday, d.Mark = row.Name, "休"
		if row.Kind == WorkDay {
			d.Mark = "班"
		}
	}
	return d
}

// solarDays are the days that a legal outreach calendar names, by month-day.
var solarDays = map[string]string{
	"01-01": "元旦", "03-08": "妇女节", "03-15": "消费者日", "05-01": "劳动节", "05-04": "青年节", "06-01": "儿童节",
	"07-01": "建党节", "08-01": "建军节", "09-10": "教师节", "10-01": "国庆节", "12-04": "宪法日",
}

// lunarLabel is the small text of a cell, and whether it names a festival or
// one of the 24 节气.
func lunarLabel(day time.Time) (label string, festival bool) {
	solar := solarDays[day.In(Zone).Format("01-02")]
	lunarOf(day, func(l *calendar.Lunar) {
		switch lunar := lunarFestival(l); {
		case lunar != "":
			label, festival = lunar, true
		case solar != "":
			label, festival = solar, true
		case l.GetJieQi() != "":
			label, festival = l.GetJieQi(), true
		case l.GetDay() == 1:
			label = l.GetMonthInChinese() + "月"
		default:
			label = l.GetDayInChinese()
		}
	})
	return label, festival
}

func lunarFestival(l *calendar.Lunar) string {
	e := l.GetFestivals().Front()
	if e == nil {
		return ""
	}
	name, _ := e.Value.(string)
	if name == "龙头节" {
		return "龙抬头"
	}
	if short, ok := strings.CutSuffix(name, "节"); ok && short != "春" {
		return short // 中秋, 端午, 重阳: a cell has room for three characters
	}
	return name
}
