package events

import (
	"context"
	"io"

	ics "github.com/arran4/golang-ical"

	"github.com/songfa/songfa/internal/errs"
)

// PersonFeed writes the calendar behind a secret address: the sessions of one
// person, with the UIDs of the public feed, so that one appointment is one entry
// on a telephone that subscribes to both. Nobody's name is in it. What was
// declined or taken over is left out; what was cancelled stays as in the public
// feed.
func (s *Store) PersonFeed(ctx context.Context, w io.Writer, token string, c ICS) (err error) {
	defer errs.Wrap(&err, "personal calendar feed")
	g, err := s.byToken(ctx, feedKind, "p.feed_blind = $1", token)
	if err != nil {
		return err
	}
	today := midnight(s.now())
	list, err := s.duties(ctx, s.db.Reader(), `a.practitioner = $1 AND a.state IN ('invited', 'accepted', 'moved', 'present', 'cancelled')
		AND s.starts_at >= $2 AND s.starts_at < $3`, g.ID, today.AddDate(0, 0, -feedBack).UnixMilli(), today.AddDate(0, 0, feedAhead+1).UnixMilli())
	if err != nil {
		return err
	}
	cal := c.calendar()
	for i := range list {
		c.duty(cal, &list[i])
	}
	return writeCalendar(w, cal)
}

// duty is the event of one assignment.
func (c ICS) duty(cal *ics.Calendar, d *Duty) {
	se := d.Session
	if d.Updated.After(se.Updated) {
		se.Updated = d.Updated // the entry changes with the answer too
	}
	if !se.State.Public() { // not announced yet: whose guests we are is not for calendars on other people's servers
		se.Organizer, se.ContactPhone, se.Summary = "", "", ""
	}
	se.Lawyers = ""
	e := c.event(cal, &se)
	switch {
	case d.State == DutyCancelled:
		e.SetStatus(ics.ObjectStatusCancelled)
	case d.State == DutyInvited && !se.State.off():
		e.SetStatus(ics.ObjectStatusTentative)
		e.SetSummary("【待答复】" + se.CalendarTitle())
	case d.State == DutyMoved && !se.State.off():
		e.SetStatus(ics.ObjectStatusTentative)
		e.SetSummary("【请重新确认】" + se.CalendarTitle())
	}
}
