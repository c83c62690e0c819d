package markdown

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"
	"pgregory.net/rapid"

	"github.com/songfa/songfa/internal/errs"
)

// hostile are texts that try to bring a script, a form or a lie into a page.
var hostile = []string{
	`<script>alert(1)</script>`,
	`<scr<script>ipt>alert(1)</script>`,
	`文字<script src=//x.cn/a.js>`,
	`<img src=x onerror=alert(1)>`,
	`<img src="x" style="position:fixed;top:0" onerror = "alert(1)">`,
	`<a href="javascript:alert(1)">点</a>`,
	`<a href=" java&#x0A;script:alert(1)">点</a>`,
	`<a href="JaVaScRiPt&colon;alert(1)">点</a>`,
	`[点](javascript:alert(1))`,
	`[点](<java script:alert(1)>)`,
	`[点](&#106;avascript:alert(1))`,
	`![图](data:image/svg+xml;base64,PHN2Zz4=)`,
	`[点](vbscript:x) [点](file:///etc/passwd) <javascript:alert(1)>`,
	`<iframe src="https://x.cn"></iframe><object data=x></object><embed src=x>`,
	`<svg><script>alert(1)</script></svg><math><mi xlink:href="javascript:x">`,
	`<form action=/admin><input name=csrf><button>登录</button></form>`,
	`<div id=main name=q class="mast hot"><p id="getElementById">`,
	`<style>body{display:none}</style><link rel=stylesheet href=x><meta http-equiv=refresh content=0><base href=//x>`,
	"<details ontoggle=alert(1) open>\n\n**内**\n\n</details>",
	`</div></main></body></html><footer>`,
	`<textarea><p title="</textarea><img src=x onerror=alert(1)>">`,
	`<noscript><p title="</noscript><img src=x onerror=alert(1)>">`,
	`<p title="--><script>alert(1)</script>"><!--`,
	"> <!--\n\n后文",
	"<title>\n\n后文",
	`<table><p><a href=x><table><a href=y>`,
	`<b><p><b><p><i><div></b><u></p>`,
	`<h1><h2><select><option><plaintext>后文`,
	`<img srcset="javascript:alert(1) 1w" src=a.png><video src=x><audio>`,
	"[^1]\n\n[^1]: <img src=x onerror=alert(1)>",
	":::提示 <img src=x onerror=alert(1)>\n<script>alert(1)</script>\n:::",
	"|<script>|<b|\n|-|-|\n|`|`<img src=x onerror=alert(1)>|",
	`![" onerror=alert(1) x="](a.png "&quot; onerror=alert(1)")`,
	"<a href=\"//evil.cn\" target=_blank ping=//x download>点</a>",
}

func TestHostileTextIsTamed(t *testing.T) {
	r := New(Config{})
	for _, src := range hostile {
		doc, err := r.Render([]byte(src + "\n\n后文"))
		if err != nil {
			t.Errorf("%q: %v", src, err)
			continue
		}
		checkSafe(t, r, doc.HTML)
		if !strings.HasSuffix(strings.TrimSpace(doc.Text), "后文") && !strings.Contains(src, "[^1]") && !strings.Contains(doc.Text, "后文") {
			t.Errorf("%q swallows the text behind it: %q", src, doc.HTML)
		}
	}
}

// checkSafe holds HTML against all that stored HTML promises.
func checkSafe(t *testing.T, r *Renderer, stored string) {
	t.Helper()
	if strings.Contains(strings.ToLower(stored), "<script") {
		t.Errorf("script in %q", stored)
	}
	ids := map[string]bool{}
	for z := html.NewTokenizer(strings.NewReader(stored)); ; {
		kind := z.Next()
		if kind == html.ErrorToken {
			break
		}
		tok := z.Token()
		if kind == html.CommentToken || kind == html.DoctypeToken || kind != html.TextToken && !allowed[tok.DataAtom] {
			t.Errorf("%s in %q", tok, stored)
		}
		for _, a := range tok.Attr {
			checkAttribute(t, a, ids)
		}
	}
	if again := reparse(t, stored); again != stored {
		t.Errorf("not balanced:\n got %s\nthen %s", stored, again)
	}
	if again := reparse(t, r.policy.Sanitize(stored)); again != stored {
		t.Errorf("sanitising is not settled:\n got %s\nthen %s", stored, again)
	}
}

func checkAttribute(t *testing.T, a html.Attribute, ids map[string]bool) {
	t.Helper()
	switch {
	case strings.HasPrefix(a.Key, "on"), a.Key == "style", a.Key == "name", a.Key == "target", a.Key == "action":
		t.Errorf("attribute %s=%q", a.Key, a.Val)
	case a.Key == "href" || a.Key == "src":
		u, err := url.Parse(a.Val)
		if err != nil {
			t.Errorf("%s=%q: %v", a.Key, a.Val, err)
		} else if !strings.Contains(" http https mailto tel sms ", " "+u.Scheme+" ") && u.Scheme != "" {
			t.Errorf("%s=%q", a.Key, a.Val)
		}
	case a.Key == "id":
		if ids[a.Val] || !anchors.MatchString(a.Val) {
			t.Errorf("id %q", a.Val)
		}
		ids[a.Val] = true
	}
}

