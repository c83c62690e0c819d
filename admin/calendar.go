package admin

import (
	"bytes"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"github.com/songfa/songfa/events"
	"github.com/songfa/songfa/internal/errs"
	"github.com/songfa/songfa/internal/web"
)

// calendarPage is the holiday notice of one year.
type calendarPage struct {
	shell
	Year   int
	Years  []int // with a notice, and this year and the next
	Known  bool
	Days   []events.CalendarDay
	Kinds  []events.DayKind
	Form   events.SpanForm
	Edited bool // the form changes a day that is there
	Report *events.Report
}

// Weekday is the day's in two characters.
func (p calendarPage) Weekday(d events.CalendarDay) string { return weekdays[d.Time().Weekday()] }

func (a *Admin) calendar(r *request) error {
	p := &calendarPage{Year: r.QueryInt("year"), Form: events.SpanForm{From: r.query("day")}}
	return a.renderCalendar(r, p)
}

func (a *Admin) renderCalendar(r *request, p *calendarPage) error {
	c, err := a.cfg.Events.Calendar(r.ctx)
	if err != nil {
		return err
	}
	this := a.cfg.Now().In(events.Zone).Year()
	if p.Year < 1949 || p.Year > 2200 {
		p.Year = this
	}
	p.Years = c.Years()
	for _, year := range []int{this, this + 1} {
		if !c.Known(year) {
			p.Years = append(p.Years, year)
		}
	}
	p.Known, p.Days, p.Kinds = c.Known(p.Year), c.Year(p.Year), events.DayKinds()
	if d, ok := c.Day((events.CalendarDay{Date: p.Form.From}).Time()); ok && p.Form.Kind == "" {
		p.Form, p.Edited = events.SpanForm{From: d.Date, Kind: d.Kind, Name: d.Name, Source: d.Source}, true
	}
	ps := p.Problems
	p.shell = a.shell(r, sessionsSection, "节假日")
	p.Problems = ps
	return a.render(r, "calendar", p)
}

// changeCalendar adds or changes a run of days, drops one, or takes in a file.
func (a *Admin) changeCalendar(r *request) error {
	get := r.form.Get
	p := &calendarPage{Form: events.SpanForm{From: get("from"), To: get("to"), Kind: events.DayKind(get("kind")), Name: get("name"), Source: get("source")}}
	p.Year, _ = strconv.Atoi(get("year")) // nonsense is this year
	r.again = func(why web.Problem) error {
		if p.Problems == nil {
			p.Problems = problemsOf(r.err, why.Message)
		}
		return a.renderCalendar(r, p)
	}
	switch {
	case get("drop") != "":
		p.Form = events.SpanForm{}
		if err := a.cfg.Events.DropDay(r.ctx, r.actor, get("drop")); err != nil {
			return err
		}
		return a.done(r, calendarYear(p.Year), "drop_day")
	case get("go") == "import":
		return a.importCalendar(r, p)
	}
	if err := problemsAs(p.Form.Problems()); err != nil {
		return err
	}
	if err := a.cfg.Events.SetDays(r.ctx, r.actor, p.Form); err != nil {
		return err
	}
	return a.done(r, calendarYear((events.CalendarDay{Date: p.Form.From}).Time().Year()), "day")
}

func calendarYear(year int) string { return "/admin/calendar/?year=" + strconv.Itoa(year) }

// importCalendar takes in a file, whole or not at all.
func (a *Admin) importCalendar(r *request, p *calendarPage) error {
	files, err := r.files("file")
	if err != nil {
		return err
	}
	body, err := files[0].Open()
	if err != nil {
		return err
	}
	defer body.Close()
	report, err := a.cfg.Events.ImportCalendar(r.ctx, r.actor, body)
	if err != nil {
		return err
	}
	switch {
	case len(report.Problems) > 0:
		for _, one := range report.Problems[:min(len(report.Problems), maxLineProblems)] {
			where := ""
			if one.Line > 0 {
				where = "第 " + strconv.Itoa(one.Line) + " 行："
			}
			p.Problems = append(p.Problems, problem{"file", where + one.Message})
		}
		return p.Problems
	case report.Updated+report.Unchanged == 0:
		return errs.Bad("file", "文件里没有日期，请从第二行起每行写一天。")
	}
	p.Report = &report
	return a.renderCalendar(r, p)
}

// calendarFile is the whole table, to be changed in Excel and brought back.
func (a *Admin) calendarFile(r *request) error {
	var buf bytes.Buffer
	if err := a.cfg.Events.ExportCalendar(r.ctx, &buf); err != nil {
		return err
	}
	r.Attachment(events.CalendarFile)
	r.Set(fiber.HeaderContentType, "text/csv; charset=utf-8")
	return r.Send(buf.Bytes())
}
