package law_test

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/songfa/songfa/content/law"
)

// registry knows a few laws with all articles they have.
func registry(t testing.TB) *law.Registry {
	t.Helper()
	upTo := func(slug, title string, n int, more ...[2]int) law.Entry {
		e := law.Entry{Slug: slug, Title: title, Articles: more}
		for i := 1; i <= n; i++ {
			e.Articles = append(e.Articles, [2]int{i, 0})
		}
		return e
	}
	return law.NewRegistry(
		upTo("ldht", "中华人民共和国劳动合同法", 98),
		upTo("ldhtss", "中华人民共和国劳动合同法实施条例", 38),
		upTo("ldf", "中华人民共和国劳动法", 107),
		upTo("ldzy", "中华人民共和国劳动争议调解仲裁法", 54),
		upTo("zcf", "中华人民共和国仲裁法", 80),
		upTo("zcfjs", "最高人民法院关于适用《中华人民共和国仲裁法》若干问题的解释", 31),
		upTo("shbx", "中华人民共和国社会保险法", 98),
		upTo("gsbx", "工伤保险条例", 67),
		upTo("nmggz", "保障农民工工资支付条例", 64),
		upTo("nzg", "女职工劳动保护特别规定", 16),
		upTo("fnqy", "中华人民共和国妇女权益保障法", 86),
		upTo("nxj", "职工带薪年休假条例", 10),
		upTo("gzsj", "国务院关于职工工作时间的规定", 9),
		upTo("flyz", "中华人民共和国法律援助法", 71),
		upTo("mssf", "中华人民共和国民事诉讼法", 306),
		upTo("xfd", "中华人民共和国刑法", 452, [2]int{276, 1}),
		upTo("mfd", "中华人民共和国民法典", 1260),
		upTo("aqsc", "中华人民共和国安全生产法", 119),
		upTo("ldzyjs", "最高人民法院关于审理劳动争议案件适用法律问题的解释（一）", 54),
		upTo("ldzyjs-2010", "最高人民法院关于审理劳动争议案件适用法律若干问题的解释（三）", 18),
	)
}

// show writes citations as "ldht/38.1.2 第三十八条第一款第二项": where they lead,
// 款 and 项, and the words of the label. ? is a law that is not loaded, ! an
// article the law does not have, ~ a range.
func show(text string, cs []law.Citation) string {
	var out []string
	for _, c := range cs {
		where := c.LawSlug
		if where == "" {
			where = "?" + c.Law
		}
		s := where + "/" + law.ArticleID(c.Number, c.Sub)
		if c.To > 0 {
			s += "~" + law.ArticleID(c.To, c.ToSub)
		}
		if c.Clause > 0 || c.Item > 0 {
			s += fmt.Sprintf(".%d", c.Clause)
		}
		if c.Item > 0 {
			s += fmt.Sprintf(".%d", c.Item)
		}
		if c.LawSlug != "" && !c.Exists {
			s += "!"
		}
		out = append(out, s+" "+text[c.LabelStart:c.LabelEnd])
	}
	return strings.Join(out, "; ")
}

