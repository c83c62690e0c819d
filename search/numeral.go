package search

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/songfa/songfa/content/law"
)

// placeUnits are what 第N may be a place of, in a law; notPlace are words that
// begin with the unit and are something else.
var (
	placeUnits = []string{"条", "款", "项", "章", "节", "编"}
	notPlace   = []string{"条例", "条件", "条款", "条目", "项目", "节课", "编制", "编号", "款项"}
)

// articleAt reads a place in a law at i: 第三十八条之一, 第39条, 39条, 第二款. It
// gives one term for all spellings and how many characters it takes; n is 0
// when there is none. Without 第 it takes 条 alone, and no single Chinese digit:
// 两条意见 is no article.
func articleAt(f *folded, i int) (term string, n int) {
	r := f.rune(i)
	ordinal := r == '第'
	if !ordinal && (!numeralChar(r) || i > 0 && (numeralChar(f.rune(i-1)) || isLatin(f.rune(i-1)))) {
		return "", 0
	}
	s := f.text[f.at[i]:]
	rest := strings.TrimPrefix(s, "第")
	rest = trimBlanks(rest)
	number, size := law.ScanNumeral(rest)
	if size == 0 && ordinal {
		number, size = bracketed(rest)
	}
	if size == 0 || !ordinal && !isDigit(r) && size <= len("三") {
		return "", 0
	}
	rest = trimBlanks(rest[size:])
	unit := placeUnit(rest, ordinal)
	if unit == "" {
		return "", 0
	}
	rest = rest[len(unit):]
	term = "第" + strconv.Itoa(number) + unit
	if after, ok := strings.CutPrefix(rest, "之"); ok && unit == "条" {
		if sub, size := law.ScanNumeral(after); size > 0 {
			term += "之" + strconv.Itoa(sub)
			rest = after[size:]
		}
	}
	return term, utf8.RuneCountInString(s[:len(s)-len(rest)])
}

// bracketed reads the number of 第（二）项, and how many bytes it takes.
func bracketed(s string) (number, size int) {
	inner, ok := strings.CutPrefix(s, "(")
	if !ok {
		return 0, 0
	}
	number, size = law.ScanNumeral(inner)
	if size == 0 || !strings.HasPrefix(inner[size:], ")") {
		return 0, 0
	}
	return number, size + len("()")
}

// isPlace reports that a term is a place in a law.
func isPlace(term string) bool {
	return strings.HasPrefix(term, "第") && utf8.RuneCountInString(term) > 2
}

func placeUnit(s string, ordinal bool) string {
	for _, w := range notPlace {
		if strings.HasPrefix(s, w) {
			return ""
		}
	}
	for _, u := range placeUnits {
		if strings.HasPrefix(s, u) {
			return u
		}
		if !ordinal {
			break
		}
	}
	return ""
}

// trimBlanks takes off the few spaces people type around a number.
func trimBlanks(s string) string {
	for range 2 {
		s = strings.TrimPrefix(s, " ")
	}
	return s
}

// numeralChar reports a character a number may be written with.
func numeralChar(r rune) bool {
	switch r {
	case '零', '〇', '○', '一', '二', '两', '三', '四', '五', '六', '七', '八', '九', '十', '百', '千':
		return true
	}
	return isDigit(r)
}
