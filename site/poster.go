package site

import (
	"context"

	"github.com/gofiber/fiber/v2"

	"github.com/songfa/songfa/events"
	"github.com/songfa/songfa/internal/errs"
	"github.com/songfa/songfa/internal/qr"
	"github.com/songfa/songfa/themes"
)

func posterPath(no string) string { return sessionPath(no) + "/poster" }

// posterPage answers /events/{no}/poster?size=a3: a sheet to print, with the
// address of the session as a QR code.
func (s *Site) posterPage(ctx context.Context, c *fiber.Ctx) error {
	size := c.Query("size")
	if size != "" && size != "a3" {
		return errs.New(errs.Invalid, "海报只有 A4 和 A3 两种，请从活动页面重新打开。", "size is neither empty nor a3")
	}
	e, err := s.cfg.Events.Session(ctx, c.Params("no"))
	if err != nil {
		return err
	}
	if e.No != c.Params("no") {
		return s.redirect(c, posterPath(e.No))
	}
	link := s.srv.URL(sessionPath(e.No))
	code, err := qr.New(link)
	if err != nil {
		return err
	}
	p := &themes.PosterPage{Shell: s.shell(c, posterPath(e.No), e.Title), Session: s.session(&e), No: e.No, Summary: e.Summary,
		Audience: e.Audience, Address: e.Address, Organizer: e.Organizer, Lawyers: e.Lawyers, Phone: s.officePhone(&e), Call: posterCall(&e), Link: link,
		QR: themes.QR{Size: code.Size(), Path: code.Path(), Text: "这一场的二维码"}, A3: size == "a3",
		Other: themes.Link{Text: "换 A3 大张", Href: posterPath(e.No) + "?size=a3"}, Back: themes.Link{Text: "回到这一场", Href: sessionPath(e.No)}}
	if p.A3 {
		p.Path += "?size=a3"
		p.Other = themes.Link{Text: "换 A4", Href: posterPath(e.No)}
	}
	p.Bare, p.NoIndex = true, true
	p.Description = shorten(e.Summary, 120)
	cacheable(c, "size")
	return s.render(c, p)
}

// posterCall is what somebody who stands before the poster does.
func posterCall(e *events.Session) string {
	if e.TakesSignUps() {
		return "扫码报名"
	}
	return "扫码看详情，直接来就行"
}
