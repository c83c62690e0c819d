package merge

import "slices"

// tidy makes a script readable. What it leads to stays the same.
func tidy(a, b []string, edits []edit) []edit {
	edits = join(a, edits)
	for i := range edits {
		slide(a, b, edits, i)
	}
	return edits
}

// join makes one edit of two that have less between them than they change, so
// that words are not shredded by characters that happen to be the same. Lines
// stay apart.
func join(a []string, edits []edit) []edit {
	var out []edit
	for _, e := range edits {
		for len(out) > 0 && together(a, out[len(out)-1], e) {
			last := out[len(out)-1]
			out, e = out[:len(out)-1], edit{last.aFrom, e.aTo, last.bFrom, e.bTo}
		}
		out = append(out, e)
	}
	return out
}

func together(a []string, one, next edit) bool {
	between := a[one.aTo:next.aFrom]
	if len(between) == 0 {
		return true
	}
	size := func(e edit) int { return max(e.aTo-e.aFrom, e.bTo-e.bFrom) }
	return len(between) <= size(one) && len(between) <= size(next) && !slices.Contains(between, "\n")
}

// slide moves an edit that only inserts or only deletes along what is the same
// on both sides of it, to where it lies between lines, sentences or clauses.
func slide(a, b []string, edits []edit, i int) {
	e := edits[i]
	list, from, to := b, e.bFrom, e.bTo
	switch {
	case e.aFrom == e.aTo && e.bFrom < e.bTo:
	case e.bFrom == e.bTo && e.aFrom < e.aTo:
		list, from, to = a, e.aFrom, e.aTo
	default:
		return
	}
	left, right := e.aFrom, len(a)-e.aTo // tokens that stay, on either side
	if i > 0 {
		left = e.aFrom - edits[i-1].aTo - 1
	}
	if i+1 < len(edits) {
		right = edits[i+1].aFrom - e.aTo - 1
	}
	best, at := edge(list, from)+edge(list, to), 0
	for k := 1; k <= min(left, maxSlide) && list[from-k] == list[to-k]; k++ {
		if score := edge(list, from-k) + edge(list, to-k); score > best {
			best, at = score, -k
		}
	}
	for k := 1; k <= min(right, maxSlide) && list[from+k-1] == list[to+k-1]; k++ {
		if score := edge(list, from+k) + edge(list, to+k); score > best {
			best, at = score, k
		}
	}
	edits[i] = edit{e.aFrom + at, e.aTo + at, e.bFrom + at, e.bTo + at}
}

// maxSlide bounds how far an edit is moved.
const maxSlide = 500

// edge says how well a change may begin or end before the token at i.
func edge(list []string, i int) int {
	switch {
	case i == 0 || i == len(list):
		return 5
	case list[i-1] == "\n":
		return 5
	case endsSentence(list[i-1]):
		return 4
	case endsClause(list[i-1]), opens(list[i]):
		return 3
	case endsClause(list[i]), list[i-1] == " ", list[i] == " ":
		return 2
	}
	return 1
}
