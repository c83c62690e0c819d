package docx

import (
	"html"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"
)

// place is where inline text stands; it decides how a line is broken.
type place uint8

const (
	inParagraph place = iota
	inHeading
	inPipe // a cell of a pipe table
	inTags // inside HTML, where Markdown means nothing
)

var spaces = regexp.MustCompile(` {2,}`)

// merge joins neighbours of one look, drops what is empty, and makes one space
// of many.
func merge(spans []span) []span {
	var out []span
	for _, s := range spans {
		if s.kind == words && s.text == "" {
			continue
		}
		if s.kind == words && strings.TrimFunc(s.text, blank) == "" { // nobody sees whether a blank is bold
			s.look = markup{}
			if n := len(out); n > 0 && out[n-1].kind == words && out[n-1].href == s.href {
				s.look = out[n-1].look
			}
		}
		s.font, s.size, s.red = "", 0, false
		if n := len(out); n > 0 && s.kind == words && out[n-1].kind == words && out[n-1].look == s.look && out[n-1].href == s.href {
			out[n-1].text += s.text
			continue
		}
		out = append(out, s)
	}
	for i := range out {
		if out[i].kind != words {
			continue
		}
		t := spaces.ReplaceAllString(out[i].text, " ")
		if i > 0 && (out[i-1].kind == lineBreak || strings.HasSuffix(out[i-1].text, " ")) {
			t = strings.TrimLeft(t, " ")
		}
		if i == 0 || out[i-1].kind == lineBreak {
			t = strings.TrimLeftFunc(t, blank)
		}
		if i+1 == len(out) || out[i+1].kind == lineBreak {
			t = strings.TrimRightFunc(t, blank)
		}
		out[i].text = t
	}
	return out
}

// inline writes spans at a place.
func (w *writer) inline(spans []span, at place) string {
	spans = merge(spans)
	var b strings.Builder
	for i := 0; i < len(spans); {
		if to := spans[i].href; to != "" {
			end := i
			for end < len(spans) && spans[end].href == to && spans[end].kind != lineBreak {
				end++
			}
			if end > i {
				w.link(&b, spans[i:end], to, at)
				i = end
				continue
			}
		}
		w.span(&b, spans, i, at, false)
		i++
	}
	return strings.TrimRight(b.String(), " ")
}

// link writes spans that lead to one address.
func (w *writer) link(b *strings.Builder, spans []span, to string, at place) {
	var inner strings.Builder
	text := (&block{spans: spans}).text()
	for i := range spans {
		w.span(&inner, spans, i, at, true)
	}
	words := strings.TrimSpace(inner.String())
	if strings.HasSuffix(b.String(), "!") {
		unbang(b)
	}
	switch {
	case words == "":
	case at == inTags:
		b.WriteString(`<a href="` + html.EscapeString(to) + `">` + words + "</a>")
	case text == to && bareLink.FindString(to) == to && !strings.ContainsAny(to, "|<>"):
		b.WriteString("<" + to + ">")
	default:
		b.WriteString("[" + words + "](" + destination(to) + ")")
	}
}

// unbang keeps ! from making a picture of the link behind it.
func unbang(b *strings.Builder) {
	s := b.String()
	b.Reset()
	b.WriteString(s[:len(s)-1] + `\!`)
}

// span writes one span; the ones around it decide how it can be marked.
func (w *writer) span(b *strings.Builder, spans []span, i int, at place, linked bool) {
	s := spans[i]
	switch s.kind {
	case lineBreak:
		w.lineBreak(b, at)
	case picture:
		w.picture(b, s, at)
	case noteRef:
		w.noteRef(b, s.ref, at)
	case words:
		start := atLineStart(b.String()) && at == inParagraph
		text := w.text(s.text, at, start, linked)
		if s.look == (markup{}) || strings.TrimFunc(s.text, blank) == "" {
			w.loose(b, text, at)
			return
		}
		w.dressed(b, s, w.after(spans, i, at), at, linked)
	}
}

