package events

import (
	"context"
	"sync"
	"time"

	"github.com/songfa/songfa/internal/errs"
)

const (
	// maxTogether bounds how many sign-ups share a transaction.
	maxTogether = 256
	// maxSeating bounds how long a transaction of sign-ups may take. It does not
	// end with one person's connection: the others are in it too.
	maxSeating = 30 * time.Second
)

// ask is one sign-up on its way to a place.
type ask struct {
	ctx     context.Context
	row     registrationRow
	seating seating
	done    chan struct{}
}

// queues hold those who ask for places, a line for each session. While one
// transaction runs the next ones gather and go together, in the order they came:
// a hot session costs one lock and one commit for all of them, on PostgreSQL as
// on SQLite.
type queues struct {
	mu   sync.Mutex
	open map[string][]*ask // a session without an entry has nobody serving it
}

// join waits in the session's line until seat has answered. Once in a
// transaction everybody gets the true outcome, even if ctx ends meanwhile: a
// person told "failed" must not find the thing done.
func (l *queues) join(session string, a *ask, seat func([]*ask)) seating {
	a.done = make(chan struct{})
	l.mu.Lock()
	if l.open == nil {
		l.open = make(map[string][]*ask)
	}
	line, served := l.open[session]
	l.open[session] = append(line, a)
	l.mu.Unlock()
	if !served {
		go l.serve(session, seat)
	}
	<-a.done
	return a.seating
}

// serve ends when the line is empty, so nothing has to be stopped.
func (l *queues) serve(session string, seat func([]*ask)) {
	for {
		together := l.next(session)
		if together == nil {
			return
		}
		seat(together)
		for _, a := range together {
			close(a.done)
		}
	}
}

func (l *queues) next(session string) []*ask {
	l.mu.Lock()
	defer l.mu.Unlock()
	line := l.open[session]
	if len(line) == 0 {
		delete(l.open, session)
		return nil
	}
	n := min(len(line), maxTogether)
	l.open[session] = line[n:len(line):len(line)]
	return line[:n]
}

// seatTogether answers all of them in one transaction. A refusal is an answer
// and takes nobody with it; when the database itself objects, each is tried
// alone, so that only the one at fault hears of it.
func (s *Store) seatTogether(asks []*ask) {
	asks = stillThere(asks)
	if len(asks) == 0 {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(asks[0].ctx), maxSeating)
	defer cancel()
	err := s.seat(ctx, asks)
	switch {
	case err == nil:
	case len(asks) > 1 && !errs.Is(err, errs.Unavailable):
		for _, a := range asks {
			s.seatTogether([]*ask{a})
		}
	default:
		for _, a := range asks {
			a.seating = refuse(err)
		}
	}
}

// stillThere leaves out those who went away while they stood in line.
func stillThere(asks []*ask) []*ask {
	var here []*ask
	for _, a := range asks {
		if err := a.ctx.Err(); err != nil {
			a.seating = refuse(errs.New(errs.Unavailable, "", "sign up: %w", err))
			continue
		}
		here = append(here, a)
	}
	return here
}
