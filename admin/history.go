package admin

import "github.com/songfa/songfa/content"

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
