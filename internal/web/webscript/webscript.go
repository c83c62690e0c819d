// Package webscript runs page tests written as plain text.
//
// A script is a list of requests, each followed by what must be true of the
// answer:
//
//	# A guide is found by its address.
//	GET /guides/wages-arrears
//	status 200
//	header Content-Type text/html
//	contains 老板拖欠工资
//	lacks {{
//
//	as editor
//	POST /admin/documents title=测试&kind=guide
//	status 303
//
//	GET /events/?month=2026-11
//	match <td[^>]*>.*农历
//
// Lines:
//
//	# …                    comment
//	as NAME | as nobody    who asks from here on; the test supplies the cookies
//	GET|HEAD|POST PATH [FORM]   the request; {base} in any line is the base path
//	send NAME: VALUE       a header of the next request, written above it
//	status CODE            the status
//	header NAME TEXT       the header holds the text; TEXT may be empty: it is absent
//	location PATH          redirects to exactly this
//	contains TEXT          the body holds the text
//	lacks TEXT             it does not
//	match REGEXP           the body matches (flags (?s) on)
//	capture NAME REGEXP    keeps the first group for {NAME} in later lines
package webscript

import (
	"bufio"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// Site is what scripts run against.
type Site struct {
	URL  string // scheme and host, no path
	Base string // base path
	// SignIn returns a client that carries the cookies of this person, and the
	// values scripts may use in its forms as {token}.
	SignIn func(t *testing.T, name string) (*http.Client, map[string]string)
}

// Run runs each file that matches the pattern as a subtest.
func Run(t *testing.T, site Site, pattern string) {
	t.Helper()
	files, err := filepath.Glob(pattern)
	if err != nil || len(files) == 0 {
		t.Fatalf("no scripts match %s (%v)", pattern, err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) { runFile(t, site, file) })
	}
}

type run struct {
	t      *testing.T
	site   Site
	where  string
	client *http.Client
	send   http.Header
	vars   map[string]string
	resp   *http.Response
	body   string
	checks int
}

func runFile(t *testing.T, site Site, file string) {
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r := &run{t: t, site: site, client: newClient(), send: http.Header{}, vars: map[string]string{"base": site.Base}}
	sc := bufio.NewScanner(f)
	for n := 1; sc.Scan(); n++ {
		line := strings.TrimSpace(sc.Text())
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		r.where = fmt.Sprintf("%s:%d", filepath.Base(file), n)
		r.line(r.expand(line))
	}
	if err := sc.Err(); err != nil {
		t.Fatal(err)
	}
	if r.checks == 0 {
		t.Fatalf("%s checks nothing", file)
	}
}

func newClient() *http.Client {
	return &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

func (r *run) expand(line string) string {
	for name, value := range r.vars {
		line = strings.ReplaceAll(line, "{"+name+"}", value)
	}
	return line
}

func (r *run) line(line string) {
	verb, rest, _ := strings.Cut(line, " ")
	rest = strings.TrimSpace(rest)
	switch verb {
	case "as":
		r.as(rest)
	case "send":
		name, value, _ := strings.Cut(rest, ":")
		r.send.Set(name, strings.TrimSpace(value))
	case "GET", "HEAD", "POST":
		r.request(verb, rest)
	case "capture":
		r.capture(rest)
	default:
		r.checks++
		if r.resp == nil {
			r.t.Fatalf("%s: a check before any request", r.where)
		}
		if problem := r.check(verb, rest); problem != "" {
			r.t.Errorf("%s: %s\n%s", r.where, problem, r.excerpt())
		}
	}
}

func (r *run) as(name string) {
	r.client = newClient()
	if name == "nobody" {
		return
	}
	if r.site.SignIn == nil {
		r.t.Fatalf("%s: nobody can sign in here", r.where)
	}
	client, vars := r.site.SignIn(r.t, name)
	client.CheckRedirect = newClient().CheckRedirect
	r.client = client
	for k, v := range vars {
		r.vars[k] = v
	}
}

func (r *run) request(method, rest string) {
	path, form, _ := strings.Cut(rest, " ")
	var body io.Reader
	if method == "POST" {
		body = strings.NewReader(form)
		if r.send.Get("Content-Type") == "" {
			r.send.Set("Content-Type", "application/x-www-form-urlencoded")
		}
	}
	req, err := http.NewRequestWithContext(r.t.Context(), method, r.site.URL+r.site.Base+path, body)
	if err != nil {
		r.t.Fatalf("%s: %v", r.where, err)
	}
	req.Header = r.send
	r.send = http.Header{}
	resp, err := r.client.Do(req)
	if err != nil {
		r.t.Fatalf("%s: %v", r.where, err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		r.t.Fatalf("%s: %v", r.where, err)
	}
	r.resp, r.body = resp, string(b)
}

func (r *run) capture(rest string) {
	name, expr, _ := strings.Cut(rest, " ")
	m := regexp.MustCompile("(?s)" + expr).FindStringSubmatch(r.body)
	if len(m) < 2 {
		r.t.Fatalf("%s: nothing to capture\n%s", r.where, r.excerpt())
	}
	r.vars[name] = m[1]
}

func (r *run) check(verb, rest string) string {
	switch verb {
	case "status":
		if got := fmt.Sprint(r.resp.StatusCode); got != rest {
			return "status " + got + ", want " + rest
		}
	case "header":
		name, want, _ := strings.Cut(rest, " ")
		got := r.resp.Header.Get(name)
		if want == "" && got != "" || !strings.Contains(got, want) {
			return fmt.Sprintf("header %s is %q, want %q", name, got, want)
		}
	case "location":
		if got := r.resp.Header.Get("Location"); got != rest && got != r.site.Base+rest && got != r.site.URL+r.site.Base+rest {
			return "location " + got
		}
	case "contains":
		if !strings.Contains(r.body, rest) {
			return "body lacks " + rest
		}
	case "lacks":
		if strings.Contains(r.body, rest) {
			return "body holds " + rest
		}
	case "match":
		if !regexp.MustCompile("(?s)" + rest).MatchString(r.body) {
			return "body does not match " + rest
		}
	default:
		return "unknown line " + verb
	}
	return ""
}

func (r *run) excerpt() string {
	if len(r.body) > 1500 {
		return r.body[:1500] + " …"
	}
	return r.body
}
