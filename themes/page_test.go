package themes

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"
)

func open(t *testing.T, cfg Config) *Theme {
	t.Helper()
	theme, err := Open(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return theme
}

func render(t *testing.T, theme *Theme, p Page) string {
	t.Helper()
	page, err := theme.Render(p)
	if err != nil {
		t.Fatal(err)
	}
	return string(page)
}

// Every page of every sample, at the root and under a path, in both dresses.
func TestEveryPage(t *testing.T) {
	for _, base := range []string{"/", "/sfj/pufa", "/sfj/pufa/"} {
		theme := open(t, Config{Base: base})
		for _, sample := range Samples() {
			for _, elder := range []bool{false, true} {
				sample.Page.shell().Elder = elder
				page := render(t, theme, sample.Page)
				name := base + " " + sample.Name + " " + sample.Page.template()
				for _, problem := range inspect([]byte(page), strings.TrimSuffix(base, "/")) {
					t.Errorf("%s: %s", name, problem)
				}
				for _, problem := range unbalanced(page) {
					t.Errorf("%s: %s", name, problem)
				}
				if strings.Contains(page, "<no value>") || strings.Contains(page, "ZgotmplZ") {
					t.Errorf("%s: a value went missing", name)
				}
				if got := strings.Contains(page, `class="elder"`); got != elder {
					t.Errorf("%s: elder is %v", name, got)
				}
			}
		}
	}
}

// unbalanced names elements that are not closed in their order: html/template
// would not mind, and browsers guess.
func unbalanced(page string) (bad []string) {
	void := strings.Fields("meta link img input br hr")
	var open []string
	z := html.NewTokenizer(strings.NewReader(page))
	for {
		switch z.Next() {
		case html.ErrorToken:
			if len(open) > 0 {
				bad = append(bad, "never closed: "+strings.Join(open, " "))
			}
			return bad
		case html.StartTagToken:
			if tag, _ := z.TagName(); !slices.Contains(void, string(tag)) {
				open = append(open, string(tag))
			}
		case html.EndTagToken:
			tag, _ := z.TagName()
			if len(open) == 0 || open[len(open)-1] != string(tag) {
				return append(bad, "</"+string(tag)+"> closes "+strings.Join(open, " "))
			}
			open = open[:len(open)-1]
		}
	}
}

func TestHostileTextStaysText(t *testing.T) {
	theme := open(t, Config{})
	for _, sample := range Samples() {
		if sample.Name != "hostile" {
			continue
		}
		page := render(t, theme, sample.Page)
		for _, markup := range []string{"<script>alert", "<img src=x", "onerror=alert(1)>", "</style>"} {
			if strings.Contains(page, markup) {
				t.Errorf("%s lets %s through", sample.Page.template(), markup)
			}
		}
		if !strings.Contains(page, "&lt;script&gt;alert") {
			t.Errorf("%s does not show the text", sample.Page.template())
		}
	}
}

// A page shows everything that is in its struct: a field a template forgets is
// a promise broken.
func TestFullPagesShowTheirFields(t *testing.T) {
	wants := map[string][]string{
		"home":              {"薪", "老板不给工资", "老板拖欠工资", "东湖镇安置房工地", "还有 12 个名额", "国庆、中秋", "0000-6101001", "<option value=\"东湖镇\">", "srcset="},
		"guide":             {"一句话答案", "来源：示例区法律援助中心", "作者：李国平律师", "2026-09-01 09:30", "核对日期", "2026-08-20", "第二十七条", "保障农民工", "诉讼费用", "qiantiao.docx", "接着看", "最新", `class="stack"`},
		"law":               {"现行有效", "第四章 劳动合同的解除和终止", "第三十六条至第五十条", `id="a38"`, "/laws/ldht/38#cited", "2007-06-29", "旧版本，现在不用了"},
		"article":           {"第三十八条", "上一条", "下一条", "/laws/ldht/26", "被这些指南引用", "第四章"},
		"events":            {"即将举办", "家属", "现场有律师", "法律进工地", "/events/feed.ics", "看月历", "办过的活动"},
		"session":           {"18:30–20:00", "改期了", "李国平律师", "SF-2026-00147.ics", "57", "怎么报名", "来之前可以先看"},
		"stations":          {"公共法律服务中心", "联络点", "部门工作站", "每周三下午", "公交：", "tel:00006101001"},
		"search":            {"找到 23 条", "<mark>工资</mark>", "指南 6", "劳动合同 3", "推荐", "您是不是要找", "大家还搜", "近期的活动", "总承包单位先清偿。", `<span class="tag ok">现行有效`, "第三十条", "/search?q=x&amp;page=2"},
		"organize":          {"0000-6100000", "提前 5 个工作日", "送法进企业", "东湖镇", "接着填：东湖电子有限公司", `action="/organize/start"`, `type="tel"`},
		"organize-step":     {"第 3 步，共 6 步", "9 月 25 日至 27 日放假", "ABCDE-FGHJK", `aria-current="step"`, "上一步", `type="date"`, `aria-invalid="true"`, `name="version" value="3"`},
		"organize-check":    {"东湖电子有限公司", "/organize/unit?edit=1#f-unit", "没有填", "离首选时间不到 5 个工作日", "请写想听什么", "3 个工作日内有人给您回电话"},
		"organize-state":    {"ABCDE-FGHJK", "已经提交", "审核中", "11 月 27 日（周五）前答复", "改到下周二下午", "/events/SF-2026-00147", "<b>12</b> 人报上了，共 60 个名额", "照这场再来一场", "退出"},
		"organize-confirm":  {"撤回以后不再安排", "不撤了"},
		"organize-conflict": {"9 月 24 日", "用我刚填的", "用已经存着的", "没有填"},
		"desk":              {`data-do="walkin"`, "尾号 5678", "3 人", "候补", "14:02 已到", `name="of" value="scan-1"`, `<b id="desk-total">12</b>`, "没有查到这个报名码。", "desk."},
		"approve":           {"李红 副局长，请审“终审”", "可以对外发布吗", "<del>劳动局</del><ins>劳动监察</ins>", "12 月 4 日是周五", "写全称", `value="return"`, "请写一句为什么退回。"},
		"desk-note":         {"请核对后按签到。", "尾号 5678", "没能确认是哪一份报名。", `name="last4"`, "回签到台"},
		"organize-report":   {"9 月 15 日（周二）", "人数和签到表不符", "签到表，不公开", `name="remove" value="ab12"`, `data-draft="/organize/report/draft"`, "20:30 存过", `id="f-handout_handed-0"`, `name="handout_title" value="工资手册"`, "<summary>其中</summary>"},
		"signup":            {"还有 12 个名额", `data-proof="16"`, `name="ticket" value="abc"`, `name="website"`, `href="#f-phone"`, "活动结束后删除", "想问什么", "/pages/privacy", "提交报名", "tel:00006101001", "北园街道"},
		"signed":            {"ABCDE-FGHJK", `viewBox="0 0 29 29"`, "第 3 位", "3 人（王师傅）", "人数改好了", "带上合同", "SF-2026-00147.ics", `name="code" value="ABCDEFGHJK"`, `value="cancel"`, `value="shrink"`, "查不到"},
		"find":              {"查报名", "查不到", "手机号后四位", "tel:00006101001"},
		"poster":            {"a3", "扫码报名", "工友、家属", "李国平律师", "poster_font", "存成图片", `class="bare"`, "0000-6101001", "回到这一场"},
		"my":                {"李国平，您好。有 1 场等您答复", `name="go" value="accept"`, "请假：2026年12月1日", "/ics/s/x.ics", "/my/x/record", "0000-6100000"},
		"my-duty":           {"来一位，按一下", `name="tap" value="k:工资"`, "<b>3</b>", `name="undo" value="undo:k"`, "找人替我", "本所可以找：王芳", "1 小时 30 分", "待核定", "SF-2026-00012.ics", "/my/x/1/report"},
		"my-report":         {"11 月 25 日前", "人次请再核一下", "人次偏多", "10:20 存过", `value="send"`},
		"my-record":         {"13704202610000001", "2026-01-01 至 2026-12-31", "1 小时 30 分", "已核定", "1 场待核定"},
		"error":             {"01JD3Z8K2V", "404", "从首页重新查找", "/guides/tuoqian-gongzi"},
		"list":              {"按主题看", "第 2 页，共 3 页", `href="/guides/?page=3"`},
		"laws":              {"行政法规", "已废止", "共 98 条"},
		"topic":             {"拖欠、克扣", "/topics/termination/", "相关活动", "通知和动态"},
		"static":            {"先把证据留好", "更新"},
	}
	theme := open(t, Config{})
	for _, p := range fullPages(sampleSite(), func(s string) string { return s }) {
		if want, ok := wants[p.template()]; ok {
			delete(wants, p.template()) // the first page of a kind; variants have tests of their own
			page := render(t, theme, p)
			for _, w := range want {
				if !strings.Contains(page, w) {
					t.Errorf("%s does not show %s", p.template(), w)
				}
			}
		}
	}
	if len(wants) > 0 {
		t.Errorf("no sample for %v", wants)
	}
}

func TestEveryPageCarriesTheFrame(t *testing.T) {
	theme := open(t, Config{})
	for _, p := range fullPages(sampleSite(), func(s string) string { return s }) {
		page := render(t, theme, p)
		for _, want := range []string{`href="tel:12348"`, `role="search"`, `href="#main"`, "网站标识码：0000000000", "示例ICP备00000000号-1", "示例公网安备",
			`name="SiteName" content="示例区司法局"`, `name="SiteDomain" content="sfj.example.gov.cn"`, `name="SiteIDCode" content="0000000000"`,
			`property="og:title"`, `property="og:url"`, "本页地址：https://sfj.example.gov.cn/"} {
			if !strings.Contains(page, want) {
				t.Errorf("%s lacks %s", p.template(), want)
			}
		}
	}
}

func TestElderSwitchComesBack(t *testing.T) {
	theme := open(t, Config{Base: "/sfj/pufa"})
	p := &ListPage{Shell: Shell{Path: "/guides/?page=2&topic=工资", Title: "指南"}}
	if page := render(t, theme, p); !strings.Contains(page, `href="/sfj/pufa/elder?on=1&amp;to=%2fguides%2f%3fpage%3d2%26topic%3d%e5%b7%a5%e8%b5%84"`) {
		t.Error("the switch loses where the reader is")
	}
	p.Elder = true
	if page := render(t, theme, p); !strings.Contains(page, `/sfj/pufa/elder?on=0&amp;to=`) {
		t.Error("no way back from the large print")
	}
}

func TestGuideMetas(t *testing.T) {
	m := maker{site: sampleSite(), say: func(s string) string { return s }}
	page := render(t, open(t, Config{}), m.guide())
	for _, want := range []string{
		`<title>老板拖欠工资，怎么要回来 - 示例区司法局</title>`,
		`<meta name="description" content="留好证据，`,
		`<link rel="canonical" href="https://sfj.example.gov.cn/guides/tuoqian-gongzi">`,
		`<meta name="ColumnName" content="指南">`, `<meta name="ArticleTitle" content="老板拖欠工资，怎么要回来">`,
		`<meta name="PubDate" content="2026-09-01 09:30">`, `<meta name="ContentSource" content="示例区法律援助中心">`,
		`<meta name="Author" content="李国平律师">`, `<meta name="Keywords" content="工资,欠薪">`,
		`<meta property="og:type" content="article">`, `<meta property="og:image" content="https://sfj.example.gov.cn/media/ab12/gongdi.jpg">`,
	} {
		if !strings.Contains(page, want) {
			t.Errorf("no %s", want)
		}
	}
}

var jsonLD = regexp.MustCompile(`<script type="application/ld\+json">(.*)</script>`)

// structured reads a page's JSON-LD back, by type.
func structured(t *testing.T, page string) map[string]map[string]any {
	t.Helper()
	things := map[string]map[string]any{}
	for _, m := range jsonLD.FindAllStringSubmatch(page, -1) {
		var o map[string]any
		if err := json.Unmarshal([]byte(m[1]), &o); err != nil {
			t.Fatal(err)
		}
		things[o["@type"].(string)] = o
	}
	return things
}

func TestJSONLD(t *testing.T) {
	site := sampleSite()
	site.URL = "https://portal.example.gov.cn/sfj/pufa"
	m := maker{site: site, say: func(s string) string { return s }}
	theme := open(t, Config{Base: "/sfj/pufa"})

	article := structured(t, render(t, theme, m.guide()))["Article"]
	if article["headline"] != "老板拖欠工资，怎么要回来" || article["datePublished"] != "2026-09-01T09:30:00+08:00" ||
		article["mainEntityOfPage"] != "https://portal.example.gov.cn/sfj/pufa/guides/tuoqian-gongzi" {
		t.Errorf("article: %v", article)
	}
	crumbs := structured(t, render(t, theme, m.guide()))["BreadcrumbList"]["itemListElement"].([]any)
	if len(crumbs) != 4 || crumbs[1].(map[string]any)["item"] != "https://portal.example.gov.cn/sfj/pufa/guides/" {
		t.Errorf("crumbs: %v", crumbs)
	}
	event := structured(t, render(t, theme, m.cancelled()))["Event"]
	if event["eventStatus"] != "https://schema.org/EventCancelled" || event["startDate"] != "2026-09-29T18:30:00+08:00" {
		t.Errorf("event: %v", event)
	}
	bureau := structured(t, render(t, theme, m.home()))["GovernmentOrganization"]
	if bureau["name"] != "示例区司法局" || bureau["url"] != "https://portal.example.gov.cn/sfj/pufa/" {
		t.Errorf("bureau: %v", bureau)
	}
}

func TestSearchStates(t *testing.T) {
	site := sampleSite()
	near := Station{Name: "示例区公共法律服务中心", Phone: "0000-6100000"}
	none := &SearchPage{Shell: withQuery(Shell{Site: site, Path: "/search?q=x"}, "押金条丢了"), Popular: []Card{{Title: "看得最多", Href: "/guides/a"}}, Nearby: []Station{near}}
	none.Title = "搜索"
	theme := open(t, Config{})
	page := render(t, theme, none)
	for _, want := range []string{"没有找到", `href="tel:12348"`, "/stations/", "看得最多", "示例区公共法律服务中心", `name="robots" content="noindex"`, `value="押金条丢了"`} {
		if !strings.Contains(page, want) {
			t.Errorf("a search without a result lacks %s", want)
		}
	}
	none.Problem = "没有这么多页，请回到列表第一页。"
	if page := render(t, theme, none); !strings.Contains(page, none.Problem) || !strings.Contains(page, `value="押金条丢了"`) || strings.Contains(page, "没有找到") {
		t.Error("a search that is refused does not say why, or forgets what was written")
	}
	none.Problem, none.Away = "", true
	if page := render(t, theme, none); !strings.Contains(page, "暂时用不了") || strings.Contains(page, "没有找到") {
		t.Error("a search that is away says that there is nothing")
	}
	mended := &SearchPage{Shell: withQuery(Shell{Site: site, Path: "/search?q=x"}, "公伤"), Meant: Link{"工伤", "/search?q=y"}, Corrected: true,
		Verbatim: "/search?q=x&exact=1", Hits: []Hit{{Title: Plain("工伤怎么办"), Href: "/guides/gongshang"}}}
	if page := render(t, theme, mended); !strings.Contains(page, "只找原话") || strings.Contains(page, "您是不是要找") {
		t.Error("a mended search does not offer the text as it was typed")
	}
}

func TestNoticesAboveADocument(t *testing.T) {
	m := maker{site: sampleSite(), say: func(s string) string { return s }}
	page := render(t, open(t, Config{}), m.withdrawn())
	h1 := strings.Index(page, "<h1>")
	for _, want := range []string{"这一篇已经撤回", "所依据的文件已经废止", "看新的一篇", "这是旧版本", "预览，还没有公开"} {
		if at := strings.Index(page, want); at < 0 || at > h1 {
			t.Errorf("%s is not above the title", want)
		}
	}
}

func TestMonthGrid(t *testing.T) {
	m := maker{site: sampleSite(), say: func(s string) string { return s }}
	page := render(t, open(t, Config{}), m.month())
	for _, want := range []string{
		`<td class="off out"><span class="l">国庆</span><b>10/1</b><span class="rest">休</span></td>`,
		`<td class=" today"><span class="l">廿七</span><b><span class="vh">今天 </span>8</b></td>`,
		`<span class="work">班</span>`, `name="month" value="2026-09"`, "9 月 25 日至9 月 27 日中秋节放假",
		`<a class="gone" href="/events/SF-2026-00150"><span class="kind k-site">工</span> 石桥镇<span class="vh">：石桥水厂：包工头跑了找谁（已取消）</span></a>`,
	} {
		if !strings.Contains(page, want) {
			t.Errorf("no %s", want)
		}
	}
}

// The promise is 60 KB over the wire; the text of a long guide needs most of it.
func TestFirstViewIsLight(t *testing.T) {
	m := maker{site: sampleSite(), say: func(s string) string { return s }}
	theme := open(t, Config{})
	page := render(t, theme, m.guide())
	address, _ := theme.set.Load().assets.address("site.css", defaultPalette)
	css, _ := theme.Asset(strings.TrimPrefix(address, AssetPath))
	if total := gzipped(t, []byte(page)) + gzipped(t, css.Body); total > 20<<10 {
		t.Errorf("page and style sheet weigh %d bytes", total)
	}
}

func gzipped(t *testing.T, data []byte) int {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write(data); err != nil || w.Close() != nil {
		t.Fatal(err)
	}
	return b.Len()
}

func TestTimes(t *testing.T) {
	at := func(s string) time.Time {
		v, err := time.Parse(time.RFC3339, s)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	for _, c := range []struct{ from, to, want string }{
		{"2026-09-10T10:30:00Z", "2026-09-10T12:00:00Z", "18:30–20:00"},
		{"2026-09-10T10:30:00Z", "2026-09-10T10:30:00Z", "18:30"},
		{"2026-09-10T15:00:00Z", "2026-09-10T16:30:00Z", "23:00 至 9 月 11 日 00:30"},
	} {
		if got := timespan(at(c.from), at(c.to)); got != c.want {
			t.Errorf("timespan %s %s = %s, want %s", c.from, c.to, got, c.want)
		}
	}
	if got := weekday(at("2026-09-09T16:00:00Z")); got != "周四" {
		t.Errorf("weekday across midnight is %s", got)
	}
}

func TestSourceParts(t *testing.T) {
	for _, c := range []struct{ text, law, article string }{
		{"《劳动合同法》第三十条", "《劳动合同法》", "第三十条"},
		{"《劳动合同法》", "《劳动合同法》", ""},
		{"《最高人民法院关于审理劳动争议案件适用法律问题的解释（一）》第二条", "《最高人民法院关于审理劳动争议案件适用法律问题的解释（一）》", "第二条"},
		{"《劳动法》（2018 年修正）第三条", "《劳动法》（2018 年修正）", "第三条"},
		{"地方规定", "", "地方规定"},
	} {
		s := Source{Text: c.text}
		if s.Law() != c.law || s.Article() != c.article {
			t.Errorf("%s is %q and %q", c.text, s.Law(), s.Article())
		}
	}
}

func TestTel(t *testing.T) {
	for in, want := range map[string]string{"0000-6100000": "tel:00006100000", "12348": "tel:12348", "0000-6100000 转 12": "tel:00006100000",
		"0000-1111111、0000-2222222": "tel:00001111111", "+86 0000 6100000": "tel:+8600006100000", "": "tel:", `1"><b>`: "tel:1"} {
		if got := string(tel(in)); got != want {
			t.Errorf("tel(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestCurrent(t *testing.T) {
	s := Shell{Path: "/guides/x?y=/laws/"}
	for href, want := range map[string]string{"/guides/": "true", "/laws/": "", "/": "", "/guides/x": "page", "": ""} {
		if got := s.Current(href); got != want {
			t.Errorf("Current(%q) = %q, want %q", href, got, want)
		}
	}
	s = Shell{Path: "/topics/wages/", Column: Column{Href: "/guides/"}}
	if s.Current("/guides/") != "true" {
		t.Error("a column does not mark its menu entry")
	}
}

// A page that is not in the cache waits for this.
func BenchmarkRenderGuide(b *testing.B) {
	theme, err := Open(Config{Base: "/sfj/pufa"})
	if err != nil {
		b.Fatal(err)
	}
	m := maker{site: sampleSite(), say: func(s string) string { return s }}
	p := m.guide()
	for b.Loop() {
		if _, err := theme.Render(p); err != nil {
			b.Fatal(err)
		}
	}
}
