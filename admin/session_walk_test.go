package admin

import (
	"strings"
	"testing"
	"time"

	"github.com/songfa/songfa/events"
)

// The way of a session has at most one step that is now, and none after the end.
func TestWalk(t *testing.T) {
	for _, c := range []struct {
		state events.State
		asked bool
		want  string // past steps | the one that is now | steps to come
	}{
		{events.Submitted, true, "填表 | 受理 | 答复 排班 发布 举办 报结果 核实 归档"},
		{events.Returned, true, "| 填表 | 受理 答复 排班 发布 举办 报结果 核实 归档"},
		{events.Draft, false, "| 填表 | 排班 发布 举办 报结果 核实 归档"},
		{events.Accepted, false, "填表 | 排班 | 发布 举办 报结果 核实 归档"},
		{events.Postponed, true, "填表 受理 答复 | 排班 | 发布 举办 报结果 核实 归档"},
		{events.ReportReturned, false, "填表 排班 发布 举办 | 报结果 | 核实 归档"},
		{events.Archived, true, "填表 受理 答复 排班 发布 举办 报结果 核实 归档 | |"},
		{events.Cancelled, false, "| | 填表 排班 发布 举办 报结果 核实 归档"},
	} {
		marks := map[string][]string{}
		for _, s := range walk(events.Session{State: c.state}, c.asked) {
			marks[s.Mark] = append(marks[s.Mark], s.Label)
		}
		got := strings.TrimSpace(strings.Join(marks["past"], " ") + " | " + strings.Join(marks["now"], " ") + " | " + strings.Join(marks["next"], " "))
		if got = strings.ReplaceAll(got, "|  |", "| |"); got != c.want {
			t.Errorf("%s: %s, want %s", c.state, got, c.want)
		}
	}
	for _, s := range events.States() {
		if (waiting(events.Session{State: s}, "") == "") != ended(s) {
			t.Errorf("%s: it must say what it waits for, unless it has ended", s)
		}
	}
}

func TestDueWords(t *testing.T) {
	c := events.NewCalendar([]events.CalendarDay{{Date: "2026-11-23", Kind: events.RestDay}})
	now := time.Date(2026, 11, 20, 10, 0, 0, 0, events.Zone) // a Friday
	for due, want := range map[string]string{
		"2026-11-20 17:00": "今天到期", "2026-11-20 09:00": "今天已过期", "2026-11-24 17:00": "还有 1 个工作日，11 月 24 日 周二",
		"2026-11-18 09:00": "已过期 2 个工作日", "2026-11-22 09:00": "11 月 22 日 周日到期",
	} {
		at, err := time.ParseInLocation("2006-01-02 15:04", due, events.Zone)
		if err != nil {
			t.Fatal(err)
		}
		if got := dueWords(c, now, at); got != want {
			t.Errorf("%s: %s, want %s", due, got, want)
		}
	}
	if got := dueWords(c, now, time.Time{}); got != "" {
		t.Errorf("no date: %q", got)
	}
}

// A session may end after midnight; an end that lies hours before the start is a
// slip and stays one.
func TestSpan(t *testing.T) {
	for _, c := range []struct{ from, to, want string }{
		{"14:30", "16:00", "2026-12-31 16:00"}, {"22:00", "00:30", "2027-01-01 00:30"}, {"23:59", "05:59", "2027-01-01 05:59"},
		{"18:00", "17:30", "2026-12-31 17:30"}, {"09:00", "", "0001-01-01 00:00"}, {"10:00", "10:00", "2026-12-31 10:00"},
	} {
		if _, ends := span("2026-12-31", c.from, c.to); ends.Format("2006-01-02 15:04") != c.want {
			t.Errorf("%s to %s ends %v, want %s", c.from, c.to, ends, c.want)
		}
	}
	if starts, _ := span("2026-02-29", "10:00", "11:00"); !starts.IsZero() {
		t.Errorf("February 29 of 2026 is %v", starts)
	}
}
