package docx

import (
	"bytes"
	"fmt"
	"image"
	"image/png"
	"path"
	"strconv"
	"strings"

	"golang.org/x/image/bmp"
	"golang.org/x/image/tiff"
)

// drawing reads what is drawn in a paragraph: pictures at their place, text
// boxes behind the paragraph, and the names of what cannot be kept.
func (rd *reader) drawing(n *node, c *collector) {
	if c.drop || rd.inField() {
		return
	}
	if n.name == "w:object" {
		rd.say(Dropped, "嵌入的对象（如 Excel 表、附件图标）没有导入，请另外上传。")
		return
	}
	alt, hidden := "", false
	n.each(func(k *node) bool {
		switch k.name {
		case "wp:docPr":
			alt = altOf(k.get("descr"))
			hidden = k.get("hidden") == "1" || k.get("hidden") == "true"
		case "v:shape", "v:rect":
			if a := altOf(k.get("alt")); a != "" {
				alt = a
			}
			rd.horizontal(k, c)
		case "mc:AlternateContent":
			for _, o := range choose(k).kids {
				rd.drawing(&node{name: "w:drawing", kids: []*node{o}}, c)
			}
			return false
		case "pic:pic":
			rd.picture(k, alt, hidden, c)
			return false
		case "v:imagedata":
			rd.image(firstOf(k.get("r:id"), k.get("r:pict")), alt, c)
			return false
		case "w:txbxContent":
			rd.textBox(k)
			return false
		case "a:graphicData":
			return rd.graphic(k.get("uri"))
		}
		return true
	})
}

// horizontal turns the line that some programs draw into a rule.
func (rd *reader) horizontal(k *node, c *collector) {
	if k.get("o:hr") == "t" {
		c.put(span{kind: lineBreak})
	}
}

// graphic names what a drawing holds when it is no picture.
func (rd *reader) graphic(uri string) (into bool) {
	switch {
	case strings.HasSuffix(uri, "/chart"), strings.HasSuffix(uri, "/chartex"):
		rd.say(Dropped, "图表没有导入，请在 Word 里把它复制成图片，再插入正文。")
	case strings.HasSuffix(uri, "/diagram"):
		rd.say(Dropped, "SmartArt 图形没有导入，请截图后作为图片插入。")
	case strings.HasSuffix(uri, "/ink"), strings.HasSuffix(uri, "/slicer"):
		rd.say(Dropped, "手写墨迹没有导入。")
	default:
		return true
	}
	return false
}

func firstOf(list ...string) string {
	for _, s := range list {
		if s != "" {
			return s
		}
	}
	return ""
}

// altOf is a description somebody wrote; what programs make up is none.
func altOf(s string) string {
	s = strings.Join(strings.FieldsFunc(visible(s), blank), " ")
	for _, made := range []string{"IMG_", "微信图片", "mmexport", "wps", "图片 ", "Picture ", "截图", "截屏", "C:\\", "D:\\", "描述已自动生成", "AI 生成的内容", "说明已自动生成", "Description automatically generated"} {
		if strings.HasPrefix(s, made) || strings.HasSuffix(s, made) {
			return ""
		}
	}
	if ext := strings.ToLower(path.Ext(s)); ext == ".jpg" || ext == ".png" || ext == ".jpeg" || ext == ".bmp" || ext == ".gif" {
		return ""
	}
	return shorten(s, 199)
}

func (rd *reader) textBox(content *node) {
	if rd.depth >= maxNesting {
		return
	}
	rd.depth++
	fields := rd.fields
	rd.fields = nil
	outer := rd.boxes
	rd.boxes = nil
	place := rd.place
	inner := rd.blocks(content)
	rd.boxes, rd.fields = outer, fields
	rd.depth--
	for _, b := range inner {
		b.boxed = true
	}
	if len(inner) == 0 {
		return
	}
	rd.place = place
	if first := inner[0].text(); strings.TrimSpace(first) != "" {
		rd.said = append(rd.said, Note{Level: Check, Message: "文本框里的文字已放到正文里，请看位置对不对。", At: "“" + shorten(strings.Join(strings.FieldsFunc(first, blank), " "), 18) + "”"})
	} else {
		rd.say(Check, "文本框里的内容已放到正文里，请看位置对不对。")
	}
	rd.boxes = append(rd.boxes, inner...)
}

