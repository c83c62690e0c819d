package content

import (
	"bytes"
	"errors"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"gopkg.in/yaml.v3"
)

// sheet is a file of the tree: a text with what its front matter says besides.
type sheet struct {
	Kind      Kind // "" unless the file says so
	Slug      string
	Text      Text
	State     State     // Published, Withdrawn, Draft, or "" when the file does not say
	Published time.Time // first publication, written by Export
	Updated   time.Time // publication of this edition, when it is not the first
	Reason    string    // of a withdrawal
}

// fault is one thing wrong with a file.
type fault struct {
	line    int
	field   string
	level   Level
	message string
}

// fence is the line around the front matter.
const fence = "---"

// parseSheet reads a file of the tree. With a fault of level Error the sheet is
// not to be used.
func parseSheet(src []byte) (sheet, []fault) {
	var s sheet
	front, body, ok := cutFront(src)
	if !ok {
		message := "文件开头没有用 --- 围起来的文章信息。"
		if bytes.HasPrefix(src, []byte("+++")) {
			message = "文章信息是 TOML（+++），请改成 YAML（---）。"
		}
		return s, []fault{{line: 1, level: Error, message: message}}
	}
	faults := s.read(front)
	s.Text.Body = string(body)
	s.Text = tidy(s.Text)
	return s, faults
}

// cutFront parts a file at its two fences.
func cutFront(src []byte) (front, body []byte, ok bool) {
	first, rest, found := bytes.Cut(src, []byte("\n"))
	if !found || !isFence(first) {
		return nil, nil, false
	}
	for at := 0; at < len(rest); {
		line, _, more := bytes.Cut(rest[at:], []byte("\n"))
		next := at + len(line) + 1
		if isFence(line) {
			return rest[:at], rest[min(next, len(rest)):], true
		}
		if !more {
			break
		}
		at = next
	}
	return nil, nil, false
}

func isFence(line []byte) bool { return string(bytes.TrimRight(line, " \t\r")) == fence }

// read takes the fields of the front matter.
func (s *sheet) read(front []byte) []fault {
	var doc yaml.Node
	if err := yaml.Unmarshal(front, &doc); err != nil {
		return []fault{yamlFault(err)}
	}
	if doc.Kind == 0 {
		return []fault{{line: 1, field: "title", level: Error, message: "文章信息是空的，至少要有 title。"}}
	}
	fields := doc.Content[0]
	if fields.Kind != yaml.MappingNode {
		return []fault{{line: 2, level: Error, message: "文章信息要写成“名称: 内容”，每行一项。"}}
	}
	var faults []fault
	seen := map[string]bool{}
	for i := 0; i+1 < len(fields.Content); i += 2 {
		key, value := fields.Content[i], fields.Content[i+1]
		f := fault{line: key.Line + 1, field: key.Value, level: Error}
		switch err := s.set(key.Value, value); {
		case seen[key.Value]:
			f.message = "这一项写了两次。"
		case errors.Is(err, errIgnored):
			f.level, f.message = Info, "这一项用不上，已略过。"
		case err != nil:
			f.message = err.Error()
		}
		seen[key.Value] = true
		if f.message != "" {
			faults = append(faults, f)
		}
	}
	return faults
}

// yamlFault translates the parser's complaint. Its line, which the parser knows
// only roughly, counts from the fence.
func yamlFault(err error) fault {
	text := strings.TrimPrefix(err.Error(), "yaml: ")
	var wrong *yaml.TypeError
	if errors.As(err, &wrong) && len(wrong.Errors) > 0 {
		text = wrong.Errors[0]
	}
	f := fault{line: 1, level: Error, message: "这里不是正确的 YAML：" + text}
	m := yamlForm.FindStringSubmatch(text)
	if m == nil {
		return f
	}
	if line, err := strconv.Atoi(m[1]); err == nil {
		f.line = line + 1
	}
	if f.message = "这一行附近不是正确的 YAML：" + m[3]; m[2] != "" {
		f.field, f.message = m[2], noField
	}
	return f
}

var yamlForm = regexp.MustCompile(`^line (\d+): (?:field (\S+) not found in type|(.*))`)

const noField = "没有这一项，请检查拼写。"

var errIgnored = errors.New("ignored")

