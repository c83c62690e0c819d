package events

import (
	"context"
	"time"

	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/errs"
)

// AvailabilityKind is what somebody says about a time of theirs.
type AvailabilityKind string

// The kinds of availability. Who says nothing counts as free.
const (
	AvailFree  AvailabilityKind = "free"  // 有空: offers the time
	AvailLeave AvailabilityKind = "leave" // 请假: asks not to be asked
)

// Label is the Chinese name.
func (k AvailabilityKind) Label() string {
	if k == AvailFree {
		return "有空"
	}
	return "请假"
}

// Availability is one time a person is free or on leave.
type Availability struct {
	ID     string
	Kind   AvailabilityKind
	Starts time.Time
	Ends   time.Time // exclusive
}

// When is the time in words: whole days as 12月1日—12月5日.
func (a Availability) When() string {
	if a.Starts.Equal(midnight(a.Starts)) && a.Ends.Equal(midnight(a.Ends)) {
		first, last := a.Starts.In(Zone), a.Ends.Add(-time.Second).In(Zone)
		if dateOf(first) == dateOf(last) {
			return first.Format("2006年1月2日")
		}
		return first.Format("2006年1月2日") + "—" + last.Format("1月2日")
	}
	return Session{Starts: a.Starts, Ends: a.Ends}.When()
}

// maxAvailability keeps a slip of the year from taking somebody off all lists.
const maxAvailability = 366 * 24 * time.Hour

// problems lists what is wrong with the time; fields from and to.
func (a *Availability) problems(now time.Time) (ps problems) {
	switch {
	case a.Kind != AvailFree && a.Kind != AvailLeave:
		ps.add("kind", "请选择有空还是请假。")
	case a.Starts.IsZero():
		ps.add("from", "请填写从什么时候开始。")
	case !a.Ends.After(a.Starts):
		ps.add("to", "结束应晚于开始。")
	case a.Ends.Sub(a.Starts) > maxAvailability:
		ps.add("to", "一次最多填一年，请检查年份。")
	case !a.Ends.After(now):
		ps.add("to", "这段时间已经过去，不用再填。")
	}
	return ps
}

// AddAvailability notes a free time or leave of a person, and returns the
// sessions the person has agreed to in it: leave does not undo a promise.
func (s *Store) AddAvailability(ctx context.Context, actor auth.Actor, person string, a Availability) (clash []Duty, err error) {
	defer errs.Wrap(&err, "add availability of %s", person)
	if err := actor.Must(auth.Sessions); err != nil {
		return nil, err
	}
	if err := oursPerson(ctx, s.db.Reader(), actor, person, false); err != nil {
		return nil, err
	}
	return s.addAvailability(ctx, actor, person, a)
}

// AddOwnAvailability is the same by personal link.
func (s *Store) AddOwnAvailability(ctx context.Context, g Guest, a Availability) (clash []Duty, err error) {
	defer errs.Wrap(&err, "add own availability of %s", g.ID)
	return s.addAvailability(ctx, g.actor(), g.ID, a)
}

func (s *Store) addAvailability(ctx context.Context, actor auth.Actor, person string, a Availability) ([]Duty, error) {
	if err := a.problems(s.now()).err(); err != nil {
		return nil, err
	}
	err := s.db.Update(ctx, func(ctx context.Context, tx *db.Tx) error {
		if _, err := s.getPerson(ctx, tx, "p.id = $1", person); err != nil {
			return err
		}
		_, err := db.Exec(ctx, tx, `INSERT INTO availability (id, practitioner, kind, starts_at, ends_at, created_at, created_by)
			VALUES ($1, $2, $3, $4, $5, $6, $7)`, db.NewID(), person, a.Kind, a.Starts.UnixMilli(), a.Ends.UnixMilli(), s.now().UnixMilli(), actor.ID)
		if err != nil {
			return err
		}
		s.ledger.Record(tx, actor.Entry("person.availability", personContext(person), "登记"+a.Kind.Label()+"："+a.When()))
		return nil
	})
	if err != nil || a.Kind == AvailFree {
		return nil, err
	}
	return s.duties(ctx, s.db.Reader(), `a.practitioner = $1 AND a.state IN ('accepted', 'moved') AND s.starts_at < $3 AND s.ends_at > $2`,
		person, a.Starts.UnixMilli(), a.Ends.UnixMilli())
}

// DropAvailability takes an entry back; one that is gone is no error.
func (s *Store) DropAvailability(ctx context.Context, actor auth.Actor, person, id string) (err error) {
	defer errs.Wrap(&err, "drop availability %s", id)
	if err := actor.Must(auth.Sessions); err != nil {
		return err
	}
	if err := oursPerson(ctx, s.db.Reader(), actor, person, false); err != nil {
		return err
	}
	return s.dropAvailability(ctx, actor, person, id)
}

// DropOwnAvailability is the same by personal link.
func (s *Store) DropOwnAvailability(ctx context.Context, g Guest, id string) (err error) {
	defer errs.Wrap(&err, "drop own availability %s", id)
	return s.dropAvailability(ctx, g.actor(), g.ID, id)
}

func (s *Store) dropAvailability(ctx context.Context, actor auth.Actor, person, id string) error {
	return s.db.Update(ctx, func(ctx context.Context, tx *db.Tx) error {
		n, err := db.Exec(ctx, tx, `DELETE FROM availability WHERE id = $1 AND practitioner = $2`, id, person)
		if err != nil || n == 0 {
			return err
		}
		s.ledger.Record(tx, actor.Entry("person.availability", personContext(person), "删去一段有空或请假时间"))
		return nil
	})
}

// Availability lists what has not passed, soonest first.
func (s *Store) Availability(ctx context.Context, person string) (_ []Availability, err error) {
	defer errs.Wrap(&err, "availability of %s", person)
	return s.availability(ctx, s.db.Reader(), `practitioner = $1 AND ends_at > $2`, person, s.now().UnixMilli())
}

func (s *Store) availability(ctx context.Context, q db.Queryer, where string, args ...any) ([]Availability, error) {
	var rows []struct {
		ID       string           `db:"id"`
		Kind     AvailabilityKind `db:"kind"`
		StartsAt int64            `db:"starts_at"`
		EndsAt   int64            `db:"ends_at"`
	}
	err := db.Select(ctx, q, &rows, `SELECT id, kind, starts_at, ends_at FROM availability WHERE `+where+` ORDER BY starts_at, id`, args...)
	if err != nil {
		return nil, err
	}
	list := make([]Availability, len(rows))
	for i, r := range rows {
		list[i] = Availability{ID: r.ID, Kind: r.Kind, Starts: local(r.StartsAt), Ends: local(r.EndsAt)}
	}
	return list, nil
}
