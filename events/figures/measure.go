package figures

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/errs"
)

// Definition is a measure and its 口径.
type Definition struct {
	Code      string // station_town, session, …
	Group     string // heading of the page
	Name      string // 到场
	Unit      string // 人, 人次, 场, 份, 条, 册, 起, 件, 个
	Text      string // what counts
	Counts    string // when it counts
	Editor    string // who may correct it
	Category  string // what its categories are: 书名, 类别; "" for none
	Money     bool   // an amount in fen goes with it
	Live      bool   // the program knows it by itself; else there are opening figures only
	Personal  bool   // counts people or their matters: small numbers are hidden from the public
	ValidFrom string // day from which it means this, "" from the beginning
}

// Status says where the figures of a measure come from, for the report.
func (d Definition) Status() string {
	if d.Live {
		return "系统内逐笔统计"
	}
	return "目前只有期初数"
}

const (
	byReport  = "报告人提请、他人核实后更正"
	byOpening = "统计员登记期初数，写明出处"
	verified  = "报告经他人核实时计入，按活动当天的日期"
)

// builtin are the measures with their first definitions, in the order of the
// report.
var builtin = []Definition{
	{Code: "station_center", Group: "服务网络", Name: "公共法律服务中心", Unit: "个", Live: true, Text: "级别为“中心”、期末当天仍在服务的站点。", Counts: "按期末当天的有效日期", Editor: "在站点页修改起止日期"},
	{Code: "station_town", Group: "服务网络", Name: "镇街工作站", Unit: "个", Live: true, Text: "级别为“镇街工作站”、期末当天仍在服务的站点。", Counts: "按期末当天的有效日期", Editor: "在站点页修改起止日期"},
	{Code: "station_department", Group: "服务网络", Name: "部门工作站", Unit: "个", Live: true, Text: "级别为“部门工作站”、期末当天仍在服务的站点。", Counts: "按期末当天的有效日期", Editor: "在站点页修改起止日期"},
	{Code: "station_point", Group: "服务网络", Name: "联络点", Unit: "个", Live: true, Text: "级别为“联络点”、期末当天仍在服务的站点。", Counts: "按期末当天的有效日期", Editor: "在站点页修改起止日期"},
	{Code: "mediation_town", Group: "调解组织", Name: "镇街调委会", Unit: "个", Text: "镇街人民调解委员会，期末仍在运行的。", Counts: "登记期初数的当天", Editor: byOpening},
	{Code: "mediation_village", Group: "调解组织", Name: "村居调解组织", Unit: "个", Text: "村、居设立的调解组织，期末仍在运行的。", Counts: "登记期初数的当天", Editor: byOpening},
	{Code: "mediation_factory", Group: "调解组织", Name: "厂企调解组织", Unit: "个", Text: "厂矿企业设立的调解组织，期末仍在运行的。", Counts: "登记期初数的当天", Editor: byOpening},
	{Code: "law_firm", Group: "法律顾问", Name: "律师事务所", Unit: "家", Live: true, Text: "名册里期末当天仍在服务的律师事务所。期初数只登没有录进名册的。", Counts: "按期末当天的有效日期", Editor: "在人员页修改"},
	{Code: "lawyer", Group: "法律顾问", Name: "律师", Unit: "人", Live: true, Text: "名册里期末当天仍在服务的执业律师，一人只计一次。期初数只登没有录进名册的。", Counts: "按期末当天的有效日期", Editor: "在人员页修改"},
	{Code: "legal_service", Group: "法律顾问", Name: "法律服务所", Unit: "家", Live: true, Text: "名册里期末当天仍在服务的基层法律服务所。期初数只登没有录进名册的。", Counts: "按期末当天的有效日期", Editor: "在人员页修改"},
	{Code: "counsel", Group: "法律顾问", Name: "法律顾问单位", Unit: "家", Live: true, Text: "顾问合同期末仍有效的单位，一家只计一次。期初数只登没有录进系统的。", Counts: "按期末当天的有效日期", Editor: "在人员页修改"},
	{Code: "contact", Group: "来访热线", Name: "来电来访", Unit: "件", Personal: true, Text: "来电和来访，每次接待计一件。", Counts: "接待当天", Editor: byOpening},
	{Code: "hotline_wage", Group: "来访热线", Name: "12348 讨薪咨询", Unit: "人", Personal: true, Text: "拨打 12348 咨询讨薪的人，同一人只计一次。", Counts: "首次来电当天", Editor: byOpening},
	{Code: "aid_case", Group: "法律援助", Name: "法律援助案件", Unit: "件", Personal: true, Text: "已受理并指派的法律援助案件。", Counts: "受理当天", Editor: byOpening},
	{Code: "aid_answered", Group: "法律援助", Name: "满意度回访答复", Unit: "份", Personal: true, Text: "收到答复的回访，是满意率的分母。", Counts: "答复当天", Editor: byOpening},
	{Code: "aid_satisfied", Group: "法律援助", Name: "满意", Unit: "份", Personal: true, Text: "答复为满意的回访，是满意率的分子。", Counts: "答复当天", Editor: byOpening},
	{Code: "session", Group: "普法活动", Name: "场次", Unit: "场", Live: true, Text: "结果已核实的活动，按类型分。取消和未举办的不计。", Counts: verified, Editor: byReport},
	{Code: "attendance", Group: "普法活动", Name: "到场", Unit: "人", Live: true, Personal: true, Text: "到场的总人数，报名到场和现场来的都算。同一人到两场计两次。", Counts: verified, Editor: byReport},
	{Code: "attendance_migrant", Group: "普法活动", Name: "其中农民工", Unit: "人", Live: true, Personal: true, Text: "到场人员中的农民工，可以估计，估计的有标注。", Counts: verified, Editor: byReport},
	{Code: "attendance_women", Group: "普法活动", Name: "其中妇女", Unit: "人", Live: true, Personal: true, Text: "到场人员中的妇女，可以估计，估计的有标注。", Counts: verified, Editor: byReport},
	{Code: "attendance_minor", Group: "普法活动", Name: "其中未成年人", Unit: "人", Live: true, Personal: true, Text: "到场人员中不满 18 岁的，可以估计，估计的有标注。", Counts: verified, Editor: byReport},
	{Code: "attendance_elder", Group: "普法活动", Name: "其中 60 岁以上", Unit: "人", Live: true, Personal: true, Text: "到场人员中年满 60 岁的，可以估计，估计的有标注。", Counts: verified, Editor: byReport},
	{Code: "content", Group: "宣传资料", Name: "网站发布", Unit: "条", Live: true, Text: "网站上首次发布的文档，一篇只计一次，修改不重复计。", Counts: "首次发布当天", Editor: "不能更正，以发布记录为准"},
	{Code: "post", Group: "宣传资料", Name: "其他渠道发布", Unit: "条", Live: true, Category: "渠道", Text: "微博、公众号、屏幕等渠道发布的信息，一条内容在一个渠道计一次；活动报告里填的和期初数。", Counts: verified, Editor: byReport},
	{Code: "media_report", Group: "宣传资料", Name: "媒体报道", Unit: "条", Live: true, Text: "报纸、电视和外部网站对活动的报道。", Counts: verified, Editor: byReport},
	{Code: "brochure_title", Group: "宣传资料", Name: "编印手册", Unit: "种", Live: true, Category: "书名", Text: "编印的书名和版次，一个版次计一种。", Counts: "登记入库目录当天", Editor: "在物料页更正"},
	{Code: "brochure_printed", Group: "宣传资料", Name: "印制手册", Unit: "份", Live: true, Category: "书名", Text: "入库的份数，按书名分。", Counts: "入库当天", Editor: "在物料页更正"},
	{Code: "brochure", Group: "宣传资料", Name: "发放手册", Unit: "份", Live: true, Category: "书名", Text: "发出去的份数，按书名分，活动中和站点上发的都算。领出后退回和损坏的不计。", Counts: verified, Editor: byReport},
	{Code: "giveaway", Group: "宣传资料", Name: "其他宣传品", Unit: "件", Live: true, Category: "名称", Text: "活动中发出去的海报和宣传品，按张、个计，不和手册相加。", Counts: verified, Editor: byReport},
	{Code: "consultation", Group: "咨询代书", Name: "咨询", Unit: "人次", Live: true, Personal: true, Category: "类别", Text: "活动现场解答的咨询，一人问一次计一人次。", Counts: verified, Editor: byReport},
	{Code: "document", Group: "咨询代书", Name: "代写文书", Unit: "人次", Live: true, Personal: true, Category: "文书", Text: "活动现场代写法律文书，请人代写一次计一人次。", Counts: verified, Editor: byReport},
	{Code: "document_copy", Group: "咨询代书", Name: "代写文书份数", Unit: "份", Live: true, Personal: true, Category: "文书", Text: "活动现场代写的法律文书份数。", Counts: verified, Editor: byReport},
	{Code: "lead", Group: "咨询代书", Name: "收到线索", Unit: "条", Live: true, Personal: true, Text: "活动现场登记的欠薪等线索。", Counts: verified, Editor: byReport},
	{Code: "aid_application", Group: "咨询代书", Name: "现场受理援助申请", Unit: "件", Live: true, Personal: true, Text: "活动现场收下的法律援助申请。", Counts: verified, Editor: byReport},
	{Code: "health_file", Group: "企业服务", Name: "法治健康档案", Unit: "册", Text: "为企业建立的法治健康档案，一家一册。", Counts: "建档当天", Editor: byOpening},
	{Code: "dispute", Group: "纠纷化解", Name: "排查化解纠纷", Unit: "起", Live: true, Money: true, Personal: true, Text: "化解成功的纠纷及涉及金额，活动现场化解的和期初数。", Counts: verified, Editor: byReport},
	{Code: "wage_case", Group: "纠纷化解", Name: "讨薪案件", Unit: "起", Money: true, Personal: true, Text: "办结的讨薪法律援助案件及挽回金额。", Counts: "办结当天", Editor: byOpening},
}

