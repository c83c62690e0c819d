package media

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/errs"
	"github.com/songfa/songfa/internal/ledger"
)

// AddOptions is what the uploader may say about a file.
type AddOptions struct {
	Alt        string // what a picture shows
	Decorative bool   // it shows nothing that wants words
	Tags       []string
	People     bool // somebody can be recognised in it
}

// Add takes in one file: judges and cleans it, keeps its bytes and, for a
// picture, its variants, and records it. A file that is there already is
// returned as it is, under its first name. Invalid if the file is refused,
// TooLarge above the limit, Unavailable if the store is away.
func (l *Library) Add(ctx context.Context, actor auth.Actor, name string, r io.Reader, opts AddOptions) (_ Object, err error) {
	defer errs.Wrap(&err, "add media")
	if err := mayAdd(actor); err != nil {
		return Object{}, err
	}
	said := Description{Alt: opts.Alt, Decorative: opts.Decorative, Tags: opts.Tags, People: opts.People}
	if err := said.clean(); err != nil {
		return Object{}, err
	}
	up, err := l.receive(ctx, name, r)
	if err != nil {
		return Object{}, err
	}
	defer up.discard()
	unlock, err := l.making.lock(ctx, up.key)
	if err != nil {
		return Object{}, err
	}
	defer unlock()
	known, err := l.stored(ctx, up.key)
	if err != nil || known != nil {
		return deref(known), err
	}
	if err := l.welcome(ctx, up.key); err != nil {
		return Object{}, err
	}
	if err := l.keep(ctx, up); err != nil {
		return Object{}, err
	}
	if err := l.record(ctx, actor, up, said); err != nil {
		return Object{}, err
	}
	l.rouse()
	known, err = sameBytes(ctx, l.db.Reader(), up.key)
	return deref(known), err
}

func deref(o *Object) Object {
	if o == nil {
		return Object{}
	}
	return *o
}

// stored finds an object that is complete: a row, and bytes in the store.
func (l *Library) stored(ctx context.Context, content string) (*Object, error) {
	o, err := sameBytes(ctx, l.db.Reader(), content)
	if err != nil || o == nil {
		return nil, err
	}
	_, err = l.store.Stat(ctx, originalName(content))
	if errs.Is(err, errs.NotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return o, nil
}

// welcome makes way for bytes that were taken back before, unless they must not
// come again.
func (l *Library) welcome(ctx context.Context, key string) error {
	var barred bool
	err := db.Get(ctx, l.db.Reader(), &barred, `SELECT barred FROM media_gone WHERE key = $1`, key)
	if err != nil && !errs.Is(err, errs.NotFound) {
		return err
	}
	if barred {
		return errs.Bad("file", "画面中人已撤回同意，这张照片不能再次上传。请换一张。")
	}
	return l.reclaim(ctx, key+"/")
}

// keep puts the bytes into the store, and the smallest sizes with which lists
// show it. The row comes after: an object that is listed can be read.
func (l *Library) keep(ctx context.Context, up *upload) error {
	if _, err := up.file.Seek(0, io.SeekStart); err != nil {
		return err
	}
	if err := l.store.Put(ctx, originalName(up.key), up.file); err != nil {
		return err
	}
	for _, v := range up.variants {
		if err := l.putVariant(ctx, up.key, v); err != nil {
			return err
		}
	}
	return nil
}

func (l *Library) record(ctx context.Context, actor auth.Actor, up *upload, said Description) error {
	return l.db.Update(ctx, func(ctx context.Context, tx *db.Tx) error { return l.insert(ctx, tx, actor, up, said) })
}

// insert makes the object of bytes that are in the store.
func (l *Library) insert(ctx context.Context, tx *db.Tx, actor auth.Actor, up *upload, said Description) error {
	if err := l.rescue(ctx, tx, up.key+"/"); err != nil {
		return err
	}
	if known, err := sameBytes(ctx, tx, up.key); err != nil || known != nil {
		return err // its bytes had been lost and are back, or another node was first
	}
	key, err := freeKey(ctx, tx, up.key)
	if err != nil {
		return err
	}
	n, err := db.Exec(ctx, tx, `INSERT INTO media (key, name, type, size, width, height, widths, alt, created_at, created_by, content, likeness, pending,
			decorative, people)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) ON CONFLICT (key) DO NOTHING`,
		key, up.name, up.typ.mime, up.size, up.pic.width, up.pic.height, db.JSON(up.widths), said.Alt, l.cfg.Now().UnixMilli(), actor.ID,
		up.key, up.likeness, len(up.widths) > 0, said.Decorative && up.typ.picture(), said.People && up.typ.picture())
	if err != nil || n == 0 { // n == 0: another node was first
		return err
	}
	if err := l.setTags(ctx, tx, key, said.Tags); err != nil {
		return err
	}
	if _, err := db.Exec(ctx, tx, `DELETE FROM media_gone WHERE key = $1`, key); err != nil {
		return err
	}
	l.cfg.Ledger.Record(tx, actor.Entry("media.add", "media:"+key, "上传素材 "+up.name), ledger.Change{Kind: journalMedia, ID: key})
	return nil
}

// upload is a file on its way in.
type upload struct {
	file     *os.File // the bytes as they will be stored
	key      string
	size     int64
	typ      fileType
	name     string
	pic      picture // of a picture
	widths   []int   // of its variants
	likeness string
	variants []rendered // those that are made at once
}

func (u *upload) discard() {
	u.file.Close()
	os.Remove(u.file.Name())
}

// receive takes r to a temporary file, judging and cleaning it.
func (l *Library) receive(ctx context.Context, name string, r io.Reader) (_ *upload, err error) {
	in := bufio.NewReaderSize(contextReader{ctx, r}, sniffSize)
	head, err := in.Peek(sniffSize)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("read upload: %w", err)
	}
	if len(head) == 0 {
		return nil, errs.Bad("file", "文件是空的，请重新选择")
	}
	typ, err := sniff(head, name)
	if err != nil {
		return nil, err
	}
	file, err := os.CreateTemp(l.cfg.TempDir, "songfa-upload-*")
	if err != nil {
		return nil, diskErr(err, "temporary file")
	}
	up := &upload{file: file, typ: typ, widths: []int{}}
	defer func() {
		if err != nil {
			up.discard()
		}
	}()
	if err := l.spool(up, in); err != nil {
		return nil, err
	}
	if typ.mime == mimeZIP {
		if up.typ, err = zipType(file, up.size); err != nil {
			return nil, err
		}
	}
	if typ.picture() {
		if err := l.receivePicture(ctx, up); err != nil {
			return nil, err
		}
	}
	up.name = cleanName(name, up.typ)
	return up, nil
}

