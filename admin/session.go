package admin

import (
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/songfa/songfa/events"
	"github.com/songfa/songfa/internal/ledger"
)

// logOnPage is how many entries of the history a session's page shows.
const logOnPage = 12

// workPage is one session as the coordinator sees it: where it stands, what was
// asked, what stands against it, and only the steps that may be taken now.
type workPage struct {
	shell
	ID      string
	Version int
	Go      string // the step that was tried
	Rank    int    // of the wish it is about
	form    url.Values
	Stale   bool // the step did not fit the state

	Work    events.Work
	Session events.Session
	Walk    []walkStep
	Waiting string
	Due     string // in words
	Tone    string // of the tag with the due date
	Wishes  []wishRow
	Own     []events.Conflict // against the session's own time
	Parts   []part
	Serving int // people who were asked to serve and have not said no
	Tabs    []tab
	Types   []events.Type
	Towns   []events.Town
	Venues  []events.Venue
	Log     []ledger.AuditEntry
	Looked  bool // at another time
	Against []events.Conflict
	Name    string // of the contact, once revealed
	Phone   string
}

// wishRow is a time somebody wishes for, with what stands against it.
type wishRow struct {
	events.RankedWish
	Conflicts []events.Conflict
	Free      []string // lawyers, the most fitting first
	More      int      // lawyers who are free besides
}

// Blocked reports that the wish cannot be granted.
func (w wishRow) Blocked() bool { return blocked(w.Conflicts) }

// Clear reports that nothing at all stands against the wish.
func (w wishRow) Clear() bool { return len(w.Conflicts) == 0 }

// Name says how much it is wished for.
func (w wishRow) Name() string {
	if w.Rank == 1 {
		return "首选"
	}
	return "备选"
}

func blocked(list []events.Conflict) bool {
	return slices.ContainsFunc(list, func(c events.Conflict) bool { return c.Block })
}

// tab is a part of the session with a page of its own.
type tab struct{ Path, Name string }

// sessionTabs are the parts that have a page, by the end of its address.
var sessionTabs = []tab{
	{"/edit", "改内容"}, {"/signups", "报名"}, {"/staffing", "人员"}, {"/materials", "材料"}, {"/checkin", "签到"}, {"/report", "结果"},
}

// tabs lists the parts of a session whose pages this actor may open.
func (a *Admin) tabs(r *request) []tab {
	var open []tab
	for _, t := range sessionTabs {
		if slices.ContainsFunc(a.routes(), func(to route) bool {
			return to.path == "/sessions/:id"+t.Path && (len(to.may) == 0 || slices.ContainsFunc(to.may, r.actor.Can))
		}) {
			open = append(open, t)
		}
	}
	return open
}

// Can reports whether a coordinator may bring the session into a state now.
func (p *workPage) Can(next events.State) bool {
	return p.Session.State.May(events.ByCoordinator, next)
}

// Warned reports that a time that is wished for has something against it that a
// reason may set aside.
func (p *workPage) Warned() bool {
	return slices.ContainsFunc(p.Wishes, func(w wishRow) bool { return !w.Clear() && !w.Blocked() })
}

// Has reports that the part with this end of an address has a page for the
// reader.
func (p *workPage) Has(path string) bool {
	return slices.ContainsFunc(p.Tabs, func(t tab) bool { return t.Path == path })
}

// Open reports whether the panel was just sent, so that it is shown open.
func (p *workPage) Open(panel string) bool { return p.panel() == panel }

// Typed is what was typed into the panel's field; the value it has otherwise.
func (p *workPage) Typed(panel, name, value string) string {
	if p.panel() == panel && p.form.Has(panel+"_"+name) {
		return p.form.Get(panel + "_" + name)
	}
	return value
}

// Notices are the privacy notices that sign-up can show.
func (p *workPage) Notices() []events.Notice { return events.Notices() }

// Asked reports that an organizer asked for the session.
func (p *workPage) Asked() bool { return p.Work.Request != "" }

// Deciding reports that an answer is owed.
func (p *workPage) Deciding() bool {
	return (p.Session.State == events.Submitted || p.Session.State == events.InReview) && p.Work.Pending == nil
}

// Movable reports that the session may get another time or place.
func (p *workPage) Movable() bool {
	return slices.Contains([]events.State{events.Draft, events.Accepted, events.Scheduled, events.Published, events.Postponed}, p.Session.State)
}

