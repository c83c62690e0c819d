package search

import (
	"cmp"
	"slices"
	"strings"
)

// A word that was typed with the wrong character of the same sound (公伤认定,
// 讨新) or of a like shape (末成年工) is mended when three things come together: what
// was typed stands nowhere in the index, what was meant is a word that does, and
// they share a character. With less to go by, what may be meant is looked for
// beside what was typed, or only offered.

// trust is how sure a fix is.
type trust uint8

const (
	offered trust = iota // tried when what was typed finds little
	beside               // looked for as well
	certain              // done
)

// fix is a place of a text, [from, to) in characters, that probably means word.
type fix struct {
	from, to int
	word     string
	trust    trust
	wrong    int // characters that change
	exact    bool
	common   float32
	weight   float32
}

const (
	maxFixed = 8  // characters of a word that is mended
	maxMends = 60 // characters of a question in which mistakes are looked for

	shortQuestion = 8 // characters of one that may mean something less alike
	// A pair in so few texts is doubted when so many times as many write otherwise.
	maxDoubtful, doubtful = 3, 50

	weighUnseen   = .6 // of what is meant beside what stands nowhere
	weighDoubtful = .3 // and beside what is rare
)

// speller is at work on one text.
type speller struct {
	x      *Index
	v      *view
	f      *folded
	runes  []rune
	vocs   []*vocabulary
	heard  string // how each character is read, two bytes, as in soundKey
	filler []bool
	sure   []bool // characters that belong to a word we know
	counts map[string]int
	err    error
}

// fixes finds what may be mistaken in a text: places that do not overlap.
func (x *Index) fixes(v *view, f *folded) ([]fix, error) {
	if f.len() > maxMends || f.len() < 2 {
		return nil, nil
	}
	if _, _, cites := cited(x.registry, f); cites {
		return nil, nil
	}
	vocs, err := x.vocabularies(v)
	if err != nil {
		return nil, err
	}
	s := &speller{x: x, v: v, f: f, runes: []rune(f.text), vocs: vocs, filler: fillers(f), counts: map[string]int{}}
	s.markKnown()
	sounds := make([]sound, len(s.runes))
	for i, r := range s.runes {
		sounds[i] = x.sounds.reading(r)
	}
	s.heard = soundKey(x.sounds, sounds)
	var all []fix
	for i := range s.runes {
		for n := 2; n <= maxFixed && i+n <= len(s.runes) && isHan(s.runes[i+n-1]) && isHan(s.runes[i]); n++ {
			all = append(all, s.at(i, n)...)
		}
	}
	all = append(all, s.hotlines()...)
	slices.SortStableFunc(all, func(a, b fix) int {
		return cmp.Or(cmp.Compare(b.trust, a.trust), (b.to-b.from-b.wrong)-(a.to-a.from-a.wrong), a.wrong-b.wrong,
			compareTrue(a.exact, b.exact), cmp.Compare(b.common, a.common), cmp.Compare(a.word, b.word))
	})
	var chosen []fix
	for _, c := range all {
		if !slices.ContainsFunc(chosen, func(o fix) bool { return c.from < o.to && o.from < c.to }) {
			chosen = append(chosen, c)
		}
	}
	slices.SortFunc(chosen, func(a, b fix) int { return a.from - b.from })
	return chosen, s.err
}

// hotlines mends two digits that changed places in one, when it is what is asked
// for and no text has it so.
func (s *speller) hotlines() (list []fix) {
	if len(s.runes) > shortQuestion {
		return nil
	}
	s.x.analyzer.tokens(s.f, func(t token) {
		for _, number := range hotlines {
			if t.kind != latinToken || !transposed(t.term, number) || s.err != nil {
				continue
			}
			if known, err := s.v.has(t.term); known || err != nil {
				s.err = err
				continue
			}
			list = append(list, fix{from: t.from, to: t.to, word: number, trust: certain, exact: true})
		}
	})
	return list
}

// transposed reports two neighbours that changed places.
func transposed(a, b string) bool {
	if len(a) != len(b) || a == b {
		return false
	}
	i := 0
	for a[i] == b[i] {
		i++
	}
	return i+1 < len(a) && a[i] == b[i+1] && a[i+1] == b[i] && a[i+2:] == b[i+2:]
}

// compareTrue puts the true one first.
func compareTrue(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return -1
	}
	return 1
}

func (s *speller) knows(word string) bool {
	return slices.ContainsFunc(s.vocs, func(voc *vocabulary) bool { return voc.has(word) })
}

// markKnown marks the characters of known words.
func (s *speller) markKnown() {
	s.sure = make([]bool, len(s.runes))
	for i := range s.runes {
		for n := min(maxFixed, len(s.runes)-i); n > 1; n-- {
			if word := s.f.slice(i, i+n); s.knows(word) {
				for k := i; k < i+n; k++ {
					s.sure[k] = true
				}
				break
			}
		}
	}
}

// at finds what the n characters at i may mean.
func (s *speller) at(i, n int) (list []fix) {
	doubt := false
	for k := i; k < i+n; k++ {
		doubt = doubt || !s.sure[k] && !s.filler[k]
	}
	typed := s.f.slice(i, i+n)
	if !doubt && n < 4 || s.knows(typed) {
		return nil
	}
	list = s.sounding(list, i, s.heard[2*i:2*(i+n)], true)
	for k := i; doubt && k < i+n; k++ {
		for _, other := range s.x.sounds.more[s.runes[k]] {
			other = s.x.sounds.alike[other]
			key := s.heard[2*i:2*k] + string([]byte{byte(other >> 8), byte(other)}) + s.heard[2*k+2:2*(i+n)]
			list = s.sounding(list, i, key, false)
		}
	}
	if n > 4 {
		return list
	}
	for k, r := range s.runes[i : i+n] {
		for _, mate := range s.x.sounds.mates[r] {
			other := slices.Clone(s.runes[i : i+n])
			other[k] = mate
			for _, voc := range s.vocs {
				if at, ok := voc.places[string(other)]; ok {
					list = s.judge(list, i, voc.words[at], true)
				}
			}
		}
	}
	return list
}

