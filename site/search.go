package site

import (
	"context"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/gofiber/fiber/v2"

	"github.com/songfa/songfa/content"
	"github.com/songfa/songfa/internal/errs"
	"github.com/songfa/songfa/internal/web"
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
	c.Set(fiber.HeaderCacheControl, "no-cache")
	if s.cfg.Static { // the browser searches: see search.Pocket
		p := &themes.SearchPage{Shell: s.shell(c, "/search", "搜索")}
		p.NoIndex = true
		return s.searchHelp(ctx, c, p, nil)
	}
	topics, err := s.cfg.Content.Topics(ctx)
	if err != nil {
		return err
	}
	q, problem := searchQuery(c, topics)
	p := &themes.SearchPage{Shell: s.shell(c, searchPath(q, number(q.Page)), "搜索")}
	p.NoIndex, p.Query = true, q.Text
	if problem != nil {
		return s.searchProblem(ctx, c, p, topics, problem)
	}
	if q.Text == "" {
		return s.searchHelp(ctx, c, p, topics)
	}
	p.Title = "搜索：" + q.Text
	found, err := s.cfg.Desk.Search(ctx, q)
	switch {
	case errs.Is(err, errs.Unavailable):
		s.cfg.Log.Error("search", "err", err)
		p.Away = true
		c.Status(fiber.StatusServiceUnavailable)
	case errs.Is(err, errs.Invalid): // nothing to look for in it, as in ？？？
	case err != nil:
		return err
	}
	if found.Opens && !q.Verbatim && q.Kind == "" && q.Topic == "" && q.Page == 1 {
		return s.sendTo(c, s.srv.Path(found.Exact.Path), fiber.StatusFound)
	}
	if found.Total > 0 && (q.Page-1)*q.Size >= found.Total {
		return s.searchProblem(ctx, c, p, topics, noPage(q.Page))
	}
	if err := s.showAnswer(ctx, p, q, found, topics); err != nil {
		return err
	}
	if !found.Empty() {
		return s.render(c, p)
	}
	if !p.Away {
		s.foundNothing(c, q)
	}
	return s.searchHelp(ctx, c, p, topics)
}

// searchQuery reads the address and refuses what means nothing. The query it
// returns then has the text as far as it can be shown in the box again.
func searchQuery(c *fiber.Ctx, topics []content.Topic) (q search.Query, err error) {
	raw := c.Query("q")
	q = search.Query{Text: printable(raw), Size: searchSize, Page: 1, Verbatim: c.Query("exact") == "1"}
	if !utf8.ValidString(raw) {
		return q, errs.New(errs.Invalid, "有认不出的字，请重新输入要找的话。", "query is not UTF-8")
	}
	if utf8.RuneCountInString(q.Text) > maxQuery {
		q.Text = string([]rune(q.Text)[:maxQuery])
		return q, errs.New(errs.Invalid, "要找的话太长，请挑几个要紧的词再找，200 字以内。", "query has %d bytes", len(raw))
	}
	kind, topic := c.Query("kind"), c.Query("topic")
	if kind != "" && kindName(kind) == kind {
		return q, errs.New(errs.Invalid, "没有这个种类，请重新搜索。", "no such kind")
	}
	if topic != "" && !slices.ContainsFunc(topics, func(t content.Topic) bool { return t.Slug == topic }) {
		return q, errs.New(errs.Invalid, "没有这个主题，请重新搜索。", "no such topic")
	}
	page, err := pageNumber(c)
	if err == nil && page > maxSearchPage {
		err = noPage(page)
	}
	if err != nil {
		return q, err
	}
	q.Kind, q.Topic, q.Page = kind, topic, page
	return q, nil
}

// printable keeps what can be seen, with single spaces: nothing in a query may
// turn the direction of a page's text or hide in it.
func printable(text string) string {
	text = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case r == utf8.RuneError, unicode.Is(unicode.C, r), r&0xFFFE == 0xFFFE, 0xFDD0 <= r && r <= 0xFDEF:
			return -1
		}
		return r
	}, text)
	return strings.Join(strings.Fields(text), " ")
}

func searchPath(q search.Query, page string) string {
	exact := ""
	if q.Verbatim {
		exact = "1"
	}
	return address("/search", "q", q.Text, "kind", q.Kind, "topic", q.Topic, "exact", exact, "page", page)
}

// searchProblem shows the form again, with what was written, and what is wrong.
func (s *Site) searchProblem(ctx context.Context, c *fiber.Ctx, p *themes.SearchPage, topics []content.Topic, why error) error {
	p.Title, p.Problem = "搜索", errs.MessageOf(why)
	c.Status(web.Status(why))
	return s.searchHelp(ctx, c, p, topics)
}

// foundNothing counts a whole search that found nothing, within what one reader
// may have counted.
func (s *Site) foundNothing(c *fiber.Ctx, q search.Query) {
	plain := q.Kind == "" && q.Topic == "" && q.Page == 1 && !q.Verbatim
	if plain && s.srv.IsReader(c) && s.counting.Allow(c.IP()) == nil {
		s.cfg.Desk.FoundNothing(q.Text)
	}
}

// opened counts that a page was opened from a result page.
func (s *Site) opened(o web.Opening) {
	if text := printable(o.From.Get("q")); text != "" && s.counting.Allow(o.Client) == nil {
		s.cfg.Desk.Opened(text, o.Path)
	}
}

// suggestion is one completion as scripts read it.
type suggestion struct {
	Text string `json:"text"`
	URL  string `json:"url"` // with the base path
	Kind string `json:"kind,omitempty"`
}

// suggest answers /search/suggest with what is being typed, completed.
func (s *Site) suggest(ctx context.Context, c *fiber.Ctx) error {
	text := printable(c.Query("q"))
	if utf8.RuneCountInString(text) > maxQuery || !utf8.ValidString(c.Query("q")) {
		return errs.New(errs.Invalid, "要找的话太长或者有认不出的字，请挑几个要紧的词再找。", "query has %d bytes", len(c.Query("q")))
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
