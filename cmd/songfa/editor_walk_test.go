package main

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// types lets an input method commit words, as Chinese is typed.
func (v *view) types(words string) {
	v.t.Helper()
	for i := range 3 { // the candidates, while the person types pinyin
		if _, err := chromedp.Call(v.ctx, input.ImeSetComposition, input.ImeSetCompositionParams{Text: "gong"[:i+2], SelectionStart: int64(i + 2), SelectionEnd: int64(i + 2)}); err != nil {
			v.t.Fatal(err)
		}
	}
	if _, err := chromedp.Call(v.ctx, input.InsertText, input.InsertTextParams{Text: words}); err != nil {
		v.t.Fatal(err)
	}
}

// enterKey presses Enter as a keyboard does: a page that takes the key gets no
// character after it, as it would from chromedp.KeyEvent.
func (v *view) enterKey() {
	v.t.Helper()
	p := input.DispatchKeyEventParams{Type: "keyDown", Key: "Enter", Code: "Enter", Text: "\r", WindowsVirtualKeyCode: 13}
	if _, err := chromedp.Call(v.ctx, input.DispatchKeyEvent, p); err != nil {
		v.t.Fatal(err)
	}
	p.Type, p.Text = "keyUp", ""
	if _, err := chromedp.Call(v.ctx, input.DispatchKeyEvent, p); err != nil {
		v.t.Fatal(err)
	}
}

func (v *view) key(key string, modifiers ...chromedp.Modifier) {
	v.t.Helper()
	v.run(chromedp.KeyEvent(key, chromedp.KeyModifiers(modifiers...)))
}

// markdown is what the form would send.
func (v *view) markdown() string {
	v.t.Helper()
	return ask(v, chromedp.Evaluate[string](`document.getElementById("f-body").value`))
}

// startVisual begins a guide with a title in the visual editor.
func (v *view) startVisual(site *live, slug string) {
	v.t.Helper()
	v.signIn(site)
	v.open(site.url + "/admin/documents/new?kind=guide")
	v.run(chromedp.WaitVisible("#visual-body"))
	v.fill("#f-title", "停工的工资"+slug)
	v.fill("#f-slug", slug)
	v.run(chromedp.Focus("#visual-body"))
}

// stored is the text of the edition whose page is open.
func (v *view) stored(site *live) string {
	v.t.Helper()
	_, id, ok := strings.Cut(v.location(), "/admin/editions/")
	if !ok {
		v.t.Fatalf("%s is no edition's page", v.location())
	}
	id, _, _ = strings.Cut(id, "?")
	e, err := site.content.Edition(v.t.Context(), id)
	if err != nil {
		v.t.Fatal(err)
	}
	return e.Text.Body
}

// TestBrowserVisualEditor writes a guide as in Word: with an input method, by
// the buttons and by the signs of Markdown, switches to Markdown and back, and
// finds in the store what was written.
func TestBrowserVisualEditor(t *testing.T) {
	need(t, "SONGFA_TEST_NODE") // without it there is no bundle
	b := startBrowser(t)
	site := startLive(t, "/sfj/pufa", false)
	for _, width := range widths {
		t.Run(fmt.Sprint(width), func(t *testing.T) {
			slug := fmt.Sprintf("visual-%d", width)
			v := b.view(t, width)
			v.startVisual(site, slug)
			v.types("工资要按月给，见《劳动合同法》第三十条。")
			v.enterKey()
			v.key("## ")
			v.types("先留证据")
			v.enterKey()
			v.key("b", chromedp.ModifierCtrl)
			v.types("《劳动合同法》")
			v.key("b", chromedp.ModifierCtrl)
			v.types("第三十八条也要看。")
			v.enterKey()
			v.press(`.tools > .menu > summary`)
			v.press(`[data-do="block"][data-value="期限"]`)
			v.types("离职之日起一年内。")
			v.key(kb.Enter, chromedp.ModifierCtrl)
			v.press(`[data-do="table"]`)
			v.key(kb.Tab)
			v.key(kb.Tab)
			v.types("在职")
			v.key(kb.Tab)
			v.types("随时|可以")
			v.key(kb.Enter, chromedp.ModifierCtrl)
			v.types("打 {{hotline}} 问。")
			v.audit()
			v.shot("admin-editor")
			want := "工资要按月给，见《劳动合同法》第三十条。\n\n## 先留证据\n\n**《劳动合同法》**第三十八条也要看。\n\n" +
				":::期限\n离职之日起一年内。\n:::\n\n| 情况 | 怎么办 |\n| --- | --- |\n| 在职 | 随时\\|可以 |\n|  |  |\n\n打 {{hotline}} 问。\n"
			v.press(`.modes [value="markdown"]`)
			if got := v.markdown(); got != want {
				t.Errorf("Markdown\n got %q\nwant %q", got, want)
			}
			v.audit()
			v.press(`.modes [value="visual"]`)
			v.until(`document.querySelectorAll("#visual-body td").length === 4`)
			v.key("z", chromedp.ModifierCtrl) // nothing to undo: a fresh document
			v.click(`.dock [value="save"]`)
			v.sees("已新建草稿")
			if got := v.stored(site); got != strings.TrimSpace(want) {
				t.Errorf("stored\n got %q\nwant %q", got, want)
			}
			checkHTML(t, map[string]string{"edit": v.markup()})
		})
	}
}

