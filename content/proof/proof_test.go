package proof_test

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"github.com/songfa/songfa/content/law"
	"github.com/songfa/songfa/content/proof"
)

// laws are three laws of which one is over.
func laws() *law.Registry {
	return law.NewRegistry(
		law.Entry{Slug: "ldht", Title: "中华人民共和国劳动合同法", Articles: [][2]int{{1, 0}, {30, 0}, {38, 0}, {39, 0}}, Earlier: [][2]int{{99, 0}}},
		law.Entry{Slug: "flyz", Title: "中华人民共和国法律援助法", Articles: [][2]int{{1, 0}, {32, 0}}},
		law.Entry{Slug: "new", Title: "新法试行办法", Articles: [][2]int{{1, 0}}, Since: "2027-01-01"},
	)
}

// in is an input with one field.
func in(kind, name, text string, form proof.Form) proof.Input {
	return proof.Input{Kind: kind, Day: "2026-11-24", Written: "2026-11-20", Work: true, Laws: laws(),
		Fields: []proof.Field{{Name: name, Text: text, Form: form}}, Lists: lists,
		Link: func(to string) proof.Link {
			switch {
			case strings.HasPrefix(to, "/guides/old"):
				return proof.Link{State: proof.Moved, To: "/guides/new"}
			case strings.Contains(to, "dead"):
				return proof.Link{State: proof.Dead}
			}
			return proof.Link{}
		},
		Renumbered: func(slug string, n, sub int) (int, int, bool) { return 30, 0, slug == "ldht" && n == 99 }}
}

var lists = proof.Compile(append(slices.Clone(proof.Seed()),
	proof.Row{List: proof.Leaders, Word: "示例区司法局局长", Value: "王实例", From: "2024-05-01"},
	proof.Row{List: proof.Leaders, Word: "示例区司法局局长", Value: "李前任", To: "2024-04-30"},
	proof.Row{List: proof.Phones, Word: "13900001111"},
))

// found is what Check says in the order of the text, as rule【excerpt】.
func found(list []proof.Finding) string {
	var out []string
	for _, f := range list {
		out = append(out, string(f.Rule)+"【"+f.Excerpt+"】")
	}
	return strings.Join(out, " ")
}

// the checksum of these numbers is right and nobody has them: the districts end in 00.
const (
	idA = "370400199001011239"
	idB = "11010019491001123X"
)

