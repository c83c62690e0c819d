package site

import (
	"context"
	"fmt"
	"strings"

	"github.com/gofiber/fiber/v2"

	"github.com/songfa/songfa/events"
	"github.com/songfa/songfa/themes"
)

// dutyPage answers GET /my/{token}/{id}: one session.
func (s *Site) dutyPage(ctx context.Context, c *fiber.Ctx, g events.Guest) error {
	return s.renderDuty(ctx, c, g, typed{}, nil)
}

var (
	substituteGroups = []group{{questions: []question{{FormField: themes.FormField{Name: "substitute", Label: "请谁替您", Hint: "填对方全名", Width: "m", Max: 60, Must: true}}}}}
	hoursGroups      = []group{{questions: []question{{FormField: themes.FormField{Name: "minutes", Label: "实际服务了多少分钟", Kind: themes.CountField, Unit: "分钟", Width: "s", Max: 4, Must: true}}}}}
)

func (s *Site) renderDuty(ctx context.Context, c *fiber.Ctx, g events.Guest, in typed, problems []events.Problem) error {
	d, err := s.cfg.Events.DutyByID(ctx, g, c.Params("duty"))
	if err != nil {
		return err
	}
	se := &d.Session
	p := &themes.MyDutyPage{Shell: s.myShell(c, se.Title), Duty: s.myDuty(g, &d), Greeting: myGreetings[c.Query("done")], No: se.No, Summary: se.Summary,
		Back: themes.Link{Text: "回到我的安排", Href: g.Links.Page}}
	if c.Query("done") == "away" {
		p.Greeting = "登记好了。不过这一场您已经答应，来不了请按“来不了”，或者找人替"
	}
	if se.State.Public() {
		p.Public, p.ICS = themes.Link{Text: "网站上的页面", Href: sessionPath(se.No)}, sessionPath(se.No)+".ics"
	}
	for _, one := range problems {
		p.Problems = append(p.Problems, themes.FieldProblem{Text: one.Message})
	}
	if p.Questions, err = s.cfg.Events.Questions(ctx, d, privacyVersion); err != nil {
		return err
	}
	s.laterAnswers(p, &d, in)
	if err := s.onSite(ctx, g, p, &d); err != nil {
		return err
	}
	if err := s.afterwards(ctx, g, p, &d, in); err != nil {
		return err
	}
	if p.Substitute != nil {
		if p.Names, err = s.cfg.Events.Colleagues(ctx, g); err != nil {
			return err
		}
	}
	return s.render(c, p)
}

// laterAnswers are those that may come after a yes: I cannot, somebody else.
func (s *Site) laterAnswers(p *themes.MyDutyPage, d *events.Duty, in typed) {
	if !s.cfg.Now().Before(d.Session.Starts) || d.Session.State == events.Postponed {
		return
	}
	switch d.State {
	case events.DutyAccepted:
		if len(p.Duty.Buttons) == 0 {
			p.Duty.Buttons = []themes.MyButton{{Value: "decline", Text: "来不了了"}}
		}
	case events.DutyInvited, events.DutyMoved:
	default:
		return
	}
	p.Substitute, _ = fillIn(substituteGroups, in, nil)
}

// onSite shows the tally while the session goes on.
func (s *Site) onSite(ctx context.Context, g events.Guest, p *themes.MyDutyPage, d *events.Duty) error {
	if !d.Session.OnSite(s.cfg.Now()) || !d.State.Comes() && d.State != events.DutyMoved {
		return nil
	}
	lines, err := s.cfg.Events.Tally(ctx, d.SessionID, g.ID)
	if err != nil {
		return err
	}
	counts, totals := map[events.TallyKind]int{}, map[string]int{}
	for _, l := range lines {
		counts[l.TallyKind] += l.Qty
		totals[l.Measure] += l.Qty
	}
	p.Tally = []themes.MyTally{{Legend: "来问的", Unit: "人次"}, {Legend: "代写的", Unit: "份"}}
	for _, k := range events.TallyKinds() {
		at := 0
		if k.Measure == events.MeasureDocument {
			at = 1
		}
		p.Tally[at].Taps = append(p.Tally[at].Taps, themes.MyTap{Value: newKey() + "|" + k.Measure + "|" + k.Category, Text: k.Category, Count: counts[k]})
	}
	p.Total = fmt.Sprintf("%d 人次咨询，%d 份文书", totals[events.MeasureConsultation], totals[events.MeasureDocument])
	p.Undo = newKey()
	return nil
}