// TestBrowserVisualKeyboard does the same without a pointer: the bar is reached
// with Alt+F10 and walked with arrows, Tab indents in lists and leaves after
// Escape, and what was undone can be done again.
func TestBrowserVisualKeyboard(t *testing.T) {
	need(t, "SONGFA_TEST_NODE")
	b := startBrowser(t)
	site := startLive(t, "", false)
	v := b.view(t, 1280)
	v.startVisual(site, "keys")
	v.types("要带：")
	v.enterKey()
	v.key(kb.F10, chromedp.ModifierAlt)
	v.key(kb.ArrowRight)
	v.key(kb.ArrowRight) // 列表
	v.enterKey()
	v.types("身份证")
	v.enterKey()
	v.key(kb.Tab)
	v.types("复印件")
	v.enterKey()
	v.key(kb.Tab, chromedp.ModifierShift)
	v.types("工资条")
	v.key("b", chromedp.ModifierCtrl)
	v.key("z", chromedp.ModifierCtrl) // takes the words back, for they came at once
	v.key("y", chromedp.ModifierCtrl) // and brings them again
	v.enterKey()
	v.enterKey() // out of the list
	v.key(kb.F10, chromedp.ModifierAlt)
	for range 7 {
		v.key(kb.ArrowRight) // 插入块
	}
	v.enterKey()
	v.key(kb.ArrowDown)
	v.key(kb.ArrowDown) // 证据
	v.enterKey()
	v.types("工资条")
	v.key(kb.Enter, chromedp.ModifierCtrl)
	v.key(kb.Escape)
	v.key(kb.Tab)
	if inside := ask(v, chromedp.Evaluate[bool](`document.getElementById("visual-body").contains(document.activeElement)`)); inside {
		t.Error("the keyboard cannot leave the editor")
	}
	if _, err := chromedp.RunResponse(v.ctx, chromedp.KeyEvent("s", chromedp.KeyModifiers(chromedp.ModifierCtrl))); err != nil {
		t.Fatal(err)
	}
	v.sees("已新建草稿")
	want := "要带：\n\n- 身份证\n  - 复印件\n- 工资条\n\n:::证据\n- 工资条\n- 考勤记录\n:::"
	if got := v.stored(site); got != want {
		t.Errorf("stored\n got %q\nwant %q", got, want)
	}
}

