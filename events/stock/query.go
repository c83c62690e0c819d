package stock

import (
	"context"
	"slices"
	"time"

	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/errs"
)

const materialColumns = `m.id, m.title, m.law, m.edition, m.kind, m.unit, m.compiled_by, m.retired, m.version`

// Stand is a material with what lies where.
type Stand struct {
	Material
	Free   int `db:"free"`   // in the warehouse, promised to nobody
	Held   int `db:"held"`   // put aside for sessions
	Points int `db:"points"` // on the shelves of service points
	Out    int `db:"away"`   // with sessions, not yet accounted for
	Public int `db:"public"` // handed out in all
	Waste  int `db:"waste"`  // spoiled in all
}

// Total is what was ever received and has not been counted away.
func (s Stand) Total() int { return s.Free + s.Held + s.Points + s.Out + s.Public + s.Waste }

const standQuery = `SELECT ` + materialColumns + `,
	COALESCE(sum(CASE WHEN b.place = 'warehouse' THEN b.qty END), 0) AS free,
	COALESCE(sum(CASE WHEN b.place LIKE 'hold:%' THEN b.qty END), 0) AS held,
	COALESCE(sum(CASE WHEN b.place LIKE 'point:%' THEN b.qty END), 0) AS points,
	COALESCE(sum(CASE WHEN b.place LIKE 'session:%' THEN b.qty END), 0) AS away,
	COALESCE(sum(CASE WHEN b.place = 'public' THEN b.qty END), 0) AS public,
	COALESCE(sum(CASE WHEN b.place = 'waste' THEN b.qty END), 0) AS waste
	FROM material m LEFT JOIN stock_balance b ON b.material = m.id `

const standGroup = ` GROUP BY m.id, m.title, m.law, m.edition, m.kind, m.unit, m.compiled_by, m.retired, m.version `

// Materials lists all titles and editions with what lies where; retired last.
func (s *Store) Materials(ctx context.Context) (list []Stand, err error) {
	defer errs.Wrap(&err, "list materials")
	err = db.Select(ctx, s.db.Reader(), &list, standQuery+standGroup+`ORDER BY m.retired, m.title, m.edition DESC`)
	return list, err
}

// Material is one of them.
func (s *Store) Material(ctx context.Context, id string) (st Stand, err error) {
	defer errs.Wrap(&err, "material %s", id)
	err = db.Get(ctx, s.db.Reader(), &st, standQuery+`WHERE m.id = $1`+standGroup, id)
	return st, err
}

// Shelf is what lies at one place.
type Shelf struct {
	Place Place `db:"place"`
	Qty   int   `db:"qty"`
}

// Shelves lists where copies of a material lie.
func (s *Store) Shelves(ctx context.Context, material string) (list []Shelf, err error) {
	defer errs.Wrap(&err, "shelves of %s", material)
	err = db.Select(ctx, s.db.Reader(), &list, `SELECT place, qty FROM stock_balance WHERE material = $1 AND qty > 0 ORDER BY place`, material)
	return list, err
}

// BookRow is a move with its slip, as the book of a title shows it.
type BookRow struct {
	Move
	Reason    string `db:"reason"`
	Actor     string `db:"actor_name"`
	CreatedAt int64  `db:"created_at"`
}

// At is when it was written down.
func (r BookRow) At() time.Time { return time.UnixMilli(r.CreatedAt) }

// Book lists the moves of a material, newest first; before is the id of the
// last row of the page before, "" for the first page.
func (s *Store) Book(ctx context.Context, actor auth.Actor, material, before string, limit int) (list []BookRow, err error) {
	defer errs.Wrap(&err, "book of %s", material)
	if before == "" {
		before = "~" // after every id
	}
	where, args := "", []any{material, before, limit}
	if len(actor.Towns) > 0 { // of the bureau's warehouse only what concerns their sessions
		towns, more := db.In(len(args), actor.Towns)
		where, args = " AND EXISTS (SELECT 1 FROM session s WHERE s.id = v.session AND s.town IN ("+towns+"))", append(args, more...)
	}
	err = db.Select(ctx, s.db.Reader(), &list, bookQuery+`WHERE v.material = $1 AND v.id < $2`+where+` ORDER BY v.id DESC LIMIT $3`, args...)
	return list, err
}

