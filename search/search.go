package search

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/songfa/songfa/internal/errs"
)

// Query is what somebody asks. Text is free; Kind and Topic narrow the answer.
type Query struct {
	Text  string
	Kind  string // guide, notice, news, qa, page, article, law, session, station; "" for all
	Topic string // topic slug; "" for all
	Page  int    // from 1; 0 is 1
	Size  int    // hits on a page; 0 is 10, at most 100

	// Verbatim insists on the text as it is: no pinyin is read, no typing error
	// is mended.
	Verbatim bool
}

// Result is the answer.
type Result struct {
	// Exact is the article or law the text names by citation, if it does and it
	// is in the index. It may be among the hits as well.
	Exact *Hit
	Opens bool // the text is the citation of that article and nothing else

	// Meant is what the text was probably meant to say: 工伤认定 for 公伤认定, 劳动合同
	// for laodonghetong. When Corrected, this is the answer to Meant, and the text
	// as typed can be insisted on (Query.Verbatim); else it is the answer to the
	// text, and Meant would find what matches much better. "" almost always.
	Meant     string
	Corrected bool

	Total  int
	OfKind int // of any topic: Total, when no topic narrows
	Hits   []Hit
	Kinds  []Facet // within the topic, most hits first
	Topics []Facet // within the kind, most hits first
}

// Hit is one thing found.
type Hit struct {
	Kind     string // as in Query.Kind
	ID       string // document id, session id, station code, law slug, or law slug/article
	Path     string // root-relative address
	Title    []Span
	Answer   []Span // the one-sentence answer of a guide; may be empty
	Snippet  []Span
	Topics   []string
	Column   string
	At       time.Time // published, or start of the session; zero for others
	Repealed bool      // of a law that is no longer in force
	Score    float64   // says nothing beyond this result
}

// Span is a piece of text; Mark says that it is why this was found.
type Span struct {
	Text string
	Mark bool
}

// Facet counts the hits that have a value, before narrowing by it.
type Facet struct {
	Value string
	Count int
}

// maxHits is how deep a result can be read: nobody turns further, and every page
// costs what all pages before it do.
const maxHits = 1000

const (
	defaultSize = 10
	maxSize     = 100
)

func (q *Query) normalise() error {
	q.Page = max(1, q.Page)
	if q.Size <= 0 {
		q.Size = defaultSize
	}
	q.Size = min(q.Size, maxSize)
	if q.Page > maxHits/q.Size {
		return errs.New(errs.Invalid, "只能翻看前 "+strconv.Itoa(maxHits)+" 条结果，请把要找的话写得再具体一些。", "page %d of %d", q.Page, q.Size)
	}
	if q.Kind != "" && !slices.Contains(kindNames[:], q.Kind) {
		return errs.New(errs.Invalid, "没有这一类内容，请从列表中选择。", "unknown kind %.20q", q.Kind)
	}
	return nil
}

// Search answers a query. A text that is too long or holds nothing to look for,
// or a page too far, is Invalid, with a sentence that says so.
func (x *Index) Search(ctx context.Context, q Query) (r Result, err error) {
	defer errs.Wrap(&err, "search")
	if err := q.normalise(); err != nil {
		return r, err
	}
	asked, err := x.understand(q.Text)
	if err != nil {
		return r, err
	}
	err = x.read(func(v *view) error {
		r, err = x.ask(ctx, v, asked, q)
		return err
	})
	return r, err
}

// read hands the view that answers to fn. A damaged index may panic deep inside
// of Bleve: that becomes Unavailable, and the index is made anew.
func (x *Index) read(fn func(*view) error) (err error) {
	if err := x.Ready(); err != nil {
		return err
	}
	s := x.current.Load()
	if s == nil {
		return x.Ready()
	}
	v := s.acquire()
	if v == nil { // replaced this very moment
		if s = x.current.Load(); s == nil {
			return x.Ready()
		}
		if v = s.acquire(); v == nil {
			return errs.New(errs.Unavailable, "", "search index is being replaced")
		}
	}
	defer func() {
		if r := recover(); r != nil {
			x.distrust(s)
			err = errs.New(errs.Unavailable, "", "search index is damaged: %v", r)
		}
		if e := v.release(); err == nil {
			err = e
		}
	}()
	return fn(v)
}

