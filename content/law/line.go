package law

import (
	"fmt"
	"path"
	"strings"
	"unicode"
	"unicode/utf8"
)

// isBlank is white space, and the characters nobody sees that files hold.
func isBlank(r rune) bool {
	return unicode.IsSpace(r) || r == '\u200b' || r == '\u200c' || r == '\u200d' || r == '\ufeff' || r == '\u2060'
}

func trimBlank(s string) string { return strings.TrimFunc(s, isBlank) }

// squeeze tidies a title: white space between label and name becomes one
// space, and the space that only stretches a word (总 则) goes.
func squeeze(s string) string {
	words := strings.FieldsFunc(s, isBlank)
	var b strings.Builder
	for i, w := range words {
		if i > 0 && !(isHan(lastRune(words[i-1])) && isHan(firstRune(w))) || i > 0 && rankOf(words[i-1]) > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(w)
	}
	return b.String()
}

func isHan(r rune) bool       { return unicode.Is(unicode.Han, r) }
func firstRune(s string) rune { r, _ := utf8.DecodeRuneInString(s); return r }
func lastRune(s string) rune  { r, _ := utf8.DecodeLastRuneInString(s); return r }

// headingLevel counts the # of a heading; 0 for other lines.
func headingLevel(l string) int {
	n := 0
	for n < len(l) && l[n] == '#' {
		n++
	}
	if n > 6 {
		return 0
	}
	return n
}

// cutHeading gives the text of a heading of this level.
func cutHeading(l string, level int) (string, bool) {
	if headingLevel(l) != level {
		return "", false
	}
	return trimBlank(l[level:]), true
}

func isInfoEnd(l string) bool {
	return strings.HasPrefix(l, "<!--") && strings.Join(strings.Fields(l), "") == "<!--INFOEND-->"
}

// ranks orders the parts a law may have; the same # may stand for different
// ones in different files.
var ranks = []struct {
	name string
	rank int
}{{"编", 1}, {"分编", 2}, {"篇", 2}, {"部分", 2}, {"章", 3}, {"节", 4}, {"目", 5}}

// rankOf tells 第三章 from 第二节; 0 for a heading that is neither.
func rankOf(title string) int {
	rest, ok := strings.CutPrefix(title, "第")
	if !ok {
		return 0
	}
	_, size := ScanNumeral(rest)
	if size == 0 {
		return 0
	}
	for _, r := range ranks {
		if strings.HasPrefix(rest[size:], r.name) {
			return r.rank
		}
	}
	return 0
}

// isAnnex reports whether a line begins what follows the last article. A
// sentence about an annex is none.
func isAnnex(l string) bool {
	for _, word := range []string{"附录", "附件", "附表", "附：", "附:"} {
		if strings.HasPrefix(l, word) {
			return utf8.RuneCountInString(l) <= 40 && !strings.ContainsAny(l, "。；，")
		}
	}
	return false
}

// style is how a text numbers its articles.
type style int

const (
	plain     style = iota // no numbers: the whole text is one passage
	byArticle              // 第一条
	byHeading              // headings 一、 二、 in notices and replies
	byLine                 // paragraphs that begin with 一、
)

// styleOf looks for the strongest kind of number in a body.
func styleOf(lines []string) style {
	found := plain
	for _, l := range lines {
		level := headingLevel(l)
		text := trimBlank(l[level:])
		if level == 0 {
			if _, ok, bad := byArticle.article(text, [2]int{}); ok || bad != "" {
				return byArticle
			}
		}
		if _, ok := found.item(text, [2]int{}); ok {
			if level > 0 {
				found = byHeading
			} else if found == plain {
				found = byLine
			}
		}
	}
	return found
}

// article reads an article's first line. bad is a number that cannot be read.
func (s style) article(l string, last [2]int) (a Article, ok bool, bad string) {
	switch s {
	case byArticle:
		return articleLine(l, last)
	case byLine:
		a, ok = s.item(l, last)
	}
	return a, ok, ""
}

