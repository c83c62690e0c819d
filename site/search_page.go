package site

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/songfa/songfa/content"
	"github.com/songfa/songfa/events"
	"github.com/songfa/songfa/internal/errs"
	"github.com/songfa/songfa/search"
	"github.com/songfa/songfa/themes"
)

// showAnswer turns what was found into the page.
func (s *Site) showAnswer(ctx context.Context, p *themes.SearchPage, q search.Query, found search.Answer, topics []content.Topic) error {
	statuses, err := s.lawStatuses(ctx, found)
	if err != nil {
		return err
	}
	p.Total, p.Corrected = found.Total, found.Corrected
	if found.Meant != "" {
		p.Meant = themes.Link{Text: found.Meant, Href: searchPath(search.Query{Text: found.Meant}, "")}
		p.Verbatim = searchPath(search.Query{Text: q.Text, Verbatim: true}, "")
	}
	if found.Exact != nil && q.Page == 1 {
		hit := s.searchHit(*found.Exact, statuses)
		p.Exact = &hit
	}
	for _, h := range found.Promoted {
		p.Promoted = append(p.Promoted, s.searchHit(h, statuses))
	}
	for _, h := range found.Hits {
		if p.Exact == nil || h.Path != found.Exact.Path { // it stands on top already
			p.Hits = append(p.Hits, s.searchHit(h, statuses))
		}
	}
	for _, text := range found.Related {
		p.Related = append(p.Related, themes.Link{Text: text, Href: searchPath(search.Query{Text: text}, "")})
	}
	showFacets(p, q, found.Result, topics)
	if !found.WantsSessions {
		return nil
	}
	if p.Sessions, err = s.comingTo(ctx, q.Text); err != nil {
		return err
	}
	p.Hits = slices.DeleteFunc(p.Hits, func(h themes.Hit) bool { // those stand on top now
		return slices.ContainsFunc(p.Sessions, func(s themes.Session) bool { return s.Href == h.Href })
	})
	return nil
}

func showFacets(p *themes.SearchPage, q search.Query, found search.Result, topics []content.Topic) {
	pages := min((found.Total+q.Size-1)/q.Size, maxSearchPage)
	p.Pager = pager(q.Page, pages, found.Total, func(n string) string { return searchPath(q, n) })
	ofTopic := 0
	for _, k := range found.Kinds {
		ofTopic += k.Count
	}
	p.Kinds = facets(found.Kinds, ofTopic, q.Kind, func(kind string) string {
		return searchPath(search.Query{Text: q.Text, Kind: kind, Topic: q.Topic, Verbatim: q.Verbatim}, "")
	}, kindName)
	p.Topics = facets(found.Topics, found.OfKind, q.Topic, func(topic string) string {
		return searchPath(search.Query{Text: q.Text, Kind: q.Kind, Topic: topic, Verbatim: q.Verbatim}, "")
	}, func(slug string) string { return strings.Join(names(topics, []string{slug}), "") })
}

// facets are links that narrow; the first takes the narrowing back, to all. A
// page may be on several topics, so all are not the sum.
func facets(found []search.Facet, all int, chosen string, at, name func(string) string) []themes.Facet {
	var list []themes.Facet
	for _, f := range found {
		if n := name(f.Value); n != "" {
			list = append(list, themes.Facet{Name: n, Href: at(f.Value), Count: f.Count, Current: f.Value == chosen})
		}
	}
	if len(list) == 0 || len(list) == 1 && chosen == "" {
		return nil
	}
	return append([]themes.Facet{{Name: "全部", Href: at(""), Count: all, Current: chosen == ""}}, list...)
}

// lawStatuses says of each law among the hits whether it counts today.
func (s *Site) lawStatuses(ctx context.Context, found search.Answer) (map[string]themes.Badge, error) {
	list := map[string]themes.Badge{}
	hits := slices.Concat(found.Hits, found.Promoted)
	if found.Exact != nil {
		hits = append(hits, *found.Exact)
	}
	for _, h := range hits {
		slug, _, _ := strings.Cut(h.ID, "/")
		if _, known := list[slug]; known || h.Kind != "law" && h.Kind != "article" {
			continue
		}
		l, err := s.cfg.Laws.Law(ctx, slug)
		if errs.Is(err, errs.NotFound) { // the index is a moment behind
			continue
		}
		if err != nil {
			return nil, err
		}
		list[slug] = s.lawStatus(l, l.InForce())
	}
	return list, nil
}

