package web

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/andybalholm/brotli"
	"github.com/gofiber/fiber/v2"
	"github.com/klauspost/compress/gzip"
	"github.com/valyala/fasthttp"
)

// minCompress is the size below which compressing saves nothing.
const minCompress = 512

type encoding int

const (
	identity encoding = iota
	gzipped
	brotlied
	encodings
)

var encodingNames = [encodings]string{"", "gzip", "br"}

// page is one kept answer. Compressed forms are made when first asked for.
type page struct {
	key         string
	version     version
	contentType string
	forever     bool          // an address whose bytes never change
	reads       *atomic.Int64 // see Count; nil for most pages
	etags       [encodings]string
	body        [encodings]atomic.Pointer[[]byte]
	size        int64       // counted for all three forms: text compresses to well under half
	used        atomic.Bool // since the evictor last came by
	slot        int         // where the evictor finds it; guarded by the cache
	remake      sync.Mutex  // held by the one request that makes the next version
}

func newPage(key string, v version, contentType string, body []byte) *page {
	sum := sha256.Sum256(body)
	tag := base64.RawURLEncoding.EncodeToString(sum[:12])
	p := &page{key: key, version: v, contentType: contentType}
	for e := range encodings {
		p.etags[e] = `"` + tag + strings.TrimSuffix("-"+encodingNames[e], "-") + `"`
	}
	body = bytes.Clone(body)
	p.body[identity].Store(&body)
	p.size = int64(len(body)*3/2 + len(key) + 512)
	return p
}

// bytes returns the page in an encoding. Two callers may compress at once; the
// result is the same.
func (p *page) bytes(e encoding) []byte {
	if b := p.body[e].Load(); b != nil {
		return *b
	}
	b := compress(*p.body[identity].Load(), e)
	p.body[e].Store(&b)
	return b
}

func compress(body []byte, e encoding) []byte {
	var buf bytes.Buffer
	if e == brotlied {
		w := brotli.NewWriterLevel(&buf, 5)
		w.Write(body) // to memory: cannot fail
		w.Close()
		return buf.Bytes()
	}
	w, _ := gzip.NewWriterLevel(&buf, gzip.DefaultCompression)
	w.Write(body)
	w.Close()
	return buf.Bytes()
}

// choose picks the best encoding the client takes and the page is worth.
func choose(p *page, accept []byte) encoding {
	if len(*p.body[identity].Load()) < minCompress {
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

// accepts reads an Accept-Encoding header: the coding is named and not refused
// with q=0.
func accepts(header []byte, coding string) bool {
	for len(header) > 0 {
		var item []byte
		item, header, _ = bytes.Cut(header, []byte{','})
		name, params, _ := bytes.Cut(bytes.TrimSpace(item), []byte{';'})
		if string(bytes.TrimSpace(name)) != coding {
			continue
		}
		q, ok := bytes.CutPrefix(bytes.ReplaceAll(params, []byte{' '}, nil), []byte("q="))
		if !ok {
			return true
		}
		f, err := strconv.ParseFloat(string(q), 32)
		return err == nil && f > 0
	}
	return false
}

// answer writes the page, or 304 when the client has it.
func (p *page) answer(ctx *fasthttp.RequestCtx) {
	e := choose(p, ctx.Request.Header.Peek(fiber.HeaderAcceptEncoding))
	h := &ctx.Response.Header
	h.Set(fiber.HeaderETag, p.etags[e])
	if p.forever {
		h.Set(fiber.HeaderCacheControl, Forever)
		h.Set(fiber.HeaderVary, "Accept-Encoding")
	} else {
		h.Set(fiber.HeaderCacheControl, "no-cache")
		h.Set(fiber.HeaderVary, "Accept-Encoding, Cookie")
	}
	if match := ctx.Request.Header.Peek(fiber.HeaderIfNoneMatch); len(match) > 0 && matches(match, p.etags[e]) {
		ctx.SetStatusCode(fasthttp.StatusNotModified) // not ctx.NotModified, which drops every header
		return
	}
	h.SetContentType(p.contentType)
	if e != identity {
		h.SetContentEncoding(encodingNames[e])
	}
	ctx.Response.SetBodyRaw(p.bytes(e))
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
