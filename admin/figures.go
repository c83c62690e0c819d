package admin

import (
	"net/url"
	"strconv"
	"time"

	"github.com/songfa/songfa/events"
	"github.com/songfa/songfa/events/figures"
	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/errs"
)

const figuresSection = "/admin/figures/"

// mainMeasures are the columns of the pivot, beside the sessions of each type.
var mainMeasures = []string{"session", "attendance", "brochure", "consultation", "document"}

// axes are what the pivot can be split by.
var axes = []struct {
	Axis  figures.Axis
	Label string
}{{figures.ByTown, "镇街"}, {figures.ByMonth, "月份"}, {figures.ByType, "类型"}, {figures.ByHost, "组织单位"}}

// steps are the print option 余.
var steps = []int64{1, 10, 100, 1000}

// view is what somebody asked to see: the pivot, its chart, its spreadsheet and
// its rows are made of one view.
type view struct {
	Query    figures.Query
	From, To string // months, as the form shows them
	Public   bool
	Step     int64
	Towns    []events.Town
}

// viewOf reads a view from the address; without dates it is this year.
func (a *Admin) viewOf(r *request) (v view, err error) {
	if v.Towns, err = a.cfg.Events.TownsFor(r.ctx, r.actor); err != nil {
		return v, err
	}
	now := a.cfg.Now().In(events.Zone)
	v.From, v.To = r.query("from"), r.query("to")
	if v.From == "" && v.To == "" {
		v.From, v.To = now.Format("2006-01"), now.Format("2006-01")
		v.From = v.From[:4] + "-01"
	}
	v.Query = figures.Query{Within: r.actor.Towns, Period: r.query("period"), Rows: figures.Axis(r.query("rows")), Cols: figures.ByType,
		Town: r.query("town"), Type: r.query("type")}
	if v.Query.Rows == figures.Whole {
		v.Query.Rows = figures.ByTown
	}
	if v.Query.Rows == figures.ByType {
		v.Query.Cols = figures.Whole
	}
	v.Public = r.query("public") != ""
	if v.Step, err = strconv.ParseInt(r.query("step"), 10, 64); err != nil || v.Step < 1 {
		v.Step = 1
	}
	if v.Query.Period != "" {
		p, err := a.cfg.Events.Figures().Period(r.ctx, v.Query.Period)
		if err != nil {
			return v, err
		}
		v.Query.From, v.Query.To, v.From, v.To = p.From, p.To, p.From[:7], p.To[:7]
		return v, nil
	}
	from, to := monthIn(v.From), monthIn(v.To)
	if from.IsZero() || to.IsZero() {
		return v, errs.Bad("from", "请选择从哪个月到哪个月，例如 2026-01 到 2026-08。")
	}
	v.Query.From, v.Query.To = from.Format(time.DateOnly), to.AddDate(0, 1, -1).Format(time.DateOnly)
	return v, nil
}

// monthIn reads 2026-08; nonsense is the zero time.
func monthIn(s string) time.Time {
	t, err := time.ParseInLocation("2006-01", s, events.Zone)
	if err != nil || t.Year() < 1949 || t.Year() > 2200 {
		return time.Time{}
	}
	return t
}

// values are the view as the query of an address.
func (v view) values() url.Values {
	q := url.Values{}
	set := func(name, value string) {
		if value != "" {
			q.Set(name, value)
		}
	}
	if v.Query.Period != "" {
		set("period", v.Query.Period)
	} else {
		set("from", v.From)
		set("to", v.To)
	}
	set("rows", string(v.Query.Rows))
	set("town", v.Query.Town)
	set("type", v.Query.Type)
	if v.Public {
		set("public", "1")
	}
	if v.Step > 1 {
		set("step", strconv.FormatInt(v.Step, 10))
	}
	return q
}

// CheckPath is the same page with what should be looked at.
func (v view) CheckPath() string {
	q := v.values()
	q.Set("check", "1")
	return figuresSection + "?" + q.Encode() + "#findings"
}

// File is the address of a file of this view.
func (v view) File(name string) string { return figuresSection + name + "?" + v.values().Encode() }

// rowsAt is the address of the rows under a number.
func (v view) rowsAt(q figures.Query, measure string) string {
	p := url.Values{"measure": {measure}, "from": {q.From}, "to": {q.To}}
	for name, value := range map[string]string{"period": q.Period, "town": q.Town, "type": q.Type, "month": q.Month, "host": q.Host, "category": q.Category} {
		if value != "" {
			p.Set(name, value)
		}
	}
	return figuresSection + "rows?" + p.Encode()
}

