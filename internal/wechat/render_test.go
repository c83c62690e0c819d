package wechat

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"github.com/songfa/songfa/internal/markdown"
)

func whole(address string) string {
	if strings.HasPrefix(address, "/") {
		return "https://sfj.example.gov.cn" + address
	}
	return address
}

func render(t *testing.T, body string) Article {
	t.Helper()
	a, err := Render(body, Options{Whole: whole})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func nodes(t *testing.T, text string) *html.Node {
	t.Helper()
	root, err := html.Parse(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return root
}

// rules are what survives the editor of WeChat: see doc.go.
func rules(t *testing.T, article string) {
	t.Helper()
	for n := range nodes(t, article).Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		if slices.Contains(append(dropped, atom.Div, atom.Details, atom.Figure), n.DataAtom) {
			t.Errorf("element %s", n.Data)
		}
		for _, a := range n.Attr {
			switch a.Key {
			case "style":
				for _, word := range []string{"position", "url(", "float", "expression", "rem", "var("} {
					if strings.Contains(a.Val, word) {
						t.Errorf("style has %s: %s", word, a.Val)
					}
				}
			case "src":
				if !strings.HasPrefix(a.Val, "https://") {
					t.Errorf("picture from %s", a.Val)
				}
			case "href":
				if !strings.HasPrefix(a.Val, "https://mp.weixin.qq.com/") {
					t.Errorf("link to %s", a.Val)
				}
			case "alt", "colspan", "rowspan":
			default:
				t.Errorf("attribute %s of %s", a.Key, n.Data)
			}
		}
		if n.DataAtom == atom.Li {
			for inner := range n.Descendants() {
				if slices.Contains([]atom.Atom{atom.Ul, atom.Ol, atom.P, atom.Section}, inner.DataAtom) {
					t.Errorf("%s within an item", inner.Data)
				}
			}
		}
	}
}

// words are the text without what only separates, and without what Render adds.
func words(t *testing.T, text string) string {
	t.Helper()
	var b strings.Builder
	for n := range nodes(t, text).Descendants() {
		if n.Type == html.TextNode && n.Parent.DataAtom != atom.Sup {
			b.WriteString(n.Data)
		}
	}
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune(" \n\t　·↩︎\u00a0", r) || '0' <= r && r <= '9' || r == ')' || r == '.' {
			return -1
		}
		return r
	}, b.String())
}

// Every guide of the starter content keeps all its words in their order, and
// nothing that WeChat would drop.
func TestStarterGuidesSurvive(t *testing.T) {
	files, err := filepath.Glob(filepath.Join("..", "..", "content", "starter", "*", "*.md"))
	if err != nil || len(files) < 20 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	r := markdown.New(markdown.Config{})
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		_, body, _ := strings.Cut(strings.TrimPrefix(string(text), "---\n"), "\n---\n")
		doc, err := r.Render([]byte(body))
		if err != nil {
			t.Fatal(err)
		}
		a := render(t, doc.HTML)
		rules(t, a.HTML)
		got, _, _ := strings.Cut(words(t, a.HTML), "链接：")
		if want := words(t, doc.HTML); got != want {
			t.Errorf("%s: words differ:\n%s\nwant\n%s", filepath.Base(file), got, want)
		}
		again := render(t, doc.HTML)
		if again.HTML != a.HTML {
			t.Errorf("%s: not the same twice", filepath.Base(file))
		}
	}
}

