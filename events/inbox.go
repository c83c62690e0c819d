package events

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/errs"
	"github.com/songfa/songfa/internal/vault"
)

// Stage groups sessions by what somebody has to do next.
type Stage string

// The stages of the inbox, in the order of the work.
const (
	StageNew      Stage = "new"      // 待受理: submitted
	StageReview   Stage = "review"   // 审核中: in_review
	StageStaffing Stage = "staffing" // 待排班: accepted
	StageReady    Stage = "ready"    // 待发布: scheduled, and drafts of the bureau
	StageOpen     Stage = "open"     // 已发布: published, postponed
	StageReport   Stage = "report"   // 待结果: held, report_returned
	StageVerify   Stage = "verify"   // 待核实: reported
	StageDone     Stage = "done"     // 已了结: all the others
)

// InboxFilter narrows the inbox; zero fields do not.
type InboxFilter struct {
	Stage         Stage
	Town          string // code
	Type          Type
	Mine          bool // only what the actor has taken
	Overdue       bool
	Query         string // part of title, unit or number
	Limit, Offset int    // Limit 0 is 50
}

// InboxItem is one line of the inbox.
type InboxItem struct {
	Session Session
	Unit    string // who asks, "" for the bureau's own
	Contact string // masked
	Phone   string // masked
	Wishes  []RankedWish
	Owner   string    // name of who has taken it
	Due     time.Time // by when the next step is due; zero: no date
	Overdue bool
	Pending *Decision // decided, not yet released
}

// Work is all the coordinator's page shows of one session.
type Work struct {
	InboxItem
	Form      RequestForm // what was asked for, contact masked; zero for the bureau's own
	Request   string      // id of the request, "" for the bureau's own
	Bookings  []Booking
	Conflicts map[int][]Conflict // by rank of the wish; 0: the session's own time
	// What keeps the next step from being taken, and what it warns of.
	Blocks, Warns []Problem
	Venue         Venue // zero when none of the list
	Next          []State
}

// stageStates are the states of a stage.
var stageStates = map[Stage][]State{
	StageNew:      {Submitted},
	StageReview:   {InReview},
	StageStaffing: {Accepted},
	StageReady:    {Scheduled, Draft},
	StageOpen:     {Published, Postponed},
	StageReport:   {Held, ReportReturned},
	StageVerify:   {Reported},
	StageDone:     {Verified, Archived, Returned, Withdrawn, Rejected, Cancelled, NotHeld},
}

// Stages lists them in the order of the work.
func Stages() []Stage {
	return []Stage{StageNew, StageReview, StageStaffing, StageReady, StageOpen, StageReport, StageVerify, StageDone}
}

// Stage is where the session of this state stands.
func (s State) Stage() Stage {
	for stage, states := range stageStates {
		if slices.Contains(states, s) {
			return stage
		}
	}
	return StageDone
}

// where narrows sessions s; the stage is left to the caller.
func (f InboxFilter) where(actor auth.Actor, now time.Time) (string, []any) {
	towns, args := inTowns(actor, "s.town", 0)
	cond := []string{"TRUE" + towns}
	add := func(format string, value any) {
		args = append(args, value)
		cond = append(cond, strings.ReplaceAll(format, "?", db.Placeholder(len(args))))
	}
	if f.Town != "" {
		add("s.town = ?", f.Town)
	}
	if f.Type != "" {
		add("s.type = ?", f.Type)
	}
	if f.Mine {
		add("s.owner = ?", actor.ID)
	}
	if f.Overdue {
		add("s.due_at < ?", now.UnixMilli())
	}
	if q := oneLine(f.Query); q != "" {
		add("(lower(s.title) LIKE ? ESCAPE '!' OR lower(s.organizer) LIKE ? ESCAPE '!' OR lower(s.no) LIKE ? ESCAPE '!')",
			"%"+likeEscaper.Replace(strings.ToLower(narrow(q)))+"%")
	}
	return strings.Join(cond, " AND "), args
}

