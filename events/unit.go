package events

import (
	"context"
	"strings"
	"time"

	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/errs"
)

// Unit is an organizer (组织者单位): a company, a site, a street office.
type Unit struct {
	ID             string    `db:"id"`
	Version        int       `db:"version"`
	Name           string    `db:"name"`
	USCC           string    `db:"uscc"` // 统一社会信用代码, "" when unknown
	Kind           string    `db:"kind"` // as typed: 企业, 建筑工地, 人社部门 …
	Town           string    `db:"town"` // code
	TownName       string    `db:"town_name"`
	Address        string    `db:"address"`
	Note           string    `db:"note"`
	Verified       time.Time `db:"-"`        // zero: nobody has checked it yet
	SuspendedUntil time.Time `db:"-"`        // zero: may ask
	Overdue        int       `db:"overdue"`  // sessions whose outcome is still owed
	Sessions       int       `db:"sessions"` // all it ever asked for
}

type unitRow struct {
	Unit
	VerifiedAt *int64 `db:"verified_at"`
	Until      *int64 `db:"suspended_until"`
}

// Suspended reports that the unit may not hand in requests now.
func (u Unit) Suspended(now time.Time) bool { return now.Before(u.SuspendedUntil) }

// UnitFilter narrows the list of units; zero fields do not.
type UnitFilter struct {
	Town          string
	Query         string     // part of name or code
	Limit, Offset int        // Limit 0 is 50
	For           auth.Actor // of staff: only their towns and the district
}

// overdueStates are those in which an outcome is owed.
const overdueStates = `('held', 'report_returned')`

// selectUnits takes the moment as $1, before the arguments of the tail.
func selectUnits(ctx context.Context, q db.Queryer, now time.Time, tail string, args ...any) ([]Unit, error) {
	var rows []unitRow
	err := db.Select(ctx, q, &rows, `SELECT u.id, u.version, u.name, u.uscc, u.kind, u.town, COALESCE(t.name, '') AS town_name,
		u.address, u.note, u.verified_at, u.suspended_until,
		(SELECT count(*) FROM session s WHERE s.unit = u.id AND s.unit <> '' AND s.state IN `+overdueStates+` AND s.due_at < $1) AS overdue,
		(SELECT count(*) FROM session s WHERE s.unit = u.id AND s.unit <> '') AS sessions
		FROM unit u LEFT JOIN town t ON t.code = u.town `+tail, append([]any{now.UnixMilli()}, args...)...)
	units := make([]Unit, len(rows))
	for i, r := range rows {
		if r.VerifiedAt != nil {
			r.Verified = local(*r.VerifiedAt)
		}
		if r.Until != nil {
			r.SuspendedUntil = local(*r.Until)
		}
		units[i] = r.Unit
	}
	return units, err
}

// Units lists them by name.
func (s *Store) Units(ctx context.Context, f UnitFilter) (_ []Unit, err error) {
	defer errs.Wrap(&err, "list units")
	if f.Limit <= 0 {
		f.Limit = 50
	}
	towns, more := inTownsOrNone(f.For, "u.town", 6)
	return selectUnits(ctx, s.db.Reader(), s.now(), `WHERE ($2 = '' OR u.town = $2) AND ($3 = '' OR u.name LIKE $4 OR u.uscc = $3)`+towns+`
		ORDER BY u.name, u.id LIMIT $5 OFFSET $6`, append([]any{f.Town, f.Query, "%" + f.Query + "%", f.Limit, max(0, f.Offset)}, more...)...)
}

// Unit finds one by id.
func (s *Store) Unit(ctx context.Context, id string) (_ Unit, err error) {
	defer errs.Wrap(&err, "unit %s", id)
	return getUnit(ctx, s.db.Reader(), s.now(), id)
}

func getUnit(ctx context.Context, q db.Queryer, now time.Time, id string) (Unit, error) {
	units, err := selectUnits(ctx, q, now, `WHERE u.id = $2`, id)
	if err == nil && len(units) == 0 {
		err = errs.New(errs.NotFound, "没有这个单位，请从列表中选择。", "no unit %s", id)
	}
	if err != nil {
		return Unit{}, err
	}
	return units[0], nil
}

// unitKey is the name by which one unit is known however it is typed: brackets
// and blanks differ from one typist to the next.
func unitKey(name string) string {
	return strings.ToLower(strings.Map(func(r rune) rune {
		if strings.ContainsRune(" ()（）〔〕[]【】“”\"'·", r) {
			return -1
		}
		return r
	}, narrow(oneLine(name))))
}

// findUnit is the id of the unit by its code, else its name; "" when it is new.
func findUnit(ctx context.Context, q db.Queryer, name, uscc string) (id string, err error) {
	err = db.Get(ctx, q, &id, `SELECT id FROM unit WHERE name_key = $1 OR (uscc = $2 AND uscc <> '')
		ORDER BY CASE WHEN uscc = $2 AND uscc <> '' THEN 0 ELSE 1 END LIMIT 1`, unitKey(name), uscc)
	if errs.Is(err, errs.NotFound) {
		return "", nil
	}
	return id, err
}

