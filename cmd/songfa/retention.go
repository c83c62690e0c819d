package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/songfa/songfa/events"
)

type retentionCmd struct {
	DryRun bool `help:"Only count what would be deleted."`
}

// Run deletes personal data whose time has come, as the server does every night.
func (c retentionCmd) Run(env *environment) error {
	return withCore(env, func(core *core) error {
		list, err := core.retention(env.ctx, c.DryRun)
		verb := "已删除"
		if c.DryRun {
			verb = "到期"
		}
		for _, p := range list {
			fmt.Fprintf(env.stdout, "%s：%s %d 条\n", p.Purpose, verb, p.Rows)
		}
		return err
	})
}

// strayAfter is when a private picture that no report holds can only be what an
// upload left that was cut off.
const strayAfter = 24 * time.Hour

// retention deletes personal data whose time has come, rows and bytes; dry only
// counts. What one purpose cannot do does not keep the others.
func (c *core) retention(ctx context.Context, dry bool) ([]events.Purged, error) {
	list, err := c.events.Retention(ctx, dry)
	stray, failed := c.forgetStray(ctx, dry)
	list = append(list, events.Purged{Purpose: "不属于任何报告的照片文件", Rows: stray})
	if !dry {
		_, swept := c.media.Sweep(ctx)
		failed = errors.Join(failed, swept)
	}
	return list, errors.Join(err, failed)
}

func (c *core) forgetStray(ctx context.Context, dry bool) (int, error) {
	before := c.now().Add(-strayAfter) // before the list of those that are held is read
	held, err := c.events.PhotoKeys(ctx)
	if err != nil {
		return 0, err
	}
	return c.media.ForgetPrivate(ctx, held, before, dry)
}
