package figures

import (
	"context"
	"slices"
	"strconv"

	"github.com/songfa/songfa/internal/errs"
)

// Line is one line of the built-in report: a figure that a bureau's yearly
// article names.
type Line struct {
	Group string
	Label string // 送法进企业
	Unit  string
	Value Value
	Money bool
	Live  bool // else there are opening figures only
	// Measure, Type name the rows under it; Parts its categories where the
	// article names them, such as titles.
	Measure, Type string
	Parts         []Part
	// Percent is set where the line is a share; Of is how many it is a share of.
	Percent string
	Of      int64
	Def     Definition
}

// Part is one category of a line.
type Part struct {
	Name  string
	Value Value
}

// articleLines are the figures of the article, in its order.
var articleLines = []struct {
	label, measure, typ string
	parts               bool
}{
	{"镇街工作站", "station_town", "", false},
	{"区直部门工作站", "station_department", "", false},
	{"联络点", "station_point", "", false},
	{"镇街调委会", "mediation_town", "", false},
	{"村居调解组织", "mediation_village", "", false},
	{"厂企调解组织", "mediation_factory", "", false},
	{"律师事务所", "law_firm", "", false},
	{"律师", "lawyer", "", false},
	{"法律服务所", "legal_service", "", false},
	{"法律顾问单位", "counsel", "", false},
	{"来电来访", "contact", "", false},
	{"12348 讨薪咨询", "hotline_wage", "", false},
	{"法律援助案件", "aid_case", "", false},
	{"法律援助满意率", "aid_satisfied", "", false},
	{"送法进企业", "session", "enterprise", false},
	{"普法活动（各类型）", "session", "", false},
	{"到场", "attendance", "", false},
	{"网站发布宣传信息", "content", "", false},
	{"其他渠道宣传信息", "post", "", true},
	{"编印手册", "brochure_title", "", false},
	{"印制手册", "brochure_printed", "", true},
	{"发放手册", "brochure", "", true},
	{"咨询", "consultation", "", true},
	{"代写文书", "document", "", true},
	{"法治健康档案", "health_file", "", false},
	{"排查化解纠纷", "dispute", "", false},
	{"讨薪案件", "wage_case", "", false},
}

// Article is the built-in report: every figure of the article for the days of
// the query, whose axes and measures it sets itself.
func (s *Store) Article(ctx context.Context, q Query) (_ []Line, err error) {
	defer errs.Wrap(&err, "article")
	q.Rows, q.Cols, q.Measures = ByType, Whole, []string{"aid_answered"}
	for _, a := range articleLines {
		if !slices.Contains(q.Measures, a.measure) {
			q.Measures = append(q.Measures, a.measure)
		}
	}
	t, err := s.Pivot(ctx, q)
	if err != nil {
		return nil, err
	}
	q.Rows, q.Cols, q.Measures = Whole, ByCategory, nil
	for _, a := range articleLines {
		if a.parts {
			q.Measures = append(q.Measures, a.measure)
		}
	}
	parts, err := s.Pivot(ctx, q)
	if err != nil {
		return nil, err
	}
	var lines []Line
	for _, a := range articleLines {
		def := definitionIn(t.Measures, a.measure)
		l := Line{Group: def.Group, Label: a.label, Unit: def.Unit, Money: def.Money, Live: def.Live, Measure: a.measure, Type: a.typ, Def: def}
		if a.typ != "" {
			l.Value = t.Row(a.measure, a.typ)
		} else {
			l.Value = t.Total(a.measure)
		}
		if a.parts {
			for _, name := range parts.ColKeys {
				if v := parts.Col(a.measure, name); !v.Empty() {
					l.Parts = append(l.Parts, Part{name, v})
				}
			}
		}
		if a.measure == "aid_satisfied" {
			l.Of = t.Total("aid_answered").All()
			l.Percent = percent(l.Value.All(), l.Of)
		}
		lines = append(lines, l)
	}
	return lines, nil
}

func definitionIn(defs []Definition, code string) Definition {
	for _, d := range defs {
		if d.Code == code {
			return d
		}
	}
	d, _ := lookup(code) // a period frozen before the measure was thought of
	return d
}

// percent is a share in per cent with one decimal at most, "" of nothing.
func percent(part, whole int64) string {
	if whole <= 0 {
		return ""
	}
	return strconv.FormatFloat(float64(part*1000/whole)/10, 'f', -1, 64) + "%"
}

// Approx is the print option 余: a number rounded down to a step. It is never
// stored; a number that is a multiple of the step stays as it is.
func Approx(n, step int64) string {
	if step <= 1 || n < step || n%step == 0 {
		return Thousands(n)
	}
	return Thousands(n/step*step) + " 余"
}

// Thousands writes a number as 15,000.
func Thousands(n int64) string {
	s := strconv.FormatInt(n, 10)
	sign := ""
	if n < 0 {
		sign, s = "-", s[1:]
	}
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return sign + s
}

// Yuan writes money in fen as 6,970,000.00.
func Yuan(fen int64) string {
	sign := ""
	if fen < 0 {
		sign, fen = "-", -fen
	}
	cents := strconv.FormatInt(fen%100+100, 10)[1:]
	return sign + Thousands(fen/100) + "." + cents
}
