package content

import (
	"time"

	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/ledger"
	"github.com/songfa/songfa/internal/markdown"
)

// Config is what a Store needs.
type Config struct {
	DB     *db.DB
	Ledger *ledger.Ledger
	Now    func() time.Time

	// Secret signs preview addresses; at least 32 bytes.
	Secret []byte
	// TwoPerson forbids publishing what one has written or submitted oneself,
	// except to admins.
	TwoPerson bool
	// Image tells the widths of a stored picture by its address, for srcset and
	// to keep the page from jumping. Nil leaves pictures as they are.
	Image func(address string) (markdown.Resource, bool)
}

// Store keeps documents. It is safe for concurrent use.
type Store struct {
	cfg      Config
	renderer *markdown.Renderer
}

// New makes a Store; it reads nothing yet.
func New(cfg Config) *Store {
	return &Store{cfg: cfg, renderer: markdown.New(markdown.Config{})}
}

func (s *Store) now() time.Time { return s.cfg.Now().UTC().Truncate(time.Millisecond) }
