package docx

import (
	"strconv"
	"strings"
)

// numRef is which list a paragraph belongs to, and how deep.
type numRef struct {
	id    string // w:numId; "" or "0" is none
	level int
}

func (r numRef) over(n *node) numRef {
	if id, ok := n.val("w:numId"); ok {
		r.id = id
	}
	if v, ok := n.val("w:ilvl"); ok {
		r.level, _ = strconv.Atoi(v)
		r.level = min(max(r.level, 0), 8)
	}
	return r
}

// number is what an automatic number shows.
type number struct {
	text   string // 一、 or 1.1; "" for a bullet
	bullet bool
	level  int // 0…8
	list   string
}

// level is one level of a list.
type level struct {
	format string // decimal, chineseCounting, bullet, …
	text   string // %1、
	start  int
	legal  bool // all numbers arabic
	back   int  // w:lvlRestart; -1 is after any higher level
}

// numbering turns references into numbers, counting as Word does.
type numbering struct {
	nums     map[string]numList
	counters map[string]*[9]int // by abstract list: lists that share one count on
	begun    map[string]bool    // numIds whose own starts were taken
}

type numList struct {
	abstract string
	levels   [9]level
	restarts [9]bool // levels whose start the w:num overrides
}

func newNumbering(tree *node) *numbering {
	s := &numbering{nums: map[string]numList{}, counters: map[string]*[9]int{}, begun: map[string]bool{}}
	if tree == nil {
		return s
	}
	abstract := map[string][9]level{}
	for _, n := range tree.kids {
		if n.name == "w:abstractNum" {
			abstract[n.get("w:abstractNumId")] = readLevels(n, [9]level{})
		}
	}
	for _, n := range tree.kids {
		if n.name != "w:num" {
			continue
		}
		id, _ := n.val("w:abstractNumId")
		list := numList{abstract: id, levels: abstract[id]}
		for _, o := range n.kids {
			i, err := strconv.Atoi(o.get("w:ilvl"))
			if o.name != "w:lvlOverride" || err != nil || i < 0 || i > 8 {
				continue
			}
			list.levels = readLevels(o, list.levels)
			if v, ok := o.val("w:startOverride"); ok {
				list.levels[i].start, _ = strconv.Atoi(v)
				list.restarts[i] = true
			}
		}
		s.nums[n.get("w:numId")] = list
	}
	return s
}

func readLevels(n *node, levels [9]level) [9]level {
	for _, l := range n.kids {
		i, err := strconv.Atoi(l.get("w:ilvl"))
		if l.name != "w:lvl" || err != nil || i < 0 || i > 8 {
			continue
		}
		lv := level{format: "decimal", start: 1, back: -1}
		if v, ok := l.val("w:numFmt"); ok {
			lv.format = v
		} else if f := l.at("mc:AlternateContent", "mc:Fallback"); f != nil {
			lv.format, _ = f.val("w:numFmt")
		}
		lv.text, _ = l.val("w:lvlText")
		if v, ok := l.val("w:start"); ok {
			lv.start, _ = strconv.Atoi(v)
		}
		if v, ok := l.val("w:lvlRestart"); ok {
			lv.back, _ = strconv.Atoi(v)
		}
		lv.legal, _ = l.on("w:isLgl")
		levels[i] = lv
	}
	return levels
}

// next is the number of the next paragraph of a list; nil when it shows none.
func (s *numbering) next(ref numRef) *number {
	list, ok := s.nums[ref.id]
	if !ok || ref.id == "0" {
		return nil
	}
	c := s.counters[list.abstract]
	if c == nil {
		c = &[9]int{}
		s.counters[list.abstract] = c
		s.reset(c, list, 0)
	}
	if !s.begun[ref.id] {
		s.begun[ref.id] = true
		for i, own := range list.restarts {
			if own {
				c[i] = list.levels[i].start - 1
			}
		}
	}
	c[ref.level]++
	s.reset(c, list, ref.level+1)
	lv := list.levels[ref.level]
	n := &number{level: ref.level, list: ref.id}
	switch lv.format {
	case "bullet":
		n.bullet = true
		return n
	case "none":
		n.text = strings.TrimSpace(stripPlaces(lv.text))
	default:
		n.text = strings.TrimSpace(show(lv, list, c))
	}
	if n.text == "" {
		return nil
	}
	return n
}

// reset puts the levels from i on before their starts.
func (s *numbering) reset(c *[9]int, list numList, i int) {
	for ; i < len(c); i++ {
		if list.levels[i].back != 0 {
			c[i] = list.levels[i].start - 1
		}
	}
}

