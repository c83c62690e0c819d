package admin

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/songfa/songfa/content"
	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/web"
)

// columnsSection is the menu's entry of columns and of who reviews in them.
const columnsSection = "/admin/columns/"

// columnRoutes are those of columns, their stages and who approves by a link.
func (a *Admin) columnRoutes() []route {
	const get, post = http.MethodGet, http.MethodPost
	admin := []auth.Permission{auth.Import}
	return []route{
		{get, "/columns/", admin, a.columns},
		{post, "/columns/", admin, a.saveReasons},
		{get, "/columns/new", admin, a.newColumn},
		{post, "/columns/new", admin, a.saveColumn},
		{get, "/columns/approvers/", admin, a.approvers},
		{get, "/columns/approvers/new", admin, a.newApprover},
		{post, "/columns/approvers/new", admin, a.saveApprover},
		{get, "/columns/approvers/:id", admin, a.showApprover},
		{post, "/columns/approvers/:id", admin, a.saveApprover},
		{get, "/columns/:slug", admin, a.showColumn},
		{post, "/columns/:slug", admin, a.saveColumn},
	}
}

type columnsPage struct {
	shell
	Columns []content.Column
	Reasons string // one a line
}

func (a *Admin) columns(r *request) error {
	reasons, err := a.cfg.Content.ReviewReasons(r.ctx)
	if err != nil {
		return err
	}
	return a.renderColumns(r, &columnsPage{Reasons: strings.Join(reasons, "\n")})
}

func (a *Admin) renderColumns(r *request, p *columnsPage) (err error) {
	ps := p.Problems
	p.shell = a.shell(r, columnsSection, "栏目")
	p.Problems = ps
	if p.Columns, err = a.cfg.Content.Columns(r.ctx); err != nil {
		return err
	}
	return a.render(r, "columns", p)
}

// saveReasons stores why texts are returned, a reason a line.
func (a *Admin) saveReasons(r *request) error {
	p := &columnsPage{Reasons: r.form.Get("reasons")}
	r.again = func(why web.Problem) error {
		p.Problems = problemsOf(r.err, why.Message)
		return a.renderColumns(r, p)
	}
	if err := a.cfg.Content.SetReviewReasons(r.ctx, r.actor, lines(p.Reasons)); err != nil {
		return err
	}
	return a.done(r, columnsSection, "save")
}

// columnPage is the form of a column and of its stages.
type columnPage struct {
	shell
	Column  content.Column // as it stands in the form
	Seen    string         // the Mark of the one the form was made from; "" for a new one
	Kinds   []content.Kind
	Roles   []auth.Role
	People  []someone
	Owners  []someone
	Watches []content.Watch
	Renewed bool // somebody else changed it meanwhile
}

// someone is somebody who may be named.
type someone struct{ ID, Name string }

// New reports that nothing is stored yet.
func (p columnPage) New() bool { return p.Seen == "" }

// Has reports whether the column takes a kind by name.
func (p columnPage) Has(k content.Kind) bool { return slices.Contains(p.Column.Kinds, k) }

// stageForm is one stage as the form shows it.
type stageForm struct {
	Page *columnPage
	N    int // from 1
	content.Stage
}

// Named reports whether a person is among the stage's.
func (s stageForm) Named(id string) bool { return slices.Contains(s.People, id) }

// Field names a field of this stage.
func (s stageForm) Field(name string) string { return "stage_" + strconv.Itoa(s.N) + "_" + name }

// Rows are the deputies with one empty row more.
func (s stageForm) Rows() []content.Deputy {
	return append(slices.Clone(s.Deputies), content.Deputy{})
}

// Stages are the stages of the form, filled up to as many as there may be.
func (p *columnPage) Stages() []stageForm {
	list := make([]stageForm, content.MaxStages)
	for i := range list {
		list[i] = stageForm{Page: p, N: i + 1}
		if i < len(p.Column.Review.Stages) {
			list[i].Stage = p.Column.Review.Stages[i]
		}
	}
	return list
}

func (a *Admin) newColumn(r *request) error {
	return a.renderColumn(r, &columnPage{Column: content.Column{Order: 10}})
}

func (a *Admin) showColumn(r *request) error {
	c, err := a.cfg.Content.Column(r.ctx, r.param("slug"))
	if err != nil {
		return err
	}
	return a.renderColumn(r, &columnPage{Column: c, Seen: c.Mark()})
}

