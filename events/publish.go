package events

import (
	"context"
	"time"

	"github.com/songfa/songfa/internal/auth"
)

// Publication is what is settled before a session is shown.
type Publication struct {
	SignUpFrom  time.Time // zero: from publication on
	SignUpUntil time.Time // zero: until it begins
	Reviewed    bool      // title and poster have been read by somebody
	Notice      string    // privacy notice, its version; "" is none chosen
}

// Schedule says that place and people are fixed: accepted → scheduled. override
// is the reason to go on in spite of warnings.
func (s *Store) Schedule(ctx context.Context, actor auth.Actor, id string, version int, override string) (Session, error) {
	return Session{}, errNotYet
}

// PreparePublication saves what PublishSession will check.
func (s *Store) PreparePublication(ctx context.Context, actor auth.Actor, id string, version int, p Publication) (Session, error) {
	return Session{}, errNotYet
}
