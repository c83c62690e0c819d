package search

import (
	"context"
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

// meaning is a question as it was probably meant.
type meaning struct {
	asked *question
	text  string    // when it is another one than was typed
	try   *question // to ask when that finds little
	trial string    // and its text
}

// mean reads a question as it was probably meant, which mostly is what it says.
func (x *Index) mean(v *view, asked *question, q Query) (m meaning, err error) {
	m.asked = asked
	if q.Verbatim {
		return m, nil
	}
	if hasLetters(asked.folded.text) {
		var tokens []token
		x.analyzer.tokens(asked.folded, func(t token) { tokens = append(tokens, t) })
		read, ok, err := x.pinyin(v, asked.folded, tokens)
		if err != nil {
			return m, err
		}
		if ok {
			m.text = read.text
			m.asked, err = x.understand(read.text, read.echoes...)
			return m, err
		}
	}
	return m, x.mend(v, &m)
}

// hasLetters reports letters that may be pinyin.
func hasLetters(text string) bool {
	return strings.ContainsFunc(text, func(r rune) bool { return r < hanStart && isLatin(r) && !isDigit(r) })
}

// mend mends the typing errors of a question.
func (x *Index) mend(v *view, m *meaning) error {
	f := m.asked.folded
	list, err := x.fixes(v, f)
	if len(list) == 0 || err != nil {
		return err
	}
	first, changed := apply(f, list, certain)
	if changed {
		m.text = first.text
	}
	if changed || len(first.echoes) > 0 {
		if m.asked, err = x.understand(first.text, first.echoes...); err != nil {
			return err
		}
	}
	last, _ := apply(f, list, offered)
	if last.text != first.text {
		m.trial = last.text
		m.try, err = x.understand(last.text)
	}
	return err
}

// ask answers a question as it was meant.
func (x *Index) ask(ctx context.Context, v *view, asked *question, q Query) (r Result, err error) {
	m, err := x.mean(v, asked, q)
	if err != nil {
		return r, err
	}
	if r, err = x.answer(ctx, v, m.asked, q); err != nil {
		return r, err
	}
	if m.text != "" && r.Total == 0 && r.Exact == nil { // then it was not meant
		return x.answer(ctx, v, asked, q)
	}
	r.Meant, r.Corrected = m.text, m.text != ""
	if m.try == nil || r.Exact != nil || m.asked.best >= 1 {
		return r, nil
	}
	other, err := x.answer(ctx, v, m.try, q)
	if err != nil || m.try.best < 1 {
		return r, err
	}
	switch {
	case r.Total == 0:
		r = other
		r.Meant, r.Corrected = m.trial, true
	case r.Meant == "":
		r.Meant = m.trial
	}
	return r, nil
}
