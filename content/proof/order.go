package proof

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/songfa/songfa/content/law"
)

// The four levels of numbers in official texts (GB/T 9704), as a paragraph or a
// heading begins.
var levels = [...]*regexp.Regexp{
	regexp.MustCompile(`^([一二三四五六七八九十百]+)、`),
	regexp.MustCompile(`^[（(]([一二三四五六七八九十百]+)[）)]`),
	regexp.MustCompile(`^([0-9０-９]{1,2})[．、]`),
	regexp.MustCompile(`^[（(]([0-9０-９]{1,2})[）)]`),
}

var bracketPause = regexp.MustCompile(`^[（(][一二三四五六七八九十百]+[）)]、`)

// order follows the numbers 一、（一）1. （1） through the text. Each level may
// begin again at one; a number that is left out or stands twice is shown.
func (c *check) order() {
	var last [len(levels)]int
	for i := range c.runs {
		r := &c.runs[i]
		if r.Quote || r.Cell || r.plain {
			continue
		}
		text := strings.TrimLeft(r.Text, " 　\u00A0")
		skipped := len(r.Text) - len(text)
		for level, form := range levels {
			m := form.FindStringSubmatchIndex(text)
			if m == nil {
				continue
			}
			n := number(text[m[2]:m[3]])
			c.follow(r, skipped, skipped+m[1], last[level], n, level)
			last[level] = n
			for deeper := level + 1; deeper < len(last); deeper++ {
				last[deeper] = 0
			}
			break
		}
		if m := bracketPause.FindStringIndex(text); m != nil {
			at := skipped + m[1]
			c.suggest(r, RuleOrder, at-len("、"), at, "", "带括号的序号后面不加顿号。")
		}
	}
}

// follow compares a number with the one before it on its level.
func (c *check) follow(r *run, from, to, last, n, level int) {
	show := func(n int) string {
		if level < 2 {
			return law.FormatNumeral(n)
		}
		return strconv.Itoa(n)
	}
	f := Finding{Rule: RuleOrder, Severity: Hint}
	switch {
	case n == 1 || n == last+1 || n == 0:
		return
	case last == 0:
		f.Message = "序号从“" + show(n) + "”开始，前面缺“" + show(1) + "”。"
	case n == last:
		f.Message = "序号“" + show(n) + "”重复了。"
	case n > last+1:
		f.Message = "序号“" + show(last) + "”后面就是“" + show(n) + "”，中间缺“" + show(last+1) + "”。"
	default:
		f.Message = "序号“" + show(last) + "”后面又回到“" + show(n) + "”，请核对。"
	}
	c.put(r, from, to, f)
}
