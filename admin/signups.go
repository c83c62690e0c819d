package admin

import (
	"errors"
	"strings"

	"github.com/gofiber/fiber/v2"

	"github.com/songfa/songfa/events"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/errs"
	"github.com/songfa/songfa/internal/sheet"
	"github.com/songfa/songfa/internal/vault"
	"github.com/songfa/songfa/internal/web"
)

// signupsPage is a session's sign-ups as staff see them.
type signupsPage struct {
	shell
	Session  events.Session
	List     []events.Registration
	Holding  []events.Registration // who stands against fewer places; see SetCapacity
	Shown    *events.Registration  // the one whose name was asked for
	Added    *events.Registration  // the one just signed up, with its code
	Picked   string                // id ticked in a form that failed
	Reason   string                // typed
	Capacity string                // typed
	Queue    queueForm
	Pools    []poolLine
	Kept     int // places kept at this moment
	Pool     poolForm
	Form     signupForm
	Towns    []events.Town
	Key      string
	Version  int
}

// queueForm is the waiting list's settings, as typed.
type queueForm struct {
	Cap              string
	Paused, FitFirst bool
}

// signupForm is somebody signed up by staff, as typed.
type signupForm struct {
	Name, Phone, Party, Town, Question, Access, Pool string
	Paper, Consent                                   bool
}

// Code is what is read out to the person.
func (p signupsPage) Code() string { return vault.GroupCode(p.Added.Code) }

func (a *Admin) signups(r *request) error {
	p, err := a.signupsPage(r)
	if err != nil {
		return err
	}
	return a.renderSignups(r, p)
}

func (a *Admin) signupsPage(r *request) (*signupsPage, error) {
	s, err := a.cfg.Events.SessionFor(r.ctx, r.actor, r.param("id"))
	if err != nil {
		return nil, err
	}
	q := s.Queue()
	p := &signupsPage{Session: s, Version: s.Version, Capacity: numberText(s.Capacity), Key: "staff-" + db.NewID(),
		Queue: queueForm{numberText(q.Cap), q.Paused, q.FitFirst}, Form: signupForm{Party: "1"}}
	p.pickPool(r.query("pool"), a.cfg.Now())
	return p, nil
}

func (a *Admin) renderSignups(r *request, p *signupsPage) (err error) {
	if p.Session, err = a.cfg.Events.SessionFor(r.ctx, r.actor, p.Session.ID); err != nil {
		return err
	}
	if p.List, err = a.cfg.Events.Registrations(r.ctx, r.actor, p.Session.ID); err != nil {
		return err
	}
	if p.Towns, err = a.cfg.Events.Towns(r.ctx); err != nil {
		return err
	}
	p.Pools, p.Kept = a.poolLines(p.Session), p.Session.Kept(a.cfg.Now())
	p.Version = p.Session.Version // what was typed is kept; what it is compared with is new
	ps := p.Problems
	p.shell = a.shell(r, sessionsSection, "报名："+p.Session.Title)
	p.Problems = ps
	return a.render(r, "signups", p)
}

// changeSignups does what one of the page's buttons says.
func (a *Admin) changeSignups(r *request) error {
	p, err := a.signupsPage(r)
	if err != nil {
		return err
	}
	p.take(r)
	r.again = a.signupsFailed(r, p)
	ev, id, word := a.cfg.Events, p.Session.ID, r.form.Get("go")
	switch word {
	case "capacity":
		_, err = ev.SetCapacity(r.ctx, r.actor, id, int(r.version()), numberIn(p.Capacity))
	case "queue":
		q := p.Session.Queue()
		q.Cap, q.Paused, q.FitFirst = numberIn(p.Queue.Cap), p.Queue.Paused, p.Queue.FitFirst
		_, err = ev.SetQueue(r.ctx, r.actor, id, int(r.version()), q)
	case "pool":
		err = a.setPool(r, p)
	case "release":
		err = a.releasePool(r, p)
	case "cancel":
		err = a.cancelSignup(r, p)
	case "verify":
		if err = a.picked(r, p); err == nil {
			err = ev.VerifyRegistration(r.ctx, r.actor, p.Picked)
		}
	case "reveal":
		return a.revealSignup(r, p)
	case "add":
		return a.addSignup(r, p)
	case "export":
		return a.exportSignups(r, p)
	default:
		err = errs.New(errs.Invalid, "没有收到要做什么，请再点一次按钮。", "unknown step")
	}
	if err != nil {
		return err
	}
	return a.done(r, "/admin/sessions/"+id+"/signups", "signup_"+word)
}

