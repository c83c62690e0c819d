package search

import (
	"slices"
	"strings"
)

// reread is a question read another way than it is written.
type reread struct {
	text   string
	echoes []echo
}

// echo is what a place of a text may say as well.
type echo struct {
	from, to int // in the text, in characters
	words    []string
	weight   float32
}

// lexicon is the vocabulary that goes with the synonyms in force.
type lexicon struct {
	of  *synonyms
	voc *vocabulary
}

// vocabularies are those of analysis and of the view's names.
func (x *Index) vocabularies(v *view) ([]*vocabulary, error) {
	names, err := v.vocabulary(x.analyzer, x.sounds)
	return []*vocabulary{x.words(), names}, err
}

// words is the vocabulary of analysis; editors change synonyms at any time.
func (x *Index) words() *vocabulary {
	now := x.synonyms.Load()
	if l := x.lexicon.Load(); l != nil && l.of == now {
		return l.voc
	}
	l := &lexicon{now, x.learn(x.sounds, now)}
	x.lexicon.Store(l)
	return l.voc
}

// pinyin reads the Latin letters of a text; ok is false when there are none that
// say anything.
func (x *Index) pinyin(v *view, f *folded, tokens []token) (out reread, ok bool, err error) {
	row, some, err := x.units(v, f, tokens)
	if !some || err != nil {
		return out, false, err
	}
	r := &reader{x: x, v: v, row: row}
	if r.vocs, err = x.vocabularies(v); err != nil {
		return out, false, err
	}
	way := r.read()
	if len(row) <= maxLatin && (way == nil || slices.ContainsFunc(way, func(p piece) bool { return p.words == nil || p.lone })) {
		r.blurry = true
		if other := r.read(); other != nil {
			way = other
		}
	}
	if way == nil || r.err != nil {
		return out, false, r.err
	}
	return assemble(f, row, way), true, nil
}

// assemble writes down what was read. What lies between two words that were read
// is dropped, all else stays.
func assemble(f *folded, row []unit, way []piece) (out reread) {
	var b strings.Builder
	n, at, start := 0, 0, 0 // characters written, place in the text, place in the row
	for _, p := range way {
		from, to := row[start].from, row[p.end-1].to
		start = p.end
		if p.words == nil || p.han == to-from {
			continue
		}
		if from > at && (at == 0 || strings.Trim(f.slice(at, from), " '’") != "") {
			b.WriteString(f.slice(at, from))
			n += from - at
		}
		at = max(at, to)
		b.WriteString(p.words[0])
		size := len([]rune(p.words[0]))
		if len(p.words) > 1 {
			out.echoes = append(out.echoes, echo{n, n + size, p.words[1:], weighGuess})
		}
		n += size
	}
	b.WriteString(f.slice(at, f.len()))
	out.text = b.String()
	return out
}

// weighGuess is the weight of a word that was not the likeliest.
const weighGuess = .6

// addEchoes adds what places of the question may say as well.
func (q *question) addEchoes(echoes []echo, a *analyzer, cells []uint64) {
	for _, e := range echoes {
		if e.to > len(cells) {
			continue
		}
		made := term{weight: e.weight, cells: union(cells[e.from:e.to])}
		for _, w := range e.words {
			made.any = append(made.any, a.alternative(w))
			q.phrases = append(q.phrases, w)
		}
		q.terms = append(q.terms, made)
	}
}

// mean reads a question as it was probably meant, when that is not what it says,
// and gives the text of that.
func (x *Index) mean(v *view, asked *question, q Query) (_ *question, meant string, err error) {
	if q.Verbatim {
		return asked, "", nil
	}
	var tokens []token
	x.analyzer.tokens(asked.folded, func(t token) { tokens = append(tokens, t) })
	read, ok, err := x.pinyin(v, asked.folded, tokens)
	if !ok || err != nil {
		return asked, "", err
	}
	other, err := x.understand(read.text, read.echoes...)
	if err != nil {
		return asked, "", err
	}
	return other, read.text, nil
}
