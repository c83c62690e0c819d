package search

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// Quantities have one form however they are written: 一万二千元, 1.2万元, 12,000元
// and 12000块 are 12000元, 百分之三十 is 30%, 二〇二六年 is 2026年. The statutes write
// them one way, and who asks another.

// measure is what is counted, as written and as a term has it.
type measure struct{ written, term string }

// measures are ordered so that a longer one comes before its beginning.
var measures = []measure{
	{"个工作日", "工作日"}, {"工作日", "工作日"}, {"个小时", "小时"}, {"小时", "小时"}, {"个钟头", "小时"}, {"钟头", "小时"}, {"分钟", "分钟"},
	{"个星期", "周"}, {"星期", "周"}, {"个礼拜", "周"}, {"礼拜", "周"}, {"个月", "个月"}, {"周岁", "岁"}, {"周年", "年"}, {"周", "周"},
	{"年", "年"}, {"月", "月"}, {"日", "日"}, {"天", "日"}, {"岁", "岁"}, {"元", "元"}, {"块", "元"}, {"倍", "倍"}, {"人", "人"}, {"级", "级"},
	{"号", "号"}, {"次", "次"}, {"%", "%"}, {"‰", "‰"},
}

// measureAt is the unit that s begins with; empty when none does.
func measureAt(s string) measure {
	for _, u := range measures {
		if strings.HasPrefix(s, u.written) {
			return u
		}
	}
	return measure{}
}

// one is the number 1: amounts are counted in millionths, so that 1.2万 is
// exact.
const one = 1_000_000

// mostWhole bounds the numbers that are read: a million million.
const mostWhole = 1_000_000_000_000

// number is one as it is written.
type number struct {
	value int64 // in millionths
	size  int   // bytes it takes
	row   int   // its Chinese digits, when it is nothing but these: 二〇二六
	large bool  // it says how large it is: 三千, 1.2万
	tail  int   // bytes of a last digit that is a tenth of what precedes it: 三千五
	whole int64 // the value without that
}

// quantityAt reads a quantity at i, and gives its term and how many characters
// it takes; n is 0 when there is none. No other begins before next.
func quantityAt(f *folded, i int) (term string, n, next int) {
	s := f.text[f.at[i]:]
	if share, size := shareOf(s); size > 0 {
		n = utf8.RuneCountInString(s[:size])
		return share, n, i + n
	}
	if r := f.rune(i); !numeral(r) && !isDigit(r) {
		return "", 0, i
	}
	if i > 0 && f.rune(i-1) == '第' { // 第三人 is not three
		return "", 0, i + utf8.RuneCountInString(s[:readNumber(s).size])
	}
	read := readNumber(s)
	if read.size == 0 {
		next = i + 1
		for next < f.len() && numeral(f.rune(next)) {
			next++
		}
		return "", 0, next
	}
	u := measureAt(s[read.size:])
	if read.tail > 0 && u.written != "" && u.term != "元" { // 五千一个月
		read.size, read.value = read.size-read.tail, read.whole
		u = measure{}
	}
	next = i + utf8.RuneCountInString(s[:read.size])
	switch {
	case read.row > 0 && u.term != "年" && read.row < 3, read.row > 0 && u.term == "年" && read.row != 4:
		return "", 0, next // 三五天
	case u.term == "‰":
		term = formatNumber(read.value/10) + "%"
	case u.written != "":
		term = formatNumber(read.value) + u.term
	case read.large && read.value >= 1000*one: // 欠我三千
		term = formatNumber(read.value) + "元"
	default:
		return "", 0, next
	}
	n = next - i + utf8.RuneCountInString(u.written)
	return term, n, i + n
}

