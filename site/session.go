package site

import (
	"context"
	"fmt"

	"github.com/gofiber/fiber/v2"

	"github.com/songfa/songfa/content"
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
		Status: s.badge(e, status),
		Off:    status == events.StatusCancelled || status == events.StatusPostponed || status == events.StatusNotHeld}
}

// signUpPhase is the session's; in files, which nothing can be sent to and whose
// free places nobody counts, people sign up by telephone.
func (s *Site) signUpPhase(e *events.Session) events.SignUpPhase {
	phase := e.SignUpPhase(s.cfg.Now())
	if s.cfg.Static && (phase == events.SignUpOpen || phase == events.SignUpQueue) {
		return events.SignUpByPhone
	}
	return phase
}

func sessionPath(no string) string { return "/events/" + no }

func sessionType(t events.Type) themes.SessionType {
	return themes.SessionType{Code: string(t), Name: t.Label(), Glyph: t.Glyph()}
}

// badge is the state in a word or two, as it matters to somebody who wants to come.
func (s *Site) badge(e *events.Session, status events.Status) themes.Badge {
	switch status {
	case events.StatusUpcoming, events.StatusFull:
		b := s.signUpBadge(e)
		if e.Moved() && b.Tone == themes.Good {
			b = themes.Badge{Text: "时间或地点有变，" + b.Text, Tone: themes.Due}
		}
		return b
	case events.StatusOngoing:
		return themes.Badge{Text: status.Label(), Tone: themes.Good}
	case events.StatusPostponed:
		return themes.Badge{Text: status.Label(), Tone: themes.Due}
	case events.StatusCancelled, events.StatusNotHeld:
		return themes.Badge{Text: status.Label(), Tone: themes.Warn}
	}
	return themes.Badge{Text: status.Label()}
}

// signUpBadge says how the places of a coming session stand.
func (s *Site) signUpBadge(e *events.Session) themes.Badge {
	phase := s.signUpPhase(e)
	free, counted := e.Free(s.cfg.Now())
	b := phaseBadge(phase)
	switch {
	case phase == events.SignUpNone:
		b.Text = "不用报名，直接来"
	case phase == events.SignUpOpen && counted:
		b.Text = fmt.Sprintf("还有 %d 个名额", free)
	case phase == events.SignUpQueue:
		b.Text = "已满，可以候补"
	case phase == events.SignUpSoon:
		b.Text = e.SignUpFrom.In(events.Zone).Format("1 月 2 日 15:04") + " 开始报名"
	case phase == events.SignUpClosed:
		b.Text = "报名已截止"
	}
	return b
}

// eventPage answers /events/{no}.
func (s *Site) eventPage(ctx context.Context, c *fiber.Ctx) error {
	e, err := s.cfg.Events.Session(ctx, c.Params("no"))
	if err != nil {
		return err
	}
	if e.No != c.Params("no") { // typed in small letters from a poster
		return s.redirect(c, sessionPath(e.No))
	}
	p := s.sessionPage(c, &e)
	if p.Photos, err = s.outcomePhotos(ctx, &e); err != nil {
		return err
	}
	if p.Guides, err = s.guidesFor(ctx, e.Type); err != nil {
		return err
	}
	if p.Others, err = s.otherSessions(ctx, &e); err != nil {
		return err
	}
	cacheableFresh(c, true)
	return s.render(c, p)
}

