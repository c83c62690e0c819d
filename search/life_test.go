package search

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/songfa/songfa/content"
	"github.com/songfa/songfa/events"
	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/db/dbtest"
	"github.com/songfa/songfa/internal/errs"
	"github.com/songfa/songfa/internal/ledger"
)

// publish publishes a notice and returns its edition.
func (w *world) publish(t testing.TB, title, body string) content.Edition {
	t.Helper()
	e, err := w.Content.Create(t.Context(), auth.System(), content.Notice, "", content.Text{Title: title, Body: body})
	if err == nil {
		e, err = w.Content.Publish(t.Context(), auth.System(), e.ID, e.Version)
	}
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// found lists the paths of the hits.
func found(t testing.TB, x *Index, q string) (paths []string) {
	t.Helper()
	r, err := x.Search(t.Context(), Query{Text: q, Size: 100})
	if err != nil {
		t.Fatalf("search %s: %v", q, err)
	}
	for _, h := range r.Hits {
		paths = append(paths, h.Path)
	}
	return paths
}

func wantFound(t testing.TB, x *Index, q string, n int) {
	t.Helper()
	if got := found(t, x, q); len(got) != n {
		t.Errorf("%s finds %d, want %d: %v", q, len(got), n, got)
	}
}

// shelves lists the folders in the index's home.
func (w *world) shelves(t testing.TB) (names []string) {
	t.Helper()
	entries, err := os.ReadDir(w.Dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if e.IsDir() {
			names = append(names, e.Name())
		}
	}
	return names
}

func TestFollowsWhatIsPublished(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		x := w.open(t)
		follow(t, x)
		wantFound(t, x, "水蜜桃", 0)

		e := w.publish(t, "水蜜桃节期间咨询安排", "桃园里也有律师。")
		began := time.Now()
		w.catchUp(t, x)
		if took := time.Since(began); took > time.Second {
			t.Errorf("found after %v", took)
		}
		wantFound(t, x, "水蜜桃", 1)

		e, err := w.Content.Withdraw(t.Context(), auth.System(), e.ID, e.Version, "日期有误")
		if err != nil {
			t.Fatal(err)
		}
		w.catchUp(t, x)
		wantFound(t, x, "水蜜桃", 0)

		e, err = w.Content.Restore(t.Context(), auth.System(), e.ID, e.Version)
		if err != nil {
			t.Fatal(err)
		}
		w.catchUp(t, x)
		wantFound(t, x, "水蜜桃", 1)

		if _, err = w.Content.Unpublish(t.Context(), auth.System(), e.ID, e.Version, "活动取消", ""); err != nil {
			t.Fatal(err)
		}
		w.catchUp(t, x)
		wantFound(t, x, "水蜜桃", 0)
	})
}

func TestRevisionTakesThePlaceOfTheText(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	x := w.open(t)
	follow(t, x)
	e := w.publish(t, "枇杷节安排", "旧地点在果园。")
	next, err := w.Content.Revise(t.Context(), auth.System(), e.ID, e.Version)
	if err == nil {
		text := next.Text
		text.Body = "新地点在礼堂。"
		next, err = w.Content.Save(t.Context(), auth.System(), next.ID, next.Version, text)
	}
	if err != nil {
		t.Fatal(err)
	}
	w.catchUp(t, x)
	wantFound(t, x, "礼堂", 0) // a draft is not found
	if _, err = w.Content.Publish(t.Context(), auth.System(), next.ID, next.Version); err != nil {
		t.Fatal(err)
	}
	w.catchUp(t, x)
	wantFound(t, x, "礼堂", 1)
	wantFound(t, x, "果园", 0)
}

func bananaLaw(date, articles string) fstest.MapFS {
	return fstest.MapFS{"香蕉种植法(" + date + ").md": {Data: []byte("# 香蕉种植法\n\n" + strings.ReplaceAll(date, "-", "年") + "日公布\n\n<!-- INFO END -->\n\n## 第一章 总则\n\n" + articles)}}
}

