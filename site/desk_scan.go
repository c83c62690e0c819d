package site

import (
	"context"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"
	"golang.org/x/text/width"

	"github.com/songfa/songfa/events"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/errs"
	"github.com/songfa/songfa/internal/web"
	"github.com/songfa/songfa/themes"
)

// countOf reads a number somebody typed: 0 for nothing, -1 for what is none.
func countOf(typed string) int {
	typed = strings.TrimSpace(width.Narrow.String(typed))
	if typed == "" {
		return 0
	}
	n, err := strconv.Atoi(typed)
	if err != nil {
		return -1
	}
	return n
}

// anyDesk is the desk this browser has entered, whichever it is; the token comes
// back with it.
func (s *Site) anyDesk(ctx context.Context, c *fiber.Ctx) (events.Desk, string, error) {
	token, pass, _ := strings.Cut(c.Cookies(deskCookie), ".")
	if token == "" {
		return events.Desk{}, "", errs.New(errs.SignIn, "", "no desk was entered")
	}
	d, err := s.cfg.Events.DeskByPass(ctx, token, pass)
	return d, token, err
}

// deskScanned answers /desk/q/{token}, the link in a sign-up's QR code. At the
// desk it opens the person; anybody else reads what the code is for, and nothing
// about whose it is.
func (s *Site) deskScanned(ctx context.Context, c *fiber.Ctx) error {
	d, token, err := s.anyDesk(ctx, c)
	if errs.Is(err, errs.SignIn) || errs.Is(err, errs.Gone) || errs.Is(err, errs.NotFound) {
		return s.render(c, s.deskNote(c, &themes.DeskNotePage{Text: "这是一份报名的签到码。请到现场出示给签到台的工作人员，由他们来扫。要查看或取消报名，请用报名码和电话后四位。",
			Back: themes.Link{Text: "查询、取消报名", Href: "/signup/"}}))
	}
	if err != nil {
		return err
	}
	p := s.deskNote(c, &themes.DeskNotePage{Event: d.Session.Title, When: d.Session.When(), Back: themes.Link{Text: "回签到台", Href: "/desk/" + token}})
	person, err := s.deskPersonOf(ctx, d, c.Params("qr"))
	if errs.Is(err, errs.NotFound) {
		p.Text = errs.MessageOf(err)
		c.Status(fiber.StatusNotFound)
		return s.render(c, p)
	}
	if err != nil {
		return err
	}
	p.Person = &person
	if !person.Present {
		p.Action, p.Submit, p.Hidden = "/desk/q/"+c.Params("qr"), "签到", []themes.Hidden{{Name: "key", Value: db.NewID()}}
	}
	return s.render(c, p)
}

func (s *Site) deskNote(c *fiber.Ctx, p *themes.DeskNotePage) *themes.DeskNotePage {
	p.Shell = s.shell(c, strings.TrimPrefix(c.Path(), s.srv.Base()), "签到")
	p.NoIndex = true
	return p
}

// deskPersonOf finds whose code it is, among those of this desk's session.
func (s *Site) deskPersonOf(ctx context.Context, d events.Desk, qr string) (themes.DeskPerson, error) {
	reg, err := s.cfg.Events.RegistrationByQR(ctx, strings.ToLower(qr))
	if err != nil {
		return themes.DeskPerson{}, err
	}
	list, err := s.cfg.Events.Arrivals(ctx, d.Session.ID)
	if err != nil {
		return themes.DeskPerson{}, err
	}
	for _, a := range list {
		if a.ID == reg.ID {
			return deskPerson(a), nil
		}
	}
	return themes.DeskPerson{}, errs.New(errs.NotFound, "这份报名不是这一场的，或者已经取消。没有报名的请在签到台按“未报名 +1”。", "no arrival of this session")
}

// deskConfirm checks in whose code was opened.
func (s *Site) deskConfirm(ctx context.Context, c *fiber.Ctx) error {
	d, token, err := s.anyDesk(ctx, c)
	if err != nil {
		return err
	}
	results, err := s.cfg.Events.CheckIn(ctx, d, []events.Scan{{UUID: c.FormValue("key"), Method: events.ByQR, QR: c.Params("qr")}})
	if err != nil {
		return err
	}
	if !results[0].OK {
		c.Status(fiber.StatusUnprocessableEntity)
	}
	return s.render(c, s.deskNote(c, &themes.DeskNotePage{Event: d.Session.Title, When: d.Session.When(), Text: results[0].Message, Good: results[0].OK,
		Back: themes.Link{Text: "回签到台", Href: "/desk/" + token}}))
}

// deskHere answers the poster for 自助签到.
func (s *Site) deskHere(ctx context.Context, c *fiber.Ctx) error {
	se, err := s.cfg.Events.DeskHere(ctx, c.Params("here"))
	if err != nil {
		return err
	}
	return s.render(c, s.herePage(c, se))
}

func (s *Site) herePage(c *fiber.Ctx, se events.Session) *themes.DeskNotePage {
	return s.deskNote(c, &themes.DeskNotePage{Event: se.Title, When: se.When(), Action: "/desk/here/" + c.Params("here"), AskLast: true, Submit: "签到"})
}

func (s *Site) deskCheckInHere(ctx context.Context, c *fiber.Ctx) error {
	res, err := s.cfg.Events.CheckInHere(ctx, c.Params("here"), c.FormValue("last4"), c.IP())
	if errs.FieldOf(err) == "last4" || errs.Is(err, errs.TooMany) {
		se, herr := s.cfg.Events.DeskHere(ctx, c.Params("here"))
		if herr != nil {
			return herr
		}
		p := s.herePage(c, se)
		p.Problem = themes.FieldProblem{Field: "f-last4", Text: errs.MessageOf(err)}
		c.Status(web.Status(err))
		return s.render(c, p)
	}
	if err != nil {
		return err
	}
	return s.render(c, s.deskNote(c, &themes.DeskNotePage{Text: res.Message, Good: res.OK}))
}
