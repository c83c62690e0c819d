// Package qr draws QR codes: as the path of an SVG for pages, and as an image
// for posters. The error correction itself is rsc.io/qr's.
package qr

import (
	"image"
	"image/color"
	"strconv"

	"rsc.io/qr"

	"github.com/songfa/songfa/internal/errs"
)

// Quiet is the white margin a code needs around it, in modules (ISO/IEC 18004).
const Quiet = 4

// Code is a square of black and white modules.
type Code struct{ code *qr.Code }

// New encodes a text, usually an address. A quarter of the code may be dirty or
// torn before it cannot be read (level Q), which posters on a site need. A text
// longer than a code can hold is Invalid.
func New(text string) (Code, error) {
	code, err := qr.Encode(text, qr.Q)
	if err != nil {
		return Code{}, errs.New(errs.Invalid, "内容太长，做不成二维码。", "encode %d bytes as QR: %w", len(text), err)
	}
	return Code{code}, nil
}

// Size is the side in modules, with the margin.
func (c Code) Size() int { return c.code.Size + 2*Quiet }

// Path is the d of an SVG path that fills the black modules, in a view box of
// Size by Size. A run of modules is one rectangle: a quarter of the bytes.
func (c Code) Path() string {
	b := make([]byte, 0, 8<<10)
	number := func(before string, n int) { b = strconv.AppendInt(append(b, before...), int64(n), 10) }
	for y := range c.code.Size {
		for x := 0; x < c.code.Size; x++ {
			start := x
			for c.code.Black(x, y) {
				x++
			}
			if x > start {
				number("M", start+Quiet)
				number(" ", y+Quiet)
				number("h", x-start)
				number("v1h-", x-start)
				b = append(b, 'z')
			}
		}
	}
	return string(b)
}

// Image is the code with its margin, each module so many pixels wide.
func (c Code) Image(pixels int) *image.Gray {
	side := c.Size() * pixels
	img := image.NewGray(image.Rect(0, 0, side, side))
	for y := range side {
		for x := range side {
			shade := color.Gray{Y: 255}
			if c.code.Black(x/pixels-Quiet, y/pixels-Quiet) {
				shade.Y = 0
			}
			img.SetGray(x, y, shade)
		}
	}
	return img
}
