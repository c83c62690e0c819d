package content

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/errs"
	"github.com/songfa/songfa/internal/ledger"
	"github.com/songfa/songfa/internal/markdown"
)

// media stores the files beside a text and puts their addresses into it. What
// is missing is a line; the text comes in all the same, and stays a draft when
// readers would notice.
func (m *importer) media(ctx context.Context, file string, t *Text) error {
	known := map[string]string{}
	find := func(field, dest string) (string, error) {
		if address, ok := known[dest]; ok {
			return address, nil
		}
		address, err := m.resolve(ctx, file, field, dest)
		known[dest] = address
		return address, err
	}
	var err error
	if t.Cover != "" && !isMedia(t.Cover) {
		if address, e := find("cover", t.Cover); address != "" || e != nil {
			t.Cover, err = cmpOr(address, t.Cover), e
		}
	}
	for i, a := range t.Attachments {
		if err != nil || isMedia(a.File) {
			continue
		}
		address, e := find("attachments", a.File)
		t.Attachments[i].File, err = cmpOr(address, a.File), e
	}
	if err != nil {
		return err
	}
	dests := m.destinations(t.Body)
	if len(dests) == 0 {
		return nil
	}
	t.Body = rewrite(t.Body, func(dest string) (string, bool) {
		if err != nil || !slices.Contains(dests, dest) {
			return "", false
		}
		address, e := find("body", dest)
		err = e
		return address, address != "" && e == nil
	})
	return err
}

