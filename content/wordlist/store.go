package wordlist

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"strings"
	"sync/atomic"
	"time"

	"github.com/songfa/songfa/content/proof"
	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/errs"
	"github.com/songfa/songfa/internal/ledger"
)

// Config is what a Store needs. All must be set.
type Config struct {
	DB     *db.DB
	Ledger *ledger.Ledger
	Now    func() time.Time
}

// Store keeps the lists. It is safe for concurrent use.
type Store struct {
	cfg   Config
	ready atomic.Pointer[ready]
}

// ready are the lists compiled from one version of the table.
type ready struct {
	version int64
	lists   *proof.Lists
}

// New makes a Store; it reads nothing yet.
func New(cfg Config) *Store { return &Store{cfg: cfg} }

// record is a row of proof_row.
type record struct {
	ID        string `db:"id"`
	List      string `db:"list"`
	Word      string `db:"word"`
	Value     string `db:"value"`
	Note      string `db:"note"`
	Severity  string `db:"severity"`
	Contexts  string `db:"contexts"`
	From      string `db:"from_day"`
	To        string `db:"to_day"`
	Version   int64  `db:"version"`
	Removed   bool   `db:"removed"`
	UpdatedAt int64  `db:"updated_at"`
	UpdatedBy string `db:"updated_by"`
}

const columns = `id, list, word, value, note, severity, contexts, from_day, to_day, version, removed, updated_at, updated_by`

func (r record) row() (proof.Row, error) {
	row := proof.Row{ID: r.ID, List: proof.List(r.List), Word: r.Word, Value: r.Value, Note: r.Note,
		Severity: proof.Severity(r.Severity), From: r.From, To: r.To, Version: r.Version}
	return row, db.FromJSON(r.Contexts, &row.Except)
}

func rowsOf(records []record, err error) ([]proof.Row, error) {
	if err != nil {
		return nil, err
	}
	rows := make([]proof.Row, len(records))
	for i, r := range records {
		if rows[i], err = r.row(); err != nil {
			return nil, err
		}
	}
	return rows, nil
}

// Lists gives the lists as they are now, ready for proof.Check.
func (s *Store) Lists(ctx context.Context) (_ *proof.Lists, err error) {
	defer errs.Wrap(&err, "read word lists")
	var version int64
	if err := db.Get(ctx, s.cfg.DB.Reader(), &version, `SELECT version FROM proof_state WHERE id = 1`); err != nil {
		return nil, err
	}
	if r := s.ready.Load(); r != nil && r.version == version {
		return r.lists, nil
	}
	rows, err := s.All(ctx, "")
	if err != nil {
		return nil, err
	}
	lists := proof.Compile(rows)
	s.ready.Store(&ready{version, lists})
	return lists, nil
}

// All lists the rows of one list, or of all of them, by word.
func (s *Store) All(ctx context.Context, list proof.List) ([]proof.Row, error) {
	var records []record
	err := db.Select(ctx, s.cfg.DB.Reader(), &records, `SELECT `+columns+` FROM proof_row
		WHERE removed = FALSE AND ($1 = '' OR list = $1) ORDER BY list, word, from_day, id`, list)
	return rowsOf(records, err)
}

// Filter says which rows to show.
type Filter struct {
	List  proof.List
	Text  string // in the word, the value or the note
	Page  int    // from 1
	Limit int
}

// Rows lists some rows and how many there are.
func (s *Store) Rows(ctx context.Context, f Filter) (_ []proof.Row, total int, err error) {
	defer errs.Wrap(&err, "list %s", f.List)
	const where = ` FROM proof_row WHERE removed = FALSE AND list = $1
		AND ($2 = '' OR word LIKE $3 OR value LIKE $3 OR note LIKE $3)`
	like := "%" + strings.NewReplacer("%", "", "_", "").Replace(f.Text) + "%"
	if err := db.Get(ctx, s.cfg.DB.Reader(), &total, `SELECT count(*)`+where, f.List, f.Text, like); err != nil {
		return nil, 0, err
	}
	var records []record
	err = db.Select(ctx, s.cfg.DB.Reader(), &records, `SELECT `+columns+where+` ORDER BY word, from_day, id LIMIT $4 OFFSET $5`,
		f.List, f.Text, like, f.Limit, max(0, f.Page-1)*f.Limit)
	rows, err := rowsOf(records, err)
	return rows, total, err
}

