package proof

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// words looks for the words of the lists.
func (c *check) words(r *run) {
	for _, m := range c.in.Lists.find(r.Text) {
		switch m.row.List {
		case Words, Sensitive:
			c.word(r, m)
		case Institutions:
			c.institution(r, m)
		case Jargon:
			c.jargon(r, m)
		case Stiff:
			c.stiff(r, m)
		}
	}
}

func (c *check) word(r *run, m match) {
	if !m.row.Holds(c.in.Day) || c.field.Form == Sources {
		return
	}
	f := Finding{Rule: RuleWord, Severity: m.row.severity(), Message: "“" + m.row.Word + "”可能写错了，请核对。"}
	if m.row.List == Sensitive {
		f.Rule, f.Message = RuleSensitive, "“"+m.row.Word+"”不宜使用，请换一个说法。"
	}
	if m.row.Value != "" {
		f.Fix, f.Safe = fix(m.row.Value), false
		f.Message = "“" + m.row.Word + "”应写作“" + m.row.Value + "”。"
		if m.row.List == Sensitive {
			f.Message = "“" + m.row.Word + "”不宜使用，可改为“" + m.row.Value + "”。"
		}
	}
	f.Message += m.row.Note
	c.put(r, m.from, m.to, f)
}

// formerly are words in front of a former name that say it is one.
var formerly = []string{"原", "原来的", "前", "时任", "当时的", "改革前的", "撤销", "不再保留", "不再保留的"}

// institution finds an office under a name it no longer has. A text of a day when
// it was called so is right, and so is a name in front of 令第 or inside 《》: an
// order keeps the name of who gave it.
func (c *check) institution(r *run, m match) {
	if !m.row.Holds(c.judged()) || c.field.Form == Sources {
		return
	}
	head, tail := r.Text[:m.from], r.Text[m.to:]
	for _, w := range formerly {
		if strings.HasSuffix(head, w) {
			return
		}
	}
	for _, w := range []string{"令", "公告", "（令", "文件", "颁布", "发布的《", "关于"} {
		if strings.HasPrefix(tail, w) {
			return
		}
	}
	if strings.LastIndex(head, "《") > strings.LastIndex(head, "》") || m.row.Value != "" && partOf(r.Text, m, m.row.Value) {
		return
	}
	f := Finding{Rule: RuleOffice, Severity: m.row.severity(), Message: "“" + m.row.Word + "”是旧名称"}
	if m.row.Value != "" {
		f.Message += "，现在是“" + m.row.Value + "”"
		f.Fix = fix(m.row.Value)
	}
	f.Message += "。" + m.row.Note + "写从前的事，可以在前面加“原”字。"
	c.put(r, m.from, m.to, f)
}

// partOf reports that the old name is only a piece of the new one, which stands
// there in full.
func partOf(text string, m match, now string) bool {
	i := strings.Index(now, m.row.Word)
	return i >= 0 && m.from >= i && strings.HasPrefix(text[m.from-i:], now)
}

// judged is the day by which names and posts count: a report is right when it
// was right on its day, everything else must be right today.
func (c *check) judged() string {
	if c.in.Kind == "news" && c.in.Written != "" && c.in.Written < c.in.Day {
		return c.in.Written
	}
	return c.in.Day
}

// plainKinds are what somebody reads who needs help.
var plainKinds = []string{"guide", "qa"}

// jargon asks for an explanation where a term stands first.
func (c *check) jargon(r *run, m match) {
	if !slices.Contains(plainKinds, c.in.Kind) || c.field.Form != Markdown || r.Quote || r.Cell || r.Heading > 0 || c.explain[m.row.Word] {
		return
	}
	c.explain[m.row.Word] = true
	if r.InLink(m.from) || explained(r.Text, m) || !m.row.Holds(c.in.Day) { // a link leads to the explanation
		return
	}
	c.put(r, m.from, m.to, Finding{Rule: RuleJargon, Severity: m.row.severity(),
		Message: "“" + m.row.Word + "”第一次出现，请用一句白话解释，例如：" + strings.TrimSuffix(m.row.Value, "。") + "。"})
}

// explained reports that the words around a term say what it means.
func explained(text string, m match) bool {
	tail := strings.TrimLeft(text[m.to:], "”」。 ")
	for _, w := range []string{"（", "(", "，也就是", "，就是", "就是", "是指", "，是指", "指的是", "，指", "，即", "：", "——", "，意思", "，简单说"} {
		if strings.HasPrefix(tail, w) {
			return true
		}
	}
	head := strings.TrimRight(text[:m.from], "“「")
	for _, w := range []string{"叫", "叫做", "称", "称为", "所谓", "所谓的", "也就是", "即", "（", "法律上说的"} {
		if strings.HasSuffix(head, w) {
			return true
		}
	}
	return false
}

