package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// browser is one Chromium; each view is a tab of its own.
type browser struct {
	ctx context.Context
	axe string
}

// need returns a tool's path from the environment that `make test` sets up.
func need(t testing.TB, name string) string {
	t.Helper()
	path := os.Getenv(name)
	if path == "" {
		if os.Getenv("CI") != "" {
			t.Fatalf("%s is not set; `make test` sets it", name)
		}
		t.Skipf("%s is not set", name)
	}
	return path
}

func startBrowser(t *testing.T) *browser {
	t.Helper()
	axe, err := os.ReadFile(need(t, "SONGFA_TEST_AXE"))
	if err != nil {
		t.Fatal(err)
	}
	opts := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(need(t, "SONGFA_TEST_CHROMIUM")), chromedp.NoSandbox,
		chromedp.DisableGPU, chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true),
		chromedp.Flag("hide-scrollbars", true), chromedp.Flag("lang", "zh-CN"), chromedp.UserDataDir(t.TempDir()))
	actx, cancel := chromedp.NewExecAllocator(context.Background(), opts...)
	t.Cleanup(cancel)
	ctx, cancel := chromedp.NewContext(actx)
	t.Cleanup(cancel)
	if err := chromedp.Do(ctx); err != nil {
		t.Fatal(err)
	}
	return &browser{ctx: ctx, axe: string(axe)}
}

// view is a visitor of his own, with a screen of a width, with or without JavaScript.
type view struct {
	t     *testing.T
	b     *browser
	ctx   context.Context
	width int
	shots string
	noJS  bool
}

func (b *browser) view(t *testing.T, width int) *view {
	t.Helper()
	ctx, cancel := chromedp.NewContext(b.ctx, chromedp.WithNewBrowserContext())
	t.Cleanup(cancel)
	ctx, stop := context.WithTimeout(ctx, 2*time.Minute)
	t.Cleanup(stop)
	v := &view{t: t, b: b, ctx: ctx, width: width, shots: os.Getenv("SONGFA_SCREENSHOTS")}
	height := int64(1000)
	if width < 600 {
		height = 760
	}
	v.run(chromedp.EmulateViewport(int64(width), height))
	return v
}

// withoutScript turns JavaScript off for the pages to come.
func (v *view) withoutScript() *view {
	v.noJS = true
	v.disableScript(true)
	return v
}

func (v *view) disableScript(off bool) {
	v.t.Helper()
	_, err := chromedp.Call(v.ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: off})
	if err != nil {
		v.t.Fatal(err)
	}
}

// dark asks for the dark dress.
func (v *view) dark() {
	v.t.Helper()
	_, err := chromedp.Call(v.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
		Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: "dark"}}})
	if err != nil {
		v.t.Fatal(err)
	}
}

func (v *view) run(actions ...chromedp.Action[chromedp.Void]) {
	v.t.Helper()
	if err := chromedp.Do(v.ctx, actions...); err != nil {
		v.t.Fatalf("at %d px: %v", v.width, err)
	}
}

// ask runs an action that answers.
func ask[T any](v *view, action chromedp.Action[T]) T {
	v.t.Helper()
	answer, err := chromedp.Run(v.ctx, action)
	if err != nil {
		v.t.Fatalf("at %d px: %v", v.width, err)
	}
	return answer
}

func (v *view) open(url string) {
	v.t.Helper()
	v.run(chromedp.Navigate(url), chromedp.WaitReady("main"))
}

// click follows a link or sends a form and waits for the next page.
func (v *view) click(selector string) {
	v.t.Helper()
	if _, err := chromedp.RunResponse(v.ctx, chromedp.Click(selector)); err != nil {
		v.t.Fatalf("click %s at %d px on %s: %v", selector, v.width, v.location(), err)
	}
	v.run(chromedp.WaitReady("main"))
}

func (v *view) fill(selector, text string) {
	v.t.Helper()
	v.run(chromedp.SetValue(selector, text))
}

