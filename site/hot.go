package site

import (
	"context"
	"sync"
	"time"

	"github.com/songfa/songfa/events"
)

// hotFor is how old a session may be for those who sign up for it: its free
// places are decided by the transaction and not by what is read before it.
const hotFor = time.Second

// hotSessions keeps the sessions that many people sign up for at this moment, so
// that not each of them reads the same row. Whatever is said in the journal, such
// as a move or a cancellation, is seen at once.
type hotSessions struct {
	mu   sync.Mutex
	kept map[string]hotSession // by number
}

type hotSession struct {
	session  events.Session
	position int64 // of the journal
	until    time.Time
}

const maxHot = 64

// hotSession is Events.Session, at most a second old.
func (s *Site) hotSession(ctx context.Context, no string) (events.Session, error) {
	now, position := s.cfg.Now(), s.srv.Position() // before it is read: never newer than the row
	s.hot.mu.Lock()
	h, ok := s.hot.kept[no]
	s.hot.mu.Unlock()
	if ok && h.position == position && now.Before(h.until) {
		return h.session, nil
	}
	e, err := s.cfg.Events.Session(ctx, no)
	if err != nil {
		return e, err
	}
	s.hot.mu.Lock()
	defer s.hot.mu.Unlock()
	if s.hot.kept == nil || len(s.hot.kept) >= maxHot {
		s.hot.kept = make(map[string]hotSession)
	}
	s.hot.kept[no] = hotSession{e, position, now.Add(hotFor)}
	return e, nil
}
