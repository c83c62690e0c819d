package web

import (
	"cmp"
	"context"
	"log/slog"
	"net"
	"net/url"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/valyala/fasthttp"
)

const (
	// bodyLimit is for everybody; staff who are signed in may upload more.
	bodyLimit       = 1 << 20
	staffBodyLimit  = 128 << 20
	handlerDeadline = 15 * time.Second
)

// Config is what the server needs to know.
type Config struct {
	// BaseURL is scheme, host and base path as the public sees them.
	BaseURL *url.URL
	// TrustedProxies are addresses or CIDRs whose X-Forwarded-For is believed.
	TrustedProxies []string
	// Position is the journal's position: what a cached page must not be older than.
	Position func() int64
	Now      func() time.Time
	Log      *slog.Logger
	Metrics  prometheus.Registerer // nil: no metrics
	// StaffCookie is the name of the cookie of signed-in staff.
	StaffCookie string
	// IsStaff tells whether the cookie's value is a session that still runs:
	// only such a request may have a large body. Nil: none may.
	IsStaff func(ctx context.Context, token string) bool
	// Timeouts bound how long a connection may take; zero ones take the defaults.
	Timeouts Timeouts
}

// Timeouts of a connection.
type Timeouts struct {
	Read  time.Duration // to send a whole request; default a minute
	Write time.Duration // to take a whole answer; default 15 minutes: a large file over a slow line
	Idle  time.Duration // between requests; default 2 minutes
}

func (t Timeouts) withDefaults() Timeouts {
	return Timeouts{cmp.Or(t.Read, time.Minute), cmp.Or(t.Write, 15*time.Minute), cmp.Or(t.Idle, 2*time.Minute)}
}

// Server is the Fiber app with the common handlers installed.
type Server struct {
	App      *fiber.App
	Root     fiber.Router // everything below the base path
	cfg      Config
	base     string
	fiber    fasthttp.RequestHandler // the App, behind front
	ids      *requestIDs
	metrics  *metrics
	cache    *pageCache
	problems []problemPage
	openers  []opener
	large    []largeBody
	headers  [][2]string
}

// largeBody is a form that strangers with the right cookie may send files to.
type largeBody struct {
	path, cookie string
	limit        int
	allowed      func(value string) bool
}

// New makes the server. Register handlers on Root, then Listen.
func New(cfg Config) *Server {
	s := &Server{cfg: cfg, base: strings.TrimRight(cfg.BaseURL.Path, "/"), cache: newPageCache(cacheBytes), ids: newRequestIDs()}
	s.metrics = newMetrics(cfg.Metrics, s.cache)
	timeouts := cfg.Timeouts.withDefaults()
	s.headers = securityHeaders(cfg.BaseURL.Scheme == "https")
	s.App = fiber.New(fiber.Config{
		AppName:                 "songfa",
		DisableStartupMessage:   true,
		Immutable:               true, // strings kept past a request are overwritten without it
		UnescapePath:            true,
		CaseSensitive:           true, // one address for a page
		Network:                 fiber.NetworkTCP,
		BodyLimit:               bodyLimit,
		ReadBufferSize:          16 << 10,
		ReadTimeout:             timeouts.Read,
		WriteTimeout:            timeouts.Write,
		IdleTimeout:             timeouts.Idle,
		EnableTrustedProxyCheck: true,
		TrustedProxies:          cfg.TrustedProxies,
		ProxyHeader:             fiber.HeaderXForwardedFor,
		EnableIPValidation:      true,
		ErrorHandler:            s.answerError,
	})
	s.App.Server().HeaderReceived = s.limits
	s.App.Server().NoDefaultServerHeader = true
	s.fiber = s.App.Server().Handler
	s.App.Server().Handler = s.front
	s.App.Use(s.edge)
	if s.base != "" {
		s.App.Get("/", func(c *fiber.Ctx) error { return c.Redirect(s.base+"/", fiber.StatusFound) })
	}
	s.Root = s.App.Group(s.base)
	return s
}

// LargeBodies allows bodies of up to limit bytes to a root-relative address when
// allowed says so of the cookie's value. It is asked before the body is read, so
// it must be quick; call it before Listen.
func (s *Server) LargeBodies(path, cookie string, limit int, allowed func(value string) bool) {
	s.large = append(s.large, largeBody{s.base + path, cookie, limit, allowed})
}

// limits allows staff larger bodies than strangers, before the body is read
// into memory. Anybody can send a cookie, so the session is looked up; that is
// only done for the few large requests.
func (s *Server) limits(h *fasthttp.RequestHeader) fasthttp.RequestConfig {
	n := h.ContentLength() // -1: in chunks
	if n >= 0 && n <= bodyLimit || h.IsGet() || h.IsHead() {
		return fasthttp.RequestConfig{}
	}
	for _, l := range s.large {
		if string(h.RequestURI()) == l.path && l.allowed(string(h.Cookie(l.cookie))) {
			return fasthttp.RequestConfig{MaxRequestBodySize: l.limit, ReadTimeout: 10 * time.Minute}
		}
	}
	if token := string(h.Cookie(s.cfg.StaffCookie)); token != "" && s.cfg.IsStaff != nil && s.isStaff(token) {
		return fasthttp.RequestConfig{MaxRequestBodySize: staffBodyLimit, ReadTimeout: 10 * time.Minute}
	}
	return fasthttp.RequestConfig{}
}

func (s *Server) isStaff(token string) bool {
	ctx, cancel := context.WithTimeout(context.Background(), handlerDeadline)
	defer cancel()
	return s.cfg.IsStaff(ctx, token)
}

// Base is the base path: "" or "/sfj/pufa".
func (s *Server) Base() string { return s.base }

// Path puts the base path before a root-relative path.
func (s *Server) Path(p string) string { return s.base + p }

// URL is the whole public address of a root-relative path.
func (s *Server) URL(p string) string {
	return s.cfg.BaseURL.Scheme + "://" + s.cfg.BaseURL.Host + s.base + p
}

// Secure reports whether cookies must be marked Secure.
func (s *Server) Secure() bool { return s.cfg.BaseURL.Scheme == "https" }

// Position is the journal's, as this process has read it.
func (s *Server) Position() int64 { return s.cfg.Position() }

// Now is the server's clock.
func (s *Server) Now() time.Time { return s.cfg.Now() }

// Listen serves on ln until Shutdown.
func (s *Server) Listen(ln net.Listener) error { return s.App.Listener(ln) }

// Shutdown refuses new connections and lets what runs finish, until ctx ends.
func (s *Server) Shutdown(ctx context.Context) error { return s.App.ShutdownWithContext(ctx) }

// Context is the request's context with a deadline. Fiber's own never ends.
func Context(c *fiber.Ctx) (context.Context, context.CancelFunc) {
	return context.WithTimeout(c.UserContext(), handlerDeadline)
}
