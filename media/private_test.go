package media_test

import (
	"bytes"
	"io"
	"strings"
	"testing"

	"github.com/songfa/songfa/internal/db/dbtest"
	"github.com/songfa/songfa/internal/errs"
)

func TestPrivatePicturesHaveNoAddress(t *testing.T) {
	k := newDesk(t, dbtest.SQLite(t))
	raw := jpegSample(quarters(40, 30), 1)
	p, err := k.AddPrivate(t.Context(), "现场.jpg", bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := k.Get(t.Context(), p.Key); !errs.Is(err, errs.NotFound) {
		t.Errorf("a private picture is in the library: %v", err)
	}
	body, info, err := k.OpenPrivate(t.Context(), p.Key)
	if err != nil {
		t.Fatal(err)
	}
	defer body.Close()
	stored, err := io.ReadAll(body)
	if err != nil || info.Type != "image/jpeg" || bytes.Contains(stored, []byte(secret)) {
		t.Errorf("stored as %s, %d bytes, %v", info.Type, len(stored), err)
	}
	if _, err := k.AddPrivate(t.Context(), "x.pdf", strings.NewReader("%PDF-1.4\n%%EOF\n")); !errs.Is(err, errs.Invalid) {
		t.Errorf("a document came in as a photo: %v", err)
	}
}
