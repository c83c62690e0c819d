package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestSecondStart starts an installation of 1,000 documents again. The promise
// is one second; a machine that runs other tests beside this gets three.
func TestSecondStart(t *testing.T) {
	if testing.Short() {
		t.Skip("starts servers")
	}
	n := newNode(t)
	n.songfa("import", "--publish", guideTree(t, 1000))
	n.start()
	if !eventually(60*time.Second, func() bool { return n.finds("第998号指南", "/guides/nr-998") }) {
		t.Fatal("the index does not catch up")
	}
	n.stop()
	begun := time.Now()
	n.start()
	took := time.Since(begun)
	if !n.shows("/guides/nr-7", "第7号") || !n.finds("第998号指南", "/guides/nr-998") {
		t.Error("it is ready and does not answer")
	}
	t.Logf("ready with 1,000 documents after %v", took)
	if took > 3*time.Second {
		t.Errorf("it took %v to be ready", took)
	}
}

// guideTree writes a content tree of so many guides.
func guideTree(t *testing.T, count int) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "guides"), 0o755); err != nil {
		t.Fatal(err)
	}
	for i := range count {
		text := fmt.Sprintf("---\ntitle: 第%[1]d号指南\nslug: nr-%[1]d\nanswer: 先留证据。\nsources: [《劳动合同法》第%[2]d条]\nchecked: 2026-11-01\n---\n\n## 第一步\n\n这是第%[1]d号。%[3]s\n",
			i, 1+i%98, strings.Repeat("用人单位拖欠工资的，可以向劳动监察部门投诉。", 20))
		if err := os.WriteFile(filepath.Join(dir, "guides", fmt.Sprintf("nr-%d.md", i)), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// TestShutdown: SIGTERM lets finish what runs, refuses what is new, and does
// not wait for connections on which nothing runs.
func TestShutdown(t *testing.T) {
	if testing.Short() {
		t.Skip("starts servers")
	}
	n := newNode(t)
	large := bytes.Repeat([]byte("送法进企业，法律进工地。\n"), 40<<20/37)
	address := importFile(t, n, large)
	n.start()

	idle := dial(t, n)
	defer idle.Close()
	if res := idle.ask(t, "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"); res.StatusCode != http.StatusOK {
		t.Fatalf("healthz answers %d", res.StatusCode)
	}
	download, err := http.Get(n.url + address) // far more than the sockets hold, so it is under way until we read
	if err != nil {
		t.Fatal(err)
	}
	defer download.Body.Close()
	login := url.Values{"name": {"nobody"}, "password": {"wrong"}}.Encode()
	form := dial(t, n)
	defer form.Close()
	if res := form.ask(t, fmt.Sprintf("POST /admin/login HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n\r\n", len(login))); res.StatusCode != http.StatusContinue {
		t.Fatalf("the form is answered with %d", res.StatusCode)
	}
	form.send(t, login[:5]) // the server has begun to read it

	n.terminate()
	if !eventually(5*time.Second, func() bool { return !accepts(n) }) {
		t.Error("it still takes new connections")
	}
	form.send(t, login[5:])
	if res := form.read(t); res.StatusCode != http.StatusForbidden { // the token is missing, which only the handler can say
		t.Errorf("the form under way is answered with %d", res.StatusCode)
	}
	got, err := io.ReadAll(download.Body)
	if err != nil || !bytes.Equal(got, large) {
		t.Errorf("the download under way ended after %d of %d bytes: %v", len(got), len(large), err)
	}
	n.awaitEnd()
	n.songfa("check")
}

// TestSecondSignal: who cannot wait for what is under way asks again.
func TestSecondSignal(t *testing.T) {
	if testing.Short() {
		t.Skip("starts servers")
	}
	n := newNode(t)
	address := importFile(t, n, bytes.Repeat([]byte("送法进企业，法律进工地。\n"), 40<<20/37))
	n.start()
	download, err := http.Get(n.url + address)
	if err != nil {
		t.Fatal(err)
	}
	defer download.Body.Close()
	n.terminate()
	if !eventually(5*time.Second, func() bool { return !accepts(n) }) {
		t.Fatal("it does not shut down")
	}
	n.terminate()
	select {
	case <-n.exited:
	case <-time.After(5 * time.Second):
		t.Fatal("it does not end")
	}
}

// importFile brings in one attachment and returns its address.
func importFile(t *testing.T, n *node, content []byte) (address string) {
	t.Helper()
	dir := guideTree(t, 0)
	for name, text := range map[string][]byte{
		"guides/gai.md": []byte("---\ntitle: 附件\nanswer: 附件。\nsources: [《劳动合同法》第三十条]\nchecked: 2026-11-01\nattachments: [{file: da.txt, name: 大文件}]\n---\n\n正文\n"),
		"guides/da.txt": content,
	} {
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	n.songfa("import", "--publish", dir)
	n.start()
	defer n.stop()
	_, page, err := n.get("/guides/gai")
	_, rest, _ := strings.Cut(page, `href="/media/`)
	address, _, ok := strings.Cut(rest, `"`)
	if err != nil || !ok {
		t.Fatalf("no attachment on the page: %v\n%s", err, page)
	}
	return "/media/" + address
}

// rawConn speaks HTTP by hand, to stop in the middle of a request.
type rawConn struct {
	net.Conn
	r *bufio.Reader
}

func dial(t *testing.T, n *node) rawConn {
	t.Helper()
	c, err := net.Dial("tcp", strings.TrimPrefix(n.url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	if err := c.SetDeadline(time.Now().Add(time.Minute)); err != nil {
		t.Fatal(err)
	}
	return rawConn{c, bufio.NewReader(c)}
}

func (c rawConn) send(t *testing.T, text string) {
	t.Helper()
	if _, err := io.WriteString(c, text); err != nil {
		t.Fatal(err)
	}
}

func (c rawConn) read(t *testing.T) *http.Response {
	t.Helper()
	res, err := http.ReadResponse(c.r, nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(io.Discard, res.Body); err != nil {
		t.Fatal(err)
	}
	return res
}

func (c rawConn) ask(t *testing.T, text string) *http.Response {
	t.Helper()
	c.send(t, text)
	return c.read(t)
}

// accepts reports whether the server takes a new connection.
func accepts(n *node) bool {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	c, err := (&net.Dialer{}).DialContext(ctx, "tcp", strings.TrimPrefix(n.url, "http://"))
	if err != nil {
		return false
	}
	c.Close()
	return true
}
