package main

import (
	"fmt"

	"github.com/songfa/songfa/media"
)

type mediaCmd struct {
	Copy mediaCopyCmd `cmd:"" help:"Copy all media from one store to another; run again, it goes on where it was."`
}

type mediaCopyCmd struct {
	From string `arg:"" help:"Folder or s3://KEY:SECRET@host:port/bucket."`
	To   string `arg:"" help:"The same."`
}

// Run copies and says how much.
func (c mediaCopyCmd) Run(env *environment) error {
	from, err := media.Open(c.From, env.cfg.Data)
	if err != nil {
		return err
	}
	defer from.Close()
	to, err := media.Open(c.To, env.cfg.Data)
	if err != nil {
		return err
	}
	defer to.Close()
	var copied, skipped int
	err = media.Copy(env.ctx, from, to, func(one media.Copied) {
		if one.Skipped {
			skipped++
		} else {
			copied++
		}
	})
	fmt.Fprintf(env.stdout, "已复制 %d 个，已有 %d 个\n", copied, skipped)
	return err
}
