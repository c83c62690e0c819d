package content

import (
	"context"
	"slices"
	"time"

	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/errs"
)

// Inspection says how the site stands at a moment: see Inspect.
func (s *Store) Inspection(ctx context.Context, now time.Time) (_ Inspection, err error) {
	defer errs.Wrap(&err, "inspect the site")
	columns, err := s.Columns(ctx)
	if err != nil {
		return Inspection{}, err
	}
	states, err := s.columnStates(ctx, columns)
	return Inspect(states, now), err
}

// Owed lists the columns of a person that are at half of their time or later.
func (s *Store) Owed(ctx context.Context, actor auth.Actor, now time.Time) (_ []ColumnLight, err error) {
	defer errs.Wrap(&err, "list columns owed")
	columns, err := s.Columns(ctx)
	if err != nil {
		return nil, err
	}
	mine := slices.DeleteFunc(columns, func(c Column) bool { return c.Owner == "" || c.Owner != actor.ID })
	if len(mine) == 0 {
		return nil, nil
	}
	states, err := s.columnStates(ctx, mine)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(Inspect(states, now).Columns, func(c ColumnLight) bool { return !c.Light.Late() }), nil
}

func (s *Store) columnStates(ctx context.Context, columns []Column) ([]ColumnState, error) {
	var rows []struct {
		Column string `db:"live_column"`
		N      int    `db:"n"`
		Last   *int64 `db:"last"`
	}
	err := db.Select(ctx, s.cfg.DB.Reader(), &rows, `SELECT live_column, count(*) AS n, max(live_at) AS last FROM documents
		WHERE live_state = 'published' GROUP BY live_column`)
	states := make([]ColumnState, len(columns))
	for i, c := range columns {
		states[i].Column = c
		for _, r := range rows {
			if r.Column == c.Slug {
				states[i].Documents, states[i].Last = r.N, db.Time(r.Last)
			}
		}
	}
	return states, err
}

// Publication is the last update of one document, as evidence.
type Publication struct {
	Title   string
	Address string
	Number  int       // of the edition
	At      time.Time // it was published, by the server's clock
	First   time.Time // the document first reached readers
	Created time.Time // the document came into this installation, by the server's clock
}

// Publications lists the last updates of a column, latest first.
func (s *Store) Publications(ctx context.Context, column string, limit int) (_ []Publication, err error) {
	defer errs.Wrap(&err, "list publications of column %q", column)
	var rows []struct {
		Kind    Kind   `db:"kind"`
		Slug    string `db:"slug"`
		Title   string `db:"title"`
		Number  int    `db:"number"`
		At      *int64 `db:"live_at"`
		First   *int64 `db:"first_at"`
		Created int64  `db:"created_at"`
	}
	err = db.Select(ctx, s.cfg.DB.Reader(), &rows, `SELECT d.kind, d.slug, e.title, e.number, d.live_at, d.first_at, d.created_at
		FROM documents d JOIN editions e ON e.id = d.live_id
		WHERE d.live_state = 'published' AND d.live_column = $1 AND d.live_at IS NOT NULL
		ORDER BY d.live_at DESC, d.id DESC LIMIT $2`, column, limit)
	list := make([]Publication, len(rows))
	for i, r := range rows {
		list[i] = Publication{Title: r.Title, Address: Address(r.Kind, r.Slug), Number: r.Number, At: db.Time(r.At), First: db.Time(r.First), Created: time.UnixMilli(r.Created).UTC()}
	}
	return list, err
}

// NoteEvidence writes into the audit that somebody took a bundle of evidence,
// with its SHA-256: a bundle that has another is not this one.
func (s *Store) NoteEvidence(ctx context.Context, actor auth.Actor, verdict Verdict, sum string) (err error) {
	defer errs.Wrap(&err, "note evidence")
	if err := actor.Must(auth.Audit); err != nil && !actor.Can(auth.Publish) {
		return err
	}
	return s.cfg.DB.Update(ctx, func(_ context.Context, tx *db.Tx) error {
		s.cfg.Ledger.Record(tx, actor.Entry("inspection.export", "site:inspection", "导出自查证据（"+verdict.Label()+"），SHA-256 "+sum))
		return nil
	})
}
