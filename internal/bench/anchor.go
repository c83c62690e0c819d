package main

import (
	"mime"
	"net"
	"os"
	"path/filepath"

	"github.com/valyala/fasthttp"
)

// anchor serves the files of a folder from memory with fasthttp and nothing
// else: what the same bytes cost at least. A name that ends in .gz is sent as
// gzip.
func anchor(dir, address string) error {
	type file struct {
		contentType, encoding string
		body                  []byte
	}
	files := make(map[string]file)
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		body, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			return err
		}
		f := file{contentType: mime.TypeByExtension(".html"), body: body}
		if filepath.Ext(e.Name()) == ".gz" {
			f.encoding = "gzip"
		}
		files["/"+e.Name()] = f
	}
	srv := &fasthttp.Server{NoDefaultServerHeader: true, Handler: func(ctx *fasthttp.RequestCtx) {
		f, ok := files[string(ctx.Path())]
		if !ok {
			ctx.SetStatusCode(fasthttp.StatusNotFound)
			return
		}
		ctx.SetContentType(f.contentType)
		if f.encoding != "" {
			ctx.Response.Header.SetContentEncoding(f.encoding)
		}
		ctx.Response.SetBodyRaw(f.body)
	}}
	ln, err := net.Listen("tcp", address)
	if err != nil {
		return err
	}
	return srv.Serve(ln)
}