// afterwards shows hours and the report once the session is over.
func (s *Site) afterwards(ctx context.Context, g events.Guest, p *themes.MyDutyPage, d *events.Duty, in typed) error {
	if s.cfg.Now().Before(d.Session.Ends) || !d.State.Comes() {
		return nil
	}
	if d.Role == events.RoleLawyer && (d.Session.State == events.Held || d.Session.State == events.ReportReturned || d.Session.State == events.Published) {
		p.Report = themes.Link{Text: "报结果", Href: p.Duty.Href + "/report"}
	}
	h, err := s.cfg.Events.HoursOf(ctx, g, d.ID)
	if err != nil {
		return err
	}
	p.Hours = &themes.MyHours{Text: hoursText(h.Minutes) + "（" + h.Source.Label() + "）", State: themes.Badge{Text: "待核定", Tone: themes.Due}}
	if h.Disputed() {
		p.Hours.Text += "，您报的是 " + hoursText(h.Claimed)
	}
	if !h.Approved.IsZero() {
		p.Hours.State = themes.Badge{Text: "已核定", Tone: themes.Good}
		return nil
	}
	p.Hours.Form, _ = fillIn(hoursGroups, in, nil)
	return nil
}

// hoursText is a number of minutes for people: 1 小时 30 分.
func hoursText(minutes int) string {
	switch h, m := minutes/60, minutes%60; {
	case h == 0:
		return fmt.Sprintf("%d 分钟", m)
	case m == 0:
		return fmt.Sprintf("%d 小时", h)
	default:
		return fmt.Sprintf("%d 小时 %d 分", h, m)
	}
}

// changeDuty answers POST /my/{token}/{id}: every button of a session.
func (s *Site) changeDuty(ctx context.Context, c *fiber.Ctx, g events.Guest) error {
	id, page := strings.Clone(c.Params("duty")), g.Links.Page+"/"+c.Params("duty")
	if key := c.FormValue("undo"); key != "" {
		return s.answered(ctx, c, g, s.cfg.Events.UndoTap(ctx, g, id, key), page+"#tally")
	}
	if tap := strings.SplitN(c.FormValue("tap"), "|", 3); len(tap) == 3 {
		return s.answered(ctx, c, g, s.cfg.Events.Tap(ctx, g, id, tap[0], tap[1], tap[2]), page+"#tally")
	}
	word := c.FormValue("go")
	var err error
	switch e := s.cfg.Events; word {
	case "accept":
		err = e.Accept(ctx, g, id)
	case "decline":
		err, page = e.Decline(ctx, g, id), g.Links.Page
	case "confirm":
		err = e.Confirm(ctx, g, id)
	case "arrive":
		err = e.Arrive(ctx, g, id)
	case "leave":
		err = e.Leave(ctx, g, id)
	case "substitute":
		err = e.Substitute(ctx, g, id, c.FormValue("substitute"))
	case "hours":
		err = e.ClaimHours(ctx, g, id, minutes(c.FormValue("minutes")))
	default: // an old page, or none of ours: show how it stands
		return s.goTo(c, page)
	}
	return s.answered(ctx, c, g, err, page+"?done="+word)
}

// answered leads on, or shows the page with what is wrong and what was typed.
func (s *Site) answered(ctx context.Context, c *fiber.Ctx, g events.Guest, err error, to string) error {
	if p, ok := refusedHere(c, err); ok {
		return s.renderDuty(ctx, c, g, readTyped(c, append(substituteGroups, hoursGroups...)...), []events.Problem{p})
	}
	if err != nil {
		return err
	}
	return s.goTo(c, to)
}

// minutes reads a number as people type it; what is none is -1, which no use
// case takes.
func minutes(typed string) int {
	n, problem := readCount(typed)
	if problem != "" {
		return -1
	}
	return n
}
