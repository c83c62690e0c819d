package admin

import (
	"slices"
	"strconv"
	"strings"

	"github.com/songfa/songfa/content"
	"github.com/songfa/songfa/internal/errs"
)

type historyPage struct {
	shell
	Document content.Document
	Editions []editionHistory
}

// editionHistory is one edition with all texts it had.
type editionHistory struct {
	content.Edition
	Revisions []content.Revision // newest first
	Live      bool               // readers get it
}

func (a *Admin) history(r *request) error {
	d, err := a.cfg.Content.DocumentFor(r.ctx, r.actor, r.param("id"))
	if err != nil {
		return err
	}
	page := historyPage{Document: d}
	editions, err := a.cfg.Content.EditionsFor(r.ctx, r.actor, d.ID)
	if err != nil {
		return err
	}
	for _, e := range editions {
		h := editionHistory{Edition: e, Live: e.ID == d.LiveID}
		if h.Revisions, err = a.cfg.Content.Revisions(r.ctx, e.ID); err != nil {
			return err
		}
		page.Editions = append(page.Editions, h)
	}
	page.shell = a.shell(r, "/admin/documents/", "历史版本")
	return a.render(r, "history", page)
}

// side is one of two texts that are compared.
type side struct {
	Label   string
	Edition content.Edition
	Version int64 // of the revision; 0 is the text the edition has now
	Text    content.Text
}

type comparePage struct {
	shell
	Document   content.Document
	Older, New side
	Fields     []fieldView
	Inserted   int
	Deleted    int
	Version    int64 // of the head, which a restore goes on from
	Restorable bool
	Head       content.Edition
}

// compare shows what an edition changed against the one before, or another of
// its document.
func (a *Admin) compare(r *request) error {
	e, err := a.cfg.Content.EditionFor(r.ctx, r.actor, r.param("id"))
	if err != nil {
		return err
	}
	all, err := a.cfg.Content.EditionsFor(r.ctx, r.actor, e.DocumentID)
	if err != nil {
		return err
	}
	with := r.QueryInt("with", e.Number-1)
	i := slices.IndexFunc(all, func(o content.Edition) bool { return o.Number == with })
	if i < 0 {
		return errs.New(errs.NotFound, "没有可以比较的另一版。", "document %s has no edition %d", e.DocumentID, with)
	}
	return a.renderCompare(r, e.DocumentID, nowOf(all[i]), nowOf(e), e.Label()+"改了什么")
}

func nowOf(e content.Edition) side {
	return side{Label: e.Label() + "（" + e.State.Label() + "，" + stamp(e.Updated, "2006-01-02 15:04") + "）", Edition: e, Text: e.Text}
}

// compareRevisions compares any two texts the document ever had. Each is named
// edition.version, or by the edition alone for the text it has now. Without
// names it is what readers get against the newest.
func (a *Admin) compareRevisions(r *request) error {
	d, err := a.cfg.Content.DocumentFor(r.ctx, r.actor, r.param("id"))
	if err != nil {
		return err
	}
	older, newer := r.query("old"), r.query("new")
	if older == "" {
		older = d.LiveID
	}
	if newer == "" {
		newer = d.HeadID
	}
	if older == "" {
		return errs.Bad("old", "请选要比较的两稿，再点“比较”。")
	}
	one, err := a.sideOf(r, d, older)
	if err != nil {
		return err
	}
	two, err := a.sideOf(r, d, newer)
	if err != nil {
		return err
	}
	return a.renderCompare(r, d.ID, one, two, "比较两稿")
}

// sideOf reads one text of the document by its name in an address.
func (a *Admin) sideOf(r *request, d content.Document, name string) (side, error) {
	id, number, stored := strings.Cut(name, ".")
	e, err := a.cfg.Content.EditionFor(r.ctx, r.actor, id)
	if err == nil && e.DocumentID != d.ID {
		err = errs.New(errs.NotFound, "没有这一稿。请回到历史版本重新选择。", "edition %s of another document", id)
	}
	if err != nil || !stored {
		return nowOf(e), err
	}
	version, _ := strconv.ParseInt(number, 10, 64) // 0 is never there
	rev, err := a.cfg.Content.Revision(r.ctx, id, version)
	if err != nil {
		return side{}, err
	}
	label := e.Label() + " " + stamp(rev.At, "2006-01-02 15:04") + " " + rev.ActorName + rev.How.Label() + "的一稿"
	return side{Label: label, Edition: e, Version: rev.Version, Text: rev.Text}, nil
}

func (a *Admin) renderCompare(r *request, documentID string, older, newer side, title string) error {
	page := comparePage{Older: older, New: newer}
	var err error
	if page.Document, err = a.cfg.Content.DocumentFor(r.ctx, r.actor, documentID); err != nil {
		return err
	}
	if page.Head, err = a.cfg.Content.EditionFor(r.ctx, r.actor, page.Document.HeadID); err != nil {
		return err
	}
	may := a.cfg.Content.Possible(r.actor, page.Document, page.Head)
	page.Restorable = slices.Contains(may, content.ActSave) || slices.Contains(may, content.ActRevise)
	names, err := a.naming(r)
	if err != nil {
		return err
	}
	list := content.Compare(older.Text, newer.Text)
	page.Inserted, page.Deleted = content.ChangeSize(list)
	page.Fields = a.changesOf(list, names)
	page.shell = a.shell(r, "/admin/documents/", title)
	return a.render(r, "compare", page)
}

// Name is how an address names the text.
func (s side) Name() string {
	if s.Version == 0 {
		return s.Edition.ID
	}
	return s.Edition.ID + "." + strconv.FormatInt(s.Version, 10)
}

// reinstate makes an older text the newest again; what it replaces stays in the
// history.
func (a *Admin) reinstate(r *request) error {
	d, err := a.cfg.Content.DocumentFor(r.ctx, r.actor, r.param("id"))
	if err != nil {
		return err
	}
	from, err := a.sideOf(r, d, r.form.Get("text"))
	if err != nil {
		return err
	}
	old := content.Revision{Text: from.Text, At: from.Edition.Updated}
	if from.Version > 0 {
		if old, err = a.cfg.Content.Revision(r.ctx, from.Edition.ID, from.Version); err != nil {
			return err
		}
	}
	e, err := a.cfg.Content.Reinstate(r.ctx, r.actor, d.HeadID, r.version(), old)
	if err != nil {
		return err
	}
	return a.done(r, "/admin/editions/"+e.ID, "reinstate")
}
