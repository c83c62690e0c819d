package site

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/songfa/songfa/events"
	"github.com/songfa/songfa/internal/errs"
	"github.com/songfa/songfa/internal/vault"
	"github.com/songfa/songfa/internal/web"
	"github.com/songfa/songfa/themes"
)

// How many drafts one address may begin, and how many forms it may send: a
// street office with twenty people behind one address must not notice.
const (
	startBurst = 10
	startPer   = 3 * time.Minute
	sendBurst  = 120
	sendPer    = time.Second
)

// registerOrganize hangs the organizer's walk below /organize/. None of it is
// kept in a cache: the pages hold what one unit has told us.
func (s *Site) registerOrganize() {
	s.private("/organize/", s.organize)
	s.only("/organize/start", "/organize/", s.organizeStart)
	s.only("/organize/open", "/organize/", s.organizeOpen)
	s.only("/organize/leave", "/organize/", s.organizeLeave)
	for _, st := range (asking{}).steps() {
		s.private("/organize/"+st.slug, s.stepPage(st.slug))
		s.post("/organize/"+st.slug, s.kept(st.slug, s.saveStep(st.slug)))
	}
	s.private("/organize/"+checkStep, s.checkPage)
	s.post("/organize/"+checkStep, s.submitRequest)
	s.private("/organize/request", s.requestPage)
	s.private("/organize/change", s.changePage)
	s.post("/organize/change", s.proposeChange)
	s.private("/organize/withdraw", s.withdrawPage)
	s.post("/organize/withdraw", s.withdrawRequest)
	s.registerReport()
	s.only("/organize/again", "/organize/request", s.requestAgain)
}

// private registers a page of one person: browsers and proxies keep nothing.
// Who has no pass, or no longer one, starts at the beginning.
func (s *Site) private(path string, h handler) {
	s.get(path, func(ctx context.Context, c *fiber.Ctx) error {
		c.Set(fiber.HeaderCacheControl, "no-store")
		return s.orToStart(c, h(ctx, c))
	})
}

// post registers what a form of ours is sent to.
func (s *Site) post(path string, h handler) {
	s.srv.Root.Post(path, s.srv.SameOrigin, func(c *fiber.Ctx) error {
		if err := s.sending.Allow(c.IP()); err != nil {
			return err
		}
		ctx, cancel := web.Context(c)
		defer cancel()
		c.Set(fiber.HeaderCacheControl, "no-store")
		return s.orToStart(c, h(ctx, c))
	})
}

// only is for addresses that forms are sent to and nobody else asks for: who
// opens one again, from a history or after a mistake, gets the page before it.
func (s *Site) only(post, page string, h handler) {
	s.post(post, h)
	s.private(post, func(_ context.Context, c *fiber.Ctx) error { return s.goTo(c, page) })
}

// orToStart sends who has no pass to the page where codes are asked for.
func (s *Site) orToStart(c *fiber.Ctx, err error) error {
	if !errs.Is(err, errs.SignIn) {
		return err
	}
	return s.goTo(c, "/organize/?again=1")
}

// organizeShell is what is around every page of the walk.
func (s *Site) organizeShell(c *fiber.Ctx, path, title string) themes.Shell {
	shell := s.shell(c, "/organize/"+path, title)
	shell.Column = themes.Column{Name: "请律师来讲", Href: "/organize/"}
	shell.Crumbs = []themes.Link{{Text: "请律师来讲", Href: "/organize/"}}
	shell.NoIndex = true
	return shell
}

// organize answers /organize/: how a unit asks for a session, and the ways in.
func (s *Site) organize(ctx context.Context, c *fiber.Ctx) error {
	p, err := s.startPage(ctx, c, typed{"idem": {newKey()}}, nil)
	if err != nil {
		return err
	}
	p.Greeting = greetings[c.Query("done")]
	if c.Query("again") != "" {
		p.Resume.Problems = []themes.FieldProblem{{Field: "f-code", Text: "请先用查询码和电话后四位打开您的申请。"}}
	}
	return s.render(c, p)
}

// startPage is /organize/ with what was typed into either form.
func (s *Site) startPage(ctx context.Context, c *fiber.Ctx, in typed, problems []events.Problem) (*themes.OrganizePage, error) {
	stations, err := s.cfg.Events.Stations(ctx, events.StationFilter{Tier: events.TownTier})
	if err != nil {
		return nil, err
	}
	p := &themes.OrganizePage{Shell: s.shell(c, "/organize/", "请律师来讲"), Phone: s.cfg.Settings.Phone,
		LeadDays: s.cfg.Events.Rules().LeadDays, ReplyDays: s.cfg.Events.Rules().ReviewDays}
	p.Column = themes.Column{Name: "请律师来讲", Href: "/organize/"}
	for _, t := range events.Types() {
		p.Types = append(p.Types, sessionType(t))
	}
	for _, st := range stations {
		p.Stations = append(p.Stations, station(st))
	}
	if r, err := s.mine(ctx, c); err == nil {
		p.Resumed = themes.Link{Text: resumeText(r), Href: "/organize/request"}
	}
	p.Start = themes.OrganizeForm{Action: "/organize/start", Submit: "给我查询码，开始填", Hidden: []themes.Hidden{{Name: "idem", Value: first(in["idem"])}}}
	p.Start.Groups, p.Start.Problems = fillIn([]group{{questions: contactQuestions()}}, in, problems)
	p.Resume = themes.OrganizeForm{Action: "/organize/open", Submit: "打开"}
	p.Resume.Groups, p.Resume.Problems = fillIn(resumeGroups, in, problems)
	return p, nil
}

