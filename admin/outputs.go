package admin

import (
	"html/template"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/songfa/songfa/content"
	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/errs"
	"github.com/songfa/songfa/internal/shortform"
	"github.com/songfa/songfa/internal/web"
	"github.com/songfa/songfa/internal/wechat"
)

// outputRoutes are the ways by which a text leaves the site.
func (a *Admin) outputRoutes() []route {
	const get, post = http.MethodGet, http.MethodPost
	write := []auth.Permission{auth.Write}
	return []route{
		{get, "/documents/:id/outputs", write, a.outputs},
		{post, "/documents/:id/outputs", write, a.changeOutputs},
		{get, "/documents/:id/outputs/print", write, a.printOutput},
		{get, "/documents/:id/outputs/led.txt", write, a.boardFile},
		{get, "/outputs/wechat.css", write, a.wechatSheet},
		{get, "/outputs/", write, a.outdatedOutputs},
	}
}

// outputsPage is one text in all its forms, with where it has gone.
type outputsPage struct {
	shell
	Document  content.Document
	Edition   content.Edition // what readers get
	Address   string          // whole, of the page
	Article   string          // HTML for the editor of WeChat
	Preview   template.HTML   // the same with classes
	Digest    string
	Post      string // for Weibo
	PostWidth int
	Lines     []string // for a board of lights
	Channels  []content.Channel
	Sendings  []content.Sending
	Typed     content.Sent
	CanDraft  bool // the API of a 公众号 is set up
}

// Stale reports that somewhere words stand that readers no longer get here.
func (p outputsPage) Stale() bool {
	for _, s := range p.Sendings {
		if s.Outdated && s.Recalled.IsZero() {
			return true
		}
	}
	return false
}

// liveOf is the edition that may leave: only what readers get.
func (a *Admin) liveOf(r *request) (d content.Document, e content.Edition, err error) {
	if d, err = a.cfg.Content.DocumentFor(r.ctx, r.actor, r.param("id")); err != nil {
		return d, e, err
	}
	if d.LiveID == "" || d.Live != content.Published {
		return d, e, errs.New(errs.Conflict, "这篇内容现在不在网站上。发布以后才能发到公众号、打印和上屏。", "document %s is not published", d.ID)
	}
	e, err = a.cfg.Content.EditionFor(r.ctx, r.actor, d.LiveID)
	return d, e, err
}

func (a *Admin) outputs(r *request) error {
	p, err := a.outputsPage(r)
	if err != nil {
		return err
	}
	return a.render(r, "outputs", p)
}

func (a *Admin) outputsPage(r *request) (p *outputsPage, err error) {
	p = &outputsPage{Channels: content.Channels, CanDraft: a.cfg.WeChat != nil}
	if p.Document, p.Edition, err = a.liveOf(r); err != nil {
		return nil, err
	}
	p.shell = a.shell(r, "/admin/documents/", "发出去："+p.Edition.Title)
	p.Address = a.srv.URL(p.Document.Address())
	opt := wechat.Options{Whole: a.whole, Foot: a.foot(p.Edition)}
	article, err := wechat.Render(bodyOf(p.Edition), opt)
	if err != nil {
		return nil, err
	}
	opt.Classes = true
	preview, err := wechat.Render(bodyOf(p.Edition), opt)
	if err != nil {
		return nil, err
	}
	p.Article, p.Preview = article.HTML, template.HTML(preview.HTML) // made by Render of sanitised HTML
	say := first(p.Edition.Answer, p.Edition.Summary, p.Edition.Excerpt)
	p.Digest = clipRunes(say, wechat.MaxDigest)
	p.Post = shortform.Weibo(p.Edition.Title, say, p.Address)
	p.PostWidth = shortform.WeiboWidth(p.Post, p.Address)
	p.Lines = a.board(p.Edition)
	p.Sendings, err = a.cfg.Content.Sendings(r.ctx, p.Document.ID)
	return p, err
}

func first(texts ...string) string {
	for _, t := range texts {
		if t != "" {
			return t
		}
	}
	return ""
}

func clipRunes(s string, most int) string {
	if r := []rune(s); len(r) > most {
		return string(r[:most-1]) + "…"
	}
	return s
}

// whole makes an address of this site a whole one.
func (a *Admin) whole(address string) string {
	if strings.HasPrefix(address, "/") {
		return a.srv.URL(address)
	}
	return address
}

// bodyOf is the text with its answer on top, as readers see it.
func bodyOf(e content.Edition) string {
	if e.Answer == "" {
		return e.HTML
	}
	return `<div class="answer"><p class="label">一句话答案</p><p>` + template.HTMLEscapeString(e.Answer) + `</p></div>` + e.HTML
}

