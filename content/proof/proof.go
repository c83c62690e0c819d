package proof

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"

	"github.com/songfa/songfa/content/law"
)

// Input is a text with what the checks need to know of the world. Everything but
// Fields may be left out; the rules that need it are then silent.
type Input struct {
	Kind    string // guide notice news qa page; decides which rules apply
	Day     string // today, 2006-01-02
	Written string // 成文日期; "" when unknown
	Work    bool   // staff still work on it; a text that is out already may speak of days gone by
	Fields  []Field
	Lists   *Lists
	Laws    *law.Registry

	// Renumbered tells where the article of an earlier version stands now.
	Renumbered func(slug string, number, sub int) (toNumber, toSub int, ok bool)
	// Link looks a root-relative address up, #anchor included.
	Link func(address string) Link
}

// Field is one text of the form.
type Field struct {
	Name string // title, body …
	Text string
	Form Form
}

// Form says how a field is written.
type Form int

// The forms.
const (
	Line     Form = iota // plain text, one run a line
	Markdown             // a body
	Alt                  // what a picture shows
	Sources              // citations, one a line
	Names                // people and offices: never corrected as prose
)

// Link is what an address leads to.
type Link struct {
	State LinkState
	To    string // of Moved: the new address
	Why   string // of Dead: a clause for the message; may be ""
}

// LinkState tells whether a link works.
type LinkState int

// The states.
const (
	Works LinkState = iota
	Moved           // a redirect answers; better to write the new address
	Dead
)

// Severity says what a finding does.
type Severity string

// The severities; Off is for rows and rules that are switched off.
const (
	Block Severity = "block"
	Warn  Severity = "warn"
	Hint  Severity = "hint"
	Off   Severity = "off"
)

// Severities lists them, the gravest first.
var Severities = []Severity{Block, Warn, Hint, Off}

// Label is the Chinese name.
func (s Severity) Label() string {
	switch s {
	case Block:
		return "必须处理"
	case Warn:
		return "请核对"
	case Hint:
		return "建议"
	case Off:
		return "停用"
	}
	return string(s)
}

// Rule names a check.
type Rule string

// The rules.
const (
	RuleRepealed  Rule = "law-repealed"
	RuleArticle   Rule = "law-article"
	RuleNotYet    Rule = "law-not-yet"
	RuleWeekday   Rule = "weekday"
	RuleNoDay     Rule = "no-such-day"
	RuleBackwards Rule = "date-backwards"
	RulePast      Rule = "date-past"
	RuleDead      Rule = "link-dead"
	RuleMoved     Rule = "link-moved"
	RuleNoAlt     Rule = "alt-missing"
	RuleBadAlt    Rule = "alt-empty-words"
	RuleID        Rule = "id-number"
	RuleCard      Rule = "bank-card"
	RuleMobile    Rule = "mobile"
	RulePlate     Rule = "plate"
	RuleNamed     Rule = "name-with-id"
	RuleWord      Rule = "word"
	RuleSensitive Rule = "sensitive"
	RuleOffice    Rule = "institution"
	RuleLeader    Rule = "leader"
	RuleFull      Rule = "full-width"
	RuleHalf      Rule = "half-width"
	RuleDoubled   Rule = "doubled"
	RulePair      Rule = "unpaired"
	RuleNested    Rule = "nested-title"
	RuleSpace     Rule = "space"
	RuleIndent    Rule = "indent"
	RulePause     Rule = "pause-between-titles"
	RuleOrder     Rule = "numbering"
	RuleLong      Rule = "long-sentence"
	RuleDe        Rule = "de-chain"
	RuleJargon    Rule = "jargon"
	RulePlain     Rule = "stiff"
)

// ruleLabels are the names people see; a rule of the list "rule" is named by its code.
var ruleLabels = map[Rule]string{
	RuleRepealed: "引用的法规已失效", RuleArticle: "引用的条文", RuleNotYet: "法规尚未施行",
	RuleWeekday: "日期和星期", RuleNoDay: "不存在的日期", RuleBackwards: "起止日期", RulePast: "已经过去的日期",
	RuleDead: "打不开的链接", RuleMoved: "旧地址", RuleNoAlt: "缺图片说明", RuleBadAlt: "图片说明",
	RuleID: "身份证号", RuleCard: "银行卡号", RuleMobile: "手机号码", RulePlate: "车牌号", RuleNamed: "姓名和证件号",
	RuleWord: "错别字", RuleSensitive: "敏感用语", RuleOffice: "机构名称", RuleLeader: "姓名和职务",
	RuleFull: "全角字符", RuleHalf: "半角标点", RuleDoubled: "重复的标点", RulePair: "引号和括号", RuleNested: "书名号",
	RuleSpace: "多余的空格", RuleIndent: "用空格缩进", RulePause: "书名号之间的顿号", RuleOrder: "序号",
	RuleLong: "长句", RuleDe: "“的”太多", RuleJargon: "没解释的术语", RulePlain: "公文腔",
}

