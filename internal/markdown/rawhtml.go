package markdown

import (
	"bytes"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/util"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// rawHTMLRenderer writes the HTML an author put into the Markdown, tag by
// tag. It is the first of two gates, and its task is that nothing leaks out
// of its node: an unclosed comment, quote, <title> or <script> would swallow
// the rest of the document before the sanitiser, the second gate, could see it.
type rawHTMLRenderer struct{}

func (r rawHTMLRenderer) RegisterFuncs(reg renderer.NodeRendererFuncRegisterer) {
	reg.Register(ast.KindRawHTML, r.renderInline)
	reg.Register(ast.KindHTMLBlock, r.renderBlock)
}

func (rawHTMLRenderer) renderInline(w util.BufWriter, source []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	if entering {
		writeTags(w, node.(*ast.RawHTML).Segments.Value(source))
	}
	return ast.WalkSkipChildren, nil
}

func (rawHTMLRenderer) renderBlock(w util.BufWriter, source []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	if entering {
		n := node.(*ast.HTMLBlock)
		raw := n.Lines().Value(source)
		if n.HasClosure() {
			raw = append(bytes.Clone(raw), n.ClosureLine.Value(source)...)
		}
		writeTags(w, raw)
	}
	return ast.WalkContinue, nil
}

func writeTags(w util.BufWriter, raw []byte) {
	z := html.NewTokenizer(bytes.NewReader(raw))
	code := 0 // how deep inside script or style, whose text no reader should see
	for {
		switch z.Next() {
		case html.ErrorToken:
			return
		case html.TextToken:
			if code == 0 {
				_, _ = w.WriteString(html.EscapeString(string(z.Text())))
			}
		case html.StartTagToken, html.SelfClosingTagToken:
			tag := bytes.Clone(z.Raw())
			name, _ := z.TagName()
			switch a := atom.Lookup(name); {
			case a == atom.Script || a == atom.Style:
				code++
			case allowed[a]:
				_, _ = w.Write(tag)
			default:
				z.NextIsNotRawText() // the text in <textarea> or <title> is just text
			}
		case html.EndTagToken:
			tag := bytes.Clone(z.Raw())
			name, _ := z.TagName()
			switch a := atom.Lookup(name); {
			case a == atom.Script || a == atom.Style:
				code = max(code-1, 0)
			case allowed[a]:
				_, _ = w.Write(tag)
			}
		}
	}
}
