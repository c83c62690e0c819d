package search

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/songfa/songfa/content/law"
)

// What a question is about, with filler as dots.
func TestFillers(t *testing.T) {
	a := newAnalyzer()
	for text, want := range map[string]string{
		"加班费怎么算":      "加班费···",
		"被辞退怎么办":      "·辞退···",
		"请问工伤赔多少钱":    "··工伤赔···",
		"我想要回我的工资":    "···回··工资",
		"被告是谁":        "被告·谁",
		"还款协议":        "还款协议",
		"办法":          "办法",
		"試用期最長多久":     "试用期最长··",
		"能不能打仲裁":      "···打仲裁",
		"法律援助要带什么材料":  "法律援助·带··材料",
		"签合同需要注意什么":   "签合同······",
		"劳动合同法第三十八条":  "劳动合同法第三十八条",
		"老板不给工资怎么办":   "老板不·工资···",
		"怎么办":         "···",
		"单位可以不交社保吗":   "单位··不交社保·",
		"在哪里办理工伤认定申请": "···办理工伤认定申请",
	} {
		f := a.fold(text)
		var got strings.Builder
		for i, filler := range fillers(f) {
			if filler {
				got.WriteRune('·')
			} else {
				got.WriteRune(f.rune(i))
			}
		}
		if got.String() != want {
			t.Errorf("%s: got %s, want %s", text, got.String(), want)
		}
	}
}

func TestUnderstand(t *testing.T) {
	a := newAnalyzer()
	x := &Index{analyzer: a, registry: law.NewRegistry()}
	x.synonyms.Store(newSynonyms(a.folder, synonymsText))
	for _, tt := range []struct {
		text    string
		content int      // cells it is about
		terms   []string // among its terms
		others  []string // among their other names
	}{
		{"讨薪", 2, []string{"讨薪"}, []string{"拖欠工资", "欠薪"}},
		{"加班费怎么算", 3, []string{"加班费", "加班"}, []string{"加班工资"}},
		{"签合同", 3, []string{"签", "合同"}, []string{"订立劳动合同"}},
		{"第三十九条", 1, []string{"第39条"}, nil},
		{"怎么办", 3, []string{"怎么", "么办"}, nil},
		{"n+1补偿", 3, []string{"n+1", "补偿"}, []string{"经济补偿"}},
		{"薪", 1, []string{"薪"}, nil},
		{"薪薪薪薪薪薪", 6, []string{"薪薪"}, nil},
		{"一", 1, []string{"一"}, nil},
	} {
		q, err := x.understand(tt.text)
		if err != nil {
			t.Errorf("%s: %v", tt.text, err)
			continue
		}
		terms, others := map[string]bool{}, map[string]bool{}
		var covered uint64
		for _, term := range q.terms {
			covered |= term.cells
			for _, alt := range term.any {
				terms[alt.text] = true
				others[alt.text] = term.weight == weighSynonym
			}
		}
		for _, want := range tt.terms {
			if !terms[want] {
				t.Errorf("%s: no term %s in %v", tt.text, want, terms)
			}
		}
		for _, want := range tt.others {
			if !others[want] {
				t.Errorf("%s: is not also %s: %v", tt.text, want, others)
			}
		}
		if q.covers(covered) != 1 {
			t.Errorf("%s: its own terms cover %v of it", tt.text, q.covers(covered))
		}
		if n := int(q.covers(^uint64(0)) * 100); n != 100 {
			t.Errorf("%s: all cells are %d %%", tt.text, n)
		}
		if cells := countBits(q.content); cells != tt.content {
			t.Errorf("%s: about %d cells, want %d", tt.text, cells, tt.content)
		}
	}
}

func countBits(m uint64) (n int) {
	for ; m != 0; m &= m - 1 {
		n++
	}
	return n
}

func TestCited(t *testing.T) {
	r := law.NewRegistry(
		law.Entry{Slug: "ldht", Title: "中华人民共和国劳动合同法", Articles: [][2]int{{38, 0}, {39, 0}, {82, 0}}},
		law.Entry{Slug: "gsbx", Title: "工伤保险条例", Articles: [][2]int{{14, 0}}})
	a := newAnalyzer()
	for text, want := range map[string]string{
		"劳动合同法第三十八条":           "/laws/ldht/38",
		"劳动合同法38条":             "/laws/ldht/38",
		"劳动合同法38":              "/laws/ldht/38",
		"劳动合同法 38":             "/laws/ldht/38",
		"劳动合同法第３８条":            "/laws/ldht/38",
		"勞動合同法第三十八條":           "/laws/ldht/38",
		"劳合法三十八":               "/laws/ldht/38",
		"《工伤保险条例》第十四条第一款":      "/laws/gsbx/14",
		"《工伤保险条例》第十四条第一款第（一）项": "/laws/gsbx/14",
		"劳动合同法第八十二条是什么意思":      "/laws/ldht/82",
		"  劳动合同法  ":            "/laws/ldht",
		"中华人民共和国劳动合同法":         "/laws/ldht",
		"《劳动合同法》":              "/laws/ldht",
		"劳动合同法第一百条":            "",
		"民法典第一条":               "",
		"第三十八条":                "",
		"38条":                  "",
		"劳动合同":                 "",
		"三十八":                  "",
		"":                     "",
	} {
		got := ""
		c, whole, ok := cited(r, a.fold(text))
		if ok {
			got = c.Path()
		}
		if got != want {
			t.Errorf("%s opens %q, want %q", text, got, want)
		}
		if more := strings.Contains(text, "什么意思"); c.Number > 0 && whole == more {
			t.Errorf("%s is the citation and nothing else: %v", text, whole)
		}
	}
}

func TestSynonyms(t *testing.T) {
	groups := 0
	for line := range strings.Lines(synonymsText) {
		line, _, _ = strings.Cut(strings.TrimSpace(line), "#")
		if line == "" {
			continue
		}
		groups++
		left, right, oneWay := strings.Cut(line, ">")
		if len(strings.Fields(left)) == 0 || oneWay && len(strings.Fields(right)) == 0 || !oneWay && len(strings.Fields(left)) < 2 {
			t.Errorf("nothing on one side: %s", line)
		}
		for _, w := range strings.Fields(left) {
			if utf8.RuneCountInString(w) < 2 {
				t.Errorf("%q is too short to be told from parts of words: %s", w, line)
			}
		}
	}
	if groups < 60 {
		t.Errorf("%d groups", groups)
	}
	a := newAnalyzer()
	s := newSynonyms(a.folder, "甲乙 丙丁 # c\n戊己 > 庚辛 壬癸\n")
	for word, want := range map[string]string{"甲乙": "丙丁", "丙丁": "甲乙", "戊己": "庚辛 壬癸", "庚辛": "", "戊": ""} {
		if got := strings.Join(s.others[word], " "); got != want {
			t.Errorf("%s is also %q, want %q", word, got, want)
		}
	}
}
