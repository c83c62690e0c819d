package media

import (
	"fmt"
	"testing"
)

func TestHotFilesForgetWhatIsNotRead(t *testing.T) {
	var h hotFiles
	name := func(i int) string { return fmt.Sprint("file ", i) }
	all := 2 * hotLimit / hotMost
	for i := range all {
		h.put(name(i), make([]byte, hotMost))
		if h.get(name(0)) == nil {
			t.Fatalf("what is read all the time is forgotten after %d", i)
		}
		if h.bytes > hotLimit || h.order.Len() != len(h.byName) || h.bytes != hotMost*h.order.Len() {
			t.Fatalf("%d bytes in %d files, %d names", h.bytes, h.order.Len(), len(h.byName))
		}
	}
	if h.get(name(1)) != nil || h.get(name(all-1)) == nil {
		t.Error("not the oldest was forgotten")
	}
	h.put(name(all-1), make([]byte, hotMost)) // two missed it at the same time
	if h.bytes > hotLimit || h.order.Len() != len(h.byName) {
		t.Error("one file is held twice")
	}
}
