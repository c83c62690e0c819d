package web

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"
)

// page is one kept answer.
type page struct {
	key      string
	version  version
	until    time.Time               // stale from then on; zero: never by age
	header   fasthttp.ResponseHeader // as the handler left it; copied, never changed
	tag      string                  // names the bytes, in all encodings
	reads    *atomic.Int64           // see Count; nil for most pages
	zip      *compressors
	variants [encodings]atomic.Pointer[variant]
	size     int64       // counted for all three forms: text compresses to well under half
	used     atomic.Bool // since the evictor last came by
	slot     int         // where the evictor finds it; guarded by the cache
	remake   sync.Mutex  // held by the one request that makes the next version
}

// expired reports that the page is older at this moment than its handler allows.
func (p *page) expired(now time.Time) bool { return !p.until.IsZero() && !now.Before(p.until) }

// variant is the page in one encoding with the header that goes with it, ready
// to be copied: setting each field anew would cost more than all the rest.
type variant struct {
	etag   string
	header fasthttp.ResponseHeader
	body   []byte
}

func newPage(key string, v version, zip *compressors, header *fasthttp.ResponseHeader, forever bool, body []byte) *page {
	sum := sha256.Sum256(body)
	p := &page{key: key, version: v, zip: zip, tag: base64.RawURLEncoding.EncodeToString(sum[:12])}
	header.CopyTo(&p.header)
	p.header.DelAllCookies() // are one person's, as is how a connection ends
	p.header.ResetConnectionClose()
	if forever {
		p.header.Set(fiber.HeaderCacheControl, Forever)
		p.header.Set(fiber.HeaderVary, "Accept-Encoding")
	} else {
		p.header.Set(fiber.HeaderCacheControl, "no-cache")
		p.header.Set(fiber.HeaderVary, "Accept-Encoding, Cookie")
	}
	p.variants[identity].Store(p.newVariant(identity, bytes.Clone(body)))
	p.size = int64(len(body)*3/2 + len(key) + 4<<10)
	return p
}

func (p *page) newVariant(e encoding, body []byte) *variant {
	v := &variant{etag: `"` + p.tag + `"`, body: body}
	p.header.CopyTo(&v.header)
	if e != identity {
		v.etag = `"` + p.tag + "-" + encodingNames[e] + `"`
		v.header.SetContentEncoding(encodingNames[e])
	}
	v.header.Set(fiber.HeaderETag, v.etag)
	return v
}

// variant returns the page in an encoding; compressed ones are made when first
// asked for. Two callers may compress at once; the result is the same.
func (p *page) variant(e encoding) *variant {
	if v := p.variants[e].Load(); v != nil {
		return v
	}
	v := p.newVariant(e, p.zip.compress(p.variants[identity].Load().body, e))
	p.variants[e].Store(v)
	return v
}

// choose picks the best encoding the client takes and the page is worth.
func choose(p *page, accept []byte) encoding {
	if len(p.variants[identity].Load().body) < minCompress {
		return identity
	}
	switch {
	case accepts(accept, "br"):
		return brotlied
	case accepts(accept, "gzip"):
		return gzipped
	}
	return identity
}

// Names of headers as fasthttp stores them, so that it need not normalise them
// for each request.
var (
	acceptEncoding = []byte(fiber.HeaderAcceptEncoding)
	ifNoneMatch    = []byte(fiber.HeaderIfNoneMatch)
)

// answer writes the page, or 304 when the client has it. id is the request's.
func (p *page) answer(ctx *fasthttp.RequestCtx, id []byte) {
	v := p.variant(choose(p, ctx.Request.Header.PeekCanonical(acceptEncoding)))
	h := &ctx.Response.Header
	v.header.CopyTo(h)
	h.SetCanonical(requestID, id)
	if match := ctx.Request.Header.PeekCanonical(ifNoneMatch); len(match) > 0 && matches(match, v.etag) {
		h.SetStatusCode(fasthttp.StatusNotModified) // not ctx.NotModified, which drops every header
		h.SetContentType("")
		h.SetContentEncoding("")
		ctx.Response.ResetBody()
		return
	}
	ctx.Response.SetBodyRaw(v.body)
}

// matches compares an If-None-Match list by the weak comparison of RFC 9110 §13.1.2.
func matches(header []byte, etag string) bool {
	for len(header) > 0 {
		var item []byte
		item, header, _ = bytes.Cut(header, []byte{','})
		item = bytes.TrimPrefix(bytes.TrimSpace(item), []byte("W/"))
		if string(item) == etag || string(item) == "*" {
			return true
		}
	}
	return false
}
