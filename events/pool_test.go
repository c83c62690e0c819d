package events

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

var poolNow = time.Date(2026, 11, 24, 9, 0, 0, 0, Zone)

// hall is a session of ten places, four of them kept for the host.
func hall(taken, waiting, poolTaken int, falls time.Time) pooled {
	return pooled{places: places{capacity: 10, taken: taken, waiting: waiting, waitCap: 3, waitSeq: waiting},
		pools: []Pool{{Code: "host", Capacity: 4, Taken: poolTaken, FallsAt: falls.UnixMilli()}}, now: poolNow}
}

func TestPoolSeats(t *testing.T) {
	later, before := poolNow.Add(time.Hour), poolNow
	for _, c := range []struct {
		name   string
		in     pooled
		code   string
		party  int
		state  RegistrationState
		seated string
		ok     bool
	}{
		{"the host's people take kept places", hall(0, 0, 0, later), "host", 2, RegConfirmed, "host", true},
		{"a queue does not keep them from those", hall(6, 2, 0, later), "host", 4, RegConfirmed, "host", true},
		{"a party is not split", hall(3, 0, 3, later), "host", 2, RegConfirmed, "", true},
		{"others stop before the kept places", hall(6, 0, 0, later), "", 1, RegWaiting, "", true},
		{"an unknown code is an ordinary sign-up", hall(6, 0, 0, later), "guest", 1, RegWaiting, "", true},
		{"a full pool waits with everybody", hall(10, 0, 4, later), "host", 1, RegWaiting, "", true},
		{"kept places fall at the time", hall(6, 0, 0, before), "", 4, RegConfirmed, "", true},
		{"a fallen pool keeps nothing for its code", hall(6, 1, 0, before), "host", 1, RegWaiting, "", true},
		{"a full queue refuses", hall(6, 3, 0, later), "", 1, "", "", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			state, _, seated, ok := c.in.seat(c.code, c.party)
			if state != c.state || seated != c.seated || ok != c.ok {
				t.Errorf("got %q from %q, %v; want %q from %q, %v", state, seated, ok, c.state, c.seated, c.ok)
			}
		})
	}
}

func TestPoolPlaceComesBackToItsOwnQueue(t *testing.T) {
	p := hall(10, 2, 4, poolNow.Add(time.Hour))
	p.pools[0].Waiting = 1
	p.release(RegConfirmed, "host", "host", 1, true)
	up := p.promote([]waiter{{ID: "a", Party: 1, Pool: ""}, {ID: "b", Party: 1, Pool: "host"}})
	if len(up) != 1 || up[0].ID != "b" || up[0].seated != "host" {
		t.Fatalf("promoted %+v, want b from host", up)
	}
	p.release(RegConfirmed, "host", "host", 1, true)
	p.now = p.pools[0].Falls()
	if up = p.promote([]waiter{{ID: "a", Party: 1, Pool: ""}}); len(up) != 1 || up[0].ID != "a" || up[0].seated != "" {
		t.Fatalf("promoted %+v after the fall, want a from the common places", up)
	}
}

func TestNobodyOvertakesWithinAPool(t *testing.T) {
	p := hall(9, 1, 3, poolNow.Add(time.Hour))
	p.pools[0].Waiting = 1 // a party of two, one place is kept
	if state, _, seated, _ := p.seat("host", 1); state != RegWaiting || seated != "" {
		t.Errorf("got %q from %q, want the queue", state, seated)
	}
}

// TestPoolsNeverOverbook plays any steps, and adds up by hand after each.
func TestPoolsNeverOverbook(t *testing.T) {
	type guest struct {
		w      waiter
		state  RegistrationState
		seated string
	}
	rapid.Check(t, func(t *rapid.T) {
		a, b := rapid.IntRange(0, 4).Draw(t, "a"), rapid.IntRange(0, 4).Draw(t, "b")
		p := pooled{places: places{capacity: a + b + rapid.IntRange(1, 5).Draw(t, "common"), waitCap: 4, fitFirst: rapid.Bool().Draw(t, "fit first")},
			pools: []Pool{{Code: "a", Capacity: a, FallsAt: poolNow.Add(time.Hour).UnixMilli()}, {Code: "b", Capacity: b, FallsAt: poolNow.Add(2 * time.Hour).UnixMilli()}}, now: poolNow}
		var guests []*guest
		code := rapid.SampledFrom([]string{"", "a", "b", "x"})
		promote := func() {
			var queue []waiter
			for _, g := range guests {
				if g.state == RegWaiting {
					queue = append(queue, g.w)
				}
			}
			for _, up := range p.promote(queue) {
				for _, g := range guests {
					if g.w.WaitPos == up.WaitPos && g.state == RegWaiting {
						g.state, g.seated = RegConfirmed, up.seated
					}
				}
			}
		}
		t.Repeat(map[string]func(*rapid.T){
			"sign up": func(t *rapid.T) {
				g := &guest{w: waiter{Party: rapid.IntRange(1, 3).Draw(t, "party"), Pool: code.Draw(t, "code")}}
				if state, pos, seated, ok := p.seat(g.w.Pool, g.w.Party); ok {
					g.state, g.w.WaitPos, g.seated = state, pos, seated
					guests = append(guests, g)
				}
			},
			"cancel": func(t *rapid.T) {
				if len(guests) == 0 {
					t.Skip("nobody")
				}
				g := rapid.SampledFrom(guests).Draw(t, "guest")
				p.release(g.state, g.w.Pool, g.seated, g.w.Party, true)
				g.state = RegCancelledByUser
				promote()
			},
			"an hour later": func(*rapid.T) { p.now = p.now.Add(time.Hour); promote() },
			"": func(t *rapid.T) {
				taken, waiting, from, waits := 0, 0, map[string]int{}, map[string]int{}
				for _, g := range guests {
					switch g.state {
					case RegConfirmed:
						taken, from[g.seated] = taken+g.w.Party, from[g.seated]+g.w.Party
						if g.seated != "" && g.seated != g.w.Pool {
							t.Fatalf("%q sits on a place kept for %q", g.w.Pool, g.seated)
						}
					case RegWaiting:
						waiting++
						waits[g.w.Pool]++
					}
				}
				kept := 0
				for _, own := range p.pools {
					if own.Taken != from[own.Code] || own.Taken > own.Capacity || own.Waiting != waits[own.Code] {
						t.Fatalf("pool %+v, %d seated from it, %d wait", own, from[own.Code], waits[own.Code])
					}
					if p.now.Before(own.Falls()) {
						kept += own.Capacity - own.Taken
					}
				}
				if taken != p.taken || waiting != p.waiting || taken+kept > p.capacity {
					t.Fatalf("counted %d taken, %d kept, %d waiting; have %+v", taken, kept, waiting, p.places)
				}
			},
		})
	})
}

// One server's clock is a second ahead and has given the kept places away.
func TestAClockBehindDoesNotOverbook(t *testing.T) {
	p := hall(8, 0, 0, poolNow.Add(time.Second))
	if state, _, seated, ok := p.seat("host", 3); state != RegWaiting || seated != "" || !ok {
		t.Errorf("got %q from %q with two places left, want the queue", state, seated)
	}
	if state, _, seated, _ := p.seat("host", 2); state != RegWaiting || seated != "" {
		t.Errorf("got %q from %q past the queue", state, seated)
	}
}
