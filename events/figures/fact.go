package figures

import (
	"context"
	"strings"

	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/errs"
)

// Layer says what sort of figure a fact is.
type Layer string

// The layers. They are added up together only where the page says so.
const (
	Live       Layer = "live"       // from the program's own records
	Carried    Layer = "opening"    // 期初数: carried in from paper
	Adjustment Layer = "adjustment" // 更正: of a frozen period, counted in the open one
)

// Fact is one figure of one source.
type Fact struct {
	Measure  string `db:"measure"`
	Category string `db:"category"` // title, subject, channel; "" for none
	Qty      int64  `db:"qty"`
	Fen      int64  `db:"amount_fen"`
	Date     string `db:"date"`         // 2026-11-20, the day it counts on
	Town     string `db:"town"`         // code, "" for the whole district
	Type     string `db:"session_type"` // of the session, "" for none
	Host     string `db:"host"`         // 组织单位, a name
	Estimate bool   `db:"estimate"`
}

// Source is what states the facts.
type Source struct {
	Kind string // "session"
	ID   string
	Text string // why the figures changed, for adjustments
}

// key is what facts of one source are compared by.
type key struct{ measure, category, date, town, typ, host string }

func (f Fact) key() key { return key{f.Measure, f.Category, f.Date, f.Town, f.Type, f.Host} }

// standing is a fact as it is stored.
type standing struct {
	Fact
	ID     string `db:"id"`
	Layer  Layer  `db:"layer"`
	Origin string `db:"origin_date"`
}

// Write states all facts of a source anew, in the caller's transaction: those
// of an earlier version are superseded. What lies in a frozen period stays as
// it was signed, and the difference becomes adjustments in the open period. No
// facts at all take back what the source has stated.
func (s *Store) Write(ctx context.Context, tx *db.Tx, actor auth.Actor, src Source, version int, facts []Fact) (err error) {
	defer errs.Wrap(&err, "write facts of %s %s", src.Kind, src.ID)
	for _, f := range facts {
		if err := f.check(); err != nil {
			return err
		}
	}
	if err := lock(ctx, tx); err != nil {
		return err
	}
	frozen, err := frozenRanges(ctx, tx)
	if err != nil {
		return err
	}
	var old []standing
	if err := db.Select(ctx, tx, &old, `SELECT id, layer, origin_date, measure, category, qty, amount_fen, date, town, session_type, host, estimate
		FROM fact WHERE source_kind = $1 AND source_id = $2 AND superseded_at IS NULL ORDER BY id`, src.Kind, src.ID); err != nil {
		return err
	}
	w := writer{store: s, tx: tx, actor: actor, src: src, version: version}
	said := sums{} // what the frozen periods and their adjustments say
	for _, o := range old {
		switch {
		case o.Layer == Adjustment:
			f := o.Fact
			f.Date = o.Origin
			said.add(f, 1)
		case frozen.at(o.Date) != nil:
			said.add(o.Fact, 1)
		default:
			if err := w.supersede(ctx, o); err != nil {
				return err
			}
		}
	}
	want := sums{}
	for _, f := range facts {
		if frozen.at(f.Date) != nil {
			want.add(f, 1)
		} else if err := w.insert(ctx, f, Live, ""); err != nil {
			return err
		}
	}
	return w.adjust(ctx, want.minus(said), frozen.open(s.today()))
}

// check refuses what no fact can be.
func (f Fact) check() error {
	d, ok := lookup(f.Measure)
	switch {
	case !ok:
		return errs.New(errs.Internal, "", "unknown measure %q", f.Measure)
	case f.Qty < 0 || f.Fen < 0:
		return errs.New(errs.Invalid, "“"+d.Name+"”不能是负数，请检查。", "%s is negative", f.Measure)
	case f.Fen > 0 && !d.Money:
		return errs.New(errs.Internal, "", "measure %s has no money", f.Measure)
	case !isDate(f.Date):
		return errs.New(errs.Internal, "", "fact has date %q", f.Date)
	}
	return nil
}

// sums adds facts up by what they are compared by.
type sums map[key]Fact

func (m sums) add(f Fact, sign int64) {
	have := m[f.key()]
	qty, fen := have.Qty, have.Fen
	have = f
	have.Qty, have.Fen = qty+sign*f.Qty, fen+sign*f.Fen
	m[f.key()] = have
}

func (m sums) minus(other sums) []Fact {
	for _, f := range other {
		m.add(f, -1)
	}
	var left []Fact
	for _, f := range m {
		if f.Qty != 0 || f.Fen != 0 {
			left = append(left, f)
		}
	}
	return left
}

// writer inserts and supersedes for one source.
type writer struct {
	store   *Store
	tx      *db.Tx
	actor   auth.Actor
	src     Source
	version int
}

// adjust states differences to frozen days on the open day.
func (w writer) adjust(ctx context.Context, diffs []Fact, open string) error {
	for _, f := range diffs {
		origin := f.Date
		f.Date = open
		if err := w.insert(ctx, f, Adjustment, origin); err != nil {
			return err
		}
	}
	return nil
}

func (w writer) insert(ctx context.Context, f Fact, layer Layer, origin string) error {
	d, ok := lookup(f.Measure)
	if !ok {
		return noMeasure(f.Measure)
	}
	_, err := db.Exec(ctx, w.tx, `INSERT INTO fact (id, measure, category, unit, qty, amount_fen, date, town, session_type, host,
		estimate, layer, source_kind, source_id, source_version, source_text, origin_date, created_at, created_by, superseded_at, superseded_by)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, NULL, '')`,
		db.NewID(), f.Measure, f.Category, d.Unit, f.Qty, f.Fen, f.Date, f.Town, f.Type, f.Host,
		f.Estimate, layer, w.src.Kind, w.src.ID, w.version, w.src.Text, origin, w.store.now().UnixMilli(), w.actor.ID)
	if err != nil {
		return err
	}
	return keepSums(ctx, w.tx, f, layer, 1)
}

func (w writer) supersede(ctx context.Context, o standing) error {
	n, err := db.Exec(ctx, w.tx, `UPDATE fact SET superseded_at = $2, superseded_by = $3 WHERE id = $1 AND superseded_at IS NULL`,
		o.ID, w.store.now().UnixMilli(), w.actor.ID)
	if err != nil || n == 0 {
		return err
	}
	return keepSums(ctx, w.tx, o.Fact, o.Layer, -1)
}

// cutMonth splits 2026-11-20 into 2026-11 and 20.
func cutMonth(date string) (month, day string) {
	i := strings.LastIndexByte(date, '-')
	if i < 0 {
		return date, ""
	}
	return date[:i], date[i+1:]
}
