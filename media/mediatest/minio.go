package mediatest

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

// MinIO is a server on loopback with a folder that goes with the test.
type MinIO struct {
	Addr   string // host:port
	Key    string
	Secret string

	t       testing.TB
	binary  string
	dir     string
	cmd     *exec.Cmd
	exited  chan struct{}
	output  *bytes.Buffer // of the process; read it only after exited
	buckets atomic.Int64
}

// StartMinIO starts a server and returns when it is ready. It ends with the test.
func StartMinIO(t testing.TB) *MinIO {
	t.Helper()
	m := &MinIO{Key: "songfa-test", Secret: "songfa-test-secret", t: t, binary: findMinIO(t), dir: t.TempDir()}
	t.Cleanup(m.Kill)
	for try := 1; ; try++ {
		m.Addr = freeAddr(t)
		err := m.start()
		if err == nil {
			return m
		}
		m.Kill()
		if try == 3 { // another process may take the port first
			t.Fatalf("start minio: %v\n%s", err, m.output)
		}
	}
}

func findMinIO(t testing.TB) string {
	t.Helper()
	home, _ := os.UserHomeDir() // "" is fine: then there is no such file
	for _, name := range []string{os.Getenv("SONGFA_TEST_MINIO"), "minio", filepath.Join(home, ".cache/songfa-test/bin/minio")} {
		if path, err := exec.LookPath(name); name != "" && err == nil {
			return path
		}
	}
	const hint = "no MinIO server: set SONGFA_TEST_MINIO to its binary, or let `make test` install it"
	if cmp.Or(os.Getenv("CI"), os.Getenv("SONGFA_TEST_REQUIRE")) != "" {
		t.Fatal(hint)
	}
	t.Skip(hint)
	return ""
}

func freeAddr(t testing.TB) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

func (m *MinIO) start() error {
	m.output = new(bytes.Buffer)
	m.cmd = exec.Command(m.binary, "server", "--quiet", "--address", m.Addr, m.dir)
	m.cmd.Env = []string{
		"HOME=" + m.dir, "MINIO_ROOT_USER=" + m.Key, "MINIO_ROOT_PASSWORD=" + m.Secret,
		"MINIO_BROWSER=off", "MINIO_UPDATE=off", "MINIO_CI_CD=1", // it else refuses the system's disk
	}
	m.cmd.Stdout, m.cmd.Stderr = m.output, m.output
	if err := m.cmd.Start(); err != nil {
		return err
	}
	m.exited = make(chan struct{})
	go func() {
		_ = m.cmd.Wait() // how it ended is in its output
		close(m.exited)
	}()
	return m.awaitReady()
}

func (m *MinIO) awaitReady() error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	client := &http.Client{Timeout: 5 * time.Second, Transport: &http.Transport{DisableKeepAlives: true}}
	poll := time.NewTicker(20 * time.Millisecond)
	defer poll.Stop()
	for {
		res, err := client.Get("http://" + m.Addr + "/minio/health/cluster")
		if err == nil {
			res.Body.Close()
			if res.StatusCode == http.StatusOK {
				return nil
			}
		}
		select {
		case <-poll.C:
		case <-m.exited:
			return errors.New("it ended at once")
		case <-ctx.Done():
			return fmt.Errorf("not ready after a minute: %v", err)
		}
	}
}

// URL is the media address of a bucket, which need not exist.
func (m *MinIO) URL(bucket string) string {
	u := url.URL{Scheme: "s3", User: url.UserPassword(m.Key, m.Secret), Host: m.Addr, Path: "/" + bucket, RawQuery: "tls=false"}
	return u.String()
}

// NewBucket names a bucket nobody has used, which does not exist yet.
func (m *MinIO) NewBucket() string {
	return fmt.Sprintf("songfa-%d", m.buckets.Add(1))
}

// Freeze stops the process in its tracks: it still holds its connections. The
// signal takes a moment to reach every thread, so Freeze asks until silence.
func (m *MinIO) Freeze() {
	m.t.Helper()
	m.signal(syscall.SIGSTOP)
	client := &http.Client{Timeout: 100 * time.Millisecond, Transport: &http.Transport{DisableKeepAlives: true}}
	for deadline := time.Now().Add(10 * time.Second); time.Now().Before(deadline); {
		res, err := client.Get("http://" + m.Addr + "/minio/health/live")
		if err != nil {
			return
		}
		res.Body.Close()
	}
	m.t.Fatal("minio still answers after SIGSTOP")
}

// Thaw lets it go on.
func (m *MinIO) Thaw() { m.signal(syscall.SIGCONT) }

func (m *MinIO) signal(s os.Signal) {
	m.t.Helper()
	if err := m.cmd.Process.Signal(s); err != nil {
		m.t.Fatal(err)
	}
}

// Kill ends the process at once, as a power cut would.
func (m *MinIO) Kill() {
	if m.cmd == nil || m.cmd.Process == nil {
		return
	}
	_ = m.cmd.Process.Kill() // it may have ended already
	<-m.exited
}

// Restart starts it again at the same address with the same data.
func (m *MinIO) Restart() {
	m.t.Helper()
	m.Kill()
	if err := m.start(); err != nil {
		m.t.Fatalf("restart minio: %v\n%s", err, strings.TrimSpace(m.output.String()))
	}
}
