package admin

import (
	"html/template"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/songfa/songfa/content"
	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/errs"
	"github.com/songfa/songfa/internal/markdown"
)

// reviewSection is the menu's entry of what waits for a reviewer.
const reviewSection = "/admin/review/"

// reviewRoutes are those of the reviewer's day. Who may see or decide what, the
// stages of the column say, and not only roles.
func (a *Admin) reviewRoutes() []route {
	const get, post = http.MethodGet, http.MethodPost
	var (
		anybody []auth.Permission
		readers = []auth.Permission{auth.Write, auth.Audit}
	)
	return []route{
		{get, "/review/", anybody, a.reviewQueue},
		{get, "/review/sheets/", readers, a.reviewSheets},
		{get, "/review/sheets/sheets.csv", readers, a.sheetsCSV},
		{get, "/review/sheets/sheets.xlsx", readers, a.sheetsXLSX},
		{get, "/review/:id", anybody, a.showReview},
		{post, "/review/:id", anybody, a.changeReview},
		{get, "/review/:id/sheet", readers, a.reviewSheet},
	}
}

type queuePage struct {
	shell
	Mine, Others []content.ReviewItem
	Write        bool
}

// reviewQueue is the reviewer's morning: what is late, what is mine, the rest.
func (a *Admin) reviewQueue(r *request) error {
	p := queuePage{shell: a.shell(r, reviewSection, "审核"), Write: r.actor.Can(auth.Write)}
	var err error
	if p.Mine, p.Others, err = a.waiting(r); err != nil {
		return err
	}
	return a.render(r, "review_list", p)
}

// waiting is what waits in review, for the actor and for others.
func (a *Admin) waiting(r *request) (mine, others []content.ReviewItem, err error) {
	items, err := a.cfg.Content.ReviewQueue(r.ctx, r.actor)
	for _, i := range items {
		if i.Mine {
			mine = append(mine, i)
		} else {
			others = append(others, i)
		}
	}
	return mine, others, err
}

// reviewPage is one text before its reviewer.
type reviewPage struct {
	shell
	Document content.Document
	Edition  content.Edition
	Columns  []content.Column
	May      []content.Action
	Why      string // why the actor may not decide on the stage; "" when they may
	Parts    []reviewPart
	Changes  []fieldView
	Since    *content.ReviewEntry
	Marks    []content.Mark
	Found    []content.Finding // by the machine checks
	Cited    []content.Cited
	Reasons  []string
	People   []someone // whom a link could ask
	Links    []content.Link
	NewLink  *content.NewLink // just made: shown once
	Share    string
	Typed    map[string]string // fields of the form that failed
	Picked   []string          // reasons that were ticked
	Mark     markForm
}

// reviewPart is a piece of the text that can be marked.
type reviewPart struct {
	Name  string // title, answer, or the number of a paragraph
	Label string // 标题, 第 3 段
	HTML  template.HTML
}

// markForm is the form of a new mark.
type markForm struct {
	At    string // where: title, answer, summary or the number of a paragraph; "" for nowhere yet
	Quote string
}

// Can reports whether a step is possible for this actor now.
func (p reviewPage) Can(a content.Action) bool { return slices.Contains(p.May, a) }

// Walk is how far the text is.
func (p reviewPage) Walk() content.Walk { return p.Edition.Review }

// ColumnName is the column's name.
func (p reviewPage) ColumnName() string { return columnName(p.Columns, p.Edition.Column) }

// Ticked reports whether a reason was ticked.
func (p reviewPage) Ticked(reason string) bool { return slices.Contains(p.Picked, reason) }

// Open is how many marks nobody has dealt with.
func (p reviewPage) Open() int { return openMarks(p.Marks) }

func openMarks(marks []content.Mark) (n int) {
	for _, m := range marks {
		if m.Open() {
			n++
		}
	}
	return n
}

func (a *Admin) showReview(r *request) error {
	p, err := a.reviewPage(r)
	if err != nil {
		return err
	}
	p.Mark.At = r.query("at")
	p.Mark.Quote = p.quoteAt(p.Mark.At)
	return a.renderReview(r, p)
}

