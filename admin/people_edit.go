package admin

import (
	"slices"
	"strings"
	"time"

	"github.com/songfa/songfa/events"
	"github.com/songfa/songfa/internal/errs"
	"github.com/songfa/songfa/internal/web"
)

// personPage is one person: the form, and what else is kept of them.
type personPage struct {
	shell
	Person   events.Person // zero for a new one
	Form     events.PersonForm
	Version  int
	Kinds    []events.Role
	Towns    []events.Town
	Orgs     []events.LegalOrg
	Theirs   diffs
	Links    events.PersonLinks
	Away     []events.Availability
	Counsels []events.Counsel
	Units    []events.Unit
	Duties   []events.Duty
	Served   int // sessions, and the minutes at them
	Minutes  int
	Clash    bool   // leave was entered over a promise
	Phone    string // shown to somebody who is about to ring
	Email    string
	form     func(string) string // of the panel that was sent
}

// New reports that nothing is stored yet.
func (p *personPage) New() bool { return p.Person.ID == "" }

// Typed is what was typed into a panel.
func (p *personPage) Typed(name string) string {
	if p.form == nil {
		return ""
	}
	return p.form(name)
}

// Hours is the time served in words.
func (p *personPage) Hours() string { return hoursText(p.Minutes) }

// Near reports whether the person is near a town.
func (p *personPage) Near(code string) bool { return slices.Contains(p.Form.Towns, code) }

func (a *Admin) newPerson(r *request) error {
	kind := events.Role(r.query("kind"))
	if !kind.Valid() {
		kind = events.RoleLawyer
	}
	return a.renderPerson(r, &personPage{Form: events.PersonForm{Kind: kind}})
}

func (a *Admin) showPerson(r *request) error {
	p, err := a.personPage(r)
	if err != nil {
		return err
	}
	p.Clash = r.query("clash") != ""
	return a.renderPerson(r, p)
}

func (a *Admin) personPage(r *request) (*personPage, error) {
	person, err := a.cfg.Events.PersonByID(r.ctx, r.actor, r.param("id"))
	if err != nil {
		return nil, err
	}
	return &personPage{Person: person, Form: person.Form(), Version: person.Version}, nil
}

func (a *Admin) renderPerson(r *request, p *personPage) (err error) {
	e := a.cfg.Events
	if p.Towns, err = e.TownsFor(r.ctx, r.actor); err != nil {
		return err
	}
	if p.Orgs, err = e.LegalOrgs(r.ctx, r.actor, true); err != nil {
		return err
	}
	p.Kinds = events.Roles()
	title := "添加一个人"
	if !p.New() {
		title = p.Person.Name
		if err := a.personParts(r, p); err != nil {
			return err
		}
	}
	ps := p.Problems
	p.shell = a.shell(r, peopleSection, title)
	p.Problems = ps
	return a.render(r, "person", p)
}

// unitsOffered is how many units the list of a counsel contract holds.
const unitsOffered = 1000

// personParts reads what else is kept of a person.
func (a *Admin) personParts(r *request, p *personPage) (err error) {
	e, id := a.cfg.Events, p.Person.ID
	if p.Links, err = e.PersonLinks(r.ctx, r.actor, id); err != nil {
		return err
	}
	if p.Away, err = e.Availability(r.ctx, id); err != nil {
		return err
	}
	if p.Duties, err = e.PersonDuties(r.ctx, r.actor, id); err != nil {
		return err
	}
	served, err := e.ServiceFor(r.ctx, r.actor, id)
	if err != nil {
		return err
	}
	p.Served, p.Minutes = len(served), 0
	for _, h := range served {
		p.Minutes += h.Minutes
	}
	if p.Counsels, err = e.Counsels(r.ctx, r.actor, id); err != nil {
		return err
	}
	p.Units, err = e.Units(r.ctx, events.UnitFilter{For: r.actor, Limit: unitsOffered})
	return err
}