// shareOf reads 百分之三十, 千分之五 and 万分之五 as 30%, 0.5% and 0.05%.
func shareOf(s string) (term string, size int) {
	if len(s) < len("百分之") || s[len("百"):len("百分之")] != "分之" {
		return "", 0
	}
	per := int64(0)
	switch s[:len("百")] {
	case "百":
		per = 1
	case "千":
		per = 10
	case "万":
		per = 100
	default:
		return "", 0
	}
	read := readNumber(s[len("百分之"):])
	if read.size == 0 || read.row > 0 {
		return "", 0
	}
	if read.value < 100*one && read.tail == 0 {
		read.point(s[len("百分之"):], true)
	}
	return formatNumber(read.value/per) + "%", len("百分之") + read.size
}

// formatNumber writes a number in digits, without useless zeros.
func formatNumber(value int64) string {
	s := strconv.FormatInt(value/one, 10)
	if rest := value % one; rest != 0 {
		s += "." + strings.TrimRight(strconv.FormatInt(one+rest, 10)[1:], "0")
	}
	return s
}

// readNumber reads the number that s begins with: sections below ten thousand,
// each with 万 or 亿 but for the last.
func readNumber(s string) (n number) {
	last := int64(mostWhole)
	for {
		rest := s[n.size:]
		part, times, size := readPart(rest)
		if size == 0 || times >= last || part.row > 1 && (n.size > 0 || times > 1) || part.value/one > mostWhole/times-n.value/one {
			return n
		}
		n.whole, n.tail = n.value+part.whole*times, part.tail
		if n.size > 0 && times == 1 && oneDigit(rest[:part.size]) {
			n.whole, n.tail = n.value, part.size
			part.value *= last / 10 // 两万五
		}
		n.value += part.value * times
		n.size += size
		n.large = n.large || part.large || times > 1
		if times == 1 {
			if n.size == part.size {
				n.row = part.row
			}
			return n
		}
		last, n.tail = times, 0
	}
}

// oneDigit reports one digit that is not zero.
func oneDigit(s string) bool {
	r, size := utf8.DecodeRuneInString(s)
	if size != len(s) {
		return false
	}
	return digitOf(r) > 0 || '1' <= r && r <= '9'
}

// readPart reads one section, and what it is to be multiplied with.
func readPart(s string) (part number, times int64, size int) {
	digits := s != "" && isDigit(rune(s[0]))
	if digits {
		part = readDigits(s)
	} else {
		part = readHan(s)
	}
	times, size = 1, part.size
	if size == 0 {
		return part, times, 0
	}
	for size < len(s) {
		r, n := utf8.DecodeRuneInString(s[size:])
		by := int64(0)
		switch {
		case r == '万':
			by = 10_000
		case r == '亿':
			by = 100_000_000
		case digits && times == 1 && (r == '千' || r == '百'):
			by = unitOf(r)
		}
		if by == 0 || times*by > 1_000_000_000_000 || strings.HasPrefix(s[size+n:], "分之") {
			break
		}
		times *= by
		size += n
	}
	return part, times, size
}

// readDigits reads 12000, 12,000 and 1.2.
func readDigits(s string) (n number) {
	value, places, point := int64(0), int64(one), false
	i := 0
	for ; i < len(s); i++ {
		c := s[i]
		switch {
		case isDigit(rune(c)) && !point:
			if value = value*10 + int64(c-'0'); value > mostWhole {
				return number{}
			}
		case isDigit(rune(c)):
			if places /= 10; places == 0 {
				return number{}
			}
			n.value += int64(c-'0') * places
		case c == '.' && !point && i+1 < len(s) && isDigit(rune(s[i+1])):
			point = true
		case c == ',' && !point && thousands(s[i+1:]):
		default:
			n.value, n.size = n.value+value*one, i
			n.whole = n.value
			return n
		}
	}
	n.value, n.size = n.value+value*one, i
	n.whole = n.value
	return n
}

// thousands reports three digits, and no fourth.
func thousands(s string) bool {
	return len(s) >= 3 && isDigit(rune(s[0])) && isDigit(rune(s[1])) && isDigit(rune(s[2])) && (len(s) == 3 || !isDigit(rune(s[3])))
}

// maxHanNumber bounds a section, in characters; 九千九百九十九 has seven.
const maxHanNumber = 12

