package events

import (
	"context"
	"encoding/json"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/errs"
)

var sessionColumnNames = []string{"key", "type", "title", "summary", "town", "station", "venue", "address", "date", "start", "end",
	"capacity", "organizer", "lawyers", "audience", "state", "contact_phone", "outcome_attendance", "outcome_brochures",
	"outcome_consultations", "outcome_documents",
	// Written by the export: what a person has said, and who the session is.
	"cancel_reason", "no", "uid", "sequence", "published", "history", "version"}

// sessionLine is a row of sessions.csv that can be saved as far as it alone
// tells.
type sessionLine struct {
	line     int
	key      string
	hash     string
	read     int    // version it was exported with, 0 if it does not say
	relative bool   // the date was +3d: it counts from the first import on
	town     string // name
	state    State  // "" keeps what is there
	session  record
	history  []historyEntry
}

var keyShape = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$`)

// importable are the states a row may bring in: those in between belong to the
// organizer's walk, which a file cannot walk.
func importable(s State) bool { return s == Draft || s.Public() }

// parseSessions reads the rows; now is what relative dates count from.
func parseSessions(name string, r io.Reader, now time.Time) ([]sessionLine, []Problem, error) {
	t, err := readTable(name, r, sessionColumnNames, []string{"key", "type", "title", "venue", "date", "start", "end"})
	if err != nil {
		return nil, nil, err
	}
	var lines []sessionLine
	seen := make(map[string]int)
	for _, row := range t.rows {
		var ps problems
		l := ps.sessionLine(row, now)
		if first := seen[l.key]; first > 0 {
			ps.add("key", "键“%s”和第 %d 行重复。", l.key, first)
		} else {
			seen[l.key] = row.line
		}
		if t.reject(row.line, ps) {
			continue
		}
		lines = append(lines, l)
	}
	return lines, t.problems, nil
}

func (ps *problems) sessionLine(row row, now time.Time) sessionLine {
	c := row.cells
	l := sessionLine{line: row.line, hash: row.hash(), key: c["key"], town: oneLine(c["town"]), state: State(c["state"])}
	if !keyShape.MatchString(l.key) {
		ps.add("key", "键“%s”只能用字母、数字、点、短横线和下划线，最多 64 位。", clip(l.key))
	}
	if l.state != "" && (!l.state.Valid() || !importable(l.state)) {
		ps.add("state", "状态“%s”无法识别，请填写 draft、published、postponed、cancelled、held、verified 等。", clip(string(l.state)))
	}
	form := SessionForm{Type: Type(c["type"]), Title: c["title"], Summary: c["summary"], Station: c["station"], Venue: c["venue"],
		Address: c["address"], Organizer: c["organizer"], Lawyers: c["lawyers"], ContactPhone: c["contact_phone"],
		Audience: splitList(c["audience"])}
	form.Capacity = ps.capacity(c["capacity"])
	form.Starts, form.Ends, l.relative = ps.times(c["date"], c["start"], c["end"], now)
	for _, p := range form.Problems() {
		if !slices.ContainsFunc(*ps, func(q Problem) bool {
			return q.Field == p.Field || q.Field == "date" && (p.Field == "start" || p.Field == "end")
		}) {
			*ps = append(*ps, p)
		}
	}
	l.session.fill(form)
	l.session.Reason = oneLine(c["cancel_reason"])
	ps.text("cancel_reason", "原因", l.session.Reason, 0, 200)
	l.session.Outcome = ps.outcome(c, l.state)
	l.read = ps.version(c["version"])
	ps.identity(&l, c, now)
	return l
}

// identity reads what an export knows of a session beyond its text; it counts
// only where the session is new.
func (ps *problems) identity(l *sessionLine, c map[string]string, now time.Time) {
	s := &l.session
	if s.No = c["no"]; s.No != "" && !numberShape.MatchString(s.No) {
		ps.add("no", "编号“%s”应写成 SF-2026-00012。", clip(s.No))
	}
	if s.UID = c["uid"]; s.UID != "" && !uidShape.MatchString(s.UID) {
		ps.add("uid", "日历标识请勿改动；不确定时请留空。")
	}
	if c["sequence"] != "" {
		n, err := strconv.Atoi(c["sequence"])
		if err != nil || n < 0 || n > 1_000_000 {
			ps.add("sequence", "日历序号请勿改动；不确定时请留空。")
		}
		s.Seq = n
	}
	if c["published"] != "" {
		t, err := time.Parse(time.RFC3339, c["published"])
		if err != nil || t.After(now) {
			ps.add("published", "发布时间请勿改动；不确定时请留空。")
		}
		s.FirstPublished = t
	}
	if c["history"] != "" {
		if err := json.Unmarshal([]byte(c["history"]), &l.history); err != nil {
			ps.add("history", "改期记录请勿改动；不确定时请留空。")
		}
		for i, h := range l.history {
			if h.Seq < 0 || h.Seq >= s.Seq || i > 0 && h.Seq <= l.history[i-1].Seq || !h.Ends.After(h.Starts) {
				ps.add("history", "改期记录请勿改动；不确定时请留空。")
				break
			}
		}
		s.Moves = len(l.history)
	}
}

var (
	numberShape = regexp.MustCompile(`^SF-[0-9]{4}-[0-9]{5,9}$`)
	uidShape    = regexp.MustCompile(`^[A-Za-z0-9._-]{1,80}@[A-Za-z0-9._-]{1,80}$`)
)

// splitList splits at 、 and ;. A comma belongs to the sentence: 家属也可以来.
func splitList(cell string) []string {
	return strings.FieldsFunc(cell, func(r rune) bool { return r == '、' || r == ';' || r == '；' })
}

func (ps *problems) capacity(cell string) int {
	cell = narrow(cell)
	if cell == "" || cell == "不限" {
		return 0
	}
	n, err := strconv.Atoi(cell)
	if err != nil || n < 1 || n > maxCapacity {
		ps.add("capacity", "名额“%s”应是 1 至 %d 的整数，不限名额请留空。", clip(cell), maxCapacity)
		return 0
	}
	return n
}

// outcome reads the four figures; nil when none is given.
func (ps *problems) outcome(c map[string]string, state State) *Outcome {
	var o Outcome
	given := false
	for _, figure := range []struct {
		column string
		to     *int
	}{
		{"outcome_attendance", &o.Attendance},
		{"outcome_brochures", &o.Brochures},
		{"outcome_consultations", &o.Consultations},
		{"outcome_documents", &o.Documents},
	} {
		cell := narrow(c[figure.column])
		if cell == "" {
			continue
		}
		n, err := strconv.Atoi(cell)
		if err != nil || n < 0 || n > 1_000_000 {
			ps.add(figure.column, "“%s”应是不小于 0 的整数。", clip(cell))
		}
		*figure.to, given = n, true
	}
	if !given {
		return nil
	}
	if !slices.Contains([]State{Held, Reported, ReportReturned, Verified, Archived}, state) {
		ps.add("outcome_attendance", "只有已举办的场次才能填结果，请把 state 改为 held 或 verified，或清空结果。")
	}
	return &o
}

// ImportSessions reads sessions.csv. A row is known by its key, or by the number
// an export gave as its key. The columns: key, type, title, summary, town (its
// name), station (its code), venue, address, date (2026-11-20, or +3d from
// today), start and end (09:00), capacity, organizer, lawyers, audience (split at
// 、), state, contact_phone, outcome_attendance, outcome_brochures,
// outcome_consultations, outcome_documents, cancel_reason.
func (s *Store) ImportSessions(ctx context.Context, actor auth.Actor, r io.Reader) (report Report, err error) {
	defer errs.Wrap(&err, "import %s", SessionsFile)
	if err := actor.Must(auth.Sessions); err != nil {
		return report, err
	}
	lines, problems, err := parseSessions(SessionsFile, r, s.now())
	if err != nil {
		return report, err
	}
	report.Problems = problems
	towns, err := s.townCodes(ctx)
	if err != nil {
		return report, err
	}
	err = inBatches(ctx, s, lines, &report, func(ctx context.Context, tx *db.Tx, l sessionLine, report *Report) error {
		if l.session.Town = towns[l.town]; l.session.Town == "" && l.town != "" {
			return reject(report, SessionsFile, l.line, errs.Bad("town", "没有镇街“"+clip(l.town)+"”，请先在 stations.csv 中登记它的站点。"))
		}
		return reject(report, SessionsFile, l.line, s.importSession(ctx, tx, actor, l, report))
	})
	sortProblems(report.Problems)
	return report, err
}

func (s *Store) importSession(ctx context.Context, tx *db.Tx, actor auth.Actor, l sessionLine, report *Report) error {
	if err := checkPlace(ctx, tx, l.session.Session); err != nil {
		return err
	}
	old, err := getRecord(ctx, tx, "s.import_key = $1 OR s.no = $1 OR s.no = $2 ORDER BY CASE WHEN s.import_key = $1 THEN 0 ELSE 1 END LIMIT 1",
		l.key, l.session.No)
	if errs.Is(err, errs.NotFound) {
		return s.createFromLine(ctx, tx, actor, l, report)
	}
	if err != nil {
		return err
	}
	if l.session.UID != "" && l.session.UID != old.UID && old.importKey != l.key {
		return errs.Bad("no", "编号已经用在另一场次《"+old.Title+"》上。这一场要新建的话，请把 key 换一个，把 no、uid 两列留空。")
	}
	next := l.over(old)
	switch judge(l.hash, old.importHash, old.importVersion, old.Version, l.read, sameSession(old.Session, next.Session)) {
	case unchanged:
		report.Unchanged++
		return nil
	case touched:
		return errs.Bad("key", touchedMessage)
	}
	if old.State != next.State && !old.State.leadsTo(next.State) {
		return errs.Bad("state", "该场次现在是“"+old.State.Label()+"”，不能改为“"+next.State.Label()+"”。")
	}
	if old, err = lockRecord(ctx, tx, old.ID); err != nil {
		return err
	}
	if kept := old.Kept(s.now()); next.Capacity > 0 && next.Capacity < old.Taken+kept || next.Capacity == 0 && kept > 0 {
		return errs.Bad("capacity", "已有人报名或者留着名额，名额不能少于已报人数加上预留的名额。")
	}
	if err := keepReported(ctx, tx, old.Session, next.Session); err != nil {
		return err
	}
	if err := s.update(ctx, tx, actor, old, &next); err != nil {
		return err
	}
	if err := s.effects(ctx, tx, actor, old.Session, next.Session); err != nil {
		return err
	}
	if err := s.importedFacts(ctx, tx, actor, next.Session); err != nil {
		return err
	}
	report.Updated++
	s.recordSession(tx, actor, "session.import", next.Session, "导入修改场次《"+next.Title+"》")
	return nil
}

// over lays the row over what is there; what only an export knows stays as it is.
func (l sessionLine) over(old record) record {
	next := old
	form := l.session.Form()
	form.VerifyLevel = old.VerifyLevel // of which files know nothing
	if form.Venue == old.Venue && form.Address == old.Address {
		form.VenueID = old.VenueID // files know no list of venues
	}
	if l.relative {
		// The row counts its days from the first import; only the hours can have changed.
		shift := midnight(old.Starts).Sub(midnight(form.Starts))
		form.Starts, form.Ends = form.Starts.Add(shift), form.Ends.Add(shift)
	}
	next.fill(form)
	next.Reason, next.Outcome, next.importHash = l.session.Reason, l.session.Outcome, l.hash
	if l.state != "" {
		next.State = l.state
	}
	return next
}

// sameSession compares what a row can change.
func sameSession(a, b Session) bool {
	return a.State == b.State && a.Reason == b.Reason &&
		a.Type == b.Type && a.Title == b.Title && a.Summary == b.Summary && slices.Equal(a.Audience, b.Audience) &&
		a.Town == b.Town && a.Station == b.Station && a.Venue == b.Venue && a.Address == b.Address &&
		a.Starts.Equal(b.Starts) && a.Ends.Equal(b.Ends) && a.Capacity == b.Capacity &&
		a.Organizer == b.Organizer && a.Lawyers == b.Lawyers && a.ContactPhone == b.ContactPhone &&
		(a.Outcome == nil) == (b.Outcome == nil) && (a.Outcome == nil || *a.Outcome == *b.Outcome)
}

func (s *Store) createFromLine(ctx context.Context, tx *db.Tx, actor auth.Actor, l sessionLine, report *Report) error {
	r := l.session
	if r.State = l.state; r.State == "" {
		r.State = Draft
	}
	var taken int
	if err := db.Get(ctx, tx, &taken, `SELECT count(*) FROM session WHERE ics_uid = $1`, r.UID); err != nil {
		return err
	}
	if taken > 0 {
		return errs.Bad("uid", "日历标识和另一场次重复。新的场次请把 uid、no 两列留空。")
	}
	r.importKey, r.importHash = l.key, l.hash
	if err := s.insert(ctx, tx, actor, &r); err != nil {
		return err
	}
	for _, h := range l.history {
		old := Session{ID: r.ID, Seq: h.Seq, Starts: h.Starts, Ends: h.Ends, Venue: h.Venue, Address: h.Address}
		if err := keepHistory(ctx, tx, old, h.Moved.UnixMilli()); err != nil {
			return err
		}
	}
	if err := s.importedFacts(ctx, tx, actor, r.Session); err != nil {
		return err
	}
	report.Created++
	s.recordSession(tx, actor, "session.import", r.Session, "导入场次《"+r.Title+"》")
	return nil
}
