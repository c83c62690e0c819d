package wechat

import (
	"slices"
	"strconv"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"github.com/songfa/songfa/internal/errs"
)

// Options say what an article is made with.
type Options struct {
	Whole   func(address string) string // makes a root-relative address a whole one
	Classes bool                        // looks as classes, for a preview under a strict policy
	Foot    []string                    // lines below the text: source, number of the edition
}

// Article is a text as the editor of WeChat takes it.
type Article struct {
	HTML     string
	Links    []string // whole addresses, numbered from 1 in the text
	Pictures []string // whole addresses, in the order of the text, each once
}

// Render makes the article of a page's body, as internal/markdown has made it.
func Render(body string, opt Options) (Article, error) {
	root := &html.Node{Type: html.ElementNode, Data: "div", DataAtom: atom.Div}
	nodes, err := html.ParseFragment(strings.NewReader(body), root)
	if err != nil {
		return Article{}, errs.New(errs.Internal, "", "parse article: %w", err)
	}
	w := &writer{opt: opt}
	w.open("section", "body")
	for _, n := range nodes {
		root.AppendChild(n)
	}
	w.blocksIn(root)
	w.endings()
	w.close("section")
	return Article{HTML: w.b.String(), Links: w.links, Pictures: w.pictures}, nil
}

// writer writes the elements that are kept, with their looks.
type writer struct {
	opt      Options
	b        strings.Builder
	links    []string
	pictures []string
}

func (w *writer) open(tag, look string, attrs ...string) {
	w.b.WriteString("<" + tag)
	name, value := "style", looks[look]
	if w.opt.Classes {
		name, value = "class", "w-"+look
	}
	if looks[look] != "" {
		w.b.WriteString(" " + name + `="` + value + `"`)
	}
	for i := 0; i+1 < len(attrs); i += 2 {
		w.b.WriteString(" " + attrs[i] + `="` + html.EscapeString(attrs[i+1]) + `"`)
	}
	w.b.WriteString(">")
}

func (w *writer) close(tag string) { w.b.WriteString("</" + tag + ">") }

func (w *writer) text(s string) { w.b.WriteString(html.EscapeString(s)) }

// dropped are elements of which nothing is kept.
var dropped = []atom.Atom{atom.Script, atom.Style, atom.Iframe, atom.Svg, atom.Form, atom.Button, atom.Input, atom.Select, atom.Textarea, atom.Template, atom.Noscript}

// blocks are elements that stand alone, by tag and look.
var blocks = map[atom.Atom][2]string{
	atom.H1: {"h2", "h2"}, atom.H2: {"h2", "h2"}, atom.H3: {"h3", "h3"}, atom.H4: {"h4", "h4"}, atom.H5: {"h4", "h4"}, atom.H6: {"h4", "h4"},
	atom.P: {"p", "p"}, atom.Pre: {"pre", "pre"}, atom.Dt: {"p", "label"}, atom.Dd: {"p", "p"}, atom.Figcaption: {"p", "caption"}, atom.Summary: {"p", "label"},
}

// block writes an element that stands alone, or what is in it.
func (w *writer) block(n *html.Node) {
	if n.Type == html.TextNode {
		w.inline(n)
		return
	}
	if n.Type != html.ElementNode || slices.Contains(dropped, n.DataAtom) {
		return
	}
	if b, ok := blocks[n.DataAtom]; ok {
		if n.DataAtom == atom.P && hasClass(n, "label") {
			b[1] = "label"
		}
		w.open(b[0], b[1])
		w.inlines(n)
		w.close(b[0])
		return
	}
	switch n.DataAtom {
	case atom.Ul, atom.Ol:
		w.list(n)
	case atom.Table:
		w.table(n)
	case atom.Hr:
		w.open("hr", "rule")
	case atom.Blockquote:
		w.within(n, "section", "quote")
	case atom.Figure:
		w.within(n, "section", "figure")
	case atom.Div, atom.Section, atom.Article, atom.Aside, atom.Details, atom.Dl, atom.Header, atom.Footer, atom.Main, atom.Nav:
		if look := callout(n); look != "" {
			w.within(n, "section", look)
			return
		}
		w.blocksIn(n)
	default:
		w.inline(n)
	}
}

func (w *writer) within(n *html.Node, tag, look string) {
	w.open(tag, look)
	w.blocksIn(n)
	w.close(tag)
}

