package docx

import (
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"
)

// markerKind is one of the numbers that paragraphs of a 公文 begin with.
type markerKind uint8

const (
	noMarker     markerKind = iota
	han                     // 一、
	hanParen                // （一）
	arabic                  // 1.
	arabicParen             // （1）
	circled                 // ①
	chapterMark             // 第一章, 第一编
	sectionMark             // 第一节
	articleMark             // 第一条
	dottedMark              // 1.1
	anotherMark             // any other automatic number
	hanDigits    = `[一二三四五六七八九十百零〇]+`
	manyNumerals = `[一二三四五六七八九十百千零〇\d]+`
)

// marker is a number at the front of a paragraph.
type marker struct {
	kind markerKind
	n    int
	size int // bytes of it in the text; 0 when it is automatic
}

var markerForms = []struct {
	kind markerKind
	form *regexp.Regexp
}{
	{han, regexp.MustCompile(`^(` + hanDigits + `)[  　]*[、．.]`)},
	{hanParen, regexp.MustCompile(`^[（(〔][  　]*(` + hanDigits + `)[  　]*[）)〕][、．.]?`)},
	{dottedMark, regexp.MustCompile(`^(\d{1,3})(?:[.．]\d{1,3})+[.．、 　]`)},
	{arabic, regexp.MustCompile(`^(\d{1,3})[  　]*[.．、]`)},
	{arabicParen, regexp.MustCompile(`^[（(]?[  　]*(\d{1,3})[  　]*[）)]`)},
	{circled, regexp.MustCompile(`^([①-⑳㉑-㉟㊱-㊿])`)},
	{chapterMark, regexp.MustCompile(`^第[  　]*(` + manyNumerals + `)[  　]*[编章](?:[  　]|$)`)},
	{sectionMark, regexp.MustCompile(`^第[  　]*(` + manyNumerals + `)[  　]*节(?:[  　]|$)`)},
	{articleMark, regexp.MustCompile(`^第[  　]*(` + manyNumerals + `)[  　]*条(?:之[一二三四五六七八九十]+)?(?:[  　]|$)`)},
}

// markerOf reads the number at the front of a text.
func markerOf(text string) marker {
	for _, f := range markerForms {
		m := f.form.FindStringSubmatch(text)
		if m == nil {
			continue
		}
		rest := text[len(m[0]):]
		if f.kind == arabic && rest != "" && rest[0] >= '0' && rest[0] <= '9' {
			continue // 2026.11.20, 3.5 万元
		}
		return marker{kind: f.kind, n: count(m[1]), size: len(m[0])}
	}
	return marker{}
}

// marked is the number of a paragraph, typed or automatic.
func (b *block) marked() marker {
	if b.table != nil {
		return marker{}
	}
	if b.num == nil {
		return markerOf(b.text())
	}
	if b.num.bullet {
		return marker{}
	}
	m := markerOf(b.num.text + " ")
	if m.kind == noMarker {
		m.kind = anotherMark
	}
	m.size = 0
	return m
}

// typed puts an automatic number into the text, as the program shows it.
func (b *block) typed() {
	if b.num == nil || b.num.bullet {
		return
	}
	text, kind := b.num.text, b.marked().kind
	b.num = nil
	if kind != han && kind != hanParen && kind != circled && !(kind == arabicParen && strings.HasSuffix(text, "）")) {
		text += " "
	}
	b.spans = append([]span{{text: text}}, b.spans...)
}

// count reads a number in Chinese or Arabic numerals, or a circled one; 0 when
// it is none.
func count(s string) int {
	if n, err := strconv.Atoi(s); err == nil {
		return n
	}
	switch r, size := utf8.DecodeRuneInString(s); {
	case size != len(s):
	case r >= '①' && r <= '⑳':
		return int(r-'①') + 1
	case r >= '㉑' && r <= '㉟':
		return int(r-'㉑') + 21
	case r >= '㊱' && r <= '㊿':
		return int(r-'㊱') + 36
	}
	total, digit := 0, 0
	for _, r := range s {
		switch i := strings.IndexRune("零一二三四五六七八九", r); {
		case r == '〇':
			digit *= 10
		case i >= 0:
			digit = digit*10 + i/len("零")
		case r == '十':
			total, digit = total+10*max(digit, 1), 0
		case r == '百':
			total, digit = total+100*max(digit, 1), 0
		case r == '千':
			total, digit = total+1000*max(digit, 1), 0
		}
	}
	return total + digit
}

// squeeze takes all blanks out: titles and names are spread with them.
func squeeze(s string) string {
	return strings.Map(func(r rune) rune {
		if blank(r) {
			return -1
		}
		return r
	}, s)
}

var (
	arabicDate = regexp.MustCompile(`^[(（]?(\d{4})年(\d{1,2})月(\d{1,2})[日号][)）]?$`)
	hanDate    = regexp.MustCompile(`^[(（]?([二一][〇○零Ｏ0O一二三四五六七八九]{3})年([一二三四五六七八九十]{1,2})月([一二三四五六七八九十]{1,3})[日号][)）]?$`)
	monthOnly  = regexp.MustCompile(`^(?:\d{4}年\d{1,2}月|[二一][〇○零Ｏ0O一二三四五六七八九]{3}年[一二三四五六七八九十]{1,2}月)$`)
	dashDate   = regexp.MustCompile(`^(\d{4})[-.．/](\d{1,2})[-.．/](\d{1,2})$`)
)

// dateOf reads a line that is a date and nothing else: 2006-01-02, or "".
func dateOf(text string) string {
	s := squeeze(text)
	for _, form := range []*regexp.Regexp{arabicDate, dashDate} {
		if m := form.FindStringSubmatch(s); m != nil {
			return day(count(m[1]), count(m[2]), count(m[3]))
		}
	}
	if m := hanDate.FindStringSubmatch(s); m != nil {
		year := 0
		for _, r := range m[1] {
			d := max(strings.IndexRune("零一二三四五六七八九", r), 0) / len("零") // 〇 in any of its spellings is nought
			year = year*10 + d
		}
		return day(year, count(m[2]), count(m[3]))
	}
	return ""
}

var monthDays = [...]int{31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31}

func day(y, m, d int) string {
	if y < 1900 || y > 2200 || m < 1 || m > 12 || d < 1 || d > monthDays[m-1] {
		return ""
	}
	pad := func(n int) string {
		if n < 10 {
			return "0" + strconv.Itoa(n)
		}
		return strconv.Itoa(n)
	}
	return strconv.Itoa(y) + "-" + pad(m) + "-" + pad(d)
}
