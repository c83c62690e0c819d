package admin

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/songfa/songfa/content"
	"github.com/songfa/songfa/content/merge"
	"github.com/songfa/songfa/internal/errs"
	"github.com/songfa/songfa/internal/web"
)

func staleOf(err error) (content.Edition, bool) {
	var s *content.Stale
	if !errors.As(err, &s) {
		return content.Edition{}, false
	}
	return s.Current, true
}

// conflictPage is the merge of what the person typed with what was saved
// meanwhile. Nothing is saved before the person has seen it.
type conflictPage struct {
	shell
	Document content.Document
	Mine     content.Text
	Theirs   content.Edition
	By       content.Revision // who saved the other one; zero when only the state changed
	Step     content.Step     // what happened last
	Merge    content.Merge
	Fields   []mergedView
	Carry    []keptField // the person's fields, and what they began with
	Editable bool        // the other one may still be saved
	Revise   bool        // or the merged one may become a new edition
}

// mergedView is one field of the merge.
type mergedView struct {
	Name, Label string
	Pieces      []piece
}

// piece is a stretch that merged by itself, or a place to decide.
type piece struct {
	Rows   []row
	Choice *choice
}

// choice is a place that both have changed.
type choice struct {
	Field   string
	Number  int // 0, 1 … in the field
	Place   int // 1, 2 … on the page
	Whole   bool
	Was     []row
	Options []option
	Error   string
}

// ID is that of the place on the page.
func (c choice) ID() string { return pickName(c.Field, c.Number) }

func pickName(field string, n int) string { return "pick-" + field + "-" + strconv.Itoa(n) }

// option is one way to decide.
type option struct {
	Value  merge.Choice
	Label  string
	Rows   []row
	Chosen bool
}

// renderConflict shows the merge of p.Text, begun at a version, with what is
// stored now.
func (a *Admin) renderConflict(r *request, p *editionPage, theirs content.Edition, base int64) error {
	page, err := a.conflict(r, p, theirs, base)
	if err != nil {
		return err
	}
	return a.render(r, "conflict", page)
}

func (a *Admin) conflict(r *request, p *editionPage, theirs content.Edition, base int64) (*conflictPage, error) {
	page := &conflictPage{Document: p.Document, Mine: p.Text, Theirs: theirs}
	var err error
	if page.Merge, err = a.mergeWith(r, p.Text, theirs, base); err != nil {
		return nil, err
	}
	names, err := a.naming(r)
	if err != nil {
		return nil, err
	}
	if page.By, err = a.cfg.Content.Revision(r.ctx, theirs.ID, theirs.Version); errs.Is(err, errs.NotFound) || page.By.Version <= base {
		page.By, err = content.Revision{}, nil
	}
	if err != nil {
		return nil, err
	}
	if n := len(theirs.Trail); n > 0 {
		page.Step = theirs.Trail[n-1]
	}
	page.Fields = a.mergedViews(r, page.Merge, names)
	page.Carry = a.carry(r, p.Text, base)
	d, err := a.cfg.Content.DocumentFor(r.ctx, r.actor, theirs.DocumentID)
	if err != nil {
		return nil, err
	}
	may := a.cfg.Content.Possible(r.actor, d, theirs)
	page.Editable, page.Revise = slices.Contains(may, content.ActSave), slices.Contains(may, content.ActRevise)
	page.shell = a.shell(r, "/admin/documents/", "两个人同时改了这一篇")
	return page, nil
}

// mergeWith joins what the person typed with a stored text, over what the
// person began with.
func (a *Admin) mergeWith(r *request, mine content.Text, theirs content.Edition, base int64) (content.Merge, error) {
	from, ok, err := a.cfg.Content.Base(r.ctx, theirs, base)
	if err != nil {
		return content.Merge{}, err
	}
	if !ok {
		return content.MergeTexts(nil, mine, theirs.Text), nil
	}
	return content.MergeTexts(&from, mine, theirs.Text), nil
}

// carry is the person's text as hidden fields, so that nothing of it depends on
// anything stored.
func (a *Admin) carry(r *request, mine content.Text, base int64) []keptField {
	fields := []keptField{{"base_version", strconv.FormatInt(base, 10)}, {"title", mine.Title}, {"answer", mine.Answer}, {"body", mine.Body},
		{"column", mine.Column}, {"audience", strings.Join(mine.Audience, "、")}, {"summary", mine.Summary}, {"sources", strings.Join(mine.Sources, "\n")},
		{"checked", mine.Checked}, {"author", mine.Author}, {"origin", mine.Origin}, {"written", mine.Written}, {"cover", mine.Cover}, {"cover_alt", mine.CoverAlt}}
	for _, t := range mine.Topics {
		fields = append(fields, keptField{"topics", t})
	}
	for _, f := range mine.Attachments {
		fields = append(fields, keptField{"attachment_file", f.File}, keptField{"attachment_name", f.Name})
	}
	for _, name := range []string{"form", "seq", "from", "from_seq"} {
		if v := r.form.Get(name); v != "" {
			fields = append(fields, keptField{name, v})
		}
	}
	return fields
}

