package admin

import (
	"net/http"
	"strings"
	"time"

	"github.com/songfa/songfa/events"
	"github.com/songfa/songfa/events/stock"
	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/errs"
	"github.com/songfa/songfa/internal/web"
)

const (
	materialsSection = "/admin/materials/"
	bookRows         = 50
)

// deskRoutes are those of materials, sign-ups and check-in.
func (a *Admin) deskRoutes() []route {
	const get, post = http.MethodGet, http.MethodPost
	var (
		sessions = []auth.Permission{auth.Sessions}
		stocked  = []auth.Permission{auth.Stock, auth.Sessions}
	)
	return []route{
		{get, "/materials/", stocked, a.materials},
		{get, "/materials/new", stocked, a.newMaterial},
		{post, "/materials/new", stocked, a.saveMaterial},
		{get, "/materials/:id", stocked, a.showMaterial},
		{post, "/materials/:id", stocked, a.changeMaterial},
		{get, "/sessions/:id/materials", stocked, a.sessionMaterials},
		{post, "/sessions/:id/materials", stocked, a.moveMaterials},
		{get, "/sessions/:id/materials/slip", stocked, a.issueSlip},
		{get, "/sessions/:id/signups", sessions, a.signups},
		{post, "/sessions/:id/signups", sessions, a.changeSignups},
		{get, "/sessions/:id/checkin", sessions, a.checkIn},
		{post, "/sessions/:id/checkin", sessions, a.changeCheckIn},
		{get, "/sessions/:id/checkin/sheet", sessions, a.signInSheet},
		{post, "/sessions/:id/checkin/sheet", sessions, a.signInSheet},
	}
}

type materialsPage struct {
	shell
	Materials []stock.Stand
	Sessions  []events.Session // with copies put aside or out
	Keeps     bool             // may book
}

func (a *Admin) materials(r *request) (err error) {
	p := materialsPage{shell: a.shell(r, materialsSection, "宣传资料")}
	if p.Materials, err = a.cfg.Events.Stock().Materials(r.ctx); err != nil {
		return err
	}
	if p.Sessions, err = a.cfg.Events.SessionsWithMaterials(r.ctx, r.actor); err != nil {
		return err
	}
	p.Keeps = keeps(r.actor)
	return a.render(r, "materials", p)
}

// keeps reports whether the actor may book in the warehouse, which is the bureau's.
func keeps(actor auth.Actor) bool { return actor.Can(auth.Stock) && len(actor.Towns) == 0 }

// materialPage is one title: its form, its book, and what can be booked.
type materialPage struct {
	shell
	Stand    stock.Stand
	Form     stock.Material // as it stands in the form
	Kinds    []stock.Kind
	Shelves  []stock.Shelf
	Stations []events.Station
	Book     []bookLine
	Before   string // where the next page of the book begins, "" for none
	Key      string // of the booking form
	Entry    entryForm
	Today    string
	Keeps    bool // may book
}

// New reports that nothing is stored yet.
func (p materialPage) New() bool { return p.Form.Version == 0 }

// entryForm is a booking as typed.
type entryForm struct{ Go, Qty, Day, Reason, Place, To string }

// bookLine is a row of the book with the name of its session.
type bookLine struct {
	stock.BookRow
	For events.Session // zero without one
}

func (a *Admin) newMaterial(r *request) error {
	return a.renderMaterial(r, &materialPage{Form: stock.Material{Kind: stock.Handbook, Unit: "册"}})
}

func (a *Admin) showMaterial(r *request) error {
	p, err := a.materialPage(r)
	if err != nil {
		return err
	}
	return a.renderMaterial(r, p)
}

func (a *Admin) materialPage(r *request) (*materialPage, error) {
	m, err := a.cfg.Events.Stock().Material(r.ctx, r.param("id"))
	if err != nil {
		return nil, err
	}
	return &materialPage{Stand: m, Form: m.Material, Key: db.NewID()}, nil
}

// changeMaterial saves the form, or books what a button of the book says.
func (a *Admin) changeMaterial(r *request) error {
	if r.form.Get("go") == "save" {
		return a.saveMaterial(r)
	}
	p, err := a.materialPage(r)
	if err != nil {
		return err
	}
	get := r.form.Get
	p.Entry = entryForm{Go: get("go"), Qty: get("qty"), Day: get("day"), Reason: get("reason"), Place: get("place"), To: get("to")}
	r.again = a.materialFailed(r, p)
	if err := a.bookEntry(r, p); err != nil {
		return err
	}
	return a.done(r, materialsSection+p.Form.ID, "stock")
}

