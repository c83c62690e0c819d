package admin

import (
	"strings"

	"github.com/songfa/songfa/content"
	"github.com/songfa/songfa/internal/errs"
)

// verb is what a button of the editor's page asks for.
type verb func(a *Admin, r *request, p *editionPage) error

// verbs by the value of the button. All but the first few are steps of the
// workflow, on the text as it stands in the form: it is saved first.
var verbs = map[string]verb{
	"save":    (*Admin).saveEdition,
	"preview": (*Admin).previewEdition,
	"picture": (*Admin).uploadPicture, "cover": (*Admin).uploadCover, "attachment": (*Admin).uploadAttachment,
	"word": (*Admin).takeWord, "merge": (*Admin).saveMerge, "merged": (*Admin).takeMerge,

	"submit": step((*content.Store).Submit), "recall": step((*content.Store).Recall),
	"publish": step((*content.Store).Publish), "schedule": (*Admin).scheduleEdition,
	"unschedule": step((*content.Store).Unschedule), "return": (*Admin).returnEdition,
	"withdraw": (*Admin).withdrawEdition, "unpublish": (*Admin).unpublishEdition,
	"restore": step((*content.Store).Restore), "revise": step((*content.Store).Revise),
	"delete": (*Admin).deleteDraft,

	"proof": (*Admin).recheck, "fix": (*Admin).fixOne, "fixsafe": (*Admin).fixSafe, "excuse": (*Admin).excuse, "unexcuse": (*Admin).excuse,
}

func (a *Admin) changeEdition(r *request) error {
	e, err := a.cfg.Content.EditionFor(r.ctx, r.actor, r.param("id"))
	if err != nil {
		if errs.Is(err, errs.NotFound) && r.hasText() && content.Kind(r.form.Get("kind")).Valid() {
			r.again = a.orphaned(r)
		}
		return err // the fields are shown as they came
	}
	p, err := a.editionPage(r, e)
	if err != nil {
		return err
	}
	p.take(r)
	p.takePanel(r)
	p.Edition.Version = r.version() // what the person saw
	r.again = a.failed(r, p)
	return a.perform(r, p)
}

// perform does what the button says.
func (a *Admin) perform(r *request, p *editionPage) error {
	word, _, _ := strings.Cut(r.form.Get("go"), ":") // behind it, what the verb is about
	do, ok := verbs[word]
	if !ok {
		return errs.New(errs.Invalid, "没有收到要做什么，请再点一次按钮。", "unknown verb")
	}
	return do(a, r, p)
}

// save stores what was typed, if anything was.
func (a *Admin) save(r *request, p *editionPage) error {
	if err := a.saveText(r, p); err != nil {
		return err
	}
	return a.saveReview(r, p)
}

func (a *Admin) saveText(r *request, p *editionPage) error {
	if !r.hasText() || !p.New() && !p.changed() {
		return nil
	}
	var e content.Edition
	var err error
	if p.New() {
		e, err = a.cfg.Content.Create(r.ctx, r.actor, p.Kind, p.Slug, p.Text)
	} else {
		e, err = a.cfg.Content.Save(r.ctx, r.actor, p.Edition.ID, p.Edition.Version, p.Text)
	}
	if err != nil {
		return err
	}
	a.settle(r)
	return a.stored(r, p, e)
}

// stored makes the page that of the edition as it is now: a step that fails
// after a save must show what was saved.
func (a *Admin) stored(r *request, p *editionPage, e content.Edition) error {
	now, err := a.editionPage(r, e)
	if err != nil {
		return err
	}
	now.Due, now.Reason, now.MovedTo = p.Due, p.Reason, p.MovedTo
	*p, p.Saved = *now, true
	return nil
}

func (a *Admin) saveEdition(r *request, p *editionPage) error {
	word := "save"
	if p.New() {
		word = "create"
	}
	if err := a.save(r, p); err != nil {
		return err
	}
	return a.done(r, "/admin/editions/"+p.Edition.ID, word)
}

// act saves, takes one step and leads to the edition it returns.
func (a *Admin) act(r *request, p *editionPage, do func(e content.Edition) (content.Edition, error)) error {
	if err := a.save(r, p); err != nil {
		return err
	}
	e, err := do(p.Edition)
	if err != nil {
		return err
	}
	return a.done(r, "/admin/editions/"+e.ID, r.form.Get("go"))
}