func TestLawsComeAndChange(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		x := w.open(t)
		follow(t, x)
		w.importLaws(t, bananaLaw("2001-01-01", "第一条　为了种植香蕉，制定本法。\n\n第二条　香蕉应当弯曲。\n\n第三条　猴子不得入园。\n"))
		w.catchUp(t, x)
		if h, err := first(t.Context(), x, "猴子"); err != nil || h.Kind != "article" || !strings.HasSuffix(h.Path, "/3") {
			t.Errorf("猴子 finds %+v, %v", h, err)
		}
		r, err := x.Search(t.Context(), Query{Text: "香蕉种植法2"})
		if err != nil || r.Exact == nil || text(r.Exact.Title) != "《香蕉种植法》第二条" {
			t.Errorf("exact: %+v, %v", r.Exact, err)
		}
		w.importLaws(t, bananaLaw("2011-01-01", "第一条　为了种植香蕉，制定本法。\n\n第二条　香蕉可以笔直。\n"))
		w.catchUp(t, x)
		wantFound(t, x, "猴子", 0)
		wantFound(t, x, "笔直", 1)
	})
}

func TestSessionsAndStations(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		x := w.open(t)
		follow(t, x)
		form := events.SessionForm{Type: events.Village, Title: "荔枝园里讲合同", Summary: "收荔枝前看合同。", Venue: "荔枝园", Address: "荔枝园一号",
			Starts: time.Now().Add(48 * time.Hour), Ends: time.Now().Add(50 * time.Hour), Organizer: "示例区司法局", ContactPhone: "0000-6100000"}
		s, err := w.Events.CreateSession(t.Context(), auth.System(), form)
		if err != nil {
			t.Fatal(err)
		}
		w.catchUp(t, x)
		wantFound(t, x, "荔枝", 0)
		if _, err = w.Events.PublishSession(t.Context(), auth.System(), s.ID, s.Version); err != nil {
			t.Fatal(err)
		}
		w.catchUp(t, x)
		if h, err := first(t.Context(), x, "荔枝"); err != nil || h.Kind != "session" || h.ID != s.ID || !h.At.Equal(s.Starts.Truncate(time.Millisecond)) {
			t.Errorf("荔枝 finds %+v, %v", h, err)
		}

		st := events.Station{Code: "T99", Tier: events.Center, Name: "龙眼公共法律服务中心", Address: "龙眼路 1 号", Phone: "0000-6100001"}
		saved, err := w.Events.SaveStation(t.Context(), auth.System(), st)
		if err != nil {
			t.Fatal(err)
		}
		w.catchUp(t, x)
		if h, err := first(t.Context(), x, "龙眼路在哪"); err != nil || h.Kind != "station" || h.ID != "T99" {
			t.Errorf("龙眼路 finds %+v, %v", h, err)
		}
		now := time.Now()
		saved.ValidFrom, saved.ValidTo = now.Format(time.DateOnly), now.AddDate(0, 0, 7).Format(time.DateOnly)
		if saved, err = w.Events.SaveStation(t.Context(), auth.System(), saved); err != nil {
			t.Fatal(err)
		}
		w.catchUp(t, x)
		for days, want := range map[int]int{-2: 0, 0: 1, 6: 1, 9: 0} { // nothing is saved when a day ends
			x.cfg.Now = func() time.Time { return now.AddDate(0, 0, days) }
			wantFound(t, x, "龙眼", want)
			if list, err := x.Suggest(t.Context(), "龙眼公", 5); err != nil || len(list) != want {
				t.Errorf("after %d days suggested %v, %v", days, list, err)
			}
		}
		x.cfg.Now = w.Now
		saved.ValidTo = "2020-01-01"
		saved.ValidFrom = ""
		if _, err := w.Events.SaveStation(t.Context(), auth.System(), saved); err != nil {
			t.Fatal(err)
		}
		w.catchUp(t, x)
		wantFound(t, x, "龙眼", 0)
	})
}

