package events

import (
	"context"
	"time"

	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/errs"
)

// MoveForm is where and when a session goes.
type MoveForm struct {
	Starts, Ends time.Time
	Town         string // code
	VenueID      string // of the list, "" for a place that is typed
	Venue        string
	Address      string
	Override     string // why in spite of the warnings
}

// Moving is the form with what the session has now.
func (s Session) Moving() MoveForm {
	return MoveForm{Starts: s.Starts, Ends: s.Ends, Town: s.Town, VenueID: s.VenueID, Venue: s.Venue, Address: s.Address}
}

// movable reports that a session in this state still has its time before it.
func (s State) movable() bool {
	return s == Draft || s == Accepted || s == Scheduled || s == Published || s == Postponed
}

// MoveSession gives a session that lies ahead another time or place. Everything
// is checked again, old bookings go and new ones come in one transaction;
// sign-ups and their order stay, people are asked to confirm again, and whoever
// is concerned hears once, after things settle.
func (s *Store) MoveSession(ctx context.Context, actor auth.Actor, id string, version int, form MoveForm) (Session, error) {
	return s.changeWith(ctx, actor, id, version, "session.move", func(ctx context.Context, tx *db.Tx, r *record) (string, error) {
		if !r.State.movable() {
			return "", errs.New(errs.Conflict, "该场次现在是“"+r.State.Label()+"”，不能再改时间和地点。", "move in state %s", r.State)
		}
		old, f := r.Session, r.Form()
		f.Starts, f.Ends, f.Town, f.VenueID, f.Venue, f.Address = form.Starts, form.Ends, form.Town, form.VenueID, form.Venue, form.Address
		if err := problems(f.Problems()).err(); err != nil {
			return "", err
		}
		r.fill(f)
		if err := fillVenue(ctx, tx, old, &r.Session); err != nil {
			return "", err
		}
		if !movedBetween(old, r.Session) && old.VenueID == r.VenueID {
			return "", errs.Bad("start", "时间和地点都没有变，不用改期。")
		}
		if err := s.movedWell(ctx, tx, actor, r.Session, oneLine(form.Override)); err != nil {
			return "", err
		}
		summary := "《" + r.Title + "》改到" + r.When() + "，" + r.Place()
		if form.Override != "" {
			summary += "，提醒之后仍改的原因：" + oneLine(form.Override)
		}
		return summary, nil
	})
}

// movedWell checks the time and place of a session like the first ones.
func (s *Store) movedWell(ctx context.Context, tx *db.Tx, actor auth.Actor, se Session, override string) error {
	if !se.Starts.After(s.now()) {
		return errs.Bad("start", "新的开始时间已经过去了，请改成以后的时间。")
	}
	conflicts, err := s.conflicts(ctx, tx, queryOf(actor, se))
	if err != nil {
		return err
	}
	return settled(conflicts, override, ConflictDuplicate, ConflictHoliday)
}
