package events

import (
	"context"
	"fmt"
	"time"

	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/errs"
)

// BookingKind is what is booked.
type BookingKind string

// The kinds of resource.
const (
	BookVenue   BookingKind = "venue"
	BookPerson  BookingKind = "person"
	BookVehicle BookingKind = "vehicle"
	BookKit     BookingKind = "kit"
)

// BookingStatus is how firmly. Wishes may overlap, holds and firm bookings of an
// exclusive resource never do.
type BookingStatus string

// The statuses.
const (
	Wished BookingStatus = "wish"
	OnHold BookingStatus = "hold"
	Firm   BookingStatus = "firm"
	Freed  BookingStatus = "freed"
)

// Label is the Chinese word.
func (b BookingStatus) Label() string {
	switch b {
	case Wished:
		return "想要"
	case OnHold:
		return "暂留"
	case Firm:
		return "已定"
	case Freed:
		return "已放开"
	}
	return string(b)
}

// taking reports that nobody else may have an exclusive resource meanwhile.
func (b BookingStatus) taking() bool { return b == OnHold || b == Firm }

// Booking is one resource for one session at one time.
type Booking struct {
	ID        string        `db:"id"`
	Session   string        `db:"session"`
	No        string        `db:"no"`    // of the session
	Title     string        `db:"title"` // of the session
	Town      string        `db:"town"`  // of the session
	Kind      BookingKind   `db:"kind"`
	Resource  string        `db:"resource"` // id of the venue or practitioner
	Name      string        `db:"name"`     // of a venue; a person's is kept sealed
	Rank      int           `db:"rank"`     // of the wish with this time; 0: none
	Starts    time.Time     `db:"-"`
	Ends      time.Time     `db:"-"` // for people this includes the way to the next place
	Status    BookingStatus `db:"status"`
	Exclusive bool          `db:"exclusive"`
	Until     time.Time     `db:"-"` // when a hold lapses; zero without
}

type bookingRow struct {
	Booking
	FromAt    int64
	ToAt      int64
	HoldUntil *int64
}

// selectBookings reads bookings b with their sessions s.
func selectBookings(ctx context.Context, q db.Queryer, tail string, args ...any) ([]Booking, error) {
	var rows []bookingRow
	err := db.Select(ctx, q, &rows, `SELECT b.id, b.session, s.no, s.title, s.town, b.kind, b.resource, COALESCE(v.name, '') AS name,
		COALESCE((SELECT min(w.rank) FROM session_wish w WHERE w.session = b.session AND w.starts_at = b.from_at AND w.ends_at = b.to_at), 0) AS rank,
		b.from_at, b.to_at, b.status, b.exclusive, b.hold_until FROM booking b JOIN session s ON s.id = b.session
		LEFT JOIN venue v ON b.kind = 'venue' AND v.id = b.resource `+tail, args...)
	list := make([]Booking, len(rows))
	for i, r := range rows {
		r.Starts, r.Ends = local(r.FromAt), local(r.ToAt)
		if r.HoldUntil != nil {
			r.Until = local(*r.HoldUntil)
		}
		list[i] = r.Booking
	}
	return list, err
}

