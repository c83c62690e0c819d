package site

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/songfa/songfa/events"
	"github.com/songfa/songfa/themes"
)

// wishNames are what the times a unit may wish for are called.
var wishNames = [...]string{"首选时间", "备选时间", "第三个时间"}

// lengths are the usual ones, in minutes.
var lengths = []themes.Option{{Value: "30", Name: "半小时"}, {Value: "60", Name: "1 小时"}, {Value: "90", Name: "1 个半小时"},
	{Value: "120", Name: "2 小时"}, {Value: "180", Name: "半天（3 小时）"}, {Value: "360", Name: "一天（6 小时）"}}

// when asks for times and place.
func (a asking) when() []group {
	var groups []group
	for i, name := range wishNames {
		g := group{legend: name, row: true, questions: []question{wishDay(i), wishClock(i)}}
		if i == 0 {
			g.hint = fmt.Sprintf("请至少提前 %d 个工作日，写两个时间，我们好安排律师。", a.rules.LeadDays)
		} else {
			g.hint = "可不填"
		}
		groups = append(groups, g)
	}
	length := question{FormField: themes.FormField{Name: "minutes", Label: "讲多久", Kind: themes.Picks, Options: lengths, Must: true},
		get: func(f *events.RequestForm) []string { return []string{strconv.Itoa(f.Minutes)} },
		set: func(f *events.RequestForm, typed []string) string {
			n, problem := readCount(first(typed))
			f.Minutes = n
			return problem
		}}
	return append(groups, group{questions: append([]question{length, otherLength()}, a.where()...)})
}

// otherLength is for those the list does not have.
func otherLength() question {
	q := count("other_minutes", "上面没有合适的，写分钟数", "", "分钟", func(f *events.RequestForm) *int { return &f.Minutes })
	usual := q.get
	q.get = func(f *events.RequestForm) []string {
		if isOption(lengths, strconv.Itoa(f.Minutes)) {
			return []string{""}
		}
		return usual(f)
	}
	set := q.set
	q.set = func(f *events.RequestForm, typed []string) string {
		if strings.TrimSpace(first(typed)) == "" {
			return ""
		}
		return set(f, typed)
	}
	return q
}

func isOption(options []themes.Option, value string) bool {
	for _, o := range options {
		if o.Value == value {
			return true
		}
	}
	return false
}

// where asks for the place: one of the list, where there is a list, or another.
func (a asking) where() []question {
	towns := make([]themes.Option, 0, len(a.towns)+1)
	towns = append(towns, themes.Option{Name: "请选择"})
	for _, t := range a.towns {
		towns = append(towns, themes.Option{Value: t.Code, Name: t.Name})
	}
	list := []question{must(choice("town", "在哪个镇街", themes.Choice, towns, func(f *events.RequestForm) *string { return &f.Town }))}
	if len(a.venues) > 0 {
		venues := []themes.Option{{Name: "不在这张表里，我自己写"}}
		for _, v := range a.venues {
			venues = append(venues, themes.Option{Value: v.ID, Name: strings.TrimSpace(v.TownName + " " + v.Name)})
		}
		q := choice("venue_id", "用哪个场地", themes.Choice, venues, func(f *events.RequestForm) *string { return &f.VenueID })
		q.Hint = "用自己的地方，就在下面写"
		list = append(list, q)
	}
	place := line("venue", "地点", "比如“东湖电子 3 号楼二车间”", func(f *events.RequestForm) *string { return &f.Venue })
	way := line("address", "怎么走", "写到进门以后怎么走，会原样告诉来的人", func(f *events.RequestForm) *string { return &f.Address })
	place.Width, way.Width, place.Must = "l", "l", len(a.venues) == 0
	return append(list, place, way)
}

func wishField(kind string, i int) string { return kind + strconv.Itoa(i+1) }

// clockOf is the question that goes with a wish's day.
func clockOf(day string) string { return "t" + strings.TrimPrefix(day, "d") }

