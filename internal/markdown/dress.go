package markdown

import (
	"bytes"
	"net/url"
	"path"
	"strconv"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// dresser gives sanitised HTML the shape the site's style sheet and the
// reader's tools expect, and notes on the way what the document holds. It
// works on the tree, so what an author wrote as HTML is treated the same.
type dresser struct {
	cfg    Config
	doc    Document
	text   plain
	ids    ids
	levels []int           // the author's levels of the headings we are under
	inset  int             // depth inside callouts, quotes, lists and cells
	links  map[string]bool // what doc.Links holds
	jumps  []*html.Node    // links to a place in this document
}

// sizes tells browsers how wide an image is shown: the measure of the text,
// or the whole screen of a phone.
const sizes = "(min-width: 45em) 41rem, 100vw"

// dress is the last stage. Mixed says that the author's own HTML is in it.
func (r *Renderer) dress(clean *bytes.Buffer, mixed bool) (Document, error) {
	root, err := parse(clean)
	if err == nil && mixed {
		root, err = settle(root)
	}
	if err != nil {
		return Document{}, err
	}
	d := &dresser{cfg: r.cfg, ids: ids{}, links: map[string]bool{}}
	d.children(root)
	for _, a := range d.jumps {
		d.aim(a)
	}
	d.doc.HTML = write(root)
	d.doc.Text = d.text.String()
	return d.doc, nil
}

func (d *dresser) children(n *html.Node) {
	for c := n.FirstChild; c != nil; {
		next := c.NextSibling // c may be wrapped or replaced
		switch c.Type {
		case html.TextNode:
			d.text.add(c.Data)
		case html.ElementNode:
			d.element(c)
		}
		c = next
	}
}

func (d *dresser) element(n *html.Node) {
	d.keepID(n)
	switch n.DataAtom {
	case atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
		d.heading(n)
	case atom.Img:
		d.image(n)
	case atom.A:
		d.link(n)
	case atom.P:
		figure(n)
	case atom.Ul, atom.Ol:
		tasks(n)
	case atom.Table:
		table(n)
	case atom.Div:
		block(n)
	case atom.Pre:
		set(n, "tabindex", "0") // it may scroll, and a keyboard must reach it
	}
	d.into(n)
}

// into goes on with the children and keeps the plain text in step.
func (d *dresser) into(n *html.Node) {
	if silent(n) {
		d.text.mute++
		defer func() { d.text.mute-- }()
	}
	switch {
	case n.DataAtom == atom.Br || n.DataAtom == atom.Td || n.DataAtom == atom.Th:
		d.text.space()
	case blocks[n.DataAtom]:
		d.text.line()
	}
	if insets[n.DataAtom] || isCallout(n) {
		d.inset++
		defer func() { d.inset-- }()
	}
	d.children(n)
	if blocks[n.DataAtom] {
		d.text.line()
	}
}

var blocks = atoms("h1 h2 h3 h4 h5 h6 p hr div section blockquote pre ul ol li dl dt dd figure figcaption table caption tr details summary")

var insets = atoms("blockquote li dd td th details")

func isCallout(n *html.Node) bool {
	class := get(n, "class")
	for _, k := range calloutKinds {
		if class == k.class {
			return n.DataAtom == atom.Div
		}
	}
	return false
}

// silent reports what a reader sees but a search or an excerpt should not:
// footnote signs, boxes to tick, and the labels all callouts of a kind share.
func silent(n *html.Node) bool {
	switch get(n, "class") {
	case "footnote-ref", "footnote-backref", "box":
		return true
	}
	if n.Parent == nil || !isCallout(n.Parent) || n.DataAtom != atom.Strong && n.DataAtom != atom.P {
		return false
	}
	text := textOf(n)
	for _, k := range calloutKinds {
		if text == k.label {
			return true
		}
	}
	return false
}

// heading fits a heading into the page, whose h1 is the title: levels start
// at 2 and no level is skipped, whatever the author counted.
func (d *dresser) heading(n *html.Node) {
	level := int(n.Data[1] - '0')
	for len(d.levels) > 0 && d.levels[len(d.levels)-1] >= level {
		d.levels = d.levels[:len(d.levels)-1]
	}
	d.levels = append(d.levels, level)
	level = min(len(d.levels)+1, 6)
	n.Data = "h" + strconv.Itoa(level)
	n.DataAtom = atom.Lookup([]byte(n.Data))

	text := textOf(n)
	id := get(n, "id")
	if id == "" {
		id = d.ids.forHeading(text)
		set(n, "id", id)
	}
	if d.inset == 0 && text != "" {
		d.doc.TOC = append(d.doc.TOC, Heading{level, id, text})
	}
}

// keepID takes the id off an element when the document has it already.
func (d *dresser) keepID(n *html.Node) {
	if id := get(n, "id"); id != "" && !d.ids.take(id) {
		unset(n, "id")
	}
}

func (d *dresser) image(n *html.Node) {
	src, alt := get(n, "src"), strings.TrimSpace(get(n, "alt"))
	if src == "" { // its address was no good
		*n = html.Node{Type: html.TextNode, Data: alt, Parent: n.Parent, PrevSibling: n.PrevSibling, NextSibling: n.NextSibling}
		d.text.add(alt)
		return
	}
	dest := unescape(src)
	d.doc.Images = append(d.doc.Images, Image{dest, alt})
	set(n, "alt", alt)
	set(n, "loading", "lazy")
	set(n, "decoding", "async")
	res, ok := d.resolve(dest)
	if !ok {
		return
	}
	set(n, "src", res.URL)
	if res.SrcSet != "" {
		set(n, "srcset", res.SrcSet)
		set(n, "sizes", sizes)
	}
	if res.Width > 0 && res.Height > 0 {
		set(n, "width", strconv.Itoa(res.Width))
		set(n, "height", strconv.Itoa(res.Height))
	}
}

func (d *dresser) link(n *html.Node) {
	href := get(n, "href")
	switch class := get(n, "class"); {
	case class == "footnote-backref": // its text is an arrow: give it a name
		set(n, "aria-label", get(n, "title"))
		unset(n, "title")
		return
	case href == "" || class == "cite" || class == "footnote-ref":
		return
	case href[0] == '#':
		d.jumps = append(d.jumps, n)
		return
	}
	dest := unescape(href)
	if !d.links[dest] {
		d.links[dest] = true
		d.doc.Links = append(d.doc.Links, dest)
	}
	if n.FirstChild == nil { // [](表.docx): a link without words cannot be heard
		n.AppendChild(&html.Node{Type: html.TextNode, Data: path.Base(dest)})
	}
	res, ok := d.resolve(dest)
	if !ok {
		return
	}
	set(n, "href", res.URL)
	if res.Note != "" {
		note := element(atom.Span, "class", "small muted")
		note.AppendChild(&html.Node{Type: html.TextNode, Data: "（" + res.Note + "）"})
		n.Parent.InsertBefore(note, n.NextSibling)
	}
}

// resolve asks the Media hook about a destination inside our own content.
func (d *dresser) resolve(dest string) (Resource, bool) {
	stored := strings.HasPrefix(dest, "/media/")
	if d.cfg.Media == nil || dest == "" || !stored && strings.ContainsRune("/#?", rune(dest[0])) {
		return Resource{}, false
	}
	if scheme, _, ok := strings.Cut(dest, ":"); ok && !strings.ContainsAny(scheme, "/.?#") {
		return Resource{}, false
	}
	return d.cfg.Media(dest)
}

// aim helps a link to a heading whose id got our prefix: [见下](#faq).
func (d *dresser) aim(a *html.Node) {
	id := unescape(get(a, "href")[1:])
	for _, candidate := range []string{id, slug(id)} {
		if d.ids[candidate] > 0 {
			set(a, "href", "#"+candidate)
			return
		}
	}
}

// figure makes one of a paragraph that holds nothing but a titled image.
func figure(p *html.Node) {
	img := p.FirstChild
	if img == nil || img.NextSibling != nil || img.DataAtom != atom.Img || get(img, "src") == "" {
		return
	}
	title := strings.TrimSpace(get(img, "title"))
	if title == "" {
		return
	}
	unset(img, "title")
	p.Data, p.DataAtom = "figure", atom.Figure
	caption := element(atom.Figcaption)
	caption.AppendChild(&html.Node{Type: html.TextNode, Data: title})
	p.AppendChild(caption)
}

// tasks marks a list whose items begin with a box: a bullet before it is one
// sign too many.
func tasks(list *html.Node) {
	for li := list.FirstChild; li != nil; li = li.NextSibling {
		first := firstElement(li)
		if first != nil && first.DataAtom == atom.P {
			first = firstElement(first)
		}
		if first != nil && get(first, "class") == "box" {
			set(list, "class", "tasks")
			return
		}
	}
}

func unescape(s string) string {
	if u, err := url.PathUnescape(s); err == nil {
		return u
	}
	return s
}
