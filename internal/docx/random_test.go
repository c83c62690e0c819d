package docx_test

import (
	"bytes"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/songfa/songfa/internal/docx"
	"github.com/songfa/songfa/internal/markdown"
)

// pieces are what a text may be made of: words, and every sign that means
// something to Markdown, to HTML or to our renderer.
var pieces = []string{"工资", "劳动合同", "law", "A", "7", "第三十九条", "《劳动合同法》", "（注）", "“引”", "，", "。", "、", "：", "——", "…", "·",
	"*", "**", "_", "__", "~", "~~", "`", "```", "[", "]", "(", ")", "[x](y)", "![a](b)", "<b>", "</b>", "<!--", "&amp;", "&", "#", "##", ">", "-", "--- ", "+", "=", "1. ", "2) ", "12、", "|", "\\", "!", "^", "[^1]", "[^1]:", ":::", "：：：提示", "$", "\"", "'", "http://a.cn/x_y", "www.a-b.cn", "a_b@c.cn", "<http://x>", "@", "%", " ", "　", "{", "}", "\u00a0"}

var looks = []string{"<w:b/>", "<w:i/>", "<w:strike/>", `<w:vertAlign w:val="superscript"/>`}

// TestAnyTextShowsAsTyped: whatever signs a paragraph is made of, and wherever
// its looks begin and end, readers read its characters.
func TestAnyTextShowsAsTyped(t *testing.T) {
	renderer := markdown.New(markdown.Config{})
	rapid.Check(t, func(rt *rapid.T) {
		var paragraphs []string
		var want strings.Builder
		for range rapid.IntRange(1, 4).Draw(rt, "paragraphs") {
			var runs []string
			for range rapid.IntRange(1, 6).Draw(rt, "runs") {
				s := strings.Join(rapid.SliceOfN(rapid.SampledFrom(pieces), 1, 4).Draw(rt, "text"), "")
				var props []string
				for _, l := range looks {
					if rapid.IntRange(0, 3).Draw(rt, "look") == 0 {
						props = append(props, l)
					}
				}
				runs = append(runs, r(s, props...))
				if rapid.IntRange(0, 9).Draw(rt, "break") == 0 {
					runs = append(runs, br)
				}
				want.WriteString(s)
			}
			paragraphs = append(paragraphs, p(runs...), p("隔开"))
			want.WriteString("隔开")
		}
		in := rapid.SampledFrom([]string{"text", "cell", "merged cell"}).Draw(rt, "in")
		switch in {
		case "cell":
			paragraphs = []string{p("表"), tbl(tr("甲", "乙"), tr("丙", tc("", paragraphs[:2]...)))}
		case "merged cell":
			paragraphs = []string{p("表"), tbl(tr("甲", "乙", "丙"), tr("丁", tc(span2, paragraphs[:2]...)))}
		}
		b := doc(paragraphs...).bytes(t)
		d, err := docx.Read(bytes.NewReader(b), int64(len(b)), docx.Options{})
		if err != nil {
			rt.Fatal(err)
		}
		page, err := renderer.Render([]byte(d.Markdown))
		if err != nil {
			rt.Fatal(err)
		}
		if got, want := solid(page.Text), solid(shownIn(t, b)); got != want {
			rt.Fatalf("readers read\n%s\nthe file says\n%s\nMarkdown:\n%s", got, want, d.Markdown)
		}
	})
}

// solid takes out blanks, and the mark of a list that a number became.
func solid(s string) string {
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool { return r == ' ' || r == '\n' || r == 0x3000 || r == 0xA0 || r == '\t' }), "")
}
