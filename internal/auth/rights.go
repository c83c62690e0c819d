package auth

import (
	"slices"
	"strconv"
	"strings"

	"github.com/songfa/songfa/internal/errs"
)

// Rights are what an account may do, and where.
type Rights struct {
	Roles   []Role
	Towns   []string // codes of the towns it works for; empty: all
	Columns []string // slugs of the columns it works on; empty: all
}

// maxScope bounds the lists: a district has some twenty towns.
const maxScope = 200

func (r *Rights) normalize() error {
	if len(r.Roles) == 0 {
		return errs.Bad("roles", "请至少选一个角色。")
	}
	for _, role := range r.Roles {
		if !slices.Contains(Roles, role) {
			return errs.Bad("roles", "没有这个角色，请重新选择。")
		}
	}
	r.Towns, r.Columns = tidy(r.Towns), tidy(r.Columns)
	if len(r.Towns) > maxScope {
		return errs.Bad("towns", "选的镇街太多了。不限镇街的，一个也不要选。")
	}
	if len(r.Columns) > maxScope {
		return errs.Bad("columns", "选的栏目太多了。不限栏目的，一个也不要选。")
	}
	if slices.Contains(r.Roles, Admin) && len(r.Towns)+len(r.Columns) > 0 {
		return errs.Bad("roles", "管理员管全部镇街和栏目：请去掉“管理员”，或者镇街和栏目都不选。")
	}
	return nil
}

// tidy sorts a list, each once, without blanks; never nil, which JSON would
// write as null.
func tidy(list []string) []string {
	out := []string{}
	for _, v := range list {
		if v = strings.TrimSpace(v); v != "" {
			out = append(out, v)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// String says the rights in a phrase, for the audit: 组织协调；2 个镇街.
func (r Rights) String() string {
	labels := make([]string, len(r.Roles))
	for i, role := range r.Roles {
		labels[i] = role.Label()
	}
	text := strings.Join(labels, "、")
	if n := len(r.Towns); n > 0 {
		text += "；" + strconv.Itoa(n) + " 个镇街"
	}
	if n := len(r.Columns); n > 0 {
		text += "；" + strconv.Itoa(n) + " 个栏目"
	}
	return text
}