// faultText is a Chinese sentence on its way into a fault.
type faultText string

func (t faultText) Error() string { return string(t) }

// hugoFields are what Hugo trees carry and we have no place for.
var hugoFields = []string{"aliases", "build", "cascade", "categories", "images", "isCJKLanguage", "keywords", "lastmod",
	"layout", "linkTitle", "markup", "menu", "menus", "outputs", "params", "publishDate", "series", "sitemap", "tags",
	"translationKey", "url", "weight", "toc", "type"}

func (s *sheet) set(name string, v *yaml.Node) error {
	t := &s.Text
	lines := map[string]*string{"title": &t.Title, "slug": &s.Slug, "answer": &t.Answer, "summary": &t.Summary,
		"column": &t.Column, "author": &t.Author, "origin": &t.Origin, "cover": &t.Cover, "cover_alt": &t.CoverAlt,
		"reason": &s.Reason, "description": &t.Summary}
	lists := map[string]*[]string{"topics": &t.Topics, "audience": &t.Audience, "sources": &t.Sources}
	if dst := lines[name]; dst != nil {
		return readLine(v, dst)
	}
	if dst := lists[name]; dst != nil {
		return readList(v, dst)
	}
	switch name {
	case "checked":
		return readDay(v, &t.Checked)
	case "written", "date":
		return readDay(v, &t.Written)
	case "published":
		return readTime(v, &s.Published)
	case "updated":
		return readTime(v, &s.Updated)
	case "attachments":
		return readAttachments(v, &t.Attachments)
	case "kind":
		return readKind(v, &s.Kind)
	case "state":
		return readState(v, &s.State)
	case "draft":
		return readDraft(v, &s.State)
	}
	if slices.Contains(hugoFields, name) {
		return errIgnored
	}
	return faultText(noField)
}

// readLine takes any scalar as it is written: 12348 and 2026-11-01 are texts
// here, whatever YAML thinks they are.
func readLine(v *yaml.Node, dst *string) error {
	switch {
	case v.Kind == yaml.AliasNode:
		return faultText("不能用 YAML 的锚点（*），请直接写出内容。")
	case v.Kind != yaml.ScalarNode:
		return faultText("这一项要写成一行文字。")
	case v.Tag == "!!null":
		return nil
	case v.Tag == "!!binary":
		return faultText("这一项要写成文字，不能是二进制内容。")
	}
	*dst = oneLine(v.Value)
	return nil
}

func readList(v *yaml.Node, dst *[]string) error {
	if v.Kind == yaml.ScalarNode { // topics: wages
		var one string
		if err := readLine(v, &one); err != nil || one == "" {
			return err
		}
		*dst = []string{one}
		return nil
	}
	if v.Kind != yaml.SequenceNode {
		return faultText("这一项要写成列表，例如 [甲, 乙]。")
	}
	for _, item := range v.Content {
		var one string
		if err := readLine(item, &one); err != nil {
			return faultText("列表里的每一条要写成一行文字。")
		}
		*dst = append(*dst, one)
	}
	return nil
}

// readDay takes a day, or the day of a time of Hugo's.
func readDay(v *yaml.Node, dst *string) error {
	if err := readLine(v, dst); err != nil || *dst == "" || isDay(*dst) {
		return err
	}
	var t time.Time
	if v.Decode(&t) != nil || t.Year() < 1 || t.Year() > 9999 {
		return faultText("日期请写成 2026-11-01 的样子。")
	}
	if *dst = t.Format(time.DateOnly); !isDay(*dst) {
		return faultText("日期请写成 2026-11-01 的样子。")
	}
	return nil
}

func readTime(v *yaml.Node, dst *time.Time) error {
	t, err := time.Parse(time.RFC3339, v.Value)
	if err != nil || v.Kind != yaml.ScalarNode {
		return faultText("时间请写成 2026-11-01T09:30:00+08:00 的样子。")
	}
	*dst = t.UTC()
	return nil
}

