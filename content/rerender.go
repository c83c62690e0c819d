package content

import (
	"context"
	"fmt"
	"slices"

	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/errs"
	"github.com/songfa/songfa/internal/ledger"
)

// rerenderBatch is how many editions share a transaction.
const rerenderBatch = 50

// Rerender makes derived data anew of the head and live editions that cite one
// of the laws, or a law that was not loaded. It is for after a law import: links
// follow what is loaded now. The texts and versions do not change. It returns
// how many documents changed.
func (s *Store) Rerender(ctx context.Context, lawSlugs []string) (changed int, err error) {
	defer errs.Wrap(&err, "rerender what cites %d laws", len(lawSlugs))
	q := s.cfg.DB.Reader()
	var ids []string
	if err := db.Select(ctx, q, &ids, `SELECT DISTINCT edition_id FROM citations WHERE law_slug = ''`); err != nil {
		return 0, err
	}
	for chunk := range slices.Chunk(lawSlugs, 200) {
		list, args := db.In(0, chunk)
		var some []string
		if err := db.Select(ctx, q, &some, `SELECT DISTINCT edition_id FROM citations WHERE law_slug IN (`+list+`)`, args...); err != nil {
			return 0, err
		}
		ids = append(ids, some...)
	}
	slices.Sort(ids)
	return s.rerenderAll(ctx, slices.Compact(ids), "法规有变，更新 %d 篇内容里的法条链接")
}

// RerenderAll makes derived data of all head and live editions anew, for after
// a release that renders differently.
func (s *Store) RerenderAll(ctx context.Context) (changed int, err error) {
	defer errs.Wrap(&err, "rerender all")
	var ids []string
	err = db.Select(ctx, s.cfg.DB.Reader(), &ids, `SELECT id FROM editions WHERE state <> 'superseded' ORDER BY id`)
	if err != nil {
		return 0, err
	}
	return s.rerenderAll(ctx, ids, "重新生成 %d 篇内容的页面")
}

// rerenderAll works in batches; summary is what the audit says of each.
func (s *Store) rerenderAll(ctx context.Context, ids []string, summary string) (changed int, err error) {
	for chunk := range slices.Chunk(ids, rerenderBatch) {
		n, err := s.rerender(ctx, chunk, summary)
		if err != nil {
			return changed, err
		}
		changed += n
	}
	return changed, nil
}

// rerender renders outside the transaction and writes what is different, unless
// the edition was saved meanwhile and so rendered anyway.
func (s *Store) rerender(ctx context.Context, ids []string, summary string) (int, error) {
	var fresh []Edition
	for _, id := range ids {
		old, err := s.Edition(ctx, id)
		if errs.Is(err, errs.NotFound) {
			continue
		}
		if err != nil {
			return 0, err
		}
		r, err := s.render(ctx, old.Text)
		if err != nil {
			return 0, err
		}
		if !sameRendered(old.Rendered, r.Rendered) {
			old.Rendered = r.Rendered
			fresh = append(fresh, old)
		}
	}
	if len(fresh) == 0 {
		return 0, nil
	}
	n := 0
	err := s.cfg.DB.Update(ctx, func(ctx context.Context, tx *db.Tx) error {
		var changes []ledger.Change
		for _, e := range fresh {
			written, err := replaceRendered(ctx, tx, e)
			if err != nil {
				return err
			}
			change := ledger.Change{Kind: "document", ID: e.DocumentID}
			if written && !slices.Contains(changes, change) {
				changes = append(changes, change)
			}
		}
		if n = len(changes); n > 0 {
			entry := auth.System().Entry("document.rerender", "site:citations", fmt.Sprintf(summary, n))
			s.cfg.Ledger.Record(tx, entry, changes...)
		}
		return nil
	})
	return n, err
}

func replaceRendered(ctx context.Context, tx *db.Tx, e Edition) (bool, error) {
	var d documentRow
	var err error
	if d, err = lockDocument(ctx, tx, e.DocumentID); err != nil {
		return false, ignoreNotFound(err)
	}
	var version int64
	err = db.Get(ctx, tx, &version, `SELECT version FROM editions WHERE id = $1`, e.ID)
	if err != nil || version != e.Version || e.ID != d.HeadID && e.ID != d.LiveID {
		return false, ignoreNotFound(err)
	}
	if err := newEditionRow(e).updateRendered(ctx, tx); err != nil {
		return false, err
	}
	return true, writeCitations(ctx, tx, d, e)
}

func ignoreNotFound(err error) error {
	if errs.Is(err, errs.NotFound) {
		return nil
	}
	return err
}

func sameRendered(a, b Rendered) bool {
	return a.HTML == b.HTML && a.Plain == b.Plain && a.Excerpt == b.Excerpt &&
		slices.Equal(a.TOC, b.TOC) && slices.Equal(a.Basis, b.Basis) && slices.Equal(a.Citations, b.Citations)
}
