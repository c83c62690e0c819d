package events

import (
	"time"

	"github.com/songfa/songfa/internal/errs"
)

// This file decides, without a database, who gets a place. The rules are those
// published with every session: first come, first served, and nobody overtakes
// the queue.

// noPromotion is how long before the start the queue stands still: free places
// then go to whoever walks in.
const noPromotion = 2 * time.Hour

// places are the counters of a session. The zero capacity has no limit.
type places struct {
	capacity int // people, 0 without limit
	taken    int // people
	waiting  int // entries in the queue, whatever their party
	waitCap  int // entries
	waitSeq  int // last number drawn
	fitFirst bool
}

func (p places) fits(party int) bool { return p.capacity == 0 || p.taken+party <= p.capacity }

// seat gives a party its places, or the next number of the queue. While somebody
// waits nobody is seated: a free place belongs to the first of the queue.
func (p *places) seat(party int) (state RegistrationState, waitPos int, ok bool) {
	switch {
	case p.waiting == 0 && p.fits(party):
		p.taken += party
		return RegConfirmed, 0, true
	case p.waiting < p.waitCap:
		p.waiting++
		p.waitSeq++
		return RegWaiting, p.waitSeq, true
	}
	return "", 0, false
}

// release takes a sign-up, or part of its party, out of the counters.
func (p *places) release(state RegistrationState, party int, whole bool) {
	switch {
	case state == RegConfirmed:
		p.taken -= party
	case state == RegWaiting && whole:
		p.waiting--
	}
}

// window says whether a session takes sign-ups at this moment.
type window struct {
	state    State
	from, to time.Time // from may be zero
	ends     time.Time
	level    VerifyLevel // that it asks for
}

// open is nil while sign-ups are taken. Staff may still sign somebody up after
// the public window, until the end.
func (w window) open(now time.Time, staff bool) error {
	switch {
	case w.state == Postponed:
		return errs.New(errs.Conflict, "这一场延期了，新的时间还没有定，暂不接受报名。", "session is postponed")
	case w.state == Cancelled || w.state == NotHeld:
		return errs.New(errs.Conflict, "这一场已取消，不再接受报名。请看看其他场次。", "session is %s", w.state)
	case w.state != Published || !now.Before(w.ends):
		return errs.New(errs.Conflict, "这一场的报名已经截止。请看看其他场次。", "session is %s, ends %s", w.state, w.ends)
	case staff:
		return nil
	case now.Before(w.from):
		return errs.New(errs.Conflict, "报名还没有开始，"+w.from.In(Zone).Format("1月2日 15:04")+" 起可以报名。", "sign-up opens %s", w.from)
	case !now.Before(w.to):
		return errs.New(errs.Conflict, "这一场的报名已经截止。名额有余时可直接到现场。", "sign-up closed %s", w.to)
	case w.level > VerifyNone:
		return errs.New(errs.Conflict, "这一场的报名要由工作人员核实，请拨打页面上的电话报名。", "session asks for level %d", w.level)
	}
	return nil
}

// book is all that one transaction has to know to answer those who ask for
// places of one session. It keeps itself up to date while they are answered.
type book struct {
	pooled
	window
	rules Rules
	known map[string]registrationRow // by idempotency key
	facts map[fact]int
}

// fact is something counted about a key, a phone or an address.
type fact struct {
	Kind  string `db:"kind"`
	Value string `db:"value"`
}

// The kinds of facts.
const (
	factKey     = "key"     // the key was used before
	factHere    = "here"    // the phone is signed up for this session
	factToday   = "today"   // live sign-ups the phone made today
	factAddress = "address" // sign-ups from the address in the last hour
)

// seating is the answer to one who asks for places.
type seating struct {
	row      registrationRow // filled in, or the one of the first answer
	position int             // in the queue; only of a new entry
	replayed bool
	err      error
}

func refuse(err error) seating { return seating{err: err} }

// decide answers a sign-up and counts it.
func (b *book) decide(row registrationRow) seating {
	if key := row.key(); key != "" {
		if first, ok := b.known[key]; ok {
			return first.again(row)
		}
	}
	staff := Origin(row.Origin) != FromWeb
	if err := b.refusal(row, staff); err != nil {
		return refuse(err)
	}
	if b.capacity > 0 && row.Party > b.capacity {
		return refuse(errs.New(errs.Conflict, "这一场的名额没有这么多，请减少人数。", "party %d of capacity %d", row.Party, b.capacity))
	}
	if b.pool(row.Pool) == nil { // a code of no pool of this session is none
		row.Pool = ""
	}
	state, pos, seated, ok := b.seat(row.Pool, row.Party)
	if !ok {
		return refuse(errs.New(errs.Conflict, "这一场的名额和候补都已经满了。请看看其他场次，或拨打 12348 咨询。", "session is full"))
	}
	row.State, row.Seated = state, seated
	if state == RegWaiting {
		row.WaitPos = &pos
	}
	b.note(row)
	return seating{row: row, position: b.positionOf(state)}
}

// positionOf is the place of who came last.
func (b *book) positionOf(state RegistrationState) int {
	if state == RegWaiting {
		return b.waiting
	}
	return 0
}

// refusal are the rules that have nothing to do with places.
func (b *book) refusal(row registrationRow, staff bool) error {
	if err := b.open(b.now, staff); err != nil {
		return err
	}
	phone := row.phone()
	today, hour := b.facts[fact{factToday, phone}], b.facts[fact{factAddress, row.IPHash}]
	switch {
	case phone != "" && b.facts[fact{factHere, phone}] > 0:
		return errs.New(errs.Conflict, "这个号码已经报过这一场。请凭报名码和手机号后四位查询或取消。", "phone is signed up already")
	case !staff && phone != "" && today >= b.rules.PhoneDaily:
		return errs.New(errs.TooMany, "这个号码今天已报了几场，明天再来报别的场次吧；急事请拨打 12348。", "phone has %d sign-ups today", today)
	case row.IPHash != "" && hour >= b.rules.AddressHourly:
		return errs.New(errs.TooMany, "同一个网络报名太多了，请过一小时再试，或换用手机流量；也可以拨打页面上的电话报名。", "address has %d sign-ups", hour)
	}
	return nil
}

// note makes the next decision of the same transaction see this one.
func (b *book) note(row registrationRow) {
	if key := row.key(); key != "" {
		b.known[key] = row
	}
	b.facts[fact{factHere, row.phone()}]++
	b.facts[fact{factToday, row.phone()}]++
	b.facts[fact{factAddress, row.IPHash}]++
}

// again answers a key that was used before: the same form gets the same answer,
// another form is a mistake of the client's.
func (r registrationRow) again(next registrationRow) seating {
	if r.IdemHash == "" || r.IdemHash != next.IdemHash || r.Session != next.Session {
		return refuse(errs.New(errs.Conflict, "这张表单已经提交过，内容与这次不同。要改报名请先凭报名码取消，再打开新的报名页。", "idempotency key was used with another body"))
	}
	return seating{row: r, replayed: true}
}
