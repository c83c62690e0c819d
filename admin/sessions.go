package admin

import (
	"net/url"
	"strconv"

	"github.com/songfa/songfa/events"
)

// sessionsSection is the entry of the menu for all that plans sessions.
const sessionsSection = "/admin/sessions/"

const sessionsOnPage = 30

// stage is one way to look at the list of sessions.
type stage struct {
	Name, Label string
	filter      func(a *Admin) events.Filter
}

var stages = []stage{
	{"", "接下来", func(a *Admin) events.Filter {
		return events.Filter{From: a.cfg.Now(), States: []events.State{events.Draft, events.Published, events.Postponed}}
	}},
	{"draft", "草稿", func(*Admin) events.Filter { return events.Filter{States: []events.State{events.Draft}} }},
	{"ended", "办完没有登记", func(a *Admin) events.Filter {
		return events.Filter{To: a.cfg.Now(), States: []events.State{events.Published}, Newest: true}
	}},
	{"all", "全部", func(*Admin) events.Filter { return events.Filter{States: events.States(), Newest: true} }},
}

type sessionsPage struct {
	shell
	Stages   []stage
	Stage    string
	Text     string // searched for
	Town     string
	Type     events.Type
	Towns    []events.Town
	Types    []events.Type
	Sessions []events.Session
	Total    int
	Page     int
}

// Address is another stage or page of the list.
func (p sessionsPage) Address(stage string, page int) string {
	return listAddress(sessionsSection, page, "stage", stage, "q", p.Text, "town", p.Town, "type", string(p.Type))
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
func (p sessionsPage) Next() int {
	if p.Page*sessionsOnPage < p.Total {
		return p.Page + 1
	}
	return 0
}

// Previous is the page before.
func (p sessionsPage) Previous() int { return p.Page - 1 }

func (a *Admin) sessions(r *request) error {
	page := sessionsPage{shell: a.shell(r, "/admin/sessions/", "场次"), Stages: stages, Stage: r.query("stage"), Text: r.query("q"), Town: r.query("town"),
		Type: events.Type(r.query("type")), Types: events.Types(), Page: min(max(1, r.QueryInt("page")), 10_000)}
	filter := stages[0].filter(a)
	for _, s := range stages {
		if s.Name == page.Stage {
			filter = s.filter(a)
		}
	}
	if page.Text != "" && page.Stage == "" { // who looks for one session means any
		page.Stage = "all"
		filter = stages[len(stages)-1].filter(a)
	}
	filter.Town, filter.Type, filter.Text = page.Town, page.Type, page.Text
	filter.Limit, filter.Offset = sessionsOnPage, (page.Page-1)*sessionsOnPage
	var err error
	if page.Sessions, err = a.cfg.Events.Sessions(r.ctx, filter); err != nil {
		return err
	}
	if page.Total, err = a.cfg.Events.CountSessions(r.ctx, filter); err != nil {
		return err
	}
	if page.Towns, err = a.cfg.Events.Towns(r.ctx); err != nil {
		return err
	}
	return a.render(r, "sessions", page)
}
