package content

import (
	"context"
	"slices"

	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/errs"
)

// ChangedSince compares an edition with the text of the last decision on it, so
// that a reviewer reads only what is new: the returned one, or the approved one.
// Where nobody has decided yet it is the text that readers have. since is nil
// for that, and changes is nil when there is nothing to compare with.
func (s *Store) ChangedSince(ctx context.Context, e Edition) (changes []FieldChange, since *ReviewEntry, err error) {
	defer errs.Wrap(&err, "what has changed in edition %s", e.ID)
	for _, entry := range slices.Backward(e.Review.Log) {
		if entry.Act != ActApprove && entry.Act != ActReturn && entry.Act != ActRefuse || entry.Hash == e.Hash() {
			continue
		}
		var r revisionRow
		err := db.Get(ctx, s.cfg.DB.Reader(), &r, `SELECT `+revisionColumns+`, text FROM edition_revision
			WHERE edition_id = $1 AND hash = $2 ORDER BY version DESC LIMIT 1`, e.ID, entry.Hash)
		if errs.Is(err, errs.NotFound) {
			continue
		}
		if err != nil {
			return nil, nil, err
		}
		old, err := r.revision()
		return Compare(old.Text, e.Text), &entry, err
	}
	var live string
	if err := db.Get(ctx, s.cfg.DB.Reader(), &live, `SELECT live_id FROM documents WHERE id = $1`, e.DocumentID); err != nil || live == "" || live == e.ID {
		return nil, nil, err
	}
	old, err := readEdition(ctx, s.cfg.DB.Reader(), live)
	return Compare(old.Text, e.Text), nil, err
}
