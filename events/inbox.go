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
