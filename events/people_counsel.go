package events

import (
	"context"

	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/errs"
)

// Counsel says that a person, or a whole firm, advises a unit (法律顾问). At the
// desk of that unit's workers they would sit on both sides.
type Counsel struct {
	ID         string `db:"id"`
	Person     string `db:"practitioner"` // id, "" when the firm advises
	PersonName string `db:"person_name"`
	Org        string `db:"org"` // id, "" when one person advises
	OrgName    string `db:"org_name"`
	Unit       string `db:"unit"` // id
	UnitName   string `db:"unit_name"`
	From       string `db:"valid_from"` // first and last day, "" for an open end
	To         string `db:"valid_to"`
}

// Name is who advises.
func (c Counsel) Name() string {
	if c.Person != "" {
		return c.PersonName
	}
	return c.OrgName
}

const counselColumns = `SELECT c.id, c.practitioner, COALESCE(p.name, '') AS person_name, c.org, COALESCE(o.name, '') AS org_name,
	c.unit, COALESCE(u.name, '') AS unit_name, c.valid_from, c.valid_to
	FROM counsel_contract c LEFT JOIN practitioner p ON p.id = c.practitioner LEFT JOIN legal_org o ON o.id = c.org
	LEFT JOIN unit u ON u.id = c.unit `

// Counsels lists the contracts of a person and of the person's firm, or all with
// person "".
func (s *Store) Counsels(ctx context.Context, actor auth.Actor, person string) (list []Counsel, err error) {
	defer errs.Wrap(&err, "counsel contracts of %q", person)
	if err := actor.Must(auth.Sessions); err != nil {
		return nil, err
	}
	if err := oursPerson(ctx, s.db.Reader(), actor, person, false); err != nil {
		return nil, err
	}
	towns, more := inTownsOrNone(actor, "COALESCE(u.town, '')", 1)
	err = db.Select(ctx, s.db.Reader(), &list, counselColumns+`
		WHERE ($1 = '' OR c.practitioner = $1 OR c.org = (SELECT org FROM practitioner WHERE id = $1 AND org <> ''))`+towns+`
		ORDER BY u.name, c.valid_from, c.id`, append([]any{person}, more...)...)
	return list, err
}

// AddCounsel enters a contract. A second one of the same two for the same days
// is refused.
func (s *Store) AddCounsel(ctx context.Context, actor auth.Actor, c Counsel) (err error) {
	defer errs.Wrap(&err, "add counsel contract")
	if err := actor.Must(auth.Sessions); err != nil {
		return err
	}
	var ps problems
	if (c.Person == "") == (c.Org == "") {
		ps.add("who", "请选择是本人担任顾问，还是整家机构担任顾问。")
	}
	if c.Unit == "" {
		ps.add("unit", "请选择担任哪个单位的顾问。")
	}
	ps.dayRange("valid", c.From, c.To)
	if err := ps.err(); err != nil {
		return err
	}
	return s.db.Update(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := mayAdvise(ctx, tx, actor, c); err != nil {
			return err
		}
		if err := lockCounsel(ctx, tx, c); err != nil {
			return err
		}
		if err := counselOverlap(ctx, tx, c); err != nil {
			return err
		}
		_, err := db.Exec(ctx, tx, `INSERT INTO counsel_contract (id, practitioner, org, unit, valid_from, valid_to, created_at, created_by)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`, db.NewID(), c.Person, c.Org, c.Unit, c.From, c.To, s.now().UnixMilli(), actor.ID)
		if err != nil {
			return err
		}
		s.ledger.Record(tx, actor.Entry("counsel.create", counselObject(c), "登记法律顾问"))
		return nil
	})
}

// mayAdvise refuses contracts with people, firms and units of other towns.
func mayAdvise(ctx context.Context, tx *db.Tx, actor auth.Actor, c Counsel) error {
	if err := oursPerson(ctx, tx, actor, c.Person, false); err != nil {
		return err
	}
	if err := oursBy(ctx, tx, actor, townOfOrg, c.Org); err != nil {
		return err
	}
	return oursBy(ctx, tx, actor, townOfUnit, c.Unit)
}

