package themes

import (
	"embed"
	"errors"
	"fmt"
	"html/template"
	"io/fs"
	"maps"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/songfa/songfa/internal/errs"
)

//go:embed default
var builtin embed.FS

// Limits keep a stray video in the folder from filling the memory.
const (
	maxTemplate = 1 << 20
	maxAsset    = 8 << 20
)

// set is one theme as loaded: immutable, but for the letters it keeps.
type set struct {
	base    string
	pages   map[string]*template.Template // by page name: home, guide …
	assets  *assets
	letters letters
}

// pageNames are the templates a theme must have: one for each page struct.
var pageNames = []string{"home", "topic", "list", "guide", "static", "laws", "law", "article",
	"events", "session", "stations", "search", "organize", "organize-step", "organize-check", "organize-state", "organize-confirm", "organize-conflict", "organize-report",
	"signup", "signed", "find", "poster", "desk", "desk-note", "approve",
	"my", "my-duty", "my-report", "my-record", "error"}

// load reads the default theme and lays the operator's folder over it.
func load(cfg Config) (_ *set, err error) {
	defer errs.Wrap(&err, "load theme")
	files, err := readTree(builtin, "default")
	if err != nil {
		return nil, err
	}
	if cfg.Dir != "" {
		root, err := os.OpenRoot(cfg.Dir)
		if err != nil {
			return nil, errs.New(errs.Invalid, "打不开主题文件夹 "+cfg.Dir+"，请检查路径和权限。", "open folder: %w", err)
		}
		defer root.Close()
		own, err := readTree(root.FS(), ".")
		if err != nil {
			return nil, err
		}
		maps.Copy(files, own)
	}
	s := &set{base: cfg.Base, pages: map[string]*template.Template{}}
	if s.assets, err = newAssets(files); err != nil {
		return nil, err
	}
	return s, s.parse(files) // with what did parse, for Check
}

// readTree reads templates and assets. Folders and files that begin with a dot
// belong to editors and version control, README.md to people.
func readTree(fsys fs.FS, dir string) (map[string][]byte, error) {
	files := map[string][]byte{}
	err := fs.WalkDir(fsys, dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel := strings.TrimPrefix(strings.TrimPrefix(name, dir), "/")
		switch {
		case name == dir:
			return nil
		case strings.HasPrefix(d.Name(), ".") && d.IsDir():
			return fs.SkipDir
		case d.IsDir() || strings.HasPrefix(d.Name(), ".") || !belongs(rel):
			return nil
		}
		files[rel], err = readFile(fsys, name, rel)
		return err
	})
	if err != nil && !errs.Is(err, errs.Invalid) {
		err = errs.New(errs.Invalid, "主题文件夹读不全，请检查权限和链接。", "read theme: %w", err)
	}
	return files, err
}

// belongs reports whether a file is part of a theme.
func belongs(rel string) bool {
	dir, name := path.Split(rel)
	return strings.HasPrefix(rel, "static/") || path.Ext(name) == ".html" && (dir == "" || dir == "partials/")
}

func readFile(fsys fs.FS, name, rel string) ([]byte, error) {
	info, err := fs.Stat(fsys, name) // follows a link, and refuses one out of the folder
	if err != nil {
		return nil, err
	}
	limit := int64(maxTemplate)
	if strings.HasPrefix(rel, "static/") {
		limit = maxAsset
	}
	if !info.Mode().IsRegular() || info.Size() > limit {
		return nil, errs.New(errs.Invalid, fmt.Sprintf("主题文件 %s 不是普通文件，或者超过 %d MB。", rel, limit>>20), "%s: %s, %d bytes", rel, info.Mode(), info.Size())
	}
	data, err := fs.ReadFile(fsys, name)
	if err == nil && path.Ext(rel) == ".html" && !utf8.Valid(data) {
		return nil, errs.New(errs.Invalid, "主题文件 "+rel+" 不是 UTF-8 编码，请转换后再用。", "%s is not UTF-8", rel)
	}
	return data, err
}

// parse builds one template for each page: layout and partials, then the page's
// own file on a clone of them, so that no page can redefine another's blocks. All
// files that do not parse are in the error.
func (s *set) parse(files map[string][]byte) error {
	common := template.New("layout.html").Funcs(s.funcs()).Option("missingkey=error")
	var bad []error
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if dir, file := path.Split(name); dir == "partials/" {
			bad = append(bad, parseInto(common, strings.TrimSuffix(file, ".html"), name, files[name]))
		}
	}
	bad = append(bad, parseInto(common, "layout.html", "layout.html", files["layout.html"]))
	for _, name := range pageNames {
		tpl, err := common.Clone()
		if err != nil {
			return err
		}
		if err := parseInto(tpl, name+".html", name+".html", files[name+".html"]); err != nil {
			bad = append(bad, err)
			continue
		}
		s.pages[name] = tpl
	}
	return errors.Join(bad...)
}

func parseInto(tpl *template.Template, as, name string, text []byte) error {
	target := tpl
	if as != tpl.Name() {
		target = tpl.New(as)
	}
	if _, err := target.Parse(string(text)); err != nil {
		err = errors.New(strings.Replace(err.Error(), "template: "+as+":", "template: "+name+":", 1))
		where, why := position(err)
		return errs.New(errs.Invalid, "主题模板 "+where+" 写得不对："+why, "%w", err)
	}
	return nil
}

// templateError is how text/template and html/template begin: kind, then file,
// line and column.
var templateError = regexp.MustCompile(`template: ?([^:\s]+:\d+)(?::\d+)?: (.*)`)

// position finds file:line in a template's error, and what is wrong there.
func position(err error) (where, why string) {
	m := templateError.FindStringSubmatch(err.Error())
	if m == nil {
		return "", err.Error()
	}
	return m[1], m[2]
}

// fingerprint changes when a file below dir does: names, sizes and times.
func fingerprint(dir string) string {
	if dir == "" {
		return ""
	}
	var b strings.Builder
	_ = fs.WalkDir(os.DirFS(dir), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			fmt.Fprintf(&b, "%s %v\n", name, err)
			return nil
		}
		if info, err := d.Info(); err == nil && !d.IsDir() {
			fmt.Fprintf(&b, "%s %d %d\n", name, info.Size(), info.ModTime().UnixNano())
		}
		return nil
	})
	return b.String()
}
