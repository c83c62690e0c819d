package figures

import (
	"context"
	"crypto/sha256"
	"encoding/hex"

	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/errs"
)

// Opening is a figure carried in from paper years.
type Opening struct {
	Fact
	Source string // the paper it stands on: 2023 年度工作总结第 4 页
}

// problems puts it in order and names the first thing wrong, by the form's fields.
func (o *Opening) problems() error {
	d, ok := lookup(o.Measure)
	o.Category, o.Host, o.Source = oneLine(o.Category), oneLine(o.Host), oneLine(o.Source)
	switch {
	case !ok:
		return errs.Bad("measure", "请选择指标。")
	case !isDate(o.Date):
		return errs.Bad("date", "请填写计入哪一天，例如 2023-12-31。")
	case o.Qty < 0 || o.Qty > maxQty:
		return errs.Bad("qty", "数量应是 0 至 10 亿的整数。")
	case o.Fen < 0 || o.Fen > maxFen:
		return errs.Bad("amount", "金额应不小于 0，也不超过 1 万亿元。")
	case o.Fen > 0 && !d.Money:
		return errs.Bad("amount", "“"+d.Name+"”不带金额，请把金额留空。")
	case o.Qty == 0 && o.Fen == 0:
		return errs.Bad("qty", "请填写数量。")
	case !within(o.Category, 0, 60):
		return errs.Bad("category", "类别最多 60 个字。")
	case !within(o.Source, 2, 200):
		return errs.Bad("source", "请写明数字的出处，例如：2023 年度工作总结第 4 页。")
	}
	return nil
}

// The largest figures that can be meant.
const (
	maxQty = 1_000_000_000
	maxFen = 100_000_000_000_000 // one trillion yuan
)

// id is the identity of an opening figure: entering the same one again
// replaces it instead of counting twice.
func (o Opening) id() string {
	h := sha256.New()
	for _, part := range []string{o.Measure, o.Category, o.Date, o.Town, o.Type, o.Host, o.Source} {
		sum := sha256.Sum256([]byte(part))
		h.Write(sum[:])
	}
	return hex.EncodeToString(h.Sum(nil))[:32]
}

// SaveOpening enters an opening figure, or corrects the one of the same
// measure, place, day and paper. Days in frozen periods are refused.
func (s *Store) SaveOpening(ctx context.Context, actor auth.Actor, o Opening) (changed bool, err error) {
	defer errs.Wrap(&err, "save opening figure")
	if err := actor.Must(permission); err != nil {
		return false, err
	}
	if err := inTown(actor, o.Town); err != nil {
		return false, err
	}
	if err := o.problems(); err != nil {
		return false, err
	}
	err = s.db.Update(ctx, func(ctx context.Context, tx *db.Tx) (err error) {
		changed, err = s.saveOpening(ctx, tx, actor, o)
		return err
	})
	return changed, err
}

func (s *Store) saveOpening(ctx context.Context, tx *db.Tx, actor auth.Actor, o Opening) (changed bool, err error) {
	if err := s.openDay(ctx, tx, o.Date, "date"); err != nil {
		return false, err
	}
	w := writer{store: s, tx: tx, actor: actor, src: Source{Kind: "opening", ID: o.id(), Text: o.Source}, version: 1}
	old, err := w.standing(ctx)
	if err != nil {
		return false, err
	}
	for _, f := range old {
		if f.Fact == o.Fact {
			return false, nil
		}
		if err := w.supersede(ctx, f); err != nil {
			return false, err
		}
		w.version++
	}
	if err := w.insert(ctx, o.Fact, Carried, ""); err != nil {
		return false, err
	}
	d, _ := lookup(o.Measure)
	s.ledger.Record(tx, actor.Entry("figures.opening", "opening:"+w.src.ID, "登记期初数“"+d.Name+"”，"+o.Date))
	return true, nil
}

// openDay takes the lock and refuses a day in a frozen period.
func (s *Store) openDay(ctx context.Context, tx *db.Tx, date, field string) error {
	if err := lock(ctx, tx); err != nil {
		return err
	}
	frozen, err := frozenRanges(ctx, tx)
	if err != nil {
		return err
	}
	if p := frozen.at(date); p != nil {
		return errs.Bad(field, "“"+p.Name+"”已经封账，不能再登记或改动那时的数字。请在“更正”里登记差数。")
	}
	return nil
}

// standing are the facts of the writer's source that hold.
func (w writer) standing(ctx context.Context) ([]standing, error) {
	var old []standing
	err := db.Select(ctx, w.tx, &old, `SELECT id, layer, origin_date, measure, category, qty, amount_fen, date, town, session_type, host, estimate
		FROM fact WHERE source_kind = $1 AND source_id = $2 AND superseded_at IS NULL ORDER BY id`, w.src.Kind, w.src.ID)
	return old, err
}

