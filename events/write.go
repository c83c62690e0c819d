package events

import (
	"context"
	"fmt"
	"strings"

	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/errs"
	"github.com/songfa/songfa/internal/ledger"
)

// record is a session with what only the importer asks for.
type record struct {
	Session
	importKey     string // "" when it did not come from a file
	importHash    string
	importVersion int
	personal      string // sealed Contact of the host
}

func getRecord(ctx context.Context, q db.Queryer, where string, args ...any) (record, error) {
	var row sessionRow
	if err := db.Get(ctx, q, &row, `SELECT `+sessionColumns+sessionTables+`WHERE `+where, args...); err != nil {
		return record{}, err
	}
	rec, err := row.record()
	if err == nil && row.PoolCount > 0 {
		rec.Pools, err = selectPools(ctx, q, []string{row.ID})
	}
	return rec, err
}

func (r *sessionRow) record() (record, error) {
	s, err := r.session()
	rec := record{Session: s, importHash: r.ImportHash, importVersion: r.ImportVersion, personal: r.Personal}
	if r.ImportKey != nil {
		rec.importKey = *r.ImportKey
	}
	return rec, err
}

// insert gives the session its id, number and UID where it has none yet, and
// writes it.
func (s *Store) insert(ctx context.Context, tx *db.Tx, actor auth.Actor, r *record) (err error) {
	if err := into(actor, r.Town); err != nil {
		return err
	}
	now := s.now()
	if r.Version = 1; r.ID == "" {
		r.ID = db.NewID()
	}
	if r.UID == "" {
		r.UID = strings.ToLower(r.ID) + "@" + s.suffix
	}
	if r.No == "" {
		if r.No, err = s.nextNumber(ctx, tx, now.In(Zone).Year()); err != nil {
			return err
		}
	} else if err := keepNumber(ctx, tx, r.No); err != nil {
		return err
	}
	if r.State.Public() && r.FirstPublished.IsZero() {
		r.FirstPublished = now
	}
	if r.importKey != "" {
		r.importVersion = r.Version
	}
	s.giveQueue(record{}, r)
	out := outcomeColumns(r.Outcome)
	_, err = db.Exec(ctx, tx, `INSERT INTO session (id, no, ics_uid, ics_seq, type, title, summary, audience, town, station,
		venue, address, starts_at, ends_at, capacity, taken, state, organizer, lawyers, contact_phone, cancel_reason, moves,
		first_published_at, outcome_attendance, outcome_brochures, outcome_consultations, outcome_documents,
		import_key, import_hash, import_version, version, created_at, created_by, updated_at, updated_by)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22,
		$23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33, $32, $33)`,
		r.ID, r.No, r.UID, r.Seq, r.Type, r.Title, r.Summary, db.JSON(r.Audience), r.Town, r.Station,
		r.Venue, r.Address, r.Starts.UnixMilli(), r.Ends.UnixMilli(), orNull(r.Capacity), r.Taken, r.State,
		r.Organizer, r.Lawyers, r.ContactPhone, r.Reason, r.Moves, db.Millis(r.FirstPublished),
		out[0], out[1], out[2], out[3], nullText(r.importKey), r.importHash, r.importVersion, r.Version,
		now.UnixMilli(), actor.ID)
	if err != nil {
		return err
	}
	return writeWalk(ctx, tx, r)
}

// writeWalk writes the columns that the walk added, but for those that sign-ups
// own (taken, waiting, wait_seq).
func writeWalk(ctx context.Context, tx *db.Tx, r *record) error {
	pending := ""
	if r.Pending != nil {
		pending = db.JSON(r.Pending)
	}
	_, err := db.Exec(ctx, tx, `UPDATE session SET unit = $2, venue_id = $3, personal = $4, host_notes = $5, expected = $6,
		owner = $7, due_at = $8, pending = $9, submitted_at = $10, held_at = $11, verified_at = $12, reviewed = $13,
		series_id = $14, original_date = $15, detached = $16, wait_cap = $17, signup_from = $18, signup_to = $19,
		verify_level = $20, promote_paused = $21, fit_first = $22, owner_name = $23, alternative = $24, notice = $25 WHERE id = $1`,
		r.ID, r.Unit, r.VenueID, r.personal, r.HostNotes, r.Expected, r.Owner, db.Millis(r.Due), pending,
		db.Millis(r.Submitted), db.Millis(r.HeldAt), db.Millis(r.VerifiedAt), r.Reviewed, r.Series, r.OriginalDate,
		db.JSON(r.Detached), r.WaitCap, db.Millis(r.SignUpFrom), db.Millis(r.SignUpTo), r.VerifyLevel, r.PromotePaused, r.FitFirst, r.OwnerName,
		r.Alternative, r.Notice)
	return err
}