func TestRender(t *testing.T) {
	for name, c := range map[string]struct {
		in   string
		want []string // in this order
		not  []string
	}{
		"links are numbered once": {`<p>看<a href="/guides/x">指南</a>，再看<a href="/guides/x">它</a>和<a href="https://www.gov.cn/">国务院</a></p>`,
			[]string{"指南", "[链接1]", "它", "[链接1]", "国务院", "[链接2]", "链接1：https://sfj.example.gov.cn/guides/x", "链接2：https://www.gov.cn/"}, []string{"href"}},
		"articles of WeChat stay links":           {`<p><a href="https://mp.weixin.qq.com/s/abc">上一篇</a></p>`, []string{`href="https://mp.weixin.qq.com/s/abc"`, "上一篇"}, []string{"链接1"}},
		"citations and numbers to call are words": {`<p>《劳动法》<a class="cite" href="/laws/ldf/50">第五十条</a>，打<a href="tel:12348">12348</a></p>`, []string{"第五十条", "12348"}, []string{"链接", "href"}},
		"inner lists are lines": {`<ol><li><p>备好</p><ul><li>身份证</li><li>合同<ol><li>原件</li></ol></li></ul></li><li>去窗口</li></ol>`,
			[]string{"<ol", "<li", "备好", "<br>　· 身份证", "<br>　· 合同", "<br>　　1) 原件", "</li>", "去窗口"}, []string{"<ul"}},
		"a list that goes on keeps its numbers": {`<ol start="3"><li>三</li><li>四</li></ol>`, []string{"3. 三", "4. 四"}, []string{"<ol"}},
		"looks of callouts":                     {`<div class="note due"><strong>期限</strong><p>一年</p></div>`, []string{"#fdf3e4", "期限", "一年"}, []string{"class", "note"}},
		"tables keep merged cells":              {`<div class="scroll"><table class="stack"><thead><tr><th colspan="2" scope="col">项目</th></tr></thead><tbody><tr><td data-t="项目">甲</td><td>乙</td></tr></tbody></table></div>`, []string{`colspan="2"`, "项目", "甲", "乙"}, []string{"data-t", "scope"}},
		"pictures":                              {`<figure><img src="/media/ab/x.jpg" alt="窗口" srcset="/media/ab/480.webp 480w" loading="lazy"><figcaption>窗口</figcaption></figure>`, []string{`src="https://sfj.example.gov.cn/media/ab/x.jpg"`, `alt="窗口"`, "窗口"}, []string{"srcset", "loading", "figure"}},
		"nothing that runs":                     {`<p onclick="x()">甲<script>alert(1)</script><style>p{}</style><iframe src="/x"></iframe></p><form><input name="q"></form>`, []string{"甲"}, []string{"script", "alert", "onclick", "iframe", "form"}},
		"footnotes":                             {`<p>见注<sup><a class="footnote-ref" href="#fn:1">1</a></sup></p><div class="footnotes"><ol><li><p>注文<a class="footnote-backref" href="#r">↩</a></p></li></ol></div>`, []string{"见注", "1", "注文"}, []string{"↩", "href"}},
		"words that look like tags":             {`<p>a &lt; b &amp; "c"</p>`, []string{"a &lt; b &amp;"}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			a := render(t, c.in)
			rules(t, a.HTML)
			rest := a.HTML
			for _, w := range c.want {
				_, after, ok := strings.Cut(rest, w)
				if !ok {
					t.Fatalf("no %q in order in\n%s", w, a.HTML)
				}
				rest = after
			}
			for _, w := range c.not {
				if strings.Contains(a.HTML, w) {
					t.Errorf("%q in\n%s", w, a.HTML)
				}
			}
		})
	}
}

// The preview is the article with classes for styles, and every class has a rule.
func TestPreviewIsTheArticle(t *testing.T) {
	body := `<h2>一</h2><p>甲<strong>乙</strong></p><ul><li>丙</li></ul><div class="answer"><p class="label">一句话答案</p><p>丁</p></div>`
	plain := render(t, body)
	preview, err := Render(body, Options{Whole: whole, Classes: true})
	if err != nil {
		t.Fatal(err)
	}
	sheet := StyleSheet()
	for n := range nodes(t, preview.HTML).Descendants() {
		if attr(n, "style") != "" {
			t.Errorf("%s has a style", n.Data)
		}
		if class := attr(n, "class"); class != "" && !strings.Contains(sheet, "."+class+"{") {
			t.Errorf("no rule for %s", class)
		}
	}
	if words(t, plain.HTML) != words(t, preview.HTML) {
		t.Error("the words differ")
	}
}

func FuzzRender(f *testing.F) {
	f.Add(`<ul><li><p>a<ul><li>b</table>`)
	f.Add(`<a href="/x"><img src=y></a><table><tr><td><ol start=9><li>`)
	f.Fuzz(func(t *testing.T, body string) {
		a, err := Render(body, Options{Whole: whole})
		if err != nil {
			return
		}
		for n := range nodes(t, a.HTML).Descendants() {
			for _, at := range n.Attr {
				if strings.HasPrefix(at.Key, "on") || at.Key == "class" || at.Key == "id" {
					t.Errorf("attribute %s in %s", at.Key, a.HTML)
				}
			}
			if n.DataAtom == atom.Script {
				t.Errorf("a script in %s", a.HTML)
			}
		}
	})
}