func wishDay(i int) question {
	return question{FormField: themes.FormField{Name: wishField("d", i), Label: "日期", Kind: themes.DateField, Must: true}, problem: wishField("wish", i),
		get: func(f *events.RequestForm) []string {
			w := wishOf(f, i)
			if !w.Starts.IsZero() {
				return []string{w.Starts.In(events.Zone).Format(time.DateOnly)}
			}
			return []string{w.Day}
		},
		set: func(f *events.RequestForm, typed []string) string {
			text := strings.TrimSpace(first(typed))
			if text == "" {
				return ""
			}
			day, _, problems := events.ParseTimes(text, "00:00", "24:00")
			if len(problems) > 0 {
				return "没有“" + shorten(text, 20) + "”这一天，请写成 2026-11-20。"
			}
			f.Wishes[i].Day = day.Format(time.DateOnly)
			return ""
		}}
}

func wishClock(i int) question {
	return question{FormField: themes.FormField{Name: wishField("t", i), Label: "开始", Kind: themes.TimeField, Must: true},
		get: func(f *events.RequestForm) []string {
			w := wishOf(f, i)
			if !w.Starts.IsZero() {
				return []string{w.Starts.In(events.Zone).Format("15:04")}
			}
			return []string{w.Clock}
		},
		set: func(f *events.RequestForm, typed []string) string {
			text := strings.TrimSpace(first(typed))
			if text == "" {
				return ""
			}
			at, _, problems := events.ParseTimes("2000-01-01", text, "24:00")
			if hasProblem(problems, "start") {
				return "“" + shorten(text, 20) + "”不是一天里的时间，请写成 15:00。"
			}
			f.Wishes[i].Clock = at.Format("15:04")
			return ""
		}}
}

func hasProblem(list []events.Problem, field string) bool {
	for _, p := range list {
		if p.Field == field {
			return true
		}
	}
	return false
}

func wishOf(f *events.RequestForm, i int) events.Wish {
	if i < len(f.Wishes) {
		return f.Wishes[i]
	}
	return events.Wish{}
}

// readWishes takes the wishes apart before they are typed anew, and joins day
// and clock to a start once they are; the end follows from how long it is.
func readWishes(f *events.RequestForm, set func()) {
	f.Wishes = make([]events.Wish, len(wishNames))
	set()
	for i := range f.Wishes {
		w := &f.Wishes[i]
		if start, err := time.ParseInLocation("2006-01-02 15:04", w.Day+" "+w.Clock, events.Zone); err == nil {
			*w = events.Wish{Starts: start}
		}
	}
}

// wishText is a wish as the check page says it.
func wishText(w events.Wish) string {
	switch {
	case w.Starts.IsZero() && w.Day == "":
		return w.Clock
	case w.Starts.IsZero():
		return w.Day + "，还没写几点"
	case w.Ends.IsZero():
		return timeText(w.Starts)
	}
	end := w.Ends.In(events.Zone).Format("15:04")
	if w.Starts.In(events.Zone).Day() != w.Ends.In(events.Zone).Day() {
		end = "次日 " + end
	}
	return timeText(w.Starts) + "–" + end
}

var weekdayNames = [...]string{"周日", "周一", "周二", "周三", "周四", "周五", "周六"}

// timeText is 2026 年 9 月 22 日（周二）15:00.
func timeText(t time.Time) string {
	t = t.In(events.Zone)
	return fmt.Sprintf("%d 年 %d 月 %d 日（%s）%s", t.Year(), t.Month(), t.Day(), weekdayNames[t.Weekday()], t.Format("15:04"))
}

// dayText is 11 月 27 日（周五）.
func dayText(t time.Time) string {
	t = t.In(events.Zone)
	return fmt.Sprintf("%d 月 %d 日（%s）", t.Month(), t.Day(), weekdayNames[t.Weekday()])
}
