package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"golang.org/x/net/html"
)

// node is songfa in a process of its own, which a test may kill.
type node struct {
	t    testing.TB
	data string
	url  string
	env  []string

	cmd    *exec.Cmd
	output *syncBuffer
	exited chan struct{}
}

// newNode prepares an installation without starter content; env are settings
// beside those of the embedded mode.
func newNode(t testing.TB, env ...string) *node {
	t.Helper()
	addr, err := freeAddr()
	if err != nil {
		t.Fatal(err)
	}
	n := &node{t: t, data: t.TempDir(), url: "http://" + addr, output: &syncBuffer{}}
	n.write("songfa.toml", "[site]\nempty = true\n")
	n.env = append([]string{"PATH=" + os.Getenv("PATH"), "HOME=" + n.data, "TMPDIR=" + t.TempDir(),
		"SONGFA_DATA=" + n.data, "SONGFA_LISTEN=" + addr, "SONGFA_ADMIN_PASSWORD=" + testPassword}, env...)
	t.Cleanup(func() {
		n.kill()
		if t.Failed() {
			t.Logf("%s\n%s", n.url, n.output.String())
		}
	})
	return n
}

// write puts a file into the data directory.
func (n *node) write(name, text string) {
	n.t.Helper()
	if err := os.WriteFile(filepath.Join(n.data, name), []byte(text), 0o600); err != nil {
		n.t.Fatal(err)
	}
}

