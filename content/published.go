package content

import (
	"context"
	"time"

	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/errs"
)

// FirstPublication is when a document first reached readers; corrections and
// later editions do not move it.
type FirstPublication struct {
	ID    string
	Kind  Kind
	Title string
	At    time.Time
}

// FirstPublished lists what was published for the first time from a moment on
// and before another, oldest first. Single pages (about, privacy) are no news
// and are left out. q is a transaction or a reader.
func (s *Store) FirstPublished(ctx context.Context, q db.Queryer, from, before time.Time) (_ []FirstPublication, err error) {
	defer errs.Wrap(&err, "list first publications")
	var rows []struct {
		ID      string `db:"id"`
		Kind    Kind   `db:"kind"`
		Title   string `db:"title"`
		FirstAt int64  `db:"first_at"`
	}
	err = db.Select(ctx, q, &rows, `SELECT id, kind, title, first_at FROM documents
		WHERE first_at >= $1 AND first_at < $2 AND kind <> $3 ORDER BY first_at, id`, from.UnixMilli(), before.UnixMilli(), Page)
	list := make([]FirstPublication, len(rows))
	for i, r := range rows {
		list[i] = FirstPublication{ID: r.ID, Kind: r.Kind, Title: r.Title, At: time.UnixMilli(r.FirstAt)}
	}
	return list, err
}
