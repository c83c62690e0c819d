package events

import (
	"context"
	"strings"

	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/errs"
	"github.com/songfa/songfa/internal/vault"
)

const personColumns = `p.id, p.version, p.kind, p.name, p.org, COALESCE(o.name, '') AS org_name, p.licence, p.skills, p.languages,
	p.towns, p.active_from, p.active_to, p.personal, p.link_no, p.link_blind, p.feed_no, p.feed_blind`

const personTables = ` FROM practitioner p LEFT JOIN legal_org o ON o.id = p.org `

// personRow is a person as the database holds it.
type personRow struct {
	Person
	SkillsJSON    string  `db:"skills"`
	LanguagesJSON string  `db:"languages"`
	TownsJSON     string  `db:"towns"`
	Personal      string  `db:"personal"`
	LinkNo        int     `db:"link_no"`
	LinkBlind     *string `db:"link_blind"`
	FeedNo        int     `db:"feed_no"`
	FeedBlind     *string `db:"feed_blind"`
	contact       Contact
}

// personContext binds what is sealed to its row.
func personContext(id string) string { return "practitioner:" + id }

// open finishes what the scan could not do.
func (s *Store) openPerson(r *personRow) error {
	for text, dst := range map[string]*[]string{r.SkillsJSON: &r.Skills, r.LanguagesJSON: &r.Languages, r.TownsJSON: &r.Towns} {
		if err := db.FromJSON(text, dst); err != nil {
			return err
		}
	}
	if err := s.vault.Open(personContext(r.ID), r.Personal, &r.contact); err != nil {
		return err
	}
	if r.contact.Phone != "" {
		r.Phone = vault.MaskPhone(r.contact.Phone)
	}
	r.Email = maskEmail(r.contact.Email)
	r.HasLink, r.HasFeed = r.LinkBlind != nil, r.FeedBlind != nil
	return nil
}

// maskEmail shows the first character and the host: l***@example.com.
func maskEmail(address string) string {
	name, host, ok := strings.Cut(address, "@")
	if !ok {
		return ""
	}
	return string([]rune(name)[:1]) + "***@" + host
}

func (s *Store) selectPeople(ctx context.Context, q db.Queryer, tail string, args ...any) ([]personRow, error) {
	var rows []personRow
	if err := db.Select(ctx, q, &rows, `SELECT `+personColumns+personTables+tail, args...); err != nil {
		return nil, err
	}
	for i := range rows {
		if err := s.openPerson(&rows[i]); err != nil {
			return nil, err
		}
	}
	return rows, nil
}

func (s *Store) getPerson(ctx context.Context, q db.Queryer, where string, arg any) (personRow, error) {
	var row personRow
	err := db.Get(ctx, q, &row, `SELECT `+personColumns+personTables+`WHERE `+where, arg)
	if errs.Is(err, errs.NotFound) {
		return row, errs.New(errs.NotFound, "没有找到这个人，可能名单已经调整。请回到人员名单重新查找。", "%w", err)
	}
	if err != nil {
		return row, err
	}
	return row, s.openPerson(&row)
}

// PeopleFilter narrows the list of people; zero fields do not.
type PeopleFilter struct {
	Text   string // part of name, organisation or licence
	Kind   Role
	Org    string // id
	Former bool   // also those whose service has ended
}

// allPeople is more than a district has; the list has no second page.
const allPeople = 2000

// People lists who serves, by role and name; for coordinators.
func (s *Store) People(ctx context.Context, actor auth.Actor, f PeopleFilter) (_ []Person, err error) {
	defer errs.Wrap(&err, "list people")
	if err := actor.Must(auth.Sessions); err != nil {
		return nil, err
	}
	towns, args := peopleCond(actor, 0)
	where := "WHERE TRUE" + towns
	add := func(cond string, value any) {
		args = append(args, value)
		where += " AND " + strings.ReplaceAll(cond, "?", db.Placeholder(len(args)))
	}
	if text := oneLine(f.Text); text != "" {
		add(`(lower(p.name) LIKE ? ESCAPE '\' OR lower(COALESCE(o.name, '')) LIKE ? ESCAPE '\' OR lower(p.licence) LIKE ? ESCAPE '\')`, containing(text))
	}
	if f.Kind != "" {
		add("p.kind = ?", f.Kind)
	}
	if f.Org != "" {
		add("p.org = ?", f.Org)
	}
	if !f.Former {
		add("(p.active_to = '' OR p.active_to >= ?)", dateOf(s.now()))
	}
	args = append(args, allPeople)
	rows, err := s.selectPeople(ctx, s.db.Reader(), where+` ORDER BY p.kind, p.name, p.id LIMIT `+db.Placeholder(len(args)), args...)
	if err != nil {
		return nil, err
	}
	people := make([]Person, len(rows))
	for i := range rows {
		people[i] = rows[i].Person
	}
	return people, nil
}

// containing is a LIKE pattern for a text taken literally.
func containing(text string) string {
	return "%" + strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(strings.ToLower(text)) + "%"
}

// PersonByID finds a person; for coordinators.
func (s *Store) PersonByID(ctx context.Context, actor auth.Actor, id string) (_ Person, err error) {
	defer errs.Wrap(&err, "person %s", id)
	if err := actor.Must(auth.Sessions); err != nil {
		return Person{}, err
	}
	if err := oursPerson(ctx, s.db.Reader(), actor, id, false); err != nil {
		return Person{}, err
	}
	row, err := s.getPerson(ctx, s.db.Reader(), "p.id = $1", id)
	return row.Person, err
}

// RevealPerson returns telephone (as one dials it) and e-mail in clear, for
// somebody who is about to phone. Why stands in the audit.
func (s *Store) RevealPerson(ctx context.Context, actor auth.Actor, id, why string) (phone, email string, err error) {
	defer errs.Wrap(&err, "reveal person %s", id)
	if err := actor.Must(auth.Sessions); err != nil {
		return "", "", err
	}
	if err := oursPerson(ctx, s.db.Reader(), actor, id, false); err != nil {
		return "", "", err
	}
	var ps problems
	why = oneLine(why)
	ps.text("why", "查看原因", why, 2, 100)
	if err := ps.err(); err != nil {
		return "", "", err
	}
	err = s.db.Update(ctx, func(ctx context.Context, tx *db.Tx) error {
		row, err := s.getPerson(ctx, tx, "p.id = $1", id)
		if err != nil {
			return err
		}
		phone, email = vault.LocalPhone(row.contact.Phone), row.contact.Email
		s.ledger.Record(tx, actor.Entry("person.reveal", personContext(id), "查看联系方式："+why))
		return nil
	})
	return phone, email, err
}

// LegalOrgs lists the organisations by kind and name. Those that have ended are
// left out unless former is set.
func (s *Store) LegalOrgs(ctx context.Context, actor auth.Actor, former bool) (orgs []LegalOrg, err error) {
	defer errs.Wrap(&err, "list legal organisations")
	towns, more := inTownsOrNone(actor, "o.town", 2)
	err = db.Select(ctx, s.db.Reader(), &orgs, `SELECT o.id, o.version, o.kind, o.name, o.town, o.valid_from, o.valid_to,
		(SELECT count(*) FROM practitioner p WHERE p.org = o.id AND (p.active_to = '' OR p.active_to >= $1)) AS people
		FROM legal_org o WHERE ($2 OR o.valid_to = '' OR o.valid_to >= $1)`+towns+` ORDER BY o.kind, o.name`, append([]any{dateOf(s.now()), former}, more...)...)
	return orgs, err
}
