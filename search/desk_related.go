package search

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/errs"
)

// A query is shown to others only when so many pages were opened from it, on so
// many days: then it is nobody's own.
const (
	leastClicks = 5
	leastDays   = 3
	maxRelated  = 6   // shown
	maxRelating = 300 // queries that are looked at
)

// related are the queries that led to a page, by its path.
type related map[string][]led

// led is a query that led to a page, and how often.
type led struct {
	text   string
	clicks int64
}

type ledRow struct {
	Text   string
	Path   string
	Clicks int64
}

// Relate works out anew which queries led where. Run does so from time to time.
func (d *Desk) Relate(ctx context.Context) (err error) {
	defer errs.Wrap(&err, "relate searches")
	var rows []ledRow
	err = db.Select(ctx, d.cfg.DB.Reader(), &rows, `SELECT c.text, c.path, CAST(sum(c.clicks) AS BIGINT) AS clicks FROM search_click c
		JOIN (SELECT text FROM search_click WHERE day >= $1 GROUP BY text
			HAVING sum(clicks) >= $2 AND count(DISTINCT day) >= $3 ORDER BY sum(clicks) DESC, text LIMIT $4) k ON k.text = c.text
		WHERE c.day >= $1 GROUP BY c.text, c.path ORDER BY c.text, c.path`, d.today(keepDays), leastClicks, leastDays, maxRelating)
	if err != nil {
		return err
	}
	pages := map[string]map[string]int64{}
	for _, r := range rows {
		if pages[r.Text] == nil {
			pages[r.Text] = map[string]int64{}
		}
		pages[r.Text][r.Path] = r.Clicks
	}
	made := related{}
	for text, led := range pages {
		said, err := d.said(ctx, text, led)
		if err != nil {
			return err
		}
		if said {
			made.add(text, led)
		}
	}
	d.related.Store(&made)
	return nil
}

func (r related) add(text string, pages map[string]int64) {
	for path, clicks := range pages {
		r[path] = append(r[path], led{text, clicks})
	}
}

// relatedTo lists other queries that led to the pages of an answer, those that
// led there most often first.
func (d *Desk) relatedTo(text string, a *Answer) []string {
	known := *d.related.Load()
	if len(known) == 0 {
		return nil
	}
	own := d.index.canonical(text)
	sums := map[string]int64{}
	for _, h := range slices.Concat(a.Promoted, a.Hits) {
		for _, l := range known[h.Path] {
			if l.text != own {
				sums[l.text] += l.clicks
			}
		}
	}
	list := slices.SortedFunc(maps.Keys(sums), func(x, y string) int {
		return cmp.Or(cmp.Compare(sums[y], sums[x]), cmp.Compare(x, y))
	})
	return list[:min(maxRelated, len(list))]
}

// said reports that a page the query led to is found by it and says all of it.
// Counting opens costs nobody anything, so anybody could have a text of his own
// shown on our pages; this way it only ever shows words that are ours.
func (d *Desk) said(ctx context.Context, text string, pages map[string]int64) (bool, error) {
	r, err := d.index.Search(ctx, Query{Text: text, Size: 2 * defaultSize})
	if errs.Is(err, errs.Invalid) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	said := false
	for _, h := range r.Hits {
		if pages[h.Path] == 0 || said {
			continue
		}
		err := d.index.read(func(v *view) error {
			doc, ok, err := v.find(entryOf(h))
			if err != nil || !ok {
				return err
			}
			st, err := v.load(doc)
			said = d.index.says(join(st.Title, st.Answer, st.Summary, st.Body), text)
			return err
		})
		if err != nil {
			return false, err
		}
	}
	return said, nil
}

// entryOf is the entry of a hit that clicks are counted for.
func entryOf(h Hit) string {
	switch h.Kind {
	case "article", "law", "session":
		return h.Kind + "/" + h.ID
	}
	return documentID(h.ID)
}

// says reports whether all characters of a query are, with a neighbour, in the
// page, or in a word with synonyms, or carry the question only.
func (x *Index) says(page, query string) bool {
	in, f := x.analyzer.fold(page).text, x.analyzer.fold(query)
	covered := fillers(f)
	for i := 0; i < f.len(); i++ {
		if _, n := x.synonyms.Load().at(f, i); n > 0 {
			for j := i; j < i+n; j++ {
				covered[j] = true
			}
		}
	}
	alone := func(i int) bool {
		return (i == 0 || covered[i-1]) && (i+1 == f.len() || covered[i+1])
	}
	said := slices.Clone(covered)
	for i := 0; i < f.len(); i++ {
		if alone(i) && strings.Contains(in, f.slice(i, i+1)) {
			said[i] = true
		}
		if i+1 < f.len() && strings.Contains(in, f.slice(i, i+2)) {
			said[i], said[i+1] = true, true
		}
	}
	return !slices.Contains(said, false)
}
