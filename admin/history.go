package admin

import (
	"slices"

	"github.com/songfa/songfa/content"
	"github.com/songfa/songfa/internal/errs"
)

type historyPage struct {
	shell
	Document content.Document
	Editions []content.Edition
}

func (a *Admin) history(r *request) error {
	d, err := a.cfg.Content.Document(r.ctx, r.param("id"))
	if err != nil {
		return err
	}
	page := historyPage{Document: d}
	if page.Editions, err = a.cfg.Content.Editions(r.ctx, d.ID); err != nil {
		return err
	}
	page.shell = a.shell(r, "/admin/documents/", "历史版本")
	return a.render(r, "history", page)
}

type comparePage struct {
	shell
	Document   content.Document
	Older, New content.Edition
	Fields     diffs
}

// compare shows what an edition changed against the one before, or another of
// its document.
func (a *Admin) compare(r *request) error {
	e, err := a.cfg.Content.Edition(r.ctx, r.param("id"))
	if err != nil {
		return err
	}
	page := comparePage{New: e}
	if page.Document, err = a.cfg.Content.Document(r.ctx, e.DocumentID); err != nil {
		return err
	}
	all, err := a.cfg.Content.Editions(r.ctx, e.DocumentID)
	if err != nil {
		return err
	}
	with := r.QueryInt("with", e.Number-1)
	i := slices.IndexFunc(all, func(o content.Edition) bool { return o.Number == with })
	if i < 0 {
		return errs.New(errs.NotFound, "没有可以比较的另一版。", "document %s has no edition %d", e.DocumentID, with)
	}
	page.Older = all[i]
	page.Fields = differences(page.Older.Text, e.Text)
	page.shell = a.shell(r, "/admin/documents/", e.Label()+"改了什么")
	return a.render(r, "compare", page)
}
