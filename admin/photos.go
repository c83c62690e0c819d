package admin

import (
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"github.com/songfa/songfa/events"
	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/errs"
	"github.com/songfa/songfa/internal/web"
	"github.com/songfa/songfa/media"
)

// photoRoutes are those of the pictures of sessions.
func (a *Admin) photoRoutes() []route {
	const get, post = http.MethodGet, http.MethodPost
	sessions := []auth.Permission{auth.Sessions}
	return []route{
		{get, "/sessions/:id/photos/:key", sessions, a.reportPhoto},
		{get, "/sessions/:id/photos/:key/blur", sessions, a.showBlur},
		{post, "/sessions/:id/photos/:key/blur", sessions, a.blur},
		{get, "/photos/", sessions, a.agedPhotos},
		{post, "/photos/", sessions, a.reviewPhoto},
	}
}

// addPhoto takes in pictures; nobody outside sees them before they are approved.
func (a *Admin) addPhoto(r *request, _ events.Part) error {
	files, err := r.files("photo")
	if err != nil {
		return err
	}
	for _, f := range files {
		body, err := f.Open()
		if err != nil {
			return err
		}
		kept, err := a.cfg.Media.AddPrivate(r.ctx, clean(f.Filename), body)
		body.Close()
		if err != nil {
			return atFile(err, f.Filename)
		}
		photo := events.ReportPhoto{Key: kept.Key, Name: kept.Name, Sheet: r.form.Get("sheet") != "", Consent: r.form.Get("consent") != ""}
		if err := a.cfg.Events.AddReportPhoto(r.ctx, r.actor, r.param("id"), photo); err != nil {
			return err
		}
	}
	return a.reportDone(r, "upload")
}

// photo finds a picture of the session in the address by its key, or by that of
// its blurred one.
func (a *Admin) photo(r *request, key string) (events.Session, events.ReportPhoto, error) {
	sh, err := a.cfg.Events.ReportSheetFor(r.ctx, r.actor, r.param("id"))
	if err != nil {
		return events.Session{}, events.ReportPhoto{}, err
	}
	i := slices.IndexFunc(sh.Photos, func(p events.ReportPhoto) bool { return key != "" && (p.Key == key || p.Blurred == key) })
	if i < 0 {
		return sh.Session, events.ReportPhoto{}, errs.New(errs.NotFound, "这张照片已经删除。", "photo is not of this session")
	}
	return sh.Session, sh.Photos[i], nil
}

// showPhoto makes a picture public. Its bytes are laid ready before, and the
// decision and the address come in one transaction.
func (a *Admin) showPhoto(r *request, _ events.Part) error {
	s, photo, err := a.photo(r, r.form.Get("key"))
	if err != nil {
		return err
	}
	var publish events.Publish
	if photo.Consent && !photo.Sheet { // of others not even the bytes are copied
		staged, err := a.cfg.Media.Stage(r.ctx, photo.Public(), s.No+".jpg", s.Title+"现场")
		if err != nil {
			return err
		}
		publish = staged.Publish
	}
	if err := a.cfg.Events.ShowReportPhoto(r.ctx, r.actor, s.ID, photo.Key, publish); err != nil {
		return err
	}
	return a.reportDone(r, "photo_show")
}

// hidePhoto makes it private again: its address is gone at once, its bytes as
// soon as the store answers.
func (a *Admin) hidePhoto(r *request, _ events.Part) error {
	if err := a.cfg.Events.HideReportPhoto(r.ctx, r.actor, r.param("id"), r.form.Get("key")); err != nil {
		return err
	}
	a.sweep(r)
	return a.reportDone(r, "photo_hide")
}

func (a *Admin) dropPhoto(r *request, _ events.Part) error {
	if err := a.cfg.Events.RemoveReportPhoto(r.ctx, r.actor, r.param("id"), r.form.Get("key")); err != nil {
		return err
	}
	a.sweep(r)
	return a.reportDone(r, "photo_drop")
}

// sweep deletes bytes of what was just taken back. When the store is away, the
// server does it later: the decision stands.
func (a *Admin) sweep(r *request) {
	if _, err := a.cfg.Media.Sweep(r.ctx); err != nil {
		a.cfg.Log.Warn("bytes that were taken back stay for now", "err", err)
	}
}

// reportPhoto shows staff a picture of the session.
func (a *Admin) reportPhoto(r *request) error {
	key := r.param("key")
	if _, _, err := a.photo(r, key); err != nil {
		return err
	}
	body, p, err := a.cfg.Media.OpenPrivate(r.ctx, key)
	if err != nil {
		return err
	}
	defer body.Close()
	bytes, err := io.ReadAll(io.LimitReader(body, 32<<20))
	if err != nil {
		return err
	}
	r.Set(fiber.HeaderContentType, p.Type)
	r.Set("X-Content-Type-Options", "nosniff")
	return r.Status(http.StatusOK).Send(bytes)
}

// The grid that is laid over a picture where no script draws.
const (
	gridColumns = 12
	gridRows    = 9
)

// blurCell is one box of the grid.
type blurCell struct {
	Row, Column int // from 1
	Checked     bool
}

// Value is what the form sends: 2-5.
func (c blurCell) Value() string { return strconv.Itoa(c.Row) + "-" + strconv.Itoa(c.Column) }

