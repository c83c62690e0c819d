package poster

import (
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"io"
	"strings"
	"unicode"

	"golang.org/x/image/font"
	"golang.org/x/image/math/fixed"

	"github.com/songfa/songfa/internal/errs"
)

// A4 at 150 dpi, and what is left free around it, in pixels.
const (
	width  = 1240
	height = 1754
	margin = 96
)

// Sheet is what stands on a poster. Empty parts are left out.
type Sheet struct {
	Kind   string // 法律进工地
	Title  string
	Struck string // 已取消: stands above everything
	Rows   []Row  // most important first: what has no room is left out
	Call   string // 扫码报名
	Note   string // 不收费
	Link   string // the address, to type
	Foot   string
	Code   image.Image // the QR code, with its margin
	Accent color.Color
}

// Row is a line of facts.
type Row struct{ Label, Text string }

var (
	ink   = color.Gray{Y: 0x1b}
	quiet = color.Gray{Y: 0x55}
)

// Draw writes the poster as PNG.
func (f *Font) Draw(w io.Writer, s Sheet) error {
	p := &pen{font: f, img: image.NewRGBA(image.Rect(0, 0, width, height)), y: margin}
	draw.Draw(p.img, p.img.Bounds(), image.White, image.Point{}, draw.Src)
	draw.Draw(p.img, image.Rect(0, 0, width, margin/4), image.NewUniform(s.Accent), image.Point{}, draw.Src)
	bottom := p.code(s)
	p.text(s.Struck, 72, margin, 1, s.Accent)
	p.text(s.Kind, 46, margin, 1, s.Accent)
	p.text(s.Title, titleSize(s.Title), margin, 5, ink)
	p.y += 24
	for _, r := range s.Rows {
		p.row(r, bottom)
	}
	if p.err != nil {
		return errs.New(errs.Internal, "", "draw poster: %w", p.err)
	}
	return png.Encode(w, p.img)
}

// titleSize lets a short title be read across the street.
func titleSize(title string) float64 {
	switch n := len([]rune(title)); {
	case n <= 20:
		return 100
	case n <= 40:
		return 80
	}
	return 62
}

// pen writes from top to bottom.
type pen struct {
	font *Font
	img  *image.RGBA
	y    int // top of the next line
	err  error
}

// code draws the QR code with what to do, and the foot, at the bottom; it
// returns where they begin.
func (p *pen) code(s Sheet) (top int) {
	side := s.Code.Bounds().Dx()
	foot := height - margin - 34
	top = foot - 40 - max(side, 400)
	draw.Draw(p.img, image.Rect(margin, top, width-margin, top+3), image.NewUniform(quiet), image.Point{}, draw.Src)
	draw.Draw(p.img, s.Code.Bounds().Add(image.Pt(margin, top+20)), s.Code, s.Code.Bounds().Min, draw.Src)
	left := margin + side + 30
	p.y = top + 90
	p.text(s.Call, 64, left, 2, ink)
	p.text(s.Note, 38, left, 4, ink)
	p.text(s.Link, 28, left, 3, quiet)
	p.y = foot
	p.text(s.Foot, 32, margin, 1, quiet)
	p.y = margin
	return top
}

// row writes label and text, as long as there is room above the code.
func (p *pen) row(r Row, bottom int) {
	const size, indent = 46, 190
	lines := min(4, (bottom-p.y-10)/lineHeight(size))
	if lines < 1 || r.Text == "" {
		return
	}
	y := p.y
	p.text(r.Label, size*0.8, margin, 1, quiet)
	p.y = y
	p.text(r.Text, size, margin+indent, lines, ink)
	p.y += 14
}

func lineHeight(size float64) int { return int(size * 1.4) }

// text writes a paragraph from the left edge, in at most so many lines; what is
// left over ends in ….
func (p *pen) text(text string, size float64, left, lines int, c color.Color) {
	if !p.font.chinese {
		text = latin(text)
	}
	if text == "" || p.err != nil {
		return
	}
	face, err := p.font.face(size)
	if err != nil {
		p.err = err
		return
	}
	defer face.Close()
	d := &font.Drawer{Dst: p.img, Src: image.NewUniform(c), Face: face}
	for _, line := range wrap(d.MeasureString, text, fixed.I(width-margin-left), lines) {
		d.Dot = fixed.P(left, p.y+int(size))
		d.DrawString(line)
		p.y += lineHeight(size)
	}
}

// latin is what a font without Chinese can write of a text.
func latin(text string) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if r > unicode.MaxLatin1 {
			return -1
		}
		return r
	}, text))
}

// Signs that must not begin a line, and that must not end one (GB/T 15834—2011).
const (
	closers = "、，。：；！？）》〉」』】”’%…—,.!?;:)"
	openers = "（《〈「『【“‘(#"
)

// wrap breaks a text into lines of at most a width. Between Chinese characters a
// line can break anywhere; a number or a word stays whole when a line holds it.
func wrap(measure func(string) fixed.Int26_6, text string, width fixed.Int26_6, most int) []string {
	var lines []string
	line := ""
	for _, piece := range pieces(text) {
		if line != "" && measure(line+strings.TrimRight(piece, " ")) > width {
			lines, line = append(lines, strings.TrimRight(line, " ")), ""
			piece = strings.TrimLeft(piece, " ")
		}
		for measure(strings.TrimRight(piece, " ")) > width && len([]rune(piece)) > 1 { // a long address
			part := []rune(piece)
			n := len(part) - 1
			for n > 1 && measure(string(part[:n])) > width {
				n--
			}
			lines, piece = append(lines, string(part[:n])), string(part[n:])
		}
		line += piece
	}
	if line = strings.TrimRight(line, " "); line != "" {
		lines = append(lines, line)
	}
	if len(lines) > most {
		lines = lines[:most]
		last := []rune(lines[most-1])
		for len(last) > 0 && measure(string(last)+"…") > width {
			last = last[:len(last)-1]
		}
		lines[most-1] = string(last) + "…"
	}
	return lines
}

// pieces are the smallest parts of a text between which a line may break.
func pieces(text string) []string {
	var list []string
	var last rune
	for _, r := range text {
		joins := len(list) > 0 && (strings.ContainsRune(closers, r) || strings.ContainsRune(openers, last) ||
			unicode.Is(unicode.Mn, r) || r == ' ' || word(last) && word(r))
		if joins {
			list[len(list)-1] += string(r)
		} else {
			list = append(list, string(r))
		}
		last = r
	}
	return list
}

func word(r rune) bool { return r > ' ' && r <= unicode.MaxLatin1 || r == '–' }