// Builtin lists the measures with their first definitions.
func Builtin() []Definition { return slices.Clone(builtin) }

// lookup finds a measure by its code.
func lookup(code string) (Definition, bool) {
	i := slices.IndexFunc(builtin, func(d Definition) bool { return d.Code == code })
	if i < 0 {
		return Definition{}, false
	}
	return builtin[i], true
}

// defRow is a change of a definition.
type defRow struct {
	Code      string `db:"code"`
	ValidFrom string `db:"valid_from"`
	Name      string `db:"name"`
	Text      string `db:"text"`
	Counts    string `db:"counts"`
}

// Definitions lists all measures as they are defined on a day; "" is today.
func (s *Store) Definitions(ctx context.Context, day string) (_ []Definition, err error) {
	defer errs.Wrap(&err, "list definitions")
	return s.definitions(ctx, s.db.Reader(), day)
}

func (s *Store) definitions(ctx context.Context, q db.Queryer, day string) ([]Definition, error) {
	if day == "" {
		day = s.today()
	}
	var rows []defRow
	err := db.Select(ctx, q, &rows, `SELECT code, valid_from, name, text, counts FROM measure_def
		WHERE valid_from <= $1 ORDER BY valid_from`, day)
	if err != nil {
		return nil, err
	}
	list := Builtin()
	for _, r := range rows { // the later ones win
		if i := slices.IndexFunc(list, func(d Definition) bool { return d.Code == r.Code }); i >= 0 {
			list[i] = list[i].changed(r)
		}
	}
	return list, nil
}