// spool writes r into the file, measured and hashed on the way.
func (l *Library) spool(up *upload, r io.Reader) error {
	limit, what := l.cfg.MaxFile, "文件"
	if up.typ.picture() {
		limit, what = l.cfg.MaxImage, "图片"
	}
	sum := sha256.New()
	n, err := io.Copy(io.MultiWriter(fileWriter{up.file}, sum), io.LimitReader(r, limit+1))
	if err != nil {
		return fmt.Errorf("receive upload: %w", err)
	}
	if n > limit {
		return errs.New(errs.TooLarge, fmt.Sprintf("%s不能超过 %d MB，请压缩后再上传。", what, limit>>20), "upload is over %d bytes", limit)
	}
	up.size, up.key = n, hex.EncodeToString(sum.Sum(nil))
	return nil
}

// receivePicture takes the metadata out and looks at the picture. One at a time:
// here is where the memory goes.
func (l *Library) receivePicture(ctx context.Context, up *upload) error {
	release, err := l.hire(ctx)
	if err != nil {
		return err
	}
	defer release()
	raw := make([]byte, up.size)
	if _, err := up.file.ReadAt(raw, 0); err != nil {
		return diskErr(err, "temporary file")
	}
	clean, pic, err := preparePicture(up.typ.mime, raw, l.cfg.MaxPixels)
	if err != nil {
		return err
	}
	if !bytes.Equal(clean, raw) {
		if err := up.rewrite(clean); err != nil {
			return diskErr(err, "temporary file")
		}
	}
	up.pic, up.widths = pic, pic.variantWidths(l.cfg.Widths)
	if !pic.still {
		return nil
	}
	return up.look(clean)
}

// look decodes a picture, so that a broken one is refused, for what cannot wait:
// its likeness and the smallest size, with which lists show it. The other sizes
// cost seconds of a large picture and come after the answer.
func (u *upload) look(clean []byte) error {
	img, err := decode(u.typ.mime, clean)
	if err != nil {
		return broken(err)
	}
	width := 96
	if len(u.widths) > 0 {
		width = u.widths[0]
	}
	small := scale(img, u.pic, min(width, u.pic.width))
	u.likeness = likeness(small)
	if len(u.widths) == 0 {
		return nil
	}
	b, err := encode(small, WebP)
	if err != nil {
		return fmt.Errorf("encode: %w", err)
	}
	u.variants = []rendered{{Variant{width, WebP}, b}}
	return nil
}

func (u *upload) rewrite(b []byte) error {
	if err := u.file.Truncate(0); err != nil {
		return err
	}
	if _, err := u.file.WriteAt(b, 0); err != nil {
		return err
	}
	sum := sha256.Sum256(b)
	u.size, u.key = int64(len(b)), hex.EncodeToString(sum[:])
	return nil
}

// hire waits for the worker.
func (l *Library) hire(ctx context.Context) (release func(), err error) {
	select {
	case l.worker <- struct{}{}:
		return func() { <-l.worker }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}
