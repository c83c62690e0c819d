package proof

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

// signs suggests the signs of GB/T 15834 where a keyboard in the wrong mode left
// others. Blanks between Chinese and Latin are a matter of taste: nobody is told.
func (c *check) signs(r *run) {
	c.fullWidth(r)
	c.halfWidth(r)
	c.brackets(r)
	c.doubled(r)
	c.spaces(r)
	c.pause(r)
}

// suggest notes a rewriting of a stretch that may be made with all others.
func (c *check) suggest(r *run, rule Rule, from, to int, with, message string) {
	c.put(r, from, to, Finding{Rule: rule, Severity: Hint, Message: message, Fix: fix(with), Safe: true})
}

var fullForm = regexp.MustCompile(`[０-９Ａ-Ｚａ-ｚ]+(?:[．－][０-９Ａ-Ｚａ-ｚ]+)*`)

func (c *check) fullWidth(r *run) {
	for _, at := range fullForm.FindAllStringIndex(r.Text, -1) {
		half := strings.Map(func(x rune) rune {
			if x >= '！' && x <= '～' {
				return x - '！' + '!'
			}
			return x
		}, r.Text[at[0]:at[1]])
		c.suggest(r, RuleFull, at[0], at[1], half, "数字和字母用半角：“"+half+"”。")
	}
}

// wide are the signs of a Chinese sentence by what an English keyboard writes.
var wide = map[rune]string{',': "，", ';': "；", ':': "：", '?': "？", '!': "！"}

// closing may stand in front of a sign that belongs to a Chinese sentence.
const closing = "》”’』」）】〉％%"

// halfWidth finds English signs in a Chinese sentence: behind a Chinese character
// and in front of one or of the end. The blank behind it goes with it.
func (c *check) halfWidth(r *run) {
	s := r.Text
	for i, x := range s {
		chinese, ok := wide[x]
		prev := before(s, i)
		if x == '.' {
			chinese, ok = "。", i+1 == len(s) && !r.Cell && r.Heading == 0
		}
		if !ok || !isHan(prev) && !strings.ContainsRune(closing, prev) || prev == '%' {
			continue
		}
		rest := strings.TrimLeft(s[i+1:], " ")
		next := after(rest, 0)
		if next != 0 && !isHan(next) && !strings.ContainsRune("《“‘（「『【\n"+closing, next) && !((x == ':' || x == ',') && isDigit(next)) {
			continue
		}
		end := len(s) - len(rest)
		if next == 0 || next == '\n' {
			end = i + 1
		}
		c.suggest(r, RuleHalf, i, end, chinese, "中文里的标点用全角：“"+chinese+"”。")
	}
}

// brackets finds ( ) around Chinese.
func (c *check) brackets(r *run) {
	s := r.Text
	for i := 0; i < len(s); i++ {
		if s[i] != '(' {
			continue
		}
		n := strings.IndexAny(s[i:], ")）")
		if n < 0 {
			return
		}
		end := i + n
		if strings.ContainsAny(s[i+1:end], "(（\n") || !strings.ContainsFunc(s[i:end], isHan) {
			continue
		}
		c.suggest(r, RuleHalf, i, i+1, "（", "中文用全角括号：“（ ）”。")
		if s[end] == ')' {
			c.suggest(r, RuleHalf, end, end+1, "）", "中文用全角括号：“（ ）”。")
		}
		i = end
	}
}

var (
	doubledForm = regexp.MustCompile(`。{3,}|。{2}|，{2,}|、{2,}|；{2,}|：{2,}|[，。、；：]{2,}`)
	dotsForm    = regexp.MustCompile(`\.{3,}`)
	dashForm    = regexp.MustCompile(`-{2,}`)
)