// blocksIn writes the children; words that stand among blocks get a paragraph.
func (w *writer) blocksIn(n *html.Node) {
	for c := n.FirstChild; c != nil; {
		if !isInline(c) {
			w.block(c)
			c = c.NextSibling
			continue
		}
		first := c
		blank := true
		for ; c != nil && isInline(c); c = c.NextSibling {
			blank = blank && c.Type == html.TextNode && strings.TrimSpace(c.Data) == ""
		}
		if blank {
			continue
		}
		w.open("p", "p")
		for i := first; i != c; i = i.NextSibling {
			w.inline(i)
		}
		w.close("p")
	}
}

var inlineTags = []atom.Atom{atom.A, atom.Strong, atom.B, atom.Em, atom.I, atom.Del, atom.S, atom.Code, atom.Sup, atom.Sub, atom.Span, atom.Br, atom.Img, atom.Kbd, atom.Mark, atom.U, atom.Small, atom.Abbr, atom.Cite, atom.Q, atom.Time, atom.Ruby, atom.Rt, atom.Rp}

func isInline(n *html.Node) bool {
	return n.Type == html.TextNode || n.Type == html.ElementNode && slices.Contains(inlineTags, n.DataAtom)
}

// callout is the look of a ::: block.
func callout(n *html.Node) string {
	if hasClass(n, "answer") {
		return "answer"
	}
	if !hasClass(n, "note") {
		return ""
	}
	for _, look := range []string{"due", "proof", "warn"} {
		if hasClass(n, look) {
			return look
		}
	}
	return "tip"
}

// list writes a list whose items hold nothing but words and line breaks.
func (w *writer) list(n *html.Node) {
	tag := n.Data
	if start := attr(n, "start"); tag == "ol" && start != "" {
		if number, err := strconv.Atoi(start); err == nil && number > 1 {
			w.lines(n, number) // WeChat begins every list at one
			return
		}
	}
	w.open(tag, tag)
	for li := n.FirstChild; li != nil; li = li.NextSibling {
		if li.DataAtom != atom.Li {
			continue
		}
		w.open("li", "li")
		w.item(li)
		w.close("li")
	}
	w.close(tag)
}

// lines writes a list as paragraphs with their numbers.
func (w *writer) lines(n *html.Node, number int) {
	for li := n.FirstChild; li != nil; li = li.NextSibling {
		if li.DataAtom != atom.Li {
			continue
		}
		w.open("p", "p")
		w.text(strconv.Itoa(number) + ". ")
		w.item(li)
		w.close("p")
		number++
	}
}

// item writes what is in an item: its paragraphs and the items of inner lists are
// lines of it.
func (w *writer) item(li *html.Node) {
	began := false
	for c := li.FirstChild; c != nil; c = c.NextSibling {
		switch {
		case isInline(c):
			if c.Type == html.TextNode && strings.TrimSpace(c.Data) == "" {
				continue
			}
			w.inline(c)
		case c.DataAtom == atom.Ul || c.DataAtom == atom.Ol:
			w.innerItems(c, 1)
		case c.Type == html.ElementNode && !slices.Contains(dropped, c.DataAtom):
			if began {
				w.b.WriteString("<br>")
			}
			w.flat(c)
		}
		began = true
	}
}

// innerItems writes the items of an inner list as lines that begin further in.
func (w *writer) innerItems(list *html.Node, depth int) {
	number := 1
	for li := list.FirstChild; li != nil; li = li.NextSibling {
		if li.DataAtom != atom.Li {
			continue
		}
		mark := "· "
		if list.DataAtom == atom.Ol {
			mark = strconv.Itoa(number) + ") "
			number++
		}
		w.b.WriteString("<br>")
		w.text(strings.Repeat("　", depth) + mark)
		for c := li.FirstChild; c != nil; c = c.NextSibling {
			switch {
			case c.DataAtom == atom.Ul || c.DataAtom == atom.Ol:
				w.innerItems(c, depth+1)
			case isInline(c):
				w.inline(c)
			case c.Type == html.ElementNode:
				w.flat(c)
			}
		}
	}
}

// flat writes the words of a block without the block.
func (w *writer) flat(n *html.Node) {
	if slices.Contains(dropped, n.DataAtom) {
		return
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Type == html.ElementNode && !isInline(c) {
			w.flat(c)
			continue
		}
		w.inline(c)
	}
}

