package law

import (
	"strings"
	"unicode/utf8"
)

// finder looks for citations in one text. It goes from 条 to 条: left of each
// stands a number, left of that what law it is of; right of it 款 and 项, and
// more articles of the same law. Everything else in the text costs nothing.
type finder struct {
	names   *snapshot
	text    string
	current string

	found []Citation
	last  *Citation         // the last one with a law, for 该法
	local map[string]string // names the text gives itself: 以下简称
	done  int               // end of the last citation
}

const articleWord = "条"

func (f *finder) find() []Citation {
	for at := 0; ; {
		i := strings.Index(f.text[at:], articleWord)
		if i < 0 {
			return f.found
		}
		i += at
		at = i + len(articleWord)
		start, ordinal, ok := f.numberBefore(i)
		if !ok {
			continue
		}
		c, ok := f.lawBefore(start, ordinal)
		if !ok {
			continue
		}
		if end := f.list(c, start); end > at {
			at = end
		}
	}
}

// numberBefore finds where 第三十八, or 38, begins that ends at i. Between 第 and
// 条 there may be several numbers: 第38、39条.
func (f *finder) numberBefore(i int) (start int, ordinal, ok bool) {
	j := i
	for range 40 {
		r, size := utf8.DecodeLastRuneInString(f.text[f.done:j])
		if r == '第' {
			return j - size, true, true
		}
		if _, _, digit := digitOf(r); size == 0 || !digit && unitOf(r) == 0 && !isBlank(r) && !strings.ContainsRune("、和及至到-—–－~～", r) {
			break
		}
		j -= size
	}
	j = i
	for isBlankBefore(f.text[f.done:j]) {
		_, size := utf8.DecodeLastRuneInString(f.text[:j])
		j -= size
	}
	end := j
	for {
		r, size := utf8.DecodeLastRuneInString(f.text[f.done:j])
		if _, _, digit := digitOf(r); size == 0 || !digit && unitOf(r) == 0 {
			return j, false, j < end
		}
		j -= size
	}
}

func isBlankBefore(s string) bool { return s != "" && isBlank(lastRune(s)) }

// lawBefore finds the law whose name, or whose stand-in, ends at start.
func (f *finder) lawBefore(start int, ordinal bool) (Citation, bool) {
	end := f.done + len(strings.TrimRightFunc(f.text[f.done:start], isBlank))
	if c, ok := f.named(end); ok {
		return c, true
	}
	if !ordinal {
		return Citation{}, false
	}
	if c, ok := f.standIn(end); ok {
		return c, true
	}
	before := f.text[f.done:end]
	for _, w := range []string{"中的", "里的", "的", "中", "之"} {
		if strings.HasSuffix(before, w) {
			return f.named(end - len(w))
		}
	}
	for _, book := range books {
		if strings.HasSuffix(before, book) {
			c, ok := f.named(end - len(book))
			return c, ok && Name(c.Law) == "民法典"
		}
	}
	return Citation{}, false
}

// books are the 编 of 民法典, which may stand between its name and the number.
var books = []string{"总则编", "总则", "物权编", "合同编", "人格权编", "婚姻家庭编", "继承编", "侵权责任编", "附则"}

// named finds a law called by name: 《X法》, 《X法》（2012年修正）, X法.
func (f *finder) named(end int) (Citation, bool) {
	s := f.text[f.done:end]
	switch lastRune(s) {
	case '》':
		return f.quoted(end)
	case '）', ')':
		if c, ok := f.bare(end); ok {
			return c, true
		}
		open := max(strings.LastIndex(s, "（"), strings.LastIndex(s, "("))
		if open < 0 {
			return Citation{}, false
		}
		_, size := utf8.DecodeRuneInString(s[open:])
		if inner := s[open+size : len(s)-utf8.RuneLen(lastRune(s))]; !isNote(inner) {
			return Citation{}, false
		}
		return f.named(f.done + len(strings.TrimRightFunc(s[:open], isBlank)))
	}
	return f.bare(end)
}

