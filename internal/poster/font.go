// Package poster draws the poster of a session as a picture to send on: title,
// time, place and a QR code, in A4 proportions at 150 dpi.
//
// Go has no fonts of its own that hold Chinese. [Find] looks where systems keep
// theirs, or takes the operator's file; without either a picture has the QR code
// and what can be written with Latin letters, and the page says so.
package poster

import (
	"errors"
	"io/fs"
	"os"
	"strings"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/font/sfnt"

	"github.com/songfa/songfa/internal/errs"
)

// usual are the fonts that hold Chinese, where systems keep them.
var usual = []string{
	"/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",                         // Debian
	"/usr/share/fonts/google-noto-sans-cjk-fonts/NotoSansCJK-Regular.ttc",            // Fedora
	"/usr/share/fonts/google-noto-cjk/NotoSansCJK-Regular.ttc",                       // RHEL, openEuler, Anolis
	"/usr/share/fonts/noto-cjk/NotoSansCJK-Regular.ttc",                              // Arch, Alpine
	"/usr/share/fonts/truetype/wqy/wqy-microhei.ttc",                                 // 文泉驿 on Debian, Kylin, UOS
	"/usr/share/fonts/wqy-microhei/wqy-microhei.ttc",                                 // on Fedora
	"/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc",                                   //
	"/usr/share/fonts/truetype/droid/DroidSansFallbackFull.ttf",                      //
	"/usr/share/fonts/truetype/arphic/uming.ttc",                                     //
	"/System/Library/Fonts/PingFang.ttc", "/System/Library/Fonts/STHeiti Medium.ttc", // macOS
	`C:\Windows\Fonts\msyh.ttc`, `C:\Windows\Fonts\simhei.ttf`, // Windows
}

// Font writes on posters. It is safe for concurrent use.
type Font struct {
	font    *sfnt.Font
	file    *os.File // glyphs are read when they are needed: these files are large
	chinese bool
}

// Find opens the operator's font (TTF, OTF, TTC), or with path "" the first of
// the usual ones that there is. A file of the operator's that is none, or holds
// no Chinese, is Invalid. Without any font the result writes Latin letters only.
func Find(path string) (*Font, error) {
	if path != "" {
		f, err := open(path)
		if err != nil {
			return nil, errs.New(errs.Invalid, "poster_font 指的字体文件打不开，或者里面没有中文，请换一个 TTF、OTF 或 TTC 文件。", "poster font: %w", err)
		}
		return f, nil
	}
	for _, path := range usual {
		if f, err := open(path); err == nil {
			return f, nil
		} else if !errors.Is(err, fs.ErrNotExist) {
			continue // there, but not to be read: another will do
		}
	}
	latin, err := opentype.Parse(goregular.TTF)
	if err != nil {
		return nil, errs.New(errs.Internal, "", "parse built-in font: %w", err)
	}
	return &Font{font: latin}, nil
}

// Chinese reports whether it can write Chinese.
func (f *Font) Chinese() bool { return f.chinese }

// Close closes the font's file.
func (f *Font) Close() error {
	if f.file == nil {
		return nil
	}
	return f.file.Close()
}

func open(path string) (_ *Font, err error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			file.Close()
		}
	}()
	collection, err := opentype.ParseCollectionReaderAt(file)
	if err != nil {
		return nil, err
	}
	chosen, err := mainland(collection)
	if err != nil {
		return nil, err
	}
	if at, err := chosen.GlyphIndex(nil, '送'); err != nil || at == 0 {
		return nil, errors.Join(errors.New("font has no Chinese"), err)
	}
	return &Font{font: chosen, file: file, chinese: true}, nil
}

// mainland picks the font of a collection that writes as the mainland does: the
// first of Noto's writes as Japan does.
func mainland(c *sfnt.Collection) (*sfnt.Font, error) {
	var first *sfnt.Font
	for i := range c.NumFonts() {
		f, err := c.Font(i)
		if err != nil {
			return nil, err
		}
		if name, err := f.Name(nil, sfnt.NameIDFamily); err == nil && (strings.HasSuffix(name, " SC") || strings.HasSuffix(name, " CN")) {
			return f, nil
		}
		if first == nil {
			first = f
		}
	}
	if first == nil {
		return nil, errors.New("collection is empty")
	}
	return first, nil
}

// face is the font in a size, for one picture: faces are not for sharing.
func (f *Font) face(pixels float64) (font.Face, error) {
	return opentype.NewFace(f.font, &opentype.FaceOptions{Size: pixels, DPI: 72, Hinting: font.HintingNone})
}
