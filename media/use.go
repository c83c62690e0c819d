package media

import (
	"context"
	"maps"
	"slices"

	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/errs"
)

// Use is one place where an object is used. Kind and ID are those of whoever
// wrote it: the library keeps them and knows nothing of them.
type Use struct {
	Key   string `db:"key"`
	Kind  string `db:"kind"`  // document, session
	ID    string `db:"id"`    // of that
	Field string `db:"field"` // live, head; photo
}

// SetUses says, in the transaction that writes the references, which objects one
// thing uses: keys by field, in place of what it said before. A key may be of an
// object that is not here.
func (l *Library) SetUses(ctx context.Context, tx *db.Tx, kind, id string, uses map[string][]string) (err error) {
	defer errs.Wrap(&err, "set uses of %s %s", kind, id)
	var old []Use
	if err := db.Select(ctx, tx, &old, `SELECT key, kind, id, field FROM media_use WHERE kind = $1 AND id = $2`, kind, id); err != nil {
		return err
	}
	was, is := map[Use]bool{}, map[Use]bool{}
	for _, u := range old {
		was[u] = true
	}
	for field, keys := range uses {
		for _, key := range keys {
			is[Use{key, kind, id, field}] = true
		}
	}
	for _, u := range sorted(was) {
		if is[u] {
			continue
		}
		if _, err := db.Exec(ctx, tx, `DELETE FROM media_use WHERE key = $1 AND kind = $2 AND id = $3 AND field = $4`, u.Key, u.Kind, u.ID, u.Field); err != nil {
			return err
		}
	}
	for _, u := range sorted(is) {
		if was[u] {
			continue
		}
		if _, err := db.Exec(ctx, tx, `INSERT INTO media_use (key, kind, id, field) VALUES ($1, $2, $3, $4)`, u.Key, u.Kind, u.ID, u.Field); err != nil {
			return err
		}
	}
	return nil
}

// sorted puts uses in one order, so that two transactions do not lock each other.
func sorted(uses map[Use]bool) []Use {
	return slices.SortedFunc(maps.Keys(uses), func(a, b Use) int {
		return slices.Compare([]string{a.Key, a.Kind, a.ID, a.Field}, []string{b.Key, b.Kind, b.ID, b.Field})
	})
}

// Uses lists where an object is used, at most 500 places.
func (l *Library) Uses(ctx context.Context, key string) (_ []Use, err error) {
	defer errs.Wrap(&err, "uses of media %s", key)
	return usesOf(ctx, l.db.Reader(), key)
}

func usesOf(ctx context.Context, q db.Queryer, key string) (uses []Use, err error) {
	err = db.Select(ctx, q, &uses, `SELECT key, kind, id, field FROM media_use WHERE key = $1 ORDER BY kind, id, field LIMIT 500`, key)
	return uses, err
}

// NoUses reports that nobody has said yet where anything is used, although there
// are objects: an installation from before uses were kept.
func (l *Library) NoUses(ctx context.Context) (_ bool, err error) {
	defer errs.Wrap(&err, "look for uses")
	var objects, uses int
	if err := db.Get(ctx, l.db.Reader(), &objects, `SELECT count(*) FROM media`); err != nil || objects == 0 {
		return false, err
	}
	err = db.Get(ctx, l.db.Reader(), &uses, `SELECT count(*) FROM (SELECT 1 AS one FROM media_use LIMIT 1) u`)
	return uses == 0, err
}
