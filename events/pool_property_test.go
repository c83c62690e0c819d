package events_test

import (
	"time"

	"pgregory.net/rapid"

	"github.com/songfa/songfa/events"
)

// modelPool are places kept for a group, on paper.
type modelPool struct {
	code, name string
	capacity   int
	falls      time.Time
}

func (m *model) pool(code string) *modelPool {
	for _, own := range m.pools {
		if own.code == code {
			return own
		}
	}
	return nil
}

// seatedFrom are the people who sit on places of a pool.
func (m *model) seatedFrom(own *modelPool) (n int) {
	for _, g := range m.in(events.RegConfirmed) {
		if g.seated == own.code {
			n += g.party
		}
	}
	return n
}

func (m *model) keptBy(own *modelPool) int {
	if !m.now().Before(own.falls) {
		return 0
	}
	return own.capacity - m.seatedFrom(own)
}

// kept are the places of all pools that nobody else may take.
func (m *model) kept() (n int) {
	for _, own := range m.pools {
		n += m.keptBy(own)
	}
	return n
}

// has reports that a pool has a place for each of a party.
func (m *model) has(code string, party int) bool {
	own := m.pool(code)
	return own != nil && m.keptBy(own) >= party
}

// waits reports that somebody with the same code waits already.
func (m *model) waits(code string) bool {
	for _, g := range m.in(events.RegWaiting) {
		if g.pool == code {
			return true
		}
	}
	return false
}

// shift moves the falls along with the session, but for places that have been
// given to everybody.
func (m *model) shift(by time.Duration) {
	for _, own := range m.pools {
		if !m.now().Before(own.falls) && !m.postponed {
			continue
		}
		was := own.falls
		own.falls = own.falls.Add(by)
		if m.capacity > 0 && m.taken()+m.kept() > m.capacity {
			own.falls = was
		}
	}
}

// poolGuest is a guest who came by a group's link.
func poolGuest(session string, n, party int, pool string) events.SignUp {
	f := guest(session, n, party)
	f.Pool = pool
	return f
}

// poolCode is what a form is sent with: nothing, the code of a pool, or one of no
// pool.
func (p *play) poolCode() string {
	codes := []string{"", "nobody"}
	for _, own := range p.m.pools {
		codes = append(codes, own.code, own.code)
	}
	return rapid.SampledFrom(codes).Draw(p.T, "pool")
}

// keep keeps places for a new group, or others for one that has some.
func (p *play) keep() {
	name := rapid.SampledFrom([]string{"本厂职工", "对面工地"}).Draw(p.T, "group")
	var own *modelPool
	for _, is := range p.m.pools {
		if is.name == name {
			own = is
		}
	}
	next := modelPool{name: name}
	if own != nil {
		next = *own
	}
	taken := p.m.seatedFrom(&next)
	if own == nil {
		taken = 0
	}
	next.capacity = max(1, taken, rapid.IntRange(1, 6).Draw(p.T, "kept"))
	next.falls = p.k.now.Add(time.Duration(rapid.IntRange(1, 20).Draw(p.T, "hours")) * time.Hour).Truncate(time.Minute)
	free := p.m.capacity - p.m.taken() - p.m.kept() + taken
	if own != nil {
		free += p.m.keptBy(own)
	}
	var saved events.Session
	done := p.do("keep", func(s events.Session) (_ events.Session, err error) {
		saved, err = p.k.SetPool(p.k.Context(), coordinator, s.ID, s.Version, events.PoolForm{Code: next.code, Name: name, Capacity: next.capacity, Falls: next.falls})
		return saved, err
	})
	if want := !p.m.over && p.m.capacity > 0 && next.capacity <= free; done != want {
		p.Fatalf("kept %d of %d, %d taken, %d free: %v", next.capacity, p.m.capacity, p.m.taken(), free, done)
	}
	if !done {
		return
	}
	if own == nil {
		own = &modelPool{}
		p.m.pools = append(p.m.pools, own)
		for _, is := range saved.Pools {
			if is.Name == name {
				next.code = is.Code
			}
		}
	}
	*own = next
	p.m.settle()
}

// release gives a pool to everybody.
func (p *play) release() {
	if len(p.m.pools) == 0 {
		return
	}
	own := rapid.SampledFrom(p.m.pools).Draw(p.T, "pool")
	done := p.do("release", func(s events.Session) (events.Session, error) {
		return p.k.ReleasePool(p.k.Context(), coordinator, s.ID, s.Version, own.code)
	})
	if want := p.k.now.Before(own.falls); done != want {
		p.Fatalf("released a pool that falls at %s, now %s: %v", own.falls, p.k.now, done)
	}
	if done {
		own.falls = p.k.now
		p.m.settle()
	}
}

// later lets the clock run, and do what is due.
func (p *play) later() {
	hours := time.Duration(rapid.IntRange(1, 12).Draw(p.T, "later")) * time.Hour
	s := p.k.must(p.k.SessionByID(p.k.Context(), p.session.ID))
	if p.k.now.Add(hours + 3*time.Hour).After(s.Starts) {
		return // near the start nobody moves up
	}
	p.k.now = p.k.now.Add(hours)
	if _, err := p.k.Tick(p.k.Context()); err != nil {
		p.Fatal(err)
	}
	p.m.settle()
}

func (p *play) comparePools(s events.Session) {
	if free, counted := s.Free(p.k.now); counted && free != p.m.capacity-p.m.taken()-p.m.kept() {
		p.Fatalf("%d free, want %d - %d - %d", free, p.m.capacity, p.m.taken(), p.m.kept())
	}
	if len(s.Pools) != len(p.m.pools) {
		p.Fatalf("%d pools, want %d", len(s.Pools), len(p.m.pools))
	}
	for _, own := range p.m.pools {
		got, waiting := s.Pool(own.code), 0
		for _, g := range p.m.in(events.RegWaiting) {
			if g.pool == own.code {
				waiting++
			}
		}
		if got == nil || got.Taken != p.m.seatedFrom(own) || got.Waiting != waiting || got.Capacity != own.capacity || !got.Falls().Equal(own.falls) {
			p.Fatalf("pool %+v, want %+v with %d seated and %d waiting", got, own, p.m.seatedFrom(own), waiting)
		}
	}
}
