package stock

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/errs"
	"github.com/songfa/songfa/internal/ledger"
)

// Config is what the package needs.
type Config struct {
	DB     *db.DB
	Ledger *ledger.Ledger
	Now    func() time.Time
	Zone   *time.Location // in which a moment has its date
}

// Store keeps the book. Its tables belong to nobody else.
type Store struct {
	db     *db.DB
	ledger *ledger.Ledger
	now    func() time.Time
	zone   *time.Location
}

// New makes a store; it reads and writes nothing yet.
func New(cfg Config) *Store {
	if cfg.Zone == nil {
		cfg.Zone = time.UTC
	}
	return &Store{db: cfg.DB, ledger: cfg.Ledger, now: cfg.Now, zone: cfg.Zone}
}

// maxQty is more than any print run, and keeps sums far from overflow.
const maxQty = 1_000_000

// Slip is what was moved together.
type Slip struct {
	ID      string    `db:"id"`
	Kind    Action    `db:"kind"`
	Session string    `db:"session"` // id, "" for none
	Day     string    `db:"day"`     // the date it counts for
	Reason  string    `db:"reason"`
	Actor   string    `db:"actor_name"`
	At      time.Time `db:"-"`
	Moves   []Move    `db:"-"` // only Slip loads them
}

// Move is one row of the book.
type Move struct {
	ID       string `db:"id"`
	Slip     string `db:"slip"`
	Material string `db:"material"`
	Kind     Action `db:"kind"`
	From     Place  `db:"from_place"`
	To       Place  `db:"to_place"`
	Qty      int    `db:"qty"` // > 0, in the material's unit
	Session  string `db:"session"`
	Day      string `db:"day"`
}

// Line is a number of copies of one material, on a form or a slip.
type Line struct {
	Material string `db:"material"`
	Qty      int    `db:"qty"`
}

// booking collects the moves of one slip and writes them.
type booking struct {
	*Store
	tx    *db.Tx
	actor auth.Actor
	slip  Slip
	key   string
	fresh bool // the slip's row is written
	shown int  // the number the audit names
}

func (s *Store) book(tx *db.Tx, actor auth.Actor, slip Slip, key string) *booking {
	if slip.Day == "" {
		slip.Day = s.now().In(s.zone).Format(time.DateOnly)
	}
	slip.ID = db.NewID()
	return &booking{Store: s, tx: tx, actor: actor, slip: slip, key: key}
}

// replayed reports whether the form with this key has been booked already. The
// same key with other content is a Conflict: somebody went back, changed a number
// and sent again, and must not be told that it was booked.
func (b *booking) replayed(ctx context.Context, lines []Line) (bool, error) {
	if b.key == "" {
		return false, nil
	}
	var slips []Slip
	err := db.Select(ctx, b.tx, &slips, `SELECT id, kind, session, day, reason, actor_name FROM stock_slip WHERE idem_key = $1`, b.key)
	if err != nil || len(slips) == 0 {
		return false, err
	}
	was := slips[0]
	var moved []Line
	err = db.Select(ctx, b.tx, &moved, `SELECT material, sum(qty) AS qty FROM stock_move WHERE slip = $1 GROUP BY material ORDER BY material`, was.ID)
	if err != nil {
		return false, err
	}
	slices.SortFunc(lines, func(a, b Line) int { return strings.Compare(a.Material, b.Material) })
	same := was.Kind == b.slip.Kind && was.Session == b.slip.Session && was.Day == b.slip.Day && was.Reason == b.slip.Reason
	if !same || lines != nil && !slices.Equal(moved, lines) {
		return false, errs.New(errs.Conflict, "这张表单已经记过一次账，这次填的和上次不同。请刷新页面，看过台账再填。", "key was used with another body")
	}
	return true, nil
}

// lock makes everybody else who moves these materials wait. All lock in the
// order of ids, so that two slips over the same titles never wait for each
// other. SQLite has one writer anyway.
func (b *booking) lock(ctx context.Context, materials []string) (map[string]Material, error) {
	ids := slices.Compact(slices.Sorted(slices.Values(materials)))
	if len(ids) == 0 {
		return nil, nil
	}
	list, args := db.In(0, ids)
	query := `SELECT ` + materialColumns + ` FROM material m WHERE m.id IN (` + list + `) ORDER BY m.id`
	if b.tx.Postgres() {
		query += ` FOR UPDATE`
	}
	var rows []Material
	if err := db.Select(ctx, b.tx, &rows, query, args...); err != nil {
		return nil, err
	}
	found := make(map[string]Material, len(rows))
	for _, m := range rows {
		found[m.ID] = m
	}
	if len(found) < len(ids) {
		return nil, errs.New(errs.Invalid, "选的资料已经不在目录里，请刷新页面后再选。", "unknown material among %v", ids)
	}
	return found, nil
}

