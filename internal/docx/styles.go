package docx

import (
	"strconv"
	"strings"
)

// look is what a paragraph or a run looks like, as far as structure can be told
// from it. Properties that nobody set are zero.
type look struct {
	bold, italic, strike, hidden, under bool
	raised                              int8   // 1 superscript, -1 subscript
	size                                int    // half points
	font                                string // of Chinese text
	red                                 bool
}

// style is one of styles.xml with all it inherits.
type style struct {
	name    string // lower case: heading 1, 标题 1, title, toc 1
	outline int    // 1…9; 0 is body text
	align   string // center, right, …
	num     numRef
	look    look
}

// styles are the styles of a document by their id.
type styles struct {
	raw      map[string]*node
	resolved map[string]style
	defaults string // id of the default paragraph style
	base     look
}

func newStyles(tree *node) *styles {
	s := &styles{raw: map[string]*node{}, resolved: map[string]style{}}
	if tree == nil {
		return s
	}
	s.base.apply(tree.at("w:docDefaults", "w:rPrDefault", "w:rPr"))
	for _, n := range tree.kids {
		if n.name != "w:style" {
			continue
		}
		id := n.get("w:styleId")
		s.raw[id] = n
		if v := n.get("w:default"); n.get("w:type") == "paragraph" && (v == "1" || v == "true") {
			s.defaults = id
		}
	}
	return s
}

// paragraph is the style of a paragraph that names id, or none.
func (s *styles) paragraph(id string) style {
	if id == "" {
		id = s.defaults
	}
	return s.of(id, 0)
}

// maxStyles is how long a chain of styles may be; a longer one goes round.
const maxStyles = 32

func (s *styles) of(id string, depth int) style {
	if st, ok := s.resolved[id]; ok {
		return st
	}
	n := s.raw[id]
	if n == nil || depth > maxStyles {
		return style{look: s.base, outline: headingOf(strings.ToLower(id))}
	}
	st := style{look: s.base}
	if parent, ok := n.val("w:basedOn"); ok && parent != id {
		st = s.of(parent, depth+1)
		if st.outline > 0 && !isHeading(st.name) {
			st.outline = 0
		}
	}
	name, _ := n.val("w:name")
	st.name = strings.ToLower(strings.TrimSpace(name))
	st.look.apply(n.first("w:rPr"))
	p := n.first("w:pPr")
	if jc, ok := p.val("w:jc"); ok {
		st.align = jc
	}
	if num := p.first("w:numPr"); num != nil {
		st.num = st.num.over(num)
	}
	if level, ok := outlineOf(p); ok {
		st.outline = level
	} else if h := max(headingOf(st.name), headingOf(strings.ToLower(id))); h > 0 {
		st.outline = h
	}
	s.resolved[id] = st
	return st
}

// outlineOf reads w:outlineLvl: 0…8 are headings, 9 is body text.
func outlineOf(p *node) (level int, set bool) {
	v, ok := p.val("w:outlineLvl")
	n, err := strconv.Atoi(v)
	if !ok || err != nil || n < 0 {
		return 0, false
	}
	if n > 8 {
		return 0, true
	}
	return n + 1, true
}

// headingOf is the level in the name or id of a heading style: heading 1,
// Heading1, 标题 1, 标题1. Word in Chinese numbers the ids of built-in styles
// itself (heading 1 is "1", WPS has "2"), so a bare number tells nothing.
func headingOf(name string) int {
	for _, prefix := range []string{"heading", "标题"} {
		if rest, ok := strings.CutPrefix(name, prefix); ok {
			if n, err := strconv.Atoi(strings.TrimSpace(rest)); err == nil && n >= 1 && n <= 9 {
				return n
			}
		}
	}
	return 0
}

func isHeading(name string) bool { return headingOf(name) > 0 }

// isTitle reports the style of a document's title.
func (s style) isTitle() bool {
	return s.name == "title" || s.name == "标题" || s.name == "文档标题" || s.name == "公文标题"
}

// isTOC reports the styles of a contents list.
func (s style) isTOC() bool {
	return strings.HasPrefix(s.name, "toc ") || strings.HasPrefix(s.name, "目录 ") || s.name == "toc heading" || s.name == "table of figures"
}

// apply lays the properties of a run over the look.
func (l *look) apply(r *node) {
	if r == nil {
		return
	}
	for _, k := range r.kids {
		v := k.get("w:val")
		on := v != "0" && v != "false" && v != "off"
		switch k.name {
		case "w:b":
			l.bold = on
		case "w:i":
			l.italic = on
		case "w:strike", "w:dstrike":
			l.strike = on
		case "w:vanish", "w:specVanish", "w:webHidden":
			l.hidden = on && k.name == "w:vanish"
		case "w:u":
			l.under = v != "none" && v != ""
		case "w:vertAlign":
			l.raised = map[string]int8{"superscript": 1, "subscript": -1}[v]
		case "w:position": // as LibreOffice writes what is raised or lowered by a third
			if n, err := strconv.Atoi(v); err == nil && (n >= 6 || n <= -6) {
				l.raised = 1
				if n < 0 {
					l.raised = -1
				}
			}
		case "w:sz":
			if n, err := strconv.Atoi(v); err == nil {
				l.size = n
			}
		case "w:rFonts":
			if f := k.get("w:eastAsia"); f != "" {
				l.font = f
			}
		case "w:color":
			l.red = isRed(v)
		}
	}
}

// isRed reports the red of a letter head: FF0000, C00000, EE0000.
func isRed(v string) bool {
	n, err := strconv.ParseUint(v, 16, 32)
	if err != nil || len(v) != 6 {
		return false
	}
	return n>>16 >= 0xB0 && n>>8&0xFF <= 0x40 && n&0xFF <= 0x40
}
