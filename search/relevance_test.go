package search

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
)

// question and its targets, as a line of relevance.txt gives them.
type wanted struct {
	query   string
	targets []string
	mended  bool // it is not meant as it is typed
}

func readRelevance(t testing.TB) (list []wanted) {
	t.Helper()
	b, err := os.ReadFile("testdata/relevance.txt")
	if err != nil {
		t.Fatal(err)
	}
	mended := false
	for i, line := range strings.Split(string(b), "\n") {
		if strings.HasPrefix(line, "# ") {
			mended = strings.HasSuffix(line, "typing errors")
		}
		if line = strings.TrimSpace(line); line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		query, targets, ok := strings.Cut(line, " => ")
		if !ok {
			t.Fatalf("relevance.txt:%d: no target", i+1)
		}
		w := wanted{query: query, mended: mended}
		for _, target := range strings.Split(targets, ";") {
			w.targets = append(w.targets, strings.TrimSpace(target))
		}
		list = append(list, w)
	}
	return list
}

// needsLaws reports that a target is out of reach without the texts of laws.
func (w wanted) needsLaws() bool {
	for _, target := range w.targets {
		for _, a := range strings.Split(target, "|") {
			if strings.HasPrefix(strings.TrimPrefix(a, "="), "/laws/") || strings.HasPrefix(a, "article") || strings.HasPrefix(a, "law ") {
				return true
			}
		}
	}
	return false
}

// at is the place of a target among the hits, from 0; -1 when it is not there.
func at(r Result, target string) int {
	best := -1
	for _, one := range strings.Split(target, "|") {
		kind, title, _ := strings.Cut(one, " ")
		i := slices.IndexFunc(r.Hits, func(h Hit) bool {
			return h.Path == one || h.Kind == kind && strings.Contains(text(h.Title), title)
		})
		if i >= 0 && (best < 0 || i < best) {
			best = i
		}
	}
	return best
}

// miss says what is wrong with a result; "" when nothing is.
func (w wanted) miss(r Result) string {
	for i, target := range w.targets {
		if path, exact := strings.CutPrefix(target, "="); exact {
			if r.Exact == nil || r.Exact.Path != path {
				return "does not open " + path
			}
			continue
		}
		if target == "none" {
			if r.Total > 0 {
				return fmt.Sprintf("finds %d", r.Total)
			}
			continue
		}
		limit := 3
		if i > 0 {
			limit = 10
		}
		if n := at(r, target); n < 0 || n >= limit {
			return fmt.Sprintf("has %s at %d", target, n+1)
		}
	}
	return ""
}

func TestRelevance(t *testing.T) {
	x := starterIndex(t)
	_, laws := lawTexts()
	asked, firsts := 0, 0
	for _, w := range readRelevance(t) {
		if !laws && w.needsLaws() {
			if os.Getenv("CI") != "" {
				t.Fatal("no texts of laws at ../shared/laws")
			}
			continue
		}
		r, err := x.Search(t.Context(), Query{Text: w.query})
		if err != nil {
			t.Errorf("%s: %v", w.query, err)
			continue
		}
		asked++
		if miss := w.miss(r); miss != "" {
			var got strings.Builder
			for _, h := range r.Hits[:min(5, len(r.Hits))] {
				fmt.Fprintf(&got, "\n    %5.1f %s %s", h.Score, h.Path, text(h.Title))
			}
			t.Errorf("%s %s%s", w.query, miss, got.String())
		} else if strings.HasPrefix(w.targets[0], "=") || w.targets[0] == "none" || at(r, w.targets[0]) == 0 {
			firsts++
		}
	}
	t.Logf("%d queries, %d with the expected hit first", asked, firsts)
	enough := 200
	if !laws {
		enough = 150 // citations and the like were left out
	}
	if asked < enough {
		t.Errorf("only %d queries", asked)
	}
	if firsts*100 < 90*asked {
		t.Errorf("only %d of %d have the expected hit first", firsts, asked)
	}
}
