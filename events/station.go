package events

import (
	"slices"
	"time"
)

// Tier is the level of a station.
type Tier string

// The tiers, from the top.
const (
	Center     Tier = "center"     // 中心
	TownTier   Tier = "town"       // 镇街工作站
	Department Tier = "department" // 部门工作站
	Point      Tier = "point"      // 联络点
)

// Tiers lists them from the top.
func Tiers() []Tier { return []Tier{Center, TownTier, Department, Point} }

// Label is the Chinese name.
func (t Tier) Label() string {
	switch t {
	case Center:
		return "中心"
	case TownTier:
		return "镇街工作站"
	case Department:
		return "部门工作站"
	case Point:
		return "联络点"
	}
	return string(t)
}

// Valid reports whether it is one of the tiers.
func (t Tier) Valid() bool { return slices.Contains(Tiers(), t) }

// rank orders the tiers; a parent must stand above.
func (t Tier) rank() int {
	switch t {
	case Center:
		return 0
	case TownTier, Department:
		return 1
	}
	return 2
}

// Town is a 镇 or 街道.
type Town struct {
	Code  string `db:"code"` // in addresses: donghu
	Name  string `db:"name"` // 东湖镇
	Order int    `db:"ord"`
}

// Station is a place where people find legal help.
type Station struct {
	ID        string    `db:"id"`
	Code      string    `db:"code"` // T01
	Version   int       `db:"version"`
	Tier      Tier      `db:"tier"`
	Parent    string    `db:"parent"` // code of the station above
	Name      string    `db:"name"`
	Town      string    `db:"town"` // code of the town
	TownName  string    `db:"town_name"`
	Address   string    `db:"address"`
	Phone     string    `db:"phone"`
	Hours     string    `db:"hours"`
	Bus       string    `db:"bus"`
	Note      string    `db:"note"`
	ValidFrom string    `db:"valid_from"` // first and last day it serves, "" without limit
	ValidTo   string    `db:"valid_to"`
	Updated   time.Time `db:"-"`
}

// Serves reports whether the station is open to the public on the day of t.
func (s Station) Serves(t time.Time) bool {
	day := dateOf(t)
	return (s.ValidFrom == "" || s.ValidFrom <= day) && (s.ValidTo == "" || day <= s.ValidTo)
}

// problems lists what keeps the station from being saved, after clearing up
// spaces. Whether parent and town exist is the store's to know.
func (s *Station) problems() problems {
	for _, field := range []*string{&s.Code, &s.Parent, &s.Name, &s.Town, &s.Address, &s.Hours, &s.Bus, &s.Note} {
		*field = oneLine(*field)
	}
	s.Phone = narrow(oneLine(s.Phone))
	var ps problems
	if !codeShape.MatchString(s.Code) {
		ps.add("code", "编号“%s”只能用字母、数字和短横线，最多 20 位。", s.Code)
	}
	if !s.Tier.Valid() {
		ps.add("tier", "级别“%s”无法识别，请填写 center、town、department 或 point。", s.Tier)
	}
	if s.Parent == s.Code {
		ps.add("parent", "上级站点不能是自己。")
	}
	ps.text("name", "名称", s.Name, 2, 60)
	ps.text("address", "地址", s.Address, 1, 120)
	ps.text("hours", "开放时间", s.Hours, 0, 120)
	ps.text("bus", "公交", s.Bus, 0, 120)
	ps.text("note", "说明", s.Note, 0, 300)
	ps.officePhone("phone", s.Phone)
	for field, day := range map[string]string{"valid_from": s.ValidFrom, "valid_to": s.ValidTo} {
		if _, err := time.Parse(time.DateOnly, day); day != "" && err != nil {
			ps.add(field, "日期“%s”应写成 2026-01-31。", day)
		}
	}
	if s.ValidFrom != "" && s.ValidTo != "" && s.ValidTo < s.ValidFrom {
		ps.add("valid_to", "结束日期早于开始日期。")
	}
	return ps
}
