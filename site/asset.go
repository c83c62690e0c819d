package site

import (
	"context"

	"github.com/gofiber/fiber/v2"

	"github.com/songfa/songfa/internal/errs"
	"github.com/songfa/songfa/internal/web"
)

// asset answers what belongs to the theme: style sheets and icons.
func (s *Site) asset(_ context.Context, c *fiber.Ctx) error {
	a, ok := s.cfg.Theme.Asset(c.Params("*"))
	if !ok {
		return errs.New(errs.NotFound, "", "the theme has no such file")
	}
	if a.Immutable {
		web.CacheableForever(c)
	} else {
		web.Cacheable(c)
	}
	c.Set(fiber.HeaderContentType, a.ContentType)
	return c.Send(a.Body)
}
