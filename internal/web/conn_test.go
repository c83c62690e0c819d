package web_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/songfa/songfa/internal/web"
)

// soon is a time-out for tests; patience is how long they wait for its effect
// before they fail.
const (
	soon     = 100 * time.Millisecond
	patience = 20 * time.Second
)

func dial(t *testing.T, st *site) net.Conn {
	t.Helper()
	host, _, _ := strings.Cut(strings.TrimPrefix(st.url, "http://"), "/")
	c, err := net.Dial("tcp", host)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	if err := c.SetDeadline(time.Now().Add(patience)); err != nil {
		t.Fatal(err)
	}
	return c
}

func send(t *testing.T, c net.Conn, text string) {
	t.Helper()
	if _, err := io.WriteString(c, text); err != nil {
		t.Fatal(err)
	}
}

// refused checks an answer that the server gives before any handler runs.
func refused(t *testing.T, c net.Conn, status int, sentence string) {
	t.Helper()
	resp, err := http.ReadResponse(bufio.NewReader(c), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	id := resp.Header.Get("X-Request-Id")
	if err != nil || resp.StatusCode != status || !strings.Contains(string(body), sentence) || id == "" || !strings.Contains(string(body), id) {
		t.Errorf("%d %q, %v; want %d %s", resp.StatusCode, body, err, status, sentence)
	}
	if resp.Header.Get("X-Content-Type-Options") != "nosniff" || resp.Header.Get("Content-Security-Policy") == "" || resp.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("headers %v", resp.Header)
	}
}

func TestWhoSendsSlowlyIsCutOff(t *testing.T) {
	st := startWith(t, "", web.Timeouts{Read: soon})
	for what, part := range map[string]string{
		"header": "GET /page HTTP/1.1\r\nHost: songfa.test\r\nX-Slow: ",
		"body":   "POST /form HTTP/1.1\r\nHost: songfa.test\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 100\r\n\r\nname=",
	} {
		t.Run(what, func(t *testing.T) {
			c := dial(t, st)
			send(t, c, part)
			refused(t, c, http.StatusRequestTimeout, "网络太慢")
			if _, err := c.Read(make([]byte, 1)); err == nil {
				t.Error("the connection is not closed")
			}
		})
	}
}

func TestWhoSaysNothingIsCutOff(t *testing.T) {
	st := startWith(t, "", web.Timeouts{Idle: soon})
	c := dial(t, st)
	send(t, c, "GET /asset HTTP/1.1\r\nHost: songfa.test\r\n\r\n")
	r := bufio.NewReader(c)
	resp, err := http.ReadResponse(r, nil)
	if err != nil || resp.StatusCode != http.StatusOK || resp.Close {
		t.Fatalf("%+v, %v", resp, err)
	}
	if _, err := io.Copy(io.Discard, resp.Body); err != nil {
		t.Fatal(err)
	}
	if b, err := r.ReadByte(); err != io.EOF {
		t.Errorf("after the answer comes %q, %v, want the end", b, err)
	}
}

// endless never runs out and tells when the server has had enough.
type endless struct {
	once   sync.Once
	closed chan struct{}
}

func (e *endless) Read(p []byte) (int, error) { return len(p), nil }
func (e *endless) Close() error {
	e.once.Do(func() { close(e.closed) })
	return nil
}

func TestWhoDoesNotReadIsCutOff(t *testing.T) {
	st := startWith(t, "", web.Timeouts{Write: soon})
	c := dial(t, st)
	send(t, c, "GET /endless HTTP/1.1\r\nHost: songfa.test\r\n\r\n")
	select {
	case <-st.endless.closed:
	case <-time.After(patience):
		t.Error("the server still writes to somebody who does not read")
	}
}

func TestTooLargeHeadersAreRefusedWithASentence(t *testing.T) {
	st := start(t, "")
	c := dial(t, st)
	send(t, c, "GET /page?q="+strings.Repeat("x", 15<<10)+" HTTP/1.1\r\nHost: songfa.test\r\nX-Long: "+strings.Repeat("x", 2<<10)+"\r\n\r\n")
	refused(t, c, http.StatusRequestHeaderFieldsTooLarge, "太长")
}

func TestTooLargeBodiesAreRefusedWithASentence(t *testing.T) {
	st := start(t, "")
	c := dial(t, st)
	send(t, c, "POST /form HTTP/1.1\r\nHost: songfa.test\r\nContent-Type: text/plain\r\nContent-Length: 20000000\r\n\r\n")
	refused(t, c, http.StatusRequestEntityTooLarge, "太大")
}

func TestLargeBodiesAreForThoseWithTheCookie(t *testing.T) {
	st := start(t, "/sfj/pufa")
	for _, c := range []struct {
		path, cookie string
		size, want   int
	}{
		{"/photos", "guest=signed", 2 << 20, http.StatusOK},
		{"/photos", "guest=forged", 2 << 20, http.StatusRequestEntityTooLarge},
		{"/photos", "", 2 << 20, http.StatusRequestEntityTooLarge},
		{"/photos", "guest=signed", 4 << 20, http.StatusRequestEntityTooLarge},
		{"/form", "guest=signed", 2 << 20, http.StatusRequestEntityTooLarge},
	} {
		if c.want != http.StatusOK { // refused by the header: who sent the body would race the closing of the line
			conn := dial(t, st)
			send(t, conn, fmt.Sprintf("POST /sfj/pufa%s HTTP/1.1\r\nHost: songfa.test\r\nCookie: %s\r\nContent-Type: text/plain\r\nContent-Length: %d\r\n\r\n", c.path, c.cookie, c.size))
			refused(t, conn, c.want, "太大")
			continue
		}
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, st.url+c.path, io.LimitReader(zeros{}, int64(c.size)))
		if err != nil {
			t.Fatal(err)
		}
		req.ContentLength = int64(c.size)
		req.Header.Set("Cookie", c.cookie)
		resp, err := (&http.Client{Transport: &http.Transport{}}).Do(req)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if resp.StatusCode != c.want {
			t.Errorf("%d bytes to %s with %q: %d, want %d", c.size, c.path, c.cookie, resp.StatusCode, c.want)
		}
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { return len(p), nil }
