package markdown_test

import (
	"errors"
	"reflect"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/songfa/songfa/internal/errs"
	"github.com/songfa/songfa/internal/markdown"
)

func render(t *testing.T, cfg markdown.Config, src string) markdown.Document {
	t.Helper()
	doc, err := markdown.New(cfg).Render([]byte(src))
	if err != nil {
		t.Fatalf("render %.60q: %v", src, err)
	}
	return doc
}

// between drops the line breaks between tags, which no reader sees.
var between = regexp.MustCompile(`>\n+<|\n+$`)

func flat(s string) string {
	return between.ReplaceAllStringFunc(s, func(m string) string { return strings.ReplaceAll(m, "\n", "") })
}

func TestHTML(t *testing.T) {
	for _, c := range []struct{ name, src, want string }{
		{"lines join between Chinese characters", "用人单位应当\n按月支付，\n**足额**\n支付。", "<p>用人单位应当按月支付，<strong>足额</strong>支付。</p>"},
		{"lines with Latin words keep a space", "see\nthe 工资\nform", "<p>see\nthe 工资\nform</p>"},
		{"strikethrough", "~~二十日~~三十日", "<p><del>二十日</del>三十日</p>"},
		{"address without spaces around", "请登录https://www.12333.gov.cn/a?b=1&c=2。再办", `<p>请登录<a href="https://www.12333.gov.cn/a?b=1&amp;c=2">https://www.12333.gov.cn/a?b=1&amp;c=2</a>。再办</p>`},
		{"address after a space", "见 www.example.gov.cn 首页", `<p>见 <a href="http://www.example.gov.cn">www.example.gov.cn</a> 首页</p>`},
		{"telephone link", "[12348](tel:12348)", `<p><a href="tel:12348">12348</a></p>`},
		{"definition list", "仲裁时效\n: 一年", "<dl><dt>仲裁时效</dt><dd>一年</dd></dl>"},
		{"task list", "- [x] 身份证\n- [ ] 工资条", `<ul class="tasks"><li><span aria-label="已办" class="box" role="img">☑</span> 身份证</li><li><span aria-label="未办" class="box" role="img">☐</span> 工资条</li></ul>`},
		{"figure", `![三步流程](liucheng.png "欠薪投诉流程")`, `<figure><img alt="三步流程" decoding="async" loading="lazy" src="liucheng.png"><figcaption>欠薪投诉流程</figcaption></figure>`},
		{"image in text is no figure", `见![章](a.png "公章")`, `<p>见<img alt="章" decoding="async" loading="lazy" src="a.png" title="公章"></p>`},
		{"code", "```\n:::\n<b>\n```", "<pre tabindex=\"0\"><code>:::\n&lt;b&gt;\n</code></pre>"},
		{"control characters", "工\x00资\x07&#1;\uFEFF", "<p>工资\uFEFF</p>"},
		{"broken UTF-8", "工\xff资", "<p>工\uFFFD资</p>"},
		{"carriage returns", "# 甲\r\n\r\n乙\r丙", `<h2 id="甲">甲</h2><p>乙丙</p>`},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := flat(render(t, markdown.Config{}, c.src).HTML); got != c.want {
				t.Errorf("\n got %s\nwant %s", got, c.want)
			}
		})
	}
}