// table writes rows and cells; head cells keep their looks.
func (w *writer) table(t *html.Node) {
	for c := t.FirstChild; c != nil; c = c.NextSibling {
		if c.DataAtom == atom.Caption {
			w.open("p", "caption")
			w.inlines(c)
			w.close("p")
		}
	}
	w.open("table", "table")
	w.b.WriteString("<tbody>")
	for row := range rows(t) {
		w.b.WriteString("<tr>")
		for cell := row.FirstChild; cell != nil; cell = cell.NextSibling {
			if cell.DataAtom != atom.Td && cell.DataAtom != atom.Th {
				continue
			}
			var attrs []string
			for _, name := range []string{"colspan", "rowspan"} {
				if v := attr(cell, name); v != "" && v != "1" {
					attrs = append(attrs, name, v)
				}
			}
			w.open(cell.Data, cell.Data, attrs...)
			w.item(cell)
			w.close(cell.Data)
		}
		w.b.WriteString("</tr>")
	}
	w.b.WriteString("</tbody>")
	w.close("table")
}

// rows are the rows of a table in order.
func rows(t *html.Node) func(yield func(*html.Node) bool) {
	return func(yield func(*html.Node) bool) {
		for n := range t.Descendants() {
			if n.DataAtom == atom.Tr && !yield(n) {
				return
			}
		}
	}
}

// inlineLooks are words that look otherwise, by tag and look.
var inlineLooks = map[atom.Atom][2]string{
	atom.Strong: {"strong", "strong"}, atom.B: {"strong", "strong"}, atom.Em: {"em", "em"}, atom.I: {"em", "em"},
	atom.Del: {"span", "del"}, atom.S: {"span", "del"}, atom.Code: {"code", "code"}, atom.Kbd: {"code", "code"}, atom.Sup: {"sup", "sup"}, atom.Sub: {"sub", "sub"},
}

func (w *writer) inlines(n *html.Node) {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		w.inline(c)
	}
}

// inline writes words.
func (w *writer) inline(n *html.Node) {
	switch {
	case n.Type == html.TextNode:
		w.text(n.Data)
	case n.Type != html.ElementNode || slices.Contains(dropped, n.DataAtom):
	case n.DataAtom == atom.Br:
		w.b.WriteString("<br>")
	case n.DataAtom == atom.Img:
		w.picture(n)
	case n.DataAtom == atom.A:
		w.link(n)
	case inlineLooks[n.DataAtom][0] != "":
		l := inlineLooks[n.DataAtom]
		w.open(l[0], l[1])
		w.inlines(n)
		w.close(l[0])
	case !isInline(n):
		w.flat(n)
	default:
		w.inlines(n)
	}
}

func (w *writer) picture(n *html.Node) {
	src := w.opt.Whole(attr(n, "src"))
	if !slices.Contains(w.pictures, src) {
		w.pictures = append(w.pictures, src)
	}
	w.open("img", "img", "src", src, "alt", attr(n, "alt"))
}

// link writes the words of a link, and a number where its address is worth a line
// at the end.
func (w *writer) link(n *html.Node) {
	to := attr(n, "href")
	if strings.HasPrefix(to, "https://mp.weixin.qq.com/") {
		w.open("a", "a", "href", to)
		w.inlines(n)
		w.close("a")
		return
	}
	if hasClass(n, "footnote-backref") {
		return
	}
	w.inlines(n)
	if to == "" || strings.HasPrefix(to, "#") || strings.HasPrefix(to, "tel:") || strings.HasPrefix(to, "mailto:") || hasClass(n, "cite") {
		return
	}
	whole := w.opt.Whole(to)
	i := slices.Index(w.links, whole)
	if i < 0 {
		i = len(w.links)
		w.links = append(w.links, whole)
	}
	w.open("sup", "sup")
	w.text("[链接" + strconv.Itoa(i+1) + "]")
	w.close("sup")
}

// endings writes the addresses and the last lines.
func (w *writer) endings() {
	if len(w.links) > 0 {
		w.open("section", "links")
		for i, to := range w.links {
			w.open("p", "p")
			w.text("链接" + strconv.Itoa(i+1) + "：" + to)
			w.close("p")
		}
		w.close("section")
	}
	for _, line := range w.opt.Foot {
		w.open("p", "foot")
		w.text(line)
		w.close("p")
	}
}

func attr(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

func hasClass(n *html.Node, class string) bool {
	return slices.Contains(strings.Fields(attr(n, "class")), class)
}
