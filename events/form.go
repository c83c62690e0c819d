package events

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/width"

	"github.com/songfa/songfa/internal/errs"
)

// maxDuration is the longest session; a longer one is a slip of the date.
const maxDuration = 12 * time.Hour

// maxCapacity keeps a phone number out of the field for places.
const maxCapacity = 100_000

// SessionForm is what staff fill in for a session.
type SessionForm struct {
	Type         Type
	Title        string // at most 60 characters
	Summary      string // at most 500
	Audience     []string
	Town         string // code, "" for the whole district
	Station      string // code, "" for none
	VenueID      string // of the list of venues, "" for a place that is typed
	Venue        string // filled in from the list when VenueID is set
	Address      string
	Starts, Ends time.Time
	Capacity     int // 0: no limit, no sign-up needed
	Organizer    string
	Lawyers      string
	ContactPhone string
	VerifyLevel  VerifyLevel // what a sign-up needs
}

// Form is the session as a form shows it.
func (s Session) Form() SessionForm {
	return SessionForm{Type: s.Type, Title: s.Title, Summary: s.Summary, Audience: s.Audience,
		Town: s.Town, Station: s.Station, VenueID: s.VenueID, Venue: s.Venue, Address: s.Address, Starts: s.Starts, Ends: s.Ends,
		Capacity: s.Capacity, Organizer: s.Organizer, Lawyers: s.Lawyers, ContactPhone: s.ContactPhone, VerifyLevel: s.VerifyLevel}
}

func (s *Session) fill(f SessionForm) {
	s.Type, s.Title, s.Summary, s.Audience = f.Type, f.Title, f.Summary, f.Audience
	s.Town, s.Station, s.VenueID, s.Venue, s.Address = f.Town, f.Station, f.VenueID, f.Venue, f.Address
	s.Starts, s.Ends, s.Capacity = f.Starts.In(Zone), f.Ends.In(Zone), f.Capacity
	s.Organizer, s.Lawyers, s.ContactPhone, s.VerifyLevel = f.Organizer, f.Lawyers, f.ContactPhone, f.VerifyLevel
}

// Problem is one thing wrong with what was handed in, for a person to mend.
type Problem struct {
	File    string // "" for a form
	Line    int    // of the file; 0 for a form or the whole file
	Field   string // column or form field, "" for the whole row
	Message string // Chinese
}

// String is the line the command prints: sessions.csv:12: start: 时间应写成 09:00。
func (p Problem) String() string {
	var b strings.Builder
	b.WriteString(p.File)
	if p.Line > 0 {
		fmt.Fprintf(&b, ":%d", p.Line)
	}
	for _, part := range []string{p.Field, p.Message} {
		if part == "" {
			continue
		}
		if b.Len() > 0 {
			b.WriteString(": ")
		}
		b.WriteString(part)
	}
	return b.String()
}

// problems collects what is wrong, field by field.
type problems []Problem

func (ps *problems) add(field, format string, args ...any) {
	*ps = append(*ps, Problem{Field: field, Message: fmt.Sprintf(format, args...)})
}

// err is the first problem as an error, or nil.
func (ps problems) err() error {
	if len(ps) == 0 {
		return nil
	}
	return errs.Bad(ps[0].Field, ps[0].Message)
}

// text asks for a length between low and high characters.
func (ps *problems) text(field, name, value string, low, high int) {
	switch n := utf8.RuneCountInString(value); {
	case n == 0 && low > 0:
		ps.add(field, "请填写%s。", name)
	case n < low || n > high:
		ps.add(field, "%s有 %d 个字，请控制在 %d 至 %d 个字。", name, n, max(low, 0), high)
	}
}

