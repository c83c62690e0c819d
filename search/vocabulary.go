package search

import (
	"context"
	_ "embed" // for everyday words
	"errors"
	"math"
	"slices"
	"strings"
	"sync"
)

//go:embed everyday.txt
var everydayText string

// vocabulary finds words by how they sound. It is made once of what analysis
// knows, and again of the names in a view.
type vocabulary struct {
	sounds *pinyin
	words  []known
	places map[string]int32 // of a word in words

	spellings  []spelling
	byHead     map[string][]int32 // spellings by the first two letters: la
	byInitials map[string][]int32 // and by the first two initials: ld
	bySound    map[string][]int32 // words by soundKey

	longest int // characters of a word
}

// known is a word.
type known struct {
	text   string
	runes  []rune
	common bool // of everyday speech: need not stand in the index to be meant
	leads  bool // has synonyms, and finds something even so
	title  bool // all that a title says
}

// spelling is one way to read a word.
type spelling struct {
	word   int32
	sounds []sound
}

func newVocabulary(p *pinyin, longest int) *vocabulary {
	return &vocabulary{sounds: p, longest: longest, places: map[string]int32{}, byHead: map[string][]int32{}, byInitials: map[string][]int32{}, bySound: map[string][]int32{}}
}

// learn makes the vocabulary of an Index.
func (x *Index) learn(p *pinyin, s *synonyms) *vocabulary {
	voc := newVocabulary(p, maxWord)
	for line := range strings.Lines(everydayText) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		for _, w := range strings.Fields(line) {
			voc.add(w, true)
		}
	}
	for _, w := range fillerWords {
		voc.add(w, true)
	}
	for w, whole := range x.analyzer.words.words {
		if whole {
			voc.add(w, false)
		}
	}
	for w, others := range s.others {
		voc.add(w, false)
		if at, ok := voc.places[w]; ok {
			voc.words[at].leads = true
		}
		for _, o := range others {
			voc.add(o, false)
		}
	}
	return voc
}

// add learns a word; one that is not all Chinese is left out.
func (voc *vocabulary) add(text string, common bool) {
	if at, there := voc.places[text]; there {
		voc.words[at].common = voc.words[at].common || common
		return
	}
	ways := voc.sounds.spell(text)
	if ways == nil || len(ways[0]) > voc.longest {
		return
	}
	at := int32(len(voc.words))
	voc.places[text] = at
	voc.words = append(voc.words, known{text: text, runes: []rune(text), common: common})
	if len(ways[0]) > maxFixed {
		ways = ways[:1] // is not read in all ways, and not mended
	}
	for _, way := range ways {
		n := int32(len(voc.spellings))
		voc.spellings = append(voc.spellings, spelling{at, way})
		head := voc.sounds.names[way[0]]
		if len(way) > 1 {
			second := voc.sounds.names[way[1]]
			initials := string([]byte{head[0], second[0]})
			voc.byInitials[initials] = append(voc.byInitials[initials], n)
			head += second
			if len(way) <= maxFixed {
				key := soundKey(voc.sounds, way)
				voc.bySound[key] = append(voc.bySound[key], at)
			}
		}
		head = head[:min(2, len(head))]
		voc.byHead[head] = append(voc.byHead[head], n)
	}
}

// soundKey is the same for words that are confused by ear.
func soundKey(p *pinyin, sounds []sound) string {
	b := make([]byte, 0, 2*len(sounds))
	for _, s := range sounds {
		s = p.alike[s]
		b = append(b, byte(s>>8), byte(s))
	}
	return string(b)
}

func (voc *vocabulary) has(text string) bool {
	_, ok := voc.places[text]
	return ok
}

// viewNames are the names in a view: titles and law names as they are suggested,
// and what stands in them beside words, such as places. They are made when first
// needed.
type viewNames struct {
	once sync.Once
	voc  *vocabulary
	err  error

	common *commonWords
}

// commonWords remembers how common words are in a view, and in those after it that
// differ by a few documents; and the vocabulary of their names.
type commonWords struct {
	docs int // how many there were at first

	mu    sync.Mutex
	words map[string]float32

	naming sync.Mutex
	titles []string // that names is made of
	names  *vocabulary
}

// commonWords are those of the view before, as long as they hold.
func (v *view) commonWords(before *commonWords) *commonWords {
	if before != nil && near(before.docs, v.count) {
		return before
	}
	return &commonWords{docs: v.count, words: map[string]float32{}}
}

