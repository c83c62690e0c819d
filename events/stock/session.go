package stock

import (
	"context"
	"fmt"

	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/errs"
)

// Ask writes down what a session wants, in place of what it wanted before. It
// moves nothing; [Store.Reserve] does.
func (s *Store) Ask(ctx context.Context, tx *db.Tx, actor auth.Actor, session string, lines []Line) (err error) {
	defer errs.Wrap(&err, "ask for materials")
	if lines, err = checkLines(lines); err != nil {
		return err
	}
	b := s.book(tx, actor, Slip{Session: session}, "")
	if _, err := b.lock(ctx, ids(lines)); err != nil {
		return err
	}
	if _, err := db.Exec(ctx, tx, `DELETE FROM stock_ask WHERE session = $1`, session); err != nil {
		return err
	}
	for _, l := range lines {
		_, err := db.Exec(ctx, tx, `INSERT INTO stock_ask (session, material, qty, updated_at, updated_by) VALUES ($1, $2, $3, $4, $5)`,
			session, l.Material, l.Qty, s.now().UnixMilli(), actor.ID)
		if err != nil {
			return err
		}
	}
	return nil
}

// Reserve puts aside what the session has asked for and has not been issued
// yet: all of it, or nothing and a Conflict that names every title there is too
// little of. What is put aside beyond the ask goes back. Twice changes nothing.
func (s *Store) Reserve(ctx context.Context, tx *db.Tx, actor auth.Actor, session string) (err error) {
	defer errs.Wrap(&err, "reserve materials")
	b := s.book(tx, actor, Slip{Kind: Reserve, Session: session}, "")
	uses, ms, err := b.lockSession(ctx, nil)
	if err != nil {
		return err
	}
	var shorts []error
	for _, u := range uses {
		m := ms[u.Material]
		switch need := max(0, u.Asked-u.Out()); {
		case need > u.Held:
			err = b.move(ctx, Reserve, m, Warehouse, Hold(session), need-u.Held)
		case need < u.Held:
			err = b.move(ctx, Release, m, Hold(session), Warehouse, u.Held-need)
		}
		if errs.Is(err, errs.Conflict) {
			shorts = append(shorts, err)
		} else if err != nil {
			return err
		}
	}
	if len(shorts) > 0 {
		return join(shorts)
	}
	b.record("预留宣传资料")
	return nil
}

// Free puts back what is put aside for a session that will not take place. What
// has been issued stays on the session until it is brought back.
func (s *Store) Free(ctx context.Context, tx *db.Tx, actor auth.Actor, session string) (err error) {
	defer errs.Wrap(&err, "free materials")
	b := s.book(tx, actor, Slip{Kind: Release, Session: session}, "")
	uses, ms, err := b.lockSession(ctx, nil)
	if err != nil {
		return err
	}
	for _, u := range uses {
		if err := b.move(ctx, Release, ms[u.Material], Hold(session), Warehouse, u.Held); err != nil {
			return err
		}
	}
	b.record("取消预留的宣传资料")
	return nil
}

// Issue books what leaves for a session: first from what is put aside for it,
// the rest from the warehouse. key is the form's: the same one twice issues once.
func (s *Store) Issue(ctx context.Context, tx *db.Tx, actor auth.Actor, session, key string, lines []Line) (err error) {
	defer errs.Wrap(&err, "issue materials")
	b, uses, ms, err := s.openLines(ctx, tx, actor, Slip{Kind: Issue, Session: session}, key, &lines)
	if err != nil || b == nil {
		return err
	}
	for _, l := range lines {
		m, held := ms[l.Material], min(uses[l.Material].Held, l.Qty)
		if err := b.move(ctx, Issue, m, Hold(session), AtSession(session), held); err != nil {
			return err
		}
		if err := b.move(ctx, Issue, m, Warehouse, AtSession(session), l.Qty-held); err != nil {
			return err
		}
	}
	b.record(summary("出库：", lines, ms))
	return nil
}

// Return books what came back from a session before it is settled.
func (s *Store) Return(ctx context.Context, tx *db.Tx, actor auth.Actor, session, key string, lines []Line) (err error) {
	defer errs.Wrap(&err, "return materials")
	b, _, ms, err := s.openLines(ctx, tx, actor, Slip{Kind: Return, Session: session}, key, &lines)
	if err != nil || b == nil {
		return err
	}
	for _, l := range lines {
		if err := b.move(ctx, Return, ms[l.Material], AtSession(session), Warehouse, l.Qty); err != nil {
			return err
		}
	}
	b.record(summary("归还：", lines, ms))
	return nil
}

