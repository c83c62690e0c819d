package content

import (
	"slices"
	"strconv"
	"time"
)

// InspectionRules is the version of the table below. It stands on every page and
// in every bundle of evidence, so that an old one can be read by its own rules.
const InspectionRules = "国办秘函〔2019〕19号，规则表 2026-11"

// inspectionSource is where the numbers are from.
const inspectionSource = "国办秘函〔2019〕19号附件《政府网站与政务新媒体检查指标》单项否决指标"

// Watch says by which rule an inspection looks at a column.
type Watch string

// The rules of columns.
const (
	WatchNews    Watch = "news"    // 动态、要闻类
	WatchNotice  Watch = "notice"  // 通知公告、政策文件类
	WatchRegular Watch = "regular" // 其他应更新的
	WatchStatic  Watch = "static"  // 长期不变的
)

// Watches lists them in the order of forms.
var Watches = []Watch{WatchNews, WatchNotice, WatchRegular, WatchStatic}

// Label is the Chinese name.
func (w Watch) Label() string {
	switch w {
	case WatchNews:
		return "动态要闻类"
	case WatchNotice:
		return "通知公告类"
	case WatchRegular:
		return "其他应更新"
	case WatchStatic:
		return "静态"
	}
	return "按收的类别推定"
}

// Days after which an inspection calls such a column stale; 0 for never. 两周 and
// 六个月 are the official numbers; 应更新 has none, so a year is ours, for
// columns without a promise of their own.
func (w Watch) Days() int {
	switch w {
	case WatchNews:
		return 14
	case WatchNotice:
		return 180
	case WatchRegular:
		return 365
	}
	return 0
}

// Watched is the rule of a column: the one it was given, or by what it takes.
func (c Column) Watched() Watch {
	only := func(k Kind) bool { return len(c.Kinds) == 1 && c.Kinds[0] == k }
	switch {
	case c.Watch != "":
		return c.Watch
	case only(News):
		return WatchNews
	case only(Notice):
		return WatchNotice
	case only(Page):
		return WatchStatic
	}
	return WatchRegular
}

// Light says how a column or an indicator stands.
type Light string

// The lights.
const (
	Green  Light = "green"  // under half of the time
	Yellow Light = "yellow" // from 50 %
	Orange Light = "orange" // from 80 %
	Red    Light = "red"    // past
	Blank  Light = "blank"  // a column with nothing in it
	Unlit  Light = "unlit"  // no limit
	Manual Light = "manual" // no program can tell
)

// Label says the light in words.
func (l Light) Label() string {
	switch l {
	case Green:
		return "正常"
	case Yellow:
		return "过半"
	case Orange:
		return "快到限"
	case Red:
		return "超限"
	case Blank:
		return "空白"
	case Manual:
		return "人工核对"
	}
	return "不限"
}

// Late reports whether something should be done.
func (l Light) Late() bool { return l == Yellow || l == Orange || l == Red || l == Blank }

// lightOf compares what is used up with what there is. Its callers bound limit,
// so that tenfold of it is still a number.
func lightOf(used, limit int64) Light {
	switch {
	case used > limit:
		return Red
	case used*10 >= limit*8:
		return Orange
	case used*2 >= limit:
		return Yellow
	}
	return Green
}

// countLight is the light of a number of columns: at the limit the site fails.
func countLight(n, limit int) Light {
	if n >= limit {
		return Red
	}
	return lightOf(int64(n), int64(limit))
}

// ColumnState is what an inspection needs to know of a column.
type ColumnState struct {
	Column
	Documents int       // that readers find in it
	Last      time.Time // the last first publication or new edition; zero when undated
}

// ColumnLight is a column with how it stands.
type ColumnLight struct {
	ColumnState
	Limit int // days the light goes by: the stricter of the rule and the promise; 0 for none
	Light Light
	Left  int  // whole days that are left; past the limit -1, -2 …
	Stale bool // counts as 不更新 in an inspection
}

