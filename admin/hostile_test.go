package admin_test

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/db/dbtest"
	"github.com/songfa/songfa/media"
)

const evil = `"><script>alert(1)</script><img src=x onerror=alert(1)>{{.}}`

// live finds markup that would run in one of our pages.
var live = regexp.MustCompile(`<script>alert|<img src=x|onerror=alert\(1\)>[^&]`)

func TestHostileTextIsOnlyText(t *testing.T) {
	o := newOffice(t, dbtest.SQLite(t), "")
	b := o.signIn("boss")
	names := []string{"title", "answer", "summary", "audience", "sources", "author", "origin", "cover", "cover_alt", "column", "topics", "checked", "slug"}
	var fields []string
	for _, n := range names {
		fields = append(fields, n, evil)
	}
	fields = append(fields, "body", "# 标题\n\n"+evil+"\n\n[点我](javascript:alert(1))", "kind", "guide")
	_, page := b.post("/admin/documents/new", append(fields, "go", "save")...) // the slug is refused
	pages := map[string]string{"refused": page}
	fields[len(names)*2-1] = "" // the slug
	for _, verb := range []string{"preview", "submit"} {
		_, pages[verb] = b.post("/admin/documents/new", append(fields, "go", verb)...)
	}
	_, pages["fragment"] = b.post("/admin/preview", fields...)
	_, pages["kept"] = b.post("/admin/editions/none", append(fields, "go", "save", evil, evil)...)
	for _, path := range []string{"/admin/", "/admin/documents/?q=" + "%22%3E%3Cscript%3Ealert(1)%3C/script%3E", "/admin/audit/?object=%22%3E%3Cscript%3Ealert(1)", "/admin/login?next=%22%3E%3Cscript%3Ealert", "/admin/%3Cscript%3Ealert(1)%3C/script%3E"} {
		_, pages[path] = b.get(path)
	}
	for where, page := range pages {
		if len(page) == 0 && !strings.Contains(where, "login") {
			t.Errorf("%s: no page", where)
		}
		if m := live.FindString(page); m != "" {
			t.Errorf("%s: %s", where, m)
		}
		if strings.Contains(page, `href="javascript:`) {
			t.Errorf("%s: a link runs script", where)
		}
	}
}

func TestUploads(t *testing.T) {
	o := newOffice(t, dbtest.SQLite(t), "/sfj/pufa")
	b := o.signIn("editor")
	e := o.draft("有图片的")
	text := []string{"version", "1", "title", "有图片的", "body", "第一段\n\n第二段", "alt", "窗口外[排队]的人"}
	resp, page := b.upload("/admin/editions/"+e.ID, []file{{"file", "窗口.png", picture(t, 90)}}, append(text, "at", "2", "go", "picture")...)
	if resp.StatusCode != http.StatusOK || !strings.Contains(page, "已上传 1 个文件") {
		t.Fatalf("%d %s", resp.StatusCode, page)
	}
	if !regexp.MustCompile(`第一段\n\n!\[窗口外\\\[排队\\\]的人\]\(/media/[0-9a-f]{64}/[^)]+\.png\)\n\n第二段`).MatchString(page) {
		t.Errorf("the picture is not after the first paragraph:\n%s", page)
	}
	if !regexp.MustCompile(`<img[^>]+src="/sfj/pufa/media/`).MatchString(page) {
		t.Error("the preview does not show it below the base path")
	}
	if got := o.edition(e.ID); got.Version != 1 {
		t.Error("an upload saved the text")
	}
	for _, tt := range []struct {
		name, verb string
		body       []byte
		status     int
		want       string
	}{
		{"cover.png", "cover", picture(t, 10), 200, `name="cover" type="text" value="/media/`},
		{"plan.pdf", "attachment", []byte("%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF"), 200, `name="attachment_file" value="/media/`},
		{"photo.png", "picture", append([]byte("MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff"), bytes.Repeat([]byte{0}, 600)...), 400, "“photo.png”没有上传"},
		{"evil.svg", "picture", []byte(`<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`), 400, "没有上传"},
		{`"><script>alert(1)</script>.exe`, "picture", []byte("MZ\x90\x00"), 400, "没有上传"},
		{"empty.png", "picture", nil, 400, "没有上传"},
	} {
		resp, page := b.upload("/admin/editions/"+e.ID, []file{{"file", tt.name, tt.body}}, append(text, "go", tt.verb)...)
		if resp.StatusCode != tt.status || !strings.Contains(page, tt.want) {
			t.Errorf("%s: %d, lacks %s", tt.name, resp.StatusCode, tt.want)
		}
		if !strings.Contains(page, "第一段\n\n第二段") || live.MatchString(page) {
			t.Errorf("%s: the text is lost, or the name runs", tt.name)
		}
	}
	if resp, page := b.upload("/admin/editions/"+e.ID, nil, append(text, "go", "picture")...); resp.StatusCode != 400 || !strings.Contains(page, "请先选择") {
		t.Errorf("no file: %d", resp.StatusCode)
	}
}

