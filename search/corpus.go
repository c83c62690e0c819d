package search

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/songfa/songfa/content/law"
	"github.com/songfa/songfa/internal/errs"
)

// Corpus is an index over the articles of laws that come from somewhere else
// than the database, to measure search with: see search/evaluate. Whatever
// happens between an entry and its place in an answer is what happens in
// production; only the journal is not followed.
type Corpus struct {
	x      *Index
	loaded Loaded
	// What is not indexed: chapter headings, which laws an article names, glosses.
	noHeads, noPrior, noGlosses bool
}

// CorpusConfig names the folder of a Corpus and parts of search to leave out
// (see parts): what a part is worth shows without it. The same must be left out
// when building and when opening.
type CorpusConfig struct {
	Dir     string
	Without []string
}

// Article is an article of a law. ID is what its hit is called.
type Article struct {
	ID      string
	Law     string // 劳动合同法; an unknown law's name is as good as its slug
	Article string // 第三十八条; pieces that are no article are called otherwise
	Text    string
	Head    string // the chapters above it
}

// Loaded is what analysis needs before the first question: its dictionaries.
type Loaded struct {
	Took time.Duration
	Heap int64 // bytes
}

// lawsFile lies beside the shelf and tells which laws and articles there are,
// which production reads from the database.
const lawsFile = "laws.json"

// BuildCorpus indexes the articles in a folder, which must be empty or hold
// what another BuildCorpus made.
func BuildCorpus(ctx context.Context, cfg CorpusConfig, articles iter.Seq2[Article, error]) (_ *Corpus, err error) {
	defer errs.Wrap(&err, "build corpus")
	c, err := newCorpus(cfg)
	if err != nil {
		return nil, err
	}
	if err := c.build(ctx, articles); err != nil {
		return nil, errors.Join(err, c.Close())
	}
	return c, nil
}

// OpenCorpus opens what BuildCorpus made. Another process may not have it open.
func OpenCorpus(ctx context.Context, cfg CorpusConfig) (_ *Corpus, err error) {
	defer errs.Wrap(&err, "open corpus")
	c, err := newCorpus(cfg)
	if err != nil {
		return nil, err
	}
	if err := c.reopen(ctx); err != nil {
		return nil, errors.Join(err, c.Close())
	}
	return c, nil
}

func newCorpus(cfg CorpusConfig) (*Corpus, error) {
	if cfg.Dir == "" {
		return nil, errors.New("a corpus needs a folder")
	}
	before, began := heapInUse(), time.Now()
	x, err := newIndex(Config{Dir: cfg.Dir, Now: time.Now}, law.NewRegistry())
	if err != nil {
		return nil, err
	}
	c := &Corpus{x: x, loaded: Loaded{Took: time.Since(began)}}
	c.loaded.Heap = max(0, heapInUse()-before)
	for _, name := range cfg.Without {
		leaveOut, known := parts[name]
		if !known {
			return nil, errors.Join(fmt.Errorf("no part %q; there are %s", name, strings.Join(Parts(), ", ")), c.Close())
		}
		leaveOut(c)
	}
	return c, nil
}

// parts are what can be left out, by name.
var parts = map[string]func(*Corpus){
	"synonyms": func(c *Corpus) { c.x.synonyms.Store(newSynonyms(c.x.analyzer.folder, "")) },
	"words":    func(c *Corpus) { c.x.analyzer.words = &dictionary{} },
	"heads":    func(c *Corpus) { c.noHeads = true },
	"prior":    func(c *Corpus) { c.noPrior = true },
	"glosses":  func(c *Corpus) { c.noGlosses = true },
	"chars":    func(c *Corpus) { c.x.noChars = true },
}

// Parts names what CorpusConfig.Without can leave out.
func Parts() []string { return slices.Sorted(maps.Keys(parts)) }

// Search answers like Index.Search. A hit's ID is the article's.
func (c *Corpus) Search(ctx context.Context, q Query) (Result, error) { return c.x.Search(ctx, q) }

// Loaded is what it cost to get analysis ready.
func (c *Corpus) Loaded() Loaded { return c.loaded }

// Close closes it.
func (c *Corpus) Close() error { return c.x.Close() }

