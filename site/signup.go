package site

import (
	"context"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"
	"golang.org/x/text/width"

	"github.com/songfa/songfa/events"
	"github.com/songfa/songfa/internal/errs"
	"github.com/songfa/songfa/internal/web"
	"github.com/songfa/songfa/themes"
)

// Without JavaScript there is no proof of work. Such a form must be some seconds
// old, as one that a person has filled in is, and one address may send few.
const (
	patience   = 5 * time.Second
	plainBurst = 6
	plainPer   = 10 * time.Minute
)

// registerSignUp hangs the public's half of sign-up.
func (s *Site) registerSignUp() {
	s.get("/events/:no/signup", s.signUpPage)
	s.send("/events/:no/signup", s.signUp)
	s.get("/signup/", s.findPage)
	s.send("/signup/", s.find)
}

// send registers where a form of a stranger is sent to. The answer belongs to
// one person: nobody keeps it, and nothing of it is in an address.
func (s *Site) send(path string, h handler) {
	s.srv.Root.Post(path, s.srv.SameOrigin, func(c *fiber.Ctx) error {
		c.Set(fiber.HeaderCacheControl, "no-store")
		ctx, cancel := web.Context(c)
		defer cancel()
		return h(ctx, c)
	})
}

func signUpPath(no string) string { return sessionPath(no) + "/signup" }

// signUpLink is the address for a group that places are kept for.
func signUpLink(no, pool string) string {
	if pool == "" {
		return signUpPath(no)
	}
	return signUpPath(no) + "?pool=" + url.QueryEscape(pool)
}

// ticketFor is what a sign-up form's ticket is good for.
func ticketFor(e *events.Session) string { return "signup " + e.No }

// signUpPage answers GET /events/{no}/signup.
func (s *Site) signUpPage(ctx context.Context, c *fiber.Ctx) error {
	e, err := s.cfg.Events.Session(ctx, c.Params("no"))
	if err != nil {
		return err
	}
	if e.No != c.Params("no") {
		return s.redirect(c, signUpLink(e.No, c.Query("pool")))
	}
	return s.showSignUp(ctx, c, &e, events.SignUp{Party: 1, Pool: c.Query("pool")}, "", nil)
}

// signUp answers POST /events/{no}/signup with the screen to save, or with the
// form and everything that was typed. Sent again it answers the same.
func (s *Site) signUp(ctx context.Context, c *fiber.Ctx) error {
	e, err := s.hotSession(ctx, c.Params("no"))
	if err != nil {
		return err
	}
	f := readSignUp(c, e.ID)
	typed := f // as it stands on the screen, before it is cleared up
	if ps := f.Problems(); len(ps) > 0 {
		c.Status(fiber.StatusUnprocessableEntity)
		return s.showSignUp(ctx, c, &e, typed, "", ps)
	}
	ticket := c.FormValue("ticket")
	if err := s.admit(c, &e, ticket, &f); err != nil {
		return s.refuseSignUp(ctx, c, &e, typed, ticket, err)
	}
	reg, err := s.cfg.Events.SignUp(ctx, f)
	if err != nil {
		return s.refuseSignUp(ctx, c, &e, typed, "", err)
	}
	p, err := s.signed(ctx, c, signUpPath(e.No), reg, &e)
	if err != nil {
		return err
	}
	return s.renderSigned(c, p)
}

// readSignUp takes the form as it was typed.
func readSignUp(c *fiber.Ctx, session string) events.SignUp {
	f := events.SignUp{Session: session, Name: c.FormValue("name"), Phone: c.FormValue("phone"), Party: typedNumber(c.FormValue("party")),
		Town: c.FormValue("town"), WorkerKind: c.FormValue("worker_kind"), Question: c.FormValue("question"), Access: c.FormValue("access"), Pool: c.FormValue("pool"),
		Origin: events.FromWeb, IdemKey: c.FormValue("ticket"), Address: c.IP()}
	if c.FormValue("consent") == privacyVersion {
		f.Consent = privacyVersion
	}
	return f
}

// typedNumber reads a small number as people type it, ２人 too; 0 for anything
// that is none.
func typedNumber(typed string) int {
	n, err := strconv.Atoi(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(width.Narrow.String(typed)), "人")))
	if err != nil {
		return 0
	}
	return n
}

// admit keeps robots out: the form must be ours, its trap empty, and it must
// come with a proof of work or after some patience.
func (s *Site) admit(c *fiber.Ctx, e *events.Session, ticket string, f *events.SignUp) error {
	if c.FormValue("website") != "" {
		return errs.New(errs.Invalid, "“网址”一栏要空着，请清掉它再提交。", "the trap field is filled")
	}
	proof, err := s.tickets.Check(ticketFor(e), ticket, c.FormValue("answer"), f.Name, f.Phone, strconv.Itoa(f.Party), f.Town, f.WorkerKind, f.Question, f.Access)
	if err != nil {
		return err
	}
	f.IdemKey = proof.Key
	if proof.Worked {
		return nil
	}
	if proof.Age < patience {
		return errs.New(errs.Invalid, "提交得太快，没能核对是不是真人。请等 5 秒，再点一次“提交报名”，填的内容还在。", "form of age %s without proof", proof.Age)
	}
	if err := s.plain.Allow(c.IP()); err != nil {
		return errs.New(errs.TooMany, "同一个网络报名太多了，请过一会儿再试，或换用手机流量；也可以拨打页面上的电话报名。", "%w", err)
	}
	return nil
}

