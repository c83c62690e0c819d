package main

import (
	"context"
	"fmt"
	"os/exec"
	"regexp"
	"strconv"
)

var updateTime = regexp.MustCompile(`BenchmarkUpdate/callers=(\d+)\S*\s+\d+\s+(\d+) ns/op`)

// writes runs the benchmark of internal/db: what it gains on SQLite that
// transactions which wait share a commit.
func (b *bench) writes(ctx context.Context) error {
	var ratios, alone, together []float64
	for range b.rounds {
		out, err := exec.CommandContext(ctx, "go", "test", "-run", "^$", "-bench", "^BenchmarkUpdate$", "-benchtime", b.burst.String(), "./internal/db").CombinedOutput()
		if err != nil {
			return fmt.Errorf("%w: %s", err, out)
		}
		ns := map[string]float64{}
		for _, m := range updateTime.FindAllSubmatch(out, -1) {
			ns[string(m[1])], _ = strconv.ParseFloat(string(m[2]), 64)
		}
		if ns["1"] == 0 || ns["64"] == 0 {
			return fmt.Errorf("the benchmark says something new: %s", out)
		}
		ratios = append(ratios, ns["1"]/ns["64"])
		alone, together = append(alone, 1e9/ns["1"]), append(together, 1e9/ns["64"])
	}
	b.row("transactions on SQLite, 64 callers", fmt.Sprintf("%.0f × one commit each", median(ratios)),
		fmt.Sprintf("%.0f/s against %.0f/s, on disk before the answer", median(together), median(alone)))
	return nil
}
