package search

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// tokenKind says what a token is, and so how much a match of it tells.
type tokenKind uint8

const (
	charToken    tokenKind = iota // one Chinese character
	pairToken                     // two neighbours that are no word we know
	wordToken                     // a word of the dictionary
	latinToken                    // letters and digits: 12348, n+1, gps
	numberToken                   // a quantity in one form: 30日 for 三十日
	articleToken                  // a place in a law: 第39条 for 第三十九条 and 39条
)

// token is a term and where it stands, [from, to) in the folded text.
type token struct {
	term     string
	from, to int
	kind     tokenKind
}

// analyzer cuts text into tokens, the same way for documents and for questions.
type analyzer struct {
	folder *folder
	words  *dictionary
}

func newAnalyzer() *analyzer {
	f := newFolder()
	return &analyzer{folder: f, words: newDictionary(f)}
}

func (a *analyzer) fold(text string) *folded { return a.folder.fold(text) }

// maxLatin bounds a token that is no Chinese, in characters: longer ones are cut.
const maxLatin = 40

// tokens gives all tokens of a text in one pass. They overlap: each Chinese
// character, each pair of neighbours and each dictionary word is one; only a
// place in a law, which is never cut, stands alone.
func (a *analyzer) tokens(f *folded, emit func(token)) {
	spoken := 0 // where the last quantity ends
	apart := -1 // the pair here is of two words
	for i := 0; i < f.len(); {
		r := f.rune(i)
		if term, n := articleAt(f, i); n > 0 {
			emit(token{term, i, i + n, articleToken})
			i += n
			continue
		}
		quantity := token{kind: numberToken}
		if i >= spoken && (isHan(r) || isDigit(r)) {
			term, n, next := quantityAt(f, i)
			quantity.term, quantity.from, quantity.to = term, i, i+n
			spoken = next
		}
		at := i
		switch {
		case isHan(r):
			emit(token{f.slice(i, i+1), i, i + 1, charToken})
			i++
		case isLatin(r):
			i = latinAt(f, i, emit)
		default:
			i++
		}
		if quantity.term != "" {
			emit(quantity)
		}
		if isHan(r) {
			apart = a.wordsAt(f, at, apart, emit)
		}
	}
}

// wordsAt gives the pair and the words that begin with the Chinese character at i,
// but for a pair at apart, such as the 裁员 in 仲裁员. It returns where the next of
// these is.
func (a *analyzer) wordsAt(f *folded, i, apart int, emit func(token)) int {
	if i+1 >= f.len() || !isHan(f.rune(i+1)) {
		return apart
	}
	if _, n := articleAt(f, i+1); n > 0 {
		return apart
	}
	word, begins := a.words.words[f.slice(i, i+2)]
	kind := pairToken
	if word {
		kind = wordToken
	}
	if i != apart {
		emit(token{f.slice(i, i+2), i, i + 2, kind})
	}
	for n := 3; begins && i+n <= f.len(); n++ {
		s := f.slice(i, i+n)
		if word, begins = a.words.words[s]; word {
			emit(token{s, i, i + n, wordToken})
			if first, parted := a.words.bars[s]; parted {
				apart = i + first - 1
			}
		}
	}
	return apart
}

// latinAt takes the run of letters and digits at i and returns its end.
func latinAt(f *folded, i int, emit func(token)) int {
	end, digits := i, true
	for end < f.len() && end-i < maxLatin {
		r := f.rune(end)
		if !isLatin(r) && !joins(f, i, end) {
			break
		}
		digits = digits && (isDigit(r) || r == '.' || r == ',')
		end++
	}
	term := f.slice(i, end)
	if digits {
		term = strings.ReplaceAll(term, ",", "")
	}
	emit(token{term, i, end, latinToken})
	return end
}

// joins reports whether the sign at i belongs to what stands around it: 2.5,
// 10,000, N+1.
func joins(f *folded, start, i int) bool {
	if i == start || i+1 >= f.len() {
		return false
	}
	before, after := f.rune(i-1), f.rune(i+1)
	switch f.rune(i) {
	case '.':
		return isDigit(before) && isDigit(after)
	case ',':
		return isDigit(before) && i+3 < f.len() && isDigit(after) && isDigit(f.rune(i+2)) && isDigit(f.rune(i+3)) &&
			(i+4 >= f.len() || !isDigit(f.rune(i+4)))
	case '+':
		return isLatin(before) && isLatin(after)
	}
	return false
}

func isDigit(r rune) bool { return '0' <= r && r <= '9' }

// isLatin reports a letter or digit of a script that puts spaces between words
// (and kana, whose runs are kept whole).
func isLatin(r rune) bool {
	if r < utf8.RuneSelf {
		return 'a' <= r && r <= 'z' || isDigit(r)
	}
	return !isHan(r) && (unicode.IsLetter(r) || unicode.IsDigit(r))
}

func isHan(r rune) bool {
	switch {
	case r < 0x3400:
		return r == '〇' || r == '々'
	case r < 0xA000:
		return r < 0x4DC0 || r >= 0x4E00
	}
	return 0xF900 <= r && r < 0xFB00 || 0x20000 <= r && r < 0x40000
}
