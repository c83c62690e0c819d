package search

import (
	_ "embed" // for the character table
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

//go:embed t2s.txt
var t2sText string

// folder makes characters that mean the same the same: full-width and other
// compatibility forms, upper case, traditional characters.
type folder struct {
	han   [hanEnd - hanStart]uint16 // 0: stays as it is
	other map[rune]rune
}

// The block most text lies in has a flat table: folding is on the way of every
// character of every document.
const hanStart, hanEnd = 0x3400, 0xA000

func newFolder() *folder {
	f := &folder{other: map[rune]rune{}}
	for line := range strings.Lines(t2sText) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		pair := []rune(strings.TrimSpace(line))
		for i := 0; i+1 < len(pair); i += 2 {
			from, to := pair[i], pair[i+1]
			if hanStart <= from && from < hanEnd && to <= 0xFFFF {
				f.han[from-hanStart] = uint16(to)
			} else {
				f.other[from] = to
			}
		}
	}
	return f
}

// folded is a text after folding. Positions in it are counted in characters of
// the folded text.
type folded struct {
	text   string
	at     []int32 // byte offset in text of each character, and of the end
	source []int32 // byte offset in the original of what each was made of, and its end
}

func (f *folded) len() int { return len(f.at) - 1 }

// slice is the folded text of [from, to).
func (f *folded) slice(from, to int) string { return f.text[f.at[from]:f.at[to]] }

func (f *folded) rune(i int) rune {
	r, _ := utf8.DecodeRuneInString(f.text[f.at[i]:])
	return r
}

// span is where [from, to) stands in the original, in bytes. A character that
// folds to several (㎡) is never cut.
func (f *folded) span(from, to int) (start, end int) {
	last := f.source[to-1]
	for f.source[to] == last {
		to++
	}
	return int(f.source[from]), int(f.source[to])
}

// fold folds a text; bytes that are no UTF-8 and control characters become
// spaces, invisible ones vanish.
func (f *folder) fold(text string) *folded {
	n := len(text)/3 + 8
	out := &folded{at: make([]int32, 0, n), source: make([]int32, 0, n)}
	var b strings.Builder
	b.Grow(len(text))
	put := func(r rune, source int) {
		out.at = append(out.at, int32(b.Len()))
		out.source = append(out.source, int32(source))
		b.WriteRune(r)
	}
	for i, r := range text {
		switch {
		case 'A' <= r && r <= 'Z':
			put(r+'a'-'A', i)
		case r < ' ' || r == 0x7F || r == utf8.RuneError:
			put(' ', i)
		case r < utf8.RuneSelf:
			put(r, i)
		case hanStart <= r && r < hanEnd:
			if to := f.han[r-hanStart]; to != 0 {
				r = rune(to)
			}
			put(r, i)
		case 0xFF01 <= r && r <= 0xFF5E: // full-width ASCII, and with it Chinese punctuation
			put(f.rest(r-0xFEE0), i)
		case 0x3001 <= r && r < 0x3020: // the rest of Chinese punctuation, and 〇
			put(r, i)
		case invisible(r):
		default:
			for _, c := range norm.NFKC.String(string(r)) {
				if !invisible(c) {
					put(f.rest(c), i)
				}
			}
		}
	}
	out.at = append(out.at, int32(b.Len()))
	out.source = append(out.source, int32(len(text)))
	out.text = b.String()
	return out
}

// rest folds a character outside of the flat table, after NFKC.
func (f *folder) rest(r rune) rune {
	switch {
	case r < ' ' || 0x7F <= r && r < 0xA0:
		return ' '
	case hanStart <= r && r < hanEnd && f.han[r-hanStart] != 0:
		return rune(f.han[r-hanStart])
	}
	if r == '○' { // typed for 〇 in years
		return '〇'
	}
	if to, ok := f.other[r]; ok {
		return to
	}
	return unicode.ToLower(r)
}

// invisible characters stand inside words without being part of them: joiners,
// variation selectors, accents set apart.
func invisible(r rune) bool {
	return r == 0xAD || unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Mn, r)
}
