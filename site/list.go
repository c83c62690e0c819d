package site

import (
	"cmp"
	"context"
	"slices"

	"github.com/gofiber/fiber/v2"

	"github.com/songfa/songfa/content"
	"github.com/songfa/songfa/internal/errs"
	"github.com/songfa/songfa/themes"
)

// list answers /guides/ and its like, also for one column: ?column=cases.
func (s *Site) list(kind content.Kind) handler {
	return func(ctx context.Context, c *fiber.Ctx) error {
		page, err := pageNumber(c)
		if err != nil {
			return err
		}
		cols, err := s.columns(ctx)
		if err != nil {
			return err
		}
		col, err := s.listColumn(cols, kind, c.Query("column"))
		if err != nil {
			return err
		}
		found, err := s.cfg.Content.List(ctx, content.Filter{Kind: kind, Column: c.Query("column"), Page: page})
		if err != nil {
			return err
		}
		if page > found.Pages() {
			return noPage(page)
		}
		p, err := s.listPage(ctx, c, kind, cols, col, found)
		if err != nil {
			return err
		}
		cacheable(c, "page", "column")
		return s.render(c, p)
	}
}

// listColumn is the column that is shown; one that does not take the kind has
// no list here.
func (s *Site) listColumn(cols columns, kind content.Kind, slug string) (content.Column, error) {
	if slug == "" {
		return cols.of(kind), nil
	}
	if col, ok := cols.find(slug); ok && col.Takes(kind) {
		return col, nil
	}
	return content.Column{}, errs.New(errs.NotFound, "没有这个栏目，请从首页查找。", "no column for %s", kind)
}

func (s *Site) listPage(ctx context.Context, c *fiber.Ctx, kind content.Kind, cols columns, col content.Column, found content.Listing[content.Item]) (*themes.ListPage, error) {
	at := func(n string) string { return address(listPath(kind), "column", c.Query("column"), "page", n) }
	p := &themes.ListPage{Shell: s.shell(c, at(number(found.Page)), col.Name), Intro: col.Intro,
		Items: cards(found.Items, false), Dated: kind == content.Notice || kind == content.News,
		Pager: pager(found.Page, found.Pages(), found.Total, at)}
	p.Column = cols.page(c.Query("column"), kind)
	p.Description = shorten(col.Intro, 120)
	if col.Slug != "" {
		p.Feed = themes.Link{Text: col.Name, Href: "/feeds/" + col.Slug + ".xml"}
	}
	if err := s.dressCards(ctx, p.Items); err != nil {
		return nil, err
	}
	if kind != content.Guide && kind != content.QA {
		return p, nil
	}
	var err error
	_, p.Topics, err = s.topics(ctx)
	return p, err
}

// newest mixes lists to the n newest of all.
func newest(n int, lists ...[]content.Item) []content.Item {
	all := slices.Concat(lists...)
	slices.SortStableFunc(all, func(a, b content.Item) int { return cmp.Compare(b.First.UnixMilli(), a.First.UnixMilli()) })
	return all[:min(n, len(all))]
}
