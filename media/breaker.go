package media

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"sync"
	"syscall"
	"time"

	"github.com/minio/minio-go/v7"

	"github.com/songfa/songfa/internal/errs"
)

// How long an object store may keep somebody waiting. Together they stay under
// 5 s for the first caller; the breaker answers the next ones at once.
const (
	dialTimeout   = 500 * time.Millisecond
	headerTimeout = 2 * time.Second        // from the end of a request to the first byte of its answer
	writeTimeout  = 2 * time.Second        // for the network to take one write
	stallTimeout  = 4 * time.Second        // between two pieces of an answer
	probeTimeout  = 700 * time.Millisecond // for the one request that asks whether it is back
	restPeriod    = time.Second            // between two such requests
)

// newTransport is the way to the store. The header time-out alone would let a
// frozen server hold an upload for ever, so writes have one too.
func newTransport() *http.Transport {
	dialer := &net.Dialer{Timeout: dialTimeout, KeepAlive: 15 * time.Second}
	return &http.Transport{
		Proxy: http.ProxyFromEnvironment,
		DialContext: func(ctx context.Context, network, addr string) (net.Conn, error) {
			c, err := dialer.DialContext(ctx, network, addr)
			if err != nil {
				return nil, err
			}
			return impatientConn{c}, nil
		},
		TLSHandshakeTimeout:   headerTimeout,
		ResponseHeaderTimeout: headerTimeout,
		MaxIdleConns:          64,
		MaxIdleConnsPerHost:   64,
		IdleConnTimeout:       time.Minute,
		DisableCompression:    true,
		ReadBufferSize:        64 << 10,
		WriteBufferSize:       64 << 10,
	}
}

type impatientConn struct{ net.Conn }

func (c impatientConn) Write(p []byte) (int, error) {
	if err := c.SetWriteDeadline(time.Now().Add(writeTimeout)); err != nil {
		return 0, err
	}
	return c.Conn.Write(p)
}

// breaker remembers that the store did not answer. Closed, everybody passes.
// Open, everybody is refused at once, but once in a restPeriod one caller first
// probes whether the store is back.
type breaker struct {
	now func() time.Time

	mu    sync.Mutex
	until time.Time // zero: closed
}

func (b *breaker) isOpen() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return !b.until.IsZero()
}

// admit lets a caller pass or not; the one told to probe must report.
func (b *breaker) admit() (pass, probe bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.until.IsZero() {
		return true, false
	}
	now := b.now()
	if now.Before(b.until) {
		return false, false
	}
	b.until = now.Add(restPeriod + probeTimeout) // the others wait for this probe
	return true, true
}

// report says whether the store answered.
func (b *breaker) report(answered bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if answered {
		b.until = time.Time{}
	} else {
		b.until = b.now().Add(restPeriod)
	}
}

// call runs one request under the breaker and gives its error a kind.
func (s *S3) call(ctx context.Context, name string, request func(context.Context) error) error {
	pass, probe := s.breaker.admit()
	if !pass {
		return away(errors.New("the object store did not answer a moment ago"))
	}
	if probe {
		if err := s.tryProbe(ctx); err != nil {
			return away(fmt.Errorf("probe: %w", err))
		}
	}
	began := time.Now()
	err := request(ctx)
	if isHiccup(err) && ctx.Err() == nil {
		err = request(ctx)
	}
	switch {
	case !isSilence(err):
		s.breaker.report(true)
	case ctx.Err() == nil, errors.Is(ctx.Err(), context.DeadlineExceeded) && time.Since(began) > headerTimeout/2:
		s.breaker.report(false)
	}
	return s3Err(err, name)
}

func (s *S3) tryProbe(ctx context.Context) error {
	// A caller who leaves must not make the store look dead.
	pctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), probeTimeout)
	defer cancel()
	err := s.probe(pctx)
	s.breaker.report(!isSilence(err))
	if isSilence(err) {
		return err
	}
	return nil
}

