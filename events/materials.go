package events

import (
	"context"
	"slices"

	"github.com/songfa/songfa/events/stock"
	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/errs"
)

// Stock is the book of brochures.
func (s *Store) Stock() *stock.Store { return s.stock }

// When a session may have materials put aside, and when some may leave for it.
// Issuing stays open until the outcome is accepted: who took copies along in a
// hurry has the slip written afterwards.
var (
	mayReserve = []State{Draft, Returned, Submitted, InReview, Accepted, Scheduled, Published, Postponed}
	mayIssue   = []State{Accepted, Scheduled, Published, Held, Reported, ReportReturned}
)

// AskMaterials writes down what a session wants, and with reserve puts it aside:
// all of it, or nothing and a Conflict naming what there is too little of.
func (s *Store) AskMaterials(ctx context.Context, actor auth.Actor, id string, lines []stock.Line, reserve bool) error {
	if err := actor.Must(auth.Sessions); err != nil {
		return err
	}
	return s.withMaterials(ctx, actor, id, mayReserve, "预留资料", func(ctx context.Context, tx *db.Tx, _ Session) error {
		if err := s.stock.Ask(ctx, tx, actor, id, lines); err != nil || !reserve {
			return err
		}
		return s.stock.Reserve(ctx, tx, actor, id)
	})
}

// IssueMaterials books what leaves for a session; key is the form's, so that a
// second click issues nothing more.
func (s *Store) IssueMaterials(ctx context.Context, actor auth.Actor, id, key string, lines []stock.Line) error {
	if err := mayHandOver(actor); err != nil {
		return err
	}
	return s.withMaterials(ctx, actor, id, mayIssue, "出库", func(ctx context.Context, tx *db.Tx, _ Session) error {
		return s.stock.Issue(ctx, tx, actor, id, key, lines)
	})
}

// ReturnMaterials books what came back unused, from a session in any state.
func (s *Store) ReturnMaterials(ctx context.Context, actor auth.Actor, id, key string, lines []stock.Line) error {
	if err := mayHandOver(actor); err != nil {
		return err
	}
	return s.withMaterials(ctx, actor, id, States(), "归还", func(ctx context.Context, tx *db.Tx, _ Session) error {
		return s.stock.Return(ctx, tx, actor, id, key, lines)
	})
}

// mayHandOver is for the keeper of the warehouse and for who runs the session.
func mayHandOver(actor auth.Actor) error {
	if actor.Can(auth.Stock) {
		return nil
	}
	return actor.Must(auth.Sessions)
}

// SessionsWithMaterials lists the sessions for which copies are put aside or out,
// soonest first: what the keeper has to hand over and to get back.
func (s *Store) SessionsWithMaterials(ctx context.Context, actor auth.Actor) (_ []Session, err error) {
	defer errs.Wrap(&err, "sessions with materials")
	if err := mayHandOver(actor); err != nil {
		return nil, err
	}
	cond, args := inTowns(actor, "s.town", 0)
	return selectSessionColumns(ctx, s.db.Reader(), cellColumns, `WHERE EXISTS (SELECT 1 FROM stock_balance b
		WHERE b.place IN ('hold:' || s.id, 'session:' || s.id) AND b.qty > 0)`+cond+` ORDER BY s.starts_at, s.id LIMIT 100`, args...)
}

// withMaterials holds the session while the book moves, so that no copy is put
// aside for a session that is being cancelled.
func (s *Store) withMaterials(ctx context.Context, actor auth.Actor, id string, when []State, what string,
	do func(context.Context, *db.Tx, Session) error) (err error) {
	defer errs.Wrap(&err, "materials of session %s", id)
	return s.db.Update(ctx, func(ctx context.Context, tx *db.Tx) error {
		r, err := lockRecord(ctx, tx, id)
		if err == nil {
			err = ours(actor, r.Town)
		}
		if err != nil {
			return err
		}
		if !slices.Contains(when, r.State) {
			return errs.New(errs.Conflict, "该场次现在是“"+r.State.Label()+"”，不能再"+what+"。", "session is %s", r.State)
		}
		return do(ctx, tx, r.Session)
	})
}

// followMaterials puts aside what was asked for once the session is arranged,
// and gives it back when the session falls out. What has been issued stays on
// the session until somebody brings it back.
func (s *Store) followMaterials(ctx context.Context, tx *db.Tx, actor auth.Actor, old, next Session) error {
	switch {
	case calledOff(old, next):
		return s.stock.Free(ctx, tx, actor, next.ID)
	case old.State != next.State && (next.State == Scheduled || next.State == Published):
		return s.stock.Reserve(ctx, tx, actor, next.ID)
	}
	return nil
}

// settleMaterials closes the session's account for its report: handed out and
// spoiled as reported, the rest returned. The figures count the hand-outs on the
// session's day. More than was issued is a Conflict.
func (s *Store) settleMaterials(ctx context.Context, tx *db.Tx, actor auth.Actor, se Session, used []stock.Used) error {
	return s.stock.SettleSession(ctx, tx, actor, se.ID, se.Day(), used)
}
