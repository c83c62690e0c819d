package content

import (
	"context"

	"github.com/songfa/songfa/content/law"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/errs"
)

// Affected is a published document that cites articles which a newer version of a
// law changed, renumbered or repealed.
type Affected struct {
	ID, HeadID, LiveID string // the document, its newest edition, the one readers see
	Kind               Kind
	Title              string
	Checked            string // 核对日期 of what readers see, 2006-01-02 or ""
	Places             []AffectedPlace
}

// AffectedPlace is an article a document cites, by its number in the older
// version, and what became of it.
type AffectedPlace struct {
	Number, Sub int
	Change      law.Change
}

// CheckedSince reports that somebody checked the document on that day or later:
// against the newer version, when the day is the one it counts from.
func (a Affected) CheckedSince(day string) bool { return a.Checked >= day }

// Revising reports that there is a newer edition than the one readers see.
func (a Affected) Revising() bool { return a.HeadID != a.LiveID }

// AffectedBy lists the published documents that cite an article of the law which
// the changes of [law.Compare] touch, by title. A citation counts by its number in
// the older version; one of the law as a whole does not count.
func (s *Store) AffectedBy(ctx context.Context, lawSlug string, changes []law.Change) (_ []Affected, err error) {
	defer errs.Wrap(&err, "find documents affected by changes of %s", lawSlug)
	touched := map[string]law.Change{}
	for _, c := range changes {
		if c.Old != nil && c.Old.Number > 0 && c.Kind != law.Same {
			touched[c.Old.ID()] = c
		}
	}
	var rows []struct {
		ID      string `db:"id"`
		HeadID  string `db:"head_id"`
		LiveID  string `db:"live_id"`
		Kind    Kind   `db:"kind"`
		Title   string `db:"title"`
		Checked string `db:"checked"`
		Number  int    `db:"article"`
		Sub     int    `db:"sub"`
	}
	err = db.Select(ctx, s.cfg.DB.Reader(), &rows, `SELECT DISTINCT d.id, d.head_id, d.live_id, d.kind, e.title, e.checked, c.article, c.sub
		FROM citations c JOIN documents d ON d.id = c.document_id JOIN editions e ON e.id = d.live_id
		WHERE c.live = TRUE AND c.law_slug = $1 AND c.article > 0 AND c.edition_id = d.live_id
		ORDER BY e.title, d.id, c.article, c.sub`, lawSlug)
	if err != nil {
		return nil, err
	}
	var list []Affected
	for _, r := range rows {
		change, ok := touched[law.ArticleID(r.Number, r.Sub)]
		if !ok {
			continue
		}
		at := len(list) - 1 // rows of one document are neighbours
		if at < 0 || list[at].ID != r.ID {
			at = len(list)
			list = append(list, Affected{ID: r.ID, HeadID: r.HeadID, LiveID: r.LiveID, Kind: r.Kind, Title: r.Title, Checked: r.Checked})
		}
		list[at].Places = append(list[at].Places, AffectedPlace{r.Number, r.Sub, change})
	}
	return list, nil
}
