package themes

import (
	"bytes"
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/songfa/songfa/internal/errs"
)

// overlay writes an operator's folder: name, text, name, text.
func overlay(t *testing.T, files ...string) string {
	t.Helper()
	dir := t.TempDir()
	for i := 0; i < len(files); i += 2 {
		write(t, filepath.Join(dir, files[i]), files[i+1])
	}
	return dir
}

func write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func errorPage() *ErrorPage {
	return &ErrorPage{Shell: Shell{Site: sampleSite(), Path: "/x", Title: "没有找到"}, Message: "请检查地址。"}
}

func TestOverlayFileByFile(t *testing.T) {
	dir := overlay(t,
		"error.html", `{{define "main"}}<h1>本局：{{.Title}}</h1>{{end}}`,
		"partials/crumbs.html", `<p>没有面包屑</p>`,
		"static/tokens.css", `:root { --accent: $accent; --ours: 1px; }`,
		"static/logo.png", "\x89PNG",
		"README.md", "{{broken", ".git/x.html", "{{broken", "notes/draft.html", "{{broken", ".error.html.swp", "{{broken")
	theme := open(t, Config{Dir: dir})
	page := render(t, theme, errorPage())
	for _, want := range []string{"<h1>本局：没有找到</h1>", "没有面包屑", `role="search"`} {
		if !strings.Contains(page, want) {
			t.Errorf("no %s", want)
		}
	}
	css, _ := theme.Asset("site.css")
	if !bytes.Contains(css.Body, []byte("--ours:1px")) || !bytes.Contains(css.Body, []byte(".answer{")) || bytes.Contains(css.Body, []byte("--measure:")) {
		t.Error("the tokens were not laid over the default ones alone")
	}
	logo, ok := theme.Asset("logo.png")
	if !ok || logo.ContentType != "image/png" || string(logo.Body) != "\x89PNG" || logo.Immutable {
		t.Errorf("own file: %v %+v", ok, logo)
	}
}

// One page's blocks are its own: a page that defines another's block, or a
// partial of its own, changes nothing elsewhere.
func TestPagesDoNotMix(t *testing.T) {
	dir := overlay(t, "error.html", `{{define "main"}}<h1>{{.Title}}</h1>{{end}}{{define "footer"}}<footer>无</footer>{{end}}`)
	theme := open(t, Config{Dir: dir})
	if page := render(t, theme, errorPage()); !strings.Contains(page, "<footer>无</footer>") {
		t.Error("a page cannot replace a partial for itself")
	}
	if page := render(t, theme, &LawsPage{Shell: errorPage().Shell}); strings.Contains(page, "<footer>无</footer>") {
		t.Error("one page replaced the foot of another")
	}
}

func TestBrokenOverlayIsNamed(t *testing.T) {
	for name, c := range map[string]struct {
		file, text, where string
	}{
		"does not parse":         {"guide.html", "{{define \"main\"}}\n\n{{if}}{{end}}{{end}}", "guide.html:3"},
		"partial does not parse": {"partials/card.html", "\n{{end}}", "partials/card.html:2"},
		"layout does not parse":  {"layout.html", "<html>\n{{nothing}}", "layout.html:2"},
		"no such field":          {"guide.html", "{{define \"main\"}}\n<h1>{{.Titel}}</h1>{{end}}", "guide.html:2"},
		"no such partial":        {"guide.html", "{{define \"main\"}}\n{{template \"nope\" .}}{{end}}", "nope"},
		"no such asset":          {"guide.html", "{{define \"main\"}}\n{{asset \"nope.css\" \"\"}}{{end}}", "guide.html:2"},
		"not safe to escape":     {"guide.html", "{{define \"main\"}}<a href=\"{{if .Title}}x\"{{end}}>{{end}}", "guide.html"},
		"not UTF-8":              {"guide.html", "\xd6\xb8\xc4\xcf", "guide.html"},
		"import of nothing":      {"static/site.css", "@import \"nope.css\";\n", "static/nope.css"},
		"import in a circle":     {"static/site.css", "@import \"site.css\";\n", "static/site.css"},
		"folder for a file":      {"static/a.css/x", "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Open(Config{Dir: overlay(t, c.file, c.text)})
			if c.where == "" {
				if err != nil {
					t.Errorf("refused: %v", err)
				}
				return
			}
			if !errs.Is(err, errs.Invalid) || !strings.Contains(errs.MessageOf(err)+err.Error(), c.where) {
				t.Errorf("error %v with message %q does not name %s", err, errs.MessageOf(err), c.where)
			}
		})
	}
}

func TestOverlayStaysInItsFolder(t *testing.T) {
	secret := filepath.Join(t.TempDir(), "secret.html")
	write(t, secret, `{{define "main"}}secret{{end}}`)
	dir := overlay(t, "partials/x.html", "x")
	if err := os.Symlink(secret, filepath.Join(dir, "error.html")); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(Config{Dir: dir}); !errs.Is(err, errs.Invalid) {
		t.Errorf("a link out of the folder gives %v", err)
	}
	if _, err := Open(Config{Dir: filepath.Join(dir, "nothing")}); !errs.Is(err, errs.Invalid) {
		t.Errorf("a missing folder gives %v", err)
	}
}

