package admin

import (
	"net/http"
	"slices"

	"github.com/songfa/songfa/content"
	"github.com/songfa/songfa/content/law"
	"github.com/songfa/songfa/content/merge"
	"github.com/songfa/songfa/internal/auth"
)

// lawRoutes are those of what newer versions of laws changed.
func (a *Admin) lawRoutes() []route {
	write := []auth.Permission{auth.Write}
	return []route{
		{http.MethodGet, "/laws/", write, a.laws},
		{http.MethodGet, "/laws/:slug/changes", write, a.lawChanges},
	}
}

type lawsPage struct {
	shell
	Amended []law.Law // with more than one version
	Others  []law.Law
}

func (a *Admin) laws(r *request) error {
	all, err := a.cfg.Laws.Laws(r.ctx)
	if err != nil {
		return err
	}
	p := lawsPage{shell: a.shell(r, "/admin/documents/", "法规变动")}
	for _, l := range all {
		if len(l.Versions) > 1 {
			p.Amended = append(p.Amended, l)
		} else {
			p.Others = append(p.Others, l)
		}
	}
	return a.render(r, "laws", p)
}

type lawChangesPage struct {
	shell
	law.Comparison
	Words   []changeView // changed, added or repealed
	Moved   []law.Change // only another number
	Stale   []content.Affected
	Checked []content.Affected // checked since the newer version counts
}

// changeView is a change with its two texts side by side.
type changeView struct {
	law.Change
	OldRows, NewRows []row
	CitedBy          int // documents that are stale by it
}

func (a *Admin) lawChanges(r *request) error {
	c, err := a.cfg.Laws.Changes(r.ctx, r.param("slug"))
	if err != nil {
		return err
	}
	affected, err := a.cfg.Content.AffectedBy(r.ctx, c.Law.Slug, c.Changes)
	if err != nil {
		return err
	}
	p := lawChangesPage{shell: a.shell(r, "/admin/documents/", "《"+c.Law.Short+"》的变动"), Comparison: c}
	for _, doc := range affected {
		if doc.CheckedSince(c.Since()) {
			p.Checked = append(p.Checked, doc)
		} else {
			p.Stale = append(p.Stale, doc)
		}
	}
	for _, change := range c.Changes {
		switch change.Kind {
		case law.Same:
		case law.Moved:
			p.Moved = append(p.Moved, change)
		default:
			p.Words = append(p.Words, viewOf(change, p.Stale))
		}
	}
	return a.render(r, "law_changes", p)
}

func viewOf(c law.Change, stale []content.Affected) changeView {
	v := changeView{Change: c}
	var older, newer string
	if c.Old != nil {
		older = c.Old.Text()
	}
	if c.New != nil {
		newer = c.New.Text()
	}
	var left, right []stretch
	for _, run := range merge.Diff(older, newer) {
		if run.Op != merge.Insert {
			left = append(left, stretch{run.Op.Side(), run.Text})
		}
		if run.Op != merge.Delete {
			right = append(right, stretch{run.Op.Side(), run.Text})
		}
	}
	v.OldRows, v.NewRows = linesOf(left), linesOf(right)
	for _, doc := range stale {
		if slices.ContainsFunc(doc.Places, func(p content.AffectedPlace) bool { return p.Change.Old == c.Old }) {
			v.CitedBy++
		}
	}
	return v
}
