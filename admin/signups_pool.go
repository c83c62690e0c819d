package admin

import (
	"net/url"
	"time"

	"github.com/songfa/songfa/events"
)

// poolForm is places kept for a group, as typed.
type poolForm struct {
	Code                  string // of the one that is changed, "" a new one
	Name, Capacity, Falls string
}

// poolLine is a pool as the page shows it.
type poolLine struct {
	events.Pool
	Kept int
	Open bool   // not fallen
	Link string // to hand to the group
}

// eve is how long before the start the form proposes to let a pool fall.
const eve = 24 * time.Hour

// newPool is the form for another pool, with a time to begin with.
func newPool(s events.Session, now time.Time) poolForm {
	falls := s.Starts.Add(-eve)
	if falls.Before(now) {
		falls = s.Starts.Add(-2 * time.Hour)
	}
	return poolForm{Falls: stamp(falls, "2006-01-02T15:04")}
}

// pickPool fills the form with the pool that the address names.
func (p *signupsPage) pickPool(code string, now time.Time) {
	p.Pool = newPool(p.Session, now)
	if own := p.Session.Pool(code); own != nil {
		p.Pool = poolForm{own.Code, own.Name, numberText(own.Capacity), stamp(own.Falls(), "2006-01-02T15:04")}
	}
}

func (a *Admin) poolLines(s events.Session) []poolLine {
	now := a.cfg.Now()
	list := make([]poolLine, len(s.Pools))
	for i, own := range s.Pools {
		list[i] = poolLine{Pool: own, Kept: own.Kept(now), Open: now.Before(own.Falls()),
			Link: a.srv.URL("/events/" + s.No + "/signup?pool=" + url.QueryEscape(own.Code))}
	}
	return list
}

// PoolName is what the list says of somebody who came with a pool's link.
func (p signupsPage) PoolName(code string) string {
	if own := p.Session.Pool(code); own != nil {
		return own.Name
	}
	return ""
}

func (a *Admin) setPool(r *request, p *signupsPage) error {
	_, err := a.cfg.Events.SetPool(r.ctx, r.actor, p.Session.ID, int(r.version()),
		events.PoolForm{Code: p.Pool.Code, Name: p.Pool.Name, Capacity: numberIn(p.Pool.Capacity), Falls: moment(p.Pool.Falls)})
	return err
}

func (a *Admin) releasePool(r *request, p *signupsPage) error {
	_, err := a.cfg.Events.ReleasePool(r.ctx, r.actor, p.Session.ID, int(r.version()), p.Pool.Code)
	return err
}
