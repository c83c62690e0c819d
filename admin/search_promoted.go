package admin

import (
	"strings"

	"github.com/songfa/songfa/internal/errs"
	"github.com/songfa/songfa/internal/web"
	"github.com/songfa/songfa/search"
)

// promotedRow is a promoted answer in the list.
type promotedRow struct {
	search.Promoted
	Shown []search.Shown
	Who   string
}

type promotedPage struct {
	shell
	Rows []promotedRow
	Away bool // the index does not answer: nobody knows what is broken
}

func (a *Admin) promotedList(r *request) error {
	list, err := a.cfg.Desk.AllPromoted(r.ctx)
	if err != nil {
		return err
	}
	names, err := a.accountNames(r)
	if err != nil {
		return err
	}
	p := promotedPage{shell: a.shell(r, searchSection, "推荐答案")}
	for _, one := range list {
		row := promotedRow{Promoted: one, Who: names[one.By]}
		if row.Shown, err = a.shown(one.Targets); err != nil {
			return err
		}
		p.Rows = append(p.Rows, row)
	}
	p.Away = a.cfg.Desk.Ready() != nil
	return a.render(r, "promoted_list", p)
}

// shown is what readers get of the targets; while the index does not answer, it
// is what was saved.
func (a *Admin) shown(targets []search.Target) ([]search.Shown, error) {
	list, err := a.cfg.Desk.Show(targets)
	if errs.Is(err, errs.Unavailable) {
		list, err = nil, nil
		for _, t := range targets {
			list = append(list, search.Shown{Target: t, Title: t.Path})
		}
	}
	return list, err
}

// accountNames are the names of the staff by id.
func (a *Admin) accountNames(r *request) (map[string]string, error) {
	accounts, err := a.cfg.Staff.List(r.ctx)
	names := map[string]string{"system": "系统"}
	for _, account := range accounts {
		names[account.ID] = account.Display
	}
	return names, err
}

// promotedForm is one promoted answer as it stands in the form.
type promotedForm struct {
	shell
	ID        string // "" for a new one
	Queries   string
	Addresses string
	Version   int64
	Zero      string // the search without a result that it is for
	Shown     []search.Shown
	Theirs    diffs
}

func (a *Admin) newPromoted(r *request) error {
	q := r.query("q")
	return a.renderPromoted(r, &promotedForm{Queries: q, Zero: q})
}

func (a *Admin) showPromoted(r *request) error {
	one, err := a.cfg.Desk.Promoted(r.ctx, r.param("id"))
	if err != nil {
		return err
	}
	p, err := a.promotedForm(one)
	if err != nil {
		return err
	}
	return a.renderPromoted(r, p)
}

func (a *Admin) promotedForm(one search.Promoted) (*promotedForm, error) {
	p := &promotedForm{ID: one.ID, Version: one.Version, Queries: strings.Join(one.Queries, "\n")}
	var err error
	if p.Shown, err = a.shown(one.Targets); err != nil {
		return nil, err
	}
	var addresses []string
	for _, s := range p.Shown {
		addresses = append(addresses, s.Path)
	}
	p.Addresses = strings.Join(addresses, "\n")
	return p, nil
}

// savePromoted stores a new one or a changed one, or deletes it.
func (a *Admin) savePromoted(r *request) error {
	p := &promotedForm{ID: r.param("id"), Version: r.version(), Queries: r.form.Get("queries"), Addresses: r.form.Get("targets"), Zero: r.form.Get("zero")}
	r.again = a.promotedFailed(r, p)
	if r.form.Get("go") == "delete" {
		if err := a.cfg.Desk.DeletePromoted(r.ctx, r.actor, p.ID, p.Version); err != nil {
			return err
		}
		return a.done(r, "/admin/search/promoted/", "unpromote")
	}
	_, err := a.cfg.Desk.SavePromoted(r.ctx, r.actor, search.Promoted{ID: p.ID, Version: p.Version, Queries: lines(p.Queries)}, lines(p.Addresses))
	if err != nil {
		return err
	}
	if err := a.settleZero(r, search.ZeroPromoted); err != nil {
		return err
	}
	return a.done(r, "/admin/search/promoted/", "promote")
}

// promotedFailed shows the form again; after a conflict with what is stored now.
func (a *Admin) promotedFailed(r *request, p *promotedForm) func(web.Problem) error {
	return func(why web.Problem) error {
		p.Problems = problemsOf(r.err, why.Message)
		if errs.Is(r.err, errs.Conflict) && p.ID != "" {
			one, err := a.cfg.Desk.Promoted(r.ctx, p.ID)
			if err != nil {
				return err
			}
			now, err := a.promotedForm(one)
			if err != nil {
				return err
			}
			p.Theirs.add("读者搜什么", now.Queries, p.Queries)
			p.Theirs.add("推荐哪些页面", now.Addresses, p.Addresses)
			p.Version = now.Version
		}
		return a.renderPromoted(r, p)
	}
}

func (a *Admin) renderPromoted(r *request, p *promotedForm) error {
	ps := p.Problems
	p.shell = a.shell(r, searchSection, "推荐答案")
	p.Problems = ps
	return a.render(r, "promoted", p)
}