// songfa runs a command on the installation and returns what it says.
func (n *node) songfa(args ...string) string {
	n.t.Helper()
	cmd := exec.Command("songfa", args...)
	cmd.Env = n.env
	out, err := cmd.CombinedOutput()
	if err != nil {
		n.t.Fatalf("songfa %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return string(out)
}

// launch starts the server and does not wait for it.
func (n *node) launch() {
	n.t.Helper()
	n.cmd = exec.Command("songfa", "serve")
	n.cmd.Env = n.env
	n.cmd.Stdout, n.cmd.Stderr = n.output, n.output
	if err := n.cmd.Start(); err != nil {
		n.t.Fatal(err)
	}
	n.exited = make(chan struct{})
	go func(cmd *exec.Cmd, exited chan struct{}) {
		_ = cmd.Wait() // how it ended is in ProcessState
		close(exited)
	}(n.cmd, n.exited)
}

// awaitReady returns when the server would be sent readers.
func (n *node) awaitReady() {
	n.t.Helper()
	ready := eventually(30*time.Second, func() bool {
		res, err := http.Get(n.url + "/readyz")
		if err == nil {
			res.Body.Close()
		}
		return err == nil && res.StatusCode == http.StatusOK || !n.running()
	})
	if !ready || !n.running() {
		n.t.Fatalf("%s is not ready", n.url)
	}
}

func (n *node) start() {
	n.t.Helper()
	n.launch()
	n.awaitReady()
}

func (n *node) running() bool {
	select {
	case <-n.exited:
		return false
	default:
		return true
	}
}

// kill is kill -9.
func (n *node) kill() {
	if n.cmd == nil {
		return
	}
	_ = n.cmd.Process.Kill() // it may have ended already
	<-n.exited
}

// terminate asks the server to end, as systemd does.
func (n *node) terminate() {
	n.t.Helper()
	if err := n.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		n.t.Fatal(err)
	}
}

// awaitEnd wants a good end.
func (n *node) awaitEnd() {
	n.t.Helper()
	select {
	case <-n.exited:
	case <-time.After(20 * time.Second):
		n.t.Fatal("it does not end")
	}
	if code := n.cmd.ProcessState.ExitCode(); code != exitGood {
		n.t.Fatalf("it ended with %d", code)
	}
}

func (n *node) stop() {
	n.t.Helper()
	n.terminate()
	n.awaitEnd()
}

// get asks as a reader who has never been here.
func (n *node) get(path string) (status int, body string, err error) {
	res, err := http.Get(n.url + path)
	if err != nil {
		return 0, "", err
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	return res.StatusCode, string(b), err
}

// shows reports whether a page is there and holds a text.
func (n *node) shows(path, text string) bool {
	status, body, err := n.get(path)
	return err == nil && status == http.StatusOK && strings.Contains(body, text)
}

// finds reports whether a search leads to an address. It asks the API: the page
// offers popular guides when there is no hit.
func (n *node) finds(query, address string) bool {
	return n.shows("/api/v1/search?q="+url.QueryEscape(query), address+`"`)
}

// desk is a browser in which user admin is signed in, without JavaScript.
type desk struct {
	client *http.Client
	token  string // of the forms
}

// signIn goes through the door of the staff.
func (n *node) signIn() *desk {
	n.t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		n.t.Fatal(err)
	}
	d := &desk{client: &http.Client{Jar: jar, Timeout: time.Minute, Transport: &http.Transport{MaxIdleConnsPerHost: 16}}}
	n.t.Cleanup(d.client.CloseIdleConnections)
	page, err := d.page(n.url + "/admin/login")
	if err != nil {
		n.t.Fatal(err)
	}
	fields := url.Values{"_token": {page.value("_token")}, "name": {"admin"}, "password": {testPassword}}
	res, err := d.client.PostForm(n.url+"/admin/login", fields)
	if err != nil {
		n.t.Fatal(err)
	}
	res.Body.Close()
	if page, err = d.page(n.url + "/admin/documents/new?kind=guide"); err != nil || page.value("_token") == "" {
		n.t.Fatalf("not signed in: status %d, %v", res.StatusCode, err)
	}
	d.token = page.value("_token")
	return d
}

// formPage is a page with a form, parsed.
type formPage struct{ root *html.Node }

func (d *desk) page(address string) (formPage, error) {
	res, err := d.client.Get(address)
	if err != nil {
		return formPage{}, err
	}
	defer res.Body.Close()
	root, err := html.Parse(res.Body)
	return formPage{root}, err
}

// value is what the field of that name holds; "" without one.
func (p formPage) value(name string) string {
	for e := range p.root.Descendants() {
		if e.Type != html.ElementNode || attribute(e, "name") != name {
			continue
		}
		if e.Data == "textarea" && e.FirstChild != nil {
			return strings.TrimPrefix(e.FirstChild.Data, "\n")
		}
		return attribute(e, "value")
	}
	return ""
}

func attribute(e *html.Node, name string) string {
	for _, a := range e.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

// guide is the form of a guide that is fit for readers.
func (d *desk) guide(slug, title, body string) url.Values {
	return url.Values{"_token": {d.token}, "kind": {"guide"}, "slug": {slug}, "title": {title}, "answer": {"先留证据，再投诉。"},
		"sources": {"《劳动合同法》第三十条"}, "checked": {"2026-11-01"}, "body": {body}}
}

// publish sends the form with the button 发布. Nil means that it was acknowledged.
func (d *desk) publish(n *node, form url.Values) error {
	form.Set("go", "publish")
	client := *d.client
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	res, err := client.PostForm(n.url+"/admin/documents/new", form)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	if res.StatusCode == http.StatusSeeOther && strings.Contains(res.Header.Get("Location"), "done=publish") {
		return nil
	}
	b, err := io.ReadAll(res.Body)
	return fmt.Errorf("publish %s: %d, %v\n%s", form.Get("slug"), res.StatusCode, err, b)
}

// upload sends a picture with the form and returns the answer, whose body text
// shows the picture when it was taken.
func (d *desk) upload(n *node, form url.Values, name string, picture []byte) (status int, page formPage, err error) {
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	form.Set("go", "picture")
	form.Set("alt", "一张图")
	for field, values := range form {
		if err := w.WriteField(field, values[0]); err != nil {
			return 0, page, err
		}
	}
	part, err := w.CreateFormFile("file", name)
	if err != nil {
		return 0, page, err
	}
	if _, err := part.Write(picture); err != nil {
		return 0, page, err
	}
	if err := w.Close(); err != nil {
		return 0, page, err
	}
	res, err := d.client.Post(n.url+"/admin/documents/new", w.FormDataContentType(), &b)
	if err != nil {
		return 0, page, err
	}
	defer res.Body.Close()
	root, err := html.Parse(res.Body)
	return res.StatusCode, formPage{root}, err
}

// inParallel runs fn for 0 … n-1 on some workers, until ctx ends.
func inParallel(ctx context.Context, n, workers int, fn func(i int)) {
	var wg sync.WaitGroup
	next := make(chan int)
	for range workers {
		wg.Go(func() {
			for i := range next {
				fn(i)
			}
		})
	}
	for i := range n {
		select {
		case next <- i:
		case <-ctx.Done():
		}
	}
	close(next)
	wg.Wait()
}