func TestCitationsInRealSentences(t *testing.T) {
	r := registry(t)
	for _, c := range []struct{ text, want string }{
		{"依据《劳动合同法》第三十八条，劳动者可以解除劳动合同。", "ldht/38 第三十八条"},
		{"依据《中华人民共和国劳动合同法》第三十八条第一款第二项解除。", "ldht/38.1.2 第三十八条第一款第二项"},
		{"《劳动合同法》第三十八条第一款第（二）项", "ldht/38.1.2 第三十八条第一款第（二）项"},
		{"《劳动合同法》第三十八条第一款第(二)、(三)项", "ldht/38.1.2 第三十八条第一款第(二)、(三)项"},
		{"《劳动合同法》第四十条第一项、第二项和第四十一条", "ldht/40.0.1 第四十条第一项、第二项; ldht/41 第四十一条"},
		{"《劳动合同法》第三十八条、第四十条、第四十六条", "ldht/38 第三十八条; ldht/40 第四十条; ldht/46 第四十六条"},
		{"《劳动合同法》第八十二条和第八十五条规定了责任。", "ldht/82 第八十二条; ldht/85 第八十五条"},
		{"见《劳动合同法》第十条至第十二条。", "ldht/10~12 第十条至第十二条"},
		{"见《劳动合同法》第十条至十二条。", "ldht/10~12 第十条至十二条"},
		{"见《劳动合同法》第10-12条。", "ldht/10~12 第10-12条"},
		{"见《劳动合同法》第10条—第12条。", "ldht/10~12 第10条—第12条"},
		{"《劳动合同法》第38、39条", "ldht/38 第38; ldht/39 39条"},
		{"《劳动合同法》第三十九、四十条都写了。", "ldht/39 第三十九; ldht/40 四十条"},
		{"《劳动合同法》第38条第1款第2项", "ldht/38.1.2 第38条第1款第2项"},
		{"《劳动合同法》第３８条", "ldht/38 第３８条"},
		{"《劳动合同法》 第 38 条 第 2 款", "ldht/38.2 第 38 条 第 2 款"},
		{"《劳动合同法》\u3000第三十八条", "ldht/38 第三十八条"},
		{"《劳动合同法》（2012年修正）第三十八条", "ldht/38 第三十八条"},
		{"《劳动合同法》(2012修正)第三十八条", "ldht/38 第三十八条"},
		{"《劳动合同法（2012年修正）》第三十八条", "ldht/38 第三十八条"},
		{"《中华人民共和国劳动合同法》（以下简称《劳动合同法》）第三十八条", "ldht/38 第三十八条"},
		{"劳动合同法第三十八条规定", "ldht/38 第三十八条"},
		{"劳合法38条怎么说", "ldht/38 38条"},
		{"劳合法第38条", "ldht/38 第38条"},
		{"劳动合同法38条", "ldht/38 38条"},
		{"劳动合同法三十八条", "ldht/38 三十八条"},
		{"中华人民共和国劳动合同法第八十二条", "ldht/82 第八十二条"},
		{"违反劳动合同法第十九条的，依照劳动合同法第八十三条处罚。", "ldht/19 第十九条; ldht/83 第八十三条"},
		{"劳动合同法实施条例第六条", "ldhtss/6 第六条"},
		{"《劳动合同法实施条例》第六条和《劳动合同法》第八十二条", "ldhtss/6 第六条; ldht/82 第八十二条"},
		{"《劳动法》第四十四条、《劳动合同法》第三十一条", "ldf/44 第四十四条; ldht/31 第三十一条"},
		{"根据劳动法第四十四条和劳动合同法第三十一条", "ldf/44 第四十四条; ldht/31 第三十一条"},
		{"社保法第四十一条", "shbx/41 第四十一条"},
		{"工伤条例第14条第1项", "gsbx/14.0.1 第14条第1项"},
		{"《工伤保险条例》第十四条第（六）项“本人主要责任”", "gsbx/14.0.6 第十四条第（六）项"},
		{"《工伤保险条例》第十六条第（一）项“故意犯罪”的认定", "gsbx/16.0.1 第十六条第（一）项"},
		{"《工伤保险条例》第三十条至第三十七条", "gsbx/30~37 第三十条至第三十七条"},
		{"《工伤认定办法》第八条", "?工伤认定办法/8 第八条"},
		{"民诉法第二百六十条", "mssf/260 第二百六十条"},
		{"《刑法》第二百七十六条之一", "xfd/276-1 第二百七十六条之一"},
		{"刑法第二百七十六条之一第一款规定的“劳动者的劳动报酬”", "xfd/276-1.1 第二百七十六条之一第一款"},
		{"《刑法》第276条之一", "xfd/276-1 第276条之一"},
		{"《民法典》第一千一百九十二条", "mfd/1192 第一千一百九十二条"},
		{"《民法典》侵权责任编第一千一百九十二条", "mfd/1192 第一千一百九十二条"},
		{"民法典合同编第五百条", "mfd/500 第五百条"},
		{"调解仲裁法第二十七条第一款", "ldzy/27.1 第二十七条第一款"},
		{"《劳动争议调解仲裁法》第二十七条", "ldzy/27 第二十七条"},
		{"劳动争议调解仲裁法第二十七条", "ldzy/27 第二十七条"},
		{"农村土地承包经营纠纷调解仲裁法第四条", "?农村土地承包经营纠纷调解仲裁法/4 第四条"},
		{"《农村土地承包经营纠纷调解仲裁法》第四条", "?农村土地承包经营纠纷调解仲裁法/4 第四条"},
		{"《最高人民法院关于审理劳动争议案件适用法律问题的解释（一）》第二条第三项", "ldzyjs/2.0.3 第二条第三项"},
		{"《关于审理劳动争议案件适用法律问题的解释（一）》第二条", "ldzyjs/2 第二条"},
		{"劳动争议司法解释（一）第四十三条", "ldzyjs/43 第四十三条"},
		{"《最高人民法院关于审理劳动争议案件适用法律若干问题的解释（三）》第三条", "ldzyjs-2010/3 第三条"},
		{"《最高人民法院关于适用〈中华人民共和国仲裁法〉若干问题的解释》第一条", "zcfjs/1 第一条"},
		{"《国务院关于职工工作时间的规定》第三条", "gzsj/3 第三条"},
		{"《关于职工工作时间的规定》第三条", "gzsj/3 第三条"},
		{"女职工劳动保护特别规定第七条", "nzg/7 第七条"},
		{"《女职工劳动保护特别规定》第五条、《妇女权益保障法》第四十八条", "nzg/5 第五条; fnqy/48 第四十八条"},
		{"《保障农民工工资支付条例》第二十九条第一款、第三十条", "nmggz/29.1 第二十九条第一款; nmggz/30 第三十条"},
		{"农民工工资支付条例第三十条", "nmggz/30 第三十条"},
		{"带薪年休假条例第三条", "nxj/3 第三条"},
		{"《社会保险基金先行支付暂行办法》第六条：", "?社会保险基金先行支付暂行办法/6 第六条"},
		{"《江苏省工资支付条例》第十条", "?江苏省工资支付条例/10 第十条"},
		{"江苏省法律援助条例第十条", ""},
		{"《法律援助法》的第三十一条", "flyz/31 第三十一条"},
		{"《法律援助法》中第三十一条", "flyz/31 第三十一条"},
		{"《劳动合同法》第三十八条规定，用人单位有下列情形的；该法第四十六条规定，应当支付补偿。", "ldht/38 第三十八条; ldht/46 第四十六条"},
		{"《工伤保险条例》第十七条……该条例第十八条", "gsbx/17 第十七条; gsbx/18 第十八条"},
		{"《中华人民共和国劳动争议调解仲裁法》（以下简称仲裁调解法）规定了时效。仲裁调解法第二十七条", "ldzy/27 第二十七条"},
		{"为实施《职工带薪年休假条例》（以下简称条例），制定本办法。依照条例第四条", "nxj/4 第四条"},
		{"《职工带薪年休假条例》（以下简称条例）规定，本单位实施条例第四条", ""},
		{"《企业破产法》第一百一十三条", "?企业破产法/113 第一百一十三条"},
		{"公司法第十条", "?公司法/10 第十条"},
		{"**《劳动合同法》**第三十八条", ""},
		{"（《劳动合同法》第三十八条）", "ldht/38 第三十八条"},
		{"“《劳动合同法》第三十八条”", "ldht/38 第三十八条"},
		{"《劳动合同法》第三十八条第一款、第二款", "ldht/38.1 第三十八条第一款、第二款"},
		{"《劳动合同法》第三十八条第一、二款", "ldht/38.1 第三十八条第一、二款"},
		{"《劳动合同法》第三十八条，第四十六条第一项", "ldht/38 第三十八条; ldht/46.0.1 第四十六条第一项"},
		{"《劳动合同法》第三十九条及第四十条第一款、第二款", "ldht/39 第三十九条; ldht/40.1 第四十条第一款、第二款"},
		{"《劳动合同法》第二十六条第一款第一项规定的情形", "ldht/26.1.1 第二十六条第一款第一项"},
		{"《劳动合同法》第五百条", "ldht/500! 第五百条"},
		{"《安全生产法》第一百一十条", "aqsc/110 第一百一十条"},
		{"《道路交通安全法》第七十六条", "?道路交通安全法/76 第七十六条"},
		{"道路交通安全法第76条", "?道路交通安全法/76 第76条"},
		{"《劳动合同法》全文共九十八条", ""},
		{"第三条生产线今天停产，《劳动合同法》有规定", ""},
		{"《劳务合同》第五条约定", ""},
		{"《劳动合同》第五条", ""},
		{"《集体合同》第三条", ""},
		{"按照公司章程第三条", ""},
		{"《员工手册》第三十八条", ""},
		{"《工作方法》第三条", ""},
		{"劳动法第三条件", ""},
		{"依照第三十八条的规定", ""},
		{"前条规定的补偿、前款规定", ""},
		{"依照本法第三十八条的规定", ""},
		{"本条例第十四条", ""},
		{"合同第三条、第四条", ""},
		{"我有三条建议，一条是", ""},
		{"四十条", ""},
		{"高速公路第五条出口", ""},
		{"根据有关法律第三条", ""},
		{"《劳动合同法》第条", ""},
		{"《劳动合同法》第零条", ""},
		{"《劳动合同法》第三十八款", ""},
		{"该法第三条", ""},
		{"《劳动合同法》第三十八条之规定", "ldht/38 第三十八条"},
		{"《劳动合同法》第三十八条之一", "ldht/38-1! 第三十八条之一"},
		{"《劳动合同法》第四十七条、第八十七条，《劳动争议调解仲裁法》第二十七条。", "ldht/47 第四十七条; ldht/87 第八十七条; ldzy/27 第二十七条"},
	} {
		cs := r.Citations(c.text)
		if got := show(c.text, cs); got != c.want {
			t.Errorf("%s\n got %s\nwant %s", c.text, got, c.want)
		}
		for i, x := range cs {
			if x.Start > x.LabelStart || x.LabelEnd > x.End || i > 0 && x.Start < cs[i-1].End {
				t.Errorf("%s: offsets of %d: %+v", c.text, i, x)
			}
		}
	}
}

