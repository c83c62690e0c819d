package site

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/text/width"

	"github.com/songfa/songfa/events"
	"github.com/songfa/songfa/internal/vault"
	"github.com/songfa/songfa/themes"
)

// question is one thing a request asks, with how the answer is read from the
// form and written back.
type question struct {
	themes.FormField
	problem string // field of events.RequestForm.Problems; "" is Name
	get     func(f *events.RequestForm) []string
	// set takes what was typed. It returns a sentence when it cannot be read; what
	// can be read but is wrong is for the domain to judge.
	set func(f *events.RequestForm, typed []string) string
}

// group is a part of a step.
type group struct {
	legend, hint string
	row          bool
	questions    []question
}

// step is one page of a request.
type step struct {
	slug, name, title string
	groups            []group
}

// asking is what the answers are chosen from.
type asking struct {
	rules  events.Rules
	towns  []events.Town
	venues []events.Venue
}

// checkStep is the slug of the last step, which asks nothing.
const checkStep = "check"

// steps are the pages of a request, in order, without the last.
func (a asking) steps() []step {
	return []step{
		{"unit", "单位", "哪个单位，找谁联系", []group{{questions: a.who()}}},
		{"session", "活动", "什么活动，想听什么", []group{{questions: a.what()}}},
		{"when", "时间地点", "什么时间、在哪里讲", a.when()},
		{"people", "人数", "大约来多少人", []group{{questions: a.people()}}},
		{"needs", "需要什么", "现场有什么，要我们带什么", []group{{questions: a.needs()}}},
	}
}

func (a asking) who() []question {
	return append(contactQuestions(),
		choice("unit_kind", "单位类型", themes.Picks, unitKinds, func(f *events.RequestForm) *string { return &f.UnitKind }),
		with(line("uscc", "统一社会信用代码", "营业执照上的 18 位，手边没有就不填", func(f *events.RequestForm) *string { return &f.USCC }), func(q *question) { q.Max = 40 }))
}

// contactQuestions are asked first: with the phone a draft can be found again.
func contactQuestions() []question {
	return []question{
		with(line("unit", "单位名称", "写全称，比如“东湖电子有限公司”", func(f *events.RequestForm) *string { return &f.Unit }), func(q *question) {
			q.Complete, q.Width, q.Must = "organization", "l", true
		}),
		with(line("contact", "联系人", "写名字和职务，比如“工会 陈霞”", func(f *events.RequestForm) *string { return &f.Contact }), func(q *question) {
			q.Complete, q.Must = "name", true
		}),
		phoneQuestion(),
	}
}

func phoneQuestion() question {
	q := line("phone", "手机号", "定时间、改时间打这个电话；座机请带区号。不用电子邮箱", func(f *events.RequestForm) *string { return &f.Phone })
	q.Kind, q.Complete, q.Must, q.Max = themes.PhoneField, "tel", true, 40
	q.get = func(f *events.RequestForm) []string { return []string{vault.LocalPhone(f.Phone)} }
	return q
}

var unitKinds = []themes.Option{{Value: "企业", Name: "企业"}, {Value: "建筑工地", Name: "建筑工地"}, {Value: "人社部门", Name: "人社部门"}, {Value: "招聘会主办方", Name: "招聘会主办方"},
	{Value: "镇街", Name: "镇街"}, {Value: "村（社区）", Name: "村（社区）"}, {Value: "学校", Name: "学校"}, {Value: "其他", Name: "其他"}}

func (a asking) what() []question {
	var types []themes.Option
	for _, t := range events.Types() {
		types = append(types, themes.Option{Value: string(t), Name: t.Label(), Glyph: t.Glyph()})
	}
	kind := question{FormField: themes.FormField{Name: "type", Label: "类型", Kind: themes.Picks, Options: types, Must: true},
		get: func(f *events.RequestForm) []string { return []string{string(f.Type)} },
		set: func(f *events.RequestForm, typed []string) string { f.Type = events.Type(first(typed)); return "" }}
	topic := line("topic", "想听什么", "一两句话，比如“加班怎么算，女职工有哪些假”", func(f *events.RequestForm) *string { return &f.Topic })
	topic.Kind, topic.Must = themes.AreaField, true
	title := line("title", "活动名称", "不填就用单位和想听的内容做名称", func(f *events.RequestForm) *string { return &f.Title })
	title.Width = "l"
	return []question{kind, topic, title}
}

