package web

import (
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"runtime/debug"
	"strconv"
	"sync/atomic"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"github.com/songfa/songfa/internal/errs"
)

// contentSecurity lets a page use our own origin and nothing else. There is no
// unsafe-* in it: no inline style, no inline script.
const contentSecurity = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self'; " +
	"connect-src 'self'; manifest-src 'self'; form-action 'self'; frame-ancestors 'self'; base-uri 'none'"

// MayFrame lets a page show other pages of ours in a frame: the preview on the
// editor's page.
func MayFrame(c *fiber.Ctx) {
	c.Set(fiber.HeaderContentSecurityPolicy, contentSecurity+"; frame-src 'self'")
}

func securityHeaders(https bool) [][2]string {
	h := [][2]string{
		{"Content-Security-Policy", contentSecurity},
		{"X-Content-Type-Options", "nosniff"},
		{"X-Frame-Options", "SAMEORIGIN"},
		{"Referrer-Policy", "strict-origin-when-cross-origin"},
		{"Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=()"},
		{"Cross-Origin-Opener-Policy", "same-origin"},
		{"Cross-Origin-Resource-Policy", "same-origin"},
	}
	if https {
		h = append(h, [2]string{"Strict-Transport-Security", "max-age=31536000"})
	}
	return h
}

// requestIDs numbers the requests of this process behind a random start, so
// that an id is unique in the logs of all nodes and costs nothing to make.
type requestIDs struct {
	prefix string
	n      atomic.Uint64
}

func newRequestIDs() *requestIDs {
	b := make([]byte, 5)
	rand.Read(b)
	return &requestIDs{prefix: hex.EncodeToString(b)}
}

func (r *requestIDs) next(buf []byte) []byte {
	return strconv.AppendUint(append(buf, r.prefix...), r.n.Add(1), 36)
}

const requestIDHeader = "X-Request-Id"

var requestID = []byte(requestIDHeader)

// RequestID is the id of this request, as the person and the log see it.
func RequestID(c *fiber.Ctx) string { return string(c.Response().Header.Peek(requestIDHeader)) }

// front is the outermost handler. It answers fresh pages from the cache before
// Fiber sees the request: its router would cost as much as the answer.
func (s *Server) front(ctx *fasthttp.RequestCtx) {
	if !s.serveFresh(ctx) {
		s.fiber(ctx)
	}
	s.opened(ctx)
}

// edge is the first handler of all that the cache could not answer at once.
func (s *Server) edge(c *fiber.Ctx) error {
	start := s.cfg.Now()
	id := s.mark(c)
	v := s.version(start) // before the handler reads: a page is never newer than it says
	served, stale := s.awaitFresh(c.Context(), start, v, id)
	if served {
		return nil
	}
	if stale != nil {
		defer stale.remake.Unlock()
	}
	err := s.guarded(c)
	if err != nil {
		err = s.answerError(c, err)
	} else {
		s.keep(c, start, v, id)
	}
	s.metrics.observe(c, s.cfg.Now().Sub(start))
	return err
}

// mark gives the answer its request id and the headers that every answer has.
func (s *Server) mark(c *fiber.Ctx) (id []byte) {
	id = s.ids.next(nil)
	h := &c.Response().Header
	h.SetCanonical(requestID, id)
	for i := range s.headers {
		h.Set(s.headers[i][0], s.headers[i][1])
	}
	return id
}

// guarded runs the rest of the chain; without it a panic ends the process.
func (s *Server) guarded(c *fiber.Ctx) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = errs.New(errs.Internal, "", "panic: %v\n%s", p, debug.Stack())
		}
	}()
	if err := c.Next(); err != nil {
		return fmt.Errorf("%s %s: %w", c.Method(), c.Route().Path, err)
	}
	return nil
}
