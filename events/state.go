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

// Party is who takes a step.
type Party string

// The parties.
const (
	ByOrganizer   Party = "organizer"   // holds the code and the phone of the request
	ByCoordinator Party = "coordinator" // permission auth.Sessions
	ByReporter    Party = "reporter"    // organizer or lead lawyer, each their own part
	ByClock       Party = "clock"       // the program, when the time has come
)

// transition is one allowed step and who may take it.
type transition struct {
	from, to State
	by       []Party
}

var (
	organizer   = []Party{ByOrganizer}
	coordinator = []Party{ByCoordinator}
	either      = []Party{ByOrganizer, ByCoordinator}
	reporter    = []Party{ByReporter, ByCoordinator}
	clock       = []Party{ByClock}
	clockOr     = []Party{ByClock, ByCoordinator}
)

// transitions is the whole table; a step that is not in it is a Conflict that
// names the current state. What a step checks and sends is said at the use case.
var transitions = []transition{
	{Draft, Submitted, organizer},           // the form is complete: receipt, wishes booked, task for the town
	{Returned, Submitted, organizer},        // what was asked for is mended
	{Submitted, InReview, coordinator},      // somebody takes it: owner, answer due in three working days
	{InReview, Returned, coordinator},       // something is missing; needs a reason
	{InReview, Rejected, coordinator},       // not this time; needs a reason and what to do instead
	{InReview, Accepted, coordinator},       // the place is promised, others who wished for it are listed
	{Draft, Accepted, coordinator},          // the bureau's own session, straight to staffing
	{Accepted, Scheduled, coordinator},      // every must-have need is filled by somebody who accepted
	{Scheduled, Published, coordinator},     // title and sign-up checked; readers see it
	{Draft, Published, coordinator},         // the bureau's own session that needs nobody else
	{Published, Postponed, coordinator},     // it falls out and a new time is to come; needs a reason
	{Scheduled, Postponed, coordinator},     // the same before anybody outside has seen it
	{Postponed, Published, coordinator},     // the new time is fixed, checked like the first
	{Accepted, Cancelled, either},           // it falls out for good; before publication the host may say so too
	{Scheduled, Cancelled, either},          // as above
	{Published, Cancelled, coordinator},     // everybody is told once; the page stays, needs a public reason
	{Postponed, Cancelled, coordinator},     // no new time was found
	{Draft, Withdrawn, either},              // written in error; nobody outside has seen it
	{Submitted, Withdrawn, organizer},       // the host no longer wants it
	{InReview, Withdrawn, organizer},        // as above
	{Returned, Withdrawn, organizer},        // as above
	{Accepted, Withdrawn, organizer},        // as above; what was held is free again
	{Published, Held, clockOr},              // its end has come, or a coordinator says so earlier
	{Held, NotHeld, coordinator},            // nobody came or it fell out on the spot; needs a reason
	{Held, Reported, reporter},              // both parts of the outcome are in
	{ReportReturned, Reported, reporter},    // mended
	{Reported, ReportReturned, coordinator}, // something does not add up; needs a reason
	{Reported, Verified, coordinator},       // checked by somebody who did not write it: facts are written
	{Verified, Archived, clock},             // thirty days without an open question
}

// CanBecome reports whether one step of the table leads from s to next.
func (s State) CanBecome(next State) bool {
	return slices.ContainsFunc(transitions, func(t transition) bool { return t.from == s && t.to == next })
}

// May reports whether one step of the table leads a party from s to next.
func (s State) May(by Party, next State) bool {
	return slices.ContainsFunc(transitions, func(t transition) bool {
		return t.from == s && t.to == next && slices.Contains(t.by, by)
	})
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

// nextBy lists the states one step away that a party may take.
func (s State) nextBy(by Party) []State {
	return slices.DeleteFunc(s.Next(), func(next State) bool { return !s.May(by, next) })
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

// stepBy is step for one party. A step that is another's is a Conflict too: the
// person may be who they say, and look at what the session has become meanwhile.
func (s State) stepBy(by Party, next State) error {
	if err := s.step(next); err != nil || s.May(by, next) {
		return err
	}
	return errs.New(errs.Conflict, "该场次现在是“"+s.Label()+"”，改为“"+next.Label()+"”这一步要由别人来办。", "%s may not take %s to %s", by, s, next)
}
