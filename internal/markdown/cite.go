package markdown

import (
	"cmp"
	"html"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/util"
)

// run is the text of one block as a reader reads it: emphasis does not cut
// it, and it knows for each byte which node it came from.
type run struct {
	source []byte
	text   strings.Builder
	pieces []piece
	soft   *ast.Text // a line break whose right neighbour is not known yet
	last   rune
}

// piece is one text node's share of a run.
type piece struct {
	node  *ast.Text
	start int  // offset of the node's first byte in the run
	fixed bool // inside a link, or not plain source bytes: read for context, never wrapped
}

// object stands in a run for an image, a piece of code or an address, so that
// words on both sides of it do not grow together.
const object = '\uFFFC'

// weave visits every block that holds text: it joins lines where Chinese
// meets Chinese, and marks the citations cite finds.
func weave(block ast.Node, source []byte, cite func(string) []Link) {
	if block.IsRaw() {
		return
	}
	if first := block.FirstChild(); first != nil && first.Type() == ast.TypeInline {
		r := run{source: source}
		r.collect(block, false)
		r.mark(cite)
		return
	}
	for c := block.FirstChild(); c != nil; c = c.NextSibling() {
		weave(c, source, cite)
	}
}

func (r *run) collect(parent ast.Node, fixed bool) {
	for c := parent.FirstChild(); c != nil; c = c.NextSibling() {
		switch n := c.(type) {
		case *ast.Text:
			r.add(n, fixed)
		case *ast.Link:
			r.collect(n, true)
		case *ast.CodeSpan, *ast.Image, *ast.AutoLink, *ast.String:
			r.feed(object)
			r.text.WriteRune(object)
		case *ast.RawHTML:
		default:
			r.collect(n, fixed)
		}
	}
}

func (r *run) add(n *ast.Text, fixed bool) {
	value := n.Segment.Value(r.source)
	if len(value) > 0 {
		first, _ := utf8.DecodeRune(value)
		r.feed(first)
		r.pieces = append(r.pieces, piece{n, r.text.Len(), fixed || n.Segment.Padding > 0})
		r.text.Write(value)
		r.last, _ = utf8.DecodeLastRune(value)
	}
	switch {
	case n.HardLineBreak():
		r.text.WriteByte('\n')
		r.last = '\n'
	case n.SoftLineBreak():
		r.soft = n
	}
}

// feed settles a waiting line break now that the next character is known:
// between Chinese characters a line break is nothing, elsewhere a space.
func (r *run) feed(next rune) {
	if r.soft != nil {
		if isChinese(r.last) && isChinese(next) {
			r.soft.SetSoftLineBreak(false)
		} else {
			r.text.WriteByte(' ')
		}
	}
	r.soft, r.last = nil, next
}

// address finds web addresses. goldmark only looks for them after a space,
// and 请登录https://www.12333.gov.cn查询 has none.
var address = regexp.MustCompile(`https?://[A-Za-z0-9][-A-Za-z0-9.]*\.[A-Za-z]{2,}(?::\d+)?(?:[/?#][-A-Za-z0-9@:%._+~#=/?&;,!$'()*]*)?`)

// mark wraps what cite finds in class cite, and bare addresses.
func (r *run) mark(cite func(string) []Link) {
	if len(r.pieces) == 0 {
		return
	}
	s := r.text.String()
	var spans []span
	if cite != nil {
		for _, l := range cite(s) {
			spans = append(spans, span{l, "cite"})
		}
	}
	if strings.Contains(s, "://") {
		for _, m := range address.FindAllStringIndex(s, -1) {
			found := strings.TrimRight(s[m[0]:m[1]], "?!.,:;'*~)")
			spans = append(spans, span{Link{Start: m[0], End: m[0] + len(found), Href: html.UnescapeString(found)}, ""})
		}
	}
	r.apply(spans)
}

// span is a Link and the class it gets.
type span struct {
	Link
	class string
}

// apply wraps the text nodes, or the parts of them, that links cover.
func (r *run) apply(links []span) {
	slices.SortStableFunc(links, func(a, b span) int { return cmp.Compare(a.Start, b.Start) })
	p := 0
	covered := 0
	for _, l := range links {
		if l.Start < covered || l.End <= l.Start || l.End > r.text.Len() {
			continue
		}
		covered = l.End
		for p < len(r.pieces) && r.pieces[p].end() <= l.Start {
			p++
		}
		r.wrap(p, l)
	}
}

func (p piece) end() int { return p.start + p.node.Segment.Len() }

// wrap marks one link, starting at piece p. Pieces that stand side by side
// share one element; elsewhere every part gets its own.
func (r *run) wrap(p int, l span) {
	var open *citation
	for ; p < len(r.pieces) && r.pieces[p].start < l.End; p++ {
		pc := &r.pieces[p]
		if pc.fixed {
			open = nil
			continue
		}
		part := pc.isolate(max(l.Start, pc.start), min(l.End, pc.end()))
		parent := part.Parent()
		if open != nil && open.NextSibling() == ast.Node(part) {
			open.AppendChild(open, part)
			continue
		}
		open = &citation{span: l}
		parent.InsertBefore(parent, part, open)
		open.AppendChild(open, part)
	}
}

// isolate splits the piece's node so that one node holds exactly the bytes
// from..to of the run, and returns that node. The piece goes on with what is
// left behind it. A line break that follows stays outside.
func (p *piece) isolate(from, to int) *ast.Text {
	n, parent := p.node, p.node.Parent()
	if cut := from - p.start; cut > 0 {
		middle := n.Segment.Start + cut
		parent.InsertBefore(parent, n, ast.NewTextSegment(n.Segment.WithStop(middle)))
		n.Segment, p.start = n.Segment.WithStart(middle), from
	}
	cut := to - p.start
	if cut == n.Segment.Len() && !n.SoftLineBreak() && !n.HardLineBreak() {
		return n
	}
	middle := n.Segment.Start + cut
	part := ast.NewTextSegment(n.Segment.WithStop(middle))
	parent.InsertBefore(parent, n, part)
	n.Segment, p.start = n.Segment.WithStart(middle), to
	return part
}

var kindCitation = ast.NewNodeKind("Citation")

// citation is the part of the text that names an article, or a bare address.
type citation struct {
	ast.BaseInline
	span
}

func (*citation) Kind() ast.NodeKind              { return kindCitation }
func (n *citation) Dump(source []byte, level int) { ast.DumpHelper(n, source, level, nil, nil) }

type citationRenderer struct{}

func (citationRenderer) RegisterFuncs(reg renderer.NodeRendererFuncRegisterer) {
	reg.Register(kindCitation, renderCitation)
}

func renderCitation(w util.BufWriter, _ []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	n := node.(*citation)
	tag := "a"
	if n.Href == "" {
		tag = "span"
	}
	if !entering {
		_, _ = w.WriteString("</" + tag + ">")
		return ast.WalkContinue, nil
	}
	_, _ = w.WriteString("<" + tag)
	if n.class != "" {
		_, _ = w.WriteString(` class="` + n.class + `"`)
	}
	if n.Href != "" {
		_, _ = w.WriteString(` href="`)
		_, _ = w.Write(util.EscapeHTML(util.URLEscape([]byte(n.Href), false)))
		_ = w.WriteByte('"')
	}
	if n.Title != "" {
		_, _ = w.WriteString(` title="`)
		_, _ = w.Write(util.EscapeHTML([]byte(n.Title)))
		_ = w.WriteByte('"')
	}
	_ = w.WriteByte('>')
	return ast.WalkContinue, nil
}