func readAttachments(v *yaml.Node, dst *[]Attachment) error {
	if v.Tag == "!!null" {
		return nil
	}
	wrong := faultText("附件要写成列表，每一条有 file 和 name。")
	if v.Kind != yaml.SequenceNode {
		return wrong
	}
	for _, item := range v.Content {
		if item.Kind != yaml.MappingNode {
			return wrong
		}
		var a Attachment
		for i := 0; i+1 < len(item.Content); i += 2 {
			field := map[string]*string{"file": &a.File, "name": &a.Name}[item.Content[i].Value]
			if field == nil || readLine(item.Content[i+1], field) != nil {
				return wrong
			}
		}
		*dst = append(*dst, a)
	}
	return nil
}

func readKind(v *yaml.Node, dst *Kind) error {
	if *dst = Kind(v.Value); !dst.Valid() {
		return faultText("类别只能是 guide、notice、news、qa、page。")
	}
	return nil
}

func readState(v *yaml.Node, dst *State) error {
	switch *dst = State(v.Value); *dst {
	case Draft, Published, Withdrawn:
		return nil
	}
	return faultText("状态只能是 draft、published、withdrawn。")
}

func readDraft(v *yaml.Node, dst *State) error {
	var draft bool
	if v.Decode(&draft) != nil {
		return faultText("draft 只能是 true 或 false。")
	}
	if *dst = Published; draft {
		*dst = Draft
	}
	return nil
}

// bytes writes the file that parseSheet reads back as the same sheet. It is the
// one spelling: fields in this order, empty ones left out.
func (s sheet) bytes() ([]byte, error) {
	m := &yaml.Node{Kind: yaml.MappingNode}
	t := s.Text
	putLine(m, "title", t.Title)
	putLine(m, "slug", s.Slug)
	putList(m, "topics", t.Topics, yaml.FlowStyle)
	putLine(m, "column", t.Column)
	putLine(m, "answer", t.Answer)
	putLine(m, "summary", t.Summary)
	putList(m, "audience", t.Audience, yaml.FlowStyle)
	putList(m, "sources", t.Sources, 0)
	putPlain(m, "checked", t.Checked)
	putLine(m, "author", t.Author)
	putLine(m, "origin", t.Origin)
	putPlain(m, "written", t.Written)
	putLine(m, "cover", t.Cover)
	putLine(m, "cover_alt", t.CoverAlt)
	if len(t.Attachments) > 0 {
		var list yaml.Node
		if err := list.Encode(t.Attachments); err != nil {
			return nil, err
		}
		put(m, "attachments", &list)
	}
	putPlain(m, "state", string(s.State))
	putTime(m, "published", s.Published)
	putTime(m, "updated", s.Updated)
	putLine(m, "reason", s.Reason)

	var b bytes.Buffer
	b.WriteString(fence + "\n")
	e := yaml.NewEncoder(&b)
	e.SetIndent(2)
	if err := e.Encode(m); err != nil {
		return nil, err
	}
	b.WriteString(fence + "\n")
	if t.Body != "" {
		b.WriteString("\n" + t.Body + "\n")
	}
	return b.Bytes(), nil
}

func put(m *yaml.Node, name string, v *yaml.Node) {
	m.Content = append(m.Content, &yaml.Node{Kind: yaml.ScalarNode, Value: name}, v)
}

func scalar(s string) *yaml.Node {
	var n yaml.Node
	n.SetString(s)
	return &n
}

func putLine(m *yaml.Node, name, s string) {
	if s != "" {
		put(m, name, scalar(s))
	}
}

// putPlain writes a word or a day without the quotes that YAML would put around
// a text that looks like a date. An odd value, from a draft, gets them.
func putPlain(m *yaml.Node, name, s string) {
	if s != "" && (isDay(s) || name == "state") {
		put(m, name, &yaml.Node{Kind: yaml.ScalarNode, Value: s})
		return
	}
	putLine(m, name, s)
}

func putTime(m *yaml.Node, name string, t time.Time) {
	if !t.IsZero() {
		put(m, name, &yaml.Node{Kind: yaml.ScalarNode, Value: t.In(zone).Format(time.RFC3339)})
	}
}

func putList(m *yaml.Node, name string, list []string, style yaml.Style) {
	if len(list) == 0 {
		return
	}
	n := &yaml.Node{Kind: yaml.SequenceNode, Style: style}
	for _, s := range list {
		n.Content = append(n.Content, scalar(s))
	}
	put(m, name, n)
}
