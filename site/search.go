package site

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/gofiber/fiber/v2"

	"github.com/songfa/songfa/content"
	"github.com/songfa/songfa/events"
	"github.com/songfa/songfa/internal/errs"
	"github.com/songfa/songfa/search"
	"github.com/songfa/songfa/themes"
)

const (
	searchSize = 10
	// maxSearchPage: nobody reads on, and deep pages cost the most.
	maxSearchPage = 50
	maxQuery      = 200 // characters
)

// searchKinds are what hits can be, in the order of the facets.
var searchKinds = []struct{ kind, name string }{
	{"guide", "指南"}, {"qa", "问答"}, {"law", "法规"}, {"article", "法条"}, {"notice", "通知公告"}, {"news", "工作动态"},
	{"session", "活动"}, {"station", "站点"}, {"page", "单页"},
}

func kindName(kind string) string {
	for _, k := range searchKinds {
		if k.kind == kind {
			return k.name
		}
	}
	if kind == "topic" { // suggested, never found
		return "主题"
	}
	return kind
}

// search answers /search. It is not kept: the index may be a moment behind the
// journal, and what was made then would stay.
func (s *Site) search(ctx context.Context, c *fiber.Ctx) error {
	topics, err := s.cfg.Content.Topics(ctx)
	if err != nil {
		return err
	}
	q, err := searchQuery(c, topics)
	if err != nil {
		return err
	}
	p := &themes.SearchPage{Shell: s.shell(c, searchPath(q, number(q.Page)), "搜索")}
	p.NoIndex, p.Query = true, q.Text
	if q.Text == "" {
		return s.searchHelp(ctx, c, p, topics)
	}
	p.Title = "搜索：" + q.Text
	found, err := s.cfg.Search.Search(ctx, q)
	switch {
	case errs.Is(err, errs.Unavailable):
		s.cfg.Log.Error("search", "err", err)
		p.Away = true
		c.Status(fiber.StatusServiceUnavailable)
	case errs.Is(err, errs.Invalid): // nothing to look for in it, as in ？？？
	case err != nil:
		return err
	}
	if found.Opens && q.Kind == "" && q.Topic == "" && q.Page == 1 {
		return s.sendTo(c, s.srv.Path(found.Exact.Path), fiber.StatusFound)
	}
	if found.Total > 0 && (q.Page-1)*q.Size >= found.Total {
		return noPage(q.Page)
	}
	showResult(p, q, found, topics)
	if len(p.Hits) == 0 && p.Exact == nil {
		return s.searchHelp(ctx, c, p, topics)
	}
	c.Set(fiber.HeaderCacheControl, "no-cache")
	return s.render(c, p)
}

// searchQuery reads the address and refuses what means nothing.
func searchQuery(c *fiber.Ctx, topics []content.Topic) (q search.Query, err error) {
	q = search.Query{Text: strings.Join(strings.Fields(c.Query("q")), " "), Kind: c.Query("kind"), Topic: c.Query("topic"), Size: searchSize}
	if utf8.RuneCountInString(q.Text) > maxQuery || !utf8.ValidString(q.Text) {
		return q, errs.New(errs.Invalid, "要找的话太长，请挑几个要紧的词再找，200 字以内。", "query has %d bytes", len(q.Text))
	}
	if q.Kind != "" && kindName(q.Kind) == q.Kind {
		return q, errs.New(errs.Invalid, "没有这个种类，请重新搜索。", "no such kind")
	}
	if q.Topic != "" && !slices.ContainsFunc(topics, func(t content.Topic) bool { return t.Slug == q.Topic }) {
		return q, errs.New(errs.Invalid, "没有这个主题，请重新搜索。", "no such topic")
	}
	if q.Page, err = pageNumber(c); err == nil && q.Page > maxSearchPage {
		err = noPage(q.Page)
	}
	return q, err
}

func searchPath(q search.Query, page string) string {
	return address("/search", "q", q.Text, "kind", q.Kind, "topic", q.Topic, "page", page)
}

