package events

import (
	"bytes"
	"context"
	"time"

	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/errs"
	"github.com/songfa/songfa/internal/notify"
)

const (
	deliverBatch = 20
	// maxSends bounds the tries of one message: with pauses that double from a
	// minute they take some four hours; then somebody phones.
	maxSends = 8
	// lostSend is how long a message may be with a sender. Older ones belong to a
	// process that died: nobody knows whether they went out.
	lostSend = 10 * time.Minute
)

// Delivery says how messages leave this installation.
type Delivery struct {
	Senders []notify.Sender          // in the order of preference; none: somebody phones
	Link    func(path string) string // makes a root-relative address whole
	OnError func(error)              // hears of each try that failed; errors name no person
}

// Deliver sends what is due, on whichever node asks first, and returns how many
// messages it has dealt with. A message is claimed before it is sent and settled
// after: one that a crash leaves in between becomes a task, since to send it
// again could tell a person twice.
func (s *Store) Deliver(ctx context.Context, d Delivery) (done int, err error) {
	defer errs.Wrap(&err, "deliver messages")
	if err := s.giveUpLost(ctx); err != nil {
		return 0, err
	}
	claimed, err := s.claim(ctx)
	if err != nil {
		return 0, err
	}
	for _, m := range claimed {
		result := s.send(ctx, d, m)
		if result.err != nil && d.OnError != nil {
			d.OnError(errs.New(errs.Unavailable, "", "send message %s (%s) by %s: %w", m.ID, m.Kind, result.channel, result.err))
		}
		if err := s.settle(ctx, m, result); err != nil {
			return done, err
		}
		done++
	}
	return done, nil
}

func (s *Store) giveUpLost(ctx context.Context) error {
	now := s.now()
	return s.db.Update(ctx, func(ctx context.Context, tx *db.Tx) error {
		_, err := db.Exec(ctx, tx, `UPDATE message SET state = 'to_call', channel = 'manual', last_error = 'interrupted while sending',
			updated_at = $1 WHERE state = 'sending' AND updated_at < $2`, now.UnixMilli(), now.Add(-lostSend).UnixMilli())
		return err
	})
}

// claim takes the next messages; on PostgreSQL the state in the outer condition
// is looked at again once the row is free, so no two nodes get the same one.
func (s *Store) claim(ctx context.Context) ([]Message, error) {
	var rows []messageRow
	due, err := s.dueMessages(ctx)
	if err != nil || due == 0 {
		return nil, err // a write for nothing would wake the disk every few seconds
	}
	err = s.db.Update(ctx, func(ctx context.Context, tx *db.Tx) error {
		rows = rows[:0]
		return db.Select(ctx, tx, &rows, `UPDATE message SET state = 'sending', attempts = attempts + 1, updated_at = $1
			WHERE state = 'queued' AND id IN (SELECT id FROM message WHERE state = 'queued' AND not_before <= $1
			ORDER BY not_before, id LIMIT $2) RETURNING `+messageColumns, s.now().UnixMilli(), deliverBatch)
	})
	return messages(rows), err
}

func (s *Store) dueMessages(ctx context.Context) (n int, err error) {
	err = db.Get(ctx, s.db.Reader(), &n, `SELECT count(*) FROM message WHERE state = 'queued' AND not_before <= $1`, s.now().UnixMilli())
	return n, err
}

// sendResult is how one try went.
type sendResult struct {
	state   MessageState
	channel string
	err     error
}

func (s *Store) send(ctx context.Context, d Delivery, m Message) sendResult {
	if m.To.Kind == ToCoordinator {
		return sendResult{state: MessageSent, channel: "inbox"} // 我的待办 shows what to do
	}
	c, err := s.contact(ctx, s.db.Reader(), m.To)
	if errs.Is(err, errs.NotFound) {
		return sendResult{state: MessageCancelled} // wiped: there is nobody to tell any more
	}
	if err != nil {
		return sendResult{state: MessageToCall, channel: "manual", err: err}
	}
	letter := notify.Letter{ID: m.ID, Kind: m.Kind, Name: c.Name, Phone: c.Phone, Email: c.Email, Title: m.Title, Body: m.Body}
	if m.Path, err = s.pathOf(ctx, m); err != nil {
		return sendResult{state: MessageToCall, channel: "manual", err: err}
	}
	if m.Path != "" && d.Link != nil {
		letter.Link = d.Link(m.Path)
	}
	if letter.ICS, err = s.calendarOf(ctx, m); err != nil {
		return sendResult{state: MessageToCall, channel: "manual", err: err}
	}
	for _, sender := range d.Senders {
		if sender.Reaches(letter) {
			return sendBy(ctx, sender, letter, m.Attempts)
		}
	}
	return sendResult{state: MessageToCall, channel: "manual"}
}

// calendarOf is the session as a calendar file, for those who serve at it. It has
// the UID of the feeds: opened again after a move, it updates the entry.
func (s *Store) calendarOf(ctx context.Context, m Message) ([]byte, error) {
	if m.To.Kind != ToPractitioner || m.Session == "" {
		return nil, nil
	}
	list, err := s.duties(ctx, s.db.Reader(), `a.practitioner = $1 AND a.session = $2
		AND a.state IN ('invited', 'accepted', 'moved', 'present', 'cancelled')`, m.To.ID, m.Session)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	var b bytes.Buffer
	c := ICS{}
	cal := c.calendar()
	c.duty(cal, &list[len(list)-1])
	err = writeCalendar(&b, cal)
	return b.Bytes(), err
}

func sendBy(ctx context.Context, sender notify.Sender, letter notify.Letter, attempts int) sendResult {
	r := sendResult{channel: sender.Channel(), err: sender.Send(ctx, letter)}
	switch {
	case r.err == nil:
		r.state = MessageSent
	case notify.IsPermanent(r.err), attempts >= maxSends:
		r.state = MessageToCall // the error stays on the task: somebody must phone
	default:
		r.state = MessageQueued
	}
	return r
}

func (s *Store) settle(ctx context.Context, m Message, r sendResult) error {
	now := s.now()
	next, why := now, ""
	if r.state == MessageQueued {
		next = now.Add(time.Minute << (m.Attempts - 1))
	}
	if r.err != nil {
		why = r.err.Error()
	}
	// The person may hang up the server now; what has been sent must be noted.
	return s.db.Update(context.WithoutCancel(ctx), func(ctx context.Context, tx *db.Tx) error {
		_, err := db.Exec(ctx, tx, `UPDATE message SET state = $2, channel = $3, last_error = $4, not_before = $5, updated_at = $6
			WHERE id = $1 AND state = 'sending'`, m.ID, r.state, r.channel, why, next.UnixMilli(), now.UnixMilli())
		return err
	})
}
