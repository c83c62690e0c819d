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
}