func cmpOr(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// destinations lists what a body names beside itself. Markdown is asked only
// when the text looks like it: a picture in a piece of code is none.
func (m *importer) destinations(body string) []string {
	maybe := false
	for _, part := range destForm.FindAllStringSubmatch(body, -1) {
		dest := unescape(strings.Trim(part[2], "<>"))
		maybe = maybe || isRelative(dest) || m.inStatic(dest)
	}
	if !maybe {
		return nil
	}
	doc, err := m.renderer.With(markdown.Config{}).Render([]byte(body))
	if err != nil {
		return nil // prepare will say why
	}
	var dests []string
	for _, img := range doc.Images {
		dests = append(dests, img.Dest)
	}
	dests = append(dests, doc.Links...)
	return slices.DeleteFunc(dests, func(d string) bool { return !isRelative(d) && !m.inStatic(d) })
}

// inStatic finds Hugo's pictures: /img/a.png is static/img/a.png.
func (m *importer) inStatic(dest string) bool {
	if !strings.HasPrefix(dest, "/") || isMedia(dest) || path.Ext(dest) == "" {
		return false
	}
	p := path.Join("static", dest)
	return fs.ValidPath(p) && plainFile(m.tree, p) == nil
}

// resolve gives the address of what a text names beside itself; "" after a line
// that says why there is none. The error is the store's.
func (m *importer) resolve(ctx context.Context, file, field, dest string) (string, error) {
	p, tail := dest, ""
	if i := strings.IndexAny(dest, "#?"); i >= 0 {
		p, tail = dest[:i], dest[i:]
	}
	if strings.HasPrefix(p, "/") {
		p = path.Join("static", p)
	} else {
		p = path.Join(path.Dir(file), p)
	}
	if !fs.ValidPath(p) {
		m.say(file, 0, field, Error, "“"+dest+"”指到了内容目录之外，没有导入。")
		return "", nil
	}
	if isSheet(p) {
		return m.neighbour(file, field, dest, p, tail), nil
	}
	return m.upload(ctx, file, field, dest, p)
}

// neighbour is the address of another document of the tree.
func (m *importer) neighbour(file, field, dest, p, tail string) string {
	top, _, _ := strings.Cut(p, "/")
	kind, ok := treeDirs()[top]
	src, f := readTreeFile(m.tree, p)
	if !ok || src == nil {
		message := "没有这个文件。"
		if f != nil {
			message = f.message
		}
		m.say(file, 0, field, Error, "链接到的“"+dest+"”："+message)
		return ""
	}
	s, _ := parseSheet(src)
	return Address(kind, cmpOr(s.Slug, slugOfFile(p))) + tail
}

func (m *importer) upload(ctx context.Context, file, field, dest, p string) (string, error) {
	if f := plainFile(m.tree, p); f != nil {
		m.say(file, 0, field, Error, "“"+dest+"”："+f.message)
		return "", nil
	}
	if m.opt.PutMedia == nil {
		m.say(file, 0, field, Warning, "“"+dest+"”没有导入：这次导入不带素材。")
		return "", nil
	}
	f, err := m.tree.Open(p)
	if err != nil {
		m.say(file, 0, field, Error, "“"+dest+"”："+unreadable(err).message)
		return "", nil
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return "", fmt.Errorf("stat %s: %w", p, err)
	}
	address, err := m.opt.PutMedia(ctx, path.Base(p), info.Size(), f)
	if refused(err) || errs.Is(err, errs.TooLarge) {
		m.say(file, 0, field, Error, "“"+dest+"”："+errs.MessageOf(err))
		return "", nil
	}
	if err != nil {
		return "", fmt.Errorf("store %s: %w", p, err)
	}
	return address, nil
}

// lists brings in topics and columns. They follow the rule of the documents:
// what a person has changed since is kept.
func (m *importer) lists(ctx context.Context) error {
	err := importList(ctx, m, topicsFile, m.Topics, func(t []Topic) error { return m.SetTopics(ctx, m.actor, t) })
	if err != nil {
		return err
	}
	return importList(ctx, m, columnsFile, m.Columns, func(c []Column) error { return m.SetColumns(ctx, m.actor, c) })
}

func importList[T any](ctx context.Context, m *importer, name string, current func(context.Context) ([]T, error), set func([]T) error) error {
	if _, err := fs.Stat(m.tree, name); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	src, f := readTreeFile(m.tree, name)
	if f != nil {
		m.fault(name, *f)
	}
	if src == nil {
		m.report.Failed++
		return nil
	}
	var list []T
	d := yaml.NewDecoder(bytes.NewReader(src))
	d.KnownFields(true)
	if err := d.Decode(&list); err != nil && !errors.Is(err, io.EOF) {
		f := yamlFault(err)
		f.line = max(0, f.line-1) // there is no fence above
		m.refuse(name, f)
		return nil
	}
	stored, err := current(ctx)
	if err != nil {
		return err
	}
	was, err := m.lastImport(ctx, name)
	switch now := db.JSON(stored); {
	case err != nil:
		return err
	case now == db.JSON(list), was == db.JSON(list):
		return nil
	case len(stored) > 0 && now != was:
		m.report.Kept++
		m.say(name, 0, "", Warning, "后台改过，文件也变了。已保留后台的，请人工合并。")
		return nil
	}
	if err := set(list); refused(err) {
		m.problems(name, err)
		m.report.Failed++
		return nil
	} else if err != nil {
		return err
	}
	return m.noteImport(ctx, name, db.JSON(list))
}

func (m *importer) lastImport(ctx context.Context, name string) (string, error) {
	var was string
	err := db.Get(ctx, m.cfg.DB.Reader(), &was, `SELECT content FROM imports WHERE file = $1`, name)
	if errs.Is(err, errs.NotFound) {
		return "", nil
	}
	return was, err
}

func (m *importer) noteImport(ctx context.Context, name, content string) error {
	return m.cfg.DB.Update(ctx, func(ctx context.Context, tx *db.Tx) error {
		_, err := db.Exec(ctx, tx, `INSERT INTO imports (file, content) VALUES ($1, $2)
			ON CONFLICT (file) DO UPDATE SET content = excluded.content`, name, content)
		return err
	})
}

// redirects brings in where old addresses lead.
func (m *importer) redirects(ctx context.Context) error {
	if _, err := fs.Stat(m.tree, redirectsFile); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	src, f := readTreeFile(m.tree, redirectsFile)
	if f != nil {
		m.fault(redirectsFile, *f)
	}
	if src == nil {
		m.report.Failed++
		return nil
	}
	r := csv.NewReader(bytes.NewReader(src))
	r.FieldsPerRecord = 2
	rows, err := r.ReadAll()
	if err != nil || len(rows) == 0 || rows[0][0] != "from" || rows[0][1] != "to" {
		m.refuse(redirectsFile, fault{level: Error, message: "要有 from 和 to 两列，第一行是列名。"})
		return nil
	}
	var items []ReportItem
	err = m.cfg.DB.Update(ctx, func(ctx context.Context, tx *db.Tx) error {
		w, err := m.begin(ctx, tx, m.actor)
		if err != nil {
			return err
		}
		var changed int64
		if changed, items, err = w.redirects(ctx, rows[1:]); err != nil {
			return err
		}
		if changed > 0 {
			w.cfg.Ledger.Record(tx, m.actor.Entry("site.redirects", "site:redirects", fmt.Sprintf("导入 %d 条旧地址", changed)),
				ledger.Change{Kind: "site", ID: "redirects"})
		}
		return nil
	})
	m.report.Items = append(m.report.Items, items...)
	return err
}

func (w *work) redirects(ctx context.Context, rows [][]string) (changed int64, items []ReportItem, err error) {
	for i, row := range rows {
		kind, slug, ok := ParseAddress(row[0])
		if !ok || !validTarget(row[1], row[0]) {
			items = append(items, ReportItem{File: redirectsFile, Line: i + 2, Level: Error,
				Message: "旧地址要写成 /guides/… 的样子，新地址写成 /… 或 https://…，留空表示已撤下。"})
			continue
		}
		n, err := w.redirect(ctx, kind, slug, row[1])
		if err != nil {
			return 0, nil, err
		}
		changed += n
	}
	return changed, items, nil
}

// redirect stores one old address. A document that lives there goes first, so
// such a row changes nothing.
func (w *work) redirect(ctx context.Context, kind Kind, slug, to string) (int64, error) {
	var id string
	if k, s, ok := ParseAddress(to); ok {
		err := db.Get(ctx, w.tx, &id, `SELECT id FROM documents WHERE kind = $1 AND slug = $2`, k, s)
		if err != nil && !errs.Is(err, errs.NotFound) {
			return 0, err
		}
	}
	if id != "" {
		to = ""
	}
	return db.Exec(ctx, w.tx, `INSERT INTO redirects (kind, slug, document_id, target, created_at)
		SELECT $1, $2, $3, $4, $5 WHERE NOT EXISTS (SELECT 1 FROM documents WHERE kind = $1 AND slug = $2)
		ON CONFLICT (kind, slug) DO NOTHING`, kind, slug, id, to, w.at.UnixMilli())
}
