package site_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
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
	"github.com/songfa/songfa/internal/poster"
	"github.com/songfa/songfa/internal/vault"
	"github.com/songfa/songfa/internal/web"
	"github.com/songfa/songfa/internal/web/webscript"
	"github.com/songfa/songfa/media"
	"github.com/songfa/songfa/search"
	"github.com/songfa/songfa/site"
	"github.com/songfa/songfa/themes"
)

// noon is the moment at which the tests read the site.
var noon = time.Date(2026, 11, 24, 12, 0, 0, 0, events.Zone)

// rig is a site on a listener of its own, with all that is behind it.
type rig struct {
	url     string // scheme and host
	base    string
	root    string // of the host the site believes it has, with the base path
	db      *db.DB
	ledger  *ledger.Ledger
	content *content.Store
	laws    *law.Store
	events  *events.Store
	media   *media.Library
	index   *search.Index
	desk    *search.Desk
	site    *site.Site
	log     *lockedBuffer
}

// admin is somebody who may do everything.
var admin = auth.System()

func now() time.Time { return noon }

// clock is a time that a test turns while the site reads it.
type clock struct{ at atomic.Int64 }

func (k *clock) set(t time.Time)      { k.at.Store(t.UnixMilli()) }
func (k *clock) pass(d time.Duration) { k.at.Add(d.Milliseconds()) }
func (k *clock) now() time.Time       { return time.UnixMilli(k.at.Load()) }

// open starts an empty site below the base path.
func open(t testing.TB, d *db.DB, base string) *rig {
	t.Helper()
	return openThemed(t, d, base, "")
}

// openThemed is open with an operator's folder laid over the theme.
func openThemed(t testing.TB, d *db.DB, base, dir string) *rig {
	t.Helper()
	return openAt(t, d, base, dir, now)
}

