package markdown

import (
	"bytes"

	"github.com/microcosm-cc/bluemonday"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	extast "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/renderer/html"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// engine is what all Renderers share: grammar, HTML writer and sanitiser.
type engine struct {
	md     goldmark.Markdown
	policy *bluemonday.Policy
}

func newEngine() *engine {
	md := goldmark.New(
		goldmark.WithExtensions(
			hanEmphasis{}, callouts{}, boundedTables{},
			extension.NewLinkify(extension.WithLinkifyAllowedProtocols([]string{"http:", "https:"})),
			extension.NewFootnote(extension.WithFootnoteBacklinkTitle("回到正文第 ^^ 个注释处")),
			extension.DefinitionList,
		),
		goldmark.WithParserOptions(parser.WithInlineParsers(util.Prioritized(extension.NewTaskCheckBoxParser(), 0))),
		goldmark.WithRendererOptions(
			html.WithUnsafe(), // not the last word: two gates follow, see rawhtml.go and policy.go
			renderer.WithNodeRenderers(
				util.Prioritized(rawHTMLRenderer{}, 100),
				util.Prioritized(citationRenderer{}, 100),
				util.Prioritized(taskRenderer{}, 100),
			),
		),
	)
	return &engine{md: md, policy: newPolicy()}
}

// render is the way of a text through its five stages: parse, weave citations
// in, write HTML, sanitise, dress.
func (r *Renderer) render(src []byte) (Document, error) {
	if err := measure(src); err != nil {
		return Document{}, err
	}
	pc := parser.NewContext()
	tree := r.md.Parser().Parse(text.NewReader(src), parser.WithContext(pc))
	if pc.Get(tableTooLargeKey) != nil {
		return Document{}, refuse("表格太大，请拆成几张，或作为附件上传。", "table over %d cells", maxCells)
	}
	if deeperThan(tree, maxDepth) {
		return Document{}, tooDeep("blocks nest deeper than %d", maxDepth)
	}
	furnish(tree, src, r.cfg.Quote)
	weave(tree, src, r.cfg.Cite)
	var page bytes.Buffer
	page.Grow(3 * len(src))
	if err := r.md.Renderer().Render(&page, src, tree); err != nil {
		return Document{}, err // only a writer fails, and a buffer does not
	}
	return r.dress(r.policy.SanitizeReader(&page), hasHTML(tree))
}

// hasHTML reports whether the author wrote HTML.
func hasHTML(tree ast.Node) (found bool) {
	_ = ast.Walk(tree, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if n.Kind() == ast.KindRawHTML || n.Kind() == ast.KindHTMLBlock {
			found = true
			return ast.WalkStop, nil
		}
		return ast.WalkContinue, nil
	})
	return found
}

// clean drops what HTML may not hold: NUL and the other control characters, a
// byte order mark, bytes that are not UTF-8; and makes every line end in \n.
func clean(src []byte) []byte {
	src = bytes.TrimPrefix(src, []byte("\uFEFF"))
	src = bytes.ToValidUTF8(src, []byte("\uFFFD"))
	src = bytes.ReplaceAll(src, []byte("\r\n"), []byte("\n"))
	return bytes.Map(func(r rune) rune {
		switch {
		case r == '\r' || r == '\u2028' || r == '\u2029':
			return '\n'
		case unprintable(r):
			return -1
		}
		return r
	}, src)
}

// taskRenderer draws the box of a task list as a character: a real checkbox
// would invite a click that does nothing.
type taskRenderer struct{}

func (taskRenderer) RegisterFuncs(reg renderer.NodeRendererFuncRegisterer) {
	reg.Register(extast.KindTaskCheckBox, func(w util.BufWriter, _ []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
		if entering && n.(*extast.TaskCheckBox).IsChecked {
			_, _ = w.WriteString(`<span class="box" role="img" aria-label="已办">☑</span> `)
		} else if entering {
			_, _ = w.WriteString(`<span class="box" role="img" aria-label="未办">☐</span> `)
		}
		return ast.WalkContinue, nil
	})
}
