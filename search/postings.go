package search

import (
	"cmp"
	"errors"
	"maps"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"
)

// postings are the documents that have a term, ascending, and what the
// occurrences of the term count in each, before its rarity is known.
type postings struct {
	docs    []uint32
	impacts []impact
}

// impact is what a term counts in a document: the occurrences in all fields,
// weighed by field and length and saturated, in steps of 1/impactStep. The
// highest bit says that the title has the term.
type impact uint16

const (
	impactStep  = 4096
	impactTitle = impact(1) << 15
	impactMost  = impactTitle - 1
)

func newImpact(value float32, inTitle bool) impact {
	i := min(impact(value*impactStep+.5), impactMost)
	if inTitle {
		i |= impactTitle
	}
	return max(i, 1)
}

func (i impact) value() float32 { return float32(i&^impactTitle) * (1. / impactStep) }
func (i impact) inTitle() bool  { return i&impactTitle != 0 }

// postingSize is what a posting takes in memory, in bytes.
const postingSize = 6

// cacheLimit bounds the postings that a view holds, in bytes. All of a bureau's
// site fits several times over; of 60,000 articles the terms that people use do.
const cacheLimit = 48 << 20

// postingsCache holds the postings that questions asked for. Bleve decodes a
// posting in about the time that scoring fifty of these takes, and questions
// use the same few thousand terms. When it is full, any part of it goes: what is
// in use comes back at once, and nothing needs to be noted when reading.
type postingsCache struct {
	mu    sync.RWMutex
	terms map[string]*postings
	bytes int
}

func (c *postingsCache) get(term string) *postings {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return c.terms[term]
}

func (c *postingsCache) put(term string, p *postings) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.terms == nil {
		c.terms = map[string]*postings{}
	}
	if _, there := c.terms[term]; there {
		return
	}
	c.terms[term] = p
	c.bytes += p.size(term)
	for other, q := range c.terms {
		if c.bytes <= cacheLimit {
			break
		}
		delete(c.terms, other)
		c.bytes -= q.size(other)
	}
}

func (p *postings) size(term string) int { return postingSize*len(p.docs) + len(term) + 96 }

// postings gives those of a term.
func (v *view) postings(term string) (*postings, error) {
	if p := v.cache.get(term); p != nil {
		return p, nil
	}
	p, err := v.readPostings(term)
	if err == nil {
		v.cache.put(term, p)
	}
	return p, err
}

// lawPostings are the articles of the law with this name, and the law.
func (v *view) lawPostings(name string) (*postings, error) {
	key := fieldCalled + "\x00" + name
	if p := v.cache.get(key); p != nil {
		return p, nil
	}
	p := &postings{}
	whole := newImpact(saturate(1, articleSaturation), false)
	err := v.each(fieldCalled, name, false, func(one posting) {
		p.docs, p.impacts = append(p.docs, one.doc), append(p.impacts, whole)
	})
	if err == nil {
		v.cache.put(key, p)
	}
	return p, err
}

// tally is a term in a document while its fields are added up.
type tally struct {
	doc     uint32
	sum     float32
	inTitle bool
}

func (v *view) readPostings(term string) (*postings, error) {
	var all, field []tally
	for f, name := range textFields {
		field = field[:0]
		err := v.each(name, term, true, func(p posting) {
			field = append(field, tally{p.doc, v.weigh(term, f, p), f == titleField})
		})
		if err != nil {
			return nil, err
		}
		all = mergeTallies(all, field)
	}
	p := &postings{docs: make([]uint32, len(all)), impacts: make([]impact, len(all))}
	for i, t := range all {
		if v.kinds[t.doc] != articleKind {
			t.sum = saturate(t.sum, saturation)
		}
		p.docs[i], p.impacts[i] = t.doc, newImpact(t.sum, t.inTitle)
	}
	return p, nil
}

