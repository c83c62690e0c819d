package site

import (
	"context"

	"github.com/gofiber/fiber/v2"

	"github.com/songfa/songfa/content/law"
	"github.com/songfa/songfa/internal/errs"
)

// apiLawItem is a law in a list.
type apiLawItem struct {
	Slug       string       `json:"slug"`
	URL        string       `json:"url"`
	Title      string       `json:"title"`
	Short      string       `json:"short"`
	Version    string       `json:"version"` // date of the text
	InForce    string       `json:"in_force,omitempty"`
	RepealedOn string       `json:"repealed_on,omitempty"`
	Articles   int          `json:"articles"`
	Versions   []apiVersion `json:"versions"`
}

type apiVersion struct {
	Date    string `json:"date"`
	InForce string `json:"in_force,omitempty"`
	Current bool   `json:"current"`
}

// apiArticle is an article of a law.
type apiArticle struct {
	ID         string   `json:"id,omitempty"` // 38, 38-1
	URL        string   `json:"url,omitempty"`
	Label      string   `json:"label,omitempty"` // 第三十八条
	Chapter    []string `json:"chapter"`
	Paragraphs []string `json:"paragraphs"`
}

func (s *Site) apiLawItem(l law.Law, head law.Head) apiLawItem {
	out := apiLawItem{Slug: l.Slug, URL: s.srv.URL(law.LawPath(l.Slug)), Title: l.Title, Short: l.Short,
		Version: head.Date, InForce: head.InForce, RepealedOn: l.RepealedOn, Articles: head.Articles}
	for i, v := range l.Versions {
		out.Versions = append(out.Versions, apiVersion{Date: v.Date, InForce: v.InForce, Current: i == l.Current})
	}
	return out
}

func (s *Site) apiArticleOf(slug string, a law.Article) apiArticle {
	out := apiArticle{ID: a.ID(), Label: a.Label, Chapter: list(a.Path), Paragraphs: list(a.Paragraphs)}
	if out.ID != "" {
		out.URL = s.srv.URL(law.ArticlePath(slug, a.Number, a.Sub))
	}
	return out
}

// apiLaws answers /api/v1/laws.
func (s *Site) apiLaws(ctx context.Context, c *fiber.Ctx) error {
	all, err := s.cfg.Laws.Laws(ctx)
	if err != nil {
		return err
	}
	out := make([]apiLawItem, len(all))
	for i, l := range all {
		out[i] = s.apiLawItem(l, l.InForce())
	}
	cacheable(c)
	return c.JSON(map[string]any{"items": out})
}

// apiLaw answers /api/v1/laws/{law}?date=: a law whole.
func (s *Site) apiLaw(ctx context.Context, c *fiber.Ctx) error {
	text, err := s.cfg.Laws.Version(ctx, c.Params("law"), c.Query("date"))
	if err != nil {
		return err
	}
	out := struct {
		apiLawItem
		Text []apiArticle `json:"text"`
	}{apiLawItem: s.apiLawItem(text.Law, text.Head), Text: make([]apiArticle, len(text.Articles))}
	for i, a := range text.Articles {
		out.Text[i] = s.apiArticleOf(text.Law.Slug, a)
	}
	cacheable(c, "date")
	return c.JSON(out)
}

// apiArticle answers /api/v1/laws/{law}/{article}?date=.
func (s *Site) apiArticle(ctx context.Context, c *fiber.Ctx) error {
	n, sub, ok := law.ParseArticleID(c.Params("article"))
	if !ok {
		return errs.New(errs.NotFound, "条文编号不对，应当是 38 或 38-1。", "not an article id")
	}
	page, err := s.cfg.Laws.Article(ctx, c.Params("law"), n, sub, c.Query("date"))
	if err != nil {
		return err
	}
	out := struct {
		apiArticle
		Law apiLawItem `json:"law"`
	}{s.apiArticleOf(page.Law.Slug, page.Article), s.apiLawItem(page.Law, page.Head)}
	cacheable(c, "date")
	return c.JSON(out)
}