// move books one row. It takes from the place only what is there.
func (b *booking) move(ctx context.Context, kind Action, m Material, from, to Place, qty int) error {
	if qty == 0 {
		return nil
	}
	if err := b.open(ctx); err != nil {
		return err
	}
	if err := b.take(ctx, m, from, qty); err != nil {
		return err
	}
	if to != Outside {
		_, err := db.Exec(ctx, b.tx, `INSERT INTO stock_balance (material, place, qty) VALUES ($1, $2, $3)
			ON CONFLICT (material, place) DO UPDATE SET qty = stock_balance.qty + $3`, m.ID, to, qty)
		if err != nil {
			return err
		}
	}
	_, err := db.Exec(ctx, b.tx, `INSERT INTO stock_move (id, slip, material, kind, from_place, to_place, qty, session, day)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`, db.NewID(), b.slip.ID, m.ID, kind, from, to, qty, b.slip.Session, b.slip.Day)
	return err
}

// take lowers a balance, or says how much there is.
func (b *booking) take(ctx context.Context, m Material, from Place, qty int) error {
	if from == Outside {
		return nil
	}
	n, err := db.Exec(ctx, b.tx, `UPDATE stock_balance SET qty = qty - $3 WHERE material = $1 AND place = $2 AND qty >= $3`, m.ID, from, qty)
	if err != nil || n == 1 {
		return err
	}
	have, err := balance(ctx, b.tx, m.ID, from)
	if err != nil {
		return err
	}
	return short(m, from, have, qty)
}

// short is the refusal of more than there is.
func short(m Material, from Place, have, want int) error {
	return &errs.Error{Kind: errs.Conflict, Field: m.ID,
		Message: fmt.Sprintf("%s在“%s”只有 %d %s，不够 %d %s。请改小数量，或先办入库、归还。", m.Name(), from.Label(), have, m.Unit, want, m.Unit),
		Err:     fmt.Errorf("material %s at %s: have %d, want %d", m.ID, from, have, want)}
}

// open writes the slip's row once there is something to move.
func (b *booking) open(ctx context.Context) error {
	if b.fresh {
		return nil
	}
	b.fresh = true
	var key *string
	if b.key != "" {
		key = &b.key
	}
	_, err := db.Exec(ctx, b.tx, `INSERT INTO stock_slip (id, idem_key, kind, session, day, reason, created_at, created_by, actor_name)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		b.slip.ID, key, b.slip.Kind, b.slip.Session, b.slip.Day, b.slip.Reason, b.now().UnixMilli(), b.actor.ID, b.actor.Name)
	return err
}

// record writes the audit row, unless nothing moved.
func (b *booking) record(summary string) {
	if !b.fresh {
		return
	}
	object := "stock:" + b.slip.ID
	if b.slip.Session != "" {
		object = "session:" + b.slip.Session
	}
	b.ledger.Record(b.tx, b.actor.Entry("stock."+string(b.slip.Kind), object, summary))
}

// balance is what lies at a place.
func balance(ctx context.Context, q db.Queryer, material string, place Place) (int, error) {
	var n int
	err := db.Get(ctx, q, &n, `SELECT COALESCE(sum(qty), 0) FROM stock_balance WHERE material = $1 AND place = $2`, material, place)
	return n, err
}

// checkLines refuses numbers nobody means; lines of 0 are dropped.
func checkLines(lines []Line) ([]Line, error) {
	var kept []Line
	for _, l := range lines {
		switch {
		case l.Qty < 0 || l.Qty > maxQty:
			return nil, &errs.Error{Kind: errs.Invalid, Field: l.Material, Message: fmt.Sprintf("数量应在 1 到 %d 之间，请检查。", maxQty)}
		case l.Qty > 0:
			kept = append(kept, l)
		}
	}
	for i, l := range kept {
		if slices.ContainsFunc(kept[:i], func(o Line) bool { return o.Material == l.Material }) {
			return nil, errs.Bad(l.Material, "同一种资料写了两行，请合并成一行。")
		}
	}
	return kept, nil
}

func ids(lines []Line) []string {
	all := make([]string, len(lines))
	for i, l := range lines {
		all[i] = l.Material
	}
	return all
}

// summary names what was moved, for the audit: 出库 《…》 120 册、《…》 30 册.
func summary(what string, lines []Line, ms map[string]Material) string {
	parts := make([]string, len(lines))
	for i, l := range lines {
		m := ms[l.Material]
		parts[i] = fmt.Sprintf("%s %d %s", m.Name(), l.Qty, m.Unit)
	}
	return what + strings.Join(parts, "、")
}

// needReason tidies a reason, and refuses none.
func needReason(reason string) (string, error) {
	reason = strings.Join(strings.Fields(reason), " ")
	switch {
	case reason == "":
		return "", errs.Bad("reason", "请写明原因，以后对账时要看。")
	case len([]rune(reason)) > 200:
		return "", errs.Bad("reason", "原因请写在 200 字以内。")
	}
	return reason, nil
}

// join keeps the first of several refusals and the chain of all.
func join(list []error) error {
	if len(list) == 0 {
		return nil
	}
	var first *errs.Error
	if !errors.As(list[0], &first) {
		return list[0]
	}
	messages := make([]string, 0, len(list))
	for _, err := range list {
		messages = append(messages, errs.MessageOf(err))
	}
	return &errs.Error{Kind: first.Kind, Field: first.Field, Message: strings.Join(messages, ""), Err: errors.Join(list...)}
}