// loose appends plain text, apart from what it must not join.
func (w *writer) loose(b *strings.Builder, text string, at place) {
	if strings.HasPrefix(text, ":") && noteAtStart.MatchString(b.String()) {
		text = `\` + text // [^1]: would be the note itself
	}
	b.WriteString(text)
}

var noteAtStart = regexp.MustCompile(`(?:^|\n)\[\^\d+\]$`)

func atLineStart(s string) bool { return s == "" || strings.HasSuffix(s, "\n") }

// text escapes for the place.
func (w *writer) text(s string, at place, start, linked bool) string {
	if at == inTags {
		return strings.ReplaceAll(html.EscapeString(strings.ReplaceAll(s, "\n", " ")), "{{", "&#123;{")
	}
	s = escape(strings.ReplaceAll(s, "\n", " "), start, linked)
	if at == inPipe {
		s = strings.ReplaceAll(s, "|", `\|`)
	}
	return s
}

// after is the first character behind a span as it will be written.
func (w *writer) after(spans []span, i int, at place) rune {
	if i+1 == len(spans) {
		return 0
	}
	switch s := spans[i+1]; {
	case s.kind == lineBreak:
		return '\\'
	case s.kind != words || s.href != spans[i].href:
		return '['
	case s.look != markup{}:
		return '<'
	default:
		r, _ := utf8.DecodeRuneInString(w.text(s.text, at, false, false))
		return r
	}
}

// dressed writes text in its look: with the signs of Markdown where they work,
// with tags where they would show.
func (w *writer) dressed(b *strings.Builder, s span, after rune, at place, linked bool) {
	lead, core, tail := split(s.text)
	w.loose(b, w.text(lead, at, false, linked), at)
	if core == "" {
		b.WriteString(w.text(tail, at, false, linked))
		return
	}
	text := w.text(core, at, atLineStart(b.String()) && s.look == (markup{}), linked)
	if tail != "" {
		after, _ = utf8.DecodeRuneInString(w.text(tail, at, false, linked))
	}
	switch s.look.raised {
	case 1:
		text = "<sup>" + text + "</sup>"
	case -1:
		text = "<sub>" + text + "</sub>"
	}
	before, _ := utf8.DecodeLastRuneInString(b.String())
	if b.Len() == 0 {
		before = 0
	}
	first, _ := utf8.DecodeRuneInString(text)
	last, _ := utf8.DecodeLastRuneInString(text)
	signs := at != inTags && !strings.ContainsRune("*~_", before) && opens(before, first) && closes(last, after) && !strings.ContainsRune("*~_", after)
	for _, m := range []struct {
		on         bool
		sign, name string
	}{{s.look.italic, "*", "em"}, {s.look.bold, "**", "strong"}, {s.look.strike, "~~", "del"}} {
		switch {
		case !m.on:
		case signs && (m.name != "del" || !s.look.italic && !s.look.bold && !strings.Contains(text, "~")):
			text = m.sign + text + m.sign
		default:
			text = "<" + m.name + ">" + text + "</" + m.name + ">"
		}
	}
	b.WriteString(text + w.text(tail, at, false, linked))
}

// split takes off a text what no emphasis may begin or end with.
func split(s string) (lead, core, tail string) {
	core = strings.TrimLeftFunc(s, func(r rune) bool { return blank(r) || strings.ContainsRune(ends, r) })
	lead = s[:len(s)-len(core)]
	cut := strings.TrimRightFunc(core, func(r rune) bool { return blank(r) || strings.ContainsRune(begins, r) })
	return lead, cut, core[len(cut):]
}

func (w *writer) lineBreak(b *strings.Builder, at place) {
	switch at {
	case inParagraph:
		if !atLineStart(b.String()) {
			s := strings.TrimRight(b.String(), " ")
			b.Reset()
			if cut, ok := strings.CutSuffix(s, `\\`); ok { // the parser would show both
				s = cut + "&#92;"
			}
			b.WriteString(s + "\\\n")
		}
	case inHeading:
		b.WriteByte(' ')
	default:
		b.WriteString("<br>")
	}
}

func (w *writer) picture(b *strings.Builder, s span, at place) {
	p := w.g.pictures[s.ref-1]
	if w.g.used == nil {
		w.g.used = map[int]bool{}
	}
	w.g.used[s.ref] = true
	alt := s.text
	if alt == "" {
		alt = p.Alt
	}
	if at == inTags {
		b.WriteString(`<img src="` + p.Ref + `" alt="` + html.EscapeString(alt) + `">`)
		return
	}
	alt = escape(alt, false, true)
	if at == inPipe {
		alt = strings.ReplaceAll(alt, "|", `\|`)
	}
	b.WriteString("![" + alt + "](" + p.Ref + ")")
}

// dropPicture takes a picture out of a Markdown text again.
func dropPicture(text, ref string) string {
	form := regexp.MustCompile(`(?:!\[(?:[^\]\\]|\\.)*\]\(` + regexp.QuoteMeta(ref) + `(?: "(?:[^"\\]|\\.)*")?\)|<img src="` + regexp.QuoteMeta(ref) + `" alt="[^"]*">)`)
	text = form.ReplaceAllString(text, "")
	return strings.Trim(regexp.MustCompile(`\n{3,}`).ReplaceAllString(text, "\n\n"), "\n")
}

// maxNotes is how many notes stay notes; the renderer takes no more.
const maxNotes = 900

func (w *writer) noteRef(b *strings.Builder, n int, at place) {
	if len(w.g.notes[n-1]) == 0 {
		return
	}
	if at == inTags || n > maxNotes || w.deep > 2 {
		w.deep++
		b.WriteString("（注：" + w.flat(w.g.notes[n-1], at) + "）")
		w.deep--
		w.g.count("note")
		return
	}
	if strings.HasSuffix(b.String(), "!") {
		unbang(b)
	}
	w.noted[n] = true
	b.WriteString("[^" + strconv.Itoa(n) + "]")
}

// flat writes blocks as one line.
func (w *writer) flat(blocks []*block, at place) string {
	if w.deep > 3 {
		return ""
	}
	var parts []string
	for _, b := range blocks {
		if b.table != nil {
			for _, r := range b.table.rows {
				for _, c := range r {
					parts = append(parts, w.flat(c.blocks, at))
				}
			}
			continue
		}
		b.typed()
		parts = append(parts, w.inline(b.spans, at))
	}
	return strings.Join(parts, " ")
}
