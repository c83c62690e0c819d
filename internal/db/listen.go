package db

import (
	"context"

	"github.com/jackc/pgx/v5"
)

// Notify wakes the listeners of a channel on every node when the transaction
// commits. On SQLite there is one node, which needs no waking.
func Notify(ctx context.Context, tx *Tx, channel, payload string) error {
	if !tx.postgres {
		return nil
	}
	_, err := Exec(ctx, tx, `SELECT pg_notify($1, $2)`, channel, payload)
	return err
}

// Listen calls fn for each notification until ctx ends or the connection
// breaks; the caller listens again, and polls for what it missed. On SQLite it
// only waits for ctx.
func (d *DB) Listen(ctx context.Context, channel string, fn func(payload string)) error {
	if d.pool == nil {
		<-ctx.Done()
		return ctx.Err()
	}
	conn, err := pgx.Connect(ctx, d.url)
	if err != nil {
		return classify(err)
	}
	defer conn.Close(context.WithoutCancel(ctx))
	if _, err := conn.Exec(ctx, "LISTEN "+pgx.Identifier{channel}.Sanitize()); err != nil {
		return classify(err)
	}
	fn("") // whatever happened before LISTEN took effect
	for {
		n, err := conn.WaitForNotification(ctx)
		if err != nil {
			return classify(err)
		}
		fn(n.Payload)
	}
}
