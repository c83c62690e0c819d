package law

// Citation is a place in a text that names articles of a law. Offsets are
// bytes of the text.
type Citation struct {
	Start, End           int    // all of it: 《劳动合同法》第三十八条第一款
	LabelStart, LabelEnd int    // what a link covers: 第三十八条第一款
	Law                  string // as cited, without 《》; "" in 本法 and 该法
	LawSlug              string // "" when the law is not loaded
	Number, Sub          int    // 38 and 1 in 第三十八条之一; Number is 0 when only a law is named
	Clause, Item         int    // 款 and 项; 0 when not named
	To, ToSub            int    // the last article of a range 第十条至第十二条; else 0
	Exists               bool   // the law is loaded and has this article: Path leads somewhere
}

// Path is the address of the cited article (of the law, without a number);
// "" when it is not there to be shown.
func (c Citation) Path() string {
	switch {
	case c.LawSlug == "" || !c.Exists:
		return ""
	case c.Number == 0:
		return LawPath(c.LawSlug)
	}
	return ArticlePath(c.LawSlug, c.Number, c.Sub)
}

// Label names the cited place in the usual form, without the law:
// 第三十八条第一款第二项.
func (c Citation) Label() string {
	label := FormatArticle(c.Number, c.Sub)
	if c.To > 0 {
		return label + "至" + FormatArticle(c.To, c.ToSub)
	}
	if c.Clause > 0 {
		label += "第" + FormatNumeral(c.Clause) + "款"
	}
	if c.Item > 0 {
		label += "第" + FormatNumeral(c.Item) + "项"
	}
	return label
}
