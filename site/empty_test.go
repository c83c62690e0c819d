package site_test

import (
	"os"
	"path/filepath"
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

// A theme that breaks is a clean page and a line in the log, never half a page.
func TestBrokenTheme(t *testing.T) {
	dir := t.TempDir()
	// It holds with sample pages, so it is taken, and breaks without stations.
	page := `{{define "main"}}<p>half a page</p>{{if not .Centers}}{{index .Centers 99}}{{end}}{{end}}`
	check(t, os.WriteFile(filepath.Join(dir, "stations.html"), []byte(page), 0o600))
	r := openThemed(t, dbtest.SQLite(t), "", dir)
	resp, body := r.get(t, "/stations/")
	id := resp.Header.Get("X-Request-Id")
	if resp.StatusCode != 500 || strings.Contains(body, "half a page") || !strings.Contains(body, "系统出了问题") || !strings.Contains(body, id) || !strings.Contains(body, "</html>") {
		t.Errorf("%d %s", resp.StatusCode, body)
	}
	if log := r.log.String(); !strings.Contains(log, id) || !strings.Contains(log, "stations.html") {
		t.Errorf("log: %s", log)
	}
	r.expect(t, "/organize/", 200)
}
