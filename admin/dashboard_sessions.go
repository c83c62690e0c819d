package admin

import (
	"slices"

	"github.com/songfa/songfa/events"
)

// pileCount is how many sessions wait in a pile.
type pileCount struct {
	pile
	Count int
}

// planQueue reads what waits for the coordinator: how much in each pile, and
// the most urgent sessions, overdue ones first.
func (a *Admin) planQueue(r *request, page *dashboardPage) error {
	p := &sessionsPage{Pile: piles[0]}
	var err error
	if p.Risks, err = a.cfg.Events.AtRisk(r.ctx, r.actor); err != nil {
		return err
	}
	if err := a.countPiles(r, p); err != nil {
		return err
	}
	for _, one := range piles {
		if one.Name != "all" {
			page.Piles = append(page.Piles, pileCount{one, p.Counts[one.Name]})
		}
	}
	aged, err := a.cfg.Events.AgedPhotos(r.ctx, r.actor)
	if err != nil {
		return err
	}
	page.Aged = len(aged)
	calendar, err := a.cfg.Events.Calendar(r.ctx)
	if err != nil {
		return err
	}
	var items []events.InboxItem
	for _, stage := range []events.Stage{events.StageNew, events.StageReview, events.StageVerify, events.StageStaffing, events.StageReady, events.StageReport} {
		some, err := a.cfg.Events.Inbox(r.ctx, r.actor, events.InboxFilter{Stage: stage, Limit: queue})
		if err != nil {
			return err
		}
		items = append(items, some...)
	}
	slices.SortStableFunc(items, urgency)
	for _, item := range items[:min(queue, len(items))] {
		if !item.Due.IsZero() {
			page.Due = append(page.Due, a.card(calendar, item))
		}
	}
	return nil
}
