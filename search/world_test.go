package search

import (
	"context"
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/songfa/songfa/content"
	"github.com/songfa/songfa/content/law"
	"github.com/songfa/songfa/content/starter"
	"github.com/songfa/songfa/events"
	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/db/dbtest"
	"github.com/songfa/songfa/internal/ledger"
	"github.com/songfa/songfa/internal/vault"
)

// world is everything an index is made from, on a real database.
type world struct {
	Config
	db *db.DB
}

func newWorld(t testing.TB, d *db.DB) *world {
	t.Helper()
	l := ledger.New(d, time.Now)
	laws := law.New(law.Config{DB: d, Ledger: l, Now: time.Now})
	return &world{db: d, Config: Config{
		Dir: t.TempDir(), Laws: laws, Ledger: l, Now: time.Now, Log: slog.New(slog.DiscardHandler),
		Content: content.New(content.Config{DB: d, Ledger: l, Now: time.Now, Laws: laws.Registry(), Secret: make([]byte, 32)}),
		Events: events.New(events.Config{DB: d, Ledger: l, Now: time.Now,
			Vault: vault.New([]byte("a secret that only tests may know!"))}),
	}}
}

// seed brings in the starter content.
func (w *world) seed(t testing.TB) {
	t.Helper()
	if _, _, err := w.Content.SeedStarter(t.Context(), auth.System(), starter.Files(), content.ImportOptions{}); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Events.ImportTree(t.Context(), auth.System(), starter.Files()); err != nil {
		t.Fatal(err)
	}
}

// lawTexts is where the texts of real laws lie, if they do.
func lawTexts() (fs.FS, bool) {
	dir := filepath.Join("..", "..", "shared", "laws")
	_, err := os.Stat(dir)
	return os.DirFS(dir), err == nil
}

// lacking skips a test whose data lie beside the repository and are not there. In
// CI they must be.
func lacking(t testing.TB, what string) {
	t.Helper()
	if os.Getenv("CI") != "" {
		t.Fatalf("no %s", what)
	}
	t.Skipf("no %s", what)
}

func (w *world) importLaws(t testing.TB, texts fs.FS, roots ...string) {
	t.Helper()
	if _, err := w.Laws.Import(t.Context(), auth.System(), texts, roots...); err != nil {
		t.Fatal(err)
	}
}

// open opens an index that is closed with the test.
func (w *world) open(t testing.TB) *Index {
	t.Helper()
	x, err := Open(t.Context(), w.Config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := x.Close(); err != nil {
			t.Errorf("close index: %v", err)
		}
	})
	return x
}

// follow runs Follow until the test ends.
func follow(t testing.TB, x *Index) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { x.Follow(ctx); close(done) }()
	t.Cleanup(func() { cancel(); <-done })
}

// catchUp waits until the index has everything.
func (w *world) catchUp(t testing.TB, x *Index) {
	t.Helper()
	position, err := w.Ledger.Refresh(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	if err := x.Wait(ctx, position); err != nil {
		t.Fatalf("index is at %d of %d: %v", x.Position(), position, err)
	}
}

// starterIndex is an index of the starter content and the real laws.
func starterIndex(t testing.TB) *Index {
	t.Helper()
	w := newWorld(t, dbtest.SQLite(t))
	if texts, ok := lawTexts(); ok {
		w.importLaws(t, texts)
	}
	w.seed(t)
	x := w.open(t)
	if err := x.Rebuild(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	return x
}

func text(spans []Span) (s string) {
	for _, sp := range spans {
		s += sp.Text
	}
	return s
}

// marks are the marked pieces.
func marks(spans []Span) (list []string) {
	for _, sp := range spans {
		if sp.Mark {
			list = append(list, sp.Text)
		}
	}
	return list
}

var errNothing = errors.New("nothing found")

// first finds the best hit.
func first(ctx context.Context, x *Index, q string) (Hit, error) {
	r, err := x.Search(ctx, Query{Text: q})
	if err == nil && len(r.Hits) == 0 {
		err = errNothing
	}
	if err != nil {
		return Hit{}, err
	}
	return r.Hits[0], nil
}
