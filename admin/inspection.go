package admin

import (
	"net/http"

	"github.com/songfa/songfa/content"
	"github.com/songfa/songfa/internal/auth"
)

const inspectionSection = "/admin/inspection/"

// inspectionRoutes are the site's check of itself.
func (a *Admin) inspectionRoutes() []route {
	const get = http.MethodGet
	see := []auth.Permission{auth.Audit, auth.Publish}
	return []route{
		{get, "/inspection/", see, a.inspection},
		{get, "/inspection/evidence.zip", see, a.evidence},
	}
}

// inspectionPage is how the site stands, on screen and as a file of the bundle.
type inspectionPage struct {
	shell
	content.Inspection
	Footer []content.FooterTag
	File   bool // in the bundle: no links
	Write  bool
	Set    bool // may change columns
}

func (a *Admin) inspection(r *request) error {
	p, err := a.inspectionPage(r)
	if err != nil {
		return err
	}
	return a.render(r, "inspection", p)
}

func (a *Admin) inspectionPage(r *request) (p inspectionPage, err error) {
	p = inspectionPage{shell: a.shell(r, inspectionSection, "自查"), Footer: a.footer().Tags(),
		Write: r.actor.Can(auth.Write), Set: r.actor.Can(auth.Import)}
	p.Inspection, err = a.cfg.Content.Inspection(r.ctx, a.cfg.Now())
	return p, err
}

// footer is what the public pages say at their foot.
func (a *Admin) footer() content.Footer {
	if a.cfg.Footer == nil {
		return content.Footer{Name: a.cfg.Bureau}
	}
	return a.cfg.Footer()
}

// Tone is the class of a light; its words say the same.
func (inspectionPage) Tone(l content.Light) string { return lightTone(l) }

func lightTone(l content.Light) string {
	switch l {
	case content.Green:
		return "ok"
	case content.Yellow:
		return "due"
	case content.Orange:
		return "due hot"
	case content.Red, content.Blank:
		return "warn hot"
	}
	return ""
}

// VerdictTone is the class of the whole.
func (p inspectionPage) VerdictTone() string {
	switch p.Verdict {
	case content.Fails:
		return "warn"
	case content.Danger:
		return "due"
	}
	return "tip"
}

// owed is a column that its owner should write for, on the dashboard.
type owed struct{ content.ColumnLight }

// Tone is the class of the column's light.
func (o owed) Tone() string { return lightTone(o.Light) }

// Kind is what a new text of the column would be.
func (o owed) Kind() content.Kind { return kindFor(o.Column) }

// KindFor is what a new text of a column would be.
func (inspectionPage) KindFor(c content.Column) content.Kind { return kindFor(c) }

func kindFor(c content.Column) content.Kind {
	switch {
	case len(c.Kinds) > 0:
		return c.Kinds[0]
	case c.Watched() == content.WatchNotice:
		return content.Notice
	}
	return content.News
}

// owedColumns reads what a person owes as the owner of columns.
func (a *Admin) owedColumns(r *request) ([]owed, error) {
	lights, err := a.cfg.Content.Owed(r.ctx, r.actor, a.cfg.Now())
	list := make([]owed, len(lights))
	for i, l := range lights {
		list[i] = owed{l}
	}
	return list, err
}
