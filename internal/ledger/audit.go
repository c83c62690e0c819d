package ledger

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"time"

	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/errs"
)

// Entry is one thing somebody did. It must hold no personal data: Object names
// by id, Summary says what happened in a Chinese phrase for the list of the
// admin, Detail is JSON or empty.
type Entry struct {
	Actor     string // account id; "system" for the program itself
	ActorName string
	Action    string // document.publish, user.add, …
	Object    string // document:01J…, user:01J…
	Summary   string
	Detail    string
}

// AuditEntry is a row of the audit as it is read.
type AuditEntry struct {
	Seq  int64
	At   time.Time
	Hash string
	Entry
}

type auditRow struct {
	Seq       int64  `db:"seq"`
	At        int64  `db:"at"`
	Actor     string `db:"actor"`
	ActorName string `db:"actor_name"`
	Action    string `db:"action"`
	Object    string `db:"object"`
	Summary   string `db:"summary"`
	Detail    string `db:"detail"`
	Hash      string `db:"hash"`
}

// chain is the hash of the row over the hash of the row before it. JSON keeps
// the fields apart: no text in one can pass for the border to the next.
func (r auditRow) chain(prev string) string {
	b, _ := json.Marshal([]any{prev, r.Seq, r.At, r.Actor, r.ActorName, r.Action, r.Object, r.Summary, r.Detail})
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

func (r auditRow) entry() AuditEntry {
	return AuditEntry{Seq: r.Seq, At: time.UnixMilli(r.At).UTC(), Hash: r.Hash,
		Entry: Entry{Actor: r.Actor, ActorName: r.ActorName, Action: r.Action, Object: r.Object, Summary: r.Summary, Detail: r.Detail}}
}

// AuditFilter narrows a list; empty fields do not.
type AuditFilter struct {
	Actor  string // account id
	Action string // exact action, or a prefix ending in a dot: "document."
	Object string // exact object
	Before int64  // only rows with a lower number: the next page
	Limit  int    // at most so many; 0 is 50
}

// Audit lists the newest entries first.
func (l *Ledger) Audit(ctx context.Context, f AuditFilter) (_ []AuditEntry, err error) {
	defer errs.Wrap(&err, "list audit")
	if f.Limit <= 0 {
		f.Limit = 50
	}
	if f.Before <= 0 {
		f.Before = 1 << 62
	}
	var rows []auditRow
	err = db.Select(ctx, l.db.Reader(), &rows, `SELECT seq, at, actor, actor_name, action, object, summary, detail, hash
		FROM audit WHERE seq < $1 AND ($2 = '' OR actor = $2) AND ($3 = '' OR object = $3)
		AND ($4 = '' OR action = $4 OR ($4 LIKE '%.' AND substr(action, 1, length($4)) = $4))
		ORDER BY seq DESC LIMIT $5`, f.Before, f.Actor, f.Object, f.Action, f.Limit)
	entries := make([]AuditEntry, len(rows))
	for i, r := range rows {
		entries[i] = r.entry()
	}
	return entries, err
}

// Verify walks the whole audit and names the first row that does not fit its
// hash, or whose number is missing.
func (l *Ledger) Verify(ctx context.Context) (err error) {
	defer errs.Wrap(&err, "verify audit")
	var h head
	if err := db.Get(ctx, l.db.Reader(), &h, `SELECT journal, audit, audit_hash FROM ledger_head`); err != nil {
		return err
	}
	prev, next := "", int64(1)
	for {
		var rows []auditRow
		err := db.Select(ctx, l.db.Reader(), &rows, `SELECT seq, at, actor, actor_name, action, object, summary, detail, hash
			FROM audit WHERE seq >= $1 AND seq <= $2 ORDER BY seq LIMIT 1000`, next, h.Audit)
		if err != nil {
			return err
		}
		for _, r := range rows {
			if r.Seq != next || r.Hash != r.chain(prev) {
				return errs.New(errs.Internal, "操作日志被改动过，请立即联系管理员。", "audit row %d does not fit the chain", next)
			}
			prev, next = r.Hash, next+1
		}
		if len(rows) == 0 {
			break
		}
	}
	if next != h.Audit+1 || prev != h.AuditHash {
		return errs.New(errs.Internal, "操作日志被改动过，请立即联系管理员。", "audit ends at row %d, head says %d", next-1, h.Audit)
	}
	return nil
}
