package events

import (
	"context"
	"time"

	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/errs"
)

// RankedWish is one time asked for, with its standing.
type RankedWish struct {
	Rank   int // 1 is the first choice
	Starts time.Time
	Ends   time.Time
	Status BookingStatus // of the venue for this time; "" when no venue of the list is asked for
	Until  time.Time     // when a hold lapses
}

// Decision is the answer to a request.
type Decision struct {
	To          State  // Accepted, Returned or Rejected
	Wish        int    // rank of the wish that is accepted; 0 keeps the session's time
	Reason      string // for Returned and Rejected: the organizer reads it
	Alternative string // for Rejected: what is offered instead
	Override    string // why it is accepted in spite of the warnings
	Hold        bool   // keep the answer until ReleaseDecisions
	By          string // name of who decided
}

// Take makes the actor the owner of a submitted request: submitted → in_review.
func (s *Store) Take(ctx context.Context, actor auth.Actor, id string, version int) (Session, error) {
	return s.changeWith(ctx, actor, id, version, "session.take", func(ctx context.Context, tx *db.Tx, r *record) (string, error) {
		if r.State == InReview {
			return "", errs.New(errs.Conflict, "该场次现在是“审核中”，"+r.OwnerName+"正在办理。", "taken by %s", r.Owner)
		}
		if err := r.State.stepBy(ByCoordinator, InReview); err != nil {
			return "", err
		}
		cal, err := calendarIn(ctx, tx)
		r.State, r.Owner, r.OwnerName, r.Due = InReview, actor.ID, actor.Name, endOfDay(cal.AddWorkingDays(s.now(), s.rules.ReviewDays))
		return "受理《" + r.Title + "》", err
	})
}

// HoldWish reserves the venue for one wish exclusively, for five working days.
func (s *Store) HoldWish(ctx context.Context, actor auth.Actor, id string, version, rank int) (Session, error) {
	return s.changeWith(ctx, actor, id, version, "session.hold", func(ctx context.Context, tx *db.Tx, r *record) (string, error) {
		if r.State != InReview {
			return "", errs.New(errs.Conflict, "该场次现在是“"+r.State.Label()+"”，审核中的才能暂留场地。", "hold in state %s", r.State)
		}
		if r.VenueID == "" {
			return "", errs.Bad("venue", "这一场没有选列表里的场地，不用暂留。")
		}
		w, err := wishOf(ctx, tx, id, rank)
		if err != nil {
			return "", err
		}
		at := r.Session
		at.Starts, at.Ends = w.Starts, w.Ends
		return "暂留场地" + timeInWords(w.Starts, w.Ends), s.hold(ctx, tx, actor, at)
	})
}

// hold turns the wish for the time of se into a hold.
func (s *Store) hold(ctx context.Context, tx *db.Tx, actor auth.Actor, se Session) error {
	_, err := db.Exec(ctx, tx, `UPDATE booking SET status = 'freed', hold_until = NULL WHERE session = $1 AND kind = 'venue'
		AND (status = 'hold' OR status = 'wish' AND from_at = $2 AND to_at = $3)`, se.ID, se.Starts.UnixMilli(), se.Ends.UnixMilli())
	if err != nil {
		return err
	}
	until, err := s.holdUntil(ctx, tx)
	if err != nil {
		return err
	}
	return s.bookVenue(ctx, tx, actor, se, OnHold, until)
}

// wishOf is the wish of a rank; 0 is the time the session has.
func wishOf(ctx context.Context, tx *db.Tx, session string, rank int) (w RankedWish, err error) {
	wishes, err := wishesOf(ctx, tx, session)
	if err != nil {
		return w, err
	}
	for _, w := range wishes {
		if w.Rank == rank {
			return w, nil
		}
	}
	return w, errs.Bad("wish", "没有这个时间，请从对方希望的时间里选。")
}

