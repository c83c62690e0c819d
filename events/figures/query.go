package figures

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/errs"
)

// Axis is what figures are split by.
type Axis string

// The axes.
const (
	Whole      Axis = ""         // not split
	ByTown     Axis = "town"     // 镇街
	ByType     Axis = "type"     // 类型
	ByMonth    Axis = "month"    // 月份
	ByHost     Axis = "host"     // 组织单位
	ByCategory Axis = "category" // 书名, 类别
)

// columns are those of fact and of the tables of sums.
var columns = map[Axis]string{Whole: "''", ByTown: "town", ByType: "session_type", ByMonth: "month", ByHost: "host", ByCategory: "category"}

// Valid reports whether it is one of the axes.
func (a Axis) Valid() bool { _, ok := columns[a]; return ok }

// None asks a filter for what has no value: the whole district, no host.
const None = "-"

// Query is a question about figures.
type Query struct {
	From, To   string // first and last day, 2026-01-01; a Period sets them
	Period     string // id of a named period; frozen, it says what was signed
	Rows, Cols Axis
	Measures   []string // codes; none is all
	// Filters; "" is everything, None what has no value.
	Town, Type, Month, Host, Category string
	Within                            []string // towns of who asks; empty: all. What is of no town is then nobody's
}

// For is the query as the actor may ask it.
func (q Query) For(actor auth.Actor) Query {
	q.Within = actor.Towns
	return q
}

// with narrows a query to one cell of its table.
func (q Query) with(axis Axis, value string) Query {
	if value == "" {
		value = None
	}
	switch axis {
	case ByTown:
		q.Town = value
	case ByType:
		q.Type = value
	case ByMonth:
		q.Month = value
	case ByHost:
		q.Host = value
	case ByCategory:
		q.Category = value
	}
	return q
}

// Cell narrows the query to what is under one number of its table.
func (q Query) Cell(measure, row, col string) Query {
	q = q.with(q.Rows, row).with(q.Cols, col)
	q.Measures = []string{measure}
	return q
}

// RowOnly narrows the query to a row of its table.
func (q Query) RowOnly(measure, row string) Query {
	q = q.with(q.Rows, row)
	q.Measures = []string{measure}
	return q
}

// ColOnly narrows the query to a column of its table.
func (q Query) ColOnly(measure, col string) Query {
	q = q.with(q.Cols, col)
	q.Measures = []string{measure}
	return q
}

// check refuses what cannot be asked.
func (q Query) check() error {
	switch {
	case !isDate(q.From) || !isDate(q.To):
		return errs.Bad("from", "请填写起止日期，例如 2026-01-01 至 2026-08-31。")
	case q.To < q.From:
		return errs.Bad("to", "结束日期在开始日期之前，请对调。")
	case !q.Rows.Valid() || !q.Cols.Valid():
		return errs.Bad("rows", "不能按这一项分，请从列表中选择。")
	}
	return nil
}

// Cell is one sum: what Pivot reads and a snapshot keeps.
type Cell struct {
	Measure  string `db:"measure"`
	Category string `db:"category"`
	Month    string `db:"month"`
	Town     string `db:"town"`
	Type     string `db:"session_type"`
	Host     string `db:"host"`
	Layer    Layer  `db:"layer"`
	Attached bool   `db:"attached"` // counted where it lives, no fact says it
	Qty      int64  `db:"qty"`
	Fen      int64  `db:"amount_fen"`
}

// on is the cell's value on an axis.
func (c Cell) on(a Axis) string {
	switch a {
	case ByTown:
		return c.Town
	case ByType:
		return c.Type
	case ByMonth:
		return c.Month
	case ByHost:
		return c.Host
	case ByCategory:
		return c.Category
	}
	return ""
}

// passes reports whether the filters of a query let a cell through.
func (c Cell) passes(q Query) bool {
	for _, f := range []struct{ want, have string }{{q.Town, c.Town}, {q.Type, c.Type}, {q.Month, c.Month}, {q.Host, c.Host}, {q.Category, c.Category}} {
		if f.want != "" && strings.TrimPrefix(f.want, None) != f.have {
			return false
		}
	}
	if len(q.Within) > 0 && !slices.Contains(q.Within, c.Town) {
		return false
	}
	return len(q.Measures) == 0 || slices.Contains(q.Measures, c.Measure)
}

