package events

import (
	"context"

	"github.com/songfa/songfa/events/figures"
	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/errs"
)

// reportLine is one figure of a part.
type reportLine struct {
	Measure, Category      string
	Qty                    int
	Fen                    int64
	Material, Practitioner string
	Estimate               bool
}

// lines are the figures of a part that has no blocks. What was left empty is
// no line; attendance always is one.
func (f ReportForm) lines(part Part) []reportLine {
	var list []reportLine
	add := func(measure, category, typed string, l reportLine) {
		n, given := figure(typed)
		if given && n > 0 {
			l.Measure, l.Category, l.Qty = measure, category, n
			list = append(list, l)
		}
	}
	if part == HostPart {
		n, _ := figure(f.Attendance)
		list = append(list, reportLine{Measure: "attendance", Qty: n})
		guess := reportLine{Estimate: f.Estimate}
		add("attendance_migrant", "", f.Migrants, guess)
		add("attendance_women", "", f.Women, guess)
		add("attendance_minor", "", f.Minors, guess)
		add("attendance_elder", "", f.Elders, guess)
		for _, h := range f.Handouts {
			add("brochure", h.Title, h.Handed, reportLine{Material: h.Material})
		}
		for _, p := range f.Posts {
			add("post", p.Category, p.People, reportLine{})
		}
		add("media_report", "", f.Media, reportLine{})
		return list
	}
	for _, l := range f.Consultations {
		add("consultation", l.Category, l.People, reportLine{Practitioner: l.Practitioner})
	}
	for _, l := range f.Documents {
		who := reportLine{Practitioner: l.Practitioner}
		people, copies := l.People, l.Copies
		if people == "" {
			people = copies
		}
		if copies == "" {
			copies = people
		}
		add("document", l.Category, people, who)
		add("document_copy", l.Category, copies, who)
	}
	add("lead", "", f.Leads, reportLine{})
	add("aid_application", "", f.Applications, reportLine{})
	fen, _ := yuan(f.DisputeYuan)
	add("dispute", "", f.Disputes, reportLine{Fen: fen})
	return list
}

// keepLines writes the lines of a part that was handed in.
func keepLines(ctx context.Context, tx *db.Tx, p PartReport) error {
	if _, err := db.Exec(ctx, tx, `DELETE FROM report_line WHERE report = $1`, p.ID); err != nil {
		return err
	}
	for i, l := range p.Form.lines(p.Part) {
		_, err := db.Exec(ctx, tx, `INSERT INTO report_line (report, ord, measure, category, qty, amount_fen, material, practitioner, estimate)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`, p.ID, i, l.Measure, l.Category, l.Qty, l.Fen, l.Material, l.Practitioner, l.Estimate)
		if err != nil {
			return err
		}
	}
	return nil
}

// importedFacts states the outcome that a CSV row brought in, which has no
// report. A session that is not verified states nothing.
func (s *Store) importedFacts(ctx context.Context, tx *db.Tx, actor auth.Actor, se Session) error {
	var reports int
	if err := db.Get(ctx, tx, &reports, `SELECT count(*) FROM report WHERE session = $1 AND state = 'verified'`, se.ID); err != nil || reports > 0 {
		return err
	}
	var facts []figures.Fact
	if o := se.PublicOutcome(); o != nil {
		for _, l := range []reportLine{{Measure: "session", Qty: 1}, {Measure: "attendance", Qty: o.Attendance}, {Measure: "brochure", Qty: o.Brochures},
			{Measure: "consultation", Qty: o.Consultations}, {Measure: "document", Qty: o.Documents}, {Measure: "document_copy", Qty: o.Documents}} {
			if l.Qty > 0 || l.Measure == "attendance" {
				facts = append(facts, l.fact(se))
			}
		}
	}
	return s.figures.Write(ctx, tx, actor, figures.Source{Kind: "session", ID: se.ID, Text: "重新导入"}, se.Version, facts)
}

// keepReported refuses a row that changes an outcome which reports stand behind.
func keepReported(ctx context.Context, tx *db.Tx, old, next Session) error {
	if old.Outcome != nil && next.Outcome != nil && *old.Outcome == *next.Outcome || old.Outcome == nil && next.Outcome == nil {
		return nil
	}
	var n int
	if err := db.Get(ctx, tx, &n, `SELECT count(*) FROM report WHERE session = $1`, old.ID); err != nil || n == 0 {
		return err
	}
	return errs.Bad("outcome_attendance", "这一场的结果由报告填写，表格不能改。请在后台打开这一场的结果报告更正。")
}
