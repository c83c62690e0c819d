package site

import (
	"context"
	"slices"

	"github.com/gofiber/fiber/v2"

	"github.com/songfa/songfa/events"
	"github.com/songfa/songfa/internal/errs"
	"github.com/songfa/songfa/internal/web"
	"github.com/songfa/songfa/themes"
)

// kept is for steps: who has left in another tab, or comes back after a month,
// is asked for the code again, and what was typed goes along.
func (s *Site) kept(slug string, h handler) handler {
	return func(ctx context.Context, c *fiber.Ctx) error {
		err := h(ctx, c)
		if errs.Is(err, errs.SignIn) {
			return s.askAgain(c, slug, typed{}, nil, fiber.StatusUnauthorized)
		}
		return err
	}
}

// refuseAgain is askAgain after a wrong code.
func (s *Site) refuseAgain(c *fiber.Ctx, slug string, in typed, err error) error {
	switch errs.KindOf(err) {
	case errs.Invalid, errs.NotFound, errs.TooMany:
		return s.askAgain(c, slug, in, []events.Problem{{Field: "code", Message: errs.MessageOf(err)}}, web.Status(err))
	}
	return err
}

// askAgain asks for code and phone, and carries the fields of a step.
func (s *Site) askAgain(c *fiber.Ctx, slug string, in typed, problems []events.Problem, status int) error {
	p := &themes.OrganizeConfirmPage{Shell: s.organizeShell(c, slug, "请再打开一次您的申请"), Back: themes.Link{Text: "不填了", Href: "/organize/"}}
	p.Text = "这个浏览器已经退出了。您刚填的都在，没有丢，填上查询码和电话后四位就存好。"
	p.Action, p.Submit = "/organize/open", "打开，存好"
	p.Hidden = []themes.Hidden{{Name: "step", Value: slug}}
	for key, value := range c.Context().PostArgs().All() {
		if name := string(key); !slices.Contains([]string{"step", "code", "last4"}, name) {
			p.Hidden = append(p.Hidden, themes.Hidden{Name: name, Value: string(value)})
		}
	}
	p.Groups, p.Problems = fillIn(resumeGroups, in, problems)
	c.Status(status)
	return s.render(c, p)
}
