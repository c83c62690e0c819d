package events

import (
	"context"
	"time"

	"github.com/songfa/songfa/internal/auth"
)

// Venue is a place of the list, which can be booked.
type Venue struct {
	ID         string
	Version    int
	Name       string
	Town       string // code
	TownName   string
	Address    string
	Capacity   int  // 0: unknown
	Exclusive  bool // one session at a time; a fair hall may hold several
	Accessible bool
	Indoor     bool
	Note       string
	Closed     bool // no longer offered; old sessions keep it
}

// VenueFilter narrows the list of venues; zero fields do not.
type VenueFilter struct {
	Town   string // code
	Closed bool   // also those no longer offered
}

// Venues lists them by town and name.
func (s *Store) Venues(ctx context.Context, f VenueFilter) ([]Venue, error) { return nil, errNotYet }

// Venue finds one by id.
func (s *Store) Venue(ctx context.Context, id string) (Venue, error) { return Venue{}, errNotYet }

// SaveVenue makes a venue when ID is "" and changes it otherwise.
func (s *Store) SaveVenue(ctx context.Context, actor auth.Actor, v Venue) (Venue, error) {
	return Venue{}, errNotYet
}

// VenueBookings lists who has the venue between two moments, wishes too.
func (s *Store) VenueBookings(ctx context.Context, id string, from, to time.Time) ([]Booking, error) {
	return nil, errNotYet
}
