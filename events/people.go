package events

import (
	"net/mail"
	"regexp"
	"slices"
	"strings"
	"time"
)

// Role is what somebody is at a session: a lawyer, a volunteer or staff.
type Role string

// The roles.
const (
	RoleLawyer    Role = "lawyer"
	RoleVolunteer Role = "volunteer"
	RoleStaff     Role = "staff"
)

// Roles lists them in the order of forms.
func Roles() []Role { return []Role{RoleLawyer, RoleVolunteer, RoleStaff} }

// Label is the Chinese name.
func (r Role) Label() string {
	switch r {
	case RoleLawyer:
		return "律师"
	case RoleVolunteer:
		return "志愿者"
	case RoleStaff:
		return "工作人员"
	}
	return string(r)
}

// Valid reports whether it is one of the roles.
func (r Role) Valid() bool { return slices.Contains(Roles(), r) }

// Person is somebody who serves at sessions: a lawyer of a firm, a volunteer, a
// member of the staff of a judicial office. Telephone and e-mail are masked; see
// [Store.RevealPerson].
type Person struct {
	ID         string   `db:"id"`
	Version    int      `db:"version"`
	Kind       Role     `db:"kind"`
	Name       string   `db:"name"`
	Org        string   `db:"org"`      // id, "" for none
	OrgName    string   `db:"org_name"` // "" for none
	Licence    string   `db:"licence"`  // 执业证号
	Skills     []string `db:"-"`        // 工资, 工伤 …
	Languages  []string `db:"-"`        // 方言, 民族语言, 手语
	Towns      []string `db:"-"`        // codes of towns near by
	ActiveFrom string   `db:"active_from"`
	ActiveTo   string   `db:"active_to"`
	Phone      string   `db:"-"` // masked, "" for none
	Email      string   `db:"-"` // masked, "" for none
	HasLink    bool     `db:"-"` // the personal link is open
	HasFeed    bool     `db:"-"`
}

// Active reports whether the person serves on the day of t.
func (p Person) Active(t time.Time) bool { return within(dateOf(t), p.ActiveFrom, p.ActiveTo) }

// within reports whether a day is in a range whose ends may be open ("").
func within(day, from, to string) bool {
	return (from == "" || from <= day) && (to == "" || day <= to)
}

// PersonForm is what staff fill in for a person.
type PersonForm struct {
	Kind                     Role
	Name                     string
	Org                      string // id, "" for none
	Licence                  string
	Skills, Languages        []string
	Towns                    []string // codes
	ActiveFrom, ActiveTo     string   // 2006-01-02, "" without limit
	Phone, Email             string   // as typed; "" keeps what is there
	ForgetPhone, ForgetEmail bool     // take away what is there
}

// Form is the person as a form shows it: without telephone and e-mail, which an
// empty field keeps.
func (p Person) Form() PersonForm {
	return PersonForm{Kind: p.Kind, Name: p.Name, Org: p.Org, Licence: p.Licence, Skills: p.Skills, Languages: p.Languages,
		Towns: p.Towns, ActiveFrom: p.ActiveFrom, ActiveTo: p.ActiveTo}
}

// licenceShape is that of a 执业证号: 17 digits for lawyers, other bodies give
// letters too.
var licenceShape = regexp.MustCompile(`^[0-9A-Z-]{4,24}$`)

// Problems lists everything that keeps the form from being saved, after clearing
// up spaces and full-width characters.
func (f *PersonForm) Problems() []Problem {
	f.clean()
	var ps problems
	if !f.Kind.Valid() {
		ps.add("kind", "请选择是律师、志愿者还是工作人员。")
	}
	ps.text("name", "姓名", f.Name, 1, 60)
	if f.Licence != "" && !licenceShape.MatchString(f.Licence) {
		ps.add("licence", "执业证号只能用数字、字母和短横线，4 至 24 位。")
	}
	ps.words("skills", "擅长", f.Skills)
	ps.words("languages", "语言", f.Languages)
	ps.dayRange("active", f.ActiveFrom, f.ActiveTo)
	if f.Email != "" {
		if a, err := mail.ParseAddress(f.Email); err != nil || a.Address != f.Email {
			ps.add("email", "邮箱“%s”无法识别，请检查；没有邮箱就留空。", f.Email)
		}
	}
	return ps
}

