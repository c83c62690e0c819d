package events

import (
	"context"
	"fmt"

	"github.com/songfa/songfa/internal/db"
)

// eventKind is what became of a sign-up after it was made.
type eventKind string

const (
	eventPromoted         eventKind = "promoted"
	eventCancelled        eventKind = "cancelled"
	eventShrunk           eventKind = "shrunk"
	eventExpired          eventKind = "expired"
	eventSessionCancelled eventKind = "session_cancelled"
	eventVerified         eventKind = "verified"
)

// bySystem is the actor of what follows from something else.
const bySystem = "system"

// registrationEvent is one line of the book that explains the queue. Nothing is
// ever taken out of it.
type registrationEvent struct {
	Kind   eventKind
	By     string // account.id, "" the person, bySystem
	Reason string
}

// noteEvents writes the same event for all rows, with the counters after it.
func (s *Store) noteEvents(ctx context.Context, tx *db.Tx, p places, e registrationEvent, rows ...registrationRow) error {
	at := s.now().UnixMilli()
	values := make([][]any, len(rows))
	for i, r := range rows {
		values[i] = []any{db.NewID(), r.Session, r.ID, at, e.By, e.Kind, r.Party, r.WaitPos, p.taken, p.waiting, e.Reason}
	}
	return insertMany(ctx, tx, `INSERT INTO registration_event (id, session, registration, at, actor, kind, party, wait_pos,
		taken, waiting, reason) VALUES `, values)
}

// tellPromoted tells somebody who waited that there is a place now.
func (s *Store) tellPromoted(ctx context.Context, tx *db.Tx, locked placesRow, r registrationRow) error {
	return s.enqueue(ctx, tx, Message{Kind: "promoted", Session: locked.ID, Version: locked.Version, To: Recipient{ToRegistration, r.ID},
		Title: "候补成功：" + locked.Title, Path: "/events/" + locked.No,
		Body: fmt.Sprintf("您候补的“%s”（%s）有名额了，已为您这 %d 人报上名，不用再确认。来不了请尽快取消报名，把名额让给后面的人。", locked.Title, locked.when(), r.Party)})
}

// tellCancelled tells somebody whose sign-up staff have cancelled.
func (s *Store) tellCancelled(ctx context.Context, tx *db.Tx, locked placesRow, r registrationRow, reason string) error {
	return s.enqueue(ctx, tx, Message{Kind: "registration_cancelled", Session: locked.ID, Version: locked.Version, To: Recipient{ToRegistration, r.ID},
		Title: "报名已取消：" + locked.Title, Path: "/events/" + locked.No,
		Body: "您报的“" + locked.Title + "”（" + locked.when() + "）由工作人员取消了。原因：" + reason + "。有疑问请拨打页面上的电话。"})
}

// registered lists those who hold places or wait for them, for messages.
func (s *Store) registered(ctx context.Context, tx *db.Tx, se Session) ([]Recipient, error) {
	var ids []string
	err := db.Select(ctx, tx, &ids, `SELECT id FROM registration WHERE session = $1 AND state IN ('confirmed', 'waiting') ORDER BY created_at, id`, se.ID)
	all := make([]Recipient, len(ids))
	for i, id := range ids {
		all[i] = Recipient{ToRegistration, id}
	}
	return all, err
}
