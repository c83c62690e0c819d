package markdown_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/songfa/songfa/internal/markdown"
)

func TestHighlighted(t *testing.T) {
	const source = `<h2 id="a">怎么办</h2><p>先去<strong>劳动监察</strong>投诉 &amp; 取证。</p>`
	for _, tt := range []struct {
		name string
		list []markdown.Highlight
		want string
	}{
		{"none", nil, source},
		{"in one element", []markdown.Highlight{{ID: "m1", From: 0, To: 2}}, strings.Replace(source, "怎么办", `<mark id="m1">怎么</mark>办`, 1)},
		{"over elements", []markdown.Highlight{{ID: "m1", From: 4, To: 10}},
			`<h2 id="a">怎么办</h2><p>先<mark id="m1">去</mark><strong><mark>劳动监察</mark></strong><mark>投</mark>诉 &amp; 取证。</p>`},
		{"escapes", []markdown.Highlight{{ID: "m1", From: 11, To: 13}}, strings.Replace(source, "&amp; 取", `<mark id="m1">&amp; 取</mark>`, 1)},
		{"overlapping", []markdown.Highlight{{ID: "b", From: 1, To: 3}, {ID: "a", From: 0, To: 2}}, strings.Replace(source, "怎么办", `<mark id="a">怎么</mark><mark id="b">办</mark>`, 1)},
	} {
		if got := markdown.Highlighted(source, tt.list); got != tt.want {
			t.Errorf("%s:\n got %s\nwant %s", tt.name, got, tt.want)
		}
	}
	if got := strings.Fields(markdown.HTMLText(source)); strings.Join(got, "") != "怎么办先去劳动监察投诉&取证。" {
		t.Errorf("text: %q", got)
	}
}

// Whatever is marked, the text stays, and the blocks hold all of it.
func TestHighlightsAndBlocksKeepTheText(t *testing.T) {
	r := markdown.New(markdown.Config{})
	line := rapid.SampledFrom([]string{"先去**劳动监察**投诉。", "", "- 合同", "## 怎么办", "> 一年内", "|甲|乙|", "|-|-|", ":::期限", "一年 & 一月", ":::", "![图](a.png)", "<b>"})
	squeeze := func(s string) string { return strings.Join(strings.Fields(s), "") }
	rapid.Check(t, func(t *rapid.T) {
		doc, err := r.Render([]byte(strings.Join(rapid.SliceOfN(line, 0, 15).Draw(t, "lines"), "\n")))
		if err != nil {
			t.Fatal(err)
		}
		var list []markdown.Highlight
		for range rapid.IntRange(1, 3).Draw(t, "marks") {
			from := rapid.IntRange(0, 40).Draw(t, "from")
			list = append(list, markdown.Highlight{ID: "m", From: from, To: from + rapid.IntRange(0, 9).Draw(t, "n")})
		}
		want := squeeze(markdown.HTMLText(doc.HTML))
		if got := squeeze(markdown.HTMLText(markdown.Highlighted(doc.HTML, list))); got != want {
			t.Fatalf("marked: %q, was %q", got, want)
		}
		var all, html strings.Builder
		for _, b := range markdown.Parts(doc.HTML) {
			if n := len([]rune(squeeze(all.String()))); n != b.From {
				t.Fatalf("block %q begins at %d, not at %d", b.Text, n, b.From)
			}
			all.WriteString(b.Text)
			html.WriteString(b.HTML)
		}
		if squeeze(all.String()) != want || squeeze(html.String()) != squeeze(doc.HTML) {
			t.Fatalf("blocks: %q of %q", all.String(), want)
		}
	})
}
