package admin

import (
	"slices"
	"strings"

	"github.com/songfa/songfa/events"
	"github.com/songfa/songfa/internal/web"
)

// newSeriesPage is the form of a series and, once asked for, its days with what
// stands against each.
type newSeriesPage struct {
	sessionPage
	Freq     string // typed: daily, weekly, monthly or monthly_last
	Interval string
	Until    string
	Count    string
	Holidays events.HolidayPolicy
	Skip     []string
	Days     []events.Occurrence
	Looked   bool // the days were asked for
}

// Left reports that a day is left out by hand.
func (p newSeriesPage) Left(day string) bool { return slices.Contains(p.Skip, day) }

// Made is how many sessions there would be.
func (p newSeriesPage) Made() int {
	n := 0
	for _, o := range p.Days {
		if !o.Skipped {
			n++
		}
	}
	return n
}

func (a *Admin) newSeries(r *request) error {
	p := &newSeriesPage{Freq: "weekly", Count: "6", Holidays: events.HolidaySkip}
	p.Form, p.From, p.To = events.SessionForm{Organizer: a.cfg.Bureau}, "14:30", "16:00"
	return a.renderNewSeries(r, p)
}

// createSeries shows the days first; with go=create it makes them.
func (a *Admin) createSeries(r *request) error {
	p := &newSeriesPage{}
	p.take(r)
	get := r.form.Get
	p.Freq, p.Interval, p.Until, p.Count = get("freq"), strings.TrimSpace(get("interval")), get("until"), strings.TrimSpace(get("count"))
	p.Holidays, p.Skip = events.HolidayPolicy(get("holidays")), r.form["skip"]
	r.again = a.newSeriesFailed(r, p)
	form, err := p.series()
	if err != nil {
		return err
	}
	if get("go") == "create" {
		s, _, err := a.cfg.Events.CreateSeries(r.ctx, r.actor, form)
		if err != nil {
			return err
		}
		return a.done(r, "/admin/series/"+s.ID, "series")
	}
	if p.Days, err = a.cfg.Events.PreviewSeries(r.ctx, r.actor, form); err != nil {
		return err
	}
	p.Looked = true
	return a.renderNewSeries(r, p)
}

// series is the form with all that is wrong with it at once.
func (p *newSeriesPage) series() (events.SeriesForm, error) {
	form := events.SeriesForm{Template: p.Form, VenueID: p.Form.VenueID, Skip: p.Skip, Rule: events.SeriesRule{Freq: events.Freq(p.Freq), Interval: numberIn(p.Interval),
		Weekday: p.Form.Starts.Weekday(), From: p.Form.Starts, Count: numberIn(p.Count), Holidays: p.Holidays}}
	if p.Until != "" {
		form.Rule.Until = moment(p.Until + "T23:59")
	}
	if day := p.Form.Starts.Day(); p.Freq == "monthly" {
		form.Rule.Nth = (day-1)/7 + 1
	}
	if p.Freq == "monthly_last" || form.Rule.Nth > 4 { // a fifth Thursday is always the last
		form.Rule.Freq, form.Rule.Nth = events.Monthly, -1
	}
	list := form.Template.Problems()
	if !form.Rule.From.IsZero() {
		list = append(list, form.Rule.Problems()...)
	}
	p.Form = form.Template
	return form, problemsAs(list)
}

func (a *Admin) newSeriesFailed(r *request, p *newSeriesPage) func(web.Problem) error {
	return func(why web.Problem) error {
		p.Problems = problemsOf(r.err, why.Message)
		return a.renderNewSeries(r, p)
	}
}

func (a *Admin) renderNewSeries(r *request, p *newSeriesPage) (err error) {
	if p.Towns, err = a.cfg.Events.TownsFor(r.ctx, r.actor); err != nil {
		return err
	}
	if p.Stations, err = a.cfg.Events.Stations(r.ctx, events.StationFilter{For: r.actor}); err != nil {
		return err
	}
	if p.Venues, err = a.cfg.Events.Venues(r.ctx, events.VenueFilter{For: r.actor}); err != nil {
		return err
	}
	p.Types = events.Types()
	ps := p.Problems
	p.shell = a.shell(r, sessionsSection, "排一个系列")
	p.Problems = ps
	return a.render(r, "series_new", p)
}

func (a *Admin) seriesFailed(r *request, p *seriesPage) func(web.Problem) error {
	return func(why web.Problem) error {
		p.Problems = problemsOf(r.err, why.Message)
		return a.renderSeries(r, p)
	}
}
