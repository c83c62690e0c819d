package law_test

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/songfa/songfa/content/law"
)

// lawText puts a body under a sound head.
func lawText(body string) []byte {
	return []byte("# 中华人民共和国示例法\n\n2020年5月6日 通过\n\n<!-- INFO END -->\n\n" + body)
}

// outline writes a version's articles one a line: path, label, heading, text.
func outline(v law.Version) string {
	var lines []string
	for _, a := range v.Articles {
		lines = append(lines, strings.Join(a.Path, "/")+"|"+a.Label+"|"+a.Heading+"|"+strings.Join(a.Paragraphs, "¶"))
	}
	return strings.Join(lines, "\n")
}

func TestParseForms(t *testing.T) {
	for _, c := range []struct{ name, body, want string }{
		{"articles, 款 and 项", "第一条 甲：\n\n（一）乙；\n\n（二）丙。\n\n丁。\n\n第二条 戊。", "|第一条||甲：¶（一）乙；¶（二）丙。¶丁。\n|第二条||戊。"},
		{"chapters and sections", "## 第一章 总 则\n\n第一条 甲。\n\n## 第二章　工 时\n\n### 第一节 日\n\n第二条 乙。\n\n### 第二节 夜\n\n第三条 丙。\n\n## 第三章 附则\n\n第四条 丁。",
			"第一章 总则|第一条||甲。\n第二章 工时/第一节 日|第二条||乙。\n第二章 工时/第二节 夜|第三条||丙。\n第三章 附则|第四条||丁。"},
		{"parts at one level of #", "## 第一编 总则\n## 第一章 甲\n第一条 一。\n## 第二章 乙\n第二条 二。\n## 第二编 分则\n## 第一章 丙\n第三条 三。",
			"第一编 总则/第一章 甲|第一条||一。\n第一编 总则/第二章 乙|第二条||二。\n第二编 分则/第一章 丙|第三条||三。"},
		{"之一", "第一条 一。\n第一条之一 又一。\n第一条之二 再一。\n第二条 二。", "|第一条||一。\n|第一条之一||又一。\n|第一条之二||再一。\n|第二条||二。"},
		{"a preamble", "为了甲，制定本法。\n\n第一条 乙。", "|||为了甲，制定本法。\n|第一条||乙。"},
		{"words under a heading", "第一条 一。\n## 第二章 乙\n本章另有说明。\n第二条 二。", "|第一条||一。\n第二章 乙|||本章另有说明。\n第二章 乙|第二条||二。"},
		{"a heading with nothing below", "## 第一章 甲\n## 第二章 乙\n第一条 一。\n## 第三章 丙", "第一章 甲|||\n第二章 乙|第一条||一。\n第三章 丙|||"},
		{"an annex counts anew", "第一条 一。\n\n附录：\n\n一、甲：\n\n第一条 不是条。\n## 附件二\n乙。", "|第一条||一。\n|附录：||一、甲：¶第一条 不是条。\n|附件二||乙。"},
		{"a sentence about an annex is none", "第一条 一。\n附件所列项目，另行公布。\n第二条 二。", "|第一条||一。¶附件所列项目，另行公布。\n|第二条||二。"},
		{"no 条: headings", "各厅：\n\n## 一、工时\n\n年工作日：250天\n\n## 二\n废止。", "|||各厅：\n|一、|工时|年工作日：250天\n|二||废止。"},
		{"no 条: paragraphs", "解释如下：\n\n一、甲。\n\n补充。\n\n二、乙。\n\n六、不是下一条。", "|||解释如下：\n|一、||甲。¶补充。\n|二、||乙。¶六、不是下一条。"},
		{"no numbers at all", "甲。\n\n乙。", "|||甲。¶乙。"},
		{"条 wins over 一、", "一、不是条。\n第一条 一。\n二、也不是。", "|||一、不是条。\n|第一条||一。¶二、也不是。"},
		{"no space behind the number", "第一条为了甲。\n第二条本法。\n第二条规定的事项，另行规定。\n第四条第三条已废止。\n第五条乙。", "|第一条||为了甲。\n|第二条||本法。¶第二条规定的事项，另行规定。¶第四条第三条已废止。\n|第五条||乙。"},
		{"digits", "第1条 一。\n第２条 二。\n第 3 条 三。", "|第一条||一。\n|第二条||二。\n|第三条||三。"},
		{"text on the next line", "第一条\n\n甲。\n\n第二条\n\n乙。", "|第一条||甲。\n|第二条||乙。"},
		{"gaps stay gaps", "第一条 一。\n第九条 九。", "|第一条||一。\n|第九条||九。"},
		{"odd white space", "\u200b\n\u3000\u3000第一条\u3000一。\u3000\r\n\u200b\r\n\t甲。\r\n", "|第一条||一。¶甲。"},
		{"comments and list marks", "第一条 一：\n<!-- FORCE BREAK -->\n- “甲”", "|第一条||一：¶“甲”"},
	} {
		v, err := law.ParseFile("示例法(2020-05-06).md", lawText(c.body))
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
		} else if got := outline(v); got != c.want {
			t.Errorf("%s:\n got %s\nwant %s", c.name, got, c.want)
		}
	}
}

