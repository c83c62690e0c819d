package site_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/songfa/songfa/events"
	"github.com/songfa/songfa/internal/db/dbtest"
)

// A day with more sessions than its cell has room for says how many more, and
// the list below the grid has them all, page by page.
func TestCrowdedMonth(t *testing.T) {
	d := newDoor(t, dbtest.SQLite(t), 3, 2)
	starts := d.session.Starts
	for i := range 104 {
		e, err := d.events.CreateSession(t.Context(), admin, events.SessionForm{Type: events.Site, Title: fmt.Sprintf("第%03d场", i), Venue: "食堂",
			Starts: starts, Ends: starts.Add(3600e9)})
		check(t, err)
		_, err = d.events.PublishSession(t.Context(), admin, e.ID, e.Version)
		check(t, err)
	}
	month := "/events/?month=" + starts.Format("2006-01")
	first := d.want(d.open(month), 200, "另有 97 场", "第000场", "page=2")
	second := d.want(d.open(month+"&page=2"), 200, "第103场")
	list := func(p page) int {
		_, below, _ := strings.Cut(p.body, `<ul class="rows">`)
		return strings.Count(below, `/events/SF-`)
	}
	if a, b := list(first), list(second); a != 100 || b != 5 {
		t.Errorf("the pages list %d and %d sessions", a, b)
	}
	d.want(d.open(month+"&page=3"), 404)
	day := "/events/?day=" + starts.Format("2006-01-02")
	if !strings.Contains(first.body, `href="/sfj/pufa`+day+`">另有 97 场`) {
		t.Error("the cell does not lead to the rest of its day")
	}
	whole := d.want(d.open(day), 200, "2026 年 11 月 28 日普法活动", "105 场", "page=2", "看这个月", `name="day" value="2026-11-28"`)
	if n := list(whole) + list(d.want(d.open(day+"&page=2"), 200)); n != 105 {
		t.Errorf("the day lists %d sessions", n)
	}
	d.want(d.open("/events/?day=2026-11-27"), 200, "这一天没有排定的活动")
	d.want(d.open("/events/?day=2026-11-27&type=site"), 200, "没有符合条件的活动")
	d.want(d.open(day+"&page=3"), 404)
	d.want(d.open("/events/?day=2026-02-30"), 400, "日期不对")
	d.want(d.open("/events/?day=0001-01-01"), 404)
}
