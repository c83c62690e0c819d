package search

import (
	"math/bits"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/songfa/songfa/content/law"
	"github.com/songfa/songfa/events"
	"github.com/songfa/songfa/internal/errs"
)

// maxQuestion bounds a question, in characters.
const maxQuestion = 200

// question is what somebody asks, understood.
//
// Its cells are the places of the text that can be matched: a Chinese
// character, a word of Latin letters, a number, a place in a law. Each term
// covers some of them, and a document is judged by how much of what matters
// (content) its terms cover.
type question struct {
	folded  *folded
	terms   []term // scored on all documents
	chars   []term // scored on the best documents only
	content uint64 // the cells that say what it is about
	cells   int

	marks   map[string]mark // terms that explain a hit
	phrases []string        // so do these, in the folded text

	session, station, statute, article bool          // what kind of thing it looks for
	town                               bool          // it is the name of a town and nothing else
	when                               stretchOfDays // a session shall be on; zero for any day

	best float32 // the largest share that one document covers, once scored
}

// mark says how well a term explains a hit.
type mark uint8

const (
	weakMark   mark = iota + 1 // part of a longer word, or one character of several words
	strongMark                 // a word of the question
)

// term is one thing to look for: any of its alternatives counts as it.
type term struct {
	any    []alternative
	weight float32
	cells  uint64
}

// alternative is a term of the index, or, in pairs, a phrase that is none: then
// a document must have all of them.
type alternative struct {
	text  string
	pairs []string
	law   bool // text is the name of a law: it means the articles of that law
}

// The weights of terms, by what they are.
const (
	weighArticle  = 1.6
	weighLatin    = 1.3
	weighWord     = 1
	weighPair     = 1
	weighAlone    = .5 // a character that stands by itself
	weighInner    = .7 // a pair inside of a longer word
	weighQuantity = .5
	weighFiller   = .3 // touches 怎么办 and its like
	weighSynonym  = .72
	weighLaw      = 1.5 // being of a law that the question names
	weighChar     = .4
)

// understand makes a question of a text. Invalid: too long, or nothing in it
// to look for. Echoes are what places of the folded text may say as well.
func (x *Index) understand(text string, echoes ...echo) (*question, error) {
	if len(text) > 4*maxQuestion || utf8.RuneCountInString(text) > maxQuestion {
		return nil, errs.New(errs.Invalid, "要找的话太长，请缩短到 200 字以内，或者只写几个要紧的词。", "question of %d bytes", len(text))
	}
	f := x.analyzer.fold(text)
	var tokens []token
	x.analyzer.tokens(f, func(t token) { tokens = append(tokens, t) })
	if len(tokens) == 0 {
		return nil, errs.New(errs.Invalid, "没有可以查找的字，请写一个词或一句话，例如“拖欠工资”。", "question without a token")
	}
	q := &question{folded: f, marks: map[string]mark{}}
	filler := fillers(f)
	markTimes(f, filler)
	cells := q.number(tokens, filler)
	for _, t := range tokens {
		q.take(t, tokens, cells, filler)
	}
	if x.noChars {
		q.chars = nil
	}
	q.addLaws(x.registry, cells)
	q.addSynonyms(x.synonyms.Load(), x.analyzer, cells)
	q.addEchoes(echoes, x.analyzer, cells)
	q.guess()
	if q.session {
		q.when = askedDays(f.text, x.cfg.Now().In(events.Zone))
	}
	if towns := x.towns.Load(); towns != nil {
		q.town = (*towns)[suggestKey(f)]
	}
	return q, nil
}

// number gives each character its cells. Long questions share cells.
func (q *question) number(tokens []token, filler []bool) []uint64 {
	cell := make([]int, q.folded.len())
	for i := range cell {
		cell[i] = -1
	}
	for _, t := range tokens {
		if t.kind == charToken || t.kind == latinToken || t.kind == articleToken {
			for i := t.from; i < t.to; i++ {
				cell[i] = q.cells
			}
			q.cells++
		}
	}
	masks := make([]uint64, len(cell))
	var all uint64
	for i, c := range cell {
		if c < 0 {
			continue
		}
		if q.cells > 64 {
			c = c * 64 / q.cells
		}
		masks[i] = 1 << c
		all |= masks[i]
		if !filler[i] {
			q.content |= masks[i]
		}
	}
	q.content = withoutAmounts(q.content, tokens, masks)
	if q.content == 0 { // 怎么办 and nothing else: then that is what is asked
		q.content = all
		clear(filler)
	}
	return masks
}

