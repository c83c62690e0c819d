package search

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/errs"
)

// home is the folder of the index:
//
//	lock       held while a process has the index open
//	current    names the shelf that is in use
//	01J…/      shelves: Bleve indexes; those that are not current are leftovers
//
// A new shelf is made beside the old one and becomes current by one rename, so
// there is a whole index at every moment.
type home struct {
	dir  string
	lock *os.File
}

// errNone says that there is no index yet: nothing to be surprised about.
var errNone = errors.New("no search index yet")

func openHome(dir string) (*home, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	f, err := os.OpenFile(filepath.Join(dir, "lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	if err := lockFile(f); err != nil {
		return nil, errs.New(errs.Unavailable, "搜索索引正被另一个 songfa 进程使用，请先停止它再试。", "lock %s: %w", dir, errors.Join(err, f.Close()))
	}
	return &home{dir: dir, lock: f}, nil
}

func (h *home) close() error { return h.lock.Close() } // the lock goes with it

func (h *home) path(name string) string { return filepath.Join(h.dir, name) }

// currentName is the shelf in use; errNone when there never was one.
func (h *home) currentName() (string, error) {
	b, err := os.ReadFile(h.path("current"))
	if errors.Is(err, fs.ErrNotExist) {
		return "", errNone
	}
	name := strings.TrimSpace(string(b))
	if err == nil && (name == "" || name != filepath.Base(name)) {
		err = fmt.Errorf("file current names %q", name)
	}
	return name, err
}

// setCurrent makes a shelf the one to open next time.
func (h *home) setCurrent(name string) error {
	next := h.path("current.new")
	f, err := os.Create(next)
	if err != nil {
		return err
	}
	_, err = f.WriteString(name + "\n")
	err = errors.Join(err, f.Sync(), f.Close())
	if err != nil {
		return err
	}
	return os.Rename(next, h.path("current"))
}

func newShelfName() string { return db.NewID() }

// sweep removes every shelf but one: what a crash in the middle of a build left.
func (h *home) sweep(keep string) error {
	entries, err := os.ReadDir(h.dir)
	for _, e := range entries {
		if e.IsDir() && e.Name() != keep {
			err = errors.Join(err, os.RemoveAll(h.path(e.Name())))
		}
	}
	return err
}

// verify reads every segment file against the checksum in its last four bytes.
// Bleve maps the files and trusts them: a damaged one would be found by a
// reader's query, as a panic or not at all.
func (h *home) verify(name string) error {
	files, err := filepath.Glob(filepath.Join(h.path(name), "*.zap"))
	for _, file := range files {
		if err == nil {
			err = verifyFile(file)
		}
	}
	return err
}

func verifyFile(name string) (err error) {
	defer errs.Wrap(&err, "verify %s", filepath.Base(name))
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	if info.Size() < 4 {
		return io.ErrUnexpectedEOF
	}
	sum := crc32.NewIEEE()
	if _, err := io.CopyN(sum, f, info.Size()-4); err != nil {
		return err
	}
	var want [4]byte
	if _, err := io.ReadFull(f, want[:]); err != nil {
		return err
	}
	if binary.BigEndian.Uint32(want[:]) != sum.Sum32() {
		return errors.New("checksum does not match")
	}
	return nil
}