func TestMediaPage(t *testing.T) {
	o := newOffice(t, dbtest.SQLite(t), "")
	b := o.signIn("coordinator")
	resp, page := b.upload("/admin/media/", []file{{"file", "一.png", picture(t, 1)}, {"file", "坏.png", []byte("MZ\x90\x00")}, {"file", "二.png", picture(t, 2)}})
	if resp.StatusCode != 400 || !strings.Contains(page, "“坏.png”没有上传") || !strings.Contains(page, "已上传 2 个文件") {
		t.Errorf("some refused: %d", resp.StatusCode)
	}
	if resp, _ := b.upload("/admin/media/", []file{{"file", "三.png", picture(t, 3)}}, "alt", "三个人"); resp.StatusCode != http.StatusSeeOther {
		t.Errorf("one: %d", resp.StatusCode)
	}
	list, err := o.media.List(t.Context(), media.Filter{})
	must(t, err)
	if len(list) != 3 {
		t.Fatalf("%d objects", len(list))
	}
	_, page = b.get("/admin/media/?q=" + "三个人")
	if n := strings.Count(page, `class="t" href="/admin/media/`); n != 1 {
		t.Errorf("search finds %d", n)
	}
	path := "/admin/media/" + list[0].Key
	if resp, _ := b.post(path, "go", "describe", "version", "1", "alt", "窗口外排队的人"); resp.StatusCode != http.StatusSeeOther {
		t.Errorf("describe: %d", resp.StatusCode)
	}
	if _, page := b.get(path); !strings.Contains(page, `value="![窗口外排队的人](/media/`) {
		t.Error("no Markdown to copy")
	}
	if resp, page := b.post(path, "go", "describe", "version", "2", "alt", strings.Repeat("长", 300)); resp.StatusCode != 400 || !strings.Contains(page, "长长长") {
		t.Errorf("long description: %d", resp.StatusCode)
	}
	if resp, _ := b.get("/admin/media/" + strings.Repeat("0", 64)); resp.StatusCode != 404 {
		t.Errorf("unknown key: %d", resp.StatusCode)
	}
}

// TestOddBytes sends what no keyboard does.
func TestOddBytes(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d, "")
		b := o.signIn("boss")
		resp, page := b.post("/admin/documents/new", "kind", "guide", "title", "空\x00字节\xff", "body", "一\r\n二\r三\x00", "go", "save")
		if resp.StatusCode != http.StatusSeeOther {
			t.Fatalf("%d %s", resp.StatusCode, page)
		}
		e := o.edition(strings.TrimPrefix(strings.TrimSuffix(resp.Header.Get("Location"), "?done=create"), "/admin/editions/"))
		if e.Title != "空字节" || e.Body != "一\n二\n三" {
			t.Errorf("saved %q %q", e.Title, e.Body)
		}
		for _, path := range []string{"/admin/editions/%00", "/admin/documents/?q=%00%ff", "/admin/documents/?page=-1&kind=%00", "/admin/documents/?page=99999999999",
			"/admin/documents/new?kind=%00", "/admin/audit/?before=x&who=%00", "/admin/sessions/?page=-5&town=%00", "/admin/sessions/%00",
			"/admin/sessions/?stage=%00&q=%00%25", "/admin/sessions/?stage=all&state=%00", "/admin/sessions/%00/edit", "/admin/venues/%00", "/admin/venues/?q=%00&town=%ff",
			"/admin/units/%00", "/admin/units/?page=-3&q=%25_!", "/admin/series/%00", "/admin/calendar/?year=-7&day=%00", "/admin/stations/%ff",
			"/admin/media/?after=%00&q=%25_!", "/admin/media/%00", "/admin/users/%00", "/admin/editions/x'--", "/admin/login?next=%00"} {
			if resp, _ := b.get(path); resp.StatusCode >= 500 {
				t.Errorf("GET %s: %d %s", path, resp.StatusCode, o.logged("status=5"))
			}
		}
	})
}

