package main

import (
	"bytes"
	"image"
	"image/png"
	"io"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"

	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/markdown"
	"github.com/songfa/songfa/media"
)

// A picture in a text comes in the sizes the library has of it, and a file with
// a word on what it is.
func TestTextsShowWhatTheLibraryKnows(t *testing.T) {
	dir := t.TempDir()
	cfg := config{Data: dir, DatabaseURL: filepath.Join(dir, "songfa.db"), SecretFile: filepath.Join(dir, "secret")}
	c, err := openCore(t.Context(), cfg, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	defer c.close()
	add := func(name string, r io.Reader) media.Object {
		o, err := c.media.Add(t.Context(), auth.System(), name, r, media.AddOptions{})
		if err != nil {
			t.Fatal(err)
		}
		return o
	}
	var photo bytes.Buffer
	if err := png.Encode(&photo, image.NewGray(image.Rect(0, 0, 700, 350))); err != nil {
		t.Fatal(err)
	}
	picture, file := add("现场.png", &photo), add("名单.csv", strings.NewReader("姓名,电话\n"))
	unknown := media.URL(strings.Repeat("0", 64), "a.png")
	doc, err := markdown.New(markdown.Config{Media: func(address string) (markdown.Resource, bool) {
		return c.resource(t.Context(), address)
	}}).Render([]byte(
		"![现场](" + picture.URL() + ")\n\n[名单](" + file.URL() + ")\n\n![无](" + unknown + ")"))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		`src="/media/` + picture.Key + `/w640.jpg"`,
		`/w320.webp 320w, /media/` + picture.Key + `/w640.webp 640w"`,
		`width="700"`, `height="350"`,
		`href="` + file.URL() + `"`,
		`（CSV，1 KB）`,
		`src="` + unknown + `"`,
	} {
		if !strings.Contains(doc.HTML, want) {
			t.Errorf("no %s in\n%s", want, doc.HTML)
		}
	}
}
