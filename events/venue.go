package events

import (
	"context"
	"time"

	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/errs"
)

// Venue is a place of the list (场地), which can be booked.
type Venue struct {
	ID         string `db:"id"`
	Version    int    `db:"version"`
	Name       string `db:"name"`
	Town       string `db:"town"` // code
	TownName   string `db:"town_name"`
	Address    string `db:"address"`
	Capacity   int    `db:"capacity"`   // 0: unknown
	Exclusive  bool   `db:"exclusive"`  // one session at a time; a fair hall may hold several
	Accessible bool   `db:"accessible"` // without steps
	Indoor     bool   `db:"indoor"`
	Note       string `db:"note"`
	Closed     bool   `db:"closed"` // no longer offered; old sessions keep it
}

// VenueFilter narrows the list of venues; zero fields do not.
type VenueFilter struct {
	Town   string     // code
	Closed bool       // also those no longer offered
	For    auth.Actor // of staff: only their towns and the district
}

const selectVenue = `SELECT v.id, v.version, v.name, v.town, COALESCE(t.name, '') AS town_name, v.address, v.capacity,
	v.exclusive, v.accessible, v.indoor, v.note, v.closed FROM venue v LEFT JOIN town t ON t.code = v.town `

// Venues lists them by town and name.
func (s *Store) Venues(ctx context.Context, f VenueFilter) (list []Venue, err error) {
	defer errs.Wrap(&err, "list venues")
	towns, more := inTownsOrNone(f.For, "v.town", 2)
	err = db.Select(ctx, s.db.Reader(), &list, selectVenue+`WHERE ($1 = '' OR v.town = $1) AND ($2 = TRUE OR v.closed = FALSE)`+towns+`
		ORDER BY COALESCE(t.ord, 0), v.name`, append([]any{f.Town, f.Closed}, more...)...)
	return list, err
}

// Venue finds one by id.
func (s *Store) Venue(ctx context.Context, id string) (_ Venue, err error) {
	defer errs.Wrap(&err, "venue %s", id)
	return getVenue(ctx, s.db.Reader(), id)
}

func getVenue(ctx context.Context, q db.Queryer, id string) (v Venue, err error) {
	err = db.Get(ctx, q, &v, selectVenue+`WHERE v.id = $1`, id)
	if errs.Is(err, errs.NotFound) {
		err = errs.New(errs.NotFound, "没有这个场地，请从列表中选择。", "%w", err)
	}
	return v, err
}

// problems clears up the venue and lists what is wrong with it.
func (v *Venue) problems() problems {
	for _, field := range []*string{&v.Name, &v.Town, &v.Address} {
		*field = oneLine(*field)
	}
	v.Note = paragraphs(v.Note)
	var ps problems
	ps.text("name", "场地名称", v.Name, 2, 60)
	ps.text("address", "地址", v.Address, 0, 120)
	ps.text("note", "说明", v.Note, 0, 500)
	if v.Capacity < 0 || v.Capacity > maxCapacity {
		ps.add("capacity", "能坐多少人应在 1 至 %d 之间，不清楚请留空。", maxCapacity)
	}
	return ps
}

// SaveVenue makes a venue when ID is "" and changes it otherwise. Whether it is
// exclusive goes for bookings from then on.
func (s *Store) SaveVenue(ctx context.Context, actor auth.Actor, v Venue) (_ Venue, err error) {
	defer errs.Wrap(&err, "save venue %q", v.Name)
	if err := actor.Must(auth.Sessions); err != nil {
		return Venue{}, err
	}
	if err := v.problems().err(); err != nil {
		return Venue{}, err
	}
	err = s.db.Update(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := checkPlace(ctx, tx, Session{Town: v.Town}); err != nil {
			return err
		}
		if err := mayChange(ctx, tx, actor, townOfVenue, v.ID, v.Town); err != nil {
			return err
		}
		saved, err := s.putVenue(ctx, tx, actor, v)
		if err != nil {
			return err
		}
		v.ID = saved
		s.ledger.Record(tx, actor.Entry("venue.save", "venue:"+saved, "保存场地“"+v.Name+"”"))
		return nil
	})
	if err != nil {
		return Venue{}, err
	}
	return s.Venue(ctx, v.ID)
}

func (s *Store) putVenue(ctx context.Context, tx *db.Tx, actor auth.Actor, v Venue) (id string, err error) {
	now := s.now().UnixMilli()
	if v.ID == "" {
		id = db.NewID()
		_, err = db.Exec(ctx, tx, `INSERT INTO venue (id, name, town, address, capacity, exclusive, accessible, indoor, closed, note,
			version, created_at, created_by, updated_at, updated_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 1, $11, $12, $11, $12)`,
			id, v.Name, v.Town, v.Address, v.Capacity, v.Exclusive, v.Accessible, v.Indoor, v.Closed, v.Note, now, actor.ID)
	} else {
		err = db.Get(ctx, tx, &id, `UPDATE venue SET name = $3, town = $4, address = $5, capacity = $6, exclusive = $7, accessible = $8,
			indoor = $9, closed = $10, note = $11, version = version + 1, updated_at = $12, updated_by = $13
			WHERE id = $1 AND version = $2 RETURNING id`,
			v.ID, v.Version, v.Name, v.Town, v.Address, v.Capacity, v.Exclusive, v.Accessible, v.Indoor, v.Closed, v.Note, now, actor.ID)
	}
	switch {
	case db.IsUnique(err):
		return "", errs.New(errs.Conflict, "这个镇街已经有叫“"+v.Name+"”的场地，请换一个名称，或者改那一个。", "%w", err)
	case errs.Is(err, errs.NotFound):
		return "", errs.New(errs.Conflict, "该场地已被他人修改，请对照新的内容后再保存。", "venue %s: version %d is stale", v.ID, v.Version)
	}
	return id, err
}

// VenueBookings lists who has the venue between two moments, wishes too.
func (s *Store) VenueBookings(ctx context.Context, actor auth.Actor, id string, from, to time.Time) (_ []Booking, err error) {
	defer errs.Wrap(&err, "bookings of venue %s", id)
	if _, err := s.VenueFor(ctx, actor, id); err != nil {
		return nil, err
	}
	list, err := selectBookings(ctx, s.db.Reader(), `WHERE b.kind = 'venue' AND b.resource = $1 AND b.status <> 'freed'
		AND b.from_at < $3 AND b.to_at > $2 ORDER BY b.from_at, b.id`, id, from.UnixMilli(), to.UnixMilli())
	return bookingsSeenBy(actor, list), err
}
