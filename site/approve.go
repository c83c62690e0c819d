package site

import (
	"context"
	"html/template"
	"slices"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/songfa/songfa/content"
	"github.com/songfa/songfa/events"
	"github.com/songfa/songfa/internal/errs"
	"github.com/songfa/songfa/internal/web"
	"github.com/songfa/songfa/themes"
)

// approveCookie holds the link's pass once the code was right.
const approveCookie = "approve"

// registerApprove hangs the one-time links of leaders below /approve/. The
// address is half the key: nothing is cached, told to others, or logged (the log
// knows routes, not paths), and the address of the page is never in its head.
func (s *Site) registerApprove() {
	s.get("/approve/:token", s.approving(s.approvePage))
	s.srv.Root.Post("/approve/:token", s.srv.SameOrigin, func(c *fiber.Ctx) error {
		if err := s.sending.Allow(c.IP()); err != nil {
			return err
		}
		ctx, cancel := web.Context(c)
		defer cancel()
		return s.approving(s.approveStep)(ctx, c)
	})
}

// approving keeps a page to itself. The policy is same-origin and not
// no-referrer, since with that browsers send the forms without an origin.
func (s *Site) approving(h handler) handler {
	return func(ctx context.Context, c *fiber.Ctx) error {
		c.Set(fiber.HeaderCacheControl, "no-store")
		c.Set(fiber.HeaderReferrerPolicy, "same-origin")
		c.Set("X-Robots-Tag", "noindex")
		return s.strange(c, h(ctx, c))
	}
}

func (s *Site) approvePage(ctx context.Context, c *fiber.Ctx) error {
	asked, err := s.cfg.Content.AskedBy(ctx, c.Params("token"), c.Cookies(approveCookie))
	if errs.Is(err, errs.SignIn) {
		return s.askCode(c, asked.Link, nil)
	}
	if err != nil {
		return err
	}
	return s.showApproval(ctx, c, asked, &themes.ApprovePage{})
}

func (s *Site) approveHead(c *fiber.Ctx, title string) themes.Shell {
	sh := s.shell(c, "/approve/", title)
	sh.NoIndex = true
	return sh
}

// askCode shows the form for the second factor, with what was wrong with the last.
func (s *Site) askCode(c *fiber.Ctx, l content.Link, wrong error) error {
	p := &themes.ApprovePage{Shell: s.approveHead(c, "请您审核"), Action: "/approve/" + c.Params("token"), Name: l.Name, Stage: l.Stage, AskCode: true, Password: l.Password}
	if wrong != nil {
		c.Status(web.Status(wrong))
		p.Problem = themes.FieldProblem{Field: "f-code", Text: errs.MessageOf(wrong)}
	}
	return s.render(c, p)
}

// showApproval fills the page of the text and its decision.
func (s *Site) showApproval(ctx context.Context, c *fiber.Ctx, a content.Asked, p *themes.ApprovePage) error {
	p.Shell, p.Action = s.approveHead(c, a.Title), "/approve/"+c.Params("token")
	p.Name, p.Stage, p.Question, p.Sender = a.Link.Name, a.Stage.Name, a.Stage.Question, a.Link.MadeName
	p.Until = a.Link.Expires.In(events.Zone).Format("1 月 2 日 15:04")
	p.Kind, p.Edition = a.Kind.Label(), a.Edition.Label()
	p.Text, p.Answer, p.Body, p.Sources, p.Note = a.Title, a.Answer, template.HTML(a.HTML), a.Sources, a.Change.Note // sanitised when it was saved
	cols, err := s.cfg.Content.Columns(ctx)
	if err != nil {
		return err
	}
	if i := slices.IndexFunc(cols, func(col content.Column) bool { return col.Slug == a.Column }); i >= 0 {
		p.Column = cols[i].Name
	}
	p.Since, p.Changes = approveChanges(a)
	for _, m := range a.Marks {
		if m.Open() {
			p.Marks = append(p.Marks, "“"+m.Quote+"”："+m.Reason+" "+m.Remark)
		}
	}
	for _, f := range a.Found {
		line := "“" + f.Excerpt + "”：" + f.Message
		if f.Reason.Text != "" {
			line += "（" + f.Reason.Name + "说明：" + f.Reason.Text + "）"
		}
		p.Findings = append(p.Findings, line)
	}
	reasons, err := s.cfg.Content.ReviewReasons(ctx)
	if err != nil {
		return err
	}
	for _, name := range reasons {
		p.Reasons = append(p.Reasons, themes.Option{Value: name, Name: name, Selected: slices.Contains(many(c, "reasons"), name)})
	}
	return s.render(c, p)
}

