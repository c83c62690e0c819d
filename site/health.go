package site

import (
	"context"
	"errors"
	"fmt"

	"github.com/gofiber/fiber/v2"

	"github.com/songfa/songfa/internal/errs"
)

// alive answers /healthz: the process runs.
func (s *Site) alive(_ context.Context, c *fiber.Ctx) error {
	c.Set(fiber.HeaderCacheControl, "no-store")
	return c.SendString("ok\n")
}

// ready answers /readyz: all this node needs answers, so it may get readers.
func (s *Site) ready(ctx context.Context, c *fiber.Ctx) error {
	var problems []error
	for _, part := range []struct {
		name string
		ask  func(context.Context) error
	}{
		{"database", s.cfg.DB.Ping},
		{"media", s.cfg.Media.Store().Ping},
		{"index", func(context.Context) error { return s.cfg.Search.Ready() }},
	} {
		if err := part.ask(ctx); err != nil {
			problems = append(problems, fmt.Errorf("%s: %w", part.name, err))
		}
	}
	if err := errors.Join(problems...); err != nil {
		return errs.New(errs.Unavailable, "", "not ready: %w", err)
	}
	c.Set(fiber.HeaderCacheControl, "no-store")
	return c.SendString("ready\n")
}