func (v *view) text(selector string) string { return ask(v, chromedp.Text(selector)) }

func (v *view) location() string { return ask(v, chromedp.Location()) }

// sees fails unless each text is on the page.
func (v *view) sees(texts ...string) {
	v.t.Helper()
	body := v.text("body")
	for _, want := range texts {
		if !strings.Contains(body, want) {
			v.t.Errorf("%s at %d px lacks %q:\n%.1500s", v.location(), v.width, want, body)
		}
	}
}

// audit is what every page must pass: axe without a finding, nothing wider than
// the screen, nothing from another host.
func (v *view) audit() {
	v.t.Helper()
	if v.noJS {
		v.disableScript(false)
		defer v.disableScript(true)
	}
	wide := ask(v, chromedp.Evaluate[int](`document.documentElement.scrollWidth - document.documentElement.clientWidth`))
	if wide > 0 {
		who := ask(v, chromedp.Evaluate[[]string](`[...document.querySelectorAll('body *')].filter(e =>
			e.getBoundingClientRect().right > document.documentElement.clientWidth + 1).slice(0, 5).map(e => {
				let s = e.outerHTML.slice(0, 80)
				for (let p = e; p && p !== document.body; p = p.parentElement) {
					const r = p.getBoundingClientRect()
					s += ' < ' + p.tagName + '.' + p.className + ' ' + r.left + '..' + r.right
				}
				return s
			})`))
		v.t.Errorf("%s at %d px: the page is %d px wider than the screen: %q", v.location(), v.width, wide, who)
	}
	foreign := ask(v, chromedp.Evaluate[[]string](`performance.getEntriesByType('resource').map(e => e.name).filter(n => !n.startsWith(location.origin))`))
	if len(foreign) > 0 {
		v.t.Errorf("%s fetches from elsewhere: %v", v.location(), foreign)
	}
	v.axe()
}

type violation struct {
	ID    string `json:"id"`
	Help  string `json:"help"`
	Nodes []struct {
		HTML    string `json:"html"`
		Summary string `json:"failureSummary"`
	} `json:"nodes"`
}

func (v *view) axe() {
	v.t.Helper()
	found := ask(v, chromedp.Evaluate[[]violation](v.b.axe+`; axe.run(document, {resultTypes: ['violations']}).then(r =>
		r.violations.map(v => ({id: v.id, help: v.help, nodes: v.nodes.map(n => ({html: n.html, failureSummary: n.failureSummary}))})))`,
		chromedp.EvalAwaitPromise))
	for _, f := range found {
		v.t.Errorf("axe %s at %d px: %s (%s)\n%s\n%s", v.location(), v.width, f.ID, f.Help, f.Nodes[0].HTML, f.Nodes[0].Summary)
	}
}

// shot keeps a picture of what is on the screen for docs/screenshots, when asked to.
func (v *view) shot(name string) {
	v.t.Helper()
	if v.shots == "" {
		return
	}
	png := ask(v, chromedp.CaptureScreenshot())
	if err := os.WriteFile(filepath.Join(v.shots, fmt.Sprintf("%s-%d.png", name, v.width)), png, 0o644); err != nil {
		v.t.Fatal(err)
	}
}

// checkHTML runs the Nu validator over pages.
func checkHTML(t *testing.T, pages map[string]string) {
	t.Helper()
	dir := t.TempDir()
	args := []string{"-jar", need(t, "SONGFA_TEST_VNU"), "--errors-only", "--format", "text"}
	for name, html := range pages {
		file := filepath.Join(dir, strings.NewReplacer("/", "_", "?", "_", "=", "_", "&", "_").Replace(name)+".html")
		if err := os.WriteFile(file, []byte(html), 0o644); err != nil {
			t.Fatal(err)
		}
		args = append(args, file)
	}
	out, err := exec.CommandContext(t.Context(), "java", args...).CombinedOutput()
	if err != nil {
		t.Errorf("vnu: %v\n%s", err, out)
	}
}
