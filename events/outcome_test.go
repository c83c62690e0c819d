package events_test

import (
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/songfa/songfa/events"
	"github.com/songfa/songfa/events/figures"
	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/db/dbtest"
	"github.com/songfa/songfa/internal/errs"
)

var second = auth.Actor{ID: "u2", Name: "赵核实", Roles: []auth.Role{auth.Coordinator}}

// hostForm and legalForm are good ones, as the pages send them.
func hostForm() url.Values {
	return url.Values{"attendance": {"１２0"}, "migrants": {"90"}, "estimate": {"1"}, "handout_title": {"工资手册", "工伤手册"},
		"handout_handed": {"200", "50"}, "post_category": {"微信公众号"}, "post_people": {"2"}, "text": {"讲了工资。"}, "waiver": {"手机坏了没有拍"}}
}

func legalForm() url.Values {
	return url.Values{"consult_category": {"工资报酬", "工伤", "社保"}, "consult_people": {"12", "3", ""}, "document_category": {"仲裁申请书"},
		"document_people": {"2"}, "document_copies": {"3"}, "disputes": {"1"}, "dispute_yuan": {"12,000.50"}}
}

// held is a session that took place.
func (k *desk) held() events.Session {
	k.Helper()
	s := k.published()
	k.now = s.Ends.Add(1)
	return k.must(k.MarkHeld(k.Context(), coordinator, s.ID, s.Version))
}

func (k *desk) submit(s events.Session, part events.Part, form url.Values) {
	k.Helper()
	if _, err := k.SubmitReport(k.Context(), coordinator, s.ID, part, k.sheet(s).Part(part).Rev, events.ParseReportForm(form), ""); err != nil {
		k.Fatal(errs.MessageOf(err), err)
	}
}

func (k *desk) sheet(s events.Session) *events.ReportSheet {
	k.Helper()
	sh, err := k.ReportSheet(k.Context(), s.ID)
	if err != nil {
		k.Fatal(err)
	}
	return &sh
}

func (k *desk) again(s events.Session) events.Session {
	k.Helper()
	return k.must(k.SessionByID(k.Context(), s.ID))
}

// verified is a session whose outcome somebody else has checked.
func (k *desk) verified() events.Session {
	k.Helper()
	s := k.held()
	k.submit(s, events.HostPart, hostForm())
	k.submit(s, events.LegalPart, legalForm())
	return k.must(k.VerifyReport(k.Context(), second, s.ID, k.again(s).Version))
}

// figure is a measure's total of all days.
func (k *desk) figure(measure string) figures.Value {
	k.Helper()
	t, err := k.Figures().Pivot(k.Context(), figures.Query{From: "2026-01-01", To: "2027-12-31", Measures: []string{measure}})
	if err != nil {
		k.Fatal(err)
	}
	return t.Total(measure)
}

func (k *desk) refused(err error, kind errs.Kind, words string) {
	k.Helper()
	if err == nil || errs.KindOf(err) != kind || !strings.Contains(errs.MessageOf(err), words) {
		k.Errorf("error %v (%s %q), want %s with %q", err, errs.KindOf(err), errs.MessageOf(err), kind, words)
	}
}

func TestOutcomeBecomesFigures(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		s := k.held()
		k.submit(s, events.HostPart, hostForm())
		if got := k.again(s); got.State != events.Held || got.PublicOutcome() != nil {
			t.Fatalf("half reported, the session is %s", got.State)
		}
		k.submit(s, events.LegalPart, legalForm())
		s = k.again(s)
		if s.State != events.Reported || k.figure("session").Qty() != 0 {
			t.Fatalf("reported, the session is %s and counts %d", s.State, k.figure("session").Qty())
		}
		_, err := k.VerifyReport(t.Context(), coordinator, s.ID, s.Version)
		k.refused(err, errs.Forbidden, "请另一位同事核实")
		s = k.must(k.VerifyReport(t.Context(), second, s.ID, s.Version))
		if s.State != events.Verified || *s.PublicOutcome() != (events.Outcome{Attendance: 120, Brochures: 250, Consultations: 15, Documents: 3}) {
			t.Errorf("verified, the session is %s with %+v", s.State, s.PublicOutcome())
		}
		for measure, want := range map[string]int64{"session": 1, "attendance": 120, "attendance_migrant": 90, "brochure": 250, "consultation": 15,
			"document": 2, "document_copy": 3, "post": 2, "dispute": 1, "lead": 0} {
			if got := k.figure(measure).Qty(); got != want {
				t.Errorf("%s is %d, want %d", measure, got, want)
			}
		}
		if got := k.figure("dispute").Fen(); got != 1200050 {
			t.Errorf("disputes are about %d fen", got)
		}
		rows, err := k.Figures().Rows(t.Context(), figures.Query{From: "2026-11-21", To: "2026-11-21", Measures: []string{"brochure"}, Category: "工资手册"}, 0, 0)
		if err != nil || len(rows) != 1 || rows[0].SourceID != s.ID || rows[0].Qty != 200 || rows[0].Host != "东湖镇司法所" {
			t.Errorf("rows %+v, %v", rows, err)
		}
	})
}

