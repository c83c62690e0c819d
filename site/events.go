package site

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/gofiber/fiber/v2"

	"github.com/songfa/songfa/events"
	"github.com/songfa/songfa/internal/errs"
	"github.com/songfa/songfa/themes"
)

// eventsSize is how many sessions a page of the list has.
const eventsSize = 20

// A month of a large district may hold thousands of sessions: a cell names the
// first of its day, and the list below has pages.
const (
	cellSize  = 8
	monthSize = 100
)

// eventQuery is what the address of /events/ asks for.
type eventQuery struct {
	month  time.Time // zero: the list
	day    time.Time // zero: no single day
	town   events.Town
	typ    events.Type
	aud    string // whom it is for; "" anybody
	lawyer bool   // only 现场有律师
	past   bool
	page   int
}

// address is where the same filters lead with another month, page or archive.
func (q eventQuery) address(month, past, page string) string {
	return address("/events/", "month", month, "past", past, "town", q.town.Code, "type", string(q.typ),
		"audience", q.aud, "lawyer", flag(q.lawyer), "page", page)
}

// dayAddress is the list of one day with the same filters.
func (q eventQuery) dayAddress(day time.Time, page string) string {
	return address("/events/", "day", day.In(events.Zone).Format(time.DateOnly), "town", q.town.Code, "type", string(q.typ),
		"audience", q.aud, "lawyer", flag(q.lawyer), "page", page)
}

// self is the address of the page itself.
func (q eventQuery) self() string {
	if !q.day.IsZero() {
		return q.dayAddress(q.day, number(q.page))
	}
	return q.address(monthOf(q.month), flag(q.past), number(q.page))
}

// feed is the calendar of the same sessions.
func (q eventQuery) feed() string {
	return address("/events/feed.ics", "town", q.town.Code, "type", string(q.typ), "audience", q.aud, "lawyer", flag(q.lawyer))
}

func (q eventQuery) narrowed() bool {
	return q.town.Code != "" || q.typ != "" || q.aud != "" || q.lawyer
}

func (q eventQuery) filter() events.Filter {
	return events.Filter{Town: q.town.Code, Type: q.typ, Audience: q.aud, Lawyer: q.lawyer}
}

// events answers /events/: the list of what is coming, the archive (?past=1) or
// the grid of a month (?month=2026-11) or all of one day (?day=2026-11-21), narrowed by town, type, whom it is for, and 现场有律师.
func (s *Site) events(ctx context.Context, c *fiber.Ctx) error {
	towns, err := s.cfg.Events.Towns(ctx)
	if err != nil {
		return err
	}
	q, err := s.eventQuery(c, towns)
	if err != nil {
		return err
	}
	p := &themes.EventsPage{Towns: townOptions(towns, q.town.Code), Types: typeOptions(q.typ), Filtered: q.narrowed(), Lawyer: q.lawyer}
	audiences, err := s.cfg.Events.Audiences(ctx)
	if err != nil {
		return err
	}
	p.Audiences = audienceOptions(audiences, q.aud)
	p.Shell = s.shell(c, q.self(), "普法活动")
	p.Column = themes.Column{Name: "活动", Href: "/events/"}
	p.Calendar = themes.Link{Text: "订阅到手机日历", Href: q.feed()}
	show, known := s.eventList, []string{"town", "type", "audience", "lawyer", "past", "page"}
	if !q.month.IsZero() {
		show, known = s.eventMonth, []string{"town", "type", "audience", "lawyer", "month", "page"}
	}
	if !q.day.IsZero() {
		show, known = s.eventDay, []string{"town", "type", "audience", "lawyer", "day", "page"}
	}
	if err := show(ctx, p, q); err != nil {
		return err
	}
	cacheableFresh(c, !q.past, known...)
	return s.render(c, p)
}

// eventQuery reads the address and refuses what means nothing.
func (s *Site) eventQuery(c *fiber.Ctx, towns []events.Town) (q eventQuery, err error) {
	if q.page, err = pageNumber(c); err != nil {
		return q, err
	}
	if q.town, err = chosenTown(towns, c.Query("town")); err != nil {
		return q, err
	}
	if q.typ = events.Type(c.Query("type")); q.typ != "" && !q.typ.Valid() {
		return q, errs.New(errs.Invalid, "没有这个活动类型，请从列表里重新选。", "no such type")
	}
	if past := c.Query("past"); past != "" && past != "1" {
		return q, errs.New(errs.Invalid, "地址不对，请从活动日程重新打开。", "past is neither empty nor 1")
	}
	if lawyer := c.Query("lawyer"); lawyer != "" && lawyer != "1" {
		return q, errs.New(errs.Invalid, "地址不对，请从活动日程重新打开。", "lawyer is neither empty nor 1")
	}
	if q.aud = strings.TrimSpace(c.Query("audience")); utf8.RuneCountInString(q.aud) > maxAudience {
		return q, errs.New(errs.Invalid, "没有这样的对象，请从列表里重新选。", "audience is longer than any")
	}
	q.lawyer = c.Query("lawyer") == "1"
	q.past = c.Query("past") == "1"
	if q.day, err = s.day(c.Query("day")); err != nil || !q.day.IsZero() {
		return q, err
	}
	q.month, err = s.month(c.Query("month"))
	return q, err
}

