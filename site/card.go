package site

import (
	"context"
	"strings"

	"github.com/songfa/songfa/content"
	"github.com/songfa/songfa/themes"
)

// cards show documents in a list; mixed lists say what kind each is.
func cards(items []content.Item, mixed bool) []themes.Card {
	list := make([]themes.Card, len(items))
	for i, it := range items {
		list[i] = themes.Card{Title: it.Title, Href: it.Address(), Answer: it.Answer, Excerpt: it.Excerpt,
			Date: it.First, Origin: it.Origin, Cover: themes.Picture{Src: it.Cover, Alt: it.CoverAlt}}
		if mixed {
			list[i].Kind = it.Kind.Label()
		}
	}
	return list
}

// topicLink is the topic in a list of them.
func topicLink(t content.Topic, count int) themes.Topic {
	return themes.Topic{Name: t.Name, Href: topicPath(t.Slug), Glyph: t.Glyph, Question: t.Question, Hint: t.Hint, Count: count}
}

func topicPath(slug string) string { return "/topics/" + slug + "/" }

// topics lists all topics with the number of their documents.
func (s *Site) topics(ctx context.Context) ([]content.Topic, []themes.Topic, error) {
	all, err := s.cfg.Content.Topics(ctx)
	if err != nil {
		return nil, nil, err
	}
	counts, err := s.cfg.Content.TopicCounts(ctx)
	links := make([]themes.Topic, len(all))
	for i, t := range all {
		links[i] = topicLink(t, counts[t.Slug])
	}
	return all, links, err
}

// columns are the site's, with the addresses of their lists.
type columns []content.Column

func (s *Site) columns(ctx context.Context) (columns, error) { return s.cfg.Content.Columns(ctx) }

// find finds a column by slug.
func (cs columns) find(slug string) (content.Column, bool) {
	for _, c := range cs {
		if c.Slug == slug {
			return c, true
		}
	}
	return content.Column{}, false
}

// of is the column a kind of document is in when it names none.
func (cs columns) of(kind content.Kind) content.Column {
	for _, c := range cs {
		if c.Takes(kind) {
			return c
		}
	}
	return content.Column{Name: kind.Label()}
}

// page is the column as pages name it. The first column of a kind has the
// kind's own list; the others are a part of it.
func (cs columns) page(slug string, kind content.Kind) themes.Column {
	first := cs.of(kind)
	col, ok := cs.find(slug)
	if !ok || col.Slug == first.Slug {
		return themes.Column{Name: first.Name, Href: listPath(kind), Type: columnTypes[kind]}
	}
	return themes.Column{Name: col.Name, Href: address(listPath(kind), "column", col.Slug), Type: columnTypes[kind]}
}

func listPath(kind content.Kind) string { return "/" + kind.Dir() + "/" }

// columnTypes are 栏目类型 as 政府网站发展指引 names them.
var columnTypes = map[content.Kind]string{
	content.Guide: "政务服务", content.Notice: "通知公告", content.News: "工作动态", content.QA: "互动回应", content.Page: "机构概况",
}

// names are the names of these topics, in the order of the topics.
func names(all []content.Topic, slugs []string) []string {
	var list []string
	for _, t := range all {
		for _, slug := range slugs {
			if t.Slug == slug {
				list = append(list, t.Name)
			}
		}
	}
	return list
}

// shorten cuts a text for a meta description.
func shorten(text string, n int) string {
	runes := []rune(strings.Join(strings.Fields(text), " "))
	if len(runes) <= n {
		return string(runes)
	}
	return string(runes[:n-1]) + "…"
}
