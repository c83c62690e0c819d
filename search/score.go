package search

import (
	"cmp"
	"context"
	"math"
	"math/bits"
	"slices"
	"strings"

	index "github.com/blevesearch/bleve_index_api"
)

// Ranking is BM25 over several fields. In what we wrote, the occurrences of a
// term in all fields are added up before they saturate (BM25F), so that a word
// in title, answer and text counts as one word. An article of a law has short,
// unlike fields, and each of them counts by itself. Length is compared with
// documents of the same kind.
const (
	saturation        = 1.2 // k1
	articleSaturation = .85
	candidates        = maxHits // documents that get the second, finer look
)

// fieldWeight and fieldLength (b: 0 ignores length, 1 divides by it) go with
// textFields; articleWeight and articleLength are those of articles.
var (
	fieldWeight   = [len(textFields)]float32{3.5, 2, 1.6, .6, 1, 0}
	fieldLength   = [len(textFields)]float32{.4, .5, .5, .6, .75, 0}
	articleWeight = [len(textFields)]float32{0, 0, .4, .15, 1, .9}
	articleLength = [len(textFields)]float32{0, 0, .75, .75, .75, .75}
)

// scores is the working memory of one search.
type scores struct {
	value   []float32 // by document
	cells   []uint64  // what of the question it covers
	inTitle []uint64  // and in its title alone
	touched []uint32  // documents with any of these

	some []float32 // of the term at hand, when it has alternatives
	with []uint32  // documents that have it
}

func (v *view) newScores() *scores {
	if s, ok := v.scratch.Get().(*scores); ok {
		return s
	}
	return &scores{value: make([]float32, v.size), cells: make([]uint64, v.size), inTitle: make([]uint64, v.size), some: make([]float32, v.size)}
}