// Problems lists everything that keeps the form from being saved, after
// clearing up spaces and control characters in it. Fields are named as in
// sessions.csv: type, title, summary, audience, town, station, venue, address,
// start, end, capacity, organizer, lawyers, contact_phone; verify_level is in no
// file.
func (f *SessionForm) Problems() []Problem {
	f.clean()
	var ps problems
	if !f.Type.Valid() {
		ps.add("type", "请选择场次类型。可用的类型：%s。", typeList())
	}
	ps.text("title", "标题", f.Title, 2, 60)
	ps.text("summary", "简介", f.Summary, 0, 500)
	if f.VenueID == "" {
		ps.text("venue", "地点", f.Venue, 1, 60)
	}
	ps.text("address", "地址", f.Address, 0, 120)
	ps.text("organizer", "主办单位", f.Organizer, 0, 120)
	ps.text("lawyers", "主讲人", f.Lawyers, 0, 120)
	ps.text("audience", "适合谁", strings.Join(f.Audience, "、"), 0, 120)
	switch {
	case f.Starts.IsZero():
		ps.add("start", "请填写开始时间。")
	case f.Ends.IsZero():
		ps.add("end", "请填写结束时间。")
	case !f.Ends.After(f.Starts):
		ps.add("end", "结束时间应晚于开始时间。")
	case f.Ends.Sub(f.Starts) > maxDuration:
		ps.add("end", "一场不能超过 12 小时，请检查日期和时间。")
	}
	if f.Capacity < 0 || f.Capacity > maxCapacity {
		ps.add("capacity", "名额应在 1 至 %d 之间，不限名额请留空。", maxCapacity)
	}
	ps.officePhone("contact_phone", f.ContactPhone)
	if !f.VerifyLevel.Valid() {
		ps.add("verify_level", "请从列表里选报名要不要核实。")
	}
	return ps
}

func (f *SessionForm) clean() {
	for _, field := range []*string{&f.Title, &f.Town, &f.Station, &f.VenueID, &f.Venue, &f.Address, &f.Organizer, &f.Lawyers} {
		*field = oneLine(*field)
	}
	f.Summary = paragraphs(f.Summary)
	f.ContactPhone = narrow(oneLine(f.ContactPhone))
	audience := f.Audience[:0:0]
	for _, a := range f.Audience {
		if a = oneLine(a); a != "" {
			audience = append(audience, a)
		}
	}
	f.Audience = audience
	f.Starts, f.Ends = f.Starts.Truncate(time.Minute), f.Ends.Truncate(time.Minute)
}

var (
	phoneShape  = regexp.MustCompile(`^\+?[0-9][0-9 ()/、,-]{2,40}([ 转x]?[0-9]{1,6})?$`)
	mobileShape = regexp.MustCompile(`(^|[^0-9])1[3-9][0-9]{9}($|[^0-9])`)
)

// officePhone takes a public number and refuses a mobile one: it would be some
// person's, and the page shows it to everybody.
func (ps *problems) officePhone(field, phone string) {
	switch {
	case phone == "":
	case mobileShape.MatchString(strings.NewReplacer(" ", "", "-", "").Replace(phone)):
		ps.add(field, "这里会公开显示，请填写办公电话，不要填写个人手机号。")
	case !phoneShape.MatchString(phone):
		ps.add(field, "电话“%s”无法识别，请写成 0000-6100000 或 12348 这样的号码。", phone)
	}
}

func typeList() string {
	var names []string
	for _, t := range types {
		names = append(names, string(t.typ)+" "+t.label)
	}
	return strings.Join(names, "、")
}

// oneLine joins runs of white space to one blank and drops control characters
// and broken UTF-8, which no calendar or page could carry.
func oneLine(s string) string {
	return strings.Join(strings.Fields(strings.Map(visible, strings.ToValidUTF8(s, ""))), " ")
}

// paragraphs is oneLine for each line; empty lines at the ends go.
func paragraphs(s string) string {
	lines := strings.FieldsFunc(strings.ReplaceAll(s, "\r\n", "\n"), func(r rune) bool { return r == '\n' || r == '\r' })
	for i, line := range lines {
		lines[i] = oneLine(line)
	}
	lines = slices.DeleteFunc(lines, func(l string) bool { return l == "" })
	return strings.Join(lines, "\n")
}

// visible keeps what can be seen, and the joiners that emoji and rare
// characters are made with.
func visible(r rune) rune {
	switch {
	case unicode.IsSpace(r):
		return ' '
	case unicode.IsControl(r), r == '\ufeff', r == unicode.ReplacementChar,
		'\u202a' <= r && r <= '\u202e', '\u2066' <= r && r <= '\u2069': // direction marks can turn a line around
		return -1
	}
	return r
}

// narrow turns full-width digits and signs, as Chinese input methods type them,
// into plain ones.
func narrow(s string) string { return width.Narrow.String(s) }
