package docx

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// block is a paragraph or a table on its way to Markdown. File and clipboard
// both come to this form; what follows is the same for both.
type block struct {
	spans []span
	table *table // instead of spans

	// What the source says.
	outline int    // heading level by style, 1…9; 0 is body text
	title   bool   // by style
	align   string // center, right, or anything else
	size    int    // half points of most of its text; 0 unknown
	font    string // of most of its text
	red     bool   // most of its text
	num     *number
	inset   bool   // pushed far to the right by its indent
	boxed   bool   // from a text box
	caption string // of a picture that stands alone
	rule    bool   // a line across the page

	// What the 公文 pass makes of it.
	level int   // heading, 2…6; 0 is none
	item  *item // of a list
}

// item is the place of a paragraph in a list.
type item struct {
	depth   int // 0 outermost
	ordered bool
	number  int  // as shown, when ordered
	follow  bool // goes on in the item before, without a mark of its own
}

// span is a piece of text of one look, or something that stands in the text.
type span struct {
	kind spanKind
	text string
	look markup
	font string // of Chinese text; tells a heading that runs into its paragraph
	size int    // half points, from the clipboard; 0 unknown
	red  bool
	href string // of a link
	ref  int    // picture or note, from 1
}

type spanKind uint8

const (
	words spanKind = iota
	lineBreak
	picture
	noteRef
)

// markup is what Markdown can say of a text.
type markup struct {
	bold, italic, strike bool
	raised               int8 // 1 superscript, -1 subscript
}

// table is a grid; covered cells are not in it.
type table struct {
	rows   []row
	header int // rows at the top that name the columns
}

type row []cell

type cell struct {
	blocks   []*block
	colspan  int // at least 1
	rowspan  int
	col      int // where it begins, from 0
	vertical string
}

// text is what a block says, without looks and references.
func (b *block) text() string {
	var s strings.Builder
	for _, sp := range b.spans {
		switch sp.kind {
		case words:
			s.WriteString(sp.text)
		case lineBreak:
			s.WriteByte('\n')
		}
	}
	return s.String()
}

// empty reports a paragraph without anything.
func (b *block) empty() bool {
	if b.table != nil || b.rule {
		return false
	}
	for _, s := range b.spans {
		if s.kind == picture || s.kind == noteRef || s.kind == words && strings.TrimFunc(s.text, blank) != "" {
			return false
		}
	}
	return true
}

// only reports whether a paragraph holds pictures and nothing else.
func (b *block) onlyPictures() bool {
	found := false
	for _, s := range b.spans {
		switch {
		case s.kind == picture:
			found = true
		case s.kind == lineBreak, s.kind == words && strings.TrimFunc(s.text, blank) == "":
		default:
			return false
		}
	}
	return found && b.table == nil
}

// trim takes the indents off both ends: spaces of any width and line breaks.
func (b *block) trim() {
	for len(b.spans) > 0 {
		s := &b.spans[0]
		if s.kind == words {
			if s.text = strings.TrimLeftFunc(s.text, blank); s.text != "" {
				break
			}
		} else if s.kind != lineBreak {
			break
		}
		b.spans = b.spans[1:]
	}
	for n := len(b.spans); n > 0; n = len(b.spans) {
		s := &b.spans[n-1]
		if s.kind == words {
			if s.text = strings.TrimRightFunc(s.text, blank); s.text != "" {
				break
			}
		} else if s.kind != lineBreak {
			break
		}
		b.spans = b.spans[:n-1]
	}
}

// cut takes the first n bytes of the text off the front of a block.
func (b *block) cut(n int) {
	for n > 0 && len(b.spans) > 0 {
		s := &b.spans[0]
		switch {
		case s.kind != words && s.kind != lineBreak:
			return
		case s.kind == lineBreak:
			n--
		case len(s.text) > n:
			s.text = s.text[n:]
			return
		default:
			n -= len(s.text)
		}
		b.spans = b.spans[1:]
	}
}

