package admin

import (
	"net/http"
	"strings"

	"github.com/gofiber/fiber/v2"

	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/errs"
	"github.com/songfa/songfa/internal/web"
)

const accountSection = "/admin/account"

// accountRoutes are those of one's own account and of the rules for all.
func (a *Admin) accountRoutes() []route {
	const get, post = http.MethodGet, http.MethodPost
	var (
		anybody []auth.Permission
		users   = []auth.Permission{auth.Users}
		audit   = []auth.Permission{auth.Audit}
	)
	return []route{
		{get, "/account", anybody, a.showOwn},
		{post, "/account", anybody, a.changeOwn},
		{get, "/account/code", anybody, a.showCode},
		{post, "/account/code", anybody, a.changeCode},
		{get, "/policy", users, a.showPolicy},
		{post, "/policy", users, a.savePolicy},
		{post, "/audit/", audit, a.verifyAudit},
		{get, "/audit/audit.csv", audit, a.auditCSV},
		{get, "/audit/audit.xlsx", audit, a.auditSheet},
		{get, "/audit/:seq", audit, a.auditRow},
	}
}

// visit is where a request comes from.
func (r *request) visit() auth.Visit {
	return auth.Visit{IP: r.IP(), Agent: strings.Clone(r.Get(fiber.HeaderUserAgent))}
}

type ownPage struct {
	shell
	Sessions []auth.SignedIn
	Words    int // that are left
	Policy   auth.Policy
}

func (a *Admin) showOwn(r *request) error { return a.renderOwn(r, nil) }

func (a *Admin) renderOwn(r *request, ps problems) (err error) {
	page := ownPage{shell: a.shell(r, accountSection, "我的账号")}
	page.Problems = ps
	if page.Sessions, err = a.cfg.Staff.Sessions(r.ctx, r.actor, r.account.ID, r.session); err != nil {
		return err
	}
	if page.Words, err = a.cfg.Staff.WordsLeft(r.ctx, r.account.ID); err != nil {
		return err
	}
	if page.Policy, err = a.cfg.Staff.Policy(r.ctx); err != nil {
		return err
	}
	return a.render(r, "account", page)
}

// changeOwn signs other browsers out.
func (a *Admin) changeOwn(r *request) (err error) {
	r.again = func(why web.Problem) error { return a.renderOwn(r, problemsOf(r.err, why.Message)) }
	switch r.form.Get("go") {
	case "end":
		err = a.cfg.Staff.EndSession(r.ctx, r.actor, r.account.ID, r.form.Get("session"))
	case "end_all":
		err = a.cfg.Staff.EndSessions(r.ctx, r.actor, r.account.ID, r.session)
	default:
		err = errs.New(errs.Invalid, "没有收到要做什么，请再点一次按钮。", "unknown verb")
	}
	if err != nil {
		return err
	}
	return a.done(r, accountSection, "signed_out")
}

// codePage sets the second factor up, changes or ends it.
type codePage struct {
	shell
	Setup *auth.Setup // to be scanned; nil when it is on
	QR    *qrPicture
	Words []string // shown once
	Left  int
	Must  bool // a role needs it
}

// Grouped is the secret in groups of four, to be typed.
func (p codePage) Grouped() string {
	var b strings.Builder
	for i, c := range p.Setup.Secret {
		if i > 0 && i%4 == 0 {
			b.WriteByte(' ')
		}
		b.WriteRune(c)
	}
	return b.String()
}

func (a *Admin) showCode(r *request) error { return a.renderCode(r, nil) }

func (a *Admin) renderCode(r *request, ps problems) error {
	page := codePage{shell: a.shell(r, accountSection, "动态码"), Must: r.account.MustFactor}
	page.Problems = ps
	if r.account.HasFactor {
		left, err := a.cfg.Staff.WordsLeft(r.ctx, r.account.ID)
		if err != nil {
			return err
		}
		page.Left = left
		return a.render(r, "code", page)
	}
	setup, err := a.cfg.Staff.WantTOTP(r.ctx, r.actor, "送法后台")
	if err != nil {
		return err
	}
	page.Setup = &setup
	if page.QR, err = qrOf(setup.URL); err != nil {
		return err
	}
	return a.render(r, "code", page)
}

// changeCode answers with the ten words itself: no address may show them again.
func (a *Admin) changeCode(r *request) error {
	r.again = func(why web.Problem) error { return a.renderCode(r, problemsOf(r.err, why.Message)) }
	code := r.form.Get("code")
	var words []string
	var err error
	switch r.form.Get("go") {
	case "confirm":
		words, err = a.cfg.Staff.ConfirmTOTP(r.ctx, r.actor, code)
	case "words":
		words, err = a.cfg.Staff.RenewWords(r.ctx, r.actor, code)
	case "drop":
		if err := a.cfg.Staff.DropTOTP(r.ctx, r.actor, code); err != nil {
			return err
		}
		return a.done(r, accountSection, "code_off")
	default:
		err = errs.New(errs.Invalid, "没有收到要做什么，请再点一次按钮。", "unknown verb")
	}
	if err != nil {
		return err
	}
	page := codePage{shell: a.shell(r, accountSection, "备用码"), Words: words}
	return a.render(r, "words", page)
}

// signedInList is what the partial of signed-in browsers shows.
type signedInList struct {
	List        []auth.SignedIn
	Token, Path string
}

// All is what the last button does.
func (l signedInList) All() string {
	if l.Path == accountSection {
		return "退出其他全部设备"
	}
	return "退出他的全部登录"
}

func signedIn(list []auth.SignedIn, token, path string) signedInList {
	return signedInList{list, token, path}
}
