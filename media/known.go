package media

import (
	"context"
	"sync"
)

// maxKnown bounds the memory of knownFiles; beyond it all are forgotten.
const maxKnown = 10_000

// knownFiles remembers objects that were served, so that a picture does not
// cost a query each time. What is served of an object never changes and objects
// are never taken away; its alt text may be old here.
type knownFiles struct {
	mu    sync.RWMutex
	byKey map[string]Object
}

// served is Get for serving: all but the alt text is right.
func (l *Library) served(ctx context.Context, key string) (Object, error) {
	l.known.mu.RLock()
	o, ok := l.known.byKey[key]
	l.known.mu.RUnlock()
	if ok {
		return o, nil
	}
	o, err := l.Get(ctx, key)
	if err != nil {
		return o, err
	}
	l.known.mu.Lock()
	defer l.known.mu.Unlock()
	if l.known.byKey == nil || len(l.known.byKey) >= maxKnown {
		l.known.byKey = make(map[string]Object)
	}
	l.known.byKey[key] = o
	return o, nil
}