// announce posts the header of a body of this size and no body: the server refuses
// it at once, and closes while a client that sends it would still be sending.
func (o *office) announce(path string, size int) (*http.Response, string) {
	o.t.Helper()
	c, err := net.Dial("tcp", strings.TrimPrefix(o.host, "http://"))
	must(o.t, err)
	defer c.Close()
	_, err = fmt.Fprintf(c, "POST %s%s HTTP/1.1\r\nHost: songfa.test\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n\r\n", o.base, path, size)
	must(o.t, err)
	resp, err := http.ReadResponse(bufio.NewReader(c), nil)
	must(o.t, err)
	defer resp.Body.Close()
	page, err := io.ReadAll(resp.Body)
	must(o.t, err)
	return resp, string(page)
}

func TestHugeBodies(t *testing.T) {
	o := newOffice(t, dbtest.SQLite(t), "")
	resp, page := o.announce("/admin/login", 2<<20)
	if resp.StatusCode != http.StatusRequestEntityTooLarge || !strings.Contains(page, "太大") {
		t.Errorf("stranger: %d %.200s", resp.StatusCode, page)
	}
	b := o.signIn("editor")
	resp, page = b.post("/admin/documents/new", "kind", "guide", "title", "很长", "body", strings.Repeat("长长的一段。\n\n", 200_000), "go", "save")
	if resp.StatusCode >= 500 {
		t.Errorf("staff: %d %.300s", resp.StatusCode, page)
	}
}

// TestPagesAreStrict looks at every page an administrator can open.
func TestPagesAreStrict(t *testing.T) {
	o := newOffice(t, dbtest.SQLite(t), "/sfj/pufa")
	b := o.signIn("boss")
	e := o.draft("看每一页")
	pages := []string{"/admin/", "/admin/documents/", "/admin/documents/new?kind=page", "/admin/editions/" + e.ID, "/admin/documents/" + e.DocumentID + "/history",
		"/admin/media/", "/admin/sessions/", "/admin/sessions/new", "/admin/stations/", "/admin/stations/new", "/admin/audit/", "/admin/audit/1", "/admin/account", "/admin/account/code", "/admin/policy", "/admin/users/",
		"/admin/users/" + o.person("editor").ID, "/admin/password", "/admin/help/flow", "/admin/help/sessions", "/admin/nothing"}
	pages = append(pages, o.planPages()...)
	e2 := o.draft("发布的")
	e2, err := o.content.Publish(t.Context(), auth.System(), e2.ID, e2.Version)
	must(t, err)
	pages = append(pages, "/admin/editions/"+e2.ID)
	inline := regexp.MustCompile(`(?i)<[^>]+\s(style|on[a-z]+)=|<style|<script(?:[^>]*)>[^<]`)
	escaped := regexp.MustCompile(`(?:href|action|src)="/(?:sfj/pufa/)?([^"]*)"`)
	for _, path := range pages {
		resp, page := b.get(path)
		if resp.StatusCode != 200 && path != "/admin/nothing" {
			t.Errorf("%s: %d", path, resp.StatusCode)
		}
		if m := inline.FindString(page); m != "" {
			t.Errorf("%s: inline %s", path, m)
		}
		if resp.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s: Cache-Control %q", path, resp.Header.Get("Cache-Control"))
		}
		for _, m := range escaped.FindAllStringSubmatch(page, -1) {
			if !strings.Contains(m[0], `"/sfj/pufa/`) {
				t.Errorf("%s: %s leaves the base path", path, m[0])
			}
		}
		if n := strings.Count(page, "<h1"); n != 1 {
			t.Errorf("%s: %d headings h1", path, n)
		}
		if ids := doubles(page); len(ids) > 0 {
			t.Errorf("%s: ids twice: %v", path, ids)
		}
	}
}

func doubles(page string) (twice []string) {
	seen := map[string]bool{}
	for _, m := range regexp.MustCompile(`\sid="([^"]+)"`).FindAllStringSubmatch(page, -1) {
		if seen[m[1]] {
			twice = append(twice, m[1])
		}
		seen[m[1]] = true
	}
	return twice
}

func TestAssets(t *testing.T) {
	o := newOffice(t, dbtest.SQLite(t), "/sfj/pufa")
	_, page := o.browser().get("/admin/login")
	found := regexp.MustCompile(`(?:href|src)="/sfj/pufa(/static/admin/[^"]+)"`).FindAllStringSubmatch(page, -1)
	if len(found) != 3 {
		t.Fatalf("assets %v", found)
	}
	for _, m := range found {
		resp, body := o.browser().get(m[1])
		if resp.StatusCode != 200 || len(body) == 0 || !strings.Contains(resp.Header.Get("Cache-Control"), "immutable") {
			t.Errorf("%s: %d %v", m[1], resp.StatusCode, resp.Header)
		}
	}
	if resp, _ := o.browser().get("/static/admin/none.css"); resp.StatusCode != 404 {
		t.Error(fmt.Sprint("unknown asset: ", resp.StatusCode))
	}
}
