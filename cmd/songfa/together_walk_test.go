package main

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/songfa/songfa/content"
	"github.com/songfa/songfa/internal/auth"
)

// writer is one person at a browser behind a wire of their own.
type writer struct {
	*view
	wire    *wire
	mark    string // begins each of their sentences
	account auth.Account
	edition string
	written []string // sentences, each of which must be in the end
	down    bool
}

// sits signs somebody new in and opens the edition.
func sits(t *testing.T, b *browser, site *live, base, name, mark, edition string) *writer {
	t.Helper()
	account, err := site.staff.Add(t.Context(), auth.System(), auth.NewAccount{Name: name, Display: "王" + mark, Password: testPassword, Rights: auth.Rights{Roles: []auth.Role{auth.Editor}}})
	if err != nil {
		t.Fatal(err)
	}
	w := &writer{view: b.view(t, 1280), wire: site.stretch(t, base), mark: mark, account: account, edition: edition}
	w.open(w.wire.url + "/admin/")
	w.fill("#f-name", name)
	w.fill("#f-password", testPassword)
	w.click("main form .btn")
	w.comes("")
	return w
}

// comes opens the editor and waits until its script has brought to the server
// what was left on this computer.
func (w *writer) comes(query string) {
	w.t.Helper()
	w.insists(w.wire.url + "/admin/editions/" + w.edition + query)
	w.until(`document.body.dataset.delivered === "1"`)
}

// insists opens a page, also when another was on its way. As with a browser that
// died, nothing asks before a text is left that is not saved.
func (w *writer) insists(url string) {
	w.t.Helper()
	for range 5 {
		w.js(`document.getElementById("edit")?.dispatchEvent(new Event("submit"))`) // then nothing asks
		err := chromedp.Do(w.ctx, chromedp.Navigate(url), chromedp.WaitReady("main"))
		if err == nil {
			return
		}
		if !strings.Contains(err.Error(), "ERR_ABORTED") {
			w.t.Fatalf("open %s: %v", url, err)
		}
	}
	w.t.Fatalf("%s does not open", url)
}

// until waits for an expression to be true, and says how things stand when it
// never is.
func (w *writer) until(expression string) {
	w.t.Helper()
	if err := chromedp.Do(w.ctx, chromedp.Poll[chromedp.Void](expression)); err != nil {
		w.t.Fatalf("%s at %s waits in vain for %s (%v); it says %q, holds %s", w.mark, w.location(), expression, err,
			ask(w.view, chromedp.Evaluate[string](`["unsaved", "kept", "newer"].map(i => document.getElementById(i)?.textContent).join(" ")`)), w.holds())
	}
}

// js runs statements in the page.
func (w *writer) js(statements string) {
	w.t.Helper()
	w.run(chromedp.Evaluate[chromedp.Void](`void (() => {` + statements + `})()`))
}

// types puts a sentence after some sentence of the text.
func (w *writer) types(random *rand.Rand) {
	w.t.Helper()
	sentence := fmt.Sprintf("%s%d号句。", w.mark, len(w.written)+1)
	w.written = append(w.written, sentence)
	w.js(fmt.Sprintf(`const b = document.getElementById("f-body");
		const spots = [...b.value.matchAll(/。|^/g)].map(m => m.index + m[0].length);
		const at = spots[%d %% spots.length];
		b.setRangeText(%q, at, at, "end");
		b.dispatchEvent(new Event("input", {bubbles: true}));`, random.IntN(1_000_000), sentence))
}

// keeps makes the script keep now, and waits until it says where.
func (w *writer) keeps() {
	w.t.Helper()
	w.js(`dispatchEvent(new Event("online"))`)
	if w.down {
		w.until(`document.getElementById("kept").dataset.state === "down"`)
		w.until(`Object.keys(localStorage).length > 0`)
		return
	}
	w.until(`document.getElementById("kept").dataset.state === "kept" && Object.keys(localStorage).length === 0`)
}

// unsaved reports whether something was typed in this form.
func (w *writer) unsaved() bool {
	return ask(w.view, chromedp.Evaluate[bool](`document.getElementById("unsaved").textContent !== "" || document.getElementById("kept").textContent !== ""`))
}

// cut cuts the person's wire, or mends it.
func (w *writer) cut(down bool) {
	w.wire.set(down)
	w.down = down
}

// saves presses the button; where both changed one place, both texts are taken.
func (w *writer) saves() {
	w.t.Helper()
	w.click(`.dock [value="save"]`)
	w.joins()
	w.until(`document.body.dataset.delivered === "1"`)
}