// showResult turns what was found into the page.
func showResult(p *themes.SearchPage, q search.Query, found search.Result, topics []content.Topic) {
	p.Total = found.Total
	if found.Exact != nil && q.Page == 1 {
		hit := searchHit(*found.Exact)
		p.Exact = &hit
	}
	for _, h := range found.Hits {
		if p.Exact == nil || h.Path != found.Exact.Path { // it stands on top already
			p.Hits = append(p.Hits, searchHit(h))
		}
	}
	pages := min((found.Total+q.Size-1)/q.Size, maxSearchPage)
	p.Pager = pager(q.Page, pages, found.Total, func(n string) string { return searchPath(q, n) })
	p.Kinds = facets(found.Kinds, q.Kind, func(kind string) string {
		return searchPath(search.Query{Text: q.Text, Kind: kind, Topic: q.Topic}, "")
	}, kindName)
	p.Topics = facets(found.Topics, q.Topic, func(topic string) string {
		return searchPath(search.Query{Text: q.Text, Kind: q.Kind, Topic: topic}, "")
	}, func(slug string) string { return strings.Join(names(topics, []string{slug}), "") })
}

// facets are links that narrow; the first takes the narrowing back.
func facets(found []search.Facet, chosen string, at, name func(string) string) []themes.Facet {
	var list []themes.Facet
	all := 0
	for _, f := range found {
		all += f.Count
		if n := name(f.Value); n != "" {
			list = append(list, themes.Facet{Name: n, Href: at(f.Value), Count: f.Count, Current: f.Value == chosen})
		}
	}
	if len(list) == 0 || len(list) == 1 && chosen == "" {
		return nil
	}
	return append([]themes.Facet{{Name: "全部", Href: at(""), Count: all, Current: chosen == ""}}, list...)
}

func searchHit(h search.Hit) themes.Hit {
	hit := themes.Hit{Title: spans(h.Title), Href: h.Path, Kind: kindName(h.Kind), Date: h.At, Snippet: spans(h.Snippet)}
	if h.Repealed {
		hit.Note = repealed
	}
	if len(h.Answer) > 0 && (marked(h.Answer) || !marked(h.Snippet)) {
		hit.Snippet = spans(h.Answer)
	}
	return hit
}

func marked(line []search.Span) bool {
	return slices.ContainsFunc(line, func(sp search.Span) bool { return sp.Mark })
}

func spans(list []search.Span) []themes.Span {
	out := make([]themes.Span, len(list))
	for i, sp := range list {
		out[i] = themes.Span{Text: sp.Text, Mark: sp.Mark}
	}
	return out
}

// searchHelp is for an empty form and for a search without a result: what
// others read, words to try, and somebody to ask.
func (s *Site) searchHelp(ctx context.Context, c *fiber.Ctx, p *themes.SearchPage, topics []content.Topic) error {
	popular, err := s.popular(ctx, content.Guide, 4)
	if err != nil {
		return err
	}
	p.Popular = cards(popular, false)
	for _, t := range topics[:min(6, len(topics))] {
		p.Try = append(p.Try, themes.Link{Text: t.Name, Href: searchPath(search.Query{Text: t.Name}, "")})
	}
	centers, err := s.cfg.Events.Stations(ctx, events.StationFilter{Tier: events.Center})
	if err != nil {
		return err
	}
	if len(centers) > 0 {
		near := station(centers[0])
		p.Nearby = &near
	}
	c.Set(fiber.HeaderCacheControl, "no-cache")
	return s.render(c, p)
}

// suggestion is one completion as scripts read it.
type suggestion struct {
	Text string `json:"text"`
	URL  string `json:"url"` // with the base path
	Kind string `json:"kind,omitempty"`
}

// suggest answers /search/suggest with what is being typed, completed.
func (s *Site) suggest(ctx context.Context, c *fiber.Ctx) error {
	text := strings.TrimSpace(c.Query("q"))
	if utf8.RuneCountInString(text) > maxQuery {
		return errs.New(errs.Invalid, "要找的话太长，请挑几个要紧的词再找。", "query has %d bytes", len(text))
	}
	list := []suggestion{}
	if text != "" {
		found, err := s.cfg.Search.Suggest(ctx, text, 8)
		if err != nil {
			return err
		}
		for _, f := range found {
			to := f.Path
			if to == "" {
				to = searchPath(search.Query{Text: f.Text}, "")
			}
			list = append(list, suggestion{Text: f.Text, URL: s.srv.Path(to), Kind: kindName(f.Kind)})
		}
	}
	c.Set(fiber.HeaderCacheControl, "no-cache")
	return c.JSON(map[string]any{"q": text, "suggestions": list})
}
