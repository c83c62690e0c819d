package law_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/songfa/songfa/content/law"
)

func TestParts(t *testing.T) {
	for _, c := range []struct{ name, body, want string }{
		{"no headings", "第一条 一。\n第二条 二。", "0  第一条至第二条 2"},
		{"a preamble", "说明。\n## 第一章 甲\n第一条 一。", "0   1; 1 第一章 甲 第一条 1"},
		{"chapters and sections", "## 第一章 甲\n第一条 一。\n## 第二章 乙\n第二条 二。\n### 第一节 丙\n第三条 三。\n### 第二节 丁\n第四条 四。\n## 第三章 戊\n第五条 五。",
			"1 第一章 甲 第一条 1; 1 第二章 乙 第二条至第四条 1; 2 第一节 丙 第三条 1; 2 第二节 丁 第四条 1; 1 第三章 戊 第五条 1"},
		{"编 and 章", "## 第一编 甲\n### 第一章 乙\n第一条 一。\n### 第二章 丙\n第二条 二。\n## 第二编 丁\n### 第一章 乙\n第三条 三。",
			"1 第一编 甲 第一条至第二条 0; 2 第一章 乙 第一条 1; 2 第二章 丙 第二条 1; 1 第二编 丁 第三条 0; 2 第一章 乙 第三条 1"},
		{"an annex", "## 第一章 甲\n第一条 一。\n附录：\n乙。", "1 第一章 甲 第一条 1; 0   1"},
	} {
		v, err := law.ParseFile("示例法(2020-05-06).md", lawText(c.body))
		if err != nil {
			t.Fatal(err)
		}
		var out []string
		n := 0
		for _, p := range law.Parts(v.Articles) {
			out = append(out, fmt.Sprintf("%d %s %s %d", p.Depth, p.Heading, p.Range(), len(p.Articles)))
			n += len(p.Articles)
		}
		if got := strings.Join(out, "; "); got != c.want || n != len(v.Articles) {
			t.Errorf("%s:\n got %s\nwant %s", c.name, got, c.want)
		}
	}
}

func TestKind(t *testing.T) {
	for title, want := range map[string]string{
		"中华人民共和国劳动法": "法律", "中华人民共和国民法典": "法律", "工伤保险条例": "行政法规", "企业职工带薪年休假实施办法": "部门规章",
		"最高人民法院关于审理劳动争议案件适用法律问题的解释（一）": "司法解释",
	} {
		l := law.Law{Title: title, Short: law.Name(title), Versions: []law.Head{{}}}
		if got := l.Kind(); got != want {
			t.Errorf("%s is %s, want %s", title, got, want)
		}
	}
	l := law.Law{Title: "女职工劳动保护特别规定", Short: "女职工劳动保护特别规定", Versions: []law.Head{{Info: []law.Info{{Text: "中华人民共和国国务院令第619号公布"}}}}}
	if l.Kind() != "行政法规" {
		t.Errorf("by its maker: %s", l.Kind())
	}
}