func TestRules(t *testing.T) {
	for _, c := range []struct{ name, kind, text, want string }{
		// citations
		{"article", "guide", "见《劳动合同法》第三十八条。", ""},
		{"no such article", "guide", "见《劳动合同法》第一百三十条。", "law-article【第一百三十条】"},
		{"renumbered", "guide", "见《劳动合同法》第九十九条。", "law-article【第九十九条】"},
		{"repealed", "guide", "依照《法律援助条例》申请。", "law-repealed【法律援助条例】"},
		{"repealed, with its article", "guide", "《法律援助条例》第十条规定了范围。", "law-repealed【法律援助条例】"},
		{"repealed, as history", "guide", "2022 年起《法律援助法》取代了《法律援助条例》。", ""},
		{"not in force yet", "guide", "见《新法试行办法》第一条。", "law-not-yet【《新法试行办法》第一条】"},
		{"a law we have not", "guide", "见《某市养犬管理条例》第九条。", ""},

		// dates; 2026-12-04 is a Friday
		{"weekday right", "notice", "12月4日（周五）上午九点，12 月 6 日（星期日），2026年12月4日星期五，2026-12-04（周五）。", ""},
		{"weekday wrong", "notice", "12月4日（周三）上午九点。", "weekday【周三】"},
		{"weekday wrong, with a year", "notice", "2026年12月4日（星期四）。", "weekday【星期四】"},
		{"weekday wrong, spelled out", "notice", "二〇二六年十二月四日，礼拜四。", "weekday【礼拜四】"},
		{"weekday wrong, in front", "notice", "周三（12月4日）起。", "weekday【周三】"},
		{"weekday wrong, ISO", "notice", "2026-12-04 周三", "weekday【周三】"},
		{"span", "notice", "12月4日（周五）至6日（周日）", ""},
		{"span, second weekday wrong", "notice", "12月4日（周五）至6日（周六）", "weekday【周六】"},
		{"year from the text", "news", "2025年的事：12月4日（周四）开了一场。", ""},
		{"next year", "notice", "明年1月3日（周日）起放假三天。", ""},
		{"January told in November", "notice", "1月3日（周日）起。", ""},
		{"weekday of several", "notice", "12月4日起，周三、周五各一次。", ""},
		{"list of weekdays", "notice", "12月4日（周四、周五）", ""},
		{"every week", "notice", "每周五（12月4日起）", ""},
		{"no such day", "notice", "2026年2月30日以前。", "no-such-day【2026年2月30日】"},
		{"no leap year", "notice", "2026年2月29日。", "no-such-day【2026年2月29日】"},
		{"leap year", "notice", "2028年2月29日，2月29日出生。", ""},
		{"month thirteen", "notice", "13月1日", "no-such-day【13月1日】"},
		{"long number before", "notice", "第13月1日 213月1日", ""},
		{"backwards", "notice", "12月6日至4日", "date-backwards【12月6日至4日】"},
		{"over the new year", "notice", "12月28日至1月3日", ""},
		{"backwards, with years", "notice", "2026年12月6日至2026年11月30日", "date-backwards【2026年12月6日至2026年11月30日】"},
		{"past", "notice", "定于2026年11月3日举办讲座。", "date-past【2026年11月3日】"},
		{"past, told as past", "notice", "2026年11月3日的讲座来了80人。", ""},
		{"past, in news", "news", "定于2026年11月3日举办讲座。", ""},

		// links and pictures
		{"dead", "guide", "见[欠薪](/guides/dead)。", "link-dead【/guides/dead】"},
		{"moved", "guide", "见[欠薪](/guides/old \"标题\")。", "link-moved【/guides/old】"},
		{"works", "guide", "见[欠薪](/guides/qianxin#先把证据留好)、[站外](https://www.gov.cn/dead)。", ""},
		{"anchor", "guide", "## 先把证据留好\n\n见[上面](#先把证据留好)和[下面](#没有)。", "link-dead【#没有】"},
		{"no alt", "guide", "![](/media/ab/x.jpg)", "alt-missing【x.jpg】"},
		{"alt is a file name", "guide", "![IMG_2034.JPG](/media/ab/x.jpg)", "alt-empty-words【![IMG_2034.JPG]】"},
		{"alt says nothing", "guide", "![图片1](/media/ab/x.jpg)", "alt-empty-words【![图片1]】"},
		{"alt", "guide", "![图书馆门口排队的人](/media/ab/x.jpg)", ""},

		// personal data
		{"identity number", "news", "张三，身份证号" + idA + "。", "name-with-id【张某】 id-number【3704××××××××××××39】"},
		{"identity number with X", "news", "证件 " + idB + "。", "id-number【1101××××××××××××3X】"},
		{"identity number in groups", "news", "370400 19900101 1239", "id-number【3704××××××××××××39】"},
		{"identity number in a caption", "news", `![工友领到工资](/media/ab/x.jpg "` + idA + `")`, "id-number【3704××××××××××××39】"},
		{"identity number in code", "news", "`" + idA + "`", "id-number【3704××××××××××××39】"},
		{"full-width identity number", "news", "３７０４００１９９００１０１１２３９", "full-width【××××××××××××××××××】 id-number【3704××××××××××××39】"},
		{"wrong check digit", "news", "编号 370400199001011230", "id-number【3704××××××××××××30】"},
		{"no birthday", "news", "编号 370400199013011230", ""},
		{"old identity number", "news", "身份证号 370400900101123", "id-number【3704×××××××××23】"},
		{"masked already", "news", "张某，身份证号3704××××××××××××39。", ""},
		{"credit code", "news", "统一社会信用代码 11370400004321234A", ""},
		{"bank card", "news", "卡号 6222 0200 0000 0000 000", "bank-card【×××××××××××××××0000】"},
		{"no Luhn", "news", "流水号 6222020000000000001", ""},
		{"mobile", "news", "打 138-1234-5678 找他", "mobile【138××××5678】"},
		{"mobile of the office", "news", "打 13900001111", ""},
		{"land line, hotline", "news", "打 0000-6100000 或 12348", ""},
		{"number in an address", "news", "[图](/media/13812345678/a.jpg) https://a.cn/13812345678", ""},
		{"longer number", "news", "单号 138123456789", ""},
		{"plate", "news", "一辆鲁D12345面包车", "plate【鲁D×××××】"},
		{"electric plate", "news", "鲁D·D12345", "plate【鲁D××××××】"},
		{"no plate", "news", "鲁D级企业，豫A2024号文", ""},

		// words
		{"wrong word", "news", "申请劳动仲载。", "word【劳动仲载】"},
		{"wrong word across bold", "news", "申请**劳动**仲载。", "word【劳动**仲载】"},
		{"wrong word across lines", "news", "申请劳动\n仲载。", "word【劳动 仲载】"},
		{"right in context", "news", "按装置说明做；法定代表人到场。", ""},
		{"wrong word in code", "news", "`劳动仲载`", ""},
		{"sensitive", "news", "一名残废人。", "sensitive【残废人】"},
		{"old name", "notice", "请到工商行政管理局办理。", "institution【工商行政管理局】"},
		{"old name as history", "notice", "原工商行政管理局的登记有效，见《国家工商行政管理总局令》。", ""},
		{"leader", "news", "示例区司法局局长王实例出席。", ""},
		{"leader, wrong", "news", "示例区司法局局长李前任出席。", "leader【李前任】"},
		{"leader, former", "news", "时任示例区司法局局长李前任说。", ""},
		{"deputy", "news", "示例区司法局副局长赵六参加。", ""},
		{"post without a name", "news", "示例区司法局局长高度重视，局长于四点到场。", ""},

		// signs
		{"full-width", "news", "发了２０份", "full-width【２０】"},
		{"comma", "news", "来了, 又走了,", "half-width【,】 half-width【,】"},
		{"comma before a number", "news", "装好了,12月4日来", "half-width【,】"},
		{"English stays English", "news", "see page 3, then call Mr. Li (office).", ""},
		{"numbers keep their signs", "news", "1,000 元，比例3:1，9:00 开始", ""},
		{"colon", "news", "时间:12月4日", "half-width【:】"},
		{"brackets", "news", "(区司法局)", "half-width【(】 half-width【)】"},
		{"doubled", "news", "来了。。又走了，，", "doubled【。。】 doubled【，，】"},
		{"ellipsis and dash", "news", "证据……还有——合同", ""},
		{"dots", "news", "证据...还有--合同", "doubled【...】 doubled【--】"},
		{"unpaired", "news", "他说“来。", "unpaired【“】"},
		{"quotation of two paragraphs", "news", "他说：“来。\n\n“再来。”", ""},
		{"items", "news", "1）身份证；2）合同", ""},
		{"straight quotes", "news", "他说\"来吧\"。", "half-width【\"来吧\"】"},
		{"titles in titles", "news", "《关于实施《劳动合同法》的意见》", "nested-title【《劳动合同法》】"},
		{"blank", "news", "劳动合同 必须签订", "space【】"},
		{"blank in a heading", "news", "## 第一章 总则", ""},
		{"blank before Latin", "news", "用 Word 写 3 份", ""},
		{"blank at a sign", "news", "来了， 又走", "space【】"},
		{"bold lead", "news", "**不批。** 三十天是通知", ""},
		{"indent", "news", "　　来了", "indent【】"},
		{"titles with a pause", "news", "《甲》、《乙》", ""},
		{"quoted law", "news", "> 第一条 ,,，，(一)", ""},

		// numbering
		{"order", "news", "一、甲\n\n（一）乙\n\n（二）丙\n\n二、丁\n\n（一）戊", ""},
		{"number missing", "news", "一、甲\n\n三、乙", "numbering【三、】"},
		{"number twice", "news", "## 一、甲\n\n## 二、乙\n\n## 二、丙", "numbering【二、】"},
		{"begins late", "news", "二、甲", "numbering【二、】"},
		{"bracket with pause", "news", "（一）、甲", "numbering【、】"},

		// reading
		{"jargon", "guide", "小心仲裁时效。", "jargon【仲裁时效】"},
		{"jargon explained", "guide", "小心仲裁时效（过了一年就难要了）。后来又说仲裁时效。", ""},
		{"jargon in news", "news", "小心仲裁时效。", ""},
		{"stiff", "guide", "单位予以辞退。", "stiff【予以】"},
		{"de", "guide", "我的同事的老板的公司的地址在这里。", "de-chain【我的同事的老板的公司的地址在这里】"},
	} {
		t.Run(c.name, func(t *testing.T) {
			list := proof.Check(in(c.kind, "body", c.text, proof.Markdown))
			if got := found(list); got != c.want {
				t.Errorf("%q\n got %s\nwant %s", c.text, got, c.want)
			}
			for _, f := range list {
				if !utf8.ValidString(c.text[f.From:f.To]) || f.Message == "" || f.Rule.Label() == "" {
					t.Errorf("%+v", f)
				}
			}
		})
	}
}

