package docx

import (
	"bytes"
	"encoding/binary"
	"encoding/xml"
	"io"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

const (
	maxXMLDepth = 256
	maxXMLNodes = 1_000_000
)

// node is an element with the prefix everybody uses (w:p), whatever the file
// calls it, or a piece of text (name "").
type node struct {
	name string
	text string
	attr []xml.Attr
	kids []*node
}

// prefixes are the name spaces we read, transitional and strict.
var prefixes = map[string]string{
	"http://schemas.openxmlformats.org/wordprocessingml/2006/main":           "w:",
	"http://purl.oclc.org/ooxml/wordprocessingml/main":                       "w:",
	"http://schemas.openxmlformats.org/officeDocument/2006/relationships":    "r:",
	"http://purl.oclc.org/ooxml/officeDocument/relationships":                "r:",
	"http://schemas.openxmlformats.org/drawingml/2006/main":                  "a:",
	"http://purl.oclc.org/ooxml/drawingml/main":                              "a:",
	"http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing": "wp:",
	"http://purl.oclc.org/ooxml/drawingml/wordprocessingDrawing":             "wp:",
	"http://schemas.openxmlformats.org/drawingml/2006/picture":               "pic:",
	"http://purl.oclc.org/ooxml/drawingml/picture":                           "pic:",
	"http://schemas.openxmlformats.org/officeDocument/2006/math":             "m:",
	"http://purl.oclc.org/ooxml/officeDocument/math":                         "m:",
	"http://schemas.openxmlformats.org/markup-compatibility/2006":            "mc:",
	"http://schemas.microsoft.com/office/word/2010/wordprocessingShape":      "wps:",
	"http://schemas.microsoft.com/office/word/2010/wordml":                   "w14:",
	"urn:schemas-microsoft-com:vml":                                          "v:",
	"urn:schemas-microsoft-com:office:office":                                "o:",
}

func short(n xml.Name) string {
	if n.Space == "" {
		return n.Local
	}
	if p, ok := prefixes[n.Space]; ok {
		return p + n.Local
	}
	return "?:" + n.Local
}

// parseXML reads a part into a tree. It takes no document type, so no entity
// of the file's own, and tells nothing of the content in its errors.
func parseXML(b []byte) (*node, error) {
	d := xml.NewDecoder(bytes.NewReader(printable(utf8Of(b))))
	d.CharsetReader = func(_ string, in io.Reader) (io.Reader, error) { return in, nil } // it is UTF-8 by now
	root := &node{}
	stack := []*node{root}
	for nodes := 0; ; {
		token, err := d.Token()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, refuse(Damaged, "a part is not well-formed XML")
		}
		top := stack[len(stack)-1]
		switch t := token.(type) {
		case xml.Directive:
			return nil, refuse(Bomb, "a part has a document type")
		case xml.StartElement:
			n := &node{name: short(t.Name), attr: t.Attr}
			top.kids = append(top.kids, n)
			stack = append(stack, n)
			if nodes++; nodes > maxXMLNodes || len(stack) > maxXMLDepth {
				return nil, refuse(Bomb, "a part has %d elements, %d deep", nodes, len(stack))
			}
		case xml.EndElement:
			stack = stack[:len(stack)-1]
		case xml.CharData:
			if holdsText(top.name) {
				top.kids = append(top.kids, &node{text: string(t)})
			}
		}
	}
	if len(root.kids) == 0 {
		return nil, refuse(Damaged, "a part is empty")
	}
	return root.kids[0], nil
}

// holdsText: everything else holds only the writer's indentation.
func holdsText(name string) bool {
	return name == "w:t" || name == "w:instrText" || name == "w:delText" || name == "m:t"
}

// utf8Of takes UTF-16, which the standard allows, to UTF-8.
func utf8Of(b []byte) []byte {
	var order binary.ByteOrder
	switch {
	case bytes.HasPrefix(b, []byte{0xFF, 0xFE}):
		order = binary.LittleEndian
	case bytes.HasPrefix(b, []byte{0xFE, 0xFF}):
		order = binary.BigEndian
	default:
		return bytes.TrimPrefix(b, []byte("\uFEFF"))
	}
	units := make([]uint16, 0, len(b)/2)
	for i := 2; i+1 < len(b); i += 2 {
		units = append(units, order.Uint16(b[i:]))
	}
	return []byte(string(utf16.Decode(units)))
}

