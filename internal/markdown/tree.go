package markdown

import (
	"io"
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

func atoms(names string) map[atom.Atom]bool {
	m := map[atom.Atom]bool{}
	for _, name := range strings.Fields(names) {
		m[atom.Lookup([]byte(name))] = true
	}
	return m
}

// parse reads a piece of a page's body.
func parse(r io.Reader) (*html.Node, error) {
	nodes, err := html.ParseFragment(r, &html.Node{Type: html.ElementNode, Data: "div", DataAtom: atom.Div})
	if err != nil { // over 512 open elements, and nothing else
		return nil, tooDeep("%w", err)
	}
	root := &html.Node{Type: html.DocumentNode}
	for _, n := range nodes {
		root.AppendChild(n)
	}
	return root, nil
}

// settle writes and reads a tree until it stays the same. HTML's rules for
// mending misnested tags, <a> in <a> or <h2> in <h2>, can make a tree that
// reads as yet another tree.
func settle(root *html.Node) (*html.Node, error) {
	written := write(root)
	for range 8 {
		next, err := parse(strings.NewReader(written))
		if err != nil {
			return nil, err
		}
		again := write(next)
		if again == written {
			return next, nil
		}
		written = again
	}
	return nil, refuse("正文里的 HTML 标签互相交错，请改正，或改用 Markdown 写法。", "html does not settle")
}

// element makes an element with attributes given as key, value pairs.
func element(a atom.Atom, attrs ...string) *html.Node {
	n := &html.Node{Type: html.ElementNode, Data: a.String(), DataAtom: a}
	for i := 0; i < len(attrs); i += 2 {
		set(n, attrs[i], attrs[i+1])
	}
	return n
}

func rename(n *html.Node, a atom.Atom) { n.Data, n.DataAtom = a.String(), a }

func get(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

func set(n *html.Node, key, value string) {
	for i := range n.Attr {
		if n.Attr[i].Key == key {
			n.Attr[i].Val = value
			return
		}
	}
	n.Attr = append(n.Attr, html.Attribute{Key: key, Val: value})
}

func unset(n *html.Node, key string) {
	for i := range n.Attr {
		if n.Attr[i].Key == key {
			n.Attr = append(n.Attr[:i], n.Attr[i+1:]...)
			return
		}
	}
}

func firstElement(n *html.Node) *html.Node {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Type == html.ElementNode {
			return c
		}
		if strings.TrimSpace(c.Data) != "" {
			return nil
		}
	}
	return nil
}

// textOf is what a reader reads in n, on one line.
func textOf(n *html.Node) string {
	var p plain
	var walk func(*html.Node)
	walk = func(n *html.Node) {
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			switch {
			case c.Type == html.TextNode:
				p.add(c.Data)
			case get(c, "class") == "footnote-ref" || get(c, "class") == "box":
			case c.DataAtom == atom.Br || blocks[c.DataAtom]:
				p.space()
				walk(c)
			default:
				walk(c)
			}
		}
	}
	walk(n)
	return p.String()
}

// write serialises a tree of sanitised nodes, attributes in alphabetical
// order. Unlike html.Render it writes <br> and not <br/>, which validators
// frown on.
func write(root *html.Node) string {
	var b strings.Builder
	for c := root.FirstChild; c != nil; c = c.NextSibling {
		writeNode(&b, c)
	}
	return b.String()
}

var voids = atoms("br hr img wbr")

var escaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;")

func writeNode(b *strings.Builder, n *html.Node) {
	if n.Type == html.TextNode {
		escape(b, n.Data)
		return
	}
	if n.Type != html.ElementNode {
		return
	}
	b.WriteByte('<')
	b.WriteString(n.Data)
	slices.SortFunc(n.Attr, func(a, b html.Attribute) int { return strings.Compare(a.Key, b.Key) })
	for _, a := range n.Attr {
		b.WriteByte(' ')
		b.WriteString(a.Key)
		if a.Val != "" || a.Key == "alt" || a.Key == "title" {
			b.WriteString(`="`)
			escape(b, a.Val)
			b.WriteByte('"')
		}
	}
	b.WriteByte('>')
	if voids[n.DataAtom] {
		return
	}
	if c := n.FirstChild; n.DataAtom == atom.Pre && c != nil && c.Type == html.TextNode && strings.HasPrefix(c.Data, "\n") {
		b.WriteByte('\n') // a parser drops the first one
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		writeNode(b, c)
	}
	b.WriteString("</")
	b.WriteString(n.Data)
	b.WriteByte('>')
}

func escape(b *strings.Builder, s string) {
	if strings.ContainsFunc(s, unprintable) { // from a reference such as &#1;
		s = strings.Map(func(r rune) rune {
			if unprintable(r) {
				return -1
			}
			return r
		}, s)
	}
	_, _ = escaper.WriteString(b, s)
}
