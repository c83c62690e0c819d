package search

import (
	"context"
	"slices"

	"github.com/songfa/songfa/internal/errs"
)

// Answer is a Result with what the desk adds.
type Answer struct {
	Result
	// Promoted are the pages that editors put on top of this query. They are not
	// among Hits, and there are none below a kind or topic or on later pages.
	Promoted []Hit
	// Related are other queries that led to the same pages.
	Related []string
	// WantsSessions says that the query asks for sessions, and none that is to
	// come stands among the first hits.
	WantsSessions bool
}

// Empty reports that there is nothing to show.
func (a *Answer) Empty() bool { return len(a.Hits) == 0 && len(a.Promoted) == 0 && a.Exact == nil }

// Search answers as Index.Search does, and adds what editors and other readers
// know.
func (d *Desk) Search(ctx context.Context, q Query) (a Answer, err error) {
	defer errs.Wrap(&err, "answer")
	if a.Result, err = d.index.Search(ctx, q); err != nil {
		return a, err
	}
	if q.Kind != "" || q.Topic != "" {
		return a, nil
	}
	if err = d.promote(&a, q); err != nil {
		return a, err
	}
	if q.Page <= 1 {
		a.Related = d.relatedTo(q.Text, &a)
		a.WantsSessions, err = d.wantsSessions(q.Text, &a)
	}
	return a, err
}

// topHits are those that are seen at once.
const topHits = 3

func (d *Desk) wantsSessions(text string, a *Answer) (bool, error) {
	asked, err := d.index.understand(text)
	if err != nil || !asked.session {
		return false, err
	}
	top := slices.Concat(a.Promoted, a.Hits)
	coming := func(h Hit) bool { return h.Kind == "session" && h.At.After(d.cfg.Now()) }
	return !slices.ContainsFunc(top[:min(topHits, len(top))], coming), nil
}

// promote puts the promoted pages on top and nowhere else. A page that the query
// cites stands on top already. A mended query has what is promoted for what was
// meant.
func (d *Desk) promote(a *Answer, q Query) error {
	p, ok := (*d.promoted.Load())[d.index.canonical(q.Text)]
	if !ok && a.Corrected {
		p, ok = (*d.promoted.Load())[d.index.canonical(a.Meant)]
	}
	if !ok {
		return nil
	}
	asked, err := d.index.understand(q.Text)
	if err != nil {
		return err
	}
	for _, t := range p.Targets {
		hit, ok, err := d.hit(asked, t)
		if err != nil {
			return err
		}
		if !ok || a.Exact != nil && a.Exact.Path == hit.Path {
			continue
		}
		a.Hits = slices.DeleteFunc(a.Hits, func(h Hit) bool { return h.Path == hit.Path })
		if q.Page <= 1 {
			a.Promoted = append(a.Promoted, hit)
		}
	}
	return nil
}
