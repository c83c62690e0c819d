package admin

import (
	"net/http"
	"strings"

	"github.com/songfa/songfa/events"
	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/errs"
	"github.com/songfa/songfa/internal/web"
)

const peopleSection = "/admin/people/"

// peopleRoutes are those of lawyers, volunteers and who serves where.
func (a *Admin) peopleRoutes() []route {
	const get, post = http.MethodGet, http.MethodPost
	sessions := []auth.Permission{auth.Sessions}
	return []route{
		{get, "/people/", sessions, a.people},
		{get, "/people/new", sessions, a.newPerson},
		{post, "/people/new", sessions, a.savePerson},
		{get, "/people/orgs", sessions, a.orgs},
		{post, "/people/orgs", sessions, a.saveOrg},
		{get, "/people/:id", sessions, a.showPerson},
		{post, "/people/:id", sessions, a.savePerson},
		{post, "/people/:id/more", sessions, a.changePerson},
		{get, "/sessions/:id/staffing", sessions, a.staffing},
		{post, "/sessions/:id/staffing", sessions, a.changeStaffing},
	}
}

type peoplePage struct {
	shell
	Text   string
	Kind   events.Role
	Former bool
	Kinds  []events.Role
	People []events.Person
	Towns  map[string]string // names by code
}

// Near lists the towns of a person by name.
func (p peoplePage) Near(person events.Person) string {
	var names []string
	for _, code := range person.Towns {
		names = append(names, p.Towns[code])
	}
	return strings.Join(names, "、")
}

func (a *Admin) people(r *request) error {
	p := peoplePage{shell: a.shell(r, peopleSection, "人员"), Text: r.query("q"), Kind: events.Role(r.query("kind")), Former: r.query("former") != "",
		Kinds: events.Roles(), Towns: map[string]string{}}
	var err error
	p.People, err = a.cfg.Events.People(r.ctx, r.actor, events.PeopleFilter{Text: p.Text, Kind: p.Kind, Former: p.Former})
	if err != nil {
		return err
	}
	towns, err := a.cfg.Events.Towns(r.ctx)
	for _, t := range towns {
		p.Towns[t.Code] = t.Name
	}
	if err != nil {
		return err
	}
	return a.render(r, "people", p)
}

type orgsPage struct {
	shell
	Orgs   []events.LegalOrg
	Org    events.LegalOrg // as it stands in the form
	Kinds  []events.OrgKind
	Towns  []events.Town
	Former bool
}

// New reports that the form adds one.
func (p orgsPage) New() bool { return p.Org.Version == 0 }

func (a *Admin) orgs(r *request) error {
	return a.renderOrgs(r, &orgsPage{Org: events.LegalOrg{ID: r.query("id"), Kind: events.LawFirm}})
}

// renderOrgs shows the list, with the form of the one that is asked for.
func (a *Admin) renderOrgs(r *request, p *orgsPage) (err error) {
	ps := p.Problems
	p.shell = a.shell(r, peopleSection, "机构")
	p.Problems, p.Kinds, p.Former = ps, events.OrgKinds(), r.query("former") != ""
	if p.Orgs, err = a.cfg.Events.LegalOrgs(r.ctx, r.actor, p.Former); err != nil {
		return err
	}
	if p.Towns, err = a.cfg.Events.TownsFor(r.ctx, r.actor); err != nil {
		return err
	}
	if p.Problems == nil && p.Org.ID != "" {
		found := false
		for _, o := range p.Orgs {
			if o.ID == p.Org.ID {
				p.Org, found = o, true
			}
		}
		if !found {
			return errs.New(errs.NotFound, "没有找到这家机构，请从列表里选。", "no organisation %s", p.Org.ID)
		}
	}
	return a.render(r, "orgs", p)
}

func (a *Admin) saveOrg(r *request) error {
	get := r.form.Get
	p := &orgsPage{Org: events.LegalOrg{ID: get("id"), Version: int(r.version()), Kind: events.OrgKind(get("kind")), Name: get("name"), Town: get("town"),
		ValidFrom: get("valid_from"), ValidTo: get("valid_to")}}
	r.again = func(why web.Problem) error {
		p.Problems = problemsOf(r.err, why.Message)
		return a.renderOrgs(r, p)
	}
	if err := problemsAs(p.Org.Problems()); err != nil {
		return err
	}
	if _, err := a.cfg.Events.SaveLegalOrg(r.ctx, r.actor, p.Org); err != nil {
		return err
	}
	return a.done(r, peopleSection+"orgs", "save")
}
