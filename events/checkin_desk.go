package events

import (
	"context"
	"crypto/hmac"
	"encoding/binary"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/errs"
	"github.com/songfa/songfa/internal/vault"
)

// deskStays is how long after the end a desk may still bring what it holds.
// Then its link is dead and its device wipes itself.
const deskStays = 48 * time.Hour

// Self check-in opens shortly before the start and closes at the end: outside of
// it nobody is in the room.
const selfOpens = 30 * time.Minute

// Desk is a session's desk on site: a link and a PIN that the coordinator gives
// to whoever stands there. It needs no account.
type Desk struct {
	Session Session
	Open    bool // it has been made and not taken back
	Names   bool // masked names may be listed and taken along
	number  int
	// Token, PIN and Here are secrets: of the link, to enter it, and of the poster
	// for self check-in. Only the coordinator is shown them.
	Token, PIN, Here string
}

// Until is when the desk closes for good.
func (d Desk) Until() time.Time { return d.Session.Ends.Add(deskStays) }

type deskRow struct {
	Session string `db:"session"`
	Number  int    `db:"number"`
	Open    bool   `db:"open"`
	Names   bool   `db:"names"`
}

func (s *Store) desk(se Session, r deskRow) Desk {
	subject := se.ID + ":" + strconv.Itoa(r.Number)
	return Desk{Session: se, Open: r.Open, Names: r.Names, number: r.Number,
		Token: s.vault.Token("desk", subject), PIN: s.deskPIN(subject), Here: s.vault.Token("desk here", subject)}
}

// deskPIN is six digits out of the vault's key. It only helps together with the
// link, under a limit of tries.
func (s *Store) deskPIN(subject string) string {
	n := binary.BigEndian.Uint64([]byte(s.vault.Token("desk pin", subject))[:8])
	return fmt.Sprintf("%06d", n%1_000_000)
}

// pass is what the browser keeps once the PIN was right.
func (s *Store) deskPass(d Desk) string {
	return s.vault.Token("desk pass", d.Session.ID+":"+strconv.Itoa(d.number))
}

// OpenDesk makes the desk of a session, or changes whether it may list names.
func (s *Store) OpenDesk(ctx context.Context, actor auth.Actor, session string, names bool) (Desk, error) {
	return s.saveDesk(ctx, actor, session, "session.desk", "打开签到台", func(r *deskRow) { r.Open, r.Names = true, names })
}

// RevokeDesk ends link, PIN and poster for good; opening the desk again makes
// new ones. What devices hold and have not brought is lost to them.
func (s *Store) RevokeDesk(ctx context.Context, actor auth.Actor, session string) (Desk, error) {
	return s.saveDesk(ctx, actor, session, "session.desk_revoke", "收回签到台", func(r *deskRow) { r.Open, r.Number = false, r.Number+1 })
}

func (s *Store) saveDesk(ctx context.Context, actor auth.Actor, session, action, summary string, edit func(*deskRow)) (d Desk, err error) {
	defer errs.Wrap(&err, "desk of session %s", session)
	if err := actor.Must(auth.Sessions); err != nil {
		return Desk{}, err
	}
	err = s.db.Update(ctx, func(ctx context.Context, tx *db.Tx) error {
		r, err := lockRecord(ctx, tx, session)
		if err == nil {
			err = ours(actor, r.Town)
		}
		if err != nil {
			return err
		}
		row := deskRow{Session: session, Number: 1}
		err = db.Get(ctx, tx, &row, `SELECT session, number, open, names FROM checkin_desk WHERE session = $1`, session)
		if err != nil && !errs.Is(err, errs.NotFound) {
			return err
		}
		edit(&row)
		d = s.desk(r.Session, row)
		_, err = db.Exec(ctx, tx, `INSERT INTO checkin_desk (session, number, link_bidx, here_bidx, open, names, created_at, created_by)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (session) DO UPDATE
			SET number = $2, link_bidx = $3, here_bidx = $4, open = $5, names = $6`,
			session, row.Number, s.vault.Blind("desk", d.Token), s.vault.Blind("desk here", d.Here), row.Open, row.Names, s.now().UnixMilli(), actor.ID)
		if err != nil {
			return err
		}
		s.ledger.Record(tx, actor.Entry(action, "session:"+session, summary))
		return nil
	})
	return d, err
}

// SessionDesk shows the coordinator a session's desk; not Open when there is none.
func (s *Store) SessionDesk(ctx context.Context, actor auth.Actor, session string) (_ Desk, err error) {
	defer errs.Wrap(&err, "desk of session %s", session)
	if err := actor.Must(auth.Sessions); err != nil {
		return Desk{}, err
	}
	se, err := s.SessionFor(ctx, actor, session)
	if err != nil {
		return Desk{}, err
	}
	row := deskRow{Session: session, Number: 1}
	err = db.Get(ctx, s.db.Reader(), &row, `SELECT session, number, open, names FROM checkin_desk WHERE session = $1`, session)
	if err != nil && !errs.Is(err, errs.NotFound) {
		return Desk{}, err
	}
	return s.desk(se, row), nil
}

// DeskByLink finds the desk a link leads to. A link that was taken back or whose
// time is over is Gone.
func (s *Store) DeskByLink(ctx context.Context, token string) (_ Desk, err error) {
	defer errs.Wrap(&err, "desk by link")
	return s.findDesk(ctx, `link_bidx = $1`, s.vault.Blind("desk", token))
}

