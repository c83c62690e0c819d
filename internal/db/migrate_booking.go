package db

import (
	"context"
	"database/sql"

	"github.com/pressly/goose/v3"
)

// bookingVersion is the number of the migration below among those of the folder.
const bookingVersion = 15

// excludeBookings makes PostgreSQL itself refuse to promise an exclusive venue
// or a person twice. SQLite has one writer: there a query before the insert is
// as good (events/booking.go).
func excludeBookings(postgres bool) *goose.Migration {
	up := func(ctx context.Context, tx *sql.Tx) error {
		if !postgres {
			return nil
		}
		for _, statement := range []string{
			`CREATE EXTENSION IF NOT EXISTS btree_gist`, // trusted since 13: the owner of the database may
			`ALTER TABLE booking ADD CONSTRAINT booking_once EXCLUDE USING gist
				(kind WITH =, resource WITH =, int8range(from_at, to_at) WITH &&)
				WHERE (exclusive AND status IN ('hold', 'firm'))`,
		} {
			if _, err := tx.ExecContext(ctx, statement); err != nil {
				return err
			}
		}
		return nil
	}
	return goose.NewGoMigration(bookingVersion, &goose.GoFunc{RunTx: up}, nil)
}
