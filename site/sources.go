package site

import (
	"context"

	"github.com/songfa/songfa/content"
	"github.com/songfa/songfa/content/law"
	"github.com/songfa/songfa/internal/errs"
	"github.com/songfa/songfa/themes"
)

// maxCards is how many articles a guide shows in full; more would be a law book.
const maxCards = 6

// sources lists what a document rests on, the first few with their words.
func (s *Site) sources(ctx context.Context, basis []content.Basis) ([]themes.Source, error) {
	list := make([]themes.Source, len(basis))
	shown := 0
	for i, b := range basis {
		list[i] = themes.Source{Text: b.Text, Href: b.Href}
		slug, number, sub, ok := law.ParseArticlePath(b.Href)
		if !ok || shown == maxCards {
			continue
		}
		page, err := s.cfg.Laws.Article(ctx, slug, number, sub, "")
		if errs.Is(err, errs.NotFound) {
			continue // taken out of the law since: the name stays, the words go
		}
		if err != nil {
			return nil, err
		}
		card := provision(slug, page.Article)
		card.InForce = page.Head.InForce
		list[i].Card = &card
		shown++
	}
	return list, nil
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
