package events

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Zone is the one time zone of all dates and times of day. China has had no
// summer time since 1991, so the offset is the whole truth and needs no tzdata.
var Zone = time.FixedZone("Asia/Shanghai", 8*60*60)

// Type is the kind of place a session goes to.
type Type string

// The types.
const (
	Enterprise Type = "enterprise"
	Site       Type = "site"
	Village    Type = "village"
	JobFair    Type = "jobfair"
	Community  Type = "community"
	School     Type = "school"
)

type typeInfo struct {
	typ          Type
	label, glyph string
}

var types = []typeInfo{
	{Enterprise, "送法进企业", "企"},
	{Site, "法律进工地", "工"},
	{Village, "法律进乡村", "村"},
	{JobFair, "招聘会普法", "聘"},
	{Community, "法律进社区", "社"},
	{School, "法律进学校", "学"},
}

func (t Type) info() typeInfo {
	if i := slices.IndexFunc(types, func(i typeInfo) bool { return i.typ == t }); i >= 0 {
		return types[i]
	}
	return typeInfo{typ: t, label: string(t)}
}

// Types lists them in the order of filters and forms.
func Types() []Type {
	all := make([]Type, len(types))
	for i, info := range types {
		all[i] = info.typ
	}
	return all
}

// Label is the Chinese name.
func (t Type) Label() string { return t.info().label }

// Glyph is the one character that marks it in a calendar cell.
func (t Type) Glyph() string { return t.info().glyph }

// Valid reports whether it is one of the types.
func (t Type) Valid() bool { return slices.Contains(Types(), t) }

// Outcome is what a session came to.
type Outcome struct {
	Attendance    int // 人 who came
	Brochures     int // 份 handed out
	Consultations int // 人次 answered
	Documents     int // 份 drafted
}

// Session is one outreach event.
type Session struct {
	ID      string `db:"id"`
	No      string `db:"no"`      // SF-2026-00012: its address
	UID     string `db:"ics_uid"` // what calendars know it by
	Seq     int    `db:"ics_seq"` // SEQUENCE of the calendar object
	Version int    `db:"version"` // what a form has read
	State   State  `db:"state"`

	Type         Type      `db:"type"`
	Title        string    `db:"title"`
	Summary      string    `db:"summary"`
	Audience     []string  `db:"-"`
	Town         string    `db:"town"` // code, "" for the whole district
	TownName     string    `db:"town_name"`
	Station      string    `db:"station"` // code, "" for none
	StationName  string    `db:"station_name"`
	Venue        string    `db:"venue"`
	Address      string    `db:"address"`
	Starts       time.Time `db:"-"`
	Ends         time.Time `db:"-"`
	Capacity     int       `db:"-"` // 0: no limit, no sign-up needed
	Taken        int       `db:"taken"`
	Waiting      int       `db:"waiting"`  // entries in the queue, of any size
	WaitCap      int       `db:"wait_cap"` // 0: no waiting list
	Pools        []Pool    `db:"-"`        // places kept for some, by the time they fall
	Organizer    string    `db:"organizer"`
	Lawyers      string    `db:"lawyers"`       // who speaks, "" when no lawyer is there
	ContactPhone string    `db:"contact_phone"` // an office's
	Reason       string    `db:"cancel_reason"` // why cancelled, postponed or not held

	Unit         string    `db:"unit"`       // unit.id of the host, "" the bureau itself
	VenueID      string    `db:"venue_id"`   // "" a place that is in no list
	HostNotes    string    `db:"host_notes"` // what the host has and wants; staff only
	Expected     int       `db:"expected"`   // 人 the host expects, 0 unknown
	Owner        string    `db:"owner"`      // account.id of who decides
	OwnerName    string    `db:"owner_name"` // for staff
	Due          time.Time `db:"-"`          // when what the state waits for is due; zero without
	Pending      *Decision `db:"-"`          // decided, not yet told
	Submitted    time.Time `db:"-"`
	HeldAt       time.Time `db:"-"`
	VerifiedAt   time.Time `db:"-"`
	Alternative  string    `db:"alternative"` // what a rejected host is offered instead
	Notice       string    `db:"notice"`      // version of the privacy notice that sign-ups agree to; "" none chosen
	Reviewed     bool      `db:"reviewed"`    // title and poster looked at
	Series       string    `db:"series_id"`
	OriginalDate string    `db:"original_date"` // the day the series' rule gave it
	Detached     []string  `db:"-"`             // form fields edited by hand in this occurrence

	SignUpFrom    time.Time   `db:"-"`              // zero: from publication
	SignUpTo      time.Time   `db:"-"`              // zero: until the start
	VerifyLevel   VerifyLevel `db:"verify_level"`   // what a sign-up needs
	PromotePaused bool        `db:"promote_paused"` // nobody moves up from the queue
	FitFirst      bool        `db:"fit_first"`      // 按能容纳的先补

	Moves          int       `db:"moves"` // changes of time or place since published
	FirstPublished time.Time `db:"-"`     // zero while nobody outside has seen it
	Updated        time.Time `db:"-"`
	Outcome        *Outcome  `db:"-"` // nil while unreported; see PublicOutcome
	History        []Move    `db:"-"` // oldest first; only Session and SessionByID load it
}

