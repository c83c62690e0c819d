package admin

import (
	"time"

	"github.com/songfa/songfa/events"
	"github.com/songfa/songfa/internal/errs"
	"github.com/songfa/songfa/internal/web"
)

const unitsOnPage = 50

type unitsPage struct {
	shell
	Text  string
	Town  string
	Towns []events.Town
	Units []events.Unit
	Page  int
	More  bool
	Now   time.Time
}

func (a *Admin) units(r *request) error {
	page := unitsPage{shell: a.shell(r, sessionsSection, "单位"), Text: r.query("q"), Town: r.query("town"),
		Page: min(max(1, r.QueryInt("page")), 10_000), Now: a.cfg.Now()}
	var err error
	if page.Towns, err = a.cfg.Events.TownsFor(r.ctx, r.actor); err != nil {
		return err
	}
	page.Units, err = a.cfg.Events.Units(r.ctx, events.UnitFilter{For: r.actor, Town: page.Town, Query: page.Text, Limit: unitsOnPage + 1, Offset: (page.Page - 1) * unitsOnPage})
	if err != nil {
		return err
	}
	page.More = len(page.Units) > unitsOnPage
	page.Units = page.Units[:min(unitsOnPage, len(page.Units))]
	return a.render(r, "units", page)
}

// Address is another page of the list.
func (p unitsPage) Address(page int) string {
	return listAddress("/admin/units/", page, "q", p.Text, "town", p.Town)
}

// Next and Previous are the pages beside this one, 0 for none.
func (p unitsPage) Next() int {
	if p.More {
		return p.Page + 1
	}
	return 0
}

// Previous is the page before.
func (p unitsPage) Previous() int { return p.Page - 1 }

type unitPage struct {
	shell
	Unit     events.Unit // as it stands in the form
	Verified bool        // ticked
	Until    string      // typed
	Reason   string      // typed
	Towns    []events.Town
	Now      time.Time
	Theirs   diffs
}

// New reports that nothing is stored yet.
func (p unitPage) New() bool { return p.Unit.ID == "" }

func (a *Admin) newUnit(r *request) error { return a.renderUnit(r, &unitPage{}) }

func (a *Admin) showUnit(r *request) error {
	u, err := a.cfg.Events.UnitFor(r.ctx, r.actor, r.param("id"))
	if err != nil {
		return err
	}
	return a.renderUnit(r, &unitPage{Unit: u, Verified: !u.Verified.IsZero()})
}

// saveUnit makes a unit or changes one.
func (a *Admin) saveUnit(r *request) error {
	get := r.form.Get
	p := &unitPage{Verified: get("verified") != ""}
	p.Unit = events.Unit{ID: r.param("id"), Version: int(r.version()), Name: get("name"), USCC: get("uscc"), Kind: get("kind"),
		Town: get("town"), Address: get("address")}
	r.again = a.unitFailed(r, p)
	if !p.New() {
		now, err := a.cfg.Events.UnitFor(r.ctx, r.actor, p.Unit.ID)
		if err != nil {
			return err
		}
		p.Unit.Verified, p.Unit.SuspendedUntil = now.Verified, now.SuspendedUntil
	}
	switch {
	case !p.Verified:
		p.Unit.Verified = time.Time{}
	case p.Unit.Verified.IsZero():
		p.Unit.Verified = a.cfg.Now()
	}
	u, err := a.cfg.Events.SaveUnit(r.ctx, r.actor, p.Unit)
	if err != nil {
		return err
	}
	return a.done(r, "/admin/units/"+u.ID, "save")
}

// suspendUnit keeps a unit from asking for sessions until a day, or lets it ask
// again.
func (a *Admin) suspendUnit(r *request) error {
	u, err := a.cfg.Events.UnitFor(r.ctx, r.actor, r.param("id"))
	if err != nil {
		return err
	}
	p := &unitPage{Unit: u, Verified: !u.Verified.IsZero(), Until: r.form.Get("until"), Reason: r.form.Get("reason")}
	r.again = a.unitFailed(r, p)
	var until time.Time
	if r.form.Get("go") == "suspend" {
		if until = moment(p.Until + "T23:59"); !until.After(a.cfg.Now()) {
			return errs.Bad("until", "请填写暂停到哪天，要在今天以后。")
		}
	}
	if _, err := a.cfg.Events.SuspendUnit(r.ctx, r.actor, u.ID, int(r.version()), until, p.Reason); err != nil {
		return err
	}
	word := "unsuspend"
	if !until.IsZero() {
		word = "suspend"
	}
	return a.done(r, "/admin/units/"+u.ID, word)
}

// unitFailed shows the form again; see sessionFailed.
func (a *Admin) unitFailed(r *request, p *unitPage) func(web.Problem) error {
	return func(why web.Problem) error {
		p.Problems = problemsOf(r.err, why.Message)
		if errs.Is(r.err, errs.Conflict) && !p.New() {
			now, err := a.cfg.Events.UnitFor(r.ctx, r.actor, p.Unit.ID)
			if err != nil {
				return err
			}
			p.Theirs, p.Unit.Version = unitDiffs(now, p.Unit), now.Version
		}
		return a.renderUnit(r, p)
	}
}

func (a *Admin) renderUnit(r *request, p *unitPage) (err error) {
	if p.Towns, err = a.cfg.Events.TownsFor(r.ctx, r.actor); err != nil {
		return err
	}
	title := "添加单位"
	if !p.New() {
		title = p.Unit.Name
	}
	p.Now = a.cfg.Now()
	ps := p.Problems
	p.shell = a.shell(r, sessionsSection, title)
	p.Problems = ps
	return a.render(r, "unit", p)
}

func unitDiffs(theirs, mine events.Unit) diffs {
	var ds diffs
	ds.add("名称", theirs.Name, mine.Name)
	ds.add("统一社会信用代码", theirs.USCC, mine.USCC)
	ds.add("类型", theirs.Kind, mine.Kind)
	ds.add("镇街", theirs.Town, mine.Town)
	ds.add("地址", theirs.Address, mine.Address)
	ds.add("已核实", yes(!theirs.Verified.IsZero()), yes(!mine.Verified.IsZero()))
	return ds
}
