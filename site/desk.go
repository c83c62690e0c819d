package site

import (
	"context"
	"encoding/json"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/songfa/songfa/events"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/errs"
	"github.com/songfa/songfa/internal/web"
	"github.com/songfa/songfa/themes"
)

// deskCookie holds the link and the pass of the desk this browser has entered.
const deskCookie = "desk"

// registerDesk hangs the check-in desk below /desk/. The addresses hold secrets:
// nothing is cached, and nothing is told to other sites.
func (s *Site) registerDesk() {
	s.get("/desk/sw.js", s.deskWorker)
	s.get("/desk/shell", s.deskShell)
	s.get("/desk/q/:qr", s.atDesk(s.deskScanned))
	s.deskPost("/desk/q/:qr", s.deskConfirm)
	s.get("/desk/here/:here", s.atDesk(s.deskHere))
	s.deskPost("/desk/here/:here", s.deskCheckInHere)
	s.get("/desk/:token", s.atDesk(s.deskPage))
	s.deskPost("/desk/:token", s.deskStep)
	s.get("/desk/:token/manifest", s.atDesk(s.deskManifest))
	s.deskPost("/desk/:token/sync", s.deskSync)
}

// atDesk lets a page use the camera and keeps its address to itself.
func (s *Site) atDesk(h handler) handler {
	return func(ctx context.Context, c *fiber.Ctx) error {
		c.Set(fiber.HeaderCacheControl, "no-store")
		c.Set(fiber.HeaderReferrerPolicy, "same-origin")
		c.Set("Permissions-Policy", "camera=(self), geolocation=(), microphone=(), payment=()")
		return h(ctx, c)
	}
}

// deskPost takes a form or a batch.
func (s *Site) deskPost(path string, h handler) {
	s.srv.Root.Post(path, s.srv.SameOrigin, func(c *fiber.Ctx) error {
		if err := s.sending.Allow(c.IP()); err != nil {
			return err
		}
		ctx, cancel := web.Context(c)
		defer cancel()
		return s.atDesk(h)(ctx, c)
	})
}

// deskOf is the desk this browser has entered under the token.
func (s *Site) deskOf(ctx context.Context, c *fiber.Ctx, token string) (events.Desk, error) {
	cookie, pass, _ := strings.Cut(c.Cookies(deskCookie), ".")
	if cookie != token {
		pass = ""
	}
	return s.cfg.Events.DeskByPass(ctx, token, pass)
}

// deskPage answers /desk/{token}: the PIN, or the desk.
func (s *Site) deskPage(ctx context.Context, c *fiber.Ctx) error {
	d, err := s.deskOf(ctx, c, c.Params("token"))
	if errs.Is(err, errs.SignIn) {
		return s.askPIN(ctx, c, nil)
	}
	if err != nil {
		return err
	}
	return s.showDesk(ctx, c, d, &themes.DeskPage{})
}

// askPIN shows the form for the PIN, with what was wrong with the last one.
func (s *Site) askPIN(ctx context.Context, c *fiber.Ctx, wrong error) error {
	token := c.Params("token")
	d, err := s.cfg.Events.DeskByLink(ctx, token)
	if err != nil {
		return err
	}
	p := &themes.DeskPage{Shell: s.deskHead(c, "/desk/"+token), Base: "/desk/", Action: "/desk/" + token, AskPIN: true, Event: d.Session.Title, When: d.Session.When()}
	if wrong != nil {
		c.Status(web.Status(wrong))
		p.Problem = themes.FieldProblem{Field: "f-pin", Text: errs.MessageOf(wrong)}
	}
	return s.render(c, p)
}

func (s *Site) deskHead(c *fiber.Ctx, path string) themes.Shell {
	sh := s.shell(c, path, "签到台")
	sh.NoIndex = true
	return sh
}

// showDesk fills the desk's page around what has just happened.
func (s *Site) showDesk(ctx context.Context, c *fiber.Ctx, d events.Desk, p *themes.DeskPage) error {
	present, err := s.cfg.Events.Present(ctx, d.Session.ID)
	if err != nil {
		return err
	}
	path := "/desk/" + c.Params("token")
	p.Shell, p.Base, p.Action, p.Key, p.Names = s.deskHead(c, path), "/desk/", path, db.NewID(), d.Names
	p.Event, p.When, p.Place = d.Session.Title, d.Session.When(), d.Session.Place()
	p.Until = d.Until().In(events.Zone).Format("1 月 2 日 15:04")
	p.Total, p.SignedUp, p.WalkIns, p.Expected = present.Total(), present.SignedUp, present.WalkIns, present.Expected
	if d.Names {
		list, err := s.cfg.Events.Arrivals(ctx, d.Session.ID)
		if err != nil {
			return err
		}
		for _, a := range list {
			p.People = append(p.People, deskPerson(a))
		}
	}
	return s.render(c, p)
}

func deskPerson(a events.Arrival) themes.DeskPerson {
	p := themes.DeskPerson{ID: a.ID, Name: a.Name, LastFour: a.LastFour, Party: a.Party, Waiting: a.State != events.RegConfirmed, Present: a.Present, Of: a.UUID}
	if a.Present {
		p.At = a.At.In(events.Zone).Format("15:04")
	}
	return p
}