// approveChanges are what is new since the last decision, with a little of what
// stands around it.
func approveChanges(a content.Asked) (since string, list []themes.ApproveChange) {
	since = "和读者现在看到的比"
	if a.Since != nil {
		since = "和" + a.Since.Name + " " + a.Since.At.In(events.Zone).Format("1 月 2 日 15:04") + a.Since.Act.Label() + "的一稿比"
	}
	for _, f := range a.Changes {
		one := themes.ApproveChange{Label: f.Label}
		for i, r := range f.Runs {
			side := r.Op.Side()
			text := r.Text
			if side == "" {
				text = around(text, i > 0, i < len(f.Runs)-1)
			}
			one.Runs = append(one.Runs, themes.ApproveRun{Side: side, Text: text})
		}
		list = append(list, one)
	}
	return since, list
}

// nearby is how many characters are shown beside a change.
const nearby = 20

// around shortens what is the same: its beginning after a change, its end before one.
func around(text string, after, before bool) string {
	r := []rune(text)
	head, tail := 0, 0
	if after {
		head = nearby
	}
	if before {
		tail = nearby
	}
	if len(r) <= head+tail+2 {
		return text
	}
	return string(r[:head]) + "……" + string(r[len(r)-tail:])
}

// approveStep takes the code, or the decision.
func (s *Site) approveStep(ctx context.Context, c *fiber.Ctx) error {
	token := c.Params("token")
	if c.FormValue("go") == "enter" {
		return s.enterApproval(ctx, c, token)
	}
	pass := c.Cookies(approveCookie)
	asked, err := s.cfg.Content.AskedBy(ctx, token, pass)
	if errs.Is(err, errs.SignIn) {
		return s.askCode(c, asked.Link, err)
	}
	if err != nil {
		return err
	}
	approve := c.FormValue("go") == "approve"
	if !approve && c.FormValue("go") != "return" {
		return errs.New(errs.Invalid, "请点“同意”或者“退回”。", "unknown verb")
	}
	e, err := s.cfg.Content.Decide(ctx, token, pass, approve, content.Decision{Remark: c.FormValue("remark"), Reasons: many(c, "reasons")})
	if errs.Is(err, errs.Invalid) {
		c.Status(web.Status(err))
		return s.showApproval(ctx, c, asked, &themes.ApprovePage{Remark: c.FormValue("remark"), Problem: themes.FieldProblem{Field: "f-remark", Text: errs.MessageOf(err)}})
	}
	if err != nil {
		return err
	}
	return s.render(c, &themes.ApprovePage{Shell: s.approveHead(c, "谢谢"), Done: decided(approve, e)})
}

// decided says what has become of the text.
func decided(approve bool, e content.Edition) string {
	switch {
	case !approve && e.State == content.Published:
		return "已记下您不同意，会通知撤回或者修订。"
	case !approve:
		return "已退回给作者，您写的他能看到。"
	case e.State == content.Published:
		return "已同意，网站上现在就能看到。"
	case e.Review.Done():
		return "已同意。各步审核都通过了，等待发布。"
	}
	return "已同意，转到下一步“" + e.Review.Current().Name + "”。"
}

// many are all values of a field, from a form of either kind.
func many(c *fiber.Ctx, name string) (list []string) {
	for _, v := range c.Request().PostArgs().PeekMulti(name) {
		list = append(list, string(v))
	}
	return list
}

// enterApproval trades the code for a cookie that lasts as long as the link.
func (s *Site) enterApproval(ctx context.Context, c *fiber.Ctx, token string) error {
	l, pass, err := s.cfg.Content.EnterLink(ctx, token, c.FormValue("code"), c.IP())
	if errs.Is(err, errs.Invalid) || errs.Is(err, errs.TooMany) {
		return s.askCode(c, l, err)
	}
	if err != nil {
		return err
	}
	c.Cookie(&fiber.Cookie{Name: approveCookie, Value: pass, Path: s.srv.Path("/approve/"), HTTPOnly: true,
		SameSite: fiber.CookieSameSiteLaxMode, Secure: s.srv.Secure(), MaxAge: max(1, int(l.Expires.Sub(s.cfg.Now())/time.Second))})
	return c.Redirect(s.srv.Path("/approve/"+token), fiber.StatusSeeOther)
}
