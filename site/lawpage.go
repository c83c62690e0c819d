package site

import (
	"context"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"github.com/songfa/songfa/content/law"
	"github.com/songfa/songfa/internal/errs"
	"github.com/songfa/songfa/themes"
)

// law answers /laws/{law}, also for a version: ?date=2007-06-29.
func (s *Site) law(ctx context.Context, c *fiber.Ctx) error {
	text, err := s.cfg.Laws.Version(ctx, c.Params("law"), c.Query("date"))
	if err != nil {
		return err
	}
	slug := text.Law.Slug
	p := &themes.LawPage{Shell: s.shell(c, versionPath(text.Law, text.Head), text.Law.Title), Law: s.lawHead(text.Law, text.Head)}
	p.Column = lawColumn
	p.Crumbs = []themes.Link{{Text: "法规", Href: "/laws/"}}
	p.Description = shorten("《"+text.Law.Short+"》全文，共 "+strconv.Itoa(text.Head.Articles)+" 条，每一条都能单独打开。", 120)
	cited, err := s.cfg.Content.CitedArticles(ctx, slug)
	if err != nil {
		return err
	}
	linked := text.Head.Date == text.Law.InForce().Date // links lead to the version in force
	p.Parts = lawParts(text.Articles, func(a law.Article) themes.Provision {
		v := provision(slug, a)
		v.CitedBy = cited[a.ID()]
		if linked {
			s.linkCitations(slug, &v)
		} else {
			v.Href = "" // the article's own page shows the version in force
		}
		return v
	})
	p.Contents = contents(p.Parts)
	citing, err := s.cfg.Content.CitedBy(ctx, slug, 0, 0)
	if err != nil {
		return err
	}
	p.CitedBy = cards(citing, true)
	cacheable(c, "date")
	return s.render(c, p)
}

// article answers /laws/{law}/{number}.
func (s *Site) article(ctx context.Context, c *fiber.Ctx) error {
	n, sub, ok := law.ParseArticleID(c.Params("article"))
	if !ok {
		return errs.New(errs.NotFound, "条文地址不对，应当是数字，如 38 或 38-1。请从法规目录查找。", "not an article id")
	}
	page, err := s.cfg.Laws.Article(ctx, c.Params("law"), n, sub, "")
	if err != nil {
		return err
	}
	slug := page.Law.Slug
	p := &themes.ArticlePage{Law: s.lawHead(page.Law, page.Head), Chapter: page.Article.Path, Provision: provision(slug, page.Article)}
	p.Shell = s.shell(c, p.Provision.Href, "《"+page.Law.Short+"》"+page.Article.Label)
	p.Column = lawColumn
	p.Crumbs = []themes.Link{{Text: "法规", Href: "/laws/"}, {Text: page.Law.Short, Href: law.LawPath(slug)}}
	p.Description = shorten(page.Article.Text(), 120)
	p.Provision.InForce = page.Head.InForce
	s.linkCitations(slug, &p.Provision)
	p.Prev, p.Next = neighbour(slug, page.Prev), neighbour(slug, page.Next)
	citing, err := s.cfg.Content.CitedBy(ctx, slug, n, sub)
	if err != nil {
		return err
	}
	p.CitedBy = cards(citing, true)
	p.Provision.CitedBy = len(citing)
	cacheable(c)
	return s.render(c, p)
}

func neighbour(slug string, a *law.Article) *themes.Link {
	if a == nil {
		return nil
	}
	return &themes.Link{Text: a.Label, Href: law.ArticlePath(slug, a.Number, a.Sub)}
}

// lawParts are the headings of a law with the articles below them.
func lawParts(articles []law.Article, show func(law.Article) themes.Provision) []themes.LawPart {
	var list []themes.LawPart
	for i, p := range law.Parts(articles) {
		part := themes.LawPart{Heading: p.Heading, Range: p.Range()}
		if p.Heading != "" {
			part.Level, part.ID = p.Depth+1, "p"+strconv.Itoa(i)
		}
		for _, a := range p.Articles {
			part.Provisions = append(part.Provisions, show(a))
		}
		list = append(list, part)
	}
	return list
}

// contents are the headings alone.
func contents(parts []themes.LawPart) []themes.LawPart {
	var list []themes.LawPart
	for _, p := range parts {
		if p.Heading != "" {
			p.Provisions = nil
			list = append(list, p)
		}
	}
	return list
}

// linkCitations makes links of the citations in the words of a law.
func (s *Site) linkCitations(slug string, v *themes.Provision) {
	for i, para := range v.Paragraphs {
		text := para.Line[0].Text
		var line []themes.Span
		at := 0
		for _, cite := range s.cfg.Laws.Registry().CitationsIn(slug, text) {
			href := cite.Path()
			if href == "" || href == v.Href || cite.LabelStart < at {
				continue
			}
			line = append(line, themes.Span{Text: text[at:cite.LabelStart]}, themes.Span{Text: text[cite.LabelStart:cite.LabelEnd], Href: href})
			at = cite.LabelEnd
		}
		v.Paragraphs[i].Line = append(line, themes.Span{Text: text[at:]})
	}
}