// ensureUnit finds the unit of a request or adds it, unverified.
func (s *Store) ensureUnit(ctx context.Context, tx *db.Tx, actor auth.Actor, f RequestForm) (string, error) {
	id, err := findUnit(ctx, tx, f.Unit, f.USCC)
	if err != nil || id != "" {
		return id, err
	}
	u := Unit{Name: f.Unit, USCC: f.USCC, Kind: f.UnitKind, Town: f.Town, Address: f.Address}
	if _, err = s.insertUnit(ctx, tx, actor, u, "ON CONFLICT DO NOTHING"); err != nil {
		return "", err
	}
	return findUnit(ctx, tx, f.Unit, f.USCC) // somebody else may have added it meanwhile
}

func (s *Store) insertUnit(ctx context.Context, tx *db.Tx, actor auth.Actor, u Unit, conflict string) (string, error) {
	id := db.NewID()
	_, err := db.Exec(ctx, tx, `INSERT INTO unit (id, name, name_key, uscc, kind, town, address, note, verified_at, version,
		created_at, created_by, updated_at, updated_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 1, $10, $11, $10, $11) `+conflict,
		id, u.Name, unitKey(u.Name), u.USCC, u.Kind, u.Town, u.Address, u.Note, db.Millis(u.Verified), s.now().UnixMilli(), actor.ID)
	return id, err
}

func (u *Unit) problems() problems {
	for _, field := range []*string{&u.Name, &u.Kind, &u.Town, &u.Address} {
		*field = oneLine(*field)
	}
	u.USCC, u.Note = cleanUSCC(u.USCC), paragraphs(u.Note)
	var ps problems
	ps.text("name", "单位名称", u.Name, 2, 60)
	ps.text("kind", "单位类型", u.Kind, 0, 30)
	ps.text("address", "地址", u.Address, 0, 120)
	ps.text("note", "说明", u.Note, 0, 500)
	ps.uscc(u.USCC)
	return ps
}

// SaveUnit makes a unit when ID is "" and changes it otherwise: name, code,
// kind, town, address, note and Verified.
func (s *Store) SaveUnit(ctx context.Context, actor auth.Actor, u Unit) (_ Unit, err error) {
	defer errs.Wrap(&err, "save unit %q", u.Name)
	if err := actor.Must(auth.Sessions); err != nil {
		return Unit{}, err
	}
	if err := u.problems().err(); err != nil {
		return Unit{}, err
	}
	err = s.db.Update(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := checkPlace(ctx, tx, Session{Town: u.Town}); err != nil {
			return err
		}
		if err := mayChange(ctx, tx, actor, townOfUnit, u.ID, u.Town); err != nil {
			return err
		}
		if u.ID == "" {
			u.ID, err = s.insertUnit(ctx, tx, actor, u, "")
		} else {
			err = s.updateUnit(ctx, tx, actor, u)
		}
		if db.IsUnique(err) {
			return errs.New(errs.Conflict, "已经有同名或者同一代码的单位，请改那一个。", "%w", err)
		}
		s.ledger.Record(tx, actor.Entry("unit.save", "unit:"+u.ID, "保存单位“"+u.Name+"”"))
		return err
	})
	if err != nil {
		return Unit{}, err
	}
	return s.Unit(ctx, u.ID)
}

func (s *Store) updateUnit(ctx context.Context, tx *db.Tx, actor auth.Actor, u Unit) error {
	n, err := db.Exec(ctx, tx, `UPDATE unit SET name = $3, name_key = $4, uscc = $5, kind = $6, town = $7, address = $8, note = $9,
		verified_at = $10, version = version + 1, updated_at = $11, updated_by = $12 WHERE id = $1 AND version = $2`,
		u.ID, u.Version, u.Name, unitKey(u.Name), u.USCC, u.Kind, u.Town, u.Address, u.Note, db.Millis(u.Verified), s.now().UnixMilli(), actor.ID)
	if err == nil && n == 0 {
		err = staleUnit(u.ID, u.Version)
	}
	return err
}

func staleUnit(id string, version int) error {
	return errs.New(errs.Conflict, "该单位的资料已被他人修改，请对照新的内容后再保存。", "unit %s: version %d is stale", id, version)
}

// SuspendUnit keeps a unit from handing in requests until a day; the zero time
// lets it ask again. The reason goes into the audit.
func (s *Store) SuspendUnit(ctx context.Context, actor auth.Actor, id string, version int, until time.Time, reason string) (_ Unit, err error) {
	defer errs.Wrap(&err, "suspend unit %s", id)
	if err := actor.Must(auth.Sessions); err != nil {
		return Unit{}, err
	}
	var ps problems
	reason = oneLine(reason)
	if ps.text("reason", "原因", reason, 2, 200); ps.err() != nil {
		return Unit{}, ps.err()
	}
	err = s.db.Update(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := oursBy(ctx, tx, actor, townOfUnit, id); err != nil {
			return err
		}
		n, err := db.Exec(ctx, tx, `UPDATE unit SET suspended_until = $3, version = version + 1, updated_at = $4, updated_by = $5
			WHERE id = $1 AND version = $2`, id, version, db.Millis(until), s.now().UnixMilli(), actor.ID)
		if err != nil {
			return err
		}
		if n == 0 {
			return staleUnit(id, version)
		}
		summary := "恢复受理：" + reason
		if !until.IsZero() {
			summary = "暂停受理到 " + dateOf(until) + "：" + reason
		}
		s.ledger.Record(tx, actor.Entry("unit.suspend", "unit:"+id, summary))
		return nil
	})
	if err != nil {
		return Unit{}, err
	}
	return s.Unit(ctx, id)
}