// Pivot answers a query with a table.
func (s *Store) Pivot(ctx context.Context, q Query) (_ Table, err error) {
	defer errs.Wrap(&err, "pivot")
	r := s.db.Reader()
	t := Table{Query: q, cells: map[place]Value{}}
	if q.Period != "" {
		p, err := getPeriod(ctx, r, q.Period)
		if err != nil {
			return t, err
		}
		t.Period, t.From, t.To = &p, p.From, p.To
	}
	if err := t.check(); err != nil {
		return t, err
	}
	if t.Measures, err = s.asked(ctx, r, &t); err != nil {
		return t, err
	}
	cells, err := s.cells(ctx, r, &t)
	if err != nil {
		return t, err
	}
	for _, c := range cells {
		t.add(c)
	}
	t.order()
	return t, nil
}

// asked are the definitions of the measures in question, those of the day a
// period was frozen if it was.
func (s *Store) asked(ctx context.Context, r db.Queryer, t *Table) ([]Definition, error) {
	defs, err := s.definitions(ctx, r, t.To)
	if err != nil {
		return nil, err
	}
	if t.Frozen() {
		defs = t.Period.Definitions
	}
	if len(t.Query.Measures) == 0 {
		return defs, nil
	}
	var list []Definition
	for _, code := range t.Query.Measures {
		i := slices.IndexFunc(defs, func(d Definition) bool { return d.Code == code })
		if i < 0 {
			return nil, noMeasure(code)
		}
		list = append(list, defs[i])
	}
	return list, nil
}

func (s *Store) cells(ctx context.Context, r db.Queryer, t *Table) ([]Cell, error) {
	cells, err := factCells(ctx, r, t.Query)
	if err != nil {
		return nil, err
	}
	if t.Frozen() { // facts in a frozen period stand for ever; what others count may move on
		more, err := s.signedCells(ctx, r, t)
		return append(cells, more...), err
	}
	more, err := s.attachedCells(ctx, r, t.Query)
	return append(cells, more...), err
}

// signedCells are the attached measures of a frozen period, as it was signed:
// of the snapshot, what no fact says.
func (s *Store) signedCells(ctx context.Context, r db.Queryer, t *Table) ([]Cell, error) {
	var cells []Cell
	err := db.Select(ctx, r, &cells, `SELECT measure, category, month, town, session_type, host, layer, attached, qty, amount_fen
		FROM snapshot WHERE period = $1 AND attached`, t.Period.ID)
	return slices.DeleteFunc(cells, func(c Cell) bool { return !c.passes(t.Query) }), err
}

// factCells adds facts up. Whole months come from the tables of sums, the days
// before and after them, and what no such table can answer, from the facts.
func factCells(ctx context.Context, r db.Queryer, q Query) ([]Cell, error) {
	first, last := wholeMonths(q.From, q.To)
	table := q.sumsFor()
	if first > last || table == "" {
		return sumFacts(ctx, r, q, q.From, q.To)
	}
	var cells []Cell
	var err error
	if table == "fact_host" {
		cells, err = hostCells(ctx, r, q, first, last)
	} else {
		cells, err = sumCells(ctx, r, q, table, "month", "month >= $1 AND month <= $2", first, last)
	}
	if err != nil {
		return nil, err
	}
	edges := [][2]string{{q.From, before(first + "-01")}, {nextDay(endOfMonth(last)), q.To}}
	for _, e := range edges {
		if e[0] > e[1] {
			continue
		}
		more, err := sumFacts(ctx, r, q, e[0], e[1])
		if err != nil {
			return nil, err
		}
		cells = append(cells, more...)
	}
	return cells, nil
}

