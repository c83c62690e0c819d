package admin

import (
	"errors"
	"strings"

	"github.com/songfa/songfa/content"
)

func staleOf(err error) (content.Edition, bool) {
	var s *content.Stale
	if !errors.As(err, &s) {
		return content.Edition{}, false
	}
	return s.Current, true
}

// conflictPage shows two texts, and lets the person choose or merge.
type conflictPage struct {
	shell
	Document content.Document
	Mine     content.Text
	Theirs   content.Edition
	By       content.Step // who saved the other one
	Fields   []fieldDiff
	Fresh    []keptField // my fields, to be sent on
	Editable bool        // the other one may still be saved over
	Revise   bool        // or mine may become a new edition
}

// fieldDiff is one field that differs.
type fieldDiff struct {
	Label, Mine, Theirs string
	Lines               []diffLine // for the body
}

func (a *Admin) renderConflict(r *request, p *editionPage, theirs content.Edition) error {
	page := conflictPage{Document: p.Document, Mine: p.Text, Theirs: theirs, Fields: differences(theirs.Text, p.Text)}
	if n := len(theirs.Trail); n > 0 {
		page.By = theirs.Trail[n-1]
	}
	for _, f := range a.keep(r).Fields {
		if f.Name != "version" && f.Name != "go" {
			page.Fresh = append(page.Fresh, f)
		}
	}
	if d, err := a.cfg.Content.Document(r.ctx, theirs.DocumentID); err == nil {
		for _, act := range a.cfg.Content.Possible(r.actor, d, theirs) {
			page.Editable = page.Editable || act == content.ActSave
			page.Revise = page.Revise || act == content.ActRevise
		}
	}
	page.shell = a.shell(r, "/admin/documents/", "两个人同时改了这一篇")
	return a.render(r, "conflict", page)
}

// differences lists the fields that are not the same.
func differences(theirs, mine content.Text) []fieldDiff {
	var list []fieldDiff
	add := func(label, theirs, mine string) {
		if strings.TrimSpace(theirs) == strings.TrimSpace(mine) {
			return
		}
		f := fieldDiff{Label: label, Theirs: theirs, Mine: mine}
		if strings.Contains(theirs+mine, "\n") {
			f.Lines = diffLines(theirs, mine)
		}
		list = append(list, f)
	}
	files := func(t content.Text) string {
		var s []string
		for _, f := range t.Attachments {
			s = append(s, f.Name+" "+f.File)
		}
		return strings.Join(s, "\n")
	}
	add("标题", theirs.Title, mine.Title)
	add("一句话答案", theirs.Answer, mine.Answer)
	add("摘要", theirs.Summary, mine.Summary)
	add("主题", strings.Join(theirs.Topics, "、"), strings.Join(mine.Topics, "、"))
	add("栏目", theirs.Column, mine.Column)
	add("适合谁", strings.Join(theirs.Audience, "、"), strings.Join(mine.Audience, "、"))
	add("法律依据", strings.Join(theirs.Sources, "\n"), strings.Join(mine.Sources, "\n"))
	add("核对日期", theirs.Checked, mine.Checked)
	add("成文日期", theirs.Written, mine.Written)
	add("作者", theirs.Author, mine.Author)
	add("来源", theirs.Origin, mine.Origin)
	add("题图", theirs.Cover+" "+theirs.CoverAlt, mine.Cover+" "+mine.CoverAlt)
	add("附件", files(theirs), files(mine))
	add("正文", theirs.Body, mine.Body)
	return list
}

// keepMine saves the person's text although somebody else saved meanwhile; the
// form carries the version of the other text, which the person has now seen. A
// text that cannot be saved over any more becomes a new edition.
func (a *Admin) keepMine(r *request, p *editionPage) error {
	if p.Can(content.ActSave) {
		return a.saveEdition(r, p)
	}
	mine := p.Text
	e, err := a.cfg.Content.Revise(r.ctx, r.actor, p.Edition.ID, p.Edition.Version)
	if err != nil {
		return err
	}
	e, err = a.cfg.Content.Save(r.ctx, r.actor, e.ID, e.Version, mine)
	if err != nil {
		return err
	}
	return a.done(r, "/admin/editions/"+e.ID, "revise")
}
