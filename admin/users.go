package admin

import (
	"slices"
	"time"

	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/errs"
	"github.com/songfa/songfa/internal/web"
)

type usersPage struct {
	shell
	Accounts []auth.Account
	Form     auth.NewAccount // typed
	Rights   rightsForm
	names    map[string]string // of towns and columns
}

// Scope says where an account works, "" for everywhere.
func (p usersPage) Scope(a auth.Account) string {
	return scopeText(p.names, append(slices.Clone(a.Towns), a.Columns...))
}

func (a *Admin) users(r *request) error { return a.renderUsers(r, usersPage{}) }

func (a *Admin) renderUsers(r *request, page usersPage) (err error) {
	ps := page.Problems
	page.shell = a.shell(r, "/admin/users/", "账号")
	page.Problems = ps
	if page.Rights, err = a.rightsForm(r, page.Form.Rights, ps); err != nil {
		return err
	}
	page.names = page.Rights.names()
	if page.Accounts, err = a.cfg.Staff.List(r.ctx); err != nil {
		return err
	}
	return a.render(r, "users", page)
}

// oncePage shows a password that is not kept in readable form anywhere: it
// answers the POST itself, since no address may show it again.
type oncePage struct {
	shell
	User     auth.Account
	Password string
}

func (a *Admin) addUser(r *request) error {
	page := usersPage{Form: auth.NewAccount{Name: r.form.Get("name"), Display: r.form.Get("display"), Rights: r.rights()}}
	r.again = func(why web.Problem) error {
		page.Problems = problemsOf(r.err, why.Message)
		return a.renderUsers(r, page)
	}
	if err := a.knownPlaces(r, page.Form.Rights); err != nil {
		return err
	}
	n := page.Form
	n.Password, n.MustChange = auth.NewPassword(), true
	account, err := a.cfg.Staff.Add(r.ctx, r.actor, n)
	if err != nil {
		return err
	}
	return a.render(r, "once", oncePage{a.shell(r, "/admin/users/", "一次性密码"), account, n.Password})
}

type userPage struct {
	shell
	User     auth.Account
	Rights   rightsForm
	Sessions []auth.SignedIn
	Locked   time.Time // until when; zero: not
}

// Self reports whether it is one's own account.
func (p userPage) Self() bool { return p.Account != nil && p.Account.ID == p.User.ID }

func (a *Admin) showUser(r *request) error {
	u, err := a.cfg.Staff.ByID(r.ctx, r.param("id"))
	if err != nil {
		return err
	}
	return a.renderUser(r, u, u.Rights, nil)
}

func (a *Admin) renderUser(r *request, u auth.Account, chosen auth.Rights, ps problems) (err error) {
	page := userPage{shell: a.shell(r, "/admin/users/", u.Display), User: u}
	page.Problems = ps
	if page.Rights, err = a.rightsForm(r, chosen, ps); err != nil {
		return err
	}
	if page.Sessions, err = a.cfg.Staff.Sessions(r.ctx, r.actor, u.ID, r.session); err != nil {
		return err
	}
	if page.Locked, err = a.cfg.Staff.LockedUntil(r.ctx, u); err != nil {
		return err
	}
	return a.render(r, "user", page)
}

func (a *Admin) changeUser(r *request) error {
	u, err := a.cfg.Staff.ByID(r.ctx, r.param("id"))
	if err != nil {
		return err
	}
	word := r.form.Get("go")
	r.again = func(why web.Problem) error {
		chosen := u.Rights
		if word == "roles" {
			chosen = r.rights()
		}
		return a.renderUser(r, u, chosen, problemsOf(r.err, why.Message))
	}
	switch word {
	case "roles":
		if err = a.knownPlaces(r, r.rights()); err == nil {
			err = a.cfg.Staff.SetRights(r.ctx, r.actor, u.ID, r.rights())
		}
	case "disable", "enable":
		err = a.cfg.Staff.SetDisabled(r.ctx, r.actor, u.ID, word == "disable")
	case "unlock":
		err = a.cfg.Staff.Unlock(r.ctx, r.actor, u.ID)
	case "totp_reset":
		err = a.cfg.Staff.ResetTOTP(r.ctx, r.actor, u.ID)
	case "end_all":
		err = a.cfg.Staff.EndSessions(r.ctx, r.actor, u.ID, "")
	case "end":
		err, word = a.cfg.Staff.EndSession(r.ctx, r.actor, u.ID, r.form.Get("session")), "signed_out"
	case "password":
		return a.resetPassword(r, u)
	default:
		err = errs.New(errs.Invalid, "没有收到要做什么，请再点一次按钮。", "unknown verb")
	}
	if err != nil {
		return err
	}
	return a.done(r, "/admin/users/"+u.ID, word)
}

// resetPassword is for others: who resets their own would lock the door behind
// themselves before having read the new one.
func (a *Admin) resetPassword(r *request, u auth.Account) error {
	if u.ID == r.account.ID {
		return errs.New(errs.Invalid, "自己的密码请在右上角点姓名修改。", "own password")
	}
	password := auth.NewPassword()
	if err := a.cfg.Staff.SetPassword(r.ctx, r.actor, u.ID, password, true); err != nil {
		return err
	}
	return a.render(r, "once", oncePage{a.shell(r, "/admin/users/", "一次性密码"), u, password})
}
