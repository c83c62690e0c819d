package search

import (
	index "github.com/blevesearch/bleve_index_api"
)

// batchBytes is how much text goes into one batch. Analysing takes some fifty
// times as much memory for a moment, so this bounds what a build needs.
const batchBytes = 512 << 10

// writer gathers entries and writes them to a shelf in batches.
type writer struct {
	analyzer *analyzer
	shelf    *shelf
	batch    *index.Batch
	bytes    int
}

func (x *Index) newWriter(s *shelf) *writer {
	return &writer{analyzer: x.analyzer, shelf: s, batch: index.NewBatch()}
}

func (w *writer) add(e *entry) error {
	d, err := w.analyzer.document(e)
	if err != nil {
		return err
	}
	w.batch.Update(d)
	if w.bytes += e.size(); w.bytes < batchBytes {
		return nil
	}
	return w.flush(nil)
}

func (w *writer) delete(id string) { w.batch.Delete(id) }

// flush writes what is gathered. A state goes with the last batch of what it is
// about: after a crash the earlier ones are simply written again.
func (w *writer) flush(st *state) error {
	err := w.shelf.write(w.batch, st)
	w.batch, w.bytes = index.NewBatch(), 0
	return err
}