// The years whose months can be opened: what can have sessions, and no more.
const (
	firstYear  = 2015
	yearsAhead = 2
	filedYears = 3 // back, in a site that is files
)

// month reads ?month=2026-11; "" is the zero time.
func (s *Site) month(raw string) (time.Time, error) {
	if raw == "" {
		return time.Time{}, nil
	}
	m, err := time.ParseInLocation("2006-01", raw, events.Zone)
	if err != nil {
		return m, errs.New(errs.Invalid, "月份不对，应当写成 2026-11 这样。请从活动日程重新打开。", "month is not 2006-01")
	}
	if !s.monthShown(m) {
		return m, errs.New(errs.NotFound, "这个月没有日程可看，请从活动日程重新打开。", "month %s is out of range", monthOf(m))
	}
	return m, nil
}

// day reads ?day=2026-11-21; "" is the zero time.
func (s *Site) day(raw string) (time.Time, error) {
	if raw == "" {
		return time.Time{}, nil
	}
	d, err := time.ParseInLocation(time.DateOnly, raw, events.Zone)
	if err != nil {
		return d, errs.New(errs.Invalid, "日期不对，应当写成 2026-11-21 这样。请从活动日程重新打开。", "day is not 2006-01-02")
	}
	if !s.monthShown(d) {
		return d, errs.New(errs.NotFound, "这一天没有日程可看，请从活动日程重新打开。", "day %s is out of range", raw)
	}
	return d, nil
}

func (s *Site) monthShown(m time.Time) bool {
	if s.cfg.Static { // each month is a file
		now := s.now()
		return m.After(now.AddDate(-filedYears, 0, 0)) && m.Before(now.AddDate(1, 0, 0))
	}
	return m.Year() >= firstYear && m.Year() <= s.now().Year()+yearsAhead
}

// monthOf writes a month for an address; the zero time is "".
func monthOf(m time.Time) string {
	if m.IsZero() {
		return ""
	}
	return m.In(events.Zone).Format("2006-01")
}

func flag(on bool) string {
	if on {
		return "1"
	}
	return ""
}

// maxAudience is longer than what any session is for.
const maxAudience = 120

// audienceOptions are what to choose from, and what was chosen if it is rarer.
func audienceOptions(all []string, chosen string) []themes.Option {
	if chosen != "" && !slices.Contains(all, chosen) {
		all = append(all, chosen)
	}
	list := make([]themes.Option, len(all))
	for i, a := range all {
		list[i] = themes.Option{Value: a, Name: a, Selected: a == chosen}
	}
	return list
}

func typeOptions(chosen events.Type) []themes.Option {
	var list []themes.Option
	for _, t := range events.Types() {
		list = append(list, themes.Option{Value: string(t), Name: t.Label(), Glyph: t.Glyph(), Selected: t == chosen})
	}
	return list
}

// sessionList is a page of sessions, and how many there are.
type sessionList struct {
	items        []events.Session
	total, pages int
}

// sessionsOf reads what is coming, or what has been.
func (s *Site) sessionsOf(ctx context.Context, q eventQuery) (l sessionList, err error) {
	f := q.filter()
	all, err := s.cfg.Events.CountSessions(ctx, f)
	if err != nil {
		return l, err
	}
	f.From = s.now()
	if l.total, err = s.cfg.Events.CountSessions(ctx, f); err != nil {
		return l, err
	}
	read := s.cfg.Events.Upcoming
	if q.past {
		f.From, read = time.Time{}, s.cfg.Events.Past
		l.total = all - l.total
	}
	l.pages = max(1, (l.total+eventsSize-1)/eventsSize)
	if q.page > l.pages {
		return l, noPage(q.page)
	}
	f.Limit, f.Offset = eventsSize, (q.page-1)*eventsSize
	l.items, err = read(ctx, f)
	return l, err
}

