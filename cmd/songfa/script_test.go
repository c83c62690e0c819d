package main

import (
	"bytes"
	"database/sql"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"io"
	"io/fs"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/encoding/simplifiedchinese"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/songfa/songfa/internal/db"
)

// TestMain lets the tests run this binary as songfa, in processes of their own.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"songfa": main})
}

// TestScript runs the promises of the command line, one script each. The
// installation of a script is the folder $WORK/data on SQLite.
func TestScript(t *testing.T) {
	testscript.Run(t, scripts(t, "", filepath.Join("testdata", "script", "*.txtar")))
}

// TestScriptPostgres runs those scripts again whose promise rests on SQL.
func TestScriptPostgres(t *testing.T) {
	server := os.Getenv("SONGFA_TEST_POSTGRES")
	if server == "" {
		if os.Getenv("CI") != "" {
			t.Fatal("SONGFA_TEST_POSTGRES is not set; `make test` sets it")
		}
		t.Skip("no PostgreSQL: SONGFA_TEST_POSTGRES is not set")
	}
	testscript.Run(t, scripts(t, server, filepath.Join("testdata", "script", "both_*.txtar")))
}

func scripts(t *testing.T, postgres, pattern string) testscript.Params {
	files, err := filepath.Glob(pattern)
	if err != nil || len(files) == 0 {
		t.Fatalf("no script is called %s: %v", pattern, err)
	}
	s := &scriptCommands{postgres: postgres}
	return testscript.Params{
		Files:               files,
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup: func(e *testscript.Env) error {
			addr, err := freeAddr()
			e.Setenv("SONGFA_LISTEN", addr)
			e.Setenv("URL", "http://"+addr)
			metrics, merr := freeAddr()
			e.Setenv("METRICS", metrics)
			err = errors.Join(err, merr)
			e.Setenv("SONGFA_DATA", filepath.Join(e.WorkDir, "data"))
			if err == nil && postgres != "" {
				var url string
				if url, err = s.newDatabase(e.Defer); err == nil {
					e.Setenv("SONGFA_DATABASE_URL", url)
				}
			}
			return err
		},
		Condition: func(cond string) (bool, error) {
			if cond == "postgres" {
				return postgres != "", nil
			}
			return false, fmt.Errorf("unknown condition %q", cond)
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits":   s.exits,
			"install": s.install,
			"same":    s.same,
			"gbk":     s.gbk,
			"large":   s.large,
			"picture": s.picture,
			"spoil":   s.spoil,
			"cut":     s.cut,
			"sql":     s.sql,
			"ready":   s.ready,
			"fetch":   s.fetch,
			"answers": s.answers,
			"scrape":  s.scrape,
		},
	}
}

// scriptCommands are what the scripts can do beside running songfa.
type scriptCommands struct {
	postgres string // address of the test server; "" runs on SQLite
}

// exits runs a program and wants its exit code: exits 2 songfa --nonsense
func (s *scriptCommands) exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits code program [args...]")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := 0
	var exit *exec.ExitError
	if err := ts.Exec(args[1], args[2:]...); errors.As(err, &exit) {
		got = exit.ExitCode()
	} else {
		ts.Check(err)
	}
	if got != want {
		ts.Fatalf("it ended with %d, want %d", got, want)
	}
}

// install turns to another installation, an empty one if the name is new.
func (s *scriptCommands) install(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: install name")
	}
	ts.Setenv("SONGFA_DATA", ts.MkAbs(args[0]))
	if s.postgres == "" {
		return
	}
	key := "DATABASE_OF_" + args[0]
	if ts.Getenv(key) == "" {
		url, err := s.newDatabase(ts.Defer)
		ts.Check(err)
		ts.Setenv(key, url)
	}
	ts.Setenv("SONGFA_DATABASE_URL", ts.Getenv(key))
}

// newDatabase is dbtest.PostgresURL for a script.
func (s *scriptCommands) newDatabase(after func(func())) (string, error) {
	admin, err := sql.Open("pgx", s.postgres)
	if err != nil {
		return "", err
	}
	name := "songfa_" + strings.ToLower(db.NewID())
	if _, err := admin.Exec("CREATE DATABASE " + name); err != nil {
		return "", errors.Join(err, admin.Close())
	}
	after(func() {
		if _, err := admin.Exec("DROP DATABASE " + name + " WITH (FORCE)"); err != nil {
			panic(err)
		}
		admin.Close()
	})
	return strings.Replace(s.postgres, "/postgres?", "/"+name+"?", 1), nil
}

// same compares two trees, names and bytes.
func (s *scriptCommands) same(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) != 2 {
		ts.Fatalf("usage: [!] same dir dir")
	}
	a, b := readTree(ts, args[0]), readTree(ts, args[1])
	var diffs []string
	for name, text := range a {
		if other, ok := b[name]; !ok {
			diffs = append(diffs, name+" is only in "+args[0])
		} else if text != other {
			diffs = append(diffs, fmt.Sprintf("%s differs:\n%s\n--- and ---\n%s", name, text, other))
		}
	}
	for name := range b {
		if _, ok := a[name]; !ok {
			diffs = append(diffs, name+" is only in "+args[1])
		}
	}
	slices.Sort(diffs)
	switch {
	case !neg && len(a) == 0:
		ts.Fatalf("%s is empty", args[0])
	case neg != (len(diffs) > 0):
		ts.Fatalf("%d files, differences:\n%s", len(a), strings.Join(diffs, "\n"))
	}
}

func readTree(ts *testscript.TestScript, dir string) map[string]string {
	tree := map[string]string{}
	root := os.DirFS(ts.MkAbs(dir))
	ts.Check(fs.WalkDir(root, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := fs.ReadFile(root, name)
		tree[name] = string(b)
		return err
	}))
	return tree
}