// recycle clears what was touched and keeps the memory for the next search.
func (v *view) recycle(s *scores) {
	for _, d := range s.touched {
		s.value[d], s.cells[d], s.inTitle[d] = 0, 0, 0
	}
	for _, d := range s.with { // a term that could not be read to its end
		s.some[d], s.inTitle[d] = 0, 0
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

// scoreTerm adds a term. Of several alternatives a document has as much as of
// the best, and a little more for the others: they say the same thing.
func (v *view) scoreTerm(s *scores, t term) error {
	if len(t.any) == 1 {
		p, err := v.alternative(t.any[0])
		if err != nil {
			return err
		}
		s.add(p, t.weight*idf(v.count, len(p.docs)), t.cells)
		return nil
	}
	for _, alt := range t.any {
		p, err := v.alternative(alt)
		if err != nil {
			return err
		}
		own := idf(v.count, len(p.docs))
		for i, d := range p.docs {
			if s.some[d] == 0 {
				s.with = append(s.with, d)
			}
			x := own * p.impacts[i].value()
			s.some[d] = max(s.some[d], x) + alsoSaid*min(s.some[d], x)
			if p.impacts[i].inTitle() {
				s.inTitle[d] |= t.cells
			}
		}
	}
	for _, d := range s.with {
		s.touch(d)
		s.value[d] += t.weight * s.some[d]
		s.cells[d] |= t.cells
		s.some[d] = 0
	}
	s.with = s.with[:0]
	return nil
}

// alsoSaid is what further alternatives count beside the best.
const alsoSaid = .3

func (v *view) alternative(alt alternative) (*postings, error) {
	switch {
	case alt.law:
		return v.lawPostings(alt.text)
	case alt.pairs == nil:
		return v.postings(alt.text)
	}
	return v.phrasePostings(alt.pairs)
}

// add scores all documents of a list.
func (s *scores) add(p *postings, weight float32, cells uint64) {
	for i, d := range p.docs {
		s.touch(d)
		s.value[d] += weight * p.impacts[i].value()
		s.cells[d] |= cells
		if p.impacts[i].inTitle() {
			s.inTitle[d] |= cells
		}
	}
}

func (s *scores) touch(d uint32) {
	if s.value[d] == 0 {
		s.touched = append(s.touched, d)
	}
}

func idf(documents, with int) float32 {
	n, d := float64(documents), float64(with)
	return float32(math.Log(1 + (n-d+.5)/(d+.5)))
}

func saturate(x, k float32) float32 { return x / (k + x) }

// ownNumber is what the number of an article counts in its name: other articles
// that only mention it are not meant.
const ownNumber = 2

// weigh is what the occurrences of a term in one field count.
func (v *view) weigh(term string, f int, p posting) float32 {
	kind := v.kinds[p.doc]
	weight, b := fieldWeight[f], fieldLength[f]
	if kind == articleKind {
		weight, b = articleWeight[f], articleLength[f]
		if f == namesField && isPlace(term) {
			weight = ownNumber
		}
	}
	n := p.freq / (1 - b + b*float32(v.lengths[f][p.doc])/v.averages[kind][f])
	if kind == articleKind {
		n = saturate(n, articleSaturation)
	}
	return weight * n
}

// kindWeight is how likely a kind is what a reader wants, all else being equal.
var kindWeight = [len(kindNames) + 1]float32{1.35, 1.2, .85, .7, .7, .8, .9, .7, .75, 0}

// worth turns a score into what hits are ordered by.
func (v *view) worth(q *question, s *scores, d uint32, today int32) float32 {
	covered := q.covers(s.cells[d])
	w := (s.value[d] + v.prior(d)) * (.7 + .3*covered*covered) * (1 + .5*q.covers(s.inTitle[d])) * kindWeight[v.kinds[d]]
	if v.repealed[d] {
		w *= .5
	}
	switch kind := kindNames[v.kinds[d]]; kind {
	case "session":
		if v.days[d] < today { // over
			w *= .6
		}
		if q.session || q.town && v.days[d] >= today {
			w *= 2.4
		}
		switch {
		case q.when == stretchOfDays{}:
		case q.when.holds(v.days[d]):
			w *= 2
		default:
			w *= .7
		}
	case "station":
		switch {
		case q.station:
			w *= 1.8
		case q.session: // the town is where it is held
			w *= .6
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

// compare puts the worthier first; equal ones by number, so that pages do not
// overlap.
func (r ranked) compare(o ranked) int {
	switch {
	case r.worth > o.worth:
		return -1
	case r.worth < o.worth:
		return 1
	}
	return int(r.doc) - int(o.doc)
}

func order(list []ranked) { slices.SortFunc(list, ranked.compare) }

// best moves the n first of a list to its front, in no order, and returns them
// (quickselect). A long question touches half of the index, and nobody turns to
// its end.
func best(list []ranked, n int) []ranked {
	if n >= len(list) {
		return list
	}
	for from, to := 0, len(list); to-from > 1; {
		pivot := list[from+(to-from)/2]
		i, j := from, to-1
		for i <= j {
			for list[i].compare(pivot) < 0 {
				i++
			}
			for list[j].compare(pivot) > 0 {
				j--
			}
			if i <= j {
				list[i], list[j] = list[j], list[i]
				i, j = i+1, j-1
			}
		}
		switch {
		case n <= j:
			to = j + 1
		case n > i:
			from = i
		default:
			return list[:n]
		}
	}
	return list[:n]
}

// need is the share of the best coverage that a document must reach. Of one or
// two words all must match, of a phrase nearly all, of a long question what is
// left when people ramble.
func (q *question) need() float32 {
	switch n := bits.OnesCount64(q.content); {
	case n <= 3:
		return 1
	case n == 4:
		return .75
	case n <= 8:
		return .4
	case n <= 16:
		return .2
	}
	return .1
}

// threshold is the coverage from which a document counts as found. When nothing
// has all that is needed, the best there is sets the mark.
func (q *question) threshold(s *scores) float32 {
	var best float32
	for _, d := range s.touched {
		best = max(best, q.covers(s.cells[d]))
	}
	q.best = best
	return max(best*q.need(), q.least())
}

// least is what a document must cover however little the others do. Of a few
// words it is more than half: who asks for 量子纠缠 is helped better by being
// told that there is nothing than by what has 纠缠 in it. A phrase that we know
// another name for is no such case.
func (q *question) least() float32 {
	if bits.OnesCount64(q.content) <= 4 && len(q.phrases) == 0 {
		return .51
	}
	return 0
}

// refine scores the single characters of the question on these documents, and
// orders them. Characters catch words misspelt by ear or split otherwise, and
// their postings are too long to walk for all documents.
func (v *view) refine(q *question, s *scores, list []ranked, today int32) error {
	docs := make([]uint32, len(list))
	for i, r := range list {
		docs[i] = r.doc
	}
	slices.Sort(docs)
	for _, t := range q.chars {
		if err := v.scoreChar(s, t, docs); err != nil {
			return err
		}
	}
	for i := range list {
		list[i].worth = v.worth(q, s, list[i].doc, today)
	}
	order(list)
	return v.settle(list)
}

// settle orders equals: newer before older, then by id. Bleve numbers documents
// otherwise on every node, and a reader who turns the page may be on another.
func (v *view) settle(list []ranked) error {
	for from := 0; from < len(list); {
		to := from + 1
		for to < len(list) && list[to].worth == list[from].worth {
			to++
		}
		if to-from > 1 {
			if err := v.settleEquals(list[from:to]); err != nil {
				return err
			}
		}
		from = to
	}
	return nil
}

func (v *view) settleEquals(equals []ranked) error {
	ids := make(map[uint32]string, len(equals))
	for _, r := range equals {
		id, err := v.reader.ExternalID(index.NewIndexInternalID(nil, uint64(r.doc)))
		if err != nil {
			return err
		}
		ids[r.doc] = id
	}
	slices.SortFunc(equals, func(a, b ranked) int {
		return cmp.Or(cmp.Compare(v.days[b.doc], v.days[a.doc]), strings.Compare(ids[a.doc], ids[b.doc]))
	})
	return nil
}

func (v *view) scoreChar(s *scores, t term, docs []uint32) error {
	p, err := v.postings(t.any[0].text)
	if err != nil {
		return err
	}
	weight := t.weight * idf(v.count, len(p.docs))
	at := 0
	for _, d := range docs {
		if at = p.seek(at, d); at == len(p.docs) {
			break
		}
		if p.docs[at] == d {
			s.value[d] += weight * p.impacts[at].value()
		}
	}
	return nil
}