func sumFacts(ctx context.Context, r db.Queryer, q Query, from, to string) ([]Cell, error) {
	return sumCells(ctx, r, q, "fact", "substr(date, 1, 7)", "superseded_at IS NULL AND date >= $1 AND date <= $2", from, to)
}

// sumCells groups the rows of a table by the axes of a query.
func sumCells(ctx context.Context, r db.Queryer, q Query, table, month, where string, args ...any) ([]Cell, error) {
	var cells []Cell
	err := selectSums(ctx, r, &cells, q, table, month, "measure", "SUM(qty) AS qty, SUM(amount_fen) AS amount_fen", where, args...)
	return cells, err
}

// selectSums reads sums by the axes of a query and by layer. measure is the
// column of the measure, "" where each has a column of its own.
func selectSums(ctx context.Context, r db.Queryer, dst any, q Query, table, month, measure, sums, where string, args ...any) error {
	column := func(a Axis) string {
		if a == ByMonth {
			return month
		}
		return columns[a]
	}
	for _, f := range []struct {
		axis Axis
		want string
	}{{ByTown, q.Town}, {ByType, q.Type}, {ByMonth, q.Month}, {ByHost, q.Host}, {ByCategory, q.Category}} {
		if f.want != "" {
			args = append(args, strings.TrimPrefix(f.want, None))
			where += " AND " + column(f.axis) + " = " + db.Placeholder(len(args))
		}
	}
	if len(q.Within) > 0 {
		list, more := db.In(len(args), q.Within)
		where, args = where+" AND town IN ("+list+")", append(args, more...)
	}
	if len(q.Measures) > 0 {
		list, more := db.In(len(args), q.Measures)
		where, args = where+" AND measure IN ("+list+")", append(args, more...)
	}
	var selected, grouped []string
	if measure != "" {
		selected, grouped = append(selected, measure), append(grouped, measure)
	}
	for _, a := range []Axis{ByHost, ByTown, ByType, ByMonth, ByCategory} { // in the order of the keys
		if a == q.Rows || a == q.Cols {
			selected, grouped = append(selected, column(a)+" AS "+columns[a]), append(grouped, column(a))
		} else {
			selected = append(selected, "'' AS "+columns[a])
		}
	}
	selected, grouped = append(selected, "layer", sums), append(grouped, "layer")
	return db.Select(ctx, r, dst, `SELECT `+strings.Join(selected, ", ")+` FROM `+table+` WHERE `+where+` GROUP BY `+strings.Join(grouped, ", "), args...)
}

// attachedCells asks the rooms that count by themselves.
func (s *Store) attachedCells(ctx context.Context, r db.Queryer, q Query) ([]Cell, error) {
	var cells []Cell
	for _, a := range s.attachments() {
		if len(q.Measures) > 0 && !slices.Contains(q.Measures, a.Measure) {
			continue
		}
		more, err := a.Count(ctx, r, q)
		if err != nil {
			return nil, errs.New(errs.KindOf(err), "", "count %s: %w", a.Measure, err)
		}
		for _, c := range more {
			if c.Measure, c.Attached = a.Measure, true; c.Layer == "" {
				c.Layer = Live
			}
			if c.passes(q) {
				cells = append(cells, c)
			}
		}
	}
	return cells, nil
}

// wholeMonths are the first and last month that lie wholly in the days; first
// is after last when there is none.
func wholeMonths(from, to string) (first, last string) {
	first, day := cutMonth(from)
	if day != "01" {
		first, _ = cutMonth(nextDay(endOfMonth(first)))
	}
	if last, _ = cutMonth(to); endOfMonth(last) != to {
		last, _ = cutMonth(before(last + "-01"))
	}
	return first, last
}

// endOfMonth is the last day of 2026-11.
func endOfMonth(month string) string {
	t, err := time.Parse("2006-01", month)
	if err != nil {
		return month
	}
	return t.AddDate(0, 1, -1).Format(time.DateOnly)
}

// before is the day before a date.
func before(date string) string {
	t, err := time.Parse(time.DateOnly, date)
	if err != nil {
		return date
	}
	return t.AddDate(0, 0, -1).Format(time.DateOnly)
}
