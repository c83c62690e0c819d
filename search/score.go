package search

import (
	"context"
	"math"
	"math/bits"
	"slices"

	index "github.com/blevesearch/bleve_index_api"
)

// Ranking is BM25 over several fields (BM25F): the occurrences of a term in all
// fields, each weighed by its field and by the field's length, are added up
// before they saturate, so that a word in title, answer and text counts as one
// word. Length is compared with documents of the same kind.
const (
	saturation = 1.2 // k1
	candidates = 300 // documents that get the second, finer look
)

// fieldWeight and fieldLength (b: 0 ignores length, 1 divides by it) go with
// textFields.
var (
	fieldWeight = [len(textFields)]float32{3.5, 2, 1.6, .6, 1}
	fieldLength = [len(textFields)]float32{.4, .5, .5, .6, .75}
)

// scores is the working memory of one search.
type scores struct {
	value   []float32 // by document
	cells   []uint64  // what of the question it covers
	inTitle []uint64  // and in its title alone
	touched []uint32  // documents with any of these

	freq []float32 // of the term at hand
	with []uint32  // documents that have it
}

func (v *view) newScores() *scores {
	if s, ok := v.scratch.Get().(*scores); ok {
		return s
	}
	return &scores{value: make([]float32, v.size), cells: make([]uint64, v.size), inTitle: make([]uint64, v.size), freq: make([]float32, v.size)}
}

// recycle clears what was touched and keeps the memory for the next search.
func (v *view) recycle(s *scores) {
	for _, d := range s.touched {
		s.value[d], s.cells[d], s.inTitle[d] = 0, 0, 0
	}
	s.touched, s.with = s.touched[:0], s.with[:0]
	v.scratch.Put(s)
}

// score runs the first stage.
func (v *view) score(ctx context.Context, q *question) (*scores, error) {
	s := v.newScores()
	for _, t := range q.terms {
		if err := ctx.Err(); err != nil {
			return s, err
		}
		if err := v.scoreTerm(s, t); err != nil {
			return s, err
		}
	}
	return s, nil
}

func (v *view) scoreTerm(s *scores, t term) (err error) {
	for _, alt := range t.any {
		if alt.pairs == nil {
			err = v.occurrences(s, alt.text, t.cells, 1)
		} else {
			err = v.phrase(s, alt.pairs, t.cells)
		}
		if err != nil {
			return err
		}
	}
	idf := idf(v.count, len(s.with))
	for _, d := range s.with {
		tf := s.freq[d]
		s.freq[d] = 0
		if s.cells[d] == 0 && s.value[d] == 0 {
			s.touched = append(s.touched, d)
		}
		s.value[d] += t.weight * idf * tf / (saturation + tf)
		s.cells[d] |= t.cells
	}
	s.with = s.with[:0]
	return nil
}

func idf(documents, with int) float32 {
	n, d := float64(documents), float64(with)
	return float32(math.Log(1 + (n-d+.5)/(d+.5)))
}

