package admin

import (
	"bytes"

	"github.com/gofiber/fiber/v2"

	"github.com/songfa/songfa/content"
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
