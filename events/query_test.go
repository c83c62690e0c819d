package events_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/songfa/songfa/events"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/db/dbtest"
)

// titles of a list, for comparing.
func (k *desk) titles(list []events.Session, err error) []string {
	k.Helper()
	if err != nil {
		k.Fatal(err)
	}
	var titles []string
	for _, s := range list {
		titles = append(titles, s.Title)
	}
	return titles
}

func (k *desk) byTitle(title string) events.Session {
	k.Helper()
	list, err := k.Sessions(k.Context(), events.Filter{States: events.States()})
	if err != nil {
		k.Fatal(err)
	}
	i := slices.IndexFunc(list, func(s events.Session) bool { return s.Title == title })
	if i < 0 {
		k.Fatalf("no session %s", title)
	}
	return list[i]
}

func TestQueries(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		k := emptyDesk(t, d)
		k.load(tree(stationsCSV, `key,type,title,town,venue,date,start,end,state,lawyers,cancel_reason
a,site,昨天,东湖镇,食堂,-1d,9:00,10:00,published,,
b,site,正在,东湖镇,食堂,+0d,8:00,10:00,published,李律师,
c,jobfair,明天,新城街道,市场,+1d,9:00,10:00,published,,
d,village,草稿,东湖镇,村委会,+1d,9:00,10:00,draft,,
e,site,取消,东湖镇,食堂,+11d,9:00,10:00,cancelled,,停工
f,school,月初,,礼堂,2026-12-01,0:00,1:00,published,,
g,school,月末,,礼堂,2026-11-30,23:00,次日1:00,published,,
`), 11, 0, 0)
		check := func(name string, got []string, want ...string) {
			t.Helper()
			if !slices.Equal(got, want) {
				t.Errorf("%s: %v, want %v", name, got, want)
			}
		}
		ctx := t.Context()
		check("upcoming", k.titles(k.Upcoming(ctx, events.Filter{})), "正在", "明天", "月末", "月初", "取消")
		check("second page", k.titles(k.Upcoming(ctx, events.Filter{Limit: 2, Offset: 2})), "月末", "月初")
		check("town", k.titles(k.Upcoming(ctx, events.Filter{Town: "xincheng"})), "明天")
		check("type", k.titles(k.Upcoming(ctx, events.Filter{Type: events.Site})), "正在", "取消")
		check("will take place", k.titles(k.Upcoming(ctx, events.Filter{Type: events.Site, States: []events.State{events.Published}})), "正在")
		check("lawyer", k.titles(k.Upcoming(ctx, events.Filter{Lawyer: true})), "正在")
		saved := k.must(k.SaveSession(ctx, coordinator, k.byTitle("明天").ID, k.byTitle("明天").Version, func() events.SessionForm {
			f := k.byTitle("明天").Form()
			f.Audience = []string{"求职的人", `100%的"工友"_`}
			return f
		}()))
		check("audience", k.titles(k.Upcoming(ctx, events.Filter{Audience: "求职的人"})), "明天")
		check("part of an audience", k.titles(k.Upcoming(ctx, events.Filter{Audience: "求职"})))
		check("audience with signs", k.titles(k.Upcoming(ctx, events.Filter{Audience: saved.Audience[1]})), "明天")
		check("wildcards", k.titles(k.Upcoming(ctx, events.Filter{Audience: "%"})))
		if list, err := k.Audiences(ctx); err != nil || !slices.Equal(list, []string{`100%的"工友"_`, "求职的人"}) {
			t.Errorf("audiences: %q, %v", list, err)
		}
		check("until", k.titles(k.Upcoming(ctx, events.Filter{To: k.now.AddDate(0, 0, 1)})), "正在")
		check("past", k.titles(k.Past(ctx, events.Filter{})), "昨天")
		check("month", k.titles(k.Month(ctx, 2026, time.November, events.Filter{})), "昨天", "正在", "明天", "月末")
		check("next month", k.titles(k.Month(ctx, 2026, time.December, events.Filter{})), "月初", "取消")
		check("staff", k.titles(k.Sessions(ctx, events.Filter{States: []events.State{events.Draft}})), "草稿")
		check("archive", k.titles(k.Sessions(ctx, events.Filter{Newest: true, Limit: 1})), "取消")
		if n, err := k.CountSessions(ctx, events.Filter{}); err != nil || n != 6 {
			t.Errorf("%d public sessions, %v", n, err)
		}
		g, err := k.Grid(ctx, 2026, time.November, events.Filter{}, 8)
		if err != nil || g.Count != 4 || g.HolidaysUnknown {
			t.Errorf("grid: %d sessions, unknown %v, %v", g.Count, g.HolidaysUnknown, err)
		}
		groups, err := k.StationsByTown(ctx)
		if err != nil || len(groups) != 2 || groups[0].Town.Name != "东湖镇" || len(groups[0].Stations) != 2 || groups[1].Stations[0].Code != "C01" {
			t.Errorf("stations by town: %+v, %v", groups, err)
		}
	})
}

func TestEachSessionReadsThemAllOnce(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		want := map[string]bool{}
		for i := range 7 {
			s := k.create()
			if i%3 != 0 {
				want[k.must(k.PublishSession(t.Context(), coordinator, s.ID, s.Version)).ID] = true
			}
		}
		var ids []string
		for after := ""; ; {
			page, err := k.EachSession(t.Context(), after, 2)
			if err != nil {
				t.Fatal(err)
			}
			if len(page) == 0 {
				break
			}
			for _, s := range page {
				ids = append(ids, s.ID)
				after = s.ID
			}
		}
		if len(ids) != len(want) || !slices.IsSorted(ids) {
			t.Fatalf("read %v", ids)
		}
		byID, err := k.SessionsByID(t.Context(), append(ids, "unknown"))
		if err != nil || len(byID) != len(ids) {
			t.Errorf("%d by id, %v", len(byID), err)
		}
	})
}

// BenchmarkGrid lays out a month of 5,000 sessions.
func BenchmarkGrid(b *testing.B) {
	sessions := make([]events.Session, 5000)
	for i := range sessions {
		sessions[i] = events.Session{No: fmt.Sprint(i), Starts: day("2026-11-01").Add(time.Duration(i%720) * time.Hour)}
	}
	c := events.NewCalendar(nil)
	for b.Loop() {
		events.MonthGrid(2026, time.November, sessions, c, day("2026-11-20"))
	}
}
