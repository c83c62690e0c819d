package admin

import (
	"bytes"
	"strings"

	"github.com/gofiber/fiber/v2"

	"github.com/songfa/songfa/internal/docx"
	"github.com/songfa/songfa/internal/errs"
	"github.com/songfa/songfa/internal/web"
	"github.com/songfa/songfa/media"
)

// pasted is what the editor's script puts into the text.
type pasted struct {
	Markdown string   `json:"markdown"`
	Notes    []string `json:"notes"` // what the person should know, a sentence each
}

// paste makes Markdown of HTML from a clipboard. Its pictures go to the library;
// none is fetched from elsewhere. An error answers with its sentence as JSON.
func (a *Admin) paste(r *request) error {
	r.again = func(why web.Problem) error {
		return r.JSON(fiber.Map{"problem": why.Message, "message": why.Message})
	}
	d, err := docx.CleanHTML(r.form.Get("html"), docx.Options{Fragment: true, Own: a.ownPicture})
	if err != nil {
		return err
	}
	notes, err := a.placePictures(r, &d, "粘贴的图片")
	if err != nil {
		return err
	}
	answer := pasted{Markdown: d.Markdown, Notes: []string{}}
	for _, n := range append(d.Report, notes...) {
		if n.Level != docx.Found {
			answer.Notes = append(answer.Notes, sentence(n))
		}
	}
	return r.JSON(answer)
}

// sentence is a note with its place in one line.
func sentence(n docx.Note) string {
	if n.At == "" {
		return n.Message
	}
	return n.At + "：" + n.Message
}

// ownPicture knows pictures that were copied from our own pages.
func (a *Admin) ownPicture(src string) (string, bool) {
	path := strings.TrimPrefix(src, strings.TrimSuffix(a.srv.URL("/"), "/"))
	path = strings.TrimPrefix(path, strings.TrimSuffix(a.srv.Path("/"), "/"))
	_, err := media.ParsePath(path)
	return path, err == nil
}

// placePictures brings the pictures of a document into the library and their
// addresses into its text. What the library refuses is told with its place.
func (a *Admin) placePictures(r *request, d *docx.Document, name string) ([]docx.Note, error) {
	to := map[string]string{}
	var notes []docx.Note
	for _, p := range d.Pictures {
		o, err := a.cfg.Media.Add(r.ctx, r.actor, name+"-"+p.Name, bytes.NewReader(p.Data), media.AddOptions{Alt: p.Alt})
		switch errs.KindOf(err) {
		case errs.Invalid, errs.TooLarge:
			if err != nil {
				notes = append(notes, docx.Note{Level: docx.Dropped, Message: p.Name + "没有导入：" + errs.MessageOf(err), At: p.At})
				continue
			}
		}
		if err != nil {
			return nil, err
		}
		to[p.Ref] = o.URL()
	}
	d.Place(func(p docx.Picture) string { return to[p.Ref] })
	return notes, nil
}
