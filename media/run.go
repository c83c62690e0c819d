package media

import (
	"context"
	"time"
)

// tick is how often what was left undone is looked for.
const tick = time.Minute

// Run does until ctx ends what requests leave undone, on any node: it deletes
// the bytes of what was taken back.
func (l *Library) Run(ctx context.Context) {
	clock := time.NewTicker(tick)
	defer clock.Stop()
	for {
		if _, err := l.Sweep(ctx); err != nil && ctx.Err() == nil {
			l.cfg.Log.Error("delete bytes of media that was taken back", "err", err)
		}
		select {
		case <-clock.C:
		case <-ctx.Done():
			return
		}
	}
}