// show fills the places %1…%9 of a level's text.
func show(lv level, list numList, c *[9]int) string {
	var b strings.Builder
	for i := 0; i < len(lv.text); i++ {
		if lv.text[i] == '%' && i+1 < len(lv.text) && lv.text[i+1] >= '1' && lv.text[i+1] <= '9' {
			at := int(lv.text[i+1] - '1')
			format := list.levels[at].format
			if lv.legal {
				format = "decimal"
			}
			n := c[at]
			if n < list.levels[at].start { // a level that was jumped over counts as begun
				n = list.levels[at].start
			}
			b.WriteString(numeral(format, n))
			i++
			continue
		}
		b.WriteByte(lv.text[i])
	}
	return b.String()
}

func stripPlaces(s string) string {
	for i := '1'; i <= '9'; i++ {
		s = strings.ReplaceAll(s, "%"+string(i), "")
	}
	return s
}

// numeral writes n in a format of ST_NumberFormat; an unknown one as decimal.
func numeral(format string, n int) string {
	plain := strconv.Itoa(n)
	if n <= 0 {
		return plain
	}
	switch format {
	case "chineseCounting", "chineseCountingThousand", "taiwaneseCounting", "taiwaneseCountingThousand", "japaneseCounting", "koreanCounting":
		return chinese(n, "零一二三四五六七八九", "十百千万")
	case "chineseLegalSimplified", "ideographLegalTraditional", "japaneseLegal":
		return legal(n)
	case "ideographDigital", "taiwaneseDigital", "japaneseDigitalTenThousand", "koreanDigital2":
		return mapDigits(plain, "〇一二三四五六七八九")
	case "decimalFullWidth", "decimalFullWidth2":
		return mapDigits(plain, "０１２３４５６７８９")
	case "decimalZero":
		if n < 10 {
			return "0" + plain
		}
	case "decimalEnclosedCircle", "decimalEnclosedCircleChinese", "ideographEnclosedCircle":
		return enclosed(n)
	case "decimalEnclosedParen":
		return "（" + plain + "）"
	case "decimalEnclosedFullstop":
		return plain + "."
	case "upperLetter":
		return letters(n, 'A')
	case "lowerLetter":
		return letters(n, 'a')
	case "upperRoman":
		return roman(n)
	case "lowerRoman":
		return strings.ToLower(roman(n))
	case "ideographTraditional":
		return cyclic(n, "甲乙丙丁戊己庚辛壬癸")
	case "ideographZodiac":
		return cyclic(n, "子丑寅卯辰巳午未申酉戌亥")
	}
	return plain
}

func cyclic(n int, signs string) string {
	all := []rune(signs)
	return string(all[(n-1)%len(all)])
}

func mapDigits(digits, signs string) string {
	to := []rune(signs)
	return strings.Map(func(r rune) rune { return to[r-'0'] }, digits)
}

func enclosed(n int) string {
	switch {
	case n <= 20:
		return string(rune('①' + n - 1))
	case n <= 35:
		return string(rune('㉑' + n - 21))
	case n <= 50:
		return string(rune('㊱' + n - 36))
	}
	return "（" + strconv.Itoa(n) + "）"
}

func letters(n int, first rune) string {
	n--
	return strings.Repeat(string(first+rune(n%26)), min(n/26+1, 20))
}

func roman(n int) string {
	if n >= 4000 {
		return strconv.Itoa(n)
	}
	var b strings.Builder
	for _, r := range []struct {
		value int
		sign  string
	}{{1000, "M"}, {900, "CM"}, {500, "D"}, {400, "CD"}, {100, "C"}, {90, "XC"}, {50, "L"}, {40, "XL"}, {10, "X"}, {9, "IX"}, {5, "V"}, {4, "IV"}, {1, "I"}} {
		for n >= r.value {
			b.WriteString(r.sign)
			n -= r.value
		}
	}
	return b.String()
}

// chinese writes 1…99999 as one counts: 十二, 一百零五.
func chinese(n int, digits, units string) string {
	if n > 99999 {
		return strconv.Itoa(n)
	}
	d, u := []rune(digits), []rune(units)
	var b strings.Builder
	gap := false
	for place, power := 4, 10000; place >= 0; place, power = place-1, power/10 {
		v := n / power % 10
		if v == 0 {
			gap = gap || b.Len() > 0
			continue
		}
		if gap {
			b.WriteRune(d[0])
			gap = false
		}
		b.WriteRune(d[v])
		if place > 0 {
			b.WriteRune(u[place-1])
		}
	}
	s := b.String()
	if n >= 10 && n < 20 && d[1] == '一' {
		s = strings.TrimPrefix(s, "一")
	}
	return s
}

func legal(n int) string { return chinese(n, "零壹贰叁肆伍陆柒捌玖", "拾佰仟万") }
