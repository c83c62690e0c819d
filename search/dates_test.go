package search

import (
	"strings"
	"testing"
	"time"

	"github.com/songfa/songfa/events"
)

func TestAskedDays(t *testing.T) {
	tuesday := time.Date(2026, 11, 24, 23, 30, 0, 0, events.Zone)
	sunday := time.Date(2026, 11, 29, 0, 30, 0, 0, events.Zone)
	for _, tt := range []struct {
		text     string
		today    time.Time
		from, to string
	}{
		{"今天的活动", tuesday, "2026-11-24", "2026-11-24"},
		{"明晚有讲座吗", tuesday, "2026-11-25", "2026-11-25"},
		{"后天招聘会", tuesday, "2026-11-26", "2026-11-26"},
		{"周末活动", tuesday, "2026-11-28", "2026-11-29"},
		{"这周末活动", sunday, "2026-11-28", "2026-11-29"},
		{"下周末活动", tuesday, "2026-12-05", "2026-12-06"},
		{"本周普法", tuesday, "2026-11-23", "2026-11-29"},
		{"本周普法", sunday, "2026-11-23", "2026-11-29"},
		{"下星期的招聘会", sunday, "2026-11-30", "2026-12-06"},
		{"这个月活动", tuesday, "2026-11-01", "2026-11-30"},
		{"下个月活动", tuesday, "2026-12-01", "2026-12-31"},
		{"12月招聘会", tuesday, "2026-12-01", "2026-12-31"},
		{"十二月招聘会", tuesday, "2026-12-01", "2026-12-31"},
		{"二月招聘会", tuesday, "2027-02-01", "2027-02-28"},
		{"10月办过的讲座", tuesday, "2026-10-01", "2026-10-31"},
		{"招聘会", tuesday, "", ""},
	} {
		got, want := askedDays(tt.text, tt.today), stretchOfDays{}
		if tt.from != "" {
			from, _ := time.ParseInLocation(time.DateOnly, tt.from, events.Zone)
			to, _ := time.ParseInLocation(time.DateOnly, tt.to, events.Zone)
			want = stretchOfDays{dayOf(from), dayOf(to)}
		}
		if got != want {
			t.Errorf("%s on %s: %v, want %v", tt.text, tt.today.Format(time.DateOnly), got, want)
		}
	}
}

// The day before a session it stands first when 明天 is asked for, whatever
// else is coming.
func TestSessionsOfTheAskedDayStandFirst(t *testing.T) {
	x := seeded(t)
	coming, err := x.cfg.Events.Upcoming(t.Context(), events.Filter{States: []events.State{events.Published}, Limit: 50})
	if err != nil || len(coming) < 2 {
		t.Fatalf("%d sessions are coming, %v", len(coming), err)
	}
	for _, s := range coming {
		x.cfg.Now = func() time.Time { return s.Starts.AddDate(0, 0, -1) }
		r, err := x.Search(t.Context(), Query{Text: "明天的活动"})
		if err != nil || len(r.Hits) == 0 {
			t.Fatalf("%d hits, %v", len(r.Hits), err)
		}
		got := r.Hits[0]
		if got.Kind != "session" || got.At.In(events.Zone).Format(time.DateOnly) != s.Starts.In(events.Zone).Format(time.DateOnly) {
			t.Errorf("the day before %s the first is %s %s", s.Title, strings.TrimSpace(text(got.Title)), got.At)
		}
	}
}
