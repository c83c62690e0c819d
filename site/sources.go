package site

import (
	"context"
	"maps"
	"slices"

	"github.com/songfa/songfa/content"
	"github.com/songfa/songfa/content/law"
	"github.com/songfa/songfa/themes"
)

// maxCards is how many articles a guide shows in full; more would be a law book.
const maxCards = 6

// sources lists what a document rests on, the first few with their words. An
// article that was taken out of its law since keeps its name and loses those.
func (s *Site) sources(ctx context.Context, basis []content.Basis) ([]themes.Source, error) {
	list := make([]themes.Source, len(basis))
	refs := make(map[int]law.Ref, maxCards)
	for i, b := range basis {
		list[i] = themes.Source{Text: b.Text, Href: b.Href}
		if slug, number, sub, ok := law.ParseArticlePath(b.Href); ok && len(refs) < maxCards {
			refs[i] = law.Ref{Slug: slug, Number: number, Sub: sub}
		}
	}
	found, err := s.cfg.Laws.Provisions(ctx, slices.Collect(maps.Values(refs)))
	for i, ref := range refs {
		if page, ok := found[ref]; ok {
			card := provision(ref.Slug, page.Article)
			card.InForce = page.Head.InForce
			list[i].Card = &card
		}
	}
	return list, err
}

// provision is an article as a page shows it, without links in its words.
func provision(slug string, a law.Article) themes.Provision {
	p := themes.Provision{Label: a.Label, Heading: a.Heading, ID: a.ID()}
	if a.Number > 0 {
		p.Href = law.ArticlePath(slug, a.Number, a.Sub)
	}
	for _, text := range a.Paragraphs {
		p.Paragraphs = append(p.Paragraphs, themes.Paragraph{Item: law.IsItem(text), Line: themes.Plain(text)})
	}
	return p
}
