package admin

import (
	"net/url"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/songfa/songfa/content"
	"github.com/songfa/songfa/internal/errs"
	"github.com/songfa/songfa/internal/web"
	"github.com/songfa/songfa/media"
)

// importReport is a report as pages show it.
type importReport struct {
	content.Imported
	Notes wordNotes
}

// imported reads the report of an edition; nil when there is none to show.
func (a *Admin) imported(r *request, editionID string) (*importReport, error) {
	im, err := a.cfg.Content.Imported(r.ctx, editionID)
	if errs.Is(err, errs.NotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return &importReport{im, sortNotes(im.Notes)}, nil
}

// wordReportPage is the whole report, with the pictures that have no words yet.
type wordReportPage struct {
	shell
	Edition  content.Edition
	Report   *importReport
	Pictures []media.Object // without a description in the text
	Editable bool
	typed    url.Values
}

// Typed is what was typed for a picture.
func (p wordReportPage) Typed(key string) string { return p.typed.Get("alt_" + key) }

func (a *Admin) wordReport(r *request) error {
	p, err := a.reportOfWord(r)
	if err != nil {
		return err
	}
	return a.render(r, "word_report", p)
}

func (a *Admin) reportOfWord(r *request) (*wordReportPage, error) {
	p := &wordReportPage{}
	var err error
	if p.Edition, p.Editable, err = a.editable(r, r.param("id")); err != nil {
		return nil, err
	}
	if p.Report, err = a.imported(r, p.Edition.ID); err != nil {
		return nil, err
	}
	if p.Report == nil {
		return nil, errs.New(errs.NotFound, "导入报告已经收起。", "edition %s has no report", p.Edition.ID)
	}
	keys := undescribed(p.Edition.Body)
	objects, err := a.cfg.Media.GetMany(r.ctx, keys)
	if err != nil {
		return nil, err
	}
	for _, key := range keys {
		if o, ok := objects[key]; ok {
			p.Pictures = append(p.Pictures, o)
		}
	}
	p.shell = a.shell(r, "/admin/documents/", "导入报告")
	return p, nil
}

// mute finds pictures without a description, in Markdown and in HTML tables.
var mute = regexp.MustCompile(`!\[\]\((/media/[^) ]+)|<img src="(/media/[^"]+)" alt="">`)

// undescribed are the keys of the pictures in a text that lack a description.
func undescribed(body string) []string {
	var keys []string
	seen := map[string]bool{}
	for _, m := range mute.FindAllStringSubmatch(body, -1) {
		if ref, err := media.ParsePath(m[1] + m[2]); err == nil && !seen[ref.Key] {
			seen[ref.Key] = true
			keys = append(keys, ref.Key)
		}
	}
	return keys
}

// changeWordReport puts the report away, or writes what pictures show.
func (a *Admin) changeWordReport(r *request) error {
	switch r.form.Get("go") {
	case "dismiss":
		if err := a.cfg.Content.DismissImported(r.ctx, r.actor, r.param("id")); err != nil {
			return err
		}
		return a.done(r, "/admin/editions/"+r.param("id"), "report")
	case "alt":
		return a.describePictures(r)
	}
	return errs.New(errs.Invalid, "没有收到要做什么，请再点一次按钮。", "unknown step")
}

// describePictures writes descriptions into the text and into the library.
func (a *Admin) describePictures(r *request) error {
	r.again = func(why web.Problem) error {
		p, err := a.reportOfWord(r)
		if err != nil {
			return err
		}
		p.Problems, p.typed = problemsOf(r.err, why.Message), r.form
		return a.render(r, "word_report", p)
	}
	e, _, err := a.editable(r, r.param("id"))
	if err != nil {
		return err
	}
	text := e.Text
	for _, key := range undescribed(text.Body) {
		alt := strings.Join(strings.Fields(r.form.Get("alt_"+key)), " ")
		if alt == "" {
			continue
		}
		if utf8.RuneCountInString(alt) > 200 {
			return errs.Bad("alt_"+key, "图片说明请控制在 200 字以内。")
		}
		text.Body = describe(text.Body, key, alt)
		if err := a.cfg.Media.SetAlt(r.ctx, r.actor, key, alt); err != nil {
			return err
		}
	}
	if _, err := a.cfg.Content.Save(r.ctx, r.actor, e.ID, r.version(), text); err != nil {
		return err
	}
	return a.done(r, "/admin/word/"+e.ID, "describe")
}

// describe gives a picture its description wherever it has none.
func describe(body, key, alt string) string {
	return mute.ReplaceAllStringFunc(body, func(found string) string {
		if !strings.Contains(found, "/media/"+key+"/") {
			return found
		}
		if strings.HasPrefix(found, "![") {
			return "![" + markdownText.Replace(alt) + found[len("!["):]
		}
		return strings.TrimSuffix(found, `alt="">`) + `alt="` + quote.Replace(alt) + `">`
	})
}

var quote = strings.NewReplacer("&", "&amp;", `"`, "&quot;", "<", "&lt;", ">", "&gt;")
