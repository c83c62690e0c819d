package figures

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"time"

	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/errs"
)

// Period is a named stretch of days.
type Period struct {
	ID          string
	Name        string // 2026 年上半年, 三年行动
	From, To    string // first and last day
	Version     int
	FrozenAt    time.Time // zero while open
	Hash        string    // SHA-256 of what it said, hex
	SignerName  string
	Definitions []Definition // as they were on the day of freezing
}

// Frozen reports that its figures never change again.
func (p Period) Frozen() bool { return !p.FrozenAt.IsZero() }

type periodRow struct {
	ID          string `db:"id"`
	Name        string `db:"name"`
	From        string `db:"from_date"`
	To          string `db:"to_date"`
	Version     int    `db:"version"`
	FrozenAt    *int64 `db:"frozen_at"`
	Hash        string `db:"hash"`
	SignerName  string `db:"signer_name"`
	Definitions string `db:"definitions"`
}

const periodColumns = `SELECT id, name, from_date, to_date, version, frozen_at, hash, signer_name, definitions FROM period `

func (r periodRow) period() (Period, error) {
	p := Period{ID: r.ID, Name: r.Name, From: r.From, To: r.To, Version: r.Version, Hash: r.Hash, SignerName: r.SignerName}
	if r.FrozenAt != nil {
		p.FrozenAt = time.UnixMilli(*r.FrozenAt).In(zone)
	}
	return p, db.FromJSON(r.Definitions, &p.Definitions)
}

func getPeriod(ctx context.Context, q db.Queryer, id string) (Period, error) {
	var row periodRow
	err := db.Get(ctx, q, &row, periodColumns+`WHERE id = $1`, id)
	if errs.Is(err, errs.NotFound) {
		return Period{}, errs.New(errs.NotFound, "没有这个统计期，请从列表中选择。", "no period: %w", err)
	}
	if err != nil {
		return Period{}, err
	}
	return row.period()
}

// Periods lists them, the latest first.
func (s *Store) Periods(ctx context.Context) (_ []Period, err error) {
	defer errs.Wrap(&err, "list periods")
	return selectPeriods(ctx, s.db.Reader(), `ORDER BY to_date DESC, from_date DESC, name`)
}

// Period finds one.
func (s *Store) Period(ctx context.Context, id string) (_ Period, err error) {
	defer errs.Wrap(&err, "period %s", id)
	return getPeriod(ctx, s.db.Reader(), id)
}

func selectPeriods(ctx context.Context, q db.Queryer, tail string) ([]Period, error) {
	var rows []periodRow
	if err := db.Select(ctx, q, &rows, periodColumns+tail); err != nil {
		return nil, err
	}
	periods := make([]Period, len(rows))
	for i, r := range rows {
		var err error
		if periods[i], err = r.period(); err != nil {
			return nil, err
		}
	}
	return periods, nil
}

// ranges are the frozen periods.
type ranges []Period

func frozenRanges(ctx context.Context, q db.Queryer) (ranges, error) {
	list, err := selectPeriods(ctx, q, `WHERE frozen_at IS NOT NULL ORDER BY from_date`)
	return ranges(list), err
}

// at finds the frozen period a day lies in, or nil.
func (rs ranges) at(date string) *Period {
	for i := range rs {
		if rs[i].From <= date && date <= rs[i].To {
			return &rs[i]
		}
	}
	return nil
}

// open is the first day from date on that is not frozen.
func (rs ranges) open(date string) string {
	for p := rs.at(date); p != nil; p = rs.at(date) {
		date = nextDay(p.To)
	}
	return date
}

