package content

import (
	"context"
	"errors"
	"slices"

	"github.com/songfa/songfa/content/law"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/errs"
	"github.com/songfa/songfa/internal/markdown"
)

// Citation is one article that an edition cites. A range, 第十条至第十二条, is
// one Citation for each of its articles.
type Citation struct {
	Source      bool   // from Text.Sources, else from the body
	LawSlug     string // "" when the law is not loaded
	Law         string // as written
	Number, Sub int    // Number is 0 when only a law is named
	Clause      int
	Item        int
}

// Path is the address of the article; "" when the law is not loaded.
func (c Citation) Path() string {
	return law.Citation{LawSlug: c.LawSlug, Number: c.Number, Sub: c.Sub, Exists: true}.Path()
}

// Label is 《劳动合同法》第三十条.
func (c Citation) Label() string {
	return "《" + c.Law + "》" + law.Citation{Number: c.Number, Sub: c.Sub, Clause: c.Clause, Item: c.Item}.Label()
}

const (
	maxRange   = 100 // articles that one range may name
	maxExcerpt = 120 // characters
)

// rendering is what is made of a text, and what only validation needs of it.
type rendering struct {
	Rendered
	images []markdown.Image
	links  []string
}

// render is a pure function of the text and the loaded laws; it is run before a
// transaction, never in it, since on SQLite all writers would wait.
func (s *Store) render(ctx context.Context, t Text) (_ rendering, err error) {
	defer errs.Wrap(&err, "render %q", t.Title)
	var cited citations
	var out rendering
	for _, source := range t.Sources {
		out.Basis = append(out.Basis, s.basis(&cited, source))
	}
	var unread error // while quoting
	doc, err := s.renderer.With(markdown.Config{
		Cite:  func(block string) []markdown.Link { return s.links(&cited, block) },
		Media: func(dest string) (markdown.Resource, bool) { return s.media(ctx, dest) },
		Quote: func(citation string) []markdown.Quote {
			quotes, err := s.quotes(ctx, citation)
			unread = errors.Join(unread, err)
			return quotes
		},
	}).Render([]byte(t.Body))
	if err = errors.Join(err, unread); err != nil {
		return out, err
	}
	out.HTML, out.TOC, out.Plain = doc.HTML, doc.TOC, doc.Text
	out.Excerpt = t.Summary
	if out.Excerpt == "" {
		out.Excerpt = markdown.Excerpt(doc.Text, maxExcerpt)
	}
	out.Citations, out.images, out.links = cited, doc.Images, doc.Links
	return out, nil
}

func (s *Store) media(ctx context.Context, dest string) (markdown.Resource, bool) {
	if s.cfg.Media == nil || !isMedia(dest) {
		return markdown.Resource{}, false
	}
	return s.cfg.Media(ctx, dest)
}

func (s *Store) basis(cited *citations, source string) Basis {
	found := s.cites(source)
	if len(found) == 0 && s.cfg.Laws != nil {
		if c, ok := s.cfg.Laws.Source(source); ok {
			found = append(found, c)
		}
	}
	b := Basis{Text: source}
	for _, c := range found {
		cited.add(c, true)
		if b.Href == "" {
			b.Href = c.Path()
		}
	}
	return b
}

func (s *Store) cites(text string) []law.Citation {
	if s.cfg.Laws == nil {
		return nil
	}
	return s.cfg.Laws.Citations(text)
}

func (s *Store) links(cited *citations, block string) []markdown.Link {
	found := s.cites(block)
	links := make([]markdown.Link, 0, len(found))
	for _, c := range found {
		cited.add(c, false)
		if c.LabelStart == c.LabelEnd || c.Number == 0 {
			continue
		}
		links = append(links, markdown.Link{Start: c.LabelStart, End: c.LabelEnd, Href: c.Path(), Title: "《" + c.Law + "》" + c.Label()})
	}
	return links
}

// citations collects each cited place once.
type citations []Citation

func (cs *citations) add(c law.Citation, source bool) {
	if c.Law == "" && c.LawSlug == "" {
		return // 该法 without anything it could stand for
	}
	one := Citation{Source: source, LawSlug: c.LawSlug, Law: c.Law, Number: c.Number, Sub: c.Sub, Clause: c.Clause, Item: c.Item}
	cs.put(one)
	for n := c.Number + 1; n <= min(c.To, c.Number+maxRange); n++ {
		cs.put(Citation{Source: source, LawSlug: c.LawSlug, Law: c.Law, Number: n})
	}
}

func (cs *citations) put(c Citation) {
	if !slices.Contains(*cs, c) {
		*cs = append(*cs, c)
	}
}

// writeCitations replaces the rows of an edition.
func writeCitations(ctx context.Context, tx *db.Tx, d documentRow, e Edition) error {
	if err := deleteCitations(ctx, tx, e.ID); err != nil {
		return err
	}
	for i, c := range e.Citations {
		_, err := db.Exec(ctx, tx, `INSERT INTO citations
			(edition_id, position, document_id, live, source, law_slug, law_name, article, sub, clause, item)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
			e.ID, i, d.ID, d.LiveID == e.ID && d.LiveState == Published, c.Source, c.LawSlug, c.Law, c.Number, c.Sub, c.Clause, c.Item)
		if err != nil {
			return err
		}
	}
	return nil
}

func deleteCitations(ctx context.Context, tx *db.Tx, editionID string) error {
	_, err := db.Exec(ctx, tx, `DELETE FROM citations WHERE edition_id = $1`, editionID)
	return err
}

type citationRow struct {
	EditionID  string `db:"edition_id"`
	DocumentID string `db:"document_id"`
	Source     bool   `db:"source"`
	LawSlug    string `db:"law_slug"`
	Law        string `db:"law_name"`
	Number     int    `db:"article"`
	Sub        int    `db:"sub"`
	Clause     int    `db:"clause"`
	Item       int    `db:"item"`
}

func (r citationRow) citation() Citation {
	return Citation{Source: r.Source, LawSlug: r.LawSlug, Law: r.Law, Number: r.Number, Sub: r.Sub, Clause: r.Clause, Item: r.Item}
}
