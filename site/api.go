package site

import (
	"context"
	_ "embed" // for openapi.json
	"encoding/json"
	"errors"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/songfa/songfa/content"
	"github.com/songfa/songfa/events"
	"github.com/songfa/songfa/internal/errs"
	"github.com/songfa/songfa/internal/web"
)

// apiPath is where the JSON lives. What it answers is a promise: fields may be
// added to v1, never changed.
const apiPath = "/api/v1"

// openAPI describes the JSON; a test holds every answer against it.
//
//go:embed openapi.json
var openAPI []byte

func (s *Site) registerAPI() {
	s.srv.Problems("/api/", apiProblem)
	s.get(apiPath+"/openapi.json", s.apiDescription)
	s.get(apiPath+"/documents", s.apiDocuments)
	s.get(apiPath+"/documents/:kind/:slug", s.apiDocument)
	s.get(apiPath+"/topics", s.apiTopics)
	s.get(apiPath+"/laws", s.apiLaws)
	s.get(apiPath+"/laws/:law", s.apiLaw)
	s.get(apiPath+"/laws/:law/:article", s.apiArticle)
	s.get(apiPath+"/sessions", s.apiSessions)
	s.get(apiPath+"/sessions/:no", s.apiSession)
	s.get(apiPath+"/stations", s.apiStations)
	s.get(apiPath+"/search", s.apiSearch)
}

// apiDescription answers with the OpenAPI document, with this site's address.
func (s *Site) apiDescription(_ context.Context, c *fiber.Ctx) error {
	var doc map[string]any
	if err := json.Unmarshal(openAPI, &doc); err != nil {
		return errs.New(errs.Internal, "", "read openapi.json: %w", err)
	}
	doc["servers"] = []map[string]string{{"url": s.srv.URL(apiPath)}}
	cacheable(c)
	return c.JSON(doc)
}

// apiProblem answers with an error as RFC 9457 has it.
func apiProblem(c *fiber.Ctx, p web.Problem) error {
	body, err := json.Marshal(map[string]any{"type": "about:blank", "title": p.Message, "status": p.Status, "request": p.RequestID})
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, "application/problem+json; charset=utf-8")
	return c.Send(body)
}

// apiList is a page of a list.
type apiList[T any] struct {
	Items []T `json:"items"`
	Total int `json:"total"`
	Page  int `json:"page"`
	Pages int `json:"pages"`
}

// apiItem is a document in a list.
type apiItem struct {
	ID        string   `json:"id"`
	Kind      string   `json:"kind"`
	Slug      string   `json:"slug"`
	URL       string   `json:"url"`
	Title     string   `json:"title"`
	Answer    string   `json:"answer,omitempty"`
	Excerpt   string   `json:"excerpt"`
	Topics    []string `json:"topics"`
	Column    string   `json:"column,omitempty"`
	Origin    string   `json:"origin,omitempty"`
	Published string   `json:"published"`
	Updated   string   `json:"updated"`
}

func (s *Site) apiItem(it content.Item) apiItem {
	return apiItem{ID: it.ID, Kind: string(it.Kind), Slug: it.Slug, URL: s.srv.URL(it.Address()), Title: it.Title, Answer: it.Answer,
		Excerpt: it.Excerpt, Topics: list(it.Topics), Column: it.Column, Origin: it.Origin,
		Published: jsonTime(it.First), Updated: jsonTime(it.Updated)}
}

// list is never null in JSON.
func list[T any](l []T) []T {
	if l == nil {
		return []T{}
	}
	return l
}

func jsonTime(t time.Time) string { return t.In(events.Zone).Format(time.RFC3339) }

// apiDocuments answers /api/v1/documents?kind=&topic=&column=&page=.
func (s *Site) apiDocuments(ctx context.Context, c *fiber.Ctx) error {
	page, err := pageNumber(c)
	if err != nil {
		return err
	}
	f := content.Filter{Kind: content.Kind(c.Query("kind")), Topic: c.Query("topic"), Column: c.Query("column"), Page: page}
	if f.Kind != "" && !f.Kind.Valid() {
		return errs.New(errs.Invalid, "kind 应当是 guide、notice、news、qa 或 page。", "no such kind")
	}
	found, err := s.cfg.Content.List(ctx, f)
	if err != nil {
		return err
	}
	if page > found.Pages() {
		return noPage(page)
	}
	out := apiList[apiItem]{Items: []apiItem{}, Total: found.Total, Page: page, Pages: found.Pages()}
	for _, it := range found.Items {
		out.Items = append(out.Items, s.apiItem(it))
	}
	cacheable(c, "kind", "topic", "column", "page")
	return c.JSON(out)
}

// apiText is a document whole.
type apiText struct {
	apiItem
	Summary   string      `json:"summary,omitempty"`
	HTML      string      `json:"html"` // with root-relative links
	Audience  []string    `json:"audience"`
	Sources   []apiSource `json:"sources"`
	Checked   string      `json:"checked,omitempty"`
	Written   string      `json:"written,omitempty"`
	Author    string      `json:"author,omitempty"`
	Withdrawn string      `json:"withdrawn,omitempty"` // why, when it was
}

type apiSource struct {
	Text string `json:"text"`
	URL  string `json:"url,omitempty"`
}

// apiDocument answers /api/v1/documents/{kind}/{slug}.
func (s *Site) apiDocument(ctx context.Context, c *fiber.Ctx) error {
	kind, slug := content.Kind(c.Params("kind")), c.Params("slug")
	if !kind.Valid() || !content.ValidSlug(slug) {
		return errs.New(errs.NotFound, "", "no such kind or slug")
	}
	d, err := s.cfg.Content.Published(ctx, kind, slug)
	if moved := (*content.Moved)(nil); errors.As(err, &moved) {
		if kind, slug, ok := content.ParseAddress(moved.To); ok {
			return s.redirect(c, apiPath+"/documents/"+string(kind)+"/"+slug)
		}
	}
	if err != nil {
		return err
	}
	out := apiText{apiItem: s.apiItem(content.Item{ID: d.Document.ID, Kind: d.Kind, Slug: d.Slug, Title: d.Title, Answer: d.Answer,
		Excerpt: d.Excerpt, Topics: d.Topics, Column: d.Column, Origin: d.Origin, First: d.First, Updated: d.Edition.Published}),
		Summary: d.Summary, HTML: d.HTML, Audience: list(d.Audience), Sources: []apiSource{}, Checked: d.Checked, Written: d.Written, Author: d.Author}
	for _, b := range d.Basis {
		src := apiSource{Text: b.Text}
		if b.Href != "" {
			src.URL = s.srv.URL(b.Href)
		}
		out.Sources = append(out.Sources, src)
	}
	if d.State == content.Withdrawn {
		out.Withdrawn = d.Reason
	}
	cacheable(c)
	return c.JSON(out)
}

type apiTopic struct {
	Slug  string `json:"slug"`
	Name  string `json:"name"`
	URL   string `json:"url"`
	Count int    `json:"count"`
}

// apiTopics answers /api/v1/topics.
func (s *Site) apiTopics(ctx context.Context, c *fiber.Ctx) error {
	all, err := s.cfg.Content.Topics(ctx)
	if err != nil {
		return err
	}
	counts, err := s.cfg.Content.TopicCounts(ctx)
	if err != nil {
		return err
	}
	out := make([]apiTopic, len(all))
	for i, t := range all {
		out[i] = apiTopic{Slug: t.Slug, Name: t.Name, URL: s.srv.URL(topicPath(t.Slug)), Count: counts[t.Slug]}
	}
	cacheable(c)
	return c.JSON(map[string]any{"items": out})
}