// joins goes through merges until one is saved.
func (w *writer) joins() {
	w.t.Helper()
	for range 5 {
		if !ask(w.view, chromedp.Evaluate[bool](`document.querySelector('[value="merge"]') !== null`)) {
			return
		}
		w.js(`document.querySelectorAll(".choose").forEach((f, i) => {
			const r = [...f.querySelectorAll("input")];
			(r.find(o => o.value === (i % 2 ? "both" : "both2")) ?? r.find(o => o.parentElement.nextElementSibling && !o.parentElement.nextElementSibling.textContent.includes("（没有这些字）"))).checked = true;
		})`)
		w.click(`[value="merge"]`)
	}
	w.t.Fatalf("no end of merges at %s", w.location())
}

// returns comes back after a crash or a cut and goes on with what was not saved.
func (w *writer) returns() bool {
	w.t.Helper()
	w.comes("")
	w.comes("") // now the server offers what this computer has delivered
	link := ask(w.view, chromedp.Evaluate[string](`document.querySelector("#desk .copy a.btn")?.getAttribute("href") ?? ""`))
	if link == "" {
		return false
	}
	_, query, _ := strings.Cut(link, "?")
	w.comes("?" + query)
	return true
}

// round is one thing a person does.
func (w *writer) round(random *rand.Rand) string {
	w.t.Helper()
	switch n := random.IntN(100); {
	case n < 45:
		w.types(random)
		return "types"
	case n < 60:
		if w.down || !w.unsaved() { // there must be something that the server has not
			w.types(random)
		}
		w.keeps()
		return "keeps"
	case n < 72:
		w.cut(!w.down)
		return map[bool]string{true: "cuts", false: "mends"}[w.down]
	case n < 80: // the browser dies, and the line is there again
		w.types(random)
		w.until(`Object.keys(localStorage).length > 0`)
		w.cut(false)
		w.returns()
		return "returns"
	case n < 86: // the line breaks while the form is on its way
		w.types(random)
		w.until(`Object.keys(localStorage).length > 0`)
		w.js(`document.getElementById("edit").requestSubmit(document.querySelector('.dock [value="save"]'))`)
		w.cut(true)
		w.cut(false)
		w.returns()
		return "breaks off"
	}
	w.cut(false)
	w.saves()
	return "saves"
}

// sentences are those of both people.
var sentences = regexp.MustCompile(`[甲乙]\d+号句。`)