func (c *check) stiff(r *run, m match) {
	if !slices.Contains(plainKinds, c.in.Kind) || c.field.Form == Sources || r.Quote || !m.row.Holds(c.in.Day) {
		return
	}
	f := Finding{Rule: RulePlain, Severity: m.row.severity(), Message: "“" + m.row.Word + "”不好懂"}
	if m.row.Value != "" {
		f.Message += "，可以写“" + m.row.Value + "”"
		f.Fix = fix(m.row.Value)
	}
	f.Message += "。" + m.row.Note
	c.put(r, m.from, m.to, f)
}

// leaders compares who is named with a post with who holds it on the day.
func (c *check) leaders(r *run) {
	for _, h := range c.in.Lists.words.find(r.Text) {
		for _, e := range c.in.Lists.at[h.word] {
			if e.row.List == Leaders && e.row.Holds(c.judged()) {
				c.leader(r, match{h.from, h.to, e.row})
			}
		}
	}
}

func (c *check) leader(r *run, m match) {
	head := r.Text[:m.from]
	for _, w := range []string{"原", "前", "时任", "副"} {
		if strings.HasSuffix(head, w) {
			return
		}
	}
	name := nameAfter(r.Text[m.to:])
	if name == "" || c.holds(m.row.Word, name) {
		return
	}
	at := m.to + strings.Index(r.Text[m.to:], name)
	f := Finding{Rule: RuleLeader, Severity: m.row.severity(), Fix: fix(m.row.Value),
		Message: "名单上" + m.row.Word + "是“" + m.row.Value + "”，这里写的是“" + name + "”，请核对。" + m.row.Note}
	c.put(r, at, at+len(name), f)
}

// holds reports whether somebody holds a post on the day of the text.
func (c *check) holds(post, name string) bool {
	return slices.ContainsFunc(c.in.Lists.leaders, func(row Row) bool {
		return row.Word == post && row.Value == name && row.Holds(c.judged())
	})
}

// surnames are the family names that nine of ten people in China have.
const surnames = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩邓冯曹彭曾肖萧田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖石金韦贾夏付傅方邹熊白孟秦邱江尹薛闫阎段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向常汤康易乔赖文殷葛章倪庄邢裴骆芦鲁岳齐沿梅辛管祝左涂季翁宁耿牟焦柴褚房解卜甄"

// notNames begin like names and are none.
var notNames = []string{"高度", "周一", "周二", "周三", "周四", "周五", "周六", "周日", "任命", "任职", "任期", "于是", "于", "何时", "何人", "何种",
	"方面", "方可", "方能", "马上", "万人", "石材", "江苏", "江西", "白天", "金额", "夏季", "常务", "常年", "程序", "向上", "向全", "向大", "向企", "向工", "文件", "解释", "解读", "解答", "管理", "严格", "严肃", "易地", "康复"}

// verbs may follow a name; most other characters mean that it was none.
var verbs = []string{"介绍", "表示", "说", "指出", "出席", "讲话", "带队", "主持", "强调", "到", "在", "率", "等", "同志", "一行", "作", "宣布", "为", "与", "和", "参加", "陪同", "要求", "致辞", "带领", "调研", "检查", "走访", "慰问", "接受", "回应"}

// nameAfter reads the name that follows a post: two or three characters that begin
// with a family name, and then a sign or a verb of reports.
func nameAfter(s string) string {
	s = strings.TrimLeft(s, " 　")
	if strings.IndexFunc(s, isHan) != 0 || !strings.ContainsRune(surnames, after(s, 0)) {
		return ""
	}
	for _, w := range notNames {
		if strings.HasPrefix(s, w) {
			return ""
		}
	}
	size := 0
	for n, r := range []rune(firstRunes(s, 3)) {
		if !isHan(r) {
			break
		}
		size += utf8.RuneLen(r)
		if n >= 1 && ends(s[size:]) {
			return s[:size]
		}
	}
	return ""
}

// ends reports whether a name may end in front of s.
func ends(s string) bool {
	return s == "" || !isHan(after(s, 0)) || slices.ContainsFunc(verbs, func(v string) bool { return strings.HasPrefix(s, v) })
}