func TestSavingNeverRefusesAndSubmittingSaysAll(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		s := k.held()
		form := events.ParseReportForm(url.Values{"attendance": {"一百二"}, "women": {"5"}, "handout_title": {"工资手册", ""}, "handout_handed": {"9", "3"}, "text": {strings.Repeat("字", 201)}})
		p, err := k.SaveReport(t.Context(), coordinator, s.ID, events.HostPart, 0, form)
		if err != nil || p.Rev != 1 || p.Form.Attendance != "一百二" {
			t.Fatalf("saved %+v, %v", p, err)
		}
		var fields []string
		for _, b := range p.Blocks {
			fields = append(fields, b.Field)
		}
		for _, want := range []string{"attendance", "handout_title-1", "text", "waiver"} {
			if !slices.Contains(fields, want) {
				t.Errorf("no problem at %s in %v", want, fields)
			}
		}
		_, err = k.SaveReport(t.Context(), second, s.ID, events.HostPart, 0, form)
		k.refused(err, errs.Conflict, "王协调")
		_, err = k.SubmitReport(t.Context(), second, s.ID, events.HostPart, 1, form, "")
		k.refused(err, errs.Invalid, "一百二")
		if got := k.sheet(s).Host; got.Rev != 2 || got.Form.Women != "5" {
			t.Errorf("what was typed is lost: %+v", got)
		}
	})
}

func TestUnlikelyNumbersWantAWord(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		s := k.held()
		form := hostForm()
		form.Set("attendance", "181") // sixty places
		_, err := k.SubmitReport(t.Context(), coordinator, s.ID, events.HostPart, 0, events.ParseReportForm(form), "")
		k.refused(err, errs.Invalid, "是不是多写了零")
		_, err = k.SubmitReport(t.Context(), coordinator, s.ID, events.HostPart, 1, events.ParseReportForm(form), "露天广场，围观的人多")
		if err != nil {
			t.Error(err)
		}
		legal := legalForm()
		legal["consult_people"][0] = "88" // in ninety minutes
		_, err = k.SubmitReport(t.Context(), coordinator, s.ID, events.LegalPart, 0, events.ParseReportForm(legal), "")
		k.refused(err, errs.Invalid, "每位律师每小时")
	})
}

func TestNothingIsOneTap(t *testing.T) {
	f := events.ParseReportForm(url.Values{"none": {events.NoConsultations, events.NoDocuments}})
	if blocks, _ := f.Problems(events.LegalPart, events.ReportBasis{}); len(blocks) > 0 {
		t.Errorf("blocks %v", blocks)
	}
	var empty events.ReportForm
	if blocks, _ := empty.Problems(events.LegalPart, events.ReportBasis{}); len(blocks) != 2 {
		t.Errorf("blocks %v, want one for each section", blocks)
	}
}

func TestHandedOutIsNotMoreThanIssued(t *testing.T) {
	b := events.ReportBasis{Photos: 1, Issued: []events.Issued{{Material: "m1", Title: "工资手册", Qty: 100}}}
	for handed, want := range map[string]int{"95": 0, "96": 1} {
		f := events.ReportForm{Attendance: "10", Handouts: []events.HandoutLine{{Material: "m1", Title: "工资手册", Handed: handed, Returned: "3", Spoiled: "2"}}}
		if blocks, _ := f.Problems(events.HostPart, b); len(blocks) != want {
			t.Errorf("handed %s: %v", handed, blocks)
		}
	}
}