// A template that fails on what only some pages hold: all or nothing.
func TestFailureInThePageIsNoPage(t *testing.T) {
	dir := overlay(t, "error.html", `{{define "main"}}<h1>{{.Title}}</h1>{{if eq .Status 503}}{{index .Links 99}}{{end}}{{end}}`)
	theme := open(t, Config{Dir: dir})
	p := errorPage()
	p.Status = 503
	page, err := theme.Render(p)
	if page != nil || !errs.Is(err, errs.Internal) || !strings.Contains(err.Error(), "error.html:1") {
		t.Errorf("got %d bytes and %v", len(page), err)
	}
	if strings.Contains(errs.MessageOf(err), "index") {
		t.Errorf("the reader sees %q", errs.MessageOf(err))
	}
	p.Status = 404
	render(t, theme, p)
}

func TestReloadKeepsTheLastGoodSet(t *testing.T) {
	dir := overlay(t, "error.html", `{{define "main"}}<h1>一</h1>{{end}}`)
	var log bytes.Buffer
	theme := open(t, Config{Dir: dir, Reload: true, Log: slog.New(slog.NewTextHandler(&log, nil))})
	shows := func(want string) {
		t.Helper()
		if page := render(t, theme, errorPage()); !strings.Contains(page, want) {
			t.Errorf("does not show %s", want)
		}
	}
	shows("<h1>一</h1>")
	write(t, filepath.Join(dir, "error.html"), `{{define "main"}}<h1>二二</h1>{{end}}`)
	shows("<h1>二二</h1>")
	write(t, filepath.Join(dir, "error.html"), `{{define "main"}}<h1>{{.Nope}}</h1>{{end}}`)
	shows("<h1>二二</h1>")
	shows("<h1>二二</h1>")
	if n := strings.Count(log.String(), "theme is broken"); n != 1 || !strings.Contains(log.String(), "error.html:1") {
		t.Errorf("logged %d times: %s", n, log.String())
	}
	write(t, filepath.Join(dir, "error.html"), `{{define "main"}}<h1>三</h1>{{end}}`)
	shows("<h1>三</h1>")
}

func TestWithoutReloadNothingChanges(t *testing.T) {
	dir := overlay(t, "error.html", `{{define "main"}}<h1>一</h1>{{end}}`)
	theme := open(t, Config{Dir: dir})
	write(t, filepath.Join(dir, "error.html"), `{{define "main"}}<h1>二二</h1>{{end}}`)
	if page := render(t, theme, errorPage()); !strings.Contains(page, "<h1>一</h1>") {
		t.Error("the theme changed while serving")
	}
}

func TestCheck(t *testing.T) {
	if problems := Check(context.Background(), Config{}); len(problems) > 0 {
		t.Errorf("the default theme: %v", problems)
	}
	dir := overlay(t,
		"laws.html", "{{define \"main\"}}\n{{if}}{{end}}",
		"law.html", "{{define \"main\"}}\n{{.Nope}}{{end}}",
		"organize.html", `{{define "main"}}<h2>无</h2><h4 style="color:red">x</h4><a href="/guides/">x</a><img src="https://cdn.example/x.png"><p id="a"></p><p id="a"></p><a href="#b">b</a>{{end}}`,
		"static.html", `{{define "main"}}<h1>{{.Title}}</h1><script>var x = 1</script><script src="https://cdn.example/x.js" defer></script><div onclick="x()"></div><style>p{}</style><iframe title="x"></iframe>{{end}}`)
	var all strings.Builder
	for _, p := range Check(context.Background(), Config{Dir: dir, Base: "/elsewhere"}) {
		all.WriteString(p.String() + "\n")
	}
	for _, want := range []string{"laws.html:2: ", "law.html:2: ", "organize.html: 要有且只有一个 h1，现在有 0 个", "从 h2 跳到了 h4", "<h4> 不能有 style 属性",
		"<a> 的地址 /guides/ 没有经过 url", "<img> 的地址 https://cdn.example/x.png", "<img> 缺少 alt", "“a” 用了两次", "#b 没有去处",
		"static.html: 页面里不能有脚本", "https://cdn.example/x.js", "脚本属性 onclick", "不能有 <style>", "不能有 <iframe>"} {
		if !strings.Contains(all.String(), want) {
			t.Errorf("check does not find: %s", want)
		}
	}
	if strings.Contains(all.String(), "guide.html") {
		t.Errorf("a good page is blamed:\n%s", all.String())
	}
	if problems := Check(context.Background(), Config{Dir: "/nowhere"}); len(problems) != 1 || !strings.Contains(problems[0].String(), "打不开主题文件夹") {
		t.Errorf("a missing folder: %v", problems)
	}
}
