package merge

import "slices"

// edit replaces a[aFrom:aTo] by b[bFrom:bTo]; one of the two may be empty.
type edit struct{ aFrom, aTo, bFrom, bTo int }

const (
	// maxDistance bounds the search for the shortest script: how many tokens may
	// be deleted and inserted. Its square is the memory of the search.
	maxDistance = 700
	// maxCuts bounds how often a piece that is too different is cut in smaller
	// ones.
	maxCuts = 3
)

// script lists what turns a into b, in order; between two edits there is at
// least one token that stays.
func script[T comparable](a, b []T) []edit {
	numbers := make(map[T]int32, len(a))
	number := func(list []T) []int32 {
		out := make([]int32, len(list))
		for i, v := range list {
			n, ok := numbers[v]
			if !ok {
				n = int32(len(numbers))
				numbers[v] = n
			}
			out[i] = n
		}
		return out
	}
	var s scripter
	s.compare(number(a), number(b), 0, 0, maxCuts)
	return s.edits
}

// scripter collects edits; neighbours that touch become one.
type scripter struct{ edits []edit }

func (s *scripter) add(e edit) {
	if n := len(s.edits); n > 0 && s.edits[n-1].aTo == e.aFrom && s.edits[n-1].bTo == e.bFrom {
		s.edits[n-1].aTo, s.edits[n-1].bTo = e.aTo, e.bTo
		return
	}
	s.edits = append(s.edits, e)
}

// compare adds the edits from a to b, which begin at atA and atB of the wholes.
func (s *scripter) compare(a, b []int32, atA, atB, cuts int) {
	for len(a) > 0 && len(b) > 0 && a[0] == b[0] {
		a, b, atA, atB = a[1:], b[1:], atA+1, atB+1
	}
	for len(a) > 0 && len(b) > 0 && a[len(a)-1] == b[len(b)-1] {
		a, b = a[:len(a)-1], b[:len(b)-1]
	}
	switch {
	case len(a) == 0 && len(b) == 0:
	case len(a) == 0 || len(b) == 0:
		s.add(edit{atA, atA + len(a), atB, atB + len(b)})
	case s.shortest(a, b, atA, atB):
	case cuts > 0 && s.cut(a, b, atA, atB, cuts-1):
	default:
		s.add(edit{atA, atA + len(a), atB, atB + len(b)})
	}
}

// shortest is Myers' greedy search. It gives up, and says so, when more than
// maxDistance tokens differ.
func (s *scripter) shortest(a, b []int32, atA, atB int) bool {
	limit := min(len(a)+len(b), maxDistance)
	reach := make([]int, 2*limit+3) // by diagonal: how far into a
	var rounds [][]int
	for d := 0; d <= limit; d++ {
		rounds = append(rounds, slices.Clone(reach[limit+1-d:limit+2+d]))
		for k := -d; k <= d; k += 2 {
			x := reach[limit+1+k-1] + 1
			if k == -d || k != d && reach[limit+1+k-1] < reach[limit+1+k+1] {
				x = reach[limit+1+k+1]
			}
			y := x - k
			for x < len(a) && y < len(b) && a[x] == b[y] {
				x, y = x+1, y+1
			}
			reach[limit+1+k] = x
			if x >= len(a) && y >= len(b) {
				s.walk(rounds, len(a), len(b), atA, atB)
				return true
			}
		}
	}
	return false
}

// walk goes back through the rounds of the search and adds the edits in order.
func (s *scripter) walk(rounds [][]int, x, y, atA, atB int) {
	var back []edit
	for d := len(rounds) - 1; d > 0; d-- {
		round := rounds[d] // as it was before round d: diagonals -d … d
		at := func(k int) int { return round[d+k] }
		k := x - y
		down := k == -d || k != d && at(k-1) < at(k+1)
		from := k - 1
		if down {
			from = k + 1
		}
		x0 := at(from)
		y0 := x0 - from
		if down {
			back = append(back, edit{atA + x0, atA + x0, atB + y0, atB + y0 + 1})
		} else {
			back = append(back, edit{atA + x0, atA + x0 + 1, atB + y0, atB + y0})
		}
		x, y = x0, y0
	}
	for i := len(back) - 1; i >= 0; i-- {
		s.add(back[i])
	}
}

// cut divides both sides at the tokens that occur once in each and come in the
// same order, and compares the pieces. It says whether there was any.
func (s *scripter) cut(a, b []int32, atA, atB, cuts int) bool {
	anchors := longestRising(once(a, b))
	if len(anchors) == 0 {
		return false
	}
	fromA, fromB := 0, 0
	for _, m := range anchors {
		s.compare(a[fromA:m.a], b[fromB:m.b], atA+fromA, atB+fromB, cuts)
		fromA, fromB = m.a+1, m.b+1
	}
	s.compare(a[fromA:], b[fromB:], atA+fromA, atB+fromB, cuts)
	return true
}

// match is a token at a place in a and at one in b.
type match struct{ a, b int }

// once lists the tokens that occur exactly once on each side, by their place in a.
func once(a, b []int32) []match {
	type seen struct{ inA, inB, at int }
	counts := make(map[int32]*seen)
	for _, v := range a {
		if counts[v] == nil {
			counts[v] = &seen{}
		}
		counts[v].inA++
	}
	for i, v := range b {
		if c := counts[v]; c != nil {
			c.inB, c.at = c.inB+1, i
		}
	}
	var list []match
	for i, v := range a {
		if c := counts[v]; c.inA == 1 && c.inB == 1 {
			list = append(list, match{i, c.at})
		}
	}
	return list
}

// longestRising is the longest part of the list whose places in b rise, too.
func longestRising(list []match) []match {
	var tops []int // by length: the index of the match with the smallest end
	before := make([]int, len(list))
	for i, m := range list {
		lo, hi := 0, len(tops)
		for lo < hi {
			if mid := (lo + hi) / 2; list[tops[mid]].b < m.b {
				lo = mid + 1
			} else {
				hi = mid
			}
		}
		before[i] = -1
		if lo > 0 {
			before[i] = tops[lo-1]
		}
		if lo == len(tops) {
			tops = append(tops, i)
		} else {
			tops[lo] = i
		}
	}
	if len(tops) == 0 {
		return nil
	}
	out := make([]match, len(tops))
	for i, at := len(tops)-1, tops[len(tops)-1]; i >= 0; i, at = i-1, before[at] {
		out[i] = list[at]
	}
	return out
}
