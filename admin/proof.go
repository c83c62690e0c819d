package admin

import (
	"bytes"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"

	"github.com/gofiber/fiber/v2"

	"github.com/songfa/songfa/content"
	"github.com/songfa/songfa/content/proof"
	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/errs"
)

// proofPanel is what the page of a text says of the machine checks.
type proofPanel struct {
	Groups  []proofGroup
	Safe    int // fixes that may be made at once
	Reading proof.Reading
	Changes bool   // the text may be changed on this page
	Away    bool   // the checks did not answer
	Note    string // what a fix just did
}

// Clean reports that nothing was found.
func (p proofPanel) Clean() bool { return len(p.Groups) == 0 && !p.Away }

// Summary counts what must be dealt with, for people: 必须处理 2 处.
func (p proofPanel) Summary() string {
	var parts []string
	for _, g := range p.Groups {
		if g.Severity != proof.Hint {
			parts = append(parts, g.Severity.Label()+" "+strconv.Itoa(g.Count())+" 处")
		}
	}
	return strings.Join(parts, "，")
}

// proofGroup are the findings of one severity.
type proofGroup struct {
	Severity proof.Severity
	Findings []proofRow
	More     int // that are not shown
}

// Count is how many there are, shown or not.
func (g proofGroup) Count() int { return len(g.Findings) + g.More }

// proofRow is one finding with its place for people and for the script.
type proofRow struct {
	content.Finding
	Where     string // 正文
	Start     int    // of the place, in the units a browser counts by
	End       int
	Excusable bool // this person may say why it stands
}

// Ref names the finding in the value of a button.
func (r proofRow) Ref() string { return r.Key() + ":" + strconv.Itoa(r.From) }

// Fixed is what the fix writes, for the button.
func (r proofRow) Fixed() string {
	if r.Fix == nil {
		return ""
	}
	return *r.Fix
}

// maxFindings is how many findings of one severity a page shows.
const maxFindings = 60

var proofFields = map[string]string{"title": "标题", "answer": "一句话答案", "summary": "摘要", "body": "正文", "author": "作者",
	"origin": "来源", "cover_alt": "题图说明", "sources": "依据", "attachments": "附件名称"}

// proofPanel checks a text as it stands on the page. Checks that do not answer
// must not keep anybody from writing: the panel says so, and the log why.
func (a *Admin) proofPanel(r *request, p *editionPage) proofPanel {
	note := p.Proof.Note
	if a.cfg.Proof == nil || !p.Editable() && !p.Edition.State.Work() {
		return proofPanel{Note: note}
	}
	d := p.proofDocument()
	found, err := a.cfg.Content.Findings(r.ctx, d, p.Text)
	in, err2 := a.cfg.Proof(r.ctx, d, p.Text)
	if err != nil || err2 != nil {
		a.cfg.Log.Error("check a text", "document", d.ID, "err", err, "input", err2)
		return proofPanel{Away: true, Note: note}
	}
	panel := proofPanel{Changes: p.Editable(), Reading: proof.Read(in), Note: note}
	for _, s := range []proof.Severity{proof.Block, proof.Warn, proof.Hint} {
		g := proofGroup{Severity: s}
		for _, f := range found {
			if f.Severity != s {
				continue
			}
			if f.Fix != nil && f.Safe {
				panel.Safe++
			}
			if len(g.Findings) == maxFindings {
				g.More++
				continue
			}
			g.Findings = append(g.Findings, proofRowOf(in, f, r.actor, d.ID != ""))
		}
		if g.Count() > 0 {
			panel.Groups = append(panel.Groups, g)
		}
	}
	return panel
}

func proofRowOf(in proof.Input, f content.Finding, actor auth.Actor, stored bool) proofRow {
	row := proofRow{Finding: f, Where: proofFields[f.Field], Excusable: stored && f.Severity != proof.Hint}
	if f.Rule.Private() && !actor.Can(auth.Publish) {
		row.Excusable = false
	}
	i := slices.IndexFunc(in.Fields, func(x proof.Field) bool { return x.Name == f.Field })
	if i >= 0 {
		row.Start = units(in.Fields[i].Text[:f.From])
		row.End = row.Start + units(in.Fields[i].Text[f.From:f.To])
	}
	return row
}

// units counts as browsers do: UTF-16.
func units(s string) (n int) {
	for _, c := range s {
		n += utf16.RuneLen(c)
	}
	return n
}

