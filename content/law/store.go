package law

import (
	"context"
	"io/fs"
	"time"

	"github.com/songfa/songfa/internal/auth"
	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/ledger"
)

// Config is what a Store needs.
type Config struct {
	DB     *db.DB
	Ledger *ledger.Ledger
	Now    func() time.Time
}

// Store keeps laws in the database.
type Store struct {
	cfg      Config
	registry *Registry
}

// New makes a Store. Call Reload before the first use of its Registry.
func New(cfg Config) *Store { return &Store{cfg: cfg, registry: &Registry{}} }

// Law is one law with the heads of its versions.
type Law struct {
	ID       string
	Slug     string
	Title    string // 中华人民共和国劳动合同法
	Short    string // 劳动合同法
	Aliases  []string
	Versions []Head // newest first; never empty
	Current  int    // index in Versions of the one in force (or, before any is, the first to come)

	RepealedOn     string // 2006-01-02; "" for a law in force
	RepealedBy     string // name of the law that took its place; may be ""
	RepealedBySlug string // "" when that one is not loaded
}

// InForce is the head of the version in force.
func (l Law) InForce() Head { return l.Versions[l.Current] }

// Repealed reports whether the law is no longer in force.
func (l Law) Repealed() bool { return l.RepealedOn != "" }

// Head is a version without its articles.
type Head struct {
	Date     string // 2006-01-02: names the version
	InForce  string // 2006-01-02; "" when unknown
	Info     []Info
	Articles int // numbered ones
}

// Text is a version of a law, whole.
type Text struct {
	Law      Law
	Head     Head
	Articles []Article
}

// Page is one article with its neighbours.
type Page struct {
	Law        Law
	Head       Head
	Article    Article
	Prev, Next *Article // numbered neighbours, without their paragraphs
}

// Report says what an import did. Laws, Versions, Replaced and Unchanged count
// versions by outcome; Bad names the files that were left out.
type Report struct {
	Files     int
	Laws      int // laws that were new
	Versions  int // versions that were new
	Replaced  int // versions whose text changed
	Unchanged int
	Articles  int // numbered articles in all files read
	Bad       []*FileError
}

// Import reads the law files below the roots of fsys (files or folders; all of
// it without any) and keeps each text as a version of its law. The same text
// again changes nothing. A bad file is reported and the others go on; the
// error is for what stops the whole import.
func (s *Store) Import(ctx context.Context, actor auth.Actor, fsys fs.FS, roots ...string) (Report, error) {
	return Report{}, nil
}

// Laws lists all laws, those in force first, by name.
func (s *Store) Laws(ctx context.Context) ([]Law, error) { return nil, nil }

// Law finds a law by slug; NotFound when there is none.
func (s *Store) Law(ctx context.Context, slug string) (Law, error) { return Law{}, nil }

// Version reads a version whole; date "" is the one in force.
func (s *Store) Version(ctx context.Context, slug, date string) (Text, error) { return Text{}, nil }

// Article reads one article; date "" means the version in force.
func (s *Store) Article(ctx context.Context, slug string, number, sub int, date string) (Page, error) {
	return Page{}, nil
}

// EachArticle walks the articles of the version in force in order: what the
// search index holds of a law.
func (s *Store) EachArticle(ctx context.Context, slug string, fn func(Article) error) error {
	return nil
}

// Registry knows the loaded laws by name. It is the same one for the life of
// the Store.
func (s *Store) Registry() *Registry { return s.registry }

// Reload refreshes the Registry from the database: at start, and whenever the
// journal tells of a change of kind "law". Import does it by itself.
func (s *Store) Reload(ctx context.Context) error { return nil }