// book promises a resource to a session. An exclusive one that somebody else has
// meanwhile is a Conflict that names the other session; back to back is no
// overlap. Two transactions that want the same resource wait for each other
// here; on PostgreSQL a constraint stands behind that.
func (s *Store) book(ctx context.Context, tx *db.Tx, actor auth.Actor, b Booking) error {
	if err := lockResource(ctx, tx, b.Kind, b.Resource); err != nil {
		return err
	}
	if err := s.lapse(ctx, tx, "AND kind = $2 AND resource = $3", b.Kind, b.Resource); err != nil {
		return err
	}
	if b.Exclusive && b.Status.taking() {
		rivals, err := overlapping(ctx, tx, b)
		if err != nil {
			return err
		}
		if len(rivals) > 0 {
			return errTaken(rivals[0].seenBy(actor))
		}
	}
	_, err := db.Exec(ctx, tx, `INSERT INTO booking (id, kind, resource, from_at, to_at, status, exclusive, session, hold_until, created_at, created_by)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
		db.NewID(), b.Kind, b.Resource, b.Starts.UnixMilli(), b.Ends.UnixMilli(), b.Status, b.Exclusive, b.Session,
		db.Millis(b.Until), s.now().UnixMilli(), actor.ID)
	if errs.Is(err, errs.Conflict) {
		return errs.New(errs.Conflict, "这个时间刚刚定给了别的场次，请刷新后换一个时间或场地。", "book %s %s: %w", b.Kind, b.Resource, err)
	}
	return err
}

// lockResource makes the transaction the only one that books the resource, until
// it ends. SQLite has only one writer anyway.
func lockResource(ctx context.Context, tx *db.Tx, kind BookingKind, resource string) error {
	if !tx.Postgres() {
		return nil
	}
	_, err := db.Exec(ctx, tx, `SELECT pg_advisory_xact_lock(hashtextextended($1, 0))`, "booking "+string(kind)+" "+resource)
	return err
}

// overlapping lists who else has the resource at the time of b, firmly or held.
func overlapping(ctx context.Context, q db.Queryer, b Booking) ([]Booking, error) {
	return selectBookings(ctx, q, `WHERE b.kind = $1 AND b.resource = $2 AND b.session <> $3 AND b.status IN ('hold', 'firm')
		AND b.from_at < $5 AND b.to_at > $4 ORDER BY b.from_at, b.id`,
		b.Kind, b.Resource, b.Session, b.Starts.UnixMilli(), b.Ends.UnixMilli())
}

// wishing lists who else wishes for the resource at the time of b.
func wishing(ctx context.Context, q db.Queryer, b Booking) ([]Booking, error) {
	return selectBookings(ctx, q, `WHERE b.kind = $1 AND b.resource = $2 AND b.session <> $3 AND b.status = 'wish'
		AND b.from_at < $5 AND b.to_at > $4 ORDER BY b.from_at, b.id`,
		b.Kind, b.Resource, b.Session, b.Starts.UnixMilli(), b.Ends.UnixMilli())
}

// errTaken names who has it.
func errTaken(rival Booking) error {
	return errs.New(errs.Conflict, rival.sentence()+"请换一个时间或场地。", "%s %s is taken by session %s", rival.Kind, rival.Resource, rival.Session)
}

// sentence says who has the resource and when.
func (b Booking) sentence() string {
	what, how := "“"+b.Name+"”", "已经定给"
	if b.Kind == BookPerson {
		what = "这位人员"
	}
	if b.Status == OnHold {
		how = "正暂留给"
	}
	if b.Status == Wished {
		how = "也被这一场申请："
	}
	if b.No == "" {
		return fmt.Sprintf("%s%s%s（%s）。", what, how, b.Title, timeInWords(b.Starts, b.Ends))
	}
	return fmt.Sprintf("%s%s《%s》（%s，%s）。", what, how, b.Title, b.No, timeInWords(b.Starts, b.Ends))
}

// timeInWords is a time in a sentence: 11月21日周六 18:30—20:00.
func timeInWords(starts, ends time.Time) string {
	_, from, to := clockCells(starts, ends)
	return dayInWords(starts) + " " + from + "—" + to
}

// free gives back what the session has of a kind ("" for all kinds), wishes too.
func free(ctx context.Context, tx *db.Tx, session string, kind BookingKind) error {
	_, err := db.Exec(ctx, tx, `UPDATE booking SET status = 'freed', hold_until = NULL
		WHERE session = $1 AND ($2 = '' OR kind = $2) AND status <> 'freed'`, session, kind)
	return err
}

// lapse ends the holds whose time is over: a request under review keeps its
// wish, any other keeps nothing. cond narrows them, its arguments from $2 on.
func (s *Store) lapse(ctx context.Context, tx *db.Tx, cond string, args ...any) error {
	_, err := db.Exec(ctx, tx, `UPDATE booking SET hold_until = NULL, status =
		CASE WHEN (SELECT s.state FROM session s WHERE s.id = booking.session) IN ('submitted', 'in_review') THEN 'wish' ELSE 'freed' END
		WHERE hold_until <= $1 AND status IN ('wish', 'hold') `+cond, append([]any{s.now().UnixMilli()}, args...)...)
	return err
}

// holdsVenue reports that a session in this state has its venue firmly.
func (s State) holdsVenue() bool { return s == Accepted || s == Scheduled || s == Published }

// followBookings does with the bookings what follows from a change of the
// session: called off or postponed, everything is free again; from acceptance on
// the venue is booked for whatever time the session has, and a draft wishes for
// it.
func (s *Store) followBookings(ctx context.Context, tx *db.Tx, actor auth.Actor, old, next Session) error {
	switch {
	case calledOff(old, next), next.State == Postponed && old.State != Postponed:
		return free(ctx, tx, next.ID, "")
	case next.State == Returned && old.State != Returned:
		until, err := s.holdUntil(ctx, tx)
		if err != nil {
			return err
		}
		_, err = db.Exec(ctx, tx, `UPDATE booking SET hold_until = $2 WHERE session = $1 AND status IN ('wish', 'hold')`, next.ID, until.UnixMilli())
		return err
	case !next.State.holdsVenue() && next.State != Draft:
		return nil
	case old.State.holdsVenue() == next.State.holdsVenue() && old.VenueID == next.VenueID && old.Starts.Equal(next.Starts) && old.Ends.Equal(next.Ends):
		return nil
	}
	if err := free(ctx, tx, next.ID, BookVenue); err != nil || next.VenueID == "" {
		return err
	}
	status := Firm
	if next.State == Draft {
		status = Wished
	}
	return s.bookVenue(ctx, tx, actor, next, status, time.Time{})
}

// bookVenue books the session's venue for the session's time.
func (s *Store) bookVenue(ctx context.Context, tx *db.Tx, actor auth.Actor, se Session, status BookingStatus, until time.Time) error {
	v, err := getVenue(ctx, tx, se.VenueID)
	if err != nil {
		return err
	}
	return s.book(ctx, tx, actor, Booking{Session: se.ID, Kind: BookVenue, Resource: v.ID, Starts: se.Starts, Ends: se.Ends,
		Status: status, Exclusive: v.Exclusive, Until: until})
}

// holdUntil is when a hold that begins now lapses.
func (s *Store) holdUntil(ctx context.Context, tx *db.Tx) (time.Time, error) {
	cal, err := calendarIn(ctx, tx)
	if err != nil {
		return time.Time{}, err
	}
	return cal.AddWorkingDays(s.now(), s.rules.HoldDays), nil
}
