package site

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/songfa/songfa/events"
	"github.com/songfa/songfa/themes"
)

// recordPage answers GET /my/{token}/record?from=&to=: what the person has
// served, to print.
func (s *Site) recordPage(ctx context.Context, c *fiber.Ctx, g events.Guest) error {
	from, to := dateParam(c.Query("from")), dateParam(c.Query("to"))
	list, err := s.cfg.Events.Service(ctx, g.ID, from, to)
	if err != nil {
		return err
	}
	p := &themes.MyRecordPage{Shell: s.myShell(c, "服务记录"), Who: g.Name, Role: g.Kind.Label(), Org: g.OrgName, Licence: g.Licence, From: from, To: to,
		Printed: s.now(), Action: g.Links.Page + "/record", Back: themes.Link{Text: "回到我的安排", Href: g.Links.Page}}
	p.Rows, p.Open, p.Total = recordRows(list)
	return s.render(c, p)
}

// dateParam is a calendar date of an address, or "" when it is none.
func dateParam(text string) string {
	if _, err := time.Parse(time.DateOnly, text); err != nil {
		return ""
	}
	return strings.Clone(text)
}

func recordRows(list []events.Hours) (rows []themes.MyRecordRow, open int, total string) {
	minutes := 0
	for _, h := range list {
		if h.Approved.IsZero() {
			open++
		}
		minutes += h.Minutes
		rows = append(rows, themes.MyRecordRow{Date: h.Session.Starts, Title: h.Session.Title, Place: h.Session.Place(), Role: h.Role.Label(),
			Hours: hoursText(h.Minutes), Approved: !h.Approved.IsZero()})
	}
	return rows, open, fmt.Sprintf("%d 场，%s", len(list), hoursText(minutes))
}

// personFeed answers /ics/s/{token}.ics: a calendar to subscribe to. It sets no
// cookie, asks for nothing, and has an ETag, so that a telephone that comes every
// few hours mostly hears that nothing has changed.
func (s *Site) personFeed(ctx context.Context, c *fiber.Ctx) error {
	var buf bytes.Buffer
	err := s.cfg.Events.PersonFeed(ctx, &buf, strings.ToLower(c.Params("token")), events.ICS{Name: "我的普法活动", BaseURL: s.srv.URL("")})
	if err != nil {
		return s.strange(c, err)
	}
	sum := sha256.Sum256(buf.Bytes())
	tag := `"` + base64.RawURLEncoding.EncodeToString(sum[:12]) + `"`
	c.Set(fiber.HeaderETag, tag)
	c.Set(fiber.HeaderCacheControl, "private, no-cache")
	c.Set("X-Robots-Tag", "noindex")
	if matches(c.Get(fiber.HeaderIfNoneMatch), tag) {
		return c.SendStatus(fiber.StatusNotModified)
	}
	c.Set(fiber.HeaderContentType, calendarType)
	return c.Send(buf.Bytes())
}