// TestBrowserTogether lets two people write one text for 100 rounds while their
// lines are cut at random. In the end every sentence is in the text, and no
// save ever took away what another had saved.
func TestBrowserTogether(t *testing.T) {
	seed := uint64(20261124)
	if s := os.Getenv("SONGFA_TEST_SEED"); s != "" {
		seed, _ = strconv.ParseUint(s, 10, 64)
	}
	t.Logf("SONGFA_TEST_SEED=%d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	b := startBrowser(t)
	const base = "/sfj/pufa"
	site := startLive(t, base, false)
	e, err := site.content.Create(t.Context(), auth.System(), content.Guide, "liangren-tongxie",
		content.Text{Title: "两个人写的指南", Body: "开头一段。\n\n中间一段，有两句。这是第二句。\n\n末尾一段。", Origin: "示例区司法局"})
	if err != nil {
		t.Fatal(err)
	}
	two := []*writer{sits(t, b, site, base, "jia", "甲", e.ID), sits(t, b, site, base, "yi", "乙", e.ID)}
	did := map[string]int{}
	for n := range 100 {
		w := two[random.IntN(2)]
		what := w.round(random)
		did[what]++
		if t.Failed() {
			t.Fatalf("round %d: %s %s", n, w.mark, what)
		}
	}
	t.Logf("rounds: %v", did)
	for _, w := range two {
		w.cut(false)
		if w.unsaved() {
			w.saves()
		}
		for n := 0; w.returns(); n++ {
			if n == 20 {
				t.Fatalf("%s has no end of texts that were not saved", w.mark)
			}
			w.saves()
		}
		if left := w.holds(); left != "{}" {
			t.Errorf("%s: this computer still holds %s", w.mark, left)
		}
	}
	saved, err := site.content.Edition(t.Context(), e.ID)
	if err != nil {
		t.Fatal(err)
	}
	if len(two[0].written)+len(two[1].written) < 40 {
		t.Errorf("only %d and %d sentences were typed", len(two[0].written), len(two[1].written))
	}
	for _, sentence := range slices.Concat(two[0].written, two[1].written) {
		if !strings.Contains(saved.Body, sentence) {
			t.Errorf("%s is lost", sentence)
		}
	}
	nothingOverwritten(t, site, e.ID)
	if t.Failed() {
		t.Logf("the text:\n%s", saved.Body)
	}
}

// nothingOverwritten says that each revision has every sentence of the one before.
func nothingOverwritten(t *testing.T, site *live, edition string) {
	t.Helper()
	list, err := site.content.Revisions(t.Context(), edition)
	if err != nil || len(list) < 5 {
		t.Fatalf("%d revisions, %v", len(list), err)
	}
	merged := 0
	var before []string
	for _, r := range slices.Backward(list) {
		if r.How == content.HowMerge {
			merged++
		}
		full, err := site.content.Revision(t.Context(), edition, r.Version)
		if err != nil {
			t.Fatal(err)
		}
		now := sentences.FindAllString(full.Text.Body, -1)
		for _, sentence := range before {
			if !slices.Contains(now, sentence) {
				t.Errorf("%s was taken away by %s in version %d (%s)", sentence, r.ActorName, r.Version, r.How)
			}
		}
		before = now
	}
	if merged == 0 {
		t.Error("the two never met")
	}
}

// TestBrowserUnsaved is what one person sees of it, at a phone and at a desk.
func TestBrowserUnsaved(t *testing.T) {
	b := startBrowser(t)
	const base = "/sfj/pufa"
	site := startLive(t, base, false)
	for i, width := range widths {
		t.Run(fmt.Sprint(width), func(t *testing.T) {
			e, err := site.content.Create(t.Context(), auth.System(), content.Guide, "", content.Text{Title: "在写的指南" + strconv.Itoa(width),
				Body: strings.Repeat("前面没有改动的一段话，先放着。\n\n", 8) + "十五日内办结。\n\n末尾一段。", Origin: "示例区司法局"})
			if err != nil {
				t.Fatal(err)
			}
			one := sits(t, b, site, base, "ren"+strconv.Itoa(i), "甲", e.ID)
			one.run(chromedp.EmulateViewport(int64(width), 800))
			one.width = width
			two := sits(t, b, site, base, "tong"+strconv.Itoa(i), "乙", e.ID)
			two.sees("王甲 正在编辑这一版")
			two.audit()

			change := func(w *writer, from, to string) {
				old, _ := json.Marshal(from)
				now, _ := json.Marshal(to)
				w.js(`const b = document.getElementById("f-body"); b.value = b.value.replace(` + string(old) + `, ` + string(now) + `); b.dispatchEvent(new Event("input", {bubbles: true}));`)
			}
			change(one, "十五日内", "十日内")
			change(one, "末尾一段。", "末尾一段，我加的。")
			one.keeps()
			one.sees("已自动保存")
			one.cut(true)
			change(one, "十日内", "十个工作日内")
			one.keeps()
			one.sees("断网，先存在这台电脑上")
			one.audit()
			one.shot("autosave-offline")
			one.cut(false)
			one.keeps()
			one.sees("已自动保存")

			one.comes("")
			one.sees("没保存完的稿子", "接着写", "不要了")
			one.audit()
			markup := map[string]string{"edit": one.markup()}
			one.shot("unsaved")
			one.click(`#desk .copy a.tap`)
			one.sees("个工作日内", "和现在保存着的比较")
			one.audit()
			markup["copy"] = one.markup()
			one.shot("copy")
			one.click(`main .acts a.btn`)
			one.until(`document.body.dataset.delivered === "1"`)

			change(two, "十五日内", "三十日内")
			change(two, "前面没有改动", "前面他改过")
			two.saves()
			two.sees("已保存")
			one.click(`.dock [value="save"]`)
			one.sees("两个人同时改了这一篇", "王乙", "什么也没有丢", "用您的", "用对方的")
			one.audit()
			one.shot("merge")
			one.joins()
			one.sees("已保存合并后的内容")
			one.open(one.wire.url + "/admin/documents/" + e.DocumentID + "/history")
			one.sees("合并保存", "王乙", "比较选中的两稿")
			one.audit()
			markup["history"] = one.markup()
			one.shot("history")
			one.open(one.wire.url + "/admin/documents/" + e.DocumentID + "/compare?old=" + e.ID + ".1")
			one.sees("恢复成旧的这一稿")
			one.audit()
			markup["compare"] = one.markup()
			if i == 0 {
				checkHTML(t, markup)
			}
			one.shot("compare")
			one.open(one.wire.url + "/admin/copies/")
			one.sees("您写的都已经保存了")
			one.audit()

			// What is left on this computer is gone after the log-out.
			one.comes("")
			change(one, "末尾", "最末")
			one.until(`Object.keys(localStorage).length > 0`)
			one.run(chromedp.Evaluate[chromedp.Void](`void document.querySelector('.who form').requestSubmit()`))
			one.run(chromedp.WaitReady("#f-password"))
			if left := one.holds(); left != "{}" {
				t.Errorf("after the log-out this computer holds %s", left)
			}
		})
	}
}
