package search

import (
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/songfa/songfa/content/law"
)

// analysisCase is a line of analysis.txt.
type analysisCase struct {
	line  int
	texts []string // several are spellings of one
	want  string
}

// readAnalysis reads the table. Escapes are those of Go: \u200b, \n.
func readAnalysis(t *testing.T) (list []analysisCase) {
	t.Helper()
	b, err := os.ReadFile("testdata/analysis.txt")
	if err != nil {
		t.Fatal(err)
	}
	for i, line := range strings.Split(string(b), "\n") {
		if line == "" || strings.HasPrefix(line, "# ") || line == "#" {
			continue
		}
		texts, want, ok := strings.Cut(line, " =>")
		if !ok {
			t.Fatalf("analysis.txt:%d: no tokens", i+1)
		}
		c := analysisCase{line: i + 1, want: strings.TrimSpace(want)}
		for _, text := range strings.Split(texts, " = ") {
			plain, err := strconv.Unquote(`"` + strings.ReplaceAll(text, `"`, `\"`) + `"`)
			if err != nil {
				t.Fatalf("analysis.txt:%d: %s: %v", i+1, text, err)
			}
			c.texts = append(c.texts, plain)
		}
		list = append(list, c)
	}
	return list
}

// exact is what analysis makes of a text, without characters, pairs and words:
// what must be the same in all spellings.
func exact(a *analyzer, text string) string {
	var parts []string
	a.tokens(a.fold(text), func(t token) {
		switch t.kind {
		case articleToken:
			parts = append(parts, "<"+t.term+">")
		case numberToken:
			parts = append(parts, "("+t.term+")")
		}
	})
	return strings.Join(parts, " ")
}

func TestAnalysisTable(t *testing.T) {
	a := newAnalyzer()
	cases, spellings := 0, 0
	for _, c := range readAnalysis(t) {
		see := cut
		if len(c.texts) > 1 {
			see = exact
			spellings++
		}
		for _, text := range c.texts {
			cases++
			if got := see(a, text); got != c.want {
				t.Errorf("analysis.txt:%d: %q\n got %s\nwant %s", c.line, text, got, c.want)
			}
		}
	}
	if cases < 200 || spellings < 30 {
		t.Errorf("only %d cases, %d of them in several spellings", cases, spellings)
	}
}

// What digits say, Chinese digits say as well, with and without 万.
func TestAmountsAgree(t *testing.T) {
	a := newAnalyzer()
	for n := 1; n <= 9999; n++ {
		for text, want := range map[string]int{
			law.FormatNumeral(n) + "元":                                      n,
			law.FormatNumeral(n) + "万元":                                     n * 10_000,
			strconv.Itoa(n) + "万元":                                          n * 10_000,
			"三万" + zeroBefore(n) + law.FormatNumeral(n) + "元":               30_000 + n,
			"拖欠" + law.FormatNumeral(n) + "块":                               n,
			strconv.Itoa(n/100) + "." + strconv.Itoa(n%100 + 100)[1:] + "万": n * 100,
		} {
			if got := exact(a, text); got != "("+strconv.Itoa(want)+"元)" && n >= 100 {
				t.Fatalf("%s is %s, want %d", text, got, want)
			}
		}
	}
}

// zeroBefore is the 零 of 三万零五十.
func zeroBefore(n int) string {
	if n < 1000 {
		return "零"
	}
	return ""
}

// The pair across a bar of the dictionary is no token of that word, but is one
// elsewhere.
func TestPartedWords(t *testing.T) {
	a := newAnalyzer()
	if len(a.words.bars) < 3 {
		t.Fatalf("only %d parted words", len(a.words.bars))
	}
	has := func(text, term string) (found bool) {
		a.tokens(a.fold(text), func(t token) { found = found || t.term == term })
		return found
	}
	for word, first := range a.words.bars {
		r := []rune(word)
		across := string(r[first-1 : first+1])
		if has(word, across) || has("某某"+word+"某某", across) {
			t.Errorf("%s is found by %s", word, across)
		}
		if !has(word, string(r[:first])) && first > 1 || !has(word, word) || !has(across, across) {
			t.Errorf("%s is not found by its parts, or %s not by itself", word, across)
		}
	}
	if !has("仲裁裁员", "裁员") {
		t.Error("a pair beside a parted word is lost")
	}
}
