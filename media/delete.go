package media

import (
	"context"
	"fmt"
	"strings"

	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/errs"
)

// InUse is in the chain of a Delete that was refused: where the object is used.
type InUse struct{ Uses []Use }

func (e InUse) Error() string { return fmt.Sprintf("in use at %d places", len(e.Uses)) }

// Deletion is how an object is deleted.
type Deletion struct {
	Force  bool   // although it is used; an admin may, or anybody who answers for texts or sessions once a consent was taken back
	Reason string // asked for then
}

// Delete takes an object away for good: its address answers 410, its bytes and
// smaller sizes are deleted. One that is used is a Conflict with [InUse] in it,
// unless that is forced. When somebody in it has taken the consent back, the same
// picture cannot come in again.
func (l *Library) Delete(ctx context.Context, actor auth.Actor, key string, d Deletion) (err error) {
	defer errs.Wrap(&err, "delete media %s", key)
	if err := mayAdd(actor); err != nil {
		return err
	}
	d.Reason = strings.Join(strings.Fields(d.Reason), " ")
	return l.db.Update(ctx, func(ctx context.Context, tx *db.Tx) error {
		o, err := l.get(ctx, tx, key)
		if err != nil {
			return err
		}
		uses, err := usesOf(ctx, tx, key)
		if err != nil {
			return err
		}
		if len(uses) > 0 {
			if err := mayForce(actor, o, uses, d); err != nil {
				return err
			}
		}
		reason := "删除 " + o.Name
		if d.Reason != "" {
			reason += "：" + d.Reason
		}
		return l.takeBack(ctx, tx, actor, key, reason, !o.Consent.Withdrawn.IsZero())
	})
}

func mayForce(actor auth.Actor, o Object, uses []Use, d Deletion) error {
	if !d.Force {
		return errs.New(errs.Conflict, fmt.Sprintf("这个素材还用在 %d 处，先从那里换掉再删除。", len(uses)), "%w", InUse{uses})
	}
	withdrawn := !o.Consent.Withdrawn.IsZero() && (actor.Can(auth.Publish) || actor.Can(auth.Sessions))
	if !withdrawn && !actor.Can(auth.Users) {
		return errs.New(errs.Forbidden, "还在用的素材，只有管理员能强制删除。", "actor %s may not force", actor.ID)
	}
	if d.Reason == "" {
		return errs.Bad("reason", "请写明强制删除的理由。")
	}
	return nil
}
