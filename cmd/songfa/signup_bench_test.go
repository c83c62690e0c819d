package main

import (
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/songfa/songfa/internal/db/dbtest"
)

// BenchmarkSignUpHTTP lets 64 clients sign up for one session through the real
// form of a real server, forms fetched before. `make bench` reads it.
func BenchmarkSignUpHTTP(b *testing.B) {
	b.Run("sqlite", func(b *testing.B) { benchSignUp(newFair(b, ""), b) })
	b.Run("postgres", func(b *testing.B) { benchSignUp(newFair(b, dbtest.PostgresURL(b)), b) })
}

func benchSignUp(f *fair, b *testing.B) {
	f.publish(100_000)
	f.openForms(b.N)
	var next atomic.Int64
	took := make([]time.Duration, b.N)
	var all sync.WaitGroup
	b.ResetTimer()
	for range 64 {
		all.Go(func() {
			for i := int(next.Add(1)) - 1; i < b.N; i = int(next.Add(1)) - 1 {
				began := time.Now()
				if r := f.send(i); r.code == "" {
					b.Errorf("guest %d: %+v", i, r)
				}
				took[i] = time.Since(began)
			}
		})
	}
	all.Wait()
	b.StopTimer()
	slices.Sort(took)
	b.ReportMetric(float64(took[b.N*99/100].Microseconds())/1000, "p99-ms")
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "signups/s")
	f.stop()
	want := 0
	for i := range b.N {
		want += 1 + i%3
	}
	if s := f.counters(); s.Taken != want {
		b.Errorf("%d taken, want %d", s.Taken, want)
	}
}
