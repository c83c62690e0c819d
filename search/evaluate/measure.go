package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// built is what the first process measured.
type built struct {
	Seconds float64 `json:"seconds"`
	PeakMB  float64 `json:"peak_mb"` // of resident memory; 0 where the system does not say
	IndexMB float64 `json:"index_mb"`
}

// asked is what the second process measured. Latency is that of a page of ten
// hits, one question after the other.
type asked struct {
	Questions  int     `json:"questions"`
	First      latency `json:"first"`      // each question asked for the first time
	Again      latency `json:"again"`      // all once more
	CPUMillis  float64 `json:"cpu_ms"`     // of the process for a question, asked again
	PerSecond  float64 `json:"per_second"` // asked again, on two threads
	PeakMB     float64 `json:"peak_mb"`
	HeapMB     float64 `json:"heap_mb"` // what is kept after all questions
	LoadMillis float64 `json:"load_ms"` // until analysis is ready
	LoadHeapMB float64 `json:"load_heap_mb"`
	OpenMillis float64 `json:"open_ms"` // until the index answers
}

// latency of questions, in milliseconds.
type latency struct {
	P50 float64 `json:"p50"`
	P99 float64 `json:"p99"`
}

func build(ctx context.Context, s settings) (b built, err error) {
	began := time.Now()
	if err := engines[s.engine].build(ctx, s, articles(s.corpus)); err != nil {
		return b, err
	}
	b.Seconds = time.Since(began).Seconds()
	b.PeakMB = peak()
	b.IndexMB, err = sizeOf(s.dir)
	return b, err
}

// askElsewhere asks in a process that has built nothing.
func askElsewhere(ctx context.Context, s settings) (a asked, err error) {
	self, err := os.Executable()
	if err != nil {
		return a, err
	}
	args := []string{"-ask", "-engine", s.engine, "-dir", s.dir, "-queries", s.queries, "-run", s.run}
	if s.without != nil {
		args = append(args, "-without", strings.Join(s.without, ","))
	}
	cmd := exec.CommandContext(ctx, self, args...)
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, os.Stderr
	if err := cmd.Run(); err != nil {
		return a, fmt.Errorf("ask: %w", err)
	}
	return a, json.Unmarshal(out.Bytes(), &a)
}

// askAlone is all that the second process does.
func askAlone(ctx context.Context, s settings) (err error) {
	list, err := questions(s.queries)
	if err != nil {
		return err
	}
	began := time.Now()
	x, err := engines[s.engine].open(ctx, s)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, x.close()) }()
	a := asked{Questions: len(list), OpenMillis: millis(time.Since(began)),
		LoadMillis: millis(x.loaded.Took), LoadHeapMB: megabytes(x.loaded.Heap)}
	if err := a.time(ctx, x, list); err != nil {
		return err
	}
	a.PeakMB, a.HeapMB = peak(), heap()
	if err := writeRun(ctx, x, list, s.run); err != nil {
		return err
	}
	return json.NewEncoder(os.Stdout).Encode(a)
}

func (a *asked) time(ctx context.Context, x *searcher, list []question) (err error) {
	if a.First, err = inTurn(ctx, x, list); err != nil {
		return err
	}
	before := cpu()
	if a.Again, err = inTurn(ctx, x, list); err != nil {
		return err
	}
	a.CPUMillis = millis(cpu()-before) / float64(len(list))
	a.PerSecond, err = atOnce(ctx, x, list, 2)
	return err
}

// inTurn asks one question after the other.
func inTurn(ctx context.Context, x *searcher, list []question) (latency, error) {
	took := make([]time.Duration, len(list))
	for i, q := range list {
		began := time.Now()
		if err := x.page(ctx, q.Query); err != nil {
			return latency{}, fmt.Errorf("question %s: %w", q.QID, err)
		}
		took[i] = time.Since(began)
	}
	slices.Sort(took)
	at := func(share float64) float64 { return millis(took[int(share*float64(len(took)-1)+.5)]) }
	return latency{at(.5), at(.99)}, nil
}

// atOnce asks all questions from n goroutines and gives the questions a second.
func atOnce(ctx context.Context, x *searcher, list []question, n int) (float64, error) {
	var next atomic.Int64
	var wg sync.WaitGroup
	failed := make([]error, n)
	began := time.Now()
	for worker := range n {
		wg.Go(func() {
			for i := next.Add(1) - 1; i < int64(len(list)) && failed[worker] == nil; i = next.Add(1) - 1 {
				failed[worker] = x.page(ctx, list[i].Query)
			}
		})
	}
	wg.Wait()
	return float64(len(list)) / time.Since(began).Seconds(), errors.Join(failed...)
}

// runDepth is how many hits of a question are written down.
const runDepth = 100

func writeRun(ctx context.Context, x *searcher, list []question, path string) (err error) {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	w := bufio.NewWriter(f)
	for _, q := range list {
		hits, err := x.hits(ctx, q.Query, runDepth)
		if err != nil {
			return fmt.Errorf("question %s: %w", q.QID, err)
		}
		settle(hits)
		for i, h := range hits {
			fmt.Fprintf(w, "%s\t%d\t%s\n", q.QID, i+1, h.id)
		}
	}
	return w.Flush()
}

func millis(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }
func megabytes(bytes int64) float64  { return float64(bytes) / 1e6 }

func heap() float64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return megabytes(int64(m.HeapAlloc))
}

func sizeOf(dir string) (mb float64, err error) {
	err = filepath.WalkDir(dir, func(_ string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		if err == nil {
			mb += megabytes(info.Size())
		}
		return err
	})
	return mb, err
}

// peak is the most memory that was resident, in MB, pages of mapped files among
// it; 0 where the system does not say.
func peak() float64 {
	b, _ := os.ReadFile("/proc/self/status")
	for line := range strings.Lines(string(b)) {
		if value, ok := strings.CutPrefix(line, "VmHWM:"); ok {
			kb, _ := strconv.ParseInt(strings.TrimSuffix(strings.TrimSpace(value), " kB"), 10, 64)
			return megabytes(kb << 10)
		}
	}
	return 0
}

// cpu is the processor time of this process, in steps of 10 ms; 0 where the
// system does not say.
func cpu() time.Duration {
	b, _ := os.ReadFile("/proc/self/stat")
	_, rest, _ := strings.Cut(string(b), ") ") // the name before may hold anything
	f := strings.Fields(rest)
	if len(f) < 13 {
		return 0
	}
	user, _ := strconv.ParseInt(f[11], 10, 64)
	system, _ := strconv.ParseInt(f[12], 10, 64)
	return time.Duration(user+system) * 10 * time.Millisecond
}
