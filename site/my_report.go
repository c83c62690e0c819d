package site

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"github.com/songfa/songfa/events"
	"github.com/songfa/songfa/internal/errs"
	"github.com/songfa/songfa/themes"
)

// legalReportPage answers GET /my/{token}/{id}/report: the lawyer's part of the
// outcome, with what was tapped on the spot already in it.
func (s *Site) legalReportPage(ctx context.Context, c *fiber.Ctx, g events.Guest) error {
	d, sheet, err := s.legalReport(ctx, c, g)
	if err != nil {
		return err
	}
	return s.renderLegal(c, g, d, sheet, sheet.Legal.Form, nil)
}

// legalReport is the sheet of a session the person was at.
func (s *Site) legalReport(ctx context.Context, c *fiber.Ctx, g events.Guest) (events.Duty, events.ReportSheet, error) {
	d, err := s.cfg.Events.DutyByID(ctx, g, c.Params("duty"))
	if err == nil && (!d.State.Comes() && d.State != events.DutyMoved || s.cfg.Now().Before(d.Session.Ends)) {
		err = errs.New(errs.NotFound, "活动结束后、您到场的，才能报结果。请回到您的安排。", "assignment %s cannot report yet", d.ID)
	}
	if err != nil {
		return d, events.ReportSheet{}, err
	}
	sheet, err := s.cfg.Events.ReportSheet(ctx, d.SessionID)
	return d, sheet, err
}

// saveLegalReport answers POST /my/{token}/{id}/report: what is typed is kept
// first, whatever is wrong with it.
func (s *Site) saveLegalReport(ctx context.Context, c *fiber.Ctx, g events.Guest) error {
	d, sheet, err := s.legalReport(ctx, c, g)
	if err != nil {
		return err
	}
	form, rev, actor := events.ParseReportForm(formValues(c)), formInt(c, "rev"), events.PractitionerActor(g.ID)
	page := g.Links.Page + "/" + d.ID
	if c.FormValue("go") == "send" {
		_, err = s.cfg.Events.SubmitReport(ctx, actor, d.SessionID, events.LegalPart, rev, form, strings.ToValidUTF8(c.FormValue("override"), ""))
		page += "?done=send"
	} else {
		_, err = s.cfg.Events.SaveReport(ctx, actor, d.SessionID, events.LegalPart, rev, form)
		page += "/report?done=save"
	}
	if p, ok := refusedHere(c, err); ok {
		if sheet, err = s.cfg.Events.ReportSheet(ctx, d.SessionID); err != nil {
			return err
		}
		problems := sheet.Legal.Blocks
		if p.Field == "" || len(problems) == 0 {
			problems = append([]events.Problem{p}, problems...)
		}
		return s.renderLegal(c, g, d, sheet, form, problems)
	}
	if err != nil {
		return err
	}
	return s.goTo(c, page)
}

// formValues are all fields of a POST, without broken UTF-8.
func formValues(c *fiber.Ctx) url.Values {
	v := url.Values{}
	for name, value := range c.Context().PostArgs().All() {
		v.Add(string(name), strings.ToValidUTF8(string(value), ""))
	}
	return v
}

func (s *Site) renderLegal(c *fiber.Ctx, g events.Guest, d events.Duty, sheet events.ReportSheet, form events.ReportForm, problems []events.Problem) error {
	legal := &sheet.Legal
	p := &themes.MyReportPage{Shell: s.myShell(c, "报结果：咨询和文书"), Session: s.myDuty(g, &d), Reason: legal.Note, Due: dayText(sheet.Due) + "前报上来",
		Back: themes.Link{Text: "回到这一场", Href: g.Links.Page + "/" + d.ID}}
	if !legal.Open() {
		p.Given = true
		return s.render(c, p)
	}
	p.Action = g.Links.Page + "/" + d.ID + "/report"
	p.Hidden = []themes.Hidden{{Name: "rev", Value: fmt.Sprint(legal.Rev)}}
	p.Groups = legalGroups(g.ID, form)
	if c.Query("done") == "save" {
		p.Saved = myGreetings["save"]
	}
	if legal.Saved() && len(legal.Warns) > 0 {
		for _, w := range legal.Warns {
			p.Warnings = append(p.Warnings, w.Message)
		}
		p.Send = []themes.FormGroup{{Fields: []themes.FormField{{Name: "override", Label: "情况说明", Hint: "确认没有错，写一句为什么", Kind: themes.AreaField, Value: c.FormValue("override"), Max: 200}}}}
	}
	p.Problems = markFields(p.Groups, problems)
	return s.render(c, p)
}

