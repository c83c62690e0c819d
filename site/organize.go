package site

import (
	"context"

	"github.com/gofiber/fiber/v2"

	"github.com/songfa/songfa/events"
	"github.com/songfa/songfa/themes"
)

// organize answers /organize/: how a unit asks for a session.
func (s *Site) organize(ctx context.Context, c *fiber.Ctx) error {
	stations, err := s.cfg.Events.Stations(ctx, events.StationFilter{Tier: events.TownTier})
	if err != nil {
		return err
	}
	p := &themes.OrganizePage{Shell: s.shell(c, "/organize/", "请律师来讲"), Phone: s.cfg.Settings.Phone}
	p.Column = themes.Column{Name: "请律师来讲", Href: "/organize/"}
	for _, t := range events.Types() {
		p.Types = append(p.Types, sessionType(t))
	}
	for _, st := range stations {
		p.Stations = append(p.Stations, station(st))
	}
	cacheable(c)
	return s.render(c, p)
}
