package admin

import (
	"slices"
	"strings"

	"github.com/songfa/songfa/content"
	"github.com/songfa/songfa/internal/errs"
)

func (a *Admin) newDocument(r *request) error {
	p, err := a.blankPage(r, content.Kind(r.Query("kind", string(content.Guide))))
	if err != nil {
		return err
	}
	p.Text.Origin, p.Text.Column = a.cfg.Bureau, r.query("column")
	if _, err := a.goOn(r, p); err != nil {
		return err
	}
	return a.renderEdition(r, p)
}

// blankPage is the editor's page of a document that does not exist yet.
func (a *Admin) blankPage(r *request, kind content.Kind) (*editionPage, error) {
	if !kind.Valid() {
		return nil, errs.Bad("kind", "没有这个类别，请从列表中选择。")
	}
	draft := content.Edition{State: content.Draft, Trail: []content.Step{{Action: content.ActCreate, Actor: r.actor.ID}}}
	may := a.cfg.Content.Possible(r.actor, content.Document{}, draft)
	may = slices.DeleteFunc(may, func(act content.Action) bool { return act == content.ActDelete })
	p := &editionPage{Kind: kind, May: may}
	return p, a.surround(r, p)
}

// createDocument takes the same buttons as an edition that exists.
func (a *Admin) createDocument(r *request) error {
	p, err := a.blankPage(r, content.Kind(r.form.Get("kind")))
	if err != nil {
		return err
	}
	p.take(r)
	p.Slug = strings.TrimSpace(r.form.Get("slug"))
	r.again = a.failed(r, p)
	return a.perform(r, p)
}

func (a *Admin) renameDocument(r *request) error {
	slug := strings.TrimSpace(r.form.Get("slug"))
	d, err := a.cfg.Content.Rename(r.ctx, r.actor, r.param("id"), slug)
	if err != nil {
		return err
	}
	return a.done(r, "/admin/editions/"+d.HeadID, "rename")
}