// Row reads one row. Errors: errs.NotFound.
func (s *Store) Row(ctx context.Context, id string) (_ proof.Row, err error) {
	defer errs.Wrap(&err, "row %s", id)
	r, err := read(ctx, s.cfg.DB.Reader(), id)
	if err != nil {
		return proof.Row{}, err
	}
	return r.row()
}

func read(ctx context.Context, q db.Queryer, id string) (record, error) {
	var r record
	err := db.Get(ctx, q, &r, `SELECT `+columns+` FROM proof_row WHERE id = $1 AND removed = FALSE`, id)
	if errs.Is(err, errs.NotFound) {
		err = errs.New(errs.NotFound, "词表里没有这一条，可能已被删除。请回到列表查看。", "%w", err)
	}
	return r, err
}

// Save stores a new row (without an ID) or a changed one, whose Version must be
// the stored one's. Errors: errs.Invalid with what is wrong, errs.Conflict.
func (s *Store) Save(ctx context.Context, actor auth.Actor, row proof.Row) (_ proof.Row, err error) {
	defer errs.Wrap(&err, "save row")
	if err := actor.Must(auth.Publish); err != nil {
		return row, err
	}
	row, why := row.Tidy()
	if why != "" {
		return row, errs.Bad("word", why)
	}
	err = s.cfg.DB.Update(ctx, func(ctx context.Context, tx *db.Tx) error {
		if row.ID == "" {
			if row, err = s.insert(ctx, tx, actor, row); err != nil {
				return err
			}
			return s.note(ctx, tx, actor, "proof.add", "添加", row)
		}
		row.Version++
		n, err := db.Exec(ctx, tx, `UPDATE proof_row SET list = $2, word = $3, value = $4, note = $5, severity = $6, contexts = $7,
			from_day = $8, to_day = $9, version = $10, updated_at = $11, updated_by = $12 WHERE id = $1 AND version = $13 AND removed = FALSE`,
			row.ID, row.List, row.Word, row.Value, row.Note, row.Severity, db.JSON(row.Except), row.From, row.To, row.Version,
			s.cfg.Now().UnixMilli(), actor.ID, row.Version-1)
		if err != nil {
			return taken(err)
		}
		if n == 0 {
			return errs.New(errs.Conflict, "这一条已被他人改动或删除，请刷新后再改。", "row %s is stale", row.ID)
		}
		return s.note(ctx, tx, actor, "proof.change", "修改", row)
	})
	return row, err
}

// insert adds a row, in the place of one that was removed if there is such a one.
func (s *Store) insert(ctx context.Context, tx *db.Tx, actor auth.Actor, row proof.Row) (proof.Row, error) {
	row.ID, row.Version = db.NewID(), 1
	n, err := s.put(ctx, tx, actor.ID, row, ` ON CONFLICT (list, word, value, from_day) DO UPDATE SET
		note = excluded.note, severity = excluded.severity, contexts = excluded.contexts, to_day = excluded.to_day,
		version = proof_row.version + 1, removed = FALSE, updated_at = excluded.updated_at, updated_by = excluded.updated_by
		WHERE proof_row.removed = TRUE`)
	if err == nil && n == 0 {
		err = errs.Bad("word", "词表里已经有“"+row.Word+"”这一条了。")
	}
	if err != nil {
		return row, err
	}
	var r record
	err = db.Get(ctx, tx, &r, `SELECT `+columns+` FROM proof_row WHERE list = $1 AND word = $2 AND value = $3 AND from_day = $4`,
		row.List, row.Word, row.Value, row.From)
	if err != nil {
		return row, err
	}
	return r.row()
}

