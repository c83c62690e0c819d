package site

import (
	"context"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"github.com/songfa/songfa/events"
	"github.com/songfa/songfa/themes"
)

// reportParts are the questions of the host's report with what is typed so far.
func reportParts(sheet events.ReportSheet) []themes.ReportPart {
	f := &sheet.Host.Form
	people := themes.ReportPart{ID: "people", Name: "来了多少人", Groups: []themes.FormGroup{
		{Row: true, Fields: []themes.FormField{figure("attendance", "一共到场", "人", f.Attendance), figure("walkins", "没报名、现场来的", "人", f.WalkIns)}},
		folded(themes.FormGroup{Legend: "其中农民工、妇女、老人多少", Hint: "估计就行，不清楚就不填", Row: true, Fields: []themes.FormField{
			figure("migrants", "农民工", "人", f.Migrants), figure("women", "妇女", "人", f.Women), figure("minors", "不满 18 岁", "人", f.Minors), figure("elders", "60 岁以上", "人", f.Elders),
			oneTick("estimate", "这几个数是估计的", f.Estimate || f.Migrants+f.Women+f.Minors+f.Elders == "")}}),
	}}
	if sheet.Present+sheet.WalkIns > 0 {
		people.Hint = fmt.Sprintf("现场签到 %d 人，其中没报名的 %d 人，已经替您填上，不对就改。", sheet.Present+sheet.WalkIns, sheet.WalkIns)
	}
	photos := themes.ReportPart{ID: "photos", Name: "照片", Groups: []themes.FormGroup{{Fields: []themes.FormField{
		oneTick("consent", "照片里的人都同意公开", false), oneTick("sheet", "这是签到表", false),
		textLine("waiver", "没有照片也没有签到表", "写一句为什么，比如“停电，没拍成”", f.Waiver)}}}}
	words := themes.ReportPart{ID: "words", Name: "想说的话", Groups: []themes.FormGroup{
		{Fields: []themes.FormField{area("text", "活动情况", "200 个字以内，不写姓名", f.Text), area("trouble", "下次要改进的", "", f.Trouble)}}, posts(f)}}
	return []themes.ReportPart{people, handouts(sheet), photos, words}
}

// handouts are the titles that went out with the session, and a row for others.
func handouts(sheet events.ReportSheet) themes.ReportPart {
	f := &sheet.Host.Form
	part := themes.ReportPart{ID: "handouts", Name: "发了什么资料"}
	for i, h := range append(slices.Clone(f.Handouts), events.HandoutLine{}) {
		part.Groups = append(part.Groups, handout(i, h, sheet.Issued))
	}
	part.Groups = append(part.Groups, themes.FormGroup{Fields: []themes.FormField{oneTick("no_handouts", "没有发资料", slices.Contains(f.None, events.NoHandouts))}})
	return part
}

func handout(i int, h events.HandoutLine, issued []events.Issued) themes.FormGroup {
	row := "-" + strconv.Itoa(i)
	at := func(name, label, value string) themes.FormField {
		n := figure(name, label, "份", value)
		n.Row = row
		return n
	}
	g := themes.FormGroup{Row: true, Hidden: []themes.Hidden{{Name: "handout_material", Value: h.Material}}}
	handed := at("handout_handed", "发出", h.Handed)
	if h.Title == "" || h.Material == "" { // not of our stock: nothing comes back to it
		title := textLine("handout_title", "资料名称", "", h.Title)
		title.Row, g.Legend = row, "别的资料"
		g.Hidden = append(g.Hidden, themes.Hidden{Name: "handout_returned", Value: h.Returned}, themes.Hidden{Name: "handout_spoiled", Value: h.Spoiled})
		g.Fields = []themes.FormField{title, handed}
		return g
	}
	g.Legend = h.Title
	if k := slices.IndexFunc(issued, func(is events.Issued) bool { return is.Material == h.Material }); k >= 0 {
		g.Hint = fmt.Sprintf("领了 %d 份", issued[k].Qty)
	}
	g.Hidden = append(g.Hidden, themes.Hidden{Name: "handout_title", Value: h.Title})
	g.Fields = []themes.FormField{handed, at("handout_returned", "带回", h.Returned), at("handout_spoiled", "损坏", h.Spoiled)}
	return g
}