func reparse(t *testing.T, s string) string {
	t.Helper()
	root, err := parse(strings.NewReader(s))
	if err != nil {
		t.Fatalf("parse %q: %v", s, err)
	}
	return write(root)
}

// FuzzRender: whatever the text, the renderer answers, and what it stores is
// safe, balanced and settled.
func FuzzRender(f *testing.F) {
	for _, s := range hostile {
		f.Add(s)
	}
	for _, s := range legalSentences {
		f.Add(s[0])
	}
	f.Add("# 甲\n\n:::期限 题\n- [ ] a\n:::\n\n|甲|乙|\n|-|-:|\n|丙|丁|\n\n![图](a.png \"题\")\n\n词\n: 义\n\n~~x~~[^1]\n\n[^1]: 注")
	r := New(Config{
		Cite: func(s string) (links []Link) {
			if i := strings.Index(s, "第"); i >= 0 {
				links = append(links, Link{Start: i, End: min(i+len("第十条"), len(s)), Href: "/laws/a/1"})
			}
			return links
		},
		Media: func(dest string) (Resource, bool) {
			return Resource{URL: "/media/k/a.webp", Note: "PDF"}, strings.HasSuffix(dest, ".png")
		},
	})
	f.Fuzz(func(t *testing.T, src string) {
		doc, err := r.Render([]byte(src))
		if err != nil {
			if k := errs.KindOf(err); k != errs.Invalid && k != errs.TooLarge {
				t.Fatalf("%v: %v", k, err)
			}
			return
		}
		checkSafe(t, r, doc.HTML)
	})
}

// bombs are short to write and dear to read. Each is repeated to 64 KB.
var bombs = []string{
	"*", "*a ", "a*b", "*a **b ", "_a ", "a~~b", "[", "[a", "![", "[a](", "[a](b", "[a](<b", "![a](b '", "`a``b", "<", "<a ", "<a x='", "<!--", "a <!-- ", "a <?", "<![CDATA[",
	"<div>", "<div>\n\n", "<b>", "<a><b>", "<b><p>", "<table>x<b>", ">", "- ", "+ ", "1. ", "- a\n", "# a\n", "a\n=\n", "a\n: b\n\n", ": b\n", "[a]: b\n", "[^1] ", "[^1]: a\n\n",
	"|a", "|\n", ":::提示\n", "```\n", "&", "&#x1;", "http://", "http://a.b/", " www.a", "a@b.", "\\", "\t", "\xff", "- [ ] a\n", "见《劳动法》第五十条，",
}

func TestBombsEndFast(t *testing.T) {
	r := New(Config{})
	for _, b := range bombs {
		for _, src := range []string{strings.Repeat(b, 64<<10/len(b)), "|a|\n|-|\n" + strings.Repeat(b, 16<<10/len(b)), strings.Repeat("[", 5000) + b + strings.Repeat("]", 5000)} {
			start := time.Now()
			if _, err := r.Render([]byte(src)); err != nil && errs.KindOf(err) != errs.Invalid {
				t.Errorf("%q: %v", b, err)
			}
			if spent := time.Since(start); spent > 5*time.Second {
				t.Errorf("%.20q takes %v", src, spent)
			}
		}
	}
}

// Tag soup: well-known tags in any order, opened and closed at random.
func TestTagSoupSettles(t *testing.T) {
	r := New(Config{})
	tags := strings.Fields(elements)
	rapid.Check(t, func(rt *rapid.T) {
		var b strings.Builder
		for range rapid.IntRange(1, 25).Draw(rt, "length") {
			switch tag := rapid.SampledFrom(tags).Draw(rt, "tag"); rapid.IntRange(0, 4).Draw(rt, "form") {
			case 0, 1:
				b.WriteString("<" + tag + ">")
			case 2:
				b.WriteString("</" + tag + ">")
			case 3:
				b.WriteString("<a href=/x>文")
			default:
				b.WriteString("\n\n**文** ")
			}
		}
		doc, err := r.Render([]byte(b.String()))
		if err != nil && errs.KindOf(err) != errs.Invalid {
			rt.Fatalf("%q: %v", b.String(), err)
		}
		for name, again := range map[string]string{"balanced": doc.HTML, "sanitised": r.policy.Sanitize(doc.HTML)} {
			if again = reparse(t, again); again != doc.HTML {
				rt.Fatalf("%q is not %s:\n got %s\nthen %s", b.String(), name, doc.HTML, again)
			}
		}
	})
}
