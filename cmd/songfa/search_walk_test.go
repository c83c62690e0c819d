package main

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/search"
)

// TestBrowserSearch looks at each state of the result page, without JavaScript.
func TestBrowserSearch(t *testing.T) {
	b := startBrowser(t)
	site := startLive(t, "/sfj/pufa", true)
	_, err := site.desk.SavePromoted(t.Context(), auth.System(), search.Promoted{Queries: []string{"讨薪"}},
		[]string{site.url + "/guides/qianxin", "/organize/"})
	if err != nil {
		t.Fatal(err)
	}
	for _, width := range widths {
		t.Run(fmt.Sprint(width), func(t *testing.T) {
			v := b.view(t, width).withoutScript()
			for _, page := range []struct {
				name, path string
				sees       []string
			}{
				{"search-promoted", "/search?q=讨薪", []string{"推荐", "请律师来讲", "其他结果"}},
				{"search-law", "/search?q=劳动合同法38条 用人单位", []string{"第三十八条", "现行有效", "看全文"}},
				{"search-kind", "/search?q=工资&kind=law", []string{"现行有效"}},
				{"search-pinyin", "/search?q=laodonghetong", []string{"只找原话", "劳动合同"}},
				{"search-zero", "/search?q=囧囧囧", []string{"没有找到", "打电话 12348", "公共法律服务中心", "看得最多的指南"}},
				{"search-zero-town", "/search?q=东湖囧囧囧&kind=page", []string{"没有找到", "东湖镇"}},
				{"search-bad", "/search?q=工资&page=-1", []string{"页码不对", "重新找这句话"}},
				{"search-long", "/search?q=" + strings.Repeat("薪", 300), []string{"太长"}},
				{"search-word", "/search?q=" + strings.Repeat("a", 200), []string{"没有找到"}},
				{"search-sessions", "/search?q=招聘会普法", []string{"招聘会"}},
				{"search-empty", "/search", []string{"像平常说话一样"}},
			} {
				v.open(site.url + page.path)
				v.sees(page.sees...)
				v.audit()
				v.shot(page.name)
			}
		})
	}
}

// TestBrowserSuggest types into the search box, with JavaScript: the keyboard
// alone is enough, and an input method is not disturbed.
func TestBrowserSuggest(t *testing.T) {
	b := startBrowser(t)
	site := startLive(t, "/sfj/pufa", false)
	const (
		options = `document.querySelectorAll('.hints:not([hidden]) [role=option]').length`
		chosen  = `(document.getElementById(document.querySelector('#q').getAttribute('aria-activedescendant')) || {textContent: ''}).textContent`
		closed  = `document.querySelector('#q').getAttribute('aria-expanded') === 'false'`
	)
	for _, width := range widths {
		t.Run(fmt.Sprint(width), func(t *testing.T) {
			v := b.view(t, width)
			v.open(site.url + "/")
			v.run(chromedp.SendKeys("#q", "拖欠"), chromedp.Poll[chromedp.Void](options+` > 1`))
			v.audit() // with the list open
			v.shot("suggest")
			if got := ask(v, chromedp.Evaluate[string](chosen)); got != "" {
				t.Errorf("%q is chosen before a key was pressed", got)
			}
			v.run(chromedp.KeyEvent(kb.ArrowDown), chromedp.KeyEvent(kb.ArrowDown))
			second := ask(v, chromedp.Evaluate[string](chosen))
			v.run(chromedp.KeyEvent(kb.ArrowUp))
			first := ask(v, chromedp.Evaluate[string](chosen))
			if first == "" || second == "" || first == second {
				t.Errorf("arrows choose %q and %q", first, second)
			}
			v.run(chromedp.KeyEvent(kb.ArrowUp)) // back in the box
			if got := ask(v, chromedp.Evaluate[string](chosen)); got != "" {
				t.Errorf("above the first one: %q", got)
			}
			v.run(chromedp.KeyEvent(kb.Escape), chromedp.Poll[chromedp.Void](closed))
			if got := ask(v, chromedp.Value("#q")); got != "拖欠" {
				t.Errorf("after Escape the box has %q", got)
			}

			// An input method: nothing is asked or chosen while it composes.
			v.compose("gongzi")
			v.run(chromedp.KeyEvent(kb.ArrowDown))
			if got := ask(v, chromedp.Evaluate[bool](closed)); !got {
				t.Error("the list opens while a word is being composed")
			}

			v.open(site.url + "/")
			v.run(chromedp.SendKeys("#q", "拖欠"), chromedp.Poll[chromedp.Void](options+` > 0`), chromedp.KeyEvent(kb.ArrowDown))
			if _, err := chromedp.RunResponse(v.ctx, chromedp.KeyEvent(kb.Enter)); err != nil {
				t.Fatalf("Enter: %v", err)
			}
			v.run(chromedp.WaitReady("main"))
			if got := v.location(); !strings.HasPrefix(got, site.url+"/") || got == site.url+"/" {
				t.Errorf("Enter leads to %s", got)
			}
			v.open(site.url + "/")
			v.run(chromedp.SendKeys("#q", "拖欠工资"))
			if _, err := chromedp.RunResponse(v.ctx, chromedp.KeyEvent(kb.Enter)); err != nil {
				t.Fatalf("Enter in the box: %v", err)
			}
			v.run(chromedp.WaitReady("main"))
			v.sees("的搜索结果")
		})
	}
}

