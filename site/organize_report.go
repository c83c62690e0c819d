package site

import (
	"context"
	"errors"
	"io"
	"mime/multipart"
	"net/url"
	"slices"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"github.com/songfa/songfa/events"
	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/errs"
	"github.com/songfa/songfa/internal/web"
	"github.com/songfa/songfa/themes"
)

// maxPhotos is the size of all pictures sent at once, in bytes.
const maxPhotos = 48 << 20

func (s *Site) registerReport() {
	s.private("/organize/report", s.reportPage)
	s.post("/organize/report", s.saveReport)
	s.private("/organize/photos/:key", s.reportPhoto)
	s.only("/organize/report/draft", "/organize/report", s.draftReport)
	s.srv.LargeBodies("/organize/report", passCookie, maxPhotos, func(value string) bool { return len(s.readPass(value)) > 0 })
}

// reported is the request this browser is in with the outcome of its session.
func (s *Site) reported(ctx context.Context, c *fiber.Ctx) (r events.Request, sheet events.ReportSheet, err error) {
	if r, err = s.mine(ctx, c); err != nil {
		return r, sheet, err
	}
	if !hasReport(r) {
		return r, sheet, errs.New(errs.Conflict, "现在还不用报结果，活动办完以后再来。", "request is %s", r.State)
	}
	sheet, err = s.cfg.Events.ReportSheet(ctx, r.Session.ID)
	return r, sheet, err
}

// hasReport reports that the session has taken place.
func hasReport(r events.Request) bool {
	switch r.State {
	case events.Held, events.Reported, events.ReportReturned, events.Verified, events.Archived:
		return true
	}
	return false
}

// mayReport reports that the host can type in its part now.
func mayReport(sheet events.ReportSheet) bool {
	return sheet.Host.Open() && (sheet.Session.State == events.Held || sheet.Session.State == events.ReportReturned || sheet.Session.State == events.Reported)
}

// reportPage answers GET /organize/report.
func (s *Site) reportPage(ctx context.Context, c *fiber.Ctx) error {
	r, sheet, err := s.reported(ctx, c)
	if err != nil {
		return err
	}
	return s.renderReport(ctx, c, r, sheet, nil)
}

func (s *Site) renderReport(ctx context.Context, c *fiber.Ctx, r events.Request, sheet events.ReportSheet, problems []events.Problem) error {
	p := &themes.OrganizeReportPage{Shell: s.organizeShell(c, "report", "报结果"), Session: themes.Session{Title: sheet.Session.Title, Starts: sheet.Session.Starts},
		Reason: sheet.Host.Note, Given: !mayReport(sheet)}
	if p.Photos = s.reportPhotos(sheet.Photos); p.Given {
		return s.render(c, p)
	}
	cal, err := s.cfg.Events.Calendar(ctx)
	if err != nil {
		return err
	}
	p.Due = deadline(cal, s.now(), sheet.Due)
	p.Action, p.Draft, p.Hidden = "/organize/report", "/organize/report/draft", []themes.Hidden{{Name: "rev", Value: strconv.Itoa(sheet.Host.Rev)}}
	p.Parts = reportParts(sheet)
	for _, w := range sheet.Host.Warns {
		p.Warnings = append(p.Warnings, w.Message)
	}
	if len(p.Warnings) > 0 {
		p.Send = []themes.FormGroup{{Fields: []themes.FormField{{Name: "override", Label: "情况说明", Hint: "数字没有错的话，写一句为什么", Value: c.FormValue("override"), Width: "l", Max: 200, Must: true}}}}
	}
	p.Saved = sheet.Host.Updated
	p.Problems = pointOut(p, problems)
	return s.render(c, p)
}

// reportPhotos are the pictures with the address at which only this browser's
// request sees them.
func (s *Site) reportPhotos(photos []events.ReportPhoto) (list []themes.ReportPhoto) {
	for i, ph := range photos {
		shown := themes.ReportPhoto{Key: ph.Key, Src: "/organize/photos/" + ph.Key, Alt: "现场照片 " + strconv.Itoa(i+1)}
		switch {
		case ph.Sheet:
			shown.Alt, shown.Note = "签到表 "+strconv.Itoa(i+1), "签到表，不公开"
		case !ph.Consent:
			shown.Note = "没问过本人，不公开"
		}
		list = append(list, shown)
	}
	return list
}

