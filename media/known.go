package media

import (
	"context"
	"sync"
	"sync/atomic"
)

// maxKnown bounds the memory of knownFiles; beyond it all are forgotten.
const maxKnown = 10_000

// mostRows is how many journal rows are read to find out which objects have
// changed; when there are more, all are forgotten instead.
const mostRows = 1000

// knownFiles remembers objects that were served, so that a picture does not
// cost a query each time. It is as new as the journal: see [Library.fresh].
type knownFiles struct {
	mu    sync.RWMutex
	byKey map[string]Object
	since int64 // grows with each forgetting: what was read before it is not kept

	seen   atomic.Int64 // the journal is read up to here
	moving sync.Mutex   // one reads it at a time
}

func (k *knownFiles) get(key string) (o Object, since int64, ok bool) {
	k.mu.RLock()
	defer k.mu.RUnlock()
	o, ok = k.byKey[key]
	return o, k.since, ok
}

// put keeps an object that was read when since was the count.
func (k *knownFiles) put(o Object, since int64) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if since != k.since {
		return
	}
	if k.byKey == nil || len(k.byKey) >= maxKnown {
		k.byKey = make(map[string]Object)
	}
	k.byKey[o.Key] = o
}

// forget returns what was known of a key; "" forgets all.
func (k *knownFiles) forget(key string) (o Object, known bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.since++
	if key == "" {
		k.byKey = nil
		return Object{}, false
	}
	o, known = k.byKey[key]
	delete(k.byKey, key)
	return o, known
}

// served is Get for serving: the memory answers when it can.
func (l *Library) served(ctx context.Context, key string) (Object, error) {
	l.fresh(ctx)
	o, since, ok := l.known.get(key)
	if ok {
		return o, nil
	}
	o, err := l.Get(ctx, key)
	if err == nil {
		l.known.put(o, since)
	}
	return o, err
}

// fresh forgets what the journal says has changed, on this node or another: an
// object that was taken back or replaced is not served from memory. Without a
// database it knows of nothing new and says nothing, as do kept pages.
func (l *Library) fresh(ctx context.Context) {
	k := &l.known
	at := l.cfg.Ledger.Position()
	if at <= k.seen.Load() {
		return
	}
	k.moving.Lock()
	defer k.moving.Unlock()
	seen := k.seen.Load()
	if at <= seen {
		return
	}
	if seen == 0 || at-seen > mostRows {
		l.forget("")
		k.seen.Store(at)
		return
	}
	rows, err := l.cfg.Ledger.Since(ctx, seen, mostRows)
	if err != nil {
		l.cfg.Log.Warn("media does not follow the journal", "err", err)
		return
	}
	for _, r := range rows {
		if r.Kind == journalMedia {
			l.forget(r.ID)
		}
		seen = r.Seq
	}
	k.seen.Store(max(at, seen))
}

// forget drops what memory holds of an object; "" of all.
func (l *Library) forget(key string) {
	o, known := l.known.forget(key)
	switch {
	case l.hot == nil:
	case key == "":
		l.hot.clear()
	case known:
		l.hot.drop(o.Content + "/")
	}
}
