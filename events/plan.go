package events

import (
	"context"
	"slices"
	"time"

	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/errs"
)

// CreateSession makes a draft that only staff see.
func (s *Store) CreateSession(ctx context.Context, actor auth.Actor, form SessionForm) (_ Session, err error) {
	defer errs.Wrap(&err, "create session")
	if err := actor.Must(auth.Sessions); err != nil {
		return Session{}, err
	}
	if err := problems(form.Problems()).err(); err != nil {
		return Session{}, err
	}
	next := record{Session: Session{State: Draft}}
	next.fill(form)
	err = s.db.Update(ctx, func(ctx context.Context, tx *db.Tx) error {
		r := next
		if err := s.insertDraft(ctx, tx, actor, &r); err != nil {
			return err
		}
		s.recordSession(tx, actor, "session.create", r.Session, "新建场次《"+r.Title+"》")
		next.ID = r.ID
		return nil
	})
	if err != nil {
		return Session{}, err
	}
	return s.SessionByID(ctx, next.ID)
}

// insertDraft writes a new draft, which wishes for its venue.
func (s *Store) insertDraft(ctx context.Context, tx *db.Tx, actor auth.Actor, r *record) error {
	if err := fillVenue(ctx, tx, Session{}, &r.Session); err != nil {
		return err
	}
	if err := checkPlace(ctx, tx, r.Session); err != nil {
		return err
	}
	if err := s.insert(ctx, tx, actor, r); err != nil || r.VenueID == "" {
		return err
	}
	return s.bookVenue(ctx, tx, actor, r.Session, Wished, time.Time{})
}

// SaveSession changes a session. version is what the form has read; a stale one
// is a Conflict. What moves a published session in time or place goes into its
// history. A postponed session that gets a new time stays postponed until it is
// published again.
func (s *Store) SaveSession(ctx context.Context, actor auth.Actor, id string, version int, form SessionForm) (Session, error) {
	ps := problems(form.Problems())
	se, err := s.changeWith(ctx, actor, id, version, "session.save", func(ctx context.Context, tx *db.Tx, r *record) (string, error) {
		if err := ps.err(); err != nil {
			return "", err
		}
		old := r.Session
		r.fill(form)
		if err := fillVenue(ctx, tx, old, &r.Session); err != nil {
			return "", err
		}
		r.detach(old)
		return "修改场次《" + r.Title + "》", s.savedWell(ctx, tx, actor, old, r.Session)
	})
	return se, withDifference(err, form)
}

// savedWell checks a changed time, place or number of places of a session whose
// place is promised, like the first ones; the conflicts that only warn were shown
// beside the form.
func (s *Store) savedWell(ctx context.Context, tx *db.Tx, actor auth.Actor, old, next Session) error {
	same := !movedBetween(old, next) && old.VenueID == next.VenueID && next.Capacity <= old.Capacity
	if same || !old.State.holdsVenue() {
		return nil
	}
	conflicts, err := s.conflicts(ctx, tx, queryOf(actor, next))
	if err != nil {
		return err
	}
	return settled(conflicts, "")
}

// detach notes what was changed by hand in an occurrence of a series, which the
// series leaves alone from then on.
func (r *record) detach(old Session) {
	if r.Series == "" {
		return
	}
	for _, field := range formDifference(old.Form(), r.Form()) {
		if !slices.Contains(r.Detached, field) {
			r.Detached = append(slices.Clone(r.Detached), field)
		}
	}
}

// PostponeSession tells readers that the session falls out and a new time is to
// come; they read the reason.
func (s *Store) PostponeSession(ctx context.Context, actor auth.Actor, id string, version int, reason string) (Session, error) {
	return s.call(ctx, actor, id, version, Postponed, "session.postpone", reason)
}

// CancelSession tells readers that the session falls out for good; they read
// the reason. Its page stays.
func (s *Store) CancelSession(ctx context.Context, actor auth.Actor, id string, version int, reason string) (Session, error) {
	return s.call(ctx, actor, id, version, Cancelled, "session.cancel", reason)
}

// WithdrawSession puts a draft away; nobody outside has seen it.
func (s *Store) WithdrawSession(ctx context.Context, actor auth.Actor, id string, version int) (Session, error) {
	return s.change(ctx, actor, id, version, "session.withdraw", func(r *record) (string, error) {
		if err := r.State.stepBy(ByCoordinator, Withdrawn); err != nil {
			return "", err
		}
		r.State = Withdrawn
		return "撤回场次《" + r.Title + "》", nil
	})
}

