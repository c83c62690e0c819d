package events

import (
	"context"
	"strings"

	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/errs"
)

// maxAnnounced is how many names stand on the public page before it says 等.
const maxAnnounced = 3

// AnnounceLawyers writes the names of the lawyers who have said yes where readers
// see who speaks (主讲人), in place of what stands there. version is the session's
// as the page has read it.
func (s *Store) AnnounceLawyers(ctx context.Context, actor auth.Actor, id string, version int) (_ Session, err error) {
	defer errs.Wrap(&err, "announce lawyers of session %s", id)
	if err := actor.Must(auth.Sessions); err != nil {
		return Session{}, err
	}
	err = s.db.Update(ctx, func(ctx context.Context, tx *db.Tx) error {
		_, err := s.changeIn(ctx, tx, actor, id, version, "session.lawyers", func(ctx context.Context, tx *db.Tx, r *record) (string, error) {
			list, err := tied(ctx, tx, id, DutyAccepted, DutyPresent)
			if err != nil {
				return "", err
			}
			r.Lawyers = announced(list)
			if r.Lawyers == "" {
				return "", errs.New(errs.Conflict, "还没有律师答应，等答应了再写到网站上。", "no lawyer has accepted")
			}
			return "把答应的律师写到场次《" + r.Title + "》的主讲人", nil
		})
		return err
	})
	if err != nil {
		return Session{}, err
	}
	return s.SessionByID(ctx, id)
}

// announced names the lawyers as a poster would: 李国平律师、王芳律师.
func announced(list []Assignment) string {
	var names []string
	for _, a := range list {
		if a.Role != RoleLawyer {
			continue
		}
		if len(names) == maxAnnounced {
			return strings.Join(names, "、") + "等"
		}
		names = append(names, strings.TrimSuffix(a.PersonName, "律师")+"律师")
	}
	return strings.Join(names, "、")
}
