package markdown

import (
	"bytes"
	"unicode/utf8"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// calloutKind is one word that may follow ::: and how its block looks.
type calloutKind struct {
	word  string // what the author writes
	class string // of the block
	label string // what the reader sees on top
}

// calloutKinds are the callouts there are; any other word stays plain text.
var calloutKinds = []calloutKind{
	{"答案", "answer", "一句话答案"},
	{"期限", "note due", "期限"},
	{"证据", "note proof", "证据"},
	{"提示", "note tip", "提示"},
	{"警告", "note warn", "警告"},
	{"法条", "lawquote", "法条"},
	{"步骤", "howto", "步骤"},
	{"联系", "contact", "联系"},
	{"附件", "attach", "附件"},
}

// Block is a kind of callout as an editor offers it.
type Block struct {
	Word   string // 期限
	Hint   string // what it is for
	Title  string // an example of its title; "" when it has none as a rule
	Sample string // an example of what is in it, Markdown
}

// Blocks lists the kinds of callout in the order in which editors want them.
func Blocks() []Block {
	return []Block{
		{"期限", "多久以内要办，过了会怎样", "", "写明从哪一天算起，例如：离职之日起**一年内**。"},
		{"证据", "要留好、要带上的东西", "", "- 劳动合同、工资条\n- 考勤记录"},
		{"步骤", "一步一步怎么办，会编上号", "", "1. 先做什么\n2. 再做什么"},
		{"法条", "引一条法律的原文，文字由法规库填入", "《劳动合同法》第三十条", ""},
		{"联系", "电话、地址、时间，手机上一点就能打", "劳动保障监察大队", "- 电话：12333\n- 地址：\n- 时间：周一至周五 9:00–17:00"},
		{"附件", "要下载的表格和文件", "", "- [申请表](/media/…)"},
		{"提示", "顺带要知道的", "", "写在这里"},
		{"警告", "会吃亏、会违法的", "", "写在这里"},
		{"答案", "一句话说清楚", "", "写在这里"},
	}
}

// callouts is the goldmark extension for
//
//	:::期限 申请仲裁
//	离职之日起**一年内**。
//	:::
//
// A callout holds any blocks but another callout: where the next one begins,
// the last one ends, so a forgotten ::: spoils nothing but its own block.
// People type Chinese colons, so ：：： is the same as :::.
type callouts struct{}

func (callouts) Extend(m goldmark.Markdown) {
	m.Parser().AddOptions(parser.WithBlockParsers(util.Prioritized(calloutParser{}, 150)))
	m.Renderer().AddOptions(renderer.WithNodeRenderers(util.Prioritized(calloutRenderer{}, 500)))
}

var kindCallout, kindCalloutTitle = ast.NewNodeKind("Callout"), ast.NewNodeKind("CalloutTitle")

type callout struct {
	ast.BaseBlock
	kind   calloutKind
	quotes []Quote // of a 法条
}

func (*callout) Kind() ast.NodeKind              { return kindCallout }
func (n *callout) Dump(source []byte, level int) { ast.DumpHelper(n, source, level, nil, nil) }

// title is the author's title, nil without one.
func (n *callout) title() *calloutTitle {
	title, _ := n.FirstChild().(*calloutTitle)
	return title
}

// calloutTitle is the author's title behind the word, a block of inline text.
type calloutTitle struct{ ast.BaseBlock }

func (*calloutTitle) Kind() ast.NodeKind              { return kindCalloutTitle }
func (n *calloutTitle) Dump(source []byte, level int) { ast.DumpHelper(n, source, level, nil, nil) }

type calloutParser struct{}

// 0xEF begins the UTF-8 of the full-width colon.
func (calloutParser) Trigger() []byte { return []byte{':', 0xEF} }

func (calloutParser) Open(parent ast.Node, reader text.Reader, pc parser.Context) (ast.Node, parser.State) {
	line, segment := reader.PeekLine()
	rest, ok := fence(line)
	if !ok || insideCallout(parent) {
		return nil, parser.NoChildren
	}
	kind, title, ok := cutKind(rest)
	if !ok {
		return nil, parser.NoChildren
	}
	node := &callout{kind: kind}
	if len(title) > 0 {
		from := segment.Start + len(line) - len(rest) + bytes.LastIndex(rest, title)
		heading := &calloutTitle{}
		heading.Lines().Append(text.NewSegment(from, from+len(title)))
		node.AppendChild(node, heading)
	}
	skipLine(reader)
	return node, parser.HasChildren
}

func (calloutParser) Continue(node ast.Node, reader text.Reader, pc parser.Context) parser.State {
	line, _ := reader.PeekLine()
	rest, ok := fence(line)
	if !ok || insideFencedCode(pc) {
		return parser.Continue | parser.HasChildren
	}
	if len(bytes.TrimSpace(rest)) == 0 {
		skipLine(reader)
		return parser.Close
	}
	if _, _, ok := cutKind(rest); ok {
		return parser.Close // the line opens the next callout
	}
	return parser.Continue | parser.HasChildren
}

func (calloutParser) Close(ast.Node, text.Reader, parser.Context) {}
func (calloutParser) CanInterruptParagraph() bool                 { return true }
func (calloutParser) CanAcceptIndentedLine() bool                 { return false }

// skipLine takes the line but for its line break, which goldmark takes itself.
func skipLine(reader text.Reader) {
	line, _ := reader.PeekLine()
	reader.Advance(len(bytes.TrimSuffix(line, []byte("\n"))))
}

// fence cuts three or more colons off the front of a line that is indented
// by at most three spaces.
func fence(line []byte) (rest []byte, ok bool) {
	rest = bytes.TrimLeft(line, " ")
	if len(line)-len(rest) > 3 {
		return nil, false
	}
	colons := 0
	for len(rest) > 0 {
		r, n := utf8.DecodeRune(rest)
		if r != ':' && r != '：' {
			break
		}
		colons, rest = colons+1, rest[n:]
	}
	return rest, colons >= 3
}

// cutKind reads the word and the title that follow a fence.
func cutKind(rest []byte) (kind calloutKind, title []byte, ok bool) {
	rest = bytes.TrimSpace(rest)
	for _, k := range calloutKinds {
		after, found := bytes.CutPrefix(rest, []byte(k.word))
		if !found {
			continue
		}
		title = bytes.TrimSpace(after)
		if len(title) > 0 && len(title) == len(after) {
			title, found = cutColon(title) // 期限：申请仲裁 is fine, 期限届满 is no callout
		}
		return k, title, found
	}
	return calloutKind{}, nil, false
}

func cutColon(s []byte) ([]byte, bool) {
	r, n := utf8.DecodeRune(s)
	return bytes.TrimSpace(s[n:]), r == ':' || r == '：'
}

func insideCallout(n ast.Node) bool {
	for ; n != nil; n = n.Parent() {
		if n.Kind() == kindCallout {
			return true
		}
	}
	return false
}

// insideFencedCode reports whether the line belongs to a code block, where
// colons mean nothing.
func insideFencedCode(pc parser.Context) bool {
	last := pc.LastOpenedBlock().Node
	return last != nil && last.Kind() == ast.KindFencedCodeBlock
}

type calloutRenderer struct{}

func (calloutRenderer) RegisterFuncs(reg renderer.NodeRendererFuncRegisterer) {
	reg.Register(kindCallout, renderCallout)
	reg.Register(kindCalloutTitle, renderCalloutTitle)
}

func renderCallout(w util.BufWriter, _ []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	n := node.(*callout)
	if !entering {
		_, _ = w.WriteString("</div>\n")
		return ast.WalkContinue, nil
	}
	_, _ = w.WriteString(`<div class="` + n.kind.class + "\">\n")
	if n.title() == nil {
		open, end := labelTags(n.kind)
		_, _ = w.WriteString(open + n.kind.label + end)
	}
	return ast.WalkContinue, nil
}

// renderCalloutTitle puts the kind's word before the title, because colour
// never speaks alone; an answer's title stands for its label.
func renderCalloutTitle(w util.BufWriter, _ []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	parent := node.Parent().(*callout)
	kind := parent.kind
	open, end := labelTags(kind)
	if !entering {
		_, _ = w.WriteString(end)
		writeQuotes(w, parent.quotes)
		return ast.WalkContinue, nil
	}
	_, _ = w.WriteString(open)
	if kind.class != "answer" {
		_, _ = w.WriteString(kind.label + "：")
	}
	return ast.WalkContinue, nil
}

func labelTags(k calloutKind) (open, end string) {
	if k.class == "answer" {
		return `<p class="label">`, "</p>\n"
	}
	return "<strong>", "</strong>\n"
}
