package admin

import (
	"errors"
	"slices"
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
	Fields   diffs
	Fresh    []keptField // my fields, to be sent on
	Editable bool        // the other one may still be saved over
	Revise   bool        // or mine may become a new edition
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
	d, err := a.cfg.Content.Document(r.ctx, theirs.DocumentID)
	if err != nil {
		return err
	}
	may := a.cfg.Content.Possible(r.actor, d, theirs)
	page.Editable, page.Revise = slices.Contains(may, content.ActSave), slices.Contains(may, content.ActRevise)
	page.shell = a.shell(r, "/admin/documents/", "两个人同时改了这一篇")
	return a.render(r, "conflict", page)
}

// differences lists the fields that are not the same.
func differences(theirs, mine content.Text) diffs {
	var ds diffs
	files := func(t content.Text) string {
		var s []string
		for _, f := range t.Attachments {
			s = append(s, f.Name+" "+f.File)
		}
		return strings.Join(s, "\n")
	}
	ds.add("标题", theirs.Title, mine.Title)
	ds.add("一句话答案", theirs.Answer, mine.Answer)
	ds.add("摘要", theirs.Summary, mine.Summary)
	ds.add("主题", strings.Join(theirs.Topics, "、"), strings.Join(mine.Topics, "、"))
	ds.add("栏目", theirs.Column, mine.Column)
	ds.add("适合谁", strings.Join(theirs.Audience, "、"), strings.Join(mine.Audience, "、"))
	ds.add("法律依据", strings.Join(theirs.Sources, "\n"), strings.Join(mine.Sources, "\n"))
	ds.add("核对日期", theirs.Checked, mine.Checked)
	ds.add("成文日期", theirs.Written, mine.Written)
	ds.add("作者", theirs.Author, mine.Author)
	ds.add("来源", theirs.Origin, mine.Origin)
	ds.add("题图", theirs.Cover+" "+theirs.CoverAlt, mine.Cover+" "+mine.CoverAlt)
	ds.add("附件", files(theirs), files(mine))
	ds.add("正文", theirs.Body, mine.Body)
	return ds
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
