package publish

import (
	"net/url"
	"path"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestFile(t *testing.T) {
	for _, c := range []struct {
		page page
		html bool
		want string
	}{
		{page{"/", false}, true, "index.html"},
		{page{"/", true}, true, "elder/index.html"},
		{page{"/guides/", false}, true, "guides/index.html"},
		{page{"/guides/qianxin", false}, true, "guides/qianxin/index.html"},
		{page{"/guides/?page=2", false}, true, "guides/_page-2/index.html"},
		{page{"/events/?type=site&month=2026-11", true}, true, "elder/events/_month-2026-11_type-site/index.html"},
		{page{"/events/feed.ics?audience=%E5%B7%A5%E5%8F%8B", false}, false, "events/feed_audience-=e5=b7=a5=e5=8f=8b.ics"},
		{page{"/media/ab/%E5%90%88%E5%90%8C.pdf", false}, false, "media/ab/合同.pdf"},
		{page{"/media/ab/../../x.pdf", false}, false, "x.pdf"},
	} {
		if got := file(c.page, c.html); got != c.want {
			t.Errorf("%+v is %s, want %s", c.page, got, c.want)
		}
	}
}

// A relative link leads a browser from one file to the other, whatever they are
// called and wherever the site lives.
func TestRelativeLeadsThere(t *testing.T) {
	name := rapid.Custom(func(t *rapid.T) string {
		parts := rapid.SliceOfN(rapid.StringMatching(`[a-z合同: %?#_=-]{1,6}`), 1, 4).Draw(t, "parts")
		return strings.Join(parts, "/") + "/index.html"
	})
	rapid.Check(t, func(t *rapid.T) {
		from, to := name.Draw(t, "from"), name.Draw(t, "to")
		base := &url.URL{Scheme: "https", Host: "x.gov.cn", Path: "/sfj/" + from}
		link, err := base.Parse(relative(from, to))
		if err != nil {
			t.Fatal(err)
		}
		if want := "/sfj/" + to; link.Path != want || link.Host != "x.gov.cn" || link.RawQuery != "" {
			t.Fatalf("from %s to %s: %s leads to %s", from, to, relative(from, to), link)
		}
	})
}

// No two addresses share a file.
func TestFilesAreApart(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		query := func(label string) string {
			q := url.Values{}
			for range rapid.IntRange(0, 2).Draw(t, label) {
				q.Set(rapid.SampledFrom([]string{"page", "town", "type"}).Draw(t, "name"), rapid.StringMatching(`[a-z0-9_=镇-]{1,4}`).Draw(t, "value"))
			}
			return q.Encode()
		}
		a, b := query("a"), query("b")
		fa, fb := file(page{address: "/events/?" + a}, true), file(page{address: "/events/?" + b}, true)
		if (a == b) != (fa == fb) {
			t.Fatalf("%q is %s, %q is %s", a, fa, b, fb)
		}
		if path.Clean(fa) != fa {
			t.Fatalf("%q is %s", a, fa)
		}
	})
}