// proofDocument is the document that the checks look at; a new text has its kind.
func (p *editionPage) proofDocument() content.Document {
	d := p.Document
	d.Kind = p.Kind
	return d
}

// recheck shows the page with what was typed and checked anew.
func (a *Admin) recheck(r *request, p *editionPage) error {
	p.Dirty = p.New() || p.changed()
	return a.renderEdition(r, p)
}

// fixOne makes the fix of one finding in what was typed; nothing is stored.
func (a *Admin) fixOne(r *request, p *editionPage) error {
	in, f, err := a.named(r, p)
	if err != nil {
		return err
	}
	if f.Fix == nil {
		return errs.New(errs.Conflict, "这一处要您自己改，系统替不了。", "finding without a fix")
	}
	i := slices.IndexFunc(in.Fields, func(x proof.Field) bool { return x.Name == f.Field })
	p.Text.SetProofField(f.Field, proof.Apply(in.Fields[i].Text, f))
	p.Proof.Note = "已改 1 处，看过以后请保存。"
	return a.previewEdition(r, p)
}

// fixSafe makes all fixes that cannot change what is meant.
func (a *Admin) fixSafe(r *request, p *editionPage) error {
	in, err := a.cfg.Proof(r.ctx, p.proofDocument(), p.Text)
	if err != nil {
		return err
	}
	all := 0
	for _, f := range in.Fields {
		if text, n := proof.ApplySafe(in, f.Name); n > 0 {
			p.Text.SetProofField(f.Name, text)
			all += n
		}
	}
	p.Proof.Note = "已改 " + strconv.Itoa(all) + " 处，看过以后请保存。"
	return a.previewEdition(r, p)
}

// named finds the finding that a button names in the text as it was typed: the
// same words, nearest to where they stood.
func (a *Admin) named(r *request, p *editionPage) (in proof.Input, f proof.Finding, err error) {
	if a.cfg.Proof == nil {
		return in, f, errs.New(errs.NotFound, "", "no checks")
	}
	_, ref, _ := strings.Cut(r.form.Get("go"), ":")
	key, at, _ := strings.Cut(ref, ":")
	from, _ := strconv.Atoi(at)
	if in, err = a.cfg.Proof(r.ctx, p.proofDocument(), p.Text); err != nil {
		return in, f, err
	}
	near := -1
	for _, one := range proof.Check(in) {
		distance := max(one.From-from, from-one.From)
		if one.Key() == key && (near < 0 || distance < near) {
			f, near = one, distance
		}
	}
	if near < 0 {
		err = errs.New(errs.Conflict, "这一处已经变了，请看最新的检查结果。", "no such finding")
	}
	return in, f, err
}

// excuse saves the text and notes why a finding stands.
func (a *Admin) excuse(r *request, p *editionPage) error {
	_, f, err := a.named(r, p)
	if err != nil {
		return err
	}
	reason := strings.TrimSpace(r.form.Get("excuse_" + f.Key()))
	switch back := strings.HasPrefix(r.form.Get("go"), "unexcuse:"); {
	case back:
		reason = ""
	case reason == "":
		return errs.Bad("proof", "请写明为什么不改，审核的同事会看到。")
	}
	if err := a.save(r, p); err != nil {
		return err
	}
	if err := a.cfg.Content.Excuse(r.ctx, r.actor, p.Edition.DocumentID, f, reason); err != nil {
		return err
	}
	return a.done(r, "/admin/editions/"+p.Edition.ID, "excuse")
}

// checkTyped answers the script with the panel for what stands in the form.
func (a *Admin) checkTyped(r *request) error {
	p := &editionPage{Kind: content.Kind(r.form.Get("kind")), Text: r.text()}
	if id := r.form.Get("edition"); id != "" {
		e, err := a.cfg.Content.EditionFor(r.ctx, r.actor, id)
		if err != nil {
			return err
		}
		d, err := a.cfg.Content.DocumentFor(r.ctx, r.actor, e.DocumentID)
		if err != nil {
			return err
		}
		p.Edition, p.Document, p.Kind = e, d, d.Kind
		p.May = a.cfg.Content.Possible(r.actor, d, e)
	}
	var buf bytes.Buffer
	if err := a.templates["edit"].ExecuteTemplate(&buf, "prooflist", a.proofPanel(r, p)); err != nil {
		return err
	}
	r.Set(fiber.HeaderContentType, fiber.MIMETextHTMLCharsetUTF8)
	return r.Send(buf.Bytes())
}
