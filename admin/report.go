package admin

import (
	"slices"
	"strings"

	"github.com/songfa/songfa/events"
	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/errs"
	"github.com/songfa/songfa/internal/web"
)

// reportPage is the outcome of a session: two parts, their photos, and what the
// coordinator decides on them.
type reportPage struct {
	shell
	Sheet    events.ReportSheet
	Parts    []reportPart
	Version  int    // of the session, as read
	Reason   string // typed
	MayWrite bool
	Wrote    bool // the actor typed in a part that waits: somebody else verifies it
}

// reportPart is one of the two with the tables of its form filled up.
type reportPart struct {
	events.PartReport
	Edit     bool // a form, else a list of what it says
	Amending bool
	Handouts []events.HandoutLine
	Consults []events.TallyLine
	Papers   []events.TallyLine
	Channels []events.TallyLine
	Problems problems
	Override string
	Reason   string      // of an amendment, typed
	Theirs   *reportPart // what somebody else saved meanwhile
}

// Host reports which of the two it is.
func (p reportPart) Host() bool { return p.Part == events.HostPart }

// None reports whether a section was marked as empty.
func (p reportPart) None(section string) bool { return slices.Contains(p.Form.None, section) }

// Wants reports that there are warnings to answer.
func (p reportPart) Wants() bool {
	return len(p.Warns) > 0 && p.Saved() || p.Problems.At("override") != ""
}

func (a *Admin) showReport(r *request) error {
	p, err := a.reportPage(r)
	if err != nil {
		return err
	}
	return a.render(r, "report", p)
}

func (a *Admin) reportPage(r *request) (*reportPage, error) {
	sh, err := a.cfg.Events.ReportSheetFor(r.ctx, r.actor, r.param("id"))
	if err != nil {
		return nil, err
	}
	p := &reportPage{Sheet: sh, Version: sh.Session.Version, MayWrite: r.actor.Can(auth.Sessions)}
	p.shell = a.shell(r, "/admin/sessions/", "结果报告")
	verified := sh.Session.State == events.Verified || sh.Session.State == events.Archived
	writable := slices.Contains([]events.State{events.Held, events.Reported, events.ReportReturned}, sh.Session.State)
	for _, part := range events.Parts() {
		report := sh.Part(part)
		one := reportPart{PartReport: *report, Override: report.Override, Edit: p.MayWrite && writable && report.Open()}
		if verified && p.MayWrite && report.Saved() && !report.Amends() && r.query("amend") == string(part) {
			one.Edit, one.Amending, one.Override = true, true, ""
		}
		if report.State == events.PartSubmitted && slices.Contains(report.Writers, r.actor.ID) {
			p.Wrote = true
		}
		one.fill()
		p.Parts = append(p.Parts, one)
	}
	return p, nil
}

// fill adds the rows the form offers beside those that are filled in.
func (p *reportPart) fill() {
	p.Handouts = append(slices.Clone(p.Form.Handouts), make([]events.HandoutLine, 3)...)
	p.Consults = offered(p.Form.Consultations, events.ConsultationCategories())
	p.Papers = offered(p.Form.Documents, events.DocumentCategories())
	p.Channels = offered(p.Form.Posts, events.PostChannels())
}

// offered are the rows that are filled in, a row for each other category, and
// one to type a category of one's own.
func offered(filled []events.TallyLine, categories []string) []events.TallyLine {
	list := slices.Clone(filled)
	for _, c := range categories {
		if !slices.ContainsFunc(filled, func(l events.TallyLine) bool { return l.Category == c }) {
			list = append(list, events.TallyLine{Category: c})
		}
	}
	return append(list, events.TallyLine{})
}

// part finds the half of a page.
func (p *reportPage) part(part events.Part) *reportPart {
	for i := range p.Parts {
		if p.Parts[i].Part == part {
			return &p.Parts[i]
		}
	}
	return &p.Parts[0]
}

// changeReport does what a button of the page says.
func (a *Admin) changeReport(r *request) error {
	word, part, _ := strings.Cut(r.form.Get("go"), "-")
	do, ok := map[string]func(*request, events.Part) error{"save": a.saveReport, "submit": a.submitReport, "amend": a.amendReport,
		"verify": a.verifyReport, "return": a.returnReport, "photo": a.addPhoto, "show": a.showPhoto, "hide": a.hidePhoto, "drop": a.dropPhoto}[word]
	if !ok {
		return errs.New(errs.Invalid, "没有收到要做什么，请再点一次按钮。", "unknown step %q", word)
	}
	r.again = a.reportFailed(r, events.Part(part))
	return do(r, events.Part(part))
}

