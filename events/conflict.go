package events

import (
	"context"
	"time"

	"github.com/songfa/songfa/internal/auth"
)

// ConflictKind says what stands against a time.
type ConflictKind string

// The kinds of conflict.
const (
	ConflictRival     ConflictKind = "rival"     // another request wishes for the same venue and time
	ConflictVenue     ConflictKind = "venue"     // the venue is held or booked
	ConflictPerson    ConflictKind = "person"    // somebody is booked elsewhere, travel included
	ConflictHoliday   ConflictKind = "holiday"   // 休, or 班 on a weekend
	ConflictDuplicate ConflictKind = "duplicate" // the same unit has asked for the day
	ConflictLead      ConflictKind = "lead"      // too few working days ahead
	ConflictCapacity  ConflictKind = "capacity"  // more people than the venue holds
)

// Conflict is one thing that stands against a session at a time, told before
// anybody clicks.
type Conflict struct {
	Kind         ConflictKind
	Block        bool   // refuses the step; else it warns and wants a reason
	Message      string // Chinese, whole
	Session      string // id of the other session, "" when there is none
	No, Title    string // of the other session
	Starts, Ends time.Time
	Resource     string // name of the venue or person
}

// ConflictQuery asks what stands against a time and a place.
type ConflictQuery struct {
	Session      string // id that is asked for, whose own bookings do not count; "" for a new one
	Starts, Ends time.Time
	Venue        string // id, "" when none of the list
	Unit         string // name of the organizer
	Place        string // venue as typed, for duplicates
	Town         string // code
	Expected     int
	People       []string // practitioner ids
}

// Conflicts lists what stands against the time, worst first.
func (s *Store) Conflicts(ctx context.Context, actor auth.Actor, q ConflictQuery) ([]Conflict, error) {
	return nil, errNotYet
}
