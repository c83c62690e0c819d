package main

import (
	"io"
	"net/http"
	"strings"
	"testing"
	"time"
)

// TestMetricsHaveTheirOwnListener: the figures are on the address given for
// them, and nowhere on the public one.
func TestMetricsHaveTheirOwnListener(t *testing.T) {
	if testing.Short() {
		t.Skip("starts servers")
	}
	addr, err := freeAddr()
	if err != nil {
		t.Fatal(err)
	}
	n := newNode(t, "SONGFA_METRICS_LISTEN="+addr)
	n.start()
	if !n.shows("/", "12348") {
		t.Fatal("no home page to count")
	}
	get := func(path string) (status int, body string) {
		res, err := http.Get("http://" + addr + path)
		if err != nil {
			return 0, err.Error()
		}
		defer res.Body.Close()
		b, err := io.ReadAll(res.Body)
		if err != nil {
			t.Error(err)
		}
		return res.StatusCode, string(b)
	}
	var body string
	answered := eventually(5*time.Second, func() bool {
		var status int
		status, body = get("/metrics")
		return status == 200
	})
	if !answered {
		t.Fatalf("no metrics: %s", body)
	}
	for _, name := range []string{"songfa_http_requests_total{", "songfa_page_cache_bytes ", "go_goroutines "} {
		if !strings.Contains(body, name) {
			t.Errorf("no %s in\n%.2000s", name, body)
		}
	}
	if status, _, err := n.get("/metrics"); err != nil || status != 404 {
		t.Errorf("the public address answers /metrics with %d, %v", status, err)
	}
	if status, _ := get("/admin/"); status != 404 {
		t.Errorf("the address of the metrics answers /admin/ with %d", status)
	}
}