// saveColumn makes a column, changes one, or takes an empty one away.
func (a *Admin) saveColumn(r *request) error {
	slug := r.param("slug")
	if slug != "" && r.form.Get("go") == "delete" {
		if err := a.cfg.Content.DeleteColumn(r.ctx, r.actor, slug); err != nil {
			return err
		}
		return a.done(r, columnsSection, "column_delete")
	}
	p := &columnPage{Column: r.column(), Seen: r.form.Get("seen")}
	if slug != "" {
		p.Column.Slug = slug
	}
	if r.form.Get("go") == "three" {
		p.Column.Review.Stages = content.DefaultStages()
		return a.renderColumn(r, p)
	}
	owners, err := a.owners(r, p.Column)
	if err != nil {
		return err
	}
	if i := slices.IndexFunc(owners, func(s someone) bool { return s.ID == p.Column.Owner }); i >= 0 {
		p.Column.OwnerName = owners[i].Name
	}
	r.again = a.columnFailed(r, p)
	if _, err := a.cfg.Content.SaveColumn(r.ctx, r.actor, p.Seen, p.Column); err != nil {
		return err
	}
	return a.done(r, columnsSection+p.Column.Slug, "column")
}

func (a *Admin) columnFailed(r *request, p *columnPage) func(web.Problem) error {
	return func(why web.Problem) error {
		p.Problems = problemsOf(r.err, why.Message)
		if now, err := a.cfg.Content.Column(r.ctx, p.Column.Slug); err == nil && p.Seen != "" && now.Mark() != p.Seen {
			p.Seen, p.Renewed = now.Mark(), true
		}
		return a.renderColumn(r, p)
	}
}

func (a *Admin) renderColumn(r *request, p *columnPage) (err error) {
	title := "新建栏目"
	if !p.New() {
		title = p.Column.Name
	}
	ps := p.Problems
	p.shell = a.shell(r, columnsSection, title)
	p.Problems, p.Kinds, p.Roles, p.Watches = ps, content.Kinds, auth.Roles, content.Watches
	if p.Owners, err = a.owners(r, p.Column); err != nil {
		return err
	}
	if p.People, err = a.reviewers(r); err != nil {
		return err
	}
	return a.render(r, "column", p)
}

// owners are all who may own a column: accounts, and who owns it now.
func (a *Admin) owners(r *request, c content.Column) ([]someone, error) {
	accounts, err := a.cfg.Staff.List(r.ctx)
	var list []someone
	for _, acc := range accounts {
		if !acc.Disabled || acc.ID == c.Owner {
			list = append(list, someone{acc.ID, acc.Display})
		}
	}
	return list, err
}

// reviewers are all who may be named in a stage: accounts, and leaders without one.
func (a *Admin) reviewers(r *request) ([]someone, error) {
	accounts, err := a.cfg.Staff.List(r.ctx)
	if err != nil {
		return nil, err
	}
	var list []someone
	for _, acc := range accounts {
		if !acc.Disabled {
			list = append(list, someone{acc.ID, acc.Display})
		}
	}
	approvers, err := a.cfg.Content.Approvers(r.ctx, r.actor)
	for _, p := range approvers {
		if p.Active {
			list = append(list, someone{p.Person(), p.Label() + "（手机审批）"})
		}
	}
	return list, err
}

// column reads the form. A stage without a name is not there.
func (r *request) column() content.Column {
	get := r.form.Get
	c := content.Column{Slug: strings.TrimSpace(get("slug")), Name: get("name"), Intro: get("intro"), Order: numberIn(get("order")), Home: get("home") != "",
		Rhythm: numberIn(get("rhythm")), Watch: content.Watch(get("watch")), Owner: get("owner")}
	for _, k := range r.form["kinds"] {
		c.Kinds = append(c.Kinds, content.Kind(k))
	}
	c.Review = content.Review{Secrecy: get("secrecy") != "", Auto: get("auto") != "", Admins: get("admins") != ""}
	for n := range content.MaxStages {
		if st, ok := r.stage(n + 1); ok {
			c.Review.Stages = append(c.Review.Stages, st)
		}
	}
	return c
}

func (r *request) stage(n int) (content.Stage, bool) {
	field := func(name string) string { return "stage_" + strconv.Itoa(n) + "_" + name }
	get := func(name string) string { return strings.TrimSpace(r.form.Get(field(name))) }
	st := content.Stage{Name: get("name"), Question: get("question"), Role: auth.Role(get("role")), People: r.form[field("people")], Hours: numberIn(get("hours"))}
	from, to := r.form[field("deputy_from")], r.form[field("deputy_to")]
	for i, person := range r.form[field("deputy")] {
		if person != "" && i < len(from) && i < len(to) {
			st.Deputies = append(st.Deputies, content.Deputy{Person: person, From: from[i], To: to[i]})
		}
	}
	return st, st.Name != "" || st.Question != "" || st.Role != "" || len(st.People) > 0 || len(st.Deputies) > 0
}
