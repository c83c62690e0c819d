package docx_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"html"
	"image"
	"image/color"
	"image/png"
	"slices"
	"strings"
	"testing"
)

// The builder writes real OOXML, element by element, as Word and WPS do.

const wordNames = `xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"` +
	` xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"` +
	` xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture" xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"` +
	` xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"` +
	` xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml" mc:Ignorable="w14"`

const relNames = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"

// file is a .docx in the making.
type file struct {
	body      []string
	styles    string // inside w:styles
	numbering string // inside w:numbering
	footnotes []string
	endnotes  []string
	comments  string
	section   string   // inside the last w:sectPr
	rels      []string // of the document: kind, target, mode
	parts     map[string][]byte
	main      string // content type of the document, when not the usual
	stored    bool   // not packed, for speed
}

func doc(body ...string) *file { return &file{body: body, parts: map[string][]byte{}} }

// rel adds a relation and returns its id.
func (f *file) rel(kind, target string, external bool) string {
	mode := ""
	if external {
		mode = ` TargetMode="External"`
	}
	id := fmt.Sprintf("rId%d", 100+len(f.rels))
	f.rels = append(f.rels, fmt.Sprintf(`<Relationship Id="%s" Type="%s%s" Target="%s"%s/>`, id, relNames, kind, html.EscapeString(target), mode))
	return id
}

// media adds a picture and returns the id of its relation.
func (f *file) media(name string, b []byte) string {
	f.parts["word/media/"+name] = b
	return f.rel("image", "media/"+name, false)
}

func (f *file) note(body string) string {
	id := len(f.footnotes) + 1
	f.footnotes = append(f.footnotes, fmt.Sprintf(`<w:footnote w:id="%d">%s</w:footnote>`, id, body))
	return fmt.Sprintf(`<w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:footnoteReference w:id="%d"/></w:r>`, id)
}

func (f *file) endnote(body string) string {
	id := len(f.endnotes) + 1
	f.endnotes = append(f.endnotes, fmt.Sprintf(`<w:endnote w:id="%d">%s</w:endnote>`, id, body))
	return fmt.Sprintf(`<w:r><w:endnoteReference w:id="%d"/></w:r>`, id)
}

