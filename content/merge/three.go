package merge

import (
	"slices"
	"strings"
)

// Kind says who changed a part.
type Kind int

// The kinds.
const (
	Same     Kind = iota // nobody
	Mine                 // only I
	Theirs               // only they
	Both                 // both, in the same way
	Conflict             // both, in different ways
)

// Part is one piece of a merge: what it was, and what either side made of it.
type Part struct {
	Kind               Kind
	Base, Mine, Theirs string
}

// Choice is what is taken of a conflict.
type Choice string

// The choices.
const (
	TakeMine    Choice = "mine"
	TakeTheirs  Choice = "theirs"
	TheirsFirst Choice = "both"  // theirs, then mine
	MineFirst   Choice = "both2" // mine, then theirs
	TakeBase    Choice = "base"  // neither
)

// Text is what the part is in the merged text. The choice matters to a conflict
// only; one that is none of the above takes both, so that nothing gets lost.
func (p Part) Text(c Choice) string {
	switch p.Kind {
	case Same:
		return p.Base
	case Mine, Both:
		return p.Mine
	case Theirs:
		return p.Theirs
	}
	switch c {
	case TakeMine:
		return p.Mine
	case TakeTheirs:
		return p.Theirs
	case TakeBase:
		return p.Base
	case MineFirst:
		return stack(p.Mine, p.Theirs)
	}
	return stack(p.Theirs, p.Mine)
}

// stack puts one text after another. Whole lines stay whole lines.
func stack(first, second string) string {
	if strings.Contains(first+second, "\n") && first != "" && second != "" && !strings.HasSuffix(first, "\n") && !strings.HasPrefix(second, "\n") {
		return first + "\n" + second
	}
	return first + second
}

// Text is the merged text; choose says what to take of the conflict with a
// number (0, 1, 2 … in order).
func Text(parts []Part, choose func(n int) Choice) string {
	var b strings.Builder
	n := 0
	for _, p := range parts {
		var c Choice
		if p.Kind == Conflict {
			c, n = choose(n), n+1
		}
		b.WriteString(p.Text(c))
	}
	return b.String()
}

// Conflicts counts the parts somebody has to decide.
func Conflicts(parts []Part) (n int) {
	for _, p := range parts {
		if p.Kind == Conflict {
			n++
		}
	}
	return n
}

// Three merges two changes of one text.
func Three(base, mine, theirs string) []Part {
	o, m, t := tokens(base), tokens(mine), tokens(theirs)
	return three(o, m, t, readable(o, m), readable(o, t), true)
}

// ThreeItems merges two changes of one list, each item as a whole.
func ThreeItems(base, mine, theirs []string) []Part {
	return three(base, mine, theirs, script(base, mine), script(base, theirs), false)
}

// Two merges two texts whose common base is not known: all that differs is a
// conflict.
func Two(mine, theirs string) []Part {
	m, t := tokens(mine), tokens(theirs)
	return two(m, t, readable(m, t))
}

// TwoItems is Two for lists.
func TwoItems(mine, theirs []string) []Part { return two(mine, theirs, script(mine, theirs)) }

func two(mine, theirs []string, edits []edit) []Part {
	var parts []Part
	same := func(list []string) {
		if s := strings.Join(list, ""); s != "" {
			parts = append(parts, Part{Same, s, s, s})
		}
	}
	at := 0
	for _, e := range edits {
		same(mine[at:e.aFrom])
		parts = append(parts, Part{Conflict, "", strings.Join(mine[e.aFrom:e.aTo], ""), strings.Join(theirs[e.bFrom:e.bTo], "")})
		at = e.aTo
	}
	same(mine[at:])
	return parts
}

// region is a stretch of the base with the edits of both sides in it.
type region struct {
	from, to     int
	mine, theirs []edit
}

func (r region) conflict() bool { return len(r.mine) > 0 && len(r.theirs) > 0 }

// three makes the parts out of both scripts. With grow, a conflict takes in the
// clause around it.
func three(base, mine, theirs []string, my, their []edit, grow bool) []Part {
	list := regions(my, their)
	if grow {
		list = grown(base, mine, theirs, list)
	}
	var parts []Part
	same := func(from, to int) {
		if s := strings.Join(base[from:to], ""); s != "" {
			parts = append(parts, Part{Same, s, s, s})
		}
	}
	at := 0
	for _, r := range list {
		same(at, r.from)
		parts = append(parts, r.part(base, mine, theirs))
		at = r.to
	}
	same(at, len(base))
	return parts
}

func (r region) part(base, mine, theirs []string) Part {
	p := Part{Conflict, strings.Join(base[r.from:r.to], ""), r.side(base, mine, r.mine), r.side(base, theirs, r.theirs)}
	switch {
	case len(r.theirs) == 0:
		p.Kind = Mine
	case len(r.mine) == 0:
		p.Kind = Theirs
	case p.Mine == p.Theirs:
		p.Kind = Both
	}
	return p
}

// side is the region after the edits of one side.
func (r region) side(base, other []string, edits []edit) string {
	var b strings.Builder
	at := r.from
	for _, e := range edits {
		b.WriteString(strings.Join(base[at:e.aFrom], ""))
		b.WriteString(strings.Join(other[e.bFrom:e.bTo], ""))
		at = e.aTo
	}
	b.WriteString(strings.Join(base[at:r.to], ""))
	return b.String()
}

// regions groups the edits of both sides: those that overlap or touch are in one.
func regions(my, their []edit) []region {
	var list []region
	for len(my) > 0 || len(their) > 0 {
		var r region
		if len(their) == 0 || len(my) > 0 && my[0].aFrom <= their[0].aFrom {
			r.from, r.to = my[0].aFrom, my[0].aTo
		} else {
			r.from, r.to = their[0].aFrom, their[0].aTo
		}
		for grew := true; grew; {
			grew = false
			for _, side := range []struct{ edits, in *[]edit }{{&my, &r.mine}, {&their, &r.theirs}} {
				for len(*side.edits) > 0 && (*side.edits)[0].aFrom <= r.to {
					e := (*side.edits)[0]
					*side.in, *side.edits = append(*side.in, e), (*side.edits)[1:]
					r.to, grew = max(r.to, e.aTo), true
				}
			}
		}
		list = append(list, r)
	}
	return list
}

// maxGrow bounds how many tokens of either side a conflict takes in.
const maxGrow = 40

// grown widens conflicts to their clauses; regions that they then overlap
// become part of them.
func grown(base, mine, theirs []string, list []region) []region {
	for i, r := range list {
		if !r.conflict() || r.part(base, mine, theirs).Kind != Conflict {
			continue
		}
		for n := 0; n < maxGrow && r.from > 0 && !endsClause(base[r.from-1]); n++ {
			r.from--
		}
		for n := 0; n < maxGrow && r.to < len(base) && r.to > 0 && !endsClause(base[r.to-1]); n++ {
			r.to++
		}
		list[i] = r
	}
	var out []region
	for _, r := range list {
		for len(out) > 0 && out[len(out)-1].to > r.from {
			last := out[len(out)-1]
			out = out[:len(out)-1]
			r = region{min(last.from, r.from), max(last.to, r.to), slices.Concat(last.mine, r.mine), slices.Concat(last.theirs, r.theirs)}
		}
		out = append(out, r)
	}
	return out
}
