package search

import "testing"

// A search that ends in the middle of a term, because the index does not read,
// leaves nothing to the next one.
func TestWorkingMemoryIsHandedOnClean(t *testing.T) {
	v := &view{size: 3}
	s := v.newScores()
	s.touch(1)
	s.value[1], s.cells[1], s.inTitle[1] = 2, 1, 1
	s.some[2], s.inTitle[2], s.with = 5, 1, append(s.with, 2) // scoreTerm was here
	v.recycle(s)
	if len(s.touched)+len(s.with) > 0 {
		t.Error("documents are left")
	}
	for d := range v.size {
		if s.value[d] != 0 || s.cells[d] != 0 || s.inTitle[d] != 0 || s.some[d] != 0 {
			t.Errorf("document %d has %v %v %v %v", d, s.value[d], s.cells[d], s.inTitle[d], s.some[d])
		}
	}
}