// In the text of a law 本法 is that law, and an article on its own is not.
func TestCitationsInALaw(t *testing.T) {
	r := registry(t)
	for _, c := range []struct{ text, want string }{
		{"劳动者依照本法第三十八条规定解除劳动合同的；", "ldht/38 第三十八条"},
		{"依照本法第三十九条和第四十条第一项、第二项的规定", "ldht/39 第三十九条; ldht/40.0.1 第四十条第一项、第二项"},
		{"除本法第五十条、第六十九条规定外", "ldht/50 第五十条; ldht/69 第六十九条"},
		{"本章第三十五条、第三十六条规定之罪", "ldht/35 第三十五条; ldht/36 第三十六条"},
		{"本条例第十四条", "ldht/14 第十四条"},
		{"依照前款规定、前条规定处罚", ""},
		{"第三十九条的规定", ""},
		{"基本法第三条", ""},
		{"依照《中华人民共和国劳动法》第四十四条和本法第八十五条", "ldf/44 第四十四条; ldht/85 第八十五条"},
		{"不得依照本法第四十条、第四十一条的规定解除", "ldht/40 第四十条; ldht/41 第四十一条"},
	} {
		if got := show(c.text, r.CitationsIn("ldht", c.text)); got != c.want {
			t.Errorf("%s\n got %s\nwant %s", c.text, got, c.want)
		}
	}
}

