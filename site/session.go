package site

import (
	"fmt"

	"github.com/songfa/songfa/events"
	"github.com/songfa/songfa/themes"
)

// sessions show outreach events in a list.
func (s *Site) sessions(list []events.Session) []themes.Session {
	out := make([]themes.Session, len(list))
	for i := range list {
		out[i] = s.session(&list[i])
	}
	return out
}

func (s *Site) session(e *events.Session) themes.Session {
	status := e.Status(s.cfg.Now())
	return themes.Session{Title: e.Title, Href: sessionPath(e.No), Type: sessionType(e.Type),
		Starts: e.Starts.In(events.Zone), Ends: e.Ends.In(events.Zone), Town: e.TownName, Venue: e.Venue,
		Status: badge(e, status),
		Off:    status == events.StatusCancelled || status == events.StatusPostponed || status == events.StatusNotHeld}
}

func sessionPath(no string) string { return "/events/" + no }

func sessionType(t events.Type) themes.SessionType {
	return themes.SessionType{Code: string(t), Name: t.Label(), Glyph: t.Glyph()}
}

// badge is the state in a word or two, as it matters to somebody who wants to come.
func badge(e *events.Session, status events.Status) themes.Badge {
	switch status {
	case events.StatusUpcoming:
		free, counted := e.Free()
		switch {
		case !counted:
			return themes.Badge{Text: "不用报名，直接来", Tone: themes.Good}
		case e.Moved():
			return themes.Badge{Text: fmt.Sprintf("时间或地点有变，还有 %d 个名额", free), Tone: themes.Due}
		}
		return themes.Badge{Text: fmt.Sprintf("还有 %d 个名额", free), Tone: themes.Good}
	case events.StatusOngoing:
		return themes.Badge{Text: status.Label(), Tone: themes.Good}
	case events.StatusFull, events.StatusPostponed:
		return themes.Badge{Text: status.Label(), Tone: themes.Due}
	case events.StatusCancelled, events.StatusNotHeld:
		return themes.Badge{Text: status.Label(), Tone: themes.Warn}
	}
	return themes.Badge{Text: status.Label()}
}
