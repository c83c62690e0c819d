package markdown

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// plain collects running text: white space shrinks to one space, and to
// nothing where it is a line break between Chinese characters.
type plain struct {
	b    strings.Builder
	gap  gap
	last rune
	mute int // above 0: what comes is not for us
}

// gap is the white space seen since the last character, the widest kind wins.
type gap uint8

const (
	none gap = iota
	softGap
	spaceGap
	lineGap
)

func (p *plain) add(s string) {
	if p.mute > 0 {
		return
	}
	for _, r := range s {
		switch {
		case r == '\n':
			p.gap = max(p.gap, softGap)
		case r == ' ' || r == '\t' || r == '\u00A0':
			p.gap = max(p.gap, spaceGap)
		case !unprintable(r):
			p.settle(r)
			p.b.WriteRune(r)
			p.last = r
		}
	}
}

func (p *plain) settle(next rune) {
	switch g := p.gap; {
	case p.last == 0 || g == none:
	case g == lineGap:
		p.b.WriteByte('\n')
	case g == spaceGap || !isChinese(p.last) || !isChinese(next):
		p.b.WriteByte(' ')
	}
	p.gap = none
}

func (p *plain) space()         { p.gap = max(p.gap, spaceGap) }
func (p *plain) line()          { p.gap = lineGap }
func (p *plain) String() string { return p.b.String() }

// unprintable are the code points HTML may not hold.
func unprintable(r rune) bool {
	return r < 0x20 && r != '\n' && r != '\t' || 0x7F <= r && r < 0xA0 || r&0xFFFE == 0xFFFE || 0xFDD0 <= r && r <= 0xFDEF
}

// Excerpt puts the beginning of a Document's Text on one line of at most n
// characters. It ends with a sentence if one ends in the second half, else with ….
func Excerpt(text string, n int) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if last, _ := utf8.DecodeLastRuneInString(b.String()); b.Len() > 0 && !(isChinese(last) && unicode.IsPunct(last)) {
			b.WriteByte(' ')
		}
		b.WriteString(line)
		if b.Len() > 4*n {
			break
		}
	}
	runes := []rune(b.String())
	if len(runes) <= n {
		return string(runes)
	}
	for i := n; i > n/2; i-- {
		if strings.ContainsRune("。！？", runes[i-1]) {
			return string(runes[:i])
		}
	}
	return strings.TrimRight(string(runes[:max(n-1, 0)]), " ，、：；（《“") + "…"
}

// ids are the ids a document has, each with the number its next double gets.
type ids map[string]int

// take claims an id; false when it is taken.
func (s ids) take(id string) bool {
	if s[id] > 0 {
		return false
	}
	s[id] = 2
	return true
}

// forHeading claims an id made of the heading's words. The second heading of
// the same words gets -2: adding a section later never moves an older anchor
// above it.
func (s ids) forHeading(text string) string {
	id := slug(text)
	for !s.take(id) {
		base := slug(text)
		id = base + "-" + strconv.Itoa(s[base])
		s[base]++
	}
	return id
}

// maxSlug is the most characters of an anchor; addresses get copied into chats.
const maxSlug = 40

// slug keeps letters and digits of all scripts, lower case, with a hyphen for
// anything between. A slug of ASCII alone gets the prefix s-, because the ids
// of page and theme are ASCII and `## Main` must not become a second #main.
func slug(text string) string {
	var b strings.Builder
	ascii, gap, n := true, false, 0
	for _, r := range strings.ToLower(text) {
		if !unicode.IsLetter(r) && !unicode.IsNumber(r) {
			gap = b.Len() > 0
			continue
		}
		if n == maxSlug {
			break
		}
		if gap {
			b.WriteByte('-')
			gap = false
		}
		b.WriteRune(r)
		n++
		ascii = ascii && r < utf8.RuneSelf
	}
	switch {
	case b.Len() == 0: // a heading of signs only
		return "s-section"
	case ascii:
		return "s-" + b.String()
	}
	return b.String()
}
