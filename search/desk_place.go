package search

import (
	"strings"
	"unicode/utf8"
)

// Names finds the first of the names that a text holds, in any spelling; names
// of towns also without 镇, 乡 or 街道. -1 when it holds none.
func (x *Index) Names(text string, names []string) int {
	in := x.canonical(text)
	for i, name := range names {
		name = x.canonical(name)
		short := name
		for _, suffix := range []string{"街道", "镇", "乡"} {
			if rest, ok := strings.CutSuffix(name, suffix); ok && utf8.RuneCountInString(rest) > 1 {
				short = rest
				break
			}
		}
		if name != "" && strings.Contains(in, short) {
			return i
		}
	}
	return -1
}
