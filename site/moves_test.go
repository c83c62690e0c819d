package site_test

import (
	"encoding/json"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/songfa/songfa/events"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/db/dbtest"
)

// eventLD is what search engines read of a session.
type eventLD struct {
	Type     string   `json:"@type"`
	Start    string   `json:"startDate"`
	Status   string   `json:"eventStatus"`
	Previous []string `json:"previousStartDate"`
	Most     int      `json:"maximumAttendeeCapacity"`
	Left     int      `json:"remainingAttendeeCapacity"`
}

var ldScript = regexp.MustCompile(`(?s)<script type="application/ld\+json">(.*?)</script>`)

func (d *door) ld(p page) eventLD {
	d.t.Helper()
	for _, m := range ldScript.FindAllStringSubmatch(p.body, -1) {
		var e eventLD
		check(d.t, json.Unmarshal([]byte(m[1]), &e))
		if e.Type == "Event" {
			return e
		}
	}
	d.t.Fatalf("no Event in the page's JSON-LD")
	return eventLD{}
}

// A move, a postponement and a cancellation are told in the same words by the
// page, the look-up, the feed, JSON-LD and the API; who signed up stays signed
// up until the session is off for good.
func TestMovesAreToldEverywhere(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, db *db.DB) {
		d := newDoor(t, db, 30, 0)
		ctx, e := t.Context(), d.session
		where, was := "/events/"+e.No, e.Starts
		code := d.code(d.want(d.send(d.path(), d.filled(1)), 200))
		mine := func(texts ...string) page {
			t.Helper()
			return d.want(d.send("/signup/", url.Values{"code": {code}, "last4": {"0001"}}), 200, texts...)
		}
		told := func(status, feed string, texts ...string) eventLD {
			t.Helper()
			d.clock.pass(time.Second)
			ld := d.ld(d.want(d.open(where), 200, texts...))
			if ld.Status != "https://schema.org/"+status {
				t.Errorf("JSON-LD says %s, want %s", ld.Status, status)
			}
			unfolded := strings.ReplaceAll(d.open("/events/feed.ics").body, "\r\n ", "")
			if !strings.Contains(unfolded, feed) {
				t.Errorf("the feed lacks %q:\n%s", feed, unfolded)
			}
			return ld
		}
		ld := told("EventScheduled", "SUMMARY:安置房工地", "还有 29 个名额")
		if ld.Most != 30 || ld.Left != 29 || ld.Previous != nil {
			t.Errorf("JSON-LD: %+v", ld)
		}

		form := e.Form()
		form.Starts, form.Ends = form.Starts.AddDate(0, 0, 7), form.Ends.AddDate(0, 0, 7)
		e, err := d.events.SaveSession(ctx, admin, e.ID, e.Version, form)
		check(t, err)
		ld = told("EventRescheduled", "SUMMARY:【改期】", "改期了", "<s>11 月 28 日", "12 月 5 日", "我要报名")
		if len(ld.Previous) != 1 || ld.Previous[0] != was.In(events.Zone).Format(time.RFC3339) || ld.Start != form.Starts.In(events.Zone).Format(time.RFC3339) {
			t.Errorf("JSON-LD: %+v", ld)
		}
		mine("报上名了", "12 月 5 日")
		d.want(d.open(where+"/poster"), 200, "扫码报名")

		e, err = d.events.PostponeSession(ctx, admin, e.ID, e.Version, "台风预警")
		check(t, err)
		told("EventPostponed", "SUMMARY:【延期待定】", "延期待定", "台风预警")
		d.lacks(d.open(where), "我要报名")
		d.want(d.open(d.path()), 200, "新的时间还没有定")
		mine("这一场延期了，报名还算数")
		d.want(d.open("/api/v1/sessions/"+e.No), 200, `"status":"postponed"`, `"reason":"台风预警"`)

		form.Starts, form.Ends = form.Starts.AddDate(0, 0, 7), form.Ends.AddDate(0, 0, 7)
		e, err = d.events.SaveSession(ctx, admin, e.ID, e.Version, form)
		check(t, err)
		e, err = d.events.PublishSession(ctx, admin, e.ID, e.Version)
		check(t, err)
		told("EventRescheduled", "STATUS:CONFIRMED", "12 月 12 日", "我要报名")
		mine("报上名了", "12 月 12 日")

		_, err = d.events.CancelSession(ctx, admin, e.ID, e.Version, "工地停工检修")
		check(t, err)
		told("EventCancelled", "SUMMARY:【已取消】", "已取消", "工地停工检修")
		d.lacks(mine("场次已取消", "请看看别的场次"), "<svg")
		d.want(d.open("/events/?month=2026-12"), 200, "已取消")
		d.lacks(d.want(d.open(where+"/poster"), 200, "请先不要来"), "扫码报名")
	})
}
