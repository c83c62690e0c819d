package search

import (
	"slices"
	"strings"
	"testing"
)

func TestSuggestions(t *testing.T) {
	x := seeded(t)
	for typed, want := range map[string]string{ // a text or a path
		"gongz": "工资", "gongzi": "工资", "gong": "工资", "gongsh": "工伤", "gongshang": "工伤认定", "gongshangr": "工伤认定", "gongshangre": "工伤认定",
		"gs": "工伤", "gsr": "工伤认定", "gs认": "工伤认定", "工shang": "工伤", "tuoq": "拖欠工资", "tuoqiangongz": "拖欠工资", "tqgz": "拖欠工资",
		"ldht": "/topics/labour-contract/", "laodongh": "/topics/labour-contract/", "laodongzhongc": "劳动仲裁", "falvy": "/topics/legal-aid/", "fly": "/topics/legal-aid/",
		"chaoy": "炒鱿鱼", "taox": "讨薪", "讨x": "讨薪", "shebao": "社保", "shiyongq": "试用期", "donghuz": "/stations/#T01", "dhz": "东湖镇",
		"zhongcai": "仲裁", "zhongc": "仲裁", "jiabanf": "加班费", "jbf": "加班费", "lv": "律师", "l": "", "g": "",
		"工": "/topics/wages/", "工伤": "工伤认定", "工伤认": "工伤认定", "试用": "/guides/shiyongqi", "炒": "炒鱿鱼", "拖欠": "拖欠工资", "12348": "/guides/rexian-12348",
		"公伤": "/topics/work-injury/", "gongshang daiyu": "工伤待遇", "Gong Shang": "工伤认定", "gōngzī": "", "GONGZI": "工资",
	} {
		list, err := x.Suggest(t.Context(), typed, 8)
		if err != nil || len(list) > 8 {
			t.Errorf("%s: %d, %v", typed, len(list), err)
		}
		there := slices.ContainsFunc(list, func(s Suggestion) bool { return s.Text == want || s.Path == want })
		if want != "" && !there {
			t.Errorf("%s suggests %v, want %s", typed, list, want)
		}
		for i, s := range list {
			if s.Text == "" || slices.ContainsFunc(list[:i], func(o Suggestion) bool { return o.Text == s.Text }) {
				t.Errorf("%s suggests %v", typed, list)
			}
		}
	}
}

// The most likely word or topic comes before any title.
func TestFirstSuggestion(t *testing.T) {
	x := seeded(t)
	for typed, want := range map[string]string{"gongz": "工资", "gs": "工伤", "taox": "讨薪", "zhongc": "仲裁", "讨": "讨薪", "jbf": "加班费", "sheb": "社保"} {
		list, err := x.Suggest(t.Context(), typed, 8)
		if err != nil || len(list) == 0 || list[0].Text != want {
			t.Errorf("%s suggests %v first, want %s: %v", typed, list, want, err)
		}
	}
}

func FuzzSuggest(f *testing.F) {
	x := seeded(f)
	for _, s := range []string{"gongz", "gs认定", "讨xin", "公伤", "zhzhzh", strings.Repeat("a", 40), "lǜ'shī", "工\x00资", "n+1"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		list, err := x.Suggest(t.Context(), s, 8)
		if err != nil || len(list) > 8 {
			t.Errorf("%q: %d, %v", s, len(list), err)
		}
	})
}
