package media

import (
	"context"
	"errors"
	"io"
	"iter"
	"net/url"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"github.com/songfa/songfa/internal/errs"
)

// ErrRange is in the chain of an Open whose range lies outside the object: 416.
var ErrRange = errors.New("range not satisfiable")

// Range is a part of an object in bytes. The zero Range is all of it.
type Range struct {
	Start  int64
	Length int64 // 0: to the end; a Length beyond the end is cut there
}

// Info is what a store knows about its bytes.
type Info struct {
	Name     string
	Size     int64 // of the whole, also when a range was opened
	Modified time.Time
}

// Store holds named bytes. Errors are NotFound for a missing name, Unavailable
// when the store does not answer (within 5 s), Invalid for a bad name. Methods
// may be called at the same time.
type Store interface {
	// Put keeps all of r under name, replacing what was there. When r or the
	// store fails, nothing of it is kept and what was there stays.
	Put(ctx context.Context, name string, r io.Reader) error
	// Open reads a part; the caller closes it. ErrRange if r.Start is outside.
	Open(ctx context.Context, name string, r Range) (io.ReadCloser, Info, error)
	Stat(ctx context.Context, name string) (Info, error)
	// Delete removes name; it is no error if there is none.
	Delete(ctx context.Context, name string) error
	// List yields what begins with prefix, in no promised order, and ends after
	// the first error.
	List(ctx context.Context, prefix string) iter.Seq2[Info, error]
	// Ping reports whether the store would take and give.
	Ping(ctx context.Context) error
	Close() error
}

// Open picks a store by address: s3://KEY:SECRET@host:port/bucket?tls=false,
// or a folder, which is made if missing; "" is the folder media in dataDir. It
// does not wait for a server: an S3 that is away shows at the first use.
func Open(address, dataDir string) (Store, error) {
	if strings.HasPrefix(address, "s3://") {
		cfg, err := ParseS3URL(address)
		if err != nil {
			return nil, err
		}
		return OpenS3(cfg)
	}
	if strings.Contains(address, "://") {
		return nil, errs.New(errs.Invalid, "素材地址无法识别，请填文件夹路径或 s3://密钥:口令@主机:端口/桶名。",
			"media url has scheme %q", address[:strings.Index(address, "://")])
	}
	if address == "" {
		address = filepath.Join(dataDir, "media")
	}
	return OpenDisk(address)
}

// Describe names a store's address for logs and `songfa config`, without its secret.
func Describe(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.User == nil {
		if strings.HasPrefix(address, "s3://") {
			return "s3://(unreadable)"
		}
		return address
	}
	u.User = url.UserPassword("***", "***")
	return strings.ReplaceAll(u.String(), "%2A", "*")
}

// A name is parts of lower-case letters, digits, dot, dash and underscore,
// separated by slashes: the same on every file system and in every bucket. A
// part does not begin with a dot, so no name climbs out of its folder.
var nameForm = regexp.MustCompile(`^[a-z0-9_-][a-z0-9._-]*(/[a-z0-9_-][a-z0-9._-]*)*$`)

const maxNameLength = 200

func checkName(name string) error {
	if len(name) > maxNameLength || !nameForm.MatchString(name) {
		return errs.New(errs.Invalid, "素材的存储名不合规。", "store name %q is not allowed", name)
	}
	return nil
}

func missing(name string) error {
	return errs.New(errs.NotFound, "没有找到这个文件，它可能已被移走。", "object %s is missing", name)
}

func outside(r Range, size int64) error {
	return errs.New(errs.Invalid, "请求的文件范围超出了文件大小。", "%w: from %d of %d bytes", ErrRange, r.Start, size)
}
