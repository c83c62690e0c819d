package admin

import (
	"fmt"

	"github.com/gofiber/fiber/v2"

	"github.com/songfa/songfa/events"
	"github.com/songfa/songfa/events/figures"
	"github.com/songfa/songfa/internal/errs"
	"github.com/songfa/songfa/internal/sheet"
)

const sheetType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

// sheetRows is how many rows one file holds.
const sheetRows = 100_000

// figuresSheet answers with the spreadsheet of a view: the pivot with its chart,
// the article's report, the rows under both, and what the measures mean.
func (a *Admin) figuresSheet(r *request) error {
	v, err := a.viewOf(r)
	if err != nil {
		return err
	}
	v.Step = 1 // rounding down is for print; a spreadsheet is worked with
	t, err := a.table(r, v)
	if err != nil {
		return err
	}
	book := sheet.Book{Sheets: []sheet.Sheet{v.pivotSheet(t)}}
	lines, err := a.cfg.Events.Figures().Article(r.ctx, v.Query)
	if err != nil {
		return err
	}
	book.Sheets = append(book.Sheets, v.articleSheet(lines))
	if !v.Public { // rows would show what the public variant hides
		rows, err := a.rowsSheet(r, v)
		if err != nil {
			return err
		}
		book.Sheets = append(book.Sheets, rows)
	}
	defs, err := a.cfg.Events.Figures().Definitions(r.ctx, v.Query.To)
	if err != nil {
		return err
	}
	if t.Frozen() {
		defs = t.Period.Definitions
	}
	book.Sheets = append(book.Sheets, definitionSheet(defs))
	b, err := book.Bytes()
	if err != nil {
		return err
	}
	r.Set(fiber.HeaderContentType, sheetType)
	r.Attachment("统计-" + v.Query.From + "-" + v.Query.To + ".xlsx")
	r.Set(fiber.HeaderContentType, sheetType)
	return r.Send(b)
}

// pivotSheet is the table of the page, as numbers.
func (v view) pivotSheet(t figures.Table) sheet.Sheet {
	s := sheet.Sheet{Name: "统计", Title: v.heading(t.Period), Header: []string{v.axisLabel()}, Widths: []float64{24}}
	if t.Frozen() {
		s.Notes = []string{fmt.Sprintf("已封账：%s %s，校验码 %s", t.Period.FrozenAt.Format("2006-01-02 15:04"), t.Period.SignerName, t.Period.Hash)}
	}
	s.Notes = append(s.Notes, "只算已核实的场次。不同单位的数字不能相加。")
	var types []string
	if t.Cols == figures.ByType {
		for _, typ := range events.Types() {
			if !t.Col("session", string(typ)).Empty() {
				types = append(types, string(typ))
				s.Header = append(s.Header, typ.Label())
			}
		}
	}
	for _, d := range t.Measures {
		s.Header = append(s.Header, d.Name+"（"+d.Unit+"）")
	}
	foot, opening := []any{"合计"}, []any{"期初数（另列）"}
	for _, row := range v.order(t.RowKeys) {
		line := []any{v.label(t.Rows, row)}
		for _, typ := range types {
			line = append(line, plain(t.At("session", row, typ)))
		}
		for _, d := range t.Measures {
			line = append(line, plain(t.Row(d.Code, row)))
		}
		s.Rows = append(s.Rows, line)
	}
	for _, typ := range types {
		foot, opening = append(foot, t.Col("session", typ).Qty()), append(opening, t.Col("session", typ).Opening)
	}
	for _, d := range t.Measures {
		foot, opening = append(foot, t.Total(d.Code).Qty()), append(opening, t.Total(d.Code).Opening)
	}
	s.Foot = [][]any{foot, opening}
	if len(types) > 0 {
		s.Chart = &sheet.Chart{Title: "各" + v.axisLabel() + "场次", First: 1, Last: len(types), Anchor: fmt.Sprintf("B%d", len(s.Rows)+len(s.Notes)+6)}
	}
	return s
}

