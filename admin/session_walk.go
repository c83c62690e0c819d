package admin

import (
	"slices"
	"strconv"
	"time"

	"github.com/songfa/songfa/events"
)

// walkStep is one step on the way of a session: done, now or to come.
type walkStep struct {
	Label string
	Mark  string // past, now, next
}

// walkStates are the steps of the way in words of what is done there.
var walkStates = []struct {
	state events.State
	label string
}{
	{events.Draft, "填表"}, {events.Submitted, "受理"}, {events.InReview, "答复"}, {events.Accepted, "排班"}, {events.Scheduled, "发布"},
	{events.Published, "举办"}, {events.Held, "报结果"}, {events.Reported, "核实"}, {events.Verified, "归档"},
}

// beside says where on the way a state beside it stands.
var beside = map[events.State]events.State{events.Returned: events.Draft, events.Postponed: events.Accepted, events.ReportReturned: events.Held}

// ended are the states that nothing follows.
func ended(s events.State) bool {
	return slices.Contains([]events.State{events.Archived, events.Withdrawn, events.Rejected, events.Cancelled, events.NotHeld}, s)
}

// walk is the way of the session. One of the bureau's own is neither taken nor
// answered. A session that has ended has no step that is now.
func walk(s events.Session, asked bool) []walkStep {
	at := s.State
	if main, ok := beside[at]; ok {
		at = main
	}
	here := slices.IndexFunc(walkStates, func(w struct {
		state events.State
		label string
	}) bool {
		return w.state == at
	})
	var steps []walkStep
	for i, w := range walkStates {
		if !asked && (w.state == events.Submitted || w.state == events.InReview) {
			continue
		}
		mark := "next"
		switch {
		case s.State == events.Archived || here >= 0 && i < here:
			mark = "past"
		case i == here && !ended(s.State):
			mark = "now"
		}
		steps = append(steps, walkStep{w.label, mark})
	}
	return steps
}

// waiting says who has to do what next.
func waiting(s events.Session, owner string) string {
	if owner == "" {
		owner = "组织协调"
	}
	switch s.State {
	case events.Draft:
		return owner + "填好以后，排班或者直接发布。"
	case events.Submitted:
		return "等组织协调受理：点“我来办”，三个工作日内要答复。"
	case events.InReview:
		return "等" + owner + "答复单位。"
	case events.Returned:
		return "等单位补正以后再交来。"
	case events.Accepted:
		return "等" + owner + "配好律师和志愿者、备好材料，再排定。"
	case events.Scheduled:
		return "等" + owner + "核对以后发布。"
	case events.Published:
		return "等到 " + stamp(s.Ends, "1 月 2 日 15:04") + " 办完，会自动转入“待报结果”。"
	case events.Postponed:
		return "等" + owner + "定下新的时间。"
	case events.Held:
		return "等单位和主讲律师报结果，组织协调也可以代填。"
	case events.ReportReturned:
		return "等填报的人改正以后再报。"
	case events.Reported:
		return "等另一位组织协调核实：填报的人不能自己核实。"
	case events.Verified:
		return "没有疑问的话，三十天后自动归档。"
	}
	return ""
}

// dueWords says how far away a due date is, in working days.
func dueWords(c *events.Calendar, now, due time.Time) string {
	switch n := c.WorkingDays(now, due); {
	case due.IsZero():
		return ""
	case due.Before(now) && stamp(due, time.DateOnly) == stamp(now, time.DateOnly):
		return "今天已过期"
	case due.Before(now) && n == 0: // a weekend lies between
		return "已过期"
	case due.Before(now):
		return "已过期 " + strconv.Itoa(-n) + " 个工作日"
	case stamp(due, time.DateOnly) == stamp(now, time.DateOnly):
		return "今天到期"
	case n == 0:
		return dayWords(due) + "到期"
	default:
		return "还有 " + strconv.Itoa(n) + " 个工作日，" + dayWords(due)
	}
}

// dueTone is how loud a due date is: red once it is past, amber when it is today
// or the next working day.
func dueTone(c *events.Calendar, now, due time.Time) string {
	switch {
	case due.IsZero():
		return ""
	case due.Before(now):
		return "warn"
	case c.WorkingDays(now, due) <= 1:
		return "due"
	}
	return ""
}

// dayWords is a date as people say it: 11 月 26 日 周四.
func dayWords(t time.Time) string {
	return stamp(t, "1 月 2 日 ") + weekdays[t.In(events.Zone).Weekday()]
}