// isSilence reports whether the store gave no answer at all.
func isSilence(err error) bool {
	var answer minio.ErrorResponse
	return err != nil && !(errors.As(err, &answer) && answer.StatusCode != 0)
}

// isHiccup is what a second try mends at once: a connection that the server had
// closed, or a server that asks to come again. A time-out or a refused
// connection is not.
func isHiccup(err error) bool {
	var answer minio.ErrorResponse
	if errors.As(err, &answer) {
		return answer.StatusCode >= 500
	}
	return errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.EPIPE) || errors.Is(err, io.ErrUnexpectedEOF)
}

func away(err error) error {
	return errs.New(errs.Unavailable, "素材存储暂时连接不上，图片和附件稍后再试；文字内容不受影响。", "%w", err)
}

// s3Err gives an error of the client its kind.
func s3Err(err error, name string) error {
	if err == nil {
		return nil
	}
	if errors.Is(err, context.Canceled) {
		return err
	}
	if isSilence(err) {
		return away(err)
	}
	answer := minio.ToErrorResponse(err)
	switch {
	case answer.Code == minio.NoSuchKey, answer.Code == minio.NoSuchBucket, answer.StatusCode == http.StatusNotFound:
		return missing(name)
	case answer.StatusCode == http.StatusRequestedRangeNotSatisfiable:
		return fmt.Errorf("%w: %w", ErrRange, err)
	case answer.StatusCode == http.StatusForbidden, answer.StatusCode == http.StatusUnauthorized:
		return errs.New(errs.Unavailable, "素材存储拒绝了访问，请管理员检查 media-url 中的密钥、口令和桶权限。", "%w", err)
	case answer.Code == "XMinioStorageFull", answer.Code == "QuotaExceeded":
		return errs.New(errs.Unavailable, "素材存储空间已满，文件没有保存。请联系管理员清理空间后重试。", "%w", err)
	case answer.StatusCode >= 500, answer.StatusCode == http.StatusTooManyRequests:
		return away(err)
	}
	return err
}

// body is an object on its way. If the server stops sending, the request is
// cancelled, which ends the Read that waits.
type body struct {
	rc      io.ReadCloser
	cancel  context.CancelFunc
	breaker *breaker
	chunks  *sync.Pool // *[]byte of chunkSize
	timer   *time.Timer
	mu      sync.Mutex
	stalled bool
}

func newBody(rc io.ReadCloser, cancel context.CancelFunc, br *breaker, chunks *sync.Pool) *body {
	b := &body{rc: rc, cancel: cancel, breaker: br, chunks: chunks}
	b.timer = time.AfterFunc(stallTimeout, b.stall)
	b.timer.Stop() // a slow reader is no fault of the server: it runs only in Read
	return b
}

func (b *body) stall() {
	b.mu.Lock()
	b.stalled = true
	b.mu.Unlock()
	b.cancel()
}

func (b *body) Read(p []byte) (int, error) {
	b.timer.Reset(stallTimeout)
	n, err := b.rc.Read(p)
	b.timer.Stop()
	if err == nil || err == io.EOF {
		return n, err
	}
	b.mu.Lock()
	stalled := b.stalled
	b.mu.Unlock()
	if !stalled && errors.Is(err, context.Canceled) {
		return n, err
	}
	b.breaker.report(false)
	return n, away(fmt.Errorf("read object: %w", err))
}

// WriteTo implements io.WriterTo, for what copies us to a reader: larger pieces
// than its own and no garbage halve the cost of a picture.
func (b *body) WriteTo(w io.Writer) (n int64, err error) {
	chunk := b.chunks.Get().(*[]byte)
	defer b.chunks.Put(chunk)
	for {
		got, err := b.Read(*chunk)
		if got > 0 {
			wrote, err := w.Write((*chunk)[:got])
			n += int64(wrote)
			if err != nil {
				return n, err
			}
		}
		if err == io.EOF {
			return n, nil
		}
		if err != nil {
			return n, err
		}
	}
}

func (b *body) Close() error {
	b.timer.Stop()
	b.cancel()
	return b.rc.Close()
}