// resumeText says what the link to the request in the cookie leads to.
func resumeText(r events.Request) string {
	if r.Editable() {
		return "接着填：" + r.Form.Unit
	}
	return "看进度：" + r.Form.Unit
}

// resumeGroups ask for what opens a request again.
var resumeGroups = []group{{row: true, questions: []question{
	{FormField: themes.FormField{Name: "code", Label: "查询码", Hint: "10 位字母和数字，像 ABCDE-FGHJK", Max: 40, Must: true}},
	{FormField: themes.FormField{Name: "last4", Label: "联系电话后四位", Kind: themes.PhoneField, Width: "s", Max: 20, Must: true}},
}}}

// organizeStart answers POST /organize/start: a draft, and its code.
func (s *Site) organizeStart(ctx context.Context, c *fiber.Ctx) error {
	groups := []group{{questions: contactQuestions()}}
	in := readTyped(c, groups...)
	in["idem"] = []string{c.FormValue("idem")}
	if c.FormValue("website") != "" { // no person sees the field
		return s.refuseStart(ctx, c, in, "phone", errs.New(errs.Invalid, "“网址”一栏要空着，请清掉它再提交。", "the trap field is filled"))
	}
	var form events.RequestForm
	in.take(step{groups: groups}, &form)
	if err := s.starting.Allow(c.IP()); err != nil {
		return s.refuseStart(ctx, c, in, "phone", err)
	}
	r, err := s.cfg.Events.StartRequest(ctx, form, c.FormValue("idem"))
	if err != nil {
		return s.refuseStart(ctx, c, in, "phone", err)
	}
	s.givePass(c, r.ID)
	return s.goTo(c, "/organize/request?done=started")
}

// refuseStart shows both forms again, and at the field what is wrong with it;
// otherwise is the field for what belongs to none.
func (s *Site) refuseStart(ctx context.Context, c *fiber.Ctx, in typed, otherwise string, err error) error {
	switch errs.KindOf(err) {
	case errs.Invalid, errs.NotFound, errs.TooMany, errs.Conflict:
	default:
		return err
	}
	field := errs.FieldOf(err)
	if field == "" {
		field = otherwise
	}
	if first(in["idem"]) == "" || field == "key" || errs.Is(err, errs.Conflict) { // the form has served; this is a new one
		in["idem"], field = []string{newKey()}, otherwise
	}
	problems := events.ProblemsOf(err)
	if len(problems) == 1 {
		problems[0].Field = field
	}
	p, perr := s.startPage(ctx, c, in, problems)
	if perr != nil {
		return perr
	}
	c.Status(web.Status(err))
	return s.render(c, p)
}

// organizeOpen answers POST /organize/open: back in with code and phone.
func (s *Site) organizeOpen(ctx context.Context, c *fiber.Ctx) error {
	in := readTyped(c, resumeGroups...)
	r, err := s.cfg.Events.OpenRequest(ctx, first(in["code"]), vault.LastFour(first(in["last4"])), c.IP())
	slug := c.FormValue("step") // of what was typed before the pass was gone
	if i := place(asking{}, slug); i == 0 || slug == checkStep {
		slug = ""
	}
	if err != nil && slug != "" {
		return s.refuseAgain(c, slug, in, err)
	}
	if err != nil {
		return s.refuseStart(ctx, c, in, "code", err)
	}
	s.givePass(c, r.ID)
	if slug != "" {
		return s.saveStep(slug)(ctx, c)
	}
	return s.goTo(c, "/organize/request")
}

// organizeLeave answers POST /organize/leave.
func (s *Site) organizeLeave(_ context.Context, c *fiber.Ctx) error {
	s.dropPass(c)
	return s.goTo(c, "/organize/")
}

// newKey names a form, so that sending it twice begins one draft.
func newKey() string {
	b := make([]byte, 15)
	rand.Read(b)
	return base64.RawURLEncoding.EncodeToString(b)
}

// formInt reads a number that a form of ours carries; 0 when it was tampered with.
func formInt(c *fiber.Ctx, name string) int {
	n, _ := strconv.Atoi(c.FormValue(name))
	return n
}
