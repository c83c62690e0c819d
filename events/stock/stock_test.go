package stock_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/songfa/songfa/events/stock"
	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/db/dbtest"
	"github.com/songfa/songfa/internal/errs"
	"github.com/songfa/songfa/internal/ledger"
)

var keeper = auth.Actor{ID: "u1", Name: "王保管", Roles: []auth.Role{auth.Coordinator}}

// room is a store with its database and some titles.
type room struct {
	testing.TB
	*stock.Store
	db     *db.DB
	ledger *ledger.Ledger
}

func newRoom(t testing.TB, d *db.DB) *room {
	now := func() time.Time { return time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC) }
	l := ledger.New(d, now)
	return &room{t, stock.New(stock.Config{DB: d, Ledger: l, Now: now}), d, l}
}

func (r *room) material(title string) stock.Material {
	r.Helper()
	m, err := r.SaveMaterial(r.Context(), keeper, stock.Material{Title: title, Edition: "2026年版", Kind: stock.Handbook, Unit: "册"})
	if err != nil {
		r.Fatal(err)
	}
	return m
}

func (r *room) receive(m stock.Material, qty int) {
	r.Helper()
	if err := r.Receive(r.Context(), keeper, stock.Entry{Material: m.ID, Qty: qty}); err != nil {
		r.Fatal(err)
	}
}

// tx runs what a session would do in its own transaction.
func (r *room) tx(fn func(ctx context.Context, tx *db.Tx) error) error {
	return r.db.Update(r.Context(), fn)
}

func (r *room) ask(session string, lines ...stock.Line) error {
	return r.tx(func(ctx context.Context, tx *db.Tx) error {
		if err := r.Ask(ctx, tx, keeper, session, lines); err != nil {
			return err
		}
		return r.Reserve(ctx, tx, keeper, session)
	})
}

func (r *room) issue(session, key string, lines ...stock.Line) error {
	return r.tx(func(ctx context.Context, tx *db.Tx) error { return r.Issue(ctx, tx, keeper, session, key, lines) })
}

func (r *room) settle(session string, used ...stock.Used) error {
	return r.tx(func(ctx context.Context, tx *db.Tx) error {
		return r.SettleSession(ctx, tx, keeper, session, "2026-11-19", used)
	})
}

// stand compares free, held, out, public, waste.
func (r *room) stand(m stock.Material, want [5]int) {
	r.Helper()
	s, err := r.Material(r.Context(), m.ID)
	if got := [5]int{s.Free, s.Held, s.Out, s.Public, s.Waste}; err != nil || got != want {
		r.Errorf("free, held, out, public, waste of %s = %v, %v; want %v", m.Title, got, err, want)
	}
}

func TestTheWayOfABrochure(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		r := newRoom(t, d)
		m := r.material("工资怎么要")
		r.receive(m, 1000)
		r.must(r.ask("s1", stock.Line{Material: m.ID, Qty: 300}))
		r.stand(m, [5]int{700, 300, 0, 0, 0})
		r.must(r.ask("s1", stock.Line{Material: m.ID, Qty: 250})) // asks for less: the rest goes back
		r.stand(m, [5]int{750, 250, 0, 0, 0})
		r.must(r.issue("s1", "k1", stock.Line{Material: m.ID, Qty: 280})) // the pile, and 30 more
		r.must(r.issue("s1", "k1", stock.Line{Material: m.ID, Qty: 280})) // a second click
		if err := r.issue("s1", "k1", stock.Line{Material: m.ID, Qty: 281}); !errs.Is(err, errs.Conflict) {
			t.Errorf("the same slip with another number: %v", err)
		}
		r.stand(m, [5]int{720, 0, 280, 0, 0})
		r.must(r.settle("s1", stock.Used{Material: m.ID, HandedOut: 260, Spoiled: 5}))
		r.stand(m, [5]int{735, 0, 0, 260, 5})
		r.must(r.settle("s1", stock.Used{Material: m.ID, HandedOut: 200, Spoiled: 10})) // corrected
		r.stand(m, [5]int{790, 0, 0, 200, 10})
		out, err := r.HandedOut(t.Context(), d.Reader(), "2026-11-19", "2026-11-19")
		if err != nil || len(out) != 1 || out[0].Qty != 200 || out[0].Session != "s1" || out[0].Title != "工资怎么要" {
			t.Errorf("handed out %+v, %v", out, err)
		}
		printed, err := r.Printed(t.Context(), d.Reader(), "", "")
		if err != nil || len(printed) != 1 || printed[0].Qty != 1000 || printed[0].Day != "2026-11-20" {
			t.Errorf("printed %+v, %v", printed, err)
		}
		use, err := r.Use(t.Context(), "s1")
		if err != nil || len(use) != 1 || use[0].Issued != 280 || use[0].HandedOut != 200 || use[0].Spoiled != 10 || use[0].Returned != 70 || use[0].Open() != 0 {
			t.Errorf("use %+v, %v", use, err)
		}
	})
}

