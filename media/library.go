package media

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/errs"
	"github.com/songfa/songfa/internal/ledger"
)

// Config is what a Library needs. Zero numbers take the defaults.
type Config struct {
	Store  Store
	DB     *db.DB
	Ledger *ledger.Ledger
	Now    func() time.Time
	Log    *slog.Logger // nil: slog.Default()

	TempDir   string // for uploads on their way; "" is the system's
	MaxImage  int64  // bytes of a picture; default 20 MB
	MaxFile   int64  // bytes of anything else; default 100 MB
	MaxPixels int    // width × height of a picture; default 40 million
	Widths    []int  // of variants, in pixels; default 320, 640, 1280
}

func (c Config) withDefaults() Config {
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Log == nil {
		c.Log = slog.Default()
	}
	if c.TempDir == "" {
		c.TempDir = os.TempDir()
	}
	if c.MaxImage == 0 {
		c.MaxImage = 20 << 20
	}
	if c.MaxFile == 0 {
		c.MaxFile = 100 << 20
	}
	if c.MaxPixels == 0 {
		c.MaxPixels = 40_000_000
	}
	if len(c.Widths) == 0 {
		c.Widths = []int{320, 640, 1280}
	}
	return c
}

// Library keeps objects in a store and what they are in the database.
type Library struct {
	cfg    Config
	store  Store
	db     *db.DB
	worker chan struct{} // one: decoding a picture may take 200 MB
	making keyedMutex    // one at a time per object
	known  knownFiles
	hot    *hotFiles // nil when the store is a folder
}

// New makes a library.
func New(cfg Config) *Library {
	cfg = cfg.withDefaults()
	l := &Library{cfg: cfg, store: cfg.Store, db: cfg.DB, worker: make(chan struct{}, 1)}
	if _, folder := cfg.Store.(*Disk); !folder {
		l.hot = &hotFiles{}
	}
	return l
}

// Store is where the bytes are; for health checks and copying.
func (l *Library) Store() Store { return l.store }

// Object is one uploaded file (素材).
type Object struct {
	Key       string
	Name      string // for people, with the right extension
	Type      string // MIME type
	Size      int64  // bytes
	Width     int    // pixels as shown; 0 for what is no picture or has no size
	Height    int
	Widths    []int  // of its variants, ascending; none for what is shown as it is
	Alt       string // what a picture shows; "" until somebody says
	CreatedAt time.Time
	CreatedBy string // account id
	Content   string // key of the bytes behind it; its own until the file is replaced
}

// URL is the object's address relative to the site's root.
func (o Object) URL() string { return URL(o.Key, o.Name) }

// IsPicture reports whether an <img> can show it.
func (o Object) IsPicture() bool { return strings.HasPrefix(o.Type, "image/") }

// Inline reports whether a browser may show it; the rest is downloaded.
func (o Object) Inline() bool { return typeByMIME(o.Type).inline }

// Variants lists the smaller pictures of the object, WebP first.
func (o Object) Variants() []Variant {
	var vs []Variant
	for _, format := range []string{WebP, JPEG} {
		for _, w := range o.Widths {
			vs = append(vs, Variant{w, format})
		}
	}
	return vs
}

// Thumbnail is the address of the smallest picture of it, or the object's own.
func (o Object) Thumbnail() string {
	if len(o.Widths) == 0 {
		return o.URL()
	}
	return VariantURL(o.Key, o.Widths[0], WebP)
}

// Fallback is the address for the src beside a SrcSet: a JPEG of middle width,
// which every browser shows, or the object itself.
func (o Object) Fallback() string {
	if len(o.Widths) == 0 {
		return o.URL()
	}
	return VariantURL(o.Key, o.Widths[min(1, len(o.Widths)-1)], JPEG)
}

// SrcSet lists the WebP variants for browsers to choose from; "" if there are none.
func (o Object) SrcSet() string {
	sizes := make([]string, len(o.Widths))
	for i, w := range o.Widths {
		sizes[i] = fmt.Sprintf("%s %dw", VariantURL(o.Key, w, WebP), w)
	}
	return strings.Join(sizes, ", ")
}

