package admin

import (
	"net/url"
	"strings"

	"github.com/songfa/songfa/internal/web"
	"github.com/songfa/songfa/media"
)

// mediaOnPage is how many objects one page of the list shows.
const mediaOnPage = 48

type mediaPage struct {
	shell
	Filter  media.Filter
	Objects []media.Object
	More    bool           // there are older ones
	Uploads []media.Object // that just came in
	Alt     string         // typed
}

// Older is the address of the next page.
func (p mediaPage) Older() string {
	q := url.Values{"after": {p.Objects[len(p.Objects)-1].Key}}
	if p.Filter.Text != "" {
		q.Set("q", p.Filter.Text)
	}
	return "/admin/media/?" + q.Encode()
}

func (a *Admin) media(r *request) error {
	return a.renderMedia(r, mediaPage{})
}

func (a *Admin) renderMedia(r *request, page mediaPage) error {
	ps := page.Problems
	page.shell = a.shell(r, "/admin/media/", "素材")
	page.Problems = ps
	page.Filter = media.Filter{Text: strings.TrimSpace(r.query("q")), After: r.query("after"), Limit: mediaOnPage + 1}
	objects, err := a.cfg.Media.List(r.ctx, page.Filter)
	if err != nil {
		return err
	}
	page.More = len(objects) > mediaOnPage
	page.Objects = objects[:min(len(objects), mediaOnPage)]
	return a.render(r, "media", page)
}

// uploadMedia takes in several files. One that is refused does not keep the
// others out, and each is told by name.
func (a *Admin) uploadMedia(r *request) error {
	page := mediaPage{Alt: strings.TrimSpace(r.form.Get("alt"))}
	r.again = func(why web.Problem) error {
		page.Problems = problemsOf(r.err, why.Message)
		return a.renderMedia(r, page)
	}
	files, err := r.files("file")
	if err != nil {
		return err
	}
	var refused problems
	for _, f := range files {
		o, err := a.add(r, f, page.Alt)
		if err != nil && len(files) == 1 {
			return atFile(err, f.Filename)
		}
		if err != nil {
			refused = append(refused, problem{"file", messageAt(err, f.Filename)})
			continue
		}
		page.Uploads = append(page.Uploads, o)
	}
	if len(refused) > 0 {
		return refused
	}
	return a.done(r, "/admin/media/", "upload")
}

type objectPage struct {
	shell
	Object media.Object
	Alt    string
}

func (a *Admin) showMedia(r *request) error {
	o, err := a.cfg.Media.Get(r.ctx, r.param("key"))
	if err != nil {
		return err
	}
	return a.render(r, "object", objectPage{a.shell(r, "/admin/media/", o.Name), o, o.Alt})
}

func (a *Admin) describeMedia(r *request) error {
	o, err := a.cfg.Media.Get(r.ctx, r.param("key"))
	if err != nil {
		return err
	}
	alt := r.form.Get("alt")
	r.again = func(why web.Problem) error {
		page := objectPage{a.shell(r, "/admin/media/", o.Name), o, alt}
		page.Problems = problemsOf(r.err, why.Message)
		return a.render(r, "object", page)
	}
	if err := a.cfg.Media.SetAlt(r.ctx, r.actor, o.Key, alt); err != nil {
		return err
	}
	return a.done(r, "/admin/media/"+o.Key, "describe")
}
