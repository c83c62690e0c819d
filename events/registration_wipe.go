package events

import (
	"context"
	"time"

	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/errs"
)

// addressDays is how long the hash of an address is kept, for the limits and for
// looking into abuse.
const addressDays = 30

// wipeTogether bounds how many identities one transaction deletes.
const wipeTogether = 500

// WipedRegistrations says how much a run has deleted, or would.
type WipedRegistrations struct {
	Identities int // names, phones, questions
	Addresses  int // hashes of network addresses
}

// WipeRegistrations deletes who signed up once it is no longer needed: names,
// phones and questions IdentityDays after the session (CancelledDays for those
// who did not come to it), addresses after thirty days. The rows stay, with
// party, town and state, so no figure changes. A dry run only counts.
func (s *Store) WipeRegistrations(ctx context.Context, dry bool) (n WipedRegistrations, err error) {
	defer errs.Wrap(&err, "wipe registrations")
	if n.Identities, err = s.wipeIdentities(ctx, dry); err != nil {
		return n, err
	}
	n.Addresses, err = s.wipeAddresses(ctx, dry)
	return n, err
}

// due is the condition of rows whose identity has to go.
const wipeDue = ` FROM registration r JOIN session s ON s.id = r.session WHERE r.personal <> ''
	AND (s.ends_at < $1 OR (s.ends_at < $2 AND r.state NOT IN ('confirmed', 'waiting')))`

func (s *Store) wipeIdentities(ctx context.Context, dry bool) (n int, err error) {
	now := s.now()
	kept, cancelled := now.AddDate(0, 0, -s.rules.IdentityDays).UnixMilli(), now.AddDate(0, 0, -s.rules.CancelledDays).UnixMilli()
	if dry {
		err = db.Get(ctx, s.db.Reader(), &n, `SELECT count(*)`+wipeDue, kept, cancelled)
		return n, err
	}
	for last := ""; ; {
		var ids []string
		err := db.Select(ctx, s.db.Reader(), &ids, `SELECT r.id`+wipeDue+` AND r.id > $4 ORDER BY r.id LIMIT $3`, kept, cancelled, wipeTogether, last)
		if err != nil || len(ids) == 0 {
			return n, err
		}
		if err := s.wipe(ctx, ids, now); err != nil {
			return n, err
		}
		n += len(ids)
		last = ids[len(ids)-1]
	}
}

// wipe deletes identities; a row wiped meanwhile is written over once more.
func (s *Store) wipe(ctx context.Context, ids []string, now time.Time) error {
	return s.db.Update(ctx, func(ctx context.Context, tx *db.Tx) error {
		list, args := db.In(1, ids)
		_, err := db.Exec(ctx, tx, `UPDATE registration SET personal = '', phone_bidx = NULL, code_bidx = NULL, qr_bidx = NULL,
			idem_key = NULL, idem_hash = '', ip_hash = '', updated_at = $1 WHERE id IN (`+list+`)`, append([]any{now.UnixMilli()}, args...)...)
		return err
	})
}

func (s *Store) wipeAddresses(ctx context.Context, dry bool) (int, error) {
	before := s.now().AddDate(0, 0, -addressDays).UnixMilli()
	if dry {
		var n int
		err := db.Get(ctx, s.db.Reader(), &n, `SELECT count(*) FROM registration WHERE ip_hash <> '' AND created_at < $1`, before)
		return n, err
	}
	var n int64
	err := s.db.Update(ctx, func(ctx context.Context, tx *db.Tx) (err error) {
		n, err = db.Exec(ctx, tx, `UPDATE registration SET ip_hash = '' WHERE ip_hash <> '' AND created_at < $1`, before)
		return err
	})
	return int(n), err
}
