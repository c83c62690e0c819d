package main

import (
	"cmp"
	"fmt"

	"github.com/songfa/songfa/themes"
)

type themeCmd struct {
	Check themeCheckCmd `cmd:"" help:"Render every template of a theme with sample pages; ends with 1 when something is wrong."`
}

type themeCheckCmd struct {
	Dir string `arg:"" optional:"" help:"Folder laid over the default theme (default: the one in the settings)."`
}

// Run prints a line for each problem. It needs no data.
func (c themeCheckCmd) Run(env *environment) error {
	problems := themes.Check(env.ctx, themes.Config{Dir: cmp.Or(c.Dir, env.cfg.Theme)})
	for _, p := range problems {
		fmt.Fprintln(env.stderr, p)
	}
	if len(problems) > 0 {
		fmt.Fprintf(env.stdout, "主题：有 %d 处问题\n", len(problems))
		return errFailed
	}
	fmt.Fprintln(env.stdout, "主题：正常")
	return nil
}