// Area is the part of the picture under the box.
func (c blurCell) Area() media.Area {
	x0, x1 := (c.Column-1)*1000/gridColumns, c.Column*1000/gridColumns
	y0, y1 := (c.Row-1)*1000/gridRows, c.Row*1000/gridRows
	return media.Area{X: x0, Y: y0, W: x1 - x0, H: y1 - y0}
}

type blurPage struct {
	shell
	Session events.Session
	Photo   events.ReportPhoto
	Cells   []blurCell
}

func (a *Admin) showBlur(r *request) error {
	s, photo, err := a.photo(r, r.param("key"))
	if err != nil {
		return err
	}
	return a.renderBlur(r, blurPage{Session: s, Photo: photo})
}

func (a *Admin) renderBlur(r *request, p blurPage) error {
	ps := p.Problems
	p.shell = a.shell(r, "/admin/sessions/", "照片打码")
	p.Problems = ps
	for row := range gridRows {
		for column := range gridColumns {
			cell := blurCell{Row: row + 1, Column: column + 1}
			cell.Checked = slices.Contains(r.form["cell"], cell.Value())
			p.Cells = append(p.Cells, cell)
		}
	}
	return a.render(r, "blur", p)
}

// blur makes what was marked unrecognisable, on top of what is already, or goes
// back to the picture as it came.
func (a *Admin) blur(r *request) error {
	s, photo, err := a.photo(r, r.param("key"))
	if err != nil {
		return err
	}
	r.again = func(why web.Problem) error {
		page := blurPage{Session: s, Photo: photo}
		page.Problems = problemsOf(r.err, why.Message)
		return a.renderBlur(r, page)
	}
	blurred := ""
	if r.form.Get("go") != "clear" {
		made, err := a.cfg.Media.Blur(r.ctx, photo.Public(), blurAreas(r))
		if err != nil {
			return err
		}
		blurred = made.Key
	}
	if err := a.cfg.Events.BlurReportPhoto(r.ctx, r.actor, s.ID, photo.Key, blurred); err != nil {
		return err
	}
	a.sweep(r)
	if blurred == "" {
		return a.done(r, "/admin/sessions/"+s.ID+"/photos/"+photo.Key+"/blur", "unblur")
	}
	return a.done(r, "/admin/sessions/"+s.ID+"/photos/"+photo.Key+"/blur", "blur")
}

// blurAreas reads the boxes that are ticked (row-column) and the rectangles that
// were drawn (x,y,w,h in thousandths). What is neither is left out.
func blurAreas(r *request) (areas []media.Area) {
	for _, cell := range r.form["cell"] {
		row, column, _ := strings.Cut(cell, "-")
		c := blurCell{Row: thousandth(row), Column: thousandth(column)}
		if c.Row >= 1 && c.Row <= gridRows && c.Column >= 1 && c.Column <= gridColumns {
			areas = append(areas, c.Area())
		}
	}
	for _, text := range r.form["area"] {
		parts := strings.Split(text, ",")
		if len(parts) != 4 {
			continue
		}
		area := media.Area{X: thousandth(parts[0]), Y: thousandth(parts[1]), W: thousandth(parts[2]), H: thousandth(parts[3])}
		if area.X >= 0 && area.Y >= 0 && area.W > 0 && area.H > 0 {
			areas = append(areas, area)
		}
	}
	return areas
}

// thousandth is a small whole number; -1 for anything else.
func thousandth(s string) int {
	n, err := strconv.Atoi(strings.TrimSpace(s))
	if err != nil || n > 1000 {
		return -1
	}
	return n
}

type agedPhotosPage struct {
	shell
	Photos []events.AgedPhoto
	Years  int
	Key    string // of the picture whose form came back
	Reason string // typed
}

// agedPhotos lists public pictures that are due for a look.
func (a *Admin) agedPhotos(r *request) error { return a.renderAged(r, agedPhotosPage{}) }

func (a *Admin) renderAged(r *request, p agedPhotosPage) (err error) {
	ps := p.Problems
	p.shell = a.shell(r, "/admin/media/", "照片到期复核")
	p.Problems, p.Years = ps, a.cfg.Events.Rules().PhotoYears
	if p.Photos, err = a.cfg.Events.AgedPhotos(r.ctx, r.actor); err != nil {
		return err
	}
	return a.render(r, "photos", p)
}

// reviewPhoto keeps one of them or takes it down.
func (a *Admin) reviewPhoto(r *request) error {
	session, key, reason := r.form.Get("session"), r.form.Get("key"), r.form.Get("reason")
	r.again = func(why web.Problem) error {
		page := agedPhotosPage{Key: key, Reason: reason}
		page.Problems = problemsOf(r.err, why.Message)
		return a.renderAged(r, page)
	}
	if r.form.Get("go") == "down" {
		if err := a.cfg.Events.TakeDownPhoto(r.ctx, r.actor, session, key); err != nil {
			return err
		}
		a.sweep(r)
		return a.done(r, "/admin/photos/", "photo_down")
	}
	if err := a.cfg.Events.KeepPhoto(r.ctx, r.actor, session, key, reason); err != nil {
		return err
	}
	return a.done(r, "/admin/photos/", "photo_keep")
}
