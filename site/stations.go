package site

import (
	"context"

	"github.com/gofiber/fiber/v2"

	"github.com/songfa/songfa/events"
	"github.com/songfa/songfa/internal/errs"
	"github.com/songfa/songfa/themes"
)

// station is a place as a page shows it.
func station(st events.Station) themes.Station {
	return themes.Station{ID: st.Code, Name: st.Name, Tier: st.Tier.Label(), Town: st.TownName,
		Address: st.Address, Phone: st.Phone, Hours: st.Hours, Bus: st.Bus, Note: st.Note}
}

// townOptions are the towns to choose from.
func townOptions(towns []events.Town, chosen string) []themes.Option {
	list := make([]themes.Option, len(towns))
	for i, t := range towns {
		list[i] = themes.Option{Value: t.Code, Name: t.Name, Selected: t.Code == chosen}
	}
	return list
}

// chosenTown finds the town a form named; "" is all of them.
func chosenTown(towns []events.Town, code string) (events.Town, error) {
	if code == "" {
		return events.Town{}, nil
	}
	for _, t := range towns {
		if t.Code == code {
			return t, nil
		}
	}
	return events.Town{}, errs.New(errs.Invalid, "没有这个镇街，请从列表里重新选。", "no town %q", shorten(code, 20))
}

// stations answers /stations/: who can be asked where.
func (s *Site) stations(ctx context.Context, c *fiber.Ctx) error {
	towns, err := s.cfg.Events.Towns(ctx)
	if err != nil {
		return err
	}
	town, err := chosenTown(towns, c.Query("town"))
	if err != nil {
		return err
	}
	all, err := s.cfg.Events.Stations(ctx, events.StationFilter{})
	if err != nil {
		return err
	}
	p := &themes.StationsPage{Shell: s.shell(c, address("/stations/", "town", town.Code), "就近找人问"),
		Options: townOptions(towns, town.Code), Town: town.Name}
	if town.Name != "" {
		p.Title = town.Name + "的站点"
	}
	p.Column = themes.Column{Name: "站点", Href: "/stations/"}
	sortStations(p, towns, all, town.Code)
	cacheable(c, "town")
	return s.render(c, p)
}

// sortStations puts the stations where they belong. A town that is chosen has
// its own and those of everybody.
func sortStations(p *themes.StationsPage, towns []events.Town, all []events.Station, chosen string) {
	byTown := make(map[string][]themes.Station)
	for _, st := range all {
		switch {
		case st.Tier == events.Center:
			p.Centers = append(p.Centers, station(st))
		case st.Tier == events.Department:
			p.Departments = append(p.Departments, station(st))
		default:
			byTown[st.Town] = append(byTown[st.Town], station(st))
		}
	}
	for _, t := range append(towns, events.Town{Name: "其他"}) {
		if list := byTown[t.Code]; len(list) > 0 && (chosen == "" || chosen == t.Code) {
			p.Towns = append(p.Towns, themes.StationGroup{Name: t.Name, ID: "t-" + t.Code, Stations: list})
		}
	}
}
