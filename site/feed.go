package site

import (
	"context"
	"encoding/xml"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/oklog/ulid/v2"

	"github.com/songfa/songfa/content"
	"github.com/songfa/songfa/internal/errs"
)

// feedSize is how many entries a feed has.
const feedSize = 30

// atom is a feed as RFC 4287 has it.
type atom struct {
	XMLName  xml.Name    `xml:"http://www.w3.org/2005/Atom feed"`
	Lang     string      `xml:"xml:lang,attr"`
	ID       string      `xml:"id"`
	Title    string      `xml:"title"`
	Subtitle string      `xml:"subtitle,omitempty"`
	Updated  string      `xml:"updated"`
	Author   atomAuthor  `xml:"author"`
	Links    []atomLink  `xml:"link"`
	Entries  []atomEntry `xml:"entry"`
}

type atomAuthor struct {
	Name string `xml:"name"`
}

type atomLink struct {
	Rel  string `xml:"rel,attr"`
	Type string `xml:"type,attr,omitempty"`
	Href string `xml:"href,attr"`
}

type atomEntry struct {
	ID        string      `xml:"id"`
	Title     string      `xml:"title"`
	Published string      `xml:"published"`
	Updated   string      `xml:"updated"`
	Author    *atomAuthor `xml:"author,omitempty"`
	Links     []atomLink  `xml:"link"`
	Category  *atomTerm   `xml:"category,omitempty"`
	Summary   string      `xml:"summary,omitempty"`
}

type atomTerm struct {
	Term  string `xml:"term,attr"`
	Label string `xml:"label,attr"`
}

// feed answers /feeds/all.xml and /feeds/{column}.xml.
func (s *Site) feed(ctx context.Context, c *fiber.Ctx) error {
	slug := c.Params("name")
	f := content.Filter{Size: feedSize}
	title, subtitle, list := s.cfg.Settings.Name, s.cfg.Settings.Tagline, "/"
	if slug != "all" {
		cols, err := s.columns(ctx)
		if err != nil {
			return err
		}
		col, ok := cols.find(slug)
		if !ok {
			return errs.New(errs.NotFound, "没有这个订阅地址，请从栏目页重新订阅。", "no column")
		}
		f.Column, title, subtitle, list = slug, col.Name+" - "+title, col.Intro, cols.page(slug, firstKind(col)).Href
	}
	found, err := s.cfg.Content.List(ctx, f)
	if err != nil {
		return err
	}
	doc := s.atom("/feeds/"+slug+".xml", list, title, found.Items)
	doc.Subtitle = subtitle
	body, err := xml.Marshal(doc)
	if err != nil {
		return errs.New(errs.Internal, "", "write feed: %w", err)
	}
	cacheable(c)
	c.Set(fiber.HeaderContentType, "application/atom+xml; charset=utf-8")
	return c.Send(append([]byte(xml.Header), body...))
}

// firstKind is the kind whose list shows the column.
func firstKind(col content.Column) content.Kind {
	for _, k := range content.Kinds {
		if k != content.Page && col.Takes(k) {
			return k
		}
	}
	return content.News
}

func (s *Site) atom(self, list, title string, items []content.Item) atom {
	doc := atom{Lang: "zh-CN", ID: s.srv.URL(self), Title: title, Author: atomAuthor{s.cfg.Settings.Name},
		Links: []atomLink{{Rel: "self", Type: "application/atom+xml", Href: s.srv.URL(self)}, {Rel: "alternate", Type: "text/html", Href: s.srv.URL(list)}}}
	newest := time.Unix(0, 0) // an empty feed still has to say when
	for _, it := range items {
		if it.Kind == content.Page { // about us is no news
			continue
		}
		if it.Updated.After(newest) {
			newest = it.Updated
		}
		doc.Entries = append(doc.Entries, s.entry(it))
	}
	doc.Updated = atomTime(newest)
	return doc
}

func (s *Site) entry(it content.Item) atomEntry {
	e := atomEntry{ID: urn(it.ID), Title: xmlText(it.Title), Published: atomTime(it.First), Updated: atomTime(it.Updated),
		Links:    []atomLink{{Rel: "alternate", Type: "text/html", Href: s.srv.URL(it.Address())}},
		Category: &atomTerm{string(it.Kind), it.Kind.Label()}, Summary: xmlText(it.Answer)}
	if it.Answer == "" {
		e.Summary = xmlText(it.Excerpt)
	}
	if it.Origin != "" {
		e.Author = &atomAuthor{xmlText(it.Origin)}
	}
	return e
}

// urn is a document's id for ever, wherever the site moves: a ULID is 128 bits,
// as a UUID is.
func urn(id string) string {
	u, err := ulid.ParseStrict(id)
	if err != nil {
		return "urn:songfa:" + id
	}
	const hex = "0123456789abcdef"
	var b []byte
	for i, x := range u {
		if i == 4 || i == 6 || i == 8 || i == 10 {
			b = append(b, '-')
		}
		b = append(b, hex[x>>4], hex[x&15])
	}
	return "urn:uuid:" + string(b)
}

func atomTime(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// xmlText takes out what XML cannot hold at all; encoding/xml would put a
// replacement character there.
func xmlText(s string) string {
	out := make([]rune, 0, len(s))
	for _, r := range s {
		if r >= 0x20 && r != 0xfffe && r != 0xffff || r == '\n' || r == '\t' {
			out = append(out, r)
		}
	}
	return string(out)
}