// Remaining says the days that are left in words.
func (c ColumnLight) Remaining() string {
	switch {
	case c.Light == Blank:
		return "还没有内容"
	case c.Limit == 0:
		return "不要求"
	case c.Last.IsZero():
		return "没有发布时间，按没有更新算"
	}
	return remaining(c.Left)
}

func remaining(left int) string {
	switch {
	case left < 0:
		return "超过 " + strconv.Itoa(-left) + " 天"
	case left == 0:
		return "今天到限"
	}
	return "还有 " + strconv.Itoa(left) + " 天"
}

const (
	dayLong = 24 * time.Hour
	// clockSkew is how far clocks of nodes may differ: a later date than that is
	// not of our clock, and counts for nothing.
	clockSkew = time.Hour
	maxRhythm = 3650 // days
)

// stand is the light of something updated last at a moment, and the days left.
func stand(last, now time.Time, days int) (Light, int) {
	used, limit := now.Sub(last), time.Duration(days)*dayLong
	if used > limit {
		return Red, -int((used - limit + dayLong - 1) / dayLong)
	}
	return lightOf(int64(max(used, 0)), int64(limit)), int((limit - max(used, 0)) / dayLong)
}

// judgeColumn is the rule of one column.
func judgeColumn(s ColumnState, now time.Time) ColumnLight {
	if s.Last.After(now.Add(clockSkew)) {
		s.Last = time.Time{}
	}
	c := ColumnLight{ColumnState: s, Light: Unlit}
	official := s.Watched().Days()
	if s.Rhythm > 0 && s.Watched() == WatchRegular {
		official = s.Rhythm // what "should" is, is what was promised
	}
	c.Limit = official
	if s.Rhythm > 0 && (official == 0 || s.Rhythm < official) {
		c.Limit = s.Rhythm
	}
	switch {
	case s.Documents == 0:
		c.Light = Blank
	case c.Limit == 0:
	case s.Last.IsZero():
		c.Light, c.Stale = Red, official > 0
	default:
		c.Light, c.Left = stand(s.Last, now, c.Limit)
		c.Stale = official > 0 && now.Sub(s.Last) > time.Duration(official)*dayLong
	}
	return c
}

// Indicator is one 单项否决 indicator with how the site stands in it.
type Indicator struct {
	ID     string // for ever; evidence names it
	Name   string
	Rule   string // the official wording, in short
	Source string
	Limit  int    // days or columns
	Unit   string // 天 or 个; "" where nothing is counted
	Value  int    // days since, or columns
	Light  Light
	Says   string // how it stands, in a sentence
}

// Verdict is what an inspection would say today.
type Verdict string

// The verdicts.
const (
	Passes Verdict = "pass"
	Danger Verdict = "danger"
	Fails  Verdict = "fail"
)

// Label is the Chinese name.
func (v Verdict) Label() string {
	switch v {
	case Fails:
		return "不合格"
	case Danger:
		return "有风险"
	}
	return "没有触发单项否决"
}

// Inspection is how the site stands against the official numbers.
type Inspection struct {
	At         time.Time
	Rules      string // InspectionRules
	Columns    []ColumnLight
	Indicators []Indicator
	Verdict    Verdict // over what a program can tell
	Why        []string
}