func (r *room) must(err error) {
	r.Helper()
	if err != nil {
		r.Fatal(err)
	}
}

func TestRefusals(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		r := newRoom(t, d)
		a, b := r.material("甲"), r.material("乙")
		r.receive(a, 100)
		r.receive(b, 10)
		ctx := t.Context()
		for _, tt := range []struct {
			name  string
			err   error
			kind  errs.Kind
			words []string
		}{
			{"two titles short", r.ask("s1", stock.Line{Material: a.ID, Qty: 101}, stock.Line{Material: b.ID, Qty: 11}), errs.Conflict,
				[]string{"《甲》2026年版", "只有 100 册", "《乙》2026年版", "只有 10 册"}},
			{"issue more than there is", r.issue("s1", "", stock.Line{Material: b.ID, Qty: 11}), errs.Conflict, []string{"只有 10 册，不够 11 册"}},
			{"issue nothing", r.issue("s1", "", stock.Line{Material: b.ID}), errs.Invalid, []string{"至少填一种"}},
			{"one title twice", r.issue("s1", "", stock.Line{Material: b.ID, Qty: 1}, stock.Line{Material: b.ID, Qty: 1}), errs.Invalid, []string{"合并"}},
			{"a billion", r.issue("s1", "", stock.Line{Material: b.ID, Qty: 1e9}), errs.Invalid, []string{"1000000"}},
			{"hand out what was not issued", r.settle("s1", stock.Used{Material: a.ID, HandedOut: 1}), errs.Conflict, []string{"只出库 0 册"}},
			{"unknown title", r.issue("s1", "", stock.Line{Material: "nobody", Qty: 1}), errs.Invalid, []string{"不在目录"}},
			{"spoil without a reason", r.Spoil(ctx, keeper, stock.Entry{Material: a.ID, Qty: 1}), errs.Invalid, []string{"原因"}},
			{"receive nothing", r.Receive(ctx, keeper, stock.Entry{Material: a.ID}), errs.Invalid, []string{"数量"}},
			{"receive tomorrow", r.Receive(ctx, keeper, stock.Entry{Material: a.ID, Qty: 1, Day: "2026-11-21"}), errs.Invalid, []string{"今天"}},
			{"receive on 29 February 2026", r.Receive(ctx, keeper, stock.Entry{Material: a.ID, Qty: 1, Day: "2026-02-29"}), errs.Invalid, []string{"日期"}},
			{"receive at a session", r.Receive(ctx, keeper, stock.Entry{Material: a.ID, Qty: 1, Place: stock.AtSession("s1")}), errs.Invalid, []string{"站点"}},
			{"an editor", r.Receive(ctx, auth.Actor{Roles: []auth.Role{auth.Editor}}, stock.Entry{Material: a.ID, Qty: 1}), errs.Forbidden, nil},
			{"transfer to where it is", r.Transfer(ctx, keeper, stock.Entry{Material: a.ID, Qty: 1, Place: stock.Warehouse, To: stock.Warehouse}), errs.Invalid, []string{"另一个"}},
		} {
			if !errs.Is(tt.err, tt.kind) {
				t.Errorf("%s: %v, want %v", tt.name, tt.err, tt.kind)
			}
			for _, w := range tt.words {
				if !strings.Contains(errs.MessageOf(tt.err), w) {
					t.Errorf("%s: %q lacks %q", tt.name, errs.MessageOf(tt.err), w)
				}
			}
		}
		r.stand(a, [5]int{100, 0, 0, 0, 0}) // nothing of all that was booked
		r.stand(b, [5]int{10, 0, 0, 0, 0})
	})
}

func TestATitleAndEditionIsThereOnce(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		r := newRoom(t, d)
		m := r.material("《工资怎么要》") // brackets people type are not doubled
		if m.Name() != "《工资怎么要》2026年版" {
			t.Errorf("name %q", m.Name())
		}
		_, err := r.SaveMaterial(t.Context(), keeper, stock.Material{Title: " 工资怎么要 ", Edition: "2026年版", Kind: stock.Leaflet, Unit: "份"})
		if !errs.Is(err, errs.Conflict) || errs.FieldOf(err) != "edition" {
			t.Errorf("twin: %v", err)
		}
		m.Edition = "2027年版"
		if _, err := r.SaveMaterial(t.Context(), keeper, m); err != nil {
			t.Fatal(err)
		}
		if _, err := r.SaveMaterial(t.Context(), keeper, m); !errs.Is(err, errs.Conflict) {
			t.Errorf("stale version: %v", err)
		}
	})
}