func TestCitationNamesItself(t *testing.T) {
	r := registry(t)
	text := "见《劳动合同法》 第38条第1款第(二)项。"
	c := r.Citations(text)[0]
	if got := text[c.Start:c.End]; got != "《劳动合同法》 第38条第1款第(二)项" {
		t.Errorf("whole = %s", got)
	}
	if c.Law != "劳动合同法" || c.Label() != "第三十八条第一款第二项" || c.Path() != "/laws/ldht/38" {
		t.Errorf("%+v %s %s", c, c.Label(), c.Path())
	}
	for _, none := range []string{"《工伤认定办法》第八条", "《劳动合同法》第九百条"} {
		if p := r.Citations(none)[0].Path(); p != "" {
			t.Errorf("%s leads to %s", none, p)
		}
	}
}

func TestSource(t *testing.T) {
	r := registry(t)
	for _, c := range []struct {
		source, path string
		ok           bool
	}{
		{"《劳动合同法》第三十条", "/laws/ldht/30", true},
		{" 劳动合同法第30条第1款 ", "/laws/ldht/30", true},
		{"《劳动合同法》第三十条、第三十一条", "/laws/ldht/30", true},
		{"《中华人民共和国劳动合同法》", "/laws/ldht", true},
		{"工伤保险条例", "/laws/gsbx", true},
		{"《工伤认定办法》", "", true},
		{"《工伤认定办法》第八条", "", true},
		{"《劳动合同法》第三十条等规定", "", false},
		{"群众来信", "", false},
		{"", "", false},
	} {
		got, ok := r.Source(c.source)
		if ok != c.ok || ok && got.Path() != c.path {
			t.Errorf("%q → %s %v, want %s %v", c.source, got.Path(), ok, c.path, c.ok)
		}
	}
}

