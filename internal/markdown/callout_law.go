package markdown

import (
	"html"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/util"
)

// furnish prepares the callouts that need more than their text: a 法条 gets the
// words of its article, and in a 联系 each line is an entry of its own.
func furnish(tree ast.Node, source []byte, quote func(string) []Quote) {
	_ = ast.Walk(tree, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		c, ok := n.(*callout)
		if !ok || !entering {
			return ast.WalkContinue, nil
		}
		switch title := c.title(); {
		case c.kind.class == "lawquote" && title != nil && quote != nil:
			c.quotes = quote(string(title.Lines().Value(source)))
		case c.kind.class == "contact":
			breakLines(c)
		}
		return ast.WalkContinue, nil
	})
}

// breakLines makes every line break of a block one that readers see.
func breakLines(block ast.Node) {
	_ = ast.Walk(block, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if t, ok := n.(*ast.Text); ok && entering && t.SoftLineBreak() {
			t.SetSoftLineBreak(false)
			t.SetHardLineBreak(true)
		}
		return ast.WalkContinue, nil
	})
}

// writeQuotes shows articles word for word, each with its version.
func writeQuotes(w util.BufWriter, quotes []Quote) {
	for _, q := range quotes {
		_, _ = w.WriteString("<blockquote>\n")
		for _, p := range q.Paragraphs {
			_, _ = w.WriteString("<p>" + html.EscapeString(p) + "</p>\n")
		}
		_, _ = w.WriteString("</blockquote>\n")
		if q.Version != "" {
			_, _ = w.WriteString(`<p class="small muted">` + html.EscapeString(q.Version) + "</p>\n")
		}
	}
}
