package site_test

import (
	"strings"
	"testing"

	"github.com/songfa/songfa/internal/db/dbtest"
)

// A site that has nothing yet says so, with something to do, on every page.
func TestEmptyInstallation(t *testing.T) {
	r := open(t, dbtest.SQLite(t), "/b")
	for path, words := range map[string]string{
		"/":                      "12348",
		"/guides/":               "12348",
		"/notices/":              "",
		"/news/":                 "",
		"/qa/":                   "",
		"/laws/":                 "还没有收录法规",
		"/events/":               "没有排定的活动",
		"/events/?month=2026-11": "没有排定的活动",
		"/events/?past=1":        "",
		"/events/feed.ics":       "BEGIN:VCALENDAR",
		"/stations/":             "12348",
		"/organize/":             "0000-1234801",
		"/search":                "12348",
		"/search?q=%E5%B7%A5":    "没有找到",
		"/feeds/all.xml":         "<feed",
		"/sitemap.xml":           "<urlset",
		"/readyz":                "ready",
	} {
		resp, body := r.get(t, path)
		if resp.StatusCode != 200 || !strings.Contains(body, words) {
			t.Errorf("%s: %d, %q is there: %v", path, resp.StatusCode, words, strings.Contains(body, words))
		}
	}
	resp, _ := r.get(t, "")
	if resp.StatusCode != 301 || resp.Header.Get("Location") != "/b/" {
		t.Errorf("the base path without its slash: %d to %s", resp.StatusCode, resp.Header.Get("Location"))
	}
}

// Questions of absurd length get a sentence, not a broken connection.
func TestLongQuestions(t *testing.T) {
	r := open(t, dbtest.SQLite(t), "")
	for _, path := range []string{"/search?q=", "/search/suggest?q=", "/api/v1/search?q=", "/events/?town=", "/events/?month=", "/news/?column=", "/laws/x?date="} {
		resp, body := r.get(t, path+strings.Repeat("a", 10<<10))
		if resp.StatusCode != 400 && resp.StatusCode != 404 || !strings.Contains(body, "。") {
			t.Errorf("%s: %d %.200s", path, resp.StatusCode, body)
		}
	}
}
