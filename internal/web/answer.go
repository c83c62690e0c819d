package web

import (
	"net"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"
)

// Answer is what the server says to one GET from inside the process.
type Answer struct {
	Status   int
	Type     string // with its parameters
	Location string // of a redirect, as the handler wrote it
	Body     []byte
}

// uncached marks a request whose answer is neither looked for nor kept among the
// pages.
type uncached struct{}

// Get asks for a root-relative address as a reader would, past the page cache
// and without being counted, in the large-print dress or without. It is for
// those who write the whole site down.
func (s *Server) Get(address string, elder bool) Answer {
	var req fasthttp.Request
	req.SetRequestURI(s.base + address)
	req.Header.SetHost(s.cfg.BaseURL.Host)
	req.Header.SetUserAgent("songfa publish-static (robot)")
	if elder {
		req.Header.SetCookie(ElderCookie, "1")
	}
	var ctx fasthttp.RequestCtx
	ctx.Init(&req, &net.TCPAddr{IP: net.IPv6loopback}, nil)
	ctx.SetUserValue(uncached{}, true)
	s.App.Handler()(&ctx) // also readies the routes of a server that nobody listens for
	h := &ctx.Response.Header
	return Answer{Status: ctx.Response.StatusCode(), Type: string(h.ContentType()),
		Location: string(h.Peek(fiber.HeaderLocation)), Body: ctx.Response.Body()}
}
