package web

import (
	"sync"
	"time"

	"github.com/songfa/songfa/internal/errs"
)

// Limiter allows each key so many events in a while (token bucket). It is kept
// in this node's memory: a fence against floods, not a rule to account for.
type Limiter struct {
	burst float64
	per   time.Duration // to regain one token
	now   func() time.Time
	mu    sync.Mutex
	keys  map[string]bucket
}

type bucket struct {
	tokens float64
	at     time.Time
}

// maxKeys bounds the memory; beyond it full buckets are forgotten, which only
// ever errs on the side of the visitor.
const maxKeys = 50_000

// NewLimiter allows burst events at once and one more each per.
func NewLimiter(burst int, per time.Duration, now func() time.Time) *Limiter {
	return &Limiter{burst: float64(burst), per: per, now: now, keys: make(map[string]bucket)}
}

// Allow takes a token of the key, or returns a TooMany error.
func (l *Limiter) Allow(key string) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	b, ok := l.keys[key]
	if !ok {
		b = bucket{tokens: l.burst, at: now}
		l.makeRoom(now)
	}
	b.tokens = min(l.burst, b.tokens+float64(now.Sub(b.at))/float64(l.per))
	b.at = now
	if b.tokens < 1 {
		l.keys[key] = b
		return errs.New(errs.TooMany, "", "rate limit of %v events reached", l.burst)
	}
	b.tokens--
	l.keys[key] = b
	return nil
}

func (l *Limiter) makeRoom(now time.Time) {
	if len(l.keys) < maxKeys {
		return
	}
	for k, b := range l.keys {
		if b.tokens+float64(now.Sub(b.at))/float64(l.per) >= l.burst {
			delete(l.keys, k)
		}
	}
	if len(l.keys) >= maxKeys {
		clear(l.keys)
	}
}
