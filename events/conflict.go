package events

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/errs"
)

// ConflictKind says what stands against a time.
type ConflictKind string

// The kinds of conflict.
const (
	ConflictVenue     ConflictKind = "venue"     // the venue is held or booked
	ConflictPerson    ConflictKind = "person"    // somebody is booked elsewhere, travel included
	ConflictCapacity  ConflictKind = "capacity"  // more people than the venue holds
	ConflictDuplicate ConflictKind = "duplicate" // the same unit has asked for the day
	ConflictHoliday   ConflictKind = "holiday"   // 休
	ConflictLead      ConflictKind = "lead"      // too few working days ahead
	ConflictRival     ConflictKind = "rival"     // another request wishes for the same venue and time
)

// Conflict is one thing that stands against a session at a time, told before
// anybody clicks.
type Conflict struct {
	Kind         ConflictKind
	Block        bool   // refuses the step; else it only warns
	Message      string // Chinese, whole sentences
	Session      string // id of the other session, "" when there is none
	No, Title    string // of the other session
	Starts, Ends time.Time
	Resource     string // name of the venue; id of the person
}

// ConflictQuery asks what stands against a time and a place.
type ConflictQuery struct {
	Session      string // id that is asked for, whose own bookings do not count; "" for a new one
	Starts, Ends time.Time
	Venue        string     // id, "" when none of the list
	Unit         string     // id of the organizer, "" the bureau itself
	Place        string     // venue as typed, for duplicates
	Expected     int        // people, and places
	People       []string   // practitioner ids
	For          auth.Actor // who reads it: sessions of other towns are not named
}

// queryOf asks about a session as it stands.
func queryOf(actor auth.Actor, se Session) ConflictQuery {
	return ConflictQuery{For: actor, Session: se.ID, Starts: se.Starts, Ends: se.Ends, Venue: se.VenueID, Unit: se.Unit, Place: se.Venue,
		Expected: max(se.Expected, se.Capacity)}
}

// Conflicts lists what stands against the time, what blocks first.
func (s *Store) Conflicts(ctx context.Context, actor auth.Actor, q ConflictQuery) (_ []Conflict, err error) {
	defer errs.Wrap(&err, "conflicts of %q", q.Session)
	if err := actor.Must(auth.Sessions); err != nil {
		return nil, err
	}
	if err := oursBy(ctx, s.db.Reader(), actor, townOfSession, q.Session); err != nil {
		return nil, err
	}
	q.For = actor
	return s.conflicts(ctx, s.db.Reader(), q)
}

func (s *Store) conflicts(ctx context.Context, q db.Queryer, c ConflictQuery) ([]Conflict, error) {
	days, err := selectDays(ctx, q)
	if err != nil {
		return nil, err
	}
	list := s.dayConflicts(NewCalendar(days), c)
	for _, find := range []func(context.Context, db.Queryer, ConflictQuery) ([]Conflict, error){
		venueConflicts, s.personConflicts, duplicateConflicts,
	} {
		some, err := find(ctx, q, c)
		if err != nil {
			return nil, err
		}
		list = append(list, some...)
	}
	slices.SortStableFunc(list, func(a, b Conflict) int { return cmp.Compare(rank(a), rank(b)) })
	return list, nil
}

func rank(c Conflict) int {
	if c.Block {
		return 0
	}
	return 1
}

func (s *Store) dayConflicts(cal *Calendar, c ConflictQuery) (list []Conflict) {
	if d, ok := cal.Day(c.Starts); ok && d.Kind != WorkDay {
		list = append(list, Conflict{Kind: ConflictHoliday, Message: dayInWords(c.Starts) + "是" + d.Name + "放假。"})
	}
	if earliest := cal.AddWorkingDays(s.now(), s.rules.LeadDays); dateOf(c.Starts) < dateOf(earliest) {
		list = append(list, Conflict{Kind: ConflictLead, Message: fmt.Sprintf("离今天不足 %d 个工作日，人和材料要抓紧。", s.rules.LeadDays)})
	}
	return list
}

