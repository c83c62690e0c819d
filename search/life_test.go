package search

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
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
		saved.ValidTo = "2020-01-01"
		if _, err := w.Events.SaveStation(t.Context(), auth.System(), saved); err != nil {
			t.Fatal(err)
		}
		w.catchUp(t, x)
		wantFound(t, x, "龙眼", 0)
	})
}

func TestReopenTakesUpWhereItStopped(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	x := w.open(t)
	w.publish(t, "菠萝节安排", "在码头。")
	if _, _, err := x.advance(t.Context(), maxRows); err != nil {
		t.Fatal(err)
	}
	wantFound(t, x, "菠萝", 1)
	before := w.shelves(t)
	if err := x.Close(); err != nil {
		t.Fatal(err)
	}
	w.publish(t, "芒果节安排", "在车站。")
	y := w.open(t)
	if after := w.shelves(t); len(after) != 1 || after[0] != before[0] {
		t.Errorf("shelves %v, before %v: it was built anew", after, before)
	}
	wantFound(t, y, "菠萝", 1)
	follow(t, y)
	w.catchUp(t, y)
	wantFound(t, y, "芒果", 1)
}

// A killed process leaves the folder as it is at that moment: a copy of it,
// taken while batches are written, must open and catch up.
func TestHealsAfterAKill(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	x := w.open(t)
	follow(t, x)
	var copies []string
	for i := range 20 {
		w.publish(t, fmt.Sprintf("第%d期石榴简报", i+1), "石榴熟了。")
		if i%4 == 3 {
			dir := t.TempDir()
			if err := os.CopyFS(dir, os.DirFS(w.Dir)); err != nil && !errors.Is(err, fs.ErrNotExist) { // Bleve removes a merged file
				t.Fatal(err)
			}
			copies = append(copies, dir)
		}
	}
	w.catchUp(t, x)
	for _, dir := range copies {
		w.Dir = dir
		y := w.open(t)
		follow(t, y)
		w.catchUp(t, y)
		wantFound(t, y, "石榴", 20)
	}
}

func TestHealsADamagedFolder(t *testing.T) {
	segment := func(t *testing.T, w *world) string {
		files, err := filepath.Glob(filepath.Join(w.Dir, "*", "*.zap"))
		if err != nil || len(files) == 0 {
			t.Fatalf("no segment: %v", err)
		}
		return files[0]
	}
	overwrite := func(t *testing.T, name string, at int64, b []byte) {
		f, err := os.OpenFile(name, os.O_RDWR, 0)
		if err != nil {
			t.Fatal(err)
		}
		_, err = f.WriteAt(b, at)
		if err = errors.Join(err, f.Close()); err != nil {
			t.Fatal(err)
		}
	}
	must := func(t *testing.T, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	for name, damage := range map[string]func(t *testing.T, w *world){
		"deleted":         func(t *testing.T, w *world) { must(t, os.RemoveAll(w.Dir)) },
		"shelf deleted":   func(t *testing.T, w *world) { must(t, os.RemoveAll(filepath.Dir(segment(t, w)))) },
		"segment deleted": func(t *testing.T, w *world) { must(t, os.Remove(segment(t, w))) },
		"segment changed": func(t *testing.T, w *world) { overwrite(t, segment(t, w), 40, []byte{1, 2, 3, 4}) },
		"segment cut":     func(t *testing.T, w *world) { must(t, os.Truncate(segment(t, w), 100)) },
		"segment empty":   func(t *testing.T, w *world) { must(t, os.Truncate(segment(t, w), 0)) },
		"bolt overwritten": func(t *testing.T, w *world) {
			overwrite(t, filepath.Join(filepath.Dir(segment(t, w)), "root.bolt"), 0, make([]byte, 32<<10))
		},
		"bolt cut": func(t *testing.T, w *world) {
			must(t, os.Truncate(filepath.Join(filepath.Dir(segment(t, w)), "root.bolt"), 5000))
		},
		"bolt deleted": func(t *testing.T, w *world) {
			must(t, os.Remove(filepath.Join(filepath.Dir(segment(t, w)), "root.bolt")))
		},
		"current nonsense": func(t *testing.T, w *world) {
			must(t, os.WriteFile(filepath.Join(w.Dir, "current"), []byte("../../etc"), 0o600))
		},
		"current deleted":     func(t *testing.T, w *world) { must(t, os.Remove(filepath.Join(w.Dir, "current"))) },
		"build left over":     func(t *testing.T, w *world) { must(t, os.MkdirAll(filepath.Join(w.Dir, "01LEFTOVER"), 0o700)) },
		"nothing is the case": func(t *testing.T, w *world) {},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, dbtest.SQLite(t))
			x := w.open(t)
			w.publish(t, "柚子节安排", "柚子在柚子园。")
			_, _, err := x.advance(t.Context(), maxRows)
			must(t, err)
			must(t, x.Close())
			damage(t, w)
			y := w.open(t)
			must(t, y.Ready())
			follow(t, y) // with a segment gone, Bleve opens an older state, which catches up
			w.catchUp(t, y)
			wantFound(t, y, "柚子", 1)
			if s := w.shelves(t); len(s) != 1 {
				t.Errorf("shelves left: %v", s)
			}
		})
	}
}

func TestOtherSchemaIsRebuilt(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	x := w.open(t)
	w.publish(t, "橄榄节安排", "在山上。")
	if _, _, err := x.advance(t.Context(), maxRows); err != nil {
		t.Fatal(err)
	}
	s := x.current.Load()
	st, err := s.read()
	if err == nil {
		st.Schema = "0-old"
		err = x.newWriter(s).flush(&st)
	}
	if err = errors.Join(err, x.Close()); err != nil {
		t.Fatal(err)
	}
	before := w.shelves(t)
	y := w.open(t)
	if after := w.shelves(t); after[0] == before[0] {
		t.Error("an index of another schema was taken over")
	}
	wantFound(t, y, "橄榄", 1)
}

// A restored backup has fewer journal rows than the index has seen, or other
// rows under the same numbers.
func TestOtherJournalIsRebuilt(t *testing.T) {
	for name, rows := range map[string]int{"behind": 1, "same length": 2, "ahead": 5} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, dbtest.SQLite(t))
			x := w.open(t)
			w.publish(t, "杨梅节安排", "在坡上。")
			for range 2 { // bring the index to the end
				if _, _, err := x.advance(t.Context(), maxRows); err != nil {
					t.Fatal(err)
				}
			}
			if err := x.Close(); err != nil {
				t.Fatal(err)
			}
			other := newWorld(t, dbtest.SQLite(t))
			other.Dir = w.Dir
			for i := range rows {
				other.publish(t, fmt.Sprint("樱桃节安排", i), "在河边。")
			}
			y := other.open(t)
			follow(t, y)
			other.catchUp(t, y)
			wantFound(t, y, "杨梅", 0)
			wantFound(t, y, "樱桃", rows)
		})
	}
}

func TestSecondOpenerIsRefused(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	x := w.open(t)
	began := time.Now()
	_, err := Open(t.Context(), w.Config)
	if !errs.Is(err, errs.Unavailable) || time.Since(began) > 3*time.Second {
		t.Errorf("after %v: %v", time.Since(began), err)
	}
	if err := x.Ready(); err != nil {
		t.Errorf("the first is disturbed: %v", err)
	}
	if err := x.Close(); err != nil {
		t.Fatal(err)
	}
	w.open(t)
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
