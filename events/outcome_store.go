package events

import (
	"context"
	"slices"
	"strings"

	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/errs"
)

type reportRow struct {
	ID          string `db:"id"`
	Session     string `db:"session"`
	Part        Part   `db:"part"`
	Version     int    `db:"version"`
	State       string `db:"state"`
	Rev         int    `db:"rev"`
	Form        string `db:"form"`
	Reason      string `db:"reason"`
	Note        string `db:"note"`
	Overrides   string `db:"overrides"`
	Author      string `db:"author"`
	AuthorName  string `db:"author_name"`
	Writers     string `db:"writers"`
	VerifiedBy  string `db:"verified_by"`
	UpdatedAt   int64  `db:"updated_at"`
	SubmittedAt *int64 `db:"submitted_at"`
	VerifiedAt  *int64 `db:"verified_at"`
}

func (r reportRow) report() (PartReport, error) {
	p := PartReport{ID: r.ID, Session: r.Session, Part: r.Part, Version: r.Version, State: ReportState(r.State), Rev: r.Rev,
		Reason: r.Reason, Note: r.Note, Override: r.Overrides, Author: r.Author, AuthorName: r.AuthorName,
		VerifiedBy: r.VerifiedBy, Updated: local(r.UpdatedAt)}
	if r.SubmittedAt != nil {
		p.Submitted = local(*r.SubmittedAt)
	}
	if r.VerifiedAt != nil {
		p.Verified = local(*r.VerifiedAt)
	}
	if err := db.FromJSON(r.Writers, &p.Writers); err != nil {
		return p, err
	}
	return p, db.FromJSON(r.Form, &p.Form)
}

