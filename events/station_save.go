package events

import (
	"context"
	"strconv"
	"strings"

	"github.com/mozillazg/go-pinyin"

	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/errs"
	"github.com/songfa/songfa/internal/ledger"
)

// SaveStation adds a station (Version 0), or changes the one with the same code
// when its version is still the one given.
func (s *Store) SaveStation(ctx context.Context, actor auth.Actor, st Station) (_ Station, err error) {
	defer errs.Wrap(&err, "save station %q", st.Code)
	if err := actor.Must(auth.Sessions); err != nil {
		return Station{}, err
	}
	if err := st.problems().err(); err != nil {
		return Station{}, err
	}
	err = s.db.Update(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := checkStation(ctx, tx, st); err != nil {
			return err
		}
		old := st.Code
		if st.Version == 0 {
			old = ""
		}
		if err := mayChange(ctx, tx, actor, townOfStation, old, st.Town); err != nil {
			return err
		}
		return s.putStation(ctx, tx, actor, st, "")
	})
	if err != nil {
		return Station{}, err
	}
	return s.Station(ctx, st.Code)
}

// checkStation refuses a town that does not exist, and a parent that does not
// or that stands no higher.
func checkStation(ctx context.Context, tx *db.Tx, st Station) error {
	if err := checkPlace(ctx, tx, Session{Town: st.Town}); err != nil {
		return err
	}
	if st.Parent == "" {
		return nil
	}
	var tier Tier
	err := db.Get(ctx, tx, &tier, `SELECT tier FROM station WHERE code = $1`, st.Parent)
	if err != nil && !errs.Is(err, errs.NotFound) {
		return err
	}
	return checkParent(st, tier)
}

// checkParent judges the tier of the station above; "" means there is none.
func checkParent(st Station, parent Tier) error {
	switch {
	case parent == "":
		return errs.Bad("parent", "没有编号为“"+st.Parent+"”的上级站点。")
	case parent.rank() >= st.Tier.rank():
		return errs.Bad("parent", st.Tier.Label()+"的上级不能是"+parent.Label()+"，请填写更高一级的站点。")
	}
	return nil
}

// putStation inserts (Version 0) or updates by code and writes the books. hash
// is that of the CSV row it comes from, "" when a person made the change.
func (s *Store) putStation(ctx context.Context, tx *db.Tx, actor auth.Actor, st Station, hash string) (err error) {
	var id, action, summary string
	if st.Version == 0 {
		action, summary = "station.create", "新建站点"
		id, err = s.insertStation(ctx, tx, actor, st, hash)
	} else {
		action, summary = "station.save", "修改站点"
		id, err = s.updateStation(ctx, tx, actor, st, hash)
	}
	if err != nil {
		return err
	}
	s.ledger.Record(tx, actor.Entry(action, "station:"+id, summary+"“"+st.Name+"”"), ledger.Change{Kind: journalStation, ID: id})
	return nil
}

func (s *Store) insertStation(ctx context.Context, tx *db.Tx, actor auth.Actor, st Station, hash string) (id string, err error) {
	var taken int
	if err := db.Get(ctx, tx, &taken, `SELECT count(*) FROM station WHERE code = $1`, st.Code); err != nil {
		return "", err
	}
	if taken > 0 {
		return "", errs.New(errs.Conflict, "已经有编号为“"+st.Code+"”的站点，请换一个编号。", "station %s exists", st.Code)
	}
	id = db.NewID()
	_, err = db.Exec(ctx, tx, `INSERT INTO station (id, code, tier, parent, name, town, address, phone, hours, bus, note,
		valid_from, valid_to, import_hash, import_version, version, created_at, created_by, updated_at, updated_by)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, 1, 1, $15, $16, $15, $16)`,
		id, st.Code, st.Tier, st.Parent, st.Name, st.Town, st.Address, st.Phone, st.Hours, st.Bus, st.Note,
		st.ValidFrom, st.ValidTo, hash, s.now().UnixMilli(), actor.ID)
	return id, err
}

func (s *Store) updateStation(ctx context.Context, tx *db.Tx, actor auth.Actor, st Station, hash string) (id string, err error) {
	err = db.Get(ctx, tx, &id, `UPDATE station SET tier = $3, parent = $4, name = $5, town = $6, address = $7, phone = $8,
		hours = $9, bus = $10, note = $11, valid_from = $12, valid_to = $13, version = version + 1,
		import_hash = CASE WHEN $14 = '' THEN import_hash ELSE $14 END,
		import_version = CASE WHEN $14 = '' THEN import_version ELSE version + 1 END, updated_at = $15, updated_by = $16
		WHERE code = $1 AND version = $2 RETURNING id`,
		st.Code, st.Version, st.Tier, st.Parent, st.Name, st.Town, st.Address, st.Phone, st.Hours, st.Bus, st.Note,
		st.ValidFrom, st.ValidTo, hash, s.now().UnixMilli(), actor.ID)
	if errs.Is(err, errs.NotFound) {
		return "", errs.New(errs.Conflict, "该站点已被他人修改，请对照新的内容后再保存。", "station %s: version %d is stale", st.Code, st.Version)
	}
	return id, err
}

// ensureTown finds the town by name, or adds it at the end of the order.
func (s *Store) ensureTown(ctx context.Context, tx *db.Tx, actor auth.Actor, name string) (string, error) {
	var towns []Town
	if err := db.Select(ctx, tx, &towns, `SELECT code, name, ord FROM town`); err != nil {
		return "", err
	}
	taken, last := make(map[string]bool), 0
	for _, t := range towns {
		if t.Name == name {
			return t.Code, nil
		}
		taken[t.Code], last = true, max(last, t.Order)
	}
	code := townCode(name, taken)
	_, err := db.Exec(ctx, tx, `INSERT INTO town (code, name, ord) VALUES ($1, $2, $3)`, code, name, last+1)
	if err != nil {
		return "", err
	}
	s.ledger.Record(tx, actor.Entry("town.create", "town:"+code, "新建镇街“"+name+"”"), ledger.Change{Kind: journalSite, ID: "towns"})
	return code, nil
}

// townCode spells the name without its 镇, 街道 or 乡: 东湖镇 is donghu. A taken
// code gets a number.
func townCode(name string, taken map[string]bool) string {
	short := name
	for _, suffix := range []string{"街道办事处", "街道", "镇", "乡"} {
		if rest, ok := strings.CutSuffix(name, suffix); ok && rest != "" {
			short = rest
			break
		}
	}
	base := strings.Join(pinyin.LazyConvert(short, nil), "")
	if base = base[:min(len(base), 16)]; base == "" {
		base = "town"
	}
	code := base
	for n := 2; taken[code]; n++ {
		code = base + strconv.Itoa(n)
	}
	return code
}
