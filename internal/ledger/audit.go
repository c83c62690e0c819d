package ledger

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strconv"
	"strings"
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
	Actor  string    // account id
	Action string    // exact action, or a prefix ending in a dot: "document."
	Object string    // exact object
	Before int64     // only rows with a lower number: the next page
	From   time.Time // not before; zero: from the beginning
	To     time.Time // before; zero: until now
	Limit  int       // at most so many; 0 is 50
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
	where, args := f.where()
	args = append(args, f.Limit)
	err = db.Select(ctx, l.db.Reader(), &rows, `SELECT seq, at, actor, actor_name, action, object, summary, detail, hash
		FROM audit WHERE `+where+` ORDER BY seq DESC LIMIT `+db.Placeholder(len(args)), args...)
	entries := make([]AuditEntry, len(rows))
	for i, r := range rows {
		entries[i] = r.entry()
	}
	return entries, err
}

// where holds only what the filter asks for, so that an index can answer it.
func (f AuditFilter) where() (string, []any) {
	cond, args := "seq < $1", []any{f.Before}
	add := func(format string, value any) {
		args = append(args, value)
		cond += " AND " + strings.ReplaceAll(format, "?", db.Placeholder(len(args)))
	}
	if f.Actor != "" {
		add("actor = ?", f.Actor)
	}
	if f.Object != "" {
		add("object = ?", f.Object)
	}
	switch {
	case strings.HasSuffix(f.Action, "."): // a kind: from "user." to before "user/"
		add("action >= ?", f.Action)
		add("action < ?", strings.TrimSuffix(f.Action, ".")+"/")
	case f.Action != "":
		add("action = ?", f.Action)
	}
	if !f.From.IsZero() {
		add("at >= ?", f.From.UnixMilli())
	}
	if !f.To.IsZero() {
		add("at < ?", f.To.UnixMilli())
	}
	return cond, args
}

// AuditRow finds one row by its number.
func (l *Ledger) AuditRow(ctx context.Context, seq int64) (_ AuditEntry, err error) {
	defer errs.Wrap(&err, "audit row %d", seq)
	var r auditRow
	err = db.Get(ctx, l.db.Reader(), &r, `SELECT seq, at, actor, actor_name, action, object, summary, detail, hash FROM audit WHERE seq = $1`, seq)
	if errs.Is(err, errs.NotFound) {
		err = errs.New(errs.NotFound, "没有这一条操作记录，请回到列表查找。", "%w", err)
	}
	return r.entry(), err
}

// Note writes one row for something that changed nothing, such as an export.
func (l *Ledger) Note(ctx context.Context, e Entry) error {
	return l.db.Update(ctx, func(_ context.Context, tx *db.Tx) error {
		l.Record(tx, e)
		return nil
	})
}

// broken says where the chain does not hold.
func broken(seq int64, format string, args ...any) error {
	return errs.New(errs.Internal, "操作记录从第 "+strconv.FormatInt(seq, 10)+" 条起对不上，可能被改动过。请保留现场，立即报告单位负责人和网信部门。", format, args...)
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
				return broken(next, "audit row %d does not fit the chain", next)
			}
			prev, next = r.Hash, next+1
		}
		if len(rows) == 0 {
			break
		}
	}
	if next != h.Audit+1 || prev != h.AuditHash {
		return broken(next, "audit ends at row %d, head says %d", next-1, h.Audit)
	}
	return nil
}
