package admin

import (
	"net/url"
	"slices"
	"strconv"

	"github.com/songfa/songfa/events"
	"github.com/songfa/songfa/internal/web"
)

const messagesOnPage = 50

// outboxTabs are the states in the order of the work.
var outboxTabs = []events.MessageState{events.MessageToCall, events.MessageQueued, events.MessageSending, events.MessageSent, events.MessageCancelled}

type outboxPage struct {
	shell
	Tabs   []events.MessageState
	State  events.MessageState
	Filter string // session.id, "" for all
	Counts map[events.MessageState]int
	Items  []events.OutboxItem
	Total  int
	Page   int
	Picked []string // message ids ticked in a form that failed
	Reason string   // typed
	Shown  bool     // names and numbers are whole
}

// Address is another state or page.
func (p outboxPage) Address(state events.MessageState, page int) string {
	q := url.Values{"state": {string(state)}}
	if p.Filter != "" {
		q.Set("session", p.Filter)
	}
	if page > 1 {
		q.Set("page", strconv.Itoa(page))
	}
	return "/admin/outbox/?" + q.Encode()
}

// Previous and Next are the pages beside; 0 for none.
func (p outboxPage) Previous() int { return p.Page - 1 }

func (p outboxPage) Next() int {
	if p.Page*messagesOnPage < p.Total {
		return p.Page + 1
	}
	return 0
}

// Has reports whether the message was ticked.
func (p outboxPage) Has(id string) bool { return slices.Contains(p.Picked, id) }

// Task reports whether these wait for somebody to phone.
func (p outboxPage) Task() bool { return p.State == events.MessageToCall }

// Waits reports whether messages in the state wait for something, and are
// counted.
func (p outboxPage) Waits(state events.MessageState) bool {
	return state == events.MessageToCall || state == events.MessageQueued || state == events.MessageSending
}

// Open reports whether anything can still be done with these.
func (p outboxPage) Open() bool {
	return p.State == events.MessageToCall || p.State == events.MessageQueued
}

func (a *Admin) outbox(r *request) error {
	return a.renderOutbox(r, a.outboxPage(r.query("state"), r.query("session"), r.query("page")))
}

func (a *Admin) outboxPage(state, session, page string) *outboxPage {
	p := &outboxPage{Tabs: outboxTabs, State: events.MessageState(state), Filter: session, Page: 1}
	if !slices.Contains(outboxTabs, p.State) {
		p.State = events.MessageToCall
	}
	if n, err := strconv.Atoi(page); err == nil && n > 1 && n <= 10_000 {
		p.Page = n
	}
	return p
}

func (a *Admin) renderOutbox(r *request, p *outboxPage) (err error) {
	if !p.Shown {
		p.Items, p.Total, err = a.cfg.Events.Outbox(r.ctx, r.actor, events.MessageFilter{State: p.State, Session: p.Filter,
			Limit: messagesOnPage, Offset: (p.Page - 1) * messagesOnPage})
		if err != nil {
			return err
		}
	}
	if p.Counts, err = a.cfg.Events.OutboxCounts(r.ctx, r.actor); err != nil {
		return err
	}
	ps := p.Problems
	p.shell = a.shell(r, "/admin/outbox/", "发件箱")
	p.Problems = ps
	return a.render(r, "outbox", p)
}

// stepOutbox does what a button of the list says with the messages ticked. The
// button that shows numbers answers the POST itself: no address may show them.
func (a *Admin) stepOutbox(r *request) error {
	p := a.outboxPage(r.form.Get("state"), r.form.Get("session"), r.form.Get("page"))
	p.Picked, p.Reason = r.form["id"], r.form.Get("reason")
	r.again = func(why web.Problem) error {
		p.Problems, p.Shown = problemsOf(r.err, why.Message), false
		return a.renderOutbox(r, p)
	}
	if r.form.Get("go") == "reveal" {
		items, err := a.cfg.Events.RevealOutbox(r.ctx, r.actor, p.Picked, p.Reason)
		if err != nil {
			return err
		}
		p.Items, p.Total, p.Shown, p.Page = items, len(items), true, 1
		return a.renderOutbox(r, p)
	}
	step := events.MessageStep(r.form.Get("go"))
	if _, err := a.cfg.Events.StepMessages(r.ctx, r.actor, p.Picked, step); err != nil {
		return err
	}
	return a.done(r, p.Address(p.State, 1), "message_"+string(step))
}
