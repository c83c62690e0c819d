package search

import (
	"bytes"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestPackedIsReadBack(t *testing.T) {
	p := newPacker()
	rapid.Check(t, func(t *rapid.T) {
		b := []byte(rapid.String().Draw(t, "text") + strings.Repeat("县级以上人民政府", rapid.IntRange(0, 50).Draw(t, "n")))
		packed, err := p.pack(b)
		if err != nil {
			t.Fatal(err)
		}
		got, err := p.unpack(packed)
		if err != nil || !bytes.Equal(got, b) {
			t.Fatalf("%q comes back as %q, %v", b, got, err)
		}
		if cut := packed[:len(packed)/2]; len(b) > 0 {
			if got, err := p.unpack(cut); err == nil && bytes.Equal(got, b) {
				t.Fatal("half of it is as good as the whole")
			}
		}
	})
	article := `{"k":"article","i":"ldht/85","p":"/laws/ldht/85","t":"《劳动合同法》第八十五条","b":"用人单位有下列情形之一的，由劳动行政部门责令限期支付劳动报酬、加班费或者经济补偿"}`
	if packed, err := p.pack([]byte(article)); err != nil || len(packed)*3 > 2*len(article) {
		t.Errorf("%d bytes of an article are %d, %v", len(article), len(packed), err)
	}
}