func (a *Admin) showSession(r *request) error {
	return a.renderWork(r, &workPage{ID: r.param("id")})
}

// renderWork reads the session anew: what is shown is what may be done now.
func (a *Admin) renderWork(r *request, p *workPage) (err error) {
	if p.Work, err = a.cfg.Events.Work(r.ctx, r.actor, p.ID); err != nil {
		return err
	}
	p.Session = p.Work.Session
	p.Version = p.Session.Version
	if err := a.workLists(r, p); err != nil {
		return err
	}
	c, err := a.cfg.Events.Calendar(r.ctx)
	if err != nil {
		return err
	}
	p.Walk, p.Waiting = walk(p.Session, p.Asked()), waiting(p.Session, p.Work.Owner)
	p.Due, p.Tone = dueWords(c, a.cfg.Now(), p.Work.Due), dueTone(c, a.cfg.Now(), p.Work.Due)
	p.Own = p.Work.Conflicts[0]
	if p.Wishes, err = a.wishRows(r, p.Work); err != nil {
		return err
	}
	p.Tabs = a.tabs(r)
	staff, err := a.cfg.Events.Staffing(r.ctx, r.actor, p.ID)
	if err != nil {
		return err
	}
	p.named(staff)
	p.Serving = serving(staff)
	if p.Parts, err = a.parts(r, p.Session, staff); err != nil {
		return err
	}
	ps := p.Problems
	p.shell = a.shell(r, sessionsSection, p.Session.Title)
	p.Problems = ps
	return a.render(r, "session", p)
}

func (a *Admin) workLists(r *request, p *workPage) (err error) {
	if p.Towns, err = a.cfg.Events.TownsFor(r.ctx, r.actor); err != nil {
		return err
	}
	if p.Venues, err = a.cfg.Events.Venues(r.ctx, events.VenueFilter{For: r.actor}); err != nil {
		return err
	}
	p.Log, err = a.cfg.Ledger.Audit(r.ctx, ledger.AuditFilter{Object: "session:" + p.ID, Limit: logOnPage})
	return err
}

// freeShown is how many free lawyers a wish names.
const freeShown = 3

// wishRows are the times that are wished for; while an answer is owed, with the
// lawyers who are free then.
func (a *Admin) wishRows(r *request, w events.Work) ([]wishRow, error) {
	var rows []wishRow
	for _, wish := range w.Wishes {
		row := wishRow{RankedWish: wish, Conflicts: w.Conflicts[wish.Rank]}
		if s := w.Session.State; s == events.Submitted || s == events.InReview {
			able, err := a.cfg.Events.SuggestAt(r.ctx, r.actor, w.Session.ID, events.RoleLawyer, wish.Starts, wish.Ends)
			if err != nil {
				return nil, err
			}
			row.Free, row.More = freeOf(able)
		}
		rows = append(rows, row)
	}
	return rows, nil
}

// freeOf names the first of those whom nothing keeps away, and counts the others.
func freeOf(able []events.Suggestion) (names []string, more int) {
	for _, one := range able {
		switch {
		case one.Blocked != "" || len(one.Warns) > 0:
		case len(names) < freeShown:
			names = append(names, one.Person.Name)
		default:
			more++
		}
	}
	return names, more
}

// MoveDate, MoveFrom and MoveTo are what the fields of a move begin with.
func (p *workPage) MoveDate() string {
	return p.Typed("move", "date", stamp(p.Session.Starts, time.DateOnly))
}

// MoveFrom is the beginning of the other time.
func (p *workPage) MoveFrom() string {
	return p.Typed("move", "start", stamp(p.Session.Starts, "15:04"))
}

// MoveTo is the end of it.
func (p *workPage) MoveTo() string { return p.Typed("move", "end", stamp(p.Session.Ends, "15:04")) }

// Told says who hears of a change, in words.
func (p *workPage) Told() []string {
	var told []string
	if n := p.Session.Taken; n > 0 {
		told = append(told, "报了名的 "+strconv.Itoa(n)+" 人")
	}
	if n := p.Session.Waiting; n > 0 {
		told = append(told, "候补的 "+strconv.Itoa(n)+" 家")
	}
	if p.Serving > 0 {
		told = append(told, "约好的律师、志愿者 "+strconv.Itoa(p.Serving)+" 位")
	}
	if p.Asked() {
		told = append(told, "申请的单位")
	}
	return told
}
