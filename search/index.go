package search

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/songfa/songfa/content"
	"github.com/songfa/songfa/content/law"
	"github.com/songfa/songfa/events"
	"github.com/songfa/songfa/internal/errs"
	"github.com/songfa/songfa/internal/ledger"
)

// Config names the folder of the index and what it is made from.
type Config struct {
	Dir     string // "" keeps the index in memory, for tests
	Content *content.Store
	Laws    *law.Store
	Events  *events.Store
	Ledger  *ledger.Ledger
	Now     func() time.Time
	Log     *slog.Logger
}

// Index is this node's index. It is safe for concurrent use.
type Index struct {
	cfg      Config
	analyzer *analyzer
	home     *home                    // the folder with its lock; nil in memory
	synonyms atomic.Pointer[synonyms] // ours and the editors'; see desk_synonyms.go
	sounds   *pinyin
	lexicon  atomic.Pointer[lexicon] // finds words by how they sound
	registry *law.Registry           // understands citations
	noChars  bool                    // single characters are not looked at; to measure what they are worth
	topics   atomic.Pointer[[]content.Topic]
	towns    atomic.Pointer[map[string]bool] // names of towns, as suggestKey writes them

	// writing is held by whoever changes the index: a batch of the journal, the
	// last step of a rebuild, closing.
	writing sync.Mutex
	closed  bool // guarded by writing

	current  atomic.Pointer[shelf] // nil until there is one that answers
	broken   atomic.Bool           // something in it does not read: rebuild
	rebuilds sync.Mutex            // one at a time

	mu       sync.Mutex
	position int64
	moved    chan struct{} // closed and replaced when position grows
	wake     chan struct{} // tells Follow to look again
}

// smallBuild is how many journal rows are behind what may be indexed before
// Open returns. A new install is ready at once; a big one starts answering
// pages while its index is built.
const smallBuild = 300

// Open opens the index, or begins a new one when there is none that can be
// used. It is Unavailable when another process has the index open.
func Open(ctx context.Context, cfg Config) (_ *Index, err error) {
	defer errs.Wrap(&err, "open search index")
	x, err := newIndex(cfg, cfg.Laws.Registry())
	if err != nil {
		return nil, err
	}
	if err := x.start(ctx); err != nil {
		return nil, errors.Join(err, x.Close())
	}
	return x, nil
}

// newIndex makes an Index with no shelf, with what analysis loads; it takes the
// folder's lock.
func newIndex(cfg Config, registry *law.Registry) (_ *Index, err error) {
	a := newAnalyzer()
	x := &Index{cfg: cfg, analyzer: a, sounds: newPinyin(), registry: registry, moved: make(chan struct{}), wake: make(chan struct{}, 1)}
	x.synonyms.Store(newSynonyms(a.folder, synonymsText))
	x.words()
	if x.cfg.Log == nil {
		x.cfg.Log = slog.Default()
	}
	if cfg.Dir != "" {
		if x.home, err = openHome(cfg.Dir); err != nil {
			return nil, err
		}
	}
	return x, nil
}

func (x *Index) start(ctx context.Context) error {
	if err := x.cfg.Laws.Reload(ctx); err != nil { // citations are understood by it
		return err
	}
	if err := x.learnTopics(ctx); err != nil {
		return err
	}
	last, err := x.cfg.Ledger.Refresh(ctx)
	if err != nil {
		return err
	}
	s, why := x.reopen(ctx, last)
	if why == nil {
		x.put(s)
		return nil
	}
	if !errors.Is(why, errNone) {
		x.cfg.Log.Warn("search index cannot be used and is made anew", "err", why)
	}
	if last <= smallBuild {
		return x.Rebuild(ctx, nil)
	}
	return nil // Follow builds it
}

// Close closes it; nothing is lost, the journal knows what was not yet indexed.
func (x *Index) Close() (err error) {
	defer errs.Wrap(&err, "close search index")
	x.writing.Lock()
	defer x.writing.Unlock()
	if x.closed {
		return nil
	}
	x.closed = true
	if s := x.current.Swap(nil); s != nil {
		err = s.retire()
	}
	if x.home != nil {
		err = errors.Join(err, x.home.close())
	}
	return err
}

// Position is the journal number the index has reached.
func (x *Index) Position() int64 {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.position
}

// reached says that everything up to the number is found.
func (x *Index) reached(position int64) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if position <= x.position {
		return
	}
	x.position = position
	close(x.moved)
	x.moved = make(chan struct{})
}

// Wait returns once the index has reached the journal number. Somebody must
// Follow meanwhile.
func (x *Index) Wait(ctx context.Context, position int64) error {
	for {
		x.mu.Lock()
		there, moved := x.position >= position, x.moved
		x.mu.Unlock()
		if there {
			return nil
		}
		select {
		case <-moved:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// Ready is nil when the index answers, and an Unavailable error while it is
// first built.
func (x *Index) Ready() error {
	if x.current.Load() == nil || x.broken.Load() {
		return errs.New(errs.Unavailable, "搜索正在准备，几分钟后就能用。急事请拨打 12348。", "search index is being built")
	}
	return nil
}

// put makes a shelf the one that answers; the one before is retired.
func (x *Index) put(s *shelf) {
	old := x.current.Swap(s)
	x.broken.Store(false)
	x.reached(s.position)
	go s.warm()
	if old == nil {
		return
	}
	if err := old.retire(); err != nil {
		x.cfg.Log.Warn("close replaced search index", "err", err)
	}
}
