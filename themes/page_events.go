package themes

import "time"

// Session is an outreach event in a list or a calendar.
type Session struct {
	Title  string
	Href   string
	Type   SessionType
	Starts time.Time
	Ends   time.Time
	Town   string
	Venue  string
	Status Badge // 还有 12 个名额, 已满, 已取消
	Off    bool  // cancelled, postponed, not held: struck through
}

// SessionType is the kind of place a session goes to.
type SessionType struct {
	Code  string // site
	Name  string // 法律进工地
	Glyph string // 工
}

// Option is a choice in a form.
type Option struct {
	Value    string
	Name     string
	Glyph    string // for session types; may be ""
	Selected bool
}

// EventsPage is /events/: what is coming, or with Month set the grid of a month
// with the same sessions below it as a list.
type EventsPage struct {
	Shell
	Month     time.Time // first day of the month; zero for the list of what is coming
	Day       time.Time // zero: not the list of one day
	Weeks     []Week    // from Monday; empty without Month
	Sessions  []Session
	Total     int
	Prev      Link // the month before and after: 8 月
	Next      Link
	Toggle    Link     // to the grid from the list, and back
	Past      Link     // what has been; zero for none
	Calendar  Link     // calendar to subscribe to
	Towns     []Option // to narrow by; the template adds “all”
	Types     []Option
	Audiences []Option  // 适合谁; empty leaves the question out
	Lawyer    bool      // only 现场有律师
	Filtered  bool      // something is narrowed
	Holidays  []Holiday // in the month, for the list
	NoDays    bool      // this year's 放假安排 is not known yet
	Pager     Pager
}

// Week is a row of the grid.
type Week [7]Day

// Day is a cell of the grid.
type Day struct {
	Date     time.Time
	Out      bool // belongs to the month before or after
	Today    bool
	Off      bool   // a weekend or a holiday
	Mark     string // 休, 班 or ""
	Lunar    string // 初一, 白露, 国庆
	Sessions []Session
	More     int  // sessions of the day that the cell has no room for
	All      Link // the list of all of them; only with More
}

// Holiday is a run of days off.
type Holiday struct {
	Name     string
	From, To time.Time
}

// SessionPage is /events/{no}.
type SessionPage struct {
	Shell
	Session      Session
	No           string // SF-2026-00012
	Summary      string
	Audience     []string
	Address      string
	Station      Link // zero for none
	Organizer    string
	Lawyers      string
	ContactPhone string
	Capacity     int       // 0: not counted
	Free         int       // places left
	CanSignUp    bool      // by telephone
	SignUp       Link      // zero while nobody can sign up here
	Find         Link      // to look up a sign-up; zero when there are none
	Poster       Link      // to print; zero when it is over
	ICS          string    // address of the calendar file
	Change       *Notice   // cancelled, postponed, not held: why
	Moves        []Move    // newest first
	Outcome      *Outcome  // verified figures; nil before
	Photos       []Picture // of the day, approved by somebody; only with Outcome
	Guides       []Card    // 来之前可以先看
	Others       []Session // coming ones nearby or of the same type
	Updated      time.Time
	EventStatus  string      // schema.org address; "" is scheduled
	Previous     []time.Time // starts it had before, for JSON-LD
}

// Move is where and when a session was to be before it was moved.
type Move struct {
	Starts, Ends time.Time
	Venue        string
	At           time.Time // when it was moved
}

// Outcome is what a session came to.
type Outcome struct {
	Attendance    int // 人
	Brochures     int // 份
	Consultations int // 人次
	Documents     int // 份
}

// StationsPage is /stations/.
type StationsPage struct {
	Shell
	Centers     []Station
	Towns       []StationGroup // by town: its own station and its points
	Departments []Station
	Options     []Option // towns to choose from
	Town        string   // name of the chosen one; "" shows all
}

// StationGroup is a town with its stations.
type StationGroup struct {
	Name     string
	ID       string // anchor
	Stations []Station
}

// Station is a place with people to ask.
type Station struct {
	ID      string // anchor
	Name    string
	Tier    string // 中心, 镇街工作站, 部门工作站, 联络点
	Town    string
	Address string
	Phone   string
	Hours   string
	Bus     string
	Note    string
}
