package docx

import (
	"strings"
	"unicode/utf8"
)

const (
	maxHeading = 40 // characters of a heading that only its number marks
	maxRunIn   = 30 // of a heading that runs into its paragraph
)

// headings gives levels to what is a heading: by its number first, by its style
// second, by standing big in the middle last. See the package comment.
func (o *official) headings() {
	top := o.topStyle()
	var out []*block
	for i, b := range o.blocks {
		if b.table != nil || b.item != nil || i < o.first {
			out = append(out, b)
			continue
		}
		b.level = o.levelOf(i, top)
		if b.level > 0 {
			b.typed()
			unmark(b)
			out = append(out, b)
			continue
		}
		head, rest := runIn(b)
		b.typed()
		if head != nil {
			head.typed()
			out = append(out, head, rest)
			continue
		}
		out = append(out, b)
	}
	o.blocks = out
}

// topStyle is the highest level of heading that styles give to text without a
// 公文 number; it becomes ##.
func (o *official) topStyle() int {
	top := 9
	for _, b := range o.blocks {
		if b.outline > 0 && b.table == nil {
			if k := b.marked().kind; k != han && k != hanParen {
				top = min(top, b.outline)
			}
		}
	}
	return top
}

func (o *official) levelOf(i, top int) int {
	b := o.blocks[i]
	text := strings.TrimFunc(b.text(), blank)
	m := b.marked()
	body := strings.TrimSpace(text[m.size:])
	n := utf8.RuneCountInString(squeeze(body))
	if b.onlyPictures() || n == 0 && m.kind != chapterMark && m.kind != sectionMark {
		return 0
	}
	styled := b.outline > 0 && n <= maxTitleRunes
	alone := !o.inRun(i, m)
	switch {
	case m.kind == han && (styled || alone && headingLike(body, true)):
		return 2
	case m.kind == hanParen && (styled || alone && headingLike(body, true)):
		return 3
	case m.kind == chapterMark && n <= maxHeading:
		return 2
	case m.kind == sectionMark && n <= maxHeading:
		return 3
	case styled:
		return min(b.outline-top+2, 6)
	case m.kind == arabic && alone && headingLike(body, false) && i+1 < len(o.blocks) && o.blocks[i+1].table == nil:
		return 4
	case m.kind == noMarker && b.align == "center" && n >= 2 && n <= maxHeading && (b.size > o.bodySize && o.bodySize > 0 || b.bold()) && headingLike(body, false) && !isCaption(body) && dateOf(body) == "" && docNo.FindString(squeeze(body)) == "" && i+1 < len(o.blocks):
		return 2
	}
	return 0
}

// inRun reports that the number right before or right after stands in the next
// paragraph: then it is an enumeration, not a heading.
func (o *official) inRun(i int, m marker) bool {
	near := func(j, n int) bool {
		if j < o.first || j >= len(o.blocks) || o.blocks[j].table != nil {
			return false
		}
		other := o.blocks[j].marked()
		return other.kind == m.kind && other.n == n
	}
	return near(i+1, m.n+1) || near(i-1, m.n-1)
}

// headingLike reports words that are a heading: short, and no sentence inside.
// A full stop at the end is let pass.
func headingLike(body string, colon bool) bool {
	body = strings.TrimSuffix(body, "。")
	if strings.ContainsAny(body, "。；;！？!?\n") || utf8.RuneCountInString(body) > maxHeading || utf8.RuneCountInString(body) < 2 {
		return false
	}
	for _, end := range []string{"，", "、", ","} {
		if strings.HasSuffix(body, end) {
			return false
		}
	}
	if strings.HasSuffix(body, "：") || strings.HasSuffix(body, ":") {
		return colon && utf8.RuneCountInString(body) <= 20
	}
	// 电话：12348 and the like: what has its answer behind a colon is a line.
	return !strings.ContainsAny(body, "：:")
}

// unmark takes from a heading what it has anyway: bold, and breaks of its line.
func unmark(b *block) {
	for i := range b.spans {
		s := &b.spans[i]
		s.look.bold = false
		if s.kind == lineBreak {
			before, after := byte(0), byte(0)
			if i > 0 && b.spans[i-1].text != "" {
				before = b.spans[i-1].text[len(b.spans[i-1].text)-1]
			}
			if i+1 < len(b.spans) && b.spans[i+1].text != "" {
				after = b.spans[i+1].text[0]
			}
			*s = span{}
			if before < 0x80 || after < 0x80 {
				s.text = " "
			}
		}
	}
}

// runIn cuts a paragraph whose first sentence is its heading in another font or
// in bold: （一）加强领导。各单位要…
func runIn(b *block) (head, rest *block) {
	m := b.marked()
	if m.kind != han && m.kind != hanParen {
		return nil, nil
	}
	text := b.text()
	stop := strings.Index(text[m.size:], "。")
	if stop < 0 {
		return nil, nil
	}
	stop += m.size
	title := strings.TrimSpace(text[m.size:stop])
	end := stop + len("。")
	if n := utf8.RuneCountInString(title); n < 2 || n > maxRunIn || strings.TrimFunc(text[end:], blank) == "" || strings.Contains(title, "\n") {
		return nil, nil
	}
	if !differs(b.spans, m.size, stop, end) {
		return nil, nil
	}
	level := 2
	if m.kind == hanParen {
		level = 3
	}
	head = &block{spans: []span{{text: strings.TrimSpace(text[:stop])}}, level: level, num: b.num}
	rest = &block{spans: append([]span(nil), b.spans...), align: b.align, size: b.size, font: b.font}
	rest.cut(end)
	rest.trim()
	return head, rest
}

// differs reports that the text before stop is all of one look and the text
// behind end all of another.
func differs(spans []span, from, stop, end int) bool {
	type looks struct {
		bold bool
		font string
	}
	var heads, bodies []looks
	at := 0
	for _, s := range spans {
		if s.kind == lineBreak {
			at++
			continue
		}
		if s.kind != words {
			if at < end {
				return false
			}
			continue
		}
		next := at + len(s.text)
		l := looks{s.look.bold, s.font}
		if next > from && at < stop {
			heads = append(heads, l)
		}
		if next > end && strings.TrimFunc(s.text, blank) != "" {
			bodies = append(bodies, l)
		}
		at = next
	}
	if len(heads) == 0 || len(bodies) == 0 {
		return false
	}
	bold := func(list []looks) bool {
		for _, l := range list {
			if l.bold != list[0].bold {
				return false
			}
		}
		return list[0].bold
	}
	if bold(heads) && !bodies[0].bold {
		return true
	}
	return heads[0].font != bodies[0].font && heads[0].font == heads[len(heads)-1].font && heads[0].font != ""
}
