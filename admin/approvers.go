package admin

import (
	"strings"

	"github.com/songfa/songfa/content"
	"github.com/songfa/songfa/internal/errs"
	"github.com/songfa/songfa/internal/web"
)

type approversPage struct {
	shell
	List []content.Approver
}

func (a *Admin) approvers(r *request) error {
	list, err := a.cfg.Content.Approvers(r.ctx, r.actor)
	if err != nil {
		return err
	}
	return a.render(r, "approvers", approversPage{a.shell(r, columnsSection, "手机审批的领导"), list})
}

// approverPage is the form of a leader who approves by a link.
type approverPage struct {
	shell
	Form  content.Approver // as it stands in the form; Phone is what was typed
	Known string           // the number that is kept, masked
}

// New reports that nothing is stored yet.
func (p approverPage) New() bool { return p.Form.ID == "" }

func (a *Admin) newApprover(r *request) error {
	return a.renderApprover(r, &approverPage{Form: content.Approver{Active: true}})
}

func (a *Admin) showApprover(r *request) error {
	one, err := a.approverOf(r, r.param("id"))
	if err != nil {
		return err
	}
	p := &approverPage{Form: one, Known: one.Phone}
	p.Form.Phone = ""
	return a.renderApprover(r, p)
}

func (a *Admin) approverOf(r *request, id string) (content.Approver, error) {
	list, err := a.cfg.Content.Approvers(r.ctx, r.actor)
	for _, one := range list {
		if one.ID == id {
			return one, err
		}
	}
	if err == nil {
		err = errs.New(errs.NotFound, "没有登记这位领导。", "no approver %s", id)
	}
	return content.Approver{}, err
}

func (a *Admin) renderApprover(r *request, p *approverPage) error {
	title := "登记一位领导"
	if !p.New() {
		title = p.Form.Name
	}
	ps := p.Problems
	p.shell = a.shell(r, columnsSection, title)
	p.Problems = ps
	return a.render(r, "approver", p)
}

func (a *Admin) saveApprover(r *request) error {
	get := r.form.Get
	p := &approverPage{Form: content.Approver{ID: r.param("id"), Version: r.version(), Name: get("name"), Post: get("post"),
		Phone: strings.TrimSpace(get("phone")), Active: get("active") != ""}}
	r.again = func(why web.Problem) error {
		p.Problems = problemsOf(r.err, why.Message)
		if one, err := a.approverOf(r, p.Form.ID); err == nil {
			p.Known = one.Phone
		}
		return a.renderApprover(r, p)
	}
	if _, err := a.cfg.Content.SaveApprover(r.ctx, r.actor, p.Form); err != nil {
		return err
	}
	return a.done(r, columnsSection+"approvers/", "save")
}
