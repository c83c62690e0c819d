package media

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"

	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/errs"
	"github.com/songfa/songfa/internal/ledger"
)

// Replace puts another file at the address of an object: where it is used, it
// changes everywhere. A picture takes the place of a picture, another file only
// that of one of the same type. What is said of the object stays, but the focal
// point returns to the middle. It is no error when the bytes are the same.
func (l *Library) Replace(ctx context.Context, actor auth.Actor, key, name string, r io.Reader) (_ Object, err error) {
	defer errs.Wrap(&err, "replace media %s", key)
	if err := mayAdd(actor); err != nil {
		return Object{}, err
	}
	old, err := l.Get(ctx, key)
	if err != nil {
		return Object{}, err
	}
	up, err := l.receive(ctx, name, r)
	if err != nil {
		return Object{}, err
	}
	defer up.discard()
	if err := fits(old, up); err != nil {
		return Object{}, err
	}
	if old.Content == up.key {
		return old, nil
	}
	unlock, err := l.making.lock(ctx, up.key)
	if err != nil {
		return Object{}, err
	}
	defer unlock()
	if err := l.welcome(ctx, up.key); err != nil {
		return Object{}, err
	}
	if err := l.keep(ctx, up); err != nil {
		return Object{}, err
	}
	err = l.db.Update(ctx, func(ctx context.Context, tx *db.Tx) error { return l.swap(ctx, tx, actor, key, up) })
	if err != nil {
		return Object{}, err
	}
	l.rouse()
	return l.Get(ctx, key)
}

// fits refuses what would make an address lie about what is behind it.
func fits(old Object, up *upload) error {
	if old.IsPicture() && up.typ.picture() || old.Type == up.typ.mime {
		return nil
	}
	_, ext := splitExt(old.Name)
	if old.IsPicture() {
		ext = "图片"
	}
	return errs.Bad("file", "这个地址原来是"+ext+"，只能换成同一类的文件。要换成别的，请另外上传，再到用到的地方改。")
}

func (l *Library) swap(ctx context.Context, tx *db.Tx, actor auth.Actor, key string, up *upload) error {
	if err := l.rescue(ctx, tx, up.key+"/"); err != nil {
		return err
	}
	old, err := l.get(ctx, tx, key)
	if err != nil {
		return err
	}
	if _, err := db.Exec(ctx, tx, `UPDATE media SET content = $2, name = $3, type = $4, size = $5, width = $6, height = $7, widths = $8,
		likeness = $9, pending = $10, focus_x = 50, focus_y = 50, version = version + 1 WHERE key = $1`,
		key, up.key, up.name, up.typ.mime, up.size, up.pic.width, up.pic.height, db.JSON(up.widths), up.likeness, len(up.widths) > 0); err != nil {
		return err
	}
	if old.Content != up.key {
		if err := l.dropContent(ctx, tx, old.Content); err != nil {
			return err
		}
	}
	l.cfg.Ledger.Record(tx, actor.Entry("media.replace", "media:"+key, "更换文件 "+old.Name+" → "+up.name), ledger.Change{Kind: journalMedia, ID: key})
	return nil
}

// sameBytes finds the object that bytes are already behind; nil if there is none.
func sameBytes(ctx context.Context, q db.Queryer, content string) (*Object, error) {
	found, err := selectObjects(ctx, q, `WHERE content = $1 ORDER BY key LIMIT 1`, content)
	if err != nil || len(found) == 0 {
		return nil, err
	}
	return &found[0], nil
}

// freeKey is the key of a new object: that of its bytes, unless the bytes that
// had it were replaced at their address, which stays theirs.
func freeKey(ctx context.Context, q db.Queryer, content string) (string, error) {
	for key := content; ; {
		var taken int
		if err := db.Get(ctx, q, &taken, `SELECT count(*) FROM media WHERE key = $1`, key); err != nil || taken == 0 {
			return key, err
		}
		sum := sha256.Sum256([]byte("songfa media once more " + key))
		key = hex.EncodeToString(sum[:])
	}
}
