package search

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"
)

// completer fills a list of suggestions from one view. It never scores a
// question: what is typed is answered at every key.
type completer struct {
	x    *Index
	v    *view
	list *suggestions
	date string // of today
}

// complete suggests what goes with a text; for its key see suggestKey.
func (c *completer) complete(key, text string) error {
	begun, err := c.begun(key)
	if err != nil {
		return err
	}
	c.topics(key, begun)
	c.words(key, begun)
	if err := c.titlesBegun(key, begun); err != nil || c.list.full() {
		return err
	}
	if err := c.titlesWith(text); err != nil || c.list.full() {
		return err
	}
	for _, w := range begun[:min(maxLeads, len(begun))] { // gongsh: the titles on 工伤
		if w.text != key && !w.title {
			if err := c.titlesWith(w.text); err != nil {
				return err
			}
		}
	}
	return nil
}

const (
	maxLeads = 2 // words whose titles are suggested as well
	maxWords = 5 // words that are suggested before titles are
)

// completion is a word that begins as was typed.
type completion struct {
	known
	fit
	worth float32
}

// begun lists the words that begin as was typed, the likeliest first.
func (c *completer) begun(key string) (list []completion, err error) {
	r := &reader{x: c.x, v: c.v, row: openRow(key), open: true}
	if r.vocs, err = c.x.vocabularies(c.v); err != nil {
		return nil, err
	}
	seen := map[string]bool{}
	for _, voc := range r.vocs {
		for _, n := range voc.near(r.row, false) {
			sp := voc.spellings[n]
			w := voc.words[sp.word]
			if len(w.runes) < 2 || seen[w.text] {
				continue
			}
			r.match(w.runes, sp.sounds, fit{}, func(f fit) {
				if f.end == len(r.row) && !seen[w.text] {
					seen[w.text] = true
					list = append(list, completion{known: w, fit: f})
				}
			})
		}
	}
	return c.rank(list)
}

const (
	maxRanked   = 400 // words that are looked up in the index to be ranked
	leastCommon = .1  // what a word counts as that leads to others
)

func (c *completer) rank(list []completion) ([]completion, error) {
	if len(list) > maxRanked { // short ones, and such as we wrote synonyms for
		slices.SortFunc(list, func(a, b completion) int {
			return cmp.Or(a.short-b.short, compareTrue(a.leads, b.leads), len(a.runes)-len(b.runes), cmp.Compare(a.text, b.text))
		})
		list = list[:maxRanked]
	}
	kept := list[:0]
	for _, w := range list {
		common, err := c.v.howCommon(c.x.analyzer, w.text)
		if err != nil {
			return nil, err
		}
		if w.title || w.leads {
			common = max(common, leastCommon)
		}
		if common == 0 {
			continue
		}
		w.worth = common - costEach*float32(w.short)
		if w.leads {
			w.worth += leastCommon / 2
		}
		kept = append(kept, w)
	}
	slices.SortFunc(kept, func(a, b completion) int {
		return cmp.Or(cmp.Compare(b.worth, a.worth), len(a.runes)-len(b.runes), cmp.Compare(a.text, b.text))
	})
	return kept, nil
}

// openRow makes the row of units of a key.
func openRow(key string) []unit {
	runes := []rune(key)
	row := make([]unit, len(runes))
	for i, r := range runes {
		row[i] = unit{from: i, to: i + 1}
		switch {
		case isHan(r):
			row[i].han = r
		case 'a' <= r && r <= 'z':
			row[i].letter = byte(r)
		default:
			row[i].wall = true
		}
	}
	for i := len(row) - 1; i >= 0; i-- {
		if row[i].letter == 0 {
			continue
		}
		row[i].token = i + 1
		if i+1 < len(row) && row[i+1].letter != 0 {
			row[i].token = row[i+1].token
		}
	}
	return row
}

// topics suggests those that are called so, or like a word that begins so.
func (c *completer) topics(key string, begun []completion) {
	for _, t := range *c.x.topics.Load() {
		called := strings.Contains(t.Name, key) || strings.Contains(suggestKey(c.x.analyzer.fold(t.Question)), key)
		called = called || slices.ContainsFunc(begun, func(w completion) bool { return w.text == t.Name })
		if called {
			c.list.add(Suggestion{t.Name, "/topics/" + t.Slug + "/", "topic"})
		}
	}
}

