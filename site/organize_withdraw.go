package site

import (
	"context"
	"fmt"

	"github.com/gofiber/fiber/v2"

	"github.com/songfa/songfa/events"
	"github.com/songfa/songfa/internal/errs"
	"github.com/songfa/songfa/internal/web"
	"github.com/songfa/songfa/themes"
)

// withdrawPage answers GET /organize/withdraw.
func (s *Site) withdrawPage(ctx context.Context, c *fiber.Ctx) error {
	r, err := s.mine(ctx, c)
	if err != nil || !mayWithdraw(r) {
		return s.orToRequest(c, err)
	}
	return s.render(c, s.withdrawForm(c, r, typed{}, nil))
}

var withdrawGroups = []group{{questions: []question{{FormField: themes.FormField{Name: "reason", Label: "为什么", Hint: "写一句，负责的人好安排别家", Width: "l", Max: 200}}}}}

func (s *Site) withdrawForm(c *fiber.Ctx, r events.Request, in typed, problems []events.Problem) *themes.OrganizeConfirmPage {
	p := &themes.OrganizeConfirmPage{Shell: s.organizeShell(c, "withdraw", "撤回这份申请？"), Back: themes.Link{Text: "不撤了", Href: "/organize/request"}}
	p.Text = "撤回以后，占着的时间和场地就放给别家了。要再来，得重新申请。"
	if r.State == events.Draft {
		p.Text = "草稿撤回就删掉了，填过的找不回来。"
	}
	p.Action, p.Submit = "/organize/withdraw", "确定撤回"
	p.Hidden = []themes.Hidden{{Name: "version", Value: fmt.Sprint(r.Version)}}
	p.Groups, p.Problems = fillIn(withdrawGroups, in, problems)
	return p
}

// withdrawRequest answers POST /organize/withdraw.
func (s *Site) withdrawRequest(ctx context.Context, c *fiber.Ctx) error {
	r, err := s.mine(ctx, c)
	if err != nil || !mayWithdraw(r) { // sent twice, or published meanwhile: the page says how it stands
		return s.orToRequest(c, err)
	}
	in := readTyped(c, withdrawGroups...)
	_, err = s.cfg.Events.WithdrawRequest(ctx, r.ID, formInt(c, "version"), first(in["reason"]))
	if errs.Is(err, errs.Invalid) || errs.Is(err, errs.Conflict) {
		c.Status(web.Status(err))
		return s.render(c, s.withdrawForm(c, r, in, []events.Problem{{Field: "reason", Message: errs.MessageOf(err)}}))
	}
	if err != nil {
		return err
	}
	if r.State == events.Draft { // nothing is left of it
		s.setPassIDs(c, s.pass(c)[1:])
		return s.goTo(c, "/organize/?done=withdrawn")
	}
	return s.goTo(c, "/organize/request?done=withdrawn")
}
