package admin

import (
	"github.com/songfa/songfa/events"
)

// schedule says that place and people are fixed.
func (a *Admin) schedule(r *request, p *workPage) error {
	if _, err := a.cfg.Events.Schedule(r.ctx, r.actor, p.ID, p.Version, p.Get("override")); err != nil {
		return err
	}
	return a.stepped(r, p, "scheduled")
}

// notHeld corrects a session that did not take place; check-ins want a reason.
func (a *Admin) notHeld(r *request, p *workPage) error {
	_, err := a.cfg.Events.MarkNotHeldAnyway(r.ctx, r.actor, p.ID, p.Version, p.Get("reason"), p.Get("override"))
	if err != nil {
		return err
	}
	return a.stepped(r, p, p.Go)
}

// publish settles what publishing checks, where the form asked for it, and shows
// the session to readers.
func (a *Admin) publish(r *request, p *workPage) error {
	if p.form.Has("publish_asked") {
		ready, err := a.cfg.Events.PreparePublication(r.ctx, r.actor, p.ID, p.Version, events.Publication{
			SignUpFrom: moment(p.Get("signup_from")), SignUpUntil: moment(p.Get("signup_until")), Reviewed: p.Get("reviewed") != "", Notice: p.Get("notice")})
		if err != nil {
			return err
		}
		p.Version = ready.Version
	}
	if _, err := a.cfg.Events.PublishSession(r.ctx, r.actor, p.ID, p.Version); err != nil {
		return err
	}
	return a.stepped(r, p, "publish")
}

// moveForm is the other time and place that was typed.
func (a *Admin) moveForm(p *workPage) events.MoveForm {
	f := events.MoveForm{Town: p.Get("town"), VenueID: p.Get("venue_id"), Venue: p.Get("venue"), Address: p.Get("address"), Override: p.Get("override")}
	f.Starts, f.Ends = p.dayAndTimes()
	return f
}

func (a *Admin) move(r *request, p *workPage) error {
	if _, err := a.cfg.Events.MoveSession(r.ctx, r.actor, p.ID, p.Version, a.moveForm(p)); err != nil {
		return err
	}
	return a.stepped(r, p, "move")
}

// lookAtMove shows what stands against the other time and who would be told,
// and changes nothing.
func (a *Admin) lookAtMove(r *request, p *workPage) error {
	s, err := a.cfg.Events.SessionFor(r.ctx, r.actor, p.ID)
	if err != nil {
		return err
	}
	f := a.moveForm(p)
	var ps problems
	if f.Starts.IsZero() || f.Ends.IsZero() {
		ps = append(ps, problem{"date", "请填写新的日期、开始和结束时间，再看有没有冲突。"})
		return ps
	}
	p.Against, err = a.cfg.Events.Conflicts(r.ctx, r.actor, events.ConflictQuery{Session: p.ID, Starts: f.Starts, Ends: f.Ends,
		Venue: f.VenueID, Place: f.Venue, Unit: s.Unit, Expected: max(s.Expected, s.Capacity)})
	p.Looked = true
	if err != nil {
		return err
	}
	return a.renderWork(r, p)
}