// reportPhoto answers /organize/photos/{key}: a picture of the session of this
// browser's request. It has no other address until somebody approves it.
func (s *Site) reportPhoto(ctx context.Context, c *fiber.Ctx) error {
	_, sheet, err := s.reported(ctx, c)
	if err != nil {
		return err
	}
	key := c.Params("key")
	if !slices.ContainsFunc(sheet.Photos, func(p events.ReportPhoto) bool { return p.Key == key }) {
		return errs.New(errs.NotFound, "这张照片已经删除。", "photo is not of this session")
	}
	body, p, err := s.cfg.Media.OpenPrivate(ctx, key)
	if err != nil {
		return err
	}
	defer body.Close()
	picture, err := io.ReadAll(body)
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, p.Type)
	return c.Send(picture)
}

// pointOut puts problems at their fields and lists them; one whose field is not
// on the page is listed all the same.
func pointOut(p *themes.OrganizeReportPage, problems []events.Problem) (list []themes.FieldProblem) {
	at := func(groups []themes.FormGroup, problem events.Problem) (id string) {
		for g := range groups {
			for f := range groups[g].Fields {
				if field := &groups[g].Fields[f]; field.Name+field.Row == problem.Field {
					field.Error, groups[g].Fold = problem.Message, false
					return field.ID()
				}
			}
		}
		return ""
	}
	for _, problem := range problems {
		id := at(p.Send, problem)
		for i := range p.Parts {
			if id == "" {
				id = at(p.Parts[i].Groups, problem)
			}
		}
		if problem.Field == "photo" {
			id = "f-photo"
		}
		list = append(list, themes.FieldProblem{Field: id, Text: problem.Message})
	}
	return list
}

// reportForm reads what was sent, with files or without.
func reportForm(c *fiber.Ctx) url.Values {
	v := url.Values{}
	if multi, err := c.MultipartForm(); err == nil {
		v = url.Values(multi.Value)
	} else {
		for key, value := range c.Context().PostArgs().All() {
			v.Add(string(key), string(value))
		}
	}
	if v.Get("no_handouts") != "" {
		v.Add("none", events.NoHandouts)
	}
	return v
}

// draftReport answers POST /organize/report/draft, which the page's script sends
// while somebody types.
func (s *Site) draftReport(ctx context.Context, c *fiber.Ctx) error {
	r, _, err := s.reported(ctx, c)
	if err != nil {
		return err
	}
	saved, err := s.cfg.Events.SaveReport(ctx, events.OrganizerActor(r.ID), r.Session.ID, events.HostPart, formInt(c, "rev"), events.ParseReportForm(reportForm(c)))
	if err != nil {
		return err
	}
	return c.JSON(fiber.Map{"rev": saved.Rev, "saved": saved.Updated.In(events.Zone).Format("15:04")})
}

// saveReport answers POST /organize/report: keep, take a picture out, or hand in.
func (s *Site) saveReport(ctx context.Context, c *fiber.Ctx) error {
	r, sheet, err := s.reported(ctx, c)
	if err != nil {
		return err
	}
	if !mayReport(sheet) { // sent twice: it is in
		return s.goTo(c, "/organize/report")
	}
	v := reportForm(c)
	form, actor := events.ParseReportForm(v), events.OrganizerActor(r.ID)
	problems, err := s.takePhotos(ctx, c, actor, sheet.Session, v)
	if err != nil {
		return err
	}
	saved, err := s.cfg.Events.SaveReport(ctx, actor, r.Session.ID, events.HostPart, formInt(c, "rev"), form)
	if errs.Is(err, errs.Conflict) {
		return s.reportConflict(ctx, c, r, v, form)
	}
	if err != nil {
		return err
	}
	if len(problems) == 0 && v.Get("go") == "send" {
		return s.sendReport(ctx, c, r, saved, v.Get("override"))
	}
	if len(problems) > 0 {
		return s.refuseReport(ctx, c, r, fiber.StatusBadRequest, problems)
	}
	if part := v.Get("go"); part == "people" || part == "handouts" || part == "words" {
		return s.goTo(c, "/organize/report#"+part)
	}
	return s.goTo(c, "/organize/report#photos")
}

