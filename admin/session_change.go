package admin

import (
	"context"

	"github.com/songfa/songfa/events"
	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/errs"
)

func (a *Admin) createSession(r *request) error {
	p := &sessionPage{}
	p.take(r)
	r.again = a.sessionFailed(r, p)
	if err := problemsAs(p.Form.Problems()); err != nil {
		return err
	}
	s, err := a.cfg.Events.CreateSession(r.ctx, r.actor, p.Form)
	if err != nil {
		return err
	}
	if r.form.Get("go") != "publish" {
		return a.done(r, "/admin/sessions/"+s.ID, "create")
	}
	p.Session, p.Version = s, s.Version // a step that fails now shows the draft
	return a.takeStep(r, p)
}

func (a *Admin) changeSession(r *request) error {
	p, err := a.sessionPage(r)
	if err != nil {
		return err
	}
	p.take(r)
	r.again = a.sessionFailed(r, p)
	if r.hasText() {
		if err := a.saveSession(r, p); err != nil {
			return err
		}
	}
	if r.form.Get("go") == "save" {
		return a.done(r, "/admin/sessions/"+p.Session.ID, "save")
	}
	return a.takeStep(r, p)
}

func (a *Admin) saveSession(r *request, p *sessionPage) error {
	if err := problemsAs(p.Form.Problems()); err != nil || sameForm(p.Session.Form(), p.Form) {
		return err
	}
	s, err := a.cfg.Events.SaveSession(r.ctx, r.actor, p.Session.ID, p.Version, p.Form)
	if err != nil {
		return err
	}
	p.Session, p.Version = s, s.Version
	return nil
}

// sessionStep is a button of the session's page.
type sessionStep func(s *events.Store, ctx context.Context, actor auth.Actor, p *sessionPage) (events.Session, error)

func plainStep(do func(*events.Store, context.Context, auth.Actor, string, int) (events.Session, error)) sessionStep {
	return func(s *events.Store, ctx context.Context, actor auth.Actor, p *sessionPage) (events.Session, error) {
		return do(s, ctx, actor, p.Session.ID, p.Version)
	}
}

func reasonStep(do func(*events.Store, context.Context, auth.Actor, string, int, string) (events.Session, error)) sessionStep {
	return func(s *events.Store, ctx context.Context, actor auth.Actor, p *sessionPage) (events.Session, error) {
		return do(s, ctx, actor, p.Session.ID, p.Version, p.Reason)
	}
}

var sessionSteps = map[string]sessionStep{
	"publish": plainStep((*events.Store).PublishSession), "discard": plainStep((*events.Store).WithdrawSession),
	"held": plainStep((*events.Store).MarkHeld), "not_held": reasonStep((*events.Store).MarkNotHeld),
	"postpone": reasonStep((*events.Store).PostponeSession), "cancel": reasonStep((*events.Store).CancelSession),
}

func (a *Admin) takeStep(r *request, p *sessionPage) error {
	word := r.form.Get("go")
	do, ok := sessionSteps[word]
	if !ok {
		return errs.New(errs.Invalid, "没有收到要做什么，请再点一次按钮。", "unknown step")
	}
	s, err := do(a.cfg.Events, r.ctx, r.actor, p)
	if err != nil {
		return err
	}
	return a.done(r, "/admin/sessions/"+s.ID, word)
}