func (c *Corpus) build(ctx context.Context, articles iter.Seq2[Article, error]) error {
	name := newShelfName()
	s, err := openShelf(c.x.home.path(name))
	if err != nil {
		return err
	}
	laws, err := c.fill(ctx, s, articles)
	if err != nil {
		return errors.Join(err, s.discard())
	}
	if err := c.write(laws); err != nil {
		return errors.Join(err, s.discard())
	}
	if err := c.x.home.setCurrent(name); err != nil {
		return errors.Join(err, s.discard())
	}
	c.x.put(s)
	return c.x.home.sweep(name)
}

// lawsOf lists the laws that the articles are of. Articles name laws, so these
// must be known before any is indexed.
func lawsOf(articles iter.Seq2[Article, error]) (laws []law.Entry, err error) {
	at := map[string]int{}
	numbers := law.NewRegistry()
	for a, err := range articles {
		if err != nil {
			return nil, err
		}
		if _, known := at[a.Law]; !known {
			at[a.Law] = len(laws)
			laws = append(laws, law.Entry{Slug: a.Law, Title: a.Law})
		}
		if number, sub := a.number(numbers); number > 0 {
			l := &laws[at[a.Law]]
			l.Articles = append(l.Articles, [2]int{number, sub})
		}
	}
	return laws, nil
}

// fill writes the articles as a rebuild does, and says which laws they are of.
func (c *Corpus) fill(ctx context.Context, s *shelf, articles iter.Seq2[Article, error]) ([]law.Entry, error) {
	laws, err := lawsOf(articles)
	if err != nil {
		return nil, err
	}
	c.x.registry = law.NewRegistry(laws...)
	count := 0
	w := c.x.newWriter(s)
	for a, err := range articles {
		if err = errors.Join(err, ctx.Err()); err != nil {
			return nil, err
		}
		if err := w.add(c.entry(a)); err != nil {
			return nil, fmt.Errorf("article %s: %w", a.ID, err)
		}
		count++
	}
	if err := w.flush(&state{Schema: schema(), Complete: true}); err != nil {
		return nil, err
	}
	if err := s.compact(ctx); err != nil {
		return nil, err
	}
	if err := s.refresh(); err != nil {
		return nil, err
	}
	if s.view.count != count {
		return nil, fmt.Errorf("%d articles make %d entries: some are given twice", count, s.view.count)
	}
	return laws, nil
}

// number reads 第三十八条之一; 0, 0 for what is no article.
func (a Article) number(r *law.Registry) (number, sub int) {
	if c, whole := r.Source("《民法典》" + a.Article); whole { // any law will do
		return c.Number, c.Sub
	}
	return 0, 0
}

// entry is that of an article, without what is left out.
func (c *Corpus) entry(a Article) *entry {
	e := a.entry(c.x.registry)
	if c.noHeads {
		e.headings = ""
	}
	if c.noPrior {
		e.mentions = nil
	}
	if c.noGlosses {
		e.gloss = ""
	}
	return e
}

// entry is that of the same article in the database.
func (a Article) entry(r *law.Registry) *entry {
	number, sub := a.number(r)
	e := articleEntry(r, law.Law{Slug: a.Law, Title: a.Law, Short: a.Law, Aliases: law.Aliases(a.Law)},
		law.Article{Number: number, Sub: sub, Path: []string{a.Head}, Paragraphs: strings.Split(a.Text, "\n")})
	if number == 0 { // in production these are no entries, but part of the law's
		e.id, e.hit.Title, e.names = articleID(a.Law, a.Article), "《"+a.Law+"》"+a.Article, join(e.names, a.Article)
	}
	e.hit.ID = a.ID
	return e
}

func (c *Corpus) write(laws []law.Entry) error {
	b, err := json.Marshal(laws)
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(c.x.home.dir, lawsFile), b, 0o600)
}

func (c *Corpus) reopen(ctx context.Context) error {
	b, err := os.ReadFile(filepath.Join(c.x.home.dir, lawsFile))
	if errors.Is(err, fs.ErrNotExist) {
		return errNone
	}
	if err != nil {
		return err
	}
	var laws []law.Entry
	if err := json.Unmarshal(b, &laws); err != nil {
		return fmt.Errorf("read %s: %w", lawsFile, err)
	}
	c.x.registry = law.NewRegistry(laws...)
	s, err := c.x.reopen(ctx, 0) // a corpus is on no journal: it stands at its beginning
	if err != nil {
		return err
	}
	c.x.put(s)
	return nil
}

// heapInUse is what the program keeps, in bytes.
func heapInUse() int64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}