func (a *Admin) bookEntry(r *request, p *materialPage) error {
	e := stock.Entry{Key: r.form.Get("key"), Material: p.Form.ID, Qty: numberIn(p.Entry.Qty), Day: p.Entry.Day, Reason: p.Entry.Reason,
		Place: stock.Place(p.Entry.Place), To: stock.Place(p.Entry.To)}
	st := a.cfg.Events.Stock()
	switch p.Entry.Go {
	case "receive":
		return st.Receive(r.ctx, r.actor, e)
	case "hand_out":
		return st.HandOut(r.ctx, r.actor, e)
	case "spoil":
		return st.Spoil(r.ctx, r.actor, e)
	case "transfer":
		return st.Transfer(r.ctx, r.actor, e)
	case "count":
		if strings.TrimSpace(p.Entry.Qty) == "" { // an empty field is not a count of 0
			return errs.Bad("qty", "请填写实际数到多少。")
		}
		return st.Count(r.ctx, r.actor, e)
	}
	return errs.New(errs.Invalid, "没有收到要做什么，请再点一次按钮。", "unknown booking")
}

func (a *Admin) saveMaterial(r *request) error {
	get := r.form.Get
	p := &materialPage{Form: stock.Material{ID: r.param("id"), Version: int(r.version()), Title: get("title"), Law: get("law"), Edition: get("edition"),
		Kind: stock.Kind(get("kind")), Unit: get("unit"), CompiledBy: get("compiled_by"), Retired: get("retired") != ""}}
	if p.Form.ID != "" && p.New() { // a form without a version would make a new one
		return errs.New(errs.Conflict, "", "form has no version")
	}
	if p.New() {
		p.Form.ID = ""
	}
	r.again = a.materialFailed(r, p)
	var ps problems
	for _, one := range p.Form.Problems() {
		ps = append(ps, problem{one.Field, one.Message})
	}
	if len(ps) > 0 {
		return ps
	}
	m, err := a.cfg.Events.Stock().SaveMaterial(r.ctx, r.actor, p.Form)
	if err != nil {
		return err
	}
	return a.done(r, materialsSection+m.ID, "save")
}

func (a *Admin) materialFailed(r *request, p *materialPage) func(web.Problem) error {
	return func(why web.Problem) error {
		p.Problems = problemsOf(r.err, why.Message)
		if !p.New() && p.Stand.ID == "" {
			now, err := a.cfg.Events.Stock().Material(r.ctx, p.Form.ID)
			if err != nil {
				return err
			}
			p.Stand, p.Form.Version = now, now.Version
		}
		if p.Key = r.form.Get("key"); p.Key == "" {
			p.Key = db.NewID()
		}
		return a.renderMaterial(r, p)
	}
}

func (a *Admin) renderMaterial(r *request, p *materialPage) (err error) {
	p.Keeps = keeps(r.actor)
	p.Kinds, p.Today = stock.Kinds(), a.cfg.Now().In(events.Zone).Format(time.DateOnly)
	title := "登记一种资料"
	if !p.New() {
		title = p.Stand.Name()
		if err := a.loadBook(r, p); err != nil {
			return err
		}
	}
	ps := p.Problems
	p.shell = a.shell(r, materialsSection, title)
	p.Problems = ps
	return a.render(r, "material", p)
}

func (a *Admin) loadBook(r *request, p *materialPage) (err error) {
	st := a.cfg.Events.Stock()
	if p.Shelves, err = st.Shelves(r.ctx, p.Stand.ID); err != nil {
		return err
	}
	if p.Stations, err = a.cfg.Events.Stations(r.ctx, events.StationFilter{For: r.actor}); err != nil {
		return err
	}
	rows, err := st.Book(r.ctx, r.actor, p.Stand.ID, r.query("before"), bookRows)
	if err != nil {
		return err
	}
	if len(rows) == bookRows {
		p.Before = rows[len(rows)-1].ID
	}
	p.Book, err = a.bookLines(r, rows)
	return err
}

// bookLines joins the sessions that rows are for.
func (a *Admin) bookLines(r *request, rows []stock.BookRow) ([]bookLine, error) {
	var ids []string
	for _, row := range rows {
		if row.Session != "" {
			ids = append(ids, row.Session)
		}
	}
	sessions, err := a.sessionsByID(r, ids)
	if err != nil {
		return nil, err
	}
	lines := make([]bookLine, len(rows))
	for i, row := range rows {
		lines[i] = bookLine{row, sessions[row.Session]}
	}
	return lines, nil
}
