package figures

import (
	"cmp"
	"slices"
)

// Value is a number with what it is made of.
type Value struct {
	Live, Adjustment, Opening          int64
	LiveFen, AdjustmentFen, OpeningFen int64
	Hidden                             bool // too small to be shown to the public
}

// Qty is what the program knows: live figures with their adjustments.
func (v Value) Qty() int64 { return v.Live + v.Adjustment }

// Fen is the money that goes with it.
func (v Value) Fen() int64 { return v.LiveFen + v.AdjustmentFen }

// All is Qty with the opening figures.
func (v Value) All() int64 { return v.Qty() + v.Opening }

// AllFen is Fen with the opening figures.
func (v Value) AllFen() int64 { return v.Fen() + v.OpeningFen }

// Empty reports that nothing was counted.
func (v Value) Empty() bool { return v == Value{} }

func (v Value) plus(w Value) Value {
	return Value{Live: v.Live + w.Live, Adjustment: v.Adjustment + w.Adjustment, Opening: v.Opening + w.Opening,
		LiveFen: v.LiveFen + w.LiveFen, AdjustmentFen: v.AdjustmentFen + w.AdjustmentFen, OpeningFen: v.OpeningFen + w.OpeningFen,
		Hidden: v.Hidden || w.Hidden}
}

func (c Cell) value() Value {
	switch c.Layer {
	case Carried:
		return Value{Opening: c.Qty, OpeningFen: c.Fen}
	case Adjustment:
		return Value{Adjustment: c.Qty, AdjustmentFen: c.Fen}
	}
	return Value{Live: c.Qty, LiveFen: c.Fen}
}

type place struct{ measure, row, col string }

// Table is the answer to a query. Its totals are for one measure each: units
// never add across.
type Table struct {
	Query
	Period   *Period // of a named one
	Measures []Definition
	RowKeys  []string // values on the axis of the rows, in order; "" has no value
	ColKeys  []string
	cells    map[place]Value
	public   bool
}

// Frozen reports that the table is that of a closed period.
func (t *Table) Frozen() bool { return t.Period != nil && t.Period.Frozen() }

func (t *Table) add(c Cell) {
	at := place{c.Measure, c.on(t.Rows), c.on(t.Cols)}
	t.cells[at] = t.cells[at].plus(c.value())
}

// order finds the rows and columns that hold something.
func (t *Table) order() {
	rows, cols := map[string]bool{}, map[string]bool{}
	for at, v := range t.cells {
		if !v.Empty() {
			rows[at.row], cols[at.col] = true, true
		}
	}
	t.RowKeys, t.ColKeys = sorted(rows), sorted(cols)
}

// sorted puts what has no value last.
func sorted(keys map[string]bool) []string {
	list := make([]string, 0, len(keys))
	for k := range keys {
		list = append(list, k)
	}
	slices.SortFunc(list, func(a, b string) int {
		if (a == "") != (b == "") {
			return cmp.Compare(b, a)
		}
		return cmp.Compare(a, b)
	})
	return list
}

// At is one number.
func (t Table) At(measure, row, col string) Value { return t.cells[place{measure, row, col}] }

// Row is a measure's total of a row.
func (t Table) Row(measure, row string) Value {
	return t.sum(measure, func(at place) bool { return at.row == row })
}

// Col is a measure's total of a column.
func (t Table) Col(measure, col string) Value {
	return t.sum(measure, func(at place) bool { return at.col == col })
}

// Total is a measure's total.
func (t Table) Total(measure string) Value { return t.sum(measure, func(place) bool { return true }) }

func (t Table) sum(measure string, in func(place) bool) Value {
	var total Value
	for at, v := range t.cells {
		if at.measure == measure && in(at) {
			total = total.plus(v)
		}
	}
	return total
}

// SmallCell is the number below which a count of people is hidden from the public.
const SmallCell = 5

// Public is the table as the public may read it: counts of people and their
// matters below SmallCell are hidden, and so is a second number of a row or
// column where one alone could be worked out from the total.
func (t Table) Public() Table {
	p := t
	p.public = true
	p.cells = make(map[place]Value, len(t.cells))
	for at, v := range t.cells {
		d, _ := lookup(at.measure)
		v.Hidden = d.Personal && v.All() > 0 && v.All() < SmallCell
		p.cells[at] = v
	}
	for changed := true; changed; {
		changed = false
		for _, d := range p.Measures {
			for _, r := range p.RowKeys {
				changed = p.cover(func(at place) bool { return at.measure == d.Code && at.row == r }) || changed
			}
			for _, c := range p.ColKeys {
				changed = p.cover(func(at place) bool { return at.measure == d.Code && at.col == c }) || changed
			}
		}
	}
	return p
}

// cover hides the smallest number beside one that alone is hidden.
func (t *Table) cover(in func(place) bool) bool {
	hidden, best, found := 0, place{}, false
	for at, v := range t.cells {
		switch {
		case !in(at) || v.All() <= 0:
		case v.Hidden:
			hidden++
		case !found || v.All() < t.cells[best].All() || v.All() == t.cells[best].All() && less(at, best):
			best, found = at, true
		}
	}
	if hidden != 1 || !found {
		return false
	}
	v := t.cells[best]
	v.Hidden = true
	t.cells[best] = v
	return true
}

func less(a, b place) bool {
	return cmp.Or(cmp.Compare(a.row, b.row), cmp.Compare(a.col, b.col)) < 0
}