// label is what a value on an axis is called.
func (v view) label(axis figures.Axis, value string) string {
	if value == figures.None {
		value = ""
	}
	switch axis {
	case figures.ByTown:
		for _, t := range v.Towns {
			if t.Code == value {
				return t.Name
			}
		}
		if value == "" {
			return "全区"
		}
	case figures.ByType:
		if value == "" {
			return "不分类型"
		}
		return events.Type(value).Label()
	case figures.ByHost:
		if value == "" {
			return "没有写单位"
		}
	case figures.ByMonth:
		if t := monthIn(value); !t.IsZero() {
			return t.Format("2006 年 1 月")
		}
	case figures.ByCategory:
		if value == "" {
			return "没有分类"
		}
	}
	return value
}

// number is one cell of the page.
type number struct {
	Text, Title string // Title is the column on a phone
	Href        string // the rows under it; "" for none
}

// cell shows a value; of the public variant nothing is linked.
func (v view) cell(title string, val figures.Value, href string) number {
	if val.Hidden {
		return number{Text: "＊", Title: title}
	}
	n := number{Text: figures.Approx(val.Qty(), v.Step), Title: title}
	if !v.Public && !val.Empty() {
		n.Href = href
	}
	return n
}

// grid is the pivot as the page shows it.
type grid struct {
	Axis    string
	Head    []string
	Rows    []gridRow
	Total   []number
	Opening []number // 期初数, apart; nil when there is none
}

type gridRow struct {
	Label string
	Cells []number
}

// grid lays the pivot out: sessions by type, then a column for each measure.
func (v view) grid(t figures.Table) grid {
	g := grid{Axis: v.axisLabel()}
	var types []string
	if t.Cols == figures.ByType {
		for _, typ := range events.Types() { // in the order of the forms
			if !t.Col("session", string(typ)).Empty() {
				types = append(types, string(typ))
				g.Head = append(g.Head, typ.Label())
			}
		}
	}
	for _, d := range t.Measures {
		g.Head = append(g.Head, d.Name+"（"+d.Unit+"）")
	}
	for _, row := range v.order(t.RowKeys) {
		one := gridRow{Label: v.label(t.Rows, row)}
		for i, typ := range types {
			one.Cells = append(one.Cells, v.cell(g.Head[i], t.At("session", row, typ), v.rowsAt(t.Query.Cell("session", row, typ), "session")))
		}
		for i, d := range t.Measures {
			one.Cells = append(one.Cells, v.cell(g.Head[len(types)+i], t.Row(d.Code, row), v.rowsAt(t.Query.RowOnly(d.Code, row), d.Code)))
		}
		g.Rows = append(g.Rows, one)
	}
	for i, typ := range types {
		g.Total = append(g.Total, v.cell(g.Head[i], t.Col("session", typ), v.rowsAt(t.Query.ColOnly("session", typ), "session")))
		g.Opening = append(g.Opening, v.opening(g.Head[i], t.Col("session", typ)))
	}
	for i, d := range t.Measures {
		total := t.Total(d.Code)
		total.Hidden = false // a total says nothing about few people; what is in it is hidden row by row
		g.Total = append(g.Total, v.cell(g.Head[len(types)+i], total, v.rowsAt(t.Query, d.Code)))
		g.Opening = append(g.Opening, v.opening(g.Head[len(types)+i], total))
	}
	if allEmpty(g.Opening) {
		g.Opening = nil
	}
	return g
}

func (v view) opening(title string, val figures.Value) number {
	if val.Opening == 0 {
		return number{Title: title}
	}
	return number{Text: figures.Approx(val.Opening, v.Step), Title: title}
}

func allEmpty(list []number) bool {
	for _, n := range list {
		if n.Text != "" {
			return false
		}
	}
	return true
}

// order puts towns and types in the order of the forms.
func (v view) order(keys []string) []string {
	var known []string
	switch v.Query.Rows {
	case figures.ByTown:
		for _, t := range v.Towns {
			known = append(known, t.Code)
		}
	case figures.ByType:
		for _, t := range events.Types() {
			known = append(known, string(t))
		}
	default:
		return keys
	}
	return inOrder(keys, known)
}

// inOrder sorts keys as known has them; what is not known comes last.
func inOrder(keys, known []string) []string {
	var list []string
	left := map[string]bool{}
	for _, k := range keys {
		left[k] = true
	}
	for _, k := range known {
		if left[k] {
			list = append(list, k)
			delete(left, k)
		}
	}
	for _, k := range keys {
		if left[k] {
			list = append(list, k)
		}
	}
	return list
}

func (v view) axisLabel() string {
	for _, one := range axes {
		if one.Axis == v.Query.Rows {
			return one.Label
		}
	}
	return ""
}

// table asks the pivot of the view; page, chart and spreadsheet all come from it.
func (a *Admin) table(r *request, v view) (figures.Table, error) {
	q := v.Query
	q.Measures = mainMeasures
	t, err := a.cfg.Events.Figures().Pivot(r.ctx, q)
	if err == nil && v.Public {
		t = t.Public()
	}
	return t, err
}

