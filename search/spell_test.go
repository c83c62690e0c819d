package search

import (
	"slices"
	"testing"

	"github.com/songfa/songfa/events"
)

// typoCases are what is typed and what is searched for instead, "" for nothing
// else.
var typoCases = map[string]string{
	"公伤认定": "工伤认定", "公伤": "工伤", "公伤怎么办": "工伤怎么办", "讨新": "讨薪", "老动合同": "劳动合同", "脱欠工资": "拖欠工资", "托欠工资": "拖欠工资",
	"仲才": "仲裁", "劳动仲才": "劳动仲裁", "赔尝": "赔偿", "经济补尝": "经济补偿", "陪偿": "赔偿", "加班废": "加班费", "加搬费": "加班费", "法律元助": "法律援助",
	"发律援助": "法律援助", "社饱": "社保", "失用期": "试用期", "试用其": "试用期", "炒尤鱼": "炒鱿鱼", "末成年工": "未成年工", "女职公": "女职工",
	"工伤任定": "工伤认定", "工商认定": "", "劳动能力见定": "劳动能力鉴定", "老动能力鉴定": "劳动能力鉴定", "辞腿": "辞退", "被辞腿了怎么办": "被辞退了怎么办",
	"欠新": "欠薪", "工子": "工资", "拖欠工姿": "拖欠工资", "血汉钱": "血汗钱", "劳务派谴": "劳务派遣", "同工同筹": "同工同酬", "哺乳其": "哺乳期",
	"东胡镇": "东湖镇", "法律缓助": "法律援助", "工伤保捡": "工伤保险", "停工留新期": "停工留薪期", "二倍公资": "二倍工资", "最低工姿": "最低工资",
	"老板拖前工资": "老板拖欠工资", "打宫司": "打官司", "律诗": "律师", "宗裁": "", "中裁": "仲裁",
	"12384": "12348", "13248电话": "12348电话", "123480": "", "12333": "", "二陪工资": "二倍工资",
	"工资": "", "劳动合同": "", "劳动合同法38条": "", "张伟": "", "王梅": "", "猴子": "", "东湖镇": "", "我想问一下公司不给钱怎么办": "",
	"下班路上摔了": "", "老板跑路了": "", "外地欠的工资还能要吗": "", "试用期工资八折": "", "怎么证明在这里干过": "",
}

func TestTypingErrors(t *testing.T) {
	x := seeded(t)
	for typed, want := range typoCases {
		r, err := x.Search(t.Context(), Query{Text: typed})
		if err != nil {
			t.Errorf("%s: %v", typed, err)
		}
		if r.Meant != want || r.Corrected != (want != "") {
			t.Errorf("%s means %q (%v, %d found), want %q", typed, r.Meant, r.Corrected, r.Total, want)
		}
		if want == "" {
			continue
		}
		r, err = x.Search(t.Context(), Query{Text: typed, Verbatim: true})
		if err != nil || r.Meant != "" || r.Corrected {
			t.Errorf("%s means %q when it is insisted on: %v", typed, r.Meant, err)
		}
	}
}

// Of the questions that people are known to ask, those are taken for others that
// are mistyped.
func TestOnlyWhatIsWrongIsMended(t *testing.T) {
	x := starterIndex(t)
	for _, w := range readRelevance(t) {
		r, err := x.Search(t.Context(), Query{Text: w.query})
		if err != nil || (r.Meant != "") != w.mended {
			t.Errorf("%s means %q: %v", w.query, r.Meant, err)
		}
	}
}

// When what was typed finds something, what finds all of it is only offered.
func TestOffered(t *testing.T) {
	x := seeded(t)
	r, err := x.Search(t.Context(), Query{Text: "中材 律师"})
	if err != nil || r.Meant != "仲裁 律师" || r.Corrected || r.Total == 0 {
		t.Errorf("means %q (%v), %d found: %v", r.Meant, r.Corrected, r.Total, err)
	}
	better, err := x.Search(t.Context(), Query{Text: r.Meant})
	if err != nil || better.Meant != "" || better.Total == 0 {
		t.Errorf("%q means %q, %d found: %v", r.Meant, better.Meant, better.Total, err)
	}
}

// A name in the index is a word: it is neither mended nor left unread, from the
// moment it is there.
func TestNamesAreKnown(t *testing.T) {
	x := seeded(t)
	meant := func(typed string) string {
		t.Helper()
		r, err := x.Search(t.Context(), Query{Text: typed})
		if err != nil {
			t.Error(err)
		}
		return r.Meant
	}
	if got := meant("讨新里社区"); got != "讨薪里社区" {
		t.Errorf("讨新里社区 means %q before there is one", got)
	}
	s := x.current.Load()
	w := x.newWriter(s)
	if err := w.add(stationEntry(events.Station{Code: "P99", Name: "讨新里社区联络点", Address: "讨新里 1 号"})); err != nil {
		t.Fatal(err)
	}
	if err := w.flush(nil); err != nil {
		t.Fatal(err)
	}
	if err := s.refresh(); err != nil {
		t.Fatal(err)
	}
	if got := meant("讨新里社区"); got != "" {
		t.Errorf("讨新里社区 means %q", got)
	}
	if got := meant("taoxinlishequ"); got != "讨新里社区" {
		t.Errorf("taoxinlishequ means %q", got)
	}
	list, err := x.Suggest(t.Context(), "taoxinlis", 8)
	if err != nil || !slices.ContainsFunc(list, func(s Suggestion) bool { return s.Path == "/stations/#P99" }) {
		t.Errorf("taoxinlis suggests %v, %v", list, err)
	}
}