// selectReports lists all versions of a session's parts, the newest first.
func selectReports(ctx context.Context, q db.Queryer, session string) ([]PartReport, error) {
	var rows []reportRow
	err := db.Select(ctx, q, &rows, `SELECT id, session, part, version, state, rev, form, reason, note, overrides, author, author_name,
		writers, verified_by, updated_at, submitted_at, verified_at FROM report WHERE session = $1 ORDER BY version DESC, part`, session)
	if err != nil {
		return nil, err
	}
	list := make([]PartReport, len(rows))
	for i, r := range rows {
		if list[i], err = r.report(); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// newest is the latest version of a part, or an empty draft.
func newest(list []PartReport, part Part) PartReport {
	if i := slices.IndexFunc(list, func(p PartReport) bool { return p.Part == part }); i >= 0 {
		return list[i]
	}
	return PartReport{Part: part, State: PartDraft}
}

// standing is the version of a part that facts stand on, or nil.
func standing(list []PartReport, part Part) *PartReport {
	if i := slices.IndexFunc(list, func(p PartReport) bool { return p.Part == part && p.State == PartVerified }); i >= 0 {
		return &list[i]
	}
	return nil
}

// ReportSheet reads the outcome of a session as far as it has come. Who may see
// it is the page's to ask.
func (s *Store) ReportSheet(ctx context.Context, session string) (_ ReportSheet, err error) {
	defer errs.Wrap(&err, "report of %s", session)
	r := s.db.Reader()
	se, err := s.SessionByID(ctx, session)
	if err != nil {
		return ReportSheet{}, err
	}
	sh, err := s.sheet(ctx, r, se)
	if err != nil {
		return sh, err
	}
	calendar, err := s.Calendar(ctx)
	if err != nil {
		return sh, err
	}
	sh.Due = calendar.AddWorkingDays(se.Ends, s.rules.ReportDays)
	return sh, nil
}

func (s *Store) sheet(ctx context.Context, q db.Queryer, se Session) (_ ReportSheet, err error) {
	sh := ReportSheet{Session: se}
	if sh.Versions, err = selectReports(ctx, q, se.ID); err != nil {
		return sh, err
	}
	sh.Host, sh.Legal = newest(sh.Versions, HostPart), newest(sh.Versions, LegalPart)
	if sh.Photos, err = selectPhotos(ctx, q, se.ID); err != nil {
		return sh, err
	}
	if err := s.onTheSpot(ctx, q, &sh); err != nil {
		return sh, err
	}
	for _, part := range Parts() {
		p := sh.Part(part)
		p.Session = se.ID
		if !p.Saved() {
			p.Form = sh.prefilled(part)
		}
		p.Blocks, p.Warns = p.Form.Problems(part, sh.Basis())
	}
	return sh, nil
}

// mayReport refuses actors that have nothing to do with the part.
func (s *Store) mayReport(ctx context.Context, q db.Queryer, actor auth.Actor, session string, part Part) error {
	if part != HostPart && part != LegalPart {
		return errs.New(errs.Invalid, "请说明填的是哪一部分。", "no part %q", part)
	}
	if actor.Can(auth.Sessions) {
		return oursBy(ctx, q, actor, townOfSession, session)
	}
	var n int
	if id, ok := strings.CutPrefix(actor.ID, "organizer:"); ok {
		if err := db.Get(ctx, q, &n, `SELECT count(*) FROM request WHERE id = $1 AND session = $2`, id, session); err != nil {
			return err
		}
	} else if id, ok := strings.CutPrefix(actor.ID, "practitioner:"); ok {
		ours, err := s.serves(ctx, q, id, session)
		if err != nil {
			return err
		}
		if ours {
			n = 1
		}
	}
	if n == 0 {
		return errs.New(errs.Forbidden, "这一场的结果要由主办单位、到场律师或协调员来填。", "actor %s may not report on %s", actor.ID, session)
	}
	return nil
}

// reportable refuses sessions whose outcome cannot be typed in now.
func reportable(se Session) error {
	if se.State == Held || se.State == ReportReturned || se.State == Reported {
		return nil
	}
	return errs.New(errs.Conflict, "这一场现在是“"+se.State.Label()+"”，不能填写结果。", "session is %s", se.State)
}

// SaveReport keeps a part as it is typed; it never refuses what is half-filled
// or wrong. rev is what the form has read (0 for a new one); a stale one is a
// Conflict.
func (s *Store) SaveReport(ctx context.Context, actor auth.Actor, session string, part Part, rev int, form ReportForm) (_ PartReport, err error) {
	defer errs.Wrap(&err, "save report %s", part)
	err = s.db.Update(ctx, func(ctx context.Context, tx *db.Tx) error {
		_, err := s.saveReport(ctx, tx, actor, session, part, rev, form)
		return err
	})
	if err != nil {
		return PartReport{}, err
	}
	sh, err := s.ReportSheet(ctx, session)
	return *sh.Part(part), err
}

func (s *Store) saveReport(ctx context.Context, tx *db.Tx, actor auth.Actor, session string, part Part, rev int, form ReportForm) (PartReport, error) {
	se, err := lockRecord(ctx, tx, session)
	if err != nil {
		return PartReport{}, err
	}
	if err := s.mayReport(ctx, tx, actor, session, part); err != nil {
		return PartReport{}, err
	}
	if err := reportable(se.Session); err != nil {
		return PartReport{}, err
	}
	list, err := selectReports(ctx, tx, session)
	if err != nil {
		return PartReport{}, err
	}
	p := newest(list, part)
	switch {
	case !p.Open():
		return p, errs.New(errs.Conflict, "这一部分"+p.State.Label()+"，不能再改。要改请联系协调员退回。", "report is %s", p.State)
	case p.Rev != rev:
		return p, errs.New(errs.Conflict, "“"+p.AuthorName+"”刚在别处保存过这份报告。下面是您填的，对照以后再保存。", "rev %d is stale, now %d", rev, p.Rev)
	}
	form.clip()
	p.Session, p.Form, p.Rev = session, form, rev+1
	return p, s.keepReport(ctx, tx, actor, &p)
}

// keepReport writes a part, new or old.
func (s *Store) keepReport(ctx context.Context, tx *db.Tx, actor auth.Actor, p *PartReport) error {
	if !slices.Contains(p.Writers, actor.ID) {
		p.Writers = append(p.Writers, actor.ID)
	}
	p.Author, p.AuthorName, p.Updated = actor.ID, actor.Name, s.now()
	if p.ID == "" {
		p.ID, p.Version = db.NewID(), max(1, p.Version)
	}
	_, err := db.Exec(ctx, tx, `INSERT INTO report (id, session, part, version, state, rev, form, reason, note, overrides, author, author_name,
		writers, verified_by, created_at, updated_at, submitted_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, '', $14, $14, $15)
		ON CONFLICT (id) DO UPDATE SET state = $5, rev = $6, form = $7, reason = $8, note = $9, overrides = $10, author = $11, author_name = $12,
		writers = $13, updated_at = $14, submitted_at = $15`,
		p.ID, p.Session, p.Part, p.Version, p.State, p.Rev, db.JSON(p.Form), p.Reason, p.Note, p.Override, p.Author, p.AuthorName,
		db.JSON(p.Writers), p.Updated.UnixMilli(), db.Millis(p.Submitted))
	return err
}

// SubmitReport hands a part in: what is typed is kept first, then judged. Blocks
// refuse it (Invalid; the sheet lists them all), warnings want a word in
// override. When both parts are in, the session is reported.
func (s *Store) SubmitReport(ctx context.Context, actor auth.Actor, session string, part Part, rev int, form ReportForm, override string) (_ PartReport, err error) {
	defer errs.Wrap(&err, "submit report %s", part)
	saved, err := s.SaveReport(ctx, actor, session, part, rev, form)
	if err != nil {
		return saved, err
	}
	override = oneLine(override)
	err = s.db.Update(ctx, func(ctx context.Context, tx *db.Tx) error {
		return s.submitReport(ctx, tx, actor, session, part, saved.Rev, override)
	})
	if err != nil {
		return saved, err
	}
	sh, err := s.ReportSheet(ctx, session)
	return *sh.Part(part), err
}

func (s *Store) submitReport(ctx context.Context, tx *db.Tx, actor auth.Actor, session string, part Part, rev int, override string) error {
	se, err := lockRecord(ctx, tx, session)
	if err != nil {
		return err
	}
	sh, err := s.sheet(ctx, tx, se.Session)
	if err != nil {
		return err
	}
	p := *sh.Part(part)
	if p.Rev != rev || !p.Open() {
		return errs.New(errs.Conflict, "这份报告刚在别处改过，请刷新后再交。", "rev %d is stale, now %d", rev, p.Rev)
	}
	if err := judged(p, override); err != nil {
		return err
	}
	p.State, p.Rev, p.Submitted, p.Override, p.Note = PartSubmitted, rev+1, s.now(), override, ""
	if err := s.keepReport(ctx, tx, actor, &p); err != nil {
		return err
	}
	if err := keepLines(ctx, tx, p); err != nil {
		return err
	}
	other := sh.Part(LegalPart)
	host := p.Form
	if part == LegalPart {
		other, host = sh.Part(HostPart), sh.Host.Form
	}
	if other.State != PartSubmitted {
		s.recordSession(tx, actor, "report.submit", se.Session, "场次《"+se.Title+"》交了"+part.Label())
		return nil
	}
	_, err = s.changeIn(ctx, tx, actor, session, se.Version, "report.submit", func(ctx context.Context, tx *db.Tx, r *record) (string, error) {
		if err := s.settleReported(ctx, tx, actor, r.Session, host); err != nil {
			return "", err
		}
		if r.State == Reported { // the other part had been returned and is in again
			return "场次《" + r.Title + "》交了" + part.Label(), nil
		}
		if err := r.State.step(Reported); err != nil {
			return "", err
		}
		r.State = Reported
		return "场次《" + r.Title + "》结果报告交齐，待核实", nil
	})
	return err
}

// judged refuses blocks, and warnings that nobody has answered.
func judged(p PartReport, override string) error {
	if err := problems(p.Blocks).err(); err != nil {
		return err
	}
	if len(p.Warns) > 0 && override == "" {
		return errs.Bad("override", p.Warns[0].Message+"确认没有错的话，请在下面写一句情况说明再交。")
	}
	return nil
}

// ReturnReport sends parts back to who wrote them. Of a verified session it
// refuses an amendment.
func (s *Store) ReturnReport(ctx context.Context, actor auth.Actor, session string, version int, parts []Part, reason string) (_ Session, err error) {
	defer errs.Wrap(&err, "return report of %s", session)
	if err := actor.Must(auth.Sessions); err != nil {
		return Session{}, err
	}
	reason = oneLine(reason)
	var ps problems
	ps.text("reason", "退回的原因", reason, 2, 200)
	if len(parts) == 0 {
		ps.add("parts", "请选择退回哪一部分。")
	}
	if err := ps.err(); err != nil {
		return Session{}, err
	}
	err = s.db.Update(ctx, func(ctx context.Context, tx *db.Tx) error {
		_, err := s.changeIn(ctx, tx, actor, session, version, "report.return", func(ctx context.Context, tx *db.Tx, r *record) (string, error) {
			return s.returnParts(ctx, tx, r, parts, reason)
		})
		return err
	})
	if err != nil {
		return Session{}, err
	}
	return s.SessionByID(ctx, session)
}

func (s *Store) returnParts(ctx context.Context, tx *db.Tx, r *record, parts []Part, reason string) (string, error) {
	if r.State != Verified && r.State != Archived && r.State != Held {
		if err := r.State.step(ReportReturned); err != nil {
			return "", err
		}
		r.State = ReportReturned
	}
	list, err := selectReports(ctx, tx, r.ID)
	if err != nil {
		return "", err
	}
	for _, part := range parts {
		p := newest(list, part)
		if p.State != PartSubmitted {
			return "", errs.New(errs.Conflict, part.Label()+"没有待核的内容，请刷新。", "%s is %s", part, p.State)
		}
		_, err := db.Exec(ctx, tx, `UPDATE report SET state = $2, note = $3, rev = rev + 1, updated_at = $4 WHERE id = $1`,
			p.ID, PartReturned, reason, s.now().UnixMilli())
		if err != nil {
			return "", err
		}
	}
	return "退回场次《" + r.Title + "》的结果：" + reason, s.tellReporter(ctx, tx, r.Session, "report_returned", "结果请补正："+r.Title,
		"“"+r.Title+"”的结果报告有几处要补正："+reason+"。请打开报告改好再交一次。")
}

// tellReporter tells the host of the session.
func (s *Store) tellReporter(ctx context.Context, tx *db.Tx, se Session, kind, title, body string) error {
	to, err := s.host(ctx, tx, se)
	if err != nil {
		return err
	}
	for _, one := range to {
		err := s.enqueue(ctx, tx, Message{Kind: kind, Session: se.ID, Version: se.Version, To: one, Title: title, Body: body, Path: "/organize/"})
		if err != nil {
			return err
		}
	}
	return nil
}

// maxReportText bounds a text of a draft: what is longer is no report.
const maxReportText = 500

// clip keeps a draft from growing without end; nothing a person types is so long.
func (f *ReportForm) clip() {
	for _, t := range []*string{&f.Text, &f.Trouble, &f.Waiver, &f.Attendance, &f.WalkIns, &f.Migrants, &f.Women, &f.Minors, &f.Elders,
		&f.Media, &f.Leads, &f.Applications, &f.Disputes, &f.DisputeYuan} {
		*t = cut(*t, maxReportText)
	}
	for i := range f.Handouts {
		h := &f.Handouts[i]
		h.Title, h.Handed, h.Returned, h.Spoiled = cut(oneLine(h.Title), 100), cut(h.Handed, 20), cut(h.Returned, 20), cut(h.Spoiled, 20)
	}
	for _, list := range [][]TallyLine{f.Consultations, f.Documents, f.Posts} {
		for i := range list {
			list[i].Category, list[i].People, list[i].Copies = cut(oneLine(list[i].Category), 60), cut(list[i].People, 20), cut(list[i].Copies, 20)
		}
	}
	if len(f.None) > 10 {
		f.None = f.None[:10]
	}
}

func cut(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n])
	}
	return s
}