func TestFixes(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"several rounds", "来了,他说\"走了, 别等(真的)\"。。", "来了，他说“走了，别等（真的）”。"},
		{"moved link", "见[欠薪](/guides/old)", "见[欠薪](/guides/new)"},
		{"nothing unsafe", "劳动仲载 12月4日（周三）", "劳动仲载 12月4日（周三）"},
		{"escaped signs stay", "1\\. 甲\\, 乙", "1\\. 甲\\, 乙"},
	} {
		got, _ := proof.ApplySafe(in("news", "body", c.text, proof.Markdown), "body")
		if got != c.want {
			t.Errorf("%s:\n got %s\nwant %s", c.name, got, c.want)
		}
	}
}

// TestSourcesBlock: what a guide stands on must be in force.
func TestSourcesBlock(t *testing.T) {
	list := proof.Check(in("guide", "sources", "《劳动合同法》第三十条\n《劳动合同法》第一百三十条\n《法律援助条例》", proof.Sources))
	if got, want := found(list), "law-article【第一百三十条】 law-repealed【法律援助条例】"; got != want || list[0].Severity != proof.Block || list[1].Severity != proof.Block {
		t.Errorf("got %s %+v", got, list)
	}
}

func TestReading(t *testing.T) {
	easy := proof.Read(in("guide", "body", "工资没发，先留证据。再打 12348。劳动局不收钱。", proof.Markdown))
	hard := proof.Read(in("guide", "body", strings.Repeat("用人单位未依照有关规定予以足额支付劳动者在仲裁时效期间届满之日以前所产生的全部的应得的相应的劳动报酬的情形下应当承担清偿责任并且不得以任何理由推诿。", 3), proof.Markdown))
	if easy.Score < 90 || hard.Score > 40 || easy.Level() != "好读" || hard.Level() != "难读" || hard.Minutes() != 1 {
		t.Errorf("easy %+v\nhard %+v", easy, hard)
	}
}

