package media_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/songfa/songfa/internal/errs"
	"github.com/songfa/songfa/media"
	"github.com/songfa/songfa/media/mediatest"
)

func openDisk(t testing.TB, dir string) *media.Disk {
	t.Helper()
	d, err := media.OpenDisk(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	return d
}

func TestDisk(t *testing.T) {
	mediatest.Run(t, func(t *testing.T) media.Store { return openDisk(t, t.TempDir()) })
}

// files lists every file below dir, the hidden ones too.
func files(t *testing.T, dir string) (names []string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, e os.DirEntry, err error) error {
		if err == nil && !e.IsDir() {
			names = append(names, strings.TrimPrefix(path, dir+"/"))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}

func TestDiskInterruptedPutLeavesNoFile(t *testing.T) {
	dir := t.TempDir()
	d := openDisk(t, dir)
	if err := d.Put(t.Context(), "a/b", iotest.ErrReader(errors.New("cut"))); err == nil {
		t.Fatal("no error")
	}
	if got := files(t, dir); len(got) != 0 {
		t.Errorf("left: %v", got)
	}
}

func TestDiskSweepsWhatACrashLeft(t *testing.T) {
	dir := t.TempDir()
	openDisk(t, dir)
	old, fresh := filepath.Join(dir, ".tmp/old"), filepath.Join(dir, ".tmp/fresh")
	for _, name := range []string{old, fresh} {
		if err := os.WriteFile(name, []byte("half"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	longAgo := time.Now().Add(-48 * time.Hour)
	if err := os.Chtimes(old, longAgo, longAgo); err != nil {
		t.Fatal(err)
	}
	d := openDisk(t, dir)
	if got := files(t, dir); len(got) != 1 || got[0] != ".tmp/fresh" {
		t.Errorf("left: %v, want only the fresh one, which another process may be writing", got)
	}
	for info := range d.List(t.Context(), "") {
		t.Errorf("lists %s", info.Name)
	}
}

func TestDiskDoesNotFollowLinksOut(t *testing.T) {
	outside := t.TempDir()
	if err := os.WriteFile(filepath.Join(outside, "secret"), []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	d := openDisk(t, dir)
	if err := os.Symlink(outside, filepath.Join(dir, "link")); err != nil {
		t.Fatal(err)
	}
	if _, _, err := d.Open(t.Context(), "link/secret", media.Range{}); err == nil {
		t.Error("read through a link out of the folder")
	}
	if err := d.Put(t.Context(), "link/new", strings.NewReader("x")); err == nil {
		t.Error("wrote through a link out of the folder")
	}
}

func TestDiskRemovesEmptyFolders(t *testing.T) {
	dir := t.TempDir()
	d := openDisk(t, dir)
	if err := d.Put(t.Context(), "a/b/c", strings.NewReader("x")); err != nil {
		t.Fatal(err)
	}
	if err := d.Delete(t.Context(), "a/b/c"); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(dir, "a")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("folder a: %v", err)
	}
}

func TestDiskFullIsUnavailable(t *testing.T) {
	if _, err := os.Stat("/dev/full"); err != nil {
		t.Skip("no /dev/full here")
	}
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer full.Close()
	_, err = full.Write([]byte("x"))
	if got := media.DiskErr(err, "k"); !errs.Is(got, errs.Unavailable) || !strings.Contains(errs.MessageOf(got), "磁盘已满") {
		t.Errorf("a full disk is %v: %s", errs.KindOf(got), errs.MessageOf(got))
	}
}
