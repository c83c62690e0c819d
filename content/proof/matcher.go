package proof

import "unicode/utf8"

// matcher finds many words in one pass over a text (Aho and Corasick, 1975). Its
// steps are characters, since no word ends in the middle of one.
type matcher struct {
	next  map[edge]int32
	nodes []node
}

type edge struct {
	from int32
	r    rune
}

type node struct {
	fail int32 // where the longest proper end of this node's word leads
	out  int32 // nearest node on the way of fails at which a word ends; 0 for none
	word int32 // index of the word that ends here, from 1; 0 for none
	size int32 // bytes of it
}

// hit is a word found at text[from:to].
type hit struct{ from, to, word int }

// newMatcher builds one of distinct words; empty ones are never found.
func newMatcher(words []string) *matcher {
	m := &matcher{next: map[edge]int32{}, nodes: make([]node, 1)}
	type child struct {
		parent, at int32
		r          rune
	}
	var levels [][]child // by depth, for the pass that sets fails
	for i, w := range words {
		at, depth := int32(0), 0
		for _, r := range w {
			to, ok := m.next[edge{at, r}]
			if !ok {
				to = int32(len(m.nodes))
				m.nodes = append(m.nodes, node{})
				m.next[edge{at, r}] = to
				if depth == len(levels) {
					levels = append(levels, nil)
				}
				levels[depth] = append(levels[depth], child{at, to, r})
			}
			at, depth = to, depth+1
		}
		if at > 0 {
			m.nodes[at].word, m.nodes[at].size = int32(i+1), int32(len(w))
		}
	}
	for _, level := range levels {
		for _, c := range level {
			n := &m.nodes[c.at]
			if c.parent > 0 {
				n.fail = m.step(m.nodes[c.parent].fail, c.r)
			}
			if n.out = n.fail; m.nodes[n.fail].word == 0 {
				n.out = m.nodes[n.fail].out
			}
		}
	}
	return m
}

func (m *matcher) step(at int32, r rune) int32 {
	for {
		if to, ok := m.next[edge{at, r}]; ok {
			return to
		}
		if at == 0 {
			return 0
		}
		at = m.nodes[at].fail
	}
}

// find lists every occurrence of every word, also inside of others, by its end.
func (m *matcher) find(text string) (hits []hit) {
	at := int32(0)
	for i, r := range text {
		at = m.step(at, r)
		end := i + utf8.RuneLen(r)
		if r == utf8.RuneError {
			at = 0
			continue
		}
		for n := at; n > 0; n = m.nodes[n].out {
			if w := m.nodes[n].word; w > 0 {
				hits = append(hits, hit{end - int(m.nodes[n].size), end, int(w - 1)})
			}
		}
	}
	return hits
}
