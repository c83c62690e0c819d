package search

import (
	"fmt"
	"slices"
	"testing"
)

// Two nodes index in different order; who turns the page on the other one must
// see every hit once.
func TestEqualHitsStandInOneOrderEverywhere(t *testing.T) {
	var articles []Article
	for i := range 12 {
		articles = append(articles, Article{ID: fmt.Sprint("a", i), Law: fmt.Sprintf("示例%c法", '甲'+rune(i)), Article: "第一条", Text: "拖欠劳动报酬的，加付赔偿金。"})
	}
	order := func() (ids []string) {
		c, err := BuildCorpus(t.Context(), CorpusConfig{Dir: t.TempDir()}, given(articles...))
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		for page := 1; page <= 3; page++ {
			r, err := c.Search(t.Context(), Query{Text: "劳动报酬", Page: page, Size: 5})
			if err != nil {
				t.Fatal(err)
			}
			for _, h := range r.Hits {
				ids = append(ids, h.ID)
			}
		}
		return ids
	}
	one := order()
	slices.Reverse(articles)
	if other := order(); len(one) != 12 || !slices.Equal(one, other) {
		t.Errorf("one node has %v, another %v", one, other)
	}
}