// wishesOf lists the wishes of a session with the standing of each.
func wishesOf(ctx context.Context, q db.Queryer, session string) ([]RankedWish, error) {
	var rows []struct {
		Rank             int
		StartsAt, EndsAt int64
		Status           BookingStatus
		HoldUntil        *int64
	}
	err := db.Select(ctx, q, &rows, `SELECT w.rank, w.starts_at, w.ends_at, COALESCE(b.status, '') AS status, b.hold_until
		FROM session_wish w LEFT JOIN booking b ON b.session = w.session AND b.kind = 'venue' AND b.status <> 'freed'
		AND b.from_at = w.starts_at AND b.to_at = w.ends_at WHERE w.session = $1 ORDER BY w.rank`, session)
	wishes := make([]RankedWish, 0, len(rows))
	for _, r := range rows {
		w := RankedWish{Rank: r.Rank, Starts: local(r.StartsAt), Ends: local(r.EndsAt), Status: r.Status}
		if r.HoldUntil != nil {
			w.Until = local(*r.HoldUntil)
		}
		if n := len(wishes); n > 0 && wishes[n-1].Rank == w.Rank {
			continue // the same time twice among the wishes
		}
		wishes = append(wishes, w)
	}
	return wishes, err
}

// Decide answers a request in review. With Hold the answer waits for
// ReleaseDecisions and nobody outside hears of it; a venue that was accepted is
// held meanwhile.
func (s *Store) Decide(ctx context.Context, actor auth.Actor, id string, version int, d Decision) (_ Session, err error) {
	defer errs.Wrap(&err, "decide %s", id)
	if err := actor.Must(auth.Sessions); err != nil {
		return Session{}, err
	}
	d.By, d.Reason, d.Alternative, d.Override = actor.Name, oneLine(d.Reason), oneLine(d.Alternative), oneLine(d.Override)
	if err := d.problems().err(); err != nil {
		return Session{}, err
	}
	err = s.db.Update(ctx, func(ctx context.Context, tx *db.Tx) error { return s.decide(ctx, tx, actor, id, version, d) })
	if err != nil {
		return Session{}, err
	}
	return s.SessionByID(ctx, id)
}

func (d Decision) problems() problems {
	var ps problems
	switch d.To {
	case Accepted:
	case Returned:
		ps.text("reason", "要补正什么", d.Reason, 2, 200)
	case Rejected:
		ps.text("reason", "原因", d.Reason, 2, 200)
		ps.text("alternative", "可以怎么办", d.Alternative, 2, 200)
	default:
		ps.add("to", "请选择同意、退回补正还是不予安排。")
	}
	ps.text("override", "原因", d.Override, 0, 200)
	return ps
}

func (s *Store) decide(ctx context.Context, tx *db.Tx, actor auth.Actor, id string, version int, d Decision) error {
	action := "session." + string(d.To)
	if d.Hold {
		action = "session.decide"
	}
	se, err := s.changeIn(ctx, tx, actor, id, version, action, func(ctx context.Context, tx *db.Tx, r *record) (string, error) {
		if err := r.State.stepBy(ByCoordinator, d.To); err != nil {
			return "", err
		}
		if d.To == Accepted {
			if err := s.acceptable(ctx, tx, actor, r, d); err != nil {
				return "", err
			}
		}
		if d.Hold {
			r.Pending = &d
			return "拟定：" + d.summary(r.Session), nil
		}
		r.State, r.Reason, r.Alternative, r.Pending, r.Due = d.To, d.Reason, d.Alternative, nil, time.Time{}
		return d.summary(r.Session), nil
	})
	if err != nil || d.Hold {
		return err
	}
	if d.To == Accepted {
		if err := s.tellLosers(ctx, tx, se); err != nil {
			return err
		}
	}
	return s.tellDecision(ctx, tx, se)
}

// acceptable gives the session the time that is accepted and checks it. An
// answer that is held keeps the session's time as it is, and the venue held.
func (s *Store) acceptable(ctx context.Context, tx *db.Tx, actor auth.Actor, r *record, d Decision) error {
	at := r.Session
	if d.Wish > 0 {
		w, err := wishOf(ctx, tx, r.ID, d.Wish)
		if err != nil {
			return err
		}
		at.Starts, at.Ends = w.Starts, w.Ends
	}
	if !at.Starts.After(s.now()) {
		return errs.Bad("wish", "这个时间已经过去了，请换一个时间，或者退回请对方改期。")
	}
	conflicts, err := s.conflicts(ctx, tx, queryOf(actor, at))
	if err != nil {
		return err
	}
	if err := settled(conflicts, d.Override, ConflictDuplicate); err != nil {
		return err
	}
	if d.Hold {
		if at.VenueID == "" {
			return nil
		}
		return s.hold(ctx, tx, actor, at)
	}
	r.Starts, r.Ends = at.Starts, at.Ends
	return nil
}

