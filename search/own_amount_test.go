package search

import "testing"

// What somebody is owed is his own sum: texts that name the same one are not meant.
func TestOwnAmountsDoNotLead(t *testing.T) {
	x := starterIndex(t)
	for _, q := range []string{"欠我3000块", "欠薪2万", "欠了2万块工资", "拖了3个月工资", "欠3个月工资"} {
		h, err := first(t.Context(), x, q)
		if err != nil || h.Path != "/guides/qianxin" && h.Path != "/guides/qianxin-zhengju" && h.Path != "/guides/gongdi-qianxin" {
			t.Errorf("%s finds %s first, %v", q, h.Path, err)
		}
	}
	if r, err := x.Search(t.Context(), Query{Text: "30000元"}); err != nil || r.Total == 0 {
		t.Errorf("a sum alone finds %d, %v", r.Total, err)
	}
}
