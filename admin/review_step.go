package admin

import (
	"errors"
	"net/http"
	"strings"

	"github.com/songfa/songfa/content"
	"github.com/songfa/songfa/internal/errs"
	"github.com/songfa/songfa/internal/web"
)

// reviewVerb is what a button of the reviewer's page asks for. It answers with
// the word that the next page says.
type reviewVerb func(a *Admin, r *request, p *reviewPage) error

var reviewVerbs = map[string]reviewVerb{
	"approve": (*Admin).approveText, "return": (*Admin).returnText, "refuse": (*Admin).refuseText, "clear": (*Admin).clearText,
	"urge": (*Admin).urgeText, "force": (*Admin).forceText, "publish": (*Admin).publishText,
	"mark": (*Admin).markText, "resolve": (*Admin).resolveMark, "reopen": (*Admin).resolveMark, "link": (*Admin).makeLink,
}

func (a *Admin) changeReview(r *request) error {
	p, err := a.reviewPage(r)
	if err != nil {
		return err
	}
	p.keep(r)
	r.again = func(why web.Problem) error {
		p.Problems = problemsOf(r.err, why.Message)
		var stale *content.Stale
		if errors.As(r.err, &stale) {
			p.Problems = problems{{"", "您打开以后，这一篇又有了变化，现在显示的是最新的。请看过再决定，写好的意见都在。"}}
		}
		return a.renderReview(r, p)
	}
	do, ok := reviewVerbs[r.form.Get("go")]
	if !ok {
		return errs.New(errs.Invalid, "没有收到要做什么，请再点一次按钮。", "unknown verb")
	}
	return do(a, r, p)
}

// keep lays what was typed over the page.
func (p *reviewPage) keep(r *request) {
	p.Typed = map[string]string{}
	for _, name := range []string{"remark", "reason", "urge_reason", "mark_remark", "mark_reason"} {
		p.Typed[name] = strings.TrimSpace(r.form.Get(name))
	}
	p.Picked = r.form["reasons"]
	p.Mark = markForm{At: r.form.Get("at"), Quote: r.form.Get("quote")}
}

// reviewed leads on after a step: to the list when the text has left the
// reviewer's hands, else to the same page.
func (a *Admin) reviewed(r *request, word string) error {
	return a.done(r, reviewSection+r.param("id"), word)
}

func (a *Admin) approveText(r *request, p *reviewPage) error {
	e, err := a.cfg.Content.Approve(r.ctx, r.actor, p.Edition.ID, r.version(), p.Typed["remark"])
	if err != nil {
		return err
	}
	if e.State == content.Published && p.Edition.State != content.Published {
		return a.reviewed(r, "publish")
	}
	return a.reviewed(r, "approve")
}

func (p *reviewPage) decision() content.Decision {
	return content.Decision{Reasons: p.Picked, Remark: p.Typed["reason"]}
}

// returnText gives the text back. Marks say enough when they are there.
func (a *Admin) returnText(r *request, p *reviewPage) error {
	d := p.decision()
	if d.Remark == "" && len(d.Reasons) == 0 && p.Open() > 0 {
		d.Remark = "请看文中的批注"
	}
	if _, err := a.cfg.Content.ReturnFor(r.ctx, r.actor, p.Edition.ID, r.version(), d); err != nil {
		return err
	}
	return a.reviewed(r, "return")
}

func (a *Admin) refuseText(r *request, p *reviewPage) error {
	if _, err := a.cfg.Content.Refuse(r.ctx, r.actor, p.Edition.ID, r.version(), p.decision()); err != nil {
		return err
	}
	return a.reviewed(r, "refuse")
}

func (a *Admin) clearText(r *request, p *reviewPage) error {
	if r.form.Get("secrecy") == "" {
		return errs.Bad("secrecy", "请先勾选，确认不涉及国家秘密、工作秘密和不宜公开的信息。")
	}
	if _, err := a.cfg.Content.Clear(r.ctx, r.actor, p.Edition.ID, r.version()); err != nil {
		return err
	}
	return a.reviewed(r, "clear")
}

func (a *Admin) urgeText(r *request, p *reviewPage) error {
	_, err := a.cfg.Content.Urge(r.ctx, r.actor, p.Edition.ID, r.version(), p.Typed["urge_reason"])
	if errs.FieldOf(err) == "reason" {
		return errs.Bad("urge_reason", errs.MessageOf(err))
	}
	if err != nil {
		return err
	}
	return a.reviewed(r, "urge")
}

func (a *Admin) forceText(r *request, p *reviewPage) error {
	if _, err := a.cfg.Content.Force(r.ctx, r.actor, p.Edition.ID, r.version()); err != nil {
		return err
	}
	return a.reviewed(r, "force")
}

func (a *Admin) publishText(r *request, p *reviewPage) error {
	if _, err := a.cfg.Content.Publish(r.ctx, r.actor, p.Edition.ID, r.version()); err != nil {
		return err
	}
	return a.reviewed(r, "publish")
}

// markText adds a mark at the place the form names.
func (a *Admin) markText(r *request, p *reviewPage) error {
	field, from := p.place(p.Mark.At)
	if field == "" {
		return errs.Bad("quote", "请先在要改的那一段旁边点“批注”。")
	}
	m := content.Mark{Anchor: content.Anchor{Field: field, Quote: p.Mark.Quote}, Reason: p.Typed["mark_reason"], Remark: p.Typed["mark_remark"]}
	at := content.Nth(content.FieldText(p.Edition, field), m.Quote, from)
	m, err := a.cfg.Content.AddMark(r.ctx, r.actor, p.Edition.ID, m, at)
	if errs.FieldOf(err) == "remark" {
		return errs.Bad("mark_remark", errs.MessageOf(err))
	}
	if err != nil {
		return err
	}
	return r.Redirect(a.srv.Path(reviewSection+p.Edition.ID+"?done=mark#mark-"+m.ID), http.StatusSeeOther)
}

// resolveMark closes a mark or opens it again; back tells which page asked.
func (a *Admin) resolveMark(r *request, p *reviewPage) error {
	m, err := a.cfg.Content.ResolveMark(r.ctx, r.actor, r.form.Get("mark"), r.form.Get("go") == "resolve")
	if err != nil {
		return err
	}
	if r.form.Get("back") == "edit" {
		return a.done(r, "/admin/editions/"+m.EditionID, "resolve")
	}
	return a.reviewed(r, "resolve")
}

// makeLink shows a link and its code once: no address may show them again.
func (a *Admin) makeLink(r *request, p *reviewPage) error {
	person := r.form.Get("person")
	if person == "" {
		return errs.Bad("person", "请选择请谁审批。")
	}
	n, err := a.cfg.Content.MakeLink(r.ctx, r.actor, p.Edition.ID, r.version(), person)
	if err != nil {
		return err
	}
	if p, err = a.reviewPage(r); err != nil {
		return err
	}
	p.NewLink = &n
	return a.renderReview(r, p)
}
