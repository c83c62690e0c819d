package media

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
	"github.com/minio/minio-go/v7/pkg/s3utils"

	"github.com/songfa/songfa/internal/errs"
)

// partSize is how much of an upload is in memory at a time. Ten thousand parts,
// the most S3 takes, make 80 GB.
const partSize = 8 << 20

// chunkSize is how much of an object on its way to a reader is in memory. Not
// less than what the transport buffers, so that it is read past that buffer.
const chunkSize = 128 << 10

// putTries bounds the attempts of one small put.
const putTries = 4

// S3Config says where the bucket is.
type S3Config struct {
	Endpoint string // host:port
	Key      string
	Secret   string
	Bucket   string
	Region   string // "" is us-east-1, which MinIO also takes
	TLS      bool
}

// ParseS3URL reads s3://KEY:SECRET@host:port/bucket?tls=false&region=…; TLS is on
// unless switched off. Characters like / or @ in the secret are %-encoded.
func ParseS3URL(address string) (S3Config, error) {
	bad := func(what string) error {
		return errs.New(errs.Invalid, "素材地址无法识别（"+what+"），应为 s3://密钥:口令@主机:端口/桶名?tls=false。",
			"parse media url: %s", what)
	}
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "s3" || u.Host == "" {
		return S3Config{}, bad("格式不对，口令中的特殊字符要写成 %XX") // err may show the secret
	}
	secret, ok := u.User.Password()
	if !ok || u.User.Username() == "" || secret == "" {
		return S3Config{}, bad("缺少密钥或口令")
	}
	bucket := strings.Trim(u.Path, "/")
	if bucket == "" || strings.Contains(bucket, "/") {
		return S3Config{}, bad("桶名应是一段")
	}
	q := u.Query()
	tls := true
	if v := q.Get("tls"); v != "" {
		if tls, err = strconv.ParseBool(v); err != nil {
			return S3Config{}, bad("tls 只能是 true 或 false")
		}
	}
	return S3Config{Endpoint: u.Host, Key: u.User.Username(), Secret: secret, Bucket: bucket, Region: q.Get("region"), TLS: tls}, nil
}

// S3 keeps objects in a bucket. Every request is bounded in time, and after a
// server did not answer the next ones fail at once until it does again.
type S3 struct {
	bucket  string
	region  string
	core    minio.Core
	breaker breaker
	buffers sync.Pool // *[]byte of partSize
	chunks  sync.Pool // *[]byte of chunkSize
	close   func()
}

// OpenS3 makes the store without talking to the server; the bucket is made at
// the first Put if it is missing.
func OpenS3(cfg S3Config) (*S3, error) {
	if err := s3utils.CheckValidBucketNameStrict(cfg.Bucket); err != nil {
		return nil, errs.New(errs.Invalid, "素材桶名不合规：应为 3–63 个小写字母、数字或短横线。", "open s3: bucket %q: %w", cfg.Bucket, err)
	}
	if cfg.Region == "" {
		cfg.Region = "us-east-1"
	}
	transport := newTransport()
	client, err := minio.New(cfg.Endpoint, &minio.Options{
		Creds:      credentials.NewStaticV4(cfg.Key, cfg.Secret, ""),
		Secure:     cfg.TLS,
		Region:     cfg.Region, // known: no request to ask for it
		Transport:  transport,
		MaxRetries: 1, // it sleeps between tries; call tries again where that helps
	})
	if err != nil {
		return nil, errs.New(errs.Invalid, "素材地址无法识别，请检查主机和端口。", "open s3: %w", err)
	}
	return &S3{
		bucket: cfg.Bucket, region: cfg.Region, core: minio.Core{Client: client},
		breaker: breaker{now: time.Now},
		buffers: pool(partSize),
		chunks:  pool(chunkSize),
		close:   transport.CloseIdleConnections,
	}, nil
}

func pool(size int) sync.Pool {
	return sync.Pool{New: func() any { b := make([]byte, size); return &b }}
}

// Close implements Store.
func (s *S3) Close() error { s.close(); return nil }

