package proof

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/songfa/songfa/content/law"
)

// The forms of dates. A number is ASCII, full-width or Chinese: 2026年12月4日,
// 12 月 4 日, 二〇二六年十二月四日, 2026-12-04.
const (
	yearForm    = `(?:([0-9０-９]{4}|[〇零○一二三四五六七八九]{4})\s*年\s*)`
	monthForm   = `([0-9０-９]{1,2}|[一二三四五六七八九十]{1,2})\s*月\s*`
	dayForm     = `([0-9０-９]{1,2}|[一二三四五六七八九十]{1,3})\s*([日号])`
	weekForm    = `(?:周|星期|礼拜)[一二三四五六日天]`
	partForm    = `(?:上午|下午|中午|晚上|晚)?`
	weekdayForm = `(?:\s*` + partForm + `\s*[（(，,]?\s*(` + weekForm + `))?`
	joinForm    = `\s*(?:至|到|—|–|-|－|~|～)+\s*`
)

var (
	dateForm = regexp.MustCompile(`(?:(` + weekForm + `)\s*[（(]\s*)?` + yearForm + `?` + monthForm + dayForm + weekdayForm +
		`\s*[）)]?(?:` + joinForm + yearForm + `?(?:` + monthForm + `)?` + dayForm + weekdayForm + `)?`)
	isoForm = regexp.MustCompile(`(19|20)(\d\d)([-./])(\d{1,2})([-./])(\d{1,2})` + weekdayForm)
	anyYear = regexp.MustCompile(`([0-9]{4}|[〇零○一二三四五六七八九]{4})\s*年`)
)

// moment is a day as it is written: a year of 0 is left to the context.
type moment struct{ year, month, day int }

func (m moment) String() string {
	if m.year > 0 {
		return fmt.Sprintf("%d年%d月%d日", m.year, m.month, m.day)
	}
	return fmt.Sprintf("%d月%d日", m.month, m.day)
}

// exists reports whether the calendar has the day in that year.
func (m moment) exists(year int) bool {
	return m.month >= 1 && m.month <= 12 && m.day >= 1 && m.day <= time.Date(year, time.Month(m.month)+1, 0, 0, 0, 0, 0, time.UTC).Day()
}

func (m moment) weekday(year int) time.Weekday {
	return time.Date(year, time.Month(m.month), m.day, 0, 0, 0, 0, time.UTC).Weekday()
}

// dates checks every date of a run against the calendar.
func (c *check) dates(r *run) {
	type found struct {
		at  []int
		iso bool
	}
	var all []found
	for _, at := range dateForm.FindAllStringSubmatchIndex(r.Text, -1) {
		all = append(all, found{at, false})
	}
	for _, at := range isoForm.FindAllStringSubmatchIndex(r.Text, -1) {
		all = append(all, found{at, true})
	}
	slices.SortFunc(all, func(a, b found) int { return a.at[0] - b.at[0] })
	seen := 0
	for _, f := range all {
		c.noteYear(r.Text[seen:f.at[0]])
		seen = f.at[0]
		if f.iso {
			c.isoDate(r, f.at)
		} else {
			c.date(r, f.at)
		}
	}
	c.noteYear(r.Text[seen:])
}

// noteYear remembers the last year that a text names.
func (c *check) noteYear(text string) {
	for _, m := range anyYear.FindAllStringSubmatch(text, -1) {
		if y := number(m[1]); y >= 1949 && y <= 2100 {
			c.year = y
		}
	}
}

// group is the text of a submatch; "" when it took no part.
func group(s string, at []int, n int) string {
	if at[2*n] < 0 {
		return ""
	}
	return s[at[2*n]:at[2*n+1]]
}

