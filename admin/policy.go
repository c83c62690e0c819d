package admin

import (
	"slices"

	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/errs"
	"github.com/songfa/songfa/internal/web"
)

// policyPage is what the bureau asks of those who sign in, as typed.
type policyPage struct {
	shell
	Roles                    []auth.Role
	Chosen                   []auth.Role
	Days, After, Mins, Stamp string
}

// Has reports whether the role needs a second factor.
func (p policyPage) Has(role auth.Role) bool { return slices.Contains(p.Chosen, role) }

func (a *Admin) showPolicy(r *request) error {
	now, err := a.cfg.Staff.Policy(r.ctx)
	if err != nil {
		return err
	}
	return a.renderPolicy(r, policyPage{Chosen: now.TOTPRoles, Days: zeroText(now.PasswordDays), After: zeroText(now.LockAfter), Mins: zeroText(now.LockMinutes), Stamp: zeroText(now.Version)}, nil)
}

func (a *Admin) renderPolicy(r *request, p policyPage, ps problems) error {
	p.shell, p.Roles = a.shell(r, "/admin/users/", "登录规则"), auth.Roles
	p.Problems = ps
	return a.render(r, "policy", p)
}

func (a *Admin) savePolicy(r *request) error {
	get := r.form.Get
	p := policyPage{Chosen: r.rights().Roles, Days: get("password_days"), After: get("lock_after"), Mins: get("lock_minutes"), Stamp: get("version")}
	r.again = func(why web.Problem) error {
		if errs.Is(r.err, errs.Conflict) { // what was typed stays, what it is compared with is new
			if now, err := a.cfg.Staff.Policy(r.ctx); err == nil {
				p.Stamp = zeroText(now.Version)
			}
		}
		return a.renderPolicy(r, p, problemsOf(r.err, why.Message))
	}
	err := a.cfg.Staff.SetPolicy(r.ctx, r.actor, auth.Policy{TOTPRoles: p.Chosen, PasswordDays: numberIn(p.Days), LockAfter: numberIn(p.After),
		LockMinutes: numberIn(p.Mins), Version: numberIn(p.Stamp)})
	if err != nil {
		return err
	}
	return a.done(r, "/admin/policy", "save")
}

// zeroText shows a number of which 0 says something.
func zeroText(n int) string {
	if n == 0 {
		return "0"
	}
	return numberText(n)
}
