package search

import (
	"slices"
	"strings"
	"testing"
)

func TestReadings(t *testing.T) {
	p := newPinyin()
	for word, want := range map[string]string{
		"工资": "gongzi", "劳动合同": "laodonghetong", "工伤": "gongshang", "律师": "lvshi", "女职工": "nvzhigong",
		"仲裁": "zhongcai", "薪": "xin", "讨薪": "taoxin", "拖欠": "tuoqian", "欠薪": "qianxin", "赔偿": "peichang", "银行": "yinhang",
		"行政": "xingzheng", "行长": "hangzhang", "厂长": "changzhang", "长期": "changqi", "重大": "zhongda", "重新": "chongxin",
		"会计": "kuaiji", "开会": "kaihui", "调解": "tiaojie", "调岗": "diaogang", "还钱": "huanqian", "参保": "canbao", "社保": "shebao",
		"单位": "danwei", "给钱": "geiqian", "不给": "bugei", "车祸": "chehuo", "降薪": "jiangxin", "率": "lv", "骨折": "guzhe",
		"血汗钱": "xuehanqian", "东湖镇": "donghuzhen", "未成年": "weichengnian", "哺乳": "buru", "怎么办": "zenmeban",
	} {
		var ways []string
		for _, way := range p.spell(word) {
			ways = append(ways, p.letters(way))
		}
		if !slices.Contains(ways, want) || len(ways) > maxReadings {
			t.Errorf("%s reads %v, want %s among them", word, ways, want)
		}
	}
	if ways := p.spell("n加1"); ways != nil {
		t.Errorf("n加1 reads %v", ways)
	}
}

// Every dictionary word can be typed.
func TestEveryWordReads(t *testing.T) {
	p := newPinyin()
	for word, whole := range newDictionary(newFolder()).words {
		if whole && len(p.spell(word)) == 0 {
			t.Errorf("%s cannot be read", word)
		}
	}
}

func TestAsTyped(t *testing.T) {
	for typed, want := range map[string]string{"gongzi": "gongzi", "GōngZī": "gongzi", "lǜshī": "lvshi", "lüshi": "lvshi", "nǚ": "nv",
		"12348": "", "n+1": "", "зарплата": "", "": ""} {
		if got := asTyped(typed); got != want {
			t.Errorf("%s is typed %q, want %q", typed, got, want)
		}
	}
}

func TestConfusedSounds(t *testing.T) {
	p := newPinyin()
	for _, pair := range [][2]string{{"zhong", "zong"}, {"shang", "sang"}, {"shang", "san"}, {"chang", "can"}, {"nan", "lan"}, {"ning", "lin"},
		{"xin", "xing"}, {"ren", "reng"}, {"hui", "fei"}, {"huang", "fan"}, {"lv", "nv"}} {
		a, b := p.sound[pair[0]], p.sound[pair[1]]
		if a == noSound || p.alike[a] != p.alike[b] || !slices.Contains(p.kin[a], b) {
			t.Errorf("%v are not confused", pair)
		}
	}
	for _, pair := range [][2]string{{"gong", "gen"}, {"zi", "ci"}, {"bao", "pao"}, {"hong", "feng"}} {
		if p.alike[p.sound[pair[0]]] == p.alike[p.sound[pair[1]]] {
			t.Errorf("%v are confused", pair)
		}
	}
}

func FuzzAsTyped(f *testing.F) {
	p := newPinyin()
	f.Add("lǜ'shī")
	f.Add("ＧōＮＧ")
	f.Add("")
	f.Fuzz(func(t *testing.T, s string) {
		if letters := asTyped(s); strings.Trim(letters, "abcdefghijklmnopqrstuvwxyz") != "" || asTyped(letters) != letters {
			t.Errorf("%q is typed %q", s, letters)
		}
		for _, way := range p.spell(s) {
			if p.letters(way) == "" {
				t.Errorf("%q is read as nothing", s)
			}
		}
	})
}
