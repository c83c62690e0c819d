package main

import (
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"
)

func TestReadWrk(t *testing.T) {
	const good = `Running 2s test @ http://127.0.0.1:1/
  2 threads and 64 connections
  Latency Distribution
     50%    1.08ms
     75%    1.49ms
     90%    2.35ms
     99%    6.90ms
  61246 requests in 2.03s, 1.09GB read
Requests/sec:  30170.44
`
	o, err := readWrk([]byte(good))
	if err != nil || o.requests != 61246 || o.seconds != 2.03 || o.p50 != 1080*time.Microsecond || o.p99 != 6900*time.Microsecond {
		t.Errorf("got %+v, %v", o, err)
	}
	for _, bad := range []string{good + "  Non-2xx or 3xx responses: 12\n", "  Socket errors: connect 0, read 3, write 0, timeout 0\n" + good, "wrk 5"} {
		if _, err := readWrk([]byte(bad)); err == nil {
			t.Errorf("took %q", bad)
		}
	}
}

// The client of machines without wrk counts what the server counts.
func TestOwnClient(t *testing.T) {
	var served atomic.Int64
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		served.Add(1)
		if r.Header.Get("Accept-Encoding") != "gzip" || r.URL.Path != "/page" {
			w.WriteHeader(http.StatusTeapot)
		}
		fmt.Fprint(w, "工资")
	}))
	defer srv.Close()
	l := load{url: srv.URL + "/page", headers: []string{"Accept-Encoding: gzip"}, conns: 4, time: 50 * time.Millisecond}
	o, err := l.own(t.Context())
	if err != nil || o.requests == 0 || int64(o.requests) != served.Load() || o.p99 < o.p50 {
		t.Errorf("%+v, %d served, %v", o, served.Load(), err)
	}
	l.url = srv.URL + "/other"
	if _, err := l.own(t.Context()); err == nil {
		t.Error("an answer that was not 200 passed")
	}
}

func TestTreesAreTheSameEachTime(t *testing.T) {
	var m material
	m.add("---\ntitle: 甲\nslug: jia\ntopics: [wages]\nstate: published\n---\n\n开头\n\n## 一\n\n一的话\n\n## 二\n\n二的话\n")
	if len(m.heads) != 1 || m.heads[0] != "topics: [wages]" || len(m.sections) != 2 {
		t.Fatalf("got %+v", m)
	}
	var texts [2]string
	for i := range texts {
		dir := t.TempDir()
		if err := m.write(dir, 3); err != nil {
			t.Fatal(err)
		}
		files, _ := filepath.Glob(filepath.Join(dir, "guides", "*.md"))
		for _, f := range files {
			b, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			texts[i] += string(b)
		}
		if len(files) != 3 {
			t.Errorf("%d files", len(files))
		}
	}
	if texts[0] != texts[1] {
		t.Error("two trees of one size differ")
	}
}

func TestMedian(t *testing.T) {
	for _, tt := range []struct {
		values []float64
		want   float64
	}{{nil, 0}, {[]float64{3}, 3}, {[]float64{5, 1, 3}, 3}, {[]float64{4, 1, 2, 9}, 3}} {
		if got := median(tt.values); got != tt.want {
			t.Errorf("%v: %v", tt.values, got)
		}
	}
}

func TestReadSignUps(t *testing.T) {
	got := readSignUps([]byte(`BenchmarkSignUp/sqlite/store-2   	   10000	    267851 ns/op	        35.35 p99-ms	      3733 signups/s
BenchmarkSignUp/sqlite/grouped-2 	   10000	    208019 ns/op	        68.89 p99-ms	      4807 signups/s
BenchmarkSignUpHTTP/postgres-2   	    3000	   1365732 ns/op	       460.9 p99-ms	       732.2 signups/s
`))
	want := map[string]signUpRate{"sqlite store": {3733, 35.35}, "sqlite grouped": {4807, 68.89}, "postgres http": {732.2, 460.9}}
	if !maps.Equal(got, want) {
		t.Errorf("read %v", got)
	}
}
