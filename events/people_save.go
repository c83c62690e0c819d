package events

import (
	"context"
	"slices"

	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/errs"
	"github.com/songfa/songfa/internal/vault"
)

// SavePerson adds a person (id ""), who gets a personal link at once, or changes
// the one whose version is still the one given. An empty telephone or e-mail
// keeps what is there.
func (s *Store) SavePerson(ctx context.Context, actor auth.Actor, id string, version int, form PersonForm) (_ Person, err error) {
	defer errs.Wrap(&err, "save person %q", id)
	if err := actor.Must(auth.Sessions); err != nil {
		return Person{}, err
	}
	if err := problems(form.Problems()).err(); err != nil {
		return Person{}, err
	}
	typed := Contact{Name: form.Name, Email: form.Email}
	if form.Phone != "" {
		if typed.Phone, err = vault.Phone(form.Phone); err != nil {
			return Person{}, err
		}
	}
	fresh := id == ""
	if fresh {
		id = db.NewID()
	}
	err = s.db.Update(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := checkPerson(ctx, tx, id, form); err != nil {
			return err
		}
		if err := mayKeep(ctx, tx, actor, id, form); err != nil {
			return err
		}
		if fresh {
			return s.insertPerson(ctx, tx, actor, id, form, typed)
		}
		return s.updatePerson(ctx, tx, actor, id, version, form, typed)
	})
	if err != nil {
		return Person{}, err
	}
	return s.PersonByID(ctx, actor, id)
}

// mayKeep refuses people of other towns, and such as would then be.
func mayKeep(ctx context.Context, tx *db.Tx, actor auth.Actor, id string, form PersonForm) error {
	if len(actor.Towns) == 0 {
		return nil
	}
	if err := oursPerson(ctx, tx, actor, id, true); err != nil {
		return err
	}
	if !slices.ContainsFunc(form.Towns, actor.InTown) {
		return errs.Bad("towns", "您的账号只负责部分镇街，请至少选其中的一个镇街。")
	}
	return oursBy(ctx, tx, actor, townOfOrg, form.Org)
}

