package search

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/songfa/songfa/content/law"
)

// Lengths of a snippet, in characters.
const (
	snippetLength = 96
	snippetLead   = 28 // before the first marked word
)

// highlighter marks the words of a question in the texts of hits.
type highlighter struct {
	analyzer *analyzer
	laws     *law.Registry
	asked    *question
}

func (x *Index) newHighlighter(asked *question) *highlighter {
	return &highlighter{analyzer: x.analyzer, laws: x.registry, asked: asked}
}

// stretch is a range of characters of a folded text.
type stretch struct{ from, to int }

// marked finds what to mark, merged and in order.
func (h *highlighter) marked(f *folded) []stretch {
	var weak, strong []stretch
	add := func(m mark, found ...stretch) {
		if m == strongMark {
			strong = append(strong, found...)
		} else if m == weakMark {
			weak = append(weak, found...)
		}
	}
	whole := false // some marks are tokens only as a whole: 12 is not in 12348
	for term, m := range h.asked.marks {
		if r, _ := utf8.DecodeRuneInString(term); !isHan(r) || r == '第' {
			whole = true
			continue
		}
		add(m, f.all(term)...)
	}
	if whole {
		h.analyzer.tokens(f, func(t token) {
			if t.kind >= latinToken {
				add(h.asked.marks[t.term], stretch{t.from, t.to})
			}
		})
	}
	for _, p := range h.asked.phrases {
		strong = append(strong, f.all(p)...)
	}
	if strong = outsidePlaces(f, strong); len(strong) > 0 { // 劳动 alone explains little where 劳动合同 stands
		return merge(strong)
	}
	return merge(outsidePlaces(f, weak))
}

// longestPlace bounds how far before a mark a place in a law may begin, in
// characters: 第一千二百三十四条之十二.
const longestPlace = 16

// outsidePlaces drops marks that cover a part of a place in a law: the 十条 of
// 第四十条 explains nothing, and looks like another article.
func outsidePlaces(f *folded, marks []stretch) []stretch {
	return slices.DeleteFunc(marks, func(m stretch) bool {
		for i := max(0, m.from-longestPlace); i < m.to; i++ {
			_, n := articleAt(f, i)
			if n > 0 && m.from < i+n && (m.from > i || m.to < i+n) {
				return true
			}
			if n > 0 { // a part of it, read from further on, is no place
				i += n - 1
			}
		}
		return false
	})
}

// all finds the places of a phrase.
func (f *folded) all(phrase string) (found []stretch) {
	for at := 0; ; {
		i := strings.Index(f.text[at:], phrase)
		if i < 0 || phrase == "" {
			return found
		}
		at += i
		from, _ := slices.BinarySearch(f.at, int32(at))
		to, _ := slices.BinarySearch(f.at, int32(at+len(phrase)))
		found = append(found, stretch{from, to})
		at += len(phrase)
	}
}

// merge sorts stretches and joins those that touch.
func merge(list []stretch) []stretch {
	slices.SortFunc(list, func(a, b stretch) int {
		if a.from != b.from {
			return a.from - b.from
		}
		return a.to - b.to
	})
	out := list[:0]
	for _, s := range list {
		if n := len(out); n > 0 && s.from <= out[n-1].to {
			out[n-1].to = max(out[n-1].to, s.to)
			continue
		}
		out = append(out, s)
	}
	return out
}

// whole marks a short text and keeps all of it.
func (h *highlighter) whole(text string) []Span {
	if text == "" {
		return nil
	}
	f := h.analyzer.fold(text)
	return spans(text, f, stretch{0, f.len()}, h.marked(f))
}

// spans cuts [part) of a text into marked and other pieces. The source is the
// original, so nothing folded is ever shown.
func spans(text string, f *folded, part stretch, marked []stretch) (out []Span) {
	piece := func(from, to int, mark bool) {
		if from >= to {
			return
		}
		start, end := f.span(from, to)
		if s := strings.ReplaceAll(text[start:end], "\n", " "); s != "" {
			out = append(out, Span{s, mark})
		}
	}
	at := part.from
	for _, m := range marked {
		from, to := max(m.from, part.from), min(m.to, part.to)
		if from >= to {
			continue
		}
		piece(at, from, false)
		piece(from, to, true)
		at = to
	}
	piece(at, part.to, false)
	return out
}

// snippet shows the place of the body that says most about the question, or the
// summary when the body says nothing.
func (h *highlighter) snippet(summary, body string) []Span {
	text := body
	f := h.analyzer.fold(text)
	marked := h.marked(f)
	if len(marked) == 0 && summary != "" {
		text = summary
		f = h.analyzer.fold(text)
		marked = h.marked(f)
	}
	if f.len() == 0 {
		return nil
	}
	part := h.window(text, f, marked)
	out := spans(text, f, part, marked)
	if part.from > 0 {
		out = append([]Span{{Text: "…"}}, out...)
	}
	if part.to < f.len() {
		out = append(out, Span{Text: "…"})
	}
	return out
}

