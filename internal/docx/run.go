package docx

import (
	"strconv"
	"strings"
)

// collector gathers the spans of one paragraph.
type collector struct {
	rd       *reader
	spans    []span
	href     string
	drop     bool // a list of contents: read for its fields only
	pictures bool
	sizes    map[int]int
	fonts    map[string]int
	red, all int
}

// most is what most of the text looks like.
func (c *collector) most() (size int, font string, red bool) {
	best := 0
	for s, n := range c.sizes {
		if n > best || n == best && s > size {
			size, best = s, n
		}
	}
	best = 0
	for f, n := range c.fonts {
		if n > best || n == best && f > font {
			font, best = f, n
		}
	}
	return size, font, c.red*2 > c.all
}

// add takes a piece of text in its look.
func (c *collector) add(text string, l look) {
	if c.drop || text == "" || c.rd.inField() {
		return
	}
	if l.hidden {
		c.rd.count("hidden")
		return
	}
	text = visible(text)
	if l.under {
		if strings.TrimFunc(text, blank) == "" { // a line to write on
			text = strings.Repeat("＿", max(2, len([]rune(text))/2))
		} else if c.href == "" {
			c.rd.count("under")
		}
	}
	if n := len([]rune(text)); strings.TrimFunc(text, blank) != "" {
		if c.sizes == nil {
			c.sizes, c.fonts = map[int]int{}, map[string]int{}
		}
		c.sizes[l.size] += n
		c.fonts[l.font] += n
		c.all += n
		if l.red {
			c.red += n
		}
	}
	c.put(span{text: text, look: markup{l.bold, l.italic, l.strike, l.raised}, font: l.font})
}

// put appends a span, as a part of the link we are in, unless a field hides it.
func (c *collector) put(s span) {
	if c.drop || c.rd.inField() {
		return
	}
	s.href = c.href
	if f := c.rd.linkField(); s.href == "" {
		s.href = f
	}
	c.spans = append(c.spans, s)
}

// spans reads the inline content of a paragraph, a link or a field.
func (rd *reader) spans(in *node, base look, c *collector) {
	for _, n := range in.children() {
		switch n.name {
		case "w:r":
			rd.run(n, base, c)
		case "w:hyperlink":
			was := c.href
			c.href = rd.linkTarget(n)
			rd.spans(n, base, c)
			c.href = was
		case "w:fldSimple":
			rd.fields = append(rd.fields, field{code: n.get("w:instr"), shown: true})
			rd.spans(n, base, c)
			rd.endField()
		case "w:smartTag", "w:customXml", "w:ins", "w:moveTo", "w:dir", "w:bdo":
			rd.spans(n, base, c)
		case "w:sdt":
			if s := n.first("w:sdtContent"); s != nil {
				rd.spans(s, base, c)
			}
		case "mc:AlternateContent":
			rd.spans(choose(n), base, c)
		case "m:oMath", "m:oMathPara":
			rd.say(Dropped, "公式没有导入，请截图后作为图片插入。")
		case "w:subDoc":
			rd.say(Dropped, "嵌在里面的另一份文件没有导入。")
		}
	}
}

// linkTarget is the address of a link; "" for a place in the document and for
// what must not be linked.
func (rd *reader) linkTarget(n *node) string {
	r, ok := rd.rels[n.get("r:id")]
	if !ok || !r.external {
		return ""
	}
	return rd.safeLink(r.target)
}

func (rd *reader) safeLink(to string) string {
	if !linkable(to) {
		if to != "" && !strings.HasPrefix(to, "#") {
			rd.count("link")
		}
		return ""
	}
	return to
}

// linkable reports an address that readers may follow.
func linkable(to string) bool {
	scheme, rest, ok := strings.Cut(to, ":")
	switch strings.ToLower(scheme) {
	case "http", "https":
		return ok && strings.HasPrefix(rest, "//") && len(rest) > 2
	case "mailto", "tel", "sms":
		return ok && rest != ""
	}
	return false
}

// run reads a run: text of one look and what stands in it.
func (rd *reader) run(n *node, base look, c *collector) {
	l := base
	props := n.first("w:rPr")
	if id, ok := props.val("w:rStyle"); ok {
		if raw := rd.styles.raw[id]; raw != nil {
			l.apply(raw.first("w:rPr"))
		}
	}
	l.apply(props)
	for _, k := range n.children() {
		rd.runPart(k, l, c)
	}
}