// distrust has the index rebuilt, if it is still that one.
func (x *Index) distrust(s *shelf) {
	if x.current.Load() != s {
		return
	}
	x.broken.Store(true)
	select {
	case x.wake <- struct{}{}:
	default:
	}
}

func (x *Index) answer(ctx context.Context, v *view, asked *question, q Query) (r Result, err error) {
	s, err := v.score(ctx, asked)
	defer v.recycle(s)
	if err != nil {
		return r, err
	}
	today := dayOf(x.cfg.Now())
	v.hide(s, x.date())
	found := v.sift(asked, s, q, today)
	r.Kinds, r.Topics, r.Total, r.OfKind = found.kinds, found.topics, len(found.hits), found.ofKind
	found.hits = best(found.hits, candidates)
	if err := v.refine(asked, s, found.hits, today); err != nil {
		return r, err
	}
	from := min(len(found.hits), (q.Page-1)*q.Size)
	for _, h := range found.hits[from:min(len(found.hits), from+q.Size)] {
		hit, err := x.load(v, asked, h.doc)
		if err != nil {
			return r, err
		}
		hit.Score = float64(h.worth)
		r.Hits = append(r.Hits, hit)
	}
	r.Exact, r.Opens, err = x.exact(v, asked)
	return r, err
}

// exact finds the hit of what the question cites, and whether it is an article
// and the question says nothing else; nil when it cites nothing.
func (x *Index) exact(v *view, asked *question) (_ *Hit, opens bool, err error) {
	c, whole, ok := cited(x.registry, asked.folded)
	if !ok {
		return nil, false, nil
	}
	doc, ok, err := v.find(citedID(c))
	if !ok || err != nil {
		return nil, false, err
	}
	hit, err := x.load(v, asked, doc)
	return &hit, whole && c.Number > 0, err
}

// sifted is what remains of all that was touched.
type sifted struct {
	hits          []ranked
	ofKind        int // hits before narrowing by topic
	kinds, topics []Facet
}

// sift takes the documents that match well enough, counts them, and narrows
// them by kind and topic.
func (v *view) sift(asked *question, s *scores, q Query, today int32) sifted {
	least := asked.threshold(s)
	var onTopic []bool
	if q.Topic != "" {
		onTopic = make([]bool, v.size)
		for _, d := range v.topic(q.Topic) {
			onTopic[d] = true
		}
	}
	var kinds [len(kindNames) + 1]int
	ofKind := make([]bool, v.size)
	var out sifted
	for _, d := range s.touched {
		if asked.covers(s.cells[d]) < least {
			continue
		}
		if onTopic == nil || onTopic[d] {
			kinds[v.kinds[d]]++
		}
		if q.Kind != "" && v.kinds[d] != kindIndex(q.Kind) {
			continue
		}
		ofKind[d] = true
		out.ofKind++
		if onTopic == nil || onTopic[d] {
			out.hits = append(out.hits, ranked{d, v.worth(asked, s, d, today)})
		}
	}
	for k, name := range kindNames {
		out.kinds = appendFacet(out.kinds, name, kinds[k])
	}
	for _, t := range v.topics {
		n := 0
		for _, d := range t.docs {
			if ofKind[d] {
				n++
			}
		}
		out.topics = appendFacet(out.topics, t.slug, n)
	}
	out.kinds, out.topics = sortFacets(out.kinds), sortFacets(out.topics)
	return out
}

func appendFacet(list []Facet, value string, n int) []Facet {
	if n == 0 {
		return list
	}
	return append(list, Facet{value, n})
}

// sortFacets puts the largest first and keeps the order of equal ones.
func sortFacets(list []Facet) []Facet {
	slices.SortStableFunc(list, func(a, b Facet) int { return b.Count - a.Count })
	return list
}

// load makes a hit of a document.
func (x *Index) load(v *view, asked *question, doc uint32) (Hit, error) {
	st, err := v.load(doc)
	if err != nil {
		return Hit{}, fmt.Errorf("load hit: %w", err)
	}
	h := x.newHighlighter(asked)
	return Hit{Kind: st.Kind, ID: st.ID, Path: st.Path, Title: h.whole(st.Title), Answer: h.whole(st.Answer),
		Snippet: h.snippet(st.Summary, st.Body), Topics: st.Topics, Column: st.Column, At: st.at(), Repealed: st.Repealed}, nil
}