// TestBrowserVisualPaste pastes from Word, drops a picture in, and lets HTML that
// the editor has no node for come through a round of modes unharmed.
func TestBrowserVisualPaste(t *testing.T) {
	need(t, "SONGFA_TEST_NODE")
	b := startBrowser(t)
	site := startLive(t, "/sfj/pufa", false)
	v := b.view(t, 1280)
	v.startVisual(site, "paste")
	v.run(chromedp.Evaluate[chromedp.Void](`void (() => {
		const data = new DataTransfer()
		data.setData("text/html", '<p class="MsoNormal"><b style="color:red">一、怎么办</b></p><table><tr><td>办法</td><td>期限</td></tr><tr><td>投诉</td><td>两年</td></tr></table>')
		document.getElementById("visual-body").dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true}))
	})()`))
	v.until(`document.getElementById("editor-say").textContent.startsWith("已粘贴") && document.querySelector("#visual-body td")?.textContent === "投诉"`)
	v.until(`document.getElementById("f-body").value.includes("| 投诉 | 两年 |")`)
	if got := v.markdown(); strings.Contains(got, "Mso") || strings.Contains(got, "color") || !strings.Contains(got, "怎么办") {
		t.Errorf("pasted %q", got)
	}
	v.run(chromedp.Evaluate[chromedp.Void](`void new Promise((done) => {
		const canvas = document.createElement("canvas")
		canvas.width = canvas.height = 40
		canvas.toBlob((blob) => {
			const data = new DataTransfer(), box = document.getElementById("visual-body").getBoundingClientRect()
			data.items.add(new File([blob], "chuangkou.png", {type: "image/png"}))
			document.getElementById("visual-body").dispatchEvent(new DragEvent("drop", {dataTransfer: data, bubbles: true, cancelable: true, clientX: box.left + 40, clientY: box.bottom - 40}))
			done()
		})
	})`))
	v.run(chromedp.WaitVisible("#ask-picture"))
	v.fill("#ask-alt", "援助窗口")
	v.press(`#ask-picture [value="ok"]`)
	v.until(`/!\[援助窗口\]\(\/media\//.test(document.getElementById("f-body").value)`)
	v.audit()
	const raw = "<table><tr><td colspan=\"2\">合并</td></tr></table>\n\n时效\n: 一年\n"
	v.press(`.modes [value="markdown"]`)
	v.run(chromedp.SetValue("#f-body", raw))
	v.press(`.modes [value="visual"]`)
	v.until(`document.querySelectorAll("#visual-body .ed-raw").length === 2`)
	v.press(`.modes [value="markdown"]`)
	if got := v.markdown(); got != raw {
		t.Errorf("after a round of modes %q", got)
	}
}

// TestBrowserPreviews looks at a text that is not saved in every dress the site
// has, as readers would get it.
func TestBrowserPreviews(t *testing.T) {
	b := startBrowser(t)
	site := startLive(t, "/sfj/pufa", false)
	for _, width := range widths {
		v := b.view(t, width)
		v.signIn(site)
		v.open(site.url + "/admin/documents/new?kind=guide")
		v.fill("#f-title", "没有保存的题目")
		v.fill("#f-body", "## 小题\n\n:::期限\n一年内。\n:::\n")
		v.run(chromedp.Evaluate[chromedp.Void](`void document.getElementById("f-body").dispatchEvent(new Event("input", {bubbles: true}))`))
		for view, check := range map[string]string{
			"phone": `!d.documentElement.classList.contains("elder")`, "desktop": `d.querySelector("link[rel=stylesheet]").href.includes("/site.")`,
			"elder": `d.documentElement.classList.contains("elder")`, "print": `getComputedStyle(d.querySelector(".no-print, .line, .skip")).display === "none"`,
			"wechat": `d.querySelector("section.w-body [class^=w-]")`,
		} {
			v.press(`[data-view="` + view + `"]`)
			v.until(`(() => { const d = document.querySelector("#frame-box iframe")?.contentDocument
				return d?.querySelector("h1")?.textContent === "没有保存的题目" && d.body.textContent.includes("一年内。") && d.styleSheets.length > 0 && ` + check + ` })()`)
		}
		v.press(`button[data-view="elder"]`)
		v.audit()
		v.shot("admin-preview")
		v.press(`button[data-view=""]`)
		v.until(`!document.getElementById("preview").hidden`)
		checkHTML(t, map[string]string{"edit": v.markup()})
	}
}

// TestBrowserWithoutScript: the textarea does everything, byte for byte.
func TestBrowserWithoutScript(t *testing.T) {
	b := startBrowser(t)
	site := startLive(t, "", false)
	v := b.view(t, 360).withoutScript()
	v.signIn(site)
	v.open(site.url + "/admin/documents/new?kind=guide")
	const text = "* 甲\n+ 乙\n\n:::联系 监察大队\n- 电话：12333\n:::\n\n时效\n: 一年"
	v.fill("#f-title", "不用脚本")
	v.fill("#f-slug", "plain")
	v.fill("#f-body", text)
	v.click(`button[value="preview"]`)
	v.sees("监察大队", "12333")
	v.click(`.dock [value="save"]`)
	v.sees("已新建草稿")
	if got := v.stored(site); got != text {
		t.Errorf("stored %q", got)
	}
}
