package site

import (
	"bytes"
	"context"

	"github.com/gofiber/fiber/v2"

	"github.com/songfa/songfa/events"
)

const calendarType = "text/calendar; charset=utf-8"

// ics is how calendar files present this site.
func (s *Site) ics() events.ICS {
	return events.ICS{Name: s.cfg.Settings.Name + "普法活动", BaseURL: s.srv.URL("")}
}

// calendarFile answers /events/{no}.ics: one session for a telephone.
func (s *Site) calendarFile(ctx context.Context, c *fiber.Ctx) error {
	var buf bytes.Buffer
	if err := s.cfg.Events.SessionICS(ctx, &buf, c.Params("no"), s.ics()); err != nil {
		return err
	}
	cacheable(c)
	c.Set(fiber.HeaderContentType, calendarType)
	return c.Send(buf.Bytes())
}

// calendarFeed answers /events/feed.ics: all sessions, to subscribe to, or
// those that a filter of the page leaves.
func (s *Site) calendarFeed(ctx context.Context, c *fiber.Ctx) error {
	towns, err := s.cfg.Events.Towns(ctx)
	if err != nil {
		return err
	}
	q, err := s.eventQuery(c, towns)
	if err != nil {
		return err
	}
	var buf bytes.Buffer
	if err := s.cfg.Events.FeedICS(ctx, &buf, q.filter(), s.ics()); err != nil {
		return err
	}
	cacheable(c, "town", "type", "audience", "lawyer")
	c.Set(fiber.HeaderContentType, calendarType)
	return c.Send(buf.Bytes())
}