// Move is where and when a session was to be before it was moved.
type Move struct {
	Seq            int
	Starts, Ends   time.Time
	Venue, Address string
	MovedAt        time.Time
}

// Status is what a reader is told: the state, and what the clock adds to it.
type Status string

// The statuses.
const (
	StatusHidden    Status = "hidden"
	StatusUpcoming  Status = "upcoming"
	StatusFull      Status = "full"
	StatusOngoing   Status = "ongoing"
	StatusEnded     Status = "ended"
	StatusPostponed Status = "postponed"
	StatusCancelled Status = "cancelled"
	StatusNotHeld   Status = "not_held"
)

// Label is the Chinese word on the page.
func (s Status) Label() string {
	switch s {
	case StatusUpcoming:
		return "未开始"
	case StatusFull:
		return "已满"
	case StatusOngoing:
		return "进行中"
	case StatusEnded:
		return "已结束"
	case StatusPostponed:
		return "延期待定"
	case StatusCancelled:
		return "已取消"
	case StatusNotHeld:
		return "未举办"
	}
	return "未公开"
}

// Status derives what readers are told at this moment. It is never stored: a
// stored one goes stale at the first missed tick.
func (s Session) Status(now time.Time) Status {
	switch {
	case !s.State.Public():
		return StatusHidden
	case s.State == Postponed:
		return StatusPostponed
	case s.State == Cancelled:
		return StatusCancelled
	case s.State == NotHeld:
		return StatusNotHeld
	case s.State != Published || !now.Before(s.Ends):
		return StatusEnded
	case !now.Before(s.Starts):
		return StatusOngoing
	case s.Capacity > 0 && s.Taken+s.Kept(now) >= s.Capacity:
		return StatusFull
	}
	return StatusUpcoming
}

// Free is how many places are left for everybody, and whether places are counted
// at all.
func (s Session) Free(now time.Time) (places int, counted bool) {
	return max(0, s.Capacity-s.Taken-s.Kept(now)), s.Capacity > 0
}

// Moved reports that time or place is not what was first published.
func (s Session) Moved() bool { return s.Moves > 0 }

// HasLawyer reports 现场有律师.
func (s Session) HasLawyer() bool { return s.Lawyers != "" }

// PublicOutcome is the outcome once somebody has verified it, else nil.
func (s Session) PublicOutcome() *Outcome {
	if s.State == Verified || s.State == Archived {
		return s.Outcome
	}
	return nil
}

// EventStatus is the schema.org address for JSON-LD. EventRescheduled wants a
// previousStartDate for each of PreviousStarts, and needs History loaded.
func (s Session) EventStatus() string {
	const base = "https://schema.org/Event"
	switch {
	case s.State == Postponed:
		return base + "Postponed"
	case s.State == Cancelled || s.State == NotHeld:
		return base + "Cancelled"
	case len(s.PreviousStarts()) > 0:
		return base + "Rescheduled"
	}
	return base + "Scheduled"
}

// PreviousStarts are the times it was to begin at before, oldest first, without
// those of mere changes of place.
func (s Session) PreviousStarts() []time.Time {
	var starts []time.Time
	for _, m := range s.History {
		if !m.Starts.Equal(s.Starts) && !slices.ContainsFunc(starts, m.Starts.Equal) {
			starts = append(starts, m.Starts)
		}
	}
	return starts
}

// Day is the date it begins on, 2026-11-20.
func (s Session) Day() string { return dateOf(s.Starts) }

var weekdays = [...]string{"日", "一", "二", "三", "四", "五", "六"}

// When is the time in words: 2026年11月21日（周六）18:30—20:00.
func (s Session) When() string {
	start := s.Starts.In(Zone)
	_, from, to := clockCells(s.Starts, s.Ends)
	return fmt.Sprintf("%d年%d月%d日（周%s）%s—%s", start.Year(), start.Month(), start.Day(), weekdays[start.Weekday()], from, to)
}

// Place is town, venue and address in one line, without saying anything twice.
func (s Session) Place() string {
	var parts []string
	if s.Venue != "" {
		parts = append(parts, s.Venue)
	}
	if s.Address != "" && s.Address != s.Venue {
		parts = append(parts, s.Address)
	}
	place := strings.Join(parts, "，")
	if s.TownName != "" && !strings.Contains(place, s.TownName) {
		parts = append([]string{s.TownName}, parts...)
	}
	return strings.Join(parts, "，")
}

// dateOf is the calendar date of a moment in Zone.
func dateOf(t time.Time) string { return t.In(Zone).Format(time.DateOnly) }

// midnight is the first moment of the day t falls on in Zone.
func midnight(t time.Time) time.Time {
	y, m, d := t.In(Zone).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, Zone)
}
