package admin

import (
	"slices"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/songfa/songfa/content"
	"github.com/songfa/songfa/internal/web"
	"github.com/songfa/songfa/media"
)

// previewFor is how long an address sent to somebody shows an edition.
const previewFor = 7 * 24 * time.Hour

// editionPage is the editor's page: a text to write on while the edition may be
// saved, else the text as it is.
type editionPage struct {
	shell
	Document content.Document // zero for a new one
	Edition  content.Edition  // as stored
	Kind     content.Kind
	Slug     string       // typed, for a new document
	Text     content.Text // as it stands in the form
	May      []content.Action
	Topics   []content.Topic
	Columns  []content.Column
	Preview  content.Rendered
	Uploads  []media.Object // that just came in
	Recent   []media.Object // pictures to insert
	Open     string         // address of the page for readers
	Imported *importReport  // on the Word file it was made of; nil once put away
	Share    string         // address of the preview for anybody who has it
	Dirty    bool           // typed but not saved
	Saved    bool           // by this very request, whatever became of the rest
	Due      string         // typed time of a schedule
	Reason   string         // typed
	MovedTo  string         // typed
	Panel    *reviewPanel   // nil for a new one
	Proof    proofPanel
	deskPart
}

// Can reports whether a step is possible for this actor now.
func (p editionPage) Can(a content.Action) bool { return slices.Contains(p.May, a) }

// New reports that nothing is stored yet.
func (p editionPage) New() bool { return p.Edition.ID == "" }

// Editable reports whether the text may be changed on this page.
func (p editionPage) Editable() bool { return p.New() || p.Can(content.ActSave) }

// Has reports whether the text is about a topic.
func (p editionPage) Has(topic string) bool { return slices.Contains(p.Text.Topics, topic) }

// ColumnName is the name of the column that the text names.
func (p editionPage) ColumnName() string { return columnName(p.Columns, p.Text.Column) }

// TopicNames are the names of the text's topics.
func (p editionPage) TopicNames() []string {
	var names []string
	for _, t := range p.Topics {
		if p.Has(t.Slug) {
			names = append(names, t.Name)
		}
	}
	return names
}

// Limit is the greatest number of characters of an answer.
func (editionPage) Limit() int { return content.MaxAnswer }

func (a *Admin) document(r *request) error {
	d, err := a.cfg.Content.DocumentFor(r.ctx, r.actor, r.param("id"))
	if err != nil {
		return err
	}
	return r.Redirect(a.srv.Path("/admin/editions/"+d.HeadID), fiber.StatusSeeOther)
}

func (a *Admin) showEdition(r *request) error {
	e, err := a.cfg.Content.EditionFor(r.ctx, r.actor, r.param("id"))
	if err != nil {
		return err
	}
	p, err := a.editionPage(r, e)
	if err != nil {
		return err
	}
	copied, err := a.goOn(r, p)
	if err != nil {
		return err
	}
	if copied && !p.Editable() {
		return r.Redirect(a.srv.Path("/admin/copies/"+p.From), fiber.StatusSeeOther)
	}
	return a.renderEdition(r, p)
}

// editionPage reads what is around an edition.
func (a *Admin) editionPage(r *request, e content.Edition) (*editionPage, error) {
	d, err := a.cfg.Content.DocumentFor(r.ctx, r.actor, e.DocumentID)
	if err != nil {
		return nil, err
	}
	p := &editionPage{Document: d, Edition: e, Kind: d.Kind, Slug: d.Slug, Text: e.Text, Preview: e.Rendered,
		May:   a.cfg.Content.Possible(r.actor, d, e),
		Share: "/preview/" + a.cfg.Content.PreviewToken(e.ID, a.cfg.Now().Add(previewFor))}
	if d.LiveID == e.ID && e.State != content.Unpublished {
		p.Open = d.Address()
	}
	if err := a.panel(r, p); err != nil {
		return nil, err
	}
	if p.Imported, err = a.imported(r, e.ID); err != nil {
		return nil, err
	}
	return p, a.surround(r, p)
}

// surround reads the lists the form offers.
func (a *Admin) surround(r *request, p *editionPage) (err error) {
	if p.Topics, err = a.cfg.Content.Topics(r.ctx); err != nil {
		return err
	}
	columns, err := a.cfg.Content.ColumnsFor(r.ctx, r.actor)
	if err != nil {
		return err
	}
	p.Columns = slices.DeleteFunc(columns, func(c content.Column) bool { return !c.Takes(p.Kind) && c.Slug != p.Text.Column })
	if !p.Editable() {
		return nil
	}
	p.Recent, err = a.cfg.Media.List(r.ctx, media.Filter{Pictures: true, Limit: 12})
	return err
}

func (a *Admin) renderEdition(r *request, p *editionPage) error {
	title := p.Text.Title
	if title == "" {
		title = "新建" + p.Kind.Label()
	}
	ps := p.Problems
	p.shell = a.shell(r, "/admin/documents/", title)
	p.Problems = ps
	if p.Panel != nil {
		p.Panel.Problems, p.Panel.Token = ps, p.Token
	}
	a.desk(r, p)
	p.Proof = a.proofPanel(r, p)
	if p.Saved {
		p.Done = doneWords["save"]
	}
	name := "edition"
	if p.Editable() {
		web.MayFrame(r.Ctx)
		name = "edit"
	}
	return a.render(r, name, p)
}

// failed shows the page again with what was typed and why it was not taken.
func (a *Admin) failed(r *request, p *editionPage) func(web.Problem) error {
	return func(why web.Problem) error {
		if stale, ok := staleOf(r.err); ok && r.hasText() {
			return a.renderConflict(r, p, stale, p.Edition.Version)
		}
		p.Problems, p.Dirty = problemsOf(r.err, why.Message), p.New() || p.changed()
		return a.renderEdition(r, p)
	}
}
