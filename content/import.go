package content

import (
	"cmp"
	"context"
	"errors"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/errs"
)

const (
	importBatch = 50      // documents in one transaction
	importBytes = 4 << 20 // of text in one transaction
)

// importer is one run of Import.
type importer struct {
	*Store
	actor  auth.Actor
	tree   fs.FS
	opt    ImportOptions
	report Report
	files  map[string]string // address to the file that has it
	batch  []*arrival
	bytes  int
}

// arrival is a document on its way in.
type arrival struct {
	file      string
	sheet     sheet
	rendering rendering
}

// Import brings in a content tree. What one file has wrong is a line of the
// report and never stops the others; the error is for what stops all. The same
// tree again changes nothing, and a text that a person has changed since is
// never overwritten: when both sides changed, that is a line and the stored
// text stays. A text that is not fit for readers comes in as a draft.
func (s *Store) Import(ctx context.Context, actor auth.Actor, tree fs.FS, opt ImportOptions) (_ Report, err error) {
	defer errs.Wrap(&err, "import content")
	if err := actor.Must(auth.Import); err != nil {
		return Report{}, err
	}
	m := &importer{Store: s, actor: actor, opt: opt, files: map[string]string{}}
	m.tree, _ = treeRoot(tree)
	if err := m.mayRestore(ctx); err != nil {
		return m.report, err
	}
	if err := m.lists(ctx); err != nil {
		return m.report, err
	}
	names, err := m.find()
	if err != nil {
		return m.report, err
	}
	for i, name := range names {
		if err := m.file(ctx, name); err != nil {
			return m.report, err
		}
		if opt.Progress != nil {
			opt.Progress(i+1, len(names))
		}
	}
	if err := m.flush(ctx); err != nil {
		return m.report, err
	}
	err = m.redirects(ctx)
	slices.SortStableFunc(m.report.Items, func(a, b ReportItem) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line))
	})
	return m.report, err
}

func (m *importer) mayRestore(ctx context.Context) error {
	if !m.opt.Restore {
		return nil
	}
	empty, err := m.Empty(ctx)
	if err == nil && !empty {
		return errs.New(errs.Conflict, "这里已经有内容，不能恢复发布时间。请在空的安装里恢复，或不带恢复选项导入。", "restore into a store with documents")
	}
	return err
}

// Empty reports whether there is no document yet.
func (s *Store) Empty(ctx context.Context) (bool, error) {
	var n int
	err := db.Get(ctx, s.cfg.DB.Reader(), &n, `SELECT count(*) FROM (SELECT 1 FROM documents LIMIT 1) t`)
	return n == 0, err
}

// SeedStarter imports and publishes the starter content when there is no
// document yet; it reports whether it did.
func (s *Store) SeedStarter(ctx context.Context, actor auth.Actor, starter fs.FS, opt ImportOptions) (_ Report, done bool, err error) {
	defer errs.Wrap(&err, "seed starter content")
	if empty, err := s.Empty(ctx); err != nil || !empty {
		return Report{}, false, err
	}
	opt.Publish, opt.Restore = true, false
	r, err := s.Import(ctx, actor, starter, opt)
	return r, true, err
}

func (m *importer) say(file string, line int, field string, level Level, message string) {
	m.report.Items = append(m.report.Items, ReportItem{File: file, Line: line, Field: field, Level: level, Message: message})
}

func (m *importer) fault(file string, f fault) { m.say(file, f.line, f.field, f.level, f.message) }

// refuse counts a file out.
func (m *importer) refuse(file string, f fault) {
	m.fault(file, f)
	m.report.Failed++
}

// find lists the documents' files. Only names are held, however large the tree.
func (m *importer) find() ([]string, error) {
	dirs := treeDirs()
	var names []string
	err := fs.WalkDir(m.tree, ".", func(name string, entry fs.DirEntry, err error) error {
		top, _, _ := strings.Cut(name, "/")
		_, ours := dirs[top]
		switch {
		case name == ".":
			return err
		case err != nil:
			m.refuse(name, *unreadable(err))
			return nil
		case entry.Type()&fs.ModeSymlink != 0:
			if ours && (name == top || isSheet(name)) {
				m.refuse(name, fault{level: Error, message: "是指向别处的链接，没有导入。请换成文件本身。"})
			}
			return nil
		case entry.IsDir():
			if !ours || strings.HasPrefix(entry.Name(), ".") {
				return fs.SkipDir
			}
		case ours && name != top && isSheet(name):
			names = append(names, name)
		}
		return nil
	})
	return names, err
}

