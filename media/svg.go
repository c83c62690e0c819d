package media

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/songfa/songfa/internal/errs"
)

// SVG is a document that browsers run. Ours is rewritten: what draws is copied
// from the lists below, what editors leave behind is dropped, and what acts or
// reaches out (scripts, handlers, foreign content, other addresses) gets the
// whole file refused, since somebody should look at it.

const (
	nsSVG   = "http://www.w3.org/2000/svg"
	nsXLink = "http://www.w3.org/1999/xlink"
	nsXML   = "http://www.w3.org/XML/1998/namespace"
)

const (
	maxSVG      = 2 << 20 // bytes
	maxSVGDepth = 100
)

var svgElements = set(`svg g defs symbol use title desc style path rect circle ellipse line polyline polygon
	text tspan textPath image linearGradient radialGradient stop pattern clipPath mask marker
	filter feBlend feColorMatrix feComponentTransfer feComposite feDropShadow feFlood feFuncA feFuncB feFuncG feFuncR
	feGaussianBlur feMerge feMergeNode feMorphology feOffset feTile`)

// svgText are the elements whose text means something.
var svgText = set(`title desc style text tspan textPath`)

// svgActs are the elements for which a file is refused, of whatever namespace.
var svgActs = set(`script foreignobject iframe object embed handler listener audio video html body`)

var svgAttrs = set(`id class style lang tabindex role aria-label aria-hidden aria-labelledby version viewBox preserveAspectRatio
	x y x1 y1 x2 y2 cx cy r rx ry fx fy fr dx dy width height d points pathLength transform rotate textLength lengthAdjust
	startOffset method spacing offset gradientUnits gradientTransform spreadMethod patternUnits patternContentUnits patternTransform
	clipPathUnits maskUnits maskContentUnits markerUnits markerWidth markerHeight refX refY orient filterUnits primitiveUnits
	in in2 result mode type values tableValues slope intercept amplitude exponent operator k1 k2 k3 k4 radius stdDeviation
	edgeMode flood-color flood-opacity
	fill fill-opacity fill-rule stroke stroke-width stroke-opacity stroke-dasharray stroke-dashoffset stroke-linecap
	stroke-linejoin stroke-miterlimit opacity color display visibility overflow clip clip-path clip-rule mask filter
	marker-start marker-mid marker-end stop-color stop-opacity paint-order vector-effect mix-blend-mode isolation
	font-family font-size font-size-adjust font-stretch font-style font-variant font-weight text-anchor text-decoration
	dominant-baseline alignment-baseline baseline-shift letter-spacing word-spacing writing-mode direction unicode-bidi
	text-rendering shape-rendering image-rendering color-interpolation color-interpolation-filters color-rendering
	enable-background xml:space xml:lang href xlink:href`)

func set(words string) map[string]bool {
	m := make(map[string]bool)
	for _, w := range strings.Fields(words) {
		m[w] = true
	}
	return m
}

func svgRefused(why, chain string) error {
	return errs.New(errs.Invalid, "这个 SVG 文件"+why+"，出于安全不能使用。请在绘图软件中导出为“普通 SVG”，或另存为 PNG 后再上传。", "svg: %s", chain)
}

// prepareSVG rewrites an SVG and measures it.
func prepareSVG(raw []byte) ([]byte, picture, error) {
	if len(raw) > maxSVG {
		return nil, picture{}, errs.New(errs.TooLarge, "SVG 文件不能超过 2 MB，请简化后再上传。", "svg has %d bytes", len(raw))
	}
	s := &svgWriter{dec: xml.NewDecoder(bytes.NewReader(raw))}
	if err := s.run(); err != nil {
		var known *errs.Error
		if !errors.As(err, &known) {
			err = broken(err)
		}
		return nil, picture{}, err
	}
	return s.out.Bytes(), s.size, nil
}

type svgWriter struct {
	dec  *xml.Decoder
	out  bytes.Buffer
	open []string     // elements around the place
	css  bytes.Buffer // of the style element around the place
	size picture
}

func (s *svgWriter) run() error {
	for {
		tok, err := s.dec.Token()
		if err == io.EOF {
			if s.out.Len() == 0 {
				return errors.New("no svg element")
			}
			return nil
		}
		if err != nil {
			return err
		}
		switch t := tok.(type) {
		case xml.StartElement:
			err = s.start(t)
		case xml.EndElement:
			err = s.end()
		case xml.CharData:
			err = s.text(t)
		case xml.Directive:
			if bytes.Contains(bytes.ToUpper(t), []byte("ENTITY")) {
				err = svgRefused("定义了实体", "entity declaration")
			}
		}
		if err != nil {
			return err
		}
	}
}

