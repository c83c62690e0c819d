package main

import (
	"fmt"
	"io"
	"os"
	"time"
)

// progress shows long work: a line that moves on a terminal, and a line per
// step of a tenth when piped.
type progress struct {
	w        io.Writer
	name     string
	terminal bool
	last     time.Time
	tenth    int
	shown    bool
}

func newProgress(env *environment, name string) *progress {
	p := &progress{w: env.stderr, name: name}
	if f, ok := env.stderr.(*os.File); ok {
		info, err := f.Stat()
		p.terminal = err == nil && info.Mode()&os.ModeCharDevice != 0
	}
	return p
}

func (p *progress) show(done, total int) {
	if p.terminal {
		if now := time.Now(); now.Sub(p.last) > 100*time.Millisecond || done == total {
			p.last, p.shown = now, true
			fmt.Fprintf(p.w, "\r%s %d/%d", p.name, done, total)
		}
		return
	}
	if total >= 100 && done*10/total > p.tenth {
		p.tenth = done * 10 / total
		fmt.Fprintf(p.w, "%s %d/%d\n", p.name, done, total)
	}
}

func (p *progress) done() {
	if p.shown {
		fmt.Fprintln(p.w)
	}
}