func (a *Admin) reportDone(r *request, word string) error {
	return a.done(r, "/admin/sessions/"+r.param("id")+"/report", word)
}

func (r *request) reportForm() events.ReportForm { return events.ParseReportForm(r.form) }

func (a *Admin) saveReport(r *request, part events.Part) error {
	if _, err := a.cfg.Events.SaveReport(r.ctx, r.actor, r.param("id"), part, int(r.version()), r.reportForm()); err != nil {
		return err
	}
	return a.reportDone(r, "save")
}

func (a *Admin) submitReport(r *request, part events.Part) error {
	if _, err := a.cfg.Events.SubmitReport(r.ctx, r.actor, r.param("id"), part, int(r.version()), r.reportForm(), r.form.Get("override")); err != nil {
		return err
	}
	return a.reportDone(r, "reported")
}

func (a *Admin) amendReport(r *request, part events.Part) error {
	_, err := a.cfg.Events.AmendReport(r.ctx, r.actor, r.param("id"), part, r.reportForm(), r.form.Get("reason"), r.form.Get("override"))
	if err != nil {
		return err
	}
	return a.reportDone(r, "amend")
}

func (a *Admin) verifyReport(r *request, _ events.Part) error {
	if _, err := a.cfg.Events.VerifyReport(r.ctx, r.actor, r.param("id"), int(r.version())); err != nil {
		return err
	}
	return a.reportDone(r, "verify")
}

func (a *Admin) returnReport(r *request, _ events.Part) error {
	var parts []events.Part
	for _, p := range r.form["parts"] {
		parts = append(parts, events.Part(p))
	}
	if _, err := a.cfg.Events.ReturnReport(r.ctx, r.actor, r.param("id"), int(r.version()), parts, r.form.Get("reason")); err != nil {
		return err
	}
	return a.reportDone(r, "report_return")
}

// reportFailed shows the page again with what was typed.
func (a *Admin) reportFailed(r *request, part events.Part) func(web.Problem) error {
	return func(why web.Problem) error {
		p, err := a.reportPage(r)
		if err != nil {
			return err
		}
		p.Problems = problemsOf(r.err, why.Message)
		word, _, _ := strings.Cut(r.form.Get("go"), "-")
		switch word {
		case "save", "submit", "amend":
			p.retype(r, part, word)
		case "verify", "return":
			p.Reason = r.form.Get("reason")
		}
		return a.render(r, "report", p)
	}
}

// retype lays the typed form over a part, with everything that is wrong in it.
func (p *reportPage) retype(r *request, part events.Part, word string) {
	one := p.part(part)
	theirs := *one
	one.Form, one.Override, one.Reason = r.reportForm(), r.form.Get("override"), r.form.Get("reason")
	one.Edit, one.Amending = true, word == "amend"
	one.fill()
	basis := p.Sheet.Basis()
	one.Blocks, one.Warns = one.Form.Problems(part, basis)
	if !errs.Is(r.err, errs.Invalid) { // somebody else saved meanwhile: what was typed is saved over it next time
		one.Theirs = &theirs
		return
	}
	var all problems
	for _, b := range one.Blocks {
		if part == events.LegalPart && b.Field == "text" { // both parts have one, and an id is one of a page
			b.Field = "legal-text"
		}
		all = append(all, problem{b.Field, b.Message})
	}
	for _, b := range p.Problems {
		if all.At(b.Field) == "" {
			all = append(all, b)
		}
	}
	p.Problems, one.Problems = all, all
}

// Pending reports that a part waits for somebody's decision.
func (p *reportPage) Pending() bool {
	return slices.ContainsFunc(p.Parts, func(one reportPart) bool { return one.State == events.PartSubmitted })
}

// Amendment reports that the decision is about an amendment.
func (p *reportPage) Amendment() bool {
	return p.Sheet.Session.State == events.Verified || p.Sheet.Session.State == events.Archived
}

// Decidable reports that verifying is possible: both parts are in.
func (p *reportPage) Decidable() bool {
	return p.Amendment() || p.Sheet.Session.State == events.Reported
}

// tallyTable is a table of numbers by category.
type tallyTable struct {
	Prefix, Name, Unit string
	Copies             bool
	Rows               []events.TallyLine
	Problems           problems
}
