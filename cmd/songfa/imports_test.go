package main

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "github.com/songfa/songfa/"

// mayImport is the house: which of our folders may use which. A folder that is
// not listed is a new room and needs a line here, on purpose.
var mayImport = map[string][]string{
	"cmd/songfa":       {"admin", "site", "search", "content", "content/law", "content/merge", "content/proof", "content/wordlist", "content/starter", "events", "events/figures", "events/stock", "media", "themes", "site/publish", "internal"},
	"admin":            {"admin/editor", "search", "content", "content/law", "content/merge", "content/proof", "content/wordlist", "events", "events/stock", "events/figures", "media", "internal"},
	"site":             {"search", "content", "content/law", "events", "media", "themes", "internal"},
	"site/publish":     {"internal"},
	"search":           {"content", "content/law", "events", "internal"},
	"search/evaluate":  {"search", "internal"},
	"content":          {"content/law", "content/merge", "content/proof", "content/starter", "internal"},
	"content/law":      {"internal"},
	"content/merge":    {},
	"content/proof":    {"content/law", "internal"},
	"content/wordlist": {"content/proof", "internal"},
	"content/starter":  {},
	"events":           {"events/figures", "events/stock", "internal"},
	"events/figures":   {"internal"},
	"events/stock":     {"internal"},
	"media":            {"internal"},
	"media/mediatest":  {"media", "internal"},
	"themes":           {"internal"},
	"internal":         {"internal"},

	"admin/editor":       {},
	"admin/editor/build": {},
}

// fences are the libraries only some rooms know.
var fences = map[string][]string{
	"github.com/gofiber/":                {"admin", "site", "internal/web", "cmd/songfa"},
	"github.com/valyala/fasthttp":        {"internal/web", "site", "admin", "internal/bench"},
	"github.com/blevesearch/":            {"search", "search/evaluate"},
	"github.com/minio/":                  {"media", "media/mediatest", "internal/bench"},
	"database/sql":                       {"internal/db", "internal/db/dbtest"},
	"modernc.org/sqlite":                 {"internal/db"},
	"github.com/jackc/pgx":               {"internal/db"},
	"github.com/georgysavva/":            {"internal/db"},
	"github.com/pressly/goose":           {"internal/db"},
	"github.com/yuin/goldmark":           {"internal/markdown"},
	"github.com/microcosm-cc/bluemonday": {"internal/markdown"},
	"github.com/xuri/excelize":           {"internal/sheet"},
	"golang.org/x/crypto/argon2":         {"internal/auth"},
}

func TestImportsRunOneWay(t *testing.T) {
	root := filepath.Join("..", "..")
	files := 0
	err := fs.WalkDir(os.DirFS(root), ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() && (strings.HasPrefix(d.Name(), ".") && path != "." || d.Name() == "testdata" || d.Name() == "node_modules") {
			if err == nil {
				err = fs.SkipDir
			}
			return err
		}
		if !strings.HasSuffix(path, ".go") {
			return nil
		}
		files++
		f, err := parser.ParseFile(token.NewFileSet(), filepath.Join(root, path), nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		for _, spec := range f.Imports {
			imported, _ := strconv.Unquote(spec.Path.Value)
			checkImport(t, path, imported)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if files < 50 {
		t.Fatalf("only %d files read; the walk is wrong", files)
	}
}

func checkImport(t *testing.T, file, imported string) {
	t.Helper()
	dir, test := filepath.ToSlash(filepath.Dir(file)), strings.HasSuffix(file, "_test.go")
	if ours, ok := strings.CutPrefix(imported, module); ok && !test {
		allowed, known := mayImport[room(dir)]
		if !known {
			t.Errorf("%s: %s is a new room; give it a line in mayImport", file, dir)
		} else if room(dir) != room(ours) && !slices.Contains(allowed, room(ours)) {
			t.Errorf("%s: %s must not import %s", file, dir, ours)
		}
	}
	for lib, rooms := range fences {
		if strings.HasPrefix(imported, lib) && !slices.Contains(rooms, dir) && !test {
			t.Errorf("%s: %s is fenced to %v", file, imported, rooms)
		}
	}
}

// room is the folder as the table names it: all of internal is one.
func room(dir string) string {
	if strings.HasPrefix(dir, "internal/") {
		return "internal"
	}
	return dir
}
