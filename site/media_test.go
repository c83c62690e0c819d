package site_test

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/songfa/songfa/internal/db/dbtest"
	"github.com/songfa/songfa/media"
)

// pdf is a file of about n bytes that is taken for a PDF.
func pdf(n int) []byte {
	noise := rand.New(rand.NewPCG(1, 2))
	b := []byte("%PDF-1.7\n")
	for len(b) < n {
		b = fmt.Appendf(b, "%d\n", noise.Uint64())
	}
	return append(b, "%%EOF\n"...)
}

func (r *rig) add(t *testing.T, name string, b []byte) media.Object {
	t.Helper()
	o, err := r.media.Add(t.Context(), admin, name, bytes.NewReader(b), media.AddOptions{Alt: "图"})
	check(t, err)
	return o
}

func TestMediaInRanges(t *testing.T) {
	r := open(t, dbtest.SQLite(t), "/b")
	whole := pdf(300_000)
	o := r.add(t, "仲裁申请书.pdf", whole)
	n := len(whole)
	resp, body := r.get(t, o.URL())
	etag := resp.Header.Get("ETag")
	if resp.StatusCode != 200 || body != string(whole) || resp.ContentLength != int64(n) {
		t.Fatalf("whole: %d, %d bytes of %d", resp.StatusCode, len(body), n)
	}
	for name, want := range map[string]string{"Content-Type": "application/pdf", "Accept-Ranges": "bytes", "X-Content-Type-Options": "nosniff",
		"Cache-Control": "must-revalidate", "Content-Disposition": "filename*=utf-8''"} {
		if got := resp.Header.Get(name); !strings.Contains(got, want) {
			t.Errorf("%s: %q", name, got)
		}
	}
	for _, tt := range []struct {
		name, headers string // name: value, alternating
		status        int
		from, to      int
		contentRange  string
	}{
		{"the start", "Range|bytes=0-99", 206, 0, 100, fmt.Sprintf("bytes 0-99/%d", n)},
		{"the middle", "Range|bytes=1000-1999", 206, 1000, 2000, fmt.Sprintf("bytes 1000-1999/%d", n)},
		{"to the end", fmt.Sprintf("Range|bytes=%d-", n-5), 206, n - 5, n, fmt.Sprintf("bytes %d-%d/%d", n-5, n-1, n)},
		{"the last", "Range|bytes=-7", 206, n - 7, n, fmt.Sprintf("bytes %d-%d/%d", n-7, n-1, n)},
		{"beyond the end", fmt.Sprintf("Range|bytes=%d-%d", n-3, n+500), 206, n - 3, n, fmt.Sprintf("bytes %d-%d/%d", n-3, n-1, n)},
		{"outside", fmt.Sprintf("Range|bytes=%d-", n), 416, 0, 0, fmt.Sprintf("bytes */%d", n)},
		{"two parts", "Range|bytes=0-1,5-6", 200, 0, n, ""},
		{"nonsense", "Range|lines=1-2", 200, 0, n, ""},
		{"the same version", "Range|bytes=0-9|If-Range|" + etag, 206, 0, 10, fmt.Sprintf("bytes 0-9/%d", n)},
		{"another version", `Range|bytes=0-9|If-Range|"other"`, 200, 0, n, ""},
		{"known", "If-None-Match|" + etag, 304, 0, 0, ""},
		{"known, weak and in a list", `If-None-Match|"a", W/` + etag, 304, 0, 0, ""},
		{"unknown", `If-None-Match|"a"`, 200, 0, n, ""},
	} {
		resp, body := r.get(t, o.URL(), strings.Split(tt.headers, "|")...)
		if resp.StatusCode != tt.status || resp.Header.Get("Content-Range") != tt.contentRange {
			t.Errorf("%s: %d, %q", tt.name, resp.StatusCode, resp.Header.Get("Content-Range"))
		}
		if tt.status < 300 && body != string(whole[tt.from:tt.to]) {
			t.Errorf("%s: %d bytes, want %d", tt.name, len(body), tt.to-tt.from)
		}
	}
	head, body := r.do(t, "HEAD", o.URL())
	if head.StatusCode != 200 || body != "" || head.ContentLength != int64(n) || head.Header.Get("ETag") != etag {
		t.Errorf("HEAD: %d, length %d", head.StatusCode, head.ContentLength)
	}
	// Any name will do: the key is the address.
	if resp, _ := r.get(t, media.URL(o.Key, "别的名字.pdf")); resp.StatusCode != 200 {
		t.Errorf("another name: %d", resp.StatusCode)
	}
}

// What a browser could run is downloaded, or put in a sandbox.
func TestMediaDoesNotRun(t *testing.T) {
	r := open(t, dbtest.SQLite(t), "")
	o := r.add(t, "a.svg", []byte(`<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>`))
	resp, _ := r.get(t, o.URL())
	if csp := resp.Header.Get("Content-Security-Policy"); !strings.Contains(csp, "sandbox") || !strings.Contains(csp, "default-src 'none'") {
		t.Errorf("svg: %s", csp)
	}
	csv := r.add(t, "a.csv", []byte("姓名,数\n甲,1\n"))
	resp, _ = r.get(t, csv.URL())
	if got := resp.Header.Get("Content-Disposition"); !strings.HasPrefix(got, "attachment") {
		t.Errorf("csv: %s", got)
	}
}

// A picture goes to readers in the sizes there are of it.
func TestPicturesHaveSizes(t *testing.T) {
	r := open(t, dbtest.SQLite(t), "/b")
	img := image.NewRGBA(image.Rect(0, 0, 900, 600))
	for x := range 900 {
		img.Set(x, x/2, color.RGBA{uint8(x), 80, 90, 255})
	}
	var buf bytes.Buffer
	check(t, png.Encode(&buf, img))
	o := r.add(t, "现场.png", buf.Bytes())
	tx := text("有图的指南")
	tx.Cover, tx.CoverAlt = o.URL(), "律师在工地"
	e, err := r.content.Create(t.Context(), admin, "guide", "tu", tx)
	check(t, err)
	_, err = r.content.Publish(t.Context(), admin, e.ID, e.Version)
	check(t, err)
	_, body := r.get(t, "/guides/tu")
	for _, w := range o.Widths {
		if want := fmt.Sprintf("/b%s %dw", media.VariantURL(o.Key, w, media.WebP), w); !strings.Contains(body, want) {
			t.Errorf("srcset lacks %s", want)
		}
		resp, _ := r.get(t, media.VariantURL(o.Key, w, media.WebP))
		if resp.StatusCode != 200 || resp.Header.Get("Content-Type") != "image/webp" {
			t.Errorf("%d wide: %d %s", w, resp.StatusCode, resp.Header.Get("Content-Type"))
		}
	}
	if len(o.Widths) == 0 || !strings.Contains(body, `width="900" height="600"`) || !strings.Contains(body, `alt="律师在工地"`) {
		t.Errorf("widths %v, in\n%.3000s", o.Widths, body)
	}
}
