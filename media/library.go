package media

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/errs"
	"github.com/songfa/songfa/internal/ledger"
	"github.com/songfa/songfa/internal/vault"
)

// Config is what a Library needs. Zero numbers take the defaults.
type Config struct {
	Store  Store
	DB     *db.DB
	Ledger *ledger.Ledger
	Now    func() time.Time
	Log    *slog.Logger // nil: slog.Default()
	Vault  *vault.Vault // seals who agreed to be seen; without it nobody can be noted

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
	hot    *hotFiles     // nil when the store is a folder
	wake   chan struct{} // there is something for Run to do
}

// New makes a library.
func New(cfg Config) *Library {
	cfg = cfg.withDefaults()
	l := &Library{cfg: cfg, store: cfg.Store, db: cfg.DB, worker: make(chan struct{}, 1), wake: make(chan struct{}, 1)}
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

	Version    int      // grows with each change
	Decorative bool     // shows nothing that wants words
	Tags       []string // in order of their characters
	FocusX     int      // what a crop must keep, in percent of the width
	FocusY     int      // and of the height
	Consent    Consent  // of people in it
	Likeness   string   // see Similar; "" for what is no picture
	Pending    bool     // its variants are being made
}

// NeedsAlt reports a picture that somebody has yet to describe.
func (o Object) NeedsAlt() bool { return o.IsPicture() && o.Alt == "" && !o.Decorative }

// FocusClass names the style that keeps the focal point in sight when the picture
// is cropped, in quarters: "focus-x25 focus-y75"; "" for the middle.
func (o Object) FocusClass() string {
	x, y := (o.FocusX+12)/25*25, (o.FocusY+12)/25*25
	if x == 50 && y == 50 {
		return ""
	}
	return fmt.Sprintf("focus-x%d focus-y%d", x, y)
}

// Replaced reports that other bytes stand at the address than at first.
func (o Object) Replaced() bool { return o.Content != o.Key }

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
	Key          string `db:"key"`
	Name         string `db:"name"`
	Type         string `db:"type"`
	Size         int64  `db:"size"`
	Width        int    `db:"width"`
	Height       int    `db:"height"`
	Widths       string `db:"widths"`
	Alt          string `db:"alt"`
	CreatedAt    int64  `db:"created_at"`
	CreatedBy    string `db:"created_by"`
	Content      string `db:"content"`
	Version      int    `db:"version"`
	Decorative   bool   `db:"decorative"`
	FocusX       int    `db:"focus_x"`
	FocusY       int    `db:"focus_y"`
	People       bool   `db:"people"`
	Consent      string `db:"consent"`
	ConsentUntil string `db:"consent_until"`
	WithdrawnAt  *int64 `db:"withdrawn_at"`
	Likeness     string `db:"likeness"`
	Pending      bool   `db:"pending"`
}

const columns = `key, name, type, size, width, height, widths, alt, created_at, created_by, content, version, decorative,
	focus_x, focus_y, people, consent, consent_until, withdrawn_at, likeness, pending`

func (r row) object() (Object, error) {
	o := Object{Key: r.Key, Name: r.Name, Type: r.Type, Size: r.Size, Width: r.Width, Height: r.Height,
		Alt: r.Alt, CreatedAt: time.UnixMilli(r.CreatedAt).UTC(), CreatedBy: r.CreatedBy, Content: r.Content,
		Version: r.Version, Decorative: r.Decorative, FocusX: r.FocusX, FocusY: r.FocusY, Likeness: r.Likeness, Pending: r.Pending,
		Consent: Consent{People: r.People, Until: r.ConsentUntil, Noted: r.Consent != "", Withdrawn: db.Time(r.WithdrawnAt)}}
	err := db.FromJSON(r.Widths, &o.Widths)
	return o, err
}

// selectObjects reads objects with their tags; tail begins after FROM media.
func selectObjects(ctx context.Context, q db.Queryer, tail string, args ...any) ([]Object, error) {
	var rows []row
	if err := db.Select(ctx, q, &rows, `SELECT `+columns+` FROM media `+tail, args...); err != nil {
		return nil, err
	}
	objects, keys := make([]Object, len(rows)), make([]string, len(rows))
	for i, r := range rows {
		var err error
		if objects[i], err = r.object(); err != nil {
			return nil, err
		}
		keys[i] = r.Key
	}
	if len(keys) == 0 {
		return objects, nil
	}
	list, in := db.In(0, keys)
	var tags []struct{ Key, Tag string }
	if err := db.Select(ctx, q, &tags, `SELECT key, tag FROM media_tag WHERE key IN (`+list+`) ORDER BY tag`, in...); err != nil {
		return nil, err
	}
	for _, t := range tags {
		i := slices.Index(keys, t.Key)
		objects[i].Tags = append(objects[i].Tags, t.Tag)
	}
	return objects, nil
}

// Get finds an object by key; Gone if it was taken back.
func (l *Library) Get(ctx context.Context, key string) (_ Object, err error) {
	defer errs.Wrap(&err, "get media %s", key)
	return l.get(ctx, l.db.Reader(), key)
}

func (l *Library) get(ctx context.Context, q db.Queryer, key string) (Object, error) {
	found, err := selectObjects(ctx, q, `WHERE key = $1`, key)
	if err != nil {
		return Object{}, err
	}
	if len(found) == 0 {
		return Object{}, gone(ctx, q, key)
	}
	return found[0], nil
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
	objects, err := selectObjects(ctx, l.db.Reader(), `WHERE key IN (`+list+`)`, args...)
	for _, o := range objects {
		found[o.Key] = o
	}
	return found, err
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
	if !v.IsOriginal() {
		if v, err = wanted(o, v); err != nil {
			return nil, err
		}
	}
	if v.IsOriginal() {
		return originalFile(o), nil
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
	if !v.IsOriginal() {
		if v, err = wanted(o, v); err != nil {
			return nil, err
		}
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