func (f *PersonForm) clean() {
	for _, field := range []*string{&f.Name, &f.Org, &f.ActiveFrom, &f.ActiveTo} {
		*field = oneLine(*field)
	}
	f.Licence = strings.ToUpper(strings.ReplaceAll(narrow(oneLine(f.Licence)), " ", ""))
	f.Phone, f.Email = oneLine(f.Phone), narrow(oneLine(f.Email))
	f.Skills, f.Languages, f.Towns = tidyWords(f.Skills), tidyWords(f.Languages), tidyWords(f.Towns)
}

// tidyWords drops what is empty or there twice.
func tidyWords(words []string) []string {
	var tidy []string
	for _, w := range words {
		if w = oneLine(w); w != "" && !slices.Contains(tidy, w) {
			tidy = append(tidy, w)
		}
	}
	return tidy
}

// words asks for at most twenty short words.
func (ps *problems) words(field, name string, words []string) {
	if len(words) > 20 {
		ps.add(field, "%s最多写 20 项。", name)
	}
	for _, w := range words {
		ps.text(field, name, w, 1, 20)
	}
}

// dayRange asks for a range of calendar days whose ends may be open. The fields are
// named field_from and field_to.
func (ps *problems) dayRange(field, from, to string) {
	good := true
	for end, day := range map[string]string{"_from": from, "_to": to} {
		if _, err := time.Parse(time.DateOnly, day); day != "" && err != nil {
			ps.add(field+end, "日期“%s”应写成 2026-01-31。", day)
			good = false
		}
	}
	if good && from != "" && to != "" && to < from {
		ps.add(field+"_to", "结束日期早于开始日期。")
	}
}

// OrgKind is what sort of body a person comes from.
type OrgKind string

// The kinds of organisations.
const (
	LawFirm       OrgKind = "firm"
	LegalService  OrgKind = "service"
	MediationBody OrgKind = "mediation"
	JudicialStaff OrgKind = "office"
	VolunteerTeam OrgKind = "volunteers"
)

// OrgKinds lists them in the order of forms.
func OrgKinds() []OrgKind {
	return []OrgKind{LawFirm, LegalService, MediationBody, JudicialStaff, VolunteerTeam}
}

// Label is the Chinese name.
func (k OrgKind) Label() string {
	switch k {
	case LawFirm:
		return "律师事务所"
	case LegalService:
		return "基层法律服务所"
	case MediationBody:
		return "调解组织"
	case JudicialStaff:
		return "司法行政机关"
	case VolunteerTeam:
		return "志愿队伍"
	}
	return string(k)
}

// LegalOrg is a firm, service or team that people come from.
type LegalOrg struct {
	ID        string  `db:"id"`
	Version   int     `db:"version"` // 0 for a new one
	Kind      OrgKind `db:"kind"`
	Name      string  `db:"name"`
	Town      string  `db:"town"`       // code, "" for the whole district
	ValidFrom string  `db:"valid_from"` // first and last day it counts, "" without limit
	ValidTo   string  `db:"valid_to"`
	People    int     `db:"people"` // who belong to it today
}

// Problems lists what keeps the organisation from being saved.
func (o *LegalOrg) Problems() []Problem {
	o.Name, o.Town = oneLine(o.Name), oneLine(o.Town)
	var ps problems
	if !slices.Contains(OrgKinds(), o.Kind) {
		ps.add("kind", "请选择是哪一类机构。")
	}
	ps.text("name", "名称", o.Name, 2, 60)
	ps.dayRange("valid", o.ValidFrom, o.ValidTo)
	return ps
}
