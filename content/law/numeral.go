package law

import (
	"strings"
	"unicode/utf8"
)

// maxNumeral is the largest number the numerals of this package express. The
// longest Chinese law has 1,260 articles.
const maxNumeral = 9999

// digitOf maps every digit a citation may use to its value: Chinese, with 〇
// and the spoken 两, ASCII and full-width.
func digitOf(r rune) (value int, arabic, ok bool) {
	switch {
	case r >= '0' && r <= '9':
		return int(r - '0'), true, true
	case r >= '０' && r <= '９':
		return int(r - '０'), true, true
	}
	switch r {
	case '零', '〇', '○':
		return 0, false, true
	case '一':
		return 1, false, true
	case '二', '两':
		return 2, false, true
	case '三':
		return 3, false, true
	case '四':
		return 4, false, true
	case '五':
		return 5, false, true
	case '六':
		return 6, false, true
	case '七':
		return 7, false, true
	case '八':
		return 8, false, true
	case '九':
		return 9, false, true
	}
	return 0, false, false
}

// unitOf is the value of 十, 百 and 千, or 0.
func unitOf(r rune) int {
	switch r {
	case '十':
		return 10
	case '百':
		return 100
	case '千':
		return 1000
	}
	return 0
}

// ParseNumeral reads a whole number from 1 to 9999 in Chinese (一百零五, 一百十五,
// 一二〇, 两千), ASCII or full-width digits. Scripts do not mix, and zero is
// never an article, so it is refused.
func ParseNumeral(s string) (n int, ok bool) {
	if s == "" || len(s) > 4*len("千")*2 {
		return 0, false
	}
	units, arabic, han := false, false, false
	for _, r := range s {
		_, a, digit := digitOf(r)
		switch {
		case unitOf(r) > 0:
			units, han = true, true
		case !digit:
			return 0, false
		case a:
			arabic = true
		default:
			han = true
		}
	}
	if arabic && han {
		return 0, false
	}
	if units {
		n, ok = parseUnits(s)
	} else {
		n, ok = parseDigits(s)
	}
	return n, ok && n > 0 && n <= maxNumeral
}

// parseDigits reads a positional number: 38, ３８, 三八, 一二〇.
func parseDigits(s string) (n int, ok bool) {
	count := utf8.RuneCountInString(s)
	for i, r := range s {
		d, _, _ := digitOf(r)
		if (i == 0 && d == 0) || (r == '两' && count > 1) {
			return 0, false
		}
		if n = n*10 + d; n > maxNumeral {
			return 0, false
		}
	}
	return n, true
}

// parseUnits reads a number written with 十百千. A digit may be left out before
// 十 only, and the ones after 百 or 千 need their 零: 一百五 is 150 when spoken
// and so has no one meaning here.
func parseUnits(s string) (n int, ok bool) {
	last, digit, zero, two := maxNumeral+1, -1, false, false
	for i, r := range s {
		if u := unitOf(r); u > 0 {
			if digit < 0 && u == 10 {
				digit = 1
			}
			if digit <= 0 || u >= last || (two && u == 10) {
				return 0, false
			}
			n, last, digit, zero, two = n+digit*u, u, -1, false, false
			continue
		}
		d, _, _ := digitOf(r)
		if digit >= 0 || (d == 0 && (zero || i == 0)) {
			return 0, false
		}
		if d == 0 {
			zero = true
			continue
		}
		digit, two = d, r == '两'
	}
	switch {
	case digit < 0:
		return n, !zero
	case two, last > 10 && !zero, last == 10 && zero:
		return 0, false
	}
	return n + digit, true
}

var hanDigits = [...]string{"零", "一", "二", "三", "四", "五", "六", "七", "八", "九"}

// FormatNumeral writes n, 1 to 9999, the way statutes do: 十二, 一百零五,
// 一千二百六十. Other numbers give "".
func FormatNumeral(n int) string {
	if n < 1 || n > maxNumeral {
		return ""
	}
	var b strings.Builder
	started, gap := false, false
	for _, u := range [...]struct {
		value int
		name  string
	}{{1000, "千"}, {100, "百"}, {10, "十"}, {1, ""}} {
		d := n / u.value % 10
		if d == 0 {
			gap = started
			continue
		}
		if gap {
			b.WriteString("零")
			gap = false
		}
		if d != 1 || u.value != 10 || started {
			b.WriteString(hanDigits[d])
		}
		b.WriteString(u.name)
		started = true
	}
	return b.String()
}

// ScanNumeral reads the longest run of numeral characters at the start of s
// and gives its value and its length in bytes; size is 0 when there is none
// that means a number.
func ScanNumeral(s string) (n, size int) {
	for i, r := range s {
		if _, _, digit := digitOf(r); !digit && unitOf(r) == 0 {
			s = s[:i]
			break
		}
	}
	if n, ok := ParseNumeral(s); ok {
		return n, len(s)
	}
	return 0, 0
}