func (s *Site) sessionPage(c *fiber.Ctx, e *events.Session) *themes.SessionPage {
	phase := s.signUpPhase(e)
	free, _ := e.Free(s.cfg.Now())
	p := &themes.SessionPage{Shell: s.shell(c, sessionPath(e.No), e.Title), Session: s.session(e), No: e.No,
		Summary: e.Summary, Audience: e.Audience, Address: e.Address, Organizer: e.Organizer, Lawyers: e.Lawyers,
		ContactPhone: e.ContactPhone, Capacity: e.Capacity, Free: free, CanSignUp: phase == events.SignUpByPhone,
		ICS: sessionPath(e.No) + ".ics", Updated: e.Updated, EventStatus: e.EventStatus()}
	p.Column = themes.Column{Name: "活动", Href: "/events/"}
	p.Crumbs = []themes.Link{{Text: "活动", Href: "/events/"}}
	p.Keywords = []string{e.Type.Label()}
	p.Description = shorten(e.Summary, 120)
	switch phase {
	case events.SignUpOpen:
		p.SignUp = themes.Link{Text: "我要报名", Href: signUpPath(e.No)}
	case events.SignUpQueue:
		p.SignUp = themes.Link{Text: "我要候补", Href: signUpPath(e.No)}
	}
	if e.TakesSignUps() && e.State == events.Published && phase != events.SignUpNone && !s.cfg.Static {
		p.Find = themes.Link{Text: "查报名、取消报名", Href: findPath}
	}
	if !p.Session.Off && s.cfg.Now().Before(e.Ends) {
		p.Poster = themes.Link{Text: "海报", Href: posterPath(e.No)}
		if s.cfg.Poster.Chinese() {
			p.Image = posterPath(e.No) + ".png"
		}
	}
	if e.StationName != "" {
		p.Station = themes.Link{Text: e.StationName, Href: "/stations/#" + e.Station}
	}
	if p.Session.Off {
		p.Change = &themes.Notice{Text: e.Reason, Date: e.Updated}
	}
	for i := len(e.History) - 1; i >= 0; i-- {
		m := e.History[i]
		p.Moves = append(p.Moves, themes.Move{Starts: m.Starts.In(events.Zone), Ends: m.Ends.In(events.Zone), Venue: m.Venue, At: m.MovedAt})
	}
	for _, t := range e.PreviousStarts() {
		p.Previous = append(p.Previous, t.In(events.Zone))
	}
	if o := e.PublicOutcome(); o != nil {
		p.Outcome = &themes.Outcome{Attendance: o.Attendance, Brochures: o.Brochures, Consultations: o.Consultations, Documents: o.Documents}
	}
	return p
}

// outcomePhotos are the approved pictures of a session whose outcome is public,
// in the sizes the library has.
func (s *Site) outcomePhotos(ctx context.Context, e *events.Session) ([]themes.Picture, error) {
	if e.PublicOutcome() == nil {
		return nil, nil
	}
	photos, err := s.cfg.Events.PublicPhotos(ctx, e.ID)
	if err != nil || len(photos) == 0 {
		return nil, err
	}
	keys := make([]string, len(photos))
	for i, p := range photos {
		keys[i] = p.Public()
	}
	found, err := s.cfg.Media.GetMany(ctx, keys)
	var pictures []themes.Picture
	for _, key := range keys {
		if o, ok := found[key]; ok {
			pictures = append(pictures, themes.Picture{Src: o.Fallback(), SrcSet: o.SrcSet(), Width: o.Width, Height: o.Height,
				Alt: fmt.Sprintf("现场照片 %d", len(pictures)+1)})
		}
	}
	return pictures, err
}

// topicsOf are what people at each kind of session mostly ask about.
var topicsOf = map[events.Type]string{
	events.Enterprise: "labour-contract", events.Site: "wages", events.Village: "legal-aid",
	events.JobFair: "labour-contract", events.Community: "social-insurance", events.School: "women-minors",
}

// guidesFor lists what to read before a session of the type.
func (s *Site) guidesFor(ctx context.Context, t events.Type) ([]themes.Card, error) {
	found, err := s.cfg.Content.List(ctx, content.Filter{Kind: content.Guide, Topic: topicsOf[t], Size: 3})
	return cards(found.Items, false), err
}

// otherSessions are coming ones in the same town, then any.
func (s *Site) otherSessions(ctx context.Context, e *events.Session) ([]themes.Session, error) {
	var list []events.Session
	seen := map[string]bool{e.ID: true}
	for _, town := range []string{e.Town, ""} {
		more, err := s.cfg.Events.Upcoming(ctx, events.Filter{Town: town, Limit: 4})
		if err != nil {
			return nil, err
		}
		for _, m := range more {
			if !seen[m.ID] && len(list) < 3 {
				seen[m.ID] = true
				list = append(list, m)
			}
		}
	}
	return s.sessions(list), nil
}
