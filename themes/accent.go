package themes

import (
	"fmt"
	"image/color"
	"math"
	"strconv"
	"strings"
)

// palette is the accent in the shades a page needs. They are worked out from
// one colour in OKLCH, where equal steps look equal, and moved until text in
// them can be read: 4.5 to 1 on every ground they stand on.
type palette struct {
	given                                    rgb // as in the settings, or the default
	accent, strong, soft, on                 rgb // light
	darkAccent, darkStrong, darkSoft, darkOn rgb
	sharp, darkSharp                         rgb // for high contrast, 9 to 1
}

var (
	white = rgb{255, 255, 255}
	paper = rgb{0x13, 0x18, 0x16} // --bg in the dark; keep in step with tokens.css

	defaultPalette = derive(rgb{0x0d, 0x5f, 0x54}) // pine green
)

// paletteOf reads #rrggbb; anything else is the default.
func paletteOf(colour string) palette {
	n, err := strconv.ParseUint(strings.TrimPrefix(colour, "#"), 16, 32)
	if err != nil || len(colour) != 7 || colour[0] != '#' {
		return defaultPalette
	}
	if c := (rgb{uint8(n >> 16), uint8(n >> 8), uint8(n)}); c != defaultPalette.given {
		return derive(c)
	}
	return defaultPalette
}

// derive works the shades out. Only an accent that is too pale to be read on
// white is changed itself.
func derive(c rgb) palette {
	l, chroma, hue := c.oklch()
	soft := oklch(.95, min(chroma, .018), hue)
	p := palette{given: c, soft: soft, on: white}
	p.accent = c
	for l = min(l, .62); p.accent.contrast(soft) < 4.5 || p.accent.contrast(white) < 4.5; l -= .01 {
		p.accent = oklch(l, chroma, hue)
	}
	l, _, _ = p.accent.oklch()
	p.strong = oklch(max(l-.1, .15), chroma*.85, hue)

	p.darkSoft = oklch(.3, min(chroma, .032), hue)
	p.darkAccent = oklch(.82, min(chroma, .09), hue)
	p.darkStrong = oklch(.9, min(chroma, .06), hue)
	p.darkOn = oklch(.24, min(chroma, .045), hue)

	p.sharp, p.darkSharp = p.accent, oklch(.92, min(chroma, .08), hue)
	for ; p.sharp.contrast(white) < 9; l -= .01 {
		p.sharp = oklch(l, chroma, hue)
	}
	return p
}

// name is the accent in an address, from which the palette can be made again.
func (p palette) name() string { return p.given.String()[1:] }

// replacer puts the shades into CSS and SVG.
func (p palette) replacer() *strings.Replacer {
	return strings.NewReplacer(
		"$accent-strong", p.strong.String(), "$accent-soft", p.soft.String(), "$accent-sharp", p.sharp.String(),
		"$accent", p.accent.String(), "$on-accent", p.on.String(),
		"$dark-accent-strong", p.darkStrong.String(), "$dark-accent-soft", p.darkSoft.String(),
		"$dark-accent-sharp", p.darkSharp.String(), "$dark-accent", p.darkAccent.String(), "$dark-on-accent", p.darkOn.String(),
	)
}

type rgb struct{ r, g, b uint8 }

func (c rgb) String() string { return fmt.Sprintf("#%02x%02x%02x", c.r, c.g, c.b) }

// linear undoes the gamma of sRGB.
func (c rgb) linear() (r, g, b float64) {
	f := func(v uint8) float64 {
		x := float64(v) / 255
		if x <= .04045 {
			return x / 12.92
		}
		return math.Pow((x+.055)/1.055, 2.4)
	}
	return f(c.r), f(c.g), f(c.b)
}

// contrast is the ratio of WCAG 2, from 1 to 21.
func (c rgb) contrast(d rgb) float64 {
	luminance := func(c rgb) float64 {
		r, g, b := c.linear()
		return .2126*r + .7152*g + .0722*b
	}
	hi, lo := luminance(c), luminance(d)
	if hi < lo {
		hi, lo = lo, hi
	}
	return (hi + .05) / (lo + .05)
}

// oklch is lightness from 0 to 1, chroma, and hue in radians.
func (c rgb) oklch() (l, chroma, hue float64) {
	r, g, b := c.linear()
	x := math.Cbrt(.4122214708*r + .5363325363*g + .0514459929*b)
	y := math.Cbrt(.2119034982*r + .6806995451*g + .1073969566*b)
	z := math.Cbrt(.0883024619*r + .2817188376*g + .6299787005*b)
	a := 1.9779984951*x - 2.4285922050*y + .4505937099*z
	bb := .0259040371*x + .7827717662*y - .8086757660*z
	return .2104542553*x + .7936177850*y - .0040720468*z, math.Hypot(a, bb), math.Atan2(bb, a)
}

// oklch makes a colour, with less chroma where the screen cannot show it.
func oklch(l, chroma, hue float64) rgb {
	for ; ; chroma -= .002 {
		if c, ok := fromOKLab(l, chroma*math.Cos(hue), chroma*math.Sin(hue)); ok || chroma <= 0 {
			return c
		}
	}
}

func fromOKLab(l, a, b float64) (rgb, bool) {
	cube := func(v float64) float64 { return v * v * v }
	x := cube(l + .3963377774*a + .2158037573*b)
	y := cube(l - .1055613458*a - .0638541728*b)
	z := cube(l - .0894841775*a - 1.2914855480*b)
	fits := true
	f := func(v float64) uint8 {
		if v < -.0005 || v > 1.0005 {
			fits = false
		}
		v = min(max(v, 0), 1)
		if v > .0031308 {
			v = 1.055*math.Pow(v, 1/2.4) - .055
		} else {
			v *= 12.92
		}
		return uint8(math.Round(v * 255))
	}
	c := rgb{
		f(4.0767416621*x - 3.3077115913*y + .2309699292*z),
		f(-1.2684380046*x + 2.6097574011*y - .3413193965*z),
		f(-.0041960863*x - .7034186147*y + 1.7076147010*z),
	}
	return c, fits
}

// Accent is the accent of the settings as pages show it, for pictures that go
// with them. "" or nonsense is the default theme's own.
func Accent(setting string) color.Color {
	c := paletteOf(setting).accent
	return color.RGBA{R: c.r, G: c.g, B: c.b, A: 0xff}
}
