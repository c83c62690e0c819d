package markdown_test

import (
	"fmt"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/songfa/songfa/internal/markdown"
)

var article = regexp.MustCompile(`(《[^》]+》|、|和)(第[零一二三四五六七八九十百]+条(?:第[一二三四]款)?)`)

// cite is a small stand-in for the law package: it knows no law but links the
// number behind a name; 《旧法》 is not loaded.
func cite(text string) (links []markdown.Link) {
	for _, m := range article.FindAllStringSubmatchIndex(text, -1) {
		l := markdown.Link{Start: m[4], End: m[5], Href: "/laws/x/" + fmt.Sprint(len(links)+1)}
		if strings.Contains(text[m[2]:m[3]], "旧") {
			l.Href, l.Title = "", "未收录"
		}
		links = append(links, l)
	}
	return links
}

func TestCitations(t *testing.T) {
	const a = `<a class="cite" href="/laws/x/1">`
	for _, c := range []struct{ name, src, want string }{
		{"plain", "见《劳动合同法》第三十八条。", "见《劳动合同法》" + a + "第三十八条</a>。"},
		{"name in bold, number outside", "**《劳动合同法》**第三十九条规定", "<strong>《劳动合同法》</strong>" + a + "第三十九条</a>规定"},
		{"number in bold", "《劳动法》**第五十条**规定", "《劳动法》<strong>" + a + "第五十条</a></strong>规定"},
		{"number runs out of the bold", "《劳动法》**第五十条**第一款", "《劳动法》<strong>" + a + "第五十条</a></strong>" + a + "第一款</a>"},
		{"line break inside the number", "《劳动法》第五\n十条规定", "《劳动法》" + a + "第五十条</a>规定"},
		{"line break behind the number", "《劳动法》第五十条\nOK", "《劳动法》" + a + "第五十条</a>\nOK"},
		{"name in a link", "[《劳动法》](/laws/ldf)第五十条", `<a href="/laws/ldf">《劳动法》</a>` + a + "第五十条</a>"},
		{"number in a link stays one link", "[《劳动法》第五十条](/x)", `<a href="/x">《劳动法》第五十条</a>`},
		{"code is left alone", "`《劳动法》第五十条`", "<code>《劳动法》第五十条</code>"},
		{"two", "《甲法》第一条、第二条", "《甲法》" + a + `第一条</a>、<a class="cite" href="/laws/x/2">第二条</a>`},
		{"not loaded", "《旧法》第一条", `《旧法》<span class="cite" title="未收录">第一条</span>`},
		{"footnote sign behind it", "《甲法》第一条[^1]。\n\n[^1]: x", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := strings.TrimSpace(render(t, markdown.Config{Cite: cite}, c.src).HTML)
			if c.want == "" {
				if !strings.Contains(got, a+`第一条</a><sup id="fnref:1">`) {
					t.Errorf("got %s", got)
				}
				return
			}
			if want := "<p>" + c.want + "</p>"; got != want {
				t.Errorf("\n got %s\nwant %s", got, want)
			}
		})
	}
}

// Cite sees every block once, whole, in the order of the text.
func TestCiteSeesWholeBlocks(t *testing.T) {
	var runs []string
	cfg := markdown.Config{Cite: func(s string) []markdown.Link { runs = append(runs, s); return nil }}
	render(t, cfg, "# 标*题*\n\n甲**乙**\n丙 `码` ![图](a.png)\n\n- 项\n\n|头|\n|-|\n|格|\n\n:::提示 题\n内\n:::\n\n词\n: 义\n\n文[^1]\n\n[^1]: 注")
	want := []string{"标题", "甲乙丙 \uFFFC \uFFFC", "项", "头", "格", "题", "内", "词", "义", "文", "注"}
	if !reflect.DeepEqual(runs, want) {
		t.Errorf("runs = %q", runs)
	}
}

// Links that overlap, lie outside or are empty do no harm.
func TestForeignLinksAreIgnored(t *testing.T) {
	cfg := markdown.Config{Cite: func(s string) []markdown.Link {
		return []markdown.Link{{Start: -3, End: 3, Href: "/no"}, {Start: 3, End: 9, Href: "/yes"}, {Start: 6, End: 9, Href: "/no"}, {Start: 4, End: 8, Href: "/no"}, {Start: 9, End: 9, Href: "/no"}, {Start: 9, End: 99, Href: "/no"}}
	}}
	if got, want := strings.TrimSpace(render(t, cfg, "甲乙丙丁").HTML), `<p>甲<a class="cite" href="/yes">乙丙</a>丁</p>`; got != want {
		t.Errorf("got %s", got)
	}
}
