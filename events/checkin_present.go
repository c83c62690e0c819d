package events

import (
	"context"
	"slices"
	"time"

	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/errs"
)

// Presence is who came, worked out from everything the devices brought. A person
// that two devices have seen came once, at the earliest time; what was undone did
// not happen.
type Presence struct {
	Expected   int // 人 with places, as signed up
	SignedUp   int // 人 of them who came
	Parties    int // sign-ups they belong to
	WalkIns    int // 人 who came without signing up, those of a sheet among them
	Women      int // estimates among the walk-ins
	Minors     int
	Elders     int
	Duplicates int // check-ins of a person who was checked in already
	First      time.Time
	Last       time.Time
}

// Total is 人 present: the number the report begins with.
func (p Presence) Total() int { return p.SignedUp + p.WalkIns }

// CheckInEvent is one line of the desk's book.
type CheckInEvent struct {
	UUID         string    `db:"client_uuid"`
	Registration string    `db:"registration"` // "" for walk-ins
	Method       Method    `db:"method"`
	Qty          int       `db:"qty"`
	Women        int       `db:"women"`
	Minors       int       `db:"minors"`
	Elders       int       `db:"elders"`
	Device       string    `db:"device"`
	At           time.Time `db:"-"`
	Undone       bool      `db:"undone"`
	Duplicate    bool      `db:"-"` // of an earlier check-in of the same person
}

// CheckIns lists a session's check-ins, earliest first, with what was undone and
// what is doubled marked.
func (s *Store) CheckIns(ctx context.Context, session string) (_ []CheckInEvent, err error) {
	defer errs.Wrap(&err, "check-ins of session %s", session)
	return checkIns(ctx, s.db.Reader(), session)
}

func checkIns(ctx context.Context, q db.Queryer, session string) ([]CheckInEvent, error) {
	var rows []struct {
		CheckInEvent
		AtClient int64 `db:"at_client"`
	}
	err := db.Select(ctx, q, &rows, `SELECT e.client_uuid, COALESCE(e.registration, '') AS registration, e.method, e.qty, e.women, e.minors,
		e.elders, e.device, e.at_client, EXISTS (SELECT 1 FROM checkin_event u WHERE u.undo_of = e.client_uuid) AS undone
		FROM checkin_event e WHERE e.session = $1 AND e.method <> 'undo' ORDER BY e.at_client, e.client_uuid`, session)
	if err != nil {
		return nil, err
	}
	list := make([]CheckInEvent, len(rows))
	seen := make(map[string]bool, len(rows))
	for i, r := range rows {
		r.At = local(r.AtClient)
		if r.Registration != "" && !r.Undone {
			r.Duplicate = seen[r.Registration]
			seen[r.Registration] = true
		}
		list[i] = r.CheckInEvent
	}
	return list, nil
}

// Present works out who came to a session.
func (s *Store) Present(ctx context.Context, session string) (_ Presence, err error) {
	defer errs.Wrap(&err, "presence at session %s", session)
	return presence(ctx, s.db.Reader(), session)
}

// presence joins a transaction, such as that of a report.
func presence(ctx context.Context, q db.Queryer, session string) (p Presence, err error) {
	if err := db.Get(ctx, q, &p.Expected, `SELECT taken FROM session WHERE id = $1`, session); err != nil {
		return p, err
	}
	list, err := checkIns(ctx, q, session)
	if err != nil {
		return p, err
	}
	for _, e := range list {
		p.add(e)
	}
	return p, nil
}

func (p *Presence) add(e CheckInEvent) {
	switch {
	case e.Undone:
		return
	case e.Duplicate:
		p.Duplicates++
		return
	case e.Registration != "":
		p.SignedUp += e.Qty
		p.Parties++
	default:
		p.WalkIns += e.Qty
		p.Women, p.Minors, p.Elders = p.Women+e.Women, p.Minors+e.Minors, p.Elders+e.Elders
	}
	if p.First.IsZero() {
		p.First = e.At
	}
	p.Last = e.At
}

// Arrival is a line of the list that the desk reads names from.
type Arrival struct {
	Registration        // masked
	LastFour     string // of the phone, "" for people without
	Present      bool
	At           time.Time // of the check-in
	UUID         string    // of the check-in that counts, to undo it
	Came         int       // 人
}

// Arrivals lists the sign-ups a desk may meet, those with places first, by their
// masked names; the rest of a name stays at the office.
func (s *Store) Arrivals(ctx context.Context, session string) (_ []Arrival, err error) {
	defer errs.Wrap(&err, "arrivals at session %s", session)
	rows, err := selectRegistrations(ctx, s.db.Reader(), `WHERE session = $1 AND state IN ('confirmed', 'waiting', 'expired')
		ORDER BY CASE state WHEN 'confirmed' THEN 0 ELSE 1 END, wait_pos, created_at, id`, session)
	if err != nil {
		return nil, err
	}
	list, err := s.maskedList(rows)
	if err != nil {
		return nil, err
	}
	came, err := checkIns(ctx, s.db.Reader(), session)
	if err != nil {
		return nil, err
	}
	arrivals := make([]Arrival, len(list))
	for i, reg := range list {
		a := Arrival{Registration: reg, LastFour: lastFour(reg.Phone)}
		if j := slices.IndexFunc(came, func(e CheckInEvent) bool { return e.Registration == reg.ID && !e.Undone && !e.Duplicate }); j >= 0 {
			a.Present, a.At, a.UUID, a.Came = true, came[j].At, came[j].UUID, came[j].Qty
		}
		arrivals[i] = a
	}
	return arrivals, nil
}

func lastFour(phone string) string {
	if len(phone) < 4 {
		return ""
	}
	return phone[len(phone)-4:]
}