func (s *Site) searchHit(h search.Hit, statuses map[string]themes.Badge) themes.Hit {
	hit := themes.Hit{Title: spans(h.Title), Href: h.Path, Kind: kindName(h.Kind), Date: h.At, Answer: spans(h.Answer), Snippet: spans(h.Snippet)}
	if h.Kind == "law" || h.Kind == "article" {
		slug, _, _ := strings.Cut(h.ID, "/")
		hit.Status = statuses[slug]
		if h.Repealed {
			hit.Status = themes.Badge{Text: repealed, Tone: themes.Warn}
		}
	}
	if h.Kind == "session" {
		hit.Date, hit.Note = time.Time{}, s.sessionTime(h.At)
	}
	if len(h.Answer) > 0 && (marked(h.Answer) || !marked(h.Snippet)) { // the answer says why it was found
		hit.Snippet = nil
	}
	return hit
}

// sessionTime says when a session begins, and whether it did.
func (s *Site) sessionTime(at time.Time) string {
	at = at.In(events.Zone)
	text := at.Format("1 月 2 日 ") + weekdays[at.Weekday()] + at.Format(" 15:04")
	if at.Year() != s.now().Year() {
		text = at.Format("2006 年 ") + text
	}
	if at.Before(s.now()) {
		text += "，已经开始或者办过"
	}
	return text
}

var weekdays = [...]string{"周日", "周一", "周二", "周三", "周四", "周五", "周六"}

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

const (
	searchSessions = 3 // coming sessions beside the hits
	searchStations = 3 // to ask instead
)

// comingTo lists the next sessions that take place, of the town that the text names if it has any.
func (s *Site) comingTo(ctx context.Context, text string) ([]themes.Session, error) {
	town, err := s.townIn(ctx, text)
	if err != nil {
		return nil, err
	}
	on := events.Filter{Town: town.Code, States: []events.State{events.Published}, Limit: searchSessions}
	coming, err := s.cfg.Events.Upcoming(ctx, on)
	if err == nil && len(coming) == 0 && town.Code != "" {
		on.Town = ""
		coming, err = s.cfg.Events.Upcoming(ctx, on)
	}
	return s.sessions(coming), err
}

// townIn finds the town that a text names; the zero one when it names none.
func (s *Site) townIn(ctx context.Context, text string) (events.Town, error) {
	if text == "" {
		return events.Town{}, nil
	}
	towns, err := s.cfg.Events.Towns(ctx)
	if err != nil {
		return events.Town{}, err
	}
	names := make([]string, len(towns))
	for i, t := range towns {
		names[i] = t.Name
	}
	if i := s.cfg.Search.Names(text, names); i >= 0 {
		return towns[i], nil
	}
	return events.Town{}, nil
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
	if p.Nearby, err = s.nearby(ctx, p.Query); err != nil {
		return err
	}
	return s.render(c, p)
}

// nearby lists somebody to ask: the stations of the town that the text names,
// else the centre.
func (s *Site) nearby(ctx context.Context, text string) ([]themes.Station, error) {
	town, err := s.townIn(ctx, text)
	if err != nil {
		return nil, err
	}
	var found []events.Station
	if town.Code != "" {
		if found, err = s.cfg.Events.Stations(ctx, events.StationFilter{Town: town.Code}); err != nil {
			return nil, err
		}
	}
	if len(found) == 0 {
		if found, err = s.cfg.Events.Stations(ctx, events.StationFilter{Tier: events.Center}); err != nil {
			return nil, err
		}
		found = found[:min(1, len(found))]
	}
	var list []themes.Station
	for _, st := range found[:min(searchStations, len(found))] {
		list = append(list, station(st))
	}
	return list, nil
}
