package site

import (
	"context"
	"slices"

	"github.com/gofiber/fiber/v2"

	"github.com/songfa/songfa/content"
	"github.com/songfa/songfa/events"
	"github.com/songfa/songfa/internal/errs"
	"github.com/songfa/songfa/themes"
)

// topic answers /topics/{topic}/: what there is to read about one matter.
func (s *Site) topic(ctx context.Context, c *fiber.Ctx) error {
	page, err := pageNumber(c)
	if err != nil {
		return err
	}
	all, links, err := s.topics(ctx)
	if err != nil {
		return err
	}
	slug := c.Params("topic")
	i := slices.IndexFunc(all, func(t content.Topic) bool { return t.Slug == slug })
	if i < 0 {
		return errs.New(errs.NotFound, "没有这个主题，请从首页选择。", "no topic %q", slug)
	}
	found, err := s.cfg.Content.List(ctx, content.Filter{Topic: slug, Page: page})
	if err != nil {
		return err
	}
	if page > found.Pages() {
		return noPage(page)
	}
	p := s.topicPage(c, all[i], found)
	p.Topic.Count = found.Total
	p.Topics = slices.Delete(links, i, i+1)
	coming, err := s.cfg.Events.Upcoming(ctx, events.Filter{Limit: 3})
	if err != nil {
		return err
	}
	p.Sessions = s.sessions(coming)
	if err := s.dressCards(ctx, p.Guides, p.More); err != nil {
		return err
	}
	cacheableFresh(c, len(p.Sessions) > 0, "page")
	return s.render(c, p)
}

// topicPage puts guides and answers first, notices and news apart.
func (s *Site) topicPage(c *fiber.Ctx, t content.Topic, found content.Listing[content.Item]) *themes.TopicPage {
	at := func(n string) string { return address(topicPath(t.Slug), "page", n) }
	p := &themes.TopicPage{Shell: s.shell(c, at(number(found.Page)), t.Name), Topic: topicLink(t, 0),
		Pager: pager(found.Page, found.Pages(), found.Total, at)}
	p.Description = shorten(t.Question+"："+t.Hint, 120)
	p.Keywords = []string{t.Name}
	var guides, answers, more []content.Item
	for _, it := range found.Items {
		switch it.Kind {
		case content.Guide:
			guides = append(guides, it)
		case content.QA:
			answers = append(answers, it)
		default:
			more = append(more, it)
		}
	}
	p.Guides, p.More = cards(append(guides, answers...), true), cards(more, true)
	return p
}
