package web_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"reflect"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/andybalholm/brotli"
	"github.com/gofiber/fiber/v2"
	"github.com/prometheus/client_golang/prometheus"

	"github.com/songfa/songfa/internal/errs"
	"github.com/songfa/songfa/internal/web"
)

type site struct {
	ahead    atomic.Int64 // nanoseconds that the server's clock is ahead
	endless  endless
	url      string
	position atomic.Int64
	renders  atomic.Int64
	reads    atomic.Int64
	log      syncBuffer
	openings openings
}

type syncBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *syncBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *syncBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

// start serves a small site: /page is cacheable, the rest goes wrong in its way.
func start(t testing.TB, base string) *site { return startWith(t, base, web.Timeouts{}) }

func startWith(t testing.TB, base string, timeouts web.Timeouts) *site {
	t.Helper()
	st := &site{endless: endless{closed: make(chan struct{})}}
	u, _ := url.Parse("http://songfa.test" + base)
	srv := web.New(web.Config{BaseURL: u, Timeouts: timeouts, Position: st.position.Load, Now: st.now, StaffCookie: "staff",
		IsStaff: func(_ context.Context, token string) bool { return token == "abc" },
		Log:     slog.New(slog.NewTextHandler(&st.log, nil)), Metrics: prometheus.NewRegistry()})
	srv.Problems("/", func(c *fiber.Ctx, p web.Problem) error {
		c.Type("html", "utf-8")
		return c.SendString(fmt.Sprintf("<p>%s</p><p>%s</p>", p.Message, p.RequestID))
	})
	srv.Root.Get("/page", func(c *fiber.Ctx) error {
		n := st.renders.Add(1)
		web.Cacheable(c)
		web.Count(c, &st.reads)
		c.Type("html", "utf-8")
		return c.SendString(fmt.Sprintf("<h1>第%d版 长者%v %s</h1>%s", n, web.Elder(c), c.Query("q"), strings.Repeat("工资", 2000)))
	})
	srv.Root.Get("/free", func(c *fiber.Ctx) error {
		web.CacheableFor(c, time.Second)
		return c.SendString(fmt.Sprintf("第%d版", st.renders.Add(1)))
	})
	srv.Root.Get("/asset", func(c *fiber.Ctx) error {
		web.CacheableForever(c)
		return c.SendString(strings.Repeat("body{}", 200))
	})
	srv.Root.Get("/file", func(c *fiber.Ctx) error {
		web.Cacheable(c)
		c.Set(fiber.HeaderContentDisposition, `attachment; filename="a.ics"`)
		c.Cookie(&fiber.Cookie{Name: "seen", Value: "mine"})
		return c.SendString("BEGIN:VCALENDAR")
	})
	srv.Root.Get("/found", func(c *fiber.Ctx) error {
		c.Set(fiber.HeaderCacheControl, c.Query("control"))
		c.Type("html", "utf-8")
		return c.SendString(strings.Repeat("拖欠工资", 1000))
	})
	srv.Root.Get("/endless", func(c *fiber.Ctx) error { return c.SendStream(&st.endless) })
	srv.Root.Get("/panic", func(*fiber.Ctx) error { panic("secret state") })
	srv.Root.Get("/broken", func(*fiber.Ctx) error { return errors.New("pq: secret detail") })
	srv.Root.Get("/gone", func(*fiber.Ctx) error { return errs.New(errs.Gone, "本指南已撤下", "unpublished") })
	srv.Root.Post("/form", srv.SameOrigin, func(c *fiber.Ctx) error { return c.SendString(c.FormValue("name")) })
	srv.Root.Post("/photos", func(c *fiber.Ctx) error { return c.SendString(strconv.Itoa(len(c.Body()))) })
	srv.LargeBodies("/photos", "guest", 3<<20, func(value string) bool { return value == "signed" })
	srv.OnOpen("/search", st.openings.add)
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- srv.Listen(ln) }()
	t.Cleanup(func() {
		if err := srv.Shutdown(t.Context()); err != nil && !errors.Is(err, t.Context().Err()) {
			t.Error(err)
		}
		<-done
	})
	st.url = "http://" + ln.Addr().String() + base
	return st
}

