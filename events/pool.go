package events

import "time"

// This file decides, without a database, who gets the places that are kept for
// one group, such as the workers of the host.

// Pool are places of a session that are kept for those who come with its code,
// until it falls: then what is left belongs to everybody.
type Pool struct {
	Session  string `db:"session"` // id
	Code     string `db:"code"`    // in the link that the group gets
	Name     string `db:"name"`    // 本厂职工
	Capacity int    `db:"capacity"`
	Taken    int    `db:"taken"`   // people seated from it, part of the session's Taken
	Waiting  int    `db:"waiting"` // entries of the queue with its code
	FallsAt  int64  `db:"falls_at"`
	Fallen   bool   `db:"fallen"` // the clock has given what was left to the queue
}

// Falls is when what is left becomes everybody's.
func (p Pool) Falls() time.Time { return local(p.FallsAt) }

// Kept are the places nobody else may take at this moment.
func (p Pool) Kept(now time.Time) int {
	if p.Fallen || now.UnixMilli() >= p.FallsAt {
		return 0
	}
	return p.Capacity - p.Taken
}

func keptOf(pools []Pool, now time.Time) (n int) {
	for _, p := range pools {
		n += p.Kept(now)
	}
	return n
}

func findPool(pools []Pool, code string) *Pool {
	for i := range pools {
		if code != "" && pools[i].Code == code {
			return &pools[i]
		}
	}
	return nil
}

// Kept are the places that only those with the code of a pool can have.
func (s Session) Kept(now time.Time) int { return keptOf(s.Pools, now) }

// Pool is the pool with this code, nil when the session has none such.
func (s Session) Pool(code string) *Pool { return findPool(s.Pools, code) }

// pooled are the places of a session with those that are kept of them.
type pooled struct {
	places
	pools []Pool
	now   time.Time
}

// kept are the places of all pools that nobody else may take.
func (p *pooled) kept() int { return keptOf(p.pools, p.now) }

// common are the counters as those see them who come without a code.
func (p *pooled) common() places {
	c := p.places
	if c.capacity > 0 {
		c.taken += p.kept()
	}
	return c
}

func (p *pooled) pool(code string) *Pool { return findPool(p.pools, code) }

// fromPool seats a whole party on places kept for it. A party is never split
// between a pool and the common places: nobody could say where a smaller party
// gives back.
func (p *pooled) fromPool(code string, party int) bool {
	own := p.pool(code)
	if own == nil || own.Kept(p.now) < party || !p.fits(party) { // the last: a clock that is behind must not overbook
		return false
	}
	own.Taken += party
	p.taken += party
	return true
}

// seat gives a party places of its pool, else common ones, else a number of the
// queue. seated is the pool the places came from, "" the common ones. The common
// queue does not hold a pool back, those with the same code who wait do.
func (p *pooled) seat(code string, party int) (state RegistrationState, waitPos int, seated string, ok bool) {
	own := p.pool(code)
	if own != nil && own.Waiting == 0 && p.fromPool(code, party) {
		return RegConfirmed, 0, code, true
	}
	c := p.common()
	state, waitPos, ok = c.seat(party)
	p.adopt(c)
	if own != nil && state == RegWaiting {
		own.Waiting++
	}
	return state, waitPos, "", ok
}

// adopt takes over what the common rules have done.
func (p *pooled) adopt(c places) {
	if c.capacity > 0 {
		c.taken -= p.kept()
	}
	p.places = c
}

// release takes a sign-up, or part of its party, out of the counters. Places of a
// pool go back to it; once it has fallen that makes them common by itself. code is
// what the sign-up came with, seated where it got its places.
func (p *pooled) release(state RegistrationState, code, seated string, party int, whole bool) {
	p.places.release(state, party, whole)
	if own := p.pool(seated); own != nil && state == RegConfirmed {
		own.Taken -= party
	}
	if own := p.pool(code); own != nil && state == RegWaiting && whole {
		own.Waiting--
	}
}

// waiter is one entry of the queue.
type waiter struct {
	ID      string `db:"id"`
	Party   int    `db:"party"`
	WaitPos int    `db:"wait_pos"`
	Pool    string `db:"pool"` // the code it came with, "" none
}

// promotion is somebody who got places, from which pool, and the counters after
// it.
type promotion struct {
	waiter
	seated string
	after  places
}

// promote seats those who wait, in their order: those with a code on what their
// pool has got back, everybody on the common places. The first of a pool who does
// not fit stops the pool, and the first of all who does not fit stops the common
// places, even if a smaller party behind would fit; fitFirst is the coordinator's
// choice to pass over those.
func (p *pooled) promote(queue []waiter) (promoted []promotion) {
	stopped, common := make(map[string]bool), false
	for _, w := range queue {
		seated := ""
		switch c := p.common(); {
		case !stopped[w.Pool] && p.fromPool(w.Pool, w.Party):
			seated = w.Pool
		case !common && c.fits(w.Party):
			p.taken += w.Party
		default:
			stopped[w.Pool], common = !p.fitFirst, !p.fitFirst
			continue
		}
		p.waiting--
		if own := p.pool(w.Pool); own != nil {
			own.Waiting--
		}
		promoted = append(promoted, promotion{w, seated, p.places})
	}
	return promoted
}

// shift moves the fall with the session's start, so that "a day before" stays
// so. A pool that has given its places away already stays fallen; while a session
// is postponed nobody was there to take them, and they are kept again if they are
// still free.
func (p *pooled) shift(by time.Duration, wasPostponed bool) {
	for i := range p.pools {
		own := &p.pools[i]
		if own.FallsAt <= p.now.UnixMilli() && !wasPostponed {
			continue
		}
		was := *own
		own.FallsAt += by.Milliseconds()
		own.Fallen = own.Fallen && own.FallsAt <= p.now.UnixMilli()
		if p.capacity > 0 && p.taken+p.kept() > p.capacity {
			*own = was
		}
	}
}