func (rd *reader) picture(k *node, alt string, hidden bool, c *collector) {
	if own := altOf(k.at("pic:nvPicPr", "pic:cNvPr").get("descr")); alt == "" {
		alt = own
	}
	blip := k.at("pic:blipFill", "a:blip")
	switch id := blip.get("r:embed"); {
	case hidden || blip == nil:
	case id != "":
		rd.image(id, alt, c)
	case blip.get("r:link") != "":
		rd.say(Dropped, "一张图片只是链接到别处，文件里没有，请另外上传。")
	}
}

// image puts a picture of the package into the text. The same one again is the
// same picture.
func (rd *reader) image(id, alt string, c *collector) {
	r, ok := rd.rels[id]
	if !ok || id == "" {
		return
	}
	if r.external {
		rd.say(Dropped, "一张图片只是链接到别处，文件里没有，请另外上传。")
		return
	}
	n, known := rd.shared[r.target]
	if !known {
		n = rd.load(r.target)
		rd.shared[r.target] = n
	}
	if n == 0 {
		return
	}
	if p := rd.pictures[n-1]; p.Alt == "" {
		p.Alt = alt
	}
	c.pictures = true
	c.put(span{kind: picture, text: alt, ref: n})
}

// load reads a picture from the package; 0 when it cannot be shown.
func (rd *reader) load(name string) int {
	b, err := rd.pkg.bytes(name, maxPicture)
	if err != nil || len(b) == 0 {
		rd.say(Dropped, "一张图片读不出来或超过 %d MB，没有导入，请另外上传。", maxPicture>>20)
		return 0
	}
	if rd.pkg.pictures += int64(len(b)); rd.pkg.pictures > maxPictures {
		rd.say(Dropped, "图片一共超过 %d MB，后面的没有导入，请另外上传。", maxPictures>>20)
		return 0
	}
	return rd.take(b, "")
}

// take keeps a picture, in a format that browsers show; 0 when there is none.
func (g *gathered) take(b []byte, alt string) int {
	for i, p := range g.pictures {
		if bytes.Equal(p.Data, b) {
			return i + 1
		}
	}
	typ, b := convert(b)
	if typ == "" {
		if g.vector++; g.vector == 1 {
			g.say(Dropped, "EMF、WMF 这类矢量图（常见于流程图、公式、印章）网页显示不了，没有导入，请截图后插入。")
		} else {
			g.say(Dropped, "又一张网页显示不了的矢量图没有导入。")
		}
		return 0
	}
	n := len(g.pictures) + 1
	ext := "." + strings.TrimPrefix(strings.TrimPrefix(typ, "image/"), "x-")
	if ext == ".jpeg" {
		ext = ".jpg"
	}
	g.pictures = append(g.pictures, &Picture{Ref: "picture-" + strconv.Itoa(n) + ext, Name: fmt.Sprintf("图%d%s", n, ext), Type: typ, Alt: alt, Data: b, At: g.at()})
	return n
}

// maxPixels is what a bitmap may have to be made a PNG of.
const maxPixels = 40_000_000

// convert names the type by the content and makes PNG of what only old
// programs show; "" for what cannot be shown.
func convert(b []byte) (typ string, data []byte) {
	has := func(prefix string) bool { return bytes.HasPrefix(b, []byte(prefix)) }
	switch {
	case has("\xFF\xD8\xFF"):
		return "image/jpeg", b
	case has("\x89PNG\r\n\x1a\n"):
		return "image/png", b
	case has("GIF87a"), has("GIF89a"):
		return "image/gif", b
	case has("RIFF") && len(b) > 12 && string(b[8:12]) == "WEBP":
		return "image/webp", b
	case has("BM"):
		cfg, err := bmp.DecodeConfig(bytes.NewReader(b))
		if err != nil || cfg.Width*cfg.Height > maxPixels {
			return "", nil
		}
		img, err := bmp.Decode(bytes.NewReader(b))
		return asPNG(img, err)
	case has("II*\x00"), has("MM\x00*"):
		cfg, err := tiff.DecodeConfig(bytes.NewReader(b))
		if err != nil || cfg.Width <= 0 || cfg.Height <= 0 || cfg.Width > maxPixels/cfg.Height {
			return "", nil
		}
		img, err := tiff.Decode(bytes.NewReader(b))
		return asPNG(img, err)
	}
	return "", nil
}

func asPNG(img image.Image, err error) (string, []byte) {
	var out bytes.Buffer
	if err != nil || png.Encode(&out, img) != nil {
		return "", nil
	}
	return "image/png", out.Bytes()
}