// doubled finds signs typed twice. …… and —— are one sign of two places each.
func (c *check) doubled(r *run) {
	s := r.Text
	for _, at := range doubledForm.FindAllStringIndex(s, -1) {
		found := s[at[0]:at[1]]
		first, size := utf8.DecodeRuneInString(found)
		same := strings.Trim(found, string(first)) == ""
		switch {
		case strings.HasPrefix(s[at[0]:], "：：：") && at[0] == 0:
			// a fence that is none; the renderer shows it as it is
		case same && first == '。' && len(found) > 2*size:
			c.suggest(r, RuleDoubled, at[0], at[1], "……", "省略号是“……”。")
		case same:
			c.suggest(r, RuleDoubled, at[0], at[1], string(first), "标点重复了。")
		default:
			c.put(r, at[0], at[1], Finding{Rule: RuleDoubled, Severity: Hint, Fix: fix(stronger(found)), Message: "两个标点连在一起，留一个。"})
		}
	}
	for _, at := range dotsForm.FindAllStringIndex(s, -1) {
		if isHan(before(s, at[0])) {
			c.suggest(r, RuleDoubled, at[0], at[1], "……", "中文省略号是“……”。")
		}
	}
	for _, at := range dashForm.FindAllStringIndex(s, -1) {
		if isHan(before(s, at[0])) && isHan(after(s, at[1])) {
			c.suggest(r, RuleDoubled, at[0], at[1], "——", "中文破折号是“——”。")
		}
	}
}

// stronger is the sign that stays of several.
func stronger(signs string) string {
	for _, x := range "。；：，、" {
		if strings.ContainsRune(signs, x) {
			return string(x)
		}
	}
	return signs
}

var (
	indentForm = regexp.MustCompile(`^(?:　|\x{00A0}|&emsp;|&ensp;|&nbsp;)+[ 　]*`)
	signSpace  = regexp.MustCompile(`[ \x{00A0}]+[，。、；：？！）》」』】]|[，。、；：？！（《「『【][ \x{00A0}]+`)
	hanSpace   = regexp.MustCompile(`\p{Han}{2}[ \x{00A0}]+\p{Han}{2}`)
	chapter    = regexp.MustCompile(`第[一二三四五六七八九十百千零〇两0-9]+[编章节条款项期批场次](?:之[一二三四五六七八九十]+)?$`)
)

func (c *check) spaces(r *run) {
	s := r.Text
	if at := indentForm.FindStringIndex(s); at != nil && at[1] < len(s) && !r.Cell {
		c.suggest(r, RuleIndent, at[0], at[1], "", "段首不用打空格，网页会自己缩进。")
	}
	for _, at := range signSpace.FindAllStringIndex(s, -1) {
		from, to := at[0], at[1]
		if _, _, whole := r.source(from, to); !whole {
			continue // **不批。** 三十天是通知: the blank belongs to the bold words
		}
		if isBlankRune(after(s, from)) {
			if from == 0 {
				continue
			}
			to -= utf8.RuneLen(before(s, to))
		} else {
			from += utf8.RuneLen(after(s, from))
		}
		if to < len(s) || isBlankRune(after(s, at[0])) {
			c.suggest(r, RuleSpace, from, to, "", "中文标点旁边不用空格。")
		}
	}
	if r.Heading > 0 || r.Cell || c.field.Name == "title" {
		return // 第一章 总则; names in columns
	}
	for at := 0; at < len(s); {
		m := hanSpace.FindStringIndex(s[at:])
		if m == nil {
			return
		}
		from := at + m[0] + len("汉汉")
		to := from + len(s[from:]) - len(strings.TrimLeftFunc(s[from:], isBlankRune))
		at = from
		if !chapter.MatchString(s[:from]) {
			c.put(r, from, to, Finding{Rule: RuleSpace, Severity: Hint, Fix: fix(""), Message: "汉字之间多了空格；并列的词用顿号隔开。"})
		}
		at = to
	}
}

func isBlankRune(r rune) bool { return r == ' ' || r == '\u00A0' }

// pause finds 《A》、《B》: GB/T 15834 needs no sign between titles. It is off
// until an office asks for it.
func (c *check) pause(r *run) {
	for at := 0; ; {
		i := strings.Index(r.Text[at:], "》、《")
		if i < 0 {
			return
		}
		i += at + len("》")
		c.suggest(r, RulePause, i, i+len("、"), "", "书名号之间一般不用顿号。")
		at = i
	}
}