// now stands still but for what a test moves it.
func (st *site) now() time.Time {
	return time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC).Add(time.Duration(st.ahead.Load()))
}

func do(t testing.TB, method, url string, header ...string) (*http.Response, string) {
	t.Helper()
	req, err := http.NewRequest(method, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	client := &http.Client{Transport: &http.Transport{DisableCompression: true, DisableKeepAlives: true}}
	resp, err := client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp, string(b)
}

func TestCachedUntilThePositionMoves(t *testing.T) {
	st := start(t, "/sfj/pufa")
	_, first := do(t, "GET", st.url+"/page")
	_, again := do(t, "GET", st.url+"/page")
	if first != again || st.renders.Load() != 1 {
		t.Fatalf("rendered %d times", st.renders.Load())
	}
	st.position.Add(1)
	if _, next := do(t, "GET", st.url+"/page"); !strings.Contains(next, "第2版") {
		t.Fatal("stale page after the position moved")
	}
}

func TestCacheKeepsDressAndQueryApart(t *testing.T) {
	st := start(t, "")
	_, plain := do(t, "GET", st.url+"/page")
	_, elder := do(t, "GET", st.url+"/page", "Cookie", "elder=1")
	_, query := do(t, "GET", st.url+"/page?q=x")
	if !strings.Contains(plain, "长者false") || !strings.Contains(elder, "长者true") || !strings.Contains(query, "x</h1>") {
		t.Fatalf("answers mixed up: %.40s | %.40s | %.40s", plain, elder, query)
	}
}

func TestEncodingsAndConditionalRequests(t *testing.T) {
	st := start(t, "")
	_, want := do(t, "GET", st.url+"/page")
	for _, tt := range []struct {
		accept, encoding string
		decode           func(io.Reader) io.Reader
	}{
		{"gzip, deflate, br", "br", func(r io.Reader) io.Reader { return brotli.NewReader(r) }},
		{"gzip", "gzip", func(r io.Reader) io.Reader { z, _ := gzip.NewReader(r); return z }},
		{"br;q=0, gzip;q=0.5", "gzip", func(r io.Reader) io.Reader { z, _ := gzip.NewReader(r); return z }},
		{"identity", "", func(r io.Reader) io.Reader { return r }},
	} {
		resp, body := do(t, "GET", st.url+"/page", "Accept-Encoding", tt.accept)
		got, err := io.ReadAll(tt.decode(strings.NewReader(body)))
		if err != nil || string(got) != want || resp.Header.Get("Content-Encoding") != tt.encoding {
			t.Errorf("%s: encoding %q, same body %v, %v", tt.accept, resp.Header.Get("Content-Encoding"), string(got) == want, err)
		}
		etag := resp.Header.Get("ETag")
		again, body := do(t, "GET", st.url+"/page", "Accept-Encoding", tt.accept, "If-None-Match", `"other", `+etag)
		if again.StatusCode != 304 || body != "" || again.Header.Get("ETag") != etag {
			t.Errorf("%s: status %d, %d bytes, etag %s", tt.accept, again.StatusCode, len(body), again.Header.Get("ETag"))
		}
		if again.Header.Get("Content-Security-Policy") == "" {
			t.Error("304 lacks the security headers")
		}
	}
	head, body := do(t, "HEAD", st.url+"/page")
	if head.StatusCode != 200 || body != "" || head.ContentLength != int64(len(want)) {
		t.Errorf("HEAD: %d, length %d, want %d", head.StatusCode, head.ContentLength, len(want))
	}
}

func TestAnswersForOneAreCompressed(t *testing.T) {
	st := start(t, "")
	for _, tt := range []struct{ control, accept, encoding string }{
		{"no-cache", "gzip, br", "br"},
		{"no-cache", "gzip", "gzip"},
		{"no-cache", "br;q=0", ""},
		{"no-cache", "", ""},
		{"no-store", "gzip, br", ""}, // may hold a form token
	} {
		resp, body := do(t, "GET", st.url+"/found?control="+tt.control, "Accept-Encoding", tt.accept)
		if got := resp.Header.Get("Content-Encoding"); got != tt.encoding || (len(body) < 1000) != (tt.encoding != "") {
			t.Errorf("%+v: encoding %q, %d bytes", tt, got, len(body))
		}
		if vary := resp.Header.Get("Vary"); tt.control == "no-cache" && !strings.Contains(vary, "Accept-Encoding") {
			t.Errorf("%+v: Vary %q", tt, vary)
		}
		if tt.encoding == "gzip" {
			r, err := gzip.NewReader(strings.NewReader(body))
			if err != nil {
				t.Fatal(err)
			}
			if plain, err := io.ReadAll(r); err != nil || string(plain) != strings.Repeat("拖欠工资", 1000) {
				t.Errorf("unpacked to %d bytes, %v", len(plain), err)
			}
		}
	}
}

func TestReadersAreCounted(t *testing.T) {
	st := start(t, "")
	const person = "Mozilla/5.0 (Linux; Android 14) Chrome/130.0 Mobile"
	for _, tt := range []struct {
		method, agent, cookie string
		reads                 int64
	}{
		{"GET", person, "", 1}, // made
		{"GET", person, "", 2}, // from the cache
		{"GET", person, "elder=1", 3},
		{"HEAD", person, "", 3},
		{"GET", person, "staff=abc", 3},
		{"GET", "Mozilla/5.0 (compatible; Baiduspider/2.0)", "", 3},
		{"GET", "Mozilla/5.0 (compatible; bingbot/2.0)", "", 3},
		{"GET", "curl/8.5", "", 3},
	} {
		do(t, tt.method, st.url+"/page", "User-Agent", tt.agent, "Cookie", tt.cookie)
		if got := st.reads.Load(); got != tt.reads {
			t.Errorf("%s by %q %q: %d reads, want %d", tt.method, tt.agent, tt.cookie, got, tt.reads)
		}
	}
}

func TestAddressesOfBytesAreKeptForEver(t *testing.T) {
	st := start(t, "")
	for range 2 {
		resp, _ := do(t, "GET", st.url+"/asset", "Accept-Encoding", "br")
		if !strings.Contains(resp.Header.Get("Cache-Control"), "immutable") || resp.Header.Get("Content-Encoding") != "br" ||
			resp.Header.Get("Vary") != "Accept-Encoding" {
			t.Errorf("headers: %v", resp.Header)
		}
	}
	if resp, _ := do(t, "GET", st.url+"/Asset"); resp.StatusCode != 404 {
		t.Errorf("another case of the address: %d", resp.StatusCode)
	}
}

// The first reader and the next get the same headers, but each an id, and nobody
// another's cookie.
func TestKeptAnswersHaveTheHandlersHeaders(t *testing.T) {
	st := start(t, "")
	var headers []http.Header
	ids := map[string]bool{}
	for range 3 {
		resp, body := do(t, "GET", st.url+"/file")
		if body != "BEGIN:VCALENDAR" || len(resp.Header["Set-Cookie"]) > 0 || resp.Header.Get("Content-Disposition") == "" {
			t.Errorf("body %q, headers %v", body, resp.Header)
		}
		ids[resp.Header.Get("X-Request-Id")] = true
		resp.Header.Del("X-Request-Id")
		resp.Header.Del("Date")
		headers = append(headers, resp.Header)
	}
	if len(ids) != 3 || !reflect.DeepEqual(headers[0], headers[1]) || !reflect.DeepEqual(headers[1], headers[2]) {
		t.Errorf("ids %v, headers %v", ids, headers)
	}
}

// After the position moves, those who ask together make one new page.
func TestStaleAreRemadeOnce(t *testing.T) {
	st := start(t, "")
	do(t, "GET", st.url+"/page")
	st.position.Add(1)
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() {
			if _, body := do(t, "GET", st.url+"/page"); !strings.Contains(body, "第2版") {
				t.Errorf("got %.30s", body)
			}
		})
	}
	wg.Wait()
	if n := st.renders.Load(); n != 2 {
		t.Errorf("rendered %d times", n)
	}
}

