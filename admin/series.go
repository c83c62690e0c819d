package admin

import (
	"fmt"
	"strings"
	"time"

	"github.com/songfa/songfa/events"
)

// seriesRow is a series in the list.
type seriesRow struct {
	events.Series
	Rule string // in words
}

type seriesListPage struct {
	shell
	Rows []seriesRow
}

func (a *Admin) seriesList(r *request) error {
	list, err := a.cfg.Events.SeriesList(r.ctx, r.actor)
	if err != nil {
		return err
	}
	p := seriesListPage{shell: a.shell(r, sessionsSection, "系列场次")}
	for _, s := range list {
		p.Rows = append(p.Rows, seriesRow{s, ruleWords(s.Rule)})
	}
	return a.render(r, "series_list", p)
}

// seriesPage is one series with its days.
type seriesPage struct {
	shell
	Series   events.Series
	Rule     string
	Sessions []events.Session
	Day      string // typed
}

func (a *Admin) showSeries(r *request) error {
	return a.renderSeries(r, &seriesPage{})
}

func (a *Admin) renderSeries(r *request, p *seriesPage) (err error) {
	if p.Series, err = a.cfg.Events.SeriesFor(r.ctx, r.actor, r.param("id")); err != nil {
		return err
	}
	if p.Sessions, err = a.cfg.Events.SeriesSessions(r.ctx, p.Series.ID); err != nil {
		return err
	}
	p.Rule = ruleWords(p.Series.Rule)
	ps := p.Problems
	p.shell = a.shell(r, sessionsSection, p.Series.Template.Title)
	p.Problems = ps
	return a.render(r, "series", p)
}

// addToSeries adds a day, such as one that was left out.
func (a *Admin) addToSeries(r *request) error {
	p := &seriesPage{Day: strings.TrimSpace(r.form.Get("day"))}
	r.again = a.seriesFailed(r, p)
	s, err := a.cfg.Events.AddOccurrence(r.ctx, r.actor, r.param("id"), p.Day)
	if err != nil {
		return err
	}
	return a.done(r, sessionsSection+s.ID, "occurrence")
}

// ruleWords says a rule as people do: 每 2 周的周四，共 6 次，遇放假顺延。
func ruleWords(rule events.SeriesRule) string {
	every := ""
	if rule.Interval > 1 {
		every = fmt.Sprintf(" %d ", rule.Interval)
	}
	var words string
	switch rule.Freq {
	case events.Daily:
		words = "每" + every + "天"
	case events.Weekly:
		words = "每" + every + "周的" + weekdays[rule.Weekday]
	case events.Monthly:
		words = "每" + every + "月的" + nthWords(rule.Nth) + weekdays[rule.Weekday]
	}
	words += "，从 " + stamp(rule.From, time.DateOnly)
	if rule.Count > 0 {
		words += fmt.Sprintf(" 起共 %d 次", rule.Count)
	} else {
		words += " 到 " + stamp(rule.Until, time.DateOnly)
	}
	return words + "，" + policyWords[rule.Holidays]
}

func nthWords(n int) string {
	if n < 0 {
		return "最后一个"
	}
	return fmt.Sprintf("第 %d 个", n)
}

var policyWords = map[events.HolidayPolicy]string{
	events.HolidaySkip: "遇放假不办", events.HolidayNext: "遇放假顺延到下一个工作日", events.HolidayKeep: "遇放假照常",
}
