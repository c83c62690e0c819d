package events

import (
	"regexp"
	"strconv"
	"strings"
	"time"
)

var (
	relativeDay = regexp.MustCompile(`^([+-]?[0-9]{1,4})d$`)
	chineseDay  = regexp.MustCompile(`^([0-9]{4})年([0-9]{1,2})月([0-9]{1,2})[日号]$`)
)

// dayLayouts are the ways Excel and people write a date.
var dayLayouts = []string{"2006-1-2", "2006/1/2", "2006.1.2", "20060102"}

// ParseTimes reads a form's date (2026-11-20), start and end (18:30, 次日01:00)
// as moments in Zone. The problems are those of date, start and end.
func ParseTimes(date, start, end string) (starts, ends time.Time, _ []Problem) {
	var ps problems
	starts, ends, relative := ps.times(date, start, end, time.Time{})
	if relative {
		ps.add("date", "日期“%s”应写成 2026-11-20。", clip(date))
	}
	return starts, ends, ps
}

// times reads the three cells of a session's time. The end may be on the next
// day: 次日01:00.
func (ps *problems) times(date, start, end string, now time.Time) (starts, ends time.Time, relative bool) {
	day, relative, ok := parseDay(narrow(oneLine(date)), now)
	if !ok {
		ps.add("date", "日期“%s”应写成 2026-11-20，或相对今天的天数，如 +3d。", clip(date))
	}
	from, okFrom := parseClock(start)
	if !okFrom {
		ps.add("start", "时间“%s”应写成 09:00。", clip(start))
	}
	to, okTo := parseClock(end)
	if !okTo {
		ps.add("end", "时间“%s”应写成 11:30；过了半夜的写成 次日01:00。", clip(end))
	}
	if !ok || !okFrom || !okTo {
		return time.Time{}, time.Time{}, relative
	}
	return day.Add(from), day.Add(to), relative
}

// parseDay reads a date as its first moment in Zone, absolute or counted from
// now's date.
func parseDay(cell string, now time.Time) (day time.Time, relative, ok bool) {
	if m := relativeDay.FindStringSubmatch(cell); m != nil {
		n, err := strconv.Atoi(m[1])
		return midnight(now).AddDate(0, 0, n), true, err == nil
	}
	if m := chineseDay.FindStringSubmatch(cell); m != nil {
		cell = m[1] + "-" + m[2] + "-" + m[3]
	}
	for _, layout := range dayLayouts {
		if t, err := time.ParseInLocation(layout, cell, Zone); err == nil {
			return t, false, true
		}
	}
	return time.Time{}, false, false
}

// parseClock reads a time of day as what it is after midnight.
func parseClock(cell string) (time.Duration, bool) {
	cell = strings.ReplaceAll(narrow(oneLine(cell)), " ", "")
	cell, next := strings.CutPrefix(cell, "次日")
	var extra time.Duration
	if next {
		extra = 24 * time.Hour
	}
	if cell == "24:00" && !next {
		return 24 * time.Hour, true
	}
	for _, layout := range []string{"15:04", "15:04:05"} {
		if t, err := time.Parse(layout, cell); err == nil {
			return extra + time.Duration(t.Hour())*time.Hour + time.Duration(t.Minute())*time.Minute, true
		}
	}
	return 0, false
}

// clockCells are the way back: date, start and end in Zone.
func clockCells(starts, ends time.Time) (date, start, end string) {
	starts, ends = starts.In(Zone), ends.In(Zone)
	end = ends.Format("15:04")
	if !midnight(starts).Equal(midnight(ends)) {
		end = "次日" + end
	}
	return starts.Format(time.DateOnly), starts.Format("15:04"), end
}