func (a *Admin) mergedViews(r *request, m content.Merge, names naming) []mergedView {
	var views []mergedView
	place := 0
	for _, f := range m.Fields {
		v := mergedView{Name: f.Name, Label: f.Label}
		var flow []stretch
		flush := func() {
			if rows := entryRows(f.List, flow); len(flow) > 0 {
				v.Pieces = append(v.Pieces, piece{Rows: rows})
			}
			flow = nil
		}
		n := 0
		for _, part := range f.Parts {
			if part.Kind != merge.Conflict {
				flow = append(flow, spansOf(part, f.Name, names)...)
				continue
			}
			flush()
			place++
			v.Pieces = append(v.Pieces, piece{Choice: choiceOf(r, f, part, n, place, names)})
			n++
		}
		flush()
		views = append(views, v)
	}
	return views
}

// spansOf shows what merged by itself, and whose it was.
func spansOf(p merge.Part, field string, names naming) []stretch {
	side := map[merge.Kind]string{merge.Same: "", merge.Mine: "mine", merge.Theirs: "theirs", merge.Both: "both"}[p.Kind]
	if p.Kind == merge.Same {
		return []stretch{{"", names.show(field, p.Base)}}
	}
	var spans []stretch
	for _, s := range []stretch{{side + "-", p.Base}, {side, p.Text("")}} {
		if s.Text != "" {
			spans = append(spans, stretch{s.Side, names.show(field, s.Text)})
		}
	}
	return spans
}

func choiceOf(r *request, f content.MergedField, p merge.Part, n, place int, names naming) *choice {
	c := &choice{Field: f.Name, Number: n, Place: place, Whole: f.Whole}
	c.Was = plainRows([]stretch{{"", names.show(f.Name, p.Base)}})
	against := func(side, s string) []row {
		var spans []stretch
		for _, run := range merge.Diff(names.show(f.Name, p.Base), names.show(f.Name, s)) {
			spans = append(spans, stretch{map[merge.Op]string{merge.Keep: "", merge.Delete: side + "-", merge.Insert: side}[run.Op], run.Text})
		}
		return plainRows(spans)
	}
	c.Options = []option{{Value: merge.TakeMine, Label: "用您的", Rows: against("mine", p.Mine)},
		{Value: merge.TakeTheirs, Label: "用对方的", Rows: against("theirs", p.Theirs)}}
	if !f.Whole && p.Mine != "" && p.Theirs != "" {
		c.Options = append(c.Options, option{Value: merge.TheirsFirst, Label: "两份都要，对方的在前"}, option{Value: merge.MineFirst, Label: "两份都要，您的在前"})
	}
	picked, asked := merge.Choice(r.form.Get(c.ID())), r.form.Get("go") == "merge" || r.form.Get("go") == "merged"
	known := false
	for i := range c.Options {
		c.Options[i].Chosen = c.Options[i].Value == picked
		known = known || c.Options[i].Chosen
	}
	if asked && !known {
		c.Error = fmt.Sprintf("请选第 %d 处用哪一份。", place)
	}
	return c
}

// plainRows shows every line of a short text, and says so when there is none.
func plainRows(spans []stretch) []row {
	rows := slices.DeleteFunc(linesOf(spans), func(r row) bool { return len(r.Spans) == 0 })
	if len(rows) == 0 {
		return []row{{Spans: []stretch{{"", "（没有这些字）"}}}}
	}
	return rows
}

// saveMerge saves what the person saw merged. What is stored may have changed
// once more meanwhile; then there is another merge, of the merged text.
func (a *Admin) saveMerge(r *request, p *editionPage) error {
	if err := a.resolve(r, p); err != nil {
		return err
	}
	e, err := a.cfg.Content.SaveMerged(r.ctx, r.actor, p.Edition.ID, p.Edition.Version, p.Text)
	if err != nil {
		return err
	}
	a.settle(r)
	return a.done(r, "/admin/editions/"+e.ID, "merge")
}

// takeMerge leads back to the editor with the merged text, unsaved.
func (a *Admin) takeMerge(r *request, p *editionPage) error {
	if err := a.resolve(r, p); err != nil {
		return err
	}
	return a.previewEdition(r, p)
}

// resolve makes the page's text the merge that the person was shown, with what
// they chose. All is worked out anew from the three texts.
func (a *Admin) resolve(r *request, p *editionPage) error {
	base, _ := strconv.ParseInt(r.form.Get("base_version"), 10, 64)
	seen := p.Edition
	text, ok, err := a.cfg.Content.Base(r.ctx, p.Edition, p.Edition.Version)
	if err != nil {
		return err
	}
	if ok {
		seen.Text = text
	}
	page, err := a.conflict(r, p, seen, base)
	if err != nil {
		return err
	}
	if ps := page.open(); len(ps) > 0 {
		r.again = func(why web.Problem) error {
			page.Problems = ps
			return a.render(r, "conflict", page)
		}
		return ps
	}
	p.Text = page.Merge.Text(func(field string, n int) merge.Choice { return merge.Choice(r.form.Get(pickName(field, n))) })
	return nil
}

// open lists the places nobody has decided.
func (p *conflictPage) open() (ps problems) {
	for _, f := range p.Fields {
		for _, piece := range f.Pieces {
			if piece.Choice != nil && piece.Choice.Error != "" {
				ps = append(ps, problem{piece.Choice.ID(), piece.Choice.Error})
			}
		}
	}
	return ps
}