type figuresPage struct {
	shell
	view
	Heading    string
	Period     *figures.Period
	Periods    []figures.Period
	Types      []events.Type
	Axes       any
	Steps      []int64
	Grid       grid
	Main       []number // the five totals
	Lines      []articleLine
	Checked    bool // somebody asked to look for what cannot be right
	Findings   []figures.Finding
	Unreported int
	Tampered   string // what is wrong with a frozen period
	MayFreeze  bool
}

func (a *Admin) figures(r *request) error {
	v, err := a.viewOf(r)
	if err != nil {
		return err
	}
	page := &figuresPage{view: v, Types: events.Types(), Axes: axes, Steps: steps, MayFreeze: r.actor.Can(auth.Freeze)}
	table, err := a.table(r, v)
	if err != nil {
		return err
	}
	page.Period, page.Grid, page.Heading = table.Period, v.grid(table), v.heading(table.Period)
	for _, d := range table.Measures {
		n := v.cell(d.Name, table.Total(d.Code), "")
		n.Text, n.Title = figures.Approx(table.Total(d.Code).Qty(), v.Step), d.Unit+d.Name
		if d.Code == "session" { // 86 场, not 86 场场次
			n.Title = d.Unit
		}
		page.Main = append(page.Main, n)
	}
	store := a.cfg.Events.Figures()
	if page.Periods, err = store.Periods(r.ctx); err != nil {
		return err
	}
	lines, err := store.Article(r.ctx, v.Query)
	if err != nil {
		return err
	}
	page.Lines = v.article(lines)
	page.Checked = r.query("check") != ""
	if page.Checked { // reads every row, so only when asked
		if page.Findings, err = a.cfg.Events.CheckFigures(r.ctx, r.actor, v.Query); err != nil {
			return err
		}
	}
	if page.Unreported, err = a.cfg.Events.Unreported(r.ctx, r.actor, v.Query.From, v.Query.To); err != nil {
		return err
	}
	if page.Checked && table.Frozen() {
		if err := store.VerifyPeriod(r.ctx, table.Period.ID); err != nil {
			page.Tampered = errs.MessageOf(err)
		}
	}
	page.shell = a.shell(r, figuresSection, page.Heading)
	return a.render(r, "figures", page)
}

// heading names the days.
func (v view) heading(p *figures.Period) string {
	if p != nil {
		return p.Name + "普法统计"
	}
	from, to := monthIn(v.From), monthIn(v.To)
	switch {
	case v.From == v.To:
		return from.Format("2006 年 1 月") + "普法统计"
	case from.Year() == to.Year():
		return from.Format("2006 年 1") + "–" + to.Format("1 月") + "普法统计"
	}
	return from.Format("2006 年 1 月") + "至" + to.Format("2006 年 1 月") + "普法统计"
}

// articleLine is a line of the built-in report as the page shows it.
type articleLine struct {
	figures.Line
	Live, Adjusted, Opening, All number
	Money                        string // yuan that go with it
	Sub                          []gridRow
}

func (v view) article(lines []figures.Line) []articleLine {
	var list []articleLine
	for _, l := range lines {
		one := articleLine{Line: l}
		q := v.Query
		if l.Type != "" {
			q.Type = l.Type
		}
		href := ""
		if !v.Public && !l.Value.Empty() {
			href = v.rowsAt(q, l.Measure)
		}
		text := func(n int64) string { return figures.Approx(n, v.Step) }
		small := v.Public && l.Def.Personal && l.Value.All() > 0 && l.Value.All() < figures.SmallCell
		switch {
		case l.Percent != "" || l.Measure == "aid_satisfied":
			one.All = number{Text: l.Percent, Title: "合计", Href: href}
			if l.Percent != "" {
				one.All.Text += "（" + text(l.Of) + " 份答复）"
			}
		case small:
			one.All = number{Text: "＊", Title: "合计"}
		default:
			one.Live, one.All = number{Text: text(l.Value.Live)}, number{Text: text(l.Value.All()), Title: "合计", Href: href}
			if l.Value.Adjustment != 0 {
				one.Adjusted.Text = text(l.Value.Adjustment)
			}
			if l.Value.Opening != 0 {
				one.Opening.Text = text(l.Value.Opening)
			}
		}
		if l.Value.AllFen() != 0 && !small {
			one.Money = figures.Yuan(l.Value.AllFen())
		}
		for _, p := range l.Parts {
			n := v.cell("", p.Value, "")
			n.Text = text(p.Value.All())
			if v.Public && l.Def.Personal && p.Value.All() < figures.SmallCell {
				n.Text = "＊"
			}
			one.Sub = append(one.Sub, gridRow{Label: v.label(figures.ByCategory, p.Name), Cells: []number{n}})
		}
		list = append(list, one)
	}
	return list
}