// mergeTallies adds up two lists that ascend.
func mergeTallies(a, b []tally) []tally {
	switch {
	case len(b) == 0:
		return a
	case len(a) == 0:
		return slices.Clone(b)
	}
	out := make([]tally, 0, len(a)+len(b))
	for len(a) > 0 && len(b) > 0 {
		switch {
		case a[0].doc < b[0].doc:
			out, a = append(out, a[0]), a[1:]
		case a[0].doc > b[0].doc:
			out, b = append(out, b[0]), b[1:]
		default:
			out = append(out, tally{a[0].doc, a[0].sum + b[0].sum, a[0].inTitle || b[0].inTitle})
			a, b = a[1:], b[1:]
		}
	}
	return append(append(out, a...), b...)
}

// phrasePostings are those of a phrase that is no term of the index: a document
// that has all its pairs has it as much as the least of them.
func (v *view) phrasePostings(pairs []string) (*postings, error) {
	lists := make([]*postings, len(pairs))
	for i, pair := range pairs {
		p, err := v.postings(pair)
		if err != nil {
			return nil, err
		}
		lists[i] = p
	}
	slices.SortFunc(lists, func(a, b *postings) int { return len(a.docs) - len(b.docs) })
	all := lists[0]
	for _, p := range lists[1:] {
		all = all.and(p)
	}
	return all, nil
}

// and keeps the documents that are in both; the receiver should be the shorter.
func (p *postings) and(q *postings) *postings {
	out := &postings{}
	at := 0
	for i, d := range p.docs {
		at = q.seek(at, d)
		if at == len(q.docs) {
			break
		}
		if q.docs[at] == d {
			a, b := p.impacts[i], q.impacts[at]
			out.docs = append(out.docs, d)
			out.impacts = append(out.impacts, min(a&^impactTitle, b&^impactTitle)|a&b&impactTitle)
		}
	}
	return out
}

// seek finds the first place from at on that is not before doc, in steps that
// double: what is asked for next is mostly near.
func (p *postings) seek(at int, doc uint32) int {
	step := 1
	for at+step < len(p.docs) && p.docs[at+step] < doc {
		at += step
		step *= 2
	}
	end := min(at+step+1, len(p.docs))
	n, _ := slices.BinarySearch(p.docs[at:end], doc)
	return at + n
}

// warmFrom is how many entries make decoding the first questions' postings
// slow enough to be noticed.
const warmFrom = 10000

// warm reads the postings of the characters and words that people use most,
// so that the first to ask after a start does not wait for them. What fails
// here fails again, and is told, when somebody asks.
func (s *shelf) warm() {
	for _, term := range commonTerms() {
		if s.warmWith(term) != nil {
			return
		}
	}
}

// warmWith borrows the view for one term, so that a shelf that is retired
// meanwhile waits for no more than that.
func (s *shelf) warmWith(term string) (err error) {
	v := s.acquire()
	if v == nil {
		return errCold
	}
	defer func() {
		if recover() != nil { // Bleve panics on some damaged files
			err = errCold
		}
		err = errors.Join(err, v.release())
	}()
	if v.count < warmFrom || !v.cache.room() {
		return errCold
	}
	_, err = v.postings(term)
	return err
}

var errCold = errors.New("nothing more to warm")

// room reports that half of the cache is free.
func (c *postingsCache) room() bool {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return c.bytes < cacheLimit/2
}

// commonTerms are the characters of our dictionary, the most frequent first,
// and its words of two characters.
func commonTerms() (terms []string) {
	count := map[string]int{}
	for _, word := range strings.Fields(dictText) {
		for _, r := range word {
			if isHan(r) {
				count[string(r)]++
			}
		}
		if utf8.RuneCountInString(word) == 2 {
			count[word] += 5
		}
	}
	return slices.SortedFunc(maps.Keys(count), func(a, b string) int {
		return cmp.Or(count[b]-count[a], strings.Compare(a, b))
	})
}