// readHan reads a section in Chinese digits: 三千二百, 十二, 廿八, 三千五, 二〇二六,
// and 一点五.
func readHan(s string) (n number) {
	chars, size, row := 0, 0, true
	for _, r := range s {
		if chars == maxHanNumber {
			return number{}
		}
		if digitOf(r) < 0 {
			if unitOf(r) == 0 || unitOf(r) > 10 && strings.HasPrefix(s[size+utf8.RuneLen(r):], "分之") {
				break
			}
			row = false
		}
		chars++
		size += utf8.RuneLen(r)
	}
	switch {
	case size == 0:
		return number{}
	case row:
		value := int64(0)
		for _, r := range s[:size] {
			value = value*10 + digitOf(r)
		}
		n = number{value: value * one, size: size}
		if chars > 1 {
			n.row = chars
		}
	default:
		n = readUnits(s[:size])
	}
	n.whole = n.value - n.whole
	if n.size > 0 && n.row == 0 && n.tail == 0 {
		n.point(s, false)
	}
	return n
}

// readUnits reads a section that has 十, 百 or 千 in it. whole is what its tail is
// worth.
func readUnits(s string) number {
	n := number{size: len(s), large: true}
	last, pending, zero := int64(10_000), int64(-1), false
	for i, r := range s {
		d, u := digitOf(r), unitOf(r)
		switch {
		case d == 0 && pending < 0:
			zero = true
			continue
		case d >= 0 && pending < 0 && !(r == '两' && last == 10):
			pending = d
			continue
		case d >= 0 || u >= last:
			return number{}
		case r == '廿' || r == '卅':
			if pending >= 0 {
				return number{}
			}
			pending = 2
			if r == '卅' {
				pending = 3
			}
		case pending < 0 && u == 10 && (i == 0 || zero):
			pending = 1
		case pending < 0:
			return number{}
		}
		n.value += pending * u * one
		last, pending, zero = u, -1, false
	}
	switch {
	case zero && pending < 0:
		return number{}
	case pending < 0:
	case last > 10 && !zero: // 三千五
		_, n.tail = utf8.DecodeLastRuneInString(s)
		n.whole = pending * last / 10 * one
		n.value += n.whole
	default:
		n.value += pending * one
	}
	return n
}

// point adds what follows 点 in s, when a unit follows in turn (一点五倍, not
// 八点三十) or always.
func (n *number) point(s string, always bool) {
	rest, ok := strings.CutPrefix(s[n.size:], "点")
	if !ok {
		return
	}
	value, places, size := int64(0), int64(one), 0
	for _, r := range rest {
		if digitOf(r) < 0 {
			break
		}
		if places /= 10; places == 0 {
			return
		}
		value += digitOf(r) * places
		size += utf8.RuneLen(r)
	}
	after := rest[size:]
	if size > 0 && (always || measureAt(after).written != "" || strings.HasPrefix(after, "万") || strings.HasPrefix(after, "亿")) {
		n.value += value
		n.whole = n.value
		n.size += len("点") + size
	}
}

// digitOf is the value of a Chinese digit, those of receipts included; -1 for
// anything else.
func digitOf(r rune) int64 {
	switch r {
	case '零', '〇':
		return 0
	case '一', '壹':
		return 1
	case '二', '两', '贰':
		return 2
	case '三', '叁':
		return 3
	case '四', '肆':
		return 4
	case '五', '伍':
		return 5
	case '六', '陆':
		return 6
	case '七', '柒':
		return 7
	case '八', '捌':
		return 8
	case '九', '玖':
		return 9
	}
	return -1
}

// unitOf is what a character multiplies the digit before it with; 0 for none.
func unitOf(r rune) int64 {
	switch r {
	case '十', '拾', '廿', '卅':
		return 10
	case '百', '佰':
		return 100
	case '千', '仟':
		return 1000
	}
	return 0
}

// numeral reports a character of Chinese numbers.
func numeral(r rune) bool { return digitOf(r) >= 0 || unitOf(r) > 0 }
