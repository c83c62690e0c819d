package law

import "strings"

// Part is a heading of a version with what stands below it.
type Part struct {
	Depth       int       // 1 for the outermost headings; 0 for text before the first
	Heading     string    // 第四章 劳动合同的解除和终止; "" at depth 0
	Articles    []Article // directly below it, before its first sub-heading
	First, Last *Article  // the numbered articles it spans with its sub-headings; nil without any
}

// Range is 第三十六条至第五十条, or the one article there is; "" without any.
func (p Part) Range() string {
	switch {
	case p.First == nil:
		return ""
	case p.First == p.Last:
		return p.First.Label
	}
	return p.First.Label + "至" + p.Last.Label
}

// Parts cuts a version at its headings, in order: the text of a law page and,
// by Heading and Range, its table of contents.
func Parts(articles []Article) []Part {
	var parts []Part
	var open []string // headings above the article before
	var chain []int   // their indexes in parts
	for i := range articles {
		a := &articles[i]
		same := 0
		for same < len(open) && same < len(a.Path) && open[same] == a.Path[same] {
			same++
		}
		// A section's text is over when its parent goes on without it.
		if len(parts) == 0 || same < len(open) || same < len(a.Path) {
			chain = chain[:same]
			for depth := same; depth < len(a.Path); depth++ {
				chain = append(chain, len(parts))
				parts = append(parts, Part{Depth: depth + 1, Heading: a.Path[depth]})
			}
			if same == len(a.Path) {
				parts = append(parts, Part{Depth: same})
				chain = append(chain, len(parts)-1)
			}
			open = a.Path
		}
		last := &parts[len(parts)-1]
		last.Articles = append(last.Articles, *a)
		if a.Number == 0 {
			continue
		}
		for _, j := range chain {
			if parts[j].First == nil {
				parts[j].First = a
			}
			parts[j].Last = a
		}
	}
	return parts
}

// Kind is what sort of text a law is: 法律, 行政法规, 司法解释, 部门规章.
func (l Law) Kind() string {
	maker := func(words ...string) bool {
		for _, in := range l.InForce().Info {
			for _, w := range words {
				if strings.Contains(in.Text, w) {
					return true
				}
			}
		}
		return false
	}
	switch {
	case strings.HasPrefix(l.Title, "最高人民"):
		return "司法解释"
	case strings.HasSuffix(l.Short, "法") && !strings.HasSuffix(l.Short, "办法"), strings.HasSuffix(l.Short, "法典"):
		return "法律"
	case strings.HasSuffix(l.Short, "条例"), maker("国务院令", "国务院批准", "国务院第"):
		return "行政法规"
	case maker("人民代表大会"):
		return "法律"
	}
	return "部门规章"
}
