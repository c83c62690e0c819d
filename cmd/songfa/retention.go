package main

import (
	"fmt"
)

type retentionCmd struct {
	DryRun bool `help:"Only count what would be deleted."`
}

// Run deletes personal data whose time has come, as the server does every night.
func (c retentionCmd) Run(env *environment) error {
	return withCore(env, func(core *core) error {
		list, err := core.events.Retention(env.ctx, c.DryRun)
		if err != nil {
			return err
		}
		verb := "已删除"
		if c.DryRun {
			verb = "到期"
		}
		for _, p := range list {
			fmt.Fprintf(env.stdout, "%s：%s %d 条\n", p.Purpose, verb, p.Rows)
		}
		return nil
	})
}
