package events

import (
	"slices"

	"github.com/songfa/songfa/internal/errs"
)

// State is how far a session has been brought.
type State string

// The states, in the order a session passes them, then the side ones.
const (
	Draft          State = "draft"           // 草稿
	Submitted      State = "submitted"       // 待受理
	InReview       State = "in_review"       // 审核中
	Accepted       State = "accepted"        // 已同意，待排班
	Scheduled      State = "scheduled"       // 已排定，待发布
	Published      State = "published"       // 已发布
	Held           State = "held"            // 已举办，待报结果
	Reported       State = "reported"        // 已报，待核
	Verified       State = "verified"        // 已核实
	Archived       State = "archived"        // 已归档
	Returned       State = "returned"        // 退回补正
	Withdrawn      State = "withdrawn"       // 撤回
	Rejected       State = "rejected"        // 不予安排
	Postponed      State = "postponed"       // 延期待定
	Cancelled      State = "cancelled"       // 已取消
	NotHeld        State = "not_held"        // 未举办
	ReportReturned State = "report_returned" // 结果退回
)

// stateInfo is what is fixed for a state.
type stateInfo struct {
	state  State
	label  string
	public bool // has a page; what was once public stays so, addresses are promises
}

var states = []stateInfo{
	{Draft, "草稿", false},
	{Submitted, "待受理", false},
	{InReview, "审核中", false},
	{Accepted, "已同意·待排班", false},
	{Scheduled, "已排定·待发布", false},
	{Published, "已发布", true},
	{Held, "已举办·待报结果", true},
	{Reported, "已报·待核", true},
	{Verified, "已核实", true},
	{Archived, "已归档", true},
	{Returned, "退回补正", false},
	{Withdrawn, "撤回", false},
	{Rejected, "不予安排", false},
	{Postponed, "延期待定", true},
	{Cancelled, "已取消", true},
	{NotHeld, "未举办", true},
	{ReportReturned, "结果退回", true}, // the page stays while the figures are corrected
}

func (s State) info() stateInfo {
	if i := slices.IndexFunc(states, func(i stateInfo) bool { return i.state == s }); i >= 0 {
		return states[i]
	}
	return stateInfo{state: s, label: string(s)}
}

// States lists all of them for filters and forms.
func States() []State {
	all := make([]State, len(states))
	for i, info := range states {
		all[i] = info.state
	}
	return all
}

// Label is the Chinese name for staff.
func (s State) Label() string { return s.info().label }

// Public reports whether readers may see a session in this state.
func (s State) Public() bool { return s.info().public }

// Valid reports whether it is one of the states.
func (s State) Valid() bool {
	return slices.ContainsFunc(states, func(i stateInfo) bool { return i.state == s })
}

// off reports that the session will not take place as announced: calendars
// strike it through.
func (s State) off() bool { return s == Postponed || s == Cancelled || s == NotHeld }

// publicStates are those of a query that names none.
func publicStates() []State {
	return slices.DeleteFunc(States(), func(s State) bool { return !s.Public() })
}

// transition is one allowed step.
type transition struct{ from, to State }

// transitions is the whole table; a step that is not in it is refused. Issue by
// issue the organizer's steps join it (see doc.go).
var transitions = []transition{
	{Draft, Published},     // the coordinator publishes a session of the bureau's own
	{Draft, Withdrawn},     // it was written in error; nobody outside has seen it
	{Published, Postponed}, // it falls out and a new time is to come; needs a reason
	{Postponed, Published}, // the new time is fixed
	{Published, Cancelled}, // it falls out for good; the page stays, needs a reason
	{Postponed, Cancelled}, // no new time was found
	{Published, Held},      // it took place
	{Held, NotHeld},        // nobody came or it fell out on the spot; needs a reason
	{Held, Reported},       // the figures are in (today only the import walks on from here)
	{Reported, Verified},   // somebody else has checked them; readers see them now
	{Verified, Archived},   // thirty days without an open question
}

// CanBecome reports whether one step of the table leads from s to next.
func (s State) CanBecome(next State) bool {
	return slices.Contains(transitions, transition{s, next})
}

// Next lists the states one step away, for the buttons of a form.
func (s State) Next() []State {
	var next []State
	for _, t := range transitions {
		if t.from == s {
			next = append(next, t.to)
		}
	}
	return next
}

// leadsTo reports whether any number of steps lead from s to target; a CSV row
// may skip the steps in between.
func (s State) leadsTo(target State) bool {
	seen := []State{s}
	for i := 0; i < len(seen); i++ {
		if seen[i] == target {
			return true
		}
		for _, next := range seen[i].Next() {
			if !slices.Contains(seen, next) {
				seen = append(seen, next)
			}
		}
	}
	return false
}

// step refuses what the table does not have.
func (s State) step(next State) error {
	if s.CanBecome(next) {
		return nil
	}
	return errs.New(errs.Conflict, "该场次现在是“"+s.Label()+"”，不能改为“"+next.Label()+"”。请刷新后再看。",
		"no transition from %s to %s", s, next)
}