// A page with a lifetime is made once for all who ask in that time, anew at its
// end, and at once when the position moves.
func TestPagesOfALifetime(t *testing.T) {
	st := start(t, "")
	for i, tt := range []struct {
		pass     time.Duration
		moves    int64
		version  string
		answered string
	}{
		{0, 0, "第1版", "made"},
		{999 * time.Millisecond, 0, "第1版", "kept"},
		{time.Millisecond, 0, "第2版", "a second old"},
		{time.Hour, 0, "第3版", "long stale"},
		{500 * time.Millisecond, 0, "第3版", "kept"},
		{0, 1, "第4版", "the journal moved"},
	} {
		st.ahead.Add(int64(tt.pass))
		st.position.Add(tt.moves)
		resp, body := do(t, "GET", st.url+"/free")
		if body != tt.version {
			t.Errorf("%d, %s: got %s, want %s", i, tt.answered, body, tt.version)
		}
		if resp, _ := do(t, "GET", st.url+"/free", "If-None-Match", resp.Header.Get("ETag")); resp.StatusCode != 304 {
			t.Errorf("%d: asked again: %d", i, resp.StatusCode)
		}
	}
	st.ahead.Add(int64(time.Second))
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() {
			if _, body := do(t, "GET", st.url+"/free"); body != "第5版" {
				t.Errorf("got %s", body)
			}
		})
	}
	wg.Wait()
}