// window picks the stretch to show: with the most different marked words, and
// cut where a sentence or at least no citation is cut.
func (h *highlighter) window(text string, f *folded, marked []stretch) stretch {
	if f.len() <= snippetLength {
		return stretch{0, f.len()}
	}
	first, last := bestMarks(f, marked)
	begin := 0
	if len(marked) > 0 {
		begin = sentenceBefore(f, marked[first].from)
	}
	end := min(f.len(), begin+snippetLength)
	if len(marked) > 0 {
		end = max(end, min(f.len(), marked[last].to))
	}
	if end < f.len() {
		end = sentenceEnd(f, begin, end, marked, last)
	}
	for begin < end && strings.ContainsRune(" \n", f.rune(begin)) {
		begin++
	}
	return h.uncut(text, f, stretch{begin, end})
}

// bestMarks finds the run of marks that fits into a snippet and has the most
// different words; the first such run wins.
func bestMarks(f *folded, marked []stretch) (first, last int) {
	best := 0
	for i := range marked {
		seen := map[string]bool{}
		worth := 0
		for j := i; j < len(marked) && marked[j].to-marked[i].from <= snippetLength-snippetLead; j++ {
			word := f.slice(marked[j].from, marked[j].to)
			if !seen[word] {
				seen[word] = true
				worth += 8 * (marked[j].to - marked[j].from)
			}
			worth++
			if worth > best {
				best, first, last = worth, i, j
			}
		}
	}
	return first, last
}

const (
	sentenceMarks = "。！？；\n!?;"
	clauseMarks   = "，、：,:"
)

// sentenceBefore is where to begin so that the mark is read in its sentence.
func sentenceBefore(f *folded, mark int) int {
	least := max(0, mark-snippetLead)
	clause := least
	for i := mark; i > least; i-- {
		r := f.rune(i - 1)
		if strings.ContainsRune(sentenceMarks, r) {
			return i
		}
		if clause == least && strings.ContainsRune(clauseMarks, r) {
			clause = i
		}
	}
	if least == 0 {
		return 0
	}
	return clause
}

// sentenceEnd moves the end back to the end of a sentence, if one ends not far
// before and behind the last mark.
func sentenceEnd(f *folded, begin, end int, marked []stretch, last int) int {
	least := begin + snippetLength/2
	if len(marked) > 0 {
		least = max(least, marked[last].to)
	}
	for i := end; i > least; i-- {
		if strings.ContainsRune(sentenceMarks, f.rune(i-1)) {
			return i
		}
	}
	return end
}

// uncut widens a stretch so that neither end is inside of a citation, a number
// or a marked word.
func (h *highlighter) uncut(text string, f *folded, part stretch) stretch {
	// Citations are looked for around the ends only: a text may be long.
	from, to := max(0, part.from-60), min(f.len(), part.to+60)
	start, end := f.span(from, to)
	var keep []stretch
	for _, c := range h.laws.Citations(text[start:end]) {
		keep = append(keep, stretch{f.index(start + c.Start), f.index(start + c.End)})
	}
	h.analyzer.tokens(f.part(from, to), func(t token) {
		if t.kind == latinToken || t.kind == numberToken || t.kind == articleToken {
			keep = append(keep, stretch{from + t.from, from + t.to})
		}
	})
	keep = append(keep, titles(f, from, to)...)
	for _, k := range merge(keep) {
		if k.from < part.from && part.from < k.to {
			part.from = k.from
		}
		if k.from < part.to && part.to < k.to {
			part.to = k.to
		}
	}
	return part
}

// titles finds 《…》, which no snippet breaks.
func titles(f *folded, from, to int) (found []stretch) {
	open := -1
	for i := from; i < to; i++ {
		switch f.rune(i) {
		case '《':
			open = i
		case '》':
			if open >= 0 {
				found = append(found, stretch{open, i + 1})
			}
			open = -1
		}
	}
	return found
}

// index is the character that stands at a byte offset of the original.
func (f *folded) index(offset int) int {
	i, _ := slices.BinarySearch(f.source, int32(offset))
	return i
}

// part is [from, to) as a text of its own.
func (f *folded) part(from, to int) *folded {
	p := &folded{text: f.slice(from, to), at: make([]int32, 0, to-from+1), source: f.source[from : to+1]}
	for _, at := range f.at[from : to+1] {
		p.at = append(p.at, at-f.at[from])
	}
	return p
}
