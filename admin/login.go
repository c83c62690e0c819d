package admin

import (
	"crypto/rand"
	"encoding/base64"

	"github.com/gofiber/fiber/v2"

	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/errs"
	"github.com/songfa/songfa/internal/web"
)

// visitorCookie names a browser before it is signed in, so that the login form
// cannot be sent from elsewhere.
const visitorCookie = "songfa_visitor"

// visitor is what forms at the door are bound to.
func (a *Admin) visitor(r *request) string {
	id := r.Cookies(visitorCookie)
	if len(id) < 16 || len(id) > 64 {
		b := make([]byte, 16)
		rand.Read(b)
		id = base64.RawURLEncoding.EncodeToString(b)
		a.setCookie(r, visitorCookie, id)
	}
	return "visitor:" + id
}

// setCookie sets a cookie that ends with the browser. It is for the whole site
// and not only for us: readers are counted without staff.
func (a *Admin) setCookie(r *request, name, value string) {
	r.Cookie(&fiber.Cookie{Name: name, Value: value, Path: a.srv.Path("/"), HTTPOnly: true,
		Secure: a.srv.Secure(), SameSite: fiber.CookieSameSiteLaxMode, SessionOnly: true})
}

func (a *Admin) dropCookie(r *request, name string) {
	r.Cookie(&fiber.Cookie{Name: name, Path: a.srv.Path("/"), HTTPOnly: true,
		Secure: a.srv.Secure(), SameSite: fiber.CookieSameSiteLaxMode, MaxAge: -1})
}

type loginPage struct {
	shell
	Name string
	Next string
	Keep kept   // a form that waits for the login
	Half string // the password was right, the code is owed
}

func (a *Admin) renderLogin(r *request, page loginPage) error {
	page.shell = a.shell(r, "", "登录")
	page.Problems = problems{}
	if r.err != nil {
		page.Problems = problemsOf(r.err, errs.MessageOf(r.err))
	}
	return a.render(r, "login", page)
}

func (a *Admin) showLogin(r *request) error {
	next := r.Query("next")
	if !local(next) {
		next = "/admin/"
	}
	if _, err := a.cfg.Staff.Session(r.ctx, r.Cookies(CookieName)); err == nil {
		return r.Redirect(a.srv.Path(next), fiber.StatusSeeOther)
	}
	return a.renderLogin(r, loginPage{Next: next})
}

func (a *Admin) login(r *request) error {
	next, waiting := r.form.Get("next"), keptOf(r)
	if !local(next) {
		next = "/admin/"
	}
	name := r.form.Get("name")
	r.again = func(web.Problem) error {
		return a.renderLogin(r, loginPage{Name: name, Next: next, Keep: waiting})
	}
	if err := web.CheckFormToken(r.Ctx, a.cfg.Secret, r.session); err != nil {
		return err
	}
	page := loginPage{Name: name, Next: next, Keep: waiting, Half: r.form.Get("half")}
	token, account, err := a.signIn(r, &page)
	if err != nil || page.Half != "" {
		return err
	}
	a.setCookie(r, CookieName, token)
	if waiting.Path == "" {
		return r.Redirect(a.srv.Path(next), fiber.StatusSeeOther)
	}
	s, err := a.cfg.Staff.Session(r.ctx, token)
	if err != nil {
		return err
	}
	r.account, r.actor, r.session = account, account.Actor(), s.ID
	return a.renderKept(r, waiting, "登录好了。刚才没有交成的内容都在这里，请点“继续提交”。")
}

// signIn takes name and password, or the code that is owed after them. While it
// still is, the page asks for it and carries everything on; Half is then set.
func (a *Admin) signIn(r *request, page *loginPage) (token string, account auth.Account, err error) {
	if page.Half == "" {
		token, account, err = a.cfg.Staff.SignIn(r.ctx, page.Name, r.form.Get("password"), r.visit())
		if err != nil || !account.HasFactor {
			return token, account, err
		}
		page.Half = token
		return token, account, a.renderLogin(r, *page)
	}
	r.again = func(web.Problem) error {
		if errs.Is(r.err, errs.SignIn) { // it took too long: from the beginning
			page.Half = ""
		}
		return a.renderLogin(r, *page)
	}
	half := page.Half
	if token, account, err = a.cfg.Staff.SecondFactor(r.ctx, half, r.form.Get("code"), r.visit()); err == nil {
		page.Half = ""
	}
	return token, account, err
}

func (a *Admin) logout(r *request) error {
	if err := a.cfg.Staff.SignOut(r.ctx, r.Cookies(CookieName)); err != nil {
		return err
	}
	a.dropCookie(r, CookieName)
	return r.Redirect(a.srv.Path("/admin/login"), fiber.StatusSeeOther)
}
