package site

import (
	"context"
	"errors"
	"html/template"
	"strings"

	"github.com/gofiber/fiber/v2"

	"github.com/songfa/songfa/content"
	"github.com/songfa/songfa/internal/errs"
	"github.com/songfa/songfa/internal/markdown"
	"github.com/songfa/songfa/internal/web"
	"github.com/songfa/songfa/themes"
)

// document answers /guides/{slug} and its like.
func (s *Site) document(kind content.Kind) handler {
	return func(ctx context.Context, c *fiber.Ctx) error {
		slug := c.Params("slug")
		if !content.ValidSlug(slug) {
			return errs.New(errs.NotFound, "", "%q is no slug", slug)
		}
		live, err := s.cfg.Content.Published(ctx, kind, slug)
		if moved := (*content.Moved)(nil); errors.As(err, &moved) {
			return s.redirect(c, moved.To)
		}
		if err != nil {
			return err
		}
		p, err := s.documentPage(ctx, c, live)
		if err != nil {
			return err
		}
		web.Count(c, s.views.counter(live.Document.ID))
		cacheable(c)
		return s.render(c, p)
	}
}

// documentPage is the page of a document, as readers or a preview see it.
func (s *Site) documentPage(ctx context.Context, c *fiber.Ctx, d content.Live) (themes.Page, error) {
	cols, err := s.columns(ctx)
	if err != nil {
		return nil, err
	}
	shell := s.shell(c, d.Address(), d.Title)
	shell.Description = shorten(d.Excerpt, 120)
	shell.Image = d.Cover
	shell.Column = cols.page(d.Column, d.Kind)
	if d.Kind == content.Page {
		shell.Column = themes.Column{}
		return &themes.StaticPage{Shell: shell, TOC: contentsList(d.TOC), Body: template.HTML(d.HTML), Updated: d.Edition.Published}, nil // sanitised when it was saved
	}
	shell.Crumbs = []themes.Link{{Text: shell.Column.Name, Href: shell.Column.Href}}
	p := &themes.GuidePage{Shell: shell, Kind: string(d.Kind), KindName: d.Kind.Label(),
		Answer: d.Answer, Summary: d.Summary, Audience: d.Audience,
		TOC: contentsList(d.TOC), Body: template.HTML(d.HTML), // sanitised when it was saved
		Cover:   themes.Picture{Src: d.Cover, Alt: d.CoverAlt},
		Checked: d.Checked, Written: d.Written, Published: d.First, Updated: d.Edition.Published,
		Author: d.Author, Origin: d.Origin, Minutes: readingMinutes(d.HTML)}
	if d.State == content.Withdrawn {
		p.Withdrawn = &themes.Notice{Text: d.Reason, Date: d.Edition.Updated}
	}
	if p.Changes, err = s.changes(ctx, d); err != nil {
		return nil, err
	}
	return p, s.aroundDocument(ctx, p, d)
}

// changes is the public history of a document, where there has been a change.
func (s *Site) changes(ctx context.Context, d content.Live) ([]themes.Change, error) {
	list, err := s.cfg.Content.Changes(ctx, d.Document.ID)
	if err != nil || len(list) < 2 {
		return nil, err
	}
	out := make([]themes.Change, len(list))
	for i, c := range list {
		out[i] = themes.Change{Date: c.At, Text: c.Note}
		if c.First {
			out[i].Text = "首次发布"
		}
	}
	return out, nil
}

// aroundDocument adds what other tables know: topics, sources with the words of
// the law, related and latest documents.
func (s *Site) aroundDocument(ctx context.Context, p *themes.GuidePage, d content.Live) error {
	all, err := s.cfg.Content.Topics(ctx)
	if err != nil {
		return err
	}
	p.Keywords = names(all, d.Topics)
	for _, t := range all {
		for _, slug := range d.Topics {
			if t.Slug == slug {
				p.Topics = append(p.Topics, topicLink(t, 0))
			}
		}
	}
	if p.Sources, err = s.sources(ctx, d.Basis); err != nil {
		return err
	}
	p.Attachments = attachments(d.Attachments)
	if err := s.noteFiles(ctx, p.Attachments); err != nil {
		return err
	}
	if err := s.dress(ctx, &p.Cover); err != nil {
		return err
	}
	related, err := s.cfg.Content.Related(ctx, d.Document.ID, 4)
	if err != nil {
		return err
	}
	p.Related = cards(related, true)
	latest, err := s.cfg.Content.Latest(ctx, d.Kind, 6)
	if err != nil {
		return err
	}
	for _, it := range latest {
		if it.ID != d.Document.ID && len(p.Latest) < 5 {
			p.Latest = append(p.Latest, cards([]content.Item{it}, false)...)
		}
	}
	return nil
}

func contentsList(toc []markdown.Heading) []themes.Heading {
	list := make([]themes.Heading, len(toc))
	for i, h := range toc {
		list[i] = themes.Heading{Level: h.Level, ID: h.ID, Text: h.Text}
	}
	return list
}

func attachments(files []content.Attachment) []themes.Attachment {
	list := make([]themes.Attachment, len(files))
	for i, f := range files {
		list[i] = themes.Attachment{Name: f.Name, Href: f.File}
	}
	return list
}

// perMinute is how many characters people read who do not read much.
const perMinute = 300

// readingMinutes estimates from the characters outside of tags.
func readingMinutes(html string) int {
	n, tag := 0, false
	for _, r := range html {
		switch {
		case r == '<':
			tag = true
		case r == '>':
			tag = false
		case !tag && !strings.ContainsRune(" \n\t", r):
			n++
		}
	}
	return (n + perMinute - 1) / perMinute
}
