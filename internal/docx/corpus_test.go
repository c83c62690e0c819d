package docx_test

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/songfa/songfa/internal/docx"
)

var update = flag.Bool("update", false, "write what is read as what is expected")

// golden is a document as its expectation is kept: for people to review.
func golden(d docx.Document) string {
	var b strings.Builder
	for _, f := range []struct{ name, value string }{{"标题", d.Title}, {"发文机关", d.Issuer}, {"发文字号", d.DocNo}, {"主送", d.To}, {"落款", d.Signer}, {"成文日期", d.Date}} {
		if f.value != "" {
			fmt.Fprintf(&b, "%s：%s\n", f.name, f.value)
		}
	}
	b.WriteString("----\n" + d.Markdown + "\n----\n")
	for _, p := range d.Pictures {
		fmt.Fprintf(&b, "picture %s %s %d bytes alt=%q at %s\n", p.Ref, p.Type, len(p.Data), p.Alt, p.At)
	}
	for _, n := range d.Report {
		fmt.Fprintf(&b, "%s: %s", n.Level, n.Message)
		if n.At != "" {
			fmt.Fprintf(&b, " [%s]", n.At)
		}
		b.WriteString("\n")
	}
	return b.String()
}

func read(t testing.TB, b []byte) docx.Document {
	t.Helper()
	d, err := docx.Read(bytes.NewReader(b), int64(len(b)), docx.Options{Name: "通知.docx"})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestCorpus(t *testing.T) {
	for name, make := range corpus() {
		t.Run(name, func(t *testing.T) {
			got := golden(read(t, make().bytes(t)))
			compare(t, filepath.Join("testdata", name+".golden"), got)
		})
	}
}

// compare holds a text against the one that was reviewed.
func compare(t *testing.T, path, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s: got\n%s\nwant\n%s", path, got, want)
	}
}
