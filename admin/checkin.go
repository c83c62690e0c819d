package admin

import (
	"slices"

	"github.com/gofiber/fiber/v2"

	"github.com/songfa/songfa/events"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/errs"
	"github.com/songfa/songfa/internal/qr"
	"github.com/songfa/songfa/internal/web"
)

// checkInPage is a session's desk as the coordinator sees it: who has come, the
// link and PIN to give away, and the sheets brought back.
type checkInPage struct {
	shell
	Session  events.Session
	Desk     events.Desk
	Present  events.Presence
	Arrivals []events.Arrival
	Loose    []events.CheckInEvent // without a sign-up, newest first
	Link     string                // whole addresses, "" while there is no desk
	Here     string
	LinkCode *qrPicture
	HereCode *qrPicture
	Paper    paperForm
	Key      string
}

// paperForm is 补录 of a sheet, as typed.
type paperForm struct{ Qty, Women, Minors, Elders string }

// qrPicture is a QR code for an inline SVG.
type qrPicture struct {
	Size int
	Path string
}

func (a *Admin) checkIn(r *request) error {
	p, err := a.checkInPage(r)
	if err != nil {
		return err
	}
	return a.renderCheckIn(r, p)
}

func (a *Admin) checkInPage(r *request) (*checkInPage, error) {
	ev := a.cfg.Events
	d, err := ev.SessionDesk(r.ctx, r.actor, r.param("id"))
	if err != nil {
		return nil, err
	}
	return &checkInPage{Session: d.Session, Desk: d, Key: db.NewID()}, nil
}

func (a *Admin) renderCheckIn(r *request, p *checkInPage) (err error) {
	ev, id := a.cfg.Events, p.Session.ID
	if p.Desk.Open {
		p.Link, p.Here = a.srv.URL("/desk/"+p.Desk.Token), a.srv.URL("/desk/here/"+p.Desk.Here)
		if p.LinkCode, err = qrOf(p.Link); err != nil {
			return err
		}
		if p.HereCode, err = qrOf(p.Here); err != nil {
			return err
		}
	}
	if p.Present, err = ev.Present(r.ctx, id); err != nil {
		return err
	}
	if p.Arrivals, err = ev.Arrivals(r.ctx, id); err != nil {
		return err
	}
	list, err := ev.CheckIns(r.ctx, id)
	if err != nil {
		return err
	}
	for _, e := range slices.Backward(list) {
		if e.Registration == "" && !e.Undone {
			p.Loose = append(p.Loose, e)
		}
	}
	ps := p.Problems
	p.shell = a.shell(r, sessionsSection, "签到："+p.Session.Title)
	p.Problems = ps
	return a.render(r, "checkin", p)
}

func qrOf(text string) (*qrPicture, error) {
	c, err := qr.New(text)
	if err != nil {
		return nil, err
	}
	return &qrPicture{Size: c.Size(), Path: c.Path()}, nil
}

// changeCheckIn opens or closes the desk, or writes down who was there.
func (a *Admin) changeCheckIn(r *request) error {
	p, err := a.checkInPage(r)
	if err != nil {
		return err
	}
	get := r.form.Get
	p.Paper = paperForm{get("qty"), get("women"), get("minors"), get("elders")}
	r.again = func(why web.Problem) error {
		p.Problems = problemsOf(r.err, why.Message)
		return a.renderCheckIn(r, p)
	}
	ev, id, step := a.cfg.Events, p.Session.ID, get("go")
	switch step {
	case "open":
		_, err = ev.OpenDesk(r.ctx, r.actor, id, get("names") != "")
	case "revoke":
		_, err = ev.RevokeDesk(r.ctx, r.actor, id)
	default:
		err = a.writeDown(r, p)
	}
	if err != nil {
		return err
	}
	return a.done(r, "/admin/sessions/"+id+"/checkin", "desk_"+step)
}

// writeDown takes one check-in from the form. The form's key makes a second
// click the same event.
func (a *Admin) writeDown(r *request, p *checkInPage) error {
	get := r.form.Get
	scan := events.Scan{UUID: get("key"), Method: events.Method(get("go"))}
	switch get("go") {
	case "paper":
		scan.Registration = get("registration")
		if scan.Registration == "" {
			scan.Qty, scan.Women = numberIn(get("qty")), numberIn(get("women"))
			scan.Minors, scan.Elders = numberIn(get("minors")), numberIn(get("elders"))
			if scan.Qty < 1 {
				return errs.Bad("qty", "请填写签到表上没有报名的有几个人，至少 1 人。")
			}
		}
	case "undo":
		scan.UndoOf = get("of")
	default:
		return errs.New(errs.Invalid, "没有收到要做什么，请再点一次按钮。", "unknown step")
	}
	results, err := a.cfg.Events.CheckInByStaff(r.ctx, r.actor, p.Session.ID, []events.Scan{scan})
	if err == nil && !results[0].OK {
		err = errs.New(errs.Invalid, results[0].Message, "scan refused")
	}
	return err
}

// sheetPage is the printed 签到表.
type sheetPage struct {
	shell
	Session events.Session
	List    []events.Registration
	Full    bool  // names and numbers are whole
	Blank   []int // empty lines for those who come without signing up
	Reason  string
	Printed string
}

const blankLines = 10

// signInSheet shows the sheet to print: masked, or after a POST with a reason,
// which goes into the audit, in full.
func (a *Admin) signInSheet(r *request) error {
	s, err := a.cfg.Events.SessionFor(r.ctx, r.actor, r.param("id"))
	if err != nil {
		return err
	}
	p := sheetPage{Session: s, Blank: make([]int, blankLines), Printed: today(a.cfg.Now())}
	render := func(reason string) (err error) {
		if p.List, err = a.cfg.Events.NameSheet(r.ctx, r.actor, s.ID, reason); err != nil {
			return err
		}
		ps := p.Problems
		p.shell = a.shell(r, sessionsSection, "签到表")
		p.Problems = ps
		return a.render(r, "sheet", p)
	}
	if r.Method() != fiber.MethodPost {
		return render("")
	}
	p.Reason = r.form.Get("reason")
	r.again = func(why web.Problem) error {
		p.Problems, p.Full = problemsOf(r.err, why.Message), false
		return render("")
	}
	if p.Reason == "" {
		return errs.Bad("reason", "请写明为什么要打印完整的姓名和电话。")
	}
	p.Full = true
	return render(p.Reason)
}