// posts are the channels it was told of elsewhere; a number each.
func posts(f *events.ReportForm) themes.FormGroup {
	g := themes.FormGroup{Legend: "还发到了哪里（条数）", Row: true}
	typed := 0
	for _, channel := range events.PostChannels() {
		field := figure("post_people", channel, "条", "")
		if k := slices.IndexFunc(f.Posts, func(p events.TallyLine) bool { return p.Category == channel }); k >= 0 {
			field.Value, typed = f.Posts[k].People, typed+1
		}
		field.Row = "-" + strconv.Itoa(len(g.Fields))
		g.Fields = append(g.Fields, field)
		g.Hidden = append(g.Hidden, themes.Hidden{Name: "post_category", Value: channel})
	}
	g.Fields = append(g.Fields, figure("media", "媒体报道", "篇", f.Media))
	return folded(g)
}

// folded closes a group in which nothing was typed.
func folded(g themes.FormGroup) themes.FormGroup {
	g.Fold = !slices.ContainsFunc(g.Fields, func(f themes.FormField) bool { return f.Value != "" && f.Kind != themes.Tick })
	return g
}

func figure(name, label, unit, value string) themes.FormField {
	return themes.FormField{Name: name, Label: label, Kind: themes.CountField, Unit: unit, Value: value, Max: 20, Must: true}
}

func textLine(name, label, hint, value string) themes.FormField {
	return themes.FormField{Name: name, Label: label, Hint: hint, Value: value, Width: "l", Max: 300, Must: true}
}

func area(name, label, hint, value string) themes.FormField {
	f := textLine(name, label, hint, value)
	f.Kind, f.Must, f.Max = themes.AreaField, false, 1000
	return f
}

func oneTick(name, text string, on bool) themes.FormField {
	f := themes.FormField{Name: name, Label: text, Kind: themes.Tick}
	if on {
		f.Value = "1"
	}
	return f
}

// reportConflict answers a report that was saved elsewhere meanwhile. Pictures
// are in already; of the rest both stand side by side.
func (s *Site) reportConflict(ctx context.Context, c *fiber.Ctx, r events.Request, v url.Values, mine events.ReportForm) error {
	sheet, err := s.cfg.Events.ReportSheet(ctx, r.Session.ID)
	if err != nil {
		return err
	}
	if !mayReport(sheet) {
		return s.goTo(c, "/organize/report")
	}
	rows := reportDifferences(sheet, mine)
	if len(rows) == 0 && v.Get("go") != "send" { // sent twice
		return s.goTo(c, "/organize/report")
	}
	p := &themes.OrganizeConflictPage{Shell: s.organizeShell(c, "report", "结果刚才在别处存过"), Rows: rows, Theirs: themes.Link{Text: "用已经存着的", Href: "/organize/report"}}
	p.Mine = themes.OrganizeForm{Action: "/organize/report", Submit: "用我刚填的"}
	v.Set("rev", strconv.Itoa(sheet.Host.Rev))
	for _, name := range slices.Sorted(maps.Keys(v)) {
		for _, value := range v[name] {
			p.Mine.Hidden = append(p.Mine.Hidden, themes.Hidden{Name: name, Value: value})
		}
	}
	c.Status(fiber.StatusConflict)
	return s.render(c, p)
}

// reportDifferences are the answers in which two forms differ, in words.
func reportDifferences(sheet events.ReportSheet, mine events.ReportForm) (rows []themes.Difference) {
	other := sheet
	other.Host.Form = mine
	theirs, own := reportAnswers(sheet), reportAnswers(other)
	names := slices.Collect(maps.Keys(own))
	for name := range theirs {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range slices.Compact(names) {
		if a, b := own[name], theirs[name]; a != b {
			rows = append(rows, themes.Difference{Name: name, Mine: a, Theirs: b})
		}
	}
	return rows
}

// reportAnswers are the values of all questions by what they are called.
func reportAnswers(sheet events.ReportSheet) map[string]string {
	list := map[string]string{}
	for _, part := range reportParts(sheet) {
		for _, g := range part.Groups {
			for _, f := range g.Fields {
				name := strings.TrimSpace(g.Legend + " " + f.Label)
				value := f.Value
				for _, o := range f.Options {
					if o.Selected {
						value += o.Name
					}
				}
				list[part.Name+"："+name] += value
			}
		}
	}
	return list
}
