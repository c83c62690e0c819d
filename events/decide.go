package events

import (
	"context"
	"time"

	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/errs"
)

var errNotYet = errs.New(errs.Unavailable, "这一步还没有做好，请稍后再试。", "not implemented yet")

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

// RankedWish is one time asked for, with its standing.
type RankedWish struct {
	Rank   int // 1 is the first choice
	Starts time.Time
	Ends   time.Time
	Status BookingStatus // of the venue for this time; "" when no venue of the list is asked for
	Until  time.Time     // when a hold lapses
}

// Decision is the answer to a request.
type Decision struct {
	To          State  // Accepted, Returned or Rejected
	Wish        int    // rank of the wish that is accepted; 0 keeps the session's time
	Reason      string // for Returned and Rejected: the organizer reads it
	Alternative string // for Rejected: what is offered instead
	Override    string // why it is accepted in spite of the warnings
	Hold        bool   // keep the answer until ReleaseDecisions
	By          string // name of who decided
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

// Inbox lists the sessions of a stage, the most urgent first.
func (s *Store) Inbox(ctx context.Context, actor auth.Actor, f InboxFilter) ([]InboxItem, error) {
	return nil, errNotYet
}

// InboxCounts is how many sessions wait in each stage, under the same filter.
func (s *Store) InboxCounts(ctx context.Context, actor auth.Actor, f InboxFilter) (map[Stage]int, error) {
	return nil, errNotYet
}

// Work reads a session with everything a decision about it needs.
func (s *Store) Work(ctx context.Context, actor auth.Actor, id string) (Work, error) {
	return Work{}, errNotYet
}

// RevealContact shows the organizer's name and phone unmasked; the reason goes
// into the audit.
func (s *Store) RevealContact(ctx context.Context, actor auth.Actor, id, reason string) (name, phone string, err error) {
	return "", "", errNotYet
}

// Take makes the actor the owner of a submitted request: submitted → in_review.
func (s *Store) Take(ctx context.Context, actor auth.Actor, id string, version int) (Session, error) {
	return Session{}, errNotYet
}

// HoldWish reserves the venue for one wish exclusively, for five working days.
func (s *Store) HoldWish(ctx context.Context, actor auth.Actor, id string, version, rank int) (Session, error) {
	return Session{}, errNotYet
}

// Decide answers a request in review. With Hold the answer waits for
// ReleaseDecisions and nobody outside hears of it.
func (s *Store) Decide(ctx context.Context, actor auth.Actor, id string, version int, d Decision) (Session, error) {
	return Session{}, errNotYet
}

// Released is one answer let go, or why it could not be.
type Released struct {
	Session Session
	Err     error
}

// ReleaseDecisions lets all held answers go, each in its own transaction; one
// that no longer fits (the venue went to somebody else) stays held and says so.
func (s *Store) ReleaseDecisions(ctx context.Context, actor auth.Actor) ([]Released, error) {
	return nil, errNotYet
}

// Schedule says that place and people are fixed: accepted → scheduled. override
// is the reason to go on in spite of warnings.
func (s *Store) Schedule(ctx context.Context, actor auth.Actor, id string, version int, override string) (Session, error) {
	return Session{}, errNotYet
}

// Publication is what is settled before a session is shown.
type Publication struct {
	SignUpFrom  time.Time // zero: from publication on
	SignUpUntil time.Time // zero: until it begins
	Reviewed    bool      // title and poster have been read by somebody
	Notice      string    // privacy notice, its version; "" is none chosen
}

// PreparePublication saves what PublishSession will check.
func (s *Store) PreparePublication(ctx context.Context, actor auth.Actor, id string, version int, p Publication) (Session, error) {
	return Session{}, errNotYet
}