func TestCallouts(t *testing.T) {
	for _, c := range []struct{ name, src, want string }{
		{"answer", ":::答案\n留好证据。\n:::", `<div class="answer"><p class="label">一句话答案</p><p>留好证据。</p></div>`},
		{"deadline", ":::期限\n一年内。\n:::\n后文", `<div class="note due"><strong>期限</strong><p>一年内。</p></div><p>后文</p>`},
		{"proof with a list", "前文\n:::证据\n- 工资条\n- 考勤\n:::\n后文", `<p>前文</p><div class="note proof"><strong>证据</strong><ul><li>工资条</li><li>考勤</li></ul></div><p>后文</p>`},
		{"title", ":::提示 请不起**律师**\n申请法律援助。\n:::", `<div class="note tip"><strong>提示：请不起<strong>律师</strong></strong><p>申请法律援助。</p></div>`},
		{"title behind a colon", "::: 警告：不要堵门\n会受处罚。\n:::", `<div class="note warn"><strong>警告：不要堵门</strong><p>会受处罚。</p></div>`},
		{"Chinese colons", "：：：期限\n一年内。\n：：：\n后文", `<div class="note due"><strong>期限</strong><p>一年内。</p></div><p>后文</p>`},
		{"unclosed ends with the document", ":::警告\n甲\n\n乙", `<div class="note warn"><strong>警告</strong><p>甲</p><p>乙</p></div>`},
		{"unclosed ends where the next begins", ":::期限\n甲\n:::证据\n乙\n:::\n丙", `<div class="note due"><strong>期限</strong><p>甲</p></div><div class="note proof"><strong>证据</strong><p>乙</p></div><p>丙</p>`},
		{"unknown word stays text", ":::办法\n甲\n:::", "<p>:::办法甲\n:::</p>"},
		{"longer word is another word", ":::期限届满\n甲", "<p>:::期限届满甲</p>"},
		{"colons in code", ":::提示\n```\n:::\n```\n甲\n:::", "<div class=\"note tip\"><strong>提示</strong><pre tabindex=\"0\"><code>:::\n</code></pre><p>甲</p></div>"},
		{"in a list", "- 甲\n  :::提示\n  乙\n  :::\n- 丙", "<ul><li>甲\n" + `<div class="note tip"><strong>提示</strong><p>乙</p></div></li><li>丙</li></ul>`},
		{"empty", ":::答案\n:::\n", `<div class="answer"><p class="label">一句话答案</p></div>`},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := flat(render(t, markdown.Config{}, c.src).HTML); got != c.want {
				t.Errorf("\n got %s\nwant %s", got, c.want)
			}
		})
	}
}

func TestTable(t *testing.T) {
	got := flat(render(t, markdown.Config{}, "| 办法 | 期限 | 费用 |\n|---|:-:|--:|\n| 投诉 | 2 年 | 0 |\n| 起诉 | 15 日 | 10 |").HTML)
	want := `<div aria-label="表格" class="scroll" role="group" tabindex="0"><table class="stack">` +
		`<thead><tr><th scope="col">办法</th><th class="center" scope="col">期限</th><th class="num" scope="col">费用</th></tr></thead>` +
		`<tbody><tr><th scope="row">投诉</th><td class="center" data-t="期限">2 年</td><td class="num" data-t="费用">0</td></tr>` +
		`<tr><th scope="row">起诉</th><td class="center" data-t="期限">15 日</td><td class="num" data-t="费用">10</td></tr></tbody></table></div>`
	if got != want {
		t.Errorf("\n got %s\nwant %s", got, want)
	}
}

func TestTableWithMergedCellsDoesNotStack(t *testing.T) {
	got := render(t, markdown.Config{}, `<table><thead><tr><th>甲</th><th>乙</th></tr></thead><tr><td colspan="2">丙</td></tr></table>`).HTML
	if strings.Contains(got, "stack") || !strings.Contains(got, `class="scroll"`) || !strings.Contains(got, `colspan="2"`) {
		t.Errorf("got %s", got)
	}
}

