package stock_test

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/songfa/songfa/events/stock"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/db/dbtest"
	"github.com/songfa/songfa/internal/errs"
)

// shelfModel is the book as a child would keep it: a number for each place.
type shelfModel struct {
	at    map[stock.Place]int
	asked map[string]int
	used  map[string]*stock.Use // by session
}

// move tells whether there was enough.
func (m *shelfModel) move(from, to stock.Place, n int) bool {
	if from != stock.Outside && m.at[from] < n {
		return false
	}
	if from != stock.Outside {
		m.at[from] -= n
	}
	m.at[to] += n
	return true
}

func (m *shelfModel) reserve(s string) bool {
	need := max(0, m.asked[s]-m.used[s].Out())
	if held := m.at[stock.Hold(s)]; need <= held {
		return m.move(stock.Hold(s), stock.Warehouse, held-need)
	} else {
		return m.move(stock.Warehouse, stock.Hold(s), need-held)
	}
}

func (m *shelfModel) issue(s string, n int) bool {
	held := min(m.at[stock.Hold(s)], n)
	if m.at[stock.Warehouse] < n-held {
		return false
	}
	m.used[s].Issued += n
	return m.move(stock.Hold(s), stock.AtSession(s), held) && m.move(stock.Warehouse, stock.AtSession(s), n-held)
}

func (m *shelfModel) giveBack(s string, n int) bool {
	if !m.move(stock.AtSession(s), stock.Warehouse, n) {
		return false
	}
	m.used[s].Returned += n
	return true
}

func (m *shelfModel) settle(s string, handed, spoiled int) bool {
	u := m.used[s]
	back := u.Issued - handed - spoiled
	if back < 0 || m.at[stock.Warehouse]+back-u.Returned < 0 {
		return false // what came back is gone to others
	}
	m.at[stock.Warehouse] += back - u.Returned + m.at[stock.Hold(s)]
	m.at[stock.Public] += handed - u.HandedOut
	m.at[stock.Waste] += spoiled - u.Spoiled
	m.at[stock.Hold(s)], m.at[stock.AtSession(s)] = 0, 0
	u.HandedOut, u.Spoiled, u.Returned = handed, spoiled, back
	return true
}

// Whatever keepers and sessions do, in any order: the store refuses exactly what
// the model refuses, holds the same numbers at every place, and its balances are
// the sum of its book.
func TestTheBookAgreesWithAModel(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		r := newRoom(t, d)
		round := 0
		rapid.Check(t, func(rt *rapid.T) {
			round++
			walkBook(rt, r, r.material(fmt.Sprint("第", round, "种")), round)
		})
	})
}

func walkBook(rt *rapid.T, r *room, m stock.Material, round int) {
	sessions := []string{fmt.Sprint("a", round), fmt.Sprint("b", round)}
	model := &shelfModel{at: map[stock.Place]int{}, asked: map[string]int{}, used: map[string]*stock.Use{}}
	for _, s := range sessions {
		model.used[s] = &stock.Use{}
	}
	ctx := r.Context()
	qty := func() int { return rapid.IntRange(1, 30).Draw(rt, "qty") }
	session := func() string { return rapid.SampledFrom(sessions).Draw(rt, "session") }
	agree := func(did bool, err error) {
		if did != (err == nil) || err != nil && !errs.Is(err, errs.Conflict) {
			rt.Fatalf("store says %v, model %v", err, did)
		}
	}
	rt.Repeat(map[string]func(*rapid.T){
		"receive": func(*rapid.T) {
			n := qty()
			agree(model.move(stock.Outside, stock.Warehouse, n), r.Receive(ctx, keeper, stock.Entry{Material: m.ID, Qty: n}))
		},
		"spoil": func(*rapid.T) {
			n := qty()
			agree(model.move(stock.Warehouse, stock.Waste, n), r.Spoil(ctx, keeper, stock.Entry{Material: m.ID, Qty: n, Reason: "受潮"}))
		},
		"count": func(*rapid.T) {
			n := qty()
			model.at[stock.Warehouse] = n
			agree(true, r.Count(ctx, keeper, stock.Entry{Material: m.ID, Qty: n, Reason: "盘点"}))
		},
		"ask and reserve": func(*rapid.T) {
			s, n := session(), qty()
			old := model.asked[s]
			model.asked[s] = n
			did := model.reserve(s)
			if !did {
				model.asked[s] = old // one transaction: the ask goes with it
			}
			agree(did, r.ask(s, stock.Line{Material: m.ID, Qty: n}))
		},
		"free": func(*rapid.T) {
			s := session()
			model.move(stock.Hold(s), stock.Warehouse, model.at[stock.Hold(s)])
			agree(true, r.tx(func(ctx context.Context, tx *db.Tx) error { return r.Free(ctx, tx, keeper, s) }))
		},
		"issue": func(*rapid.T) {
			s, n := session(), qty()
			agree(model.issue(s, n), r.issue(s, "", stock.Line{Material: m.ID, Qty: n}))
		},
		"return": func(*rapid.T) {
			s, n := session(), qty()
			agree(model.giveBack(s, n), r.tx(func(ctx context.Context, tx *db.Tx) error {
				return r.Return(ctx, tx, keeper, s, "", []stock.Line{{Material: m.ID, Qty: n}})
			}))
		},
		"settle": func(*rapid.T) {
			s, h, w := session(), rapid.IntRange(0, 30).Draw(rt, "handed"), rapid.IntRange(0, 3).Draw(rt, "spoiled")
			agree(model.settle(s, h, w), r.settle(s, stock.Used{Material: m.ID, HandedOut: h, Spoiled: w}))
		},
		"": func(rt *rapid.T) { sameShelves(rt, r, m, model) },
	})
	if wrong, err := r.Check(r.Context()); err != nil || wrong != 0 {
		rt.Fatalf("%d balances differ from the book, %v", wrong, err)
	}
}

func sameShelves(rt *rapid.T, r *room, m stock.Material, model *shelfModel) {
	shelves, err := r.Shelves(r.Context(), m.ID)
	if err != nil {
		rt.Fatal(err)
	}
	got := map[stock.Place]int{}
	for _, s := range shelves {
		got[s.Place] = s.Qty
	}
	want := maps.Clone(model.at)
	maps.DeleteFunc(want, func(p stock.Place, n int) bool { return n == 0 || p == stock.Outside })
	if !maps.Equal(got, want) {
		rt.Fatalf("shelves %v, model %v", got, want)
	}
	for _, s := range slices.Sorted(maps.Keys(model.used)) {
		uses, err := r.Use(r.Context(), s)
		if err != nil {
			rt.Fatal(err)
		}
		for _, u := range uses {
			w := model.used[s]
			if u.Issued != w.Issued || u.HandedOut != w.HandedOut || u.Spoiled != w.Spoiled || u.Returned != w.Returned || u.Open() != got[stock.AtSession(s)] {
				rt.Fatalf("session %s: %+v, model %+v", s, u, *w)
			}
		}
	}
}