// Inspect applies the table of rules. It reads nothing but its arguments.
func Inspect(columns []ColumnState, now time.Time) Inspection {
	in := Inspection{At: now, Rules: InspectionRules, Verdict: Passes}
	for _, s := range columns {
		in.Columns = append(in.Columns, judgeColumn(s, now))
	}
	count := func(counts func(ColumnLight) bool) (n int) {
		for _, c := range in.Columns {
			if counts(c) {
				n++
			}
		}
		return n
	}
	stale := func(watches ...Watch) int {
		return count(func(c ColumnLight) bool { return c.Stale && slices.Contains(watches, c.Watched()) })
	}
	in.Indicators = slices.Concat([]Indicator{
		home(in.Columns, now),
		counted("columns", "动态、通知类栏目不更新", "监测时间点前 2 周内未更新的动态、要闻类栏目，加上 6 个月内未更新的通知公告、政策文件类栏目，达到 5 个", 5, stale(WatchNews, WatchNotice)),
		counted("regular", "应更新的栏目不更新", "应更新但未更新的栏目达到 10 个", 10, stale(WatchRegular)),
		counted("blank", "空白栏目", "空白栏目达到 5 个", 5, count(func(c ColumnLight) bool { return c.Light == Blank })),
	}, manualIndicators())
	for _, i := range in.Indicators {
		switch {
		case i.Light == Red:
			in.Verdict = Fails
		case i.Light.Late() && in.Verdict == Passes:
			in.Verdict = Danger
		}
		if i.Light.Late() {
			in.Why = append(in.Why, i.Name+"："+i.Says)
		}
	}
	return in
}

// home is the rule of the home page: it shows what is new in its columns, or in
// all where none has a place on it.
func home(columns []ColumnLight, now time.Time) Indicator {
	const days = 14
	i := Indicator{ID: "home", Name: "首页不更新", Rule: "监测时间点前 2 周内首页栏目没有信息更新", Source: inspectionSource, Limit: days, Unit: "天"}
	some := slices.ContainsFunc(columns, func(c ColumnLight) bool { return c.Home })
	var last time.Time
	for _, c := range columns {
		if (c.Home || !some) && c.Documents > 0 && c.Last.After(last) {
			last = c.Last
		}
	}
	if last.IsZero() {
		i.Light, i.Says = Red, "首页还没有发布过内容"
		return i
	}
	var left int
	i.Light, left = stand(last, now, days)
	i.Value = int(max(now.Sub(last), 0) / dayLong)
	i.Says = strconv.Itoa(i.Value) + " 天没有更新，" + remaining(left)
	return i
}

func counted(id, name, rule string, limit, n int) Indicator {
	return Indicator{ID: id, Name: name, Rule: rule, Source: inspectionSource, Limit: limit, Unit: "个", Value: n,
		Light: countLight(n, limit), Says: "现在 " + strconv.Itoa(n) + " 个，到 " + strconv.Itoa(limit) + " 个就不合格"}
}

// manualIndicators are those that the site cannot judge of itself.
func manualIndicators() []Indicator {
	manual := func(id, name, rule, says string) Indicator {
		return Indicator{ID: id, Name: name, Rule: rule, Source: inspectionSource, Light: Manual, Says: says}
	}
	return []Indicator{
		manual("access", "站点无法访问", "一周内打不开（超过 15 秒）的次数达到 5%", "要从外面的网络测，请看监控记录"),
		manual("safety", "安全、泄密等严重问题", "出现安全、泄密事故，严重表述错误，反动、暴力、色情等内容", "请看校对结果和审核单"),
		manual("reply", "互动回应差", "超过 3 个月没有回应网民的留言", "请核对网上和电话的咨询"),
		manual("dates", "弄虚作假", "伪造发布日期等", "发布时间都取服务器时间，编辑改不了；从别处导入的，证据里另有建档时间"),
	}
}

// Footer is what the foot of every page must say.
type Footer struct {
	Name         string // 主办单位
	Phone        string
	SiteIDCode   string // 网站标识码
	ICP          string // ICP 备案号
	PoliceRecord string // 公安备案号
}

// FooterTag is one of its entries; one without a value is missing on the site.
type FooterTag struct{ Name, Value string }

// Tags lists what must be there, in the order of the page.
func (f Footer) Tags() []FooterTag {
	return []FooterTag{{"主办单位", f.Name}, {"联系电话", f.Phone}, {"网站标识码", f.SiteIDCode}, {"ICP 备案号", f.ICP}, {"公安备案号", f.PoliceRecord}}
}
