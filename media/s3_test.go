package media_test

import (
	"errors"
	"io"
	"strings"
	"sync"
	"testing"
	"testing/iotest"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"

	"github.com/songfa/songfa/internal/errs"
	"github.com/songfa/songfa/media"
	"github.com/songfa/songfa/media/mediatest"
)

func openS3(t testing.TB, server *mediatest.MinIO, bucket string) media.Store {
	t.Helper()
	s, err := media.Open(server.URL(bucket), "")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// client talks to the server past the store under test.
func client(t testing.TB, server *mediatest.MinIO) minio.Core {
	t.Helper()
	c, err := minio.NewCore(server.Addr, &minio.Options{Creds: credentials.NewStaticV4(server.Key, server.Secret, "")})
	if err != nil {
		t.Fatal(err)
	}
	return *c
}

func TestS3(t *testing.T) {
	server := mediatest.StartMinIO(t)
	mediatest.Run(t, func(t *testing.T) media.Store { return openS3(t, server, server.NewBucket()) })

	t.Run("InterruptedPutLeavesNoParts", func(t *testing.T) {
		bucket := server.NewBucket()
		s := openS3(t, server, bucket)
		source := io.MultiReader(strings.NewReader(strings.Repeat("x", 2*media.PartSize)), iotest.ErrReader(errors.New("cut")))
		if err := s.Put(t.Context(), "k", source); err == nil {
			t.Fatal("no error")
		}
		left, err := client(t, server).ListMultipartUploads(t.Context(), bucket, "k", "", "", "", 100)
		if err != nil || len(left.Uploads) != 0 {
			t.Errorf("left %d uploads, %v", len(left.Uploads), err)
		}
	})

	t.Run("WrongSecret", func(t *testing.T) {
		s, err := media.OpenS3(media.S3Config{Endpoint: server.Addr, Key: server.Key, Secret: "wrong", Bucket: "media"})
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		if err := s.Ping(t.Context()); !errs.Is(err, errs.Unavailable) || !strings.Contains(errs.MessageOf(err), "密钥") {
			t.Errorf("ping: %v: %s", err, errs.MessageOf(err))
		}
		if err := s.Put(t.Context(), "k", strings.NewReader("x")); !errs.Is(err, errs.Unavailable) || !strings.Contains(errs.MessageOf(err), "密钥") {
			t.Errorf("put: %v: %s", err, errs.MessageOf(err))
		}
	})

	t.Run("ListMoreThanOnePage", func(t *testing.T) {
		bucket := server.NewBucket()
		s := openS3(t, server, bucket)
		if err := s.Put(t.Context(), "seed", strings.NewReader("x")); err != nil {
			t.Fatal(err)
		}
		core := client(t, server)
		const more = 1001
		for i := range more {
			name := "p/" + strings.Repeat("a", 1+i%100) + "/" + strings.Repeat("b", 1+i/100)
			if _, err := core.PutObject(t.Context(), bucket, name, strings.NewReader(""), 0, "", "", minio.PutObjectOptions{}); err != nil {
				t.Fatal(err)
			}
		}
		n := 0
		for _, err := range s.List(t.Context(), "p/") {
			if err != nil {
				t.Fatal(err)
			}
			n++
		}
		if n != more {
			t.Errorf("listed %d, want %d", n, more)
		}
	})
}

// attempts are all the ways to ask a store for something.
func attempts(t *testing.T, s media.Store) map[string]func() error {
	return map[string]func() error{
		"put":       func() error { return s.Put(t.Context(), "new", strings.NewReader("x")) },
		"put large": func() error { return s.Put(t.Context(), "new", strings.NewReader(strings.Repeat("x", 20<<20))) },
		"open": func() error {
			body, _, err := s.Open(t.Context(), "k", media.Range{})
			if err == nil {
				body.Close()
			}
			return err
		},
		"stat":   func() error { _, err := s.Stat(t.Context(), "k"); return err },
		"delete": func() error { return s.Delete(t.Context(), "other") },
		"list": func() error {
			for _, err := range s.List(t.Context(), "") {
				return err
			}
			return nil
		},
		"ping": func() error { return s.Ping(t.Context()) },
	}
}

// wantAway runs fn, which must say within the limit that the store is away.
func wantAway(t *testing.T, what string, limit time.Duration, fn func() error) {
	t.Helper()
	began := time.Now()
	err := fn()
	took := time.Since(began)
	if !errs.Is(err, errs.Unavailable) || !strings.Contains(errs.MessageOf(err), "素材存储暂时连接不上") {
		t.Errorf("%s: %v (%v), want Unavailable with its sentence", what, err, errs.KindOf(err))
	}
	if took > limit {
		t.Errorf("%s: answered after %v, want at most %v", what, took, limit)
	}
	t.Logf("%s: answered after %v", what, took.Round(time.Millisecond))
}

// eventually repeats fn until it succeeds: the breaker rests between its probes.
func eventually(t *testing.T, what string, fn func() error) {
	t.Helper()
	deadline := time.Now().Add(20 * time.Second)
	for {
		err := fn()
		if err == nil {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("%s: still %v", what, err)
		}
		time.Sleep(20 * time.Millisecond)
	}
}

func TestS3Dead(t *testing.T) {
	t.Parallel()
	server := mediatest.StartMinIO(t)
	bucket := server.NewBucket()
	warm := openS3(t, server, bucket)
	if err := warm.Put(t.Context(), "k", strings.NewReader("kept")); err != nil {
		t.Fatal(err)
	}
	server.Kill()
	// The goal is 300 ms; the rest is for a busy machine.
	for what, fn := range attempts(t, openS3(t, server, bucket)) {
		wantAway(t, what+" at first", time.Second, fn)
	}
	for what, fn := range attempts(t, warm) {
		wantAway(t, what, time.Second, fn)
	}
	server.Restart()
	eventually(t, "stat after restart", attempts(t, warm)["stat"])
	for what, fn := range attempts(t, warm) {
		if err := fn(); err != nil {
			t.Errorf("%s after restart: %v", what, err)
		}
	}
}

func TestS3Frozen(t *testing.T) {
	t.Parallel()
	server := mediatest.StartMinIO(t)
	bucket := server.NewBucket()
	s := openS3(t, server, bucket)
	if err := s.Put(t.Context(), "k", strings.NewReader("kept")); err != nil {
		t.Fatal(err)
	}
	server.Freeze()
	var wg sync.WaitGroup
	for what := range attempts(t, s) {
		fresh := openS3(t, server, bucket) // whose breaker knows nothing yet
		wg.Go(func() { wantAway(t, what+" at first", 5*time.Second, attempts(t, fresh)[what]) })
	}
	wg.Wait()
	wantAway(t, "stat", 5*time.Second, attempts(t, s)["stat"])
	for what, fn := range attempts(t, s) {
		wantAway(t, what+" once more", time.Second, fn)
	}
	server.Thaw()
	eventually(t, "stat after thaw", attempts(t, s)["stat"])
}

// The server stops in the middle of an answer.
func TestS3FrozenWhileSending(t *testing.T) {
	t.Parallel()
	server := mediatest.StartMinIO(t)
	s := openS3(t, server, server.NewBucket())
	if err := s.Put(t.Context(), "k", strings.NewReader(strings.Repeat("x", 32<<20))); err != nil {
		t.Fatal(err)
	}
	body, _, err := s.Open(t.Context(), "k", media.Range{})
	if err != nil {
		t.Fatal(err)
	}
	defer body.Close()
	server.Freeze()
	wantAway(t, "read", 5*time.Second, func() error { _, err := io.Copy(io.Discard, body); return err })
	wantAway(t, "stat after it", time.Second, attempts(t, s)["stat"])
	server.Thaw()
}

// The server stops in the middle of an upload, with full buffers on the way.
func TestS3FrozenWhileReceiving(t *testing.T) {
	t.Parallel()
	server := mediatest.StartMinIO(t)
	s := openS3(t, server, server.NewBucket())
	frozen := false
	source := io.MultiReader(strings.NewReader(strings.Repeat("x", media.PartSize)), readerFunc(func(p []byte) (int, error) {
		if !frozen {
			server.Freeze()
			frozen = true
		}
		return len(p), nil
	}))
	wantAway(t, "put", 5*time.Second, func() error { return s.Put(t.Context(), "k", source) })
	server.Thaw()
	eventually(t, "nothing was kept", func() error {
		if _, err := s.Stat(t.Context(), "k"); !errs.Is(err, errs.NotFound) {
			return errors.Join(err, errors.New("not yet NotFound"))
		}
		return nil
	})
}

type readerFunc func([]byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }

func TestParseS3URL(t *testing.T) {
	got, err := media.ParseS3URL("s3://key:se%2Fcr%40et@127.0.0.1:9000/media?tls=false&region=cn-north-1")
	want := media.S3Config{Endpoint: "127.0.0.1:9000", Key: "key", Secret: "se/cr@et", Bucket: "media", Region: "cn-north-1"}
	if err != nil || got != want {
		t.Errorf("got %+v, %v", got, err)
	}
	if got, err := media.ParseS3URL("s3://k:s@oss.example.cn/b"); err != nil || !got.TLS {
		t.Errorf("TLS is off by default: %+v, %v", got, err)
	}
	for _, bad := range []string{
		"s3://", "s3://host/bucket", "s3://key@host/bucket", "s3://k:secret@host", "s3://k:secret@host/a/b",
		"s3://k:secret@host/b?tls=perhaps", "s3://k:sec%ret@host/b", "s3://:secret@host/b",
	} {
		_, err := media.ParseS3URL(bad)
		if !errs.Is(err, errs.Invalid) || strings.Contains(err.Error()+errs.MessageOf(err), "sec") {
			t.Errorf("%s: %v: %s", bad, err, errs.MessageOf(err))
		}
	}
}

func TestOpenRefusesBadAddresses(t *testing.T) {
	for _, bad := range []string{"s3://k:s@h/B", "s3://k:s@h/ab", "ftp://h/x"} {
		if _, err := media.Open(bad, t.TempDir()); !errs.Is(err, errs.Invalid) {
			t.Errorf("%s: %v", bad, err)
		}
	}
}

func TestDescribeHidesTheSecret(t *testing.T) {
	for in, want := range map[string]string{
		"s3://key:secret@h:9000/b?tls=false": "s3://***:***@h:9000/b?tls=false",
		"s3://key:sec%ret@h/b":               "s3://(unreadable)",
		"/var/lib/songfa/media":              "/var/lib/songfa/media",
		"":                                   "",
	} {
		if got := media.Describe(in); got != want {
			t.Errorf("%q is described as %q, want %q", in, got, want)
		}
	}
}
