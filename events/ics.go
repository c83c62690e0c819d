package events

import (
	"context"
	"io"
	"strings"
	"time"

	ics "github.com/arran4/golang-ical"

	"github.com/songfa/songfa/internal/errs"
)

// The window of a feed around today: what was cancelled stays in it for 90
// days after it should have been, so that every subscriber has read it.
const (
	feedBack  = 90
	feedAhead = 400
)

// refresh is how often we ask calendars to come back; many come once a day.
const refresh = "PT4H"

// ICS says how calendar files present themselves.
type ICS struct {
	Name string // of the calendar: 示例区司法局普法活动
	// BaseURL with the base path and without a slash at the end; each event links
	// to BaseURL + /events/NO. Empty leaves the links out.
	BaseURL string
}

// tag is what the title of a calendar object begins with in this state.
func tag(s State) string {
	switch s {
	case Postponed:
		return "【延期待定】"
	case Cancelled, NotHeld:
		return "【已取消】"
	}
	return ""
}

// CalendarTitle is the title with 【已取消】, 【延期待定】 or 【改期】 in front.
func (s Session) CalendarTitle() string {
	t := tag(s.State)
	if t == "" && s.State == Published && s.Moved() {
		t = "【改期】"
	}
	return t + s.Title
}

// SessionICS writes one public session as a calendar file. It has the same UID
// as in the feed, so opening it again updates the telephone's entry.
func (s *Store) SessionICS(ctx context.Context, w io.Writer, no string, c ICS) error {
	got, err := s.Session(ctx, no)
	if err != nil {
		return err
	}
	return c.Write(w, []Session{got})
}

// FeedICS writes the public sessions from 90 days ago to 400 days ahead that
// the filter leaves. The bytes change only when a session does, or at midnight.
func (s *Store) FeedICS(ctx context.Context, w io.Writer, f Filter, c ICS) (err error) {
	defer errs.Wrap(&err, "calendar feed")
	today := midnight(s.now())
	f.States, f.Newest = nil, false
	sessions, err := s.beginning(ctx, sessionColumns, today.AddDate(0, 0, -feedBack), today.AddDate(0, 0, feedAhead+1), f)
	if err != nil {
		return err
	}
	return c.Write(w, sessions)
}

// Write writes the sessions as one calendar object: CRLF, lines of at most 75
// octets that never break a character, times in UTC.
func (c ICS) Write(w io.Writer, sessions []Session) error {
	cal := c.calendar()
	for i := range sessions {
		c.event(cal, &sessions[i])
	}
	return writeCalendar(w, cal)
}

// calendar is an empty one with its header.
func (c ICS) calendar() *ics.Calendar {
	cal := ics.NewCalendarFor("songfa")
	cal.SetProductId("-//songfa//events//ZH")
	cal.SetCalscale("GREGORIAN")
	cal.SetMethod(ics.MethodPublish)
	if c.Name != "" {
		cal.SetName(c.Name)
		cal.SetXWRCalName(c.Name)
	}
	cal.SetXWRTimezone(Zone.String())
	cal.SetRefreshInterval(refresh) // the library adds VALUE=DURATION
	cal.SetXPublishedTTL(refresh)
	return cal
}

func writeCalendar(w io.Writer, cal *ics.Calendar) error {
	if err := cal.SerializeTo(w, ics.WithNewLineWindows); err != nil {
		return errs.New(errs.Internal, "", "write calendar: %w", err)
	}
	return nil
}

func (c ICS) event(cal *ics.Calendar, s *Session) *ics.VEvent {
	e := cal.AddEvent(s.UID)
	// The last change, not now: bytes stay equal while nothing changes.
	e.SetDtStampTime(s.Updated)
	e.SetModifiedAt(s.Updated)
	e.SetSequence(s.Seq)
	status := ics.ObjectStatusConfirmed
	if s.State.off() {
		status = ics.ObjectStatusCancelled
	}
	e.SetStatus(status)
	e.SetStartAt(s.Starts.Truncate(time.Second))
	e.SetEndAt(s.Ends.Truncate(time.Second))
	e.SetSummary(s.CalendarTitle())
	if place := s.Place(); place != "" {
		e.SetLocation(place)
	}
	if text := s.calendarText(); text != "" {
		e.SetDescription(text)
	}
	e.AddCategory(s.Type.Label())
	if c.BaseURL != "" && s.State.Public() {
		e.SetURL(strings.TrimSuffix(c.BaseURL, "/") + "/events/" + s.No)
	}
	return e
}

// calendarText is the description: the reason first, since a telephone may show
// only the first line.
func (s Session) calendarText() string {
	var lines []string
	add := func(label, text string) {
		if text != "" {
			lines = append(lines, label+text)
		}
	}
	add("原因：", s.Reason)
	add("", s.Summary)
	add("主讲：", s.Lawyers)
	add("主办：", s.Organizer)
	add("电话：", s.ContactPhone)
	return strings.Join(lines, "\n")
}
