package law

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/errs"
)

// Report says what an import did.
type Report struct {
	Files     int      // law files found
	Articles  int      // numbered articles in the good ones
	Laws      int      // laws that were new
	Versions  int      // versions that were new
	Replaced  int      // versions whose text changed
	Unchanged int      // versions that were there already, word by word
	Changed   []string // slugs of the laws that are different now, once each
	Notes     []string // what succeeded and yet is to be looked at, a line each
	Bad       []*FileError
}

// Import reads the law files below the roots of fsys (files or folders; all of
// it without any) and keeps each text as a version of its law. The same text
// again changes nothing. A bad file is reported and the others go on; the
// error is for what stops the whole import.
func (s *Store) Import(ctx context.Context, actor auth.Actor, fsys fs.FS, roots ...string) (_ Report, err error) {
	defer errs.Wrap(&err, "import laws")
	if err := actor.Must(auth.Import); err != nil {
		return Report{}, err
	}
	im := importer{store: s, actor: actor, fsys: fsys, claims: map[claim][]*lawFile{}, books: map[[2]string]Version{}}
	names, err := im.names(roots)
	if err != nil {
		return im.report, err
	}
	files := im.parse(names)
	for i, f := range files {
		if err := im.file(ctx, f); err != nil {
			return im.report, err
		}
		if s.cfg.Progress != nil {
			s.cfg.Progress(i+1, len(files))
		}
	}
	for _, key := range im.order {
		if err := im.save(ctx, key[0], im.books[key]); err != nil {
			return im.report, err
		}
	}
	return im.report, s.Reload(ctx)
}

// importer is the state of one Import. The books of a law wait for each other,
// so that 民法典 arrives as one version; all other files are saved as they come.
type importer struct {
	store  *Store
	actor  auth.Actor
	fsys   fs.FS
	report Report
	claims map[claim][]*lawFile
	books  map[[2]string]Version
	order  [][2]string
}

// claim is which version, or which book of one, a file says it is.
type claim struct{ law, date, book string }

// lawFile is a file that could be read.
type lawFile struct {
	Version
	name, hash string
}

func (f *lawFile) claim() claim { return claim{Name(f.Title), f.Date, f.Book} }

// names lists the law files at or below the roots. Symbolic links are not
// followed: they may lead out of the tree.
func (im *importer) names(roots []string) (names []string, err error) {
	if len(roots) == 0 {
		roots = []string{"."}
	}
	for _, root := range roots {
		err := fs.WalkDir(im.fsys, root, func(name string, d fs.DirEntry, err error) error {
			switch {
			case err != nil && name == root:
				im.report.Files++
				im.bad(name, errors.New("找不到这个文件或文件夹，请检查路径"))
			case err != nil:
				im.report.Files++
				im.bad(name, errors.New("这个文件夹无法读取，请检查权限"))
			case name != root && strings.HasPrefix(d.Name(), "."):
				if d.IsDir() {
					return fs.SkipDir
				}
			case d.Type().IsRegular() && (name == root || isLawFile(d.Name())):
				names = append(names, name)
			case !d.IsDir() && (name == root || isLawFile(d.Name())):
				im.report.Files++
				im.bad(name, errors.New("是链接或别的特殊文件，没有导入；请换成文件本身"))
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return names, nil
}

func isLawFile(name string) bool {
	return strings.EqualFold(path.Ext(name), ".md") && !strings.EqualFold(name, "README.md")
}

// parse reads all files before the first is saved: of two that contradict each
// other neither may win by its name.
func (im *importer) parse(names []string) (files []*lawFile) {
	for _, name := range names {
		im.report.Files++
		src, err := im.read(name)
		if err != nil {
			im.bad(name, fmt.Errorf("文件无法读取：%w", err))
			continue
		}
		v, err := ParseFile(name, src)
		if err != nil {
			im.bad(name, err)
			continue
		}
		f := &lawFile{Version: v, name: name, hash: v.hash()}
		im.claims[f.claim()] = append(im.claims[f.claim()], f)
		files = append(files, f)
	}
	return files
}

// file takes one file. Only an error that concerns all files comes back.
func (im *importer) file(ctx context.Context, f *lawFile) error {
	same := im.claims[f.claim()]
	for _, other := range same {
		if other.hash != f.hash {
			im.bad(f.name, errors.New("与“"+other.name+"”是同一版本，文字却不同；都没有导入，请只留下正确的一个"))
			return nil
		}
	}
	if f != same[0] {
		im.report.Unchanged++
		return nil
	}
	if gaps := f.gaps(); gaps != "" {
		im.note(f.name, "条号不连续，"+gaps)
	}
	if f.Book == "" {
		im.report.Articles += f.numbered()
		return im.save(ctx, f.name, f.Version)
	}
	return im.book([2]string{Name(f.Title), f.Date}, f.name, f.Version)
}

// book adds a book to those of its law that came before.
func (im *importer) book(key [2]string, name string, v Version) error {
	whole, begun := im.books[key]
	if !begun {
		im.order = append(im.order, key)
	}
	for i := range v.Articles {
		v.Articles[i].Path = append([]string{v.Book}, v.Articles[i].Path...)
	}
	n := v.numbered()
	v, err := mergeBooks(whole, v)
	if err != nil {
		im.bad(name, errors.New(errs.MessageOf(err)))
		return nil
	}
	im.report.Articles += n
	im.books[key] = v
	return nil
}

func (im *importer) save(ctx context.Context, name string, v Version) error {
	out, err := im.store.save(ctx, im.actor, v)
	switch {
	case errs.Is(err, errs.Conflict), errs.Is(err, errs.Invalid):
		im.bad(name, errors.New(errs.MessageOf(err)))
		return nil
	case err != nil:
		return err
	}
	if out.newLaw {
		im.report.Laws++
	}
	if out.changed() && !slices.Contains(im.report.Changed, out.slug) {
		im.report.Changed = append(im.report.Changed, out.slug)
	}
	switch {
	case out.replaced:
		im.report.Replaced++
		if n := v.numbered(); n < out.had { // perhaps a file that was cut off
			im.note(name, fmt.Sprintf("《%s》%s 版本原有 %d 条，换成这个文件后只有 %d 条", Name(v.Title), v.Date, out.had, n))
		}
	case out.newVersion:
		im.report.Versions++
	default:
		im.report.Unchanged++
	}
	return nil
}

// read reads a file up to the limit; ParseFile tells of more.
func (im *importer) read(name string) ([]byte, error) {
	f, err := im.fsys.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, maxFile+1))
}

// note lets a file in that may be incomplete, and says why.
func (im *importer) note(name, why string) {
	im.report.Notes = append(im.report.Notes, name+": 提醒："+why+"。文件不完整的话，请用完整的再导入一次。")
}

// bad keeps a file out and says why.
func (im *importer) bad(name string, err error) {
	var fe *FileError
	if !errors.As(err, &fe) {
		fe = &FileError{Name: name, Reason: err.Error()}
	}
	im.report.Bad = append(im.report.Bad, fe)
}
