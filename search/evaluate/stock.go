package main

import (
	"context"
	"errors"
	"iter"
	"os"
	"path/filepath"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/analysis/lang/cjk"

	"github.com/songfa/songfa/search"
)

// stock is Bleve as it comes: the default mapping and scoring, with the cjk
// analyzer in place of the English one.
var stock = engine{build: buildStock, open: openStock}

// stockBatch is how many articles go into one batch.
const stockBatch = 1000

func stockPath(dir string) string { return filepath.Join(dir, "stock") }

func buildStock(ctx context.Context, s settings, articles iter.Seq2[search.Article, error]) (err error) {
	m := bleve.NewIndexMapping()
	m.DefaultAnalyzer = cjk.AnalyzerName
	if err := os.RemoveAll(stockPath(s.dir)); err != nil {
		return err
	}
	ix, err := bleve.New(stockPath(s.dir), m)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, ix.Close()) }()
	b := ix.NewBatch()
	for a, err := range articles {
		if err = errors.Join(err, ctx.Err()); err != nil {
			return err
		}
		if err := b.Index(a.ID, map[string]any{"name": a.Law + a.Article, "text": a.Text, "head": a.Head}); err != nil {
			return err
		}
		if b.Size() < stockBatch {
			continue
		}
		if err := ix.Batch(b); err != nil {
			return err
		}
		b.Reset()
	}
	return ix.Batch(b)
}

func openStock(_ context.Context, s settings) (*searcher, error) {
	ix, err := bleve.Open(stockPath(s.dir))
	if err != nil {
		return nil, err
	}
	ask := func(ctx context.Context, text string, n int) (*bleve.SearchResult, error) {
		return ix.SearchInContext(ctx, bleve.NewSearchRequestOptions(bleve.NewMatchQuery(text), n, 0, false))
	}
	return &searcher{
		page: func(ctx context.Context, text string) error { // generous: it loads nothing to show
			_, err := ask(ctx, text, pageSize)
			return err
		},
		hits: func(ctx context.Context, text string, n int) ([]hit, error) {
			r, err := ask(ctx, text, n)
			if err != nil {
				return nil, err
			}
			list := make([]hit, len(r.Hits))
			for i, h := range r.Hits {
				list[i] = hit{h.ID, h.Score}
			}
			return list, nil
		},
		close: ix.Close,
	}, nil
}
