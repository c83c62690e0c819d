package merge

import "strings"

// Op says where a run stands.
type Op int

// The ops.
const (
	Keep   Op = iota // in both texts
	Delete           // only in the old one
	Insert           // only in the new one
)

// Side names the one text that has such a run: old, new, or "" for both.
func (o Op) Side() string {
	switch o {
	case Delete:
		return "old"
	case Insert:
		return "new"
	}
	return ""
}

// Run is a piece of a comparison. No two neighbours have the same Op.
type Run struct {
	Op   Op
	Text string
}

// Diff compares two texts in a way people can read. The runs hold every byte of
// both texts.
func Diff(older, newer string) []Run {
	a, b := tokens(older), tokens(newer)
	return runs(a, b, readable(a, b))
}

// DiffItems compares two lists, each item as a whole. An item ends where its
// string ends; the runs hold the strings of the items one after the other.
func DiffItems(older, newer []string) []Run { return runs(older, newer, script(older, newer)) }

func runs(a, b []string, edits []edit) []Run {
	var out []Run
	put := func(op Op, list []string) {
		if len(list) > 0 {
			out = append(out, Run{op, strings.Join(list, "")})
		}
	}
	at := 0
	for _, e := range edits {
		put(Keep, a[at:e.aFrom])
		put(Delete, a[e.aFrom:e.aTo])
		put(Insert, b[e.bFrom:e.bTo])
		at = e.aTo
	}
	put(Keep, a[at:])
	return out
}

// Old is the text the runs began with.
func Old(list []Run) string { return without(list, Insert) }

// New is the text the runs lead to.
func New(list []Run) string { return without(list, Delete) }

func without(list []Run, op Op) string {
	var b strings.Builder
	for _, r := range list {
		if r.Op != op {
			b.WriteString(r.Text)
		}
	}
	return b.String()
}

// Size counts the characters that were inserted and deleted.
func Size(list []Run) (inserted, deleted int) {
	for _, r := range list {
		switch n := len([]rune(r.Text)); r.Op {
		case Insert:
			inserted += n
		case Delete:
			deleted += n
		}
	}
	return inserted, deleted
}

// readable is the script between two lists of tokens: by lines, within those by
// sentences, within those by tokens, and then tidied.
func readable(a, b []string) []edit {
	var out []edit
	if len(a)+len(b) == 0 {
		return nil
	}
	for _, line := range byPieces(a, b, edit{0, len(a), 0, len(b)}, endsLine) {
		for _, sentence := range byPieces(a, b, line, endsSentence) {
			out = append(out, byTokens(a, b, sentence)...)
		}
	}
	return tidy(a, b, out)
}

// byPieces narrows an edit to the pieces that differ.
func byPieces(a, b []string, e edit, ends func(string) bool) []edit {
	if e.aFrom == e.aTo || e.bFrom == e.bTo {
		return []edit{e}
	}
	startsA, startsB := pieces(a, e.aFrom, e.aTo, ends), pieces(b, e.bFrom, e.bTo, ends)
	list := script(texts(a, startsA), texts(b, startsB))
	for i, p := range list {
		list[i] = edit{startsA[p.aFrom], startsA[p.aTo], startsB[p.bFrom], startsB[p.bTo]}
	}
	return list
}

func texts(list []string, starts []int) []string {
	out := make([]string, len(starts)-1)
	for i := range out {
		out[i] = strings.Join(list[starts[i]:starts[i+1]], "")
	}
	return out
}

// byTokens narrows an edit to the tokens that differ, unless the two sides have
// so little in common that shreds of them would only confuse.
func byTokens(a, b []string, e edit) []edit {
	if e.aFrom == e.aTo || e.bFrom == e.bTo {
		return []edit{e}
	}
	list := script(a[e.aFrom:e.aTo], b[e.bFrom:e.bTo])
	kept := e.aTo - e.aFrom
	for i := range list {
		kept -= list[i].aTo - list[i].aFrom
		list[i].aFrom, list[i].aTo = list[i].aFrom+e.aFrom, list[i].aTo+e.aFrom
		list[i].bFrom, list[i].bTo = list[i].bFrom+e.bFrom, list[i].bTo+e.bFrom
	}
	if len(list) > 1 && 3*kept < max(e.aTo-e.aFrom, e.bTo-e.bFrom) {
		return []edit{e}
	}
	return list
}