func TestHeadings(t *testing.T) {
	doc := render(t, markdown.Config{}, strings.Join([]string{
		"# 先把**证据**留好", "## 1. 找谁、多久", "## Main", "## Main", "#### 《劳动法》第50条[^1]", "# 先把证据留好", "> ## 引用里的", "[跳](#main)", "", "[^1]: 注"}, "\n\n"))
	want := []markdown.Heading{
		{2, "先把证据留好", "先把证据留好"},
		{3, "1-找谁-多久", "1. 找谁、多久"},
		{3, "s-main", "Main"},
		{3, "s-main-2", "Main"},
		{4, "劳动法-第50条", "《劳动法》第50条"},
		{2, "先把证据留好-2", "先把证据留好"},
	}
	if !reflect.DeepEqual(doc.TOC, want) {
		t.Errorf("TOC = %+v", doc.TOC)
	}
	for _, h := range append(want, markdown.Heading{3, "引用里的", "引用里的"}) {
		if !strings.Contains(doc.HTML, `id="`+h.ID+`"`) {
			t.Errorf("no anchor %s in %s", h.ID, doc.HTML)
		}
	}
	if !strings.Contains(doc.HTML, `<a href="#s-main">跳</a>`) {
		t.Errorf("the link to a heading misses it: %s", doc.HTML)
	}
}

// A heading that looks like the number of a double must not get its anchor.
func TestAnchorsNeverRepeat(t *testing.T) {
	doc := render(t, markdown.Config{}, "# 期限\n# 期限-2\n# 期限\n# 期限\n# ！\n# ？\n<p id=\"期限\">甲</p>")
	seen := map[string]bool{}
	for _, m := range regexp.MustCompile(` id="([^"]*)"`).FindAllStringSubmatch(doc.HTML, -1) {
		if seen[m[1]] {
			t.Errorf("anchor %q twice in %s", m[1], doc.HTML)
		}
		seen[m[1]] = true
	}
	if len(seen) != 6 {
		t.Errorf("anchors = %v", seen)
	}
}

func TestFootnotes(t *testing.T) {
	got := render(t, markdown.Config{}, "月工资[^gz]，再说一次[^gz]。\n\n[^gz]: 扣税前的《工资》。").HTML
	for _, part := range []string{
		`<sup id="fnref:1"><a class="footnote-ref" href="#fn:1" role="doc-noteref">1</a></sup>`,
		`<div class="footnotes" role="doc-endnotes">`, `<li id="fn:1">`,
		`<a aria-label="回到正文第 1 个注释处" class="footnote-backref" href="#fnref:1" role="doc-backlink">`, `href="#fnref1:1"`,
	} {
		if !strings.Contains(got, part) {
			t.Errorf("no %s in %s", part, got)
		}
	}
}

func TestText(t *testing.T) {
	doc := render(t, markdown.Config{}, "# 工资\n\n用人单位\n应当**按月**支付&amp;足额[^1]。\\*\n\n:::期限\n一年\n:::\n:::提示 别急\n- [ ] 甲\n- 乙\n:::\n\n|办法|费用|\n|-|-|\n|投诉|0|\n\n![图](a.png \"流程图\")\n\n`代码` <b>粗</b>\n\n<script>alert(1)</script>\n\n[^1]: 脚注")
	want := "工资\n用人单位应当按月支付&足额。*\n一年\n提示：别急\n甲\n乙\n办法 费用\n投诉 0\n流程图\n代码 粗\n脚注"
	if doc.Text != want {
		t.Errorf("\n got %q\nwant %q", doc.Text, want)
	}
}

func TestExcerpt(t *testing.T) {
	for _, c := range []struct {
		text string
		n    int
		want string
	}{
		{"短。", 10, "短。"},
		{"标题\n第一句。\n第二句。", 20, "标题 第一句。第二句。"},
		{"用人单位应当按月支付工资。逾期不付的，劳动者可以投诉。", 16, "用人单位应当按月支付工资。"},
		{"用人单位应当按月足额支付劳动报酬，不得无故拖欠", 12, "用人单位应当按月足额支…"},
		{"", 5, ""},
	} {
		if got := markdown.Excerpt(c.text, c.n); got != c.want {
			t.Errorf("Excerpt(%q, %d) = %q, want %q", c.text, c.n, got, c.want)
		}
	}
}

