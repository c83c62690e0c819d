package events

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/errs"
)

// RecipientKind says whom a message is for.
type RecipientKind string

// The kinds of recipient. Their ids are those of the registration, the session
// (its organizer), the practitioner and the account.
const (
	ToRegistration RecipientKind = "registration"
	ToOrganizer    RecipientKind = "organizer"
	ToPractitioner RecipientKind = "practitioner"
	ToCoordinator  RecipientKind = "coordinator"
)

// Recipient is whom a message is for.
type Recipient struct {
	Kind RecipientKind
	ID   string
}

// MessageState is how far a message has come.
type MessageState string

// The states of a message.
const (
	MessageQueued    MessageState = "queued"    // waits for its time
	MessageSending   MessageState = "sending"   // handed to a channel, no answer yet
	MessageSent      MessageState = "sent"      // the channel took it, or somebody phoned
	MessageFailed    MessageState = "failed"    // tried too often
	MessageToCall    MessageState = "to_call"   // somebody has to phone or to write
	MessageCancelled MessageState = "cancelled" // overtaken by a later one
)

// Label is the Chinese word for staff.
func (s MessageState) Label() string {
	switch s {
	case MessageQueued:
		return "待发"
	case MessageSending:
		return "发送中"
	case MessageSent:
		return "已送达"
	case MessageFailed:
		return "没发出去"
	case MessageToCall:
		return "请打电话"
	case MessageCancelled:
		return "不用发了"
	}
	return string(s)
}

// Message is one thing one person must be told. Title and Body hold no personal
// data: staff and logs see them.
type Message struct {
	ID      string
	Kind    string // what it is about: published, moved, cancelled, promoted, invited …
	Session string // session.id
	// Version keeps a message from being sent twice: there is one of a kind for
	// each session, version and recipient.
	Version   int
	To        Recipient
	Title     string // at most a line
	Body      string // whole sentences; what to do next
	Path      string // root-relative address to look at, "" none
	NotBefore time.Time
	State     MessageState
	Channel   string
	Attempts  int
	LastError string
	DoneBy    string
	Created   time.Time
	Updated   time.Time

	about string // see tellMoved
}

// enqueue puts a message into the outbox, with the transaction it belongs to.
// One that is there already stays as it is.
func (s *Store) enqueue(ctx context.Context, tx *db.Tx, m Message) error {
	now := s.now()
	if m.NotBefore.IsZero() {
		m.NotBefore = now
	}
	dedupe := fmt.Sprintf("%s/%s/%d/%s/%s", m.Kind, m.Session, m.Version, m.To.Kind, m.To.ID) // remind.go looks it up
	_, err := db.Exec(ctx, tx, `INSERT INTO message (id, dedupe, kind, session, session_version, recipient_kind, recipient,
		title, body, path, about, state, channel, not_before, attempts, last_error, done_by, created_at, updated_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, '', $13, 0, '', '', $14, $14) ON CONFLICT (dedupe) DO NOTHING`,
		db.NewID(), dedupe, m.Kind, m.Session, m.Version, m.To.Kind, m.To.ID, m.Title, m.Body, m.Path, m.about,
		MessageQueued, m.NotBefore.UnixMilli(), now.UnixMilli())
	return err
}

// overtake cancels what is still waiting to be told about the session: all of
// the kinds, also what somebody has not phoned yet.
func (s *Store) overtake(ctx context.Context, tx *db.Tx, session string, kinds ...string) error {
	list, args := db.In(2, kinds)
	_, err := db.Exec(ctx, tx, `UPDATE message SET state = 'cancelled', updated_at = $2
		WHERE session = $1 AND state IN ('queued', 'to_call') AND kind IN (`+list+`)`,
		append([]any{session, s.now().UnixMilli()}, args...)...)
	return err
}

// everybody lists who must hear of a change of the session: the host, those who
// serve and those who signed up.
func (s *Store) everybody(ctx context.Context, tx *db.Tx, se Session) ([]Recipient, error) {
	var all []Recipient
	for _, list := range []func(context.Context, *db.Tx, Session) ([]Recipient, error){
		s.host,
		s.registered,
	} {
		some, err := list(ctx, tx, se)
		if err != nil {
			return nil, err
		}
		all = append(all, some...)
	}
	return all, nil
}

// host is the organizer who asked for the session; the bureau's own has none.
func (s *Store) host(ctx context.Context, tx *db.Tx, se Session) ([]Recipient, error) {
	var n int
	err := db.Get(ctx, tx, &n, `SELECT count(*) FROM session WHERE id = $1 AND personal <> ''`, se.ID)
	if err != nil || n == 0 {
		return nil, err
	}
	return []Recipient{{ToOrganizer, se.ID}}, nil
}

// tellChange puts the messages of a change into the outbox.
func (s *Store) tellChange(ctx context.Context, tx *db.Tx, _ auth.Actor, old, next Session) error {
	switch {
	case next.State == old.State && next.State == Published && movedBetween(old, next):
		return s.tellMoved(ctx, tx, old, next)
	case next.State == old.State || old.FirstPublished.IsZero() && next.State != Published:
		return nil // what only the host hears is told by the use case
	case next.State == Cancelled:
		return s.tellAll(ctx, tx, next, "cancelled", "已取消："+next.Title,
			next.When()+"的“"+next.Title+"”取消了，请不要前往。原因："+next.Reason)
	case next.State == Postponed:
		return s.tellAll(ctx, tx, next, "postponed", "延期："+next.Title,
			"原定"+next.When()+"的“"+next.Title+"”延期，新的时间定下来再通知您。报名仍然有效。原因："+next.Reason)
	case next.State == Published && old.State == Postponed:
		return s.tellAll(ctx, tx, next, "rescheduled", "新的时间："+next.Title,
			"“"+next.Title+"”改在"+next.When()+"，地点："+next.Place()+"。报名仍然有效；来不了请取消报名，把名额让给别人。")
	}
	return nil
}

