package site

import (
	"context"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/songfa/songfa/events"
	"github.com/songfa/songfa/internal/errs"
	"github.com/songfa/songfa/internal/web"
	"github.com/songfa/songfa/themes"
)

// How often one address may come with a personal link that does not exist. The
// links have 128 bits; this is for the log, not against guessing.
const (
	strangeBurst = 20
	strangePer   = 30 * time.Second
)

// registerMy hangs the pages behind personal links below /my/, and the secret
// calendars below /ics/s/. The link is all the proof there is, so nothing of
// them is kept in a cache, and the address of a page is never the one in its
// head.
func (s *Site) registerMy() {
	s.private("/my/", func(context.Context, *fiber.Ctx) error {
		return errs.New(errs.NotFound, "请用短信或电话里告诉您的个人链接打开。没有收到的，请向司法局活动负责人要。", "no token in the address")
	})
	s.private("/my/:token", s.my(s.myPage))
	s.post("/my/:token/away", s.my(s.changeAway))
	s.post("/my/:token/feed", s.my(s.renewFeed))
	s.private("/my/:token/record", s.my(s.recordPage))
	s.private("/my/:token/:duty", s.my(s.dutyPage))
	s.post("/my/:token/:duty", s.my(s.changeDuty))
	s.private("/my/:token/:duty/report", s.my(s.legalReportPage))
	s.post("/my/:token/:duty/report", s.my(s.saveLegalReport))
	s.get("/ics/s/:token.ics", s.personFeed)
}

// my opens a page to the person whose link it is.
func (s *Site) my(do func(context.Context, *fiber.Ctx, events.Guest) error) handler {
	return func(ctx context.Context, c *fiber.Ctx) error {
		c.Set("X-Robots-Tag", "noindex")
		c.Set("Referrer-Policy", "same-origin") // the address is the key
		g, err := s.cfg.Events.PersonByLink(ctx, strings.ToLower(c.Params("token")))
		if err != nil {
			return s.strange(c, err)
		}
		return do(ctx, c, g)
	}
}

// strange slows down who comes with unknown links.
func (s *Site) strange(c *fiber.Ctx, err error) error {
	if errs.Is(err, errs.NotFound) {
		if limit := s.strangers.Allow(c.IP()); limit != nil {
			return limit
		}
	}
	return err
}

// myShell is what is around the pages of one person. Its path is not the page's
// own: canonical links and share cards must not give the key away.
func (s *Site) myShell(c *fiber.Ctx, title string) themes.Shell {
	shell := s.shell(c, "/my/", title)
	shell.NoIndex = true
	return shell
}

// myGreetings say what was just done.
var myGreetings = map[string]string{
	"accept": "记下了：您来。时间已经为您留好", "decline": "记下了：您来不了。已经告诉负责的人", "confirm": "已确认到场，到时见",
	"arrive": "签到好了", "leave": "辛苦了，离场时间记下了", "substitute": "推荐好了，等负责的人同意", "hours": "报上去了，等负责的人核定",
	"away": "登记好了", "drop": "删掉了", "feed": "换好了。请在手机日历里删掉旧的，加上新地址",
	"save": "存好了，以后接着填", "send": "结果已经报上去，谢谢",
}

// myPage answers GET /my/{token}.
func (s *Site) myPage(ctx context.Context, c *fiber.Ctx, g events.Guest) error {
	return s.renderMy(ctx, c, g, typed{}, nil)
}

func (s *Site) renderMy(ctx context.Context, c *fiber.Ctx, g events.Guest, in typed, problems []events.Problem) error {
	list, err := s.cfg.Events.Duties(ctx, g)
	if err != nil {
		return err
	}
	away, err := s.cfg.Events.Availability(ctx, g.ID)
	if err != nil {
		return err
	}
	home := g.Links.Page
	p := &themes.MyPage{Shell: s.myShell(c, "我的安排"), Who: g.Name, Greeting: myGreetings[c.Query("done")], DropTo: home + "/away", RenewTo: home + "/feed",
		Record: themes.Link{Text: "服务记录", Href: home + "/record"}, Phone: s.cfg.Settings.Phone}
	for i := range list {
		if d := s.myDuty(g, &list[i]); list[i].State == events.DutyInvited || list[i].State == events.DutyMoved {
			p.Asked = append(p.Asked, d)
		} else {
			p.Coming = append(p.Coming, d)
		}
	}
	for _, a := range away {
		p.Away = append(p.Away, themes.MyAway{ID: a.ID, Kind: a.Kind.Label(), When: a.When()})
	}
	if g.Links.Feed != "" {
		p.Calendar = s.srv.URL(g.Links.Feed)
	}
	p.AwayForm = themes.OrganizeForm{Action: home + "/away", Submit: "登记"}
	p.AwayForm.Groups, p.AwayForm.Problems = fillIn(awayGroups, in, problems)
	return s.render(c, p)
}

