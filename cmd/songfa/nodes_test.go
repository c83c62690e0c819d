package main

import (
	"bytes"
	"image/color"
	"image/png"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/songfa/songfa/internal/db/dbtest"
	"github.com/songfa/songfa/media/mediatest"
)

// promised is how soon what is published on one node is on every other.
const promised = time.Second

// TestTwoNodes runs two nodes on one PostgreSQL and one MinIO.
func TestTwoNodes(t *testing.T) {
	if testing.Short() {
		t.Skip("starts servers")
	}
	minio := mediatest.StartMinIO(t)
	secret := "SONGFA_SECRET_FILE=" + filepath.Join(t.TempDir(), "secret")
	database := "SONGFA_DATABASE_URL=" + dbtest.PostgresURL(t)
	store := "SONGFA_MEDIA_URL=" + minio.URL(minio.NewBucket())
	a, b := newNode(t, secret, database, store), newNode(t, secret, database, store)
	for _, n := range []*node{a, b} { // with starter content, which only one of them may bring in
		n.write("songfa.toml", "")
		n.launch()
	}
	a.awaitReady()
	b.awaitReady()
	d := a.signIn()

	picture := publishOnOneReadOnOther(t, a, b, d)
	t.Run("signed in on both", func(t *testing.T) { signedInOnBoth(t, b, d) })
	t.Run("store away", func(t *testing.T) { storeAway(t, a, b, d, minio, picture) })

	for _, n := range []*node{a, b} {
		n.stop()
	}
	if out := a.songfa("check"); strings.Contains(out, "落后") {
		t.Errorf("after a good end the index is behind:\n%s", out)
	}
}

// publishOnOneReadOnOther returns the address of the picture.
func publishOnOneReadOnOther(t *testing.T, a, b *node, d *desk) string {
	t.Helper()
	original := pngOf(800, 600, color.RGBA{200, 30, 30, 255})
	form := d.guide("shuangjiedian", "两台机器同一份内容", "先看图。")
	status, page, err := d.upload(a, form, "现场.png", original)
	if err != nil || status != http.StatusOK {
		t.Fatalf("upload: %d, %v", status, err)
	}
	body := page.value("body")
	_, rest, _ := strings.Cut(body, "](")
	picture, _, ok := strings.Cut(rest, ")")
	if !ok || !strings.HasPrefix(picture, "/media/") {
		t.Fatalf("no picture in %q", body)
	}
	form.Set("body", body)
	for _, warm := range []string{"/", "/guides/", "/feeds/all.xml"} { // into B's cache
		if b.shows(warm, "两台机器同一份内容") {
			t.Fatalf("%s shows it already", warm)
		}
	}
	if err := d.publish(a, form); err != nil {
		t.Fatal(err)
	}
	acknowledged := time.Now()
	for what, there := range map[string]func() bool{
		"the page":      func() bool { return b.shows("/guides/shuangjiedian", picture[:len("/media/")+64]) },
		"the list":      func() bool { return b.shows("/guides/", "两台机器同一份内容") },
		"the home page": func() bool { return b.shows("/", "两台机器同一份内容") },
		"the feed":      func() bool { return b.shows("/feeds/all.xml", "两台机器同一份内容") },
		"the search":    func() bool { return b.finds("两台机器", "/guides/shuangjiedian") },
	} {
		if !eventually(5*time.Second, there) {
			t.Fatalf("%s of the other node does not show it", what)
		}
		if took := time.Since(acknowledged); took > promised {
			t.Errorf("%s of the other node shows it after %v, want %v", what, took, promised)
		}
	}
	t.Logf("on the other node after %v", time.Since(acknowledged))
	status, bytesOfB, err := b.get(picture)
	if err != nil || status != http.StatusOK {
		t.Fatalf("the picture on B: %d, %v", status, err)
	}
	if _, bytesOfA, _ := a.get(picture); bytesOfA != bytesOfB {
		t.Error("the nodes serve different pictures")
	}
	if m, err := png.Decode(bytes.NewReader([]byte(bytesOfB))); err != nil || m.Bounds().Dx() != 800 {
		t.Errorf("the picture came out as %v", err)
	}
	return picture
}

// signedInOnBoth: who is signed in on one node is so on the other, and a form
// from one may be sent to the other.
func signedInOnBoth(t *testing.T, b *node, d *desk) {
	if err := d.publish(b, d.guide("zai-b", "在另一台发布", "正文。")); err != nil {
		t.Fatal(err)
	}
}

// storeAway kills the object store: only media say that they are away.
func storeAway(t *testing.T, a, b *node, d *desk, minio *mediatest.MinIO, picture string) {
	// Nobody has asked for this size of the picture yet; the picture itself is
	// small and was read on both nodes, which hold it in memory.
	unread := picture[:len("/media/")+64] + "/w640.webp"
	minio.Kill()
	for _, n := range []*node{a, b} {
		if status, _, err := n.get(picture); err != nil || status != http.StatusOK {
			t.Errorf("without the store a picture that was read answers %d, %v", status, err)
		}
		asked := time.Now()
		status, body, err := n.get(unread)
		if err != nil || status != http.StatusServiceUnavailable || !strings.Contains(body, "素材") && !strings.Contains(body, "图片") {
			t.Errorf("without the store the picture answers %d, %v:\n%s", status, err, body)
		}
		if took := time.Since(asked); took > 5*time.Second {
			t.Errorf("without the store the picture answers after %v", took)
		}
		if status, _, err := n.get("/readyz"); err != nil || status != http.StatusServiceUnavailable {
			t.Errorf("without the store readyz answers %d, %v", status, err)
		}
		if !n.shows("/guides/shuangjiedian", "两台机器同一份内容") || !n.shows("/", "12348") {
			t.Error("without the store pages do not go on")
		}
		if !n.finds("两台机器", "/guides/shuangjiedian") {
			t.Error("without the store the search does not go on")
		}
	}
	form := d.guide("wu-cunchu", "存储不在也能发布", "打了很多字。")
	status, page, err := d.upload(a, form, "新图.png", pngOf(10, 10, color.Black))
	if err != nil || status != http.StatusServiceUnavailable || !strings.Contains(page.value("body"), "打了很多字。") {
		t.Errorf("an upload without the store: %d, %v, text %q", status, err, page.value("body"))
	}
	if err := d.publish(a, form); err != nil {
		t.Errorf("without the store a text cannot be published: %v", err)
	}
	if !eventually(promised, func() bool { return b.finds("存储不在也能发布", "/guides/wu-cunchu") }) {
		t.Error("without the store what is published on A is not found on B")
	}
	minio.Restart()
	for _, n := range []*node{a, b} {
		if !eventually(30*time.Second, func() bool { status, _, err := n.get(picture); return err == nil && status == http.StatusOK }) {
			t.Error("the store is back and the picture is not")
		}
		n.awaitReady()
	}
}