func TestParseHistory(t *testing.T) {
	v, err := law.ParseFile("示例法.md", []byte(`# 中华人民共和国
# 示例编

1994年7月5日 大会通过

2018年12月29日 常务委员会《关于修改〈示例法〉的决定》第二次修正）

部发〔1994〕489号

一九九五年一月一日 施行

<!-- INFO END -->

第一条 甲。
`))
	if err != nil {
		t.Fatal(err)
	}
	want := []law.Info{
		{Date: "1994-07-05", Text: "大会通过"},
		{Date: "2018-12-29", Text: "常务委员会《关于修改〈示例法〉的决定》第二次修正"},
		{Text: "部发〔1994〕489号"},
		{Date: "1995-01-01", Text: "施行"},
	}
	if !reflect.DeepEqual(v.Info, want) {
		t.Errorf("info: %+v", v.Info)
	}
	if v.Book != "示例编" || v.Date != "2018-12-29" || v.InForce != "" {
		t.Errorf("book %q, date %s, in force %q: a day before the amendment is not the amendment's", v.Book, v.Date, v.InForce)
	}
}

func TestMalformedFiles(t *testing.T) {
	for _, c := range []struct {
		name, file, src string
		line            int
		reason          string
	}{
		{"empty", "a(2020-01-01).md", "", 1, "缺少“<!-- INFO END -->”"},
		{"no title", "a(2020-01-01).md", "甲法\n<!-- INFO END -->\n第一条 一。", 1, "缺少标题"},
		{"no title but the mark", "a(2020-01-01).md", "\n<!-- INFO END -->\n第一条 一。", 2, "缺少标题"},
		{"no mark", "a(2020-01-01).md", "# 甲法\n\n第一条 一。\n", 4, "分不清沿革与正文"},
		{"no date", "甲法.md", "# 甲法\n<!-- INFO END -->\n第一条 一。", 1, "找不到版本日期"},
		{"a date that is none", "甲法(2020-13-01).md", "# 甲法\n<!-- INFO END -->\n第一条 一。", 1, "找不到版本日期"},
		{"no body", "a(2020-01-01).md", "# 甲法\n<!-- INFO END -->\n\n", 4, "没有正文"},
		{"an article twice", "a(2020-01-01).md", "# 甲法\n<!-- INFO END -->\n第一条 一。\n第二条 二。\n第二条 三。", 5, "第二条重复，上一次在第 4 行"},
		{"an article out of order", "a(2020-01-01).md", "# 甲法\n<!-- INFO END -->\n第一条 一。\n第七条 二。\n第三条 三。", 5, "第三条排在第七条之后"},
		{"a number that is none", "a(2020-01-01).md", "# 甲法\n<!-- INFO END -->\n第一条 一。\n第二百百条 二。", 4, "“第二百百条”不是能识别的条号"},
		{"wrong encoding", "a(2020-01-01).md", "# 甲法\n<!-- INFO END -->\n\xb5\xda\xd2\xbb\xcc\xf5 \n", 3, "不是 UTF-8"},
		{"not a text", "a(2020-01-01).md", "# 甲法\n\x00", 2, "不是文本文件"},
		{"too large", "a(2020-01-01).md", strings.Repeat(" ", 10<<20+1), 1, "超过 10 MB"},
	} {
		_, err := law.ParseFile(c.file, []byte(c.src))
		var fe *law.FileError
		if !errors.As(err, &fe) {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if fe.Name != c.file || fe.Line != c.line || !strings.Contains(fe.Reason, c.reason) {
			t.Errorf("%s: %v, want line %d, %s", c.name, fe, c.line, c.reason)
		}
	}
}

// Whatever a law looks like, its articles come back as they were.
func TestGeneratedLawsRoundTrip(t *testing.T) {
	word := rapid.StringMatching(`[甲乙丙丁人法工资合同](，?[甲乙丙丁人法工资合同]){0,6}。`)
	rapid.Check(t, func(t *rapid.T) {
		space := rapid.SampledFrom([]string{" ", "　", "  "}).Draw(t, "space")
		newline := rapid.SampledFrom([]string{"\n", "\r\n", "\n\n", "\n\u200b\n"}).Draw(t, "newline")
		var src strings.Builder
		var want []string
		number, sub, path := rapid.IntRange(0, 1200).Draw(t, "before"), 0, ""
		for i := range rapid.IntRange(1, 30).Draw(t, "articles") {
			if rapid.IntRange(0, 5).Draw(t, "chapter") == 0 {
				path = fmt.Sprintf("第%s章 %s", law.FormatNumeral(i+1), strings.TrimSuffix(word.Draw(t, "title"), "。"))
				src.WriteString("## " + path + newline)
			}
			if i > 0 && rapid.IntRange(0, 6).Draw(t, "is sub") == 0 {
				sub++
			} else {
				number, sub = number+rapid.SampledFrom([]int{1, 1, 1, 1, 7}).Draw(t, "step"), 0
			}
			label := law.FormatArticle(number, sub)
			paragraphs := []string{word.Draw(t, "first")}
			for j := range rapid.IntRange(0, 4).Draw(t, "more") {
				p := word.Draw(t, "paragraph")
				if rapid.Bool().Draw(t, "item") {
					p = "（" + law.FormatNumeral(j+1) + "）" + p
				}
				paragraphs = append(paragraphs, p)
			}
			src.WriteString(label + space + strings.Join(paragraphs, newline) + newline)
			want = append(want, path+"|"+label+"||"+strings.Join(paragraphs, "¶"))
		}
		v, err := law.ParseFile("示例法(2020-05-06).md", lawText(src.String()))
		if err != nil {
			t.Fatal(err)
		}
		if got := outline(v); got != strings.Join(want, "\n") {
			t.Fatalf("got %s\nwant %s", got, strings.Join(want, "\n"))
		}
	})
}

func FuzzParseFile(f *testing.F) {
	for _, body := range []string{
		"## 第一章 总则\n第一条 甲：\n（一）乙。\n第一条之一 丙。\n附录：\n丁", "一、甲\n二、乙", "## 一\n甲", "第一条甲\n第三条乙", "<!-- x -->\n#\n## \n- 甲",
	} {
		f.Add("示例法(2020-05-06).md", lawText(body))
		f.Add("示例法.md", lawText(body))
	}
	f.Add("a.md", []byte("# a\n# b\n<!--INFO END-->"))
	f.Fuzz(func(t *testing.T, name string, src []byte) {
		v, err := law.ParseFile(name, src)
		if err != nil {
			var fe *law.FileError
			if !errors.As(err, &fe) || fe.Line < 1 || fe.Reason == "" || fe.Name != name {
				t.Fatalf("error without a place: %v", err)
			}
			return
		}
		if v.Title == "" || v.Date == "" || v.InForce != "" && v.InForce < v.Date {
			t.Fatalf("title %q, date %q, in force %q", v.Title, v.Date, v.InForce)
		}
		last := [2]int{}
		for i, a := range v.Articles {
			now := [2]int{a.Number, a.Sub}
			if a.Position != i || a.Number > 0 && (now[0] < last[0] || now[0] == last[0] && now[1] <= last[1]) {
				t.Fatalf("article %d: %+v after %v", i, a, last)
			}
			if a.Number > 0 {
				last = now
			}
			for _, p := range a.Paragraphs {
				if strings.TrimSpace(p) == "" || strings.ContainsAny(p, "\n\x00") {
					t.Fatalf("paragraph %q", p)
				}
			}
		}
	})
}
