package site

import (
	"context"
	"encoding/xml"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/songfa/songfa/content"
	"github.com/songfa/songfa/content/law"
	"github.com/songfa/songfa/internal/errs"
)

const (
	// sitemapMax is what one file may hold by the protocol; batch is how many
	// rows are read at a time.
	sitemapMax = 50_000
	batch      = 1000
)

type urlSet struct {
	XMLName xml.Name   `xml:"http://www.sitemaps.org/schemas/sitemap/0.9 urlset"`
	URLs    []mapEntry `xml:"url"`
}

type mapIndex struct {
	XMLName xml.Name   `xml:"http://www.sitemaps.org/schemas/sitemap/0.9 sitemapindex"`
	Maps    []mapEntry `xml:"sitemap"`
}

type mapEntry struct {
	Loc     string `xml:"loc"`
	LastMod string `xml:"lastmod,omitempty"`
}

// sitemap answers /sitemap.xml. What does not fit one file is in parts:
// ?part=1 and so on, which /sitemap.xml then lists.
func (s *Site) sitemap(ctx context.Context, c *fiber.Ctx) error {
	all, err := s.addresses(ctx)
	if err != nil {
		return err
	}
	parts := (len(all) + sitemapMax - 1) / sitemapMax
	part, err := partNumber(c, parts)
	if err != nil {
		return err
	}
	var doc any
	switch {
	case part > 0:
		doc = urlSet{URLs: all[(part-1)*sitemapMax : min(part*sitemapMax, len(all))]}
	case parts > 1:
		index := mapIndex{}
		for n := range parts {
			index.Maps = append(index.Maps, mapEntry{Loc: s.srv.URL(address("/sitemap.xml", "part", strconv.Itoa(n+1)))})
		}
		doc = index
	default:
		doc = urlSet{URLs: all}
	}
	body, err := xml.Marshal(doc)
	if err != nil {
		return errs.New(errs.Internal, "", "write sitemap: %w", err)
	}
	cacheable(c, "part")
	c.Set(fiber.HeaderContentType, "application/xml; charset=utf-8")
	return c.Send(append([]byte(xml.Header), body...))
}

// partNumber reads ?part=; 0 is none.
func partNumber(c *fiber.Ctx, parts int) (int, error) {
	raw := c.Query("part")
	if raw == "" {
		return 0, nil
	}
	for n := 1; n <= parts; n++ {
		if strconv.Itoa(n) == raw {
			return n, nil
		}
	}
	return 0, errs.New(errs.NotFound, "", "the sitemap has no such part")
}

// Addresses lists, root-relative, where a walk over the whole public site begins:
// from these every other page is linked.
func (s *Site) Addresses(ctx context.Context) ([]string, error) {
	all, err := s.addresses(ctx)
	if err != nil {
		return nil, err
	}
	list := []string{"/robots.txt", "/sitemap.xml", "/feeds/all.xml", "/events/feed.ics", "/search"}
	for part := range (len(all) + sitemapMax - 1) / sitemapMax {
		if len(all) > sitemapMax {
			list = append(list, address("/sitemap.xml", "part", strconv.Itoa(part+1)))
		}
	}
	for _, e := range all {
		list = append(list, strings.TrimPrefix(e.Loc, s.srv.URL("")))
	}
	return list, nil
}

// addresses lists every page a search engine should know.
func (s *Site) addresses(ctx context.Context) ([]mapEntry, error) {
	var all []mapEntry
	add := func(path string, changed time.Time) {
		e := mapEntry{Loc: s.srv.URL(path)}
		if !changed.IsZero() {
			e.LastMod = changed.UTC().Format(time.RFC3339)
		}
		all = append(all, e)
	}
	for _, path := range []string{"/", "/guides/", "/qa/", "/notices/", "/news/", "/laws/", "/events/", "/stations/", "/organize/"} {
		add(path, time.Time{})
	}
	topics, err := s.cfg.Content.Topics(ctx)
	if err != nil {
		return nil, err
	}
	for _, t := range topics {
		add(topicPath(t.Slug), time.Time{})
	}
	laws, err := s.cfg.Laws.Laws(ctx)
	if err != nil {
		return nil, err
	}
	for _, l := range laws {
		add(law.LawPath(l.Slug), time.Time{})
	}
	if err := s.eachDocument(ctx, func(it content.Item) { add(it.Address(), it.Updated) }); err != nil {
		return nil, err
	}
	return all, s.eachSession(ctx, add)
}

func (s *Site) eachDocument(ctx context.Context, do func(content.Item)) error {
	for after := ""; ; {
		items, err := s.cfg.Content.EachItem(ctx, after, batch)
		if err != nil || len(items) == 0 {
			return err
		}
		for _, it := range items {
			do(it)
		}
		after = items[len(items)-1].ID
	}
}

func (s *Site) eachSession(ctx context.Context, add func(string, time.Time)) error {
	for after := ""; ; {
		list, err := s.cfg.Events.EachSession(ctx, after, batch)
		if err != nil || len(list) == 0 {
			return err
		}
		for _, e := range list {
			add(sessionPath(e.No), e.Updated)
		}
		after = list[len(list)-1].ID
	}
}

// robots answers /robots.txt: what machines need not read.
func (s *Site) robots(_ context.Context, c *fiber.Ctx) error {
	text := "User-agent: *\n"
	for _, path := range []string{"/admin/", "/search", "/preview/", "/elder", "/signup/"} {
		text += "Disallow: " + s.srv.Path(path) + "\n"
	}
	cacheable(c)
	c.Set(fiber.HeaderContentType, fiber.MIMETextPlainCharsetUTF8)
	return c.SendString(text + "\nSitemap: " + s.srv.URL("/sitemap.xml") + "\n")
}
