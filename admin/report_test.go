package admin_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/songfa/songfa/events"
	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/db/dbtest"
)

// heldSession is one that took place an hour ago.
func (o *office) heldSession(title string) events.Session {
	o.t.Helper()
	start := o.now().Add(time.Hour)
	s, err := o.events.CreateSession(o.t.Context(), auth.System(), events.SessionForm{Type: events.Enterprise, Title: title, Venue: "一号车间",
		Starts: start, Ends: start.Add(90 * time.Minute), Capacity: 60, Organizer: "示例机械厂", ContactPhone: "0000-6100000"})
	must(o.t, err)
	s, err = o.events.PublishSession(o.t.Context(), auth.System(), s.ID, s.Version)
	must(o.t, err)
	o.pass(3 * time.Hour)
	s, err = o.events.MarkHeld(o.t.Context(), auth.System(), s.ID, s.Version)
	must(o.t, err)
	return s
}

var versionField = regexp.MustCompile(`name="version" value="([0-9]+)"`)

// versionIn is the version of the n-th form of a page, from 0.
func versionIn(t testing.TB, page string, n int) string {
	t.Helper()
	all := versionField.FindAllStringSubmatch(page, -1)
	if n < 0 {
		n += len(all)
	}
	if n < 0 || n >= len(all) {
		t.Fatalf("no form %d with a version in the page", n)
	}
	return all[n][1]
}

// says fails unless the page has all the words.
func says(t testing.TB, page string, words ...string) {
	t.Helper()
	for _, w := range words {
		if !strings.Contains(page, w) {
			t.Errorf("the page lacks %q", w)
		}
	}
}

func TestReportFromTypingToFigures(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d, "/sfj")
		s := o.heldSession("示例机械厂：加班费怎么算")
		path := "/admin/sessions/" + s.ID + "/report"
		c := o.signIn("coordinator")
		_, page := c.get(path)
		says(t, page, "主办单位填的部分", "律师填的部分", "还没填", "交齐两部分")

		resp, page := c.post(path, "go", "submit-host", "version", "0", "attendance", "七十", "handout_title", "工资手册", "handout_handed", "80", "text", "讲得热闹")
		if resp.StatusCode != http.StatusBadRequest {
			t.Errorf("half-filled: %d", resp.StatusCode)
		}
		says(t, page, `value="七十"`, `value="工资手册"`, "讲得热闹", `href="#f-attendance"`, `href="#f-waiver"`)
		_, page = c.get(path)
		says(t, page, `value="七十"`, "草稿") // it was kept

		resp, _ = c.post(path, "go", "submit-host", "version", versionIn(t, page, 0), "attendance", "70", "handout_title", "工资手册", "handout_handed", "80", "waiver", "手机没电了", "text", "讲得热闹")
		if resp.StatusCode != http.StatusSeeOther {
			t.Errorf("host part: %d", resp.StatusCode)
		}
		resp, page = c.post(path, "go", "submit-legal", "version", "0", "consult_category", "工资报酬", "consult_people", "100", "none", "documents")
		says(t, page, "是不是多写了零", "情况说明", `value="100"`)
		resp, _ = c.post(path, "go", "submit-legal", "version", "1", "consult_category", "工资报酬", "consult_people", "100", "none", "documents", "override", "三位律师同时答")
		if resp.StatusCode != http.StatusSeeOther {
			t.Errorf("legal part: %d", resp.StatusCode)
		}
		_, page = c.get(path)
		says(t, page, "已报·待核", "请另一位同事核实")
		resp, _ = c.post(path, "go", "verify", "version", versionIn(t, page, -1))
		if resp.StatusCode != http.StatusForbidden {
			t.Errorf("verified by who wrote it: %d", resp.StatusCode)
		}

		b := o.signIn("boss")
		_, page = b.get(path)
		says(t, page, "核实无误", "三位律师同时答", "手机没电了")
		resp, page = b.post(path, "go", "return", "version", versionIn(t, page, -1), "parts", "host")
		says(t, page, "请填写退回的原因")
		_, page = b.get(path)
		resp, _ = b.post(path, "go", "verify", "version", versionIn(t, page, -1))
		if resp.StatusCode != http.StatusSeeOther {
			t.Fatalf("verify: %d", resp.StatusCode)
		}
		now, err := o.events.SessionByID(t.Context(), s.ID)
		must(t, err)
		if out := now.PublicOutcome(); out == nil || out.Attendance != 70 || out.Brochures != 80 || out.Consultations != 100 {
			t.Errorf("outcome %+v", now.PublicOutcome())
		}

		_, page = c.get(path + "?amend=legal")
		says(t, page, "提交更正", `value="100"`)
		resp, page = c.post(path+"?amend=legal", "go", "amend-legal", "consult_category", "工资报酬", "consult_people", "10", "none", "documents")
		says(t, page, "更正的原因", `value="10"`)
		resp, _ = c.post(path, "go", "amend-legal", "consult_category", "工资报酬", "consult_people", "10", "none", "documents", "reason", "多写了一个零")
		if resp.StatusCode != http.StatusSeeOther {
			t.Errorf("amend: %d", resp.StatusCode)
		}
		_, page = b.get(path)
		says(t, page, "更正待核", "多写了一个零", "同意更正")
		resp, _ = b.post(path, "go", "verify", "version", versionIn(t, page, -1))
		if resp.StatusCode != http.StatusSeeOther {
			t.Errorf("approve: %d", resp.StatusCode)
		}
		now, err = o.events.SessionByID(t.Context(), s.ID)
		must(t, err)
		if got := now.PublicOutcome().Consultations; got != 10 {
			t.Errorf("amended to %d, want 10", got)
		}
		if line := o.logged("status=500"); line != "" {
			t.Error(line)
		}
	})
}

