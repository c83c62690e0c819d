package admin

import (
	"strings"

	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/errs"
	"github.com/songfa/songfa/internal/web"
	"github.com/songfa/songfa/media"
)

// objectPage is one object of the library: what it is, where it is used, and
// what can be done with it.
type objectPage struct {
	shell
	Object   media.Object
	Said     media.Description
	TagsText string
	Agreed   string // who agreed, masked, or in full when it was just asked for
	Revealed bool
	Uses     []usePlace
	Similar  []media.Object
	Reason   string // typed
	MayForce bool
}

// usePlace is a use with where it leads.
type usePlace struct{ Kind, Title, Note, Path string }

func (a *Admin) showMedia(r *request) error {
	o, err := a.cfg.Media.Get(r.ctx, r.param("key"))
	if err != nil {
		return err
	}
	return a.renderObject(r, objectPage{Object: o, Said: o.Description()})
}

func (a *Admin) renderObject(r *request, p objectPage) (err error) {
	ps := p.Problems
	p.shell = a.shell(r, "/admin/media/", p.Object.Name)
	p.Problems = ps
	p.TagsText = strings.Join(p.Said.Tags, "、")
	if p.Uses, err = a.places(r, p.Object.Key); err != nil {
		return err
	}
	if p.Similar, err = a.cfg.Media.Similar(r.ctx, p.Object); err != nil {
		return err
	}
	if p.Object.Consent.Noted && !p.Revealed {
		if p.Agreed, err = a.cfg.Media.Agreed(r.ctx, p.Object.Key); err != nil {
			return err
		}
	}
	withdrawn := !p.Object.Consent.Withdrawn.IsZero() && (r.actor.Can(auth.Publish) || r.actor.Can(auth.Sessions))
	p.MayForce = withdrawn || r.actor.Can(auth.Users)
	return a.render(r, "object", p)
}

// places says of each use what it is in the words of its own room.
func (a *Admin) places(r *request, key string) (list []usePlace, err error) {
	uses, err := a.cfg.Media.Uses(r.ctx, key)
	if err != nil {
		return nil, err
	}
	var ids []string
	for _, u := range uses {
		if u.Kind == "document" {
			ids = append(ids, u.ID)
		}
	}
	titles, err := a.cfg.Content.Titles(r.ctx, ids)
	if err != nil {
		return nil, err
	}
	notes := map[string]string{"live": "线上的一版", "head": "正在改的一版", "photo": "现场照片"}
	for _, u := range uses {
		place := usePlace{Note: notes[u.Field]}
		switch u.Kind {
		case "document":
			d, ok := titles[u.ID]
			if !ok {
				continue
			}
			place.Kind, place.Title, place.Path = "文档", d.Title, "/admin/documents/"+u.ID
		case "session":
			s, err := a.cfg.Events.SessionByID(r.ctx, u.ID)
			if errs.Is(err, errs.NotFound) {
				continue
			}
			if err != nil {
				return nil, err
			}
			place.Kind, place.Title, place.Path = "场次", s.Title, "/admin/sessions/"+u.ID+"/report"
		}
		list = append(list, place)
	}
	return list, nil
}

// changeMedia does what a button of the page says.
func (a *Admin) changeMedia(r *request) error {
	o, err := a.cfg.Media.Get(r.ctx, r.param("key"))
	if err != nil {
		return err
	}
	said := o.Description()
	r.again = func(why web.Problem) error {
		page := objectPage{Object: o, Said: said, Reason: r.form.Get("reason")}
		page.Problems = problemsOf(r.err, why.Message)
		return a.renderObject(r, page)
	}
	switch r.form.Get("go") {
	case "describe":
		said = saidOf(r)
		if _, err := a.cfg.Media.Describe(r.ctx, r.actor, o.Key, int(r.version()), said); err != nil {
			return err
		}
		return a.done(r, "/admin/media/"+o.Key, "describe")
	case "replace":
		return a.replaceMedia(r, o)
	case "unconsent":
		if err := a.cfg.Media.WithdrawConsent(r.ctx, r.actor, o.Key); err != nil {
			return err
		}
		return a.done(r, "/admin/media/"+o.Key, "unconsent")
	case "reveal":
		who, err := a.cfg.Media.RevealAgreed(r.ctx, r.actor, o.Key, r.form.Get("reason"))
		if err != nil {
			return err
		}
		return a.renderObject(r, objectPage{Object: o, Said: said, Agreed: who, Revealed: true})
	case "delete", "force":
		how := media.Deletion{Force: r.form.Get("go") == "force", Reason: r.form.Get("reason")}
		if err := a.cfg.Media.Delete(r.ctx, r.actor, o.Key, how); err != nil {
			return err
		}
		a.sweep(r)
		return a.done(r, "/admin/media/", "media_delete")
	}
	return errs.New(errs.Invalid, "没有收到要做什么，请再点一次按钮。", "unknown step %q", r.form.Get("go"))
}

// replaceMedia puts another file at the address. Pages that show the old one are
// made anew, because the new one has other sizes.
func (a *Admin) replaceMedia(r *request, o media.Object) error {
	files, err := r.files("file")
	if err != nil {
		return err
	}
	body, err := files[0].Open()
	if err != nil {
		return err
	}
	defer body.Close()
	if _, err := a.cfg.Media.Replace(r.ctx, r.actor, o.Key, clean(files[0].Filename), body); err != nil {
		return atFile(err, files[0].Filename)
	}
	uses, err := a.cfg.Media.Uses(r.ctx, o.Key)
	if err != nil {
		return err
	}
	var documents []string
	for _, u := range uses {
		if u.Kind == "document" {
			documents = append(documents, u.ID)
		}
	}
	if _, err := a.cfg.Content.RerenderDocuments(r.ctx, documents); err != nil {
		return err
	}
	a.sweep(r)
	return a.done(r, "/admin/media/"+o.Key, "replace")
}