// tellAll tells everybody at once; what was still waiting is overtaken.
func (s *Store) tellAll(ctx context.Context, tx *db.Tx, se Session, kind, title, body string) error {
	if err := s.overtake(ctx, tx, se.ID, "moved", "reminder"); err != nil {
		return err
	}
	all, err := s.everybody(ctx, tx, se)
	if err != nil {
		return err
	}
	for _, to := range all {
		m := Message{Kind: kind, Session: se.ID, Version: se.Version, To: to, Title: title, Body: body, Path: "/events/" + se.No}
		if err := s.enqueue(ctx, tx, m); err != nil {
			return err
		}
	}
	return nil
}

// tellMoved tells everybody of a move once it has settled. A further move within
// that time takes the place of the message that waits, and a move back to what
// people still believe leaves nothing to tell.
func (s *Store) tellMoved(ctx context.Context, tx *db.Tx, old, next Session) error {
	believed, err := s.believed(ctx, tx, old)
	if err != nil {
		return err
	}
	if err := s.overtake(ctx, tx, next.ID, "moved", "reminder"); err != nil { // a reminder names the old time
		return err
	}
	if fingerprint(next) == believed {
		return nil
	}
	all, err := s.everybody(ctx, tx, next)
	if err != nil {
		return err
	}
	for _, to := range all {
		err := s.enqueue(ctx, tx, Message{Kind: "moved", Session: next.ID, Version: next.Version, To: to,
			Title: "时间地点有变：" + next.Title, Path: "/events/" + next.No, about: believed,
			Body:      "“" + next.Title + "”改在" + next.When() + "，地点：" + next.Place() + "。报名仍然有效；来不了请取消报名，把名额让给别人。",
			NotBefore: s.now().Add(s.rules.settle())})
		if err != nil {
			return err
		}
	}
	return nil
}

// believed is the time and place that everybody was last told. While a first
// move settles nobody has heard of it; as soon as one person may have, only the
// place before this move counts, and everybody hears of the next.
func (s *Store) believed(ctx context.Context, tx *db.Tx, old Session) (string, error) {
	var waiting []struct {
		About string
		Told  int
	}
	err := db.Select(ctx, tx, &waiting, `SELECT about, CASE WHEN state = 'queued' AND attempts = 0 THEN 0 ELSE 1 END AS told FROM message WHERE session = $1 AND kind = 'moved'
		AND session_version = (SELECT max(session_version) FROM message WHERE session = $1 AND kind = 'moved')
		AND state <> 'cancelled' ORDER BY told DESC, created_at, id LIMIT 1`, old.ID)
	if err != nil || len(waiting) == 0 || waiting[0].Told > 0 {
		return fingerprint(old), err
	}
	return waiting[0].About, nil
}

func fingerprint(se Session) string {
	return db.JSON([]any{se.Starts.UnixMilli(), se.Ends.UnixMilli(), se.Town, se.Venue, se.Address})
}

// Contact is how a person can be reached; it is only ever kept sealed.
type Contact struct {
	Name  string `json:"name,omitempty"`
	Phone string `json:"phone,omitempty"` // E.164
	Email string `json:"email,omitempty"`
}

// contactTables are where the sealed contacts of recipients stand.
var contactTables = map[RecipientKind]string{ToRegistration: "registration", ToOrganizer: "session", ToPractitioner: "practitioner"}

// contacts opens those of many recipients, read with one query. Who was wiped, or
// never had one, is left out.
func (s *Store) contacts(ctx context.Context, q db.Queryer, all []Recipient) (map[Recipient]Contact, error) {
	var parts []string
	var args []any
	for _, kind := range []RecipientKind{ToRegistration, ToOrganizer, ToPractitioner} {
		var ids []string
		for _, to := range all {
			if to.Kind == kind {
				ids = append(ids, to.ID)
			}
		}
		if len(ids) == 0 {
			continue
		}
		list, more := db.In(len(args), ids)
		args = append(args, more...)
		parts = append(parts, `SELECT '`+string(kind)+`' AS kind, id, personal FROM `+contactTables[kind]+` WHERE id IN (`+list+`) AND personal <> ''`)
	}
	found := make(map[Recipient]Contact)
	if len(parts) == 0 {
		return found, nil
	}
	var rows []struct {
		Kind         RecipientKind
		ID, Personal string
	}
	if err := db.Select(ctx, q, &rows, strings.Join(parts, " UNION ALL "), args...); err != nil {
		return nil, err
	}
	for _, r := range rows {
		var c Contact
		if err := s.vault.Open(contactTables[r.Kind]+":"+r.ID, r.Personal, &c); err != nil {
			return nil, err
		}
		found[Recipient{r.Kind, r.ID}] = c
	}
	return found, nil
}

// contact opens how the recipient of a message is reached. A person whose data
// were wiped is NotFound.
func (s *Store) contact(ctx context.Context, q db.Queryer, to Recipient) (c Contact, err error) {
	defer errs.Wrap(&err, "contact of %s %s", to.Kind, to.ID)
	table := contactTables[to.Kind]
	if table == "" {
		return c, errs.New(errs.NotFound, "", "no contact is kept of a %s", to.Kind)
	}
	var sealed string
	if err := db.Get(ctx, q, &sealed, `SELECT personal FROM `+table+` WHERE id = $1`, to.ID); err != nil {
		return c, err
	}
	if sealed == "" {
		return c, errs.New(errs.NotFound, "这个人的联系方式已按规定删除。", "contact was wiped")
	}
	err = s.vault.Open(table+":"+to.ID, sealed, &c)
	return c, err
}
