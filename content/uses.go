package content

import (
	"context"
	"maps"
	"slices"

	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/errs"
)

// The fields of a use: which text of a document names a stored file.
const (
	UsedLive = "live" // what readers get
	UsedHead = "head" // the edition in work, when it is another
)

// usesBatch is how many documents one transaction derives the uses of.
const usesBatch = 100

// writeUses says which stored files the texts of a document name, in the
// transaction that wrote them. e is the head or the live edition.
func (w *work) writeUses(ctx context.Context, d documentRow, e *Edition) error {
	if w.cfg.Uses == nil {
		return nil
	}
	uses := map[string][]string{}
	for field, id := range map[string]string{UsedLive: d.LiveID, UsedHead: d.HeadID} {
		if id == "" || field == UsedHead && id == d.LiveID {
			continue
		}
		text := e.Text
		if id != e.ID {
			other, err := readEdition(ctx, w.tx, id)
			if err != nil {
				return err
			}
			text = other.Text
		}
		uses[field] = mediaOf(text)
	}
	return w.cfg.Uses(ctx, w.tx, d.ID, uses)
}

// DeriveUses says of every document which stored files it names: once, for an
// installation from before that was kept.
func (s *Store) DeriveUses(ctx context.Context) (err error) {
	defer errs.Wrap(&err, "derive uses")
	for after := ""; ; {
		var ids []string
		err := db.Select(ctx, s.cfg.DB.Reader(), &ids, `SELECT id FROM documents WHERE id > $1 ORDER BY id LIMIT $2`, after, usesBatch)
		if err != nil || len(ids) == 0 {
			return err
		}
		after = ids[len(ids)-1]
		err = s.cfg.DB.Update(ctx, func(ctx context.Context, tx *db.Tx) error {
			w := &work{Store: s, tx: tx, actor: auth.System(), at: s.now()}
			for _, id := range ids {
				d, err := lockDocument(ctx, tx, id)
				if errs.Is(err, errs.NotFound) { // deleted meanwhile
					continue
				}
				if err != nil {
					return err
				}
				head, err := readEdition(ctx, tx, d.HeadID)
				if err != nil {
					return err
				}
				if err := w.writeUses(ctx, d, &head); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
}

// RerenderDocuments makes derived data of these documents anew: a picture that
// they show was replaced, and has other sizes now.
func (s *Store) RerenderDocuments(ctx context.Context, ids []string) (changed int, err error) {
	defer errs.Wrap(&err, "rerender %d documents", len(ids))
	var editions []string
	for chunk := range slices.Chunk(ids, 200) {
		list, args := db.In(0, chunk)
		var some []string
		if err := db.Select(ctx, s.cfg.DB.Reader(), &some, `SELECT e.id FROM editions e JOIN documents d ON d.id = e.document_id AND e.id IN (d.head_id, d.live_id)
			WHERE d.id IN (`+list+`) ORDER BY e.id`, args...); err != nil {
			return 0, err
		}
		editions = append(editions, some...)
	}
	return s.rerenderAll(ctx, editions, "换了图片或附件，更新 %d 篇内容的页面")
}

// Titled is a document in a list of something else's.
type Titled struct {
	ID     string `db:"id"`
	Title  string `db:"title"`
	HeadID string `db:"head_id"`
}

// Titles finds documents by id; those that are gone are left out.
func (s *Store) Titles(ctx context.Context, ids []string) (_ map[string]Titled, err error) {
	defer errs.Wrap(&err, "titles of %d documents", len(ids))
	found := map[string]Titled{}
	for chunk := range slices.Chunk(slices.Sorted(maps.Keys(set(ids))), 200) {
		list, args := db.In(0, chunk)
		var rows []Titled
		if err := db.Select(ctx, s.cfg.DB.Reader(), &rows, `SELECT id, title, head_id FROM documents WHERE id IN (`+list+`)`, args...); err != nil {
			return nil, err
		}
		for _, r := range rows {
			found[r.ID] = r
		}
	}
	return found, nil
}

func set(list []string) map[string]bool {
	m := make(map[string]bool, len(list))
	for _, s := range list {
		m[s] = true
	}
	return m
}