// take makes a term of a token.
func (q *question) take(t token, tokens []token, cells []uint64, filler []bool) {
	made := term{any: []alternative{{text: t.term}}, cells: union(cells[t.from:t.to])}
	touches, within := fillerIn(filler[t.from:t.to])
	switch {
	case t.kind == charToken:
		made.weight = weighChar
		if within {
			return
		}
		if !alone(q.folded, filler, tokens, t.from) {
			if !slices.ContainsFunc(q.chars, func(c term) bool { return c.any[0].text == t.term }) {
				q.chars = append(q.chars, made)
			}
			return
		}
		made.weight = weighAlone
	case within:
		return
	case touches:
		made.weight = weighFiller
	case t.kind == articleToken:
		made.weight, q.article = weighArticle, true
	case t.kind == latinToken && counts(t, tokens):
		made.weight = weighFiller
	case t.kind == latinToken:
		made.weight = weighLatin
	case t.kind == numberToken:
		made.weight = weighQuantity
	case t.kind == wordToken:
		made.weight = weighWord
	case inner(t, tokens): // and no word itself
		made.weight = weighInner
	default:
		made.weight = weighPair
	}
	if made.weight >= weighQuantity {
		m := strongMark
		if t.kind == charToken && q.cells > 2 || inner(t, tokens) {
			m = weakMark
		}
		q.marks[t.term] = max(q.marks[t.term], m)
	}
	q.add(made)
}

// add takes a term once, however often the question repeats it.
func (q *question) add(made term) {
	for i, t := range q.terms {
		if len(t.any) == 1 && t.any[0].text == made.any[0].text && t.any[0].law == made.any[0].law {
			q.terms[i].cells |= made.cells
			q.terms[i].weight = max(t.weight, made.weight)
			return
		}
	}
	q.terms = append(q.terms, made)
}

func union(masks []uint64) (all uint64) {
	for _, m := range masks {
		all |= m
	}
	return all
}

func fillerIn(f []bool) (touches, within bool) {
	within = true
	for _, is := range f {
		touches, within = touches || is, within && is
	}
	return touches, within
}

// alone reports a character with no neighbour to make a word with, such as the 薪
// of "薪 怎么办" and the 签 of 签合同: a text may have it somewhere else.
func alone(f *folded, filler []bool, tokens []token, i int) bool {
	inWord := func(j int) bool {
		return slices.ContainsFunc(tokens, func(t token) bool { return t.kind == wordToken && t.from <= j && j < t.to })
	}
	joined := func(j int) bool { return j >= 0 && j < f.len() && !filler[j] && isHan(f.rune(j)) && !inWord(j) }
	return !inWord(i) && !joined(i-1) && !joined(i+1)
}

// inner reports a token that lies in a longer word.
func inner(t token, tokens []token) bool {
	for _, w := range tokens {
		if w.kind == wordToken && w.to-w.from > t.to-t.from && w.from <= t.from && t.to <= w.to {
			return true
		}
	}
	return false
}

// addLaws adds the laws that the question names: what it says of them is not in
// their articles, which hardly ever name their own law.
func (q *question) addLaws(r *law.Registry, cells []uint64) {
	for _, m := range r.Mentions(q.folded.text) {
		from, _ := slices.BinarySearch(q.folded.at, int32(m.Start))
		to, _ := slices.BinarySearch(q.folded.at, int32(m.End))
		q.add(term{any: []alternative{{text: m.Name, law: true}}, weight: weighLaw, cells: union(cells[from:to])})
	}
}

// addSynonyms adds what else the phrases of the question are called.
func (q *question) addSynonyms(s *synonyms, a *analyzer, cells []uint64) {
	for i := 0; i < q.folded.len(); {
		others, n := s.at(q.folded, i)
		if n == 0 {
			i++
			continue
		}
		made := term{weight: weighSynonym, cells: union(cells[i : i+n])}
		for _, o := range others {
			made.any = append(made.any, a.alternative(o))
			q.phrases = append(q.phrases, o)
		}
		q.terms = append(q.terms, made)
		i += n
	}
}