// date checks one match of dateForm: groups 1 weekday in front, 2–5 the date with
// its 日, 6 its weekday, 7–10 the end of the span, 11 its weekday.
func (c *check) date(r *run, at []int) {
	s := r.Text
	if d := before(s, at[0]); d >= '0' && d <= '9' || d == '第' || isHanDigit(d) {
		return // the end of a longer number
	}
	first := moment{number(group(s, at, 2)), number(group(s, at, 3)), number(group(s, at, 4))}
	if first.year > 0 {
		c.year = first.year
	}
	whole := [2]int{firstOf(at, 2, 3), at[11]}
	if !c.sane(r, first, whole) {
		return
	}
	shift := yearWords(s[:whole[0]])
	for _, n := range []int{1, 6} {
		c.weekday(r, first, at, n, shift)
	}
	if at[18] < 0 {
		c.past(r, first, whole, shift)
		return
	}
	last := moment{number(group(s, at, 7)), number(group(s, at, 8)), number(group(s, at, 9))}
	if last.month == 0 {
		last.month = first.month
	}
	if last.year == 0 && (first.month < last.month || first.month == last.month && at[16] < 0) {
		last.year = first.year
	}
	span := [2]int{whole[0], at[21]}
	if !c.sane(r, last, [2]int{firstOf(at, 7, 8, 9), at[21]}) {
		return
	}
	c.backwards(r, first, last, span)
	c.weekday(r, last, at, 11, shift)
	c.past(r, last, span, shift)
}

// firstOf is where the first of some groups that took part begins.
func firstOf(at []int, groups ...int) int {
	for _, g := range groups {
		if at[2*g] >= 0 {
			return at[2*g]
		}
	}
	return at[0]
}

// isoDate checks 2026-12-04.
func (c *check) isoDate(r *run, at []int) {
	s := r.Text
	if group(s, at, 3) != group(s, at, 5) || isDigit(before(s, at[0])) || isDigit(after(s, at[13])) {
		return
	}
	m := moment{number(group(s, at, 1) + group(s, at, 2)), number(group(s, at, 4)), number(group(s, at, 6))}
	c.year = m.year
	if group(s, at, 3) == "." && (m.month > 12 || m.month == 0) {
		return // 2026.13 is a number of something
	}
	if c.sane(r, m, [2]int{at[0], at[13]}) {
		c.weekday(r, m, at, 7, 0)
	}
}

// sane reports days that no calendar has. 2月29日 without a year may be a rule
// about leap years.
func (c *check) sane(r *run, m moment, at [2]int) bool {
	year := m.year
	if year == 0 {
		year = 2024 // a leap year
	}
	if m.exists(year) {
		return true
	}
	why := "没有这一天"
	if m.month == 2 && m.day == 29 {
		why = strconv.Itoa(m.year) + "年不是闰年，2月没有29日"
	}
	c.put(r, at[0], at[1], Finding{Rule: RuleNoDay, Severity: Warn, Message: m.String() + "：" + why + "，请核对。"})
	return false
}

// yearWords reads a word that moves the year of what follows.
func yearWords(head string) int {
	head = strings.TrimRight(head, " 　")
	for w, n := range map[string]int{"明年": 1, "次年": 1, "翌年": 1, "去年": -1, "上年": -1, "前年": -2} {
		if strings.HasSuffix(head, w) {
			return n
		}
	}
	return 0
}

// reference is the year in which the text was written.
func (c *check) reference() int {
	for _, day := range []string{c.in.Written, c.in.Day} {
		if len(day) >= 4 {
			if y, err := strconv.Atoi(day[:4]); err == nil {
				return y
			}
		}
	}
	return 0
}

// years are those that a date may be of. A date without one is of the year last
// named or of the year of the text; one that lies far back in a notice may be of
// the next year, one far ahead in a report of the last.
func (c *check) years(m moment, shift int) []int {
	if m.year > 0 {
		return []int{m.year}
	}
	ref := c.reference()
	var list []int
	if ref > 0 {
		list = append(list, ref+shift)
	}
	if c.year > 0 && c.year != ref && shift == 0 {
		list = append(list, c.year)
	}
	if len(c.in.Day) >= 7 && shift == 0 {
		now, _ := strconv.Atoi(c.in.Day[5:7])
		switch {
		case m.month+6 <= now:
			list = append(list, ref+1)
		case m.month >= now+6:
			list = append(list, ref-1)
		}
	}
	return list
}

var weekdays = [...]string{"日", "一", "二", "三", "四", "五", "六"}