func (s *svgWriter) start(t xml.StartElement) error {
	name := t.Name.Local
	if svgActs[strings.ToLower(name)] {
		return svgRefused("含有脚本或外来内容", "element "+name)
	}
	root := len(s.open) == 0
	if root && (name != "svg" || s.out.Len() > 0) {
		return errors.New("the root is not one svg element")
	}
	if len(s.open) >= maxSVGDepth {
		return svgRefused("结构过于复杂", "too deep")
	}
	inStyle := !root && s.open[len(s.open)-1] == "style"
	if t.Name.Space != nsSVG && t.Name.Space != "" || !svgElements[name] || inStyle {
		return s.skip()
	}
	s.open = append(s.open, name)
	s.out.WriteString("<" + name)
	if root {
		s.out.WriteString(` xmlns="` + nsSVG + `" xmlns:xlink="` + nsXLink + `"`)
		s.size = svgSize(t.Attr)
	}
	var written []string
	for _, a := range t.Attr {
		attr, err := s.attr(name, a)
		if err != nil {
			return err
		}
		if attr == "" || slices.Contains(written, attr) {
			continue
		}
		written = append(written, attr)
		s.out.WriteString(" " + attr + `="`)
		if err := xml.EscapeText(&s.out, []byte(a.Value)); err != nil {
			return err
		}
		s.out.WriteString(`"`)
	}
	s.out.WriteString(">")
	return nil
}

// skip drops an element with all in it, but what acts is refused there too.
func (s *svgWriter) skip() error {
	for depth := 1; depth > 0; {
		tok, err := s.dec.Token()
		if err != nil {
			return err
		}
		switch t := tok.(type) {
		case xml.StartElement:
			depth++
			if svgActs[strings.ToLower(t.Name.Local)] {
				return svgRefused("含有脚本或外来内容", "element "+t.Name.Local)
			}
		case xml.EndElement:
			depth--
		}
	}
	return nil
}

func (s *svgWriter) end() error {
	last := len(s.open) - 1
	if s.open[last] == "style" {
		// Checked as a whole: a comment within could cut a word in two.
		if !safeCSS(s.css.String()) {
			return svgRefused("的样式引用了外部内容", "style element")
		}
		if err := xml.EscapeText(&s.out, s.css.Bytes()); err != nil {
			return err
		}
		s.css.Reset()
	}
	s.out.WriteString("</" + s.open[last] + ">")
	s.open = s.open[:last]
	return nil
}

func (s *svgWriter) text(b []byte) error {
	if len(s.open) == 0 || !svgText[s.open[len(s.open)-1]] {
		return nil
	}
	if s.open[len(s.open)-1] == "style" {
		s.css.Write(b)
		return nil
	}
	return xml.EscapeText(&s.out, b)
}

// attr returns the name under which an attribute is kept, or "".
func (s *svgWriter) attr(element string, a xml.Attr) (string, error) {
	name := a.Name.Local
	if strings.HasPrefix(strings.ToLower(name), "on") {
		return "", svgRefused("含有脚本", "attribute "+name)
	}
	switch a.Name.Space {
	case "":
	case nsXLink:
		name = "xlink:" + name
	case nsXML:
		name = "xml:" + name
	default:
		return "", nil
	}
	if !svgAttrs[name] {
		return "", nil
	}
	if strings.HasSuffix(name, "href") {
		if a.Value == "" {
			return "", nil
		}
		if safeHref(element, a.Value) {
			return name, nil
		}
		return "", svgRefused("引用了外部地址", "reference out of the file")
	}
	if !safeCSS(a.Value) {
		return "", svgRefused("引用了外部内容", "value of attribute "+name)
	}
	return name, nil
}

// rasterData is a picture inside the SVG; another SVG in it would not be checked.
var rasterData = regexp.MustCompile(`^data:image/(png|jpe?g|gif|webp);base64,[A-Za-z0-9+/=\s]*$`)

func safeHref(element, v string) bool {
	v = strings.TrimSpace(v)
	if element == "image" {
		return rasterData.MatchString(v)
	}
	return strings.HasPrefix(v, "#")
}

var (
	cssURL = regexp.MustCompile(`url\(\s*["']?\s*`)
	// What loads without url(), runs in an old browser, or hides one of these.
	cssActs = regexp.MustCompile(`[\\@]|image-set\(|image\(|src\(|expression\(|javascript:|-moz-binding|behavior\s*:|</`)
)

// safeCSS reports whether a value or a sheet refers only to this file.
func safeCSS(v string) bool {
	v = strings.ToLower(v)
	if cssActs.MatchString(v) {
		return false
	}
	for _, at := range cssURL.FindAllStringIndex(v, -1) {
		if !strings.HasPrefix(v[at[1]:], "#") {
			return false
		}
	}
	return true
}

// svgSize reads the size in pixels, or the proportions of the view box.
func svgSize(attrs []xml.Attr) picture {
	var w, h float64
	var box []string
	for _, a := range attrs {
		switch a.Name.Local {
		case "width":
			w = svgLength(a.Value)
		case "height":
			h = svgLength(a.Value)
		case "viewBox":
			box = strings.FieldsFunc(a.Value, func(r rune) bool { return r == ',' || r == ' ' })
		}
	}
	if (w == 0 || h == 0) && len(box) == 4 {
		w, h = svgLength(box[2]), svgLength(box[3])
	}
	return picture{width: int(math.Round(w)), height: int(math.Round(h)), orientation: 1}
}

func svgLength(s string) float64 {
	f, err := strconv.ParseFloat(strings.TrimSuffix(strings.TrimSpace(s), "px"), 64)
	if err != nil || f < 0 || f > 1e6 || math.IsNaN(f) {
		return 0
	}
	return f
}
