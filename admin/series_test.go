package admin_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/songfa/songfa/events"
	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/db/dbtest"
)

var sessionLink = regexp.MustCompile(`/admin/sessions/([0-9A-Z]{26})">([^<]+)</a>`)

// TestSeries makes a series over a holiday, changes it from one day on, and adds
// the day that was left out.
func TestSeries(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d, "")
		o.town()
		must(t, o.events.SetDays(t.Context(), auth.System(), events.SpanForm{From: "2026-12-17", Kind: events.HolidayDay, Name: "纪念日"}))
		v := o.hall()
		b := o.signIn("coordinator")
		b2 := o.asks("石桥水厂", v, at(10, 14)).Session
		b.takes(b2.ID, "accept", "accept_wish", "1", "accept_override", "有空")

		form := []string{"type", "community", "title", "东湖礼堂周四咨询", "venue", "东湖礼堂", "venue_id", v.ID, "date", "2026-12-03", "start", "14:30", "end", "16:00",
			"freq", "weekly", "count", "4", "holidays", "skip", "town", "donghu", "organizer", "示例区司法局"}
		resp, page := b.post("/admin/series/new", append(form, "go", "look")...)
		if resp.StatusCode != http.StatusOK {
			t.Fatalf("look: %d %s", resp.StatusCode, page)
		}
		sees(t, page, "会排出 3 场", "12 月 3 日 周四", "纪念日放假，不办", "石桥水厂", "建立这个系列")
		bad := strings.Replace(strings.Join(form, "\n"), "count\n4", "count\n99", 1)
		resp, page = b.post("/admin/series/new", append(strings.Split(bad, "\n"), "go", "look")...)
		if resp.StatusCode != http.StatusBadRequest || !strings.Contains(page, "最多排 52 场") || !strings.Contains(page, `value="99"`) {
			t.Errorf("99 sessions: %d %s", resp.StatusCode, page)
		}
		resp, page = b.post("/admin/series/new", append(form, "skip", "2026-12-10", "go", "create")...)
		if resp.StatusCode != http.StatusSeeOther {
			t.Fatalf("create: %d %s", resp.StatusCode, page)
		}
		series := resp.Header.Get("Location")
		series = series[:strings.Index(series, "?")]
		_, page = b.get(series)
		sees(t, page, "每周的周四", "12 月 3 日 周四", "12 月 24 日 周四", "没有排的日子", "2026-12-10", "2026-12-17")
		first := sessionLink.FindStringSubmatch(page)[1]

		// A change that reaches beyond one session is shown before it is done.
		_, page = b.get("/admin/sessions/" + first + "/edit")
		sees(t, page, "改到哪里为止")
		version := formVersion.FindStringSubmatch(page)[1]
		edit := append(form[:2:2], "title", "东湖礼堂周四咨询和讲座", "venue", "东湖礼堂", "date", "2026-12-03", "start", "15:00", "end", "16:30",
			"town", "donghu", "organizer", "示例区司法局", "version", version, "scope", "all")
		resp, page = b.post("/admin/sessions/"+first+"/edit", append(edit, "go", "save")...)
		if resp.StatusCode != http.StatusOK {
			t.Fatalf("preview: %d %s", resp.StatusCode, page)
		}
		sees(t, page, "会改 2 场，还没有保存", "就这样改")
		resp, page = b.post("/admin/sessions/"+first+"/edit", append(edit, "sure", "all")...)
		if resp.StatusCode != http.StatusSeeOther {
			t.Fatalf("edit: %d %s", resp.StatusCode, page)
		}
		_, page = b.get(series)
		sees(t, page, "15:00–16:30")
		seesNot(t, page, "14:30–16:00")

		resp, page = b.post(series, "day", "2026-12-10")
		if resp.StatusCode != http.StatusSeeOther {
			t.Errorf("add: %d %s", resp.StatusCode, page)
		}
		if resp, page = b.post(series, "day", "明天"); resp.StatusCode != http.StatusBadRequest || !strings.Contains(page, `value="明天"`) {
			t.Errorf("add nonsense: %d %s", resp.StatusCode, page)
		}
		_, page = b.get("/admin/series/")
		sees(t, page, "东湖礼堂周四咨询")
	})
}