func (rd *reader) runPart(k *node, l look, c *collector) {
	switch k.name {
	case "w:t":
		c.add(k.content(), l)
	case "w:tab", "w:ptab":
		c.add(" ", look{under: l.under, hidden: l.hidden, size: l.size})
	case "w:br", "w:cr":
		if t := k.get("w:type"); t == "" || t == "textWrapping" {
			c.put(span{kind: lineBreak})
		}
	case "w:noBreakHyphen":
		c.add("-", l)
	case "w:sym":
		c.add(rd.symbol(k), l)
	case "w:ruby":
		rd.ruby(k, l, c)
	case "w:fldChar", "w:instrText":
		rd.fieldPart(k)
	case "w:footnoteReference":
		rd.noteSign("footnotes", rd.footnotes, k, c)
	case "w:endnoteReference":
		rd.noteSign("endnotes", rd.endnotes, k, c)
	case "w:drawing", "w:pict", "w:object":
		rd.drawing(k, c)
	case "mc:AlternateContent":
		if in := choose(k); in != nil {
			for _, o := range in.children() {
				rd.runPart(o, l, c)
			}
		}
	}
}

// ruby keeps the reading of a word in brackets behind it.
func (rd *reader) ruby(k *node, l look, c *collector) {
	rd.spans(k.first("w:rubyBase"), l, c)
	if rt := k.first("w:rt"); rt != nil {
		in := &collector{rd: rd}
		rd.spans(rt, look{}, in)
		if text := (&block{spans: in.spans}).text(); strings.TrimSpace(text) != "" {
			c.add("（"+strings.TrimSpace(text)+"）", l)
		}
	}
}

// symbols are the characters of symbol fonts that 公文 and forms use.
var symbols = map[string]map[int]string{
	"wingdings":   {0x6C: "●", 0x6E: "■", 0x6F: "□", 0x71: "□", 0x72: "□", 0x75: "◆", 0x76: "❖", 0x77: "◆", 0x9F: "•", 0xA1: "○", 0xA7: "▪", 0xA8: "□", 0xAB: "★", 0xB6: "☆", 0xD8: "➢", 0xDF: "←", 0xE0: "→", 0xE1: "↑", 0xE2: "↓", 0xE8: "→", 0xF0: "⇨", 0xFB: "✗", 0xFC: "✓", 0xFD: "☒", 0xFE: "☑", 0x28: "☎", 0x29: "✆", 0x2A: "✉", 0x21: "✏", 0x46: "☞", 0xFF: "□"},
	"wingdings 2": {0x2A: "□", 0x30: "□", 0x4F: "✗", 0x50: "✓", 0x51: "☒", 0x52: "☑", 0x53: "☒", 0x54: "☒", 0x97: "●", 0xA3: "□", 0xA2: "■"},
	"symbol":      {0xB7: "•", 0xB0: "°", 0xB1: "±", 0xB4: "×", 0xB8: "÷", 0xA3: "≤", 0xB3: "≥", 0xB9: "≠", 0xAE: "→", 0xAC: "←", 0xD6: "√", 0xA5: "∞"},
}

func (rd *reader) symbol(k *node) string {
	code, err := strconv.ParseInt(k.get("w:char"), 16, 32)
	if err != nil {
		return ""
	}
	if s := symbols[strings.ToLower(k.get("w:font"))][int(code&0xFF)]; s != "" && (code >= 0xF000 || code < 0x100) {
		return s
	}
	if code < 0xE000 && code > 0x1F || code > 0xF8FF {
		return string(rune(code))
	}
	rd.count("symbol")
	return "□"
}

// noteSign puts the sign of a note, and reads the note the first time.
func (rd *reader) noteSign(kind string, notes map[string]*node, k *node, c *collector) {
	n := notes[k.get("w:id")]
	if n == nil || c.drop || rd.inField() {
		return
	}
	key := kind + " " + k.get("w:id")
	number := rd.numbers[key]
	if number == 0 {
		if rd.depth >= maxNesting {
			return
		}
		rd.notes = append(rd.notes, nil)
		number = len(rd.notes)
		rd.numbers[key] = number
		rels, fields := rd.rels, rd.fields
		rd.rels, rd.fields = rd.noteRels[kind], nil
		rd.depth++
		rd.notes[number-1] = rd.blocks(n)
		rd.depth--
		rd.rels, rd.fields = rels, fields
	}
	c.put(span{kind: noteRef, ref: number})
}

// choose picks the alternative we can read: the newer one, unless only the
// older holds something.
func choose(n *node) *node {
	for _, name := range []string{"mc:Choice", "mc:Fallback"} {
		if k := n.first(name); k != nil && readable(k) {
			return k
		}
	}
	return &node{}
}

func readable(n *node) bool {
	found := false
	n.each(func(k *node) bool {
		switch k.name {
		case "pic:pic", "w:txbxContent", "a:graphicData", "w:t", "v:imagedata", "w:sym", "m:oMath", "w:tbl":
			found = true
		}
		return !found
	})
	return found
}