// eventList fills in the list of what is coming, or of what has been.
func (s *Site) eventList(ctx context.Context, p *themes.EventsPage, q eventQuery) error {
	l, err := s.sessionsOf(ctx, q)
	if err != nil {
		return err
	}
	p.Past = themes.Link{Text: "看办过的活动", Href: q.address("", "1", "")}
	if q.past {
		p.Title = "办过的活动"
		p.Past = themes.Link{Text: "看要来的活动", Href: q.address("", "", "")}
	}
	p.Total, p.Sessions = l.total, s.sessions(l.items)
	p.Pager = pager(q.page, l.pages, l.total, func(n string) string { return q.address("", flag(q.past), n) })
	p.Toggle = themes.Link{Text: "按月看", Href: q.address(monthOf(s.now()), "", "")}
	return nil
}

// eventMonth fills in the grid of a month and the same sessions as a list.
func (s *Site) eventMonth(ctx context.Context, p *themes.EventsPage, q eventQuery) error {
	grid, err := s.cfg.Events.Grid(ctx, q.month.Year(), q.month.Month(), q.filter(), cellSize)
	if err != nil {
		return err
	}
	p.Title = q.month.Format("2006 年 1 月") + "普法活动"
	p.Month, p.Total, p.NoDays = q.month, grid.Count, grid.HolidaysUnknown
	for _, m := range []struct {
		at time.Time
		to *themes.Link
	}{{grid.Prev(), &p.Prev}, {grid.Next(), &p.Next}} {
		if s.monthShown(m.at) {
			*m.to = themes.Link{Text: strconv.Itoa(int(m.at.Month())) + " 月", Href: q.address(monthOf(m.at), "", "")}
		}
	}
	p.Toggle = themes.Link{Text: "只看要来的", Href: q.address("", "", "")}
	for _, w := range grid.Weeks {
		var week themes.Week
		for i, d := range w {
			week[i] = s.gridDay(d, q)
		}
		p.Weeks = append(p.Weeks, week)
	}
	p.Holidays = holidays(grid.Days())
	return s.monthList(ctx, p, q)
}

// eventDay fills in all sessions of one day, which a cell may have no room for.
func (s *Site) eventDay(ctx context.Context, p *themes.EventsPage, q eventQuery) (err error) {
	f := q.filter()
	f.Limit, f.Offset = monthSize, (q.page-1)*monthSize
	list, total, err := s.cfg.Events.DayList(ctx, q.day, f)
	if err != nil {
		return err
	}
	pages := max(1, (total+monthSize-1)/monthSize)
	if q.page > pages {
		return noPage(q.page)
	}
	p.Title, p.Day, p.Total, p.Sessions = q.day.Format("2006 年 1 月 2 日")+"普法活动", q.day, total, s.sessions(list)
	p.Toggle = themes.Link{Text: "看这个月", Href: q.address(monthOf(q.day), "", "")}
	p.Pager = pager(q.page, pages, total, func(n string) string { return q.dayAddress(q.day, n) })
	return nil
}

// monthList is the list below the grid, a page of it.
func (s *Site) monthList(ctx context.Context, p *themes.EventsPage, q eventQuery) error {
	pages := max(1, (p.Total+monthSize-1)/monthSize)
	if q.page > pages {
		return noPage(q.page)
	}
	f := q.filter()
	f.Limit, f.Offset = monthSize, (q.page-1)*monthSize
	list, err := s.cfg.Events.MonthList(ctx, q.month.Year(), q.month.Month(), f)
	if err != nil {
		return err
	}
	p.Sessions = s.sessions(list)
	p.Pager = pager(q.page, pages, p.Total, func(n string) string { return q.address(monthOf(q.month), "", n) })
	return nil
}

// gridDay is a cell; those of other months only fill the weeks, so that the
// grid and the list below it show the same sessions.
func (s *Site) gridDay(d events.Day, q eventQuery) themes.Day {
	day := themes.Day{Date: d.Date, Out: !d.InMonth, Today: d.Today, Mark: d.Mark, Lunar: d.Lunar,
		Off: d.Mark == "休" || d.Weekend && d.Mark != "班"}
	if d.InMonth {
		day.Sessions, day.More = s.sessions(d.Sessions), d.Count-len(d.Sessions)
	}
	if day.More > 0 && !s.cfg.Static { // as files, the list below the grid has them all
		day.All = themes.Link{Text: fmt.Sprintf("另有 %d 场", day.More), Href: q.dayAddress(d.Date, "")}
	}
	return day
}

// holidays joins the days off of one holiday to runs.
func holidays(days []events.Day) []themes.Holiday {
	var runs []themes.Holiday
	open := false
	for _, d := range days {
		if d.Mark != "休" {
			open = false
			continue
		}
		if n := len(runs); open && runs[n-1].Name == d.Holiday {
			runs[n-1].To = d.Date
		} else {
			runs = append(runs, themes.Holiday{Name: d.Holiday, From: d.Date, To: d.Date})
		}
		open = true
	}
	return runs
}
