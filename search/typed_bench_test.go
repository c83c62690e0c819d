package search

import (
	"math/rand/v2"
	"strings"
	"testing"
)

// garbage are the worst texts for reading pinyin, of as many letters as a question
// may have.
func garbage() map[string]string {
	rng := rand.New(rand.NewPCG(1, 2))
	random := make([]byte, maxQuestion)
	for i := range random {
		random[i] = byte('a' + rng.IntN(26))
	}
	return map[string]string{
		"random":    string(random),
		"a":         strings.Repeat("a", maxQuestion),
		"syllables": strings.Repeat("shi", maxQuestion)[:maxQuestion],
		"initials":  strings.Repeat("zhsh", maxQuestion)[:maxQuestion],
		"pinyin":    strings.Repeat("gongshangrendinglaodonghetong", 10)[:maxQuestion],
		"spaces":    strings.Repeat("g s ", maxQuestion)[:maxQuestion],
		"mixed":     strings.Repeat("工gong伤s", maxQuestion)[:20*len("工gong伤s")],
	}
}

// BenchmarkGarbage searches for them.
func BenchmarkGarbage(b *testing.B) {
	x := seeded(b)
	for name, text := range garbage() {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if _, err := x.Search(b.Context(), Query{Text: text}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
