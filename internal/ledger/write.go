package ledger

import (
	"context"
	"strconv"

	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/errs"
)

// pending collects the rows of one transaction.
type pending struct {
	ledger  *Ledger
	entries []Entry
	changes []Change
}

type head struct {
	Journal   int64  `db:"journal"`
	Audit     int64  `db:"audit"`
	AuditHash string `db:"audit_hash"`
}

// write takes the numbers and writes the rows. It runs last in the transaction.
func (p *pending) write(ctx context.Context, tx *db.Tx) (err error) {
	defer errs.Wrap(&err, "write ledger")
	var h head
	err = db.Get(ctx, tx, &h, `UPDATE ledger_head SET journal = journal + $1, audit = audit + $2
		WHERE id = 1 RETURNING journal, audit, audit_hash`, len(p.changes), len(p.entries))
	if err != nil {
		return err
	}
	if err := p.writeJournal(ctx, tx, h.Journal-int64(len(p.changes))); err != nil {
		return err
	}
	if err := p.writeAudit(ctx, tx, h.Audit-int64(len(p.entries)), h.AuditHash); err != nil {
		return err
	}
	if len(p.changes) == 0 {
		return nil
	}
	tx.AfterCommit(func() { p.ledger.advance(h.Journal) })
	return db.Notify(ctx, tx, channel, strconv.FormatInt(h.Journal, 10))
}

func (p *pending) writeJournal(ctx context.Context, tx *db.Tx, last int64) error {
	at := p.ledger.now().UnixMilli()
	for i, c := range p.changes {
		_, err := db.Exec(ctx, tx, `INSERT INTO journal (seq, at, kind, id) VALUES ($1, $2, $3, $4)`,
			last+int64(i)+1, at, c.Kind, c.ID)
		if err != nil {
			return err
		}
	}
	return nil
}

func (p *pending) writeAudit(ctx context.Context, tx *db.Tx, last int64, prev string) error {
	at := p.ledger.now().UnixMilli()
	for i, e := range p.entries {
		r := auditRow{Seq: last + int64(i) + 1, At: at, Actor: e.Actor, ActorName: e.ActorName,
			Action: e.Action, Object: e.Object, Summary: e.Summary, Detail: e.Detail}
		r.Hash = r.chain(prev)
		prev = r.Hash
		_, err := db.Exec(ctx, tx, `INSERT INTO audit (seq, at, actor, actor_name, action, object, summary, detail, hash)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
			r.Seq, r.At, r.Actor, r.ActorName, r.Action, r.Object, r.Summary, r.Detail, r.Hash)
		if err != nil {
			return err
		}
	}
	_, err := db.Exec(ctx, tx, `UPDATE ledger_head SET audit_hash = $1 WHERE id = 1`, prev)
	return err
}
