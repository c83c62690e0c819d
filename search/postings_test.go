package search

import (
	"slices"
	"testing"
)

// A document has a phrase as much as the least of its pairs, and in its title
// only when all of them are.
func TestPhraseIsAsMuchAsItsLeastPair(t *testing.T) {
	a := &postings{docs: []uint32{1, 4, 7, 9}, impacts: []impact{newImpact(.5, true), newImpact(.2, true), newImpact(.1, false), newImpact(.9, false)}}
	b := &postings{docs: []uint32{0, 4, 5, 6, 7, 8, 10}, impacts: []impact{1, newImpact(.6, true), 1, 1, newImpact(.05, true), 1, 1}}
	for _, both := range []*postings{a.and(b), b.and(a)} {
		want := []impact{newImpact(.2, true), newImpact(.05, false)}
		if !slices.Equal(both.docs, []uint32{4, 7}) || !slices.Equal(both.impacts, want) {
			t.Errorf("together they are %v %v, want [4 7] %v", both.docs, both.impacts, want)
		}
	}
}
