package search

import (
	_ "embed" // for the synonyms
	"slices"
	"strings"
)

// Two tables: how workers speak, and how people speak of all other law.
var (
	//go:embed synonyms.txt
	workerSynonyms string
	//go:embed synonyms_law.txt
	lawSynonyms string

	synonymsText = workerSynonyms + "\n" + lawSynonyms
)

// synonyms maps what people say to what else it is called.
type synonyms struct {
	others  map[string][]string // folded phrase to its other names
	longest int                 // of the phrases, in characters
	popular []string            // phrases worth completing, sorted
}

func newSynonyms(f *folder, text string) *synonyms {
	s := &synonyms{others: map[string][]string{}}
	for line := range strings.Lines(text) {
		line, _, _ = strings.Cut(line, "#")
		left, right, oneWay := strings.Cut(line, ">")
		from, to := s.fold(f, left), s.fold(f, right)
		if !oneWay {
			to = from
		}
		for _, word := range from {
			for _, other := range to {
				if other != word && !slices.Contains(s.others[word], other) {
					s.others[word] = append(s.others[word], other)
				}
			}
		}
	}
	for word := range s.others {
		s.popular = append(s.popular, word)
	}
	slices.Sort(s.popular)
	return s
}

func (s *synonyms) fold(f *folder, words string) []string {
	var list []string
	for _, w := range strings.Fields(words) {
		folded := f.fold(w)
		s.longest = max(s.longest, folded.len())
		list = append(list, folded.text)
	}
	return list
}

// at finds the longest phrase that begins at i.
func (s *synonyms) at(f *folded, i int) (others []string, n int) {
	for n := min(s.longest, f.len()-i); n > 1; n-- {
		if others, ok := s.others[f.slice(i, i+n)]; ok {
			return others, n
		}
	}
	return nil, 0
}
