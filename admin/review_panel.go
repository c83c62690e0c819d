package admin

import (
	"github.com/songfa/songfa/content"
)

// reviewPanel is what the editor's page says of the review.
type reviewPanel struct {
	Edition  content.Edition
	Marks    []content.Mark
	Change   content.Amendment // as it stands in the form
	Amends   bool              // it may be changed
	Token    string
	Problems problems
}

// Walk is how far the text is.
func (p reviewPanel) Walk() content.Walk { return p.Edition.Review }

// Shown reports whether there is anything to say.
func (p reviewPanel) Shown() bool {
	return p.Walk().Has() || len(p.Marks) > 0 || p.Amends || p.Change.Note != ""
}

// Reviewing reports that a reviewer has the text.
func (p reviewPanel) Reviewing() bool {
	return p.Edition.State == content.Submitted || p.Walk().Urgent.Open()
}

// Voids reports that saving another text would undo approvals.
func (p reviewPanel) Voids() bool {
	return p.Edition.State == content.Submitted && len(p.Walk().Passed) > 0
}

// AskSecrecy reports that the 保密审查 may be made with the text: it is of the
// text as it is submitted, so the box is there also when an older one was made.
func (p reviewPanel) AskSecrecy() bool {
	return p.Walk().Secrecy && p.Edition.State == content.Draft
}

// Open is how many marks nobody has dealt with.
func (p reviewPanel) Open() int { return openMarks(p.Marks) }

// List is what the partial of marks shows.
func (p reviewPanel) List() markList { return markList{p.Marks, p.Edition, p.Token, "edit"} }

// markList is what the partial of marks shows.
type markList struct {
	Marks   []content.Mark
	Edition content.Edition
	Token   string
	Back    string // the page that asks, for the way back
}

// panel reads what the editor's page says of the review.
func (a *Admin) panel(r *request, p *editionPage) (err error) {
	p.Panel = &reviewPanel{Edition: p.Edition, Change: p.Edition.Change, Amends: p.Can(content.ActAmend)}
	p.Panel.Marks, err = a.cfg.Content.Marks(r.ctx, p.Edition.ID)
	return err
}

// takePanel lays what was typed over the panel.
func (p *editionPage) takePanel(r *request) {
	if p.Panel != nil && r.form.Has("amend") {
		p.Panel.Change = content.Amendment{Major: r.form.Get("change_major") != "", Note: r.form.Get("change_note")}
	}
}

// saveReview stores what the panel asks for besides the text: the note on the
// change, and who vouches that there are no secrets in it.
func (a *Admin) saveReview(r *request, p *editionPage) error {
	if want := (content.Amendment{Major: r.form.Get("change_major") != "", Note: r.form.Get("change_note")}); r.form.Has("amend") && p.Can(content.ActAmend) && want != p.Edition.Change {
		e, err := a.cfg.Content.Amend(r.ctx, r.actor, p.Edition.ID, p.Edition.Version, want)
		if err != nil {
			return err
		}
		if err := a.stored(r, p, e); err != nil {
			return err
		}
	}
	w := p.Edition.Review
	if r.form.Get("secrecy") == "" || !w.Secrecy || w.Cleared != nil || !p.Can(content.ActClear) {
		return nil
	}
	e, err := a.cfg.Content.Clear(r.ctx, r.actor, p.Edition.ID, p.Edition.Version)
	if err != nil {
		return err
	}
	return a.stored(r, p, e)
}
