package search

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	maxKept      = 40 // characters of a query that is kept
	maxDigits    = 4  // in a row; five may be the end of somebody's number
	maxAllDigits = 8  // in all, which a date has: 138转0000转0000 has more
)

// keepable gives the form in which a query may be written down, or false when it
// may hold somebody's number or address: the whole query is dropped then, because
// the words around a number are often a name. Text is as it was typed.
func (x *Index) keepable(text string) (string, bool) {
	folded := x.analyzer.fold(text).text
	if strings.ContainsRune(folded, '@') || strings.Contains(folded, "://") || strings.Contains(folded, "www.") {
		return "", false
	}
	if hasNumber(folded) {
		return "", false
	}
	kept := x.canonical(text)
	return kept, kept != ""
}

// hasNumber reports a run of five digits, also when they are written in
// characters or with signs or spaces between: 138 0000 0000, 一三八〇〇. A word
// of letters and digits counts its digits: AB12-C345. So does a text that has many
// digits in all.
func hasNumber(text string) bool {
	run, all := 0, 0
	for _, r := range text {
		digit := unicode.IsDigit(r) || unicode.IsNumber(r) && !isHan(r)
		if digit {
			all++
		}
		switch {
		case digit || strings.ContainsRune(hanDigits, r):
			if run++; run > maxDigits || all > maxAllDigits {
				return true
			}
		case isHan(r):
			run = 0
		} // letters, spaces and signs neither count nor end a run
	}
	return false
}

// hanDigits are digits of a number that is read out digit by digit. 十, 百 and
// 千 are not: they make an amount.
const hanDigits = "〇零一二三四五六七八九幺壹贰叁肆伍陆柒捌玖"

// clip shortens a text to n characters.
func clip(text string, n int) string {
	if utf8.RuneCountInString(text) <= n {
		return text
	}
	return string([]rune(text)[:n])
}