func venueConflicts(ctx context.Context, q db.Queryer, c ConflictQuery) (list []Conflict, err error) {
	if c.Venue == "" {
		return nil, nil
	}
	v, err := getVenue(ctx, q, c.Venue)
	if err != nil {
		return nil, err
	}
	if v.Capacity > 0 && c.Expected > v.Capacity {
		list = append(list, Conflict{Kind: ConflictCapacity, Block: true, Resource: v.Name,
			Message: fmt.Sprintf("“%s”能坐 %d 人，这一场要 %d 人，请换场地或者减少人数。", v.Name, v.Capacity, c.Expected)})
	}
	if !v.Exclusive {
		return list, nil
	}
	b := Booking{Session: c.Session, Kind: BookVenue, Resource: v.ID, Starts: c.Starts, Ends: c.Ends}
	taken, err := overlapping(ctx, q, b)
	if err != nil {
		return nil, err
	}
	for _, other := range bookingsSeenBy(c.For, taken) {
		list = append(list, other.conflict(ConflictVenue, true))
	}
	wishes, err := wishing(ctx, q, b)
	for _, other := range bookingsSeenBy(c.For, wishes) {
		list = append(list, other.conflict(ConflictRival, false))
	}
	return list, err
}

// conflict is the booking as it stands in somebody's way.
func (b Booking) conflict(kind ConflictKind, block bool) Conflict {
	name := b.Name
	if b.Kind == BookPerson {
		name = b.Resource
	}
	return Conflict{Kind: kind, Block: block, Message: b.sentence(), Session: b.Session, No: b.No, Title: b.Title,
		Starts: b.Starts, Ends: b.Ends, Resource: name}
}

// personConflicts lists where the people are at the time, the way included: the
// bookings of others reach as far as their next place.
func (s *Store) personConflicts(ctx context.Context, q db.Queryer, c ConflictQuery) (list []Conflict, err error) {
	for _, p := range c.People {
		busy, err := overlapping(ctx, q, Booking{Session: c.Session, Kind: BookPerson, Resource: p, Starts: c.Starts, Ends: c.Ends.Add(s.rules.buffer())})
		if err != nil {
			return nil, err
		}
		for _, other := range bookingsSeenBy(c.For, busy) {
			list = append(list, other.conflict(ConflictPerson, true))
		}
	}
	return list, nil
}

func duplicateConflicts(ctx context.Context, q db.Queryer, c ConflictQuery) (list []Conflict, err error) {
	if c.Unit == "" {
		return nil, nil
	}
	twins, err := twins(ctx, q, c, c.Unit)
	for _, se := range twins {
		if !c.For.InTown(se.Town) {
			list = append(list, Conflict{Kind: ConflictDuplicate, Title: elsewhere, Starts: se.Starts, Ends: se.Ends,
				Message: "同一单位当天在同一地点还有别的镇街安排的一场。"})
			continue
		}
		list = append(list, Conflict{Kind: ConflictDuplicate, Session: se.ID, No: se.No, Title: se.Title, Starts: se.Starts, Ends: se.Ends,
			Message: fmt.Sprintf("同一单位当天在同一地点还有《%s》（%s，%s）。", se.Title, se.No, se.State.Label())})
	}
	return list, err
}

// settled refuses what blocks, and what warns of one of the kinds unless there
// is a reason.
func settled(list []Conflict, override string, kinds ...ConflictKind) error {
	var warned []string
	for _, c := range list {
		switch {
		case c.Block:
			return errs.New(errs.Conflict, c.Message+tip(c.Kind), "%s conflict with session %q", c.Kind, c.Session)
		case slices.Contains(kinds, c.Kind):
			warned = append(warned, c.Message)
		}
	}
	if len(warned) > 0 && override == "" {
		return errs.Bad("override", strings.Join(warned, "")+"仍要这样办，请写明原因。")
	}
	return nil
}

func tip(k ConflictKind) string {
	switch k {
	case ConflictVenue:
		return "请换一个时间或场地。"
	case ConflictPerson:
		return "请换人，或者换一个时间。"
	}
	return ""
}
