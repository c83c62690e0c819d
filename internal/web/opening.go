package web

import (
	"bytes"
	"net/url"
	"strings"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"
)

// Opening is a page that somebody opened from a page of ours.
type Opening struct {
	From   url.Values // the parameters of the page they came from
	Path   string     // root-relative, of the page they opened
	Client string     // their address, to bound what one of them can have counted; never to be kept
}

// opener is told of openings from one page.
type opener struct {
	mark []byte // what the Referer must hold: "/search?"
	path string // with the base path
	fn   func(Opening)
}

// OnOpen has fn hear when a reader opens a page from the page at the
// root-relative address, also when the cache answers. It is told by the Referer
// that browsers send within a site: the addresses of links stay what they are,
// to be copied and shared, and no script, cookie or redirect is needed. Browsers
// that send none are not counted. Staff and robots are not readers.
func (s *Server) OnOpen(from string, fn func(Opening)) {
	s.openers = append(s.openers, opener{[]byte(from + "?"), s.base + from, fn})
}

var (
	secPurpose = []byte("Sec-Purpose")
	refererKey = []byte(fiber.HeaderReferer)
)

// opened tells those who asked. It is on the way of every request, and leaves at
// once when the reader did not come from a page that is of interest.
func (s *Server) opened(ctx *fasthttp.RequestCtx) {
	referer := ctx.Request.Header.PeekCanonical(refererKey)
	if len(referer) == 0 {
		return
	}
	for _, o := range s.openers {
		if bytes.Contains(referer, o.mark) && s.isReader(ctx) {
			s.tell(ctx, o, string(referer))
		}
	}
}

func (s *Server) tell(ctx *fasthttp.RequestCtx, o opener, referer string) {
	switch ctx.Response.StatusCode() {
	case fasthttp.StatusOK, fasthttp.StatusNotModified:
	default:
		return
	}
	from, err := url.Parse(referer)
	if err != nil || from.Path != o.path || from.Host != s.cfg.BaseURL.Host && from.Host != string(ctx.Host()) {
		return
	}
	path, ours := strings.CutPrefix(string(ctx.Path()), s.base+"/")
	if !ours || bytes.Contains(ctx.Request.Header.PeekCanonical(secPurpose), []byte("prefetch")) {
		return
	}
	c := s.App.AcquireCtx(ctx) // for what it knows about proxies
	defer s.App.ReleaseCtx(c)
	o.fn(Opening{From: from.Query(), Path: "/" + path, Client: strings.Clone(c.IP())})
}

// IsReader tells a person from staff at work and from robots that say so.
func (s *Server) IsReader(c *fiber.Ctx) bool { return s.isReader(c.Context()) }
