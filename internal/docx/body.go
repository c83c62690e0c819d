package docx

import (
	"strconv"
	"strings"
)

// reader walks through the parts of a document and makes blocks.
type reader struct {
	gathered
	pkg  *pkg
	part string // name of the part we are in
	rels map[string]relation

	styles    *styles
	numbering *numbering
	footnotes map[string]*node
	endnotes  map[string]*node
	noteRels  map[string]map[string]relation // by kind
	numbers   map[string]int                 // note number by kind and id
	shared    map[string]int                 // picture number by part
	fields    []field                        // open complex fields, innermost last
	boxes     []*block                       // text boxes of the paragraph we are in
	depth     int                            // of tables and text boxes
	sections  int                            // headers and footers seen
	contents  int                            // lists of contents dropped
}

func (rd *reader) prepare() error {
	rd.noteRels, rd.numbers, rd.shared = map[string]map[string]relation{}, map[string]int{}, map[string]int{}
	st, err := rd.pkg.related(rd.rels, "styles")
	if err != nil {
		return err
	}
	num, err := rd.pkg.related(rd.rels, "numbering")
	if err != nil {
		return err
	}
	rd.styles, rd.numbering = newStyles(st.tree), newNumbering(num.tree)
	if rd.footnotes, err = rd.readNotes("footnotes", "w:footnote"); err != nil {
		return err
	}
	rd.endnotes, err = rd.readNotes("endnotes", "w:endnote")
	return err
}

// readNotes reads the texts of footnotes or endnotes by id.
func (rd *reader) readNotes(kind, element string) (map[string]*node, error) {
	p, err := rd.pkg.related(rd.rels, kind)
	if err != nil || p.tree == nil {
		return nil, err
	}
	rd.noteRels[kind] = p.rels
	notes := map[string]*node{}
	for _, n := range p.tree.kids {
		if t := n.get("w:type"); n.name == element && (t == "" || t == "normal") {
			notes[n.get("w:id")] = n
		}
	}
	return notes, nil
}

// maxNesting is how deep tables and text boxes may stand in each other.
const maxNesting = 8

// blocks reads the block content of a body, a cell, a note or a text box.
func (rd *reader) blocks(in *node) []*block {
	var out []*block
	for _, n := range in.children() {
		switch n.name {
		case "w:p":
			out = append(out, rd.paragraph(n)...)
		case "w:tbl":
			if rd.depth < maxNesting {
				rd.depth++
				out = append(out, rd.table(n)...)
				rd.depth--
			} else {
				rd.say(Dropped, "表格套得太深，里层的没有导入。")
			}
		case "w:sdt":
			if rd.isContents(n) {
				rd.contents++
				continue
			}
			if c := n.first("w:sdtContent"); c != nil {
				out = append(out, rd.blocks(c)...)
			}
		case "w:customXml", "w:ins", "w:moveTo":
			out = append(out, rd.blocks(n)...)
		case "mc:AlternateContent":
			out = append(out, rd.blocks(choose(n))...)
		case "w:sectPr":
			rd.section(n)
		case "w:altChunk":
			rd.say(Dropped, "嵌在里面的另一份文件没有导入。")
		case "m:oMathPara", "m:oMath":
			rd.say(Dropped, "公式没有导入，请截图后作为图片插入。")
		}
	}
	return out
}

// isContents reports the frame of a generated list of contents.
func (rd *reader) isContents(sdt *node) bool {
	v, _ := sdt.at("w:sdtPr", "w:docPartObj").val("w:docPartGallery")
	return v == "Table of Contents"
}

func (rd *reader) section(n *node) {
	for _, k := range n.children() {
		if k.name == "w:headerReference" || k.name == "w:footerReference" {
			rd.sections++
		}
	}
}

// paragraph reads a paragraph: usually one block, more when a page ends inside
// it or text boxes hang on it.
func (rd *reader) paragraph(n *node) []*block {
	p := n.first("w:pPr")
	rd.section(n.at("w:pPr", "w:sectPr"))
	id, _ := p.val("w:pStyle")
	st := rd.styles.paragraph(id)
	if st.isTOC() {
		rd.contents++
		rd.spans(n, st.look, &collector{rd: rd, drop: true})
		return nil
	}
	b := &block{outline: st.outline, title: st.isTitle(), align: st.align}
	if v, ok := p.val("w:jc"); ok {
		b.align = v
	}
	if v, ok := outlineOf(p); ok {
		b.outline = v
	}
	b.rule = p.at("w:pBdr", "w:bottom") != nil || p.at("w:pBdr", "w:top") != nil
	b.inset = inset(p)
	ref := st.num
	if num := p.first("w:numPr"); num != nil {
		ref = ref.over(num)
	}
	outer := rd.boxes
	rd.boxes = nil
	rd.pass(preview(n))
	c := &collector{rd: rd}
	rd.spans(n, st.look, c)
	b.spans = c.spans
	boxes := rd.boxes
	rd.boxes = outer
	b.size, b.font, b.red = c.most()
	if hidden, _ := p.first("w:rPr").on("w:vanish"); hidden && b.empty() {
		ref.id = ""
	}
	if ref.id != "" && (!b.empty() || c.pictures) {
		b.num = rd.numbering.next(ref)
	}
	b.rule = b.rule && b.empty()
	out := make([]*block, 0, 1+len(boxes))
	if !b.empty() || b.rule {
		out = append(out, b)
	}
	return append(out, boxes...)
}

// preview is the text of a paragraph without what hangs on it, to name its place.
func preview(n *node) string {
	var b strings.Builder
	n.each(func(k *node) bool {
		if k.name == "w:t" && b.Len() < 200 {
			b.WriteString(visible(k.content()))
		}
		return k.name != "w:drawing" && k.name != "w:pict" && k.name != "mc:AlternateContent"
	})
	return b.String()
}

// inset reports an indent no text has, but a signature: over a third of a line.
func inset(p *node) bool {
	ind := p.first("w:ind")
	for _, name := range []string{"w:left", "w:start", "w:firstLine"} {
		if n, err := strconv.Atoi(ind.get(name)); err == nil && n >= 2800 { // twentieths of a point; five centimetres
			return true
		}
	}
	for _, name := range []string{"w:leftChars", "w:startChars", "w:firstLineChars"} {
		if n, err := strconv.Atoi(ind.get(name)); err == nil && n >= 900 {
			return true
		}
	}
	return false
}

// farewell says what was left out of the whole document.
func (rd *reader) farewell() {
	rd.place = ""
	add := func(level Level, message string) { rd.said = append(rd.said, Note{Level: level, Message: message}) }
	if rd.contents > 0 {
		add(Dropped, "目录没有导入：网页会按小标题自动生成。")
	}
	if rd.sections > 0 && rd.headerText() {
		add(Dropped, "页眉、页脚和页码没有导入。")
	}
	if rd.pkg.macros {
		add(Dropped, "文件里的宏没有导入，也没有运行。")
	}
}

// headerText reports whether any header or footer says something.
func (rd *reader) headerText() bool {
	for _, r := range rd.rels {
		if r.kind != "header" && r.kind != "footer" || r.external {
			continue
		}
		tree, err := rd.pkg.tree(r.target)
		if err != nil {
			continue // it is dropped anyway
		}
		found := false
		tree.each(func(n *node) bool {
			found = found || n.name == "w:t" && strings.TrimFunc(n.content(), blank) != "" || n.name == "w:drawing" || n.name == "w:pict" || n.name == "w:fldSimple" || n.name == "w:instrText"
			return !found
		})
		if found {
			return true
		}
	}
	return false
}
