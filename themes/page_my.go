package themes

import "time"

// MyPage is /my/{token}: what lies before somebody who serves at sessions.
type MyPage struct {
	Shell
	Greeting string // what was just done; "" for nothing
	Who      string
	Asked    []MyDuty // wait for an answer
	Coming   []MyDuty
	Away     []MyAway
	AwayForm OrganizeForm // to enter a free time or leave
	DropTo   string       // where an entry of Away is taken back
	Calendar string       // whole address of the own calendar; "" when it is closed
	RenewTo  string       // where a new address is asked for
	Record   Link
	Phone    string // of the coordinator
}

// MyDuty is one session somebody is asked to or has agreed to.
type MyDuty struct {
	Title   string
	Href    string // its own page, and where its buttons are sent
	Type    SessionType
	Role    string // 律师
	Starts  time.Time
	Ends    time.Time
	Place   string
	State   Badge
	Explain string // what is wanted now
	Buttons []MyButton
}

// MyButton is an answer in one tap.
type MyButton struct {
	Value string // of go
	Text  string
	Main  bool
}

// MyAway is a time somebody is free or on leave.
type MyAway struct{ ID, Kind, When string }

// MyDutyPage is /my/{token}/{id}: one session, before, during and after.
type MyDutyPage struct {
	Shell
	Duty       MyDuty
	Greeting   string
	Problems   []FieldProblem
	No         string // SF-2026-00012
	Summary    string
	Questions  []string // what those who signed up want to ask, without names
	Public     Link     // the page everybody sees; zero while there is none
	ICS        string
	Substitute []FormGroup // 找人替我; nil when it is too late
	Names      []string    // colleagues to choose from
	Tally      []MyTally   // nil away from the session
	Total      string      // 12 人次咨询，3 份文书
	Undo       string      // what the button that takes the last tap back sends
	Report     Link
	Hours      *MyHours // nil before the end
	Back       Link
}

// MyTally is a row of buttons that count.
type MyTally struct {
	Legend string
	Unit   string // 人次
	Taps   []MyTap
}

// MyTap is one of them.
type MyTap struct {
	Value string // with a key of its own: a double tap counts once
	Text  string
	Count int
}

// MyHours is the time that is noted for a session.
type MyHours struct {
	Text  string // 1 小时 30 分（签到）
	State Badge
	Form  []FormGroup // nil once it is approved
}

// MyReportPage is /my/{token}/{id}/report: the lawyer's part of the outcome.
type MyReportPage struct {
	Shell
	OrganizeForm
	Session  MyDuty
	Due      string
	Reason   string // why it came back
	Given    bool   // handed in: nothing to type
	Warnings []string
	Send     []FormGroup // what is asked when it is handed in
	Saved    string      // when it was last saved
	Back     Link
}

// MyRecordPage is /my/{token}/record: what somebody has served, to print.
type MyRecordPage struct {
	Shell
	Who, Role, Org, Licence string
	From, To                string // 2006-01-02, "" without limit
	Rows                    []MyRecordRow
	Total                   string // 12 场，21 小时 30 分
	Open                    int    // rows nobody has approved yet
	Printed                 time.Time
	Action                  string
	Back                    Link
}

// MyRecordRow is a session of it.
type MyRecordRow struct {
	Date         time.Time
	Title, Place string
	Role         string
	Hours        string
	Approved     bool
}

func (*MyPage) template() string       { return "my" }
func (*MyDutyPage) template() string   { return "my-duty" }
func (*MyReportPage) template() string { return "my-report" }
func (*MyRecordPage) template() string { return "my-record" }
