package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"text/tabwriter"
)

// report is all that is measured of an engine but how well it ranks.
type report struct {
	Engine string `json:"engine"`
	Run    string `json:"run"`
	Build  built  `json:"build"`
	Ask    asked  `json:"ask"`
}

func (r report) print(out io.Writer) {
	b, a := r.Build, r.Ask
	fmt.Fprintf(out, "%s: %d questions, run in %s\n", r.Engine, a.Questions, r.Run)
	fmt.Fprintf(out, "  build            %.1f s, index %.1f MB, memory at most %.0f MB\n", b.Seconds, b.IndexMB, b.PeakMB)
	fmt.Fprintf(out, "  analysis ready   %.0f ms, %.1f MB of heap; index answers after %.0f ms\n", a.LoadMillis, a.LoadHeapMB, a.OpenMillis)
	fmt.Fprintf(out, "  asked first      p50 %.1f ms, p99 %.1f ms (a page of %d hits)\n", a.First.P50, a.First.P99, pageSize)
	fmt.Fprintf(out, "  asked again      p50 %.1f ms, p99 %.1f ms, %.1f ms of CPU\n", a.Again.P50, a.Again.P99, a.CPUMillis)
	fmt.Fprintf(out, "  on two threads   %.0f questions/s\n", a.PerSecond)
	fmt.Fprintf(out, "  memory when open at most %.0f MB, heap %.0f MB\n", a.PeakMB, a.HeapMB)
}

func (r report) save(path string) error {
	b, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(path, append(b, '\n'), 0o644)
}

func loadReport(path string) (r report, err error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return r, err
	}
	if err := json.Unmarshal(b, &r); err != nil {
		return r, fmt.Errorf("%s: %w", path, err)
	}
	return r, nil
}

// scores are what the scorer printed: by run and set (all, labour) the measures
// by name.
type scores map[string]map[string]string

func key(run, set string) string { return run + " " + set }

// readScores reads the scorer's table: a line of names that begins with run, set
// and n, then lines of values.
func readScores(path string) (scores, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var names []string
	out := scores{}
	for s := bufio.NewScanner(f); s.Scan(); {
		fields := strings.Fields(s.Text())
		switch {
		case len(fields) > 3 && fields[0] == "run":
			names = fields
		case names != nil && len(fields) == len(names):
			row := map[string]string{}
			for i, name := range names {
				row[name] = fields[i]
			}
			out[key(row["run"], row["set"])] = row
		}
	}
	if len(out) == 0 {
		return nil, errors.New(path + ": no scores in it")
	}
	return out, nil
}

// printTable joins reports with the scores of their runs.
func printTable(out io.Writer, scoresFile string, reports []string) error {
	scored, err := readScores(scoresFile)
	if err != nil {
		return err
	}
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, "engine\tR@10\tMRR@10\tnDCG@10\tR@100\tlabour R@10\tlabour nDCG@10\tp50 ms\tp99 ms\tfirst p50\tfirst p99\tCPU ms\tq/s (2)\tindex MB\tbuild s\tbuild MB\topen MB\theap MB\tload ms\tload MB\t")
	for _, path := range reports {
		r, err := loadReport(path)
		if err != nil {
			return err
		}
		all, labour := scored[key(r.Run, "all")], scored[key(r.Run, "labour")]
		if all == nil {
			return fmt.Errorf("%s: %s is not scored in %s", path, r.Run, scoresFile)
		}
		b, a := r.Build, r.Ask
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\t%s\t%.1f\t%.1f\t%.1f\t%.1f\t%.1f\t%.0f\t%.0f\t%.0f\t%.0f\t%.0f\t%.0f\t%.0f\t%.1f\t\n",
			r.Engine, all["R@10"], all["MRR@10"], all["nDCG@10"], all["R@100"], labour["R@10"], labour["nDCG@10"],
			a.Again.P50, a.Again.P99, a.First.P50, a.First.P99, a.CPUMillis, a.PerSecond, b.IndexMB, b.Seconds, b.PeakMB, a.PeakMB, a.HeapMB, a.LoadMillis, a.LoadHeapMB)
	}
	return w.Flush()
}