func isSheet(name string) bool {
	ext := strings.ToLower(path.Ext(name))
	return (ext == ".md" || ext == ".markdown") && !strings.HasPrefix(path.Base(name), ".") && path.Base(name) != "_index.md"
}

// file reads and renders one file and queues it for the next transaction.
func (m *importer) file(ctx context.Context, name string) error {
	s, ok := m.read(name)
	if !ok {
		m.report.Failed++
		return nil
	}
	address := Address(s.Kind, s.Slug)
	if other := m.files[address]; other != "" {
		m.refuse(name, fault{field: "slug", level: Error, message: "地址“" + s.Slug + "”与 " + other + " 重复，没有导入。"})
		return nil
	}
	m.files[address] = name
	if err := m.media(ctx, name, &s.Text); err != nil {
		return err
	}
	r, err := m.prepare(ctx, &s.Text)
	if err != nil {
		m.problems(name, err)
		m.report.Failed++
		return nil
	}
	m.batch = append(m.batch, &arrival{name, s, r})
	if m.bytes += len(s.Text.Body) + len(r.HTML) + len(r.Plain); len(m.batch) < importBatch && m.bytes < importBytes {
		return nil
	}
	return m.flush(ctx)
}

// read parses a file, says what is wrong, and completes the sheet from its path.
func (m *importer) read(name string) (sheet, bool) {
	src, f := readTreeFile(m.tree, name)
	if f != nil {
		m.fault(name, *f)
	}
	if src == nil {
		return sheet{}, false
	}
	s, faults := parseSheet(src)
	ok := true
	for _, f := range faults {
		m.fault(name, f)
		ok = ok && f.level != Error
	}
	top, _, _ := strings.Cut(name, "/")
	kind := treeDirs()[top]
	if ok && s.Kind != "" && s.Kind != kind {
		m.say(name, 0, "kind", Error, "类别与文件夹不一致：文件夹是"+kind.Label()+"。")
		return s, false
	}
	s.Kind = kind
	if s.Slug == "" {
		s.Slug = slugOfFile(name)
	}
	if ok && !ValidSlug(s.Slug) {
		m.say(name, 0, "slug", Error, "地址“"+s.Slug+"”只能用小写字母、数字和中间的短横线，最多 80 个。")
		return s, false
	}
	return s, ok
}

// problems turns an Invalid error into lines.
func (m *importer) problems(file string, err error) {
	var ps Problems
	if !errors.As(err, &ps) {
		m.say(file, 0, errs.FieldOf(err), Error, errs.MessageOf(err))
		return
	}
	for _, p := range ps {
		m.say(file, 0, p.Field, Error, p.Message)
	}
}

// flush writes the batch in one transaction. When something in it is refused by
// the database, each document gets a transaction of its own, so that one takes
// no other with it.
func (m *importer) flush(ctx context.Context) error {
	batch := m.batch
	m.batch, m.bytes = nil, 0
	if len(batch) == 0 {
		return nil
	}
	err := m.commit(ctx, batch)
	if err == nil || len(batch) == 1 && !refused(err) {
		return err
	}
	if !refused(err) {
		return err
	}
	for _, a := range batch {
		err := m.commit(ctx, []*arrival{a})
		switch {
		case err == nil:
		case refused(err):
			m.problems(a.file, err)
			m.report.Failed++
		default:
			return err
		}
	}
	return nil
}

// refused reports that the document is at fault, and not the machine.
func refused(err error) bool {
	return errs.Is(err, errs.Conflict) || errs.Is(err, errs.Invalid)
}

func (m *importer) commit(ctx context.Context, batch []*arrival) error {
	var done Report
	err := m.cfg.DB.Update(ctx, func(ctx context.Context, tx *db.Tx) error {
		done = Report{} // the function may run twice
		w, err := m.begin(ctx, tx, m.actor)
		if err != nil {
			return err
		}
		w.how = HowImport
		in := intake{work: w, opt: m.opt, report: &done}
		for _, a := range batch {
			if err := in.take(ctx, a); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	m.report.Created += done.Created
	m.report.Updated += done.Updated
	m.report.Unchanged += done.Unchanged
	m.report.Kept += done.Kept
	m.report.Items = append(m.report.Items, done.Items...)
	return nil
}