// DropOpening takes back an opening figure, by the id of its source. One in a
// frozen period stays; it can be adjusted.
func (s *Store) DropOpening(ctx context.Context, actor auth.Actor, id string) (err error) {
	defer errs.Wrap(&err, "drop opening figure %s", id)
	if err := actor.Must(permission); err != nil {
		return err
	}
	return s.db.Update(ctx, func(ctx context.Context, tx *db.Tx) error {
		w := writer{store: s, tx: tx, actor: actor, src: Source{Kind: "opening", ID: id}}
		if err := lock(ctx, tx); err != nil {
			return err
		}
		old, err := w.standing(ctx)
		if err != nil {
			return err
		}
		if len(old) == 0 {
			return errs.New(errs.Conflict, "这条期初数已经撤销了，请刷新。", "no standing opening figure")
		}
		for _, f := range old {
			if err := s.openDay(ctx, tx, f.Date, ""); err != nil {
				return err
			}
			if err := inTown(actor, f.Town); err != nil {
				return err
			}
			if err := w.supersede(ctx, f); err != nil {
				return err
			}
		}
		d, _ := lookup(old[0].Measure)
		s.ledger.Record(tx, actor.Entry("figures.opening_drop", "opening:"+id, "撤销期初数“"+d.Name+"”，"+old[0].Date))
		return nil
	})
}

// Openings lists the opening figures that hold in the days of a query.
func (s *Store) Openings(ctx context.Context, q Query) ([]Row, error) {
	return s.layer(ctx, q, Carried)
}

// Adjustments lists the adjustments that count in the days of a query.
func (s *Store) Adjustments(ctx context.Context, q Query) ([]Row, error) {
	return s.layer(ctx, q, Adjustment)
}

func (s *Store) layer(ctx context.Context, q Query, layer Layer) (_ []Row, err error) {
	defer errs.Wrap(&err, "list %s facts", layer)
	r := s.db.Reader()
	if q, err = s.days(ctx, r, q); err != nil {
		return nil, err
	}
	where, args := factFilter(q)
	args = append(args, layer, maxRows)
	var rows []Row
	err = db.Select(ctx, r, &rows, selectRows+where+` AND layer = `+db.Placeholder(len(args)-1)+
		` ORDER BY date, measure, category, id LIMIT `+db.Placeholder(len(args)), args...)
	return rows, err
}

// Change is a correction of a frozen day that no report stands behind.
type Change struct {
	Fact          // Date is the day in the frozen period; Qty and Fen are the difference, either may be negative
	Reason string // why
}

// Adjust enters a correction. It counts in the open period and points at the
// day it corrects.
func (s *Store) Adjust(ctx context.Context, actor auth.Actor, c Change) (err error) {
	defer errs.Wrap(&err, "adjust")
	if err := actor.Must(permission); err != nil {
		return err
	}
	if err := inTown(actor, c.Town); err != nil {
		return err
	}
	if err := c.problems(); err != nil {
		return err
	}
	return s.db.Update(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := lock(ctx, tx); err != nil {
			return err
		}
		frozen, err := frozenRanges(ctx, tx)
		if err != nil {
			return err
		}
		p := frozen.at(c.Date)
		if p == nil {
			return errs.Bad("date", "那一天还没有封账。请直接更正那一场的报告，或修改期初数。")
		}
		w := writer{store: s, tx: tx, actor: actor, src: Source{Kind: "adjustment", ID: db.NewID(), Text: c.Reason}, version: 1}
		if err := w.adjust(ctx, []Fact{c.Fact}, frozen.open(s.today())); err != nil {
			return err
		}
		d, _ := lookup(c.Measure)
		s.ledger.Record(tx, actor.Entry("figures.adjust", "adjustment:"+w.src.ID, "更正“"+p.Name+"”的“"+d.Name+"”："+c.Reason))
		return nil
	})
}

func (c *Change) problems() error {
	d, ok := lookup(c.Measure)
	c.Category, c.Host, c.Reason = oneLine(c.Category), oneLine(c.Host), oneLine(c.Reason)
	switch {
	case !ok:
		return errs.Bad("measure", "请选择指标。")
	case !isDate(c.Date):
		return errs.Bad("date", "请填写更正哪一天的数字，例如 2026-03-01。")
	case c.Qty < -maxQty || c.Qty > maxQty:
		return errs.Bad("qty", "差数太大，请检查。")
	case c.Fen != 0 && !d.Money:
		return errs.Bad("amount", "“"+d.Name+"”不带金额，请把金额留空。")
	case c.Fen < -maxFen || c.Fen > maxFen:
		return errs.Bad("amount", "差额太大，请检查。")
	case c.Qty == 0 && c.Fen == 0:
		return errs.Bad("qty", "请填写差数，少算的写正数，多算的写负数。")
	case !within(c.Category, 0, 60):
		return errs.Bad("category", "类别最多 60 个字。")
	case !within(c.Reason, 4, 200):
		return errs.Bad("reason", "请用 4 至 200 个字写明为什么更正。")
	}
	return nil
}
