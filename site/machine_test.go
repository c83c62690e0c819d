package site_test

import (
	"encoding/xml"
	"net/url"
	"strings"
	"testing"
	"time"

	ics "github.com/arran4/golang-ical"

	"github.com/songfa/songfa/internal/db/dbtest"
)

type atomFeed struct {
	XMLName xml.Name `xml:"http://www.w3.org/2005/Atom feed"`
	ID      string   `xml:"id"`
	Title   string   `xml:"title"`
	Updated string   `xml:"updated"`
	Author  string   `xml:"author>name"`
	Links   []struct {
		Rel  string `xml:"rel,attr"`
		Href string `xml:"href,attr"`
	} `xml:"link"`
	Entries []struct {
		ID        string `xml:"id"`
		Title     string `xml:"title"`
		Updated   string `xml:"updated"`
		Published string `xml:"published"`
		Link      struct {
			Href string `xml:"href,attr"`
		} `xml:"link"`
		Summary string `xml:"summary"`
	} `xml:"entry"`
}

// A feed has what RFC 4287 asks for, and its ids stay when a document changes.
func TestFeedsAreAtom(t *testing.T) {
	r := full(t, "/sfj/pufa")
	for _, name := range []string{"all", "guides", "notices", "news", "qa", "cases"} {
		resp, body := r.get(t, "/feeds/"+name+".xml")
		var f atomFeed
		if err := xml.Unmarshal([]byte(body), &f); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if f.ID == "" || f.Title == "" || f.Author == "" || len(f.Links) != 2 || f.Links[0].Href != r.root+"/feeds/"+name+".xml" {
			t.Errorf("%s: head %+v", name, f)
		}
		if name != "cases" && len(f.Entries) == 0 {
			t.Errorf("%s is empty", name)
		}
		if strings.Contains(body, "/pages/") {
			t.Errorf("%s tells of a single page", name)
		}
		newest, seen := "", map[string]bool{}
		for _, e := range f.Entries {
			if !strings.HasPrefix(e.ID, "urn:uuid:") || len(e.ID) != len("urn:uuid:")+36 || seen[e.ID] || e.Title == "" || e.Summary == "" {
				t.Errorf("%s: entry %+v", name, e)
			}
			if u, err := url.Parse(e.Link.Href); err != nil || !strings.HasPrefix(e.Link.Href, r.root+"/") || u.Host == "" {
				t.Errorf("%s: entry leads to %s", name, e.Link.Href)
			}
			for _, at := range []string{e.Updated, e.Published} {
				if _, err := time.Parse(time.RFC3339, at); err != nil {
					t.Errorf("%s: time %v", name, err)
				}
			}
			seen[e.ID] = true
			newest = max(newest, e.Updated)
		}
		if newest != "" && f.Updated != newest {
			t.Errorf("%s: updated %s, newest entry %s", name, f.Updated, newest)
		}
		if again, _ := r.get(t, "/feeds/"+name+".xml", "If-None-Match", resp.Header.Get("ETag")); again.StatusCode != 304 {
			t.Errorf("%s: asked again: %d", name, again.StatusCode)
		}
	}
}

// Calendar files parse, and a session is the same event in its own file and in
// the feed.
func TestCalendarsParse(t *testing.T) {
	r := full(t, "/sfj/pufa")
	_, body := r.get(t, "/events/feed.ics")
	feed, err := ics.ParseCalendar(strings.NewReader(body))
	check(t, err)
	if len(feed.Events()) < 10 {
		t.Fatalf("%d events in the feed", len(feed.Events()))
	}
	for _, e := range feed.Events() {
		link := e.GetProperty(ics.ComponentPropertyUrl).Value
		path, ok := strings.CutPrefix(link, r.root)
		if !ok {
			t.Errorf("event leads to %s", link)
			continue
		}
		r.expect(t, path, 200)
		_, body := r.get(t, path+".ics")
		one, err := ics.ParseCalendar(strings.NewReader(body))
		check(t, err)
		if len(one.Events()) != 1 || one.Events()[0].Id() != e.Id() {
			t.Errorf("%s.ics is another event", path)
		}
	}
	_, body = r.get(t, "/events/feed.ics?type=site")
	some, err := ics.ParseCalendar(strings.NewReader(body))
	check(t, err)
	if n := len(some.Events()); n == 0 || n >= len(feed.Events()) {
		t.Errorf("narrowed to %d of %d events", n, len(feed.Events()))
	}
}

// The sitemap names addresses that are there, each once.
func TestSitemapIsTrue(t *testing.T) {
	r := full(t, "")
	_, body := r.get(t, "/sitemap.xml")
	var m struct {
		XMLName xml.Name `xml:"http://www.sitemaps.org/schemas/sitemap/0.9 urlset"`
		URLs    []struct {
			Loc     string `xml:"loc"`
			LastMod string `xml:"lastmod"`
		} `xml:"url"`
	}
	check(t, xml.Unmarshal([]byte(body), &m))
	seen := map[string]bool{}
	for _, u := range m.URLs {
		path, ok := strings.CutPrefix(u.Loc, r.root)
		if !ok || seen[path] {
			t.Errorf("%s is elsewhere or twice", u.Loc)
			continue
		}
		seen[path] = true
		r.expect(t, path, 200, `rel="canonical" href="`+u.Loc+`"`)
	}
	if len(seen) < 60 {
		t.Errorf("only %d addresses", len(seen))
	}
}

// When something a node needs is away, no reader is sent to it.
func TestNotReadyWithoutDatabase(t *testing.T) {
	d := dbtest.SQLite(t)
	r := open(t, d, "")
	r.expect(t, "/guides/", 200)
	check(t, d.Close())
	r.expect(t, "/healthz", 200)
	resp, body := r.get(t, "/readyz")
	if resp.StatusCode != 503 || resp.Header.Get("Retry-After") == "" || strings.Contains(body, "sql") {
		t.Errorf("%d %s", resp.StatusCode, body)
	}
	r.expect(t, "/guides/", 200) // kept pages are still there
	resp, body = r.get(t, "/news/")
	if resp.StatusCode < 500 || !strings.Contains(body, "12348") || strings.Contains(body, "sql") {
		t.Errorf("a page without its database: %d %s", resp.StatusCode, body)
	}
}