// Counting, the shelves of points, and a form that is sent twice.
func TestTheKeepersBook(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		r := newRoom(t, d)
		m := r.material("工资怎么要")
		ctx := t.Context()
		for range 2 {
			r.must(r.Receive(ctx, keeper, stock.Entry{Key: "form-1", Material: m.ID, Qty: 500, Reason: "第一次印刷"}))
		}
		err := r.Receive(ctx, keeper, stock.Entry{Key: "form-1", Material: m.ID, Qty: 600, Reason: "第一次印刷"})
		if !errs.Is(err, errs.Conflict) || !strings.Contains(errs.MessageOf(err), "和上次不同") {
			t.Errorf("the same form with another number: %v", err)
		}
		r.must(r.Transfer(ctx, keeper, stock.Entry{Material: m.ID, Qty: 80, Place: stock.Warehouse, To: stock.Point("T01")}))
		r.must(r.HandOut(ctx, keeper, stock.Entry{Material: m.ID, Qty: 30, Place: stock.Point("T01")}))
		r.must(r.Count(ctx, keeper, stock.Entry{Material: m.ID, Qty: 415, Reason: "年终盘点"}))
		r.must(r.Count(ctx, keeper, stock.Entry{Material: m.ID, Qty: 415, Reason: "又数了一遍"})) // right: books nothing
		r.stand(m, [5]int{415, 0, 0, 30, 0})
		shelves, err := r.Shelves(ctx, m.ID)
		if err != nil || len(shelves) != 3 || shelves[0].Place != stock.Point("T01") || shelves[0].Qty != 50 {
			t.Errorf("shelves %+v, %v", shelves, err)
		}
		book, err := r.Book(ctx, auth.System(), m.ID, "", 10)
		if err != nil || len(book) != 4 {
			t.Fatalf("book has %d rows, %v; want 4", len(book), err)
		}
		if b := book[0]; b.Kind != stock.Adjust || b.Qty != 5 || b.From != stock.Warehouse || b.Reason != "年终盘点" || b.Actor != "王保管" {
			t.Errorf("newest row %+v", b)
		}
		older, err := r.Book(ctx, auth.System(), m.ID, book[2].ID, 10)
		if err != nil || len(older) != 1 || older[0].Kind != stock.Receive {
			t.Errorf("second page %+v, %v", older, err)
		}
		entries, err := r.ledger.Audit(ctx, ledger.AuditFilter{Action: "stock.receive"})
		if err != nil || len(entries) != 1 || !strings.Contains(entries[0].Summary, "500 册") {
			t.Errorf("audit %+v, %v", entries, err)
		}
	})
}

func TestACancelledSessionGivesBackItsPile(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		r := newRoom(t, d)
		m := r.material("甲")
		r.receive(m, 100)
		r.must(r.ask("s1", stock.Line{Material: m.ID, Qty: 60}))
		r.must(r.issue("s1", "", stock.Line{Material: m.ID, Qty: 20}))
		free := func() error {
			return r.tx(func(ctx context.Context, tx *db.Tx) error { return r.Free(ctx, tx, keeper, "s1") })
		}
		r.must(free())
		r.must(free())
		r.stand(m, [5]int{80, 0, 20, 0, 0}) // what has left is still to be brought back
		r.must(r.tx(func(ctx context.Context, tx *db.Tx) error {
			return r.Return(ctx, tx, keeper, "s1", "k", []stock.Line{{Material: m.ID, Qty: 20}})
		}))
		r.stand(m, [5]int{100, 0, 0, 0, 0})
	})
}

// Fifty sessions want the same pile at once: the pile goes once.
func TestTheLastPileGoesOnce(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		r := newRoom(t, d)
		a, b := r.material("甲"), r.material("乙")
		r.receive(a, 100)
		r.receive(b, 100)
		var wg sync.WaitGroup
		var mu sync.Mutex
		won := 0
		for i := range 50 {
			lines := []stock.Line{{Material: a.ID, Qty: 10}, {Material: b.ID, Qty: 10}}
			if i%2 == 1 {
				lines[0], lines[1] = lines[1], lines[0]
			}
			wg.Go(func() {
				err := r.ask("s"+string(rune('a'+i)), lines...)
				mu.Lock()
				defer mu.Unlock()
				switch {
				case err == nil:
					won++
				case !errs.Is(err, errs.Conflict) || errors.Is(err, context.DeadlineExceeded):
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if won != 10 {
			t.Errorf("%d sessions got their ten copies, want 10", won)
		}
		r.stand(a, [5]int{0, 100, 0, 0, 0})
		r.stand(b, [5]int{0, 100, 0, 0, 0})
	})
}
