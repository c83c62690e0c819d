package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"time"
)

// cachedPage loads one guide of the starter content on songfa and the same
// bytes on bare fasthttp, in turns.
func (b *bench) cachedPage(ctx context.Context) error {
	data, err := b.dir("starter")
	if err != nil {
		return err
	}
	songfa, err := b.serveSongfa(ctx, data)
	if err != nil {
		return err
	}
	defer songfa.stop()
	page, err := longestGuide(songfa.url)
	if err != nil {
		return err
	}
	files, err := b.dir("anchor")
	if err != nil {
		return err
	}
	sizes := map[string]int{}
	for name, accept := range map[string]string{"page": "identity", "page.gz": "gzip"} {
		body, err := fetch(page, accept)
		if err != nil {
			return err
		}
		sizes[name] = len(body)
		if err := os.WriteFile(filepath.Join(files, name), body, 0o600); err != nil {
			return err
		}
	}
	raw, err := serve(ctx, b.tmp, "/page", b.self, "anchor", files)
	if err != nil {
		return err
	}
	defer raw.stop()
	for _, v := range []struct{ label, file, accept string }{
		{"identity", "page", "identity"},
		{"gzip", "page.gz", "gzip"},
	} {
		header := []string{"Accept-Encoding: " + v.accept}
		ours := side{songfa.process, load{url: page, headers: header, conns: 64, time: b.burst}}
		bare := side{raw.process, load{url: raw.url + "/" + v.file, headers: header, conns: 64, time: b.burst}}
		if err := b.compare(ctx, fmt.Sprintf("cached guide, %s, %.1f KB", v.label, float64(sizes[v.file])/1000), "of bare fasthttp", ours, bare); err != nil {
			return err
		}
	}
	return nil
}

// side is one of two servers under the same load.
type side struct {
	*process
	load
}

// burst loads a side and returns rate and CPU per request.
func (s side) burst(ctx context.Context) (o outcome, cpu time.Duration, err error) {
	before, err := s.cpu()
	if err != nil {
		return o, 0, err
	}
	if o, err = s.run(ctx); err != nil {
		return o, 0, err
	}
	after, err := s.cpu()
	return o, (after - before) / time.Duration(max(1, o.requests)), err
}

// compare loads ours and the anchor in turns and prints the medians; of names
// the anchor.
func (b *bench) compare(ctx context.Context, label, of string, ours, anchor side) error {
	var rates, cpus [2][]float64
	var ratios, costs []float64
	for round := range b.rounds + 1 {
		for i, s := range []side{ours, anchor} {
			o, cpu, err := s.burst(ctx)
			if err != nil {
				return err
			}
			if round == 0 { // warm
				continue
			}
			rates[i], cpus[i] = append(rates[i], o.rate()), append(cpus[i], float64(cpu.Nanoseconds())/1000)
		}
		if round > 0 {
			ratios = append(ratios, rates[0][round-1]/rates[1][round-1])
			costs = append(costs, cpus[0][round-1]/cpus[1][round-1])
		}
	}
	b.row(label, fmt.Sprintf("%.2f %s", median(ratios), of),
		fmt.Sprintf("%.0f/s against %.0f/s; CPU %.1f µs against %.1f µs a request, × %.2f", median(rates[0]), median(rates[1]),
			median(cpus[0]), median(cpus[1]), median(costs)))
	return nil
}

func median(values []float64) float64 {
	v := slices.Sorted(slices.Values(values))
	if len(v) == 0 {
		return 0
	}
	return (v[(len(v)-1)/2] + v[len(v)/2]) / 2
}

// fetch reads the body as it is sent in this encoding.
func fetch(url, accept string) ([]byte, error) {
	req, err := http.NewRequest(http.MethodGet, url, nil)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Accept-Encoding", accept)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s: %s", url, resp.Status)
	}
	return io.ReadAll(resp.Body)
}