const bookQuery = `SELECT v.id, v.slip, v.material, v.kind, v.from_place, v.to_place, v.qty, v.session, v.day,
	p.reason, p.actor_name, p.created_at FROM stock_move v JOIN stock_slip p ON p.id = v.slip `

// SessionBook lists what was moved for a session, oldest first.
func (s *Store) SessionBook(ctx context.Context, session string) (list []BookRow, err error) {
	defer errs.Wrap(&err, "book of session %s", session)
	err = db.Select(ctx, s.db.Reader(), &list, bookQuery+`WHERE v.session = $1 ORDER BY v.id`, session)
	return list, err
}

// Use is what became of one material at a session. Issued = HandedOut +
// Spoiled + Returned + what is still out.
type Use struct {
	Material  string `db:"material"`
	Title     string `db:"title"`
	Edition   string `db:"edition"`
	Unit      string `db:"unit"`
	Asked     int    `db:"-"`
	Held      int    `db:"-"` // put aside now
	Issued    int    `db:"issued"`
	HandedOut int    `db:"handed_out"`
	Spoiled   int    `db:"spoiled"`
	Returned  int    `db:"returned"`
}

// Name is title and edition in one.
func (u Use) Name() string { return Material{Title: u.Title, Edition: u.Edition}.Name() }

// Out is what left for the session and did not come back unused.
func (u Use) Out() int { return u.Issued - u.Returned }

// Open is what is not accounted for yet; 0 is balanced.
func (u Use) Open() int { return u.Issued - u.HandedOut - u.Spoiled - u.Returned }

// SessionUse tells of every material that a session asked for or touched, by
// title. q is a transaction or a reader.
func (s *Store) SessionUse(ctx context.Context, q db.Queryer, session string) (_ []Use, err error) {
	defer errs.Wrap(&err, "materials of session %s", session)
	return sessionUse(ctx, q, session)
}

// Use is SessionUse outside a transaction.
func (s *Store) Use(ctx context.Context, session string) ([]Use, error) {
	return s.SessionUse(ctx, s.db.Reader(), session)
}

// sessionUse nets each pair of places: what came back by a correction counts
// against what had left.
func sessionUse(ctx context.Context, q db.Queryer, session string) ([]Use, error) {
	var uses []Use
	at, hold := AtSession(session), Hold(session)
	err := db.Select(ctx, q, &uses, `SELECT m.id AS material, m.title, m.edition, m.unit,
		COALESCE(sum(CASE WHEN v.kind = 'issue' AND v.to_place = $2 THEN v.qty END), 0) AS issued,
		COALESCE(sum(CASE WHEN v.from_place = $2 AND v.to_place = 'public' THEN v.qty WHEN v.from_place = 'public' AND v.to_place = $2 THEN -v.qty END), 0) AS handed_out,
		COALESCE(sum(CASE WHEN v.from_place = $2 AND v.to_place = 'waste' THEN v.qty WHEN v.from_place = 'waste' AND v.to_place = $2 THEN -v.qty END), 0) AS spoiled,
		COALESCE(sum(CASE WHEN v.from_place = $2 AND v.to_place = 'warehouse' THEN v.qty WHEN v.kind = 'adjust' AND v.from_place = 'warehouse' AND v.to_place = $2 THEN -v.qty END), 0) AS returned
		FROM material m LEFT JOIN stock_move v ON v.material = m.id AND v.session = $1
		WHERE m.id IN (SELECT material FROM stock_move WHERE session = $1) OR m.id IN (SELECT material FROM stock_ask WHERE session = $1)
		GROUP BY m.id, m.title, m.edition, m.unit ORDER BY m.title, m.edition, m.id`, session, at)
	if err != nil {
		return nil, err
	}
	var asks, holds []struct {
		Material string `db:"material"`
		Qty      int    `db:"qty"`
	}
	if err := db.Select(ctx, q, &asks, `SELECT material, qty FROM stock_ask WHERE session = $1`, session); err != nil {
		return nil, err
	}
	if err := db.Select(ctx, q, &holds, `SELECT material, qty FROM stock_balance WHERE place = $1`, hold); err != nil {
		return nil, err
	}
	for i := range uses {
		for _, a := range asks {
			if a.Material == uses[i].Material {
				uses[i].Asked = a.Qty
			}
		}
		for _, h := range holds {
			if h.Material == uses[i].Material {
				uses[i].Held = h.Qty
			}
		}
	}
	return uses, nil
}

