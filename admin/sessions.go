package admin

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/songfa/songfa/events"
	"github.com/songfa/songfa/internal/auth"
)

// sessionsSection is the entry of the menu for all that plans sessions.
const sessionsSection = "/admin/sessions/"

const sessionsOnPage = 30

// sessionsPage is the inbox, the list and whatever else shows many sessions.
type sessionsPage struct {
	shell
	Piles    []pile
	Pile     pile
	Counts   map[string]int // by name of the pile
	Text     string         // searched for
	Town     string
	Type     events.Type
	State    events.State
	Towns    []events.Town
	Types    []events.Type
	States   []events.State
	Cards    []card
	Held     []card // decided, not yet out
	Risks    []events.Risk
	Sessions []events.Session
	Page     int
	Unknown  int // a year soon to be planned without a holiday notice, or 0
}

// Total is how many sessions the pile holds under the filters.
func (p *sessionsPage) Total() int { return p.Counts[p.Pile.Name] }

// Address is another pile or page of the list.
func (p *sessionsPage) Address(pile string, page int) string {
	return listAddress(sessionsSection, page, "stage", pile, "q", p.Text, "town", p.Town, "type", string(p.Type), "state", string(p.State))
}

// listAddress is a page of a list with the filters, name and value by turns,
// that are set.
func listAddress(path string, page int, filters ...string) string {
	q := url.Values{}
	for i := 0; i+1 < len(filters); i += 2 {
		if filters[i+1] != "" {
			q.Set(filters[i], filters[i+1])
		}
	}
	if page > 1 {
		q.Set("page", strconv.Itoa(page))
	}
	return path + "?" + q.Encode()
}

// Next is the next page, 0 for none.
func (p *sessionsPage) Next() int {
	size := sessionsOnPage
	if p.Pile.cards {
		size = cardsOnPage
	}
	if p.Page*size < p.Total() && p.Pile.Name != "risk" {
		return p.Page + 1
	}
	return 0
}

// Previous is the page before.
func (p *sessionsPage) Previous() int { return p.Page - 1 }

// filter narrows a stage as the page says.
func (p *sessionsPage) filter(stage events.Stage) events.InboxFilter {
	return events.InboxFilter{Stage: stage, Town: p.Town, Type: p.Type, Query: p.Text}
}

// shows reports that the filters leave a session.
func (p *sessionsPage) shows(s events.Session) bool {
	text := strings.ToLower(strings.TrimSpace(p.Text))
	return (p.Town == "" || s.Town == p.Town) && (p.Type == "" || s.Type == p.Type) &&
		strings.Contains(strings.ToLower(s.No+"\n"+s.Title+"\n"+s.Organizer), text)
}

func (a *Admin) sessions(r *request) (err error) {
	p := &sessionsPage{shell: a.shell(r, sessionsSection, "场次"), Piles: piles, Pile: piles[0], Text: r.query("q"), Town: r.query("town"),
		Type: events.Type(r.query("type")), State: events.State(r.query("state")), Types: events.Types(), States: events.States(),
		Page: min(max(1, r.QueryInt("page")), 10_000)}
	name := r.query("stage")
	if name == "" && (p.Text != "" || p.State != "") { // who looks for one session means any
		name = "all"
	}
	if i := slices.IndexFunc(piles, func(one pile) bool { return one.Name == name }); i >= 0 {
		p.Pile = piles[i]
	}
	if p.Towns, err = a.cfg.Events.TownsFor(r.ctx, r.actor); err != nil {
		return err
	}
	if err := a.fillPile(r, p); err != nil {
		return err
	}
	return a.render(r, "sessions", p)
}

// fillPile reads the pile that is looked at, and how many are in each.
func (a *Admin) fillPile(r *request, p *sessionsPage) (err error) {
	if p.Risks, err = a.cfg.Events.AtRisk(r.ctx, r.actor); err != nil {
		return err
	}
	p.Risks = slices.DeleteFunc(p.Risks, func(one events.Risk) bool { return !p.shows(one.Session) })
	if err := a.countPiles(r, p); err != nil {
		return err
	}
	switch {
	case p.Pile.Name == "risk":
		return nil
	case p.Pile.cards:
		if err := a.cards(r, p); err != nil {
			return err
		}
		if p.Pile.Name == "" {
			return a.morning(r, p)
		}
		return nil
	}
	return a.tableOf(r, p)
}

// morning adds what only the first page of the day shows.
func (a *Admin) morning(r *request, p *sessionsPage) (err error) {
	if p.Held, err = a.held(r); err != nil {
		return err
	}
	calendar, err := a.cfg.Events.Calendar(r.ctx)
	if soon := a.cfg.Now().In(events.Zone).AddDate(0, 1, 0).Year(); err == nil && !calendar.Known(soon) {
		p.Unknown = soon
	}
	return err
}

func (a *Admin) countPiles(r *request, p *sessionsPage) error {
	counts, err := a.cfg.Events.InboxCounts(r.ctx, r.actor, p.filter(""))
	if err != nil {
		return err
	}
	p.Counts = map[string]int{"risk": len(p.Risks)}
	for _, one := range piles {
		for _, stage := range one.stages {
			p.Counts[one.Name] += counts[stage]
		}
	}
	if p.Pile.stages != nil && !p.Pile.cards { // the table has filters of its own
		p.Counts[p.Pile.Name], err = a.cfg.Events.CountSessions(r.ctx, p.listed(r.actor))
	}
	return err
}

// listed is the filter of a pile that is shown as a table.
func (p *sessionsPage) listed(actor auth.Actor) events.Filter {
	f := events.Filter{For: actor, States: []events.State{events.Published, events.Postponed}, Town: p.Town, Type: p.Type, Text: p.Text}
	if p.Pile.Name == "all" {
		f.States, f.Newest = events.States(), true
		if p.State.Valid() {
			f.States = []events.State{p.State}
		}
	}
	return f
}

func (a *Admin) tableOf(r *request, p *sessionsPage) (err error) {
	f := p.listed(r.actor)
	f.Limit, f.Offset = sessionsOnPage, (p.Page-1)*sessionsOnPage
	p.Sessions, err = a.cfg.Events.Sessions(r.ctx, f)
	return err
}
