package site

import (
	"context"

	"github.com/gofiber/fiber/v2"

	"github.com/songfa/songfa/content"
	"github.com/songfa/songfa/events"
	"github.com/songfa/songfa/themes"
)

// How many of each the home page shows.
const (
	homeGuides   = 6
	homeNews     = 5
	homeSessions = 4
)

func (s *Site) home(ctx context.Context, c *fiber.Ctx) error {
	p := &themes.HomePage{Shell: s.shell(c, "/", s.cfg.Settings.Name)}
	p.Feed = themes.Link{Text: s.cfg.Settings.Name + "全部更新", Href: "/feeds/all.xml"}
	for _, fillIn := range []func(context.Context, *themes.HomePage) error{s.homeTexts, s.homeEvents} {
		if err := fillIn(ctx, p); err != nil {
			return err
		}
	}
	cacheableFresh(c, len(p.Sessions) > 0)
	return s.render(c, p)
}

func (s *Site) homeTexts(ctx context.Context, p *themes.HomePage) error {
	var err error
	if _, p.Topics, err = s.topics(ctx); err != nil {
		return err
	}
	popular, err := s.popular(ctx, content.Guide, homeGuides)
	if err != nil {
		return err
	}
	p.Popular = cards(popular, false)
	latest, err := s.cfg.Content.Latest(ctx, content.Guide, homeGuides)
	if err != nil {
		return err
	}
	answers, err := s.cfg.Content.Latest(ctx, content.QA, homeGuides)
	if err != nil {
		return err
	}
	p.Latest = cards(newest(homeGuides, latest, answers), true)
	for _, part := range []struct {
		kind content.Kind
		to   *[]themes.Card
	}{{content.Notice, &p.Notices}, {content.News, &p.News}} {
		items, err := s.cfg.Content.Latest(ctx, part.kind, homeNews)
		if err != nil {
			return err
		}
		*part.to = cards(items, false)
	}
	return s.dressCards(ctx, p.Popular, p.Latest, p.Notices, p.News)
}

func (s *Site) homeEvents(ctx context.Context, p *themes.HomePage) error {
	coming, err := s.cfg.Events.Upcoming(ctx, events.Filter{Limit: homeSessions})
	if err != nil {
		return err
	}
	p.Sessions = s.sessions(coming)
	centers, err := s.cfg.Events.Stations(ctx, events.StationFilter{Tier: events.Center})
	if err != nil {
		return err
	}
	if len(centers) > 0 {
		center := station(centers[0])
		p.Center = &center
	}
	towns, err := s.cfg.Events.Towns(ctx)
	p.Towns = townOptions(towns, "")
	return err
}
