package admin

import (
	"net/http"

	"github.com/songfa/songfa/internal/errs"
	"github.com/songfa/songfa/internal/web"
)

// passwordPage tells the addresses that stay open to somebody who must choose a
// password first.
func passwordPage(to route) bool {
	return to.path == "/password" || to.path == "/logout" && to.method == http.MethodPost
}

// codeAddress tells the addresses that stay open to somebody who must set the
// second factor up first.
func codeAddress(to route) bool { return to.path == "/account/code" }

type passwordForm struct {
	shell
	Must bool // the password was given by somebody else, or is too old
	Aged bool
}

func (a *Admin) showPassword(r *request) error {
	return a.renderPassword(r, nil)
}

func (a *Admin) renderPassword(r *request, ps problems) error {
	page := passwordForm{shell: a.shell(r, "/admin/password", "修改密码"), Must: r.account.MustChange, Aged: r.account.Aged}
	page.Problems = ps
	return a.render(r, "password", page)
}

// changePassword signs the browser in anew: a new password ends every session.
func (a *Admin) changePassword(r *request) error {
	r.again = func(p web.Problem) error { return a.renderPassword(r, problemsOf(r.err, p.Message)) }
	password := r.form.Get("password")
	if password != r.form.Get("again") {
		return errs.Bad("again", "两次输入的新密码不一样，请重新输入。")
	}
	if password == r.form.Get("old") {
		return errs.Bad("password", "新密码和原密码一样，请换一个。")
	}
	if err := a.passwords.Allow(r.account.ID); err != nil {
		return err
	}
	if err := a.cfg.Staff.ChangePassword(r.ctx, r.actor, r.form.Get("old"), password); err != nil {
		return err
	}
	token, err := a.cfg.Staff.Reopen(r.ctx, r.actor, r.visit())
	if err != nil {
		return err
	}
	a.setCookie(r, CookieName, token)
	return a.done(r, "/admin/", "password")
}
