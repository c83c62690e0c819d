package search

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/songfa/songfa/internal/db/dbtest"
	"github.com/songfa/songfa/internal/errs"
)

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
