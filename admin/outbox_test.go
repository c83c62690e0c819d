package admin_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/songfa/songfa/events"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/db/dbtest"
)

var messageBox = regexp.MustCompile(`name="id" value="([^"]+)"`)

// A cancelled session leaves calls to make; they are made with the numbers shown
// once, for a reason, and marked as done.
func TestCallsAreMadeFromTheOutbox(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d, "/sfj/pufa")
		s := o.publishedSession()
		_, err := o.events.SignUp(t.Context(), events.SignUp{Session: s.ID, Name: "王建国", Phone: "138 0000 0007", Party: 1, Consent: "1",
			Origin: events.FromWeb, IdemKey: strings.Repeat("k", 32), Address: "10.0.0.1"})
		must(t, err)
		o.verifies(s)
		boss := o.person("boss").Actor()
		s, err = o.events.SessionByID(t.Context(), s.ID)
		must(t, err)
		_, err = o.events.CancelSession(t.Context(), boss, s.ID, s.Version, "场地停电")
		must(t, err)
		_, err = o.events.Deliver(t.Context(), events.Delivery{})
		must(t, err)

		b := o.signIn("coordinator")
		_, page := b.get("/admin/outbox/")
		if !strings.Contains(page, "王*") || !strings.Contains(page, "138****0007") || !strings.Contains(page, "场地停电") || strings.Contains(page, "13800000007") {
			t.Fatalf("the list does not show one masked call: %s", page)
		}
		id := messageBox.FindStringSubmatch(page)
		if id == nil {
			t.Fatalf("nothing to tick: %s", page)
		}
		resp, page := b.post("/admin/outbox/", "state", "to_call", "id", id[1], "go", "reveal", "reason", "")
		if resp.StatusCode != http.StatusUnprocessableEntity && resp.StatusCode != http.StatusBadRequest || !strings.Contains(page, "请填写查看原因") || !strings.Contains(page, "checked") {
			t.Fatalf("without a reason: %d %s", resp.StatusCode, page)
		}
		_, page = b.post("/admin/outbox/", "state", "to_call", "id", id[1], "go", "reveal", "reason", "告知停电")
		if !strings.Contains(page, `href="tel:13800000007"`) || !strings.Contains(page, "王建国") {
			t.Fatalf("the number is not shown: %s", page)
		}
		resp, _ = b.post("/admin/outbox/", "state", "to_call", "id", id[1], "go", "done")
		if resp.StatusCode != http.StatusSeeOther {
			t.Fatalf("done: %d", resp.StatusCode)
		}
		_, page = b.get("/admin/outbox/?state=sent")
		if !strings.Contains(page, "某coordinator") || strings.Contains(page, "13800000007") {
			t.Fatalf("who phoned is not shown, or the number is: %s", page)
		}
		if _, page = b.get("/admin/outbox/"); !strings.Contains(page, "没有要打电话的") {
			t.Fatalf("the call is still open: %s", page)
		}
	})
}

func (o *office) publishedSession() events.Session {
	o.t.Helper()
	boss := o.person("boss").Actor()
	day := time.Date(2026, 12, 1, 14, 0, 0, 0, events.Zone)
	s, err := o.events.CreateSession(o.t.Context(), boss, events.SessionForm{Type: events.Site, Title: "工资怎么要", Venue: "项目部食堂",
		Starts: day, Ends: day.Add(time.Hour), Organizer: "东湖建筑公司", Capacity: 30})
	must(o.t, err)
	s, err = o.events.PublishSession(o.t.Context(), boss, s.ID, s.Version)
	must(o.t, err)
	return s
}

var registrationBox = regexp.MustCompile(`name="registration" value="([^"]+)"`)

// verifies rings up the one who signed up and says so on the list.
func (o *office) verifies(s events.Session) {
	o.t.Helper()
	b := o.signIn("coordinator")
	path := "/admin/sessions/" + s.ID + "/signups"
	_, page := b.get(path)
	id := registrationBox.FindStringSubmatch(page)
	if id == nil || !strings.Contains(page, "未核实") {
		o.t.Fatalf("nobody to ring up: %s", page)
	}
	if resp, _ := b.post(path, "registration", id[1], "go", "verify"); resp.StatusCode != http.StatusSeeOther {
		o.t.Fatalf("verify: %d", resp.StatusCode)
	}
	if _, page = b.get(path); strings.Contains(page, "未核实") || !strings.Contains(page, "已核实") {
		o.t.Fatalf("still not verified: %s", page)
	}
}
