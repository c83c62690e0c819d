package content

import (
	"context"

	"github.com/songfa/songfa/content/law"
	"github.com/songfa/songfa/internal/errs"
	"github.com/songfa/songfa/internal/markdown"
)

// maxQuotes is how many articles one 法条 block may quote.
const maxQuotes = 20

// quotes reads the articles that the title of a 法条 block names, in the version
// in force, in the order in which they are named. Those that are not loaded are
// left out: the title still says which they are.
func (s *Store) quotes(ctx context.Context, citation string) ([]markdown.Quote, error) {
	if s.cfg.Articles == nil {
		return nil, nil
	}
	var refs []law.Ref
	for _, c := range s.cites(citation) {
		if !c.Exists || c.Number == 0 {
			continue
		}
		refs = append(refs, law.Ref{Slug: c.LawSlug, Number: c.Number, Sub: c.Sub})
		for n := c.Number + 1; n <= c.To; n++ {
			refs = append(refs, law.Ref{Slug: c.LawSlug, Number: n})
		}
	}
	refs = refs[:min(len(refs), maxQuotes)]
	pages, err := s.cfg.Articles(ctx, refs)
	if err != nil {
		return nil, err
	}
	var quotes []markdown.Quote
	for _, ref := range refs {
		if p, ok := pages[ref]; ok {
			quotes = append(quotes, quote(p))
		}
	}
	return quotes, nil
}

// Cited is an article that an edition names, word for word, for who checks it.
type Cited struct {
	Label string // 《劳动合同法》第三十条
	Href  string // root-relative
	markdown.Quote
}

// CitedText reads the articles that an edition cites, each once, in order.
// What is not loaded has no Paragraphs.
func (s *Store) CitedText(ctx context.Context, e Edition) (_ []Cited, err error) {
	defer errs.Wrap(&err, "read what edition %s cites", e.ID)
	var list []Cited
	var refs []law.Ref
	seen := map[law.Ref]bool{}
	for _, c := range e.Citations {
		ref := law.Ref{Slug: c.LawSlug, Number: c.Number, Sub: c.Sub}
		if c.Number == 0 || seen[ref] || len(refs) == maxQuotes {
			continue
		}
		seen[ref] = true
		refs = append(refs, ref)
		c.Clause, c.Item = 0, 0
		list = append(list, Cited{Label: c.Label(), Href: c.Path()})
	}
	if s.cfg.Articles == nil || len(refs) == 0 {
		return list, nil
	}
	pages, err := s.cfg.Articles(ctx, refs)
	for i, ref := range refs {
		if p, ok := pages[ref]; ok {
			list[i].Quote = quote(p)
		}
	}
	return list, err
}

// quote is an article word for word, its number before its first words as
// statutes print it, and which text of the law it is from.
func quote(p law.Page) markdown.Quote {
	q := markdown.Quote{Version: "《" + p.Law.Short + "》" + p.Head.Date + " 版"}
	if p.Head.InForce != "" {
		q.Version += "，" + p.Head.InForce + " 起施行"
	}
	if p.Law.Repealed() {
		q.Version += "，" + p.Law.RepealedOn + " 起废止"
	}
	for i, text := range p.Article.Paragraphs {
		if i == 0 {
			text = p.Article.Label + "　" + text
		}
		q.Paragraphs = append(q.Paragraphs, text)
	}
	return q
}
