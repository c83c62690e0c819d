package site_test

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/songfa/songfa/internal/db/dbtest"
)

// A page that is not kept: database and template, over a real connection.
func BenchmarkColdPage(b *testing.B) {
	r := open(b, dbtest.SQLite(b), "/sfj/pufa")
	r.fill(b)
	for _, path := range []string{"/", "/guides/", "/guides/laodong-zhongcai", "/events/?month=2026-11", "/topics/wages/", "/laws/ldht", "/laws/ldht/38"} {
		b.Run(path, func(b *testing.B) {
			for n := 0; b.Loop(); n++ {
				sep := "?"
				if strings.Contains(path, "?") {
					sep = "&"
				}
				resp, err := http.Get(fmt.Sprintf("%s%s%s%sx=%d", r.url, r.base, path, sep, n)) // unknown: not kept
				if err != nil {
					b.Fatal(err)
				}
				size, err := io.Copy(io.Discard, resp.Body)
				resp.Body.Close()
				if err != nil || resp.StatusCode != 200 {
					b.Fatal(resp.Status, err)
				}
				b.ReportMetric(float64(size), "page-bytes")
			}
		})
	}
}
