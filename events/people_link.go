package events

import (
	"context"
	"fmt"

	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/errs"
)

// A person has two secrets: the link to the page where invitations are answered,
// and the address of a calendar that a telephone subscribes to. Both are derived
// from the person's id and a number that grows when one is taken back; the
// database holds only a blind value of those that are open.
const (
	linkKind = "my"
	feedKind = "feed"
)

func (s *Store) linkToken(kind, id string, no int) string {
	return s.vault.Token(kind, fmt.Sprintf("%s:%d", id, no))
}

func (s *Store) linkBlind(kind, id string, no int) string {
	return s.vault.Blind(kind, s.linkToken(kind, id, no))
}

// PersonLinks are the root-relative addresses of a person's page and calendar,
// "" for one that is revoked.
type PersonLinks struct{ Page, Feed string }

func (s *Store) links(r *personRow) PersonLinks {
	var l PersonLinks
	if r.LinkBlind != nil {
		l.Page = "/my/" + s.linkToken(linkKind, r.ID, r.LinkNo)
	}
	if r.FeedBlind != nil {
		l.Feed = "/ics/s/" + s.linkToken(feedKind, r.ID, r.FeedNo) + ".ics"
	}
	return l
}

// PersonLinks are for the coordinator who sends them on.
func (s *Store) PersonLinks(ctx context.Context, actor auth.Actor, id string) (_ PersonLinks, err error) {
	defer errs.Wrap(&err, "links of person %s", id)
	if err := actor.Must(auth.Sessions); err != nil {
		return PersonLinks{}, err
	}
	if err := oursPerson(ctx, s.db.Reader(), actor, id, false); err != nil {
		return PersonLinks{}, err
	}
	row, err := s.getPerson(ctx, s.db.Reader(), "p.id = $1", id)
	if err != nil {
		return PersonLinks{}, err
	}
	return s.links(&row), nil
}

// RevokeLink closes the personal link, and RenewLink opens a new one; the old
// address is unknown from then on.
func (s *Store) RevokeLink(ctx context.Context, actor auth.Actor, id string) error {
	return s.turnLink(ctx, actor, id, linkKind, false)
}

// RenewLink closes the personal link and opens another.
func (s *Store) RenewLink(ctx context.Context, actor auth.Actor, id string) error {
	return s.turnLink(ctx, actor, id, linkKind, true)
}

// RevokeFeed closes the calendar address by itself.
func (s *Store) RevokeFeed(ctx context.Context, actor auth.Actor, id string) error {
	return s.turnLink(ctx, actor, id, feedKind, false)
}

// RenewFeed closes the calendar address and opens another.
func (s *Store) RenewFeed(ctx context.Context, actor auth.Actor, id string) error {
	return s.turnLink(ctx, actor, id, feedKind, true)
}

func (s *Store) turnLink(ctx context.Context, actor auth.Actor, id, kind string, open bool) (err error) {
	defer errs.Wrap(&err, "turn %s link of %s", kind, id)
	if err := actor.Must(auth.Sessions); err != nil {
		return err
	}
	if err := oursPerson(ctx, s.db.Reader(), actor, id, true); err != nil {
		return err
	}
	return s.db.Update(ctx, func(ctx context.Context, tx *db.Tx) error { return s.turn(ctx, tx, actor, id, kind, open) })
}

// turn takes the next number; a link that is not opened stays closed.
func (s *Store) turn(ctx context.Context, tx *db.Tx, actor auth.Actor, id, kind string, open bool) error {
	no, blind, word := "link_no", "link_blind", "个人链接"
	if kind == feedKind {
		no, blind, word = "feed_no", "feed_blind", "日历地址"
	}
	var next int
	err := db.Get(ctx, tx, &next, `UPDATE practitioner SET `+no+` = `+no+` + 1, `+blind+` = NULL WHERE id = $1 RETURNING `+no, id)
	if err != nil {
		return err
	}
	summary := "停用" + word
	if open {
		summary = "更换" + word
		if _, err := db.Exec(ctx, tx, `UPDATE practitioner SET `+blind+` = $2 WHERE id = $1`, id, s.linkBlind(kind, id, next)); err != nil {
			return err
		}
	}
	s.ledger.Record(tx, actor.Entry("person.link", personContext(id), summary))
	return nil
}

// Guest is a person who came by the personal link: what they may do is theirs
// alone.
type Guest struct {
	Person
	Links PersonLinks
}

// actor is how the books name a guest: by row, never by name.
func (g Guest) actor() auth.Actor {
	return auth.Actor{ID: personContext(g.ID), Name: g.Kind.Label() + "（个人链接）"}
}

// PersonByLink finds whose link it is. A revoked, unknown or mangled one is
// NotFound, and so is that of somebody whose service has ended.
func (s *Store) PersonByLink(ctx context.Context, token string) (Guest, error) {
	return s.byToken(ctx, linkKind, "p.link_blind = $1", token)
}

func (s *Store) byToken(ctx context.Context, kind, where, token string) (_ Guest, err error) {
	defer errs.Wrap(&err, "person by %s link", kind)
	row, err := s.getPerson(ctx, s.db.Reader(), where, s.vault.Blind(kind, token))
	if err == nil && row.ActiveTo != "" && row.ActiveTo < dateOf(s.now().AddDate(0, 0, -linkDays)) {
		err = errs.New(errs.NotFound, "", "service of %s ended on %s", row.ID, row.ActiveTo)
	}
	if errs.Is(err, errs.NotFound) {
		return Guest{}, errs.New(errs.NotFound, "这个链接已经停用。请向司法局活动负责人要新的链接，或拨打 12348 转接。", "%w", err)
	}
	if err != nil {
		return Guest{}, err
	}
	return Guest{Person: row.Person, Links: s.links(&row)}, nil
}

// linkDays is how long a link outlives the service, to enter hours and print the
// record.
const linkDays = 90

// RenewOwnFeed is for a person who thinks the calendar's address has got about.
func (s *Store) RenewOwnFeed(ctx context.Context, g Guest) (err error) {
	defer errs.Wrap(&err, "renew own feed of %s", g.ID)
	return s.db.Update(ctx, func(ctx context.Context, tx *db.Tx) error { return s.turn(ctx, tx, g.actor(), g.ID, feedKind, true) })
}
