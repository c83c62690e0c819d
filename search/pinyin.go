package search

import (
	_ "embed" // for the table of sounds
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

//go:embed pinyin.txt
var pinyinText string

// sound is a syllable without its tone, a place in pinyin.names; noSound is none.
type sound uint16

const noSound sound = 0

// pinyin knows how characters are read. ü is v, as it is typed.
type pinyin struct {
	names []string                 // by sound; "" for noSound
	chars [][]rune                 // by sound, frequent ones first
	first [hanEnd - hanStart]sound // the common reading
	more  map[rune][]sound         // all readings of characters that have several
	alike []sound                  // by sound: the first of those that dialects confuse it with
	kin   [][]sound                // by sound: the others of these
	mates map[rune][]rune          // characters that look alike
	sound map[string]sound         // by name
	heads map[string]struct{}      // beginnings of names
}

func newPinyin() *pinyin {
	p := &pinyin{names: []string{""}, chars: [][]rune{nil}, more: map[rune][]sound{}, sound: map[string]sound{}, mates: map[rune][]rune{}}
	for line := range strings.Lines(pinyinText) {
		if !strings.HasPrefix(line, "#") {
			p.addSyllable(strings.Fields(line))
		}
	}
	for r := range p.more {
		p.more[r] = append([]sound{p.first[r-hanStart]}, p.more[r]...)
	}
	p.confuse()
	for _, group := range looksAlike {
		for _, r := range group {
			for _, other := range group {
				if other != r {
					p.mates[r] = append(p.mates[r], other)
				}
			}
		}
	}
	return p
}

// addSyllable takes a line of the table: the syllable, who is mostly read so, who
// sometimes.
func (p *pinyin) addSyllable(line []string) {
	if len(line) < 2 {
		return
	}
	name, s := line[0], sound(len(p.names))
	p.names, p.chars, p.sound[name] = append(p.names, name), append(p.chars, nil), s
	for i, chars := range line[1:] {
		for _, r := range chars {
			switch {
			case r < hanStart || r >= hanEnd: // the - for none
				continue
			case i == 0:
				p.first[r-hanStart] = s
			default:
				p.more[r] = append(p.more[r], s)
			}
			p.chars[s] = append(p.chars[s], r)
		}
	}
}

// readings are how a character may be read, the common one first; none for what
// is no Chinese or too rare.
func (p *pinyin) readings(r rune) []sound {
	if list := p.more[r]; list != nil {
		return list
	}
	if r < hanStart || r >= hanEnd || p.first[r-hanStart] == noSound {
		return nil
	}
	return p.first[r-hanStart : r-hanStart+1]
}

// reading is the common one.
func (p *pinyin) reading(r rune) sound {
	if r < hanStart || r >= hanEnd {
		return noSound
	}
	return p.first[r-hanStart]
}

// maxReadings bounds in how many ways one word is read: 行长行长 has sixteen.
const maxReadings = 4

// spell gives the ways to read a word; none when it is empty or not all Chinese.
func (p *pinyin) spell(word string) [][]sound {
	if word == "" {
		return nil
	}
	ways := [][]sound{make([]sound, 0, len(word)/len("工"))}
	for _, r := range word {
		list := p.readings(r)
		if len(list) == 0 {
			return nil
		}
		n := len(ways)
		for _, s := range list[1:] {
			for _, way := range ways[:n] {
				if len(ways) < maxReadings {
					ways = append(ways, append(slices.Clone(way), s))
				}
			}
		}
		for i := range ways[:n] {
			ways[i] = append(ways[i], list[0])
		}
	}
	return ways
}

// letters writes sounds as they are typed.
func (p *pinyin) letters(sounds []sound) string {
	var b strings.Builder
	for _, s := range sounds {
		b.WriteString(p.names[s])
	}
	return b.String()
}

// maxSyllable is the length of zhuang.
const maxSyllable = 6

// asTyped takes the marks off letters (gōng, lǜ) and writes ü as v; "" when
// there is anything but letters of pinyin.
func asTyped(word string) string {
	plain := true
	for i := range len(word) {
		plain = plain && 'a' <= word[i] && word[i] <= 'z'
	}
	if plain {
		return word
	}
	var b strings.Builder
	for _, r := range norm.NFD.String(strings.ToLower(word)) {
		switch {
		case 'a' <= r && r <= 'z':
			b.WriteRune(r)
		case r == '\u0308' && strings.HasSuffix(b.String(), "u"):
			s := b.String()
			b.Reset()
			b.WriteString(s[:len(s)-1] + "v")
		case !unicode.Is(unicode.Mn, r):
			return ""
		}
	}
	return b.String()
}