func TestErrorsShowASentenceAndNeverTheChain(t *testing.T) {
	st := start(t, "/b")
	for _, tt := range []struct {
		method, path string
		status       int
		contains     string
		logged       string
	}{
		{"GET", "/panic", 500, "系统出了问题", "secret state"},
		{"GET", "/broken", 500, "系统出了问题", "secret detail"},
		{"GET", "/gone", 410, "本指南已撤下", ""},
		{"GET", "/nothing", 404, "没有找到", ""},
		{"POST", "/page", 405, "填写的内容有误", ""},
	} {
		resp, body := do(t, tt.method, st.url+tt.path)
		id := resp.Header.Get("X-Request-Id")
		if resp.StatusCode != tt.status || !strings.Contains(body, tt.contains) || !strings.Contains(body, id) || id == "" {
			t.Errorf("%s: %d %s", tt.path, resp.StatusCode, body)
		}
		if strings.Contains(body, "secret") || resp.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s: shows or caches too much: %s", tt.path, body)
		}
		if logged := strings.Contains(st.log.String(), id); logged != (tt.logged != "") || !strings.Contains(st.log.String(), tt.logged) {
			t.Errorf("%s: logged %v", tt.path, logged)
		}
	}
}

func TestCrossOriginFormsAreRefused(t *testing.T) {
	st := start(t, "")
	for _, tt := range []struct {
		header []string
		status int
	}{
		{nil, 200},
		{[]string{"Sec-Fetch-Site", "same-origin"}, 200},
		{[]string{"Sec-Fetch-Site", "cross-site"}, 403},
		{[]string{"Sec-Fetch-Site", "same-site"}, 403},
		{[]string{"Origin", "http://songfa.test"}, 200},
		{[]string{"Origin", "https://evil.example"}, 403},
		{[]string{"Origin", "null"}, 403},
	} {
		if resp, body := do(t, "POST", st.url+"/form", tt.header...); resp.StatusCode != tt.status {
			t.Errorf("%v: %d %s", tt.header, resp.StatusCode, body)
		}
	}
}

