package admin

import (
	"strconv"
	"strings"

	"golang.org/x/text/width"

	"github.com/songfa/songfa/events"
	"github.com/songfa/songfa/internal/errs"
	"github.com/songfa/songfa/internal/web"
)

// bookedAhead is how far the page of a venue looks, in days.
const bookedAhead = 60

type venuesPage struct {
	shell
	Text   string
	Town   string
	Closed bool
	Towns  []events.Town
	Venues []events.Venue
}

func (a *Admin) venues(r *request) error {
	page := venuesPage{shell: a.shell(r, sessionsSection, "场地"), Text: r.query("q"), Town: r.query("town"), Closed: r.query("closed") != ""}
	var err error
	if page.Towns, err = a.cfg.Events.TownsFor(r.ctx, r.actor); err != nil {
		return err
	}
	all, err := a.cfg.Events.Venues(r.ctx, events.VenueFilter{For: r.actor, Town: page.Town, Closed: page.Closed})
	if err != nil {
		return err
	}
	for _, v := range all {
		if strings.Contains(v.Name+"\n"+v.Address, strings.TrimSpace(page.Text)) {
			page.Venues = append(page.Venues, v)
		}
	}
	return a.render(r, "venues", page)
}

// venuePage is the form of a venue and who has it.
type venuePage struct {
	shell
	Venue    events.Venue // as it stands in the form
	Capacity string       // typed
	Towns    []events.Town
	Bookings []booked
	Theirs   diffs
}

// booked is one booking with the session it is for.
type booked struct {
	events.Booking
	For events.Session
}

// New reports that nothing is stored yet.
func (p venuePage) New() bool { return p.Venue.ID == "" }

func (a *Admin) newVenue(r *request) error {
	return a.renderVenue(r, &venuePage{Venue: events.Venue{Exclusive: true, Indoor: true}})
}

func (a *Admin) showVenue(r *request) error {
	v, err := a.cfg.Events.VenueFor(r.ctx, r.actor, r.param("id"))
	if err != nil {
		return err
	}
	return a.renderVenue(r, &venuePage{Venue: v, Capacity: numberText(v.Capacity)})
}

// saveVenue makes a venue or changes one.
func (a *Admin) saveVenue(r *request) error {
	p := &venuePage{Venue: r.venue(), Capacity: strings.TrimSpace(r.form.Get("capacity"))}
	if !p.New() && p.Venue.Version == 0 {
		return errs.New(errs.Conflict, "", "form has no version")
	}
	r.again = a.venueFailed(r, p)
	v, err := a.cfg.Events.SaveVenue(r.ctx, r.actor, p.Venue)
	if err != nil {
		return err
	}
	return a.done(r, "/admin/venues/"+v.ID, "save")
}

func (r *request) venue() events.Venue {
	get := r.form.Get
	has := func(name string) bool { return get(name) != "" }
	return events.Venue{ID: r.param("id"), Version: int(r.version()), Name: get("name"), Town: get("town"), Address: get("address"),
		Capacity: numberIn(get("capacity")), Exclusive: has("exclusive"), Accessible: has("accessible"), Indoor: has("indoor"),
		Note: get("note"), Closed: has("closed")}
}

// venueFailed shows the form again; see sessionFailed.
func (a *Admin) venueFailed(r *request, p *venuePage) func(web.Problem) error {
	return func(why web.Problem) error {
		p.Problems = problemsOf(r.err, why.Message)
		if errs.Is(r.err, errs.Conflict) && !p.New() {
			now, err := a.cfg.Events.VenueFor(r.ctx, r.actor, p.Venue.ID)
			if err != nil {
				return err
			}
			p.Theirs, p.Venue.Version = venueDiffs(now, p.Venue), now.Version
		}
		return a.renderVenue(r, p)
	}
}

func (a *Admin) renderVenue(r *request, p *venuePage) (err error) {
	if p.Towns, err = a.cfg.Events.TownsFor(r.ctx, r.actor); err != nil {
		return err
	}
	title := "添加场地"
	if !p.New() {
		title = p.Venue.Name
		if err := a.bookings(r, p); err != nil {
			return err
		}
	}
	ps := p.Problems
	p.shell = a.shell(r, sessionsSection, title)
	p.Problems = ps
	return a.render(r, "venue", p)
}

// bookings reads who has the venue in the coming weeks.
func (a *Admin) bookings(r *request, p *venuePage) error {
	now := a.cfg.Now()
	list, err := a.cfg.Events.VenueBookings(r.ctx, r.actor, p.Venue.ID, now, now.AddDate(0, 0, bookedAhead))
	if err != nil {
		return err
	}
	var ids []string
	for _, b := range list {
		ids = append(ids, b.Session)
	}
	sessions, err := a.sessionsByID(r, ids)
	if err != nil {
		return err
	}
	for _, b := range list {
		if b.Status != events.Freed {
			p.Bookings = append(p.Bookings, booked{b, sessions[b.Session]})
		}
	}
	return nil
}

func (a *Admin) sessionsByID(r *request, ids []string) (map[string]events.Session, error) {
	list, err := a.cfg.Events.SessionsFor(r.ctx, r.actor, ids)
	byID := make(map[string]events.Session, len(list))
	for _, s := range list {
		byID[s.ID] = s
	}
	return byID, err
}

func venueDiffs(theirs, mine events.Venue) diffs {
	var ds diffs
	ds.add("名称", theirs.Name, mine.Name)
	ds.add("镇街", theirs.Town, mine.Town)
	ds.add("地址", theirs.Address, mine.Address)
	ds.add("能坐多少人", numberText(theirs.Capacity), numberText(mine.Capacity))
	ds.add("同时只办一场", yes(theirs.Exclusive), yes(mine.Exclusive))
	ds.add("无障碍", yes(theirs.Accessible), yes(mine.Accessible))
	ds.add("室内", yes(theirs.Indoor), yes(mine.Indoor))
	ds.add("不再使用", yes(theirs.Closed), yes(mine.Closed))
	ds.add("说明", theirs.Note, mine.Note)
	return ds
}

func yes(is bool) string {
	if is {
		return "是"
	}
	return "否"
}

// numberIn reads a number somebody typed: 0 for nothing, and -1, which forms
// refuse in their own words, for what is none.
func numberIn(typed string) int {
	typed = strings.TrimSpace(strings.ReplaceAll(width.Narrow.String(typed), ",", ""))
	if typed == "" {
		return 0
	}
	n, err := strconv.Atoi(typed)
	if err != nil {
		return -1
	}
	return n
}

// numberText is what a field shows of a number of which 0 means none.
func numberText(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}
