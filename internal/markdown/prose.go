package markdown

import (
	"bytes"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	extast "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/text"

	"github.com/songfa/songfa/internal/errs"
)

// Prose is a Markdown body as a reader reads it, with the way back: what checks
// find in its text has a place in the source. All offsets are bytes of the
// source that Prose was made of.
type Prose struct {
	Passages []Passage
	Images   []Target
	Links    []Target // in text, not bare addresses
	IDs      []string // anchors of the headings, as the page will have them
}

// Passage is the running text of one paragraph, heading, item or table cell.
// Markup is gone; code, images and addresses are a U+FFFC each, so that no word
// is found across or inside of them; line breaks between Chinese are gone.
type Passage struct {
	Text    string
	Heading int  // 1 to 6 of a heading, else 0
	Quote   bool // inside > : somebody else's words
	Cell    bool // of a table
	Item    bool // inside a list

	pieces []extent
}

// extent is a stretch of a block's text that stands in the source as it is.
type extent struct {
	at, from, n int
	link        bool
}

// Target is a link or an image with the places of its parts; a part that does
// not stand in the source as such (a reference link's address) is 0, 0.
type Target struct {
	Dest                string
	Text                string // label or alternative text
	Title               string // of an image: the caption
	From, To            int    // of the destination
	TextFrom, TextTo    int    // of the label
	TitleFrom, TitleTo  int    // of the title, without its quotes
	WholeFrom, WholeEnd int    // of the label with its brackets
}

// Source maps a stretch of Text to the source. Whole reports that it stands
// there as one piece, without markup or a line break in between, and outside of
// links: only then it may be rewritten by itself.
func (b Passage) Source(from, to int) (start, end int, whole bool) {
	first, last := -1, -1
	for i, p := range b.pieces {
		if p.at+p.n > from && first < 0 {
			first = i
		}
		if p.at < to {
			last = i
		}
	}
	switch {
	case len(b.pieces) == 0:
		return 0, 0, false
	case first < 0:
		p := b.pieces[len(b.pieces)-1]
		return p.from + p.n, p.from + p.n, false
	case last < first:
		p := b.pieces[first]
		return p.from, p.from, false
	}
	f, l := b.pieces[first], b.pieces[last]
	start = f.from + max(0, from-f.at)
	end = l.from + min(l.n, to-l.at)
	whole = first == last && from >= f.at && to <= f.at+f.n && !f.link
	return start, end, whole
}

// InLink reports whether the character at an offset of Text is part of a link.
func (b Passage) InLink(at int) bool {
	for _, p := range b.pieces {
		if p.at <= at && at < p.at+p.n {
			return p.link
		}
	}
	return false
}

// ReadProse reads a Markdown body. A body that Render refuses gives its error.
func (r *Renderer) ReadProse(src []byte) (_ Prose, err error) {
	defer errs.Wrap(&err, "read prose")
	if len(src) > MaxSource {
		return Prose{}, errs.New(errs.TooLarge, "正文太长，请拆成几篇，或把附件另行上传。", "%d bytes", len(src))
	}
	if err := measure(src); err != nil {
		return Prose{}, err
	}
	tree := r.md.Parser().Parse(text.NewReader(src))
	if deeperThan(tree, maxDepth) {
		return Prose{}, tooDeep("blocks nest deeper than %d", maxDepth)
	}
	w := proseWriter{source: src, ids: ids{}}
	w.walk(tree, Passage{})
	return w.prose, nil
}

// proseWriter collects the blocks of one tree.
type proseWriter struct {
	source []byte
	prose  Prose
	ids    ids
	block  *Passage
	buf    []byte
	soft   bool // a line break whose right neighbour is not known yet
}

// walk descends to the blocks that hold text; like tells what is around them.
func (w *proseWriter) walk(n ast.Node, like Passage) {
	switch t := n.(type) {
	case *ast.Blockquote:
		like.Quote = true
	case *callout:
		like.Quote = like.Quote || t.kind.class == "lawquote"
	case *ast.ListItem:
		like.Item = true
	case *extast.TableCell:
		like.Cell = true
	case *ast.Heading:
		like.Heading = t.Level
	}
	if n.Type() == ast.TypeBlock && n.IsRaw() {
		return
	}
	if first := n.FirstChild(); first != nil && first.Type() == ast.TypeInline {
		b := like
		w.block, w.buf, w.soft = &b, w.buf[:0], false
		w.collect(n, false)
		b.Text = string(w.buf)
		w.prose.Passages = append(w.prose.Passages, b)
		if b.Heading > 0 {
			w.prose.IDs = append(w.prose.IDs, w.ids.forHeading(b.Text))
		}
		return
	}
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		w.walk(c, like)
	}
}