// Put implements Store. What fits one part is one request; more goes up in
// parts, each from memory, so that the server knows every length beforehand.
func (s *S3) Put(ctx context.Context, name string, r io.Reader) (err error) {
	defer errs.Wrap(&err, "put %s", name)
	if err := checkName(name); err != nil {
		return err
	}
	buf := s.buffers.Get().(*[]byte)
	defer s.buffers.Put(buf)
	n, err := io.ReadFull(r, *buf)
	switch {
	case err == nil:
		return s.putParts(ctx, name, *buf, r)
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return s.putSmall(ctx, name, (*buf)[:n])
	}
	return fmt.Errorf("read source: %w", err)
}

func (s *S3) putSmall(ctx context.Context, name string, b []byte) error {
	return s.call(ctx, name, func(ctx context.Context) error {
		err := s.putOnce(ctx, name, b)
		if minio.ToErrorResponse(err).Code != minio.NoSuchBucket {
			return err
		}
		if err := s.makeBucket(ctx); err != nil {
			return err
		}
		return s.putOnce(ctx, name, b)
	})
}

// putOnce tries again when it is refused: a MinIO that is just removing the
// emptied folder of the name says Access Denied, and means "not now".
func (s *S3) putOnce(ctx context.Context, name string, b []byte) (err error) {
	for range putTries {
		_, err = s.core.PutObject(ctx, s.bucket, name, bytes.NewReader(b), int64(len(b)), "", "", minio.PutObjectOptions{})
		if minio.ToErrorResponse(err).Code != minio.AccessDenied {
			return err
		}
	}
	return err
}

func (s *S3) makeBucket(ctx context.Context) error {
	err := s.core.MakeBucket(ctx, s.bucket, minio.MakeBucketOptions{Region: s.region})
	switch minio.ToErrorResponse(err).Code {
	case minio.BucketAlreadyOwnedByYou, minio.BucketAlreadyExists:
		return nil // another node was first
	}
	return err
}

// putParts uploads buf, which is full, and the rest of r.
func (s *S3) putParts(ctx context.Context, name string, buf []byte, r io.Reader) error {
	id, err := s.startParts(ctx, name)
	if err != nil {
		return err
	}
	parts, err := s.sendParts(ctx, name, id, buf, r)
	if err == nil {
		err = s.call(ctx, name, func(ctx context.Context) error {
			_, err := s.core.CompleteMultipartUpload(ctx, s.bucket, name, id, parts, minio.PutObjectOptions{})
			return err
		})
	}
	if err != nil {
		s.abort(ctx, name, id)
	}
	return err
}

func (s *S3) startParts(ctx context.Context, name string) (id string, err error) {
	start := func(ctx context.Context) (err error) {
		id, err = s.core.NewMultipartUpload(ctx, s.bucket, name, minio.PutObjectOptions{})
		return err
	}
	err = s.call(ctx, name, func(ctx context.Context) error {
		err := start(ctx)
		if minio.ToErrorResponse(err).Code != minio.NoSuchBucket {
			return err
		}
		if err := s.makeBucket(ctx); err != nil {
			return err
		}
		return start(ctx)
	})
	return id, err
}

func (s *S3) sendParts(ctx context.Context, name, id string, buf []byte, r io.Reader) (parts []minio.CompletePart, err error) {
	for n := len(buf); n > 0; {
		err := s.call(ctx, name, func(ctx context.Context) error {
			p, err := s.core.PutObjectPart(ctx, s.bucket, name, id, len(parts)+1, bytes.NewReader(buf[:n]), int64(n), minio.PutObjectPartOptions{})
			if err == nil {
				parts = append(parts, minio.CompletePart{PartNumber: p.PartNumber, ETag: p.ETag})
			}
			return err
		})
		if err != nil {
			return nil, err
		}
		n, err = io.ReadFull(r, buf)
		if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
			return nil, fmt.Errorf("read source: %w", err)
		}
	}
	return parts, nil
}

// abort tells the server to forget the parts, also when the caller is gone. If
// the server is away, it forgets them by itself (MinIO after a day).
func (s *S3) abort(ctx context.Context, name, id string) {
	if s.breaker.isOpen() {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), probeTimeout)
	defer cancel()
	_ = s.core.AbortMultipartUpload(ctx, s.bucket, name, id)
}

