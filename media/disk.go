package media

import (
	"context"
	"crypto/rand"
	"errors"
	"io"
	"io/fs"
	"iter"
	"os"
	"path"
	"strings"
	"syscall"
	"time"

	"github.com/songfa/songfa/internal/errs"
)

// tempDir holds uploads that are not finished. A name never begins with a dot,
// so no object can be in it.
const tempDir = ".tmp"

// staleAfter is when a file in tempDir can only be the rest of a crash.
const staleAfter = 24 * time.Hour

// Disk keeps each object as a file of the same name under one folder. The
// folder is an os.Root: a symbolic link in it does not lead out.
type Disk struct{ root *os.Root }

// OpenDisk opens the folder, making it if missing, and sweeps up what an
// interrupted process left half-written.
func OpenDisk(dir string) (_ *Disk, err error) {
	defer errs.Wrap(&err, "open media folder")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, diskErr(err, dir)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, diskErr(err, dir)
	}
	d := &Disk{root: root}
	if err := d.sweep(); err != nil {
		root.Close()
		return nil, diskErr(err, tempDir)
	}
	return d, nil
}

func (d *Disk) sweep() error {
	if err := d.root.MkdirAll(tempDir, 0o700); err != nil {
		return err
	}
	files, err := fs.ReadDir(d.root.FS(), tempDir)
	if err != nil {
		return err
	}
	for _, f := range files {
		info, err := f.Info()
		if err == nil && time.Since(info.ModTime()) > staleAfter {
			err = d.root.Remove(path.Join(tempDir, f.Name()))
		}
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

// Put implements Store. The bytes are on disk before they get their name, and
// the name is on disk before Put returns.
func (d *Disk) Put(ctx context.Context, name string, r io.Reader) (err error) {
	defer errs.Wrap(&err, "put %s", name)
	if err := checkName(name); err != nil {
		return err
	}
	temp := path.Join(tempDir, rand.Text())
	if err := d.write(ctx, temp, r); err != nil {
		return errors.Join(err, ignoreMissing(d.root.Remove(temp)))
	}
	if err := d.rename(temp, name); err != nil {
		return errors.Join(diskErr(err, name), ignoreMissing(d.root.Remove(temp)))
	}
	return nil
}

func (d *Disk) write(ctx context.Context, temp string, r io.Reader) error {
	f, err := d.root.OpenFile(temp, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return diskErr(err, temp)
	}
	_, err = io.Copy(fileWriter{f}, contextReader{ctx, r})
	if err == nil {
		err = diskErr(f.Sync(), temp)
	}
	if cerr := f.Close(); err == nil {
		err = diskErr(cerr, temp)
	}
	return err
}

// rename gives the file its place. Delete removes a folder it emptied, so the
// folder made here may be gone again at the next line; then it is made anew.
func (d *Disk) rename(temp, name string) (err error) {
	dir := path.Dir(name)
	for range 10 {
		if err = d.root.MkdirAll(dir, 0o700); err != nil {
			continue
		}
		if err = d.root.Rename(temp, name); err == nil {
			return d.syncDirs(dir)
		}
		if !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return err
}

// syncDirs makes the new entry of each folder up to the root last.
func (d *Disk) syncDirs(dir string) error {
	for {
		f, err := d.root.Open(dir)
		if errors.Is(err, fs.ErrNotExist) {
			return nil // deleted meanwhile: there is nothing to last
		}
		if err != nil {
			return err
		}
		if err := errors.Join(f.Sync(), f.Close()); err != nil {
			return err
		}
		if dir == "." {
			return nil
		}
		dir = path.Dir(dir)
	}
}

// Open implements Store. A whole object is an *os.File, which a server may
// hand to sendfile.
func (d *Disk) Open(_ context.Context, name string, r Range) (_ io.ReadCloser, _ Info, err error) {
	defer errs.Wrap(&err, "open %s", name)
	if err := checkName(name); err != nil {
		return nil, Info{}, err
	}
	f, err := d.root.Open(name)
	if err != nil {
		return nil, Info{}, diskErr(err, name)
	}
	info, err := statFile(f, name)
	if err != nil {
		f.Close()
		return nil, Info{}, err
	}
	if r == (Range{}) {
		return f, info, nil
	}
	if r.Start < 0 || r.Length < 0 || r.Start >= info.Size {
		f.Close()
		return nil, Info{}, outside(r, info.Size)
	}
	if _, err := f.Seek(r.Start, io.SeekStart); err != nil {
		f.Close()
		return nil, Info{}, diskErr(err, name)
	}
	if r.Length == 0 {
		return f, info, nil
	}
	return &partReader{io.LimitedReader{R: f, N: r.Length}, f}, info, nil
}

type partReader struct {
	io.LimitedReader
	io.Closer
}

func statFile(f *os.File, name string) (Info, error) {
	st, err := f.Stat()
	if err != nil {
		return Info{}, diskErr(err, name)
	}
	if st.IsDir() {
		return Info{}, missing(name)
	}
	return Info{Name: name, Size: st.Size(), Modified: st.ModTime()}, nil
}

// Stat implements Store.
func (d *Disk) Stat(_ context.Context, name string) (_ Info, err error) {
	defer errs.Wrap(&err, "stat %s", name)
	if err := checkName(name); err != nil {
		return Info{}, err
	}
	st, err := d.root.Stat(name)
	if err != nil {
		return Info{}, diskErr(err, name)
	}
	if st.IsDir() {
		return Info{}, missing(name)
	}
	return Info{Name: name, Size: st.Size(), Modified: st.ModTime()}, nil
}

// Delete implements Store, and removes the folders it leaves empty.
func (d *Disk) Delete(_ context.Context, name string) (err error) {
	defer errs.Wrap(&err, "delete %s", name)
	if err := checkName(name); err != nil {
		return err
	}
	if err := ignoreMissing(d.root.Remove(name)); err != nil {
		return diskErr(err, name)
	}
	for dir := path.Dir(name); dir != "."; dir = path.Dir(dir) {
		if d.root.Remove(dir) != nil { // not empty, or somebody else was first
			break
		}
	}
	return nil
}

// List implements Store.
func (d *Disk) List(ctx context.Context, prefix string) iter.Seq2[Info, error] {
	return func(yield func(Info, error) bool) {
		err := fs.WalkDir(d.root.FS(), ".", func(name string, e fs.DirEntry, err error) error {
			if err == nil {
				err = ctx.Err()
			}
			if errors.Is(err, fs.ErrNotExist) {
				return nil // deleted while we walk
			}
			if err != nil {
				return err
			}
			if e.IsDir() {
				return skipUnlike(name, prefix)
			}
			if !strings.HasPrefix(name, prefix) || !e.Type().IsRegular() {
				return nil
			}
			st, err := e.Info()
			if err != nil {
				return ignoreMissing(err)
			}
			if !yield(Info{Name: name, Size: st.Size(), Modified: st.ModTime()}, nil) {
				return fs.SkipAll
			}
			return nil
		})
		if err != nil {
			yield(Info{}, diskErr(err, prefix))
		}
	}
}

// skipUnlike passes over folders in which nothing can begin with prefix.
func skipUnlike(dir, prefix string) error {
	inside := strings.HasPrefix(dir+"/", prefix) || strings.HasPrefix(prefix, dir+"/")
	if dir == tempDir || dir != "." && !inside {
		return fs.SkipDir
	}
	return nil
}

// Ping implements Store.
func (d *Disk) Ping(context.Context) error {
	_, err := d.root.Stat(tempDir)
	return diskErr(err, tempDir)
}

// Close implements Store.
func (d *Disk) Close() error { return d.root.Close() }

func ignoreMissing(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// diskErr gives a file system's error its kind.
func diskErr(err error, name string) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, fs.ErrNotExist):
		return missing(name)
	case errors.Is(err, syscall.ENOTDIR), errors.Is(err, syscall.EISDIR):
		return missing(name)
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		return errs.New(errs.Unavailable, "服务器磁盘已满，文件没有保存。请联系管理员清理空间后重试。", "%w", err)
	case errors.Is(err, fs.ErrPermission), errors.Is(err, syscall.EROFS):
		return errs.New(errs.Unavailable, "素材文件夹不能读写，请联系管理员检查权限。", "%w", err)
	case errors.Is(err, syscall.EIO), errors.Is(err, syscall.ESTALE):
		return errs.New(errs.Unavailable, "素材磁盘出现故障，请联系管理员检查。", "%w", err)
	}
	return err
}

// fileWriter tells an error of the disk from one of the source, which io.Copy
// returns alike. It also hides ReadFrom, which would pass by contextReader.
type fileWriter struct{ f *os.File }

func (w fileWriter) Write(p []byte) (int, error) {
	n, err := w.f.Write(p)
	return n, diskErr(err, "temporary file")
}

// contextReader ends with the context's error.
type contextReader struct {
	ctx context.Context
	r   io.Reader
}

func (c contextReader) Read(p []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	return c.r.Read(p)
}
