package main

import (
	"context"
	"fmt"
	"time"
)

// starts measures the first and the second start, and what an idle server holds.
func (b *bench) starts(ctx context.Context) error {
	data, err := b.dir("idle")
	if err != nil {
		return err
	}
	began := time.Now()
	s, err := b.serveSongfa(ctx, data)
	if err != nil {
		return err
	}
	first := time.Since(began)
	if err := waitFound(ctx, s, "试用期", "/guides/shiyongqi"); err != nil {
		return fmt.Errorf("%w; %w", err, s.stop())
	}
	if err := b.idle(s); err != nil {
		return fmt.Errorf("%w; %w", err, s.stop())
	}
	if err := s.stop(); err != nil {
		return err
	}
	b.row("first start with starter content", fmt.Sprintf("%.2f s", first.Seconds()), "to ready")
	if err := b.importTree(ctx, data, 1000, true); err != nil {
		return err
	}
	var times []float64
	for range b.rounds {
		began := time.Now()
		s, err := b.serveSongfa(ctx, data)
		if err != nil {
			return err
		}
		times = append(times, time.Since(began).Seconds())
		if err := s.stop(); err != nil {
			return err
		}
	}
	b.row("second start with 1000 documents", fmt.Sprintf("%.2f s", median(times)), "to ready")
	return nil
}

// idle reads the memory after the server has had nothing to do for a while.
func (b *bench) idle(s *server) error {
	time.Sleep(15 * time.Second)
	rss, err := s.memory("VmRSS")
	if err != nil {
		return err
	}
	most, err := s.memory("VmHWM")
	if err != nil {
		return err
	}
	b.row("idle, starter content", fmt.Sprintf("%d MB", rss>>20), fmt.Sprintf("at most %d MB during the first start", most>>20))
	return nil
}
