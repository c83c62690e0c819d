package events_test

import (
	"cmp"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/songfa/songfa/events"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/db/dbtest"
	"github.com/songfa/songfa/internal/errs"
)

// modelGuest is one sign-up of the model.
type modelGuest struct {
	n      int // whose
	code   string
	party  int
	state  events.RegistrationState
	pool   string // code of kept places that was sent with the form
	seated string // code of the pool the places are from
}

// model is a session as anybody would keep it on paper: a list of guests in the
// order they came. It counts nothing; it adds up each time.
type model struct {
	guests             []*modelGuest
	capacity, queueCap int
	paused, fitFirst   bool
	postponed          bool
	over               bool // cancelled
	pools              []*modelPool
	now                func() time.Time
}

func (m *model) in(state events.RegistrationState) (list []*modelGuest) {
	for _, g := range m.guests {
		if g.state == state {
			list = append(list, g)
		}
	}
	return list
}

func (m *model) taken() (n int) {
	for _, g := range m.in(events.RegConfirmed) {
		n += g.party
	}
	return n
}

func (m *model) fits(party int) bool {
	return m.capacity == 0 || m.taken()+m.kept()+party <= m.capacity
}

// answer is the state that a sign-up gets, "" when it is refused, and the pool it
// is seated from.
func (m *model) answer(pool string, party int) (state events.RegistrationState, seated string) {
	waiting := len(m.in(events.RegWaiting))
	switch {
	case m.over || m.postponed || m.capacity > 0 && party > m.capacity:
		return "", ""
	case m.has(pool, party) && !m.waits(pool):
		return events.RegConfirmed, pool
	case waiting == 0 && m.fits(party):
		return events.RegConfirmed, ""
	case waiting < m.queueCap:
		return events.RegWaiting, ""
	}
	return "", ""
}

// settle moves people up from the queue.
func (m *model) settle() {
	if m.paused || m.postponed || m.over {
		return
	}
	stopped, all := make(map[string]bool), false
	for _, g := range m.in(events.RegWaiting) {
		switch {
		case !stopped[g.pool] && m.has(g.pool, g.party):
			g.state, g.seated = events.RegConfirmed, g.pool
		case !all && m.fits(g.party):
			g.state = events.RegConfirmed
		case !m.fitFirst:
			stopped[g.pool], all = true, true
		}
	}
}

// play runs the same steps on the store and on the model.
type play struct {
	*rapid.T
	k       *desk
	db      *db.DB
	session events.Session
	m       model
	next    *int // number of the next guest
}

func TestSignUpsAgreeWithTheModel(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		next, start := 0, k.now
		rapid.Check(t, func(rt *rapid.T) {
			k.now = start
			p := &play{T: rt, k: k, db: d, next: &next, m: model{now: func() time.Time { return k.now }}}
			p.m.capacity, p.m.queueCap = rapid.IntRange(0, 8).Draw(rt, "capacity"), rapid.IntRange(0, 4).Draw(rt, "queue")
			p.session = k.open(p.m.capacity, p.m.queueCap)
			for range rapid.IntRange(1, 20).Draw(rt, "steps") {
				p.step()
				p.compare()
			}
		})
		k.now = start.AddDate(0, 1, 0) // the clock of some sessions was ahead
		k.checkCounters()
	})
}

func (p *play) step() {
	step := rapid.SampledFrom([]func(){p.signUp, p.signUp, p.signUp, p.crowd, p.cancel, p.cancel, p.staffCancel, p.shrink,
		p.again, p.capacity, p.queue, p.move, p.postpone, p.cancelSession, p.keep, p.keep, p.release, p.later}).Draw(p.T, "step")
	step()
}

// do runs a step of staff on the session as it is now.
func (p *play) do(what string, run func(s events.Session) (events.Session, error)) bool {
	s := p.k.must(p.k.SessionByID(p.k.Context(), p.session.ID))
	_, err := run(s)
	if err != nil && !errs.Is(err, errs.Conflict) {
		p.Fatalf("%s: %v", what, err)
	}
	return err == nil
}

func (p *play) signUp() {
	*p.next++
	n, party, pool := *p.next, rapid.IntRange(1, events.MaxParty).Draw(p.T, "party"), p.poolCode()
	want, seated := p.m.answer(pool, party)
	reg, err := p.k.SignUp(p.k.Context(), poolGuest(p.session.ID, n, party, pool))
	switch {
	case err != nil && !errs.Is(err, errs.Conflict):
		p.Fatalf("sign up: %v", err)
	case reg.State != want:
		p.Fatalf("party of %d is %q, want %q (%v)", party, reg.State, want, err)
	case want != "":
		p.m.guests = append(p.m.guests, &modelGuest{n, reg.Code, party, reg.State, pool, seated})
	}
}

