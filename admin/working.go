package admin

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"github.com/songfa/songfa/content"
	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/errs"
	"github.com/songfa/songfa/internal/web"
)

// workingRoutes are those of what is typed and not saved, and of older texts.
func (a *Admin) workingRoutes() []route {
	const get, post = http.MethodGet, http.MethodPost
	write := []auth.Permission{auth.Write}
	return []route{
		{post, "/editions/:id/keep", write, a.keepTyping},
		{post, "/documents/keep", write, a.keepTyping},
		{get, "/copies/", write, a.copies},
		{get, "/copies/:key", write, a.showCopy},
		{post, "/copies/:key", write, a.dropCopy},
		{get, "/documents/:id/compare", write, a.compareRevisions},
		{post, "/documents/:id/reinstate", write, a.reinstate},
	}
}

// deskPart is what the editor's page says of others and of what was not saved.
type deskPart struct {
	Form   string                // key of this form
	Copies []content.WorkingCopy // the person's own, from other forms
	Here   string                // who else works on it
	Newer  string                // what was saved since the person began
	copied bool                  // the text is a working copy: of that form, and how far it was
	From   string
	Seq    int64
}

// desk fills the part. The page is worth showing without it, so what goes wrong
// here is only logged.
func (a *Admin) desk(r *request, p *editionPage) {
	if p.Form == "" {
		if p.Form = r.form.Get("form"); p.Saved || !content.ValidForm(p.Form) {
			p.Form = content.NewForm()
		} else {
			p.From, p.Seq = r.from()
		}
	}
	err := a.readDesk(r, p)
	if err != nil {
		a.cfg.Log.Error("who is at the desk", "err", err)
	}
}

func (a *Admin) readDesk(r *request, p *editionPage) (err error) {
	if p.Editable() {
		if p.Copies, err = a.cfg.Content.WorkingCopies(r.ctx, r.actor, p.Edition.ID); err != nil {
			return err
		}
		p.Copies = without(p.Copies, p.Kind, p.Form, p.From)
	}
	if p.New() {
		return nil
	}
	if p.Editable() {
		if err := a.cfg.Content.Arrive(r.ctx, r.actor, p.Edition.ID, p.Form); err != nil {
			return err
		}
	}
	if p.Here, err = a.whoIsHere(r, p.Edition); err != nil {
		return err
	}
	if p.copied {
		p.Newer, err = a.newer(r, p.Edition.ID, p.Edition.Version)
	}
	return err
}

// without leaves out the form's own copy, and those of other kinds.
func without(list []content.WorkingCopy, kind content.Kind, keys ...string) (out []content.WorkingCopy) {
	for _, c := range list {
		if !slices.Contains(keys, c.Key) && (c.EditionID != "" || c.Kind == kind) {
			out = append(out, c)
		}
	}
	return out
}

// whoIsHere says who else has the edition open, and to do what.
func (a *Admin) whoIsHere(r *request, e content.Edition) (string, error) {
	people, err := a.cfg.Content.Here(r.ctx, r.actor, e.ID)
	var all []string
	for _, p := range people {
		doing := "正在编辑这一版"
		if e.State == content.Submitted {
			doing = "正在审这一版"
		}
		all = append(all, p.Name+" "+doing+"（"+stamp(p.Since, "15:04")+" 起）")
	}
	return strings.Join(all, "；"), err
}

// newer says what was saved since the person began; "" for nothing.
func (a *Admin) newer(r *request, editionID string, base int64) (string, error) {
	e, err := a.cfg.Content.EditionFor(r.ctx, r.actor, editionID)
	if errs.Is(err, errs.NotFound) {
		return "这份草稿已被删除。您写的还在，保存时可以存成一篇新的草稿。", nil
	}
	if err != nil || e.Version == base {
		return "", err
	}
	last, err := a.cfg.Content.Revision(r.ctx, editionID, e.Version)
	if err != nil || last.Version <= base {
		return "这一版现在是“" + e.State.Label() + "”。您写的会一直留着，保存时再看怎么办。", without404(err)
	}
	who := last.ActorName
	if last.Actor == r.actor.ID {
		who = "您在别的窗口"
	}
	return who + " " + stamp(last.At, "15:04") + " 保存了新的一稿。您保存时会先给您看合并的结果。", nil
}

func without404(err error) error {
	if errs.Is(err, errs.NotFound) {
		return nil
	}
	return err
}

// answer is what the script hears.
type answer struct {
	At    string `json:"at,omitempty"` // when it was kept, 16:52
	Here  string `json:"here"`
	Newer string `json:"newer"`
	Worth bool   `json:"worth"` // what was kept is not what is saved
}

// keepTyping takes what stands in a form, every ten seconds after a change, or
// only a sign of life ("beat") or of leaving ("leave").
func (a *Admin) keepTyping(r *request) error {
	id, key := r.param("id"), r.form.Get("form")
	if !content.ValidForm(key) {
		return errs.New(errs.Invalid, "页面已过期，请刷新后再写。", "form key %q", key)
	}
	if r.form.Has("leave") {
		if err := a.cfg.Content.Leave(r.ctx, r.actor, id, key); err != nil {
			return err
		}
		return r.JSON(answer{})
	}
	var out answer
	if !r.form.Has("beat") {
		if err := a.keepText(r, id, key, &out); err != nil {
			return err
		}
	}
	if id == "" {
		return r.JSON(out)
	}
	if !r.form.Has("late") { // not typed now, but brought from this computer's store
		if err := a.cfg.Content.Beat(r.ctx, r.actor, id, key); err != nil {
			return err
		}
	}
	var err error
	if out.Newer, err = a.newer(r, id, r.version()); err != nil {
		return err
	}
	e, err := a.cfg.Content.EditionFor(r.ctx, r.actor, id)
	if err == nil {
		out.Here, err = a.whoIsHere(r, e)
	}
	if without404(err) != nil {
		return err
	}
	return r.JSON(out)
}

