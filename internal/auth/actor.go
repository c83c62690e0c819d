package auth

import (
	"slices"

	"github.com/songfa/songfa/internal/errs"
	"github.com/songfa/songfa/internal/ledger"
)

// Role is a bundle of permissions an account has.
type Role string

// The roles of the staff side.
const (
	Editor       Role = "editor"       // 编辑: writes and submits
	Reviewer     Role = "reviewer"     // 审核: decides on what others wrote
	Coordinator  Role = "coordinator"  // 组织协调: sessions and stations
	Keeper       Role = "keeper"       // 材料保管: brochures in stock, and no names
	Statistician Role = "statistician" // 统计: figures, no names
	Leader       Role = "leader"       // 领导: reads figures
	Auditor      Role = "auditor"      // 监督: reads who did what
	Admin        Role = "admin"        // 管理员: accounts and settings, and everything above
)

// Roles lists them in the order of the user form.
var Roles = []Role{Editor, Reviewer, Coordinator, Keeper, Statistician, Leader, Auditor, Admin}

// Label is the Chinese name of the role.
func (r Role) Label() string {
	switch r {
	case Editor:
		return "编辑"
	case Reviewer:
		return "审核"
	case Coordinator:
		return "组织协调"
	case Keeper:
		return "材料保管"
	case Statistician:
		return "统计"
	case Leader:
		return "领导"
	case Auditor:
		return "监督"
	case Admin:
		return "管理员"
	}
	return string(r)
}

// Permission is one thing that not everybody may do.
type Permission string

// The permissions.
const (
	Write    Permission = "write"    // create and edit documents, upload media, submit
	Publish  Permission = "publish"  // publish, schedule, return, withdraw, unpublish
	Sessions Permission = "sessions" // change sessions and stations
	Stock    Permission = "stock"    // the book of materials, and what sessions ask of it
	Reveal   Permission = "reveal"   // see a name or number unmasked, with a reason
	Figures  Permission = "figures"  // read the figures and the sessions under them
	Freeze   Permission = "freeze"   // freeze periods, enter opening figures and adjustments
	Users    Permission = "users"    // change accounts
	Audit    Permission = "audit"    // read who did what
	Import   Permission = "import"   // bring in documents and laws in bulk
)

// grants is the whole rights table.
var grants = map[Role][]Permission{
	Editor:       {Write},
	Reviewer:     {Write, Publish, Audit},
	Coordinator:  {Sessions, Stock, Reveal, Figures},
	Keeper:       {Stock},
	Statistician: {Figures, Freeze},
	Leader:       {Figures},
	Auditor:      {Audit, Figures},
	Admin:        {Write, Publish, Sessions, Stock, Reveal, Figures, Freeze, Users, Audit, Import},
}

// Actor is who does something.
type Actor struct {
	ID      string // account id, or "system"
	Name    string // shown in the audit
	Roles   []Role
	Towns   []string // codes of the towns whose sessions are theirs; empty: all
	Columns []string // slugs of the columns whose documents are theirs; empty: all
}

// System acts for the program itself: first start, clock, command line. The
// person at the command line owns the data directory and may do everything.
func System() Actor { return Actor{ID: "system", Name: "系统", Roles: []Role{Admin}} }

// Can reports whether one of the actor's roles grants p.
func (a Actor) Can(p Permission) bool {
	return slices.ContainsFunc(a.Roles, func(r Role) bool { return slices.Contains(grants[r], p) })
}

// Must returns a Forbidden error unless the actor can.
func (a Actor) Must(p Permission) error {
	if a.Can(p) {
		return nil
	}
	return errs.New(errs.Forbidden, "", "actor %s lacks permission %s", a.ID, p)
}

// InTown reports whether what belongs to the town is the actor's business. What
// belongs to the whole district has no code, and is for those bound to none.
func (a Actor) InTown(code string) bool {
	return len(a.Towns) == 0 || slices.Contains(a.Towns, code)
}

// InColumn reports whether a document of the column is the actor's business; one
// without a column is for those bound to none.
func (a Actor) InColumn(slug string) bool {
	return len(a.Columns) == 0 || slices.Contains(a.Columns, slug)
}

// Entry begins the audit row of what the actor does.
func (a Actor) Entry(action, object, summary string) ledger.Entry {
	return ledger.Entry{Actor: a.ID, ActorName: a.Name, Action: action, Object: object, Summary: summary}
}
