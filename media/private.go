package media

import (
	"context"
	"io"
	"net/http"
	"strings"

	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/errs"
)

// privatePrefix is where the store keeps what has no address: pictures of people
// who have not been asked yet, lists with names. Whoever keeps their keys says
// who may see them.
const privatePrefix = "private/"

// Private is a picture without an address.
type Private struct {
	Key  string // SHA-256 of the bytes as stored, hex
	Name string // for people
	Type string // MIME type
}

// AddPrivate takes in a photograph that nobody may see by its address. Where and
// with what it was taken is removed from it. Only pictures that a browser shows
// come in. Who may add one is the caller's to ask.
func (l *Library) AddPrivate(ctx context.Context, name string, r io.Reader) (_ Private, err error) {
	defer errs.Wrap(&err, "add private picture")
	up, err := l.receive(ctx, name, r)
	if err != nil {
		return Private{}, err
	}
	defer up.discard()
	if !photo(up.typ.mime) {
		return Private{}, errs.Bad("file", "请上传 JPG、PNG 或 WebP 照片。")
	}
	return l.keepPrivate(ctx, up)
}

func (l *Library) keepPrivate(ctx context.Context, up *upload) (Private, error) {
	if _, err := up.file.Seek(0, io.SeekStart); err != nil {
		return Private{}, err
	}
	if err := l.reclaim(ctx, privatePrefix+up.key); err != nil {
		return Private{}, err
	}
	if err := l.store.Put(ctx, privatePrefix+up.key, up.file); err != nil {
		return Private{}, err
	}
	return Private{Key: up.key, Name: up.name, Type: up.typ.mime}, nil
}

// photo reports whether a type is a photograph.
func photo(mime string) bool {
	return mime == "image/jpeg" || mime == "image/png" || mime == "image/webp"
}

// OpenPrivate reads one; the caller closes it.
func (l *Library) OpenPrivate(ctx context.Context, key string) (_ io.ReadCloser, p Private, err error) {
	defer errs.Wrap(&err, "open private picture")
	if !IsKey(key) {
		return nil, p, errs.New(errs.NotFound, "", "not a key")
	}
	head, _, err := l.store.Open(ctx, privatePrefix+key, Range{})
	if err != nil {
		return nil, p, err
	}
	begin := make([]byte, 512)
	n, err := io.ReadFull(head, begin)
	if err != nil && err != io.ErrUnexpectedEOF {
		head.Close()
		return nil, p, err
	}
	p = Private{Key: key, Type: http.DetectContentType(begin[:n])}
	return struct {
		io.Reader
		io.Closer
	}{io.MultiReader(strings.NewReader(string(begin[:n])), head), head}, p, nil
}

// RemovePrivate forgets one; it is no error when it is gone.
func (l *Library) RemovePrivate(ctx context.Context, key string) (err error) {
	defer errs.Wrap(&err, "remove private picture")
	if !IsKey(key) {
		return nil
	}
	if err := l.store.Delete(ctx, privatePrefix+key); !errs.Is(err, errs.NotFound) {
		return err
	}
	return nil
}

// Staged is a private picture whose bytes lie ready to be public. Nobody can see
// them before Publish has been committed.
type Staged struct {
	l   *Library
	up  upload
	alt string
}

// Stage copies a private picture to where public ones are, with its variants.
func (l *Library) Stage(ctx context.Context, key, name, alt string) (_ Staged, err error) {
	defer errs.Wrap(&err, "stage picture")
	body, _, err := l.OpenPrivate(ctx, key)
	if err != nil {
		return Staged{}, err
	}
	defer body.Close()
	up, err := l.receive(ctx, name, body)
	if err != nil {
		return Staged{}, err
	}
	defer up.discard()
	unlock, err := l.making.lock(ctx, up.key)
	if err != nil {
		return Staged{}, err
	}
	defer unlock()
	if err := l.welcome(ctx, up.key); err != nil {
		return Staged{}, err
	}
	if err := l.keep(ctx, up); err != nil {
		return Staged{}, err
	}
	up.variants = nil
	return Staged{l, *up, alt}, nil
}

// Publish makes an object of it in the caller's transaction: from its commit on
// everybody with the address can see it. Conflict when key is of another
// picture: somebody has changed it meanwhile.
func (s Staged) Publish(ctx context.Context, tx *db.Tx, actor auth.Actor, key string) (err error) {
	defer errs.Wrap(&err, "publish picture")
	if key != s.up.key {
		return errs.New(errs.Conflict, "这张照片刚刚被改动，请看过现在的样子再公开。", "staged another picture")
	}
	return s.l.insert(ctx, tx, actor, &s.up, Description{Alt: s.alt})
}