// item reads 一、, if it is the number that comes next.
func (style) item(l string, last [2]int) (Article, bool) {
	n, size := ScanNumeral(l)
	if size == 0 || n != last[0]+1 {
		return Article{}, false
	}
	rest, mark := strings.CutPrefix(l[size:], "、")
	if !mark && rest != "" {
		return Article{}, false
	}
	a := Article{Number: n, Label: l[:len(l)-len(rest)]}
	a.add(rest)
	return a, true
}

// articleLine reads 第三十八条之一 and the text behind it. Without a space in
// between it may also be a sentence (第三条规定的期限), so then the number must be
// one that can come here.
func articleLine(l string, last [2]int) (a Article, ok bool, bad string) {
	head, rest, found := strings.Cut(l, "条")
	digits, first := strings.CutPrefix(head, "第")
	digits = trimBlank(digits)
	if !found || !first || digits == "" || !allNumeral(digits) {
		return Article{}, false, ""
	}
	n, ok := ParseNumeral(digits)
	if !ok {
		return Article{}, false, head + "条"
	}
	a.Number = n
	if tail, sub := strings.CutPrefix(rest, "之"); sub {
		if n, size := ScanNumeral(tail); size > 0 {
			a.Sub, rest = n, tail[size:]
		}
	}
	gap := a.Number - last[0] // a few articles may have been repealed
	next := last == [2]int{} || gap > 0 && gap <= 3 || gap == 0 && a.Sub == last[1]+1
	if rest != "" && !isBlank(firstRune(rest)) && (!next || goesOn(rest)) {
		return Article{}, false, ""
	}
	a.Label = FormatArticle(a.Number, a.Sub)
	a.add(trimBlank(rest))
	return a, true, ""
}

// goesOn reports whether the words behind 第三条 make it part of a sentence.
func goesOn(rest string) bool {
	for _, w := range []string{"第", "、", "，", "和", "至", "及", "与", "或", "规定", "所", "的", "中", "例", "款"} {
		if strings.HasPrefix(rest, w) {
			return true
		}
	}
	return false
}

func allNumeral(s string) bool {
	for _, r := range s {
		if _, _, digit := digitOf(r); !digit && unitOf(r) == 0 {
			return false
		}
	}
	return true
}

func (a *Article) add(paragraph string) {
	if paragraph != "" {
		a.Paragraphs = append(a.Paragraphs, paragraph)
	}
}

// parseInfo reads a line of history: 2012年12月28日 全国人大常委会…修正.
func parseInfo(l string) Info {
	date, size := scanDate(l)
	text := trimBlank(l[size:])
	if size == 0 || text == "" {
		return Info{Text: l}
	}
	if strings.Count(text, "）") > strings.Count(text, "（") {
		text = strings.TrimSuffix(text, "）") // left over from the brackets around the history
	}
	return Info{Date: date, Text: text}
}

// isForceLine reports whether a line of history tells the day of coming into
// force.
func isForceLine(text string) bool {
	for _, word := range forceWords {
		if strings.HasSuffix(text, word) {
			return true
		}
	}
	return false
}

var forceWords = []string{"施行", "执行", "实施", "生效"}

// scanDate reads 2012年12月28日 or 一九九五年一月一日 at the start of s.
func scanDate(s string) (date string, size int) {
	var part [3]int
	rest := s
	for i, unit := range []string{"年", "月", "日"} {
		rest = strings.TrimLeftFunc(rest, isBlank)
		n, digits := ScanNumeral(rest)
		if digits == 0 {
			return "", 0
		}
		part[i] = n
		var ok bool
		if rest, ok = strings.CutPrefix(strings.TrimLeftFunc(rest[digits:], isBlank), unit); !ok {
			return "", 0
		}
	}
	date = fmt.Sprintf("%04d-%02d-%02d", part[0], part[1], part[2])
	if !validDate(date) {
		return "", 0
	}
	return date, len(s) - len(rest)
}

// nameDate reads the date of 劳动法(2018-12-29).md; "" without one.
func nameDate(name string) string {
	base := strings.TrimSuffix(path.Base(name), path.Ext(name))
	base = strings.NewReplacer("（", "(", "）", ")").Replace(base)
	open := strings.LastIndexByte(base, '(')
	if open < 0 || !strings.HasSuffix(base, ")") {
		return ""
	}
	if date := base[open+1 : len(base)-1]; validDate(date) {
		return date
	}
	return ""
}
