package search

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// cut is what analysis makes of a text: places in laws in <>, words of more than
// two characters in [], quantities in (), the rest as it is; pairs and characters
// are left out where only is given.
func cut(a *analyzer, text string) string {
	var parts []string
	a.tokens(a.fold(text), func(t token) {
		switch t.kind {
		case articleToken:
			parts = append(parts, "<"+t.term+">")
		case numberToken:
			parts = append(parts, "("+t.term+")")
		case wordToken:
			if utf8.RuneCountInString(t.term) > 2 {
				parts = append(parts, "["+t.term+"]")
				return
			}
			parts = append(parts, t.term)
		default:
			parts = append(parts, t.term)
		}
	})
	return strings.Join(parts, " ")
}

func TestAnalyze(t *testing.T) {
	a := newAnalyzer()
	for _, tt := range []struct{ text, want string }{
		// Characters and pairs, in one pass.
		{"", ""},
		{"薪", "薪"},
		{"欠薪", "欠 欠薪 薪"},
		{"甲乙丙", "甲 甲乙 乙 乙丙 丙"},
		{"工 伤", "工 伤"},
		{"工，伤", "工 伤"},
		{"工\n伤", "工 伤"},
		{"劳动合同", "劳 劳动 [劳动合同] 动 动合 合 合同 同"},
		{"工伤认定", "工 工伤 [工伤认定] 伤 伤认 认 认定 定"},
		{"试用期工资", "试 试用 [试用期] 用 用期 期 期工 工 工资 资"},

		// Widths, case, forms.
		{"ＧＰＳ", "gps"},
		{"ｗｉｆｉ　１２３４８", "wifi 12348"},
		{"App", "app"},
		{"㎡", "m2"},
		{"ⅲ级", "iii 级"},
		{"①工资", "1 工 工资 资"},
		{"工\u200b资", "工 工资 资"},
		{"工\u00ad资", "工 工资 资"},
		{"工\ufeff资", "工 工资 资"},
		{"Ａ１２", "a12"},

		// Traditional script.
		{"勞動合同", "劳 劳动 [劳动合同] 动 动合 合 合同 同"},
		{"工傷認定", "工 工伤 [工伤认定] 伤 伤认 认 认定 定"},
		{"討薪", "讨 讨薪 薪"},
		{"為爲", "为 为为 为"},
		{"臺灣", "台 台湾 湾"},
		{"裡裏", "里 里里 里"},
		{"什麼", "什 什么 么"},
		{"證據", "证 证据 据"},

		// Places in laws: one token, all spellings the same, never cut.
		{"第三十九条", "<第39条>"},
		{"第39条", "<第39条>"},
		{"第３９条", "<第39条>"},
		{"39条", "<第39条>"},
		{"三十九条", "<第39条>"},
		{"第三九条", "<第39条>"},
		{"第 39 条", "<第39条>"},
		{"第三十\u2060九条", "<第39条>"},
		{"第三十九條", "<第39条>"},
		{"第一千二百六十条", "<第1260条>"},
		{"第一百零五条", "<第105条>"},
		{"第一百一十五条", "<第115条>"},
		{"第三十八条之一", "<第38条之1>"},
		{"第38条之1", "<第38条之1>"},
		{"第三十八条第一款第二项", "<第38条> <第1款> <第2项>"},
		{"第二章", "<第2章>"},
		{"第四节", "<第4节>"},
		{"第一编", "<第1编>"},
		{"劳动法第三十六条规定", "劳 劳动 [劳动法] 动 动法 法 <第36条> 规 规定 定"},
		{"第三十九、四十条", "第 第三 三 三十 十 十九 九 <第40条>"},

		// What only looks like one.
		{"两条意见", "两 两条 条 条意 意 意见 见"},
		{"一条龙", "一 一条 条 条龙 龙"},
		{"条例", "条 条例 例"},
		{"第三者", "第 第三 三 三者 者"},
		{"第二项目", "第 第二 二 二项 项 项目 目"},
		{"A39条", "a39 条"},

		// Numbers whole, quantities in one form.
		{"12348", "12348"},
		{"30日", "30 (30日) 日"},
		{"三十日", "三 (30日) 三十 十 十日 日"},
		{"二〇二六年", "二 (2026年) 二〇 〇 〇二 二 二六 六 六年 年"},
		{"2026年", "2026 (2026年) 年"},
		{"一个月", "一 (1个月) 一个 个 个月 月"},
		{"1个月", "1 (1个月) 个 个月 月"},
		{"二倍工资", "二 (2倍) 二倍 [二倍工资] 倍 倍工 工 工资 资"},
		{"2倍", "2 (2倍) 倍"},
		{"1.5倍", "1.5 (1.5倍) 倍"},
		{"10,000元", "10000 (10000元) 元"},
		{"三千元", "三 (3000元) 三千 千 千元 元"},
		{"1,2", "1 2"},
		{"3.", "3"},
		{"50%", "50 (50%)"},
		{"N+1", "n+1"},
		{"2N补偿", "2n 补 补偿 偿"},
		{"a+", "a"},
		{"SF-2026-00012", "sf 2026 00012"},
		{"统一", "统 统一 一"},

		// Nothing in it.
		{"，。！？——……", ""},
		{"😀👍", ""},
		{"\x00\x01", ""},
		{"\xff\xfe", ""},
		{"   ", ""},
	} {
		if got := cut(a, tt.text); got != tt.want {
			t.Errorf("%q\n got %s\nwant %s", tt.text, got, tt.want)
		}
	}
}

