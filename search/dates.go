package search

import (
	"strings"
	"unicode/utf8"
)

// Sessions have a day, and no text says 周末 or 最近 of them: these words carry a
// question about what is on without a document having to say them.
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
