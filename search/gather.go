package search

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/songfa/songfa/content"
	"github.com/songfa/songfa/content/law"
	"github.com/songfa/songfa/events"
	"github.com/songfa/songfa/internal/errs"
)

// How many rows are read at once: a document may be large.
const (
	readDocuments = 50
	readRows      = 200
)

// The entries' ids begin with what they are.
func documentID(id string) string { return "document/" + id }
func lawID(slug string) string    { return "law/" + slug }
func sessionID(id string) string  { return "session/" + id }
func stationID(id string) string  { return "station/" + id }

func articleID(slug, article string) string { return "article/" + slug + "/" + article }

// citedID is the entry of what is cited.
func citedID(c law.Citation) string {
	if c.Number == 0 {
		return lawID(c.LawSlug)
	}
	return articleID(c.LawSlug, law.ArticleID(c.Number, c.Sub))
}

func documentEntry(l content.Live) *entry {
	heads := make([]string, len(l.TOC))
	for i, h := range l.TOC {
		heads[i] = h.Text
	}
	e := &entry{
		id: documentID(l.Document.ID),
		hit: stored{Kind: string(l.Kind), ID: l.Document.ID, Path: l.Address(), Title: l.Title, Answer: l.Answer,
			Summary: l.Summary, Body: l.Plain, Topics: l.Topics, Column: l.Column, At: millis(l.First)},
		headings: join(heads...),
		names:    join(l.Sources...),
		audience: strings.Join(l.Audience, " "),
	}
	if l.Kind != content.News { // news is found, but nobody begins to type its title
		e.suggest = []string{l.Title}
	}
	return e
}

// lawEntry is the law as a whole; purpose is its first article, prose what it
// says outside of articles.
func lawEntry(l law.Law, purpose string, prose []string) *entry {
	return &entry{
		id:      lawID(l.Slug),
		hit:     stored{Kind: "law", ID: l.Slug, Path: law.LawPath(l.Slug), Title: l.Short, Summary: purpose, Body: join(prose...), Repealed: l.Repealed()},
		names:   join(append([]string{l.Title}, l.Aliases...)...),
		law:     l.Slug,
		called:  law.Name(l.Title),
		suggest: append([]string{l.Short, l.Title}, l.Aliases...),
	}
}

func articleEntry(r *law.Registry, l law.Law, a law.Article) *entry {
	return &entry{
		id: articleID(l.Slug, a.ID()),
		hit: stored{Kind: "article", ID: l.Slug + "/" + a.ID(), Path: law.ArticlePath(l.Slug, a.Number, a.Sub),
			Title: "《" + l.Short + "》" + law.FormatArticle(a.Number, a.Sub), Body: a.Text(), Repealed: l.Repealed()},
		headings: join(append([]string{a.Heading, a.Book}, a.Path...)...),
		names:    law.FormatArticle(a.Number, a.Sub),
		law:      l.Slug,
		gloss:    law.Gloss(l.Title, a),
		called:   law.Name(l.Title),
		mentions: mentions(r, l.Title+"\n"+a.Text()),
	}
}

// mentions lists the laws that a text names, each once.
func mentions(r *law.Registry, text string) (names []string) {
	for _, m := range r.Mentions(text) {
		if !slices.Contains(names, m.Name) {
			names = append(names, m.Name)
		}
	}
	return names
}

func sessionEntry(s events.Session) *entry {
	day := s.Starts.In(events.Zone)
	return &entry{
		id: sessionID(s.ID),
		hit: stored{Kind: "session", ID: s.ID, Path: "/events/" + s.No, Title: s.Title, Summary: s.Summary,
			Body: join(s.Place(), s.Organizer, s.Lawyers), At: millis(s.Starts)},
		headings: join(s.Type.Label(), "普法活动", s.TownName),
		names:    day.Format("2006年1月2日"),
		audience: strings.Join(s.Audience, " "),
		suggest:  []string{s.Title},
	}
}

func stationEntry(s events.Station) *entry {
	return &entry{
		id: stationID(s.ID),
		hit: stored{Kind: "station", ID: s.Code, Path: "/stations/#" + s.Code, Title: s.Name,
			Body: join(s.Address, s.Phone, s.Hours, s.Bus, s.Note)},
		from: s.ValidFrom, to: s.ValidTo,
		headings: join(s.Tier.Label(), "法律服务站点 地址 电话 在哪", s.TownName),
		suggest:  []string{s.Name},
	}
}

func millis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

// eachDocument reads all published documents, for a rebuild.
func (x *Index) eachDocument(ctx context.Context, add func(*entry) error) error {
	return inPages(readDocuments, func(after string, n int) ([]content.Live, error) {
		return x.cfg.Content.EachPublished(ctx, after, n)
	}, func(l content.Live) (string, error) {
		return l.Document.ID, add(documentEntry(l))
	})
}

func (x *Index) eachSession(ctx context.Context, add func(*entry) error) error {
	return inPages(readRows, func(after string, n int) ([]events.Session, error) {
		return x.cfg.Events.EachSession(ctx, after, n)
	}, func(s events.Session) (string, error) {
		return s.ID, add(sessionEntry(s))
	})
}

func (x *Index) eachStation(ctx context.Context, add func(*entry) error) error {
	return inPages(readRows, func(after string, n int) ([]events.Station, error) {
		return x.cfg.Events.EachStation(ctx, after, n)
	}, func(s events.Station) (string, error) {
		return s.ID, add(stationEntry(s))
	})
}

// inPages walks a list that is read page by page; visit returns the id that the
// next page begins after.
func inPages[T any](n int, read func(after string, n int) ([]T, error), visit func(T) (string, error)) error {
	for after := ""; ; {
		page, err := read(after, n)
		if err != nil {
			return err
		}
		for _, row := range page {
			if after, err = visit(row); err != nil {
				return err
			}
		}
		if len(page) < n {
			return nil
		}
	}
}

// eachOfLaw reads a law with the articles of its version in force. A law that is
// not there gives nothing.
func (x *Index) eachOfLaw(ctx context.Context, slug string, add func(*entry) error) error {
	l, err := x.cfg.Laws.Law(ctx, slug)
	if errs.Is(err, errs.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	var prose []string
	purpose := ""
	err = x.cfg.Laws.EachArticle(ctx, slug, func(a law.Article) error {
		if a.Number == 0 {
			prose = append(prose, a.Text())
			return nil
		}
		if purpose == "" {
			purpose = a.Text()
		}
		return add(articleEntry(x.registry, l, a))
	})
	if err != nil {
		return err
	}
	return add(lawEntry(l, purpose, prose))
}