// lockSession locks every material the session has to do with, and extra ones,
// and then reads how they stand. The caller holds the session's own lock.
func (b *booking) lockSession(ctx context.Context, extra []string) ([]Use, map[string]Material, error) {
	var mine []string
	err := db.Select(ctx, b.tx, &mine, `SELECT material FROM stock_ask WHERE session = $1 UNION SELECT material FROM stock_move WHERE session = $1`, b.slip.Session)
	if err != nil {
		return nil, nil, err
	}
	ms, err := b.lock(ctx, slices.Concat(mine, extra))
	if err != nil {
		return nil, nil, err
	}
	uses, err := sessionUse(ctx, b.tx, b.slip.Session)
	if err != nil {
		return nil, nil, err
	}
	for _, id := range slices.Compact(slices.Sorted(slices.Values(extra))) {
		if !slices.ContainsFunc(uses, func(u Use) bool { return u.Material == id }) {
			uses = append(uses, Use{Material: id})
		}
	}
	return uses, ms, nil
}

// Total is a sum of one title for the figures.
type Total struct {
	Material string `db:"material"`
	Title    string `db:"title"`
	Edition  string `db:"edition"`
	Unit     string `db:"unit"`
	Session  string `db:"session"` // "" for what no session had to do with
	Day      string `db:"day"`
	Qty      int    `db:"qty"`
}

// Printed sums what was received from outside, by title and day, from the first
// to the last day inclusive ("" without limit). 编印 is what came in.
func (s *Store) Printed(ctx context.Context, q db.Queryer, first, last string) (list []Total, err error) {
	defer errs.Wrap(&err, "sum what was printed")
	return totals(ctx, q, `v.kind = 'receive'`, `v.qty`, first, last)
}

// HandedOut sums what reached people, by title, session and day, corrections
// taken off.
func (s *Store) HandedOut(ctx context.Context, q db.Queryer, first, last string) (list []Total, err error) {
	defer errs.Wrap(&err, "sum what was handed out")
	return totals(ctx, q, `(v.to_place = 'public' OR v.from_place = 'public')`, `CASE WHEN v.to_place = 'public' THEN v.qty ELSE -v.qty END`, first, last)
}

func totals(ctx context.Context, q db.Queryer, which, qty, first, last string) (list []Total, err error) {
	if last == "" {
		last = "9999-12-31"
	}
	err = db.Select(ctx, q, &list, `SELECT v.material, m.title, m.edition, m.unit, v.session, v.day, sum(`+qty+`) AS qty
		FROM stock_move v JOIN material m ON m.id = v.material WHERE `+which+` AND v.day >= $1 AND v.day <= $2
		GROUP BY v.material, m.title, m.edition, m.unit, v.session, v.day HAVING sum(`+qty+`) <> 0
		ORDER BY m.title, m.edition, v.day, v.session`, first, last)
	return list, err
}

// Check adds the whole book up again and reports how many balances differ from
// it: 0, unless somebody has written to the tables by hand.
func (s *Store) Check(ctx context.Context) (wrong int, err error) {
	defer errs.Wrap(&err, "check the book")
	err = db.Get(ctx, s.db.Reader(), &wrong, `SELECT count(*) FROM (
		SELECT material, place, sum(qty) AS qty FROM (
			SELECT material, to_place AS place, qty FROM stock_move WHERE to_place <> 'outside'
			UNION ALL SELECT material, from_place, -qty FROM stock_move WHERE from_place <> 'outside'
			UNION ALL SELECT material, place, -qty FROM stock_balance) AS rows
		GROUP BY material, place HAVING sum(qty) <> 0) AS wrong`)
	return wrong, err
}
