package admin

import (
	"slices"
	"strings"

	"github.com/songfa/songfa/events"
	"github.com/songfa/songfa/events/stock"
	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/errs"
	"github.com/songfa/songfa/internal/web"
)

// sessionMaterialsPage is what a session asks for, gets and brings back.
type sessionMaterialsPage struct {
	shell
	Session events.Session
	Lines   []materialLine
	Key     string
	Plans   bool // works on the session itself, not only on its copies
}

// materialLine is one title at the session.
type materialLine struct {
	stock.Stand
	Use              stock.Use
	Ask, Issue, Back string // typed
}

// Used reports whether the session has to do with the title at all.
func (l materialLine) Used() bool { return l.Use.Material != "" }

// Any reports whether some title is used, and Out whether some copies are out.
func (p sessionMaterialsPage) Any() bool { return slices.ContainsFunc(p.Lines, materialLine.Used) }

// Out reports whether copies are with the session, not yet accounted for.
func (p sessionMaterialsPage) Out() bool {
	return slices.ContainsFunc(p.Lines, func(l materialLine) bool { return l.Use.Open() > 0 })
}

func (a *Admin) sessionMaterials(r *request) error {
	p, err := a.sessionMaterialsPage(r)
	if err != nil {
		return err
	}
	return a.renderSessionMaterials(r, p)
}

func (a *Admin) sessionMaterialsPage(r *request) (*sessionMaterialsPage, error) {
	s, err := a.cfg.Events.SessionFor(r.ctx, r.actor, r.param("id"))
	if err != nil {
		return nil, err
	}
	p := &sessionMaterialsPage{Session: s, Key: db.NewID()}
	all, err := a.cfg.Events.Stock().Materials(r.ctx)
	if err != nil {
		return nil, err
	}
	uses, err := a.cfg.Events.Stock().Use(r.ctx, s.ID)
	if err != nil {
		return nil, err
	}
	for _, m := range all {
		l := materialLine{Stand: m}
		if i := slices.IndexFunc(uses, func(u stock.Use) bool { return u.Material == m.ID }); i >= 0 {
			l.Use = uses[i]
			l.Ask, l.Issue = numberText(l.Use.Asked), numberText(l.Use.Held)
		}
		if !m.Retired || l.Used() {
			p.Lines = append(p.Lines, l)
		}
	}
	return p, nil
}

func (a *Admin) renderSessionMaterials(r *request, p *sessionMaterialsPage) error {
	ps := p.Problems
	section := materialsSection
	if p.Plans = r.actor.Can(auth.Sessions); p.Plans {
		section = sessionsSection
	}
	p.shell = a.shell(r, section, "材料："+p.Session.Title)
	p.Problems = ps
	return a.render(r, "session_materials", p)
}

// moveMaterials asks, reserves, issues or takes back.
func (a *Admin) moveMaterials(r *request) error {
	p, err := a.sessionMaterialsPage(r)
	if err != nil {
		return err
	}
	p.take(r)
	r.again = func(why web.Problem) error {
		p.Problems = problemsOf(r.err, why.Message)
		return a.renderSessionMaterials(r, p)
	}
	id, key, ev := p.Session.ID, p.Key, a.cfg.Events
	switch r.form.Get("go") {
	case "ask":
		err = ev.AskMaterials(r.ctx, r.actor, id, typedLines(r, "ask-"), false)
	case "reserve":
		err = ev.AskMaterials(r.ctx, r.actor, id, typedLines(r, "ask-"), true)
	case "issue":
		err = ev.IssueMaterials(r.ctx, r.actor, id, key, typedLines(r, "issue-"))
	case "return":
		err = ev.ReturnMaterials(r.ctx, r.actor, id, key, typedLines(r, "back-"))
	default:
		err = errs.New(errs.Invalid, "没有收到要做什么，请再点一次按钮。", "unknown step")
	}
	if err != nil {
		return fieldOf(err, r.form.Get("go"))
	}
	return a.done(r, "/admin/sessions/"+id+"/materials", "stock_"+r.form.Get("go"))
}

// fieldOf points a problem with one title at its field in the form that was sent.
func fieldOf(err error, step string) error {
	prefix := map[string]string{"ask": "ask-", "reserve": "ask-", "issue": "issue-", "return": "back-"}[step]
	if field := errs.FieldOf(err); field != "" && prefix != "" {
		return &errs.Error{Kind: errs.KindOf(err), Field: prefix + field, Message: errs.MessageOf(err), Err: err}
	}
	return err
}

// take lays what was typed over the page.
func (p *sessionMaterialsPage) take(r *request) {
	if key := r.form.Get("key"); key != "" {
		p.Key = key
	}
	for i := range p.Lines {
		l := &p.Lines[i]
		for prefix, field := range map[string]*string{"ask-": &l.Ask, "issue-": &l.Issue, "back-": &l.Back} {
			if r.form.Has(prefix + l.ID) {
				*field = r.form.Get(prefix + l.ID)
			}
		}
	}
}

// typedLines reads the numbers of one column; empty ones are left out, and what
// is no number becomes one that no use case takes.
func typedLines(r *request, prefix string) []stock.Line {
	var lines []stock.Line
	for name := range r.form {
		id, ok := strings.CutPrefix(name, prefix)
		if typed := strings.TrimSpace(r.form.Get(name)); ok && typed != "" {
			lines = append(lines, stock.Line{Material: id, Qty: numberIn(typed)})
		}
	}
	slices.SortFunc(lines, func(a, b stock.Line) int { return strings.Compare(a.Material, b.Material) })
	return lines
}

// slipPage is the printed 出库单.
type slipPage struct {
	shell
	Session events.Session
	Lines   []materialLine
	Printed string
}

func (a *Admin) issueSlip(r *request) error {
	p, err := a.sessionMaterialsPage(r)
	if err != nil {
		return err
	}
	slip := slipPage{shell: a.shell(r, sessionsSection, "出库单"), Session: p.Session, Printed: today(a.cfg.Now())}
	for _, l := range p.Lines {
		if l.Use.Issued > 0 || l.Use.Held > 0 {
			slip.Lines = append(slip.Lines, l)
		}
	}
	return a.render(r, "slip", slip)
}