// TestLists: severities, days, switches and the longer of two words.
func TestLists(t *testing.T) {
	check := func(text string, rows ...proof.Row) string {
		i := in("news", "body", text, proof.Markdown)
		i.Lists = proof.Compile(rows)
		var out []string
		for _, f := range proof.Check(i) {
			out = append(out, f.Excerpt+":"+string(f.Severity))
		}
		return strings.Join(out, " ")
	}
	word := proof.Row{List: proof.Words, Word: "帐户", Value: "账户"}
	long := proof.Row{List: proof.Words, Word: "银行帐户名", Value: "银行账户名", Severity: proof.Block}
	for _, c := range []struct {
		want string
		rows []proof.Row
	}{
		{"帐户:warn", []proof.Row{word}},
		{"银行帐户名:block", []proof.Row{word, long}},
		{"", []proof.Row{{List: proof.Words, Word: "帐户", To: "2020-01-01"}}},
		{"", []proof.Row{{List: proof.Words, Word: "帐户", Severity: proof.Off}}},
		{"", []proof.Row{word, {List: proof.Switches, Word: "word", Severity: proof.Off}}},
		{"帐户:hint", []proof.Row{word, {List: proof.Switches, Word: "word", Severity: proof.Hint}}},
	} {
		if got := check("写银行帐户名。", c.rows...); got != c.want {
			t.Errorf("%v: got %q, want %q", c.rows, got, c.want)
		}
	}
}