// gbk turns a file from UTF-8 to GBK.
func (s *scriptCommands) gbk(ts *testscript.TestScript, neg bool, args []string) {
	for _, name := range args {
		b, err := simplifiedchinese.GBK.NewEncoder().String(ts.ReadFile(name))
		ts.Check(err)
		ts.Check(os.WriteFile(ts.MkAbs(name), []byte(b), 0o644))
	}
}

// large adds text to a file until it has so many megabytes.
func (s *scriptCommands) large(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: large file megabytes")
	}
	mb, err := strconv.Atoi(args[1])
	ts.Check(err)
	text := ts.ReadFile(args[0]) + strings.Repeat("送法\n", mb<<20/7+1)
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(text), 0o644))
}

// picture makes PNG files, each of its own colour.
func (s *scriptCommands) picture(ts *testscript.TestScript, neg bool, args []string) {
	for i, name := range args {
		ts.Check(os.MkdirAll(filepath.Dir(ts.MkAbs(name)), 0o755))
		ts.Check(os.WriteFile(ts.MkAbs(name), pngOf(64, 48, color.RGBA{uint8(40 * i), 100, 200, 255}), 0o644))
	}
}

// spoil changes a byte of a file of that name below a folder.
func (s *scriptCommands) spoil(ts *testscript.TestScript, neg bool, args []string) {
	for name, text := range readTree(ts, args[0]) {
		if filepath.Base(name) != args[1] {
			continue
		}
		b := []byte(text)
		b[len(b)/2]++
		ts.Check(os.WriteFile(filepath.Join(ts.MkAbs(args[0]), name), b, 0o600))
		return
	}
	ts.Fatalf("no %s below %s", args[1], args[0])
}

// cut copies the first half of a file.
func (s *scriptCommands) cut(ts *testscript.TestScript, neg bool, args []string) {
	text := ts.ReadFile(args[0])
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), []byte(text[:len(text)/2]), 0o600))
}

// pngOf is a picture of one colour.
func pngOf(width, height int, c color.Color) []byte {
	m := image.NewRGBA(image.Rect(0, 0, width, height))
	for i := range width * height {
		m.Set(i%width, i/width, c)
	}
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil { // to memory, of a valid picture
		panic(err)
	}
	return b.Bytes()
}

// sql does to the database of the installation what songfa never would.
func (s *scriptCommands) sql(ts *testscript.TestScript, neg bool, args []string) {
	driver, url := "sqlite", filepath.Join(ts.Getenv("SONGFA_DATA"), "songfa.db")
	if s.postgres != "" {
		driver, url = "pgx", ts.Getenv("SONGFA_DATABASE_URL")
	}
	d, err := sql.Open(driver, url)
	ts.Check(err)
	defer d.Close()
	res, err := d.Exec(strings.Join(args, " "))
	ts.Check(err)
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		ts.Fatalf("%d rows changed, %v", n, err)
	}
}

// ready waits until the server of the script answers.
func (s *scriptCommands) ready(ts *testscript.TestScript, neg bool, args []string) {
	if !eventually(20*time.Second, func() bool {
		res, err := http.Get(ts.Getenv("URL") + "/readyz")
		if err != nil {
			return false
		}
		res.Body.Close()
		return res.StatusCode == http.StatusOK
	}) {
		ts.Fatalf("the server is not ready")
	}
}

// fetch gets a page of the script's server until its text holds what is wanted:
// fetch /guides/a 二倍工资
func (s *scriptCommands) fetch(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) != 2 {
		ts.Fatalf("usage: [!] fetch path text")
	}
	var body []byte
	var status int
	ok := eventually(5*time.Second, func() bool {
		res, err := http.Get(ts.Getenv("URL") + args[0])
		ts.Check(err)
		defer res.Body.Close()
		status = res.StatusCode
		body, err = io.ReadAll(res.Body)
		ts.Check(err)
		return (status == http.StatusOK && strings.Contains(string(body), args[1])) != neg
	})
	if !ok {
		ts.Fatalf("%s answers %d:\n%s", args[0], status, body)
	}
}

// answers wants a status and a text of a page: answers 500 /guides/a 稍后再试
func (s *scriptCommands) answers(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) != 3 {
		ts.Fatalf("usage: [!] answers status path text")
	}
	res, err := http.Get(ts.Getenv("URL") + args[1])
	ts.Check(err)
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	ts.Check(err)
	if fmt.Sprint(res.StatusCode) != args[0] || strings.Contains(string(body), args[2]) == neg {
		ts.Fatalf("%s answers %d:\n%s", args[1], res.StatusCode, body)
	}
}

// scrape wants a word in the metrics.
func (s *scriptCommands) scrape(ts *testscript.TestScript, neg bool, args []string) {
	var body []byte
	if !eventually(5*time.Second, func() bool {
		res, err := http.Get("http://" + ts.Getenv("METRICS") + "/metrics")
		if err != nil {
			return false
		}
		defer res.Body.Close()
		body, _ = io.ReadAll(res.Body)
		return strings.Contains(string(body), args[0])
	}) {
		ts.Fatalf("no %s in the metrics:\n%s", args[0], body)
	}
}

// eventually asks until the answer is yes; false when it never was.
func eventually(limit time.Duration, yes func() bool) bool {
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	deadline := time.Now().Add(limit)
	for !yes() {
		if time.Now().After(deadline) {
			return false
		}
		<-tick.C
	}
	return true
}

// freeAddr is an address on loopback that nobody listens on.
func freeAddr() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer l.Close()
	return l.Addr().String(), nil
}
