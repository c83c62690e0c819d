package media

import (
	"context"
	"strings"
	"time"

	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/errs"
	"github.com/songfa/songfa/internal/ledger"
)

// journalMedia is the kind of the journal rows of this package; their id is the
// key of an object.
const journalMedia = "media"

// claimFor is how long whoever deletes bytes has them to himself: longer than
// the store may take to answer.
const claimFor = time.Minute

// Withdraw takes the address of an object away in the caller's transaction:
// from its commit on every node answers 410, and [Library.Sweep] deletes the
// bytes. It is no error when there is no such object. Who may is the caller's to
// ask.
func (l *Library) Withdraw(ctx context.Context, tx *db.Tx, actor auth.Actor, key, reason string) (err error) {
	defer errs.Wrap(&err, "withdraw media %s", key)
	return l.takeBack(ctx, tx, actor, key, reason, false)
}

// takeBack is Withdraw; barred keeps the same bytes from ever coming in again.
func (l *Library) takeBack(ctx context.Context, tx *db.Tx, actor auth.Actor, key, reason string, barred bool) error {
	var content string
	err := db.Get(ctx, tx, &content, `SELECT content FROM media WHERE key = $1`, key)
	if errs.Is(err, errs.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	now := l.cfg.Now().UnixMilli()
	for _, change := range []struct {
		query string
		args  []any
	}{
		{`DELETE FROM media_tag WHERE key = $1`, []any{key}},
		{`DELETE FROM media WHERE key = $1`, []any{key}},
		{`INSERT INTO media_gone (key, at, actor, reason, barred) VALUES ($1, $2, $3, $4, $5)
			ON CONFLICT (key) DO UPDATE SET at = $2, actor = $3, reason = $4, barred = $5`, []any{key, now, actor.ID, reason, barred}},
	} {
		if _, err := db.Exec(ctx, tx, change.query, change.args...); err != nil {
			return err
		}
	}
	if barred && content != key { // the bytes must not come again either
		if _, err := db.Exec(ctx, tx, `INSERT INTO media_gone (key, at, actor, reason, barred) VALUES ($1, $2, $3, $4, TRUE)
			ON CONFLICT (key) DO UPDATE SET barred = TRUE`, content, now, actor.ID, reason); err != nil {
			return err
		}
	}
	if err := l.dropContent(ctx, tx, content); err != nil {
		return err
	}
	l.cfg.Ledger.Record(tx, actor.Entry("media.withdraw", "media:"+key, "撤下素材："+reason), ledger.Change{Kind: journalMedia, ID: key})
	return nil
}

// dropContent lets go of bytes that no object stands on any more.
func (l *Library) dropContent(ctx context.Context, tx *db.Tx, content string) error {
	var others int
	if err := db.Get(ctx, tx, &others, `SELECT count(*) FROM media WHERE content = $1`, content); err != nil || others > 0 {
		return err
	}
	return l.trash(ctx, tx, content+"/")
}

// DropPrivate lets go of a private picture in the caller's transaction.
func (l *Library) DropPrivate(ctx context.Context, tx *db.Tx, key string) (err error) {
	defer errs.Wrap(&err, "drop private picture")
	if !IsKey(key) {
		return nil
	}
	return l.trash(ctx, tx, privatePrefix+key)
}

// trash puts a name of the store on the list of what is to be deleted.
func (l *Library) trash(ctx context.Context, tx *db.Tx, name string) error {
	_, err := db.Exec(ctx, tx, `INSERT INTO media_trash (name, at, claimed) VALUES ($1, $2, 0) ON CONFLICT (name) DO NOTHING`,
		name, l.cfg.Now().UnixMilli())
	return err
}

// reclaim takes a name off that list before its bytes come in anew.
func (l *Library) reclaim(ctx context.Context, name string) error {
	var listed int
	err := db.Get(ctx, l.db.Reader(), &listed, `SELECT count(*) FROM media_trash WHERE name = $1`, name)
	if err != nil || listed == 0 {
		return err
	}
	return l.db.Update(ctx, func(ctx context.Context, tx *db.Tx) error { return l.rescue(ctx, tx, name) })
}

// rescue is the same in a transaction. While somebody is deleting the bytes, who
// brings them anew has to wait.
func (l *Library) rescue(ctx context.Context, tx *db.Tx, name string) error {
	_, err := db.Exec(ctx, tx, `DELETE FROM media_trash WHERE name = $1 AND claimed < $2`, name, l.cfg.Now().UnixMilli())
	if err != nil {
		return err
	}
	var listed int
	if err := db.Get(ctx, tx, &listed, `SELECT count(*) FROM media_trash WHERE name = $1`, name); err != nil || listed == 0 {
		return err
	}
	return errs.New(errs.Unavailable, "这个文件刚刚被删除，正在清理，请过一分钟再上传。", "%s is being deleted", name)
}

// Sweep deletes the bytes of what was taken back and says how many names it
// dealt with. What the store refuses stays on the list for the next time. It is
// safe to run at any time, on any node.
func (l *Library) Sweep(ctx context.Context) (n int, err error) {
	defer errs.Wrap(&err, "sweep media")
	for {
		name, err := l.claim(ctx)
		if err != nil || name == "" {
			return n, err
		}
		if err := l.erase(ctx, name); err != nil {
			return n, err
		}
		n++
	}
}

// claim picks a name to delete, "" if there is none.
func (l *Library) claim(ctx context.Context) (name string, err error) {
	var waiting int
	now := l.cfg.Now().UnixMilli()
	if err := db.Get(ctx, l.db.Reader(), &waiting, `SELECT count(*) FROM media_trash WHERE claimed < $1`, now); err != nil || waiting == 0 {
		return "", err
	}
	err = l.db.Update(ctx, func(ctx context.Context, tx *db.Tx) error {
		err := db.Get(ctx, tx, &name, `UPDATE media_trash SET claimed = $2
			WHERE name = (SELECT min(name) FROM media_trash WHERE claimed < $1) AND claimed < $1 RETURNING name`, now, now+claimFor.Milliseconds())
		if errs.Is(err, errs.NotFound) { // another node was first
			return nil
		}
		return err
	})
	return name, err
}

func (l *Library) erase(ctx context.Context, name string) error {
	ctx, cancel := context.WithTimeout(ctx, claimFor/2)
	defer cancel()
	if err := l.eraseNamed(ctx, name); err != nil {
		return err
	}
	return l.db.Update(ctx, func(ctx context.Context, tx *db.Tx) error {
		_, err := db.Exec(ctx, tx, `DELETE FROM media_trash WHERE name = $1`, name)
		return err
	})
}

// eraseNamed deletes one name, or all below it when it ends in a slash.
func (l *Library) eraseNamed(ctx context.Context, name string) error {
	names := []string{name}
	if strings.HasSuffix(name, "/") {
		names = nil // first all, then delete: a listing under deletion promises nothing
		for info, err := range l.store.List(ctx, name) {
			if err != nil {
				return err
			}
			names = append(names, info.Name)
		}
	}
	for _, name := range names {
		if err := l.store.Delete(ctx, name); err != nil {
			return err
		}
	}
	return nil
}

// gone is the error of a key that there is no object of: 410 if there was one.
func gone(ctx context.Context, q db.Queryer, key string) error {
	var reason string
	err := db.Get(ctx, q, &reason, `SELECT reason FROM media_gone WHERE key = $1`, key)
	if errs.Is(err, errs.NotFound) {
		return missing(key)
	}
	if err != nil {
		return err
	}
	return errs.New(errs.Gone, "这个文件已经撤下。", "media %s was taken back", key)
}

// ForgetPrivate deletes private pictures that belong to nothing: what an upload
// left that was cut off. known are the keys somebody holds; what came in after
// before may still be on its way to one. dry only counts.
func (l *Library) ForgetPrivate(ctx context.Context, known map[string]bool, before time.Time, dry bool) (n int, err error) {
	defer errs.Wrap(&err, "forget private pictures")
	var lost []string
	for info, err := range l.store.List(ctx, privatePrefix) {
		if err != nil {
			return 0, err
		}
		if !known[strings.TrimPrefix(info.Name, privatePrefix)] && info.Modified.Before(before) {
			lost = append(lost, info.Name)
		}
	}
	if dry {
		return len(lost), nil
	}
	for _, name := range lost {
		if err := l.store.Delete(ctx, name); err != nil {
			return n, err
		}
		n++
	}
	return n, nil
}
