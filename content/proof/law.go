package proof

import (
	"strings"

	"github.com/songfa/songfa/content/law"
)

// citations checks which law and which article is cited.
func (c *check) citations(r *run) {
	if c.in.Laws == nil {
		return
	}
	repealed := map[int]bool{}
	for _, m := range c.in.Laws.Mentions(r.Text) {
		if before(r.Text, m.Start) == '《' && after(r.Text, m.End) == '》' {
			repealed[m.End] = c.repealed(r, m.Name, m.Start, m.End)
		}
	}
	for _, one := range c.in.Laws.Citations(r.Text) {
		if one.Law == "" && one.LawSlug == "" {
			continue
		}
		if _, over := c.in.Laws.RepealedOn(one.Law); over {
			if !strings.Contains(r.Text[one.Start:one.LabelStart], "》") {
				c.repealed(r, one.Law, one.Start, one.LabelStart)
			}
			continue // its articles are gone with it
		}
		c.article(r, one)
	}
}

// pastWords near a name say that it is meant as history.
var pastWords = []string{"原", "废止", "失效", "取代", "代替", "旧", "当时的", "同时", "此前", "以前的", "不再"}

// repealed reports a law that another one took the place of.
func (c *check) repealed(r *run, name string, from, to int) bool {
	over, ok := c.in.Laws.RepealedOn(name)
	if !ok || over.Day > c.judged() {
		return false
	}
	sentence := sentenceAround(r.Text, from)
	if c.field.Form != Sources {
		for _, w := range pastWords {
			if strings.Contains(sentence, w) {
				return false
			}
		}
	}
	f := Finding{Rule: RuleRepealed, Severity: Warn, Message: "《" + name + "》自 " + over.Day + " 起不再施行"}
	if over.By != "" {
		f.Message += "，现在看《" + over.By + "》"
	}
	f.Message += "。请改引现行规定；写历史请注明“已废止”。"
	if c.field.Form == Sources {
		f.Severity = Block
	}
	c.put(r, from, to, f)
	return true
}

// article reports a cited article that the text in force has not.
func (c *check) article(r *run, one law.Citation) {
	if one.LawSlug == "" || one.Number == 0 {
		return
	}
	st := c.in.Laws.Status(one.LawSlug)
	if st.Since > c.in.Day && c.in.Day != "" {
		c.put(r, one.Start, one.End, Finding{Rule: RuleNotYet, Severity: Hint, Message: "《" + st.Title + "》的这个版本自 " + st.Since + " 起施行，今天还没有生效。"})
		return
	}
	missing := one.Number
	sub := one.Sub
	switch {
	case !one.Exists:
	case one.To > 0 && !c.in.Laws.Has(one.LawSlug, one.To, one.ToSub):
		missing, sub = one.To, one.ToSub
	default:
		return
	}
	label := law.FormatArticle(missing, sub)
	f := Finding{Rule: RuleArticle, Severity: Warn, Message: "现行《" + st.Title + "》没有" + label + "，请核对条号。"}
	if c.field.Form == Sources && st.Newer == "" {
		f.Severity = Block
	}
	if st.Newer != "" {
		f.Message = "系统里的《" + st.Title + "》没有" + label + "，但系统里的文本不是最新的（新文本自 " + st.Newer + " 起施行），请对照新文本。"
	}
	if st.HadBefore(missing, sub) {
		f.Message = "《" + st.Title + "》修改以后没有" + label + "了，请对照新的条号。"
	}
	c.renumber(&f, one, missing, sub)
	c.put(r, one.LabelStart, one.LabelEnd, f)
}

// renumber says where an article went, when only its number changed.
func (c *check) renumber(f *Finding, one law.Citation, missing, sub int) {
	if c.in.Renumbered == nil {
		return
	}
	n, s, ok := c.in.Renumbered(one.LawSlug, missing, sub)
	if !ok {
		return
	}
	f.Message = law.FormatArticle(missing, sub) + "现在是" + law.FormatArticle(n, s) + "，内容没有变。"
	if one.To == 0 {
		one.Number, one.Sub = n, s
		f.Fix = fix(one.Label())
	}
}
