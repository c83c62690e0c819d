package site_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/songfa/songfa/content"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/db/dbtest"
)

// text is a guide that is fit for readers.
func text(title string) content.Text {
	return content.Text{Title: title, Answer: "先留好证据，再去投诉。", Body: "正文第一段，[看指南](/guides/other)。\n\n## 第一步\n\n做。\n\n## 第二步\n\n再做。",
		Sources: []string{"《劳动法》第五十条"}, Checked: "2026-11-20", Origin: "示例区司法局", Topics: nil}
}

// publish makes a guide and publishes it.
func (r *rig) publish(t *testing.T, slug, title string) content.Edition {
	t.Helper()
	e, err := r.content.Create(t.Context(), admin, content.Guide, slug, text(title))
	check(t, err)
	e, err = r.content.Publish(t.Context(), admin, e.ID, e.Version)
	check(t, err)
	return e
}

// expect asks for a path and holds the status and words of the answer.
func (r *rig) expect(t *testing.T, path string, status int, words ...string) {
	t.Helper()
	resp, body := r.get(t, path)
	if resp.StatusCode != status {
		t.Errorf("%s: status %d, want %d", path, resp.StatusCode, status)
	}
	for _, w := range words {
		if lacks, not := strings.CutPrefix(w, "!"); strings.Contains(body, lacks) == not {
			t.Errorf("%s: %q is there: %v", path, lacks, not)
		}
	}
}

// Readers see each step of the workflow with their next request, on both
// databases, although the pages are kept.
func TestReadersSeeEachStep(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		r := open(t, d, "/sfj/pufa")
		ctx := t.Context()
		r.expect(t, "/guides/", 200, "!怎么要工资")
		e, err := r.content.Create(ctx, admin, content.Guide, "gongzi", text("怎么要工资"))
		check(t, err)
		r.expect(t, "/guides/gongzi", 404, "!怎么要工资")

		token := r.content.PreviewToken(e.ID, noon.Add(time.Hour))
		resp, body := r.get(t, "/preview/"+token)
		if resp.StatusCode != 200 || !strings.Contains(body, "怎么要工资") || !strings.Contains(body, "草稿") || !strings.Contains(body, `content="noindex"`) ||
			resp.Header.Get("Cache-Control") != "no-store" || resp.Header.Get("X-Robots-Tag") != "noindex" || resp.Header.Get("ETag") != "" {
			t.Errorf("preview: %d %v\n%.2000s", resp.StatusCode, resp.Header, body)
		}
		r.expect(t, "/preview/"+r.content.PreviewToken(e.ID, noon.Add(-time.Hour)), 410, "过期")

		e, err = r.content.Publish(ctx, admin, e.ID, e.Version)
		check(t, err)
		r.expect(t, "/guides/", 200, "怎么要工资")
		r.expect(t, "/guides/gongzi", 200, "先留好证据", `href="/sfj/pufa/guides/other"`, "!已经撤回")
		r.expect(t, "/feeds/all.xml", 200, "怎么要工资")

		old, err := r.content.Rename(ctx, admin, e.DocumentID, "yao-gongzi")
		check(t, err)
		if resp, _ := r.get(t, "/guides/gongzi"); resp.StatusCode != 301 || resp.Header.Get("Location") != "/sfj/pufa"+old.Address() {
			t.Errorf("renamed: %d to %s", resp.StatusCode, resp.Header.Get("Location"))
		}
		if resp, _ := r.get(t, "/api/v1/documents/guide/gongzi"); resp.StatusCode != 301 || resp.Header.Get("Location") != "/sfj/pufa/api/v1/documents/guide/yao-gongzi" {
			t.Errorf("renamed in the API: %d to %s", resp.StatusCode, resp.Header.Get("Location"))
		}

		e, err = r.content.Withdraw(ctx, admin, e.ID, e.Version, "法律已修改")
		check(t, err)
		r.expect(t, "/guides/yao-gongzi", 200, "已经撤回", "法律已修改", "先留好证据")
		r.expect(t, "/guides/", 200, "!怎么要工资")
		r.expect(t, "/api/v1/documents/guide/yao-gongzi", 200, `"withdrawn":"法律已修改"`)

		e, err = r.content.Unpublish(ctx, admin, e.ID, e.Version, "不再需要", "")
		check(t, err)
		r.expect(t, "/guides/yao-gongzi", 410, "已经撤下", "12348", "!先留好证据")
		r.expect(t, "/guides/gongzi", 301)
		r.expect(t, "/sitemap.xml", 200, "!gongzi")

		e, err = r.content.Restore(ctx, admin, e.ID, e.Version)
		check(t, err)
		r.expect(t, "/guides/yao-gongzi", 200, "先留好证据", "!已经撤回")
		_, err = r.content.Unpublish(ctx, admin, e.ID, e.Version, "并入别的指南", "/guides/other")
		check(t, err)
		if resp, _ := r.get(t, "/guides/yao-gongzi"); resp.StatusCode != 301 || resp.Header.Get("Location") != "/sfj/pufa/guides/other" {
			t.Errorf("moved: %d to %s", resp.StatusCode, resp.Header.Get("Location"))
		}
	})
}

// What is read most comes first; staff, robots and HEAD are not readers.
func TestMostRead(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		r := open(t, d, "")
		r.publish(t, "first", "甲指南")
		second := r.publish(t, "second", "乙指南")
		const person = "Mozilla/5.0 (Linux; Android 14) Mobile"
		for range 3 {
			r.get(t, "/guides/first", "User-Agent", person)
		}
		for range 5 {
			r.get(t, "/guides/second", "User-Agent", person, "Cookie", "elder=1")
		}
		for range 9 {
			r.get(t, "/guides/first", "User-Agent", "Baiduspider/2.0")
			r.get(t, "/guides/first", "User-Agent", person, "Cookie", "staff=x")
			r.do(t, "HEAD", "/guides/first", "User-Agent", person)
		}
		r.get(t, "/guides/second?from=wechat", "User-Agent", person) // not kept, and read
		r.stopCounting(t)
		var rows []struct {
			Day      string
			Document string
			Views    int
		}
		check(t, db.Select(t.Context(), d.Reader(), &rows, `SELECT day, document, views FROM page_view ORDER BY views DESC`))
		if len(rows) != 2 || rows[0].Views != 6 || rows[0].Document != second.DocumentID || rows[1].Views != 3 || rows[0].Day != "2026-11-24" {
			t.Fatalf("page views: %+v", rows)
		}
		_, body := r.get(t, "/")
		if a, b := strings.Index(body, "甲指南"), strings.Index(body, "乙指南"); a < 0 || b < 0 || b > a {
			t.Errorf("the less read comes first: %d, %d", a, b)
		}
		r.get(t, "/guides/first", "User-Agent", person)
		r.stopCounting(t)
		check(t, db.Select(t.Context(), d.Reader(), &rows, `SELECT day, document, views FROM page_view ORDER BY views DESC`))
		if rows[1].Views != 4 {
			t.Errorf("a second flush adds up: %+v", rows)
		}
	})
}

// stopCounting ends the counter as a shutdown does, which writes what it has.
func (r *rig) stopCounting(t *testing.T) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	r.site.CountViews(ctx)
}