func TestReturnedPartsComeBack(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		s := k.held()
		k.submit(s, events.HostPart, hostForm())
		k.submit(s, events.LegalPart, legalForm())
		_, err := k.ReturnReport(t.Context(), second, s.ID, k.again(s).Version, []events.Part{events.HostPart}, "")
		k.refused(err, errs.Invalid, "退回的原因")
		s = k.must(k.ReturnReport(t.Context(), second, s.ID, k.again(s).Version, []events.Part{events.HostPart}, "人数和照片对不上"))
		sh := k.sheet(s)
		if s.State != events.ReportReturned || sh.Host.State != events.PartReturned || sh.Host.Note == "" || sh.Legal.State != events.PartSubmitted {
			t.Fatalf("session %s, host %+v, legal %s", s.State, sh.Host, sh.Legal.State)
		}
		k.submit(s, events.HostPart, hostForm())
		if s = k.again(s); s.State != events.Reported {
			t.Errorf("handed in again, the session is %s", s.State)
		}
	})
}

func TestAmendmentAfterFreeze(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		s := k.verified()
		k.now = k.now.AddDate(0, 1, 0)
		p, err := k.Figures().CreatePeriod(t.Context(), auth.System(), "2026 年 11 月", "2026-11-01", "2026-11-30")
		if err != nil {
			t.Fatal(err)
		}
		if p, err = k.Figures().Freeze(t.Context(), auth.System(), p.ID, p.Version); err != nil {
			t.Fatal(err)
		}
		form := legalForm()
		form["consult_people"][0] = "10"
		_, err = k.AmendReport(t.Context(), coordinator, s.ID, events.LegalPart, events.ParseReportForm(form), "", "")
		k.refused(err, errs.Invalid, "更正的原因")
		if _, err = k.AmendReport(t.Context(), coordinator, s.ID, events.LegalPart, events.ParseReportForm(form), "两张登记表重复了", ""); err != nil {
			t.Fatal(err)
		}
		if got := k.figure("consultation").Qty(); got != 15 {
			t.Errorf("not approved yet, it counts: %d", got)
		}
		_, err = k.VerifyReport(t.Context(), coordinator, s.ID, k.again(s).Version)
		k.refused(err, errs.Forbidden, "另一位同事")
		s = k.must(k.VerifyReport(t.Context(), second, s.ID, k.again(s).Version))
		if s.State != events.Verified || s.PublicOutcome().Consultations != 13 {
			t.Errorf("amended, the session is %s with %+v", s.State, s.PublicOutcome())
		}
		frozen, err := k.Figures().Pivot(t.Context(), figures.Query{Period: p.ID})
		if err != nil {
			t.Fatal(err)
		}
		if got := frozen.Total("consultation").All(); got != 15 {
			t.Errorf("the frozen month says %d, want 15", got)
		}
		v := k.figure("consultation")
		if v.Live != 15 || v.Adjustment != -2 {
			t.Errorf("the year says %+v", v)
		}
		if err := k.Figures().VerifyPeriod(t.Context(), p.ID); err != nil {
			t.Error(err)
		}
		if sh := k.sheet(s); sh.Legal.Version != 2 || sh.Legal.State != events.PartVerified || len(sh.Versions) != 3 {
			t.Errorf("legal part is version %d, %s, of %d", sh.Legal.Version, sh.Legal.State, len(sh.Versions))
		}
	})
}

func TestArchivedOnceNothingIsOpen(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		s := k.verified()
		form := legalForm()
		form["consult_people"][0] = "10"
		if _, err := k.AmendReport(t.Context(), coordinator, s.ID, events.LegalPart, events.ParseReportForm(form), "登记表重复了", ""); err != nil {
			t.Fatal(err)
		}
		k.now = k.now.AddDate(0, 0, 31)
		tick := func(want events.State) {
			t.Helper()
			if _, err := k.Tick(t.Context()); err != nil {
				t.Fatal(err)
			}
			if got := k.again(s).State; got != want {
				t.Errorf("the session is %s, want %s", got, want)
			}
		}
		tick(events.Verified) // an amendment waits
		k.must(k.VerifyReport(t.Context(), second, s.ID, k.again(s).Version))
		tick(events.Archived)
		if got := k.figure("consultation").Qty(); got != 13 {
			t.Errorf("archived, it counts %d", got)
		}
	})
}

