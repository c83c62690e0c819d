package events

import (
	"context"
	"strings"

	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/errs"
	"github.com/songfa/songfa/internal/vault"
)

const messageColumns = `id, kind, session, session_version, recipient_kind, recipient, title, body, path, about, state, channel,
	not_before, attempts, last_error, done_by, created_at, updated_at`

type messageRow struct {
	ID             string
	Kind           string
	Session        string
	SessionVersion int
	RecipientKind  RecipientKind
	Recipient      string
	Title          string
	Body           string
	Path           string
	About          string
	State          MessageState
	Channel        string
	NotBefore      int64
	Attempts       int
	LastError      string
	DoneBy         string
	CreatedAt      int64
	UpdatedAt      int64
}

func messages(rows []messageRow) []Message {
	list := make([]Message, len(rows))
	for i, r := range rows {
		list[i] = Message{ID: r.ID, Kind: r.Kind, Session: r.Session, Version: r.SessionVersion, To: Recipient{r.RecipientKind, r.Recipient},
			Title: r.Title, Body: r.Body, Path: r.Path, NotBefore: local(r.NotBefore), State: r.State, Channel: r.Channel,
			Attempts: r.Attempts, LastError: r.LastError, DoneBy: r.DoneBy, Created: local(r.CreatedAt), Updated: local(r.UpdatedAt), about: r.About}
	}
	return list
}

// MessageFilter narrows the outbox; zero fields do not.
type MessageFilter struct {
	State   MessageState
	Session string // session.id
	Limit   int    // 0 is 50
	Offset  int
}

// where holds only what the filter asks for, so that an index can answer it.
func (f MessageFilter) where(actor auth.Actor) (string, []any) {
	var cond []string
	var args []any
	add := func(column string, value any) {
		args = append(args, value)
		cond = append(cond, column+" = "+db.Placeholder(len(args)))
	}
	if f.State != "" {
		add("state", string(f.State))
	}
	if f.Session != "" {
		add("session", f.Session)
	}
	if towns, more := messageTowns(actor, len(args)); towns != "" {
		cond, args = append(cond, towns), append(args, more...)
	}
	if len(cond) == 0 {
		return "", nil
	}
	return " WHERE " + strings.Join(cond, " AND "), args
}

// messageTowns narrows messages to those about sessions of the actor's towns; ""
// when there is nothing to narrow.
func messageTowns(actor auth.Actor, n int) (cond string, args []any) {
	if len(actor.Towns) == 0 {
		return "", nil
	}
	list, args := db.In(n, actor.Towns)
	return "EXISTS (SELECT 1 FROM session t WHERE t.id = message.session AND t.town IN (" + list + "))", args
}

// oursMessages refuses a list with messages of other towns in it.
func oursMessages(ctx context.Context, q db.Queryer, actor auth.Actor, ids []string) error {
	cond, args := messageTowns(actor, len(ids))
	if cond == "" || len(ids) == 0 {
		return nil
	}
	list, in := db.In(0, ids)
	var foreign int
	err := db.Get(ctx, q, &foreign, `SELECT count(*) FROM message WHERE id IN (`+list+`) AND NOT `+cond, append(in, args...)...)
	if err == nil && foreign > 0 {
		err = ours(actor, "")
	}
	return err
}

// OutboxItem is a message with whom it is for, as staff see it.
type OutboxItem struct {
	Message
	Name  string // masked unless revealed
	Phone string // masked unless revealed; "" unknown or wiped
	Gone  bool   // the person's data were wiped
}

// Private reports that the message leads to a personal link, which is only part
// of a revealed item.
func (it OutboxItem) Private() bool { return it.Path == ownPage }

// Outbox lists messages, the oldest task first and otherwise the newest, with
// their number under the filter. Names and numbers are masked.
func (s *Store) Outbox(ctx context.Context, actor auth.Actor, f MessageFilter) (_ []OutboxItem, total int, err error) {
	defer errs.Wrap(&err, "list outbox")
	if err := actor.Must(auth.Sessions); err != nil {
		return nil, 0, err
	}
	if f.Limit <= 0 {
		f.Limit = 50
	}
	where, args := f.where(actor)
	if err := db.Get(ctx, s.db.Reader(), &total, `SELECT count(*) FROM message`+where, args...); err != nil {
		return nil, 0, err
	}
	order := ` ORDER BY updated_at DESC, id DESC`
	if f.State == MessageToCall || f.State == MessageQueued {
		order = ` ORDER BY not_before, id`
	}
	var rows []messageRow
	n := len(args)
	err = db.Select(ctx, s.db.Reader(), &rows, `SELECT `+messageColumns+` FROM message`+where+order+
		` LIMIT `+db.Placeholder(n+1)+` OFFSET `+db.Placeholder(n+2), append(args, f.Limit, f.Offset)...)
	if err != nil {
		return nil, 0, err
	}
	items, err := s.outboxItems(ctx, messages(rows))
	for i := range items {
		it := &items[i]
		it.Name, it.Phone = vault.MaskName(it.Name), maskIfAny(it.Phone)
	}
	return items, total, err
}

func maskIfAny(phone string) string {
	if phone == "" {
		return ""
	}
	return vault.MaskPhone(phone)
}

// outboxItems puts the recipients to their messages, with one query for all.
func (s *Store) outboxItems(ctx context.Context, list []Message) ([]OutboxItem, error) {
	to := make([]Recipient, len(list))
	for i, m := range list {
		to[i] = m.To
	}
	known, err := s.contacts(ctx, s.db.Reader(), to)
	if err != nil {
		return nil, err
	}
	items := make([]OutboxItem, len(list))
	for i, m := range list {
		c, ok := known[m.To]
		items[i] = OutboxItem{Message: m, Name: c.Name, Phone: c.Phone, Gone: !ok && m.To.Kind != ToCoordinator}
	}
	return items, nil
}

