package themes

import (
	"bytes"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/songfa/songfa/internal/errs"
)

// Config is what Open needs.
type Config struct {
	Dir    string // operator's folder laid over the default theme; "" for none
	Base   string // base path: "/" or "/sfj/pufa"
	Reload bool   // look for changed files before every page: for writing a theme
	Log    *slog.Logger
}

// Theme is a set of templates and assets, safe for concurrent use.
type Theme struct {
	cfg Config
	set atomic.Pointer[set]

	mu   sync.Mutex // held while looking for changes
	seen string     // the overlay as last looked at, good or bad
}

// Open loads the theme and tries every template. One that does not parse, or
// fails on a page of ordinary content, is an Invalid error that names file and
// line.
func Open(cfg Config) (*Theme, error) {
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	cfg.Base = strings.TrimSuffix(cfg.Base, "/")
	t := &Theme{cfg: cfg}
	s, err := load(cfg)
	if err != nil {
		return nil, err
	}
	if err := s.tryOut(); err != nil {
		return nil, err
	}
	t.set.Store(s)
	t.seen = fingerprint(cfg.Dir)
	return t, nil
}

// Render makes the whole page, or none: a template that fails is an Internal
// error, and nothing of the page has left.
func (t *Theme) Render(p Page) ([]byte, error) {
	return t.current().render(p)
}

// current is the set to use, read anew when a file has changed. A set that is
// broken is logged, once, and the last good one stays.
func (t *Theme) current() *set {
	if !t.cfg.Reload {
		return t.set.Load()
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	now := fingerprint(t.cfg.Dir)
	if now == t.seen {
		return t.set.Load()
	}
	t.seen = now
	s, err := load(t.cfg)
	if err == nil {
		err = s.tryOut()
	}
	if err != nil {
		t.cfg.Log.Error("theme is broken, keeping the last good one", "dir", t.cfg.Dir, "err", err)
	} else {
		t.set.Store(s)
	}
	return t.set.Load()
}

// render executes the page's template into memory.
func (s *set) render(p Page) (_ []byte, err error) {
	defer errs.Wrap(&err, "render %s.html", p.template())
	tpl, ok := s.pages[p.template()]
	if !ok {
		return nil, errs.New(errs.Internal, "", "theme has no such page")
	}
	var buf bytes.Buffer
	buf.Grow(16 << 10)
	if err := tpl.Execute(&buf, p); err != nil {
		return nil, errs.New(errs.Internal, "", "%w", err)
	}
	return buf.Bytes(), nil
}

// tryOut renders one page of ordinary content with every template, so that a
// misspelt field shows at start and not to a reader.
func (s *set) tryOut() error {
	for _, sample := range Samples() {
		if sample.Name != "full" {
			continue
		}
		if _, err := s.render(sample.Page); err != nil {
			where, why := position(err)
			return errs.New(errs.Invalid, "主题模板 "+where+" 有错："+why, "try theme: %w", err)
		}
	}
	return nil
}
