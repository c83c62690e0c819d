package content

import (
	"context"
	"slices"
	"strings"

	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/errs"
	"github.com/songfa/songfa/internal/vault"
)

// Approver is a leader who decides by a link and has no account. Stages name
// approvers beside accounts.
type Approver struct {
	ID      string
	Version int64
	Name    string
	Post    string // 副局长
	Phone   string // masked when read; "" in a save keeps the old one
	Active  bool
}

// approverPrefix begins the id under which an approver acts.
const approverPrefix = "approver:"

// Person is the id under which the approver is named in stages and acts.
func (a Approver) Person() string { return approverPrefix + a.ID }

// Label is the name with the post.
func (a Approver) Label() string { return strings.TrimSpace(a.Name + " " + a.Post) }

// approverCard is what is sealed of an approver.
type approverCard struct{ Name, Post, Phone string }

type approverRow struct {
	ID      string `db:"id"`
	Version int64  `db:"version"`
	Sealed  string `db:"sealed"`
	Active  bool   `db:"active"`
}

func (s *Store) approver(r approverRow) (Approver, approverCard, error) {
	var card approverCard
	err := s.cfg.Vault.Open("approver:"+r.ID, r.Sealed, &card)
	return Approver{ID: r.ID, Version: r.Version, Name: card.Name, Post: card.Post, Phone: vault.MaskPhone(card.Phone), Active: r.Active}, card, err
}

// Approvers lists all, active ones first, by name.
func (s *Store) Approvers(ctx context.Context, actor auth.Actor) (_ []Approver, err error) {
	defer errs.Wrap(&err, "list approvers")
	if err := actor.Must(auth.Write); err != nil {
		return nil, err
	}
	var rows []approverRow
	if err := db.Select(ctx, s.cfg.DB.Reader(), &rows, `SELECT id, version, sealed, active FROM approver ORDER BY created_at, id`); err != nil {
		return nil, err
	}
	list := make([]Approver, len(rows))
	for i, r := range rows {
		if list[i], _, err = s.approver(r); err != nil {
			return nil, err
		}
	}
	slices.SortStableFunc(list, func(a, b Approver) int {
		if a.Active != b.Active {
			if a.Active {
				return -1
			}
			return 1
		}
		return strings.Compare(a.Name, b.Name)
	})
	return list, nil
}

// SaveApprover enters a leader, when ID is "", or changes one.
func (s *Store) SaveApprover(ctx context.Context, actor auth.Actor, a Approver) (_ Approver, err error) {
	defer errs.Wrap(&err, "save approver")
	if err := actor.Must(auth.Import); err != nil {
		return a, err
	}
	card := approverCard{Name: oneLine(a.Name), Post: oneLine(a.Post)}
	if n := len([]rune(card.Name)); n == 0 || n > 30 || len([]rune(card.Post)) > 30 {
		return a, errs.Bad("name", "请写姓名和职务，各不超过 30 个字。")
	}
	if strings.TrimSpace(a.Phone) != "" {
		if card.Phone, err = vault.Phone(a.Phone); err != nil {
			return a, err
		}
	}
	if a.ID == "" && card.Phone == "" {
		return a, errs.Bad("phone", "请写手机号：链接和口令要发到本人手上。")
	}
	err = s.cfg.DB.Update(ctx, func(ctx context.Context, tx *db.Tx) error {
		a, err = s.putApprover(ctx, tx, a, card)
		summary := "登记审批领导"
		if a.Version > 1 {
			summary = "修改审批领导"
		}
		s.cfg.Ledger.Record(tx, actor.Entry("approver.save", "approver:"+a.ID, summary))
		return err
	})
	return a, err
}

func (s *Store) putApprover(ctx context.Context, tx *db.Tx, a Approver, card approverCard) (Approver, error) {
	now := s.now().UnixMilli()
	if a.ID == "" {
		a.ID, a.Version = db.NewID(), 0
	} else {
		var r approverRow
		if err := db.Get(ctx, tx, &r, `SELECT id, version, sealed, active FROM approver WHERE id = $1`, a.ID); err != nil {
			return a, notFound(err, "没有登记这位领导。")
		}
		if r.Version != a.Version {
			return a, errs.New(errs.Conflict, "刚被别人改过，请刷新再改。", "approver %s has version %d", a.ID, r.Version)
		}
		_, old, err := s.approver(r)
		if err != nil {
			return a, err
		}
		if card.Phone == "" {
			card.Phone = old.Phone
		}
	}
	a.Version++
	sealed, err := s.cfg.Vault.Seal("approver:"+a.ID, card)
	if err != nil {
		return a, err
	}
	a.Name, a.Post, a.Phone = card.Name, card.Post, vault.MaskPhone(card.Phone)
	_, err = db.Exec(ctx, tx, `INSERT INTO approver (id, version, sealed, phone_bidx, active, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $6)
		ON CONFLICT (id) DO UPDATE SET version = $2, sealed = $3, phone_bidx = $4, active = $5, updated_at = $6`,
		a.ID, a.Version, sealed, s.cfg.Vault.Blind("approver", card.Phone), a.Active, now)
	return a, err
}

// actorOf is the person of a link as they act now: an approver, or an account
// with the roles it has today.
func (s *Store) actorOf(ctx context.Context, person string) (auth.Actor, error) {
	gone := errs.New(errs.Gone, "这位审批人已经停用，请发送人换一位。", "person %s is not active", person)
	id, ok := strings.CutPrefix(person, approverPrefix)
	if !ok {
		if s.cfg.Account == nil {
			return auth.Actor{}, gone
		}
		return s.cfg.Account(ctx, person)
	}
	var r approverRow
	err := db.Get(ctx, s.cfg.DB.Reader(), &r, `SELECT id, version, sealed, active FROM approver WHERE id = $1`, id)
	if errs.Is(err, errs.NotFound) || err == nil && !r.Active {
		return auth.Actor{}, gone
	}
	if err != nil {
		return auth.Actor{}, err
	}
	a, _, err := s.approver(r)
	return auth.Actor{ID: person, Name: a.Label()}, err
}
