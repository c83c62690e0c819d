// Command bench measures what docs/bench.md reports: songfa's speed as ratios
// to a bare server on the same bytes in the same run, and its use of CPU and
// memory. `make bench` builds songfa and runs all steps; see step for one:
//
//	go run ./internal/bench --songfa bin/songfa page
//
// All servers listen on the loopback interface and every load ends by itself.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"regexp"
	"slices"
	"syscall"
	"time"
)

type bench struct {
	songfa string // the binary under test
	self   string // this program, which is also the anchor
	tmp    string
	rounds int
	burst  time.Duration
}

// steps in the order they run.
var steps = []struct {
	name string
	run  func(*bench, context.Context) error
}{
	{"page", (*bench).cachedPage},
	{"writes", (*bench).writes},
	{"signups", (*bench).signUps},
	{"media", (*bench).media},
	{"start", (*bench).starts},
	{"import", (*bench).imports},
	{"static", (*bench).statics},
}

func main() {
	if len(os.Args) == 5 && os.Args[1] == "anchor" { // anchor DIR --listen ADDRESS
		exit(anchor(os.Args[2], os.Args[4]))
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	exit(run(ctx))
}

func exit(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
	os.Exit(0)
}

func run(ctx context.Context) (err error) {
	b := &bench{}
	flag.StringVar(&b.songfa, "songfa", "bin/songfa", "the binary to measure")
	flag.IntVar(&b.rounds, "rounds", 5, "rounds of each comparison; the median counts")
	flag.DurationVar(&b.burst, "burst", 3*time.Second, "length of each burst of load")
	flag.Parse()
	if b.self, err = os.Executable(); err != nil {
		return err
	}
	if b.tmp, err = os.MkdirTemp("", "songfa-bench-"); err != nil {
		return err
	}
	defer os.RemoveAll(b.tmp)
	fmt.Printf("load by %s\n", generator())
	for _, s := range steps {
		if flag.NArg() > 0 && !slices.Contains(flag.Args(), s.name) {
			continue
		}
		if err := s.run(b, ctx); err != nil {
			return fmt.Errorf("%s: %w", s.name, err)
		}
	}
	return nil
}

// row prints one figure: what, the figure that has a target, the rest.
func (b *bench) row(label, figure, detail string) {
	fmt.Printf("%-44s %-28s %s\n", label, figure, detail)
}

func (b *bench) dir(name string) (string, error) {
	path := filepath.Join(b.tmp, name)
	return path, os.MkdirAll(path, 0o755)
}

// serveSongfa serves a data directory and waits until it is ready.
func (b *bench) serveSongfa(ctx context.Context, data string) (*server, error) {
	return serve(ctx, b.tmp, "/readyz", b.songfa, "serve", "--data", data)
}

var guideLink = regexp.MustCompile(`href="(/guides/[a-z0-9-]+)"`)

// longestGuide finds the guide with the most bytes among those listed first.
func longestGuide(base string) (string, error) {
	list, err := fetch(base+"/guides/", "identity")
	if err != nil {
		return "", err
	}
	longest, size := "", 0
	for _, m := range guideLink.FindAllSubmatch(list, -1) {
		body, err := fetch(base+string(m[1]), "identity")
		if err != nil {
			return "", err
		}
		if len(body) > size {
			longest, size = base+string(m[1]), len(body)
		}
	}
	if longest == "" {
		return "", fmt.Errorf("%s/guides/ lists no guide", base)
	}
	return longest, nil
}
