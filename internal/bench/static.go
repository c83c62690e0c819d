package main

import (
	"context"
	"fmt"
	"path/filepath"
)

// statics measures publish-static over many documents, in one dress as the
// target asks, and again when nothing has changed.
func (b *bench) statics(ctx context.Context) error {
	const n = 10_000
	data, err := b.firstStart(ctx, "static")
	if err != nil {
		return err
	}
	if _, err := b.importOnly(ctx, data, n); err != nil {
		return err
	}
	dir := filepath.Join(b.tmp, "site")
	for _, label := range []string{fmt.Sprintf("publish-static of %d documents", n), "the same again, nothing changed"} {
		p, err := start(ctx, b.tmp, b.songfa, "publish-static", "--no-elder", "--data", data, dir)
		if err != nil {
			return err
		}
		if err := p.finish(); err != nil {
			return err
		}
		cpu, rss := p.used()
		b.row(label, fmt.Sprintf("%.1f CPU s, %d MB", cpu.Seconds(), rss>>20), "with the search index, without the large-print tree")
	}
	return nil
}
