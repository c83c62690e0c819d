package law

import (
	"context"
	"slices"
	"strings"

	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/errs"
)

// Ref names an article of the version in force.
type Ref struct {
	Slug        string
	Number, Sub int
}

// Provisions reads many articles of the versions in force at once, without
// their neighbours; those that are not there are left out. It takes three
// queries for any number of them: what a guide's cards cost.
func (s *Store) Provisions(ctx context.Context, refs []Ref) (_ map[Ref]Page, err error) {
	defer errs.Wrap(&err, "read %d provisions", len(refs))
	laws, err := s.lawsOf(ctx, refs)
	if err != nil || len(laws) == 0 {
		return nil, err
	}
	var conds []string
	var args []any
	for _, r := range refs {
		l, ok := laws[r.Slug]
		if !ok || r.Number < 1 {
			continue
		}
		n := len(args)
		conds = append(conds, "version_id = "+db.Placeholder(n+1)+" AND number = "+db.Placeholder(n+2)+" AND sub = "+db.Placeholder(n+3))
		args = append(args, l.InForce().id, r.Number, r.Sub)
	}
	if len(conds) == 0 {
		return nil, nil
	}
	var rows []struct {
		VersionID string `db:"version_id"`
		articleRow
	}
	err = db.Select(ctx, s.cfg.DB.Reader(), &rows, strings.Replace(articleColumns, "SELECT ", "SELECT version_id, ", 1)+
		` WHERE (`+strings.Join(conds, ") OR (")+`)`, args...)
	if err != nil {
		return nil, err
	}
	found := make(map[Ref]Page, len(rows))
	for _, row := range rows {
		a, err := row.article()
		if err != nil {
			return nil, err
		}
		for _, l := range laws {
			if l.InForce().id == row.VersionID {
				found[Ref{l.Slug, a.Number, a.Sub}] = Page{Law: l, Head: l.InForce(), Article: a}
			}
		}
	}
	return found, nil
}

// lawsOf reads the laws that refs name, by slug.
func (s *Store) lawsOf(ctx context.Context, refs []Ref) (map[string]Law, error) {
	var slugs []string
	for _, r := range refs {
		if !slices.Contains(slugs, r.Slug) {
			slugs = append(slugs, r.Slug)
		}
	}
	if len(slugs) == 0 {
		return nil, nil
	}
	list, args := db.In(0, slugs)
	var rows []lawRow
	if err := db.Select(ctx, s.cfg.DB.Reader(), &rows, `SELECT id, slug, title FROM law WHERE slug IN (`+list+`)`, args...); err != nil || len(rows) == 0 {
		return nil, err
	}
	ids := make([]string, len(rows))
	for i, r := range rows {
		ids[i] = r.ID
	}
	list, args = db.In(0, ids)
	var versions []versionRow
	if err := db.Select(ctx, s.cfg.DB.Reader(), &versions, versionColumns+` WHERE law_id IN (`+list+`)`, args...); err != nil {
		return nil, err
	}
	laws, err := s.assemble(rows, versions)
	bySlug := make(map[string]Law, len(laws))
	for _, l := range laws {
		bySlug[l.Slug] = l
	}
	return bySlug, err
}