func (a asking) people() []question {
	return []question{
		must(count("expected", "大约多少人", "", "人", func(f *events.RequestForm) *int { return &f.Expected })),
		must(yesNo("open", "别处的工友能不能报名来听", "能，留几个名额", "不能，只有我们自己的人", func(f *events.RequestForm) *bool { return &f.Open })),
		count("places", "留给别处工友的名额", "选“能”的要填；网上报满为止", "个", func(f *events.RequestForm) *int { return &f.Places }),
		must(yesNo("publish", "联系人和电话能不能告诉报名的人", "能", "不能，只给司法局", func(f *events.RequestForm) *bool { return &f.Publish })),
	}
}

var equipment = []string{"投影", "话筒", "桌椅", "电源", "饮用水", "停车位", "无台阶，轮椅能进"}

func (a asking) needs() []question {
	gear := question{FormField: themes.FormField{Name: "equipment", Label: "现场有什么", Kind: themes.Ticks},
		get: func(f *events.RequestForm) []string { return f.Equipment },
		set: func(f *events.RequestForm, typed []string) string { f.Equipment = slices.Clone(typed); return "" }}
	for _, e := range equipment {
		gear.Options = append(gear.Options, themes.Option{Value: e, Name: e})
	}
	notes := line("notes", "还有什么要说的", "比如外语、方言、夜班工人多；不要写别人的姓名和身份证号", func(f *events.RequestForm) *string { return &f.Notes })
	notes.Kind, notes.Max = themes.AreaField, 1000
	return []question{gear,
		count("lawyers", "要几位律师", "不清楚就不填，我们看着安排", "位", func(f *events.RequestForm) *int { return &f.Lawyers }),
		count("brochures", "要多少本普法手册", "", "本", func(f *events.RequestForm) *int { return &f.Brochures }), notes}
}

// with changes a question.
func with(q question, change func(*question)) question {
	change(&q)
	return q
}

func must(q question) question {
	q.Must = true
	return q
}

// line is a question answered with a text. The limit of the field is far beyond
// that of the rule, so that what is too long can be read and shortened.
func line(name, label, hint string, at func(*events.RequestForm) *string) question {
	return question{FormField: themes.FormField{Name: name, Label: label, Hint: hint, Max: 300},
		get: func(f *events.RequestForm) []string { return []string{*at(f)} },
		set: func(f *events.RequestForm, typed []string) string { *at(f) = first(typed); return "" }}
}

func choice(name, label string, kind themes.FieldKind, options []themes.Option, at func(*events.RequestForm) *string) question {
	q := line(name, label, "", at)
	q.Kind, q.Options = kind, options
	q.set = func(f *events.RequestForm, typed []string) string {
		if v := first(typed); v != "" && !isOption(options, v) {
			return "没有“" + shorten(v, 20) + "”这一项，请从列出的里面选。"
		}
		*at(f) = first(typed)
		return ""
	}
	return q
}

// count is a question answered with a number; 0 is left empty.
func count(name, label, hint, unit string, at func(*events.RequestForm) *int) question {
	return question{FormField: themes.FormField{Name: name, Label: label, Hint: hint, Kind: themes.CountField, Unit: unit, Max: 40},
		get: func(f *events.RequestForm) []string {
			if *at(f) == 0 {
				return []string{""}
			}
			return []string{strconv.Itoa(*at(f))}
		},
		set: func(f *events.RequestForm, typed []string) string {
			n, problem := readCount(first(typed))
			if problem == "" {
				*at(f) = n
			}
			return problem
		}}
}

var aboutCount = regexp.MustCompile(`^(?:约|大约|大概)?([0-9]{1,9})(?:多)?[人个位本份名场册]?(?:左右)?$`)

// readCount reads a whole number as people write it: 40, ４０, 约 40 人; "" is 0.
func readCount(typed string) (n int, problem string) {
	text := strings.NewReplacer(" ", "", ",", "", "\u3000", "").Replace(width.Narrow.String(typed))
	if text == "" {
		return 0, ""
	}
	m := aboutCount.FindStringSubmatch(text)
	if m == nil {
		return 0, "“" + shorten(typed, 20) + "”不是能用的数字，请写成 40 这样的整数。"
	}
	n, _ = strconv.Atoi(m[1]) // nine digits fit
	return n, ""
}

func yesNo(name, label, yes, no string, at func(*events.RequestForm) *bool) question {
	return question{FormField: themes.FormField{Name: name, Label: label, Kind: themes.Picks, Options: []themes.Option{{Value: "yes", Name: yes}, {Value: "no", Name: no}}},
		get: func(f *events.RequestForm) []string {
			if *at(f) {
				return []string{"yes"}
			}
			return []string{"no"}
		},
		set: func(f *events.RequestForm, typed []string) string { *at(f) = first(typed) == "yes"; return "" }}
}

func first(list []string) string {
	if len(list) == 0 {
		return ""
	}
	return list[0]
}
