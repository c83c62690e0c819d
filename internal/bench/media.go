package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"sync"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
)

// Sizes of what is served: a picture of a phone and a film.
const (
	smallObject = 200 << 10
	largeObject = 50 << 20
)

// media compares files that come through songfa from MinIO with MinIO itself,
// and looks at songfa's memory with a gigabyte on its way.
func (b *bench) media(ctx context.Context) error {
	store, err := b.startMinIO(ctx)
	if errors.Is(err, exec.ErrNotFound) {
		fmt.Println("media: skipped, no MinIO server (SONGFA_TEST_MINIO)")
		return nil
	}
	if err != nil {
		return err
	}
	defer store.stop()
	page, songfa, err := b.serveMedia(ctx, store)
	if err != nil {
		return err
	}
	defer songfa.stop()
	direct, err := store.addresses(ctx)
	if err != nil {
		return err
	}
	for _, v := range []struct {
		label, name  string
		size         int
		conns, burst int
	}{
		{"media, 200 KB", "small.pdf", smallObject, 32, 1},
		{"media, 50 MB", "large.pdf", largeObject, 4, 2},
	} {
		path := regexp.MustCompile(`/media/[0-9a-f]{64}/` + v.name).Find(page)
		if path == nil || direct[v.size] == "" {
			return fmt.Errorf("%s is not on the page or in the bucket", v.name)
		}
		l := load{conns: v.conns, time: b.burst * time.Duration(v.burst)}
		ours, theirs := l, l
		ours.url, theirs.url = songfa.url+string(path), direct[v.size]
		if err := b.compare(ctx, v.label, "of MinIO direct", side{songfa.process, ours}, side{store.process, theirs}); err != nil {
			return err
		}
		if v.size == largeObject {
			return b.streamMany(songfa, ours.url)
		}
	}
	return nil
}

// streamMany reads a gigabyte of large objects at once, slowly enough for all to
// be on their way together.
func (b *bench) streamMany(s *server, url string) error {
	before, err := s.memory("VmRSS")
	if err != nil {
		return err
	}
	var wg sync.WaitGroup
	failed := make(chan error, 20)
	for range cap(failed) {
		wg.Go(func() {
			body, err := http.Get(url)
			if err != nil {
				failed <- err
				return
			}
			defer body.Body.Close()
			buf := make([]byte, 256<<10)
			for err == nil {
				_, err = body.Body.Read(buf)
			}
		})
	}
	wg.Wait()
	select {
	case err := <-failed:
		return err
	default:
	}
	most, err := s.memory("VmHWM")
	if err != nil {
		return err
	}
	b.row("media, 20 files of 50 MB at once", fmt.Sprintf("%d MB at most", most>>20), fmt.Sprintf("%d MB before", before>>20))
	return nil
}

// bucket is a MinIO server of our own.
type bucket struct {
	*server
	client *minio.Client
}

const (
	minioUser, minioSecret = "songfa", "songfa-bench"
	bucketName             = "songfa"
)

func (b *bench) startMinIO(ctx context.Context) (*bucket, error) {
	binary := os.Getenv("SONGFA_TEST_MINIO")
	if binary == "" {
		return nil, exec.ErrNotFound
	}
	dir, err := b.dir("minio")
	if err != nil {
		return nil, err
	}
	address, err := freeAddress()
	if err != nil {
		return nil, err
	}
	p, err := start(ctx, b.tmp, "env", "MINIO_ROOT_USER="+minioUser, "MINIO_ROOT_PASSWORD="+minioSecret, "MINIO_CI_CD=1",
		binary, "server", "--quiet", "--address", address, dir)
	if err != nil {
		return nil, err
	}
	s := &server{p, "http://" + address}
	if err := s.wait(ctx, "/minio/health/cluster"); err != nil {
		return nil, errors.Join(err, s.stop())
	}
	client, err := minio.New(address, &minio.Options{Creds: credentials.NewStaticV4(minioUser, minioSecret, ""), Region: "us-east-1"})
	return &bucket{s, client}, err
}

// addresses are the signed addresses of the objects, by size.
func (b *bucket) addresses(ctx context.Context) (map[int]string, error) {
	found := map[int]string{}
	for o := range b.client.ListObjects(ctx, bucketName, minio.ListObjectsOptions{Recursive: true}) {
		if o.Err != nil {
			return nil, o.Err
		}
		u, err := b.client.PresignedGetObject(ctx, bucketName, o.Key, time.Hour, nil)
		if err != nil {
			return nil, err
		}
		found[int(o.Size)] = u.String()
	}
	return found, nil
}

// serveMedia imports a page with two files and serves it; it returns the page.
func (b *bench) serveMedia(ctx context.Context, store *bucket) (page []byte, s *server, err error) {
	data, err := b.dir("media")
	if err != nil {
		return nil, nil, err
	}
	tree, err := b.dir("media-tree/news")
	if err != nil {
		return nil, nil, err
	}
	rnd := rand.NewChaCha8([32]byte{})
	for name, size := range map[string]int{"small.pdf": smallObject, "large.pdf": largeObject} {
		body := make([]byte, size)
		rnd.Read(body)
		copy(body, "%PDF-1.7\n")
		if err := os.WriteFile(filepath.Join(tree, name), body, 0o600); err != nil {
			return nil, nil, err
		}
	}
	text := "---\ntitle: 普法材料下载\nslug: bench-media\nattachments:\n  - {file: small.pdf, name: 小}\n  - {file: large.pdf, name: 大}\n---\n\n材料见附件。\n"
	if err := os.WriteFile(filepath.Join(tree, "bench-media.md"), []byte(text), 0o600); err != nil {
		return nil, nil, err
	}
	address := "s3://" + minioUser + ":" + minioSecret + "@" + store.url[len("http://"):] + "/" + bucketName + "?tls=false"
	p, err := start(ctx, b.tmp, b.songfa, "import", "--publish", "--data", data, "--media-url", address, filepath.Dir(tree))
	if err != nil {
		return nil, nil, err
	}
	if err := p.finish(); err != nil {
		return nil, nil, err
	}
	_, rss := p.used()
	b.row("media, upload of 50 MB by import", fmt.Sprintf("%d MB at most", rss>>20), "whole process")
	s, err = serve(ctx, b.tmp, "/readyz", b.songfa, "serve", "--data", data, "--media-url", address)
	if err != nil {
		return nil, nil, err
	}
	page, err = fetch(s.url+"/news/bench-media", "identity")
	if err != nil {
		err = errors.Join(err, s.stop())
	}
	return page, s, err
}
