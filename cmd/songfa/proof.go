package main

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/songfa/songfa/content"
	"github.com/songfa/songfa/content/law"
	"github.com/songfa/songfa/content/proof"
	"github.com/songfa/songfa/events"
	"github.com/songfa/songfa/internal/errs"
)

// proof runs the machine checks over a text: it joins what the rooms know, which
// none of them could ask of another.
func (c *core) proof(ctx context.Context, d content.Document, t content.Text) ([]proof.Finding, error) {
	in, err := c.proofInput(ctx, d, t)
	if err != nil {
		return nil, err
	}
	return proof.Check(in), nil
}

func (c *core) proofInput(ctx context.Context, d content.Document, t content.Text) (proof.Input, error) {
	lists, err := c.words.Lists(ctx)
	if err != nil {
		return proof.Input{}, err
	}
	in := proof.Input{Kind: string(d.Kind), Day: c.now().In(events.Zone).Format("2006-01-02"), Written: t.Written,
		Work: d.LiveID == "" || d.LiveID != d.HeadID, Fields: content.ProofFields(t), Lists: lists, Laws: c.laws.Registry()}
	if in.Written == "" && !d.First.IsZero() {
		in.Written = d.First.In(events.Zone).Format("2006-01-02")
	}
	in.Renumbered = func(slug string, number, sub int) (int, int, bool) {
		n, s, ok, err := c.laws.Renumbered(ctx, slug, number, sub)
		return n, s, ok && err == nil // a hint: without it the text is told that the article is missing
	}
	seen := map[string]proof.Link{}
	in.Link = func(address string) proof.Link {
		l, ok := seen[address]
		if !ok {
			l = c.link(ctx, address)
			seen[address] = l
		}
		return l
	}
	return in, nil
}

// link looks an address of the site up. What it cannot tell works: an address of
// a program is no business of an editor.
func (c *core) link(ctx context.Context, address string) proof.Link {
	path, anchor, _ := strings.Cut(address, "#")
	path, _, _ = strings.Cut(path, "?")
	ctx, cancel := context.WithTimeout(ctx, resourceDeadline)
	defer cancel()
	parts := strings.Split(strings.Trim(path, "/"), "/")
	if kind, slug, ok := content.ParseAddress(path); ok {
		return c.linkToDocument(ctx, kind, slug, anchor)
	}
	switch {
	case parts[0] == "laws" && len(parts) > 1:
		return c.linkToLaw(parts[1:])
	case parts[0] == "media" && len(parts) == 3:
		if err := c.findMedia(ctx, path); errs.Is(err, errs.NotFound) || errs.Is(err, errs.Invalid) {
			return proof.Link{State: proof.Dead, Why: "素材库里没有这个文件"}
		}
	case parts[0] == "topics" && len(parts) == 2:
		return c.linkToTopic(ctx, parts[1])
	case parts[0] == "events" && len(parts) == 2:
		return c.linkToSession(ctx, parts[1])
	}
	return proof.Link{}
}

func (c *core) linkToDocument(ctx context.Context, kind content.Kind, slug, anchor string) proof.Link {
	live, err := c.content.Published(ctx, kind, slug)
	var moved *content.Moved
	switch {
	case errors.As(err, &moved):
		to := moved.To
		if anchor != "" && !strings.Contains(to, "#") {
			to += "#" + anchor
		}
		return proof.Link{State: proof.Moved, To: to}
	case errs.Is(err, errs.Gone):
		return proof.Link{State: proof.Dead, Why: "那一篇已经下线"}
	case errs.Is(err, errs.NotFound):
		return proof.Link{State: proof.Dead, Why: "没有这一篇，或者还没有发布"}
	case err != nil:
		return proof.Link{} // the database is away; another check will come
	}
	if anchor != "" && !known(live, anchor) {
		return proof.Link{State: proof.Dead, Why: "那一篇里没有“" + anchor + "”这个小标题"}
	}
	return proof.Link{}
}

// known reports whether a page has an anchor. Those of ASCII without s- are the
// theme's own.
func known(live content.Live, anchor string) bool {
	ascii := strings.IndexFunc(anchor, func(r rune) bool { return r > 127 }) < 0
	if ascii && !strings.HasPrefix(anchor, "s-") {
		return true
	}
	for _, h := range live.TOC {
		if h.ID == anchor {
			return true
		}
	}
	return strings.Contains(live.HTML, `id="`+anchor+`"`)
}

func (c *core) linkToLaw(parts []string) proof.Link {
	title := c.laws.Registry().Title(parts[0])
	if title == "" {
		return proof.Link{State: proof.Dead, Why: "没有载入这部法规"}
	}
	if len(parts) < 2 {
		return proof.Link{}
	}
	number, sub, ok := law.ParseArticleID(parts[1])
	if !ok || !c.laws.Registry().Has(parts[0], number, sub) {
		return proof.Link{State: proof.Dead, Why: "《" + title + "》没有这一条"}
	}
	return proof.Link{}
}

func (c *core) linkToTopic(ctx context.Context, slug string) proof.Link {
	topics, err := c.content.Topics(ctx)
	if err == nil && !slices.ContainsFunc(topics, func(t content.Topic) bool { return t.Slug == slug }) {
		return proof.Link{State: proof.Dead, Why: "没有这个主题"}
	}
	return proof.Link{}
}

func (c *core) linkToSession(ctx context.Context, no string) proof.Link {
	if _, err := c.events.Session(ctx, no); errs.Is(err, errs.NotFound) {
		return proof.Link{State: proof.Dead, Why: "没有这一场"}
	}
	return proof.Link{}
}

// sweepEvery is how soon a run of 全站校对 begins after it was asked for.
const sweepEvery = 5 * time.Second

// sweepTexts works on what 全站校对 was asked for. Any node may be the one to do it.
func (a *application) sweepTexts(ctx context.Context) {
	tick := time.NewTicker(sweepEvery)
	defer tick.Stop()
	for {
		if err := a.content.RunSweep(ctx); err != nil && ctx.Err() == nil {
			a.log.Error("check all texts", "err", err)
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
}
