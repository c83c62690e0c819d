package main

import (
	"bytes"
	"context"
	"image"
	"image/color"
	"image/png"
	"log/slog"
	"slices"
	"testing"

	"github.com/songfa/songfa/content"
	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/errs"
	"github.com/songfa/songfa/media"
)

// stripes is a picture of its own for each width.
func stripes(t *testing.T, w int) []byte {
	t.Helper()
	img := image.NewGray(image.Rect(0, 0, w, 300))
	for y := range 300 {
		for x := range w {
			img.SetGray(x, y, color.Gray{uint8(x * 3)})
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// Where a picture is used follows the texts: when one is written, when it is
// published, when it drops the picture, when it is deleted. A picture that was
// replaced gives the pages its new size.
func TestUsesFollowTheTexts(t *testing.T) {
	ctx, boss := t.Context(), auth.System()
	cfg, err := loadConfig(Globals{Data: t.TempDir(), LogLevel: "error"})
	must(t, err)
	a, err := openCore(ctx, cfg, slog.New(slog.DiscardHandler))
	must(t, err)
	defer func() { must(t, a.close()) }()
	add := func(w int) media.Object {
		t.Helper()
		o, err := a.media.Add(ctx, boss, "图.png", bytes.NewReader(stripes(t, w)), media.AddOptions{Alt: "图"})
		if err != nil {
			t.Fatal(err)
		}
		return o
	}
	uses := func(o media.Object, want ...string) {
		t.Helper()
		list, err := a.media.Uses(ctx, o.Key)
		if err != nil {
			t.Fatal(err)
		}
		var fields []string
		for _, u := range list {
			fields = append(fields, u.Kind+" "+u.Field)
		}
		if !slices.Equal(fields, want) {
			t.Errorf("used at %v, want %v", fields, want)
		}
	}
	inBody, cover := add(700), add(500)
	text := content.Text{Title: "试一试", Body: "![图](" + inBody.URL() + ")\n\n一段话。", Cover: cover.URL(), CoverAlt: "图"}
	e, err := a.content.Create(ctx, boss, content.Page, "", text)
	if err != nil {
		t.Fatal(err)
	}
	uses(inBody, "document head")
	uses(cover, "document head")
	forget := func(ctx context.Context, tx *db.Tx) error { // an installation from before
		_, err := db.Exec(ctx, tx, `DELETE FROM media_use`)
		return err
	}
	must(t, a.db.Update(ctx, forget))
	must(t, a.deriveUses(ctx))
	uses(inBody, "document head")
	uses(cover, "document head")
	if err := a.media.Delete(ctx, auth.Actor{ID: "e", Roles: []auth.Role{auth.Editor}}, inBody.Key, media.Deletion{}); !errs.Is(err, errs.Conflict) {
		t.Errorf("deleted in use: %v", err)
	}
	if _, err := a.media.Replace(ctx, boss, inBody.Key, "新.png", bytes.NewReader(stripes(t, 900))); err != nil {
		t.Fatal(err)
	}
	if n, err := a.content.RerenderDocuments(ctx, []string{e.DocumentID}); err != nil || n != 1 {
		t.Errorf("rerendered %d, %v", n, err)
	}
	if e, err = a.content.Edition(ctx, e.ID); err != nil || !bytes.Contains([]byte(e.HTML), []byte(`width="900"`)) {
		t.Errorf("the page says %s, %v", e.HTML, err)
	}
	text.Cover, text.CoverAlt = "", ""
	if e, err = a.content.Save(ctx, boss, e.ID, e.Version, text); err != nil {
		t.Fatal(err)
	}
	uses(cover)
	uses(inBody, "document head")
	if err := a.content.DeleteDraft(ctx, boss, e.ID, e.Version); err != nil {
		t.Fatal(err)
	}
	uses(inBody)
}
