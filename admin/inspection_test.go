package admin_test

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/songfa/songfa/content"
	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/db/dbtest"
	"github.com/songfa/songfa/internal/ledger"
	"github.com/songfa/songfa/internal/web/webscript"
)

func TestInspectionScript(t *testing.T) {
	o := newOffice(t, dbtest.SQLite(t), "")
	webscript.Run(t, webscript.Site{URL: o.host, SignIn: o.scriptUser}, "testdata/inspection.txt")
}

// TestEvidence takes the bundle and checks it as somebody outside would.
func TestEvidence(t *testing.T) {
	o := newOffice(t, dbtest.SQLite(t), "")
	e, err := o.content.Create(t.Context(), auth.System(), content.Notice, "tong-zhi", content.Text{Title: "=通知一则", Body: "各单位：请按时报送。", Origin: "示例区司法局"})
	must(t, err)
	_, err = o.content.Publish(t.Context(), auth.System(), e.ID, e.Version)
	must(t, err)
	o.at = o.at.Add(15 * 24 * time.Hour)
	resp, page := o.signIn("reviewer").get("/admin/inspection/evidence.zip")
	if resp.StatusCode != 200 || resp.Header.Get("Content-Type") != "application/zip" {
		t.Fatalf("%d %s %.200s", resp.StatusCode, resp.Header.Get("Content-Type"), page)
	}
	z, err := zip.NewReader(strings.NewReader(page), int64(len(page)))
	must(t, err)
	files := map[string]string{}
	for _, f := range z.File {
		r, err := f.Open()
		must(t, err)
		b, err := io.ReadAll(r)
		must(t, err)
		files[f.Name] = string(b)
	}
	sums := strings.Split(strings.TrimSpace(files["SHA256SUMS"]), "\n")
	if len(sums) != 4 || len(files) != 5 {
		t.Fatalf("files: %v", sums)
	}
	for _, line := range sums {
		sum, name, _ := strings.Cut(line, "  ")
		if got := sha256.Sum256([]byte(files[name])); files[name] == "" || hex.EncodeToString(got[:]) != sum {
			t.Errorf("%s is not what the list says", name)
		}
	}
	for name, want := range map[string]string{
		"栏目.csv":   "通知公告,notices,通知公告类,,,180,1,2026-11-20 10:00:00,正常,还有 165 天",
		"发布记录.csv": "通知公告,'=通知一则,1,2026-11-20 10:00:00,2026-11-20 10:00:00,2026-11-20 10:00:00,http://songfa.test/notices/tong-zhi",
		"页脚.csv":   "ICP 备案号,缺",
		"自查.html":  "首页不更新：15 天没有更新，超过 1 天",
	} {
		if !strings.Contains(files[name], want) {
			t.Errorf("%s lacks %q:\n%s", name, want, files[name])
		}
	}
	for _, bad := range []string{"href=", "_token", "<script"} {
		if strings.Contains(files["自查.html"], bad) {
			t.Errorf("the page of the bundle has %q", bad)
		}
	}
	whole := sha256.Sum256([]byte(page))
	entries, err := o.ledger.Audit(t.Context(), ledger.AuditFilter{})
	must(t, err)
	var log bytes.Buffer
	for _, e := range entries {
		log.WriteString(e.Action + " " + e.Summary + "\n")
	}
	if want := "inspection.export 导出自查证据（不合格），SHA-256 " + hex.EncodeToString(whole[:]); !strings.Contains(log.String(), want) {
		t.Errorf("the audit lacks %q:\n%s", want, log.String())
	}
}

// TestDashboardSaysWhatIsOwed moves the clock until an owner is reminded.
func TestDashboardSaysWhatIsOwed(t *testing.T) {
	o := newOffice(t, dbtest.SQLite(t), "")
	b := o.signIn("editor")
	accounts, err := o.staff.List(t.Context())
	must(t, err)
	c, err := o.content.Column(t.Context(), "notices")
	must(t, err)
	seen := c.Mark()
	for _, a := range accounts {
		if a.Name == "editor" {
			c.Owner, c.OwnerName, c.Rhythm = a.ID, a.Display, 2
		}
	}
	_, err = o.content.SaveColumn(t.Context(), auth.System(), seen, c)
	must(t, err)
	e, err := o.content.Create(t.Context(), auth.System(), content.Notice, "", content.Text{Title: "通知一则", Body: "各单位：请按时报送。", Origin: "示例区司法局"})
	must(t, err)
	_, err = o.content.Publish(t.Context(), auth.System(), e.ID, e.Version)
	must(t, err)
	const heading, link = "我负责的栏目", "/admin/documents/new?kind=notice&amp;column=notices"
	if _, page := b.get("/admin/"); strings.Contains(page, heading) {
		t.Error("reminded of a column that is fresh")
	}
	o.at = o.at.Add(25 * time.Hour)
	if _, page := o.signIn("editor").get("/admin/"); !strings.Contains(page, heading) || !strings.Contains(page, link) || !strings.Contains(page, "过半") {
		t.Errorf("not reminded: %s", page)
	}
	if _, page := o.signIn("reviewer").get("/admin/"); strings.Contains(page, heading) {
		t.Error("somebody else is reminded")
	}
}
