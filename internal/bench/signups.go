package main

import (
	"context"
	"fmt"
	"os/exec"
	"regexp"
	"strconv"
)

// signUpLine is a line of BenchmarkSignUp (events) or BenchmarkSignUpHTTP (cmd).
var signUpLine = regexp.MustCompile(`Benchmark(SignUp\w*)/(sqlite|postgres)(?:/(\w+))?\S*\s+\d+\s+[\d.]+ ns/op\s+([\d.]+) p99-ms\s+([\d.]+) signups/s`)

// signUpRate is what one way of signing up reached.
type signUpRate struct{ rate, p99 float64 }

// signUps holds sign-ups for one session by 64 clients against the bare
// transaction: places, row and counter, once grouped into shared commits and
// once with a commit for each.
func (b *bench) signUps(ctx context.Context) error {
	rounds := make(map[string][]signUpRate)
	for range b.rounds {
		for _, run := range [][]string{{"^BenchmarkSignUp$", b.burst.String(), "./events"}, {"^BenchmarkSignUpHTTP$", "3000x", "./cmd/songfa"}} {
			out, err := exec.CommandContext(ctx, "go", "test", "-tags", "nodynamic", "-run", "^$", "-bench", run[0], "-benchtime", run[1], run[2]).CombinedOutput()
			if err != nil {
				return fmt.Errorf("%w: %s", err, out)
			}
			for name, r := range readSignUps(out) {
				rounds[name] = append(rounds[name], r)
			}
		}
	}
	for _, database := range []string{"sqlite", "postgres"} {
		if len(rounds[database+" store"]) == 0 {
			b.row("sign-ups on "+database, "not measured", "no database")
			continue
		}
		b.signUpRows(database, rounds)
	}
	return nil
}

// readSignUps finds the figures by "sqlite store" and so on; HTTP has no way.
func readSignUps(out []byte) map[string]signUpRate {
	found := make(map[string]signUpRate)
	for _, m := range signUpLine.FindAllSubmatch(out, -1) {
		way := string(m[3])
		if way == "" {
			way = "http"
		}
		p99, _ := strconv.ParseFloat(string(m[4]), 64)
		rate, _ := strconv.ParseFloat(string(m[5]), 64)
		found[string(m[2])+" "+way] = signUpRate{rate, p99}
	}
	return found
}

// signUpRows prints the anchor too: how far it is from a commit for each, and how
// long its slowest wait, says what the disk of this machine allows.
func (b *bench) signUpRows(database string, rounds map[string][]signUpRate) {
	for _, way := range []string{"grouped", "store", "http"} {
		var grouped, plain, rates, p99s []float64
		for i, r := range rounds[database+" "+way] {
			grouped = append(grouped, r.rate/rounds[database+" grouped"][i].rate)
			plain = append(plain, r.rate/rounds[database+" plain"][i].rate)
			rates, p99s = append(rates, r.rate), append(p99s, r.p99)
		}
		b.row("sign-ups for one session, "+database+", "+way, fmt.Sprintf("%.2f grouped, %.1f × plain", median(grouped), median(plain)),
			fmt.Sprintf("%.0f/s, p99 %.0f ms", median(rates), median(p99s)))
	}
}