// myDuty is one session in the list: what is wanted now, and the answers.
func (s *Site) myDuty(g events.Guest, d *events.Duty) themes.MyDuty {
	se := &d.Session
	m := themes.MyDuty{Title: se.Title, Href: g.Links.Page + "/" + d.ID, Type: sessionType(se.Type), Role: d.Role.Label(),
		Starts: se.Starts, Ends: se.Ends, Place: se.Place(), State: dutyBadge(d)}
	yes := themes.MyButton{Value: "accept", Text: "能来", Main: true}
	no := themes.MyButton{Value: "decline", Text: "来不了"}
	now := s.cfg.Now()
	switch {
	case se.State == events.Postponed:
		m.Explain = "延期了，新的时间定下来再请您确认。"
	case !now.Before(se.Ends):
	case d.State == events.DutyInvited:
		m.Explain, m.Buttons = "请答复能不能来。", []themes.MyButton{yes, no}
	case d.State == events.DutyMoved:
		m.Explain, m.Buttons = "时间或地点变了，请重新答复。", []themes.MyButton{yes, no}
	case d.AsksConfirm(now):
		m.Explain, m.Buttons = "就要到了，请确认到场。", []themes.MyButton{{Value: "confirm", Text: "确认到场", Main: true}, no}
	}
	m.Buttons = append(m.Buttons, s.doorButtons(d, now)...)
	return m
}

// doorButtons are those of the day itself.
func (s *Site) doorButtons(d *events.Duty, now time.Time) []themes.MyButton {
	if !d.Session.OnSite(now) || d.State != events.DutyAccepted && d.State != events.DutyPresent {
		return nil
	}
	switch {
	case d.Arrived.IsZero():
		return []themes.MyButton{{Value: "arrive", Text: "我到了", Main: true}}
	case d.Left.IsZero():
		return []themes.MyButton{{Value: "leave", Text: "我走了"}}
	}
	return nil
}

func dutyBadge(d *events.Duty) themes.Badge {
	b := themes.Badge{Text: d.State.Label()}
	switch d.State {
	case events.DutyInvited, events.DutyMoved:
		b.Tone = themes.Due
	case events.DutyAccepted, events.DutyPresent:
		b.Tone = themes.Good
	case events.DutyCancelled, events.DutyAbsent:
		b.Tone = themes.Warn
	}
	if d.State == events.DutyAccepted && !d.Confirmed.IsZero() {
		b.Text = "已确认到场"
	}
	return b
}

// refusedHere reports that the page itself can say what is wrong, and sets the
// status for it.
func refusedHere(c *fiber.Ctx, err error) (events.Problem, bool) {
	if !errs.Is(err, errs.Invalid) && !errs.Is(err, errs.Conflict) {
		return events.Problem{}, false
	}
	c.Status(web.Status(err))
	return events.Problem{Field: errs.FieldOf(err), Message: errs.MessageOf(err)}, true
}

var awayGroups = []group{
	{questions: []question{{FormField: themes.FormField{Name: "kind", Label: "哪一种", Kind: themes.Picks, Must: true,
		Options: []themes.Option{{Value: "leave", Name: "请假，别找我"}, {Value: "free", Name: "有空，可以找我"}}}}}},
	{row: true, questions: []question{
		{FormField: themes.FormField{Name: "from", Label: "从哪天", Kind: themes.DateField, Must: true}},
		{FormField: themes.FormField{Name: "to", Label: "到哪天", Kind: themes.DateField, Hint: "只有一天的不用填"}}}},
	{row: true, questions: []question{
		{FormField: themes.FormField{Name: "t1", Label: "几点起", Kind: themes.TimeField, Hint: "整天的不用填"}},
		{FormField: themes.FormField{Name: "t2", Label: "几点止", Kind: themes.TimeField}}}},
}

// changeAway answers POST /my/{token}/away: a time to note, or one to drop.
func (s *Site) changeAway(ctx context.Context, c *fiber.Ctx, g events.Guest) error {
	if id := c.FormValue("drop"); id != "" {
		if err := s.cfg.Events.DropOwnAvailability(ctx, g, id); err != nil {
			return err
		}
		return s.goTo(c, g.Links.Page+"?done=drop")
	}
	in := readTyped(c, awayGroups...)
	a := events.Availability{Kind: events.AvailabilityKind(first(in["kind"]))}
	a.Starts, a.Ends = awayTimes(first(in["from"]), first(in["to"]), first(in["t1"]), first(in["t2"]))
	clash, err := s.cfg.Events.AddOwnAvailability(ctx, g, a)
	if p, ok := refusedHere(c, err); ok {
		return s.renderMy(ctx, c, g, in, []events.Problem{p})
	}
	if err != nil {
		return err
	}
	if len(clash) > 0 { // said yes before: the page of that session has the answers
		return s.goTo(c, g.Links.Page+"/"+clash[0].ID+"?done=away")
	}
	return s.goTo(c, g.Links.Page+"?done=away")
}

// awayTimes are whole days unless times are given; what cannot be read is zero.
func awayTimes(from, to, t1, t2 string) (starts, ends time.Time) {
	if to == "" {
		to = from
	}
	at := func(day, clock string, add int) time.Time {
		layout := time.DateOnly
		if clock != "" {
			layout, day, add = "2006-01-02 15:04", day+" "+clock, 0
		}
		t, err := time.ParseInLocation(layout, day, events.Zone)
		if err != nil {
			return time.Time{}
		}
		return t.AddDate(0, 0, add)
	}
	return at(from, t1, 0), at(to, t2, 1)
}

// renewFeed answers POST /my/{token}/feed.
func (s *Site) renewFeed(ctx context.Context, c *fiber.Ctx, g events.Guest) error {
	if err := s.cfg.Events.RenewOwnFeed(ctx, g); err != nil {
		return err
	}
	return s.goTo(c, g.Links.Page+"?done=feed")
}