func TestResolve(t *testing.T) {
	r := registry(t)
	for name, want := range map[string]string{
		"劳动合同法": "ldht", "《劳动合同法》": "ldht", "中华人民共和国劳动合同法": "ldht", " 劳合法": "ldht",
		"劳动合同法(2012年修正)": "ldht", "关于职工工作时间的规定": "gzsj", "工伤认定办法": "", "某某": "", "": "",
	} {
		if got := r.Resolve(name); got != want {
			t.Errorf("%q = %q, want %q", name, got, want)
		}
	}
	if got := r.Title("ldht"); got != "劳动合同法" {
		t.Errorf("title = %q", got)
	}
}

// A citation written in any of the usual ways is found, exactly, in any
// surrounding text.
func TestGeneratedCitationsAreFound(t *testing.T) {
	r := registry(t)
	names := map[string][]string{
		"ldht": {"《劳动合同法》", "《中华人民共和国劳动合同法》", "劳动合同法", "劳合法", "《劳动合同法》（2012年修正）"},
		"gsbx": {"《工伤保险条例》", "工伤保险条例", "《 工伤保险条例 》"},
		"mfd":  {"《民法典》", "民法典", "《民法典》合同编"},
		"xfd":  {"《刑法》", "刑法"},
		"":     {"《工伤认定办法》", "公司法"},
	}
	filler := rapid.SampledFrom([]string{"", "。", "根据", "见", "，劳动者可以", "老板不给钱，", "（", "\n", "——", "条件一般，", "依照"})
	behind := rapid.SampledFrom([]string{"", "。", "规定，", "的规定", "，应当", "）", "\n", " ", "约定的三条要求", "：三条"})
	rapid.Check(t, func(t *rapid.T) {
		number := func(n int) string {
			return rapid.SampledFrom([]string{law.FormatNumeral(n), fmt.Sprint(n), wide(n)}).Draw(t, "numeral")
		}
		blank := func() string { return rapid.SampledFrom([]string{"", "", "", " ", "　"}).Draw(t, "blank") }
		slug := rapid.SampledFrom([]string{"ldht", "gsbx", "mfd", "xfd", ""}).Draw(t, "law")
		name := rapid.SampledFrom(names[slug]).Draw(t, "name")
		want := law.Citation{LawSlug: slug, Number: rapid.IntRange(1, 1500).Draw(t, "number")}
		label := "第" + blank() + number(want.Number) + blank() + "条"
		if rapid.Bool().Draw(t, "has sub") {
			want.Sub = rapid.IntRange(1, 12).Draw(t, "sub")
			label += "之" + law.FormatNumeral(want.Sub)
		}
		switch rapid.SampledFrom([]string{"", "range", "parts"}).Draw(t, "more") {
		case "range":
			want.To = want.Number + rapid.IntRange(1, 9).Draw(t, "to")
			label += rapid.SampledFrom([]string{"至", "到", "-", "—"}).Draw(t, "dash") + "第" + number(want.To) + "条"
		case "parts":
			if want.Clause = rapid.IntRange(0, 9).Draw(t, "clause"); want.Clause > 0 {
				label += "第" + number(want.Clause) + "款"
			}
			if want.Item = rapid.IntRange(0, 20).Draw(t, "item"); want.Item > 0 {
				n := number(want.Item)
				if rapid.Bool().Draw(t, "bracket") {
					n = "（" + n + "）"
				}
				label += "第" + n + "项"
			}
		}
		before, whole := filler.Draw(t, "before"), name+blank()+label
		text := before + whole + behind.Draw(t, "behind")
		cs := r.Citations(text)
		if len(cs) != 1 {
			t.Fatalf("%q: found %s", text, show(text, cs))
		}
		got := cs[0]
		if text[got.LabelStart:got.LabelEnd] != label || text[got.Start:got.End] != whole {
			t.Fatalf("%q: label %q of %q", text, text[got.LabelStart:got.LabelEnd], text[got.Start:got.End])
		}
		want.Exists = slug != "" && r.Has(slug, want.Number, want.Sub)
		got.Start, got.End, got.LabelStart, got.LabelEnd, got.Law = 0, 0, 0, 0, ""
		if got != want {
			t.Fatalf("%q: %+v, want %+v", text, got, want)
		}
	})
}