// sounding judges the words that sound like the characters at i.
func (s *speller) sounding(list []fix, i int, key string, usual bool) []fix {
	for _, voc := range s.vocs {
		for _, at := range voc.bySound[key] {
			list = s.judge(list, i, voc.words[at], usual)
		}
	}
	return list
}

// judge adds a known word that may be meant at i, if enough speaks for it. What
// costs nothing is asked first.
func (s *speller) judge(list []fix, i int, w known, usual bool) []fix {
	c := fix{from: i, to: i + len(w.runes), word: w.text, exact: usual, trust: certain, weight: weighUnseen}
	if s.err != nil || slices.ContainsFunc(list, func(o fix) bool { return o.word == w.text }) || slices.Contains(fillerWords, w.text) {
		return list
	}
	if !s.compare(&c, w.runes) || !s.standsAlone(&c, w.runes) || !s.isUnseen(&c, w.runes) {
		return list
	}
	c.common, s.err = s.v.howCommon(s.x.analyzer, w.text)
	if s.err != nil || c.common == 0 && !w.leads {
		return list
	}
	return append(list, c)
}

// compare looks at which characters change; false when it cannot be meant.
func (s *speller) compare(c *fix, word []rune) bool {
	n := len(word)
	for k, r := range word {
		typed := s.runes[c.from+k]
		if typed == r {
			continue
		}
		c.wrong++
		if (s.filler[c.from+k] && n == 2) || s.sure[c.from+k] && n < 4 {
			return false
		}
		if s.sure[c.from+k] {
			c.trust = beside
		}
		c.exact = c.exact && (s.x.sounds.shares(typed, r) || slices.Contains(s.x.sounds.mates[typed], r))
	}
	short := len(s.runes) <= shortQuestion
	switch same := n - c.wrong; {
	case c.wrong == 0:
		return false
	case same == 0, n > 3 && (same < 2 || !c.exact && c.wrong > 1):
		c.trust = offered
	case n == 2 && !c.exact:
		c.trust = min(c.trust, beside)
		return short
	}
	return short || c.trust > offered
}

// standsAlone looks at the characters on both sides: what belongs to them is not
// mistaken. 业 of 使业主 is no part of 事业, and 新 of 讨新房 need not be 薪.
func (s *speller) standsAlone(c *fix, word []rune) bool {
	n := len(word)
	return s.free(c, c.from-1, c.from, word[0], n) && s.free(c, c.to, c.to-1, word[n-1], n)
}

func (s *speller) free(c *fix, outside, end int, meant rune, n int) bool {
	if outside < 0 || outside >= len(s.runes) || !isHan(s.runes[outside]) {
		return true
	}
	changed := s.runes[end] != meant
	if n == 2 && s.sure[end] && !changed && s.sure[outside] {
		return false
	}
	if s.sure[outside] || s.filler[outside] || !changed && n > 2 || s.count(s.pair(outside, end)) == 0 {
		return true
	}
	c.trust = min(c.trust, beside)
	return n > 2 && !(changed && n == 3)
}

// pair is what two neighbours make.
func (s *speller) pair(a, b int) string { return s.f.slice(min(a, b), max(a, b)+1) }

// shares reports that two characters have a reading in common.
func (p *pinyin) shares(a, b rune) bool {
	return slices.ContainsFunc(p.readings(a), func(s sound) bool { return slices.Contains(p.readings(b), s) })
}

// isUnseen asks the index about the pairs that a fix does away with: what it knows
// well is no mistake.
func (s *speller) isUnseen(c *fix, word []rune) bool {
	rarest, meant := -1, 0
	for k := 0; k+1 < len(word); k++ {
		if s.runes[c.from+k] == word[k] && s.runes[c.from+k+1] == word[k+1] {
			continue
		}
		n := s.count(s.pair(c.from+k, c.from+k+1))
		if rarest < 0 || n < rarest {
			rarest, meant = n, s.count(string(word[k:k+2]))
		}
	}
	if rarest > 0 {
		c.trust, c.weight = min(c.trust, beside), weighDoubtful
	}
	return rarest == 0 || rarest <= maxDoubtful && meant >= doubtful*rarest
}

// count is how many texts have a pair, in the field where most do.
func (s *speller) count(pair string) int {
	if n, ok := s.counts[pair]; ok || s.err != nil {
		return n
	}
	most := 0
	for _, field := range textFields {
		n, err := s.v.frequency(field, pair)
		if err != nil {
			s.err = err
		}
		most = max(most, n)
	}
	s.counts[pair] = most
	return most
}

// apply makes the fixes that are at least so sure, and looks for the others that
// are not merely offered beside.
func apply(f *folded, list []fix, least trust) (out reread, changed bool) {
	var b strings.Builder
	at := 0
	for _, c := range list {
		if c.trust < least {
			if c.trust == beside {
				out.echoes = append(out.echoes, echo{c.from, c.to, []string{c.word}, c.weight})
			}
			continue
		}
		b.WriteString(f.slice(at, c.from))
		b.WriteString(c.word) // as long as what it replaces
		at, changed = c.to, true
	}
	b.WriteString(f.slice(at, f.len()))
	out.text = b.String()
	return out, changed
}