// Inbox lists the sessions of a stage, the most urgent first.
func (s *Store) Inbox(ctx context.Context, actor auth.Actor, f InboxFilter) (_ []InboxItem, err error) {
	defer errs.Wrap(&err, "inbox %s", f.Stage)
	if err := actor.Must(auth.Sessions); err != nil {
		return nil, err
	}
	where, args := f.where(actor, s.now())
	if states := stageStates[f.Stage]; states != nil {
		list, more := db.In(len(args), states)
		where, args = where+" AND s.state IN ("+list+")", append(args, more...)
	}
	if f.Limit <= 0 {
		f.Limit = 50
	}
	args = append(args, f.Limit, max(0, f.Offset))
	order := "s.starts_at, s.id"
	if f.Stage == StageDone {
		order = "s.starts_at DESC, s.id DESC"
	}
	records, err := selectRecords(ctx, s.db.Reader(), "WHERE "+where+" ORDER BY CASE WHEN s.due_at IS NULL THEN 1 ELSE 0 END, s.due_at, "+
		order+" LIMIT "+db.Placeholder(len(args)-1)+" OFFSET "+db.Placeholder(len(args)), args...)
	if err != nil {
		return nil, err
	}
	items := make([]InboxItem, len(records))
	for i, r := range records {
		if items[i], err = s.inboxItem(ctx, r); err != nil {
			return nil, err
		}
	}
	return items, nil
}

func selectRecords(ctx context.Context, q db.Queryer, tail string, args ...any) ([]record, error) {
	var rows []sessionRow
	if err := db.Select(ctx, q, &rows, `SELECT `+sessionColumns+sessionTables+tail, args...); err != nil {
		return nil, err
	}
	records := make([]record, len(rows))
	for i := range rows {
		r, err := rows[i].record()
		if err != nil {
			return nil, err
		}
		records[i] = r
	}
	return records, nil
}

func (s *Store) inboxItem(ctx context.Context, r record) (InboxItem, error) {
	item := InboxItem{Session: r.Session, Unit: r.Organizer, Owner: r.OwnerName, Due: r.Due, Pending: r.Pending}
	item.Overdue = !r.Due.IsZero() && r.Due.Before(s.now())
	contact, err := s.hostContact(r)
	if err != nil {
		return item, err
	}
	item.Contact, item.Phone = vault.MaskName(contact.Name), vault.MaskPhone(contact.Phone)
	if r.Unit != "" {
		item.Wishes, err = wishesOf(ctx, s.db.Reader(), r.ID)
	}
	return item, err
}

// hostContact opens who asked; zero for the bureau's own and when it was wiped.
func (s *Store) hostContact(r record) (c Contact, err error) {
	if r.personal == "" {
		return c, nil
	}
	err = s.vault.Open("session:"+r.ID, r.personal, &c)
	return c, err
}

// InboxCounts is how many sessions wait in each stage, under the same filter.
func (s *Store) InboxCounts(ctx context.Context, actor auth.Actor, f InboxFilter) (_ map[Stage]int, err error) {
	defer errs.Wrap(&err, "count inbox")
	if err := actor.Must(auth.Sessions); err != nil {
		return nil, err
	}
	var rows []struct {
		State State
		N     int
	}
	where, args := f.where(actor, s.now())
	if err := db.Select(ctx, s.db.Reader(), &rows, `SELECT s.state, count(*) AS n FROM session s WHERE `+where+` GROUP BY s.state`, args...); err != nil {
		return nil, err
	}
	counts := make(map[Stage]int)
	for _, r := range rows {
		counts[r.State.Stage()] += r.N
	}
	return counts, nil
}