// checkPerson refuses an organisation or town that does not exist, and a licence
// that somebody else has.
func checkPerson(ctx context.Context, tx *db.Tx, id string, form PersonForm) error {
	if form.Org != "" {
		var n int
		if err := db.Get(ctx, tx, &n, `SELECT count(*) FROM legal_org WHERE id = $1`, form.Org); err != nil {
			return err
		}
		if n == 0 {
			return errs.Bad("org", "没有这家机构，请从列表中选择，或先添加机构。")
		}
	}
	for _, town := range form.Towns {
		if err := checkPlace(ctx, tx, Session{Town: town}); err != nil {
			return errs.Bad("towns", "没有这个镇街，请从列表中选择。")
		}
	}
	if form.Licence == "" {
		return nil
	}
	var other string
	err := db.Get(ctx, tx, &other, `SELECT name FROM practitioner WHERE licence = $1 AND id <> $2`, form.Licence, id)
	if errs.Is(err, errs.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	return errs.Bad("licence", "这个执业证号已经登记在“"+other+"”名下，请核对；是同一个人就不用再添加。")
}

func (s *Store) insertPerson(ctx context.Context, tx *db.Tx, actor auth.Actor, id string, form PersonForm, c Contact) error {
	sealed, err := s.vault.Seal(personContext(id), c)
	if err != nil {
		return err
	}
	_, err = db.Exec(ctx, tx, `INSERT INTO practitioner (id, kind, name, org, licence, skills, languages, towns, active_from, active_to,
		personal, phone_blind, link_no, link_blind, feed_no, feed_blind, version, created_at, created_by, updated_at, updated_by)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 1, $13, 1, $14, 1, $15, $16, $15, $16)`,
		id, form.Kind, form.Name, form.Org, form.Licence, db.JSON(form.Skills), db.JSON(form.Languages), db.JSON(form.Towns),
		form.ActiveFrom, form.ActiveTo, sealed, s.phoneBlind(c.Phone),
		s.linkBlind(linkKind, id, 1), s.linkBlind(feedKind, id, 1), s.now().UnixMilli(), actor.ID)
	if err != nil {
		return err
	}
	s.ledger.Record(tx, actor.Entry("person.create", personContext(id), "添加"+form.Kind.Label()))
	return nil
}

func (s *Store) updatePerson(ctx context.Context, tx *db.Tx, actor auth.Actor, id string, version int, form PersonForm, typed Contact) error {
	old, err := s.getPerson(ctx, tx, "p.id = $1", id)
	if err != nil {
		return err
	}
	c := merge(old.contact, typed, form)
	sealed, err := s.vault.Seal(personContext(id), c)
	if err != nil {
		return err
	}
	n, err := db.Exec(ctx, tx, `UPDATE practitioner SET kind = $3, name = $4, org = $5, licence = $6, skills = $7, languages = $8, towns = $9,
		active_from = $10, active_to = $11, personal = $12, phone_blind = $13, version = version + 1, updated_at = $14, updated_by = $15
		WHERE id = $1 AND version = $2`,
		id, version, form.Kind, form.Name, form.Org, form.Licence, db.JSON(form.Skills), db.JSON(form.Languages), db.JSON(form.Towns),
		form.ActiveFrom, form.ActiveTo, sealed, s.phoneBlind(c.Phone), s.now().UnixMilli(), actor.ID)
	if err != nil {
		return err
	}
	if n == 0 {
		return errs.New(errs.Conflict, "这个人的资料已被他人修改。请对照新的内容后再保存。", "person %s: version %d is stale, now %d", id, version, old.Version)
	}
	s.ledger.Record(tx, actor.Entry("person.save", personContext(id), "修改"+form.Kind.Label()+"资料"))
	return nil
}

// merge keeps what was not typed anew.
func merge(old, typed Contact, form PersonForm) Contact {
	if typed.Phone == "" && !form.ForgetPhone {
		typed.Phone = old.Phone
	}
	if typed.Email == "" && !form.ForgetEmail {
		typed.Email = old.Email
	}
	return typed
}

func (s *Store) phoneBlind(phone string) string {
	if phone == "" {
		return ""
	}
	return s.vault.Blind("practitioner phone", phone)
}

// SaveLegalOrg adds an organisation (Version 0) or changes the one whose version
// is still the one given.
func (s *Store) SaveLegalOrg(ctx context.Context, actor auth.Actor, o LegalOrg) (id string, err error) {
	defer errs.Wrap(&err, "save legal organisation %q", o.ID)
	if err := actor.Must(auth.Sessions); err != nil {
		return "", err
	}
	if err := problems(o.Problems()).err(); err != nil {
		return "", err
	}
	if o.Version == 0 {
		o.ID = db.NewID()
	}
	err = s.db.Update(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := checkPlace(ctx, tx, Session{Town: o.Town}); err != nil {
			return err
		}
		was := o.ID
		if o.Version == 0 {
			was = ""
		}
		if err := mayChange(ctx, tx, actor, townOfOrg, was, o.Town); err != nil {
			return err
		}
		if err := freeOrgName(ctx, tx, o); err != nil {
			return err
		}
		return s.putLegalOrg(ctx, tx, actor, o)
	})
	return o.ID, err
}

func freeOrgName(ctx context.Context, tx *db.Tx, o LegalOrg) error {
	var n int
	if err := db.Get(ctx, tx, &n, `SELECT count(*) FROM legal_org WHERE name = $1 AND id <> $2`, o.Name, o.ID); err != nil {
		return err
	}
	if n > 0 {
		return errs.Bad("name", "已经有叫“"+o.Name+"”的机构，不用再添加。")
	}
	return nil
}

func (s *Store) putLegalOrg(ctx context.Context, tx *db.Tx, actor auth.Actor, o LegalOrg) error {
	action, summary, now := "org.save", "修改机构“"+o.Name+"”", s.now().UnixMilli()
	if o.Version == 0 {
		action, summary = "org.create", "添加机构“"+o.Name+"”"
		_, err := db.Exec(ctx, tx, `INSERT INTO legal_org (id, kind, name, town, valid_from, valid_to, version, created_at, created_by, updated_at, updated_by)
			VALUES ($1, $2, $3, $4, $5, $6, 1, $7, $8, $7, $8)`, o.ID, o.Kind, o.Name, o.Town, o.ValidFrom, o.ValidTo, now, actor.ID)
		if err != nil {
			return err
		}
	} else {
		n, err := db.Exec(ctx, tx, `UPDATE legal_org SET kind = $3, name = $4, town = $5, valid_from = $6, valid_to = $7,
			version = version + 1, updated_at = $8, updated_by = $9 WHERE id = $1 AND version = $2`,
			o.ID, o.Version, o.Kind, o.Name, o.Town, o.ValidFrom, o.ValidTo, now, actor.ID)
		if err != nil {
			return err
		}
		if n == 0 {
			return errs.New(errs.Conflict, "这家机构已被他人修改，请刷新后再改。", "org %s: version %d is stale", o.ID, o.Version)
		}
	}
	s.ledger.Record(tx, actor.Entry(action, "org:"+o.ID, summary))
	return nil
}