// quoted finds 《…》 that ends at end; titles may hold titles.
func (f *finder) quoted(end int) (Citation, bool) {
	depth := 0
	for i := end; i > f.done && end-i < 400; {
		r, size := utf8.DecodeLastRuneInString(f.text[f.done:i])
		i -= size
		switch r {
		case '》':
			depth++
		case '《':
			depth--
		}
		if depth > 0 {
			continue
		}
		name := f.text[i+len("《") : end-len("》")]
		if slug, ok := f.localNames()[name]; ok {
			return Citation{Start: i, Law: name, LawSlug: slug}, true
		}
		slug, ok := f.names.law(name)
		return Citation{Start: i, Law: trimBlank(name), LawSlug: slug}, ok
	}
	return Citation{}, false
}

// bare finds the longest known name that ends at end. A place in front of it
// makes it another law: 江苏省法律援助条例.
func (f *finder) bare(end int) (Citation, bool) {
	s := f.text[f.done:end]
	if n := f.names.longest(s); n > 0 {
		before, state := strings.CutSuffix(s[:len(s)-n], "中华人民共和国")
		if !state && strings.ContainsRune("省市区县州旗盟", lastRune(before)) {
			return Citation{}, false
		}
		return Citation{Start: f.done + len(before), Law: s[len(before):], LawSlug: f.names.names[s[len(s)-n:]]}, true
	}
	var c Citation
	for name, slug := range f.localNames() {
		before, ok := strings.CutSuffix(s, name)
		if ok && len(name) > len(c.Law) && (utf8.RuneCountInString(name) > 2 || standsAlone(before)) {
			c = Citation{Start: f.done + len(before), Law: name, LawSlug: slug}
		}
	}
	return c, c.Law != ""
}

// standsAlone reports whether a word as common as 条例 is the name itself, and
// not the end of another.
func standsAlone(before string) bool {
	r := lastRune(before)
	return before == "" || !isHan(r) || strings.ContainsRune("据照按依和与及由在的于对反因从以即见合符", r)
}

// standIn finds 本法 and its like in a law, and 该法 behind another citation.
func (f *finder) standIn(end int) (Citation, bool) {
	s := f.text[f.done:end]
	for _, kind := range []string{"法", "条例", "规定", "办法", "解释", "细则", "规则", "通知", "意见", "决定", "章", "节", "编", "实施办法", "实施条例", "实施细则"} {
		before, ok := strings.CutSuffix(s, kind)
		if !ok {
			continue
		}
		start := f.done + len(before) - len("本")
		switch lastRune(before) {
		case '本':
			prev := lastRune(strings.TrimSuffix(before, "本"))
			if f.current != "" && !strings.ContainsRune("基根", prev) {
				return Citation{Start: start, LawSlug: f.current}, true
			}
		case '该', '同':
			if f.last != nil && kind != "章" && kind != "节" && kind != "编" {
				return Citation{Start: start, LawSlug: f.last.LawSlug, Law: f.last.Law}, true
			}
		}
	}
	return Citation{}, false
}

// localNames are the names the text itself gives to laws:
// 《X法》（以下简称《Y》）.
func (f *finder) localNames() map[string]string {
	if f.local != nil {
		return f.local
	}
	f.local = map[string]string{}
	for _, word := range []string{"简称", "以下称", "下称"} {
		for from := 0; ; {
			i := strings.Index(f.text[from:], word)
			if i < 0 {
				break
			}
			from += i + len(word)
			f.localName(f.text[:from-len(word)], f.text[from:])
		}
	}
	return f.local
}

// localName takes one such name: before ends 《X法》（以下, after begins with Y）.
func (f *finder) localName(before, after string) {
	before = strings.TrimSuffix(strings.TrimSuffix(before, "以下"), "下")
	title, open := before, false
	for _, bracket := range []string{"（", "("} {
		if t, ok := strings.CutSuffix(before, bracket); ok {
			title, open = strings.TrimRightFunc(t, isBlank), true
		}
	}
	begin := strings.LastIndex(title, "《")
	name, _, closed := cutAny(after, "）)")
	name = strings.Trim(trimBlank(name), "《》“”\"：: ")
	if !open || !closed || begin < 0 || !strings.HasSuffix(title, "》") || name == "" || len(name) > 60 {
		return
	}
	if slug, ok := f.names.law(title[begin+len("《") : len(title)-len("》")]); ok {
		f.local[name] = slug
	}
}

// cutAny is strings.Cut at the first of the runes in chars.
func cutAny(s, chars string) (before, after string, found bool) {
	i := strings.IndexAny(s, chars)
	if i < 0 {
		return s, "", false
	}
	_, size := utf8.DecodeRuneInString(s[i:])
	return s[:i], s[i+size:], true
}
