package proof

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// opens maps an opening sign to what closes it; an English bracket may close a
// Chinese one, that is another rule's business.
var opens = map[rune]string{'（': "）)", '(': ")）", '《': "》", '〈': "〉", '“': "”", '‘': "’", '「': "」", '『': "』", '【': "】"}

const closers = "）)》〉”’」』】"

// mark is an opening sign that waits.
type mark struct {
	r  rune
	at int
}

// pairs finds brackets, quotes and 书名号 that are open at one side, straight
// quotes, and 《》 inside of 《》.
func (c *check) pairs(r *run, i int) {
	s := r.Text
	var stack []mark
	for at, x := range s {
		switch {
		case opens[x] != "":
			if x == '《' && len(stack) > 0 && stack[len(stack)-1].r == '《' && c.nested(r, stack[len(stack)-1].at, at) {
				continue
			}
			if x == '“' && len(stack) > 0 && stack[len(stack)-1].r == '“' && !strings.Contains(s[at:], "”") {
				c.put(r, at, at+len("“"), Finding{Rule: RulePair, Severity: Hint, Fix: fix("”"), Message: "后引号应是“””。"})
				stack = stack[:len(stack)-1]
				continue
			}
			stack = append(stack, mark{x, at})
		case strings.ContainsRune(closers, x):
			stack = c.shut(r, stack, x, at)
		}
	}
	for _, m := range stack {
		if m.r == '“' && c.goesOn(i) || m.r == '(' || m.r == '‘' && !isHan(after(s, m.at+len("‘"))) {
			continue // quotations of several paragraphs open in each and close in the last
		}
		c.put(r, m.at, m.at+utf8.RuneLen(m.r), Finding{Rule: RulePair, Severity: Hint, Message: "“" + string(m.r) + "”没有配对的另一半。"})
	}
	c.straight(r)
}

// shut closes the innermost sign that x may close.
func (c *check) shut(r *run, stack []mark, x rune, at int) []mark {
	for i := len(stack) - 1; i >= 0; i-- {
		if strings.ContainsRune(opens[stack[i].r], x) {
			for _, m := range stack[i+1:] {
				c.put(r, m.at, m.at+utf8.RuneLen(m.r), Finding{Rule: RulePair, Severity: Hint, Message: "“" + string(m.r) + "”没有配对的另一半。"})
			}
			return stack[:i]
		}
	}
	if !c.bare(r.Text, x, at) {
		c.put(r, at, at+utf8.RuneLen(x), Finding{Rule: RulePair, Severity: Hint, Message: "“" + string(x) + "”没有配对的另一半。"})
	}
	return stack
}

// bare reports a closing sign that stands alone by right: 1）, a）, don’t, and the
// end of a quotation that began paragraphs before.
func (c *check) bare(s string, x rune, at int) bool {
	switch x {
	case ')', '）':
		head := strings.TrimRightFunc(s[:at], func(r rune) bool {
			return isDigit(r) || isHanDigit(r) || r < utf8.RuneSelf && unicode.IsLetter(r)
		})
		return head != s[:at] && (head == "" || !unicode.IsLetter(before(head, len(head))))
	case '’':
		return before(s, at) < utf8.RuneSelf
	case '”':
		for _, r := range c.runs {
			if strings.Count(r.Text, "“") > strings.Count(r.Text, "”") {
				return true
			}
		}
	}
	return false
}

// goesOn reports whether the next run begins with a quote of its own.
func (c *check) goesOn(i int) bool {
	for _, r := range c.runs[min(i+1, len(c.runs)):] {
		if strings.HasPrefix(r.Text, "“") {
			return true
		}
		if r.Heading == 0 {
			break
		}
	}
	return i+1 < len(c.runs) && strings.Contains(c.runs[i+1].Text, "”") &&
		strings.Count(c.runs[i+1].Text, "”") > strings.Count(c.runs[i+1].Text, "“")
}

// nested finds 《…《…》…》: the inner title takes 〈〉. A second 《 whose pair is
// missing is left to the pairs.
func (c *check) nested(r *run, outer, inner int) bool {
	s := r.Text
	end := strings.Index(s[inner:], "》")
	if end < 0 || strings.Contains(s[inner+len("《"):inner+end], "《") {
		return false
	}
	end += inner
	rest := s[end+len("》"):]
	open, shut := strings.Index(rest, "《"), strings.Index(rest, "》")
	if shut < 0 || open >= 0 && open < shut {
		return false
	}
	name := s[inner+len("《") : end]
	c.put(r, inner, end+len("》"), Finding{Rule: RuleNested, Severity: Hint, Fix: fix("〈" + name + "〉"),
		Message: "书名号里面的书名号用“〈〉”。"})
	return false
}

// straight finds "…" around Chinese; each pair is one finding.
func (c *check) straight(r *run) {
	s := r.Text
	for at := 0; ; {
		i := strings.IndexByte(s[at:], '"')
		if i < 0 {
			return
		}
		i += at
		j := strings.IndexByte(s[i+1:], '"')
		if j < 0 {
			if isHan(before(s, i)) || isHan(after(s, i+1)) {
				c.put(r, i, i+1, Finding{Rule: RulePair, Severity: Hint, Message: "中文引号是“”和“”，成对使用。"})
			}
			return
		}
		j += i + 1
		if inner := s[i+1 : j]; strings.ContainsFunc(inner, isHan) {
			c.suggest(r, RuleHalf, i, j+1, "“"+inner+"”", "中文用弯引号：“ ”。")
		}
		at = j + 1
	}
}