// weekday compares a weekday, group n of the match, with the date.
func (c *check) weekday(r *run, m moment, at []int, n, shift int) {
	written := group(r.Text, at, n)
	years := c.years(m, shift)
	if written == "" || len(years) == 0 {
		return
	}
	from, to := at[2*n], at[2*n+1]
	day := written[len(written)-len("一"):]
	if day == "天" {
		day = "日"
	}
	if n != 1 && more(r.Text[to:]) {
		return
	}
	if slices.ContainsFunc(years, func(y int) bool { return m.exists(y) && weekdays[m.weekday(y)] == day }) {
		return
	}
	year := years[0]
	if !m.exists(year) {
		return
	}
	right := strings.TrimSuffix(strings.TrimSuffix(written, day), "天") + weekdays[m.weekday(year)]
	full := moment{year, m.month, m.day}
	c.put(r, from, to, Finding{Rule: RuleWeekday, Severity: Warn, Fix: fix(right),
		Message: full.String() + "是" + right + "，不是" + written + "。请核对日期和星期哪一个写错了。"})
}

// more reports that other weekdays follow: 12月4日（周五、周六）is not about the day.
func more(tail string) bool {
	tail = strings.TrimLeft(tail, " ")
	for _, w := range []string{"、", "和", "或", "至周", "到周", "—周", "至星期", "到星期"} {
		if strings.HasPrefix(tail, w) {
			return true
		}
	}
	return false
}

// backwards reports a span that ends before it begins.
func (c *check) backwards(r *run, a, b moment, at [2]int) {
	wrong := a.month == b.month && a.day > b.day && (a.year == b.year || b.year == 0 && a.year == 0)
	if a.year > 0 && b.year > 0 {
		wrong = time.Date(a.year, time.Month(a.month), a.day, 0, 0, 0, 0, time.UTC).After(time.Date(b.year, time.Month(b.month), b.day, 0, 0, 0, 0, time.UTC))
	}
	if wrong {
		c.put(r, at[0], at[1], Finding{Rule: RuleBackwards, Severity: Warn, Message: "结束的日期在开始之前，请核对。"})
	}
}

// ahead are words that announce something.
var ahead = []string{"将", "定于", "拟于", "截止", "截至", "届时", "请于", "报名", "举办", "举行", "召开", "开展"}

// past hints at an announcement for a day that is over.
func (c *check) past(r *run, m moment, at [2]int, shift int) {
	if !c.in.Work || c.in.Kind != "notice" || c.in.Day == "" {
		return
	}
	years := c.years(m, shift)
	if len(years) == 0 {
		return
	}
	for _, y := range years {
		if fmt.Sprintf("%04d-%02d-%02d", y, m.month, m.day) >= c.in.Day {
			return
		}
	}
	if fmt.Sprintf("%04d-%02d-%02d", years[0], m.month, m.day) == c.in.Written {
		return
	}
	sentence := sentenceAround(r.Text, at[0])
	if slices.ContainsFunc(ahead, func(w string) bool { return strings.Contains(sentence, w) }) {
		c.put(r, at[0], at[1], Finding{Rule: RulePast, Severity: Hint, Message: m.String() + "已经过去。通知要说的是以后的事，请核对年份和日期。"})
	}
}

const stops = "。！？；\n"

// sentenceAround is the sentence that an offset stands in.
func sentenceAround(s string, i int) string {
	from := strings.LastIndexAny(s[:i], stops) + 1
	from = clip(s, from)
	to := strings.IndexAny(s[i:], stops)
	if to < 0 {
		return s[from:]
	}
	return s[from : i+to]
}

// number reads a number in any of the scripts; 0 when there is none.
func number(s string) int {
	n, ok := law.ParseNumeral(s)
	if !ok {
		if n, err := strconv.Atoi(strings.TrimLeft(digitsOf(s), "0")); err == nil && digitsOf(s) != "" {
			return n
		}
		return 0
	}
	return n
}

// digit is the value of an ASCII or full-width digit, or -1.
func digit(r rune) int {
	switch {
	case r >= '0' && r <= '9':
		return int(r - '0')
	case r >= '０' && r <= '９':
		return int(r - '０')
	}
	return -1
}

func isDigit(r rune) bool { return digit(r) >= 0 }

func isHanDigit(r rune) bool {
	return strings.ContainsRune("〇零○一二三四五六七八九十", r) && r != 0
}
