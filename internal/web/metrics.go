package web

import (
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/prometheus/client_golang/prometheus"
)

// metrics count by route, never by path: there are as many paths as readers.
type metrics struct {
	requests *prometheus.CounterVec
	seconds  prometheus.Histogram
	hits     prometheus.Counter
}

func newMetrics(reg prometheus.Registerer, cache *pageCache) *metrics {
	if reg == nil {
		return nil
	}
	m := &metrics{
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "songfa_http_requests_total", Help: "Requests answered, by route and status."}, []string{"method", "route", "status"}),
		seconds: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "songfa_http_request_seconds", Help: "Time to answer what was not in the page cache.",
			Buckets: []float64{.0001, .0005, .001, .0025, .005, .01, .025, .05, .1, .5, 1, 5}}),
	}
	m.hits = m.requests.WithLabelValues("GET", "cache", "200")
	reg.MustRegister(m.requests, m.seconds, prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "songfa_page_cache_bytes", Help: "Memory of the kept pages."}, func() float64 { return float64(cache.bytes.Load()) }))
	return m
}

// hit counts a page from the cache. Its time is not taken: it is always the
// same few microseconds, of which the clock would be one.
func (m *metrics) hit() {
	if m != nil {
		m.hits.Inc()
	}
}

func (m *metrics) observe(c *fiber.Ctx, d time.Duration) {
	if m == nil {
		return
	}
	m.requests.WithLabelValues(c.Method(), c.Route().Path, strconv.Itoa(c.Response().StatusCode())).Inc()
	m.seconds.Observe(d.Seconds())
}
