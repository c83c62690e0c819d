package admin

import (
	"context"

	"github.com/songfa/songfa/events"
	"github.com/songfa/songfa/internal/auth"
)

// plainStep is a step that needs nothing but the session's version.
func plainStep(do func(*events.Store, context.Context, auth.Actor, string, int) (events.Session, error), word string) sessionStep {
	return func(a *Admin, r *request, p *workPage) error {
		if _, err := do(a.cfg.Events, r.ctx, r.actor, p.ID, p.Version); err != nil {
			return err
		}
		return a.stepped(r, p, word)
	}
}

// withReason is a step whose reason the public reads.
func withReason(do func(*events.Store, context.Context, auth.Actor, string, int, string) (events.Session, error)) sessionStep {
	return func(a *Admin, r *request, p *workPage) error {
		if _, err := do(a.cfg.Events, r.ctx, r.actor, p.ID, p.Version, p.Get("reason")); err != nil {
			return err
		}
		return a.stepped(r, p, p.Go)
	}
}

// mine makes the actor the owner of a request that nobody has taken, so that it
// can be answered in one click.
func (a *Admin) mine(r *request, p *workPage) error {
	s, err := a.cfg.Events.SessionFor(r.ctx, r.actor, p.ID)
	if err != nil || s.State != events.Submitted {
		return err
	}
	if s, err = a.cfg.Events.Take(r.ctx, r.actor, p.ID, p.Version); err != nil {
		return err
	}
	p.Version = s.Version
	return nil
}

func (a *Admin) accept(r *request, p *workPage) error {
	if err := a.mine(r, p); err != nil {
		return err
	}
	rank := p.Rank
	if rank == 0 {
		rank = numberIn(p.Get("wish"))
	}
	return a.decide(r, p, events.Decision{To: events.Accepted, Wish: rank, Override: p.Get("override")})
}

// refuse sends a request back or turns it down.
func (a *Admin) refuse(r *request, p *workPage) error {
	if err := a.mine(r, p); err != nil {
		return err
	}
	d := events.Decision{To: events.Returned, Reason: p.Get("reason")}
	if p.Go == "reject" {
		d.To, d.Alternative = events.Rejected, p.Get("alternative")
	}
	return a.decide(r, p, d)
}

func (a *Admin) decide(r *request, p *workPage, d events.Decision) error {
	d.Hold = p.Get("hold") != ""
	if _, err := a.cfg.Events.Decide(r.ctx, r.actor, p.ID, p.Version, d); err != nil {
		return err
	}
	if d.Hold {
		return a.stepped(r, p, "decided")
	}
	return a.stepped(r, p, map[events.State]string{events.Accepted: "accept", events.Returned: "returned", events.Rejected: "reject"}[d.To])
}

// holdWish keeps the venue for one wish while the request is looked at.
func (a *Admin) holdWish(r *request, p *workPage) error {
	if err := a.mine(r, p); err != nil {
		return err
	}
	if _, err := a.cfg.Events.HoldWish(r.ctx, r.actor, p.ID, p.Version, p.Rank); err != nil {
		return err
	}
	return a.stepped(r, p, "hold")
}

// releasePage says which answers went out and which could not.
type releasePage struct {
	shell
	Sent, Kept []events.Released
}

// release lets all held answers go.
func (a *Admin) release(r *request) error {
	list, err := a.cfg.Events.ReleaseDecisions(r.ctx, r.actor)
	if err != nil {
		return err
	}
	page := releasePage{shell: a.shell(r, sessionsSection, "一起发出")}
	for _, one := range list {
		if one.Err == nil {
			page.Sent = append(page.Sent, one)
		} else {
			page.Kept = append(page.Kept, one)
		}
	}
	return a.render(r, "release", page)
}

// revealContact shows whom to phone; the reason goes into the audit. The answer
// is the page itself: an address would be kept by the browser.
func (a *Admin) revealContact(r *request, p *workPage) (err error) {
	p.Name, p.Phone, err = a.cfg.Events.RevealContact(r.ctx, r.actor, p.ID, p.Get("reason"))
	if err != nil {
		return err
	}
	p.Go = ""
	return a.renderWork(r, p)
}
