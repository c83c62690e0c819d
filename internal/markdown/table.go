package markdown

import (
	"bytes"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// boundedTables is goldmark's table extension behind a bound: a header of
// 100,000 columns over 100,000 empty rows is a small text and a huge table.
type boundedTables struct{}

func (boundedTables) Extend(m goldmark.Markdown) {
	m.Parser().AddOptions(
		parser.WithParagraphTransformers(util.Prioritized(boundedTable{extension.NewTableParagraphTransformer()}, 200)),
		parser.WithASTTransformers(util.Prioritized(extension.NewTableASTTransformer(), 0)),
	)
	m.Renderer().AddOptions(renderer.WithNodeRenderers(util.Prioritized(
		// An attribute, for style= is against the content security policy;
		// dress makes a class of it.
		extension.NewTableHTMLRenderer(extension.WithTableCellAlignMethod(extension.TableCellAlignAttribute)), 500)))
}

// tableTooLargeKey is set in the parser's context when a table was refused.
var tableTooLargeKey = parser.NewContextKey()

type boundedTable struct{ parser.ParagraphTransformer }

func (t boundedTable) Transform(node *ast.Paragraph, reader text.Reader, pc parser.Context) {
	columns := 0
	for i := range node.Lines().Len() {
		line := node.Lines().At(i)
		if value := line.Value(reader.Source()); len(bytes.Trim(value, " \t\n|:-")) == 0 {
			columns = max(columns, bytes.Count(value, []byte{'|'})+1)
		}
	}
	if columns > maxColumns || columns*node.Lines().Len() > maxCells {
		pc.Set(tableTooLargeKey, true)
		return
	}
	t.ParagraphTransformer.Transform(node, reader, pc)
}
