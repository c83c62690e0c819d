package admin

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/songfa/songfa/events"
	"github.com/songfa/songfa/internal/errs"
	"github.com/songfa/songfa/internal/web"
)

// sessionPage is the form of a session, for a new one and for changing what it
// says.
type sessionPage struct {
	shell
	Session  events.Session // zero for a new one
	Form     events.SessionForm
	Date     string // typed
	From, To string // typed
	Capacity string // typed
	Version  int
	Types    []events.Type
	Towns    []events.Town
	Stations []events.Station
	Venues   []events.Venue
	Theirs   diffs                 // what somebody else saved meanwhile
	Scope    events.Scope          // how far the change reaches in a series
	Preview  *events.SeriesPreview // what the change will do beyond this session
}

// Levels are what a sign-up may need.
func (p sessionPage) Levels() []events.VerifyLevel { return events.VerifyLevels() }

// New reports that nothing is stored yet.
func (p sessionPage) New() bool { return p.Session.ID == "" }

// Draft reports that nobody outside has seen it, so that it can be published
// from the form.
func (p sessionPage) Draft() bool { return p.New() || p.Session.State == events.Draft }

// Fixed reports that time and place are promised to somebody: they change in
// one place only, where conflicts are looked for and people are told.
func (p sessionPage) Fixed() bool { return !p.Draft() }

func (a *Admin) newSession(r *request) error {
	p := &sessionPage{Form: events.SessionForm{Organizer: a.cfg.Bureau}, From: "14:30", To: "16:00"}
	return a.renderSession(r, p)
}

func (a *Admin) editSession(r *request) error {
	p, err := a.sessionPage(r)
	if err != nil {
		return err
	}
	return a.renderSession(r, p)
}

func (a *Admin) sessionPage(r *request) (*sessionPage, error) {
	s, err := a.cfg.Events.SessionFor(r.ctx, r.actor, r.param("id"))
	if err != nil {
		return nil, err
	}
	p := &sessionPage{Session: s, Form: s.Form(), Version: s.Version}
	p.Date, p.From, p.To = stamp(s.Starts, time.DateOnly), stamp(s.Starts, "15:04"), stamp(s.Ends, "15:04")
	if s.Capacity > 0 {
		p.Capacity = strconv.Itoa(s.Capacity)
	}
	return p, nil
}

// take lays what was typed over the page.
func (p *sessionPage) take(r *request) {
	p.Version = int(r.version())
	get := r.form.Get
	if p.Scope = events.Scope(get("scope")); p.Scope != events.ScopeLater && p.Scope != events.ScopeAll {
		p.Scope = events.ScopeThis
	}
	p.Date, p.From, p.To, p.Capacity = get("date"), get("start"), get("end"), strings.TrimSpace(get("capacity"))
	p.Form = events.SessionForm{Type: events.Type(get("type")), Title: get("title"), Summary: get("summary"), Audience: words(get("audience")),
		Town: get("town"), Station: get("station"), VenueID: get("venue_id"), Venue: get("venue"), Address: get("address"),
		Organizer: get("organizer"), Lawyers: get("lawyers"), ContactPhone: get("contact_phone"), VerifyLevel: events.VerifyLevel(numberIn(get("verify_level")))}
	p.Form.Starts, p.Form.Ends = span(p.Date, p.From, p.To)
	if p.Fixed() {
		now := p.Session
		p.Date, p.From, p.To = stamp(now.Starts, time.DateOnly), stamp(now.Starts, "15:04"), stamp(now.Ends, "15:04")
		p.Form.Starts, p.Form.Ends = now.Starts, now.Ends
		p.Form.Town, p.Form.VenueID, p.Form.Venue, p.Form.Address = now.Town, now.VenueID, now.Venue, now.Address
	}
	if p.Capacity != "" {
		n, err := strconv.Atoi(p.Capacity)
		if err != nil {
			n = -1 // which the form refuses in its own words
		}
		p.Form.Capacity = n
	}
}

func (a *Admin) renderSession(r *request, p *sessionPage) (err error) {
	if p.Towns, err = a.cfg.Events.TownsFor(r.ctx, r.actor); err != nil {
		return err
	}
	if p.Stations, err = a.cfg.Events.Stations(r.ctx, events.StationFilter{For: r.actor}); err != nil {
		return err
	}
	if p.Venues, err = a.cfg.Events.Venues(r.ctx, events.VenueFilter{For: r.actor}); err != nil {
		return err
	}
	p.Types = events.Types()
	title := "登记一场"
	if !p.New() {
		title = p.Session.Title
	}
	ps := p.Problems
	p.shell = a.shell(r, "/admin/sessions/", title)
	p.Problems = ps
	return a.render(r, "session_edit", p)
}

// sessionFailed shows the form again. When somebody else saved meanwhile it
// shows what differs, and takes the form the next time.
func (a *Admin) sessionFailed(r *request, p *sessionPage) func(web.Problem) error {
	return func(why web.Problem) error {
		p.Problems = problemsOf(r.err, why.Message)
		if errs.Is(r.err, errs.Conflict) && !p.New() {
			now, err := a.cfg.Events.SessionFor(r.ctx, r.actor, p.Session.ID)
			if err != nil {
				return err
			}
			p.Session, p.Version, p.Theirs = now, now.Version, sessionDiffs(now.Form(), p.Form)
		}
		return a.renderSession(r, p)
	}
}

func sessionDiffs(theirs, mine events.SessionForm) diffs {
	var ds diffs
	ds.add("类型", theirs.Type.Label(), mine.Type.Label())
	ds.add("标题", theirs.Title, mine.Title)
	ds.add("时间", stamp(theirs.Starts, "2006-01-02 15:04")+"–"+stamp(theirs.Ends, "15:04"), stamp(mine.Starts, "2006-01-02 15:04")+"–"+stamp(mine.Ends, "15:04"))
	ds.add("镇街", theirs.Town, mine.Town)
	ds.add("站点", theirs.Station, mine.Station)
	ds.add("场地", theirs.VenueID, mine.VenueID)
	ds.add("地点", theirs.Venue, mine.Venue)
	ds.add("地址", theirs.Address, mine.Address)
	ds.add("简介", theirs.Summary, mine.Summary)
	ds.add("适合谁", strings.Join(theirs.Audience, "、"), strings.Join(mine.Audience, "、"))
	ds.add("名额", strconv.Itoa(theirs.Capacity), strconv.Itoa(mine.Capacity))
	ds.add("主办单位", theirs.Organizer, mine.Organizer)
	ds.add("主讲人", theirs.Lawyers, mine.Lawyers)
	ds.add("咨询电话", theirs.ContactPhone, mine.ContactPhone)
	ds.add("报名核实", theirs.VerifyLevel.Label(), mine.VerifyLevel.Label())
	return ds
}

// sameForm reports that nothing was typed.
func sameForm(f, g events.SessionForm) bool {
	return len(sessionDiffs(f, g)) == 0 && slices.Equal(f.Audience, g.Audience)
}
