package main

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"path/filepath"
	"strings"
	"time"
)

// firstStart makes a data directory with the starter content.
func (b *bench) firstStart(ctx context.Context, name string) (data string, err error) {
	if data, err = b.dir(name); err != nil {
		return "", err
	}
	s, err := b.serveSongfa(ctx, data)
	if err != nil {
		return "", err
	}
	return data, s.stop()
}

// importTree brings n documents into the data directory and waits until a server
// has indexed them. It prints what both took.
func (b *bench) importTree(ctx context.Context, data string, n int, quiet bool) error {
	began := time.Now()
	p, err := b.importOnly(ctx, data, n)
	if err != nil {
		return err
	}
	wall := time.Since(began)
	importCPU, importRSS := p.used()
	s, err := b.serveSongfa(ctx, data)
	if err != nil {
		return err
	}
	if err := waitFound(ctx, s, slug(n-1), "/guides/"+slug(n-1)); err != nil {
		return fmt.Errorf("%w; %w", err, s.stop())
	}
	if err := s.stop(); err != nil {
		return err
	}
	indexCPU, indexRSS := s.used()
	if !quiet {
		b.row(fmt.Sprintf("import of %d documents with indexing", n), fmt.Sprintf("%.1f CPU s, %d MB", (importCPU+indexCPU).Seconds(), max(importRSS, indexRSS)>>20),
			fmt.Sprintf("import %.1f CPU s (%.1f s of time), %d MB; start and index %.1f CPU s, %d MB",
				importCPU.Seconds(), wall.Seconds(), importRSS>>20, indexCPU.Seconds(), indexRSS>>20))
	}
	return nil
}

// importOnly brings n documents into the data directory.
func (b *bench) importOnly(ctx context.Context, data string, n int) (*process, error) {
	m, err := b.exportMaterial(ctx, data)
	if err != nil {
		return nil, err
	}
	tree := filepath.Join(b.tmp, fmt.Sprintf("tree-%d", n))
	if err := m.write(tree, n); err != nil {
		return nil, err
	}
	p, err := start(ctx, b.tmp, b.songfa, "import", "--publish", "--data", data, tree)
	if err != nil {
		return nil, err
	}
	return p, p.finish()
}

// waitFound searches until a hit leads to the address. While the index is being
// built the answer is 503.
func waitFound(ctx context.Context, s *server, query, address string) error {
	var body []byte
	var err error
	for deadline := time.Now().Add(10 * time.Minute); time.Now().Before(deadline) && ctx.Err() == nil; time.Sleep(time.Second / 2) {
		body, err = fetch(s.url+"/api/v1/search?q="+url.QueryEscape(query), "identity")
		if strings.Contains(string(body), address+`"`) {
			return nil
		}
	}
	return errors.Join(fmt.Errorf("%s is not found by the search", address), err)
}

// imports measures the import of many documents, and on what it left: pages
// that are not in the cache, and searches.
func (b *bench) imports(ctx context.Context) error {
	const n = 10_000
	data, err := b.firstStart(ctx, "many")
	if err != nil {
		return err
	}
	if err := b.importTree(ctx, data, n, false); err != nil {
		return err
	}
	s, err := b.serveSongfa(ctx, data)
	if err != nil {
		return err
	}
	defer s.stop()
	cold := make([]string, 2000)
	for i := range cold {
		cold[i] = "/guides/" + slug(i*(n/len(cold)))
	}
	if err := b.oneByOne(ctx, s, fmt.Sprintf("cold guide of %d", n), cold); err != nil {
		return err
	}
	return b.oneByOne(ctx, s, fmt.Sprintf("search in %d documents", n), searches())
}

// searches are what people ask, in their words and by number of the article.
func searches() []string {
	var paths []string
	for _, who := range []string{"老板", "公司", "工地", "包工头", "厂里"} {
		for _, what := range []string{"拖欠工资怎么办", "不签合同", "辞退赔偿", "不交社保", "受伤算工伤吗", "扣押身份证", "加班费怎么算", "试用期多久", "仲裁时效", "第三十八条"} {
			paths = append(paths, "/search?q="+url.QueryEscape(who+what), "/search?q="+url.QueryEscape(what+who))
		}
	}
	return paths
}

// oneByOne asks for each path once and prints the quantiles.
func (b *bench) oneByOne(ctx context.Context, s *server, label string, paths []string) error {
	before, err := s.cpu()
	if err != nil {
		return err
	}
	took, err := eachOnce(ctx, s, paths)
	if err != nil {
		return err
	}
	after, err := s.cpu()
	if err != nil {
		return err
	}
	b.row(label, fmt.Sprintf("p50 %.2f ms", ms(quantile(took, .5))), fmt.Sprintf("p99 %.2f ms, CPU %.2f ms each, one client",
		ms(quantile(took, .99)), ms(after-before)/float64(len(paths))))
	return nil
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