func (w *proseWriter) collect(parent ast.Node, link bool) {
	for c := parent.FirstChild(); c != nil; c = c.NextSibling() {
		switch n := c.(type) {
		case *ast.Text:
			w.text(n, link)
		case *ast.Link:
			w.prose.Links = append(w.prose.Links, w.target(n, n.Destination, nil))
			w.collect(n, true)
		case *ast.Image:
			w.prose.Images = append(w.prose.Images, w.target(n, n.Destination, n.Title))
			w.object()
		case *ast.CodeSpan, *ast.AutoLink, *ast.String, *extast.FootnoteLink:
			w.object()
		case *ast.RawHTML:
		default:
			w.collect(n, link)
		}
	}
}

// text adds a text node; bare addresses in it are objects.
func (w *proseWriter) text(n *ast.Text, link bool) {
	from, to := n.Segment.Start, n.Segment.Stop
	value := w.source[from:to]
	if bytes.Contains(value, []byte("://")) {
		for _, m := range address.FindAllIndex(value, -1) {
			w.stretch(from, n.Segment.Start+m[0], link)
			w.object()
			from = n.Segment.Start + m[1]
		}
	}
	w.stretch(from, to, link)
	switch {
	case n.HardLineBreak():
		w.settle(0)
		w.buf = append(w.buf, '\n')
	case n.SoftLineBreak():
		w.soft = true
	}
}

func (w *proseWriter) stretch(from, to int, link bool) {
	if from >= to {
		return
	}
	first, _ := utf8.DecodeRune(w.source[from:to])
	w.settle(first)
	// The parser cuts text at any sign that could have meant something.
	if n := len(w.block.pieces) - 1; n >= 0 {
		if p := &w.block.pieces[n]; p.from+p.n == from && p.at+p.n == len(w.buf) && p.link == link {
			p.n += to - from
			w.buf = append(w.buf, w.source[from:to]...)
			return
		}
	}
	w.block.pieces = append(w.block.pieces, extent{at: len(w.buf), from: from, n: to - from, link: link})
	w.buf = append(w.buf, w.source[from:to]...)
}

func (w *proseWriter) object() {
	w.settle(object)
	w.buf = append(w.buf, string(object)...)
}

// settle decides a waiting line break: nothing between Chinese, else a space.
func (w *proseWriter) settle(next rune) {
	if !w.soft {
		return
	}
	w.soft = false
	if last, _ := utf8.DecodeLastRune(w.buf); !isChinese(last) || !isChinese(next) {
		w.buf = append(w.buf, ' ')
	}
}

// target finds the places of a link's parts in the source, which the tree tells
// only for the text of the label.
func (w *proseWriter) target(n ast.Node, dest, title []byte) Target {
	t := Target{Dest: string(dest), Title: string(title)}
	pos := n.Pos()
	if pos < 0 {
		return t
	}
	t.WholeFrom = pos
	open := pos + bytes.IndexByte(w.source[pos:], '[') + 1
	t.TextFrom, t.TextTo = open, open
	if last := lastText(n); last != nil && last.Segment.Stop > open {
		t.TextTo = last.Segment.Stop
	}
	rest := w.source[t.TextTo:]
	shut := bytes.Index(rest, []byte("]("))
	if shut < 0 {
		t.WholeEnd = t.TextTo
		return t
	}
	t.TextTo += shut
	t.Text, t.WholeEnd = string(w.source[t.TextFrom:t.TextTo]), t.TextTo+1
	at := t.TextTo + len("](")
	if i := bytes.Index(w.source[at:], dest); len(dest) > 0 && i >= 0 && len(bytes.Trim(w.source[at:at+i], " \n\t<")) == 0 {
		t.From, t.To = at+i, at+i+len(dest)
		at = t.To
	}
	if i := bytes.Index(w.source[at:], title); len(title) > 0 && i >= 0 && len(bytes.Trim(w.source[at:at+i], " \n\t>\"'(")) == 0 {
		t.TitleFrom, t.TitleTo = at+i, at+i+len(title)
	}
	return t
}

// lastText is the last text node below n.
func lastText(n ast.Node) (last *ast.Text) {
	for c := n.LastChild(); c != nil; c = c.LastChild() {
		if t, ok := c.(*ast.Text); ok {
			return t
		}
	}
	return nil
}
