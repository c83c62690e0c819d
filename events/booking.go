package events

import "time"

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

// Booking is one resource for one session at one time.
type Booking struct {
	ID       string
	Session  string
	Kind     BookingKind
	Resource string // id of the venue or practitioner
	Name     string // of the resource, as people call it
	Rank     int    // of the wish it came from; 0: the session's own time
	Starts   time.Time
	Ends     time.Time // for people this includes the way to the next place
	Status   BookingStatus
	Until    time.Time // when a hold lapses
}
