package stock

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/errs"
)

// Kind is the sort of printed matter.
type Kind string

// The kinds.
const (
	Handbook Kind = "handbook"
	Leaflet  Kind = "leaflet"
	Poster   Kind = "poster"
	Gift     Kind = "gift"
	Other    Kind = "other"
)

// Kinds lists them in the order of forms.
func Kinds() []Kind { return []Kind{Handbook, Leaflet, Poster, Gift, Other} }

// Label is the Chinese name.
func (k Kind) Label() string {
	switch k {
	case Handbook:
		return "手册"
	case Leaflet:
		return "折页"
	case Poster:
		return "海报"
	case Gift:
		return "宣传品"
	case Other:
		return "其他"
	}
	return string(k)
}

// Material is one title in one edition.
type Material struct {
	ID         string    `db:"id"`
	Title      string    `db:"title"`
	Law        string    `db:"law"`     // what it explains, "" for none
	Edition    string    `db:"edition"` // 2026年版
	Kind       Kind      `db:"kind"`
	Unit       string    `db:"unit"` // 册, 份, 张
	CompiledBy string    `db:"compiled_by"`
	Retired    bool      `db:"retired"` // no longer offered; its book stays
	Version    int       `db:"version"`
	Created    time.Time `db:"-"`
}

// Name is title and edition in one: 《农民工工资支付一本通》2026年版.
func (m Material) Name() string { return "《" + m.Title + "》" + m.Edition }

// Problems is what is wrong with it, field by field; nil when it can be saved.
func (m Material) Problems() []*errs.Error {
	var ps []*errs.Error
	bad := func(field, message string) {
		ps = append(ps, &errs.Error{Kind: errs.Invalid, Field: field, Message: message})
	}
	text := func(field, value, label string, most int, required bool) {
		switch n := utf8.RuneCountInString(value); {
		case required && n == 0:
			bad(field, "请填写"+label+"。")
		case n > most:
			bad(field, label+"太长，请缩短后再保存。")
		}
	}
	text("title", m.Title, "书名", 60, true)
	text("edition", m.Edition, "版次", 30, true)
	text("unit", m.Unit, "单位（册、份、张……）", 4, true)
	text("law", m.Law, "对应的法律", 60, false)
	text("compiled_by", m.CompiledBy, "编者", 60, false)
	if !slices.Contains(Kinds(), m.Kind) {
		bad("kind", "请选择种类。")
	}
	return ps
}

// tidy drops the white space people paste along, and the brackets that Name adds.
func (m *Material) tidy() {
	for _, field := range []*string{&m.Title, &m.Law, &m.Edition, &m.Unit, &m.CompiledBy} {
		*field = strings.Join(strings.Fields(*field), " ")
	}
	if inner, ok := strings.CutPrefix(m.Title, "《"); ok && strings.HasSuffix(inner, "》") && strings.Count(inner, "》") == 1 {
		m.Title = strings.TrimSuffix(inner, "》")
	}
}

// SaveMaterial adds a title and edition (Version 0), or changes one. The same
// title and edition twice is a Conflict, as is a stale version.
func (s *Store) SaveMaterial(ctx context.Context, actor auth.Actor, m Material) (_ Material, err error) {
	defer errs.Wrap(&err, "save material")
	if err := mayKeep(actor); err != nil {
		return m, err
	}
	m.tidy()
	if ps := m.Problems(); len(ps) > 0 {
		return m, ps[0]
	}
	err = s.db.Update(ctx, func(ctx context.Context, tx *db.Tx) error {
		saved, err := s.writeMaterial(ctx, tx, actor, m)
		if err != nil {
			return err
		}
		m = saved
		s.ledger.Record(tx, actor.Entry("material.save", "material:"+m.ID, "登记资料"+m.Name()))
		return nil
	})
	return m, err
}

// writeMaterial looks for the twin first: a failed INSERT would end the
// transaction on PostgreSQL. Of two that look at the same time the key decides.
func (s *Store) writeMaterial(ctx context.Context, tx *db.Tx, actor auth.Actor, m Material) (Material, error) {
	var twins int
	err := db.Get(ctx, tx, &twins, `SELECT count(*) FROM material WHERE title = $1 AND edition = $2 AND id <> $3`, m.Title, m.Edition, m.ID)
	if err != nil {
		return m, err
	}
	if twins > 0 {
		return m, &errs.Error{Kind: errs.Conflict, Field: "edition", Message: m.Name() + "已经登记过了，请到它的台账里入库，或者改一个版次。"}
	}
	now := s.now().UnixMilli()
	if m.Version == 0 {
		m.ID, m.Version = db.NewID(), 1
		_, err := db.Exec(ctx, tx, `INSERT INTO material (id, title, law, edition, kind, unit, compiled_by, retired, version,
			created_at, created_by, updated_at, updated_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 1, $9, $10, $9, $10)`,
			m.ID, m.Title, m.Law, m.Edition, m.Kind, m.Unit, m.CompiledBy, m.Retired, now, actor.ID)
		return m, err
	}
	n, err := db.Exec(ctx, tx, `UPDATE material SET title = $3, law = $4, edition = $5, kind = $6, unit = $7, compiled_by = $8,
		retired = $9, version = version + 1, updated_at = $10, updated_by = $11 WHERE id = $1 AND version = $2`,
		m.ID, m.Version, m.Title, m.Law, m.Edition, m.Kind, m.Unit, m.CompiledBy, m.Retired, now, actor.ID)
	if err == nil && n == 0 {
		err = errs.New(errs.Conflict, "这种资料刚被别人改过，请对照后再保存。", "material %s: version %d is stale", m.ID, m.Version)
	}
	m.Version++
	return m, err
}