// Work reads a session with everything a decision about it needs.
func (s *Store) Work(ctx context.Context, actor auth.Actor, id string) (w Work, err error) {
	defer errs.Wrap(&err, "work on session %s", id)
	if err := actor.Must(auth.Sessions); err != nil {
		return w, err
	}
	q := s.db.Reader()
	r, err := getRecord(ctx, q, "s.id = $1", id)
	if errs.Is(err, errs.NotFound) {
		return w, noSession("%w", err)
	}
	if err != nil {
		return w, err
	}
	if err := ours(actor, r.Town); err != nil {
		return w, err
	}
	if w.InboxItem, err = s.inboxItem(ctx, r); err != nil {
		return w, err
	}
	if w.Session.History, err = s.history(ctx, id); err != nil {
		return w, err
	}
	w.Next = r.State.nextBy(ByCoordinator)
	if w.Bookings, err = selectBookings(ctx, q, `WHERE b.session = $1 AND b.status <> 'freed' ORDER BY b.kind, b.from_at`, id); err != nil {
		return w, err
	}
	if r.VenueID != "" {
		if w.Venue, err = getVenue(ctx, q, r.VenueID); err != nil {
			return w, err
		}
	}
	if err := s.askedFor(ctx, q, &w); err != nil {
		return w, err
	}
	if w.Conflicts, err = s.wishConflicts(ctx, q, actor, r.Session, w.Wishes); err != nil {
		return w, err
	}
	w.Blocks, w.Warns, err = s.nextProblems(ctx, q, actor, r.Session)
	return w, err
}

// askedFor adds the form of the request, with the person masked.
func (s *Store) askedFor(ctx context.Context, q db.Queryer, w *Work) error {
	row, err := getRequest(ctx, q, "session = $1", w.Session.ID)
	if errs.Is(err, errs.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	sealed, err := s.unsealRequest(row)
	w.Request, w.Form = row.ID, sealed.Form
	w.Form.Contact, w.Form.Phone = w.Contact, w.Phone
	return err
}

// wishConflicts looks at each wish while an answer is owed, and at the session's
// own time (0) while it lies ahead.
func (s *Store) wishConflicts(ctx context.Context, q db.Queryer, actor auth.Actor, se Session, wishes []RankedWish) (map[int][]Conflict, error) {
	found := make(map[int][]Conflict)
	var err error
	if se.State == Submitted || se.State == InReview {
		for _, w := range wishes {
			at := se
			at.Starts, at.Ends = w.Starts, w.Ends
			if found[w.Rank], err = s.conflicts(ctx, q, queryOf(actor, at)); err != nil {
				return nil, err
			}
		}
	}
	if se.Starts.After(s.now()) && !se.State.off() {
		found[0], err = s.conflicts(ctx, q, queryOf(actor, se))
	}
	return found, err
}

// nextProblems is what the next step of the walk would be told.
func (s *Store) nextProblems(ctx context.Context, q db.Queryer, actor auth.Actor, se Session) (blocks, warns problems, err error) {
	switch se.State {
	case Accepted:
		return s.scheduleProblems(ctx, q, se)
	case Draft, Scheduled, Postponed:
		blocks, err = s.publishProblems(ctx, q, actor, se)
	}
	return blocks, warns, err
}

// RevealContact shows the organizer's name and phone unmasked; the reason goes
// into the audit.
func (s *Store) RevealContact(ctx context.Context, actor auth.Actor, id, reason string) (name, phone string, err error) {
	defer errs.Wrap(&err, "reveal contact of session %s", id)
	if err := actor.Must(auth.Reveal); err != nil {
		return "", "", err
	}
	if reason, err = spoken(reason); err != nil {
		return "", "", err
	}
	var c Contact
	err = s.db.Update(ctx, func(ctx context.Context, tx *db.Tx) error {
		r, err := getRecord(ctx, tx, "s.id = $1", id)
		if errs.Is(err, errs.NotFound) {
			return noSession("%w", err)
		}
		if err != nil {
			return err
		}
		if err := ours(actor, r.Town); err != nil {
			return err
		}
		if r.personal == "" {
			return errs.New(errs.Gone, "这一场没有登记联系人，或者联系方式已按规定删除。", "no contact is kept")
		}
		s.ledger.Record(tx, actor.Entry("session.reveal", "session:"+id, "查看联系人的姓名和电话："+reason))
		c, err = s.hostContact(r)
		return err
	})
	return c.Name, vault.LocalPhone(c.Phone), err
}
