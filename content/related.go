package content

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/songfa/songfa/content/law"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/errs"
)

const (
	maxShared = 10 // articles that relate a document to others
	maxHits   = 30 // documents looked at for each of them, the newest
	maxCiting = 20 // documents under an article
)

// Related lists up to n published documents that cite the same articles, then
// such with the same topics. Its cost does not grow with the number of
// documents: only the newest that share an article are looked at.
func (s *Store) Related(ctx context.Context, documentID string, n int) (_ []Item, err error) {
	defer errs.Wrap(&err, "find documents related to %s", documentID)
	q := s.cfg.DB.Reader()
	var shared []citationRow
	err = db.Select(ctx, q, &shared, `SELECT DISTINCT c.law_slug, c.article, c.sub FROM documents d
		JOIN citations c ON c.edition_id = d.live_id WHERE d.id = $1 AND c.law_slug <> '' AND c.article > 0
		ORDER BY c.law_slug, c.article, c.sub LIMIT $2`, documentID, maxShared)
	if err != nil {
		return nil, err
	}
	ids, err := sharing(ctx, q, documentID, shared)
	if err != nil {
		return nil, err
	}
	if len(ids) < n {
		more, err := sameTopics(ctx, q, documentID, n)
		if err != nil {
			return nil, err
		}
		ids = append(ids, more...)
	}
	found, err := s.ByIDs(ctx, uniq(ids, 3*n))
	return found[:min(n, len(found))], err
}

// sharing finds documents by shared articles, the most shared first. A rare
// article counts more: everybody cites the one on severance pay.
func sharing(ctx context.Context, q db.Queryer, documentID string, shared []citationRow) ([]string, error) {
	if len(shared) == 0 {
		return nil, nil
	}
	parts, args := make([]string, len(shared)), []any{documentID}
	for i, c := range shared {
		n := len(args)
		parts[i] = `SELECT * FROM (SELECT DISTINCT document_id, law_slug, article, sub FROM citations
			WHERE live = TRUE AND law_slug = ` + db.Placeholder(n+1) + ` AND article = ` + db.Placeholder(n+2) + ` AND sub = ` + db.Placeholder(n+3) + `
			AND document_id <> $1 ORDER BY document_id DESC LIMIT ` + db.Placeholder(n+4) + `) t` + strconv.Itoa(i)
		args = append(args, c.LawSlug, c.Number, c.Sub, maxHits)
	}
	var rows []citationRow
	if err := db.Select(ctx, q, &rows, strings.Join(parts, " UNION ALL "), args...); err != nil {
		return nil, err
	}
	type article struct {
		law         string
		number, sub int
	}
	hits := map[article]float64{}
	for _, r := range rows {
		hits[article{r.LawSlug, r.Number, r.Sub}]++
	}
	score := map[string]float64{}
	for _, r := range rows {
		score[r.DocumentID] += 1 / hits[article{r.LawSlug, r.Number, r.Sub}]
	}
	ids := make([]string, 0, len(score))
	for id := range score {
		ids = append(ids, id)
	}
	slices.SortFunc(ids, func(a, b string) int {
		if score[a] != score[b] {
			return compareDown(score[a], score[b])
		}
		return compareDown(a, b)
	})
	return ids, nil
}

func compareDown[T float64 | string](a, b T) int {
	switch {
	case a > b:
		return -1
	case a < b:
		return 1
	}
	return 0
}

// sameTopics finds the newest documents under the first topics of one. SQLite
// uses the index for live = TRUE and sorts the whole topic for a bare live.
func sameTopics(ctx context.Context, q db.Queryer, documentID string, n int) ([]string, error) {
	var topics []string
	err := db.Select(ctx, q, &topics, `SELECT topic FROM document_topics WHERE document_id = $1 AND live = TRUE ORDER BY topic LIMIT 3`, documentID)
	if err != nil || len(topics) == 0 {
		return nil, err
	}
	parts, args := make([]string, len(topics)), []any{documentID, n}
	for i, t := range topics {
		args = append(args, t)
		parts[i] = `SELECT * FROM (SELECT document_id FROM document_topics WHERE topic = ` + db.Placeholder(len(args)) + `
			AND live = TRUE AND document_id <> $1 ORDER BY at DESC, document_id DESC LIMIT $2) t` + strconv.Itoa(i)
	}
	var ids []string
	err = db.Select(ctx, q, &ids, strings.Join(parts, " UNION ALL "), args...)
	return ids, err
}

// uniq keeps the first of each, at most n.
func uniq(ids []string, n int) []string {
	var out []string
	for _, id := range ids {
		if len(out) < n && !slices.Contains(out, id) {
			out = append(out, id)
		}
	}
	return out
}

// CitedBy lists up to 20 published documents that cite the article, the newest
// first; number 0 means any article of the law.
func (s *Store) CitedBy(ctx context.Context, lawSlug string, number, sub int) (_ []Item, err error) {
	defer errs.Wrap(&err, "find documents citing %s %d-%d", lawSlug, number, sub)
	w := where{}
	w.and("law_slug = ?", lawSlug)
	if number > 0 {
		w.and("article = ?", number)
		w.and("sub = ?", sub)
	}
	var ids []string
	err = db.Select(ctx, s.cfg.DB.Reader(), &ids, `SELECT DISTINCT document_id FROM citations WHERE live = TRUE AND `+w.String()+`
		ORDER BY document_id DESC LIMIT `+db.Placeholder(len(w.args)+1), append(w.args, maxCiting)...)
	if err != nil {
		return nil, err
	}
	return s.ByIDs(ctx, ids)
}

// CitedArticles counts, for each article of a law, the published documents that
// cite it. Keys are the last part of the article's address: 38, 38-1.
func (s *Store) CitedArticles(ctx context.Context, lawSlug string) (_ map[string]int, err error) {
	defer errs.Wrap(&err, "count documents citing %s", lawSlug)
	var rows []struct {
		Number int `db:"article"`
		Sub    int `db:"sub"`
		N      int `db:"n"`
	}
	err = db.Select(ctx, s.cfg.DB.Reader(), &rows, `SELECT article, sub, count(*) AS n FROM (SELECT DISTINCT article, sub, document_id
		FROM citations WHERE live = TRUE AND law_slug = $1 AND article > 0) t GROUP BY article, sub`, lawSlug)
	counts := make(map[string]int, len(rows))
	for _, r := range rows {
		counts[law.ArticleID(r.Number, r.Sub)] = r.N
	}
	return counts, err
}
