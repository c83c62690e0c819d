package search

import (
	"context"
	"strings"
	"unicode/utf8"

	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/errs"
)

// click is one page opened from a query.
type click struct{ text, path string }

const (
	maxClickBatch = 500     // different ones that one node takes between two writings
	maxClickRows  = 100_000 // in the database; the rarest and oldest go first
	maxClickPath  = 200     // bytes
)

// Opened counts that a page was opened from the results of a query: the query,
// the page and the day, and nothing about who. Queries that may hold somebody's
// number or that are sentences are not counted. It never waits.
func (d *Desk) Opened(text, path string) {
	if !isPage(path) {
		return
	}
	kept, ok := d.index.keepable(text)
	if !ok || utf8.RuneCountInString(kept) > maxKept {
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	c := click{kept, path}
	if _, known := d.clicks[c]; known || len(d.clicks) < maxClickBatch {
		d.clicks[c]++
	}
}

// isPage reports a path that results lead to.
func isPage(path string) bool {
	first, rest, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	switch first {
	case "guides", "qa", "notices", "news", "pages", "laws", "events":
		return rest != "" && len(path) <= maxClickPath
	}
	return false
}

// flushClicks writes the counters, and forgets what is old or too much.
func (d *Desk) flushClicks(ctx context.Context) (err error) {
	defer errs.Wrap(&err, "write clicks")
	d.mu.Lock()
	taken := d.clicks
	d.clicks = map[click]int64{}
	d.mu.Unlock()
	if len(taken) == 0 {
		return nil
	}
	today := d.today(0)
	err = d.cfg.DB.Update(ctx, func(ctx context.Context, tx *db.Tx) error {
		for c, n := range taken {
			_, err := db.Exec(ctx, tx, `INSERT INTO search_click (text, path, day, clicks) VALUES ($1, $2, $3, $4)
				ON CONFLICT (text, path, day) DO UPDATE SET clicks = search_click.clicks + $4`, c.text, c.path, today, n)
			if err != nil {
				return err
			}
		}
		return d.boundClicks(ctx, tx)
	})
	if err != nil {
		d.mu.Lock()
		defer d.mu.Unlock()
		for c, n := range taken {
			if len(d.clicks) < maxClickBatch {
				d.clicks[c] += n
			}
		}
	}
	return err
}

func (d *Desk) boundClicks(ctx context.Context, tx *db.Tx) error {
	if _, err := db.Exec(ctx, tx, `DELETE FROM search_click WHERE day < $1`, d.today(keepDays)); err != nil {
		return err
	}
	var rows int
	if err := db.Get(ctx, tx, &rows, `SELECT count(*) FROM search_click`); err != nil || rows <= maxClickRows {
		return err
	}
	_, err := db.Exec(ctx, tx, `DELETE FROM search_click WHERE (text, path, day) IN (
		SELECT text, path, day FROM search_click ORDER BY clicks, day, text, path LIMIT $1)`, rows-maxClickRows)
	return err
}