// reviewPage reads what a reviewer needs beside the text.
func (a *Admin) reviewPage(r *request) (*reviewPage, error) {
	store := a.cfg.Content
	e, err := store.EditionFor(r.ctx, r.actor, r.param("id"))
	if err != nil {
		return nil, err
	}
	if err := e.Review.MayRead(r.actor, e.Trail); err != nil {
		return nil, err
	}
	p := &reviewPage{Edition: e, Share: "/preview/" + store.PreviewToken(e.ID, a.cfg.Now().Add(previewFor))}
	if p.Document, err = store.DocumentFor(r.ctx, r.actor, e.DocumentID); err != nil {
		return nil, err
	}
	if p.Columns, err = store.Columns(r.ctx); err != nil {
		return nil, err
	}
	p.May = store.Possible(r.actor, p.Document, e)
	if err := a.changedSince(r, p); err != nil {
		return nil, err
	}
	if p.Marks, err = store.Marks(r.ctx, e.ID); err != nil {
		return nil, err
	}
	if p.Found, err = store.Noted(r.ctx, p.Document, e.Text); err != nil {
		return nil, err
	}
	if p.Cited, err = store.CitedText(r.ctx, e); err != nil {
		return nil, err
	}
	if p.Reasons, err = store.ReviewReasons(r.ctx); err != nil {
		return nil, err
	}
	p.parts(a.srv.Base())
	return p, a.aroundReview(r, p)
}

// changedSince shows what is new to somebody who has seen the text before.
func (a *Admin) changedSince(r *request, p *reviewPage) error {
	list, since, err := a.cfg.Content.ChangedSince(r.ctx, p.Edition)
	if err != nil || len(list) == 0 {
		return err
	}
	names, err := a.naming(r)
	p.Changes, p.Since = a.changesOf(list, names), since
	return err
}

// aroundReview adds why the actor may not decide, and whom a link could ask.
func (a *Admin) aroundReview(r *request, p *reviewPage) (err error) {
	w := p.Edition.Review
	waits := p.Edition.State == content.Submitted || w.Urgent.Open()
	if refusal := w.Refusal(r.actor, p.Edition.Trail); waits && w.Has() && !w.Done() && refusal != nil {
		p.Why = errs.MessageOf(refusal)
	}
	if p.Links, err = a.cfg.Content.Links(r.ctx, p.Edition.ID); err != nil || !waits || !w.Has() || w.Done() || !r.actor.Can(auth.Write) {
		return err
	}
	p.People, err = a.askable(r, w, p.Edition.Trail)
	return err
}

// askable are those who may take the stage that waits.
func (a *Admin) askable(r *request, w content.Walk, trail []content.Step) ([]someone, error) {
	accounts, err := a.cfg.Staff.List(r.ctx)
	if err != nil {
		return nil, err
	}
	approvers, err := a.cfg.Content.Approvers(r.ctx, r.actor)
	if err != nil {
		return nil, err
	}
	var list []someone
	for _, one := range approvers {
		if one.Active && w.Refusal(auth.Actor{ID: one.Person()}, trail) == nil {
			list = append(list, someone{one.Person(), one.Label()})
		}
	}
	for _, acc := range accounts {
		if !acc.Disabled && acc.ID != r.actor.ID && w.Refusal(acc.Actor(), trail) == nil {
			list = append(list, someone{acc.ID, acc.Display + "（有账号，用自己的密码）"})
		}
	}
	return list, nil
}

// parts cuts the text into what can be marked, with the marks in it.
func (p *reviewPage) parts(base string) {
	e := p.Edition
	for _, f := range []struct{ name, label string }{{"title", "标题"}, {"answer", "一句话答案"}, {"summary", "摘要"}} {
		if content.FieldText(e, f.name) != "" {
			p.Parts = append(p.Parts, reviewPart{f.name, f.label, template.HTML(content.Marked(e, f.name, p.Marks))}) // escaped, and our own marks
		}
	}
	for i, part := range markdown.Parts(content.Marked(e, "body", p.Marks)) {
		n := strconv.Itoa(i + 1)
		p.Parts = append(p.Parts, reviewPart{n, "第 " + n + " 段", template.HTML(markdown.Rebase(part.HTML, base))}) // sanitised when it was saved
	}
}

// quoteAt is the text of a part, for the form of a mark.
func (p *reviewPage) quoteAt(at string) string {
	field, from := p.place(at)
	if field != "body" {
		return content.FieldText(p.Edition, field)
	}
	for _, part := range markdown.Parts(p.Edition.HTML) {
		if part.From == from && part.Text != "" {
			return strings.Join(strings.Fields(part.Text), " ")
		}
	}
	return ""
}

// place is the field of a part, and where it begins in it.
func (p *reviewPage) place(at string) (field string, from int) {
	if at == "title" || at == "answer" || at == "summary" {
		return at, 0
	}
	n, _ := strconv.Atoi(at)
	parts := markdown.Parts(p.Edition.HTML)
	if n < 1 || n > len(parts) {
		return "", 0
	}
	return "body", parts[n-1].From
}

func (a *Admin) renderReview(r *request, p *reviewPage) error {
	ps := p.Problems
	p.shell = a.shell(r, reviewSection, "审核："+p.Edition.Title)
	p.Problems = ps
	return a.render(r, "review", p)
}
