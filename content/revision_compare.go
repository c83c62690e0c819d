package content

import (
	"strings"

	"github.com/songfa/songfa/content/merge"
)

// FieldChange is one field that two texts have different.
type FieldChange struct {
	Name  string // of the form's field: title, body …
	Label string // 标题, 正文 …
	List  bool   // the runs are whole entries, each ending with a line end
	Runs  []merge.Run
}

// Compare lists the fields that differ, in the order of the form. Body, title,
// answer and summary are compared by character, lists by entry, attachments by
// name, the rest as wholes.
func Compare(older, newer Text) []FieldChange {
	var list []FieldChange
	for _, f := range textFields {
		a, b := f.get(older), f.get(newer)
		if a == b {
			continue
		}
		c := FieldChange{Name: f.name, Label: f.label, List: f.how == entries || f.how == anyOrder}
		switch f.how {
		case characters:
			c.Runs = merge.Diff(a, b)
		default:
			c.Runs = merge.DiffItems(f.items(a), f.items(b))
		}
		list = append(list, c)
	}
	return list
}

// ChangeSize counts the characters that were inserted and deleted.
func ChangeSize(list []FieldChange) (inserted, deleted int) {
	for _, c := range list {
		i, d := merge.Size(c.Runs)
		inserted, deleted = inserted+i, deleted+d
	}
	return inserted, deleted
}

// comparing says what of a field is compared with what.
type comparing int

const (
	characters comparing = iota // by character
	whole                       // one value
	entries                     // a list in which the order matters
	anyOrder                    // a set
)

// textField is a field of Text as a string: lists have one entry a line, each
// with its line end.
type textField struct {
	name, label string
	how         comparing
	get         func(Text) string
	set         func(*Text, string)
}

// items is the value of a list by entry, of another field as the one entry it is.
func (f textField) items(value string) []string {
	if value == "" {
		return nil
	}
	if f.how == whole {
		return []string{value}
	}
	list := strings.SplitAfter(value, "\n")
	return list[:len(list)-1] // after the last line end there is nothing
}

// textFields is every field of Text, in the order of the form.
var textFields = []textField{
	line("title", "标题", characters, func(t *Text) *string { return &t.Title }),
	line("answer", "一句话答案", characters, func(t *Text) *string { return &t.Answer }),
	line("body", "正文", characters, func(t *Text) *string { return &t.Body }),
	list("topics", "主题", anyOrder, func(t *Text) *[]string { return &t.Topics }),
	line("column", "栏目", whole, func(t *Text) *string { return &t.Column }),
	list("audience", "适合谁", anyOrder, func(t *Text) *[]string { return &t.Audience }),
	line("summary", "摘要", characters, func(t *Text) *string { return &t.Summary }),
	list("sources", "法律依据", entries, func(t *Text) *[]string { return &t.Sources }),
	line("checked", "核对日期", whole, func(t *Text) *string { return &t.Checked }),
	line("author", "作者", whole, func(t *Text) *string { return &t.Author }),
	line("origin", "来源", whole, func(t *Text) *string { return &t.Origin }),
	line("written", "成文日期", whole, func(t *Text) *string { return &t.Written }),
	line("cover", "题图", whole, func(t *Text) *string { return &t.Cover }),
	line("cover_alt", "题图说明", characters, func(t *Text) *string { return &t.CoverAlt }),
	{"attachments", "附件", entries, attachmentLines, setAttachments},
}

func line(name, label string, how comparing, at func(*Text) *string) textField {
	return textField{name, label, how, func(t Text) string { return *at(&t) }, func(t *Text, v string) { *at(t) = v }}
}

func list(name, label string, how comparing, at func(*Text) *[]string) textField {
	get := func(t Text) string {
		var b strings.Builder
		for _, v := range *at(&t) {
			b.WriteString(v + "\n")
		}
		return b.String()
	}
	set := func(t *Text, v string) {
		*at(t) = nil
		if v != "" {
			*at(t) = strings.Split(strings.TrimSuffix(v, "\n"), "\n")
		}
	}
	return textField{name, label, how, get, set}
}

// attachmentLines has an attachment a line: its name, a tab, its address.
func attachmentLines(t Text) string {
	var b strings.Builder
	for _, a := range t.Attachments {
		b.WriteString(a.Name + "\t" + a.File + "\n")
	}
	return b.String()
}

func setAttachments(t *Text, v string) {
	t.Attachments = nil
	for _, l := range strings.Split(v, "\n") {
		if name, file, ok := strings.Cut(l, "\t"); ok {
			t.Attachments = append(t.Attachments, Attachment{File: file, Name: name})
		}
	}
}