// Note says of what kind and how large the file is: DOCX，23 KB.
func (o Object) Note() string {
	size := fmt.Sprintf("%.1f MB", float64(o.Size)/(1<<20))
	if o.Size < 1<<20 {
		size = fmt.Sprintf("%d KB", max(1, (o.Size+512)>>10))
	}
	_, ext := splitExt(o.Name)
	return strings.ToUpper(strings.TrimPrefix(ext, ".")) + "，" + size
}

type row struct {
	Key       string `db:"key"`
	Name      string `db:"name"`
	Type      string `db:"type"`
	Size      int64  `db:"size"`
	Width     int    `db:"width"`
	Height    int    `db:"height"`
	Widths    string `db:"widths"`
	Alt       string `db:"alt"`
	CreatedAt int64  `db:"created_at"`
	CreatedBy string `db:"created_by"`
	Content   string `db:"content"`
}

const columns = `key, name, type, size, width, height, widths, alt, created_at, created_by, content`

func (r row) object() (Object, error) {
	o := Object{Key: r.Key, Name: r.Name, Type: r.Type, Size: r.Size, Width: r.Width, Height: r.Height,
		Alt: r.Alt, CreatedAt: time.UnixMilli(r.CreatedAt).UTC(), CreatedBy: r.CreatedBy, Content: r.Content}
	err := db.FromJSON(r.Widths, &o.Widths)
	return o, err
}

// Get finds an object by key; Gone if it was taken back.
func (l *Library) Get(ctx context.Context, key string) (_ Object, err error) {
	defer errs.Wrap(&err, "get media %s", key)
	var r row
	if err := db.Get(ctx, l.db.Reader(), &r, `SELECT `+columns+` FROM media WHERE key = $1`, key); errs.Is(err, errs.NotFound) {
		return Object{}, l.gone(ctx, key)
	} else if err != nil {
		return Object{}, err
	}
	return r.object()
}

// GetMany finds the objects of the keys that exist, by key; for pages with
// several pictures.
func (l *Library) GetMany(ctx context.Context, keys []string) (_ map[string]Object, err error) {
	defer errs.Wrap(&err, "get %d media", len(keys))
	found := make(map[string]Object, len(keys))
	if len(keys) == 0 {
		return found, nil
	}
	list, args := db.In(0, keys)
	var rows []row
	if err := db.Select(ctx, l.db.Reader(), &rows, `SELECT `+columns+` FROM media WHERE key IN (`+list+`)`, args...); err != nil {
		return nil, err
	}
	for _, r := range rows {
		if found[r.Key], err = r.object(); err != nil {
			return nil, err
		}
	}
	return found, nil
}

// Filter narrows a list; empty fields do not.
type Filter struct {
	Text     string // in the name or the alt text
	Pictures bool   // only pictures
	Files    bool   // only what is no picture
	After    string // key of the last one of the page before
	Limit    int    // at most so many; 0 is 50
}

// List shows the newest first.
func (l *Library) List(ctx context.Context, f Filter) (_ []Object, err error) {
	defer errs.Wrap(&err, "list media")
	if f.Limit <= 0 {
		f.Limit = 50
	}
	like := ""
	if f.Text != "" {
		like = "%" + likeEscaper.Replace(strings.ToLower(f.Text)) + "%"
	}
	var rows []row
	err = db.Select(ctx, l.db.Reader(), &rows, `SELECT `+columns+` FROM media
		WHERE ($1 = '' OR lower(name) LIKE $1 ESCAPE '!' OR lower(alt) LIKE $1 ESCAPE '!')
		AND ($2 = FALSE OR type LIKE 'image/%') AND ($3 = FALSE OR type NOT LIKE 'image/%')
		AND ($4 = '' OR (created_at, key) < (SELECT m.created_at, m.key FROM media m WHERE m.key = $4))
		ORDER BY created_at DESC, key DESC LIMIT $5`, like, f.Pictures, f.Files, f.After, f.Limit)
	if err != nil {
		return nil, err
	}
	objects := make([]Object, len(rows))
	for i, r := range rows {
		if objects[i], err = r.object(); err != nil {
			return nil, err
		}
	}
	return objects, nil
}

var likeEscaper = strings.NewReplacer("!", "!!", "%", "!%", "_", "!_")

// maxAlt is in characters: one sentence, since it is read aloud.
const maxAlt = 200