// plain is a value of a cell: a number, or a star where it is hidden.
func plain(v figures.Value) any {
	if v.Hidden {
		return "＊"
	}
	return v.Qty()
}

func (v view) articleSheet(lines []figures.Line) sheet.Sheet {
	s := sheet.Sheet{Name: "年度报表", Header: []string{"指标", "单位", "系统内", "更正", "期初", "合计", "金额（元）", "说明"}, Widths: []float64{22, 8, 12, 12, 12, 12, 18, 60}}
	for _, l := range lines {
		row := []any{l.Label, l.Unit, l.Value.Live, l.Value.Adjustment, l.Value.Opening, l.Value.All(), "", l.Def.Status() + "。" + l.Def.Text}
		if l.Money {
			row[6] = figures.Yuan(l.Value.AllFen())
		}
		if l.Measure == "aid_satisfied" && l.Percent != "" {
			row[7] = fmt.Sprintf("满意率 %s，答复 %d 份", l.Percent, l.Of)
		}
		if v.Public && l.Def.Personal && l.Value.All() > 0 && l.Value.All() < figures.SmallCell {
			row[2], row[3], row[4], row[5] = "＊", "", "", "＊"
		}
		s.Rows = append(s.Rows, row)
		for _, p := range l.Parts {
			if v.Public && l.Def.Personal {
				continue
			}
			s.Rows = append(s.Rows, []any{"　" + v.label(figures.ByCategory, p.Name), l.Unit, p.Value.Live, p.Value.Adjustment, p.Value.Opening, p.Value.All(), "", ""})
		}
	}
	return s
}

// rowsSheet lists every row under the numbers of the view.
func (a *Admin) rowsSheet(r *request, v view) (sheet.Sheet, error) {
	s := sheet.Sheet{Name: "明细", Header: []string{"日期", "指标", "类别", "数量", "单位", "金额（元）", "镇街", "类型", "组织单位", "来源", "编号", "标题或出处", "版本", "性质", "更正哪一天", "估计"},
		Widths: []float64{12, 14, 18, 10, 8, 14, 12, 14, 24, 8, 18, 40, 8, 8, 12, 8}}
	list, err := a.namedRows(r, v.Query, sheetRows, 0)
	if err != nil {
		return s, err
	}
	if len(list) >= sheetRows {
		return s, errs.New(errs.TooLarge, "明细超过 10 万行，请缩短统计期，分几次导出。", "more than %d rows", sheetRows)
	}
	defs := names()
	for _, one := range list {
		guess, money := "", ""
		if one.Estimate {
			guess = "是"
		}
		if one.Fen != 0 {
			money = figures.Yuan(one.Fen)
		}
		s.Rows = append(s.Rows, []any{one.Date, defs[one.Measure], one.Category, one.Qty, one.Unit, money, v.label(figures.ByTown, one.Town),
			typeLabel(one.Type), one.Host, one.Kind(), one.No, one.What, one.Version, one.Nature(), one.Origin, guess})
	}
	return s, nil
}

func definitionSheet(defs []figures.Definition) sheet.Sheet {
	s := sheet.Sheet{Name: "口径", Header: []string{"分组", "指标", "单位", "什么计入", "什么时候计入", "谁可更正", "数据来源", "自哪天起"}, Widths: []float64{12, 18, 8, 60, 30, 26, 18, 12}}
	for _, d := range defs {
		s.Rows = append(s.Rows, []any{d.Group, d.Name, d.Unit, d.Text, d.Counts, d.Editor, d.Status(), d.ValidFrom})
	}
	return s
}

// names are what the measures are called.
func names() map[string]string {
	m := map[string]string{}
	for _, d := range figures.Builtin() {
		m[d.Code] = d.Name
	}
	return m
}

func typeLabel(t string) string {
	if t == "" {
		return ""
	}
	return events.Type(t).Label()
}
