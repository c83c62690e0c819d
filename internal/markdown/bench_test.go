package markdown_test

import (
	"strings"
	"testing"

	"github.com/songfa/songfa/internal/markdown"
)

// guide is a text of about 3 KB with what guides are made of.
var guide = strings.Join([]string{
	":::答案\n留好证据，先向人社部门投诉；解决不了，离职之日起一年内申请劳动仲裁，仲裁不收费。\n:::",
	":::期限\n已经离开的，要在离职之日起**一年内**申请仲裁。见《劳动争议调解仲裁法》第二十七条。\n:::",
	"## 先把证据留好\n\n证据不用“齐全”才去投诉，有多少先拿多少。手机里的东西不要删，换手机前先存一份。",
	":::证据\n- 劳动合同、工资条、欠条、结算单\n- 银行卡或微信、支付宝的收款记录\n- 考勤、工牌、工服、进出工地的记录\n:::",
	"有些材料在单位手里，比如工资台账。单位不拿要承担不利后果，见**《劳动争议调解仲裁法》**第六条。",
	"## 一步一步怎么要\n\n1. **先要一次，**留下记录。用微信或短信写清：哪几个月、一共多少、请哪天之前付。\n2. **向人社部门投诉。**到干活所在地的劳动保障监察机构投诉，也可以打 [12333](tel:12333)。\n3. **申请劳动仲裁。**向劳动合同履行地或者单位所在地的劳动人事争议仲裁委员会申请[^1]。",
	"## 找谁、多久、花多少钱\n\n| 办法 | 找谁 | 期限 | 费用 |\n|---|---|---|--:|\n| 投诉 | 劳动保障监察机构 | 2 年内 | 不收费 |\n| 仲裁 | 劳动人事争议仲裁委员会 | 1 年内 | 不收费 |\n| 起诉 | 人民法院 | 15 日内 | 10 元 |",
	"![投诉流程](liucheng.png \"三步流程\")",
	"## 在工地干活的，多一条路\n\n分包单位欠了农民工的工资，由施工总承包单位**先行清偿**。依据《保障农民工工资支付条例》第三十条。",
	":::警告\n不要堵门、爬塔吊、打人、扣老板的东西。这样要不到钱，自己还可能受处罚。\n:::",
	"[^1]: 《劳动争议调解仲裁法》第二十一条。",
}, "\n\n")

func BenchmarkGuide(b *testing.B) {
	r := markdown.New(markdown.Config{Cite: cite})
	b.SetBytes(int64(len(guide)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := r.Render([]byte(guide)); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkNew(b *testing.B) {
	for b.Loop() {
		markdown.New(markdown.Config{})
	}
}
