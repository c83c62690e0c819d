package media

import (
	"context"
	"errors"
	"time"

	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/errs"
)

// tick is how often what was left undone is looked for.
const tick = time.Minute

// Run does until ctx ends what requests leave undone, on any node: it makes the
// smaller sizes of what was uploaded and deletes the bytes of what was taken
// back. Both are rows in the database, so a process that ends in the middle
// leaves nothing half done: the next one, here or elsewhere, finds it.
func (l *Library) Run(ctx context.Context) {
	clock := time.NewTicker(tick)
	defer clock.Stop()
	for {
		if err := l.catchUp(ctx); err != nil && ctx.Err() == nil {
			l.cfg.Log.Error("work on media that was left undone", "err", err)
		}
		select {
		case <-clock.C:
		case <-l.wake:
		case <-ctx.Done():
			return
		}
	}
}

// rouse tells Run of this node that there is something to do.
func (l *Library) rouse() {
	select {
	case l.wake <- struct{}{}:
	default: // it knows
	}
}

func (l *Library) catchUp(ctx context.Context) error {
	_, swept := l.Sweep(ctx)
	_, made := l.MakePending(ctx)
	return errors.Join(swept, made)
}

// MakePending makes the smaller sizes that are still to be made, and says of how
// many objects. A picture that turns out not to decode has none: it was refused
// at the upload if the rules have not changed since.
func (l *Library) MakePending(ctx context.Context) (n int, err error) {
	defer errs.Wrap(&err, "make pending variants")
	for after := ""; ; n++ {
		o, err := l.nextPending(ctx, after)
		if errs.Is(err, errs.NotFound) {
			return n, nil
		}
		if err != nil {
			return n, err
		}
		after = o.Key
		err = l.makeVariants(ctx, o)
		if err != nil && !errs.Is(err, errs.Invalid) && !errs.Is(err, errs.NotFound) {
			return n, err
		}
		if err != nil {
			l.cfg.Log.Error("no variants of a picture", "media", o.Key, "err", err)
		}
		if err := l.made(ctx, o); err != nil {
			return n, err
		}
	}
}

func (l *Library) nextPending(ctx context.Context, after string) (Object, error) {
	var r row
	if err := db.Get(ctx, l.db.Reader(), &r, `SELECT `+columns+` FROM media WHERE pending AND key > $1 ORDER BY key LIMIT 1`, after); err != nil {
		return Object{}, err
	}
	return r.object()
}

// made notes that all sizes are there, of the bytes that were read.
func (l *Library) made(ctx context.Context, o Object) error {
	return l.db.Update(ctx, func(ctx context.Context, tx *db.Tx) error {
		_, err := db.Exec(ctx, tx, `UPDATE media SET pending = FALSE WHERE key = $1 AND content = $2`, o.Key, o.Content)
		return err
	})
}
