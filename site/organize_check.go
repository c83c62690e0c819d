package site

import (
	"context"
	"fmt"
	"strings"

	"github.com/gofiber/fiber/v2"

	"github.com/songfa/songfa/events"
	"github.com/songfa/songfa/internal/errs"
	"github.com/songfa/songfa/internal/vault"
	"github.com/songfa/songfa/themes"
)

// nearDays is how far around a wished day holidays are told of.
const nearDays = 5

// holidayNotices tell of days off and days made up for near the wished days,
// each sentence once.
func (s *Site) holidayNotices(ctx context.Context, wishes []events.Wish) ([]themes.Notice, error) {
	cal, err := s.cfg.Events.Calendar(ctx)
	if err != nil {
		return nil, err
	}
	days := []events.Wish{{Starts: s.now().AddDate(0, 0, 2*nearDays)}} // nothing is wished yet: what is coming
	if len(wishes) > 0 {
		days = wishes
	}
	var list []themes.Notice
	said := map[string]bool{"": true}
	for _, w := range days {
		if w.Starts.IsZero() {
			continue
		}
		text, more := cal.Near(w.Starts, nearDays), "这几天要安排活动，请先打电话商量。"
		if year := w.Starts.In(events.Zone).Year(); text == "" && !cal.Known(year) {
			text, more = fmt.Sprintf("%d 年的放假安排还没有录入", year), "选日子时请自己留意节假日和调休。"
		}
		if !said[text] {
			said[text] = true
			list = append(list, themes.Notice{Text: text, Link: themes.Link{Text: more}})
		}
	}
	return list, nil
}

// checkPage answers GET /organize/check: everything once more before it goes.
func (s *Site) checkPage(ctx context.Context, c *fiber.Ctx) error {
	r, err := s.mine(ctx, c)
	if err != nil || !r.Editable() {
		return s.orToRequest(c, err)
	}
	p, err := s.checkForm(ctx, c, r, typed{}, nil)
	if err != nil {
		return err
	}
	return s.render(c, p)
}

func (s *Site) checkForm(ctx context.Context, c *fiber.Ctx, r events.Request, in typed, problems []events.Problem) (*themes.OrganizeCheckPage, error) {
	a, err := s.ask(ctx)
	if err != nil {
		return nil, err
	}
	p := &themes.OrganizeCheckPage{Shell: s.organizeShell(c, checkStep, "提交前核对一遍"), Steps: progress(a, r, checkStep),
		Code: vault.GroupCode(r.Code), Parts: checkParts(a, &r.Form), Missing: whereToMend(a, r.Missing), Reply: fmt.Sprintf("%d 个工作日内", a.rules.ReviewDays)}
	if p.Notices, err = s.holidayNotices(ctx, r.Form.Wishes); err != nil {
		return nil, err
	}
	for _, w := range r.Warnings {
		p.Warnings = append(p.Warnings, w.Message)
	}
	p.Form = themes.OrganizeForm{Action: "/organize/" + checkStep, Submit: "提交", Hidden: []themes.Hidden{{Name: "version", Value: fmt.Sprint(r.Version)}}}
	p.Form.Groups, p.Form.Problems = fillIn([]group{{questions: checkQuestions(len(r.Warnings) > 0)}}, in, problems)
	return p, nil
}

// checkQuestions are what is asked at the end: that it is true, and, when
// something speaks against it, that it shall be all the same and why.
func checkQuestions(warned bool) (list []question) {
	if warned {
		list = append(list,
			tick("sure", "上面这几点我都知道，仍然这样申请"),
			question{FormField: themes.FormField{Name: "override", Label: "为什么", Hint: "比如“工友 20 日就回老家了”", Width: "l", Max: 200, Must: true}})
	}
	return append(list, tick("agree", "以上内容属实，同意按《您的个人信息我们怎么用》保存联系人信息"))
}

func tick(name, text string) question {
	return question{FormField: themes.FormField{Name: name, Label: text, Kind: themes.Tick}}
}

