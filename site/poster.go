package site

import (
	"bytes"
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"github.com/songfa/songfa/events"
	"github.com/songfa/songfa/internal/errs"
	"github.com/songfa/songfa/internal/poster"
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
	p := &themes.PosterPage{Shell: s.shell(c, posterPath(e.No), e.Title), Session: s.session(&e), No: e.No, Summary: shorten(e.Summary, 160),
		Audience: e.Audience, Address: e.Address, Organizer: e.Organizer, Lawyers: e.Lawyers, Phone: s.officePhone(&e), Call: s.posterCall(&e), Link: link,
		QR: themes.QR{Size: code.Size(), Path: code.Path(), Text: "这一场的二维码"}, A3: size == "a3",
		Other: themes.Link{Text: "换 A3 大张", Href: posterPath(e.No) + "?size=a3"}, Back: themes.Link{Text: "回到这一场", Href: sessionPath(e.No)}}
	if p.A3 {
		p.Path += "?size=a3"
		p.Other = themes.Link{Text: "换 A4", Href: posterPath(e.No)}
	}
	p.Picture, p.NoFont = themes.Link{Text: "存成图片，发微信", Href: posterPath(e.No) + ".png"}, !s.cfg.Poster.Chinese()
	p.Bare, p.NoIndex = true, true
	p.Description = shorten(e.Summary, 120)
	cacheable(c, "size")
	return s.render(c, p)
}

// posterCall is what somebody who stands before the poster does.
func (s *Site) posterCall(e *events.Session) string {
	switch status := e.Status(s.cfg.Now()); {
	case s.session(e).Off:
		return "扫码看最新安排，请先不要来"
	case status == events.StatusEnded:
		return "这一场已经结束，扫码看别的场次"
	case e.TakesSignUps():
		return "扫码报名，不收费"
	}
	return "扫码看详情，直接来就行，不收费"
}

// codePixels is the width of a module of the code on the picture: about 7 cm on
// A4 for an address of ordinary length, to be read from two metres.
const codePixels = 10

// posterPicture answers /events/{no}/poster.png: the poster to send on.
func (s *Site) posterPicture(ctx context.Context, c *fiber.Ctx) error {
	e, err := s.cfg.Events.Session(ctx, c.Params("no"))
	if err != nil {
		return err
	}
	sheet, err := s.posterSheet(&e)
	if err != nil {
		return err
	}
	var buf bytes.Buffer
	if err := s.cfg.Poster.Draw(&buf, sheet); err != nil {
		return err
	}
	cacheable(c)
	c.Set(fiber.HeaderContentType, "image/png")
	c.Set(fiber.HeaderContentDisposition, `inline; filename="`+e.No+`.png"`)
	return c.Send(buf.Bytes())
}

func (s *Site) posterSheet(e *events.Session) (poster.Sheet, error) {
	link := s.srv.URL(sessionPath(e.No))
	code, err := qr.New(link)
	if err != nil {
		return poster.Sheet{}, err
	}
	set := s.cfg.Settings
	sheet := poster.Sheet{Kind: e.Type.Label(), Title: e.Title, Call: s.posterCall(e), Link: link, Code: code.Image(codePixels), Accent: themes.Accent(set.Accent),
		Note: "也可以打 " + s.officePhone(e) + "，说“" + e.No + " 这一场”", Foot: joined("　", cmp.Or(e.Organizer, set.Name), "法律热线 "+cmp.Or(set.Hotline, "12348")),
		Rows: []poster.Row{{Label: "时间", Text: e.When()}, {Label: "地点", Text: e.Place()}, {Label: "来讲的人", Text: e.Lawyers},
			{Label: "适合谁", Text: strings.Join(e.Audience, "、")}, {Label: "讲什么", Text: e.Summary}}}
	if status := e.Status(s.cfg.Now()); s.session(e).Off {
		sheet.Struck = status.Label()
	}
	return sheet, nil
}

// joined leaves out what is empty.
func joined(sep string, parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(p string) bool { return p == "" }), sep)
}