func (s *Store) findDesk(ctx context.Context, where, arg string) (Desk, error) {
	var row deskRow
	err := db.Get(ctx, s.db.Reader(), &row, `SELECT session, number, open, names FROM checkin_desk WHERE `+where, arg)
	if errs.Is(err, errs.NotFound) || err == nil && !row.Open {
		return Desk{}, errs.New(errs.Gone, "这个签到台的链接已经收回，请向组织者要新的链接。", "no open desk")
	}
	if err != nil {
		return Desk{}, err
	}
	se, err := s.SessionByID(ctx, row.Session)
	if err != nil {
		return Desk{}, err
	}
	d := s.desk(se, row)
	switch {
	case !s.now().Before(d.Until()):
		return Desk{}, errs.New(errs.Gone, "活动结束已过 48 小时，签到台已经关闭。补录请在后台办理。", "desk of session %s is over", se.ID)
	case se.State.off():
		return Desk{}, errs.New(errs.Gone, "该场次"+se.State.Label()+"，签到台已经关闭。", "session %s is %s", se.ID, se.State)
	}
	return d, nil
}

// Tries that pause: a desk as a whole takes more wrong PINs than one address, so
// that many addresses together cannot go through a million of them; a crowd that
// checks itself in behind one address may mistype more often than one person.
const (
	deskPINs  = 50
	hereTries = 20
)

func deskTries(session, address string) []tryKey {
	return []tryKey{{"desk " + session + " " + address, maxTries}, {"desk address " + address, maxTries}, {"desk " + session, deskPINs}}
}

// EnterDesk trades the PIN for the pass that the browser keeps. Five wrong PINs
// pause the desk's link for the address that tried.
func (s *Store) EnterDesk(ctx context.Context, token, pin, address string) (_ Desk, pass string, err error) {
	defer errs.Wrap(&err, "enter desk")
	d, err := s.DeskByLink(ctx, token)
	if err != nil {
		return Desk{}, "", err
	}
	digits := typedPIN(pin)
	if len(digits) != 6 {
		return Desk{}, "", errs.Bad("pin", "口令是 6 位数字，请看组织者给您的条子。")
	}
	err = s.guarded(ctx, deskTries(d.Session.ID, address), func() error {
		if !hmac.Equal([]byte(digits), []byte(d.PIN)) {
			return errs.New(errs.NotFound, "", "wrong PIN")
		}
		return nil
	})
	if errs.Is(err, errs.NotFound) {
		err = &errs.Error{Kind: errs.Invalid, Field: "pin", Message: "口令不对，请核对后再输；连错五次要等 15 分钟。", Err: err}
	}
	if err != nil {
		return Desk{}, "", err
	}
	return d, s.deskPass(d), nil
}

// DeskByPass finds the desk that a browser has entered before. A pass that opens
// nothing is SignIn: the PIN is asked for again.
func (s *Store) DeskByPass(ctx context.Context, token, pass string) (_ Desk, err error) {
	defer errs.Wrap(&err, "desk by pass")
	d, err := s.DeskByLink(ctx, token)
	if err != nil {
		return Desk{}, err
	}
	if !hmac.Equal([]byte(pass), []byte(s.deskPass(d))) {
		return Desk{}, errs.New(errs.SignIn, "请输入签到台的口令。", "no pass for the desk")
	}
	return d, nil
}

// DeskHere finds the session whose poster for self check-in was scanned. Outside
// of the time around the session it is a Conflict.
func (s *Store) DeskHere(ctx context.Context, token string) (_ Session, err error) {
	defer errs.Wrap(&err, "desk by poster")
	d, err := s.findDesk(ctx, `here_bidx = $1`, s.vault.Blind("desk here", strings.ToLower(token)))
	if err != nil {
		return Session{}, err
	}
	if now := s.now(); now.Before(d.Session.Starts.Add(-selfOpens)) || !now.Before(d.Session.Ends) {
		return d.Session, errs.New(errs.Conflict, "自助签到在开始前 30 分钟到结束之间开放。现在请找现场工作人员。", "outside of the time of self check-in")
	}
	return d.Session, nil
}

// CheckInHere checks in who scanned the poster and gave the last four digits of
// the phone. Digits of nobody or of several answer alike: the desk helps.
func (s *Store) CheckInHere(ctx context.Context, token, last4, address string) (res ScanResult, err error) {
	defer errs.Wrap(&err, "self check-in")
	se, err := s.DeskHere(ctx, token)
	if err != nil {
		return res, err
	}
	last4 = vault.LastFour(last4)
	if len(last4) != 4 {
		return res, errs.Bad("last4", "请填写报名时手机号的后四位数字。")
	}
	arrivals, err := s.Arrivals(ctx, se.ID)
	if err != nil {
		return res, err
	}
	var found []Arrival
	for _, a := range arrivals {
		if a.LastFour == last4 {
			found = append(found, a)
		}
	}
	err = s.guarded(ctx, []tryKey{{"here " + address, hereTries}}, func() error {
		if len(found) == 0 {
			return errs.New(errs.NotFound, "", "nobody with these digits")
		}
		return nil
	})
	if errs.Is(err, errs.TooMany) {
		return res, err
	}
	if len(found) != 1 {
		return res, &errs.Error{Kind: errs.Invalid, Field: "last4", Message: "没能确认是哪一份报名，请到签到台说一下姓名。"}
	}
	results, err := s.checkIn(ctx, "", se.ID, []Scan{{UUID: db.NewID(), Method: BySelf, Registration: found[0].ID}})
	if err != nil {
		return res, err
	}
	return results[0], nil
}

// typedPIN reads a PIN as people type it.
func typedPIN(typed string) string {
	var digits []byte
	for _, r := range narrow(typed) {
		if r >= '0' && r <= '9' {
			digits = append(digits, byte(r))
		}
	}
	return string(digits)
}
