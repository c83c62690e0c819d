package site

import (
	"context"

	"github.com/gofiber/fiber/v2"

	"github.com/songfa/songfa/content"
	"github.com/songfa/songfa/internal/errs"
	"github.com/songfa/songfa/themes"
)

// Draft is the page that a text would have, in one of the dresses that readers
// may choose: "elder" for 长者版, "print" as it comes out of a printer, any other
// as usual. The text need not be stored.
func (s *Site) Draft(ctx context.Context, c *fiber.Ctx, live content.Live, dress string) ([]byte, error) {
	p, err := s.documentPage(ctx, c, live)
	if err != nil {
		return nil, err
	}
	var shell *themes.Shell
	switch page := p.(type) {
	case *themes.GuidePage:
		shell = &page.Shell
	case *themes.StaticPage:
		shell = &page.Shell
	default:
		return nil, errs.New(errs.Internal, "", "no preview of a %T", p)
	}
	shell.NoIndex, shell.Elder, shell.Paper = true, dress == "elder", dress == "print"
	return s.cfg.Theme.Render(p)
}

// preview answers /preview/{token}: an edition, to whom an editor sent the
// address. Neither caches nor search engines keep it.
func (s *Site) preview(ctx context.Context, c *fiber.Ctx) error {
	live, err := s.cfg.Content.ByPreviewToken(ctx, c.Params("token"))
	if err != nil {
		return err
	}
	p, err := s.documentPage(ctx, c, live)
	if err != nil {
		return err
	}
	notice := &themes.Notice{Text: "这是" + live.Edition.Label() + "，状态：" + live.State.Label() + "。请不要转发给别人。", Date: live.Edition.Updated}
	switch page := p.(type) {
	case *themes.GuidePage:
		page.NoIndex, page.Withdrawn = true, nil
		if live.State == content.Superseded {
			page.Superseded = &themes.Notice{Text: "后来又有新的版本发布。", Link: themes.Link{Text: "看现在的版本", Href: live.Address()}}
		}
		page.Preview = notice
	case *themes.StaticPage:
		page.NoIndex, page.Preview = true, notice
	}
	c.Set(fiber.HeaderCacheControl, "no-store")
	c.Set("X-Robots-Tag", "noindex")
	return s.render(c, p)
}
