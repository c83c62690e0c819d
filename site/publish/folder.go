package publish

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path"
	"slices"

	"github.com/songfa/songfa/internal/errs"
)

// ManifestFile lists what this package has written into a folder.
const ManifestFile = ".songfa-static.json"

// folder is where the files go.
type folder struct {
	root    *os.Root
	before  map[string]string // hash by name, from the last run
	now     map[string]string
	dirs    map[string]bool
	written int
	same    int
}

// openFolder opens or makes the folder. One that holds anything, and no manifest,
// belongs to somebody else.
func openFolder(dir string) (_ *folder, err error) {
	defer errs.Wrap(&err, "open %s", dir)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, errs.New(errs.Unavailable, "目标文件夹建不了，请检查位置和权限。", "%w", err)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, errs.New(errs.Unavailable, "目标文件夹打不开，请检查位置和权限。", "%w", err)
	}
	f := &folder{root: root, before: map[string]string{}, now: map[string]string{}, dirs: map[string]bool{}}
	text, err := root.ReadFile(ManifestFile)
	switch {
	case err == nil:
		if err := json.Unmarshal(text, &f.before); err != nil {
			return nil, errors.Join(errs.New(errs.Invalid, "文件夹里的清单 "+ManifestFile+" 坏了。请换一个空文件夹，或者清空后再导出。", "%w", err), root.Close())
		}
		return f, nil
	case !errors.Is(err, fs.ErrNotExist):
		return nil, errors.Join(err, root.Close())
	}
	entries, err := fs.ReadDir(root.FS(), ".")
	if err == nil && len(entries) > 0 {
		err = errs.New(errs.Invalid, "文件夹里已有别的东西，不是上次导出的网站。请换一个空文件夹。", "folder is not empty and has no %s", ManifestFile)
	}
	if err == nil { // from now on it is known as ours, also if the run is cut off
		err = f.replace(ManifestFile, []byte("{}\n"))
	}
	if err != nil {
		return nil, errors.Join(err, root.Close())
	}
	return f, nil
}

// put writes a file whose bytes differ from what is there: first beside it, then
// over it, so that a reader never gets half a page.
func (f *folder) put(name string, body []byte) error {
	sum := sha256.Sum256(body)
	hash := hex.EncodeToString(sum[:16])
	if f.now[name] != "" {
		return errs.New(errs.Internal, "", "two pages are both written to %s", name)
	}
	f.now[name] = hash
	if f.before[name] == hash && f.holds(name, body) {
		f.same++
		return nil
	}
	if dir := path.Dir(name); dir != "." && !f.dirs[dir] {
		if err := f.root.MkdirAll(dir, 0o755); err != nil {
			return err
		}
		f.dirs[dir] = true
	}
	f.written++
	return f.replace(name, body)
}

func (f *folder) replace(name string, body []byte) error {
	tmp := name + ".songfa-new"
	if err := f.root.WriteFile(tmp, body, 0o644); err != nil {
		return errors.Join(errs.New(errs.Unavailable, "文件写不进去，请检查磁盘空间和权限。", "write %s: %w", name, err), f.root.Remove(tmp))
	}
	return f.root.Rename(tmp, name)
}

// holds looks at the file itself: the manifest may be older than what somebody
// did to the folder.
func (f *folder) holds(name string, body []byte) bool {
	info, err := f.root.Stat(name)
	if err != nil || info.Size() != int64(len(body)) {
		return false
	}
	there, err := f.root.ReadFile(name)
	return err == nil && bytes.Equal(there, body)
}

// finish removes what the last run made and this one did not, and writes the
// manifest.
func (f *folder) finish() (removed int, err error) {
	var old []string
	for name := range f.before {
		if f.now[name] == "" && fs.ValidPath(name) && name != ManifestFile {
			old = append(old, name)
		}
	}
	slices.Sort(old)
	for _, name := range old {
		if err := f.root.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return removed, err
		}
		removed++
		for dir := path.Dir(name); dir != "."; dir = path.Dir(dir) {
			if f.root.Remove(dir) != nil { // not empty
				break
			}
		}
	}
	text, err := json.MarshalIndent(f.now, "", " ")
	if err != nil {
		return removed, err
	}
	return removed, f.replace(ManifestFile, append(text, '\n'))
}

// keepManifest notes after a failure what is there by now, so that the next run
// knows its own.
func (f *folder) keepManifest() error {
	all := f.before
	for name, hash := range f.now {
		all[name] = hash
	}
	text, err := json.Marshal(all)
	if err != nil {
		return err
	}
	return f.replace(ManifestFile, text)
}

func (f *folder) close() error { return f.root.Close() }