func (d Definition) changed(r defRow) Definition {
	d.Name, d.Text, d.Counts, d.ValidFrom = r.Name, r.Text, r.Counts, r.ValidFrom
	return d
}

// History lists every definition a measure has had, the first one first.
func (s *Store) History(ctx context.Context, code string) (_ []Definition, err error) {
	defer errs.Wrap(&err, "history of %s", code)
	d, ok := lookup(code)
	if !ok {
		return nil, noMeasure(code)
	}
	var rows []defRow
	err = db.Select(ctx, s.db.Reader(), &rows, `SELECT code, valid_from, name, text, counts FROM measure_def
		WHERE code = $1 ORDER BY valid_from`, code)
	list := []Definition{d}
	for _, r := range rows {
		list = append(list, list[len(list)-1].changed(r))
	}
	return list, err
}

func noMeasure(code string) error {
	return errs.New(errs.NotFound, "没有这个指标，请从统计页重新选择。", "no measure %q", code)
}

// Redefine changes what a measure means from a day on. Frozen periods keep the
// definitions they were signed with, so the day cannot lie in one.
func (s *Store) Redefine(ctx context.Context, actor auth.Actor, d Definition) (err error) {
	defer errs.Wrap(&err, "redefine %s", d.Code)
	if err := actor.Must(permission); err != nil {
		return err
	}
	if err := wholeDistrict(actor); err != nil {
		return err
	}
	old, ok := lookup(d.Code)
	if !ok {
		return noMeasure(d.Code)
	}
	d.Name, d.Text, d.Counts = oneLine(d.Name), oneLine(d.Text), oneLine(d.Counts)
	switch {
	case !isDate(d.ValidFrom):
		return errs.Bad("valid_from", "请填写从哪一天起按新口径，例如 2027-01-01。")
	case !within(d.Name, 1, 20):
		return errs.Bad("name", "名称请写 1 至 20 个字。")
	case !within(d.Text, 4, 300):
		return errs.Bad("text", "口径请写 4 至 300 个字，说明什么计入、什么不计。")
	case !within(d.Counts, 2, 60):
		return errs.Bad("counts", "请用 2 至 60 个字写明什么时候计入。")
	}
	return s.db.Update(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := lock(ctx, tx); err != nil {
			return err
		}
		frozen, err := frozenRanges(ctx, tx)
		if err != nil {
			return err
		}
		if r := frozen.at(d.ValidFrom); r != nil {
			return errs.Bad("valid_from", "“"+r.Name+"”已经封账，新口径请从 "+nextDay(r.To)+" 以后开始。")
		}
		_, err = db.Exec(ctx, tx, `INSERT INTO measure_def (code, valid_from, name, text, counts, created_at, created_by)
			VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (code, valid_from) DO UPDATE SET name = $3, text = $4, counts = $5, created_at = $6, created_by = $7`,
			d.Code, d.ValidFrom, d.Name, d.Text, d.Counts, s.now().UnixMilli(), actor.ID)
		s.ledger.Record(tx, actor.Entry("figures.define", "measure:"+d.Code, "改口径：“"+old.Name+"”自 "+d.ValidFrom+" 起"))
		return err
	})
}

// oneLine drops what a single line cannot hold.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// within reports whether a text has from low to high characters.
func within(s string, low, high int) bool {
	n := utf8.RuneCountInString(s)
	return n >= low && n <= high
}
