package search

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	index "github.com/blevesearch/bleve_index_api"
)

// view is the index at one moment, with what ranking needs of every document
// held in memory: reading it from the index for each candidate took a third of
// the time of a query. Documents are known by Bleve's number.
type view struct {
	reader index.IndexReader
	users  atomic.Int32

	shown []bool // of the staff's view, the documents in it, by number; nil for readers
	staff staffView

	size     int     // numbers are below it
	count    int     // documents
	kinds    []uint8 // index in kindNames, by number; noKind where there is no document
	days     []int32 // day of publication or of the session, 0 for none
	repealed map[uint32]bool
	serves   map[uint32]serving // of stations that do not always
	topics   []topicList
	lengths  [len(textFields)][]uint16 // in tokens, by number; longer ones are cut off
	// averages are those of the fields, by kind: a guide is not long because
	// statutes are short.
	averages  [len(kindNames) + 1][len(textFields)]float32
	priors    []float32 // of articles and laws
	priorMost float32
	cache     postingsCache

	names viewNames // for reading pinyin

	scratch sync.Pool // of *scores, sized for this view
}

// topicList are the documents of one topic, ascending.
type topicList struct {
	slug string
	docs []uint32
}

// kindNames are the kinds of hits; their order is that of facets.
var kindNames = [...]string{"guide", "qa", "notice", "news", "page", "article", "law", "session", "station"}

const noKind = uint8(len(kindNames))

// Articles are scored in their own way.
const (
	articleKind = uint8(5)
	lawKind     = uint8(6)
)

func kindIndex(kind string) uint8 { return uint8(slices.Index(kindNames[:], kind)) }

// newView takes the present state of an index. What does not change with a few
// documents more is taken over from the view before, which may be nil.
func newView(ix index.Index, before *view) (_ *view, err error) {
	reader, err := ix.Reader()
	if err != nil {
		return nil, err
	}
	v := &view{reader: reader}
	v.users.Store(1)
	defer func() {
		if err != nil {
			err = errors.Join(err, reader.Close())
		}
	}()
	if before == nil {
		return v, v.learn(nil)
	}
	v.staff.words = before.staff.lastWords()
	return v, v.learn(before.names.common)
}

// learn reads what ranking needs; words are those of the view before.
func (v *view) learn(words *commonWords) error {
	v.repealed, v.serves = map[uint32]bool{}, map[uint32]serving{}
	if err := v.readKinds(); err != nil {
		return err
	}
	if err := v.readDays(); err != nil {
		return err
	}
	if err := v.readServes(); err != nil {
		return err
	}
	if err := v.readTopics(); err != nil {
		return err
	}
	err := v.each(fieldFlag, flagRepealed, false, func(p posting) { v.repealed[p.doc] = true })
	if err != nil {
		return err
	}
	if err := v.readPriors(); err != nil {
		return err
	}
	v.names.common = v.commonWords(words)
	return v.readLengths()
}

func (v *view) release() error {
	if v == nil || v.users.Add(-1) > 0 {
		return nil
	}
	return v.reader.Close()
}

// posting is one document that has a term.
type posting struct {
	doc  uint32
	freq float32
}

// each walks the documents that have the term in the field, in their order.
func (v *view) each(field, term string, freqs bool, visit func(posting)) error {
	if v.shown != nil {
		return v.eachShown(field, term, freqs, visit)
	}
	return v.walk(field, term, freqs, visit)
}

func (v *view) walk(field, term string, freqs bool, visit func(posting)) (err error) {
	r, err := v.reader.TermFieldReader(context.Background(), []byte(term), field, freqs, false, false)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	var d index.TermFieldDoc
	for {
		next, err := r.Next(&d)
		if next == nil || err != nil {
			return err
		}
		visit(toPosting(next))
	}
}

func toPosting(d *index.TermFieldDoc) posting {
	return posting{doc: uint32(d.ID.Value()), freq: float32(d.Freq)}
}

func (v *view) readKinds() error {
	for k, name := range kindNames {
		err := v.each(fieldKind, name, false, func(p posting) {
			for int(p.doc) >= len(v.kinds) {
				v.kinds = append(v.kinds, noKind)
			}
			v.kinds[p.doc] = uint8(k)
			v.count++
		})
		if err != nil {
			return err
		}
	}
	v.size = len(v.kinds)
	return nil
}

