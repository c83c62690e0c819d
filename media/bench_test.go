package media_test

import (
	"bytes"
	"io"
	"net/http"
	"testing"
	"time"

	"github.com/songfa/songfa/media"
	"github.com/songfa/songfa/media/mediatest"
)

// BenchmarkGet200KB compares the store with the server itself: the same bytes,
// the same number of callers, a plain HTTP client as the anchor.
//
//	go test ./media -run '^$' -bench Get200KB -cpu 8 -count 5
func BenchmarkGet200KB(b *testing.B) {
	const size = 200_000
	server := mediatest.StartMinIO(b)
	bucket := server.NewBucket()
	s := openS3(b, server, bucket)
	if err := s.Put(b.Context(), "k", bytes.NewReader(make([]byte, size))); err != nil {
		b.Fatal(err)
	}
	d := openDisk(b, b.TempDir())
	if err := d.Put(b.Context(), "k", bytes.NewReader(make([]byte, size))); err != nil {
		b.Fatal(err)
	}
	core := client(b, server)
	signed, err := core.PresignedGetObject(b.Context(), bucket, "k", time.Hour, nil)
	if err != nil {
		b.Fatal(err)
	}
	plain := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64}}
	defer plain.CloseIdleConnections()
	direct := func() (io.ReadCloser, error) {
		res, err := plain.Get(signed.String())
		if err != nil {
			return nil, err
		}
		return res.Body, nil
	}
	through := func(s media.Store) func() (io.ReadCloser, error) {
		return func() (io.ReadCloser, error) {
			body, _, err := s.Open(b.Context(), "k", media.Range{})
			return body, err
		}
	}
	for _, way := range []struct {
		name string
		open func() (io.ReadCloser, error)
	}{{"direct", direct}, {"s3", through(s)}, {"disk", through(d)}} {
		b.Run(way.name, func(b *testing.B) {
			b.SetBytes(size)
			b.ReportAllocs()
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					body, err := way.open()
					if err != nil {
						b.Error(err)
						return
					}
					n, err := io.Copy(io.Discard, body)
					body.Close()
					if err != nil || n != size {
						b.Errorf("read %d bytes, %v", n, err)
						return
					}
				}
			})
		})
	}
}

// BenchmarkAddPhoto is one upload of a photo of 12 million pixels: what an
// editor waits for.
func BenchmarkAddPhoto(b *testing.B) {
	photo := jpegSample(quarters(4000, 3000), 6)
	for b.Loop() {
		up, err := media.PrepareAndRender("image/jpeg", photo)
		if err != nil || up == 0 {
			b.Fatal(up, err)
		}
	}
}
