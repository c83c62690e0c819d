package docx_test

import (
	"archive/zip"
	"bytes"
	"html"
	"io"
	"regexp"
	"strings"
	"testing"
	"unicode"

	"github.com/songfa/songfa/internal/docx"
	"github.com/songfa/songfa/internal/markdown"
)

// What a reader of the page reads is what stood in the file, in its order. The
// text of the file is taken out of its XML by a pattern, without the reader.

var (
	textOf   = regexp.MustCompile(`(?s)<(?:w|x):t(?: [^>]*)?>(.*?)</(?:w|x):t>|<w:footnoteReference|<w:tc>`)
	fallback = regexp.MustCompile(`(?s)<mc:Fallback>.*?</mc:Fallback>`)
	reading  = regexp.MustCompile(`(?s)<w:rt>.*?</w:rt>`)
)

func shownIn(t *testing.T, b []byte) string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	must(t, err)
	f, err := z.Open("word/document.xml")
	must(t, err)
	raw, err := io.ReadAll(f)
	must(t, err)
	raw = reading.ReplaceAll(fallback.ReplaceAll(raw, nil), nil)
	var out strings.Builder
	for _, m := range textOf.FindAllSubmatch(raw, -1) {
		out.WriteString(html.UnescapeString(string(m[1])))
	}
	return out.String()
}

// letters keeps letters and digits: signs of lists, bullets, and the full stop
// of a heading that was run into its paragraph may go.
func letters(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) && r > 0x7F {
			return r
		}
		return -1
	}, s)
}

// differ are the files that drop text or show numbers that the file only implies.
var differ = map[string]bool{"notice-red-head": true, "letter": true, "joint": true, "dropped": true, "inline-looks": true, "table-irregular": true,
	"fields": true, "symbols": true, "strict-utf16": true, "control-characters": true, "numbering-formats": true, "plan-chapters": true, "footnotes": true,
	"lists-nested": true, "text-box": true, "pictures": true}

func TestPageShowsWhatTheFileShows(t *testing.T) {
	renderer := markdown.New(markdown.Config{})
	compared := 0
	for name, make := range corpus() {
		b := make().bytes(t)
		d := read(t, b)
		page, err := renderer.Render([]byte(d.Markdown))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		for _, mark := range []string{"**", "~~", "](", "|---", `\`} {
			if strings.Contains(page.Text, mark) && name != "escaping" {
				t.Errorf("%s: readers see %q:\n%s", name, mark, page.Text)
			}
		}
		if differ[name] {
			continue
		}
		compared++
		if got, want := letters(d.Title+page.Text), letters(shownIn(t, b)); got != want {
			t.Errorf("%s: readers read\n%s\nthe file says\n%s", name, got, want)
		}
	}
	if compared < 15 {
		t.Errorf("only %d files compared", compared)
	}
}

// TestTypedSignsShowAsTyped compares character by character.
func TestTypedSignsShowAsTyped(t *testing.T) {
	b := corpus()["escaping"]().bytes(t)
	d := read(t, b)
	page, err := markdown.New(markdown.Config{}).Render([]byte(d.Markdown))
	must(t, err)
	squeeze := func(s string) string { return strings.Join(strings.Fields(s), "") }
	if got, want := squeeze(page.Text), squeeze(shownIn(t, b)); got != want {
		t.Errorf("readers read\n%s\nthe file says\n%s", got, want)
	}
}

func TestSamePictureIsOne(t *testing.T) {
	f := doc()
	a, b := f.media("image1.png", dot(9)), f.media("image2.png", dot(9)) // the same bytes under two names
	f.body = []string{p(inlinePicture(a, "甲")), p(inlinePicture(b, "乙")), p(anchoredPicture(a, ""))}
	d := read(t, f.bytes(t))
	if len(d.Pictures) != 1 || strings.Count(d.Markdown, d.Pictures[0].Ref) != 3 {
		t.Errorf("%d pictures in\n%s", len(d.Pictures), d.Markdown)
	}
}

func TestPlace(t *testing.T) {
	f := doc()
	a, b := f.media("image1.png", dot(1)), f.media("image2.png", dot(2))
	f.body = []string{p(inlinePicture(a, "留下")), p("之间"), p(inlinePicture(b, "去掉[x]")), tbl(tr(tc(span2, p("甲", inlinePicture(a, "表里")))), tr(tc("", p(inlinePicture(b, ""))), tc(mergeFrom, "乙")))}
	d := read(t, f.bytes(t))
	d.Place(func(p docx.Picture) string {
		if p.Ref == "picture-1.png" {
			return "/media/ab/tu1.png"
		}
		return ""
	})
	if strings.Contains(d.Markdown, "picture-") || strings.Count(d.Markdown, "/media/ab/tu1.png") != 2 || strings.Contains(d.Markdown, "去掉") {
		t.Errorf("placed:\n%s", d.Markdown)
	}
}

func FuzzRead(f *testing.F) {
	for _, make := range corpus() {
		f.Add(documentOf(f, make().bytes(f)))
	}
	renderer := markdown.New(markdown.Config{})
	f.Fuzz(func(t *testing.T, document []byte) {
		// Only the text is fuzzed: what archive/zip does with noise is its own
		// matter, and the numbers, styles and notes around it are real.
		file := corpus()["lists-nested"]()
		file.parts["word/document.xml"], file.stored = document, true
		b := file.bytes(t)
		d, err := docx.Read(bytes.NewReader(b), int64(len(b)), docx.Options{})
		if err != nil {
			return
		}
		if _, err := renderer.Render([]byte(d.Markdown)); err != nil {
			t.Errorf("our renderer refuses it: %v\n%q", err, d.Markdown)
		}
	})
}

func documentOf(t testing.TB, b []byte) []byte {
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	must(t, err)
	f, err := z.Open("word/document.xml")
	must(t, err)
	raw, err := io.ReadAll(f)
	must(t, err)
	return raw
}

func FuzzZip(f *testing.F) {
	f.Add(doc(p("正文")).bytes(f))
	f.Add(compound("WordDocument"))
	f.Fuzz(func(t *testing.T, b []byte) {
		_, _ = docx.Read(bytes.NewReader(b), int64(len(b)), docx.Options{Name: "a.wps"})
	})
}
