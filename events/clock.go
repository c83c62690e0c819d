package events

import (
	"context"
	"time"

	"github.com/songfa/songfa/internal/auth"
)

// Ticked is what one turn of the clock did.
type Ticked struct {
	Held     int // published → held
	Archived int // verified → archived
	Lapsed   int // holds
	Expired  int // drafts
	Reminded int // messages
}

// Tick does what is due now. Any node may call it at any time and as often as it
// likes: what was done is not done again.
func (s *Store) Tick(ctx context.Context) (Ticked, error) { return Ticked{}, nil }

// Risk is a session somebody should look at today.
type Risk struct {
	Session Session
	Reason  string // Chinese
	Since   time.Time
}

// AtRisk lists published sessions with people who have not confirmed one day
// before, must-needs that are open, and outcomes that are owed.
func (s *Store) AtRisk(ctx context.Context, actor auth.Actor) ([]Risk, error) { return nil, nil }