// TestMatcher compares the automaton with looking for each word by itself.
func TestMatcher(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		words := rapid.SliceOfNDistinct(rapid.StringOfN(rapid.SampledFrom([]rune("工资单a")), 2, 4, -1), 1, 6, rapid.ID).Draw(t, "words")
		text := rapid.StringOf(rapid.SampledFrom([]rune("工资单a"))).Draw(t, "text")
		var rows []proof.Row
		for _, w := range words {
			rows = append(rows, proof.Row{List: proof.Words, Word: w})
		}
		i := in("news", "title", text, proof.Line)
		i.Lists = proof.Compile(rows)
		n := 0
		for at := range text {
			best := 0
			for _, w := range words {
				if strings.HasPrefix(text[at:], w) {
					best = max(best, len(w))
				}
			}
			if best > 0 {
				n++
			}
		}
		got := 0
		for _, f := range proof.Check(i) {
			if f.Rule == proof.RuleWord {
				got++
			}
		}
		if got > n || n > 0 && got == 0 {
			t.Fatalf("%q in %q: %d findings, words begin at %d places", words, text, got, n)
		}
	})
}

// FuzzCheck: no text breaks the checks, places are between characters, and a fix
// mends what it is for.
func FuzzCheck(f *testing.F) {
	for _, s := range []string{"来了, 他说\"走\"。。", "12月4日（周三）至6日（周六）", "**劳动**仲载 " + idA, "| 甲 | 乙, |\n|--|--|\n| 一 | (二) |", "《关于《甲》的》", "![a](/x \"ｂ\")", "> a\n- 　b\n\n&nbsp;c", "一、\n\n三、", "a\xffb，，", "[甲](/guides/old#x)"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > 4000 {
			return
		}
		input := in("guide", "body", text, proof.Markdown)
		for _, one := range proof.Check(input) {
			if one.From < 0 || one.To < one.From || one.To > len(text) {
				t.Fatalf("%+v outside of %d bytes", one, len(text))
			}
			for _, i := range []int{one.From, one.To} {
				if i < len(text) && !utf8.RuneStart(text[i]) && utf8.ValidString(text) {
					t.Fatalf("%+v cuts a character", one)
				}
			}
			if one.Fix == nil {
				continue
			}
			input.Fields[0].Text = proof.Apply(text, one)
			for _, again := range proof.Check(input) {
				if again.Rule == one.Rule && again.From == one.From && again.Excerpt == one.Excerpt && again.Excerpt != "" {
					t.Fatalf("fix %q of %+v\nin %q\nleaves %+v", *one.Fix, one, text, again)
				}
			}
			input.Fields[0].Text = text
		}
	})
}

func BenchmarkCheck(b *testing.B) {
	rows := slices.Clone(proof.Seed())
	for i := 0; len(rows) < 5000; i++ {
		rows = append(rows, proof.Row{List: proof.Words, Word: "错" + law.FormatNumeral(i+1) + "字", Value: "对"})
	}
	text := strings.Repeat("用人单位应当按照劳动合同约定，向劳动者及时足额支付劳动报酬，见《劳动合同法》第三十条。2026年12月4日（星期五）起，打 12348。\n\n", 120)
	input := in("guide", "body", text[:20<<10], proof.Markdown)
	input.Lists = proof.Compile(rows)
	for b.Loop() {
		if len(proof.Check(input)) > 100 {
			b.Fatal("findings in correct text")
		}
	}
}