// alternative finds how a phrase stands in the index.
func (a *analyzer) alternative(phrase string) alternative {
	f := a.fold(phrase)
	alt := alternative{text: phrase}
	whole := false
	a.tokens(f, func(t token) {
		whole = whole || t.from == 0 && t.to == f.len()
		if t.kind == pairToken || t.kind == wordToken && t.to-t.from == 2 {
			alt.pairs = append(alt.pairs, t.term)
		}
	})
	if whole {
		alt.pairs = nil
	}
	return alt
}

// guess reads from the words what kind of thing is looked for.
func (q *question) guess() {
	has := func(words ...string) bool {
		for _, w := range words {
			if strings.Contains(q.folded.text, w) {
				return true
			}
		}
		return false
	}
	q.session = has("活动", "讲座", "招聘会", "普法", "宣讲", "场次", "报名")
	q.station = has("在哪", "哪里", "地址", "电话", "站点", "工作站", "联络点", "服务中心", "几点", "上班时间", "什么时候在")
	q.statute = has("条例", "司法解释", "法规", "法条") || strings.HasSuffix(q.folded.text, "法")
}

// covers is the share of what the question is about that the cells cover.
func (q *question) covers(cells uint64) float32 {
	return float32(bits.OnesCount64(cells&q.content)) / float32(bits.OnesCount64(q.content))
}

// fillerWords carry a question without saying what it is about.
var fillerWords = []string{"请问", "怎么办", "怎么样", "怎么", "怎样", "如何", "什么时候", "什么", "为什么", "能不能", "可不可以", "可以",
	"是不是", "有没有", "要不要", "该不该", "多少钱", "多少", "多久", "几天", "应该", "一下", "我们", "你们", "他们", "我", "你", "您", "他", "她", "的", "了", "吗",
	"呢", "啊", "吧", "是", "能", "会", "想", "要", "该", "去", "和", "与", "及", "或", "在", "被", "把", "给", "就", "都", "还", "也", "又", "很",
	"哪些", "哪个", "哪里", "哪儿", "注意", "需要", "这", "那", "有", "办", "算"}

// notFiller are words that begin like filler and are what it is about.
var notFiller = []string{"给付", "还款", "会议", "想象", "要求", "在职", "在岗", "有期", "有限", "办法", "办公", "办理", "办事", "算法", "和解", "能力", "会计", "去世", "被告", "被迫", "被派", "我国", "是否", "还钱", "目的", "他人", "及时", "给钱", "要钱", "要工", "能鉴", "该法", "有效", "有害", "有毒"}

// fillers marks the characters of filler words.
func fillers(f *folded) []bool {
	marked := make([]bool, f.len())
	for i := 0; i < f.len(); {
		rest := f.text[f.at[i]:]
		if w := prefixOf(rest, notFiller); w != "" {
			i += utf8.RuneCountInString(w)
			continue
		}
		w := prefixOf(rest, fillerWords)
		if w == "" {
			i++
			continue
		}
		for range utf8.RuneCountInString(w) {
			marked[i] = true
			i++
		}
	}
	return marked
}

func prefixOf(s string, words []string) string {
	best := ""
	for _, w := range words {
		if len(w) > len(best) && strings.HasPrefix(s, w) {
			best = w
		}
	}
	return best
}

// cited finds the article or the law that a text names, in any spelling:
// 劳动合同法38条, 《工伤保险条例》第十四条第一款, 劳合法三十八. The law must be
// loaded. whole says that the text is this one citation.
func cited(r *law.Registry, f *folded) (c law.Citation, whole, ok bool) {
	text := strings.TrimSpace(f.text)
	found := r.Citations(text)
	if len(found) == 0 {
		text += "条" // 劳动合同法38
		found = r.Citations(text)
	}
	for _, c := range found {
		if c.Path() != "" {
			return c, len(found) == 1 && c.Start == 0 && c.End == len(text), true
		}
	}
	if slug := r.Resolve(strings.TrimSpace(f.text)); slug != "" {
		return law.Citation{LawSlug: slug, Exists: true}, false, true
	}
	return law.Citation{}, false, false
}
