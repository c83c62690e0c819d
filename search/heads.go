package search

import (
	"context"
	"slices"
	"strings"

	"github.com/songfa/songfa/content"
	"github.com/songfa/songfa/internal/errs"

	index "github.com/blevesearch/bleve_index_api"
)

// deskPrefix begins the names of the fields of what only the staff may find: the
// newest edition of each document, unless it is what readers find. Bleve keeps terms, their
// frequencies and the lengths of fields by field, so that a view of readers,
// which reads the plain names, cannot find these entries, count them, suggest
// them or let them change a score; nothing has to be filtered, or forgotten.
const deskPrefix = "~"

const headPrefix = "head/"

func headID(id string) string { return headPrefix + id }

// documentOf is the document of an entry.
func documentOf(entry string) string { return entry[strings.IndexByte(entry, '/')+1:] }

// moveTo renames all fields.
func (d *document) moveTo(prefix string) {
	for _, f := range d.fields {
		f.name = prefix + f.name
	}
}

// headEntry is what the staff finds of a document.
func headEntry(l content.Live) *entry {
	e := documentEntry(l)
	e.id, e.desk, e.revises = headID(l.Document.ID), true, l.Live == content.Published
	e.suggest = []string{l.Title} // the words of titles are read from pinyin
	return e
}

func (x *Index) indexHeads(ctx context.Context, w *writer, ids []string) error {
	heads, err := x.cfg.Content.HeadsByIDs(ctx, ids)
	if err != nil {
		return err
	}
	missing := slices.Clone(ids)
	for _, l := range heads {
		missing = slices.DeleteFunc(missing, func(id string) bool { return id == l.Document.ID })
		if err := w.add(headEntry(l)); err != nil {
			return err
		}
	}
	for _, id := range missing {
		w.delete(headID(id))
	}
	return nil
}

func (x *Index) eachHead(ctx context.Context, add func(*entry) error) error {
	return inPages(readDocuments, func(after string, n int) ([]content.Live, error) {
		return x.cfg.Content.EachHead(ctx, after, n)
	}, func(l content.Live) (string, error) {
		return l.Document.ID, add(headEntry(l))
	})
}

// Documents finds documents for the staff by their newest edition, drafts
// included: their ids, the best first, at most 1,000, never nil. Who may see them
// is for the caller to decide. kind narrows it, "" does not. It is Invalid when
// the text holds nothing to look for, and Unavailable while there is no index.
func (d *Desk) Documents(ctx context.Context, text, kind string) ([]string, error) {
	return d.index.documents(ctx, Query{Text: text, Kind: kind})
}

func (x *Index) documents(ctx context.Context, q Query) (ids []string, err error) {
	defer errs.Wrap(&err, "search for staff")
	if err := q.normalise(); err != nil {
		return nil, err
	}
	asked, err := x.understand(q.Text)
	if err != nil {
		return nil, err
	}
	err = x.read(func(readers *view) error {
		v, err := readers.forStaff()
		if err != nil {
			return err
		}
		m, err := x.mean(v, asked, q)
		if err != nil {
			return err
		}
		for _, asked := range []*question{m.asked, asked, m.try} { // as meant, as typed, as it may be meant
			if asked == nil || len(ids) > 0 {
				continue
			}
			if ids, err = x.headsOf(ctx, v, asked, q); err != nil {
				return err
			}
		}
		return nil
	})
	if ids == nil {
		ids = []string{}
	}
	return ids, err
}

func (x *Index) headsOf(ctx context.Context, v *view, asked *question, q Query) (ids []string, err error) {
	s, err := v.score(ctx, asked)
	defer v.recycle(s)
	if err != nil {
		return nil, err
	}
	today := dayOf(x.cfg.Now())
	hits := best(v.sift(asked, s, q, today).hits, candidates)
	if err := v.refine(asked, s, hits, today); err != nil {
		return nil, err
	}
	for _, h := range hits {
		id, err := v.reader.ExternalID(index.NewIndexInternalID(nil, uint64(h.doc)))
		if err != nil {
			return nil, err
		}
		ids = append(ids, documentOf(id))
	}
	return ids, nil
}
