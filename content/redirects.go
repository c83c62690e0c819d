package content

import (
	"context"

	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/errs"
)

// Redirect is an address that was.
type Redirect struct {
	From string // root-relative
	To   string // root-relative or whole; "" when it is gone
}

// Redirects lists the addresses that documents had, with where their readers are
// sent today, by kind and slug.
func (s *Store) Redirects(ctx context.Context) (_ []Redirect, err error) {
	defer errs.Wrap(&err, "list redirects")
	var rows []struct {
		Kind    Kind   `db:"kind"`
		Slug    string `db:"slug"`
		Target  string `db:"target"`
		DocKind Kind   `db:"doc_kind"`
		DocSlug string `db:"doc_slug"`
	}
	err = db.Select(ctx, s.cfg.DB.Reader(), &rows, `SELECT r.kind, r.slug, r.target, coalesce(d.kind, '') AS doc_kind, coalesce(d.slug, '') AS doc_slug
		FROM redirects r LEFT JOIN documents d ON d.id = r.document_id
		UNION ALL SELECT kind, slug, moved_to, '', '' FROM documents WHERE live_state = 'unpublished' ORDER BY 1, 2`)
	list := make([]Redirect, len(rows))
	for i, r := range rows {
		list[i] = Redirect{Address(r.Kind, r.Slug), r.Target}
		if r.DocSlug != "" {
			list[i].To = Address(r.DocKind, r.DocSlug)
		}
	}
	return list, err
}
