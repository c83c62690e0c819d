package content

import (
	"cmp"
	"context"
	"regexp"
	"slices"
	"strings"

	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/errs"
)

// Unresolved is a citation that leads nowhere.
type Unresolved struct {
	Citation
	DocumentID string
	Kind       Kind
	Slug       string
}

// UnresolvedCitations lists what head and live editions cite of laws that are
// not loaded, or of articles that the law in force has not.
func (s *Store) UnresolvedCitations(ctx context.Context) (_ []Unresolved, err error) {
	defer errs.Wrap(&err, "list unresolved citations")
	var rows []struct {
		citationRow
		Kind Kind   `db:"kind"`
		Slug string `db:"slug"`
	}
	err = db.Select(ctx, s.cfg.DB.Reader(), &rows, `SELECT DISTINCT c.document_id, c.source, c.law_slug, c.law_name, c.article, c.sub,
		c.clause, c.item, d.kind, d.slug FROM citations c JOIN documents d ON d.id = c.document_id
		ORDER BY d.kind, d.slug, c.law_name, c.article, c.sub, c.clause, c.item, c.source`)
	var list []Unresolved
	for _, r := range rows {
		if c := r.citation(); s.unresolved(c) {
			list = append(list, Unresolved{c, r.DocumentID, r.Kind, r.Slug})
		}
	}
	return list, err
}

func (s *Store) unresolved(c Citation) bool {
	if c.LawSlug == "" {
		return true
	}
	return c.Number > 0 && s.cfg.Laws != nil && !s.cfg.Laws.Has(c.LawSlug, c.Number, c.Sub)
}

// Check lists what is wrong with the stored documents, one line each: citations
// that lead nowhere, guides without sources, topics and columns that are not
// there, links to documents that are not there, old addresses that a document
// hides. File is the address.
func (s *Store) Check(ctx context.Context) (_ []ReportItem, err error) {
	defer errs.Wrap(&err, "check content")
	var items []ReportItem
	unresolved, err := s.UnresolvedCitations(ctx)
	if err != nil {
		return nil, err
	}
	for _, u := range unresolved {
		field, message := "body", "引用的"+u.Label()+"没有导入。"
		if u.Source {
			field = "sources"
		}
		if u.LawSlug != "" {
			message = "引用的" + u.Label() + "在现行文本里找不到。"
		}
		items = append(items, ReportItem{File: Address(u.Kind, u.Slug), Field: field, Level: Warning, Message: message})
	}
	texts, err := s.checkTexts(ctx)
	if err != nil {
		return nil, err
	}
	hidden, err := s.checkRedirects(ctx)
	items = append(append(items, texts...), hidden...)
	slices.SortStableFunc(items, func(a, b ReportItem) int { return cmp.Compare(a.File, b.File) })
	return items, err
}

// checkTexts runs the rules of publication again: what was fit once may not be
// now, because a topic went or a document it links to.
func (s *Store) checkTexts(ctx context.Context) ([]ReportItem, error) {
	topics, err := s.Topics(ctx)
	if err != nil {
		return nil, err
	}
	columns, err := s.Columns(ctx)
	if err != nil {
		return nil, err
	}
	known, err := s.addresses(ctx)
	if err != nil {
		return nil, err
	}
	var items []ReportItem
	for after := ""; ; {
		some, err := s.EachPublished(ctx, after, 200)
		if err != nil || len(some) == 0 {
			return items, err
		}
		for _, l := range some {
			after = l.Document.ID
			for _, p := range fit(l.Kind, l.Text, rendering{}, topics, columns, s.today()) {
				items = append(items, ReportItem{File: l.Address(), Field: p.Field, Level: Error, Message: p.Message})
			}
			for _, to := range deadLinks(l.HTML, known) {
				items = append(items, ReportItem{File: l.Address(), Field: "body", Level: Warning, Message: "链接到的“" + to + "”不存在。"})
			}
		}
	}
}

// addresses are all that answer, also by a redirect or a "gone".
func (s *Store) addresses(ctx context.Context) (map[string]bool, error) {
	var rows []struct {
		Kind Kind   `db:"kind"`
		Slug string `db:"slug"`
	}
	err := db.Select(ctx, s.cfg.DB.Reader(), &rows, `SELECT kind, slug FROM documents WHERE live_state IN ('published', 'withdrawn')
		UNION ALL SELECT kind, slug FROM redirects`)
	known := make(map[string]bool, len(rows))
	for _, r := range rows {
		known[Address(r.Kind, r.Slug)] = true
	}
	return known, err
}

var hrefForm = regexp.MustCompile(`href="(/[^"#?]*)`)

func deadLinks(html string, known map[string]bool) []string {
	var dead []string
	for _, m := range hrefForm.FindAllStringSubmatch(html, -1) {
		to := strings.TrimSuffix(m[1], "/")
		if _, _, ok := ParseAddress(to); ok && !known[to] && !slices.Contains(dead, to) {
			dead = append(dead, to)
		}
	}
	return dead
}

func (s *Store) checkRedirects(ctx context.Context) ([]ReportItem, error) {
	var rows []struct {
		Kind Kind   `db:"kind"`
		Slug string `db:"slug"`
	}
	err := db.Select(ctx, s.cfg.DB.Reader(), &rows, `SELECT r.kind, r.slug FROM redirects r JOIN documents d ON d.kind = r.kind AND d.slug = r.slug`)
	var items []ReportItem
	for _, r := range rows {
		items = append(items, ReportItem{File: Address(r.Kind, r.Slug), Field: "slug", Level: Error, Message: "这个地址既有内容，又有旧地址的转向。"})
	}
	return items, err
}

// MediaAddresses maps each stored file that head and live editions name to one
// document that does: what check asks the media store for.
func (s *Store) MediaAddresses(ctx context.Context) (_ map[string]string, err error) {
	defer errs.Wrap(&err, "list media in use")
	used := map[string]string{}
	for after := ""; ; {
		var rows []liveRow
		err := db.Select(ctx, s.cfg.DB.Reader(), &rows, `SELECT `+liveColumns+`, e.body FROM editions e
			JOIN documents d ON d.id = e.document_id AND e.id IN (d.head_id, d.live_id)
			WHERE e.id > $1 ORDER BY e.id LIMIT 200`, after)
		if err != nil || len(rows) == 0 {
			return used, err
		}
		for _, r := range rows {
			after = r.ID
			e, err := r.edition()
			if err != nil {
				return nil, err
			}
			for _, address := range mediaOf(e.Text) {
				used[address] = Address(r.Kind, r.Slug)
			}
		}
	}
}
