package themes

import (
	"strings"
	"time"
)

// Meta is a named meta tag.
type Meta struct{ Name, Content string }

// metas leaves out what is empty.
func metas(pairs ...string) []Meta {
	var list []Meta
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			list = append(list, Meta{pairs[i], pairs[i+1]})
		}
	}
	return list
}

// Metas are the 政府网站网页标签 that every page has (国办函〔2017〕47号 annex and the
// 政府网站发展指引): the site's, and its column's.
func (s *Shell) Metas() []Meta {
	return metas(
		"SiteName", s.Site.Name, "SiteDomain", s.Site.Domain(), "SiteIDCode", s.Site.IDCode,
		"ColumnName", s.Column.Name, "ColumnType", s.Column.Type,
		"Keywords", strings.Join(s.Keywords, ","),
	)
}

// Metas adds those of an article.
func (p *GuidePage) Metas() []Meta {
	return append(p.Shell.Metas(), metas(
		"ArticleTitle", p.Title, "PubDate", minute(p.Published),
		"ContentSource", or(p.Origin, p.Site.Name), "Author", p.Author,
	)...)
}

// minute is a time as the page metas want it.
func minute(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.In(Zone).Format("2006-01-02 15:04")
}

// OGType is what a share card says the page is.
func (s *Shell) OGType() string { return "website" }

// OGType of a document is article.
func (p *GuidePage) OGType() string { return "article" }

// ld is a thing of schema.org. The template writes it as JSON.
type ld map[string]any

// with adds what is not empty.
func (o ld) with(key string, value any) ld {
	switch v := value.(type) {
	case string:
		if v == "" {
			return o
		}
	case time.Time:
		if v.IsZero() {
			return o
		}
		value = v.In(Zone).Format(time.RFC3339)
	}
	o[key] = value
	return o
}

func thing(kind string) ld { return ld{"@context": "https://schema.org", "@type": kind} }

func (s Site) organization() ld {
	o := ld{"@type": "GovernmentOrganization", "name": s.Host(), "url": s.URL + "/"}.with("telephone", s.Phone)
	if s.Address != "" {
		o["address"] = s.Address
	}
	return o
}

// LD is the page's JSON-LD: where it stands. The pages of documents, sessions
// and the home page say more.
func (s *Shell) LD() []any {
	if len(s.Crumbs) == 0 || s.NoIndex {
		return nil
	}
	items := []ld{{"@type": "ListItem", "position": 1, "name": "首页", "item": s.Site.URL + "/"}}
	for _, c := range s.Crumbs {
		if c.Href != "" {
			items = append(items, ld{"@type": "ListItem", "position": len(items) + 1, "name": c.Text, "item": s.Site.Whole(c.Href)})
		}
	}
	items = append(items, ld{"@type": "ListItem", "position": len(items) + 1, "name": s.Title})
	return []any{thing("BreadcrumbList").with("itemListElement", items)}
}

// LD of the home page is the bureau.
func (p *HomePage) LD() []any {
	o := p.Site.organization()
	o["@context"] = "https://schema.org"
	o["contactPoint"] = ld{"@type": "ContactPoint", "telephone": p.Site.Line(), "contactType": "公共法律服务热线", "availableLanguage": "zh-CN"}
	return []any{o, thing("WebSite").with("name", p.Site.Name).with("url", p.Site.URL+"/").with("inLanguage", "zh-CN")}
}

// LD of a document is an Article.
func (p *GuidePage) LD() []any {
	if p.NoIndex {
		return nil
	}
	kind := "Article"
	if p.Kind == "news" {
		kind = "NewsArticle"
	}
	o := thing(kind).with("headline", p.Title).with("description", p.MetaDescription()).
		with("datePublished", p.Published).with("dateModified", p.Updated).
		with("inLanguage", "zh-CN").with("mainEntityOfPage", p.Canonical()).
		with("publisher", p.Site.organization())
	if p.Author != "" {
		o["author"] = ld{"@type": "Person", "name": p.Author}
	} else {
		o["author"] = ld{"@type": "Organization", "name": or(p.Origin, p.Site.Host())}
	}
	if p.Image != "" {
		o["image"] = p.Site.Whole(p.Image)
	}
	return append(p.Shell.LD(), o)
}

// LD of a session is an Event.
func (p *SessionPage) LD() []any {
	o := thing("Event").with("name", p.Title).with("description", p.MetaDescription()).
		with("startDate", p.Session.Starts).with("endDate", p.Session.Ends).
		with("eventStatus", or(p.EventStatus, "https://schema.org/EventScheduled")).
		with("eventAttendanceMode", "https://schema.org/OfflineEventAttendanceMode").
		with("location", ld{"@type": "Place", "name": or(p.Session.Venue, p.Session.Town), "address": or(p.Address, p.Session.Town)}).
		with("organizer", ld{"@type": "Organization", "name": or(p.Organizer, p.Site.Host()), "url": p.Site.URL + "/"}).
		with("isAccessibleForFree", true).with("inLanguage", "zh-CN").with("url", p.Canonical())
	if p.Image != "" {
		o["image"] = p.Site.Whole(p.Image)
	}
	if p.Capacity > 0 {
		o["maximumAttendeeCapacity"], o["remainingAttendeeCapacity"] = p.Capacity, p.Free
	}
	var before []string
	for _, t := range p.Previous {
		before = append(before, t.In(Zone).Format(time.RFC3339))
	}
	if len(before) > 0 {
		o["previousStartDate"] = before
	}
	return append(p.Shell.LD(), o)
}