// crowd lets several people sign up at once. In which order they come nobody
// knows; the answers must be those of some order: first places, then the queue
// by position, then refusals.
func (p *play) crowd() {
	count, party := rapid.IntRange(2, 8).Draw(p.T, "crowd"), rapid.IntRange(1, 3).Draw(p.T, "party")
	pool := p.poolCode()
	answers := make([]events.Registration, count)
	failures := make([]error, count)
	var all sync.WaitGroup
	for i := range count {
		all.Go(func() {
			answers[i], failures[i] = p.k.SignUp(p.k.Context(), poolGuest(p.session.ID, *p.next+1+i, party, pool))
		})
	}
	all.Wait()
	order := make([]int, 0, count)
	for i, err := range failures {
		if err != nil && !errs.Is(err, errs.Conflict) {
			p.Fatalf("in the crowd: %v", err)
		}
		order = append(order, i)
	}
	rank := func(i int) int {
		switch answers[i].State {
		case events.RegConfirmed: // with a code the kept places go first
			if p.seatedFrom(answers[i].ID) != "" {
				return -1
			}
			return 0
		case events.RegWaiting:
			return answers[i].Position
		}
		return count + 100
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(rank(a), rank(b)) })
	for _, i := range order {
		want, seated := p.m.answer(pool, party)
		if answers[i].State != want {
			p.Fatalf("in the crowd: %q, want %q", answers[i].State, want)
		}
		if want != "" {
			p.m.guests = append(p.m.guests, &modelGuest{*p.next + 1 + i, answers[i].Code, party, want, pool, seated})
		}
	}
	*p.next += count
}

// seatedFrom reads from which pool a registration has its places: in a crowd
// nobody else knows who came first.
func (p *play) seatedFrom(id string) (code string) {
	if err := db.Get(p.k.Context(), p.db.Reader(), &code, `SELECT seated FROM registration WHERE id = $1`, id); err != nil {
		p.Fatal(err)
	}
	return code
}

// pick is any guest, also one who has cancelled.
func (p *play) pick() *modelGuest {
	if len(p.m.guests) == 0 {
		return nil
	}
	return rapid.SampledFrom(p.m.guests).Draw(p.T, "guest")
}

func (p *play) cancel() {
	g := p.pick()
	if g == nil {
		return
	}
	reg, err := p.k.CancelRegistration(p.k.Context(), g.code, last4(g.n), "")
	if err != nil || reg.State.Live() {
		p.Fatalf("cancel: %+v, %v", reg, err)
	}
	if g.state.Live() {
		g.state = events.RegCancelledByUser
	}
	p.m.settle()
}

func (p *play) staffCancel() {
	list, err := p.k.Registrations(p.k.Context(), coordinator, p.session.ID)
	if err != nil {
		p.Fatal(err)
	}
	if len(list) == 0 {
		return
	}
	reg := rapid.SampledFrom(list).Draw(p.T, "registration")
	got, err := p.k.CancelByStaff(p.k.Context(), coordinator, reg.ID, "来电取消")
	if err != nil || got.State.Live() {
		p.Fatalf("cancel by staff: %+v, %v", got, err)
	}
	for _, g := range p.m.guests {
		if full, err := p.k.Reveal(p.k.Context(), coordinator, reg.ID, "核对"); err != nil {
			p.Fatal(err)
		} else if full.Phone == fmt.Sprintf("+86138%08d", g.n) && g.state.Live() {
			g.state = events.RegCancelledByStaff
		}
	}
	p.m.settle()
}

func (p *play) shrink() {
	g := p.pick()
	if g == nil {
		return
	}
	party := rapid.IntRange(1, events.MaxParty).Draw(p.T, "smaller")
	_, err := p.k.ShrinkParty(p.k.Context(), g.code, last4(g.n), "", party)
	if g.state.Live() && party > g.party {
		if !errs.Is(err, errs.Conflict) {
			p.Fatalf("a party grew: %v", err)
		}
		return
	}
	if err != nil {
		p.Fatalf("shrink: %v", err)
	}
	if g.state.Live() && party < g.party {
		g.party = party
		p.m.settle()
	}
}

// again sends a form a second time.
func (p *play) again() {
	g := p.pick()
	if g == nil {
		return
	}
	f := poolGuest(p.session.ID, g.n, g.party, g.pool)
	reg, err := p.k.SignUp(p.k.Context(), f)
	if errs.Is(err, errs.Conflict) {
		return // the party was made smaller: the body of the first form was another
	}
	if err != nil || reg.Code != g.code || reg.State != g.state {
		p.Fatalf("the same form again: %+v, %v; want %+v", reg, err, g)
	}
}