// foot says on every piece which edition it is and what holds.
func (a *Admin) foot(e content.Edition) []string {
	lines := []string{a.cfg.Bureau + " · " + e.Label() + " · " + stamp(e.Published, "2006-01-02") + " · 以网站最新内容为准"}
	if e.Origin != "" {
		lines = append([]string{"来源：" + e.Origin}, lines...)
	}
	return lines
}

// board are the lines for a board of lights: title, answer, number to call.
func (a *Admin) board(e content.Edition) []string {
	return shortform.Board(e.Title, first(e.Answer, e.Summary, e.Excerpt), a.cfg.Bureau+" 法律热线 12348")
}

// changeOutputs notes a sending or a recall, or pushes a draft.
func (a *Admin) changeOutputs(r *request) error {
	p, err := a.outputsPage(r)
	if err != nil {
		return err
	}
	copies, bad := strconv.Atoi(strings.TrimSpace(r.form.Get("copies")))
	if strings.TrimSpace(r.form.Get("copies")) == "" {
		copies, bad = 0, nil
	}
	p.Typed = content.Sent{Channel: content.Channel(r.form.Get("channel")), Place: r.form.Get("place"), Copies: copies, Note: r.form.Get("note")}
	r.again = func(why web.Problem) error {
		p.Problems = problemsOf(r.err, why.Message)
		return a.render(r, "outputs", p)
	}
	back := "/admin/documents/" + p.Document.ID + "/outputs"
	switch r.form.Get("go") {
	case "recall":
		if err := a.cfg.Content.Recalled(r.ctx, r.actor, r.form.Get("sending")); err != nil {
			return err
		}
		return a.done(r, back, "recalled")
	case "draft":
		if err := a.pushDraft(r, p); err != nil {
			return err
		}
		return a.done(r, back, "drafted")
	}
	if bad != nil {
		return errs.Bad("copies", "份数写一个数，没有就留空。")
	}
	if err := a.cfg.Content.Send(r.ctx, r.actor, p.Edition.ID, p.Typed); err != nil {
		return err
	}
	return a.done(r, back, "sent")
}

// printPage is a sheet to print: A4, A5 or a poster.
type printPage struct {
	shell
	Document content.Document
	Edition  content.Edition
	Address  string
	QR       *qrPicture
	Form     string
	Foot     []string
	Printed  time.Time
}

// printForms are the sheets, by the name in the address.
var printForms = map[string]string{"a4": "A4 单页", "a5": "A5 单页", "poster": "海报"}

func (a *Admin) printOutput(r *request) error {
	d, e, err := a.liveOf(r)
	if err != nil {
		return err
	}
	form := first(r.query("form"), "a4")
	if printForms[form] == "" {
		return errs.New(errs.NotFound, "没有这种版式，请从“发出去”一页选。", "no such form")
	}
	p := printPage{Document: d, Edition: e, Address: a.srv.URL(d.Address()), Form: form, Foot: a.foot(e), Printed: a.cfg.Now()}
	p.shell = a.shell(r, "/admin/documents/", printForms[form]+"："+e.Title)
	if p.QR, err = qrOf(p.Address); err != nil {
		return err
	}
	return a.render(r, "output_print", p)
}

// boardFile answers the lines for a board of lights as UTF-8 or GBK.
func (a *Admin) boardFile(r *request) error {
	_, e, err := a.liveOf(r)
	if err != nil {
		return err
	}
	lines := append(a.board(e), e.Label())
	body, kind := []byte(strings.Join(lines, "\r\n")+"\r\n"), "text/plain; charset=utf-8"
	if r.query("code") == "gbk" {
		if body, err = shortform.GBK(lines); err != nil {
			return err
		}
		kind = "text/plain; charset=gbk"
	}
	r.Set(fiber.HeaderContentType, kind)
	r.Attachment("led-" + strconv.Itoa(e.Number) + ".txt")
	return r.Send(body)
}

func (a *Admin) wechatSheet(r *request) error {
	r.Set(fiber.HeaderContentType, "text/css; charset=utf-8")
	return r.SendString(wechat.StyleSheet())
}

type outdatedPage struct {
	shell
	Sendings []content.Sending
}

// outdatedOutputs lists every place where old words stand.
func (a *Admin) outdatedOutputs(r *request) error {
	list, err := a.cfg.Content.OutdatedSendings(r.ctx, r.actor)
	if err != nil {
		return err
	}
	return a.render(r, "outputs_outdated", outdatedPage{a.shell(r, "/admin/documents/", "要更正的地方"), list})
}
