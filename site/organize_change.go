package site

import (
	"context"

	"github.com/gofiber/fiber/v2"

	"github.com/songfa/songfa/events"
	"github.com/songfa/songfa/internal/errs"
	"github.com/songfa/songfa/internal/web"
	"github.com/songfa/songfa/themes"
)

// changeStep asks what a unit would rather have once its request is handed in.
// It borrows the questions of a request, and its form to carry the answers.
func changeStep() step {
	place := line("venue", "新的地点", "不换地方就不填", func(f *events.RequestForm) *string { return &f.Venue })
	note := line("notes", "说明", "不要写别人的姓名和电话", func(f *events.RequestForm) *string { return &f.Notes })
	note.Kind, place.Width = themes.AreaField, "l"
	return step{slug: "when", groups: []group{
		{legend: "新的时间", hint: "不改时间就不填", row: true, questions: []question{wishDay(0), wishClock(0)}},
		{questions: []question{place, note}},
	}}
}

// changePage answers GET /organize/change.
func (s *Site) changePage(ctx context.Context, c *fiber.Ctx) error {
	r, err := s.mine(ctx, c)
	if err != nil || !r.MayPropose() {
		return s.orToRequest(c, err)
	}
	return s.render(c, s.changeForm(c, typed{}, nil))
}

func (s *Site) changeForm(c *fiber.Ctx, in typed, problems []events.Problem) *themes.OrganizeConfirmPage {
	p := &themes.OrganizeConfirmPage{Shell: s.organizeShell(c, "change", "想改时间地点"), Back: themes.Link{Text: "不改了", Href: "/organize/request"}}
	p.Text = "写好就告诉负责的人，商量定了才算改。已经发布的，报过名的人会收到通知。"
	p.Action, p.Submit = "/organize/change", "告诉负责的人"
	p.Groups, p.Problems = fillIn(changeStep().groups, in, problems)
	return p
}

// proposeChange answers POST /organize/change.
func (s *Site) proposeChange(ctx context.Context, c *fiber.Ctx) error {
	r, err := s.mine(ctx, c)
	if err != nil || !r.MayPropose() {
		return s.orToRequest(c, err)
	}
	st := changeStep()
	in := readTyped(c, st.groups...)
	var form events.RequestForm
	problems := in.take(st, &form)
	w := wishOf(&form, 0)
	if w.Starts.IsZero() && (w.Day != "" || w.Clock != "") {
		problems = append(problems, events.Problem{Field: "d1", Message: "日期和开始时间请一起填。"})
	}
	proposal := events.Proposal{Starts: w.Starts, Venue: form.Venue, Note: form.Notes}
	if len(problems) == 0 {
		problems = proposal.Problems(s.now())
	}
	if len(problems) > 0 {
		c.Status(fiber.StatusBadRequest)
		return s.render(c, s.changeForm(c, in, problems))
	}
	if err := s.cfg.Events.ProposeChange(ctx, r.ID, proposal); err != nil {
		if !errs.Is(err, errs.Conflict) {
			return err
		}
		c.Status(web.Status(err))
		return s.render(c, s.changeForm(c, in, []events.Problem{{Field: "notes", Message: errs.MessageOf(err)}}))
	}
	return s.goTo(c, "/organize/request?done=proposed")
}