// call moves the session into a state that readers are told the reason of.
func (s *Store) call(ctx context.Context, actor auth.Actor, id string, version int, to State, action, reason string) (Session, error) {
	reason = oneLine(reason)
	return s.change(ctx, actor, id, version, action, func(r *record) (string, error) {
		if err := r.State.stepBy(ByCoordinator, to); err != nil {
			return "", err
		}
		var ps problems
		ps.text("reason", "原因", reason, 2, 200)
		if err := ps.err(); err != nil {
			return "", err
		}
		r.State, r.Reason, r.Due = to, reason, time.Time{}
		return "场次《" + r.Title + "》" + to.Label() + "：" + reason, nil
	})
}

// change is the coordinator's way of changing a session.
func (s *Store) change(ctx context.Context, actor auth.Actor, id string, version int, action string, edit func(*record) (string, error)) (_ Session, err error) {
	defer errs.Wrap(&err, "%s %s", action, id)
	if err := actor.Must(auth.Sessions); err != nil {
		return Session{}, err
	}
	err = s.db.Update(ctx, func(ctx context.Context, tx *db.Tx) error {
		_, err := s.changeIn(ctx, tx, actor, id, version, action, func(_ context.Context, _ *db.Tx, r *record) (string, error) { return edit(r) })
		return err
	})
	if err != nil {
		return Session{}, err
	}
	return s.SessionByID(ctx, id)
}

// changeIn is the one way a session changes: version, the change itself, history
// and sequence, what follows from it (effects), audit and journal, in the
// caller's transaction. Who may is the caller's to ask. edit returns the audit's
// summary.
func (s *Store) changeIn(ctx context.Context, tx *db.Tx, actor auth.Actor, id string, version int, action string,
	edit func(context.Context, *db.Tx, *record) (string, error)) (Session, error) {
	old, err := lockRecord(ctx, tx, id)
	if err == nil {
		err = ours(actor, old.Town)
	}
	if err != nil {
		return Session{}, err
	}
	if old.Version != version {
		return Session{}, stale(old.Session, version)
	}
	next := old
	summary, err := edit(ctx, tx, &next)
	if err != nil {
		return Session{}, err
	}
	if err := fillVenue(ctx, tx, old.Session, &next.Session); err != nil {
		return Session{}, err
	}
	if err := checkPlace(ctx, tx, next.Session); err != nil {
		return Session{}, err
	}
	if err := s.checkCapacity(ctx, tx, old.Taken, next.Session); err != nil {
		return Session{}, err
	}
	if err := s.update(ctx, tx, actor, old, &next); err != nil {
		return Session{}, err
	}
	if err := s.effects(ctx, tx, actor, old.Session, next.Session); err != nil {
		return Session{}, err
	}
	s.recordSession(tx, actor, action, next.Session, summary)
	return next.Session, nil
}

// lockRecord reads a session that the transaction is going to change. On
// PostgreSQL everybody else who wants the row waits from here on: taking the
// session first is what keeps transactions from waiting for each other in a
// circle.
func lockRecord(ctx context.Context, tx *db.Tx, id string) (record, error) {
	n, err := db.Exec(ctx, tx, `UPDATE session SET version = version WHERE id = $1`, id)
	if err == nil && n == 0 {
		err = noSession("no session %s", id)
	}
	if err != nil {
		return record{}, err
	}
	return getRecord(ctx, tx, "s.id = $1", id)
}

// fillVenue writes the name, town and address of a venue of the list into the
// session when it is newly chosen; a closed one cannot be.
func fillVenue(ctx context.Context, tx *db.Tx, old Session, next *Session) error {
	if next.VenueID == "" || next.VenueID == old.VenueID && next.Venue == old.Venue {
		return nil
	}
	v, err := getVenue(ctx, tx, next.VenueID)
	if err != nil {
		return err
	}
	if v.Closed && next.VenueID != old.VenueID {
		return errs.Bad("venue", "场地“"+v.Name+"”已经停用，请换一个。")
	}
	next.Venue = v.Name
	if v.Town != "" {
		next.Town = v.Town
	}
	if next.Address == "" || next.Address == old.Address {
		next.Address = v.Address
	}
	return nil
}

// checkPlace refuses towns and stations that do not exist.
func checkPlace(ctx context.Context, tx *db.Tx, s Session) error {
	var n int
	if s.Town != "" {
		if err := db.Get(ctx, tx, &n, `SELECT count(*) FROM town WHERE code = $1`, s.Town); err != nil {
			return err
		}
		if n == 0 {
			return errs.Bad("town", "没有这个镇街，请从列表中选择。")
		}
	}
	if s.Station != "" {
		if err := db.Get(ctx, tx, &n, `SELECT count(*) FROM station WHERE code = $1`, s.Station); err != nil {
			return err
		}
		if n == 0 {
			return errs.Bad("station", "没有编号为“"+s.Station+"”的站点，请核对。")
		}
	}
	return nil
}