// Label is the Chinese name.
func (r Rule) Label() string { return ruleLabels[r] }

// Rules lists all rules by code.
func Rules() []Rule {
	var list []Rule
	for r := range ruleLabels {
		list = append(list, r)
	}
	slices.Sort(list)
	return list
}

// Private reports whether the rule is about personal data: what it found is
// masked in Excerpt, and only reviewers may let it stand.
func (r Rule) Private() bool {
	return r == RuleID || r == RuleCard || r == RuleMobile || r == RulePlate || r == RuleNamed
}

// Finding is one place of a field with what is wrong there.
type Finding struct {
	Rule     Rule     `json:"rule"`
	Severity Severity `json:"severity"`
	Field    string   `json:"field"`
	From     int      `json:"from"` // bytes of the field's text
	To       int      `json:"to"`
	Before   string   `json:"before,omitempty"` // a few characters in front, to find it by
	Excerpt  string   `json:"excerpt"`          // what stands there; personal data masked
	After    string   `json:"after,omitempty"`
	Message  string   `json:"message"`       // Chinese: what is wrong and what to do
	Fix      *string  `json:"fix,omitempty"` // what to write instead of From..To; nil when only a person can tell
	Safe     bool     `json:"safe,omitempty"`
}

// Key names a finding by what it is about and not by where it stands, so that a
// reason given for it lasts while the text around it changes.
func (f Finding) Key() string {
	sum := sha256.Sum256([]byte(string(f.Rule) + "\x00" + f.Field + "\x00" + f.Excerpt))
	return hex.EncodeToString(sum[:8])
}

// Check lists what the rules find, field by field and in the order of the text.
func Check(in Input) []Finding {
	if in.Lists == nil {
		in.Lists = Compile(nil)
	}
	var all []Finding
	for _, f := range in.Fields {
		c := newCheck(in, f)
		c.run()
		all = append(all, c.settle()...)
	}
	return all
}

// Apply makes the fix of one finding. A finding without one changes nothing.
func Apply(text string, f Finding) string {
	if f.Fix == nil || f.From < 0 || f.To < f.From || f.To > len(text) {
		return text
	}
	return text[:f.From] + *f.Fix + text[f.To:]
}

// ApplySafe makes all safe fixes of one field, and those that the text then asks
// for, until nothing is left; n counts them.
func ApplySafe(in Input, field string) (text string, n int) {
	i := slices.IndexFunc(in.Fields, func(f Field) bool { return f.Name == field })
	if i < 0 {
		return "", 0
	}
	f := in.Fields[i]
	for range 6 { // a fix inside of another waits for the next round
		in.Fields = []Field{f}
		list := slices.DeleteFunc(Check(in), func(f Finding) bool { return f.Fix == nil || !f.Safe })
		if len(list) == 0 {
			break
		}
		end := len(f.Text) + 1
		slices.SortStableFunc(list, func(a, b Finding) int { return cmp.Compare(b.From, a.From) })
		for _, one := range list {
			if one.To <= end {
				f.Text, end = Apply(f.Text, one), one.From
				n++
			}
		}
	}
	return f.Text, n
}

// run applies the rules that fit the field.
func (c *check) run() {
	c.private()
	if c.field.Form == Names {
		return
	}
	for i := range c.runs {
		r := &c.runs[i]
		c.citations(r)
		c.dates(r)
		c.words(r)
		c.leaders(r)
		if c.field.Form == Sources || r.Quote {
			continue // a source is a name, a quotation somebody else's words
		}
		c.signs(r)
		c.pairs(r, i)
	}
	if c.field.Form == Markdown {
		c.links()
		c.order()
		c.reading()
	}
	if c.field.Form == Alt {
		c.alt(c.field.Text, "", 0, len(c.field.Text))
	}
}

// settle applies the switches, drops what says the same twice and sorts.
func (c *check) settle() []Finding {
	list := c.found[:0]
	for _, f := range c.found {
		if s, ok := c.in.Lists.switches[f.Rule]; ok {
			f.Severity = s
		}
		if f.Severity != Off {
			list = append(list, f)
		}
	}
	slices.SortStableFunc(list, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(b.To, a.To), strings.Compare(string(a.Rule), string(b.Rule)))
	})
	return slices.CompactFunc(list, func(a, b Finding) bool { return a.Rule == b.Rule && a.From == b.From && a.To == b.To })
}
