package web

import (
	"bytes"
	"io"
	"strconv"
	"sync"

	"github.com/andybalholm/brotli"
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

// compressors are kept between pages: their tables are a megabyte, and making
// one takes longer than compressing a page.
type compressors [encodings]sync.Pool

// compressor is a writer of gzip or brotli.
type compressor interface {
	io.WriteCloser
	Reset(io.Writer)
}

func newCompressor(e encoding) compressor {
	if e == brotlied {
		return brotli.NewWriterLevel(nil, 5)
	}
	return gzip.NewWriter(nil)
}

func (c *compressors) compress(body []byte, e encoding) []byte {
	w, ok := c[e].Get().(compressor)
	if !ok {
		w = newCompressor(e)
	}
	defer c[e].Put(w)
	var buf bytes.Buffer
	w.Reset(&buf)
	w.Write(body) // to memory: cannot fail
	w.Close()
	return bytes.Clone(buf.Bytes()) // without the room it grew into
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

// compressOnce compresses an answer that is made for one request, such as a
// search result. What must not be stored is left alone: it may hold a form
// token, and its length would tell of it when it also repeats what was asked.
// So is what has a strong ETag, which names these very bytes.
func (s *Server) compressOnce(ctx *fasthttp.RequestCtx) {
	r := &ctx.Response
	if !ctx.IsGet() || r.IsBodyStream() || len(r.Body()) < minCompress || len(r.Header.ContentEncoding()) > 0 ||
		len(r.Header.Peek(fasthttp.HeaderETag)) > 0 || !isText(r.Header.ContentType()) || bytes.Contains(r.Header.Peek(fasthttp.HeaderCacheControl), []byte("no-store")) {
		return
	}
	r.Header.Add(fasthttp.HeaderVary, fasthttp.HeaderAcceptEncoding)
	for e := encodings - 1; e > identity; e-- {
		if accepts(ctx.Request.Header.Peek(fasthttp.HeaderAcceptEncoding), encodingNames[e]) {
			r.SetBodyRaw(s.cache.zip.compress(r.Body(), e))
			r.Header.SetContentEncoding(encodingNames[e])
			return
		}
	}
}

func isText(contentType []byte) bool {
	return bytes.HasPrefix(contentType, []byte("text/")) || bytes.HasPrefix(contentType, []byte("application/json")) ||
		bytes.Contains(contentType, []byte("+xml")) || bytes.Contains(contentType, []byte("/xml"))
}
