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
		return s.putStation(ctx, tx, actor, st)
	})
	if err != nil {
		return Station{}, err
	}
	return s.Station(ctx, st.Code)
}

// checkStation refuses a parent or a town that does not exist.
func checkStation(ctx context.Context, tx *db.Tx, st Station) error {
	if err := checkPlace(ctx, tx, Session{Town: st.Town, Station: st.Parent}); err != nil {
		if errs.FieldOf(err) == "station" {
			return errs.Bad("parent", "没有编号为“"+st.Parent+"”的上级站点。")
		}
		return err
	}
	return nil
}

// putStation inserts or updates by code and writes the books.
func (s *Store) putStation(ctx context.Context, tx *db.Tx, actor auth.Actor, st Station) error {
	var id string
	now := s.now().UnixMilli()
	action, summary := "station.save", "修改站点"
	var err error
	if st.Version == 0 {
		action, summary = "station.create", "新建站点"
		err = db.Get(ctx, tx, &id, `INSERT INTO station (id, code, tier, parent, name, town, address, phone, hours, bus, note,
			valid_from, valid_to, version, created_at, created_by, updated_at, updated_by)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, 1, $14, $15, $14, $15) RETURNING id`,
			db.NewID(), st.Code, st.Tier, st.Parent, st.Name, st.Town, st.Address, st.Phone, st.Hours, st.Bus, st.Note,
			st.ValidFrom, st.ValidTo, now, actor.ID)
		if db.IsUnique(err) {
			return errs.New(errs.Conflict, "已经有编号为“"+st.Code+"”的站点，请换一个编号。", "%w", err)
		}
	} else {
		err = db.Get(ctx, tx, &id, `UPDATE station SET tier = $3, parent = $4, name = $5, town = $6, address = $7, phone = $8,
			hours = $9, bus = $10, note = $11, valid_from = $12, valid_to = $13, version = version + 1,
			updated_at = $14, updated_by = $15 WHERE code = $1 AND version = $2 RETURNING id`,
			st.Code, st.Version, st.Tier, st.Parent, st.Name, st.Town, st.Address, st.Phone, st.Hours, st.Bus, st.Note,
			st.ValidFrom, st.ValidTo, now, actor.ID)
		if errs.Is(err, errs.NotFound) {
			return errs.New(errs.Conflict, "该站点已被他人修改，请对照新的内容后再保存。", "station %s: version %d is stale", st.Code, st.Version)
		}
	}
	if err != nil {
		return err
	}
	s.ledger.Record(tx, actor.Entry(action, "station:"+id, summary+"“"+st.Name+"”"), ledger.Change{Kind: journalStation, ID: id})
	return nil
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
