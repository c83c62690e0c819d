package admin_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/songfa/songfa/events"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/db/dbtest"
)

// The form says whether sign-ups are verified, keeps the choice when something
// else is wrong, and shows both when two people differ.
func TestSessionFormSetsVerification(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d, "")
		b := o.signIn("coordinator")
		_, page := b.get("/admin/sessions/new")
		sees(t, page, "报名要不要核实", `<option value="0" selected>`)
		form := func(pairs ...string) []string {
			return append([]string{"go", "save", "type", "site", "title", "工资怎么要", "date", "2026-12-01", "start", "14:00", "end", "15:00", "venue", "项目部食堂", "capacity", "30"}, pairs...)
		}
		sees(t, b.denied(400, "/admin/sessions/new", form("verify_level", "1", "contact_phone", "13800000001")...), "办公电话", `<option value="1" selected>`)
		sees(t, b.denied(400, "/admin/sessions/new", form("verify_level", "7")...), "请从列表里选")
		resp, page := b.post("/admin/sessions/new", form("verify_level", "1")...)
		at := strings.TrimPrefix(resp.Header.Get("Location"), o.base)
		if resp.StatusCode != http.StatusSeeOther {
			t.Fatalf("new: %d %s", resp.StatusCode, page)
		}
		id, _, _ := strings.Cut(strings.TrimPrefix(at, "/admin/sessions/"), "?")
		if s, err := o.events.SessionByID(t.Context(), id); err != nil || s.VerifyLevel != events.VerifyStaff {
			t.Fatalf("saved %+v, %v", s, err)
		}
		edit := "/admin/sessions/" + id + "/edit"
		_, page = b.get(edit)
		sees(t, page, `<option value="1" selected>`)
		_, page = b.get("/admin/sessions/" + id + "/signups")
		sees(t, page, "报名要核实")
		version := formVersion.FindStringSubmatch(page)[1]
		b.done(edit, form("version", version, "verify_level", "0")...)
		stale := b.denied(409, edit, form("version", version, "verify_level", "2")...)
		sees(t, stale, "报名核实", events.VerifyNone.Label(), events.VerifySMS.Label(), `<option value="2" selected>`)
	})
}