// checkParts are the answers of all steps, each with the way back to it.
func checkParts(a asking, f *events.RequestForm) (parts []themes.CheckPart) {
	for _, st := range a.steps() {
		part := themes.CheckPart{Name: st.name}
		for i, g := range st.groups {
			if st.slug == "when" && i < len(wishNames) {
				part.Rows = append(part.Rows, themes.CheckRow{Name: g.legend, Value: wishText(wishOf(f, i)), Href: mendAt(st, g.questions[0])})
				continue
			}
			for _, q := range g.questions {
				if value := q.says(q.get(f)); value != "" || q.Must {
					part.Rows = append(part.Rows, themes.CheckRow{Name: q.Label, Value: value, Href: mendAt(st, q)})
				}
			}
		}
		parts = append(parts, part)
	}
	return parts
}

// mendAt is the address where an answer is changed; from there it goes back to
// the check page.
func mendAt(st step, q question) string {
	return "/organize/" + st.slug + "?edit=1#" + q.ID()
}

// whereToMend leads from each problem to its question.
func whereToMend(a asking, problems []events.Problem) (list []themes.FieldProblem) {
	for _, p := range problems {
		to := ""
		for _, st := range a.steps() {
			for q := range questions(st.groups) {
				if to == "" && q.field() == p.Field {
					to = mendAt(st, q)
				}
			}
		}
		list = append(list, themes.FieldProblem{Field: to, Text: p.Message})
	}
	return list
}

// submitRequest answers POST /organize/check.
func (s *Site) submitRequest(ctx context.Context, c *fiber.Ctx) error {
	r, err := s.mine(ctx, c)
	if err != nil || !r.Editable() { // sent twice: it has gone already
		return s.orToRequest(c, err)
	}
	in := readTyped(c, group{questions: checkQuestions(true)})
	if problems := unticked(in, len(r.Warnings) > 0); len(problems) > 0 {
		return s.refuseCheck(ctx, c, r, in, fiber.StatusBadRequest, problems)
	}
	if formInt(c, "version") != r.Version {
		return s.refuseCheck(ctx, c, r, in, fiber.StatusConflict, []events.Problem{{Field: "agree", Message: "您打开这一页以后，内容在别处改过。下面是现在的内容，请再核对一遍。"}})
	}
	_, err = s.cfg.Events.SubmitRequest(ctx, r.ID, r.Version, strings.TrimSpace(first(in["override"])))
	if errs.Is(err, errs.Invalid) || errs.Is(err, errs.Conflict) {
		return s.refuseSubmit(ctx, c, r.ID, in, err)
	}
	if err != nil {
		return err
	}
	return s.goTo(c, "/organize/request?done=submitted")
}

func unticked(in typed, warned bool) (problems []events.Problem) {
	if warned && in.empty("sure") {
		problems = append(problems, events.Problem{Field: "sure", Message: "请先看上面几点；仍然这样申请的，请勾上。"})
	}
	if warned && in.empty("override") {
		problems = append(problems, events.Problem{Field: "override", Message: "请写一句为什么仍然这样申请。"})
	}
	if in.empty("agree") {
		problems = append(problems, events.Problem{Field: "agree", Message: "请勾上“以上内容属实”，再提交。"})
	}
	return problems
}

// refuseSubmit shows the check page as it is now, with what the domain says.
func (s *Site) refuseSubmit(ctx context.Context, c *fiber.Ctx, id string, in typed, err error) error {
	r, rerr := s.cfg.Events.RequestByID(ctx, id)
	if rerr != nil {
		return rerr
	}
	if !r.Editable() {
		return s.goTo(c, "/organize/request")
	}
	field := "agree"
	if len(r.Warnings) > 0 && len(r.Missing) == 0 {
		field = "override"
	}
	status := fiber.StatusBadRequest
	if errs.Is(err, errs.Conflict) {
		status = fiber.StatusConflict
	}
	return s.refuseCheck(ctx, c, r, in, status, []events.Problem{{Field: field, Message: errs.MessageOf(err)}})
}

func (s *Site) refuseCheck(ctx context.Context, c *fiber.Ctx, r events.Request, in typed, status int, problems []events.Problem) error {
	p, err := s.checkForm(ctx, c, r, in, problems)
	if err != nil {
		return err
	}
	c.Status(status)
	return s.render(c, p)
}