func TestLongLatinIsCut(t *testing.T) {
	a := newAnalyzer()
	n := 0
	a.tokens(a.fold(strings.Repeat("x", 1000)), func(t token) { n++ })
	if n != 1000/maxLatin {
		t.Errorf("%d tokens", n)
	}
}

// Whatever the dictionary and the character table hold must be as folding
// leaves it, or it would never be met.
func TestTablesAreFolded(t *testing.T) {
	a := newAnalyzer()
	for i, to := range a.folder.han {
		if to != 0 && a.folder.han[rune(to)-hanStart] != 0 {
			t.Errorf("%c folds to %c, which folds on", rune(i+hanStart), rune(to))
		}
	}
	words := 0
	for w, whole := range a.words.words {
		if whole {
			words++
			if got := a.fold(w).text; got != w {
				t.Errorf("word %s folds to %s", w, got)
			}
		}
	}
	if words < 500 {
		t.Errorf("only %d words", words)
	}
}

func FuzzAnalyze(f *testing.F) {
	for _, s := range []string{"第三十八条之一", "劳动合同法39条 N+1", "㎡①ⅲ", "工\u200b资", "\xff第", "第", "第三", "三千三千条", "10,000.5%", "e\u0301"} {
		f.Add(s)
	}
	a := newAnalyzer()
	f.Fuzz(func(t *testing.T, text string) {
		folded := a.fold(text)
		if !slices.IsSorted(folded.source) || !slices.IsSorted(folded.at) {
			t.Fatal("positions go back")
		}
		again := a.fold(folded.text)
		if again.text != folded.text {
			t.Fatalf("folding twice gives %q after %q", again.text, folded.text)
		}
		var terms, second []string
		seen := make([]bool, folded.len())
		a.tokens(folded, func(tok token) {
			terms = append(terms, tok.term)
			if tok.term == "" || tok.from < 0 || tok.from >= tok.to || tok.to > folded.len() {
				t.Fatalf("token %+v of %d characters", tok, folded.len())
			}
			start, end := folded.span(tok.from, tok.to)
			if start < 0 || start >= end || end > len(text) {
				t.Fatalf("token %+v stands at %d to %d of %d", tok, start, end, len(text))
			}
			for i := tok.from; i < tok.to; i++ {
				seen[i] = true
			}
		})
		a.tokens(again, func(tok token) { second = append(second, tok.term) })
		if !slices.Equal(terms, second) {
			t.Fatalf("terms %q, and of the folded text %q", terms, second)
		}
		if len(terms) > (3+maxWord)*folded.len() {
			t.Fatalf("%d terms of %d characters", len(terms), folded.len())
		}
		for i := range folded.len() {
			if r := folded.rune(i); !seen[i] && (isHan(r) || isLatin(r)) {
				t.Fatalf("%q at %d is in no token", r, i)
			}
		}
	})
}

func BenchmarkAnalyze(b *testing.B) {
	a := newAnalyzer()
	text := strings.Repeat("用人单位自用工之日起超过一个月不满一年未与劳动者订立书面劳动合同的，应当向劳动者每月支付二倍的工资，见《劳动合同法》第八十二条。", 20)
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		a.tokens(a.fold(text), func(token) {})
	}
}