// update writes next over old. It raises version and, for what calendars show,
// the sequence; it keeps the old time and place of a published session.
func (s *Store) update(ctx context.Context, tx *db.Tx, actor auth.Actor, old record, next *record) error {
	if err := ours(actor, old.Town); err != nil {
		return err
	}
	if err := into(actor, next.Town); err != nil {
		return err
	}
	now := s.now()
	next.Version = old.Version + 1
	if next.importHash != old.importHash {
		next.importVersion = next.Version
	}
	moved := !next.Starts.Equal(old.Starts) || !next.Ends.Equal(old.Ends) ||
		next.Town != old.Town || next.Venue != old.Venue || next.Address != old.Address
	if seen := !old.FirstPublished.IsZero(); seen && (moved || next.State.off() != old.State.off() || tag(next.State) != tag(old.State)) {
		next.Seq++
		if moved {
			next.Moves++
			if err := keepHistory(ctx, tx, old.Session, now.UnixMilli()); err != nil {
				return err
			}
		}
	}
	if next.State.Public() && next.FirstPublished.IsZero() {
		next.FirstPublished = now
	}
	s.giveQueue(old, next)
	out := outcomeColumns(next.Outcome)
	n, err := db.Exec(ctx, tx, `UPDATE session SET ics_seq = $3, type = $4, title = $5, summary = $6, audience = $7, town = $8,
		station = $9, venue = $10, address = $11, starts_at = $12, ends_at = $13, capacity = $14, state = $15, organizer = $16,
		lawyers = $17, contact_phone = $18, cancel_reason = $19, moves = $20, first_published_at = $21,
		outcome_attendance = $22, outcome_brochures = $23, outcome_consultations = $24, outcome_documents = $25,
		import_key = $26, import_hash = $27, import_version = $28, version = $29, updated_at = $30, updated_by = $31
		WHERE id = $1 AND version = $2`,
		old.ID, old.Version, next.Seq, next.Type, next.Title, next.Summary, db.JSON(next.Audience), next.Town,
		next.Station, next.Venue, next.Address, next.Starts.UnixMilli(), next.Ends.UnixMilli(), orNull(next.Capacity),
		next.State, next.Organizer, next.Lawyers, next.ContactPhone, next.Reason, next.Moves, db.Millis(next.FirstPublished),
		out[0], out[1], out[2], out[3], nullText(next.importKey), next.importHash, next.importVersion, next.Version,
		now.UnixMilli(), actor.ID)
	if err != nil {
		return err
	}
	if n == 0 { // on PostgreSQL somebody else was between our reading and our writing
		return stale(old.Session, old.Version)
	}
	return writeWalk(ctx, tx, next)
}

func keepHistory(ctx context.Context, tx *db.Tx, old Session, now int64) error {
	_, err := db.Exec(ctx, tx, `INSERT INTO session_history (session, seq, starts_at, ends_at, town, venue, address, moved_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		old.ID, old.Seq, old.Starts.UnixMilli(), old.Ends.UnixMilli(), old.Town, old.Venue, old.Address, now)
	return err
}

// nextNumber gives the next session number of the year.
func (s *Store) nextNumber(ctx context.Context, tx *db.Tx, year int) (string, error) {
	var n int
	err := db.Get(ctx, tx, &n, `INSERT INTO session_number (year, last) VALUES ($1, 1)
		ON CONFLICT (year) DO UPDATE SET last = session_number.last + 1 RETURNING last`, year)
	return fmt.Sprintf("SF-%04d-%05d", year, n), err
}

// keepNumber makes sure that a number brought in from elsewhere is not given
// again.
func keepNumber(ctx context.Context, tx *db.Tx, no string) error {
	var year, n int
	if _, err := fmt.Sscanf(no, "SF-%d-%d", &year, &n); err != nil {
		return errs.Bad("no", "编号应写成 SF-2026-00012。")
	}
	_, err := db.Exec(ctx, tx, `INSERT INTO session_number (year, last) VALUES ($1, $2)
		ON CONFLICT (year) DO UPDATE SET last = CASE WHEN session_number.last < $2 THEN $2 ELSE session_number.last END`, year, n)
	return err
}

func (s *Store) recordSession(tx *db.Tx, actor auth.Actor, action string, se Session, summary string) {
	s.ledger.Record(tx, actor.Entry(action, "session:"+se.ID, summary), ledger.Change{Kind: journalSession, ID: se.ID})
}

// orNull is a column's value for a number that 0 means "none" of.
func orNull(n int) *int {
	if n == 0 {
		return nil
	}
	return &n
}

func nullText(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

func outcomeColumns(o *Outcome) [4]*int {
	if o == nil {
		return [4]*int{}
	}
	return [4]*int{&o.Attendance, &o.Brochures, &o.Consultations, &o.Documents}
}