func TestMediaAndLinks(t *testing.T) {
	var asked []string
	cfg := markdown.Config{Media: func(dest string) (markdown.Resource, bool) {
		asked = append(asked, dest)
		switch dest {
		case "图 1.png":
			return markdown.Resource{URL: "/media/k1/tu.webp", SrcSet: "/media/k1/480.webp 480w", Width: 800, Height: 600}, true
		case "申请表.docx":
			return markdown.Resource{URL: "/media/k2/申请表.docx", Note: "DOCX，23 KB"}, true
		}
		return markdown.Resource{}, false
	}}
	doc := render(t, cfg, "![流程](<图 1.png>) ![](b.png) [申请表](申请表.docx) [同篇](#x) [站内](/guides/a) [站外](https://a.cn/) [站外](https://a.cn/) [电话](tel:12348)\n\n<img src=\"图%201.png\">")
	for _, part := range []string{
		`<img alt="流程" decoding="async" height="600" loading="lazy" sizes="(min-width: 45em) 41rem, 100vw" src="/media/k1/tu.webp" srcset="/media/k1/480.webp 480w" width="800">`,
		`<img alt="" decoding="async" loading="lazy" src="b.png">`,
		`<a href="/media/k2/申请表.docx">申请表</a><span class="small muted">（DOCX，23 KB）</span>`,
		`<img alt="" decoding="async" height="600"`,
	} {
		if !strings.Contains(doc.HTML, part) {
			t.Errorf("no %s in %s", part, doc.HTML)
		}
	}
	if want := []string{"图 1.png", "b.png", "申请表.docx", "图 1.png"}; !reflect.DeepEqual(asked, want) {
		t.Errorf("asked for %q", asked)
	}
	if want := []markdown.Image{{"图 1.png", "流程"}, {"b.png", ""}, {"图 1.png", ""}}; !reflect.DeepEqual(doc.Images, want) {
		t.Errorf("Images = %+v", doc.Images)
	}
	if want := []string{"申请表.docx", "/guides/a", "https://a.cn/", "tel:12348"}; !reflect.DeepEqual(doc.Links, want) {
		t.Errorf("Links = %q", doc.Links)
	}
}

func TestLimits(t *testing.T) {
	r := markdown.New(markdown.Config{})
	if _, err := r.Render(make([]byte, 10<<20)); errs.KindOf(err) != errs.TooLarge {
		t.Errorf("10 MB: %v", err)
	}
	_, err := r.Render([]byte(strings.Repeat(">", 10000) + " 甲"))
	var e *errs.Error
	if !errors.As(err, &e) || e.Kind != errs.Invalid || e.Field != "body" || e.Message == "" {
		t.Errorf("nesting: %#v", err)
	}
	doc, err := r.Render([]byte(strings.Repeat("- ", 200) + "\n\n" + strings.Repeat("> ", 20) + "甲"))
	if err != nil || !strings.Contains(doc.HTML, "甲") {
		t.Errorf("a rule of dashes and 20 quotes are no crime: %v", err)
	}
}

func TestWithChangesOnlyTheHooks(t *testing.T) {
	base := markdown.New(markdown.Config{})
	other := base.With(markdown.Config{Media: func(string) (markdown.Resource, bool) { return markdown.Resource{URL: "/m"}, true }})
	a, _ := base.Render([]byte("[甲](a.pdf)"))
	b, _ := other.Render([]byte("[甲](a.pdf)"))
	if !strings.Contains(a.HTML, `href="a.pdf"`) || !strings.Contains(b.HTML, `href="/m"`) {
		t.Errorf("base %s other %s", a.HTML, b.HTML)
	}
}

func TestConcurrentUse(t *testing.T) {
	r := markdown.New(markdown.Config{Cite: cite})
	want := render(t, markdown.Config{Cite: cite}, guide)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			if doc, err := r.Render([]byte(guide)); err != nil || !reflect.DeepEqual(doc, want) {
				t.Errorf("differs, %v", err)
			}
		})
	}
	wg.Wait()
}