// openLines is the frame of Issue and Return; no booking when there is nothing
// to do, or it has been done under this key.
func (s *Store) openLines(ctx context.Context, tx *db.Tx, actor auth.Actor, slip Slip, key string, lines *[]Line) (*booking, map[string]Use, map[string]Material, error) {
	kept, err := checkLines(*lines)
	if err != nil {
		return nil, nil, nil, err
	}
	if len(kept) == 0 {
		return nil, nil, nil, errs.Bad("", "没有填数量，请至少填一种资料。")
	}
	*lines = kept
	b := s.book(tx, actor, slip, key)
	uses, ms, err := b.lockSession(ctx, ids(kept))
	if err != nil {
		return nil, nil, nil, err
	}
	if done, err := b.replayed(ctx, kept); err != nil || done {
		return nil, nil, nil, err
	}
	byID := make(map[string]Use, len(uses))
	for _, u := range uses {
		byID[u.Material] = u
	}
	return b, byID, ms, nil
}

// Used is what became of a session's copies of one material.
type Used struct {
	Material  string
	HandedOut int
	Spoiled   int
}

// SettleSession closes the session's account by totals: of what was issued, so
// much was handed out and so much spoiled, and the rest is back in the
// warehouse. More than was issued is a Conflict, all titles at once. A title
// that is not named was not handed out. With other totals later, as after a
// correction, only the difference is booked. day is the session's date: the
// figures count hand-outs on it.
func (s *Store) SettleSession(ctx context.Context, tx *db.Tx, actor auth.Actor, session, day string, used []Used) (err error) {
	defer errs.Wrap(&err, "settle materials")
	named := make([]string, len(used))
	want := make(map[string]Used, len(used))
	for i, u := range used {
		if u.HandedOut < 0 || u.Spoiled < 0 || u.HandedOut > maxQty || u.Spoiled > maxQty {
			return &errs.Error{Kind: errs.Invalid, Field: u.Material, Message: fmt.Sprintf("发放和损耗的数量应在 0 到 %d 之间，请检查。", maxQty)}
		}
		named[i], want[u.Material] = u.Material, u
	}
	b := s.book(tx, actor, Slip{Kind: Settle, Session: session, Day: day}, "")
	uses, ms, err := b.lockSession(ctx, named)
	if err != nil {
		return err
	}
	if err := checkUsed(uses, want, ms); err != nil {
		return err
	}
	for _, u := range uses {
		if err := b.settle(ctx, ms[u.Material], u, want[u.Material]); err != nil {
			return err
		}
	}
	b.record("结清宣传资料")
	return nil
}

// checkUsed holds the report's first rule: handed out ≤ issued.
func checkUsed(uses []Use, want map[string]Used, ms map[string]Material) error {
	var over []error
	for _, u := range uses {
		if w := want[u.Material]; w.HandedOut+w.Spoiled > u.Issued {
			m := ms[u.Material]
			over = append(over, &errs.Error{Kind: errs.Conflict, Field: u.Material,
				Message: fmt.Sprintf("%s只出库 %d %s，发放加损耗却有 %d %s。请核对数量，或请资料管理员补办出库。", m.Name(), u.Issued, m.Unit, w.HandedOut+w.Spoiled, m.Unit)})
		}
	}
	return join(over)
}

// settle books the differences of one material. What comes back to the session
// goes first, so that it can leave again.
func (b *booking) settle(ctx context.Context, m Material, u Use, w Used) error {
	at := AtSession(b.slip.Session)
	steps := []struct {
		kind Action
		to   Place
		more int // what is missing at to; negative: what must come back
	}{
		{HandOut, Public, w.HandedOut - u.HandedOut},
		{Spoil, Waste, w.Spoiled - u.Spoiled},
		{Return, Warehouse, u.Issued - w.HandedOut - w.Spoiled - u.Returned},
	}
	for _, s := range steps {
		if err := b.move(ctx, Adjust, m, s.to, at, max(0, -s.more)); err != nil {
			return err
		}
	}
	for _, s := range steps {
		if err := b.move(ctx, s.kind, m, at, s.to, max(0, s.more)); err != nil {
			return err
		}
	}
	return b.move(ctx, Release, m, Hold(b.slip.Session), Warehouse, u.Held)
}
