package search

import "strings"

// withoutAmounts takes sums of money and numbers of months out of what a
// question is about: 欠我3000块 is somebody's own sum, and no text has to say it. A
// question with nothing else keeps them.
func withoutAmounts(content uint64, tokens []token, masks []uint64) uint64 {
	rest := content
	for _, t := range tokens {
		if t.kind == numberToken && (strings.HasSuffix(t.term, "元") || strings.HasSuffix(t.term, "个月")) {
			rest &^= union(masks[t.from:t.to])
		}
	}
	if rest == 0 {
		return content
	}
	return rest
}

// counts reports digits that are the number of a quantity: the 3 of 3个月 says
// nothing by itself.
func counts(t token, tokens []token) bool {
	for _, q := range tokens {
		if q.kind == numberToken && q.from == t.from && t.to < q.to {
			return true
		}
	}
	return false
}
