package notify

import (
	"context"
	"errors"
	"time"
)

// Letter is one message to one person. It exists only while it is sent: it is
// the one place where text and telephone number stand together.
type Letter struct {
	ID    string // of the message: a gateway that has seen it sends nothing
	Kind  string
	Name  string
	Phone string // E.164, "" unknown
	Email string // "" unknown
	Title string
	Body  string
	Link  string // whole address of the page to look at, "" none
	ICS   []byte // the session as a calendar file, for channels that can carry one; nil none
}

// Sender is one way out.
type Sender interface {
	// Channel names it in the outbox: smtp, webhook.
	Channel() string
	// Reaches reports whether it could carry the letter at all.
	Reaches(Letter) bool
	// Send tries once. The error is Permanent when trying again is of no use.
	Send(context.Context, Letter) error
}

// sendTime bounds one try, so that one dead server does not hold up the rest.
const sendTime = 20 * time.Second

// Permanent marks an error that trying again will not mend.
type Permanent struct{ Err error }

// Error is the marked error's.
func (p *Permanent) Error() string { return p.Err.Error() }

// Unwrap is the marked error.
func (p *Permanent) Unwrap() error { return p.Err }

// IsPermanent reports whether trying again is of no use.
func IsPermanent(err error) bool {
	var p *Permanent
	return errors.As(err, &p)
}