// markFields puts the problems at their fields and lists them.
func markFields(groups []themes.FormGroup, problems []events.Problem) (list []themes.FieldProblem) {
	for _, p := range problems {
		entry := themes.FieldProblem{Text: p.Message}
		for g := range groups {
			for i := range groups[g].Fields {
				if f := &groups[g].Fields[i]; f.ID() == "f-"+p.Field {
					f.Error, entry.Field = p.Message, f.ID()
				}
			}
		}
		list = append(list, entry)
	}
	return list
}

// legalGroups are the questions of the lawyer's part: a row for each category,
// those with numbers first, as the form keeps them.
func legalGroups(me string, f events.ReportForm) []themes.FormGroup {
	none := func(value, label string) themes.FormField {
		return themes.FormField{Name: "none", Row: "-" + value, Label: "没有的勾这里", Kind: themes.Ticks,
			Options: []themes.Option{{Value: value, Name: label, Selected: slices.Contains(f.None, value)}}}
	}
	number := func(name, label, unit, value string) themes.FormField {
		return themes.FormField{Name: name, Label: label, Kind: themes.CountField, Unit: unit, Width: "s", Max: 12, Value: value}
	}
	consult := tallyRows("consult", "人次", me, f.Consultations, events.ConsultationCategories())
	consult.Legend, consult.Hint = "解答了多少咨询", "按事情分，一个人问两件事算 2 人次"
	document := tallyRows("document", "人", me, f.Documents, events.DocumentCategories())
	document.Legend, document.Hint = "代写了多少文书", "给几个人写的，一共几份"
	return []themes.FormGroup{consult, {Fields: []themes.FormField{none(events.NoConsultations, "没有人来问")}},
		document, {Fields: []themes.FormField{none(events.NoDocuments, "没有代写")}},
		{Legend: "另外", Row: true, Fields: []themes.FormField{number("leads", "欠薪等线索", "条", f.Leads), number("applications", "法律援助申请", "件", f.Applications),
			number("disputes", "当场调解的纠纷", "起", f.Disputes), {Name: "dispute_yuan", Label: "涉及金额", Kind: themes.CountField, Unit: "元", Width: "s", Max: 14, Value: f.DisputeYuan}}},
		{Fields: []themes.FormField{{Name: "text", Label: "活动情况", Hint: "200 个字以内，不写当事人姓名", Kind: themes.AreaField, Value: f.Text, Max: 200},
			{Name: "trouble", Label: "需要改进的问题", Kind: themes.AreaField, Value: f.Trouble, Max: 200}}}}
}

// tallyRows is one table of the form. Rows of a colleague stay theirs.
func tallyRows(prefix, unit, me string, lines []events.TallyLine, categories []string) themes.FormGroup {
	g := themes.FormGroup{Row: true}
	rows := slices.Clone(lines)
	for _, category := range categories {
		mine := func(l events.TallyLine) bool {
			return l.Category == category && (l.Practitioner == me || l.Practitioner == "")
		}
		if !slices.ContainsFunc(rows, mine) {
			rows = append(rows, events.TallyLine{Category: category, Practitioner: me})
		}
	}
	for i, l := range rows {
		at, label := "-"+strconv.Itoa(i), l.Category
		if l.Practitioner != me && l.Practitioner != "" {
			label += "（同去的律师）"
		}
		g.Hidden = append(g.Hidden, themes.Hidden{Name: prefix + "_category", Value: l.Category}, themes.Hidden{Name: prefix + "_practitioner", Value: l.Practitioner})
		g.Fields = append(g.Fields, themes.FormField{Name: prefix + "_people", Row: at, Label: label, Kind: themes.CountField, Unit: unit, Width: "s", Max: 7, Value: l.People})
		if prefix == "document" {
			g.Fields = append(g.Fields, themes.FormField{Name: prefix + "_copies", Row: at, Label: label + "，共", Kind: themes.CountField, Unit: "份", Width: "s", Max: 7, Value: l.Copies})
		}
	}
	return g
}
