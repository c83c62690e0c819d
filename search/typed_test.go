package search

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

// pinyinCases are what is typed and what it says, "" for itself.
var pinyinCases = map[string]string{
	"laodonghetong": "劳动合同", "lao dong he tong": "劳动合同", "LaoDongHeTong": "劳动合同", "láodònghétong": "劳动合同",
	"gongshang": "工伤", "gongshang rending": "工伤认定", "gongshangrending": "工伤认定", "gs 认定": "工伤认定", "gs认定": "工伤认定", "gsrd": "工伤认定",
	"ldht": "劳动合同", "ldzc": "劳动仲裁", "tuoqian gongzi": "拖欠工资", "tuoqiangongzi": "拖欠工资", "gongzi没发": "工资没发", "没发gongzi": "没发工资",
	"讨xin": "讨薪", "taoxin": "讨薪", "qianxin": "欠薪", "shebao": "社保", "sb": "社保", "zhongcai": "仲裁", "zc": "仲裁", "falvyuanzhu": "法律援助",
	"flyz": "法律援助", "lvshi": "律师", "lǜshī": "律师", "jiabanfei": "加班费", "jbf": "加班费", "laodht": "劳动合同", "shiyongqi": "试用期",
	"jingjibuchang": "经济补偿", "jjbc": "经济补偿", "laobanbugeiqian": "老板不给钱", "laoban bu gei qian": "老板不给钱", "zenmeban": "怎么办",
	"gongshang zenmeban": "工伤怎么办", "chaoyouyu": "炒鱿鱼", "meiqianhetong": "没签合同", "gongdishuaishang": "工地摔伤", "donghuzhen": "东湖镇",
	"donghuzhen zai na": "东湖镇在哪", "nvzhigong": "女职工", "gongshang赔多少": "工伤赔多少", "公司bu gei 交 shebao": "公司不给交社保",
	"laodonghetongfa38": "劳动合同法38", "zongcai": "仲裁", "gongsang": "工伤", "laodong zhongcai": "劳动仲裁", "wo bei citui le": "我被辞退了",
	"app gongzi": "app 工资", "qian wo gongzi": "欠我工资", "qianwogongzi": "欠我工资", "xin'zi": "薪资",
	"gps": "", "app": "", "contract": "", "salary": "", "hello world": "", "qwx": "", "xyz": "写遗嘱", "12348": "", "n+1": "", "vip": "", "women": "", "a": "",
	"工资": "", "http": "", "select * from": "", "name": "", "change": "", "qq": "",
}

func TestPinyin(t *testing.T) {
	x := seeded(t)
	for typed, want := range pinyinCases {
		r, err := x.Search(t.Context(), Query{Text: typed})
		if err != nil {
			t.Errorf("%s: %v", typed, err)
		}
		if r.Meant != want || r.Corrected != (want != "") {
			t.Errorf("%s means %q, want %q", typed, r.Meant, want)
		}
	}
}

// Whatever is typed costs a bounded time, and what is insisted on is not read.
func TestGarbageIsBounded(t *testing.T) {
	x := seeded(t)
	for name, text := range garbage() {
		quickest := time.Hour
		for range 3 { // another test may have the processor
			began := time.Now()
			if _, err := x.Search(t.Context(), Query{Text: text}); err != nil {
				t.Errorf("%s: %v", name, err)
			}
			quickest = min(quickest, time.Since(began))
		}
		if quickest > 50*time.Millisecond {
			t.Errorf("%s takes %v", name, quickest)
		}
	}
}

func FuzzMean(f *testing.F) {
	x := seeded(f)
	for typed := range pinyinCases {
		f.Add(typed)
	}
	for typed := range typoCases {
		f.Add(typed)
	}
	f.Add(strings.Repeat("zhsh", 50))
	f.Add("lǜ'shī 工\x00ｇｓ第39条gs")
	f.Fuzz(func(t *testing.T, s string) {
		r, err := x.Search(t.Context(), Query{Text: s})
		if err == nil && (r.Corrected && r.Meant == "" || !utf8.ValidString(r.Meant) || r.Meant == s) {
			t.Errorf("%q means %q", s, r.Meant)
		}
		if r, err := x.Search(t.Context(), Query{Text: s, Verbatim: true}); err == nil && r.Meant != "" {
			t.Errorf("%q means %q against its will", s, r.Meant)
		}
	})
}
