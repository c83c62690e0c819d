package admin

import (
	"github.com/songfa/songfa/events"
	"github.com/songfa/songfa/internal/errs"
	"github.com/songfa/songfa/internal/web"
)

type stationsPage struct {
	shell
	Tier     events.Tier
	Town     string
	Tiers    []events.Tier
	Towns    []events.Town
	Stations []events.Station
}

func (a *Admin) stations(r *request) error {
	page := stationsPage{shell: a.shell(r, "/admin/stations/", "站点"), Tier: events.Tier(r.query("tier")), Town: r.query("town"), Tiers: events.Tiers()}
	var err error
	if page.Towns, err = a.cfg.Events.TownsFor(r.ctx, r.actor); err != nil {
		return err
	}
	page.Stations, err = a.cfg.Events.Stations(r.ctx, events.StationFilter{For: r.actor, Tier: page.Tier, Town: page.Town, Closed: true})
	if err != nil {
		return err
	}
	return a.render(r, "stations", page)
}

type stationPage struct {
	shell
	Station  events.Station // as it stands in the form
	Tiers    []events.Tier
	Towns    []events.Town
	Stations []events.Station // that may be the parent
	Theirs   diffs
}

// New reports that nothing is stored yet.
func (p stationPage) New() bool { return p.Station.Version == 0 }

func (a *Admin) newStation(r *request) error {
	return a.renderStation(r, &stationPage{Station: events.Station{Tier: events.Point}})
}

func (a *Admin) showStation(r *request) error {
	st, err := a.cfg.Events.StationFor(r.ctx, r.actor, r.param("code"))
	if err != nil {
		return err
	}
	return a.renderStation(r, &stationPage{Station: st})
}

func (a *Admin) createStation(r *request) error {
	p := &stationPage{Station: r.station(r.form.Get("code"), 0)}
	return a.saveStation(r, p)
}

func (a *Admin) changeStation(r *request) error {
	p := &stationPage{Station: r.station(r.param("code"), int(r.version()))}
	if p.New() { // a form without a version would make a new one
		return errs.New(errs.Conflict, "", "form has no version")
	}
	return a.saveStation(r, p)
}

func (a *Admin) saveStation(r *request, p *stationPage) error {
	r.again = a.stationFailed(r, p)
	st, err := a.cfg.Events.SaveStation(r.ctx, r.actor, p.Station)
	if err != nil {
		return err
	}
	return a.done(r, "/admin/stations/"+st.Code, "station")
}

// station reads one from the form.
func (r *request) station(code string, version int) events.Station {
	get := r.form.Get
	return events.Station{Code: code, Version: version, Tier: events.Tier(get("tier")), Parent: get("parent"), Name: get("name"),
		Town: get("town"), Address: get("address"), Phone: get("phone"), Hours: get("hours"), Bus: get("bus"), Note: get("note"),
		ValidFrom: get("valid_from"), ValidTo: get("valid_to")}
}

// stationFailed shows the form again; see sessionFailed.
func (a *Admin) stationFailed(r *request, p *stationPage) func(web.Problem) error {
	return func(why web.Problem) error {
		p.Problems = problemsOf(r.err, why.Message)
		if errs.Is(r.err, errs.Conflict) && !p.New() {
			now, err := a.cfg.Events.StationFor(r.ctx, r.actor, p.Station.Code)
			if err != nil {
				return err
			}
			p.Theirs = stationDiffs(now, p.Station)
			p.Station.Version = now.Version
		}
		return a.renderStation(r, p)
	}
}

func (a *Admin) renderStation(r *request, p *stationPage) (err error) {
	p.Tiers = events.Tiers()
	if p.Towns, err = a.cfg.Events.TownsFor(r.ctx, r.actor); err != nil {
		return err
	}
	if p.Stations, err = a.cfg.Events.Stations(r.ctx, events.StationFilter{For: r.actor}); err != nil {
		return err
	}
	title := "添加站点"
	if !p.New() {
		title = p.Station.Name
	}
	ps := p.Problems
	p.shell = a.shell(r, "/admin/stations/", title)
	p.Problems = ps
	return a.render(r, "station", p)
}

func stationDiffs(theirs, mine events.Station) diffs {
	var ds diffs
	ds.add("级别", theirs.Tier.Label(), mine.Tier.Label())
	ds.add("上级", theirs.Parent, mine.Parent)
	ds.add("名称", theirs.Name, mine.Name)
	ds.add("镇街", theirs.Town, mine.Town)
	ds.add("地址", theirs.Address, mine.Address)
	ds.add("电话", theirs.Phone, mine.Phone)
	ds.add("时间", theirs.Hours, mine.Hours)
	ds.add("公交", theirs.Bus, mine.Bus)
	ds.add("说明", theirs.Note, mine.Note)
	ds.add("起止日期", theirs.ValidFrom+"–"+theirs.ValidTo, mine.ValidFrom+"–"+mine.ValidTo)
	return ds
}
