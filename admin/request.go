package admin

import (
	"context"
	"net/url"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/errs"
	"github.com/songfa/songfa/internal/web"
)

// CookieName is the cookie of a signed-in member of the staff.
const CookieName = "songfa_staff"

// request is one request with who asks.
type request struct {
	*fiber.Ctx
	ctx     context.Context // ends with the handler's deadline
	account auth.Account    // zero at the door
	actor   auth.Actor
	session string     // what forms are bound to
	form    url.Values // of a POST
	err     error      // what the handler returned
	// again makes the page that shows a failed form again, with all that was
	// typed. Without it a POST that fails shows its fields to be copied.
	again func(web.Problem) error
}

type handler func(r *request) error

// requestKey finds the request again when its error becomes a page.
type requestKey struct{}

func (a *Admin) begin(c *fiber.Ctx) (*request, context.CancelFunc) {
	ctx, cancel := web.Context(c)
	r := &request{Ctx: c, ctx: ctx}
	c.Locals(requestKey{}, r)
	c.Set(fiber.HeaderCacheControl, "no-store")
	return r, cancel
}

// door opens a page for those who are not signed in.
func (a *Admin) door(do handler) fiber.Handler {
	return func(c *fiber.Ctx) error {
		r, cancel := a.begin(c)
		defer cancel()
		r.session = a.visitor(r)
		if r.err = r.readForm(); r.err != nil {
			return r.err
		}
		r.err = do(r)
		return r.err
	}
}

// inside opens a page for staff who hold the route's permission.
func (a *Admin) inside(to route) fiber.Handler {
	return func(c *fiber.Ctx) error {
		r, cancel := a.begin(c)
		defer cancel()
		if r.err = r.readForm(); r.err != nil {
			return r.err
		}
		if r.err = a.enter(r, to); r.err != nil {
			return r.err
		}
		if r.session == "" || r.account.MustChange && !passwordPage(to) || r.account.MustFactor && !codeAddress(to) && !passwordPage(to) {
			return a.stop(r)
		}
		r.err = to.do(r)
		return r.err
	}
}

// enter finds out who asks. It leaves the session empty when nobody is signed in.
func (a *Admin) enter(r *request, to route) error {
	s, err := a.cfg.Staff.Session(r.ctx, r.Cookies(CookieName))
	if errs.Is(err, errs.SignIn) {
		return nil
	}
	if err != nil {
		return err
	}
	r.account, r.actor, r.session = s.Account, s.Account.Actor(), s.ID
	if len(to.may) > 0 && !slices.ContainsFunc(to.may, r.actor.Can) {
		return r.actor.Must(to.may[0])
	}
	if r.Method() != fiber.MethodPost {
		return nil
	}
	return web.CheckFormToken(r.Ctx, a.cfg.Secret, r.session)
}

// stop sends those away who have to sign in or to choose a password first. What
// they were about to send waits at the door.
func (a *Admin) stop(r *request) error {
	if r.session != "" {
		if k := a.keep(r); len(k.Fields) > 0 {
			r.Status(fiber.StatusForbidden)
			return a.renderKept(r, k, "请先在右上角您的名字里换好密码、开通动态码，再回到这一页继续提交。")
		}
		if !r.account.MustChange {
			return r.Redirect(a.srv.Path("/admin/account/code"), fiber.StatusSeeOther)
		}
		return r.Redirect(a.srv.Path("/admin/password"), fiber.StatusSeeOther)
	}
	if r.Method() == fiber.MethodPost {
		r.session = a.visitor(r)
		r.Status(fiber.StatusUnauthorized)
		return a.renderLogin(r, loginPage{Keep: a.keep(r)})
	}
	next := strings.TrimPrefix(r.OriginalURL(), a.srv.Base())
	if next == "/admin/" {
		return r.Redirect(a.srv.Path("/admin/login"), fiber.StatusSeeOther)
	}
	return r.Redirect(a.srv.Path("/admin/login?next="+url.QueryEscape(next)), fiber.StatusSeeOther)
}

// local reports whether a root-relative address is a page of the staff side:
// nobody is ever sent elsewhere by an address in an address.
func local(path string) bool {
	return strings.HasPrefix(path, "/admin/") && !strings.ContainsAny(path, "\\\x00\r\n\t") && !strings.Contains(path, "//")
}

// done leads on after success, to a page that says so.
func (a *Admin) done(r *request, path, word string) error {
	mark := "?"
	if strings.Contains(path, "?") {
		mark = "&"
	}
	return r.Redirect(a.srv.Path(path+mark+"done="+word), fiber.StatusSeeOther)
}

func nowhere(*request) error {
	return errs.New(errs.NotFound, "", "no such page")
}