// sendReport hands the host's part in.
func (s *Site) sendReport(ctx context.Context, c *fiber.Ctx, r events.Request, saved events.PartReport, override string) error {
	_, err := s.cfg.Events.SubmitReport(ctx, events.OrganizerActor(r.ID), r.Session.ID, events.HostPart, saved.Rev, saved.Form, override)
	switch {
	case err == nil:
		return s.goTo(c, "/organize/request?done=reported")
	case errs.Is(err, errs.Invalid) && len(saved.Blocks) > 0:
		return s.refuseReport(ctx, c, r, web.Status(err), saved.Blocks)
	case errs.Is(err, errs.Invalid), errs.Is(err, errs.Conflict):
		return s.refuseReport(ctx, c, r, web.Status(err), []events.Problem{{Field: errs.FieldOf(err), Message: errs.MessageOf(err)}})
	}
	return err
}

func (s *Site) refuseReport(ctx context.Context, c *fiber.Ctx, r events.Request, status int, problems []events.Problem) error {
	sheet, err := s.cfg.Events.ReportSheet(ctx, r.Session.ID)
	if err != nil {
		return err
	}
	c.Status(status)
	return s.renderReport(ctx, c, r, sheet, problems)
}

// takePhotos removes the picture that was asked for and takes new ones in. A
// file that is refused is named; the others are kept.
func (s *Site) takePhotos(ctx context.Context, c *fiber.Ctx, actor auth.Actor, ses events.Session, v url.Values) (problems []events.Problem, err error) {
	if key := v.Get("remove"); key != "" {
		if err := s.cfg.Events.RemoveReportPhoto(ctx, actor, ses.ID, key); err != nil {
			return nil, err
		}
		if _, err := s.cfg.Media.Sweep(ctx); err != nil { // later, then: it is out of the report
			s.cfg.Log.Warn("bytes of a photo stay for now", "err", err)
		}
		return nil, nil
	}
	multi, err := c.MultipartForm()
	if err != nil {
		return nil, nil // no files in this form
	}
	for _, file := range multi.File["photo"] {
		if file.Filename == "" {
			continue
		}
		err := s.takePhoto(ctx, actor, ses.ID, file, v)
		switch {
		case errs.Is(err, errs.Invalid) || errs.Is(err, errs.TooLarge):
			problems = append(problems, events.Problem{Field: "photo", Message: "“" + shorten(file.Filename, 30) + "”没有传上：" + errs.MessageOf(err)})
		case err != nil:
			return nil, err
		}
	}
	return problems, nil
}

// takePhoto stores one picture, without where it was taken and without an
// address, and puts it to the report. One the report does not take is not kept.
func (s *Site) takePhoto(ctx context.Context, actor auth.Actor, session string, file *multipart.FileHeader, v url.Values) error {
	body, err := file.Open()
	if err != nil {
		return err
	}
	defer body.Close()
	p, err := s.cfg.Media.AddPrivate(ctx, file.Filename, body)
	if err != nil {
		return err
	}
	err = s.cfg.Events.AddReportPhoto(ctx, actor, session, events.ReportPhoto{Key: p.Key, Name: p.Name, Sheet: v.Get("sheet") != "", Consent: v.Get("consent") != ""})
	if err != nil {
		return errors.Join(err, s.dropUnused(ctx, session, p.Key))
	}
	return nil
}

// dropUnused takes a picture out of the store again, unless the report has it
// from before.
func (s *Site) dropUnused(ctx context.Context, session, key string) error {
	sheet, err := s.cfg.Events.ReportSheet(ctx, session)
	if err != nil || slices.ContainsFunc(sheet.Photos, func(p events.ReportPhoto) bool { return p.Key == key }) {
		return err
	}
	return s.cfg.Media.RemovePrivate(ctx, key)
}
