package events

import (
	"context"

	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/db"
)

// tellHostChange tells the host what happens to the session they asked for, as
// far as nobody else hears of it: before it is published, and that it is. What
// the host did is not told back.
func (s *Store) tellHostChange(ctx context.Context, tx *db.Tx, actor auth.Actor, old, next Session) error {
	if actor.ID == byOrganizer().ID {
		return nil
	}
	became := func(state State) bool { return next.State == state && old.State != state }
	unseen := old.FirstPublished.IsZero()
	switch {
	case unseen && next.State == old.State && next.State.holdsVenue() && movedBetween(old, next):
		return s.tellMoved(ctx, tx, old, next)
	case unseen && became(Published):
		return s.tellHost(ctx, tx, next, "published", "已发布："+next.Title,
			"《"+next.Title+"》已经在网站上发布，时间："+next.When()+"，地点："+next.Place()+"。请把网页或海报转给要来的人。")
	case unseen && became(Cancelled):
		if err := s.overtake(ctx, tx, next.ID, "moved"); err != nil {
			return err
		}
		return s.tellHost(ctx, tx, next, "cancelled", "已取消："+next.Title,
			"原定"+next.When()+"的《"+next.Title+"》取消了。原因："+next.Reason+"。有疑问请打电话。")
	case unseen && became(Postponed):
		return s.tellHost(ctx, tx, next, "postponed", "延期："+next.Title,
			"原定"+next.When()+"的《"+next.Title+"》延期，新的时间定下来再通知您。原因："+next.Reason)
	}
	return nil
}