// CreatePeriod names a stretch of days.
func (s *Store) CreatePeriod(ctx context.Context, actor auth.Actor, name, from, to string) (_ Period, err error) {
	defer errs.Wrap(&err, "create period")
	if err := actor.Must(permission); err != nil {
		return Period{}, err
	}
	if err := wholeDistrict(actor); err != nil {
		return Period{}, err
	}
	name = oneLine(name)
	switch {
	case !within(name, 2, 30):
		return Period{}, errs.Bad("name", "名称请写 2 至 30 个字，例如：2026 年上半年。")
	case !isDate(from) || !isDate(to):
		return Period{}, errs.Bad("from", "请填写起止日期，例如 2026-01-01 至 2026-06-30。")
	case to < from:
		return Period{}, errs.Bad("to", "结束日期在开始日期之前，请对调。")
	}
	id := db.NewID()
	err = s.db.Update(ctx, func(ctx context.Context, tx *db.Tx) error {
		n, err := db.Exec(ctx, tx, `INSERT INTO period (id, name, from_date, to_date, version, created_at, created_by, hash, signer, signer_name, definitions)
			VALUES ($1, $2, $3, $4, 1, $5, $6, '', '', '', '') ON CONFLICT (name) DO NOTHING`, id, name, from, to, s.now().UnixMilli(), actor.ID)
		if err != nil {
			return err
		}
		if n == 0 {
			return errs.Bad("name", "已有同名的统计期，请换一个名称。")
		}
		s.ledger.Record(tx, actor.Entry("figures.period", "period:"+id, "新建统计期“"+name+"”"))
		return nil
	})
	if err != nil {
		return Period{}, err
	}
	return s.Period(ctx, id)
}

// Freeze closes the books on a period: what it says now is kept with its hash
// and the actor's name. It cannot be taken back, and a period that is not over
// cannot be frozen.
func (s *Store) Freeze(ctx context.Context, actor auth.Actor, id string, version int) (_ Period, err error) {
	defer errs.Wrap(&err, "freeze period %s", id)
	if err := actor.Must(permission); err != nil {
		return Period{}, err
	}
	if err := wholeDistrict(actor); err != nil {
		return Period{}, err
	}
	err = s.db.Update(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := lock(ctx, tx); err != nil {
			return err
		}
		p, err := getPeriod(ctx, tx, id)
		switch {
		case err != nil:
			return err
		case p.Frozen():
			return errs.New(errs.Conflict, "“"+p.Name+"”已经封账，不能再封。", "period is frozen")
		case p.Version != version:
			return errs.New(errs.Conflict, "统计期已被他人改动，请刷新后再封账。", "version %d is stale", version)
		case p.To >= s.today():
			return errs.New(errs.Invalid, "“"+p.Name+"”还没有结束，请在 "+nextDay(p.To)+" 以后封账。", "period ends %s", p.To)
		}
		return s.freeze(ctx, tx, actor, p)
	})
	if err != nil {
		return Period{}, err
	}
	return s.Period(ctx, id)
}

func (s *Store) freeze(ctx context.Context, tx *db.Tx, actor auth.Actor, p Period) error {
	cells, err := s.wholeSnapshot(ctx, tx, p)
	if err != nil {
		return err
	}
	for _, c := range cells {
		_, err := db.Exec(ctx, tx, `INSERT INTO snapshot (period, measure, category, month, town, session_type, host, layer, attached, qty, amount_fen)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`, p.ID, c.Measure, c.Category, c.Month, c.Town, c.Type, c.Host, c.Layer, c.Attached, c.Qty, c.Fen)
		if err != nil {
			return err
		}
	}
	defs, err := s.definitions(ctx, tx, p.To)
	if err != nil {
		return err
	}
	hash := digest(p, cells)
	_, err = db.Exec(ctx, tx, `UPDATE period SET frozen_at = $2, hash = $3, signer = $4, signer_name = $5, definitions = $6, version = version + 1 WHERE id = $1`,
		p.ID, s.now().UnixMilli(), hash, actor.ID, actor.Name, db.JSON(defs))
	s.ledger.Record(tx, actor.Entry("figures.freeze", "period:"+p.ID, "统计期“"+p.Name+"”封账，校验码 "+hash[:12]))
	return err
}