func (a *Admin) keepText(r *request, id, key string, out *answer) error {
	c := r.slip(key)
	c.EditionID, c.Kind, c.Slug, c.Base, c.Text = id, content.Kind(r.form.Get("kind")), r.form.Get("slug"), r.version(), r.text()
	at, err := a.cfg.Content.Keep(r.ctx, r.actor, c)
	if err != nil {
		return err
	}
	out.At = stamp(at, "15:04")
	list, err := a.cfg.Content.WorkingCopies(r.ctx, r.actor, id)
	for _, c := range list {
		out.Worth = out.Worth || c.Key == key
	}
	return err
}

// settle forgets the working copy of a form that was saved. Should that fail, it
// is not offered anyway, since its text is that of a revision.
func (a *Admin) settle(r *request) {
	if key := r.form.Get("form"); content.ValidForm(key) {
		if err := a.cfg.Content.Settle(r.ctx, r.actor, r.slip(key)); err != nil {
			a.cfg.Log.Error("settle a working copy", "err", err)
		}
	}
}

// slip is what a form says of its working copy.
func (r *request) slip(key string) content.WorkingCopy {
	c := content.WorkingCopy{Key: key}
	c.Seq, _ = strconv.ParseInt(r.form.Get("seq"), 10, 64)
	c.From, c.FromSeq = r.from()
	return c
}

// from is the copy that a form went on from, and how far that was then.
func (r *request) from() (key string, seq int64) {
	if key = r.form.Get("from"); !content.ValidForm(key) {
		return "", 0
	}
	seq, _ = strconv.ParseInt(r.form.Get("from_seq"), 10, 64)
	return key, seq
}

// goOn puts a working copy into the form when the address names one; it says
// whether it did.
func (a *Admin) goOn(r *request, p *editionPage) (bool, error) {
	key := r.query("copy")
	if key == "" {
		return false, nil
	}
	c, err := a.cfg.Content.WorkingCopy(r.ctx, r.actor, key)
	if errs.Is(err, errs.NotFound) {
		return false, nil // gone on with already, in a form whose copy is offered instead
	}
	if err != nil {
		return false, err
	}
	if c.EditionID != p.Edition.ID {
		return false, errs.New(errs.NotFound, "这份稿子是另一篇的。", "copy of %q for %q", c.EditionID, p.Edition.ID)
	}
	p.From, p.Seq, p.Text, p.Slug, p.Dirty, p.copied = c.Key, c.Seq, c.Text, c.Slug, true, true
	p.Form = content.NewForm()
	if !p.New() {
		p.Slug, p.Edition.Version = p.Document.Slug, c.Base
	}
	p.Preview, err = a.cfg.Content.Render(r.ctx, c.Text)
	return true, err
}

// copiesPage lists what the person has not saved.
type copiesPage struct {
	shell
	Copies []content.WorkingCopy
	Days   int
}

func (a *Admin) copies(r *request) error {
	list, err := a.cfg.Content.Unsaved(r.ctx, r.actor)
	if err != nil {
		return err
	}
	return a.render(r, "copies", copiesPage{a.shell(r, "/admin/documents/", "没保存完的稿子"), list, content.CopyDays})
}

// copyPage shows one, against what is saved.
type copyPage struct {
	shell
	Copy     content.WorkingCopy
	Gone     bool // its draft was deleted
	Editable bool
	Edition  content.Edition
	Fields   []fieldView
	Carry    []keptField
}

func (a *Admin) showCopy(r *request) error {
	c, err := a.cfg.Content.WorkingCopy(r.ctx, r.actor, r.param("key"))
	if err != nil {
		return err
	}
	page := copyPage{Copy: c, Editable: true}
	if c.EditionID != "" {
		e, err := a.cfg.Content.EditionFor(r.ctx, r.actor, c.EditionID)
		switch {
		case errs.Is(err, errs.NotFound):
			page.Gone = true
		case err != nil:
			return err
		default:
			p, err := a.editionPage(r, e)
			if err != nil {
				return err
			}
			page.Edition, page.Editable = e, p.Editable()
		}
	}
	names, err := a.naming(r)
	if err != nil {
		return err
	}
	page.Fields = a.changesOf(content.Compare(page.Edition.Text, c.Text), names)
	page.Carry = append(a.carry(r, c.Text, c.Base), keptField{"form", content.NewForm()}, keptField{"from", c.Key}, keptField{"from_seq", strconv.FormatInt(c.Seq, 10)})
	page.shell = a.shell(r, "/admin/documents/", "没保存完的稿子")
	return a.render(r, "copy", page)
}

// dropCopy throws one away, on purpose.
func (a *Admin) dropCopy(r *request) error {
	c, err := a.cfg.Content.WorkingCopy(r.ctx, r.actor, r.param("key"))
	if err != nil {
		return err
	}
	if err := a.cfg.Content.DropCopy(r.ctx, r.actor, c.Key); err != nil {
		return err
	}
	to := "/admin/copies/"
	if c.EditionID != "" && r.form.Get("back") == "edition" {
		to = "/admin/editions/" + c.EditionID
	}
	return a.done(r, to, "dropcopy")
}

// orphaned keeps what was typed on a draft that is not there any more: it can be
// saved as a new one.
func (a *Admin) orphaned(r *request) func(web.Problem) error {
	return func(web.Problem) error {
		k := a.keep(r)
		k.Path = "/admin/documents/new"
		r.Status(fiber.StatusNotFound)
		return a.renderKept(r, k, "这份草稿已被别人删除。您写的都在这里，继续提交就存成一篇新的草稿。")
	}
}