// deskStep takes what a form of the desk sends, without any script.
func (s *Site) deskStep(ctx context.Context, c *fiber.Ctx) error {
	token := c.Params("token")
	if c.FormValue("go") == "enter" {
		return s.enterDesk(ctx, c, token)
	}
	d, err := s.deskOf(ctx, c, token)
	if errs.Is(err, errs.SignIn) {
		return s.askPIN(ctx, c, err)
	}
	if err != nil {
		return err
	}
	results, err := s.cfg.Events.CheckIn(ctx, d, []events.Scan{deskForm(c)})
	if err != nil {
		return err
	}
	p := &themes.DeskPage{}
	if r := results[0]; r.OK {
		p.Done = r.Message
	} else {
		c.Status(fiber.StatusUnprocessableEntity)
		p.Problem, p.Typed = themes.FieldProblem{Text: r.Message}, c.FormValue("code")
		if c.FormValue("go") == "code" {
			p.Problem.Field = "f-code"
		}
	}
	return s.showDesk(ctx, c, d, p)
}

// deskForm reads one scan. A scanner types the link of the QR code into the
// field for codes.
func deskForm(c *fiber.Ctx) events.Scan {
	scan := events.Scan{UUID: c.FormValue("key"), Method: events.Method(c.FormValue("go")), Registration: c.FormValue("registration"), UndoOf: c.FormValue("of")}
	switch scan.Method {
	case events.ByCode:
		scan.Code = c.FormValue("code")
		if _, qr, ok := strings.Cut(strings.ToLower(scan.Code), "/desk/q/"); ok {
			scan.Method, scan.Code, scan.QR = events.ByQR, "", qr
		}
	case events.WalkIn:
		scan.Registration = ""
		scan.Qty, scan.Women = countOf(c.FormValue("qty")), countOf(c.FormValue("women"))
		scan.Minors, scan.Elders = countOf(c.FormValue("minors")), countOf(c.FormValue("elders"))
	}
	return scan
}

// enterDesk trades the PIN for a cookie that lasts as long as the desk.
func (s *Site) enterDesk(ctx context.Context, c *fiber.Ctx, token string) error {
	d, pass, err := s.cfg.Events.EnterDesk(ctx, token, c.FormValue("pin"), c.IP())
	if errs.Is(err, errs.Invalid) || errs.Is(err, errs.TooMany) {
		return s.askPIN(ctx, c, err)
	}
	if err != nil {
		return err
	}
	c.Cookie(&fiber.Cookie{Name: deskCookie, Value: token + "." + pass, Path: s.srv.Path("/desk/"), HTTPOnly: true,
		SameSite: fiber.CookieSameSiteLaxMode, Secure: s.srv.Secure(), MaxAge: max(1, int(d.Until().Sub(s.cfg.Now())/time.Second))})
	return c.Redirect(s.srv.Path("/desk/"+token), fiber.StatusSeeOther)
}

// deskShell is the page without anybody's data that works without network.
func (s *Site) deskShell(ctx context.Context, c *fiber.Ctx) error {
	return s.atDesk(func(_ context.Context, c *fiber.Ctx) error {
		return s.render(c, &themes.DeskPage{Shell: s.deskHead(c, "/desk/shell"), Base: "/desk/", Offline: true})
	})(ctx, c)
}

// deskWorker serves the service worker where its scope is the desk.
func (s *Site) deskWorker(_ context.Context, c *fiber.Ctx) error {
	a, ok := s.cfg.Theme.Asset("desk-sw.js")
	if !ok {
		return errs.New(errs.NotFound, "", "the theme has no service worker")
	}
	c.Set(fiber.HeaderCacheControl, "no-cache")
	c.Set(fiber.HeaderContentType, a.ContentType)
	return c.Send(a.Body)
}

func (s *Site) deskManifest(ctx context.Context, c *fiber.Ctx) error {
	d, err := s.deskOf(ctx, c, c.Params("token"))
	if err != nil {
		return err
	}
	m, err := s.cfg.Events.DeskManifest(ctx, d)
	if err != nil {
		return err
	}
	return c.JSON(m)
}

// deskBatch is what a telephone brings.
type deskBatch struct {
	Device string     `json:"device"`
	Now    int64      `json:"now"` // its clock as it sends, milliseconds, set right by the manifest's
	Scans  []deskScan `json:"scans"`
}

type deskScan struct {
	events.Scan
	At int64 `json:"at"` // by the same clock
}

// deskTally are the numbers on top of the page.
type deskTally struct {
	Signed   int `json:"signed"`
	WalkIns  int `json:"walkins"`
	Expected int `json:"expected"`
}

// deskSync takes a batch and answers for each event. The telephone's clock is
// set right once more by how far it is off at this moment.
func (s *Site) deskSync(ctx context.Context, c *fiber.Ctx) error {
	d, err := s.deskOf(ctx, c, c.Params("token"))
	if err != nil {
		return err
	}
	var batch deskBatch
	if err := json.Unmarshal(c.Body(), &batch); err != nil {
		return errs.New(errs.Invalid, "上传的签到读不懂，请刷新签到页面再试。", "decode batch: %w", err)
	}
	scans := make([]events.Scan, len(batch.Scans))
	for i, one := range batch.Scans {
		scans[i] = one.Scan
		scans[i].Device, scans[i].At = batch.Device, s.cfg.Now().Add(time.Duration(one.At-batch.Now)*time.Millisecond)
		if earliest := d.Session.Starts.Add(-24 * time.Hour); scans[i].At.Before(earliest) { // a clock set by nobody
			scans[i].At = s.cfg.Now()
		}
	}
	results, err := s.cfg.Events.CheckIn(ctx, d, scans)
	if err != nil {
		return err
	}
	p, err := s.cfg.Events.Present(ctx, d.Session.ID)
	if err != nil {
		return err
	}
	return c.JSON(fiber.Map{"results": results, "present": deskTally{p.SignedUp, p.WalkIns, p.Expected}})
}
