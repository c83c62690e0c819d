package admin

import (
	"encoding/json"
	"strconv"

	"github.com/songfa/songfa/content"
	"github.com/songfa/songfa/internal/docx"
)

// wordCompare shows what a Word file would change in a draft. Nothing is stored
// before the person has seen it: the form carries the whole new text.
type wordCompare struct {
	shell
	Edition content.Edition
	File    string
	Fields  []fieldView
	Fresh   []keptField // the new text, to be sent on
	Notes   wordNotes
	Report  string // JSON, to be sent on
}

// compareWord keeps what the draft has: the file gives the text, and the fields
// that are empty so far.
func (a *Admin) compareWord(r *request, p *wordPage, d docx.Document) error {
	e, mine := *p.Edition, p.Edition.Text
	fresh := a.textOf(d)
	mine.Body = fresh.Body
	for _, f := range []struct{ to, from *string }{{&mine.Title, &fresh.Title}, {&mine.Written, &fresh.Written}, {&mine.Origin, &fresh.Origin}} {
		if *f.to == "" {
			*f.to = *f.from
		}
	}
	notes := importedNotes(d.Report)
	report, err := json.Marshal(notes)
	if err != nil {
		return err
	}
	names, err := a.naming(r)
	if err != nil {
		return err
	}
	return a.render(r, "word_compare", wordCompare{shell: a.shell(r, "/admin/documents/", "Word 文件和草稿的不同"), Edition: e, File: p.File,
		Fields: a.changesOf(content.Compare(e.Text, mine), names), Fresh: a.carry(r, mine, e.Version), Notes: sortNotes(notes), Report: string(report)})
}

// maxReport is how many bytes a report may have that a form carries.
const maxReport = 200_000

// takeWord saves the text of a Word file the person has looked at.
func (a *Admin) takeWord(r *request, p *editionPage) error {
	if err := a.save(r, p); err != nil {
		return err
	}
	var notes []content.ImportedNote
	if raw := r.form.Get("report"); len(raw) <= maxReport {
		_ = json.Unmarshal([]byte(raw), &notes) // the text is saved; a report that was tampered with is none
	}
	if err := a.cfg.Content.NoteImported(r.ctx, r.actor, p.Edition.ID, r.form.Get("report_file"), notes); err != nil {
		return err
	}
	return a.done(r, "/admin/word/"+p.Edition.ID, "word")
}

// wordNotes are the notes of a report by what they ask for.
type wordNotes struct{ Check, Dropped, Found []content.ImportedNote }

// Todo says in a few words how much is to be looked at.
func (n wordNotes) Todo() string {
	switch {
	case len(n.Check)+len(n.Dropped) == 0:
		return "没有要检查的地方。"
	case len(n.Dropped) == 0:
		return "有 " + strconv.Itoa(len(n.Check)) + " 处要检查。"
	case len(n.Check) == 0:
		return "有 " + strconv.Itoa(len(n.Dropped)) + " 处没有导入。"
	}
	return "有 " + strconv.Itoa(len(n.Check)) + " 处要检查，" + strconv.Itoa(len(n.Dropped)) + " 处没有导入。"
}

func sortNotes(list []content.ImportedNote) (n wordNotes) {
	for _, one := range list {
		switch docx.Level(one.Level) {
		case docx.Check:
			n.Check = append(n.Check, one)
		case docx.Dropped:
			n.Dropped = append(n.Dropped, one)
		case docx.Found:
			n.Found = append(n.Found, one)
		}
	}
	return n
}
