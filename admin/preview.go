package admin

import (
	"bytes"
	"html/template"
	"slices"

	"github.com/gofiber/fiber/v2"

	"github.com/songfa/songfa/content"
	"github.com/songfa/songfa/internal/errs"
	"github.com/songfa/songfa/internal/wechat"
)

type previewPart struct {
	Text    content.Text
	Preview content.Rendered
}

// preview answers the script with the preview of what stands in the form.
func (a *Admin) preview(r *request) error {
	text := r.text()
	rendered, err := a.cfg.Content.Render(r.ctx, text)
	if err != nil {
		return err
	}
	var buf bytes.Buffer
	if err := a.templates["edit"].ExecuteTemplate(&buf, "preview", previewPart{text, rendered}); err != nil {
		return err
	}
	r.Set(fiber.HeaderContentType, fiber.MIMETextHTMLCharsetUTF8)
	return r.Send(buf.Bytes())
}

// previewEdition is the same without the script: the whole page, unsaved.
func (a *Admin) previewEdition(r *request, p *editionPage) error {
	rendered, err := a.cfg.Content.Render(r.ctx, p.Text)
	if err != nil {
		return err
	}
	p.Preview, p.Dirty = rendered, p.New() || p.changed()
	return a.renderEdition(r, p)
}

// dress is one way in which the preview shows a text.
type dress struct{ As, Name string }

// dresses are those of the site, in the order of the buttons.
func (a *Admin) dresses() []dress {
	if a.cfg.Page == nil {
		return nil
	}
	return []dress{{"phone", "手机"}, {"desktop", "电脑"}, {"elder", "长者版"}, {"print", "打印"}, {"wechat", "公众号"}}
}

// previewPage answers with the page that readers would get of what stands in
// the form: into a frame for the script, into a window of its own without it.
func (a *Admin) previewPage(r *request) error {
	as := r.query("as")
	if !slices.ContainsFunc(a.dresses(), func(d dress) bool { return d.As == as }) {
		return errs.New(errs.NotFound, "没有这一种预览，请从编辑页面上的按钮选。", "no preview as %q", as)
	}
	kind := content.Kind(r.form.Get("kind"))
	if !kind.Valid() {
		return errs.New(errs.Invalid, "没有收到要预览的内容，请回到编辑页面再点一次。", "preview without a kind")
	}
	text := r.text()
	rendered, err := a.cfg.Content.Render(r.ctx, text)
	if err != nil {
		return err
	}
	live := content.Live{Document: content.Document{Kind: kind, Slug: "yulan"}, Edition: content.Edition{Text: text, Rendered: rendered, State: content.Draft}}
	var page []byte
	if as == "wechat" {
		page, err = a.wechatPage(live.Edition)
	} else {
		page, err = a.cfg.Page(r.ctx, r.Ctx, live, as)
	}
	if err != nil {
		return err
	}
	r.Set(fiber.HeaderContentType, fiber.MIMETextHTMLCharsetUTF8)
	return r.Send(page)
}

// wechatPage is the text as an article of a 公众号, its looks in classes.
func (a *Admin) wechatPage(e content.Edition) ([]byte, error) {
	article, err := wechat.Render(bodyOf(e), wechat.Options{Whole: a.srv.Path, Classes: true})
	if err != nil {
		return nil, err
	}
	var buf bytes.Buffer
	err = a.templates["edit"].ExecuteTemplate(&buf, "wechatpage", struct {
		Title   string
		Article template.HTML
	}{e.Title, template.HTML(article.HTML)}) // made by Render of sanitised HTML
	return buf.Bytes(), err
}
