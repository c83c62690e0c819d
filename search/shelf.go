package search

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"time"

	"github.com/blevesearch/bleve/v2/index/scorch"
	index "github.com/blevesearch/bleve_index_api"

	"github.com/songfa/songfa/content/law"
	"github.com/songfa/songfa/internal/errs"
	"github.com/songfa/songfa/internal/ledger"
)

// shelf is one Bleve index with the view of it that answers questions.
type shelf struct {
	path     string // "" in memory
	index    index.Index
	queue    *index.AnalysisQueue
	position int64 // guarded by Index.writing

	mu   sync.Mutex
	view *view // nil once retired
}

// state is what a shelf says of itself, written in the batch it is true of.
type state struct {
	Schema   string     `json:"schema"`
	Position int64      `json:"position"`
	Last     ledger.Row `json:"last"`     // the journal row at Position
	Complete bool       `json:"complete"` // false while it is being built
}

// writeTimeout is far more than a batch takes. When a goroutine of Bleve's has
// died over a damaged file, a batch would wait for it for ever.
const writeTimeout = 2 * time.Minute

var errStuck = errors.New("bleve does not finish a batch")

var stateKey = []byte("state")

// schemaVersion grows when the same text would be indexed otherwise; the words
// and characters that analysis knows, and the glosses, count by themselves.
const schemaVersion = 6

func schema() string {
	sum := crc32.ChecksumIEEE([]byte(dictText + t2sText + phrasesText))
	return fmt.Sprintf("%d-%x-%x", schemaVersion, sum, law.GlossSum())
}

// openShelf opens or makes the Bleve index at path. Bleve panics on some
// damaged files; here that is an error like others.
func openShelf(path string) (s *shelf, err error) {
	defer errs.Wrap(&err, "open %s", filepath.Base(path))
	queue := index.NewAnalysisQueue(runtime.GOMAXPROCS(0))
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("bleve panics: %v", r)
		}
		if err != nil {
			queue.Close()
		}
	}()
	ix, err := scorch.NewScorch(scorch.Name, map[string]any{
		"path":         path,
		"bolt_timeout": "1s", // else a second opener waits for ever
	}, queue)
	if err != nil {
		return nil, err
	}
	if err := ix.Open(); err != nil {
		return nil, err
	}
	return &shelf{path: path, index: ix, queue: queue}, nil
}

// read finds the state; errNone when it was never written.
func (s *shelf) read() (st state, err error) {
	r, err := s.index.Reader()
	if err != nil {
		return st, err
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	b, err := r.GetInternal(stateKey)
	if err == nil && b == nil {
		return st, errNone
	}
	if err == nil {
		err = json.Unmarshal(b, &st)
	}
	return st, err
}

// write applies a batch and, with it, the state; nil leaves the state.
func (s *shelf) write(b *index.Batch, st *state) error {
	if st != nil {
		value, err := json.Marshal(st)
		if err != nil {
			return err
		}
		b.SetInternal(stateKey, value)
	}
	done := make(chan error, 1)
	go func() { done <- s.index.Batch(b) }()
	patience := time.NewTimer(writeTimeout)
	defer patience.Stop()
	select {
	case err := <-done:
		if err != nil {
			return err
		}
	case <-patience.C:
		return errStuck
	}
	if st != nil {
		s.position = st.Position
	}
	return nil
}

// refresh makes what was written visible.
func (s *shelf) refresh() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	v, err := newView(s.index, s.view)
	if err != nil {
		return err
	}
	old := s.view
	s.view = v
	return old.release()
}

// acquire gives the view to read from, until its release; nil when the shelf
// is retired.
func (s *shelf) acquire() *view {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.view != nil {
		s.view.users.Add(1)
	}
	return s.view
}

// retire closes the shelf. Who still reads a view of it reads on: the segments
// stay mapped until the last release.
func (s *shelf) retire() error {
	s.mu.Lock()
	v := s.view
	s.view = nil
	s.mu.Unlock()
	err := errors.Join(v.release(), s.index.Close())
	s.queue.Close()
	return err
}

// gone reports that somebody took the folder away.
func (s *shelf) gone() bool {
	if s.path == "" {
		return false
	}
	_, err := os.Stat(filepath.Join(s.path, "root.bolt"))
	return err != nil
}

// compact merges the segments of a finished build into one.
func (s *shelf) compact(ctx context.Context) error {
	if sc, ok := s.index.(*scorch.Scorch); ok && s.path != "" {
		return sc.ForceMerge(ctx, nil)
	}
	return nil
}
