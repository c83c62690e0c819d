package events_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/songfa/songfa/events"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/db/dbtest"
)

// A cell reads the first sessions of its day and counts the others; days end at
// midnight here, not in Greenwich.
func TestGridCountsWhatItsCellsLeaveOut(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		at := func(title string, starts time.Time) {
			t.Helper()
			f := k.form()
			f.Title, f.Starts, f.Ends = title, starts, starts.Add(time.Hour)
			s := k.must(k.CreateSession(t.Context(), coordinator, f))
			k.must(k.PublishSession(t.Context(), coordinator, s.ID, s.Version))
		}
		for i := range 5 {
			at(fmt.Sprintf("晚场%d", i), time.Date(2026, 12, 1, 23, 55+i, 0, 0, events.Zone))
		}
		at("零点", time.Date(2026, 12, 2, 0, 0, 0, 0, events.Zone))
		at("上月", time.Date(2026, 11, 30, 23, 59, 0, 0, events.Zone))
		at("早场", time.Date(2026, 12, 31, 7, 59, 0, 0, events.Zone))

		g, err := k.Grid(t.Context(), 2026, time.December, events.Filter{}, 3)
		if err != nil {
			t.Fatal(err)
		}
		if g.Count != 7 {
			t.Errorf("the month has %d sessions, want 7 without that of November", g.Count)
		}
		for day, want := range map[int]struct {
			count int
			first string
			shown int
		}{1: {5, "晚场0", 3}, 2: {1, "零点", 1}, 3: {0, "", 0}, 31: {1, "早场", 1}} {
			got := g.Days()[day-1]
			if got.Count != want.count || len(got.Sessions) != want.shown || want.shown > 0 && got.Sessions[0].Title != want.first {
				t.Errorf("December %d: %d sessions, shows %v", day, got.Count, k.titles(got.Sessions, nil))
			}
		}
		list, err := k.MonthList(t.Context(), 2026, time.December, events.Filter{Limit: 2, Offset: 4})
		if got := k.titles(list, err); len(got) != 2 || got[0] != "晚场4" || got[1] != "零点" {
			t.Errorf("a page of the list: %v", got)
		}
	})
}
