package law

import (
	"context"

	"github.com/songfa/songfa/internal/errs"
)

// Comparison is what the newest version of a law did to the one before it.
type Comparison struct {
	Law          Law
	Older, Newer Head
	Changes      []Change
}

// Since is the day from which the newer version counts, 2006-01-02.
func (c Comparison) Since() string { return c.Newer.since() }

// Changes compares the newest version of a law with the one before it; NotFound
// when only one is loaded. The newest may be one that is still to come into force.
func (s *Store) Changes(ctx context.Context, slug string) (c Comparison, err error) {
	defer errs.Wrap(&err, "changes of %s", slug)
	if c.Law, err = s.Law(ctx, slug); err != nil {
		return Comparison{}, err
	}
	if len(c.Law.Versions) < 2 {
		return Comparison{}, errs.New(errs.NotFound, "《"+c.Law.Short+"》只载入了一个版本，没有可比的。载入新版本后再来看。", "one version of %s", slug)
	}
	c.Newer, c.Older = c.Law.Versions[0], c.Law.Versions[1]
	older, err := articlesOf(ctx, s.cfg.DB.Reader(), c.Older.id)
	if err != nil {
		return Comparison{}, err
	}
	newer, err := articlesOf(ctx, s.cfg.DB.Reader(), c.Newer.id)
	if err != nil {
		return Comparison{}, err
	}
	c.Changes = Compare(older, newer)
	return c, nil
}
