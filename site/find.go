package site

import (
	"context"

	"github.com/gofiber/fiber/v2"

	"github.com/songfa/songfa/events"
	"github.com/songfa/songfa/internal/errs"
	"github.com/songfa/songfa/internal/vault"
	"github.com/songfa/songfa/themes"
)

const findPath = "/signup/"

// findPage answers GET /signup/: the form to look up a sign-up by.
func (s *Site) findPage(_ context.Context, c *fiber.Ctx) error {
	cacheable(c)
	return s.render(c, s.findForm(c, "", nil))
}

// findForm is the empty form, or the one that was sent: the code stays, the
// digits are typed anew.
func (s *Site) findForm(c *fiber.Ctx, code string, problems []events.Problem) *themes.FindPage {
	p := &themes.FindPage{Shell: s.shell(c, findPath, "查报名"), Action: findPath, Phone: s.cfg.Settings.Phone,
		Groups: []themes.FormGroup{{Fields: []themes.FormField{
			{Name: "code", Label: "报名码", Hint: "报名成功那一页上的 10 个字母和数字，大小写、空格都行", Value: code, Max: 40, Must: true},
			{Name: "last4", Label: "手机号后四位", Hint: "报名时填的手机号", Kind: themes.CountField, Max: 20, Must: true},
		}}}}
	p.Column = themes.Column{Name: "活动", Href: "/events/"}
	p.Crumbs = []themes.Link{{Text: "活动", Href: "/events/"}}
	p.NoIndex = true
	p.Problems = placeProblems(problems, nil, p.Groups)
	return p
}

// find answers POST /signup/: shows, shrinks or cancels a sign-up.
func (s *Site) find(ctx context.Context, c *fiber.Ctx) error {
	code, last4, do := c.FormValue("code"), c.FormValue("last4"), c.FormValue("do")
	said, err := s.changeSignUp(ctx, c, do, code, last4)
	if err != nil && !errs.Is(err, errs.Conflict) {
		return s.refuseFind(c, code, err)
	}
	reg, e, found := s.cfg.Events.FindRegistration(ctx, code, last4, c.IP())
	if found != nil {
		return s.refuseFind(c, code, found)
	}
	p, perr := s.signed(ctx, c, findPath, reg, &e)
	if perr != nil {
		return perr
	}
	p.Said = said
	if err != nil { // over, or more people than before
		p.Problems = []themes.FieldProblem{{Text: errs.MessageOf(err)}}
		c.Status(fiber.StatusConflict)
	}
	return s.render(c, p)
}

// changeSignUp does what the form on the answer screen asks for, and says what
// was done.
func (s *Site) changeSignUp(ctx context.Context, c *fiber.Ctx, do, code, last4 string) (string, error) {
	switch do {
	case "cancel":
		_, err := s.cfg.Events.CancelRegistration(ctx, code, last4, c.IP())
		return "取消好了，谢谢您告诉我们。", err
	case "shrink":
		_, err := s.cfg.Events.ShrinkParty(ctx, code, last4, c.IP(), typedNumber(c.FormValue("party")))
		return "人数改好了。", err
	}
	return "", nil
}

// refuseFind shows the form again. A wrong code and an unknown one look alike.
func (s *Site) refuseFind(c *fiber.Ctx, code string, cause error) error {
	status, ok := formStatus(cause)
	if !ok {
		return cause
	}
	c.Status(status)
	if errs.Is(cause, errs.TooMany) {
		c.Set(fiber.HeaderRetryAfter, "900")
	}
	return s.render(c, s.findForm(c, groupTyped(code), events.ProblemsOf(cause)))
}

// groupTyped shows a code that is whole the way it is printed, to compare.
func groupTyped(code string) string {
	if clean := vault.CleanCode(code); len(clean) == vault.CodeLength {
		return vault.GroupCode(clean)
	}
	return code
}
