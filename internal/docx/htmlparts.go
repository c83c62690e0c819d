package docx

import (
	"encoding/base64"
	"net/url"
	"strconv"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// special handles elements that are more than a look, or nothing for us.
func (c *clip) special(n *html.Node, l clipLook) bool {
	style := strings.ReplaceAll(strings.ToLower(attr(n, "style")), " ", "")
	switch {
	case strings.Contains(style, "mso-list:ignore"):
		c.listMark(n, l)
		return true
	case strings.Contains(style, "mso-element:comment"), attr(n, "class") == "msocomanchor", attr(n, "class") == "msocomtxt":
		c.commented = true
		return true
	case strings.Contains(style, "mso-element:footnote-list"), strings.Contains(style, "mso-element:endnote-list"):
		return true // its notes stand at their signs, see findNotes
	case c.noteNodes[attr(n, "id")] == n && attr(n, "id") != "":
		return true
	case strings.Contains(style, "mso-footnote-id:"), strings.Contains(style, "mso-endnote-id:"):
		return c.noteSign(n, style, l)
	}
	switch n.DataAtom {
	case atom.Script, atom.Style, atom.Head, atom.Title, atom.Meta, atom.Link, atom.Template, atom.Noscript, atom.Input, atom.Button, atom.Select, atom.Textarea, atom.Map:
	case atom.Br:
		if c.now != nil {
			c.put(span{kind: lineBreak}, l)
		}
	case atom.Hr:
		c.flush()
		c.out = append(c.out, &block{rule: true})
	case atom.Img:
		c.image(n, l)
	case atom.Table:
		c.table(n, l)
	case atom.Del, atom.Ins:
		if attr(n, "datetime") == "" && !strings.HasPrefix(attr(n, "cite"), "mailto:") {
			return false
		}
		if c.revised = true; n.DataAtom == atom.Ins {
			c.walk(n, l)
		}
	case atom.Svg, atom.Canvas:
		c.once("svg", Dropped, "网页里画的图形没有放进来。")
	case atom.Math:
		c.say(Dropped, "公式没有放进来，请截图后作为图片插入。")
	case atom.Video, atom.Audio, atom.Iframe, atom.Embed, atom.Object:
		c.once(n.Data, Dropped, "视频、音频或嵌入的网页没有放进来。")
	default:
		return c.custom(n)
	}
	return true
}

// custom are elements of 公众号 and of Word that HTML does not have.
func (c *clip) custom(n *html.Node) bool {
	switch {
	case strings.HasPrefix(n.Data, "mp-common-"), n.Data == "mpvoice", n.Data == "qqmusic", n.Data == "mpvideosnap", n.Data == "mp-miniprogram":
		c.once("mp", Dropped, "公众号里的名片、视频号、小程序和音频卡片没有放进来。")
		return true
	case n.Data == "mp-style-type", n.Data == "xml", strings.HasPrefix(n.Data, "v:"):
		return true
	}
	return false
}

// listMark reads the number Word shows before a paragraph of a list.
func (c *clip) listMark(n *html.Node, l clipLook) {
	text := strings.Join(strings.FieldsFunc(visible(plainText(n)), blank), " ")
	mark := l.mso
	if mark == nil {
		mark = &number{}
	}
	if text != "" && isNumberText(text) {
		mark.text = text
	} else {
		mark.bullet = true
	}
	if c.now == nil {
		l.mso = mark
		c.begin(l)
	} else if c.now.item == nil {
		c.now.num = mark
	}
}

// findNotes finds the footnotes Word hangs on behind the text.
func (c *clip) findNotes(n *html.Node) {
	style := strings.ReplaceAll(strings.ToLower(attr(n, "style")), " ", "")
	if strings.Contains(style, "mso-element:footnote") || strings.Contains(style, "mso-element:endnote") {
		if id := attr(n, "id"); id != "" {
			c.noteNodes[id] = n
		}
	}
	for k := n.FirstChild; k != nil; k = k.NextSibling {
		c.findNotes(k)
	}
}

// noteSign puts the sign of a note, and reads the note the first time. Inside
// the note the same link leads back and is nothing.
func (c *clip) noteSign(n *html.Node, style string, l clipLook) bool {
	if c.inNote {
		return true
	}
	_, id, _ := strings.Cut(style, "note-id:")
	id, _, _ = strings.Cut(id, ";")
	at := c.noteNodes[id]
	if at == nil {
		return false
	}
	number := c.numbers[id]
	if number == 0 {
		c.notes = append(c.notes, nil)
		number = len(c.notes)
		c.numbers[id] = number
		c.inNote = true
		c.notes[number-1] = c.inside(at, clipLook{})
		c.inNote = false
	}
	c.begin(l)
	c.put(span{kind: noteRef, ref: number}, clipLook{})
	return true
}

// inside reads the content of an element on its own.
func (c *clip) inside(n *html.Node, l clipLook) []*block {
	out, now, bullet := c.out, c.now, c.bullet
	c.out, c.now, c.bullet = nil, nil, nil
	c.walk(n, l)
	c.flush()
	blocks := c.out
	c.out, c.now, c.bullet = out, now, bullet
	return blocks
}

// image takes a picture that is in the HTML or ours already. One that is
// elsewhere is named by its position and not fetched: no page of ours, nor the
// server, calls on third parties.
func (c *clip) image(n *html.Node, l clipLook) {
	src := strings.TrimSpace(firstOf(attr(n, "data-src"), attr(n, "src")))
	if strings.HasPrefix(attr(n, "src"), "data:image/") && !strings.HasPrefix(attr(n, "src"), "data:image/gif") {
		src = attr(n, "src")
	}
	if src == "" || attr(n, "width") == "1" || attr(n, "height") == "1" {
		return
	}
	c.images++
	alt := altOf(attr(n, "alt"))
	if c.own != nil {
		if to, ok := c.own(src); ok {
			g := len(c.pictures) + 1
			c.pictures = append(c.pictures, &Picture{Ref: to, Alt: alt, At: c.at()})
			c.begin(l)
			c.put(span{kind: picture, text: alt, ref: g}, l)
			return
		}
	}
	if b, ok := dataURI(src); ok {
		if c.weight += int64(len(b)); len(b) > maxPicture || c.weight > maxPictures {
			c.say(Dropped, "第 %d 张图片太大，没有放进来，请另外上传。", c.images)
			return
		}
		if g := c.take(b, alt); g > 0 {
			c.begin(l)
			c.put(span{kind: picture, text: alt, ref: g}, l)
		}
		return
	}
	where := "在别的网站上"
	if strings.HasPrefix(src, "file:") || strings.HasPrefix(src, "cid:") || strings.HasPrefix(src, "blob:") {
		where = "在您的电脑里"
	}
	near := c.at()
	if c.now != nil && strings.TrimFunc(c.now.text(), blank) != "" {
		near = "“" + shorten(strings.Join(strings.FieldsFunc(c.now.text(), blank), " "), 18) + "”附近"
	}
	c.said = append(c.said, Note{Level: Dropped, Message: "第 " + strconv.Itoa(c.images) + " 张图片" + where + "，没有放进来，请另存以后上传到这个位置。", At: near})
}

// dataURI reads the bytes of data:image/png;base64,…
func dataURI(src string) ([]byte, bool) {
	rest, ok := strings.CutPrefix(src, "data:")
	if !ok {
		return nil, false
	}
	head, data, ok := strings.Cut(rest, ",")
	if !ok {
		return nil, false
	}
	if !strings.HasSuffix(strings.ToLower(strings.TrimSpace(head)), ";base64") {
		s, err := url.PathUnescape(data)
		return []byte(s), err == nil
	}
	if strings.Contains(data, "%") {
		if s, err := url.PathUnescape(data); err == nil {
			data = s
		}
	}
	data = strings.TrimRight(strings.Join(strings.Fields(data), ""), "=")
	b, err := base64.RawStdEncoding.DecodeString(data)
	return b, err == nil
}

// table reads a table. Inside a table of one cell, and too deep, only the
// content counts.
func (c *clip) table(n *html.Node, l clipLook) {
	l.outline, l.title, l.mso, l.lists, l.list = 0, false, nil, 0, nil
	if c.depth >= maxNesting {
		c.flush()
		c.walk(n, l)
		c.flush()
		return
	}
	c.flush()
	c.depth++
	t := &table{}
	cells := 0
	c.rows(n, c.inherit(n, l), t, &cells)
	c.depth--
	switch {
	case len(t.rows) == 0:
	case len(t.rows) == 1 && len(t.rows[0]) == 1:
		c.out = append(c.out, t.rows[0][0].blocks...)
	default:
		c.out = append(c.out, &block{table: t})
	}
}

func (c *clip) rows(n *html.Node, l clipLook, t *table, cells *int) {
	for k := n.FirstChild; k != nil; k = k.NextSibling {
		switch k.DataAtom {
		case atom.Thead, atom.Tbody, atom.Tfoot:
			c.rows(k, c.inherit(k, l), t, cells)
		case atom.Caption:
			c.out = append(c.out, c.inside(k, l)...)
		case atom.Tr:
			if len(t.rows) >= maxRows || *cells > maxCells {
				return
			}
			r, heads := c.row(k, c.inherit(k, l))
			if len(r) == 0 {
				continue
			}
			*cells += len(r)
			if t.header == len(t.rows) && (heads || k.Parent.DataAtom == atom.Thead) {
				t.header++
			}
			t.rows = append(t.rows, r)
		}
	}
	if n.DataAtom == atom.Table {
		t.fit()
	}
}

// row reads the cells of a row; heads reports that all name something.
func (c *clip) row(n *html.Node, l clipLook) (r row, heads bool) {
	heads = true
	for k := n.FirstChild; k != nil; k = k.NextSibling {
		if k.DataAtom != atom.Td && k.DataAtom != atom.Th {
			continue
		}
		heads = heads && k.DataAtom == atom.Th
		in := c.inherit(k, l)
		if k.DataAtom == atom.Th {
			in.bold = l.bold
		}
		r = append(r, cell{colspan: cellSpan(k, "colspan"), rowspan: cellSpan(k, "rowspan"), blocks: c.inside(k, in)})
	}
	return r, heads
}

func cellSpan(n *html.Node, name string) int {
	v, err := strconv.Atoi(attr(n, name))
	if err != nil {
		return 1
	}
	return min(max(v, 1), maxSpan)
}

// fit keeps cells from reaching below the last row.
func (t *table) fit() {
	for i := range t.rows {
		for j := range t.rows[i] {
			t.rows[i][j].rowspan = min(t.rows[i][j].rowspan, len(t.rows)-i)
		}
	}
}