func (p *play) capacity() {
	n := rapid.IntRange(0, 10).Draw(p.T, "capacity")
	changed := p.do("capacity", func(s events.Session) (events.Session, error) {
		return p.k.SetCapacity(p.k.Context(), coordinator, s.ID, s.Version, n)
	})
	if want := n == 0 && p.m.kept() == 0 || n > 0 && n >= p.m.taken()+p.m.kept(); changed != want {
		p.Fatalf("capacity %d with %d taken: changed %v", n, p.m.taken(), changed)
	}
	if changed {
		if p.m.capacity == 0 && n > 0 && p.m.queueCap == 0 {
			p.m.queueCap = 20 // a session that begins to count gets the usual list
		}
		p.m.capacity = n
		p.m.settle()
	}
}

func (p *play) queue() {
	q := events.Queue{Cap: rapid.IntRange(0, 4).Draw(p.T, "queue"), Paused: rapid.Bool().Draw(p.T, "paused"), FitFirst: rapid.Bool().Draw(p.T, "fit")}
	p.do("queue", func(s events.Session) (events.Session, error) {
		return p.k.SetQueue(p.k.Context(), coordinator, s.ID, s.Version, q)
	})
	p.m.queueCap, p.m.paused, p.m.fitFirst = q.Cap, q.Paused, q.FitFirst
	p.m.settle()
}

func (p *play) move() {
	days := rapid.IntRange(-2, 3).Draw(p.T, "days")
	p.do("move", func(s events.Session) (events.Session, error) {
		f, from := s.Form(), s.Starts
		f.Starts, f.Ends = f.Starts.AddDate(0, 0, days), f.Ends.AddDate(0, 0, days)
		if f.Starts.Before(p.k.now.Add(24 * time.Hour)) {
			return s, nil
		}
		s, err := p.k.SaveSession(p.k.Context(), coordinator, s.ID, s.Version, f)
		if err == nil {
			p.m.shift(f.Starts.Sub(from))
		}
		return s, err
	})
	p.m.settle()
}

func (p *play) postpone() {
	if p.m.over {
		return
	}
	if p.m.postponed {
		p.do("publish again", func(s events.Session) (events.Session, error) {
			return p.k.PublishSession(p.k.Context(), coordinator, s.ID, s.Version)
		})
		p.m.postponed = false
		p.m.settle()
		return
	}
	p.m.postponed = p.do("postpone", func(s events.Session) (events.Session, error) {
		return p.k.PostponeSession(p.k.Context(), coordinator, s.ID, s.Version, "台风")
	})
}

func (p *play) cancelSession() {
	if p.m.over || rapid.IntRange(0, 3).Draw(p.T, "mercy") > 0 {
		return
	}
	p.m.over = p.do("cancel session", func(s events.Session) (events.Session, error) {
		return p.k.CancelSession(p.k.Context(), coordinator, s.ID, s.Version, "台风")
	})
	for _, g := range p.m.guests {
		if g.state.Live() {
			g.state = events.RegSessionCancelled
		}
	}
}

// compare wants the list that staff see to be the model's, guest by guest.
func (p *play) compare() {
	list, err := p.k.Registrations(p.k.Context(), coordinator, p.session.ID)
	if err != nil {
		p.Fatal(err)
	}
	s := p.k.must(p.k.SessionByID(p.k.Context(), p.session.ID))
	waiting := p.m.in(events.RegWaiting)
	if len(list) != len(p.m.guests) || s.Taken != p.m.taken() || s.Waiting != len(waiting) || s.Capacity > 0 && s.Taken > s.Capacity {
		p.Fatalf("%d rows, %d taken of %d, %d waiting; the model has %d, %d, %d", len(list), s.Taken, s.Capacity, s.Waiting,
			len(p.m.guests), p.m.taken(), len(waiting))
	}
	p.comparePools(s)
	count := make(map[string]int)
	for _, g := range p.m.guests {
		count[fmt.Sprint(g.state, " ", g.party)]++
	}
	for _, reg := range list {
		count[fmt.Sprint(reg.State, " ", reg.Party)]--
		if reg.Position > 0 && waiting[reg.Position-1].party != reg.Party {
			p.Fatalf("at position %d waits a party of %d, want %d", reg.Position, reg.Party, waiting[reg.Position-1].party)
		}
	}
	for what, n := range count {
		if n != 0 {
			p.Fatalf("%s: %d more in the model", what, n)
		}
	}
}
