// Evaluate measures search with questions over a corpus of law articles.
//
//	evaluate -corpus FILE -queries FILE -run OUT.tsv [-report OUT.json] [-dir DIR] [-engine songfa|stock] [-without PART,...]
//	evaluate -table SCORES.txt REPORT.json...
//
// The corpus and the questions are lines of JSON: id, law, article, text, head
// of an article; qid and query of a question. Which articles answer a question is
// never read: ranking is scored by another program, from the run, a text of lines
// "qid <tab> rank <tab> article id" with a hundred hits a question at most.
//
// The index is built as in production (package search, Corpus); with -engine
// stock it is Bleve as it comes, with its cjk analyzer, to compare with. The
// questions are asked by a second process that opens the finished index, so that
// its memory is not that of the build.
//
// With -table it prints reports and what the scorer printed of their runs as one
// table. docs/search.md says what the columns mean.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"strings"

	"github.com/songfa/songfa/search"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "evaluate:", err)
		os.Exit(1)
	}
}

// settings are the flags.
type settings struct {
	corpus, queries, run, report, dir, engine, table string

	without []string // parts of search to leave out

	ask bool // ask an index that is there; what the second process is told
}

// name is what a table calls the engine.
func (s settings) name() string {
	if s.without == nil {
		return s.engine
	}
	return s.engine + " without " + strings.Join(s.without, ", ")
}

func run(ctx context.Context, args []string) error {
	var s settings
	f := flag.NewFlagSet("evaluate", flag.ContinueOnError)
	f.StringVar(&s.corpus, "corpus", "", "file of articles")
	f.StringVar(&s.queries, "queries", "", "file of questions")
	f.StringVar(&s.run, "run", "", "file to write the hits to")
	f.StringVar(&s.report, "report", "", "file to write the measures to, as JSON")
	f.StringVar(&s.dir, "dir", "", "folder to keep the index in (default: a temporary one)")
	f.StringVar(&s.engine, "engine", "songfa", "songfa, or stock: Bleve with its cjk analyzer")
	f.StringVar(&s.table, "table", "", "print a table of the reports named, with the scores in this file")
	f.Func("without", "leave out parts of search: "+strings.Join(search.Parts(), ","), func(v string) error {
		s.without = strings.Split(v, ",")
		return nil
	})
	f.BoolVar(&s.ask, "ask", false, "ask only: the index is in -dir")
	if err := f.Parse(args); err != nil {
		return err
	}
	switch {
	case s.table != "":
		return printTable(os.Stdout, s.table, f.Args())
	case f.NArg() > 0:
		return fmt.Errorf("what is %q? see -h", f.Arg(0))
	case engines[s.engine] == nil:
		return fmt.Errorf("no engine %q", s.engine)
	case s.engine != "songfa" && s.without != nil:
		return errors.New("only songfa has parts to leave out")
	case s.queries == "" || s.run == "" || s.ask && s.dir == "" || !s.ask && s.corpus == "":
		return errors.New("give -corpus, -queries and -run; with -ask, -dir")
	case s.ask:
		return askAlone(ctx, s)
	}
	return evaluate(ctx, s)
}

// evaluate builds, has a second process ask, and prints what both measured.
func evaluate(ctx context.Context, s settings) (err error) {
	if s.dir == "" {
		if s.dir, err = os.MkdirTemp("", "evaluate"); err != nil {
			return err
		}
		defer func() { err = errors.Join(err, os.RemoveAll(s.dir)) }()
	}
	built, err := build(ctx, s)
	if err != nil {
		return err
	}
	asked, err := askElsewhere(ctx, s)
	if err != nil {
		return err
	}
	r := report{Engine: s.name(), Run: s.run, Build: built, Ask: asked}
	r.print(os.Stdout)
	if s.report == "" {
		return nil
	}
	return r.save(s.report)
}
