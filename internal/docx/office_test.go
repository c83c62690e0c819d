package docx_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/songfa/songfa/internal/docx"
)

// TestFilesOfLibreOffice reads what another program's writer makes: styles,
// numbering and tables in its own ways. One call makes all files.
func TestFilesOfLibreOffice(t *testing.T) {
	office := os.Getenv("SONGFA_TEST_SOFFICE")
	if office == "" {
		if os.Getenv("CI") != "" {
			t.Fatal("SONGFA_TEST_SOFFICE is not set; `make test` sets it")
		}
		t.Skip("SONGFA_TEST_SOFFICE is not set")
	}
	sources, err := filepath.Glob("testdata/office/*")
	must(t, err)
	if len(sources) < 4 {
		t.Fatalf("only %d sources", len(sources))
	}
	out := t.TempDir()
	args := append([]string{"-env:UserInstallation=file://" + t.TempDir(), "--headless", "--convert-to", "docx:MS Word 2007 XML", "--outdir", out}, sources...)
	if said, err := exec.CommandContext(t.Context(), office, args...).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, said)
	}
	for _, source := range sources {
		name := filepath.Base(source[:len(source)-len(filepath.Ext(source))])
		t.Run(name, func(t *testing.T) {
			b, err := os.ReadFile(filepath.Join(out, name+".docx"))
			must(t, err)
			d, err := docx.Read(bytes.NewReader(b), int64(len(b)), docx.Options{Name: name + ".docx"})
			must(t, err)
			compare(t, filepath.Join("testdata", "office-"+name+".golden"), golden(d))
		})
	}
}
