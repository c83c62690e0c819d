package admin

import (
	"slices"

	"github.com/songfa/songfa/content"
	"github.com/songfa/songfa/events"
	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/errs"
)

// rightsForm is what an account may do and where, as the form has it.
type rightsForm struct {
	auth.Rights
	AllRoles   []auth.Role
	AllTowns   []events.Town
	AllColumns []content.Column
	Problems   problems
}

// Has, In and On report whether the form has the role, the town, the column.
func (f rightsForm) Has(role auth.Role) bool { return slices.Contains(f.Roles, role) }
func (f rightsForm) In(code string) bool     { return slices.Contains(f.Towns, code) }
func (f rightsForm) On(slug string) bool     { return slices.Contains(f.Columns, slug) }
func (f rightsForm) Bad(field string) string { return f.Problems.At(field) }

// rightsForm reads what there is to choose from.
func (a *Admin) rightsForm(r *request, chosen auth.Rights, ps problems) (f rightsForm, err error) {
	f = rightsForm{Rights: chosen, AllRoles: auth.Roles, Problems: ps}
	if f.AllTowns, err = a.cfg.Events.Towns(r.ctx); err != nil {
		return f, err
	}
	f.AllColumns, err = a.cfg.Content.Columns(r.ctx)
	return f, err
}

// rights are those of the form that was sent.
func (r *request) rights() auth.Rights {
	rights := auth.Rights{Towns: slices.Clone(r.form["towns"]), Columns: slices.Clone(r.form["columns"])}
	for _, role := range r.form["roles"] {
		rights.Roles = append(rights.Roles, auth.Role(role))
	}
	return rights
}

// knownPlaces refuses towns and columns that do not exist: the accounts know
// neither.
func (a *Admin) knownPlaces(r *request, rights auth.Rights) error {
	f, err := a.rightsForm(r, rights, nil)
	if err != nil {
		return err
	}
	for _, code := range rights.Towns {
		if !slices.ContainsFunc(f.AllTowns, func(t events.Town) bool { return t.Code == code }) {
			return errs.Bad("towns", "没有这个镇街，请重新选择。")
		}
	}
	for _, slug := range rights.Columns {
		if !slices.ContainsFunc(f.AllColumns, func(c content.Column) bool { return c.Slug == slug }) {
			return errs.Bad("columns", "没有这个栏目，请重新选择。")
		}
	}
	return nil
}

// names are those of the towns and columns by their codes.
func (f rightsForm) names() map[string]string {
	names := make(map[string]string, len(f.AllTowns)+len(f.AllColumns))
	for _, t := range f.AllTowns {
		names[t.Code] = t.Name
	}
	for _, c := range f.AllColumns {
		names[c.Slug] = c.Name
	}
	return names
}

// scopeText names the towns and columns of an account for the list; "" is all.
func scopeText(names map[string]string, codes []string) string {
	text := ""
	for i, code := range codes {
		if i > 0 {
			text += "、"
		}
		if name := names[code]; name != "" {
			code = name
		}
		text += code
	}
	return text
}