func (v *view) readDays() error {
	v.days = make([]int32, v.size)
	return v.eachTerm(fieldDay, "", 1<<20, func(term string) error {
		day, err := strconv.Atoi(term)
		if err != nil {
			return fmt.Errorf("day %q in index: %w", term, err)
		}
		return v.each(fieldDay, term, false, func(p posting) { v.days[p.doc] = int32(day) })
	})
}

func (v *view) readTopics() error {
	return v.eachTerm(fieldTopic, "", 1000, func(slug string) error {
		list := topicList{slug: slug}
		err := v.each(fieldTopic, slug, false, func(p posting) { list.docs = append(list.docs, p.doc) })
		v.topics = append(v.topics, list)
		return err
	})
}

// eachTerm walks up to limit terms of a field that begin with prefix, in order.
func (v *view) eachTerm(field, prefix string, limit int, visit func(term string) error) error {
	if v.shown != nil {
		return v.eachShownTerm(field, prefix, limit, visit)
	}
	return v.walkTerms(field, prefix, limit, visit)
}

func (v *view) walkTerms(field, prefix string, limit int, visit func(term string) error) (err error) {
	dict, err := v.reader.FieldDictPrefix(field, []byte(prefix))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, dict.Close()) }()
	for range limit {
		e, err := dict.Next()
		if e == nil || err != nil {
			return err
		}
		if err := visit(e.Term); err != nil {
			return err
		}
	}
	return nil
}

// readLengths reads how long every field of every document is.
func (v *view) readLengths() error {
	for f, name := range textFields {
		var sum, n [len(kindNames) + 1]float64
		lengths := make([]uint16, v.size)
		err := v.each(name, everyLength, true, func(p posting) {
			k := v.kinds[p.doc]
			sum[k] += float64(p.freq)
			n[k]++
			lengths[p.doc] = uint16(min(p.freq, math.MaxUint16))
		})
		if err != nil {
			return err
		}
		v.lengths[f] = lengths
		for k := range sum {
			v.averages[k][f] = float32(max(1, sum[k]/max(1, n[k])))
		}
	}
	return nil
}

// load reads what is stored of a document.
func (v *view) load(doc uint32) (st stored, err error) {
	id, err := v.reader.ExternalID(index.NewIndexInternalID(nil, uint64(doc)))
	if err != nil {
		return st, err
	}
	d, err := v.reader.Document(id)
	if err != nil {
		return st, err
	}
	if d == nil {
		return st, fmt.Errorf("document %s is not in the index", id)
	}
	d.VisitFields(func(f index.Field) {
		if f.Name() == fieldStored {
			var b []byte
			if b, err = packing().unpack(f.Value()); err == nil {
				err = json.Unmarshal(b, &st)
			}
		}
	})
	return st, err
}

// idsOf lists the entries that have a keyword.
func (v *view) idsOf(field, term string) (ids []string, err error) {
	walk := v.each(field, term, false, func(p posting) {
		id, e := v.reader.ExternalID(index.NewIndexInternalID(nil, uint64(p.doc)))
		ids, err = append(ids, id), errors.Join(err, e)
	})
	return ids, errors.Join(err, walk)
}

// dayTerm writes the day of a moment; dayOf counts days since 1970. Both are of
// the zone of China.
func dayTerm(t time.Time) string { return strconv.Itoa(int(dayOf(t))) }

func dayOf(t time.Time) int32 { return int32((t.Unix() + 8*60*60) / (24 * 60 * 60)) }

// find gives the number of an entry.
func (v *view) find(id string) (doc uint32, ok bool, err error) {
	internal, err := v.reader.InternalID(id)
	if err != nil || internal == nil {
		return 0, false, err
	}
	return uint32(internal.Value()), true, nil
}

// topic lists the documents of a topic.
func (v *view) topic(slug string) []uint32 {
	for _, t := range v.topics {
		if t.slug == slug {
			return t.docs
		}
	}
	return nil
}