// refuseSignUp shows the form again with what kept it from being accepted. What
// is no fault of the person's, and nothing to wait for, gets the page of errors.
func (s *Site) refuseSignUp(ctx context.Context, c *fiber.Ctx, e *events.Session, typed events.SignUp, ticket string, cause error) error {
	status, ok := formStatus(cause)
	if !ok {
		return cause
	}
	if errs.FieldOf(cause) == "ticket" { // too old, or none of ours: a new one
		ticket = ""
	}
	now, err := s.cfg.Events.Session(ctx, e.No) // it may have filled up meanwhile
	if err != nil {
		return err
	}
	c.Status(status)
	return s.showSignUp(ctx, c, &now, typed, ticket, []events.Problem{{Field: errs.FieldOf(cause), Message: errs.MessageOf(cause)}})
}

// formStatus is the status of a form that is shown again; not ok means that the
// error is not one to mend in the form.
func formStatus(err error) (status int, ok bool) {
	switch errs.KindOf(err) {
	case errs.Invalid:
		return fiber.StatusUnprocessableEntity, true
	case errs.Conflict, errs.TooMany, errs.NotFound:
		return web.Status(err), true
	}
	return 0, false
}

// showSignUp answers with the form, or with why there is none. ticket "" mints a
// new one.
func (s *Site) showSignUp(ctx context.Context, c *fiber.Ctx, e *events.Session, f events.SignUp, ticket string, problems []events.Problem) error {
	now := s.cfg.Now()
	phase := e.SignUpPhaseWith(now, f.Pool)
	p := &themes.SignUpPage{Shell: s.shell(c, signUpPath(e.No), "报名"), Session: s.session(e), No: e.No, Address: e.Address,
		Phase: phaseBadge(phase), Promise: promise(e, phase, f.Pool, now), Action: signUpPath(e.No), Submit: submitWord(phase), Phone: s.officePhone(e)}
	p.Column = themes.Column{Name: "活动", Href: "/events/"}
	p.Crumbs = []themes.Link{{Text: "活动", Href: "/events/"}, {Text: e.No, Href: sessionPath(e.No)}}
	p.NoIndex = true
	c.Set(fiber.HeaderCacheControl, "no-store")
	if phase != events.SignUpOpen && phase != events.SignUpQueue {
		return s.showClosed(ctx, c, e, p, phase, problems)
	}
	towns, err := s.cfg.Events.Towns(ctx)
	if err != nil {
		return err
	}
	if ticket == "" {
		ticket = s.tickets.Mint(ticketFor(e)).Token
	}
	p.Ticket = themes.Ticket{Token: ticket, Bits: web.ProofBits}
	p.Groups, p.More = signUpFields(&f), signUpExtras(&f, towns)
	p.MoreOpen = f.Question+f.Access+f.WorkerKind+f.Town != ""
	if e.Pool(f.Pool) != nil {
		p.Hidden = []themes.Hidden{{Name: "pool", Value: f.Pool}}
	}
	p.Consent, p.Privacy = consentField(f.Consent), privacySummary(s.cfg.Events.Rules())
	p.Policy = themes.Link{Text: "个人信息怎么用（全文）", Href: "/pages/privacy"}
	p.Problems = placeProblems(problems, &p.Consent, slices.Concat(p.Groups, p.More))
	return s.render(c, p)
}

// showClosed says why nobody can sign up now, and where else to go.
func (s *Site) showClosed(ctx context.Context, c *fiber.Ctx, e *events.Session, p *themes.SignUpPage, phase events.SignUpPhase, problems []events.Problem) (err error) {
	p.Why = &themes.Notice{Text: whyNot(e, phase), Link: themes.Link{Text: "看这一场的情况", Href: sessionPath(e.No)}}
	if c.Method() == fiber.MethodPost {
		if len(problems) > 0 {
			p.Why.Text = problems[0].Message
		}
		c.Status(fiber.StatusConflict)
	}
	if p.Others, err = s.otherSessions(ctx, e); err != nil {
		return err
	}
	return s.render(c, p)
}

// placeProblems puts problems at their fields, and lists them all.
func placeProblems(problems []events.Problem, consent *themes.FormField, groups []themes.FormGroup) []themes.FieldProblem {
	var list []themes.FieldProblem
	for _, pr := range problems {
		at := ""
		for g := range groups {
			fields := groups[g].Fields
			if i := slices.IndexFunc(fields, func(f themes.FormField) bool { return f.Name == pr.Field }); i >= 0 {
				fields[i].Error, at = pr.Message, fields[i].ID()
			}
		}
		if consent != nil && pr.Field == consent.Name {
			consent.Error, at = pr.Message, consent.ID()
		}
		list = append(list, themes.FieldProblem{Field: at, Text: pr.Message})
	}
	return list
}

// officePhone is whom to call about a session.
func (s *Site) officePhone(e *events.Session) string {
	if e.ContactPhone != "" {
		return e.ContactPhone
	}
	return s.cfg.Settings.Phone
}
