package admin

import (
	"slices"
	"strings"

	"github.com/songfa/songfa/content"
	"github.com/songfa/songfa/content/merge"
)

// stretch is a piece of a line: in both texts, or on one side only.
type stretch struct {
	Side string // "", "old", "new"; in a merge "mine", "theirs", "both" and each with "-" for what went
	Text string
}

// Gone reports that the piece is not in the text any more.
func (s stretch) Gone() bool { return s.Side == "old" || strings.HasSuffix(s.Side, "-") }

// Class is how it is dressed.
func (s stretch) Class() string { return strings.TrimSuffix(s.Side, "-") }

// Says is what it is to those who do not see colours.
func (s stretch) Says() string {
	switch s.Side {
	case "old", "new":
		return map[bool]string{true: "删去：", false: "加上："}[s.Gone()]
	}
	who := map[string]string{"mine": "您", "theirs": "对方", "both": "两人都"}[s.Class()]
	if s.Gone() {
		return who + "删去："
	}
	return who + "加上："
}

// row is a line of a comparison, or a gap for lines that are the same.
type row struct {
	Gap   int // so many characters left out
	Spans []stretch
}

// changed reports whether a line holds more than what is the same.
func (r row) changed() bool {
	return slices.ContainsFunc(r.Spans, func(s stretch) bool { return s.Side != "" })
}

// rowsOf cuts spans into lines. Lines that are the same are left out, but for
// those next to a change.
func rowsOf(spans []stretch) []row { return gaps(linesOf(spans)) }

func linesOf(spans []stretch) []row {
	all := []row{{}}
	for _, s := range spans {
		for i, part := range strings.Split(s.Text, "\n") {
			if i > 0 {
				if s.Side != "" { // the line end itself is the change
					last := &all[len(all)-1]
					last.Spans = append(last.Spans, stretch{s.Side, "¶"})
				}
				all = append(all, row{})
			}
			if part != "" {
				last := &all[len(all)-1]
				last.Spans = append(last.Spans, stretch{s.Side, part})
			}
		}
	}
	return all
}

// nearby is how many lines with text are shown on each side of a change.
const nearby = 1

func gaps(all []row) []row {
	near := make([]bool, len(all))
	mark := func(i, step int) {
		for n := 0; i >= 0 && i < len(all) && n <= nearby; i += step {
			near[i] = true
			if len(all[i].Spans) > 0 {
				n++
			}
		}
	}
	for i, r := range all {
		if r.changed() {
			mark(i, -1)
			mark(i, 1)
		}
	}
	var out []row
	for i, r := range all {
		if near[i] {
			if len(r.Spans) > 0 {
				out = append(out, r)
			}
			continue
		}
		if len(out) == 0 || out[len(out)-1].Gap == 0 {
			out = append(out, row{})
		}
		for _, s := range r.Spans {
			out[len(out)-1].Gap += len([]rune(s.Text))
		}
	}
	return slices.DeleteFunc(out, func(r row) bool { return r.Gap == 0 && len(r.Spans) == 0 })
}

// fieldView is a field that differs, as a page shows it.
type fieldView struct {
	Name, Label string
	Rows        []row
}

// changesOf makes the changes of a text what a page shows.
func (a *Admin) changesOf(list []content.FieldChange, names naming) []fieldView {
	views := make([]fieldView, len(list))
	for i, c := range list {
		var spans []stretch
		for _, r := range c.Runs {
			side := map[merge.Op]string{merge.Keep: "", merge.Delete: "old", merge.Insert: "new"}[r.Op]
			spans = append(spans, stretch{side, names.show(c.Name, r.Text)})
		}
		views[i] = fieldView{c.Name, c.Label, entryRows(c.List, spans)}
	}
	return views
}

// entryRows gives each entry of a list a line of its own.
func entryRows(list bool, spans []stretch) []row {
	if !list {
		return rowsOf(spans)
	}
	var rows []row
	for _, s := range spans {
		for _, entry := range strings.Split(strings.TrimSuffix(s.Text, "\n"), "\n") {
			rows = append(rows, row{Spans: []stretch{{s.Side, entry}}})
		}
	}
	return rows
}

// naming says slugs in words: field → slug → name.
type naming map[string]map[string]string

func (a *Admin) naming(r *request) (naming, error) {
	names := naming{"topics": {}, "column": {}}
	topics, err := a.cfg.Content.Topics(r.ctx)
	if err != nil {
		return nil, err
	}
	for _, t := range topics {
		names["topics"][t.Slug] = t.Name
	}
	columns, err := a.cfg.Content.ColumnsFor(r.ctx, r.actor)
	for _, c := range columns {
		names["column"][c.Slug] = c.Name
	}
	return names, err
}

// show is a value as people know it: names for slugs, attachments by name.
func (n naming) show(field, value string) string {
	lines := strings.SplitAfter(value, "\n")
	switch field {
	case "topics", "column":
		for i, l := range lines {
			if name, ok := n[field][strings.TrimSuffix(l, "\n")]; ok {
				lines[i] = strings.Replace(l, strings.TrimSuffix(l, "\n"), name, 1)
			}
		}
	case "attachments":
		for i, l := range lines {
			if name, file, ok := strings.Cut(l, "\t"); ok {
				lines[i] = name + "（" + lastOf(file)
			}
		}
	}
	return strings.Join(lines, "")
}

// lastOf is the name of a stored file, with the end of its line.
func lastOf(address string) string {
	address, end := strings.CutSuffix(address, "\n")
	name := address[strings.LastIndex(address, "/")+1:] + "）"
	if end {
		name += "\n"
	}
	return name
}
