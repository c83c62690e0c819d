package proof

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/songfa/songfa/internal/markdown"
)

// run is a block with the number of bytes that stand before it in a field of
// plain lines.
type run struct {
	markdown.Passage
	offset int
	plain  bool
}

// source maps a stretch of the run to the field.
func (r *run) source(from, to int) (start, end int, whole bool) {
	if r.plain {
		return r.offset + from, r.offset + to, true
	}
	return r.Passage.Source(from, to)
}

// check is the work on one field.
type check struct {
	in    Input
	field Field
	runs  []run
	prose markdown.Prose
	found []Finding

	year    int // the year last named in the text, 0 for none
	explain map[string]bool
}

// reader is the one parser; it holds no text.
var reader = markdown.New(markdown.Config{})

func newCheck(in Input, f Field) *check {
	c := &check{in: in, field: f, explain: map[string]bool{}}
	if f.Form == Markdown {
		prose, err := reader.ReadProse([]byte(f.Text))
		if err != nil {
			return c // saving refuses such a text, with its reason
		}
		c.prose = prose
		for _, b := range prose.Passages {
			c.runs = append(c.runs, run{Passage: b})
		}
		c.captions()
		return c
	}
	at := 0
	for line := range strings.SplitSeq(f.Text, "\n") {
		c.runs = append(c.runs, run{Passage: markdown.Passage{Text: line}, offset: at, plain: true})
		at += len(line) + 1
	}
	return c
}

// captions makes runs of what stands in pictures: a description and a caption
// are read like any other text.
func (c *check) captions() {
	for _, img := range c.prose.Images {
		for _, span := range [][2]int{{img.TextFrom, img.TextTo}, {img.TitleFrom, img.TitleTo}} {
			if span[1] > span[0] {
				c.runs = append(c.runs, run{Passage: markdown.Passage{Text: c.field.Text[span[0]:span[1]], Cell: true}, offset: span[0], plain: true})
			}
		}
	}
}

// put notes a finding at a stretch of a run. Its fix stays only where the source
// says the very same as the run.
func (c *check) put(r *run, from, to int, f Finding) {
	start, end, whole := r.source(from, to)
	if f.Fix != nil && (!whole || c.escaped(start)) {
		f.Fix, f.Safe = nil, false
	}
	c.at(start, end, f)
}

// escaped reports a backslash in front, which belongs to the sign behind it.
func (c *check) escaped(at int) bool {
	return c.field.Form == Markdown && at > 0 && c.field.Text[at-1] == '\\'
}

// at notes a finding at a place of the field.
func (c *check) at(from, to int, f Finding) {
	text := c.field.Text
	from, to = clip(text, from), clip(text, to)
	if to < from {
		to = from
	}
	f.Field, f.From, f.To = c.field.Name, from, to
	if f.Excerpt == "" {
		f.Excerpt = short(text[from:to], maxExcerpt)
	}
	f.Before, f.After = lastRunes(text[:from], around), firstRunes(text[to:], around)
	f.Before, f.After = someDigits.ReplaceAllStringFunc(f.Before, hideDigits), someDigits.ReplaceAllStringFunc(f.After, hideDigits)
	if f.Rule != RuleDead && f.Rule != RuleMoved {
		f.Excerpt = longNumber.ReplaceAllStringFunc(f.Excerpt, hideDigits)
	}
	c.found = append(c.found, f)
}

const (
	maxExcerpt = 60 // characters
	around     = 12
)

// clip moves an offset back to where a character begins.
func clip(text string, i int) int {
	i = min(max(i, 0), len(text))
	for i > 0 && i < len(text) && !utf8.RuneStart(text[i]) {
		i--
	}
	return i
}

func short(s string, n int) string {
	s = strings.Join(strings.Fields(s), " ")
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	return firstRunes(s, n-1) + "…"
}

func firstRunes(s string, n int) string {
	for i := range s {
		if n == 0 || s[i] == '\n' {
			return s[:i]
		}
		n--
	}
	return s
}

func lastRunes(s string, n int) string {
	i := len(s)
	for ; n > 0 && i > 0; n-- {
		_, size := utf8.DecodeLastRuneInString(s[:i])
		if s[i-size] == '\n' {
			break
		}
		i -= size
	}
	return s[i:]
}

// What is shown of a text, or kept of it, holds no number that may be somebody's:
// not even where the finding beside it is a comma.
var (
	someDigits = regexp.MustCompile(`[0-9０-９]{5,}|^[0-9０-９Xx]+|[0-9０-９]+$`)
	longNumber = regexp.MustCompile(`[0-9０-９]{11,}`)
)

func hideDigits(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsDigit(r) {
			return '×'
		}
		return r
	}, s)
}

// fix makes the pointer a Finding holds.
func fix(s string) *string { return &s }

func isHan(r rune) bool { return unicode.Is(unicode.Han, r) }

// before and after are the characters next to an offset; 0 at the ends.
func before(s string, i int) rune {
	if i <= 0 {
		return 0
	}
	r, _ := utf8.DecodeLastRuneInString(s[:i])
	return r
}

func after(s string, i int) rune {
	if i >= len(s) {
		return 0
	}
	r, _ := utf8.DecodeRuneInString(s[i:])
	return r
}

// object stands in a run for code, pictures and addresses.
const object = '\uFFFC'