func wide(n int) string {
	return strings.Map(func(r rune) rune { return r - '0' + '０' }, fmt.Sprint(n))
}

func FuzzCitations(f *testing.F) {
	for _, s := range []string{
		"《劳动合同法》第三十八条第一款第（二）、（三）项", "劳合法38、39条", "》第三条", "《《》》第三条",
		"本法第三条至第四条之一", "（以下简称条例）条例第三条", "第条第条第第第条", "该法第38条",
	} {
		f.Add(s)
	}
	r := registry(f)
	f.Fuzz(func(t *testing.T, text string) {
		end := 0
		for _, c := range r.CitationsIn("ldht", text) {
			if c.Start < end || c.LabelStart < c.Start || c.LabelEnd <= c.LabelStart || c.End < c.LabelEnd || c.End > len(text) {
				t.Fatalf("%q: offsets %+v after %d", text, c, end)
			}
			if c.Number < 1 || c.Exists && c.LawSlug == "" {
				t.Fatalf("%q: %+v", text, c)
			}
			end = c.End
		}
	})
}

// A guide of 2,000 characters with a citation in every other sentence.
func BenchmarkCitations(b *testing.B) {
	r := registry(b)
	sentence := "老板拖欠工资的，可以先找劳动保障监察大队投诉，也可以申请仲裁，见《保障农民工工资支付条例》第十条第二款、第三十条；三条路都走得通，劳动合同法第三十八条还允许您解除合同。"
	text := strings.Repeat(sentence, 2000/len([]rune(sentence))+1)
	b.ReportAllocs()
	for b.Loop() {
		r.Citations(text)
	}
}
