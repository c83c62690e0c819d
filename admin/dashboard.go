package admin

import (
	"cmp"
	"slices"

	"github.com/songfa/songfa/content"
	"github.com/songfa/songfa/events"
	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/ledger"
)

// queue is how many rows of each list the dashboard shows.
const queue = 8

type dashboardPage struct {
	shell
	Today     string
	Drafts    []content.DeskItem
	Waiting   []content.ReviewItem // for me
	Others    []content.ReviewItem
	Scheduled []content.DeskItem
	Sessions  []events.Session
	Audit     []ledger.AuditEntry
	Kinds     []content.Kind
	Write     bool
	Review    bool
	Plan      bool
	Piles     []pileCount // of sessions
	Due       []card      // the most urgent of them
	Aged      int         // public photos that are due for a look
	Owed      []owed      // columns of mine that want a text
	Outdated  int         // places where an old edition still stands
}

func (a *Admin) dashboard(r *request) error {
	page := dashboardPage{shell: a.shell(r, "/admin/", "我的待办"), Today: today(a.cfg.Now()), Kinds: content.Kinds,
		Write: r.actor.Can(auth.Write), Review: r.actor.Can(auth.Publish), Plan: r.actor.Can(auth.Sessions)}
	var err error
	if page.Waiting, page.Others, err = a.waiting(r); err != nil {
		return err
	}
	if page.Write {
		if err := a.deskQueue(r, &page); err != nil {
			return err
		}
	}
	if page.Owed, err = a.owedColumns(r); err != nil {
		return err
	}
	if page.Plan {
		if err := a.planQueue(r, &page); err != nil {
			return err
		}
	}
	page.Sessions, err = a.cfg.Events.Upcoming(r.ctx, events.Filter{For: r.actor, Limit: queue})
	if err != nil {
		return err
	}
	if r.actor.Can(auth.Audit) {
		if page.Audit, err = a.cfg.Ledger.Audit(r.ctx, a.ownAudit(r, queue)); err != nil {
			return err
		}
	}
	return a.render(r, "dashboard", page)
}

// deskQueue reads what waits: one's own drafts before those of others.
func (a *Admin) deskQueue(r *request, page *dashboardPage) error {
	drafts, err := a.cfg.Content.Desk(r.ctx, content.DeskFilter{For: r.actor, State: content.Draft, Size: 50})
	if err != nil {
		return err
	}
	slices.SortStableFunc(drafts.Items, func(x, y content.DeskItem) int {
		return cmp.Compare(rank(y, r.actor), rank(x, r.actor))
	})
	page.Drafts = drafts.Items[:min(queue, len(drafts.Items))]
	scheduled, err := a.cfg.Content.Desk(r.ctx, content.DeskFilter{For: r.actor, State: content.Scheduled, Size: queue})
	if err != nil {
		return err
	}
	page.Scheduled = scheduled.Items
	outdated, err := a.cfg.Content.OutdatedSendings(r.ctx, r.actor)
	page.Outdated = len(outdated)
	return err
}

// rank puts a text that came back before one's other drafts, and those before
// the rest.
func rank(i content.DeskItem, me auth.Actor) int {
	switch {
	case i.By(me.ID) && i.Returned() != "":
		return 2
	case i.By(me.ID):
		return 1
	}
	return 0
}
