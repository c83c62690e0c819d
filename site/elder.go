package site

import (
	"context"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/songfa/songfa/internal/web"
)

// elder answers /elder?on=1&to=/guides/x: it puts the large-print dress on or
// off and goes back to where the reader was.
func (s *Site) elder(_ context.Context, c *fiber.Ctx) error {
	cookie := &fiber.Cookie{Name: web.ElderCookie, Value: "1", Path: s.srv.Path("/"), HTTPOnly: true,
		SameSite: fiber.CookieSameSiteLaxMode, Secure: s.srv.Secure(), MaxAge: 365 * 24 * 60 * 60}
	if c.Query("on") != "1" {
		cookie.Value, cookie.MaxAge, cookie.Expires = "", 0, time.Unix(1, 0)
	}
	c.Cookie(cookie)
	c.Set(fiber.HeaderCacheControl, "no-store")
	return c.Redirect(s.srv.Path(localPath(c.Query("to"))), fiber.StatusSeeOther)
}

// localPath keeps a redirect on this site: anything but a plain root-relative
// path is the home page.
func localPath(to string) string {
	if !strings.HasPrefix(to, "/") || strings.HasPrefix(to, "//") || len(to) > 500 {
		return "/"
	}
	for _, r := range to {
		if r < 0x20 || r == 0x7f || r == '\\' {
			return "/"
		}
	}
	return to
}
