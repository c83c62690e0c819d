package search

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestBestAreTheFirstInOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		worths := rapid.SliceOfN(rapid.Float32Range(0, 5), 0, 60).Draw(t, "worths")
		list := make([]ranked, len(worths))
		for i, w := range worths {
			list[i] = ranked{uint32(i), float32(int(w))} // many are equal
		}
		n := rapid.IntRange(0, 70).Draw(t, "n")
		want := slices.Clone(list)
		order(want)
		got := best(list, n)
		order(got)
		if !slices.Equal(got, want[:min(n, len(want))]) {
			t.Fatalf("best %d of %v are %v", n, want, got)
		}
	})
}
