package themes

import (
	"log/slog"

	"github.com/songfa/songfa/internal/errs"
)

// Config is what Open needs.
type Config struct {
	Dir    string // operator's folder laid over the default theme; "" for none
	Base   string // base path: "/" or "/sfj/pufa"
	Reload bool   // look for changed files on every page: for writing a theme
	Log    *slog.Logger
}

// Theme is a set of templates and assets, safe for concurrent use.
type Theme struct{ cfg Config }

// Open loads the theme. A template that does not parse is an Invalid error that
// names file and line.
func Open(cfg Config) (*Theme, error) { return &Theme{cfg: cfg}, nil }

// Render makes the whole page, or none: a template that fails is an Internal
// error, and nothing of the page has left.
func (t *Theme) Render(p Page) ([]byte, error) {
	return nil, errs.New(errs.Internal, "", "render %s: no templates yet", p.template())
}

// Asset is a static file of the theme.
type Asset struct {
	Body        []byte
	ContentType string
	ETag        string // quoted
	Immutable   bool   // its name holds its hash: may be kept for ever
}

// AssetPath is where assets live, below the base path.
const AssetPath = "/static/theme/"

// Asset finds the file that an address below AssetPath names: the part after it.
func (t *Theme) Asset(name string) (Asset, bool) { return Asset{}, false }
