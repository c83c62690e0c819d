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
	// maxGathering is how long a transaction takes in those who come while it runs.
	maxGathering = 20 * time.Millisecond
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
func (l *queues) join(session string, a *ask, seat func(*crowd)) seating {
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
func (l *queues) serve(session string, seat func(*crowd)) {
	for {
		first := l.take(session, true, maxTogether)
		if first == nil {
			return
		}
		c := &crowd{asks: stillThere(first), more: func(n int) []*ask { return l.take(session, false, n) }}
		if len(c.asks) > 0 {
			seat(c)
		}
		for _, a := range append(first, c.joined...) {
			close(a.done)
		}
	}
}

// take is who stands in line now, nil for nobody. With leave an empty line is
// given up.
func (l *queues) take(session string, leave bool, n int) []*ask {
	l.mu.Lock()
	defer l.mu.Unlock()
	line := l.open[session]
	if len(line) == 0 {
		if leave {
			delete(l.open, session)
		}
		return nil
	}
	n = min(len(line), n)
	l.open[session] = line[n:len(line):len(line)]
	return line[:n]
}

// crowd are those who share a transaction.
type crowd struct {
	asks   []*ask
	joined []*ask // who came while it ran, also those who left again
	more   func(n int) []*ask
}

// grow lets those join who came meanwhile, and returns them; nobody once there
// are enough or the first have waited long enough for the others.
func (c *crowd) grow(began time.Time) []*ask {
	if c.more == nil || len(c.asks) >= maxTogether || time.Since(began) > maxGathering {
		return nil
	}
	came := c.more(maxTogether - len(c.asks))
	c.joined = append(c.joined, came...)
	here := stillThere(came)
	c.asks = append(c.asks, here...)
	return here
}

// seatTogether answers all of them in one transaction. A refusal is an answer
// and takes nobody with it; when the database itself objects, each is tried
// alone, so that only the one at fault hears of it.
func (s *Store) seatTogether(c *crowd) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(c.asks[0].ctx), maxSeating)
	defer cancel()
	err := s.seat(ctx, c)
	switch {
	case err == nil:
	case len(c.asks) > 1 && !errs.Is(err, errs.Unavailable):
		for _, a := range c.asks {
			s.seatTogether(&crowd{asks: []*ask{a}})
		}
	default:
		for _, a := range c.asks {
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