// savePerson adds a person or changes one.
func (a *Admin) savePerson(r *request) error {
	get := r.form.Get
	p := &personPage{Version: int(r.version())}
	p.Form = events.PersonForm{Kind: events.Role(get("kind")), Name: get("name"), Org: get("org"), Licence: get("licence"),
		Skills: words(get("skills")), Languages: words(get("languages")), Towns: r.form["towns"], ActiveFrom: get("active_from"), ActiveTo: get("active_to"),
		Phone: get("phone"), Email: get("email"), ForgetPhone: get("forget_phone") != "", ForgetEmail: get("forget_email") != ""}
	r.again = a.personFailed(r, p)
	if id := r.param("id"); id != "" {
		now, err := a.cfg.Events.PersonByID(r.ctx, r.actor, id)
		if err != nil {
			return err
		}
		p.Person = now
	}
	typed := p.Form
	if err := problemsAs(p.Form.Problems()); err != nil {
		return err
	}
	saved, err := a.cfg.Events.SavePerson(r.ctx, r.actor, p.Person.ID, p.Version, typed)
	if err != nil {
		return err
	}
	return a.done(r, peopleSection+saved.ID, "save")
}

// personFailed shows the form again; see sessionFailed.
func (a *Admin) personFailed(r *request, p *personPage) func(web.Problem) error {
	return func(why web.Problem) error {
		p.Problems = problemsOf(r.err, why.Message)
		if errs.Is(r.err, errs.Conflict) && !p.New() {
			p.Version = p.Person.Version
			p.Theirs = a.personDiffs(p.Person.Form(), p.Form)
		}
		return a.renderPerson(r, p)
	}
}

func (a *Admin) personDiffs(theirs, mine events.PersonForm) diffs {
	var ds diffs
	ds.add("身份", theirs.Kind.Label(), mine.Kind.Label())
	ds.add("姓名", theirs.Name, mine.Name)
	ds.add("执业证号", theirs.Licence, mine.Licence)
	ds.add("擅长", strings.Join(theirs.Skills, "、"), strings.Join(mine.Skills, "、"))
	ds.add("语言", strings.Join(theirs.Languages, "、"), strings.Join(mine.Languages, "、"))
	ds.add("就近镇街", strings.Join(theirs.Towns, "、"), strings.Join(mine.Towns, "、"))
	ds.add("从哪天起", theirs.ActiveFrom, mine.ActiveFrom)
	ds.add("到哪天止", theirs.ActiveTo, mine.ActiveTo)
	return ds
}

// changePerson does one thing beside the form: leave, contracts, links, number.
func (a *Admin) changePerson(r *request) error {
	p, err := a.personPage(r)
	if err != nil {
		return err
	}
	p.form = r.form.Get
	r.again = func(why web.Problem) error {
		p.Problems = problemsOf(r.err, why.Message)
		return a.renderPerson(r, p)
	}
	id, get, word := p.Person.ID, r.form.Get, r.form.Get("go")
	page := peopleSection + id
	switch e := a.cfg.Events; word {
	case "away":
		var clash []events.Duty
		clash, err = e.AddAvailability(r.ctx, r.actor, id, away(get("kind"), get("from"), get("to")))
		if len(clash) > 0 {
			page += "?clash=1"
		}
	case "drop":
		err = e.DropAvailability(r.ctx, r.actor, id, get("away"))
	case "counsel":
		c := events.Counsel{Person: id, Unit: get("unit"), From: get("valid_from"), To: get("valid_to")}
		if get("who") == "org" {
			c.Person, c.Org = "", p.Person.Org
		}
		err = e.AddCounsel(r.ctx, r.actor, c)
	case "end":
		err = e.EndCounsel(r.ctx, r.actor, get("contract"), get("valid_to"))
	case "revoke":
		err = e.RevokeLink(r.ctx, r.actor, id)
	case "renew":
		err = e.RenewLink(r.ctx, r.actor, id)
	case "revoke_feed":
		err = e.RevokeFeed(r.ctx, r.actor, id)
	case "renew_feed":
		err = e.RenewFeed(r.ctx, r.actor, id)
	case "phone":
		if p.Phone, p.Email, err = e.RevealPerson(r.ctx, r.actor, id, get("why")); err == nil {
			return a.renderPerson(r, p)
		}
	default:
		return nowhere(r)
	}
	if err != nil {
		return err
	}
	return a.done(r, page, "person_"+word)
}

// away is whole days of leave or of being free; what cannot be read is refused
// by the use case.
func away(kind, from, to string) events.Availability {
	if to == "" {
		to = from
	}
	v := events.Availability{Kind: events.AvailabilityKind(kind)}
	if t, err := time.ParseInLocation(time.DateOnly, from, events.Zone); err == nil {
		v.Starts = t
	}
	if t, err := time.ParseInLocation(time.DateOnly, to, events.Zone); err == nil {
		v.Ends = t.AddDate(0, 0, 1)
	}
	return v
}