// take lays what was typed over the page.
func (p *signupsPage) take(r *request) {
	get := r.form.Get
	p.Picked, p.Reason = get("registration"), strings.TrimSpace(get("reason"))
	if key := get("key"); key != "" {
		p.Key = key
	}
	switch get("go") {
	case "capacity":
		p.Capacity = get("capacity")
	case "queue":
		p.Queue = queueForm{get("wait_cap"), get("paused") != "", get("fit_first") != ""}
	case "pool", "release":
		p.Pool = poolForm{get("pool"), get("pool_name"), get("pool_capacity"), get("pool_falls")}
	case "add":
		p.Form = signupForm{Pool: get("pool"), Name: get("name"), Phone: get("phone"), Party: get("party"), Town: get("town"), Question: get("question"),
			Access: get("access"), Paper: get("paper") != "", Consent: get("consent") != ""}
	}
}

// signupsFailed shows the page again; fewer places than are taken with the list
// of who holds them.
func (a *Admin) signupsFailed(r *request, p *signupsPage) func(web.Problem) error {
	return func(why web.Problem) error {
		p.Problems = problemsOf(r.err, why.Message)
		var full *events.CapacityError
		if errors.As(r.err, &full) {
			p.Holding = full.Registrations
		}
		return a.renderSignups(r, p)
	}
}

// picked is the sign-up that was ticked, if it is one of this session.
func (a *Admin) picked(r *request, p *signupsPage) error {
	if p.Picked == "" {
		return errs.Bad("registration", "请先在名单里选一份报名。")
	}
	list, err := a.cfg.Events.Registrations(r.ctx, r.actor, p.Session.ID)
	if err != nil {
		return err
	}
	for _, reg := range list {
		if reg.ID == p.Picked {
			return nil
		}
	}
	return errs.New(errs.NotFound, "没有这份报名，请刷新名单再看。", "registration of another session")
}

func (a *Admin) cancelSignup(r *request, p *signupsPage) error {
	if err := a.picked(r, p); err != nil {
		return err
	}
	_, err := a.cfg.Events.CancelByStaff(r.ctx, r.actor, p.Picked, p.Reason)
	return err
}

// revealSignup answers the POST itself: no address may show a name.
func (a *Admin) revealSignup(r *request, p *signupsPage) error {
	if err := a.picked(r, p); err != nil {
		return err
	}
	reg, err := a.cfg.Events.Reveal(r.ctx, r.actor, p.Picked, p.Reason)
	if err != nil {
		return err
	}
	p.Shown = &reg
	return a.renderSignups(r, p)
}

// addSignup signs somebody up and shows the code to be read out; sent twice, the
// answer is the same.
func (a *Admin) addSignup(r *request, p *signupsPage) error {
	f := events.SignUp{Session: p.Session.ID, Name: p.Form.Name, Phone: p.Form.Phone, Party: numberIn(p.Form.Party), Town: p.Form.Town,
		Question: p.Form.Question, Access: p.Form.Access, Pool: p.Form.Pool, Origin: events.FromStaff, IdemKey: p.Key}
	if p.Form.Paper {
		f.Origin = events.FromPaper
	}
	if p.Form.Consent {
		if f.Consent = p.Session.Notice; f.Consent == "" {
			f.Consent = events.Notices()[0].Version
		}
	}
	var ps problems
	check := f // Problems tidies its form; the store tidies its own
	for _, one := range check.Problems() {
		ps = append(ps, problem{one.Field, one.Message})
	}
	if len(ps) > 0 {
		return ps
	}
	reg, err := a.cfg.Events.StaffSignUp(r.ctx, r.actor, f)
	if err != nil {
		return err
	}
	p.Added, p.Form, p.Key = &reg, signupForm{Party: "1"}, "staff-"+db.NewID()
	return a.renderSignups(r, p)
}

// exportSignups answers with a spreadsheet: masked, or in full for a reason.
func (a *Admin) exportSignups(r *request, p *signupsPage) error {
	list, err := a.cfg.Events.ExportRegistrations(r.ctx, r.actor, p.Session.ID, p.Reason)
	if err != nil {
		return err
	}
	s := sheet.Sheet{Name: "报名名单", Title: p.Session.Title + "（" + p.Session.No + "）",
		Notes:  []string{p.Session.When() + " " + p.Session.Place(), "导出：" + r.actor.Name + "，" + stamp(a.cfg.Now(), "2006-01-02 15:04") + "。用完请删除。"},
		Header: []string{"序号", "状态", "姓名", "电话", "人数", "来源", "想问的问题", "需要的帮助", "报名时间"}, Widths: []float64{6, 14, 14, 16, 6, 8, 30, 20, 18}}
	for i, reg := range list {
		phone := reg.Phone
		if p.Reason != "" {
			phone = vault.LocalPhone(phone)
		}
		s.Rows = append(s.Rows, []any{i + 1, reg.State.Label(), reg.Name, phone, reg.Party, reg.Origin.Label(), reg.Question, reg.Access, stamp(reg.Created, "2006-01-02 15:04")})
	}
	body, err := sheet.Book{Sheets: []sheet.Sheet{s}}.Bytes()
	if err != nil {
		return err
	}
	r.Attachment("报名-" + p.Session.No + ".xlsx")
	r.Set(fiber.HeaderContentType, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
	return r.Send(body)
}