// wholeSnapshot is everything a period says, at the finest grain.
func (s *Store) wholeSnapshot(ctx context.Context, q db.Queryer, p Period) ([]Cell, error) {
	var cells []Cell
	err := db.Select(ctx, q, &cells, `SELECT measure, category, substr(date, 1, 7) AS month, town, session_type, host, layer,
		SUM(qty) AS qty, SUM(amount_fen) AS amount_fen FROM fact WHERE superseded_at IS NULL AND date >= $1 AND date <= $2
		GROUP BY measure, category, substr(date, 1, 7), town, session_type, host, layer`, p.From, p.To)
	if err != nil {
		return nil, err
	}
	more, err := s.attachedCells(ctx, q, Query{From: p.From, To: p.To})
	return merged(append(cells, more...)), err
}

// merged adds up cells of the same place and puts them in order.
func merged(cells []Cell) []Cell {
	sums := map[Cell]Cell{}
	for _, c := range cells {
		at := c
		at.Qty, at.Fen = 0, 0
		sum, ok := sums[at]
		if !ok {
			sum = at
		}
		sum.Qty, sum.Fen = sum.Qty+c.Qty, sum.Fen+c.Fen
		sums[at] = sum
	}
	list := make([]Cell, 0, len(sums))
	for _, c := range sums {
		list = append(list, c)
	}
	slices.SortFunc(list, func(a, b Cell) int {
		return cmp.Or(cmp.Compare(a.Measure, b.Measure), cmp.Compare(a.Category, b.Category), cmp.Compare(a.Month, b.Month),
			cmp.Compare(a.Town, b.Town), cmp.Compare(a.Type, b.Type), cmp.Compare(a.Host, b.Host), cmp.Compare(a.Layer, b.Layer), cmp.Compare(number(a.Attached), number(b.Attached)))
	})
	return list
}

func number(b bool) int {
	if b {
		return 1
	}
	return 0
}

// digest is the hash over what a period says. Its JSON keeps the fields apart.
func digest(p Period, cells []Cell) string {
	h := sha256.New()
	enc := json.NewEncoder(h)
	_ = enc.Encode([]string{p.Name, p.From, p.To}) // a hash never fails to write
	for _, c := range cells {
		_ = enc.Encode([]any{c.Measure, c.Category, c.Month, c.Town, c.Type, c.Host, c.Layer, c.Attached, c.Qty, c.Fen})
	}
	return hex.EncodeToString(h.Sum(nil))
}

// VerifyPeriod reports whether a frozen period's snapshot still fits its hash,
// and the facts under it still add up to it.
func (s *Store) VerifyPeriod(ctx context.Context, id string) (err error) {
	defer errs.Wrap(&err, "verify period %s", id)
	r := s.db.Reader()
	p, err := getPeriod(ctx, r, id)
	if err != nil || !p.Frozen() {
		return err
	}
	var cells []Cell
	if err := db.Select(ctx, r, &cells, `SELECT measure, category, month, town, session_type, host, layer, attached, qty, amount_fen
		FROM snapshot WHERE period = $1`, id); err != nil {
		return err
	}
	if digest(p, merged(cells)) != p.Hash {
		return errs.New(errs.Internal, "“"+p.Name+"”封存的数字被改动过，和封账时的校验码不符，请立即联系管理员。", "snapshot does not fit its hash")
	}
	now, err := s.wholeSnapshot(ctx, r, p)
	if err != nil {
		return err
	}
	own := func(c Cell) bool { return c.Attached } // these may move on; the snapshot stands
	if !slices.Equal(slices.DeleteFunc(now, own), slices.DeleteFunc(merged(cells), own)) {
		return errs.New(errs.Internal, "“"+p.Name+"”封账以后明细被改动过，请立即联系管理员。", "facts do not add up to the snapshot")
	}
	return nil
}
