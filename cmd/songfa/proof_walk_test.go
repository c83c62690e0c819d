package main

import (
	"fmt"
	"testing"

	"github.com/chromedp/chromedp"
)

// TestBrowserProof: an editor sees what the checks found, mends it with one tap,
// is stopped by what must be dealt with, and a word added to the lists is found in
// what is out. On a phone without JavaScript.
func TestBrowserProof(t *testing.T) {
	b := startBrowser(t)
	site := startLive(t, "/sfj/pufa", false)
	if err := site.words.Seed(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, width := range widths {
		t.Run(fmt.Sprint(width), func(t *testing.T) {
			v := b.view(t, width)
			if width < 600 {
				v.withoutScript()
			}
			v.open(site.url + "/admin/")
			v.fill("#f-name", "admin")
			v.fill("#f-password", testPassword)
			v.click("main form .btn")
			v.open(site.url + "/admin/documents/new?kind=notice")
			v.fill("#f-title", fmt.Sprintf("讲座通知（%d）", width))
			v.fill("#f-slug", fmt.Sprintf("jiangzuo-%d", width))
			v.fill("#f-body", "工地按装好了,12月4日（周三）讲劳动仲载。\n\n证件号 370400199001011239。")
			v.click(`#f-proof button[value="proof"]`)
			v.sees("必须处理 2 处", "3704××××××××××××39", "2026年12月4日是周五")
			v.audit()
			v.shot("admin-proof")
			if width >= 600 {
				v.run(chromedp.Click(`#f-proof .spot[data-field="body"] button`),
					chromedp.Poll[chromedp.Void](`(() => { const f = document.activeElement; return f.selectionEnd > f.selectionStart })()`))
				if got := ask(v, chromedp.Evaluate[string](`(() => { const f = document.activeElement; return f.value.slice(f.selectionStart, f.selectionEnd) })()`)); got != "劳动仲载" {
					t.Errorf("the place of the first finding marks %q", got)
				}
			}
			v.click(`button[value="fixsafe"]`)
			v.sees("已改 1 处")
			v.click(`button[value="publish"]`)
			v.sees("应写作“劳动仲裁”", "像是身份证号")
			v.audit()
			v.click(`#f-proof button[value^="fix:"]`)
			v.sees("已改 1 处", "讲劳动仲裁")
			v.click(`#f-proof button[value^="fix:"]`)
			v.click(`button[value="publish"]`)
			v.sees("已发布")

			for _, path := range []string{"/admin/proof/", "/admin/proof/?list=institution&q=工商", "/admin/proof/new", "/admin/help/proof"} {
				v.open(site.url + path)
				v.audit()
			}
			v.shot("admin-proof-row")
			v.open(site.url + "/admin/proof/runs/")
			v.click("main form .btn")
			if err := site.content.RunSweep(t.Context()); err != nil {
				t.Fatal(err)
			}
			v.open(site.url + "/admin/proof/runs/")
			v.sees("完成", fmt.Sprintf("讲座通知（%d）", width))
			v.audit()
			v.shot("admin-proof-runs")
		})
	}
}
