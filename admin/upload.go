package admin

import (
	"io"
	"mime/multipart"
	"strconv"
	"strings"

	"github.com/songfa/songfa/content"
	"github.com/songfa/songfa/internal/errs"
	"github.com/songfa/songfa/media"
)

// files are those that came with the form.
func (r *request) files(name string) ([]*multipart.FileHeader, error) {
	var list []*multipart.FileHeader
	if multi, err := r.MultipartForm(); err == nil {
		for _, f := range multi.File[name] {
			if f.Filename != "" {
				list = append(list, f)
			}
		}
	}
	if len(list) == 0 {
		return nil, errs.Bad(name, "请先选择要上传的文件。")
	}
	return list, nil
}

// add takes in one file with what is said of it. A file that is there already
// keeps what was said of it before.
func (a *Admin) add(r *request, f *multipart.FileHeader, said media.Description) (media.Object, error) {
	body, err := f.Open()
	if err != nil {
		return media.Object{}, err
	}
	defer body.Close()
	return a.cfg.Media.Add(r.ctx, r.actor, clean(f.Filename), io.Reader(body), media.AddOptions{Alt: said.Alt, Tags: said.Tags, Decorative: said.Decorative, People: said.People})
}

// upload takes in the files of the editor's page. The text is not saved by it:
// it comes back in the form.
func (a *Admin) upload(r *request, p *editionPage, use func(media.Object)) error {
	p.Dirty = true
	if rendered, err := a.cfg.Content.Render(r.ctx, p.Text); err == nil {
		p.Preview = rendered
	}
	files, err := r.files("file")
	if err != nil {
		return err
	}
	said := media.Description{Alt: strings.TrimSpace(r.form.Get("alt"))}
	for _, f := range files {
		o, err := a.add(r, f, said)
		if err != nil {
			return atFile(err, f.Filename)
		}
		p.Uploads = append(p.Uploads, o)
		use(o)
	}
	if rendered, err := a.cfg.Content.Render(r.ctx, p.Text); err == nil {
		p.Preview = rendered
	}
	return a.renderEdition(r, p)
}

// atFile says which file was refused.
func atFile(err error, name string) error {
	return &errs.Error{Kind: errs.KindOf(err), Field: "file", Message: messageAt(err, name), Err: err}
}

func messageAt(err error, name string) string {
	return "“" + clean(name) + "”没有上传：" + errs.MessageOf(err)
}

func (a *Admin) uploadPicture(r *request, p *editionPage) error {
	at := -1
	if n, err := strconv.Atoi(r.form.Get("at")); err == nil {
		at = n
	}
	return a.upload(r, p, func(o media.Object) {
		alt := o.Alt
		if alt == "" {
			alt = strings.TrimSpace(r.form.Get("alt"))
		}
		p.Text.Body, at = insert(p.Text.Body, snippet(o, alt), at)
	})
}

func (a *Admin) uploadCover(r *request, p *editionPage) error {
	return a.upload(r, p, func(o media.Object) {
		p.Text.Cover = o.URL()
		if o.Alt != "" {
			p.Text.CoverAlt = o.Alt
		}
	})
}

func (a *Admin) uploadAttachment(r *request, p *editionPage) error {
	return a.upload(r, p, func(o media.Object) {
		p.Text.Attachments = append(p.Text.Attachments, content.Attachment{File: o.URL(), Name: o.Name})
	})
}

// markdownText keeps a name or description from being read as Markdown.
var markdownText = strings.NewReplacer(`\`, `\\`, "[", `\[`, "]", `\]`, "\n", " ", "<", `\<`, "`", "\\`", "*", `\*`, "_", `\_`)

// snippet is the Markdown that shows an object.
func snippet(o media.Object, alt string) string {
	if o.IsPicture() {
		return "![" + markdownText.Replace(alt) + "](" + o.URL() + ")"
	}
	return "[" + markdownText.Replace(o.Name) + "](" + o.URL() + ")"
}

// insert puts a block into a text, after the paragraph with the character at;
// at the end when at is outside. It returns where the block ends.
func insert(body, block string, at int) (string, int) {
	chars := []rune(body)
	if at < 0 || at > len(chars) {
		at = len(chars)
	}
	before, after := string(chars[:at]), string(chars[at:])
	rest, next, _ := strings.Cut(after, "\n\n")
	before, after = before+rest, next
	before = strings.TrimRight(before, " \n")
	if before != "" {
		before += "\n\n"
	}
	before += block
	end := len([]rune(before))
	return before + "\n\n" + strings.TrimLeft(after, "\n"), end
}