func TestReportPhotosStayPrivate(t *testing.T) {
	o := newOffice(t, dbtest.SQLite(t), "")
	s := o.heldSession("示例机械厂")
	path := "/admin/sessions/" + s.ID + "/report"
	c := o.signIn("coordinator")
	resp, _ := c.upload(path, []file{{"photo", "现场.png", picture(t, 90)}}, "go", "photo")
	if resp.StatusCode != http.StatusSeeOther {
		t.Fatalf("upload: %d", resp.StatusCode)
	}
	_, page := c.get(path)
	says(t, page, "未征得同意")
	m := regexp.MustCompile(`src="(/admin/sessions/[^"]+/photos/([0-9a-f]{64}))"`).FindStringSubmatch(page)
	if m == nil {
		t.Fatal("no photo in the page")
	}
	if resp, _ := c.get(m[1]); resp.StatusCode != http.StatusOK || resp.Header.Get("Content-Type") != "image/png" {
		t.Errorf("staff see the photo: %d %s", resp.StatusCode, resp.Header.Get("Content-Type"))
	}
	if resp, _ := o.browser().get(m[1]); resp.StatusCode == http.StatusOK {
		t.Error("strangers see the photo")
	}
	resp, page = c.post(path, "go", "show", "key", m[2])
	if resp.StatusCode != http.StatusBadRequest {
		t.Errorf("published without consent: %d", resp.StatusCode)
	}
	says(t, page, "不能公开")
	resp, page = c.upload(path, []file{{"photo", "说明.pdf", []byte("%PDF-1.4\n%%EOF\n")}}, "go", "photo")
	says(t, page, "请上传 JPG、PNG 或 WebP 照片")
	c.upload(path, []file{{"photo", "现场.png", picture(t, 90)}}, "go", "photo", "consent", "1")
	if resp, _ = c.post(path, "go", "show", "key", m[2]); resp.StatusCode != http.StatusSeeOther {
		t.Errorf("publish: %d", resp.StatusCode)
	}
	photos, err := o.events.PublicPhotos(t.Context(), s.ID)
	must(t, err)
	if len(photos) != 1 {
		t.Fatalf("%d public photos", len(photos))
	}
	if _, err := o.media.Get(t.Context(), photos[0].Key); err != nil {
		t.Error(err)
	}
	if line := o.logged("status=500"); line != "" {
		t.Error(line)
	}
}

func TestLeadersReadReportsOnly(t *testing.T) {
	o := newOffice(t, dbtest.SQLite(t), "")
	s := o.heldSession("示例机械厂")
	path := "/admin/sessions/" + s.ID + "/report"
	staff["leader"] = []auth.Role{auth.Leader}
	l := o.signIn("leader")
	resp, page := l.get(path)
	if resp.StatusCode != http.StatusOK || strings.Contains(page, "交这一部分") {
		t.Errorf("a leader gets %d", resp.StatusCode)
	}
	if strings.Contains(page, "签到表") {
		t.Error("a leader is shown lists with names")
	}
	if resp, _ = l.get("/admin/sessions/" + s.ID + "/photos/" + strings.Repeat("a", 64)); resp.StatusCode != http.StatusForbidden {
		t.Errorf("a leader opens a picture: %d", resp.StatusCode)
	}
	if resp, _ = l.post(path, "go", "save-host", "version", "0", "attendance", "9"); resp.StatusCode != http.StatusForbidden {
		t.Errorf("a leader writes: %d", resp.StatusCode)
	}
}