func (s *Store) put(ctx context.Context, tx *db.Tx, by string, r proof.Row, conflict string) (int64, error) {
	return db.Exec(ctx, tx, `INSERT INTO proof_row (`+columns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, FALSE, $11, $12)`+conflict,
		r.ID, r.List, r.Word, r.Value, r.Note, r.Severity, db.JSON(r.Except), r.From, r.To, r.Version, s.cfg.Now().UnixMilli(), by)
}

// taken says of a row that would stand twice what the person may do.
func taken(err error) error {
	if db.IsUnique(err) {
		return errs.Bad("word", "词表里已经有一样的一条了。")
	}
	return err
}

// Remove takes a row away.
func (s *Store) Remove(ctx context.Context, actor auth.Actor, id string, version int64) (err error) {
	defer errs.Wrap(&err, "remove row %s", id)
	if err := actor.Must(auth.Publish); err != nil {
		return err
	}
	return s.cfg.DB.Update(ctx, func(ctx context.Context, tx *db.Tx) error {
		r, err := read(ctx, tx, id)
		if err != nil {
			return err
		}
		row, err := r.row()
		if err != nil {
			return err
		}
		n, err := db.Exec(ctx, tx, `UPDATE proof_row SET removed = TRUE, version = version + 1, updated_at = $2, updated_by = $3
			WHERE id = $1 AND version = $4`, id, s.cfg.Now().UnixMilli(), actor.ID, version)
		if err != nil {
			return err
		}
		if n == 0 {
			return errs.New(errs.Conflict, "这一条已被他人改动，请刷新后再删。", "row %s is stale", id)
		}
		return s.note(ctx, tx, actor, "proof.remove", "删除", row)
	})
}

// note writes the audit and moves the version on. A number that may be published
// is still somebody's: the audit tells its end.
func (s *Store) note(ctx context.Context, tx *db.Tx, actor auth.Actor, action, verb string, row proof.Row) error {
	word := "“" + row.Word + "”"
	if row.Value != "" && row.List != proof.Phones {
		word += "→“" + row.Value + "”"
	}
	if row.List == proof.Phones {
		word = "尾号 " + row.Word[max(0, len(row.Word)-4):]
	}
	s.cfg.Ledger.Record(tx, actor.Entry(action, "proof:"+row.ID, verb+"词表（"+row.List.Label()+"）："+word))
	return turn(ctx, tx)
}

// turn tells all nodes to compile anew.
func turn(ctx context.Context, tx *db.Tx) error {
	_, err := db.Exec(ctx, tx, `UPDATE proof_state SET version = version + 1 WHERE id = 1`)
	return err
}

// Import adds the rows of a CSV file (see proof.ReadCSV) and changes those that
// are there: of the same list, word, value and first day. It tells how many were
// new and how many changed; nothing of a file with a mistake counts.
func (s *Store) Import(ctx context.Context, actor auth.Actor, r io.Reader) (added, changed int, err error) {
	defer errs.Wrap(&err, "import word lists")
	if err := actor.Must(auth.Publish); err != nil {
		return 0, 0, err
	}
	rows, err := proof.ReadCSV(r)
	if err != nil {
		return 0, 0, err
	}
	err = s.cfg.DB.Update(ctx, func(ctx context.Context, tx *db.Tx) error {
		added, changed = 0, 0
		for _, row := range rows {
			row.ID, row.Version = db.NewID(), 1
			n, err := s.put(ctx, tx, actor.ID, row, ` ON CONFLICT (list, word, value, from_day) DO NOTHING`)
			if err != nil {
				return err
			}
			if n > 0 {
				added++
				continue
			}
			n, err = db.Exec(ctx, tx, `UPDATE proof_row SET note = $5, severity = $6, contexts = $7, to_day = $8, removed = FALSE,
				version = version + 1, updated_at = $9, updated_by = $10
				WHERE list = $1 AND word = $2 AND value = $3 AND from_day = $4
				AND (note <> $5 OR severity <> $6 OR contexts <> $7 OR to_day <> $8 OR removed = TRUE)`,
				row.List, row.Word, row.Value, row.From, row.Note, row.Severity, db.JSON(row.Except), row.To, s.cfg.Now().UnixMilli(), actor.ID)
			if err != nil {
				return err
			}
			changed += int(n)
		}
		if added+changed == 0 {
			return nil
		}
		s.cfg.Ledger.Record(tx, actor.Entry("proof.import", "proof:import", fmt.Sprintf("导入词表：新增 %d 条，修改 %d 条", added, changed)))
		return turn(ctx, tx)
	})
	return added, changed, err
}

// Seed lays the built-in list beside what is there, once for each edition of it.
func (s *Store) Seed(ctx context.Context) (err error) {
	defer errs.Wrap(&err, "seed word lists")
	rows := proof.Seed()
	sum := sha256.Sum256([]byte(db.JSON(rows)))
	mark := hex.EncodeToString(sum[:8])
	var seen string
	if err := db.Get(ctx, s.cfg.DB.Reader(), &seen, `SELECT seed FROM proof_state WHERE id = 1`); err != nil || seen == mark {
		return err
	}
	return s.cfg.DB.Update(ctx, func(ctx context.Context, tx *db.Tx) error {
		for _, row := range rows {
			row.ID, row.Version = db.NewID(), 1
			if _, err := s.put(ctx, tx, "system", row, ` ON CONFLICT (list, word, value, from_day) DO NOTHING`); err != nil {
				return err
			}
		}
		_, err := db.Exec(ctx, tx, `UPDATE proof_state SET seed = $1, version = version + 1 WHERE id = 1`, mark)
		return err
	})
}
