package search

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/songfa/songfa/internal/db"
	"github.com/songfa/songfa/internal/db/dbtest"
)

// asked are questions of all sorts: words, sentences, citations, pinyin, errors.
var asked = strings.Fields(`工资 拖欠工资怎么办 被公司辞退赔偿多少 工伤认定 公伤认定 加班费怎么算 劳动仲裁 讨薪 女职工产假 社保断缴 laodonghetong
	gongshang gs认定 讨xin 法律援助在哪里申请 东湖镇 送法进企业 普法活动 试用期 没签合同 双倍工资 离职证明 年休假 职业病 劳务派遣 外卖骑手 童工 最低工资
	劳动合同法38条 工伤保险条例 12348 招聘会 咨询电话 麻团 庙会麻团`)

// whole is all that readers get for the questions, to the last bit of a score.
// Hits of the same score stand in the order in which Bleve took them in, which is
// another one after each build; here it does not count.
func whole(t *testing.T, x *Index) (all []string) {
	t.Helper()
	for _, q := range asked {
		var lines []string
		note := func(v any) {
			b, err := json.Marshal(v) // writes all bits of a number
			if err != nil {
				t.Fatal(err)
			}
			lines = append(lines, q+" "+string(b))
		}
		for page := 1; ; page++ {
			r, err := x.Search(t.Context(), Query{Text: q, Page: page, Size: maxSize})
			if err != nil {
				t.Fatal(err)
			}
			for i, h := range r.Hits {
				note(h)
				if i > 0 && h.Score > r.Hits[i-1].Score {
					t.Errorf("%s: %s stands behind a lower score", q, h.Path)
				}
			}
			if len(r.Hits) < maxSize {
				r.Hits = nil
				note(r)
				break
			}
		}
		suggested, err := x.Suggest(t.Context(), q, maxComplete)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range suggested {
			note(s)
		}
		slices.Sort(lines)
		all = append(all, lines...)
	}
	return all
}

// However many drafts there are and whatever they say, readers get the same
// answers with the same scores.
func TestReadersGetTheSameWithDrafts(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		w.seed(t)
		w.publish(t, "麻团节安排", "麻团在庙会。")
		x := w.open(t)
		follow(t, x)
		rebuilt := func() []string {
			if err := x.Rebuild(t.Context(), nil); err != nil {
				t.Fatal(err)
			}
			return whole(t, x)
		}
		before := rebuilt()
		if len(before) < 300 {
			t.Fatalf("only %d lines to compare", len(before))
		}
		for i := range 200 {
			said := asked[i%len(asked)]
			w.draft(t, fmt.Sprintf("%s与麻团的长长的标题%d", said, i), strings.Repeat(said+"，庙会有麻团，拖欠工资，辞退，工伤。", 1+i%7))
		}
		w.catchUp(t, x)
		same(t, "followed", before, whole(t, x))
		same(t, "rebuilt", before, rebuilt())
		found, err := x.documents(t.Context(), Query{Text: "麻团"})
		if err != nil || len(found) != 201 {
			t.Errorf("the staff finds %d of 201, %v", len(found), err)
		}
	})
}

func same(t *testing.T, when string, before, after []string) {
	t.Helper()
	for i, line := range before {
		if i >= len(after) || after[i] != line {
			t.Fatalf("%s: instead of\n%s\nthere is\n%s", when, line, after[min(i, len(after)-1)])
		}
	}
	if len(after) != len(before) {
		t.Fatalf("%s: %d lines, before %d", when, len(after), len(before))
	}
}
