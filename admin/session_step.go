package admin

import (
	"slices"
	"strings"
	"time"

	"github.com/songfa/songfa/events"
	"github.com/songfa/songfa/internal/errs"
	"github.com/songfa/songfa/internal/web"
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
	return a.afterEdit(r, s, "create")
}

// saveSession changes what a session says.
func (a *Admin) saveSession(r *request) error {
	p, err := a.sessionPage(r)
	if err != nil {
		return err
	}
	p.take(r)
	r.again = a.sessionFailed(r, p)
	if err := problemsAs(p.Form.Problems()); err != nil {
		return err
	}
	s := p.Session
	if s.Series != "" {
		return a.saveOccurrence(r, p)
	}
	if !sameForm(s.Form(), p.Form) {
		if s, err = a.cfg.Events.SaveSession(r.ctx, r.actor, s.ID, p.Version, p.Form); err != nil {
			return err
		}
	}
	return a.afterEdit(r, s, "save")
}

// saveOccurrence changes one session of a series, or with it its fellows. What
// reaches beyond it is shown before it is done.
func (a *Admin) saveOccurrence(r *request, p *sessionPage) error {
	if p.Scope != events.ScopeThis && r.form.Get("sure") != string(p.Scope) {
		preview, err := a.cfg.Events.PreviewEdit(r.ctx, r.actor, p.Session.ID, p.Scope, p.Form)
		if err != nil {
			return err
		}
		p.Preview = &preview
		return a.renderSession(r, p)
	}
	if _, err := a.cfg.Events.EditSeries(r.ctx, r.actor, p.Session.ID, p.Version, p.Scope, p.Form); err != nil {
		return err
	}
	if p.Scope == events.ScopeThis {
		return a.afterEdit(r, p.Session, "save")
	}
	return a.done(r, sessionsSection+p.Session.ID, "edit_series")
}

// afterEdit leads on to the session; with go=publish it is published as well,
// and its page tells when it cannot be yet.
func (a *Admin) afterEdit(r *request, s events.Session, word string) error {
	if r.form.Get("go") != "publish" {
		return a.done(r, sessionsSection+s.ID, word)
	}
	p := &workPage{ID: s.ID, Version: s.Version, Go: "publish", form: r.form}
	r.again = a.workFailed(r, p)
	return a.publish(r, p)
}

// sessionStep is a button of a session's page. Its word is also the name of the panel
// whose fields, panel_field, it takes.
type sessionStep func(a *Admin, r *request, p *workPage) error

// sessionSteps are all that the page of a session can do; whether one may be taken now
// is decided by the use case.
func sessionSteps() map[string]sessionStep {
	return map[string]sessionStep{
		"take":     plainStep((*events.Store).Take, "take"),
		"accept":   (*Admin).accept,
		"hold":     (*Admin).holdWish,
		"return":   (*Admin).refuse,
		"reject":   (*Admin).refuse,
		"schedule": (*Admin).schedule,
		"publish":  (*Admin).publish,
		"move":     (*Admin).move,
		"look":     (*Admin).lookAtMove,
		"contact":  (*Admin).revealContact,
		"held":     plainStep((*events.Store).MarkHeld, "held"),
		"discard":  plainStep((*events.Store).WithdrawSession, "discard"),
		"not_held": (*Admin).notHeld,
		"postpone": withReason((*events.Store).PostponeSession),
		"cancel":   withReason((*events.Store).CancelSession),
	}
}

// panels are the parts of the page whose fields another word uses.
var panels = map[string]string{"look": "move"}

// changeSession takes a step.
func (a *Admin) changeSession(r *request) error {
	p := &workPage{ID: r.param("id"), Version: int(r.version()), Go: r.form.Get("go"), form: r.form}
	word, rank, _ := strings.Cut(p.Go, ".") // accept.2 is the second wish
	p.Go, p.Rank = word, numberIn(rank)
	r.again = a.workFailed(r, p)
	do, ok := sessionSteps()[word]
	if !ok {
		return errs.New(errs.Invalid, "没有收到要做什么，请再点一次按钮。", "unknown step")
	}
	return do(a, r, p)
}

// stepped leads back to where the button was.
func (a *Admin) stepped(r *request, p *workPage, word string) error {
	if r.form.Get("back") == "inbox" {
		return a.done(r, sessionsSection, word)
	}
	return a.done(r, sessionsSection+p.ID, word)
}

// Get is what was typed into a field of the panel that was sent.
func (p *workPage) Get(name string) string {
	panel := p.panel()
	if values, ok := p.form[panel+"_"+name]; ok && len(values) > 0 {
		return strings.TrimSpace(values[0])
	}
	return strings.TrimSpace(p.form.Get(name))
}

func (p *workPage) panel() string {
	if panel, ok := panels[p.Go]; ok {
		return panel
	}
	return p.Go
}

// workFailed shows the page again, with what was typed and the state as it is
// now. When somebody else changed the session meanwhile, it shows what.
func (a *Admin) workFailed(r *request, p *workPage) func(web.Problem) error {
	return func(why web.Problem) error {
		for _, one := range problemsOf(r.err, why.Message) {
			p.Problems = append(p.Problems, problem{p.fieldOf(one.Field), one.Message})
		}
		p.Stale = errs.Is(r.err, errs.Conflict)
		return a.renderWork(r, p)
	}
}

// fieldOf is where on the page a field of the panel is; "" for one the page has
// no place for. Boxes that were left alone are not in the form, and a reason is
// only asked for when there is something to set aside.
func (p *workPage) fieldOf(name string) string {
	named := p.panel() + "_" + name
	if slices.Contains([]string{"publish_reviewed", "accept_wish", "accept_override", "schedule_override"}, named) || name != "" && p.form.Has(named) {
		return named
	}
	return ""
}

// dayAndTimes reads a day with two times of day of the panel.
func (p *workPage) dayAndTimes() (starts, ends time.Time) {
	return span(p.Get("date"), p.Get("start"), p.Get("end"))
}
