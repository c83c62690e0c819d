package content

import (
	"slices"

	"github.com/songfa/songfa/content/merge"
)

// Merge is what came of two people changing one text at once.
type Merge struct {
	Fields []MergedField // those that either side changed, in the order of the form
	NoBase bool          // what they began with is not known: every difference is to be decided
	theirs Text
}

// MergedField is one field of it.
type MergedField struct {
	Name  string // of the form's field
	Label string
	List  bool // the parts are whole entries, each ending with a line end
	Whole bool // one value: nobody can have both
	Parts []merge.Part
}

// Conflicts counts the places of the field that somebody has to decide.
func (f MergedField) Conflicts() int { return merge.Conflicts(f.Parts) }

// MergeTexts joins two changes of one text. base is nil when it is not known.
// Neither side needs to be tidy.
func MergeTexts(base *Text, mine, theirs Text) Merge {
	mine, theirs = tidy(mine), tidy(theirs)
	m := Merge{NoBase: base == nil, theirs: theirs}
	var from Text
	if base != nil {
		from = tidy(*base)
	}
	for _, f := range textFields {
		b, my, their := f.get(from), f.get(mine), f.get(theirs)
		if my == their && (m.NoBase || my == b) {
			continue
		}
		field := MergedField{Name: f.name, Label: f.label, List: f.how == entries || f.how == anyOrder, Whole: f.how == whole}
		switch {
		case f.how == anyOrder:
			field.Parts = mergeSets(f.items(b), f.items(my), f.items(their))
		case f.how == characters && m.NoBase:
			field.Parts = merge.Two(my, their)
		case f.how == characters:
			field.Parts = merge.Three(b, my, their)
		case m.NoBase:
			field.Parts = merge.TwoItems(f.items(my), f.items(their))
		default:
			field.Parts = merge.ThreeItems(f.items(b), f.items(my), f.items(their))
		}
		m.Fields = append(m.Fields, field)
	}
	return m
}

// mergeSets takes what either side added and leaves out what either side took
// away. It never needs a decision.
func mergeSets(base, mine, theirs []string) []merge.Part {
	var all []string
	for _, side := range [][]string{theirs, base, mine} {
		for _, v := range side {
			if !slices.Contains(all, v) {
				all = append(all, v)
			}
		}
	}
	var parts []merge.Part
	for _, v := range all {
		in := func(side []string) string {
			if slices.Contains(side, v) {
				return v
			}
			return ""
		}
		p := merge.Part{Base: in(base), Mine: in(mine), Theirs: in(theirs)}
		switch {
		case p.Mine == p.Theirs && p.Mine == p.Base:
			p.Kind = merge.Same
		case p.Mine == p.Theirs:
			p.Kind = merge.Both
		case p.Mine != p.Base:
			p.Kind = merge.Mine
		default:
			p.Kind = merge.Theirs
		}
		parts = append(parts, p)
	}
	return parts
}

// Conflicts counts the places that somebody has to decide.
func (m Merge) Conflicts() (n int) {
	for _, f := range m.Fields {
		n += f.Conflicts()
	}
	return n
}

// Text is the merged text; choose says what to take of a field's conflict with
// a number (0, 1, 2 …).
func (m Merge) Text(choose func(field string, n int) merge.Choice) Text {
	t := m.theirs
	for _, f := range textFields {
		i := slices.IndexFunc(m.Fields, func(one MergedField) bool { return one.Name == f.name })
		if i < 0 {
			continue
		}
		field := m.Fields[i]
		f.set(&t, merge.Text(field.Parts, func(n int) merge.Choice {
			c := choose(f.name, n)
			if field.Whole && c != merge.TakeTheirs && c != merge.TakeBase {
				c = merge.TakeMine
			}
			return c
		}))
	}
	return tidy(t)
}
