package search

import (
	"context"
	"errors"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/songfa/songfa/content"
	"github.com/songfa/songfa/content/law"
	"github.com/songfa/songfa/internal/errs"
)

// Target is a page of this site that is promoted. It is known by its entry in
// the index, which stays when the page gets another address.
type Target struct {
	Entry string `json:"entry,omitempty"` // document/01J…; "" for a page that is no entry
	Path  string `json:"path"`            // root-relative, when it was saved
}

// fixedPages are pages that are no entries of the index.
var fixedPages = map[string]string{
	"/": "首页", "/guides/": "全部指南", "/notices/": "通知公告", "/news/": "工作动态", "/qa/": "问答", "/laws/": "法规",
	"/events/": "普法活动", "/stations/": "就近找人问", "/organize/": "请律师来讲",
}

// targets reads the addresses that an editor wrote.
func (d *Desk) targets(ctx context.Context, addresses []string) (list []Target, err error) {
	for _, a := range addresses {
		if a = strings.TrimSpace(a); a == "" {
			continue
		}
		t, err := d.target(ctx, a)
		if errs.Is(err, errs.NotFound) || errs.Is(err, errs.Gone) {
			err = &errs.Error{Kind: errs.Invalid, Field: "targets", Err: err,
				Message: "本站没有“" + clip(a, 60) + "”这一页，或者它已经撤下。请打开要推荐的页面，把地址栏里的地址复制过来。"}
		}
		if err != nil {
			return nil, err
		}
		if !slices.Contains(list, t) {
			list = append(list, t)
		}
	}
	switch {
	case len(list) == 0:
		return nil, errs.Bad("targets", "请写上要推荐的页面地址，一行一个，例如 /guides/qianxin。")
	case len(list) > maxTargets:
		return nil, errs.Bad("targets", "推荐的页面太多，最多 "+strconv.Itoa(maxTargets)+" 个，请留下最要紧的。")
	}
	return list, nil
}

// target finds the page of an address. NotFound or Gone: there is none.
func (d *Desk) target(ctx context.Context, address string) (Target, error) {
	path, err := d.local(address)
	if err != nil {
		return Target{}, err
	}
	page, station, _ := strings.Cut(path, "#")
	first, rest, _ := strings.Cut(strings.TrimPrefix(page, "/"), "/")
	kind, ok := content.KindOfDir(first)
	switch {
	case page == "/stations/" && station != "":
		return d.stationTarget(ctx, station)
	case fixedPages[page] != "":
		return Target{Path: page}, nil
	case ok:
		return d.documentTarget(ctx, kind, rest)
	case first == "laws":
		return d.lawTarget(ctx, page)
	case first == "events":
		return d.sessionTarget(ctx, rest)
	case first == "topics":
		_, err := d.topicTitle(page)
		return Target{Path: page}, err
	}
	return Target{}, errs.New(errs.NotFound, "", "no such page")
}

// local makes an address root-relative: it may be a whole one of this site, and
// have the base path or not.
func (d *Desk) local(address string) (string, error) {
	u, err := url.Parse(address)
	if err != nil || u.Host != "" && u.Host != d.cfg.Base.Host || u.Scheme != "" && u.Host == "" {
		return "", errs.Bad("targets", "“"+clip(address, 60)+"”不是本站的地址，只能推荐本站的页面。")
	}
	base := strings.TrimRight(d.cfg.Base.Path, "/")
	path := u.Path
	if rest, ok := strings.CutPrefix(path, base+"/"); ok && base != "" {
		path = "/" + rest
	}
	if !strings.HasPrefix(path, "/") || strings.Contains(path, "//") {
		return "", errs.Bad("targets", "地址要以 / 开头，例如 /guides/qianxin。请检查“"+clip(address, 60)+"”。")
	}
	if u.Fragment != "" {
		path += "#" + u.Fragment
	}
	return path, nil
}

func (d *Desk) documentTarget(ctx context.Context, kind content.Kind, slug string) (Target, error) {
	if !content.ValidSlug(slug) {
		return Target{}, errs.New(errs.NotFound, "", "no slug")
	}
	l, err := d.index.cfg.Content.Published(ctx, kind, slug)
	if moved := (*content.Moved)(nil); errors.As(err, &moved) {
		if kind, slug, ok := content.ParseAddress(moved.To); ok {
			l, err = d.index.cfg.Content.Published(ctx, kind, slug)
		}
	}
	if err == nil && l.Live != content.Published {
		err = errs.New(errs.Gone, "", "withdrawn")
	}
	return Target{Entry: documentID(l.Document.ID), Path: l.Address()}, err
}

func (d *Desk) lawTarget(ctx context.Context, path string) (Target, error) {
	if slug, n, sub, ok := law.ParseArticlePath(path); ok && n > 0 {
		_, err := d.index.cfg.Laws.Article(ctx, slug, n, sub, "")
		return Target{Entry: articleID(slug, law.ArticleID(n, sub)), Path: path}, err
	}
	l, err := d.index.cfg.Laws.Law(ctx, strings.TrimPrefix(path, "/laws/"))
	return Target{Entry: lawID(l.Slug), Path: path}, err
}

func (d *Desk) sessionTarget(ctx context.Context, no string) (Target, error) {
	s, err := d.index.cfg.Events.Session(ctx, no)
	return Target{Entry: sessionID(s.ID), Path: "/events/" + s.No}, err
}

func (d *Desk) stationTarget(ctx context.Context, code string) (Target, error) {
	s, err := d.index.cfg.Events.Station(ctx, code)
	return Target{Entry: stationID(s.ID), Path: "/stations/#" + s.Code}, err
}

func (d *Desk) topicTitle(path string) (string, error) {
	for _, t := range *d.index.topics.Load() {
		if path == "/topics/"+t.Slug+"/" {
			return t.Name, nil
		}
	}
	return "", errs.New(errs.NotFound, "", "no such topic")
}

// Shown is a target as readers get it.
type Shown struct {
	Target
	Title  string
	Broken bool // it is not there any more, and readers do not see it
}

// Show tells what readers get of the targets. While the index does not answer,
// it is Unavailable.
func (d *Desk) Show(targets []Target) (list []Shown, err error) {
	for _, t := range targets {
		hit, ok, err := d.hit(nil, t)
		if err != nil {
			return nil, err
		}
		s := Shown{Target: t, Broken: !ok}
		if ok {
			s.Path = hit.Path
		}
		for _, sp := range hit.Title {
			s.Title += sp.Text
		}
		list = append(list, s)
	}
	return list, nil
}

// hit is the target as a hit, with the words of a question marked; false when
// the page is not there any more.
func (d *Desk) hit(asked *question, t Target) (h Hit, ok bool, err error) {
	if t.Entry == "" {
		title := fixedPages[t.Path]
		if title == "" {
			title, _ = d.topicTitle(t.Path)
		}
		return Hit{Path: t.Path, Title: []Span{{Text: title}}}, title != "", nil
	}
	if asked == nil {
		asked = &question{}
	}
	err = d.index.read(func(v *view) error {
		doc, found, err := v.find(t.Entry)
		if err != nil || !found || v.closed(doc, d.index.date()) {
			return err
		}
		ok = true
		h, err = d.index.load(v, asked, doc)
		return err
	})
	return h, ok, err
}
