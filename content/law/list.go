package law

import "strings"

// scan reads the part of a citation behind the law's name. Each method moves
// on only when it finds what it looks for.
type scan struct {
	text string
	pos  int
}

func (s *scan) blanks() {
	rest := s.text[s.pos:]
	s.pos += len(rest) - len(strings.TrimLeftFunc(rest, isBlank))
}

// word takes one of the words, after blanks.
func (s *scan) word(words ...string) bool {
	keep := *s
	s.blanks()
	for _, w := range words {
		if strings.HasPrefix(s.text[s.pos:], w) {
			s.pos += len(w)
			return true
		}
	}
	*s = keep
	return false
}

func (s *scan) numeral() (int, bool) {
	keep := *s
	s.blanks()
	n, size := ScanNumeral(s.text[s.pos:])
	if size == 0 {
		*s = keep
		return 0, false
	}
	s.pos += size
	return n, true
}

// The words between articles of one law, and those of a range.
var (
	andWords   = []string{"、", "，", ",", "；", "以及", "及", "和", "与", "或者", "或"}
	rangeWords = []string{"至", "到", "——", "—", "–", "－", "-", "～", "~"}
)

// list reads the articles from start on, one citation each, and returns where
// the last ends; 0 when there is none. law says whose they are.
func (f *finder) list(law Citation, start int) int {
	s := scan{f.text, start}
	first := len(f.found)
	for more := true; more; {
		s.blanks()
		begin := s.pos
		ordinal := s.word("第")
		if !ordinal && len(f.found) > first && !f.shared(s) {
			break
		}
		c := law
		ok, rest := s.article(&c)
		if !ok {
			break
		}
		c.LabelStart, c.LabelEnd, c.End = begin, s.pos, s.pos
		if len(f.found) > first {
			c.Start = begin
		}
		f.keep(c)
		keep := s
		if more = s.word(andWords...); more && !rest {
			more = s.ahead()
		}
		if !more {
			s = keep
		}
	}
	if len(f.found) == first {
		return 0
	}
	return f.done
}

// ahead reports whether 第 and a number come next.
func (s scan) ahead() bool {
	if !s.word("第") {
		return false
	}
	_, ok := s.numeral()
	return ok
}

// shared reports whether a number without 第 goes on with one 第 for several:
// the 39 of 第38、39条.
func (f *finder) shared(s scan) bool {
	last := f.found[len(f.found)-1]
	return !strings.Contains(f.text[last.LabelStart:last.LabelEnd], articleWord) && s.pos > last.LabelEnd
}

func (f *finder) keep(c Citation) {
	c.Exists = c.LawSlug != "" && f.names.has(c.LawSlug, c.Number, c.Sub)
	f.found = append(f.found, c)
	f.done = c.End
	f.last = &f.found[len(f.found)-1]
}

// article reads 三十八条之一第二款第三项, a range, or a number that shares its 条
// with the next (rest is true then).
func (s *scan) article(c *Citation) (ok, rest bool) {
	keep := *s
	c.Number, ok = s.numeral()
	if !ok {
		return false, false
	}
	switch number := *s; {
	case s.articleEnd():
		c.Sub = s.sub()
		if !s.rangeEnd(c) {
			s.parts(c)
		}
		return true, false
	case s.rangeEnd(c):
		return true, false
	case s.word("、", "和", "及") && s.sharesArticle():
		*s = number
		return true, true
	}
	*s = keep
	return false, false
}

// articleEnd takes 条 where it ends a number, and not 条件 or 条款.
func (s *scan) articleEnd() bool {
	keep := *s
	if !s.word(articleWord) {
		return false
	}
	for _, w := range []string{"例", "件", "款", "目"} {
		if strings.HasPrefix(s.text[s.pos:], w) {
			*s = keep
			return false
		}
	}
	return true
}

// sharesArticle reports whether what follows is 39条, or 39、40条.
func (s scan) sharesArticle() bool {
	for range 20 {
		if _, ok := s.numeral(); !ok {
			return false
		}
		if s.articleEnd() {
			return true
		}
		if !s.word("、", "和", "及") {
			return false
		}
	}
	return false
}

// sub takes 之一.
func (s *scan) sub() int {
	keep := *s
	if s.word("之") {
		if n, ok := s.numeral(); ok {
			return n
		}
	}
	*s = keep
	return 0
}

// rangeEnd takes 至第十二条.
func (s *scan) rangeEnd(c *Citation) bool {
	keep := *s
	if s.word(rangeWords...) {
		s.word("第")
		if n, ok := s.numeral(); ok && s.articleEnd() {
			if sub := s.sub(); n > c.Number || n == c.Number && sub > c.Sub {
				c.To, c.ToSub = n, sub
				return true
			}
		}
	}
	*s = keep
	return false
}

// parts takes 第一款第二项 and all that follows of the kind; the first 款 and the
// first 项 are what the citation names.
func (s *scan) parts(c *Citation) {
	for first := true; ; first = false {
		keep := *s
		if !first {
			s.word("、", "和", "及", "或者", "或", "至", "以及")
		}
		n, unit := s.part()
		switch {
		case unit == "":
			*s = keep
			return
		case unit == "款" && c.Clause == 0 && c.Item == 0:
			c.Clause = n
		case unit == "项" && c.Item == 0:
			c.Item = n
		}
	}
}

// part takes 第一款, 第（二）、（三）项 or 第一、二项.
func (s *scan) part() (first int, unit string) {
	keep := *s
	if s.word("第") {
		for range 40 {
			bracket := s.word("（", "(")
			n, ok := s.numeral()
			if !ok || bracket && !s.word("）", ")") {
				break
			}
			if first == 0 {
				first = n
			}
			for _, u := range []string{"款", "项", "目"} {
				if s.word(u) {
					return first, u
				}
			}
			s.word("、", "和", "及", "至", "或者", "或")
		}
	}
	*s = keep
	return 0, ""
}
