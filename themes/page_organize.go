package themes

import "time"

// OrganizePage is /organize/: how a unit asks for a session, and the two ways
// in: a new request, or back to one.
type OrganizePage struct {
	Shell
	Phone     string // of the bureau's coordinator
	Hours     string
	Types     []SessionType
	Stations  []Station // of the towns: each takes requests for its own
	LeadDays  int       // working days ahead; 0 is 5
	ReplyDays int       // working days until somebody answers; 0 is 3
	Greeting  string    // what was just done; "" for nothing
	Resumed   Link      // the request this browser is in; zero for none
	Start     OrganizeForm
	Resume    OrganizeForm
}

// OrganizeForm is a form with what is wrong with what was sent.
type OrganizeForm struct {
	Action   string
	Hidden   []Hidden
	Problems []FieldProblem // of what was sent; not saved
	Groups   []FormGroup
	Submit   string // what the button says
}

// OrganizeStepPage is one step of a request.
type OrganizeStepPage struct {
	Shell
	OrganizeForm
	Step    int           // from 1
	Steps   []RequestStep // the whole walk
	Code    string        // to come back with: ABCDE-FGHJK
	Notices []Notice      // holidays near the wished dates
	Keep    int           // days a draft is kept; 0 says nothing of it
	Back    Link
	Saved   bool // the answers are kept, although some are wrong
}

// RequestStep is one of the questions of a request.
type RequestStep struct {
	Name string
	Href string
	Done bool // nothing is missing in it
	Now  bool
}

// OrganizeCheckPage is the last step: everything once more, and what keeps it
// from being sent.
type OrganizeCheckPage struct {
	Shell
	Steps    []RequestStep
	Code     string
	Parts    []CheckPart
	Missing  []FieldProblem // Field is the address that mends it
	Warnings []string       // what speaks against it without forbidding it
	Notices  []Notice
	Form     OrganizeForm
	Reply    string // 3 个工作日内
}

// CheckPart is a step's answers.
type CheckPart struct {
	Name string
	Rows []CheckRow
}

// CheckRow is an answer; Href leads to where it is changed.
type CheckRow struct {
	Name, Value string
	Href        string
}

// OrganizeStatePage is how far a request has come.
type OrganizeStatePage struct {
	Shell
	Code       string // shown large when it was just given
	Fresh      bool   // the code was just given: save it
	Greeting   string // 已经提交, 已经撤回 …; "" for none
	No         string // SF-2026-00012; "" before it is submitted
	Unit       string
	State      Badge
	Explain    string // what the state means for the unit
	Decider    string // who has it now
	Due        string // by when, in words
	Reason     string // why it was returned, rejected, cancelled
	Instead    string // what is offered instead
	When       string // fixed or wished time
	Where      string
	Missing    []FieldProblem // Field is the address that mends it
	Steps      []StateStep
	Links      []Link // public page, poster, calendar
	SignUps    *SignUpCounts
	Actions    []Link // go on filling, propose a change, report, withdraw
	Past       []PastRequest
	CloneTo    string // address that takes a request's id and makes a new one
	Messages   []Notice
	ContactTel string // whom to ring about it
}

// StateStep is a stage on the way; Now is where it is.
type StateStep struct {
	Name string
	Done bool
	Now  bool
}

// SignUpCounts are numbers without names.
type SignUpCounts struct {
	Confirmed int // 人 with a place
	Waiting   int // 组 in the queue
	Capacity  int // 0: not limited
}

// PastRequest is a session the unit had before.
type PastRequest struct {
	ID    string
	Title string
	When  time.Time
	State Badge
}

// OrganizeConfirmPage asks before something that cannot be undone.
type OrganizeConfirmPage struct {
	Shell
	OrganizeForm
	Text string
	Back Link
}

// OrganizeConflictPage is what another tab or a colleague has changed meanwhile,
// beside what was typed here. Both are whole: nothing is lost.
type OrganizeConflictPage struct {
	Shell
	Rows   []Difference
	Mine   OrganizeForm // saves what was typed over what is there
	Theirs Link         // leaves what is there
}

// Difference is a field in which two versions differ.
type Difference struct{ Name, Mine, Theirs string }

// OrganizeReportPage is the outcome as the host reports it: one form in parts,
// each with a button that saves, so that it can be left at any time.
type OrganizeReportPage struct {
	Shell
	Problems []FieldProblem
	Session  Session
	Due      string // by when, in words
	Reason   string // why it was sent back
	Action   string // takes the form; the button's go names the part that was saved
	Draft    string // takes the same form without files while somebody types
	Hidden   []Hidden
	Parts    []ReportPart // the pictures belong to the one whose ID is photos
	Photos   []ReportPhoto
	Warnings []string // what wants a word before it is handed in
	Send     []FormGroup
	Saved    time.Time // zero while nothing is
	Given    bool      // it is in: no form, only pictures
}

// ReportPart is a part of the report.
type ReportPart struct {
	ID     string
	Name   string
	Hint   string
	Groups []FormGroup
}

// ReportPhoto is a picture that is not public before somebody has looked at it.
type ReportPhoto struct {
	Key  string // what the button remove sends
	Src  string
	Alt  string
	Note string // 签到表, 不公开 …
}

func (*OrganizePage) template() string         { return "organize" }
func (*OrganizeStepPage) template() string     { return "organize-step" }
func (*OrganizeCheckPage) template() string    { return "organize-check" }
func (*OrganizeStatePage) template() string    { return "organize-state" }
func (*OrganizeConfirmPage) template() string  { return "organize-confirm" }
func (*OrganizeConflictPage) template() string { return "organize-conflict" }
func (*OrganizeReportPage) template() string   { return "organize-report" }
