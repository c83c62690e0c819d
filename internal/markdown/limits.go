package markdown

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/yuin/goldmark/ast"

	"github.com/songfa/songfa/internal/errs"
)

// Limits no honest text comes near. They keep the time a text takes in
// proportion to its length.
const (
	maxDepth   = 100    // nodes, and block markers on one line
	maxCells   = 50_000 // of one table
	maxColumns = 500
	maxNotes   = 2000          // footnotes and signs that point to them
	maxLinking = 1_000_000_000 // see linking
	maxRefs    = 5000          // link definitions, [1]: https://…, in one paragraph
)

// measure refuses a text the parser would need more than a few seconds for,
// with a sentence that says what to change.
func measure(src []byte) error {
	if line := deepLine(src); line > 0 {
		return tooDeep("line %d opens too many blocks", line)
	}
	if n := bytes.Count(src, []byte("[^")); n > maxNotes {
		return refuse("注释太多，请减少注释，或把文章拆成几篇。", "%d footnote signs", n)
	}
	if n, refs := linking(src); n > maxLinking || refs > maxRefs {
		return refuse("有一段里的链接太多，请用空行把它分成几段。", "paragraph with too many links for its length")
	}
	return nil
}

// refuse is an Invalid error at the body.
func refuse(message, format string, args ...any) error {
	return &errs.Error{Kind: errs.Invalid, Message: message, Field: "body", Err: fmt.Errorf("render markdown: "+format, args...)}
}

func tooDeep(format string, args ...any) error {
	return refuse("正文的引用、列表或强调套得太深，请减少层数。", format, args...)
}

// linking is how many bytes the parser may have to look at for links: for
// each beginning of a destination it may read to the end of the paragraph.
// mostRefs is the most lines with a link definition in one paragraph.
func linking(src []byte) (bytesRead, mostRefs int) {
	length, starts, refs := 0, 0, 0
	for line := range bytes.Lines(src) {
		if len(bytes.TrimSpace(line)) == 0 {
			length, starts, refs = 0, 0, 0
			continue
		}
		before := length * starts
		length += len(line)
		starts += bytes.Count(line, []byte("]("))
		bytesRead += length*starts - before
		if bytes.Contains(line, []byte("]:")) {
			refs++
			mostRefs = max(mostRefs, refs)
		}
	}
	return bytesRead, mostRefs
}

// deepLine finds the first line, counted from 1, that opens more than
// maxDepth blocks at once; 0 is none. The parser needs quadratic time for it.
func deepLine(src []byte) int {
	number := 0
	for line := range bytes.Lines(src) {
		number++
		if len(line) > maxDepth && markers(line) > maxDepth {
			return number
		}
	}
	return 0
}

// markers counts the quote and list markers at the front of a line. A rule
// made of - or * with spaces counts as none.
func markers(line []byte) int {
	if len(bytes.Trim(line, "- \r\n")) == 0 || len(bytes.Trim(line, "* \r\n")) == 0 {
		return 0
	}
	n := 0
	for i, c := range line {
		switch {
		case c == ' ' || c == '\t' || '0' <= c && c <= '9':
		case c == '>', strings.IndexByte("-+*.)", c) >= 0 && i+1 < len(line) && (line[i+1] == ' ' || line[i+1] == '\t'):
			n++
		default:
			return n
		}
	}
	return n
}

// deeperThan walks without recursion, for it is what makes recursion safe.
func deeperThan(n ast.Node, limit int) bool {
	depth := 0
	for root := n; ; {
		switch {
		case n.FirstChild() != nil:
			if depth++; depth > limit {
				return true
			}
			n = n.FirstChild()
			continue
		case n == root:
			return false
		}
		for n.NextSibling() == nil {
			if n = n.Parent(); n == root {
				return false
			}
			depth--
		}
		n = n.NextSibling()
	}
}
