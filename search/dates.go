package search

import (
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// Sessions have a day, and no text says 周末 or 最近 of them: these words carry a
// question about what is on without a document having to say them. The days
// they mean put the sessions of these days first (askedDays).
var (
	timeWords = []string{"最近", "近期", "这几天", "过几天", "今天", "今晚", "今日", "明天", "明晚", "后天", "这周末", "本周末", "下周末", "周末",
		"这周", "本周", "下周", "这星期", "下星期", "星期", "这个月", "本月", "下个月", "下月", "月底", "近日", "马上", "附近"}
	onWords = []string{"活动", "讲座", "招聘会", "宣讲", "场次", "普法"}
)

// markTimes marks the characters of time words when a question asks what is on.
func markTimes(f *folded, marked []bool) {
	if !containsAny(f.text, onWords) {
		return
	}
	for i := 0; i < f.len(); {
		w := prefixOf(f.text[f.at[i]:], timeWords)
		if w == "" {
			i++
			continue
		}
		for range utf8.RuneCountInString(w) {
			marked[i] = true
			i++
		}
	}
}

func containsAny(s string, words []string) bool {
	for _, w := range words {
		if strings.Contains(s, w) {
			return true
		}
	}
	return false
}

// stretchOfDays are days since 1970, both included; the zero one is none.
type stretchOfDays struct{ from, to int32 }

func (s stretchOfDays) holds(day int32) bool { return s.from <= day && day <= s.to }

// askedDays reads when something shall be on: 明天, 周末, 下个月, 12月. today is a
// day in China.
func askedDays(text string, today time.Time) stretchOfDays {
	day := func(n int) time.Time { return today.AddDate(0, 0, n) }
	monday := day(-(int(today.Weekday()) + 6) % 7)
	first := today.AddDate(0, 0, 1-today.Day())
	for _, w := range []struct {
		words    []string
		from, to time.Time
	}{
		{[]string{"今天", "今晚", "今日"}, today, today},
		{[]string{"明天", "明晚"}, day(1), day(1)},
		{[]string{"后天"}, day(2), day(2)},
		{[]string{"下周末"}, monday.AddDate(0, 0, 12), monday.AddDate(0, 0, 13)},
		{[]string{"周末"}, monday.AddDate(0, 0, 5), monday.AddDate(0, 0, 6)},
		{[]string{"下周", "下星期"}, monday.AddDate(0, 0, 7), monday.AddDate(0, 0, 13)},
		{[]string{"本周", "这周", "这星期"}, monday, monday.AddDate(0, 0, 6)},
		{[]string{"下个月", "下月"}, first.AddDate(0, 1, 0), first.AddDate(0, 2, -1)},
		{[]string{"本月", "这个月"}, first, first.AddDate(0, 1, -1)},
	} {
		if containsAny(text, w.words) {
			return stretchOfDays{dayOf(w.from), dayOf(w.to)}
		}
	}
	return askedMonth(text, first)
}

// askedMonth reads 12月 or 十二月: the one of this year, or of the next when it is
// long over.
func askedMonth(text string, first time.Time) stretchOfDays {
	names := []string{"一月", "二月", "三月", "四月", "五月", "六月", "七月", "八月", "九月", "十月", "十一月", "十二月"}
	for m := 12; m >= 1; m-- { // 12月 before 2月, 十二月 before 二月
		if !containsAny(text, []string{strconv.Itoa(m) + "月", names[m-1]}) {
			continue
		}
		month := time.Date(first.Year(), time.Month(m), 1, 12, 0, 0, 0, first.Location())
		if first.Sub(month) > 180*24*time.Hour {
			month = month.AddDate(1, 0, 0)
		}
		return stretchOfDays{dayOf(month), dayOf(month.AddDate(0, 1, -1))}
	}
	return stretchOfDays{}
}