// printable drops what XML may not hold, as bytes and as references (&#0;):
// one stray control character in 200 pages is no reason to refuse them.
func printable(b []byte) []byte {
	if bytes.Contains(b, []byte("&#")) {
		b = dropReferences(b)
	}
	if utf8.Valid(b) && bytes.IndexFunc(b, forbidden) < 0 {
		return b
	}
	return bytes.Map(func(r rune) rune {
		if forbidden(r) {
			return -1
		}
		return r
	}, bytes.ToValidUTF8(b, []byte("\uFFFD")))
}

func forbidden(r rune) bool {
	return r < 0x20 && r != '\t' && r != '\n' && r != '\r' || r == 0xFFFE || r == 0xFFFF
}

// dropReferences takes out references to characters that XML forbids.
func dropReferences(b []byte) []byte {
	out := make([]byte, 0, len(b))
	for {
		i := bytes.Index(b, []byte("&#"))
		if i < 0 {
			return append(out, b...)
		}
		out = append(out, b[:i]...)
		end := bytes.IndexByte(b[i:min(len(b), i+12)], ';')
		if end < 0 || !badReference(string(b[i+2:i+end])) {
			out, b = append(out, b[i:i+2]...), b[i+2:]
			continue
		}
		b = b[i+end+1:]
	}
}

func badReference(digits string) bool {
	base := 10
	if strings.HasPrefix(digits, "x") || strings.HasPrefix(digits, "X") {
		base, digits = 16, digits[1:]
	}
	n := int64(0)
	for _, c := range digits {
		v := int64(strings.IndexRune("0123456789abcdef", c|0x20))
		if c >= '0' && c <= '9' {
			v = int64(c - '0')
		}
		if v < 0 || v >= int64(base) {
			return false
		}
		n = n*int64(base) + v
	}
	return forbidden(rune(n)) || n > utf8.MaxRune || 0xD800 <= n && n < 0xE000
}

// get is an attribute by its short name, or "".
func (n *node) get(name string) string {
	if n == nil {
		return ""
	}
	for _, a := range n.attr {
		if short(a.Name) == name {
			return a.Value
		}
	}
	return ""
}

// first is the first child of a name; nil without one, also of a nil node.
func (n *node) first(name string) *node {
	if n == nil {
		return nil
	}
	for _, k := range n.kids {
		if k.name == name {
			return k
		}
	}
	return nil
}

// children are those of a node; none of a nil one.
func (n *node) children() []*node {
	if n == nil {
		return nil
	}
	return n.kids
}

// at walks down by names: at("w:pPr", "w:numPr").
func (n *node) at(names ...string) *node {
	for _, name := range names {
		n = n.first(name)
	}
	return n
}

// val is the w:val of the child of a name, and whether the child is there.
func (n *node) val(name string) (string, bool) {
	k := n.first(name)
	return k.get("w:val"), k != nil
}

// on reads a switch such as <w:b/> or <w:b w:val="0"/>.
func (n *node) on(name string) (on, set bool) {
	v, ok := n.val(name)
	return ok && v != "0" && v != "false" && v != "off" && v != "none", ok
}

// each visits the node and everything below that visit wants to go into.
func (n *node) each(visit func(*node) (into bool)) {
	if n == nil || !visit(n) {
		return
	}
	for _, k := range n.kids {
		k.each(visit)
	}
}

// find is the first descendant of a name.
func (n *node) find(name string) (found *node) {
	n.each(func(k *node) bool {
		if found == nil && k.name == name {
			found = k
		}
		return found == nil
	})
	return found
}

// content is the text right inside.
func (n *node) content() string {
	if n == nil {
		return ""
	}
	var b strings.Builder
	for _, k := range n.kids {
		b.WriteString(k.text)
	}
	return b.String()
}