// SetAlt says what a picture shows, for those who do not see it.
func (l *Library) SetAlt(ctx context.Context, actor auth.Actor, key, alt string) (err error) {
	defer errs.Wrap(&err, "set alt of media %s", key)
	if err := mayAdd(actor); err != nil {
		return err
	}
	if alt, err = cleanAlt(alt); err != nil {
		return err
	}
	return l.db.Update(ctx, func(ctx context.Context, tx *db.Tx) error {
		n, err := db.Exec(ctx, tx, `UPDATE media SET alt = $1 WHERE key = $2`, alt, key)
		if err != nil {
			return err
		}
		if n == 0 {
			return missing(key)
		}
		l.cfg.Ledger.Record(tx, actor.Entry("media.describe", "media:"+key, "修改图片说明"), ledger.Change{Kind: journalMedia, ID: key})
		return nil
	})
}

func cleanAlt(alt string) (string, error) {
	alt = strings.Join(strings.Fields(alt), " ")
	if utf8.RuneCountInString(alt) > maxAlt {
		return "", errs.Bad("alt", "图片说明请控制在 200 字以内")
	}
	return alt, nil
}

// mayAdd: writers illustrate documents, coordinators bring photos of sessions.
func mayAdd(actor auth.Actor) error {
	if actor.Can(auth.Sessions) {
		return nil
	}
	return actor.Must(auth.Write)
}

// keyedMutex locks by key; a key nobody holds costs nothing.
type keyedMutex struct {
	mu   sync.Mutex
	held map[string]chan struct{}
}

// lock waits for the key or for ctx.
func (k *keyedMutex) lock(ctx context.Context, key string) (unlock func(), err error) {
	for {
		k.mu.Lock()
		if k.held == nil {
			k.held = make(map[string]chan struct{})
		}
		other, taken := k.held[key]
		if !taken {
			mine := make(chan struct{})
			k.held[key] = mine
			k.mu.Unlock()
			return func() {
				k.mu.Lock()
				delete(k.held, key)
				k.mu.Unlock()
				close(mine)
			}, nil
		}
		k.mu.Unlock()
		select {
		case <-other:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// originalName is where bytes are in the store.
func originalName(content string) string { return content + "/original" }

// File is an object or a variant as it goes to a reader.
type File struct {
	Body   io.ReadCloser // nil from Head; the caller closes it
	Name   string        // for Content-Disposition
	Type   string        // MIME type
	Size   int64         // of the whole, in bytes
	ETag   string        // strong, with its quotes
	Inline bool          // may be shown by the browser; otherwise: attachment
}

// Head tells what Open would give, without the bytes. For an object it asks
// only the database.
func (l *Library) Head(ctx context.Context, key string, v Variant) (*File, error) {
	o, err := l.served(ctx, key)
	if err != nil {
		return nil, err
	}
	if v.IsOriginal() {
		return originalFile(o), nil
	}
	if err := hasVariant(o, v); err != nil {
		return nil, err
	}
	info, err := l.statVariant(ctx, o, v)
	if err != nil {
		return nil, err
	}
	return variantFile(o, v, info.Size), nil
}

// Open gives the bytes, or a part of them; ErrRange if the part is outside.
// A variant that was never made or got lost is made first.
func (l *Library) Open(ctx context.Context, key string, v Variant, r Range) (*File, error) {
	o, err := l.served(ctx, key)
	if err != nil {
		return nil, err
	}
	if v.IsOriginal() {
		body, _, err := l.open(ctx, originalName(o.Content), r)
		if err != nil {
			return nil, err
		}
		f := originalFile(o)
		f.Body = body
		return f, nil
	}
	if err := hasVariant(o, v); err != nil {
		return nil, err
	}
	body, info, err := l.openVariant(ctx, o, v, r)
	if err != nil {
		return nil, err
	}
	f := variantFile(o, v, info.Size)
	f.Body = body
	return f, nil
}

func originalFile(o Object) *File {
	return &File{Name: o.Name, Type: o.Type, Size: o.Size, ETag: `"` + o.Content[:32] + `"`, Inline: o.Inline()}
}

func variantFile(o Object, v Variant, size int64) *File {
	return &File{Name: v.Name(), Type: v.Type(), Size: size, ETag: `"` + o.Content[:32] + "-" + v.Name() + `"`, Inline: true}
}