const (
	maxCommon     = 20000
	maxNames      = 5000 // that are learnt of a view
	maxTitle      = 30   // characters of one
	maxTitlePiece = 5    // characters of a name within a title
)

// vocabulary is that of the view's names. Most changes leave all titles as they
// are: then it is the one of a view before.
func (v *view) vocabulary(a *analyzer, p *pinyin) (*vocabulary, error) {
	v.names.once.Do(func() {
		var titles []string
		v.names.err = v.eachTerm(fieldSuggest, "", maxNames, func(title string) error {
			titles = append(titles, title)
			return nil
		})
		v.names.voc = v.names.common.named(titles, func() *vocabulary { return nameVocabulary(a, p, titles) })
	})
	return v.names.voc, v.names.err
}

func nameVocabulary(a *analyzer, p *pinyin, titles []string) *vocabulary {
	voc := newVocabulary(p, maxTitle)
	for _, title := range titles {
		voc.add(title, false)
		if at, ok := voc.places[title]; ok {
			voc.words[at].title = true
		}
		for _, piece := range a.pieces(title) {
			voc.add(piece, false)
		}
	}
	return voc
}

// named is the vocabulary of these titles, made if it is not that of last time.
func (c *commonWords) named(titles []string, fresh func() *vocabulary) *vocabulary {
	c.naming.Lock()
	defer c.naming.Unlock()
	if c.names == nil || !slices.Equal(c.titles, titles) {
		c.names, c.titles = fresh(), titles
	}
	return c.names
}

// pieces are what of a title is no word of the dictionary and may be a name: 东湖镇
// of 东湖镇公共法律服务工作站.
func (a *analyzer) pieces(title string) (list []string) {
	runes := []rune(title)
	start := 0
	cut := func(end int) {
		if n := end - start; n >= 2 && n <= maxTitlePiece {
			list = append(list, string(runes[start:end]))
		}
	}
	for i := 0; i < len(runes); {
		n := 0
		for m := 2; i+m <= len(runes) && m <= maxWord; m++ {
			whole, begins := a.words.words[string(runes[i:i+m])]
			if whole {
				n = m
			}
			if !begins {
				break
			}
		}
		if n == 0 {
			i++
			continue
		}
		cut(i)
		i += n
		start = i
	}
	cut(len(runes))
	return list
}

// howCommon tells how much a word is at home in a view, from 0 for not at all to
// about 1: what titles and answers are about counts more than what texts mention.
func (v *view) howCommon(a *analyzer, word string) (float32, error) {
	if c, ok := v.names.common.get(word); ok {
		return c, nil
	}
	var sum float64
	alt := a.alternative(word)
	if alt.pairs == nil {
		alt.pairs = []string{alt.text}
	}
	for _, f := range []struct {
		name   string
		weight float64
	}{{fieldTitle, 4}, {fieldAnswer, 2}, {fieldBody, 1}} {
		least := math.MaxInt
		for _, term := range alt.pairs {
			n, err := v.frequency(f.name, term)
			if err != nil {
				return 0, err
			}
			least = min(least, n)
		}
		sum += f.weight * math.Log2(1+float64(least))
	}
	c := float32(sum / 50)
	v.names.common.put(word, c)
	return c, nil
}

func (c *commonWords) get(word string) (float32, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	common, ok := c.words[word]
	return common, ok
}

func (c *commonWords) put(word string, common float32) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.words) > maxCommon {
		clear(c.words)
	}
	c.words[word] = common
}

// frequency counts the documents that have a term in a field, without reading
// which.
func (v *view) frequency(field, term string) (n int, err error) {
	n, err = v.countIn(field, term)
	if v.shown != nil && err == nil { // those that it does not show count as well: nothing is ranked by it
		var more int
		more, err = v.countIn(deskPrefix+field, term)
		n += more
	}
	return n, err
}

func (v *view) countIn(field, term string) (n int, err error) {
	r, err := v.reader.TermFieldReader(context.Background(), []byte(term), field, false, false, false)
	if err != nil {
		return 0, err
	}
	return int(r.Count()), errors.Join(err, r.Close())
}

// has reports that a term stands anywhere in the view.
func (v *view) has(term string) (bool, error) {
	for _, f := range textFields {
		n, err := v.frequency(f, term)
		if n > 0 || err != nil {
			return n > 0, err
		}
	}
	return false, nil
}

// near reports that what was learnt from n documents still holds for m.
func near(n, m int) bool { return n > 100 && 10*m > 9*n && 10*m < 11*n }
