package markdown

import (
	"strings"
	"testing"
)

// legalSentences are as people write them in guides and notices. On the left
// Markdown, on the right what must come out; all are one paragraph.
var legalSentences = [][2]string{
	// The name of a law is bold, the article follows outside.
	{"**《劳动合同法》**第三十九条", "<strong>《劳动合同法》</strong>第三十九条"},
	{"根据**第三十八条**，您可以解除合同。", "根据<strong>第三十八条</strong>，您可以解除合同。"},
	{"依据**《劳动合同法》**第三十八条第一款第二项", "依据<strong>《劳动合同法》</strong>第三十八条第一款第二项"},
	{"见**《工伤保险条例》**（国务院令第586号）。", "见<strong>《工伤保险条例》</strong>（国务院令第586号）。"},
	{"**《民法典》**、**《劳动法》**和**《社会保险法》**都有规定", "<strong>《民法典》</strong>、<strong>《劳动法》</strong>和<strong>《社会保险法》</strong>都有规定"},
	{"适用*《仲裁法》*第二条", "适用<em>《仲裁法》</em>第二条"},
	{"**《劳动合同法》**2012年修正", "<strong>《劳动合同法》</strong>2012年修正"},
	{"按**《条例》**39条办理", "按<strong>《条例》</strong>39条办理"},
	// Full-width punctuation inside the bold, a letter after it.
	{"**注意：**申请期限只有一年。", "<strong>注意：</strong>申请期限只有一年。"},
	{"**第一步，**先向人社部门投诉。", "<strong>第一步，</strong>先向人社部门投诉。"},
	{"**不要签字！**先拍照留证据。", "<strong>不要签字！</strong>先拍照留证据。"},
	{"**怎么办？**拨打12348。", "<strong>怎么办？</strong>拨打12348。"},
	{"**（一）**未及时足额支付劳动报酬的；", "<strong>（一）</strong>未及时足额支付劳动报酬的；"},
	{"第**（二）**项所称“工资”", "第<strong>（二）</strong>项所称“工资”"},
	{"**【期限】**三十日内提出", "<strong>【期限】</strong>三十日内提出"},
	{"满**「十年」**的，应当订立无固定期限合同", "满<strong>「十年」</strong>的，应当订立无固定期限合同"},
	{"**一年内。**逾期不受理。", "<strong>一年内。</strong>逾期不受理。"},
	{"**一、**申请人是谁", "<strong>一、</strong>申请人是谁"},
	{"**甲方：**某公司；**乙方：**张某", "<strong>甲方：</strong>某公司；<strong>乙方：</strong>张某"},
	{"**用人单位违法解除的，**应当支付赔偿金。", "<strong>用人单位违法解除的，</strong>应当支付赔偿金。"},
	// Punctuation at the beginning of the bold, a letter before it.
	{"所称**“工资”**是指货币", "所称<strong>“工资”</strong>是指货币"},
	{"俗称**“五险一金”**5项", "俗称<strong>“五险一金”</strong>5项"},
	{"即**‘先行清偿’**责任", "即<strong>‘先行清偿’</strong>责任"},
	{"规定**（试行）**已经废止", "规定<strong>（试行）</strong>已经废止"},
	{"由单位**——而不是包工头——**支付", "由单位<strong>——而不是包工头——</strong>支付"},
	{"等等**……**都可以作证据", "等等<strong>……</strong>都可以作证据"},
	{"张**·**王", "张<strong>·</strong>王"},
	// Western punctuation and digits between Chinese words.
	{"不低于**80%**的标准", "不低于<strong>80%</strong>的标准"},
	{"加付**50%~100%**的赔偿金", "加付<strong>50%~100%</strong>的赔偿金"},
	{"拨打**12348!**咨询", "拨打<strong>12348!</strong>咨询"},
	{"支付**2倍**工资", "支付<strong>2倍</strong>工资"},
	{"每月**¥2490**起", "每月<strong>¥2490</strong>起"},
	{"**(2024)**某民终1号", "<strong>(2024)</strong>某民终1号"},
	{"共计**3,000.00元**（大写：叁仟元）", "共计<strong>3,000.00元</strong>（大写：叁仟元）"},
	{"填写**\"申请人\"**一栏", "填写<strong>&quot;申请人&quot;</strong>一栏"},
	{"登录**[人社部](https://www.mohrss.gov.cn)**查询", `登录<strong><a href="https://www.mohrss.gov.cn">人社部</a></strong>查询`},
	{"使用**`电子劳动合同`**签署", "使用<strong><code>电子劳动合同</code></strong>签署"},
	// Nested and neighbouring emphasis.
	{"***《劳动法》***第五十条", "<em><strong>《劳动法》</strong></em>第五十条"},
	{"**离职之日起*《一年》*内**申请", "<strong>离职之日起<em>《一年》</em>内</strong>申请"},
	{"**工资**、**加班费**，**经济补偿**。", "<strong>工资</strong>、<strong>加班费</strong>，<strong>经济补偿</strong>。"},
	{"“**十五日内**”可以起诉", "“<strong>十五日内</strong>”可以起诉"},
	{"（**不收费**）", "（<strong>不收费</strong>）"},
	{"《**劳动合同法**》第十条", "《<strong>劳动合同法</strong>》第十条"},
	{"第**三十八**条", "第<strong>三十八</strong>条"},
	{"**第十条**至**第十二条**", "<strong>第十条</strong>至<strong>第十二条</strong>"},
	// Struck out, as amended texts show it.
	{"~~《经济合同法》~~已废止", "<del>《经济合同法》</del>已废止"},
	{"改为~~六十日。~~一年。", "改为<del>六十日。</del>一年。"},
	{"原文“~~二十日~~”改为“三十日”", "原文“<del>二十日</del>”改为“三十日”"},
	// What must stay as it is.
	{"5 * 8 * 4 小时", "5 * 8 * 4 小时"},
	{"月工资 * 12，再除以 * 21.75", "月工资 * 12，再除以 * 21.75"},
	{"姓名_性别_年龄.xlsx", "姓名_性别_年龄.xlsx"},
	{"\\*\\*不是粗体\\*\\*", "**不是粗体**"},
	{"** 前后空格 **不算", "** 前后空格 **不算"},
	{"只有一个**没有另一个", "只有一个**没有另一个"},
	{"带*号的为必填项", "带*号的为必填项"},
	{"身份证号110***********1234", "身份证号110***********1234"},
	{"张**，男，汉族", "张**，男，汉族"},
	{"张**、李**、王**等3人领取工资", "张**、李**、王**等3人领取工资"},
	{"原告张**，被告李**。", "原告张**，被告李**。"},
	{"请张**（电话138****0000）前来领取", "请张**（电话138****0000）前来领取"},
}

func TestEmphasisInLegalChinese(t *testing.T) {
	if len(legalSentences) < 40 {
		t.Fatalf("only %d sentences", len(legalSentences))
	}
	r := New(Config{})
	for _, s := range legalSentences {
		doc, err := r.Render([]byte(s[0]))
		if err != nil {
			t.Fatalf("%s: %v", s[0], err)
		}
		got := strings.TrimSuffix(strings.TrimPrefix(strings.TrimSpace(doc.HTML), "<p>"), "</p>")
		if got != s[1] {
			t.Errorf("%s\n got %s\nwant %s", s[0], got, s[1])
		}
	}
}
