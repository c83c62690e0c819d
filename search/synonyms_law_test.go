package search

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// synonymLine is a line of a table, cut.
type synonymLine struct {
	text     string
	from, to []string
	oneWay   bool
}

// synonymLines cuts a table into its lines, without comments and empty ones.
func synonymLines(text string) (lines []synonymLine) {
	for line := range strings.Lines(text) {
		line, _, _ = strings.Cut(line, "#")
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		left, right, oneWay := strings.Cut(line, ">")
		lines = append(lines, synonymLine{line, strings.Fields(left), strings.Fields(right), oneWay})
	}
	return lines
}

// fault is what is wrong with the form of a line; "" for nothing.
func (l synonymLine) fault() string {
	switch {
	case strings.Count(l.text, ">") > 1 || len(l.from) == 0 || l.oneWay && len(l.to) == 0 || !l.oneWay && len(l.from) < 2:
		return "nothing to go from or to"
	case len(l.to) > 5:
		return "so many things to look for bury the question"
	case l.oneWay && len(l.from) == 1 && slices.Equal(l.to, l.from):
		return "a word stands for itself alone"
	}
	return ""
}

// The thesaurus of the law holds what can be recognised and does something.
func TestLawSynonymsAreWellFormed(t *testing.T) {
	lines := synonymLines(lawSynonyms)
	if len(lines) < 600 {
		t.Errorf("%d groups", len(lines))
	}
	for _, l := range lines {
		if fault := l.fault(); fault != "" {
			t.Errorf("%s: %s", fault, l.text)
		}
		for _, w := range l.from {
			if n := utf8.RuneCountInString(w); n < 2 || n > 9 {
				t.Errorf("nobody types %q: %s", w, l.text)
			}
			if l.oneWay && slices.Equal(l.to, []string{w}) {
				t.Errorf("%s stands for itself alone: %s", w, l.text)
			}
		}
	}
}

// No word of the thesaurus stands on two of its lines, and nothing that the
// workers' table says is said again.
func TestLawSynonymsSayNothingTwice(t *testing.T) {
	f := newFolder()
	workers := newSynonyms(f, workerSynonyms)
	on := map[string]string{}
	for _, l := range synonymLines(lawSynonyms) {
		for _, w := range l.from {
			w = f.fold(w).text
			if before, twice := on[w]; twice {
				t.Errorf("%s stands on two lines:\n%s\n%s", w, before, l.text)
			}
			on[w] = l.text
			for _, other := range l.to {
				if slices.Contains(workers.others[w], f.fold(other).text) {
					t.Errorf("the workers' table has %s > %s already", w, other)
				}
			}
		}
	}
}

// What the thesaurus looks for does occur in laws, and not in every other
// article. Without the benchmark's corpus beside the repository this cannot be
// known.
func TestLawSynonymsFindLaw(t *testing.T) {
	file, err := os.Open(filepath.Join("..", "..", "shared", "search", "corpus.jsonl"))
	if err != nil {
		lacking(t, "corpus at ../shared/search")
	}
	defer file.Close()
	const tooMany = 1500 // articles
	seen := map[string]int{}
	for _, l := range synonymLines(lawSynonyms) {
		for _, w := range l.to {
			seen[w] = 0
		}
	}
	byStart := map[string][]string{} // words by their first two characters
	for w := range seen {
		r := []rune(w)
		byStart[string(r[:2])] = append(byStart[string(r[:2])], w)
	}
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 1<<22)
	articles := 0
	for lines.Scan() {
		articles++
		var article struct{ Text string }
		if err := json.Unmarshal(lines.Bytes(), &article); err != nil {
			t.Fatal(err)
		}
		countWords(article.Text, byStart, seen)
	}
	if lines.Err() != nil || articles < 50_000 {
		t.Fatalf("%d articles: %v", articles, lines.Err())
	}
	for w, n := range seen {
		if n == 0 || n > tooMany {
			t.Errorf("%s occurs in %d articles", w, n)
		}
	}
}

// countWords counts each word that occurs in a text once.
func countWords(text string, byStart map[string][]string, seen map[string]int) {
	here := map[string]bool{}
	before := 0 // where the character before begins
	for i := range text {
		if i > 0 {
			_, n := utf8.DecodeRuneInString(text[i:])
			for _, w := range byStart[text[before:i+n]] {
				if strings.HasPrefix(text[before:], w) && !here[w] {
					here[w] = true
					seen[w]++
				}
			}
		}
		before = i
	}
}
