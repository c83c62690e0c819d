package main

import (
	"cmp"
	"context"
	"iter"
	"slices"

	"github.com/songfa/songfa/search"
)

// engine is one way to search: how to build its index in a folder, and how to
// open it again.
type engine struct {
	build func(ctx context.Context, s settings, articles iter.Seq2[search.Article, error]) error
	open  func(ctx context.Context, s settings) (*searcher, error)
}

var engines = map[string]*engine{"songfa": &songfa, "stock": &stock}

// searcher is an open index.
type searcher struct {
	// page does all that a reader's page of results needs, the snippets too.
	page func(ctx context.Context, text string) error
	// hits ranks up to n articles.
	hits   func(ctx context.Context, text string, n int) ([]hit, error)
	close  func() error
	loaded search.Loaded
}

type hit struct {
	id    string
	score float64
}

// settle orders neighbours of one score by id: an engine's own order of these
// depends on how its build was scheduled, and a run would differ from the next.
// Scores that differ in the last digits are one: Bleve adds them up in any order.
func settle(hits []hit) {
	for from := 0; from < len(hits); {
		to := from + 1
		for to < len(hits) && float32(hits[to].score) == float32(hits[from].score) {
			to++
		}
		slices.SortFunc(hits[from:to], func(a, b hit) int { return cmp.Compare(a.id, b.id) })
		from = to
	}
}

// pageSize is how many hits a reader sees.
const pageSize = 10

var songfa = engine{
	build: func(ctx context.Context, s settings, articles iter.Seq2[search.Article, error]) error {
		c, err := search.BuildCorpus(ctx, search.CorpusConfig{Dir: s.dir, Without: s.without}, articles)
		if err != nil {
			return err
		}
		return c.Close()
	},
	open: func(ctx context.Context, s settings) (*searcher, error) {
		c, err := search.OpenCorpus(ctx, search.CorpusConfig{Dir: s.dir, Without: s.without})
		if err != nil {
			return nil, err
		}
		return &searcher{
			page: func(ctx context.Context, text string) error {
				_, err := c.Search(ctx, search.Query{Text: text, Size: pageSize})
				return err
			},
			hits: func(ctx context.Context, text string, n int) ([]hit, error) {
				r, err := c.Search(ctx, search.Query{Text: text, Size: n})
				list := make([]hit, len(r.Hits))
				for i, h := range r.Hits {
					list[i] = hit{h.ID, h.Score}
				}
				return list, err
			},
			close:  c.Close,
			loaded: c.Loaded(),
		}, nil
	},
}
