package events

import (
	"context"
	"time"
)

// Request is what an organizer (组织者单位) asks the bureau for: a draft at
// first, a session with a number once it is handed in.
type Request struct {
	ID      string
	Code    string // 10 characters; only in answers to its owner, else ""
	No      string // receipt number SF-2026-00012, "" while a draft
	Version int    // of the request; SaveRequest wants it
	Step    string // page of the form the organizer was last on
	Form    RequestForm

	State    State     // Draft until handed in, then the session's
	Session  *Session  // nil while a draft
	Missing  []Problem // what keeps it from being handed in
	Warnings []Problem // what needs a reason when it is handed in

	Decider     string    // who decides: 东湖镇司法所, 示例区司法局
	Due         time.Time // by when they answer; zero while a draft
	Reason      string    // why it was returned, rejected or cancelled
	Alternative string    // what the bureau offers instead of a rejected one

	Created   time.Time
	Updated   time.Time
	Submitted time.Time // zero while a draft
	Expires   time.Time // when a draft is thrown away; zero once handed in
}

// Editable reports that the organizer may change and hand it in.
func (r Request) Editable() bool { return r.State == Draft || r.State == Returned }

// StartRequest begins a draft with the little that is known: unit, contact and
// phone. Only the phone must be right, because it and the code are how the
// organizer comes back. The same idem key gives the same request again.
func (s *Store) StartRequest(ctx context.Context, form RequestForm, idem string) (Request, error) {
	return Request{}, errNotYet
}

// OpenRequest finds a request by its code and the last four digits of the
// phone. A wrong code and an unknown one get the same NotFound; after five the
// code and the address pause (TooMany).
func (s *Store) OpenRequest(ctx context.Context, code, last4, address string) (Request, error) {
	return Request{}, errNotYet
}

// RequestByID reads a request for its owner, whose cookie names it.
func (s *Store) RequestByID(ctx context.Context, id string) (Request, error) {
	return Request{}, errNotYet
}

// SaveRequest keeps a draft, or a returned request, however half-filled it is.
// step is the page the organizer is on. A stale version is a Conflict.
func (s *Store) SaveRequest(ctx context.Context, id string, version int, form RequestForm, step string) (Request, error) {
	return Request{}, errNotYet
}

// SubmitRequest hands it in. Whatever is in Missing refuses it (Invalid, with
// the field); Warnings want an override: the reason why it should be all the
// same.
func (s *Store) SubmitRequest(ctx context.Context, id string, version int, override string) (Request, error) {
	return Request{}, errNotYet
}

// WithdrawRequest takes it back: a draft is thrown away, a request up to
// accepted is withdrawn, a scheduled one is cancelled with the reason. A
// published session is the coordinator's to cancel.
func (s *Store) WithdrawRequest(ctx context.Context, id string, version int, reason string) (Request, error) {
	return Request{}, errNotYet
}

// CloneRequest is 照去年再来一场: a new draft with all but dates and people. The
// wishes stand on the same weekday of the matching week of the coming year.
func (s *Store) CloneRequest(ctx context.Context, id string) (Request, error) {
	return Request{}, errNotYet
}
