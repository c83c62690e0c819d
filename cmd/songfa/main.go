// Command songfa is the whole system: the site, the admin and their tools.
// README.md lists the commands; `songfa --help` does too.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	_ "time/tzdata" // Asia/Shanghai on machines without a zone database

	"github.com/alecthomas/kong"

	"github.com/songfa/songfa/internal/errs"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal ends at once
	os.Exit(run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

// Exit codes.
const (
	exitGood  = 0
	exitFail  = 1
	exitUsage = 2
)

// errFailed ends with code 1 when everything has been said already.
var errFailed = errors.New("failed")

// run is main as a function, for the command scripts of the tests.
func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	var c cli
	code := -1
	parser := kong.Must(&c, kong.Name("songfa"), kong.Description("Legal outreach content and events for justice bureaus (送法)."),
		kong.Writers(stdout, stderr), kong.UsageOnError(), kong.Exit(func(n int) { code = n }), kong.ConfigureHelp(kong.HelpOptions{Compact: true}))
	kctx, err := parser.Parse(args)
	if code >= 0 { // --help has printed and wanted to leave
		return code
	}
	if err != nil {
		fmt.Fprintf(stderr, "songfa: %v\nTry songfa --help.\n", err)
		return exitUsage
	}
	env := &environment{ctx: ctx, flags: c.Globals, stdin: stdin, stdout: stdout, stderr: stderr}
	if env.cfg, err = loadConfig(c.Globals); err != nil {
		fmt.Fprintf(stderr, "songfa: %v\n", err)
		return exitUsage
	}
	if err := kctx.Run(env); err != nil {
		return report(stderr, err)
	}
	return exitGood
}

// report prints what went wrong: the chain for the operator and, when there is
// one, the sentence that says what to do.
func report(stderr io.Writer, err error) int {
	if errors.Is(err, errFailed) {
		return exitFail
	}
	fmt.Fprintf(stderr, "songfa: %v\n", err)
	if errs.KindOf(err) != errs.Internal {
		fmt.Fprintf(stderr, "        %s\n", errs.MessageOf(err))
	}
	return exitFail
}

// environment is what every command gets.
type environment struct {
	ctx            context.Context
	cfg            config
	flags          Globals // what cfg came from, beside the file
	stdin          io.Reader
	stdout, stderr io.Writer
}
