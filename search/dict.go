package search

import (
	_ "embed" // for the dictionary
	"strings"
	"unicode/utf8"
)

//go:embed dict.txt
var dictText string

// dictionary holds words that are worth a term of their own. It is small on
// purpose: pairs find everything, words only weigh what belongs together.
type dictionary struct {
	words map[string]bool // true for a word, false for the beginning of one
	bars  map[string]int  // of words in two parts: characters of the first
}

// maxWord bounds a word, in characters.
const maxWord = 12

func newDictionary(f *folder) *dictionary {
	d := &dictionary{words: make(map[string]bool, 8192), bars: map[string]int{}}
	for line := range strings.Lines(dictText) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		for _, w := range strings.Fields(line) {
			first, rest, parted := strings.Cut(w, "|")
			word := f.fold(first + rest)
			if parted {
				d.bars[word.text] = utf8.RuneCountInString(first)
			}
			d.add(word)
		}
	}
	return d
}

func (d *dictionary) add(w *folded) {
	if w.len() < 2 || w.len() > maxWord {
		return
	}
	for n := 2; n < w.len(); n++ {
		if s := w.slice(0, n); !d.words[s] {
			d.words[s] = false // the beginning of a word
		}
	}
	d.words[w.text] = true
}