func TestBigFirstBuildAnswersLater(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	w.publish(t, "椰子节安排", "在海边。")
	err := w.db.Update(t.Context(), func(_ context.Context, tx *db.Tx) error {
		w.Ledger.Record(tx, auth.System().Entry("site.test", "site:test", "很多变化"), many(smallBuild)...)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	x := w.open(t)
	if err := x.Ready(); !errs.Is(err, errs.Unavailable) {
		t.Errorf("ready while nothing is built: %v", err)
	}
	if _, err := x.Search(t.Context(), Query{Text: "椰子"}); !errs.Is(err, errs.Unavailable) {
		t.Errorf("search while nothing is built: %v", err)
	}
	follow(t, x)
	w.catchUp(t, x)
	wantFound(t, x, "椰子", 1)
}

// many journal rows that change nothing.
func many(n int) []ledger.Change {
	rows := make([]ledger.Change, n)
	for i := range rows {
		rows[i] = ledger.Change{Kind: "media", ID: fmt.Sprint(i)}
	}
	return rows
}

func TestRebuildRefusesNoQuery(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	x := w.open(t)
	follow(t, x)
	for i := range 30 {
		w.publish(t, fmt.Sprintf("第%d号桑葚公告", i+1), "桑葚熟了。")
	}
	w.catchUp(t, x)
	stop := make(chan struct{})
	var asking sync.WaitGroup
	for range 4 {
		asking.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				if r, err := x.Search(context.Background(), Query{Text: "桑葚"}); err != nil || r.Total < 30 {
					t.Errorf("while rebuilding: %d found, %v", r.Total, err)
					return
				}
			}
		})
	}
	steps := 0
	for i := range 3 {
		if err := x.Rebuild(t.Context(), func(done, total int) { steps++ }); err != nil {
			t.Error(err)
		}
		w.publish(t, fmt.Sprintf("第%d号桑葚补充公告", i+1), "桑葚又熟了。")
		w.catchUp(t, x)
	}
	close(stop)
	asking.Wait()
	wantFound(t, x, "桑葚", 33)
	if steps < 3 {
		t.Errorf("progress was told %d times", steps)
	}
	if s := w.shelves(t); len(s) != 1 {
		t.Errorf("shelves left: %v", s)
	}
}

func TestJournalAsksForARebuild(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	x := w.open(t)
	follow(t, x)
	w.publish(t, "山竹节安排", "在林里。")
	w.catchUp(t, x)
	before := x.current.Load()
	err := w.db.Update(t.Context(), func(_ context.Context, tx *db.Tx) error {
		w.Ledger.Record(tx, auth.System().Entry("index.rebuild", "index", "重建"), ledger.Change{Kind: rebuildKind, ID: "rebuild"})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	w.catchUp(t, x)
	eventually(t, func() bool {
		wantFound(t, x, "山竹", 1) // meanwhile the old one answers
		return x.current.Load() != before || t.Failed()
	})
	wantFound(t, x, "山竹", 1)
}

func TestHealsWhenTheFolderGoesWhileRunning(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	x := w.open(t)
	follow(t, x)
	w.publish(t, "火龙果节安排", "在园里。")
	w.catchUp(t, x)
	if err := os.RemoveAll(x.current.Load().path); err != nil {
		t.Fatal(err)
	}
	w.publish(t, "百香果节安排", "在棚里。")
	w.catchUp(t, x)
	eventually(t, func() bool { return x.Ready() == nil })
	wantFound(t, x, "百香果", 1)
	wantFound(t, x, "火龙果", 1)
}

// eventually waits for what another goroutine is about to do.
func eventually(t testing.TB, done func() bool) {
	t.Helper()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	timeout := time.After(20 * time.Second)
	for !done() {
		select {
		case <-tick.C:
		case <-timeout:
			t.Fatal("it never happened")
		}
	}
}

func TestCloseTwice(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	x := w.open(t)
	if err := errors.Join(x.Close(), x.Close()); err != nil {
		t.Error(err)
	}
	if _, err := x.Search(t.Context(), Query{Text: "工资"}); !errs.Is(err, errs.Unavailable) {
		t.Errorf("search after close: %v", err)
	}
}

func TestInMemory(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	w.Dir = ""
	x := w.open(t)
	follow(t, x)
	w.publish(t, "板栗节安排", "在山里。")
	w.catchUp(t, x)
	wantFound(t, x, "板栗", 1)
}
