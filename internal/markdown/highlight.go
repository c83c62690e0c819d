package markdown

import (
	"html"
	"slices"
	"strings"
	"unicode"

	nethtml "golang.org/x/net/html"
)

// Highlight is a passage of a rendered text, in characters that are no white
// space: what a selection in a browser and the text agree on.
type Highlight struct {
	ID       string // of the <mark>; a passage over several elements has it once
	From, To int
}

// HTMLText is the text of rendered HTML in the order of reading, with a line end
// wherever an element begins or ends. Highlights count in it.
func HTMLText(source string) string {
	var b strings.Builder
	z := nethtml.NewTokenizer(strings.NewReader(source))
	for {
		switch z.Next() {
		case nethtml.ErrorToken:
			return b.String()
		case nethtml.TextToken:
			b.WriteString(string(z.Text()))
		default:
			if name, _ := z.TagName(); blockTags[string(name)] {
				b.WriteByte('\n')
			}
		}
	}
}

var blockTags = map[string]bool{"p": true, "li": true, "ul": true, "ol": true, "h2": true, "h3": true, "h4": true, "h5": true, "h6": true, "tr": true, "td": true,
	"th": true, "div": true, "blockquote": true, "aside": true, "section": true, "pre": true, "br": true, "figure": true, "figcaption": true, "dt": true, "dd": true}

// Highlighted wraps passages of rendered HTML in <mark>. Where two overlap the
// one that begins first has the characters. The source must be ours: what it
// holds besides text is copied as it is.
func Highlighted(source string, list []Highlight) string {
	if len(list) == 0 {
		return source
	}
	list = slices.Clone(list)
	slices.SortStableFunc(list, func(a, b Highlight) int { return a.From - b.From })
	var b strings.Builder
	h := &highlighter{list: list, seen: map[string]bool{}}
	z := nethtml.NewTokenizer(strings.NewReader(source))
	for {
		switch z.Next() {
		case nethtml.ErrorToken:
			return b.String()
		case nethtml.TextToken:
			h.text(&b, html.UnescapeString(string(z.Raw())))
		default:
			b.Write(z.Raw())
		}
	}
}

type highlighter struct {
	list []Highlight
	at   int // characters seen that are no white space
	seen map[string]bool
}

// text writes one run of text, with the parts of passages that lie in it.
func (h *highlighter) text(b *strings.Builder, s string) {
	open := -1
	for _, r := range s {
		in := open
		if !isBlankRune(r) {
			in = h.covering(h.at)
			h.at++
		}
		if in != open {
			h.turn(b, open, in)
			open = in
		}
		b.WriteString(html.EscapeString(string(r)))
	}
	h.turn(b, open, -1)
}

func (h *highlighter) turn(b *strings.Builder, from, to int) {
	if from >= 0 {
		b.WriteString("</mark>")
	}
	if to < 0 {
		return
	}
	id := h.list[to].ID
	if h.seen[id] {
		b.WriteString("<mark>")
		return
	}
	h.seen[id] = true
	b.WriteString(`<mark id="` + html.EscapeString(id) + `">`)
}

// covering is the passage that has a character; -1 for none.
func (h *highlighter) covering(at int) int {
	return slices.IndexFunc(h.list, func(p Highlight) bool { return p.From <= at && at < p.To })
}

// isBlankRune is the white space that passages do not count.
func isBlankRune(r rune) bool { return unicode.IsSpace(r) || r == '\u200b' }

// Part is one outermost element of rendered HTML.
type Part struct {
	HTML string
	Text string
	From int // where it begins, in characters that are no white space
}

// Parts cuts rendered HTML into its outermost elements: the paragraphs, lists,
// tables and boxes that can be pointed at.
func Parts(source string) []Part {
	var list []Part
	var b strings.Builder
	depth, at := 0, 0
	flush := func() {
		if text := HTMLText(b.String()); strings.TrimSpace(b.String()) != "" {
			list = append(list, Part{HTML: b.String(), Text: strings.TrimSpace(text), From: at})
			for _, r := range text {
				if !isBlankRune(r) {
					at++
				}
			}
		}
		b.Reset()
	}
	z := nethtml.NewTokenizer(strings.NewReader(source))
	for {
		kind := z.Next()
		if kind == nethtml.ErrorToken {
			flush()
			return list
		}
		raw := string(z.Raw())
		name, _ := z.TagName()
		b.WriteString(raw)
		switch {
		case kind == nethtml.StartTagToken && !voidTags[string(name)]:
			depth++
		case kind == nethtml.EndTagToken:
			depth--
		}
		if depth <= 0 && kind != nethtml.TextToken {
			depth = 0
			flush()
		}
	}
}

var voidTags = map[string]bool{"br": true, "hr": true, "img": true, "col": true, "wbr": true, "source": true, "input": true}