func TestBodiesAreLimitedForStrangers(t *testing.T) {
	st := start(t, "")
	post := func(cookie string) int {
		req, _ := http.NewRequest("POST", st.url+"/form", strings.NewReader("name="+strings.Repeat("x", 2<<20)))
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		req.Header.Set("Cookie", cookie)
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			return 413 // the server closes while we still send
		}
		resp.Body.Close()
		return resp.StatusCode
	}
	if got := post(""); got != 413 {
		t.Errorf("stranger: %d", got)
	}
	if got := post("staff=forged"); got != 413 {
		t.Errorf("stranger with a cookie: %d", got)
	}
	if got := post("staff=abc"); got != 200 {
		t.Errorf("staff: %d", got)
	}
}

func TestLimiter(t *testing.T) {
	now := time.Unix(0, 0)
	l := web.NewLimiter(2, time.Minute, func() time.Time { return now })
	for i, want := range []bool{true, true, false} {
		if got := l.Allow("a") == nil; got != want {
			t.Errorf("try %d: %v", i, got)
		}
	}
	if l.Allow("b") != nil {
		t.Error("another key is affected")
	}
	now = now.Add(time.Minute)
	if l.Allow("a") != nil {
		t.Error("no token after a minute")
	}
	if err := l.Allow("a"); !errs.Is(err, errs.TooMany) {
		t.Errorf("got %v", err)
	}
}

// Who opens a page from the page of interest is told of, whether the cache
// answers or not; the address of the page stays what it is.
func TestOpeningsAreTold(t *testing.T) {
	st := start(t, "/b")
	const from = "http://songfa.test/b/search?q=%E5%B7%A5%E8%B5%84"
	for _, tt := range []struct {
		path    string
		headers []string
		told    bool
	}{
		{"/page", []string{"Referer", from}, true},
		{"/page", []string{"Referer", from}, true}, // from the cache
		{"/page", []string{"Referer", st.url + "/search?q=%E5%B7%A5%E8%B5%84"}, true},
		{"/page", nil, false},
		{"/page", []string{"Referer", "https://evil.example/b/search?q=x"}, false},
		{"/page", []string{"Referer", "http://songfa.test/search?q=x"}, false},
		{"/page", []string{"Referer", "http://songfa.test/b/guides/?x=/search?q=x"}, false},
		{"/page", []string{"Referer", "http://songfa.test/b/search"}, false},
		{"/page", []string{"Referer", from, "User-Agent", "Baiduspider"}, false},
		{"/page", []string{"Referer", from, "Cookie", "staff=abc"}, false},
		{"/page", []string{"Referer", from, "Sec-Purpose", "prefetch"}, false},
		{"/gone", []string{"Referer", from}, false},
		{"/nothing", []string{"Referer", from}, false},
	} {
		st.openings.take()
		if tt.headers == nil || tt.headers[len(tt.headers)-2] != "User-Agent" {
			tt.headers = append(tt.headers, "User-Agent", "Mozilla/5.0")
		}
		do(t, "GET", st.url+tt.path, tt.headers...)
		got := st.openings.take()
		if (len(got) == 1) != tt.told {
			t.Errorf("%s %q: told %+v", tt.path, tt.headers, got)
		}
		if len(got) == 1 && (got[0].Path != "/page" || got[0].From.Get("q") != "工资" || got[0].Client != "127.0.0.1") {
			t.Errorf("told %+v", got[0])
		}
	}
}

// openings are what OnOpen told.
type openings struct {
	mu   sync.Mutex
	list []web.Opening
}

func (o *openings) add(one web.Opening) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.list = append(o.list, one)
}

func (o *openings) take() []web.Opening {
	o.mu.Lock()
	defer o.mu.Unlock()
	list := o.list
	o.list = nil
	return list
}
