package events

import (
	"context"
	"fmt"
	"time"

	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/errs"
)

// maxQueue keeps a slip of the finger out of the length of the queue.
const maxQueue = 1000

// Queue is how staff set sign-up and waiting list of a session.
type Queue struct {
	Cap      int       // entries that may wait; 0: no waiting list
	Paused   bool      // nobody moves up
	FitFirst bool      // a smaller party may pass one that does not fit
	From, To time.Time // of sign-up; zero: from publication, until the start
}

// Queue are the settings of the session's sign-up as a form shows them.
func (s Session) Queue() Queue {
	return Queue{Cap: s.WaitCap, Paused: s.PromotePaused, FitFirst: s.FitFirst, From: s.SignUpFrom, To: s.SignUpTo}
}

// giveQueue gives a session that begins to count its places a waiting list of
// the usual length.
func (s *Store) giveQueue(old record, next *record) {
	if old.Capacity == 0 && next.Capacity > 0 && next.WaitCap == 0 {
		next.WaitCap = s.rules.QueueCap
	}
}

// SetQueue changes sign-up and waiting list of a session. What that makes free
// goes to those who wait, in the same transaction.
func (s *Store) SetQueue(ctx context.Context, actor auth.Actor, id string, version int, q Queue) (Session, error) {
	return s.change(ctx, actor, id, version, "session.queue", func(r *record) (string, error) {
		switch {
		case q.Cap < 0 || q.Cap > maxQueue:
			return "", errs.Bad("wait_cap", fmt.Sprintf("候补人数应在 0 至 %d 之间，0 表示不设候补。", maxQueue))
		case q.To.After(r.Starts):
			return "", errs.Bad("signup_to", "报名截止时间不能晚于开始时间。")
		case !q.From.IsZero() && !q.From.Before(r.Starts), !q.To.IsZero() && !q.From.Before(q.To):
			return "", errs.Bad("signup_from", "报名开始时间应早于截止时间。")
		}
		r.WaitCap, r.PromotePaused, r.FitFirst, r.SignUpFrom, r.SignUpTo = q.Cap, q.Paused, q.FitFirst, q.From, q.To
		return "修改场次《" + r.Title + "》的报名和候补设置", nil
	})
}

// SignUpPhase is what a reader may do about a session at this moment. Like
// Status it is derived and never stored.
type SignUpPhase string

// The phases.
const (
	SignUpNone    SignUpPhase = "none"    // no sign-up needed, or not public
	SignUpSoon    SignUpPhase = "soon"    // 报名未开始
	SignUpOpen    SignUpPhase = "open"    // 报名中
	SignUpQueue   SignUpPhase = "queue"   // 候补中: who signs up now waits
	SignUpFull    SignUpPhase = "full"    // 已满
	SignUpClosed  SignUpPhase = "closed"  // 已截止
	SignUpByPhone SignUpPhase = "byphone" // only through staff
)

// Label is the Chinese word on the page.
func (p SignUpPhase) Label() string {
	switch p {
	case SignUpNone:
		return "无需报名"
	case SignUpSoon:
		return "报名未开始"
	case SignUpOpen:
		return "报名中"
	case SignUpQueue:
		return "候补中"
	case SignUpFull:
		return "已满"
	case SignUpByPhone:
		return "电话报名"
	}
	return "已截止"
}

// SignUpPhase derives what readers may do. A session without a number of places
// needs no sign-up, unless staff have set a time for it.
func (s Session) SignUpPhase(now time.Time) SignUpPhase { return s.SignUpPhaseWith(now, "") }

// SignUpPhaseWith is SignUpPhase for those who come with the code of a pool.
func (s Session) SignUpPhaseWith(now time.Time, code string) SignUpPhase {
	w, own := s.window(), s.Pool(code)
	switch {
	case s.State != Published || !now.Before(w.to):
		return SignUpClosed
	case !s.TakesSignUps():
		return SignUpNone
	case now.Before(w.from):
		return SignUpSoon
	case s.VerifyLevel > VerifyNone:
		return SignUpByPhone
	case own != nil && own.Waiting == 0 && own.Kept(now) > 0:
		return SignUpOpen
	case s.Waiting == 0 && (s.Capacity == 0 || s.Taken+s.Kept(now) < s.Capacity):
		return SignUpOpen
	case s.Waiting < s.WaitCap:
		return SignUpQueue
	}
	return SignUpFull
}

// TakesSignUps reports whether people sign up at all or just come.
func (s Session) TakesSignUps() bool {
	return s.Capacity > 0 || !s.SignUpFrom.IsZero() || !s.SignUpTo.IsZero()
}

func (s Session) window() window {
	w := window{state: s.State, from: s.SignUpFrom, to: s.SignUpTo, ends: s.Ends, level: s.VerifyLevel}
	if w.to.IsZero() || w.to.After(s.Starts) {
		w.to = s.Starts
	}
	return w
}