// openAt is openThemed with a clock of the test's.
func openAt(t testing.TB, d *db.DB, base, dir string, now func() time.Time) *rig {
	t.Helper()
	ctx := context.Background()
	r := &rig{base: base, root: "https://sfj.example" + base, db: d, log: &lockedBuffer{}}
	log := slog.New(slog.NewTextHandler(r.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	r.ledger = ledger.New(d, now)
	_, err := r.ledger.Refresh(ctx)
	check(t, err)
	store, err := media.Open("", t.TempDir())
	check(t, err)
	r.media = media.New(media.Config{Store: store, DB: d, Ledger: r.ledger, Now: now, Log: log})
	r.laws = law.New(law.Config{DB: d, Ledger: r.ledger, Now: now})
	check(t, r.laws.Reload(ctx))
	r.content = content.New(content.Config{DB: d, Ledger: r.ledger, Now: now, Laws: r.laws.Registry(), Secret: []byte(strings.Repeat("s", 32))})
	r.events = events.New(events.Config{DB: d, Ledger: r.ledger, Now: now,
		Vault: vault.New([]byte("a secret that only tests may know!"))})
	font, err := poster.Find("")
	check(t, err)
	t.Cleanup(func() { font.Close() })
	theme, err := themes.Open(themes.Config{Dir: dir, Base: base, Log: log})
	check(t, err)
	r.index, err = search.Open(ctx, search.Config{Content: r.content, Laws: r.laws, Events: r.events, Ledger: r.ledger, Now: now, Log: log})
	check(t, err)
	u, err := url.Parse(r.root)
	check(t, err)
	r.desk, err = search.NewDesk(ctx, search.DeskConfig{DB: d, Ledger: r.ledger, Index: r.index, Base: u, Now: now, Log: log})
	check(t, err)
	srv := web.New(web.Config{BaseURL: u, Position: r.ledger.Position, Now: now, Log: log, StaffCookie: "staff"})
	r.site = site.New(site.Config{DB: d, Content: r.content, Laws: r.laws, Events: r.events, Media: r.media, Search: r.index, Desk: r.desk,
		Theme: theme, Poster: font, Secret: []byte(strings.Repeat("k", 32)), Now: now, Log: log, Settings: site.Settings{Name: "示例区司法局", Tagline: "送法 · 务工法律指南", Hotline: "12348",
			Phone: "0000-1234801", Address: "示例区和平路 1 号", SiteIDCode: "0000000000"}})
	r.site.Register(srv)
	r.run(t, srv)
	return r
}

// run serves, and follows the journal, until the test ends.
func (r *rig) run(t testing.TB, srv *web.Server) {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	check(t, err)
	ctx, cancel := context.WithCancel(context.Background())
	var wg sync.WaitGroup
	wg.Go(func() { r.index.Follow(ctx) })
	wg.Go(func() { r.desk.Run(ctx) })
	wg.Go(func() {
		if err := srv.Listen(ln); err != nil {
			t.Error(err)
		}
	})
	t.Cleanup(func() {
		cancel()
		stop, done := context.WithTimeout(context.Background(), 5*time.Second)
		defer done()
		if err := srv.Shutdown(stop); err != nil && !errors.Is(err, context.DeadlineExceeded) {
			t.Error(err)
		}
		wg.Wait()
		if err := r.index.Close(); err != nil {
			t.Error(err)
		}
	})
	r.url = "http://" + ln.Addr().String()
}

// fill brings in the laws, where there are any, and the starter content.
func (r *rig) fill(t testing.TB) {
	t.Helper()
	ctx := context.Background()
	if dir := lawsDir(); dir != "" {
		report, err := r.laws.Import(ctx, admin, os.DirFS(dir), "社会法", "行政法/法律援助法(2021-08-20).md", "诉讼与非诉讼程序法", "司法解释", "行政法规")
		check(t, err)
		if report.Articles == 0 {
			t.Fatalf("no article in %s: %+v", dir, report)
		}
	}
	check(t, r.events.SeedCalendar(ctx))
	tree := starter.Files()
	report, seeded, err := r.content.SeedStarter(ctx, admin, tree, content.ImportOptions{PutMedia: func(ctx context.Context, name string, _ int64, b io.Reader) (string, error) {
		o, err := r.media.Add(ctx, admin, name, b, media.AddOptions{})
		return o.URL(), err
	}})
	check(t, err)
	if !seeded {
		t.Fatalf("the starter content did not come in: %+v", report)
	}
	_, err = r.events.ImportTree(ctx, admin, tree)
	check(t, err)
	r.indexed(t)
}

// indexed waits until search knows everything.
func (r *rig) indexed(t testing.TB) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	check(t, r.index.Wait(ctx, r.ledger.Position()))
}

// lawsDir is the folder of law texts, which is not part of the repository.
func lawsDir() string {
	for _, dir := range []string{os.Getenv("SONGFA_LAWS"), filepath.Join("..", "..", "shared", "laws")} {
		if _, err := os.Stat(filepath.Join(dir, "社会法")); dir != "" && err == nil {
			return dir
		}
	}
	return ""
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// lockedBuffer is a log that many write and a test reads.
type lockedBuffer struct {
	mu sync.Mutex
	b  strings.Builder
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// get asks for a path below the base path; redirects are not followed.
func (r *rig) get(t testing.TB, path string, header ...string) (*http.Response, string) {
	t.Helper()
	return r.do(t, http.MethodGet, path, header...)
}

func (r *rig) do(t testing.TB, method, path string, header ...string) (*http.Response, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, r.url+r.base+path, nil)
	check(t, err)
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	resp, err := client.Do(req)
	check(t, err)
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	check(t, err)
	return resp, string(body)
}

// full is one filled site that tests which only read share.
func full(t *testing.T, base string) *rig {
	r := open(t, dbtest.SQLite(t), base)
	r.fill(t)
	return r
}

func TestPages(t *testing.T) {
	for _, base := range []string{"", "/sfj/pufa"} {
		t.Run("base"+strings.ReplaceAll(base, "/", "_"), func(t *testing.T) {
			r := full(t, base)
			where := webscript.Site{URL: r.url, Base: base}
			webscript.Run(t, where, "testdata/*.txt")
			if lawsDir() != "" {
				webscript.Run(t, where, "testdata/laws/*.txt")
			}
			r.crawl(t)
		})
	}
}