// bytes packs the file.
func (f *file) bytes(t testing.TB) []byte {
	t.Helper()
	parts := map[string][]byte{}
	rels := slices.Clone(f.rels)
	add := func(kind, name, root, inside string) {
		parts["word/"+name] = []byte(`<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n<w:" + root + " " + wordNames + ">" + inside + "</w:" + root + ">")
		rels = append(rels, `<Relationship Id="`+kind+`" Type="`+relNames+kind+`" Target="`+name+`"/>`)
	}
	if f.styles != "" {
		add("styles", "styles.xml", "styles", f.styles)
	}
	if f.numbering != "" {
		add("numbering", "numbering.xml", "numbering", f.numbering)
	}
	if len(f.footnotes) > 0 {
		add("footnotes", "footnotes.xml", "footnotes", `<w:footnote w:type="separator" w:id="-1"><w:p><w:r><w:separator/></w:r></w:p></w:footnote>`+strings.Join(f.footnotes, ""))
	}
	if len(f.endnotes) > 0 {
		add("endnotes", "endnotes.xml", "endnotes", strings.Join(f.endnotes, ""))
	}
	if f.comments != "" {
		add("comments", "comments.xml", "comments", f.comments)
	}
	parts["word/document.xml"] = []byte(`<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n<w:document " + wordNames + "><w:body>" + strings.Join(f.body, "\n") + `<w:sectPr>` + f.section + `<w:pgSz w:w="11906" w:h="16838"/></w:sectPr></w:body></w:document>`)
	parts["word/_rels/document.xml.rels"] = []byte(`<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">` + strings.Join(rels, "") + `</Relationships>`)
	parts["_rels/.rels"] = []byte(`<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="` + relNames + `officeDocument" Target="word/document.xml"/></Relationships>`)
	main := f.main
	if main == "" {
		main = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
	}
	parts["[Content_Types].xml"] = []byte(`<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Default Extension="png" ContentType="image/png"/><Override PartName="/word/document.xml" ContentType="` + main + `"/></Types>`)
	for name, b := range f.parts {
		parts[name] = b
	}
	if f.stored {
		return zipWith(t, zip.Store, parts)
	}
	return zipOf(t, parts)
}

func zipOf(t testing.TB, parts map[string][]byte) []byte { return zipWith(t, zip.Deflate, parts) }

func zipWith(t testing.TB, method uint16, parts map[string][]byte) []byte {
	t.Helper()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	names := make([]string, 0, len(parts))
	for name := range parts {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		w, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: method})
		if err == nil {
			_, err = w.Write(parts[name])
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// r is a run with properties: r("重点", "<w:b/>").
func r(text string, props ...string) string {
	rpr := ""
	if len(props) > 0 {
		rpr = "<w:rPr>" + strings.Join(props, "") + "</w:rPr>"
	}
	return `<w:r>` + rpr + `<w:t xml:space="preserve">` + html.EscapeString(text) + `</w:t></w:r>`
}

// p is a paragraph of runs, or of one text.
func p(inside ...string) string { return styled("", inside...) }

// styled is a paragraph with properties.
func styled(props string, inside ...string) string {
	for i, s := range inside {
		if !strings.HasPrefix(s, "<") {
			inside[i] = r(s)
		}
	}
	if props != "" {
		props = "<w:pPr>" + props + "</w:pPr>"
	}
	return "<w:p>" + props + strings.Join(inside, "") + "</w:p>"
}

const (
	centered  = `<w:jc w:val="center"/>`
	right     = `<w:jc w:val="right"/>`
	big       = `<w:rFonts w:eastAsia="方正小标宋简体"/><w:sz w:val="44"/>`   // 二号
	body      = `<w:rFonts w:eastAsia="仿宋_GB2312"/><w:sz w:val="32"/>` // 三号
	blackFace = `<w:rFonts w:eastAsia="黑体"/><w:sz w:val="32"/>`
	kaiFace   = `<w:rFonts w:eastAsia="楷体_GB2312"/><w:sz w:val="32"/>`
	redHead   = `<w:color w:val="FF0000"/><w:sz w:val="84"/>`
	br        = `<w:r><w:br/></w:r>`
	tab       = `<w:r><w:tab/></w:r>`
)

// title, text and the like are the paragraphs of a 公文 as its templates have them.
func title(s string) string    { return styled(centered, r(s, big)) }
func text(s string) string     { return styled(`<w:ind w:firstLineChars="200"/>`, r(s, body)) }
func heading1(s string) string { return styled("", r(s, blackFace)) }
func heading2(s string) string { return styled("", r(s, kaiFace)) }
func signed(s string) string   { return styled(right, r(s, body)) }
func toAll(s string) string    { return styled("", r(s, body)) }

func numbered(id, level int, s string) string {
	return styled(fmt.Sprintf(`<w:numPr><w:ilvl w:val="%d"/><w:numId w:val="%d"/></w:numPr>`, level, id), s)
}

// list is an abstract list with its number; levels are format and text in turn.
func list(id int, levels ...string) string {
	var b strings.Builder
	fmt.Fprintf(&b, `<w:abstractNum w:abstractNumId="%d">`, id)
	for i := 0; i+1 < len(levels); i += 2 {
		fmt.Fprintf(&b, `<w:lvl w:ilvl="%d"><w:start w:val="1"/><w:numFmt w:val="%s"/><w:lvlText w:val="%s"/></w:lvl>`, i/2, levels[i], levels[i+1])
	}
	return b.String() + "</w:abstractNum>"
}

func num(id, abstract int) string {
	return fmt.Sprintf(`<w:num w:numId="%d"><w:abstractNumId w:val="%d"/></w:num>`, id, abstract)
}

// tbl is a table of rows; tr of cells; tc of a text or of blocks.
func tbl(rows ...string) string {
	return "<w:tbl><w:tblPr/><w:tblGrid/>" + strings.Join(rows, "") + "</w:tbl>"
}
func tr(cells ...string) string {
	for i, c := range cells {
		if !strings.HasPrefix(c, "<w:tc>") && !strings.HasPrefix(c, "<w:trPr>") {
			cells[i] = tc("", c)
		}
	}
	return "<w:tr>" + strings.Join(cells, "") + "</w:tr>"
}
func tc(props string, blocks ...string) string {
	for i, b := range blocks {
		if !strings.HasPrefix(b, "<") {
			blocks[i] = p(b)
		}
	}
	return "<w:tc><w:tcPr>" + props + "</w:tcPr>" + strings.Join(blocks, "") + "</w:tc>"
}

const (
	span2     = `<w:gridSpan w:val="2"/>`
	span3     = `<w:gridSpan w:val="3"/>`
	mergeFrom = `<w:vMerge w:val="restart"/>`
	mergeDown = `<w:vMerge/>`
)

// inlinePicture is a picture in the line, as Word writes it.
func inlinePicture(id, alt string) string {
	return `<w:r><w:drawing><wp:inline><wp:extent cx="914400" cy="609600"/><wp:docPr id="1" name="图片 1" descr="` + html.EscapeString(alt) + `"/>` + graphic(id) + `</wp:inline></w:drawing></w:r>`
}

func anchoredPicture(id, alt string) string {
	return `<w:r><w:drawing><wp:anchor behindDoc="0"><wp:extent cx="914400" cy="609600"/><wp:docPr id="2" name="图片 2" descr="` + html.EscapeString(alt) + `"/>` + graphic(id) + `</wp:anchor></w:drawing></w:r>`
}

func graphic(id string) string {
	return `<a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic><pic:nvPicPr><pic:cNvPr id="0" name="a.png"/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill><a:blip r:embed="` + id + `"/></pic:blipFill><pic:spPr/></pic:pic></a:graphicData></a:graphic>`
}

// textBox is one as Word writes it: new and old beside each other.
func textBox(blocks ...string) string {
	inside := `<w:txbxContent>` + strings.Join(blocks, "") + `</w:txbxContent>`
	return `<w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wp:anchor><wp:docPr id="9" name="文本框 9"/><a:graphic><a:graphicData uri="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"><wps:wsp><wps:txbx>` + inside +
		`</wps:txbx></wps:wsp></a:graphicData></a:graphic></wp:anchor></w:drawing></mc:Choice><mc:Fallback><w:pict><v:shape><v:textbox>` + inside + `</v:textbox></v:shape></w:pict></mc:Fallback></mc:AlternateContent></w:r>`
}

// field is a complex field with its result.
func field(code string, result ...string) string {
	for i, s := range result {
		if !strings.HasPrefix(s, "<") {
			result[i] = r(s)
		}
	}
	return `<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText xml:space="preserve"> ` + html.EscapeString(code) + ` </w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>` +
		strings.Join(result, "") + `<w:r><w:fldChar w:fldCharType="end"/></w:r>`
}

func link(id string, inside ...string) string {
	for i, s := range inside {
		if !strings.HasPrefix(s, "<") {
			inside[i] = r(s, `<w:u w:val="single"/>`)
		}
	}
	return `<w:hyperlink r:id="` + id + `">` + strings.Join(inside, "") + `</w:hyperlink>`
}

// dot is a small PNG; another shade is another picture.
func dot(shade uint8) []byte {
	img := image.NewRGBA(image.Rect(0, 0, 4, 3))
	for x := range 4 {
		for y := range 3 {
			img.Set(x, y, color.RGBA{shade, uint8(60 * x), uint8(80 * y), 255})
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		panic(err) // of memory
	}
	return b.Bytes()
}

func style(id, name, inside string) string {
	return `<w:style w:type="paragraph" w:styleId="` + id + `"><w:name w:val="` + name + `"/>` + inside + `</w:style>`
}