// OutboxCounts is how many messages are in each state that still waits for
// something. What is done only grows, and nobody needs its number on every page.
func (s *Store) OutboxCounts(ctx context.Context, actor auth.Actor) (_ map[MessageState]int, err error) {
	defer errs.Wrap(&err, "count outbox")
	var rows []struct {
		State MessageState
		N     int
	}
	cond, args := messageTowns(actor, 0)
	if cond != "" {
		cond = " AND " + cond
	}
	err = db.Select(ctx, s.db.Reader(), &rows, `SELECT state, count(*) AS n FROM message
		WHERE state IN ('to_call', 'queued', 'sending')`+cond+` GROUP BY state`, args...)
	if err != nil {
		return nil, err
	}
	counts := make(map[MessageState]int, len(rows))
	for _, r := range rows {
		counts[r.State] = r.N
	}
	return counts, nil
}

// RevealOutbox shows names and numbers of the messages whole, for somebody who
// is going to phone. The reason goes into the audit, once for the list.
func (s *Store) RevealOutbox(ctx context.Context, actor auth.Actor, ids []string, reason string) (_ []OutboxItem, err error) {
	defer errs.Wrap(&err, "reveal outbox")
	if err := actor.Must(auth.Reveal); err != nil {
		return nil, err
	}
	reason = oneLine(reason)
	var ps problems
	ps.text("reason", "查看原因", reason, 2, 100)
	if len(ids) == 0 {
		ps.add("ids", "请先选中要打电话的人。")
	}
	if err := ps.err(); err != nil {
		return nil, err
	}
	if err := oursMessages(ctx, s.db.Reader(), actor, ids); err != nil {
		return nil, err
	}
	list, args := db.In(0, ids)
	var rows []messageRow
	if err := db.Select(ctx, s.db.Reader(), &rows, `SELECT `+messageColumns+` FROM message WHERE id IN (`+list+`) ORDER BY not_before, id`, args...); err != nil {
		return nil, err
	}
	err = s.db.Update(ctx, func(_ context.Context, tx *db.Tx) error { // before anybody sees them
		entry := actor.Entry("message.reveal", "outbox", "查看待通知人员的号码："+reason)
		entry.Detail = db.JSON(map[string]any{"messages": ids})
		s.ledger.Record(tx, entry)
		return nil
	})
	if err != nil {
		return nil, err
	}
	items, err := s.outboxItems(ctx, messages(rows))
	if err != nil {
		return nil, err
	}
	for i := range items {
		it := &items[i]
		if it.Gone || it.To.Kind == ToCoordinator {
			continue
		}
		if it.Path, err = s.pathOf(ctx, it.Message); err != nil {
			return nil, err
		}
		if it.Phone != "" {
			it.Phone = vault.LocalPhone(it.Phone)
		}
	}
	return items, nil
}

// MessageStep is what staff do with a message.
type MessageStep string

// The steps.
const (
	MessageDone  MessageStep = "done"  // 已告知: somebody was reached
	MessageRetry MessageStep = "retry" // 再发一次
	MessageDrop  MessageStep = "drop"  // 不用告知
)

// messageSteps says from which states a step leads where.
var messageSteps = map[MessageStep]struct {
	from  []MessageState
	to    MessageState
	label string
}{
	MessageDone:  {[]MessageState{MessageToCall, MessageFailed, MessageQueued}, MessageSent, "已告知"},
	MessageRetry: {[]MessageState{MessageToCall, MessageFailed}, MessageQueued, "再发一次"},
	MessageDrop:  {[]MessageState{MessageToCall, MessageFailed, MessageQueued}, MessageCancelled, "不用告知"},
}

// StepMessages takes a step with each of the messages that is in a state for it
// and returns how many were; the others somebody else has dealt with.
func (s *Store) StepMessages(ctx context.Context, actor auth.Actor, ids []string, step MessageStep) (n int64, err error) {
	defer errs.Wrap(&err, "messages %s", step)
	if err := actor.Must(auth.Sessions); err != nil {
		return 0, err
	}
	rule, ok := messageSteps[step]
	if !ok || len(ids) == 0 {
		return 0, errs.Bad("ids", "请先选中消息，再点按钮。")
	}
	states := make([]string, len(rule.from))
	for i, st := range rule.from {
		states[i] = "'" + string(st) + "'"
	}
	err = s.db.Update(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := oursMessages(ctx, tx, actor, ids); err != nil {
			return err
		}
		list, args := db.In(3, ids)
		n, err = db.Exec(ctx, tx, `UPDATE message SET state = $1, done_by = $2, updated_at = $3, not_before = $3,
			attempts = CASE WHEN $1 = 'queued' THEN 0 ELSE attempts END,
			channel = CASE WHEN $1 = 'sent' THEN 'manual' ELSE channel END
			WHERE state IN (`+strings.Join(states, ",")+`) AND id IN (`+list+`)`,
			append([]any{string(rule.to), actor.Name, s.now().UnixMilli()}, args...)...)
		if err != nil {
			return err
		}
		entry := actor.Entry("message."+string(step), "outbox", "发件箱："+rule.label)
		entry.Detail = db.JSON(map[string]any{"messages": ids})
		s.ledger.Record(tx, entry)
		return nil
	})
	return n, err
}