// plain makes a paragraph of text without looks.
func plain(text string) *block { return &block{spans: []span{{text: text}}} }

// gathered is what is found besides the text on the way through a document.
type gathered struct {
	pictures []*Picture
	used     map[int]bool // by number, from 1
	notes    [][]*block   // footnotes and endnotes, in the order of their signs
	said     []Note
	place    string // words of the last paragraph, for the report
	counted  map[string]int
	vector   int   // pictures in formats no browser shows
	weight   int64 // bytes of pictures from the clipboard
}

// say adds a note at the place we are at.
func (g *gathered) say(level Level, format string, args ...any) {
	g.said = append(g.said, Note{Level: level, Message: fmt.Sprintf(format, args...), At: g.at()})
}

// count adds up what is said once for the whole document.
func (g *gathered) count(what string) {
	if g.counted == nil {
		g.counted = map[string]int{}
	}
	g.counted[what]++
}

// pass remembers the words of a paragraph as the place of what follows.
func (g *gathered) pass(text string) {
	text = strings.Join(strings.FieldsFunc(text, blank), " ")
	if text == "" {
		return
	}
	g.place = shorten(text, 18)
}

func (g *gathered) at() string {
	if g.place == "" {
		return "文件开头"
	}
	return "“" + g.place + "”附近"
}

func shorten(s string, n int) string {
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	return string([]rune(s)[:n]) + "…"
}

// shown are the pictures that are still in the text.
func (g *gathered) shown() []Picture {
	var list []Picture
	for i, p := range g.pictures {
		if g.used[i+1] && p.Data != nil { // what is ours already needs no upload
			list = append(list, *p)
		}
	}
	return list
}

// report is what was said, with the sums at the end.
func (g *gathered) report() []Note {
	list := g.said
	for _, c := range []struct{ key, sentence string }{
		{"under", "%d 处下划线没有保留：网页上有下划线的文字会被当成链接。"},
		{"hidden", "%d 处隐藏文字没有导入。"},
		{"link", "%d 个链接指向电脑里的文件或不安全的地址，只留下了文字。"},
		{"symbol", "%d 个特殊符号没有对应的字，已换成“□”。"},
	} {
		if n := g.counted[c.key]; n > 0 {
			level := Dropped
			if c.key == "symbol" {
				level = Check
			}
			list = append(list, Note{Level: level, Message: fmt.Sprintf(c.sentence, n)})
		}
	}
	return list
}

// blank is white space of any width, and marks that nobody sees.
func blank(r rune) bool {
	switch r {
	case ' ', '\t', '\n', '\r', '\v', '\f', 0x85, 0xA0, 0x3000, 0x202F, 0x205F, 0x1680:
		return true
	}
	return r >= 0x2000 && r <= 0x200A || invisible(r)
}

// invisible are characters that only tell where a line may break or which way
// the text runs; one of them in the middle of a word hides it from search.
func invisible(r rune) bool {
	switch {
	case r == 0xAD, r == 0xFEFF, r == 0x2060, r == 0x200B, r == 0x200C, r == 0x200E, r == 0x200F, r == 0x061C:
		return true
	case r >= 0x202A && r <= 0x202E, r >= 0x2066 && r <= 0x2069, r >= 0xFFF9 && r <= 0xFFFB:
		return true
	}
	return r < 0x20 && r != '\t' && r != '\n' || r >= 0x7F && r < 0xA0 || r&0xFFFE == 0xFFFE || r >= 0xFDD0 && r <= 0xFDEF
}

// visible drops what nobody sees, and makes every narrow space one kind.
func visible(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == 0x2028 || r == 0x2029 || r == 0x0B:
			return '\n'
		case invisible(r):
			return -1
		case r == '\t' || r == 0xA0 || r == 0x202F || r >= 0x2000 && r <= 0x200A || r == 0x205F || r == '\r' || r == '\n':
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
}