// words suggests those that begin so.
func (c *completer) words(key string, begun []completion) {
	n := 0
	for _, w := range begun {
		if !w.title && w.text != key && n < min(maxWords, c.list.n/2+1) {
			c.list.add(Suggestion{Text: w.text})
			n++
		}
	}
}

// place is a title that may be suggested.
type place struct {
	doc  uint32
	size int
}

// titlesBegun suggests titles and law names that begin so, those of guides first,
// short ones before long ones.
func (c *completer) titlesBegun(key string, begun []completion) error {
	var found []place
	look := func(prefix string, whole bool) error {
		return c.v.eachTerm(fieldSuggest, prefix, maxBegun, func(term string) error {
			if whole && term != prefix {
				return nil
			}
			return c.v.each(fieldSuggest, term, false, func(p posting) {
				if len(found) < maxBegun {
					found = append(found, place{p.doc, len(term)})
				}
			})
		})
	}
	if err := look(key, false); err != nil {
		return err
	}
	for _, w := range begun {
		if w.title && !strings.HasPrefix(w.text, key) {
			if err := look(w.text, true); err != nil {
				return err
			}
		}
	}
	return c.suggest(found)
}

// suggest adds titles in the order of their kinds, short ones first.
func (c *completer) suggest(found []place) error {
	slices.SortStableFunc(found, func(a, b place) int {
		return cmp.Or(cmp.Compare(c.v.kinds[a.doc], c.v.kinds[b.doc]), cmp.Compare(a.size, b.size), cmp.Compare(a.doc, b.doc))
	})
	for _, p := range found {
		if c.list.full() {
			return nil
		}
		if c.v.closed(p.doc, c.date) {
			continue
		}
		st, err := c.v.load(p.doc)
		if err != nil {
			return err
		}
		c.list.add(Suggestion{st.Title, st.Path, st.Kind})
	}
	return nil
}

// titlesWith suggests guides, questions and laws that have all the words in their
// title.
func (c *completer) titlesWith(text string) error {
	var lists [][]place
	f := c.x.analyzer.fold(text)
	for _, term := range c.x.analyzer.wanted(f) {
		var list []place
		err := c.v.each(fieldTitle, term, true, func(p posting) {
			kind := c.v.kinds[p.doc]
			if len(list) < maxHolding && (kind == kindIndex("guide") || kind == kindIndex("qa") || kind == kindIndex("law")) {
				list = append(list, place{p.doc, int(c.v.lengths[titleField][p.doc])})
			}
		})
		if err != nil || len(list) == 0 {
			return err
		}
		lists = append(lists, list)
	}
	if len(lists) == 0 {
		return nil
	}
	slices.SortFunc(lists, func(a, b []place) int { return len(a) - len(b) })
	found := lists[0]
	for _, other := range lists[1:] {
		found = slices.DeleteFunc(found, func(p place) bool {
			_, there := slices.BinarySearchFunc(other, p, func(a, b place) int { return cmp.Compare(a.doc, b.doc) })
			return !there
		})
	}
	return c.suggest(found)
}

// wanted are the terms of a text that a title must have: words and pairs, but for
// filler; a character only when it is all there is.
func (a *analyzer) wanted(f *folded) (terms []string) {
	filler := fillers(f)
	if !slices.Contains(filler, false) {
		clear(filler)
	}
	var chars []string
	a.tokens(f, func(t token) {
		touches, _ := fillerIn(filler[t.from:t.to])
		switch {
		case touches:
		case t.kind == charToken:
			chars = append(chars, t.term)
		case t.kind != numberToken && !slices.Contains(terms, t.term):
			terms = append(terms, t.term)
		}
	})
	if len(terms) == 0 {
		return chars
	}
	return terms
}

// meant is the key of what was typed, read as pinyin or mended; "" when that is
// nothing else.
func (c *completer) meant(key string) (string, error) {
	f := c.x.analyzer.fold(key)
	var tokens []token
	c.x.analyzer.tokens(f, func(t token) { tokens = append(tokens, t) })
	read, ok, err := c.x.pinyin(c.v, f, tokens)
	if err != nil || ok && utf8.RuneCountInString(read.text) > 1 {
		return suggestKey(c.x.analyzer.fold(read.text)), err
	}
	fixes, err := c.x.fixes(c.v, f)
	if err != nil || len(fixes) == 0 {
		return "", err
	}
	mended, _ := apply(f, fixes, beside)
	return suggestKey(c.x.analyzer.fold(mended.text)), nil
}