func counselObject(c Counsel) string {
	if c.Person != "" {
		return personContext(c.Person)
	}
	return "org:" + c.Org
}

// lockCounsel makes two who enter contracts of one adviser wait for each other,
// and refuses an adviser or unit that does not exist.
func lockCounsel(ctx context.Context, tx *db.Tx, c Counsel) error {
	table, id := "practitioner", c.Person
	if id == "" {
		table, id = "legal_org", c.Org
	}
	n, err := db.Exec(ctx, tx, `UPDATE `+table+` SET version = version WHERE id = $1`, id)
	if err != nil {
		return err
	}
	if n == 0 {
		return errs.Bad("who", "没有找到这位顾问，请从列表中选择。")
	}
	var units int
	if err := db.Get(ctx, tx, &units, `SELECT count(*) FROM unit WHERE id = $1`, c.Unit); err != nil {
		return err
	}
	if units == 0 {
		return errs.Bad("unit", "没有找到这个单位，请从列表中选择，或先在“单位”里添加。")
	}
	return nil
}

// counselOverlap refuses a contract of the same two whose days are shared.
func counselOverlap(ctx context.Context, tx *db.Tx, c Counsel) error {
	var old struct {
		From string `db:"valid_from"`
		To   string `db:"valid_to"`
	}
	err := db.Get(ctx, tx, &old, `SELECT valid_from, valid_to FROM counsel_contract WHERE practitioner = $1 AND org = $2 AND unit = $3
		AND (valid_to = '' OR valid_to >= $4) AND ($5 = '' OR valid_from <= $5) ORDER BY valid_from LIMIT 1`, c.Person, c.Org, c.Unit, c.From, c.To)
	if errs.Is(err, errs.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	return errs.New(errs.Conflict, "已经登记过同一段时间的顾问关系（"+orElse(old.From, "以前")+" 至 "+orElse(old.To, "长期")+"），请先改那一条的截止日期。",
		"counsel contract overlaps")
}

func orElse(text, other string) string {
	if text == "" {
		return other
	}
	return text
}

// EndCounsel sets the last day of a contract.
func (s *Store) EndCounsel(ctx context.Context, actor auth.Actor, id, day string) (err error) {
	defer errs.Wrap(&err, "end counsel contract %s", id)
	if err := actor.Must(auth.Sessions); err != nil {
		return err
	}
	return s.db.Update(ctx, func(ctx context.Context, tx *db.Tx) error {
		var c Counsel
		err := db.Get(ctx, tx, &c, counselColumns+`WHERE c.id = $1`, id)
		if errs.Is(err, errs.NotFound) {
			return errs.New(errs.NotFound, "没有找到这条顾问关系，请刷新后再看。", "%w", err)
		}
		if err != nil {
			return err
		}
		var ps problems
		if err := mayAdvise(ctx, tx, actor, c); err != nil {
			return err
		}
		if ps.dayRange("valid", c.From, day); day == "" {
			ps.add("valid_to", "请填写截止日期。")
		}
		if err := ps.err(); err != nil {
			return err
		}
		if _, err := db.Exec(ctx, tx, `UPDATE counsel_contract SET valid_to = $2 WHERE id = $1`, id, day); err != nil {
			return err
		}
		s.ledger.Record(tx, actor.Entry("counsel.end", counselObject(c), "法律顾问到 "+day+" 为止"))
		return nil
	})
}

// counselOf lists the advisers of a unit on a day: persons and firms by id.
func counselOf(ctx context.Context, q db.Queryer, unit, day string) (map[string]bool, error) {
	advisers := make(map[string]bool)
	if unit == "" {
		return advisers, nil
	}
	var ids []string
	err := db.Select(ctx, q, &ids, `SELECT practitioner || org FROM counsel_contract
		WHERE unit = $1 AND (valid_from = '' OR valid_from <= $2) AND (valid_to = '' OR valid_to >= $2)`, unit, day)
	for _, id := range ids {
		advisers[id] = true
	}
	return advisers, err
}
