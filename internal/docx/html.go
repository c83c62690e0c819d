package docx

import (
	"strconv"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// maxPaste is how many bytes of HTML one paste may have, pictures included.
const maxPaste = 50 << 20

// CleanHTML makes a Document of HTML from a clipboard or a page: of Word, WPS, a
// 公众号 article. Pictures inside it (data:) come along; those elsewhere are
// listed and never fetched.
func CleanHTML(src string, opts Options) (Document, error) {
	if len(src) > maxPaste {
		return Document{}, refuseLarge(int64(len(src)))
	}
	if i := strings.IndexByte(src, '<'); i > 0 && strings.HasPrefix(src, "Version:") { // Windows' own header
		src = src[i:]
	}
	root, err := html.Parse(strings.NewReader(src))
	if err != nil {
		return Document{}, refuse(Damaged, "pasted HTML nests beyond reason")
	}
	c := &clip{own: opts.Own, noteNodes: map[string]*html.Node{}, numbers: map[string]int{}}
	c.findNotes(root)
	c.walk(root, clipLook{})
	c.flush()
	c.farewell()
	return finish(c.out, &c.gathered, opts)
}

// clip walks through a tree of HTML and makes blocks.
type clip struct {
	gathered
	own       func(string) (string, bool)
	out       []*block
	now       *block // the paragraph we are in; nil between two
	bullet    *item  // of the list item that begins with the next paragraph
	noteNodes map[string]*html.Node
	numbers   map[string]int // of notes by id
	inNote    bool
	images    int // seen so far, to tell them by position
	depth     int // of tables
	revised   bool
	commented bool
	kinds     map[string]bool // of what was dropped and said
}

// clipLook is what an element inherits.
type clipLook struct {
	look
	href    string
	align   string
	inset   bool
	outline int
	title   bool
	pre     bool
	lists   int   // how many lists we are inside
	list    *item // the counter of the innermost
	mark    string
	mso     *number // of the paragraph, by Word's own properties
}

// walk goes through the children of a node.
func (c *clip) walk(n *html.Node, l clipLook) {
	for k := n.FirstChild; k != nil; k = k.NextSibling {
		switch k.Type {
		case html.TextNode:
			c.text(k.Data, l)
		case html.ElementNode:
			c.element(k, l)
		}
	}
}

func (c *clip) text(s string, l clipLook) {
	if l.hidden {
		return
	}
	if c.now == nil && strings.TrimFunc(s, blank) == "" {
		return
	}
	c.begin(l)
	if l.pre {
		for i, line := range strings.Split(s, "\n") {
			if i > 0 {
				c.put(span{kind: lineBreak}, l)
			}
			c.put(span{text: visible(line)}, l)
		}
		return
	}
	// A line end stays for now: between Chinese characters it is none, see join.
	s = strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n")
	var b strings.Builder
	for i, line := range strings.Split(s, "\n") {
		if i > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(visible(line))
	}
	text := b.String()
	if l.under && strings.TrimFunc(text, blank) == "" && strings.Contains(s, "\u00a0\u00a0") {
		text = strings.Repeat("＿", max(2, len([]rune(text))/2))
	}
	c.put(span{text: text}, l)
}

// begin opens a paragraph, if none is open.
func (c *clip) begin(l clipLook) {
	if c.now != nil {
		return
	}
	c.now = &block{outline: l.outline, title: l.title, align: l.align, inset: l.inset, num: l.mso}
	switch {
	case c.bullet != nil:
		c.now.item, c.bullet = c.bullet, nil
	case l.lists > 0 && l.mso == nil:
		c.now.item = &item{depth: l.lists - 1, follow: true}
	}
	if c.now.item != nil {
		c.now.outline, c.now.num = 0, nil
	}
}

func (c *clip) put(s span, l clipLook) {
	s.href = l.href
	s.look = markup{l.bold && l.outline == 0, l.italic, l.strike, l.raised}
	s.font, s.size, s.red = l.font, l.size, l.red
	c.now.spans = append(c.now.spans, s)
}

// flush ends the paragraph.
func (c *clip) flush() {
	b := c.now
	c.now = nil
	if b == nil {
		return
	}
	join(b.spans)
	if b.empty() {
		if b.item != nil && !b.item.follow { // the mark waits for what comes
			c.bullet = b.item
		}
		return
	}
	b.size, b.font, b.red = most(b.spans)
	c.pass(b.text())
	c.out = append(c.out, b)
}

// join drops line ends of the source between Chinese characters, and makes a
// space of the others: Word wraps its HTML in the middle of Chinese words.
func join(spans []span) {
	last := rune(0)
	for i := range spans {
		if spans[i].kind != words {
			last = 0
			continue
		}
		chars := []rune(spans[i].text)
		var b strings.Builder
		for j, r := range chars {
			if r != '\n' {
				b.WriteRune(r)
				if r != ' ' {
					last = r
				}
				continue
			}
			if next := following(spans[i+1:], chars[j+1:]); !isCJK(last) || !isCJK(next) {
				b.WriteByte(' ')
			}
		}
		spans[i].text = b.String()
	}
}

// following is the next character that is no blank.
func following(spans []span, chars []rune) rune {
	for _, r := range chars {
		if !blank(r) {
			return r
		}
	}
	for _, s := range spans {
		if s.kind != words {
			return 0
		}
		for _, r := range s.text {
			if !blank(r) {
				return r
			}
		}
	}
	return 0
}

// most is what most of the text looks like.
func most(spans []span) (size int, font string, red bool) {
	c := &collector{sizes: map[int]int{}, fonts: map[string]int{}}
	for _, s := range spans {
		n := len([]rune(strings.TrimFunc(s.text, blank)))
		c.sizes[s.size] += n
		c.fonts[s.font] += n
		c.all += n
		if s.red {
			c.red += n
		}
	}
	return c.most()
}

// farewell says what was left out as a whole.
func (c *clip) farewell() {
	c.place = ""
	if c.revised {
		c.said = append(c.said, Note{Level: Check, Message: "粘贴的内容里有修订：加的已放进来，删的没有。请确认是定稿。"})
	}
	if c.commented {
		c.said = append(c.said, Note{Level: Dropped, Message: "批注没有放进来。请确认原文的批注都已处理。"})
	}
}

// once says a thing the first time it happens.
func (c *clip) once(key string, level Level, message string) {
	if c.kinds == nil {
		c.kinds = map[string]bool{}
	}
	if !c.kinds[key] {
		c.kinds[key] = true
		c.say(level, "%s", message)
	}
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

// parts are elements that stand in lines of their own.
var parts = func() map[atom.Atom]bool {
	m := map[atom.Atom]bool{}
	for _, a := range []atom.Atom{atom.P, atom.Div, atom.Section, atom.Article, atom.Aside, atom.Header, atom.Footer, atom.Main, atom.Nav, atom.Blockquote, atom.Pre,
		atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6, atom.Ul, atom.Ol, atom.Li, atom.Dl, atom.Dt, atom.Dd, atom.Figure, atom.Figcaption, atom.Details, atom.Summary, atom.Center, atom.Address, atom.Fieldset, atom.Body, atom.Html, atom.Form, atom.Caption} {
		m[a] = true
	}
	return m
}()

func (c *clip) element(n *html.Node, l clipLook) {
	if c.special(n, l) {
		return
	}
	outer := l
	l = c.inherit(n, l)
	if l.hidden {
		return
	}
	if !parts[n.DataAtom] {
		c.walk(n, l)
		return
	}
	c.flush()
	switch n.DataAtom {
	case atom.Ul, atom.Ol:
		start, err := strconv.Atoi(attr(n, "start"))
		if err != nil || start < 0 {
			start = 1
		}
		l.lists++
		l.list = &item{depth: l.lists - 1, ordered: n.DataAtom == atom.Ol, number: start}
	case atom.Li:
		c.item(n, &l)
	}
	c.walk(n, l)
	c.flush()
	if n.DataAtom == atom.Li && c.bullet != nil && outer.list != nil && c.bullet.depth == outer.list.depth {
		c.bullet = nil // it had nothing to say
	}
}

// maxLists is how deep lists may nest.
const maxLists = 20

// item begins an item of the list we are in.
func (c *clip) item(n *html.Node, l *clipLook) {
	if l.list == nil { // <li> without a list
		l.lists++
		l.list = &item{depth: l.lists - 1}
	}
	if v, err := strconv.Atoi(attr(n, "value")); err == nil && v >= 0 {
		l.list.number = v
	}
	one := *l.list
	one.depth = min(one.depth, maxLists)
	l.list.number++
	c.bullet = &one
}