// compose leaves the box in the middle of what an input method writes.
func (v *view) compose(text string) {
	v.t.Helper()
	_, err := chromedp.Call(v.ctx, input.ImeSetComposition, input.ImeSetCompositionParams{Text: text, SelectionStart: int64(len(text)), SelectionEnd: int64(len(text))})
	if err != nil {
		v.t.Fatal(err)
	}
}

// TestValidSearchHTML runs the validator over the states of the result page and
// over what editors see of search.
func TestValidSearchHTML(t *testing.T) {
	need(t, "SONGFA_TEST_VNU")
	b := startBrowser(t)
	site := startLive(t, "/sfj/pufa", true)
	p, err := site.desk.SavePromoted(t.Context(), auth.System(), search.Promoted{Queries: []string{"讨薪"}}, []string{"/guides/qianxin", "/organize/"})
	if err != nil {
		t.Fatal(err)
	}
	site.desk.FoundNothing("押金条囧")
	if err := site.desk.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	v := b.view(t, 1280)
	v.open(site.url + "/admin/")
	v.fill("#f-name", "admin")
	v.fill("#f-password", testPassword)
	v.click("main form .btn")
	pages := map[string]string{}
	for _, path := range []string{"/search", "/search?q=讨薪", "/search?q=laodonghetong", "/search?q=公伤认定", "/search?q=劳动合同法38条 工资", "/search?q=招聘会普法",
		"/search?q=囧囧囧", "/search?q=？？", "/search?q=<b>\"工资'", "/search?q=工资&page=-1", "/search?q=工资&kind=law&page=2",
		"/admin/search/", "/admin/search/?closed=1", "/admin/search/promoted/", "/admin/search/promoted/new?q=x", "/admin/search/promoted/" + p.ID,
		"/admin/search/synonyms?add=囧囧", "/admin/help/search"} {
		pages[path] = v.source(site.url + path)
	}
	checkHTML(t, pages)
}

// source is the page as the server sends it to who is signed in.
func (v *view) source(url string) string {
	v.t.Helper()
	return ask(v, chromedp.Evaluate[string]("fetch("+strconv.Quote(url)+").then(r => r.text())", chromedp.EvalAwaitPromise))
}

// TestBrowserSearchDesk works off a search that found nothing, without
// JavaScript.
func TestBrowserSearchDesk(t *testing.T) {
	b := startBrowser(t)
	site := startLive(t, "", false)
	for _, width := range widths {
		t.Run(fmt.Sprint(width), func(t *testing.T) {
			text := "押金条囧" + strings.Repeat("囧", width/400)
			site.desk.FoundNothing(text)
			if err := site.desk.Flush(t.Context()); err != nil {
				t.Fatal(err)
			}
			v := b.view(t, width).withoutScript()
			v.open(site.url + "/admin/")
			v.fill("#f-name", "admin")
			v.fill("#f-password", testPassword)
			v.click("main form .btn")
			v.open(site.url + "/admin/search/")
			v.sees(text)
			v.audit()
			v.shot("admin-search")
			v.click(`a[href*="/admin/search/promoted/new?q="]`)
			v.audit()
			v.fill("#f-queries", text)
			v.fill("#f-targets", "/meiyou")
			v.click(".dock .btn")
			v.sees("本站没有")
			v.audit()
			v.shot("admin-search-problem")
			v.fill("#f-targets", "/guides/qianxin\n/organize/")
			v.click(".dock .btn")
			v.sees("推荐答案已保存")
			v.audit()
			v.shot("admin-search-promoted")
			v.open(site.url + "/search?q=" + text)
			v.sees("推荐", "请律师来讲")
			v.open(site.url + "/admin/search/synonyms")
			v.audit()
			v.fill("#f-text", "押金条囧 > 押金\n薪 工资")
			v.click(".dock .btn")
			v.sees("第 2 行", "只有一个字")
			v.audit()
			v.shot("admin-search-synonyms")
			v.open(site.url + "/admin/help/search")
			v.audit()
		})
	}
}
