package stock

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/errs"
)

// Entry is one booking of the keeper's that concerns no session.
type Entry struct {
	Key      string // minted with the form; "" for none
	Material string // id
	Place    Place  // a room: Warehouse or a Point
	To       Place  // of Transfer only
	Qty      int    // > 0; of Count the number that lies there, ≥ 0
	Day      string // 2026-11-20; "" is today
	Reason   string
}

// Receive books what came from the printer's.
func (s *Store) Receive(ctx context.Context, actor auth.Actor, e Entry) error {
	return s.keep(ctx, actor, Receive, e, func(ctx context.Context, b *booking, m Material, e Entry) error {
		return b.move(ctx, Receive, m, Outside, e.Place, e.Qty)
	})
}

// HandOut books what was given to people without a session, such as over the
// counter of a service point.
func (s *Store) HandOut(ctx context.Context, actor auth.Actor, e Entry) error {
	return s.keep(ctx, actor, HandOut, e, func(ctx context.Context, b *booking, m Material, e Entry) error {
		return b.move(ctx, HandOut, m, e.Place, Public, e.Qty)
	})
}

// Spoil books what can no longer be given away; it needs a reason.
func (s *Store) Spoil(ctx context.Context, actor auth.Actor, e Entry) (err error) {
	if e.Reason, err = needReason(e.Reason); err != nil {
		return err
	}
	return s.keep(ctx, actor, Spoil, e, func(ctx context.Context, b *booking, m Material, e Entry) error {
		return b.move(ctx, Spoil, m, e.Place, Waste, e.Qty)
	})
}

// Transfer moves copies between the warehouse and a service point.
func (s *Store) Transfer(ctx context.Context, actor auth.Actor, e Entry) error {
	if e.Place == "" {
		e.Place = Warehouse
	}
	if !e.To.room() || e.To == e.Place {
		return errs.Bad("to", "请选择另一个存放地点。")
	}
	kind := Issue
	if e.To == Warehouse {
		kind = Return
	}
	return s.keep(ctx, actor, kind, e, func(ctx context.Context, b *booking, m Material, e Entry) error {
		return b.move(ctx, kind, m, e.Place, e.To, e.Qty)
	})
}

// Count corrects the book after counting what lies in a room; the piles
// promised to sessions are not part of the count. It needs a reason, and books
// nothing when the book was right.
func (s *Store) Count(ctx context.Context, actor auth.Actor, e Entry) (err error) {
	if e.Reason, err = needReason(e.Reason); err != nil {
		return err
	}
	if e.Qty < 0 || e.Qty > maxQty {
		return errs.Bad("qty", fmt.Sprintf("实盘数应在 0 到 %d 之间，请检查。", maxQty))
	}
	counted := e.Qty
	e.Qty = 1 // the number to move is known only under the lock
	return s.keep(ctx, actor, Adjust, e, func(ctx context.Context, b *booking, m Material, e Entry) error {
		have, err := balance(ctx, b.tx, m.ID, e.Place)
		if err != nil {
			return err
		}
		b.shown = counted
		if counted > have {
			return b.move(ctx, Adjust, m, Outside, e.Place, counted-have)
		}
		return b.move(ctx, Adjust, m, e.Place, Outside, have-counted)
	})
}

// keep is the frame of a keeper's booking: checks, lock, replay, audit.
func (s *Store) keep(ctx context.Context, actor auth.Actor, kind Action, e Entry, do func(context.Context, *booking, Material, Entry) error) (err error) {
	defer errs.Wrap(&err, "stock %s", kind)
	if err := mayKeep(actor); err != nil {
		return err
	}
	if err := s.checkEntry(&e); err != nil {
		return err
	}
	return s.db.Update(ctx, func(ctx context.Context, tx *db.Tx) error {
		b := s.book(tx, actor, Slip{Kind: kind, Day: e.Day, Reason: e.Reason}, e.Key)
		b.shown = e.Qty
		ms, err := b.lock(ctx, []string{e.Material})
		if err != nil {
			return err
		}
		lines := []Line{{e.Material, e.Qty}}
		if kind == Adjust {
			lines = nil // what it moved is not what was counted
		}
		if done, err := b.replayed(ctx, lines); err != nil || done {
			return err
		}
		m := ms[e.Material]
		if err := do(ctx, b, m, e); err != nil {
			return err
		}
		b.record(fmt.Sprintf("%s：%s %d %s（%s）", kind.Label(), m.Name(), b.shown, m.Unit, e.Place.Label()))
		return nil
	})
}

func (s *Store) checkEntry(e *Entry) error {
	e.Reason = strings.Join(strings.Fields(e.Reason), " ")
	if e.Place == "" {
		e.Place = Warehouse
	}
	today := s.now().In(s.zone).Format(time.DateOnly)
	if e.Day == "" {
		e.Day = today
	}
	switch day, err := time.Parse(time.DateOnly, e.Day); {
	case !e.Place.room():
		return errs.Bad("place", "请选择仓库或站点。")
	case e.Qty < 1 || e.Qty > maxQty:
		return errs.Bad("qty", fmt.Sprintf("数量应在 1 到 %d 之间，请检查。", maxQty))
	case err != nil || day.Format(time.DateOnly) != e.Day:
		return errs.Bad("day", "日期应写成 2026-11-20。")
	case e.Day > today:
		return errs.Bad("day", "日期不能晚于今天。")
	case len([]rune(e.Reason)) > 200:
		return errs.Bad("reason", "说明请写在 200 字以内。")
	}
	return nil
}