// Open implements Store. The bytes are streamed; a server that stops in the
// middle makes Read fail with Unavailable.
func (s *S3) Open(ctx context.Context, name string, r Range) (_ io.ReadCloser, info Info, err error) {
	defer errs.Wrap(&err, "open %s", name)
	if err := checkName(name); err != nil {
		return nil, Info{}, err
	}
	if r.Start < 0 || r.Length < 0 {
		return nil, Info{}, outside(r, 0)
	}
	var opts minio.GetObjectOptions
	if r != (Range{}) {
		opts.Set("Range", rangeHeader(r))
	}
	var rd *body
	err = s.call(ctx, name, func(ctx context.Context) error {
		ctx, cancel := context.WithCancel(ctx)
		rc, obj, header, err := s.core.GetObject(ctx, s.bucket, name, opts)
		if err != nil {
			cancel()
			return err
		}
		rd = newBody(rc, cancel, &s.breaker, &s.chunks)
		info = Info{Name: name, Size: wholeSize(obj.Size, header), Modified: obj.LastModified}
		return nil
	})
	if errors.Is(err, ErrRange) {
		return nil, Info{}, outside(r, -1)
	}
	if err != nil {
		return nil, Info{}, err
	}
	return rd, info, nil
}

func rangeHeader(r Range) string {
	if r.Length == 0 {
		return fmt.Sprintf("bytes=%d-", r.Start)
	}
	return fmt.Sprintf("bytes=%d-%d", r.Start, r.Start+r.Length-1)
}

// wholeSize reads the size after the slash of "bytes 0-9/200".
func wholeSize(answered int64, h http.Header) int64 {
	_, total, ok := strings.Cut(h.Get("Content-Range"), "/")
	if n, err := strconv.ParseInt(total, 10, 64); ok && err == nil {
		return n
	}
	return answered
}

// Stat implements Store.
func (s *S3) Stat(ctx context.Context, name string) (info Info, err error) {
	defer errs.Wrap(&err, "stat %s", name)
	if err := checkName(name); err != nil {
		return Info{}, err
	}
	err = s.call(ctx, name, func(ctx context.Context) error {
		obj, err := s.core.StatObject(ctx, s.bucket, name, minio.StatObjectOptions{})
		info = Info{Name: name, Size: obj.Size, Modified: obj.LastModified}
		return err
	})
	return info, err
}

// Delete implements Store.
func (s *S3) Delete(ctx context.Context, name string) (err error) {
	defer errs.Wrap(&err, "delete %s", name)
	if err := checkName(name); err != nil {
		return err
	}
	err = s.call(ctx, name, func(ctx context.Context) error {
		return s.core.RemoveObject(ctx, s.bucket, name, minio.RemoveObjectOptions{})
	})
	if errs.Is(err, errs.NotFound) { // the bucket is missing
		return nil
	}
	return err
}

// List implements Store.
func (s *S3) List(ctx context.Context, prefix string) iter.Seq2[Info, error] {
	return func(yield func(Info, error) bool) {
		for after := ""; ; {
			var page minio.ListBucketV2Result
			err := s.call(ctx, prefix, func(context.Context) (err error) {
				page, err = s.core.ListObjectsV2(s.bucket, prefix, after, "", "", 1000)
				return err
			})
			if errs.Is(err, errs.NotFound) { // no bucket yet
				return
			}
			if err != nil {
				yield(Info{}, err)
				return
			}
			for _, o := range page.Contents {
				if !yield(Info{Name: o.Key, Size: o.Size, Modified: o.LastModified}, nil) {
					return
				}
				after = o.Key
			}
			if !page.IsTruncated {
				return
			}
		}
	}
}

// Ping implements Store. A missing bucket is fine: the first Put makes it.
func (s *S3) Ping(ctx context.Context) error {
	return s.call(ctx, "", s.probe)
}

func (s *S3) probe(ctx context.Context) error {
	_, err := s.core.BucketExists(ctx, s.bucket)
	return err
}