// occurrences adds up a term over the fields.
func (v *view) occurrences(s *scores, term string, cells uint64, weight float32) error {
	for f, name := range textFields {
		err := v.each(name, term, true, func(p posting) {
			if s.freq[p.doc] == 0 {
				s.with = append(s.with, p.doc)
			}
			s.freq[p.doc] += weight * v.weigh(f, p)
			if f == 0 {
				s.inTitle[p.doc] |= cells
			}
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// weigh is what the occurrences in one field count.
func (v *view) weigh(f int, p posting) float32 {
	b := fieldLength[f]
	return fieldWeight[f] * p.freq / (1 - b + b*p.length/v.lengths.average[v.kinds[p.doc]][f])
}

// phrase adds up a phrase that is no term of the index: in a document that has
// all its pairs in one field, it occurs as often as the rarest of them.
func (v *view) phrase(s *scores, pairs []string, cells uint64) error {
	for f, name := range textFields {
		var all map[uint32]float32
		for i, pair := range pairs {
			next := map[uint32]float32{}
			err := v.each(name, pair, true, func(p posting) {
				w := v.weigh(f, p)
				if i == 0 {
					next[p.doc] = w
				} else if before, ok := all[p.doc]; ok {
					next[p.doc] = min(before, w)
				}
			})
			if err != nil {
				return err
			}
			if all = next; len(all) == 0 {
				break
			}
		}
		for d, w := range all {
			if s.freq[d] == 0 {
				s.with = append(s.with, d)
			}
			s.freq[d] += w
			if f == 0 {
				s.inTitle[d] |= cells
			}
		}
	}
	return nil
}

// kindWeight is how likely a kind is what a reader wants, all else being equal.
var kindWeight = [len(kindNames) + 1]float32{1.15, 1.05, .8, .7, .7, .8, .9, .7, .75, 0}

// worth turns a score into what hits are ordered by.
func (v *view) worth(q *question, s *scores, d uint32, today int32) float32 {
	covered := q.covers(s.cells[d])
	w := s.value[d] * (.3 + .7*covered*covered) * (1 + .5*q.covers(s.inTitle[d])) * kindWeight[v.kinds[d]]
	if v.repealed[d] {
		w *= .5
	}
	switch kind := kindNames[v.kinds[d]]; kind {
	case "session":
		if v.days[d] < today { // over
			w *= .6
		}
		if q.session {
			w *= 1.6
		}
	case "station":
		if q.station {
			w *= 1.8
		}
	case "law", "article":
		if q.statute {
			w *= 1.3
		}
		if q.article && kind == "article" {
			w *= 2
		}
	case "notice", "news":
		age := float32(max(0, today-v.days[d])) / 365
		w *= 1 - .3*min(1, age/3)
	}
	return w
}

// ranked is a document with its worth.
type ranked struct {
	doc   uint32
	worth float32
}

// order sorts by worth; equal ones by number, so that pages do not overlap.
func order(list []ranked) {
	slices.SortFunc(list, func(a, b ranked) int {
		switch {
		case a.worth > b.worth:
			return -1
		case a.worth < b.worth:
			return 1
		}
		return int(a.doc) - int(b.doc)
	})
}

// need is the share of the best coverage that a document must reach. Of a few
// words all must match, of a long question what is left when people ramble.
func (q *question) need() float32 {
	switch n := bits.OnesCount64(q.content); {
	case n <= 4:
		return 1
	case n <= 8:
		return .7
	case n <= 16:
		return .5
	}
	return .35
}

// threshold is the coverage from which a document counts as found. When nothing
// has all that is needed, the best there is sets the mark.
func (q *question) threshold(s *scores) float32 {
	var best float32
	for _, d := range s.touched {
		best = max(best, q.covers(s.cells[d]))
	}
	return best * q.need()
}

// refine scores the single characters of the question on the first of the
// list, and orders it again. Characters catch words misspelt by ear or split
// otherwise, and their postings are too long to walk for all documents.
func (v *view) refine(q *question, s *scores, list []ranked, today int32) error {
	best := list[:min(len(list), candidates)]
	docs := make([]uint32, len(best))
	for i, r := range best {
		docs[i] = r.doc
	}
	slices.Sort(docs)
	for _, t := range q.chars {
		if err := v.scoreChar(s, t, docs); err != nil {
			return err
		}
	}
	for i := range best {
		best[i].worth = v.worth(q, s, best[i].doc, today)
	}
	order(list)
	return nil
}

func (v *view) scoreChar(s *scores, t term, docs []uint32) error {
	with := 0
	for f, name := range textFields {
		n, err := v.advance(s, f, name, t.any[0].text, docs)
		if err != nil {
			return err
		}
		with = max(with, n)
	}
	idf := idf(v.count, min(with, v.count))
	for _, d := range docs {
		if tf := s.freq[d]; tf > 0 {
			s.freq[d] = 0
			s.value[d] += t.weight * idf * tf / (saturation + tf)
		}
	}
	return nil
}

// advance adds up a term in one field over the documents, which ascend.
func (v *view) advance(s *scores, f int, name, text string, docs []uint32) (with int, err error) {
	r, err := v.reader.TermFieldReader(context.Background(), []byte(text), name, true, true, false)
	if err != nil {
		return 0, err
	}
	defer func() {
		if e := r.Close(); err == nil {
			err = e
		}
	}()
	with = int(r.Count())
	var buf index.TermFieldDoc
	var id index.IndexInternalID
	at := int64(-1)
	for _, d := range docs {
		if int64(d) < at {
			continue
		}
		if int64(d) > at {
			id = index.NewIndexInternalID(id, uint64(d))
			next, err := r.Advance(id, &buf)
			if err != nil || next == nil {
				return with, err
			}
			at = int64(next.ID.Value())
		}
		if at == int64(d) {
			s.freq[d] += v.weigh(f, toPosting(&buf))
		}
	}
	return with, nil
}
