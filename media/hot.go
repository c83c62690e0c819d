package media

import (
	"bytes"
	"container/list"
	"context"
	"fmt"
	"io"
	"strings"
	"sync"
)

// Small objects that were served from a server stay in memory: what a name
// holds never changes, so nothing here grows old, and a picture that many read
// costs the store one request. What was taken back is dropped with the journal. Files of a folder are not held: the system does
// that already.
const (
	hotMost  = 256 << 10 // bytes of one
	hotLimit = 32 << 20  // bytes of all; the one not read for longest goes first
)

type hotFiles struct {
	mu     sync.Mutex
	byName map[string]*list.Element
	order  list.List // of hotFile, the last read in front
	bytes  int

	fetching keyedMutex // of many who miss a file at once, one asks the store
}

type hotFile struct {
	name  string
	bytes []byte
}

func (h *hotFiles) get(name string) []byte {
	h.mu.Lock()
	defer h.mu.Unlock()
	e := h.byName[name]
	if e == nil {
		return nil
	}
	h.order.MoveToFront(e)
	return e.Value.(hotFile).bytes
}

func (h *hotFiles) put(name string, b []byte) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.byName == nil {
		h.byName = map[string]*list.Element{}
	}
	if h.byName[name] != nil {
		return
	}
	h.byName[name] = h.order.PushFront(hotFile{name, b})
	for h.bytes += len(b); h.bytes > hotLimit; {
		old := h.order.Remove(h.order.Back()).(hotFile)
		delete(h.byName, old.name)
		h.bytes -= len(old.bytes)
	}
}

// drop forgets the files below a folder, which were deleted from the store.
func (h *hotFiles) drop(prefix string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for name, e := range h.byName {
		if strings.HasPrefix(name, prefix) {
			h.bytes -= len(h.order.Remove(e).(hotFile).bytes)
			delete(h.byName, name)
		}
	}
}

// clear forgets all.
func (h *hotFiles) clear() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.byName, h.bytes = nil, 0
	h.order.Init()
}

// open is Open of the store for serving.
func (l *Library) open(ctx context.Context, name string, r Range) (io.ReadCloser, Info, error) {
	if l.hot == nil {
		return l.store.Open(ctx, name, r)
	}
	if b := l.hot.get(name); b != nil {
		return openBytes(name, b, r)
	}
	if r != (Range{}) { // a player or a download manager: of something large
		return l.store.Open(ctx, name, r)
	}
	return l.fetch(ctx, name)
}

// fetch asks the store for the whole of an object, and keeps it if it is small.
func (l *Library) fetch(ctx context.Context, name string) (io.ReadCloser, Info, error) {
	unlock, err := l.hot.fetching.lock(ctx, name)
	if err != nil {
		return nil, Info{}, err
	}
	defer unlock()
	if b := l.hot.get(name); b != nil { // another fetched it meanwhile
		return openBytes(name, b, Range{})
	}
	body, info, err := l.store.Open(ctx, name, Range{})
	if err != nil || info.Size > hotMost || info.Size == 0 {
		return body, info, err
	}
	defer body.Close()
	b := make([]byte, info.Size)
	if _, err := io.ReadFull(body, b); err != nil {
		return nil, Info{}, fmt.Errorf("read %s: %w", name, err)
	}
	l.hot.put(name, b)
	return openBytes(name, b, Range{})
}

// stat is Stat of the store for serving; it does not say when.
func (l *Library) stat(ctx context.Context, name string) (Info, error) {
	if l.hot != nil {
		if b := l.hot.get(name); b != nil {
			return Info{Name: name, Size: int64(len(b))}, nil
		}
	}
	return l.store.Stat(ctx, name)
}

func openBytes(name string, b []byte, r Range) (io.ReadCloser, Info, error) {
	size := int64(len(b))
	if r.Start < 0 || r.Length < 0 || r.Start >= size && r != (Range{}) {
		return nil, Info{}, outside(r, size)
	}
	end := size
	if r.Length > 0 {
		end = min(size, r.Start+r.Length)
	}
	return io.NopCloser(bytes.NewReader(b[r.Start:end])), Info{Name: name, Size: size}, nil
}