func (d Decision) summary(se Session) string {
	switch d.To {
	case Accepted:
		s := "同意《" + se.Title + "》"
		if d.Override != "" {
			s += "，提醒之后仍同意的原因：" + d.Override
		}
		return s
	case Returned:
		return "退回《" + se.Title + "》补正：" + d.Reason
	}
	return "不予安排《" + se.Title + "》：" + d.Reason + "；建议：" + d.Alternative
}

func (s *Store) tellDecision(ctx context.Context, tx *db.Tx, se Session) error {
	switch se.State {
	case Accepted:
		return s.tellHost(ctx, tx, se, "accepted", "已同意："+se.Title,
			"您申请的《"+se.Title+"》已经同意，定在"+se.When()+"，地点："+se.Place()+"。正在安排律师，定下来再通知您。")
	case Returned:
		return s.tellHost(ctx, tx, se, "returned", "请补正："+se.Title,
			"您申请的《"+se.Title+"》需要补正："+se.Reason+"。请凭查询码打开申请，改好后重新提交。")
	}
	return s.tellHost(ctx, tx, se, "rejected", "不能安排："+se.Title,
		"很抱歉，您申请的《"+se.Title+"》这次不能安排。原因："+se.Reason+"。您可以："+se.Alternative)
}

// tellLosers tells whoever looks after another request that wished for the same
// venue and time.
func (s *Store) tellLosers(ctx context.Context, tx *db.Tx, se Session) error {
	if se.VenueID == "" {
		return nil
	}
	v, err := getVenue(ctx, tx, se.VenueID)
	if err != nil || !v.Exclusive {
		return err
	}
	rivals, err := wishing(ctx, tx, Booking{Session: se.ID, Kind: BookVenue, Resource: v.ID, Starts: se.Starts, Ends: se.Ends})
	if err != nil {
		return err
	}
	for _, rival := range rivals {
		loser, err := getSession(ctx, tx, "s.id = $1", rival.Session)
		if err != nil {
			return err
		}
		taker := "《" + se.Title + "》（" + se.No + "）"
		if loser.Town != se.Town { // whoever looks after the loser may have no business there
			taker = elsewhere
		}
		err = s.tellStaff(ctx, tx, loser, "lost_wish", "场地已定给别人："+loser.Title, "“"+v.Name+"”"+timeInWords(se.Starts, se.Ends)+
			"已经定给"+taker+"，请给《"+loser.Title+"》另选时间或场地。")
		if err != nil {
			return err
		}
	}
	return nil
}

// Released is one answer let go, or why it could not be.
type Released struct {
	Session Session
	Err     error
}

// ReleaseDecisions lets all held answers go, each in its own transaction; one
// that no longer fits (the venue went to somebody else) stays held and says so.
func (s *Store) ReleaseDecisions(ctx context.Context, actor auth.Actor) (_ []Released, err error) {
	defer errs.Wrap(&err, "release decisions")
	if err := actor.Must(auth.Sessions); err != nil {
		return nil, err
	}
	cond, args := inTowns(actor, "s.town", 0)
	held, err := selectSessions(ctx, s.db.Reader(), `WHERE s.pending <> '' AND s.state = 'in_review'`+cond+` ORDER BY s.starts_at, s.id`, args...)
	if err != nil {
		return nil, err
	}
	var out []Released
	for _, se := range held {
		d := *se.Pending
		d.Hold = false
		err := s.db.Update(ctx, func(ctx context.Context, tx *db.Tx) error { return s.decide(ctx, tx, actor, se.ID, se.Version, d) })
		now, readErr := s.SessionByID(ctx, se.ID)
		if readErr != nil {
			return out, readErr
		}
		out = append(out, Released{Session: now, Err: err})
	}
	return out, nil
}

// changeWith is change for steps that look at other tables too.
func (s *Store) changeWith(ctx context.Context, actor auth.Actor, id string, version int, action string,
	edit func(context.Context, *db.Tx, *record) (string, error)) (_ Session, err error) {
	defer errs.Wrap(&err, "%s %s", action, id)
	if err := actor.Must(auth.Sessions); err != nil {
		return Session{}, err
	}
	err = s.db.Update(ctx, func(ctx context.Context, tx *db.Tx) error {
		_, err := s.changeIn(ctx, tx, actor, id, version, action, edit)
		return err
	})
	if err != nil {
		return Session{}, err
	}
	return s.SessionByID(ctx, id)
}
