package admin

import (
	"cmp"
	"slices"

	"github.com/songfa/songfa/events"
)

// cardsOnPage is how many cards one page of the inbox holds: each is read with
// all that stands against its times.
const cardsOnPage = 20

// heldAtOnce bounds the list of answers that wait to go out together.
const heldAtOnce = 200

// pile is one way to look at the sessions: those of some stages, as cards with
// what is to be done.
type pile struct {
	Name, Label string
	stages      []events.Stage
	cards       bool // else a table
}

// piles are in the order of the work. The first is what waits for an answer.
var piles = []pile{
	{"", "等我办", []events.Stage{events.StageNew, events.StageReview, events.StageVerify}, true},
	{"plan", "待排期", []events.Stage{events.StageStaffing, events.StageReady}, true},
	{"open", "报名中", []events.Stage{events.StageOpen}, false},
	{"report", "待填结果", []events.Stage{events.StageReport}, true},
	{"risk", "有风险", nil, false},
	{"all", "全部", []events.Stage{events.StageNew, events.StageReview, events.StageStaffing, events.StageReady, events.StageOpen, events.StageReport, events.StageVerify, events.StageDone}, false},
}

// card is one session of the inbox.
type card struct {
	events.InboxItem
	Due     string // in words
	Tone    string // of the tag with the due date
	Wishes  []wishRow
	Mine    bool   // it waits for the one who reads, or for anybody
	Verdict string // the answer that is decided and not yet out, in words
}

// Answerable reports that the request may be answered on the card.
func (c card) Answerable() bool {
	s := c.Session.State
	return c.Mine && c.Pending == nil && (s == events.Submitted || s == events.InReview)
}

// cards reads the sessions of a pile, the most urgent first.
func (a *Admin) cards(r *request, p *sessionsPage) error {
	var items []events.InboxItem
	for _, stage := range p.Pile.stages {
		f := p.filter(stage)
		f.Limit = p.Page * cardsOnPage
		some, err := a.cfg.Events.Inbox(r.ctx, r.actor, f)
		if err != nil {
			return err
		}
		items = append(items, some...)
	}
	slices.SortStableFunc(items, urgency)
	first := min(len(items), (p.Page-1)*cardsOnPage)
	items = items[first:min(len(items), first+cardsOnPage)]
	calendar, err := a.cfg.Events.Calendar(r.ctx)
	if err != nil {
		return err
	}
	for _, item := range items {
		c := a.card(calendar, item)
		c.Mine = item.Session.Owner == "" || item.Session.Owner == r.actor.ID
		if c.Answerable() {
			work, err := a.cfg.Events.Work(r.ctx, r.actor, item.Session.ID)
			if err != nil {
				return err
			}
			if c.Wishes, err = a.wishRows(r, work); err != nil {
				return err
			}
		}
		p.Cards = append(p.Cards, c)
	}
	return nil
}

// card is one session with its due date in words.
func (a *Admin) card(calendar *events.Calendar, item events.InboxItem) card {
	now := a.cfg.Now()
	return card{InboxItem: item, Due: dueWords(calendar, now, item.Due), Tone: dueTone(calendar, now, item.Due), Verdict: verdict(item.Pending)}
}

// Clear reports that a time can be granted in one click.
func (c card) Clear() bool { return slices.ContainsFunc(c.Wishes, wishRow.Clear) }

// urgency puts first what is due first, and what has no date last.
func urgency(x, y events.InboxItem) int {
	if x.Due.IsZero() != y.Due.IsZero() {
		if x.Due.IsZero() {
			return 1
		}
		return -1
	}
	return cmp.Or(x.Due.Compare(y.Due), cmp.Compare(x.Session.No, y.Session.No))
}

// held lists the answers that are decided and not yet out.
func (a *Admin) held(r *request) ([]card, error) {
	items, err := a.cfg.Events.Inbox(r.ctx, r.actor, events.InboxFilter{Stage: events.StageReview, Limit: heldAtOnce})
	if err != nil {
		return nil, err
	}
	var list []card
	for _, item := range items {
		if item.Pending != nil {
			list = append(list, card{InboxItem: item, Verdict: verdict(item.Pending)})
		}
	}
	return list, nil
}

// verdict is a decision in a word.
func verdict(d *events.Decision) string {
	if d == nil {
		return ""
	}
	return map[events.State]string{events.Accepted: "同意", events.Returned: "退回补正", events.Rejected: "不予安排"}[d.To]
}
