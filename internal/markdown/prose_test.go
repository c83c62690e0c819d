package markdown_test

import (
	"strings"
	"testing"

	"github.com/songfa/songfa/internal/markdown"
)

func prose(t *testing.T, src string) markdown.Prose {
	t.Helper()
	p, err := markdown.New(markdown.Config{}).ReadProse([]byte(src))
	if err != nil {
		t.Fatalf("read %q: %v", src, err)
	}
	return p
}

func TestProseText(t *testing.T) {
	for _, c := range []struct{ src, want string }{
		{"## 先**留**证据\n\n打`12348`，见[指南](/a)\n不收\n钱", "先留证据|打\uFFFC，见指南不收钱"},
		{"- 甲\n- 乙 https://a.cn/b 丙\n\n| 丁 | 戊 |\n|--|--|\n| 己 | 庚 |", "甲|乙 \uFFFC 丙|丁|戊|己|庚"},
		{":::期限 申请\n一年内\n:::\n\n> 法条\n\n<div>甲</div>\n\n```\n乙\n```", "申请|一年内|法条"},
		{"图![说明](x.png \"图注\")后", "图\uFFFC后"},
	} {
		var got []string
		for _, b := range prose(t, c.src).Passages {
			got = append(got, b.Text)
		}
		if strings.Join(got, "|") != c.want {
			t.Errorf("%q: got %q, want %q", c.src, got, c.want)
		}
	}
}

// TestProsePlaces: links and pictures are found where they stand.
func TestProsePlaces(t *testing.T) {
	src := "见[**指南** a](/guides/x \"题\")、![图](</media/a b.png> '图注')、[空](#)、[引][1]\n\n[1]: /laws/ldht"
	p := prose(t, src)
	want := []struct{ dest, at, label string }{{"/guides/x", "/guides/x", "**指南** a"}, {"#", "#", "空"}, {"/laws/ldht", "", ""}}
	if len(p.Links) != len(want) {
		t.Fatalf("%+v", p.Links)
	}
	for i, w := range want {
		if l := p.Links[i]; l.Dest != w.dest || src[l.From:l.To] != w.at || w.label != "" && src[l.TextFrom:l.TextTo] != w.label {
			t.Errorf("link %d: %+v", i, l)
		}
	}
	img := p.Images[0]
	if src[img.TitleFrom:img.TitleTo] != "图注" || src[img.From:img.To] != "/media/a b.png" || img.Text != "图" {
		t.Errorf("%+v", img)
	}
}

// FuzzProse: what a block says stands in the source where Source says, and no
// place is outside of it.
func FuzzProse(f *testing.F) {
	for _, s := range []string{"甲**乙**丙\n丁 `戊`", "| 甲 | 乙 |\n|--|--|\n| a\\|b | [x](y) |", "> - 甲\n>   乙", "[a](b \"c\") ![d](e 'f')", "# 甲 {#x}\n\n1. \t乙", ":::期限 甲\n乙"} {
		f.Add(s)
	}
	r := markdown.New(markdown.Config{})
	f.Fuzz(func(t *testing.T, src string) {
		p, err := r.ReadProse([]byte(src))
		if err != nil {
			return
		}
		for _, b := range p.Passages {
			for from := range b.Text {
				for _, n := range []int{0, 1, 3, 7} {
					to := min(from+n, len(b.Text))
					start, end, whole := b.Source(from, to)
					if start < 0 || end < start || end > len(src) {
						t.Fatalf("%q %d..%d is at %d..%d of %d", b.Text, from, to, start, end, len(src))
					}
					if whole && src[start:end] != b.Text[from:to] {
						t.Fatalf("%q is not %q", src[start:end], b.Text[from:to])
					}
				}
			}
		}
		for _, l := range append(p.Links, p.Images...) {
			for _, at := range [][2]int{{l.From, l.To}, {l.TextFrom, l.TextTo}, {l.TitleFrom, l.TitleTo}, {l.WholeFrom, l.WholeEnd}} {
				if at[0] < 0 || at[1] < at[0] || at[1] > len(src) {
					t.Fatalf("%+v outside of %d", l, len(src))
				}
			}
		}
	})
}