func TestOnlyThoseConcernedReport(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		s := k.held()
		for _, actor := range []auth.Actor{{ID: "x"}, events.OrganizerActor("somebody else's"), events.PractitionerActor("p9"), {ID: "e", Roles: []auth.Role{auth.Editor}}} {
			_, err := k.SaveReport(t.Context(), actor, s.ID, events.HostPart, 0, events.ReportForm{})
			k.refused(err, errs.Forbidden, "")
		}
		draft := k.create()
		_, err := k.SaveReport(t.Context(), coordinator, draft.ID, events.HostPart, 0, events.ReportForm{})
		k.refused(err, errs.Conflict, "草稿")
	})
}

func TestPhotosAreNeverPublicByThemselves(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		s := k.held()
		photo := events.ReportPhoto{Key: strings.Repeat("a", 64), Name: "现场.jpg"}
		sheet := events.ReportPhoto{Key: strings.Repeat("b", 64), Sheet: true, Consent: true}
		for _, p := range []events.ReportPhoto{photo, sheet} {
			if err := k.AddReportPhoto(t.Context(), coordinator, s.ID, p); err != nil {
				t.Fatal(err)
			}
			k.refused(k.ShowReportPhoto(t.Context(), second, s.ID, p.Key, nil), errs.Invalid, "不能公开")
		}
		photo.Consent = true
		if err := k.AddReportPhoto(t.Context(), coordinator, s.ID, photo); err != nil {
			t.Fatal(err)
		}
		public, err := k.PublicPhotos(t.Context(), s.ID)
		if err != nil || len(public) != 0 {
			t.Errorf("public before approval: %v, %v", public, err)
		}
		if err := k.ShowReportPhoto(t.Context(), second, s.ID, photo.Key, nil); err != nil {
			t.Fatal(err)
		}
		if public, err = k.PublicPhotos(t.Context(), s.ID); err != nil || len(public) != 1 {
			t.Errorf("approved: %v, %v", public, err)
		}
		form := hostForm()
		form.Del("waiver") // a photo is there
		k.submit(s, events.HostPart, form)
		for i := range 11 {
			err = k.AddReportPhoto(t.Context(), coordinator, s.ID, events.ReportPhoto{Key: strings.Repeat("c", 62) + string(rune('0'+i/10)) + string(rune('0'+i%10))})
		}
		k.refused(err, errs.Invalid, "最多 12 张")
	})
}

func TestImportedOutcomesCount(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		csv := func(people string) string {
			return "key,type,title,venue,date,start,end,state,organizer,outcome_attendance,outcome_brochures,outcome_consultations,outcome_documents\n" +
				"a,enterprise,某厂普法课,食堂,2026-10-09,09:00,10:30,verified,某厂," + people + ",100,7,2\n" +
				"b,enterprise,未核实的一场,食堂,2026-10-10,09:00,10:30,held,某厂,900,1,1,1\n"
		}
		for _, people := range []string{"80", "80", "85"} {
			report, err := k.ImportSessions(t.Context(), coordinator, strings.NewReader(csv(people)))
			if err != nil || len(report.Problems) > 0 {
				t.Fatalf("%v %+v", err, report.Problems)
			}
		}
		for measure, want := range map[string]int64{"session": 1, "attendance": 85, "brochure": 100, "consultation": 7, "document": 2} {
			if got := k.figure(measure).Qty(); got != want {
				t.Errorf("%s is %d, want %d", measure, got, want)
			}
		}
	})
}

func TestStationsCountOnTheDay(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		old := events.Station{Code: "T09", Tier: events.TownTier, Parent: "C01", Name: "旧站", Address: "旧址", ValidTo: "2025-12-31"}
		if _, err := k.SaveStation(t.Context(), coordinator, old); err != nil {
			t.Fatal(err)
		}
		for to, want := range map[string]int64{"2025-12-31": 2, "2026-01-01": 1} {
			table, err := k.Figures().Pivot(t.Context(), figures.Query{From: "2025-01-01", To: to, Rows: figures.ByTown, Measures: []string{"station_town"}})
			if err != nil {
				t.Fatal(err)
			}
			if got := table.Total("station_town").Qty(); got != want {
				t.Errorf("on %s: %d, want %d", to, got, want)
			}
		}
	})
}
