package admin

import (
	"errors"
	"net/http"
	"path"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/songfa/songfa/content"
	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/docx"
	"github.com/songfa/songfa/internal/errs"
	"github.com/songfa/songfa/internal/web"
)

// wordRoutes are those of Word files and of what is pasted.
func (a *Admin) wordRoutes() []route {
	const get, post = http.MethodGet, http.MethodPost
	write := []auth.Permission{auth.Write}
	return []route{
		{get, "/word", write, a.wordForm},
		{post, "/word", write, a.importWord},
		{get, "/word/:id", write, a.wordReport},
		{post, "/word/:id", write, a.changeWordReport},
		{post, "/paste", write, a.paste},
	}
}

// wordPage is where a Word file is chosen, and where it comes back to when it
// cannot be taken.
type wordPage struct {
	shell
	Kinds   []content.Kind
	Kind    content.Kind
	Edition *content.Edition // whose text the file is to replace; nil for a new document
	File    string           // that was refused
	Refused string           // why, in a sentence
	Word    []string         // what to do in Word
	WPS     []string
}

func (a *Admin) wordForm(r *request) error {
	p, err := a.wordPage(r, r.query("kind"), r.query("edition"))
	if err != nil {
		return err
	}
	return a.render(r, "word", p)
}

func (a *Admin) wordPage(r *request, kind, edition string) (*wordPage, error) {
	p := &wordPage{Kinds: content.Kinds, Kind: content.Kind(kind)}
	if !p.Kind.Valid() {
		p.Kind = content.Notice
	}
	if edition != "" {
		e, may, err := a.editable(r, edition)
		if err != nil {
			return nil, err
		}
		if !may {
			return nil, errs.New(errs.Conflict, "这一篇现在不能改，不能用 Word 文件替换正文。", "edition %s is not editable", edition)
		}
		p.Edition = &e
	}
	p.shell = a.shell(r, "/admin/documents/", "从 Word 导入")
	return p, nil
}

// editable reads an edition and whether the actor may write on it now.
func (a *Admin) editable(r *request, id string) (content.Edition, bool, error) {
	e, err := a.cfg.Content.EditionFor(r.ctx, r.actor, id)
	if err != nil {
		return e, false, err
	}
	d, err := a.cfg.Content.DocumentFor(r.ctx, r.actor, e.DocumentID)
	if err != nil {
		return e, false, err
	}
	return e, slices.Contains(a.cfg.Content.Possible(r.actor, d, e), content.ActSave), nil
}

// importWord makes a draft of a file, or shows what it would change in one.
func (a *Admin) importWord(r *request) error {
	p, err := a.wordPage(r, r.form.Get("kind"), r.form.Get("edition"))
	if err != nil {
		return err
	}
	r.again = func(why web.Problem) error { return a.refusedWord(r, p, why) }
	files, err := r.files("file")
	if err != nil {
		return err
	}
	p.File = clean(files[0].Filename)
	if len(files) > 1 {
		return errs.Bad("file", "一次只能导入一个 Word 文件，请一个一个来。")
	}
	body, err := files[0].Open()
	if err != nil {
		return err
	}
	defer body.Close()
	d, err := docx.Read(body, files[0].Size, docx.Options{Name: p.File})
	if err != nil {
		return err
	}
	notes, err := a.placePictures(r, &d, strings.TrimSuffix(path.Base(p.File), path.Ext(p.File)))
	if err != nil {
		return err
	}
	d.Report = append(d.Report, notes...)
	if p.Edition != nil {
		return a.compareWord(r, p, d)
	}
	e, err := a.cfg.Content.Create(r.ctx, r.actor, p.Kind, "", a.textOf(d))
	if err != nil {
		return err
	}
	if err := a.cfg.Content.NoteImported(r.ctx, r.actor, e.ID, p.File, importedNotes(d.Report)); err != nil {
		return err
	}
	return a.done(r, "/admin/word/"+e.ID, "word")
}

// refusedWord shows why a file was not taken, and what to do step by step.
func (a *Admin) refusedWord(r *request, p *wordPage, why web.Problem) error {
	var refusal *docx.Refusal
	if errors.As(r.err, &refusal) {
		p.Refused = why.Message
		p.Word, p.WPS = refusal.Steps()
	} else {
		p.Problems = problemsOf(r.err, why.Message)
	}
	return a.render(r, "word", p)
}

// textOf is a document as a text of ours. Who signed is where it comes from.
func (a *Admin) textOf(d docx.Document) content.Text {
	t := content.Text{Title: d.Title, Body: d.Markdown, Written: d.Date}
	for _, origin := range []string{d.Signer, d.Issuer, a.cfg.Bureau} {
		if t.Origin == "" && utf8.RuneCountInString(origin) <= 200 {
			t.Origin = origin
		}
	}
	return t
}

func importedNotes(list []docx.Note) []content.ImportedNote {
	notes := make([]content.ImportedNote, len(list))
	for i, n := range list {
		notes[i] = content.ImportedNote{Level: string(n.Level), Message: n.Message, At: n.At}
	}
	return notes
}
