package media_test

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"strings"
	"testing"

	"github.com/gen2brain/webp"
)

// The samples are made here, so that each says what it is made of.

// secret is what must not come out of a picture again.
const secret = "GPS 39.9042N 116.4074E"

// quarters is a picture with a colour in each corner: red, green / blue, white.
func quarters(w, h int) *image.NRGBA {
	img := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			c := color.NRGBA{255, 255, 255, 255}
			switch {
			case x < w/2 && y < h/2:
				c = color.NRGBA{230, 20, 20, 255}
			case y < h/2:
				c = color.NRGBA{20, 200, 20, 255}
			case x < w/2:
				c = color.NRGBA{20, 20, 230, 255}
			}
			img.SetNRGBA(x, y, c)
		}
	}
	return img
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func segment(marker byte, payload string) []byte {
	b := []byte{0xff, marker}
	b = binary.BigEndian.AppendUint16(b, uint16(len(payload)+2))
	return append(b, payload...)
}

// exif is a block with an orientation and, behind it, the secret.
func exif(orientation byte) []byte {
	return segment(0xe1, "Exif\x00\x00II\x2a\x00\x08\x00\x00\x00\x01\x00\x12\x01\x03\x00\x01\x00\x00\x00"+
		string(orientation)+"\x00\x00\x00\x00\x00\x00\x00"+secret)
}

// jpegSample carries the secret in every place a JPEG has for it.
func jpegSample(img image.Image, orientation byte) []byte {
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, &jpeg.Options{Quality: 90}); err != nil {
		panic(err)
	}
	plain := b.Bytes()
	out := append([]byte{}, plain[:2]...)
	out = append(out, segment(0xe0, "JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00")...)
	out = append(out, exif(orientation)...)
	out = append(out, segment(0xe1, "http://ns.adobe.com/xap/1.0/\x00"+secret)...)
	out = append(out, segment(0xe2, "MPF\x00"+secret)...)
	out = append(out, segment(0xe2, "ICC_PROFILE\x00\x01\x01profile")...)
	out = append(out, segment(0xed, "Photoshop 3.0\x00"+secret)...)
	out = append(out, segment(0xfe, secret)...)
	out = append(out, plain[2:]...)
	return append(out, secret...) // behind the end, where phones put films
}

func chunk(kind, data string) []byte {
	b := binary.BigEndian.AppendUint32(nil, uint32(len(data)))
	b = append(b, kind+data...)
	return binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE([]byte(kind+data)))
}

func pngSample(img image.Image) []byte {
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		panic(err)
	}
	plain := b.Bytes()
	const head = 8 + 25 // signature, IHDR
	out := append([]byte{}, plain[:head]...)
	out = append(out, chunk("tEXt", "Comment\x00"+secret)...)
	out = append(out, chunk("eXIf", secret)...)
	out = append(out, chunk("iTXt", "XML:com.adobe.xmp\x00\x00\x00\x00\x00"+secret)...)
	out = append(out, plain[head:]...)
	return append(out, secret...)
}

func riffChunk(kind, data string) []byte {
	b := binary.LittleEndian.AppendUint32([]byte(kind), uint32(len(data)))
	b = append(b, data...)
	if len(data)%2 == 1 {
		b = append(b, 0)
	}
	return b
}

func webpSample(img image.Image) []byte {
	var b bytes.Buffer
	if err := webp.Encode(&b, img, webp.Options{Quality: 90}); err != nil {
		panic(err)
	}
	return dressWebP(b.Bytes(), img.Bounds().Dx(), img.Bounds().Dy())
}

// tinyWebP is 1×1 pixel. Starting the encoder takes seconds under the fuzzer.
func tinyWebP() []byte {
	const pixel = "\x2f\x00\x00\x00\x10\x07\x10\x11\x11\x88\x88\xfe\x07"
	return dressWebP(append(make([]byte, 12), riffChunk("VP8L", pixel)...), 1, 1)
}

// dressWebP hangs the secret on a simple WebP.
func dressWebP(simple []byte, w, h int) []byte {
	w, h = w-1, h-1
	vp8x := string([]byte{0x08 | 0x04, 0, 0, 0, byte(w), byte(w >> 8), byte(w >> 16), byte(h), byte(h >> 8), byte(h >> 16)})
	body := append([]byte("WEBP"), riffChunk("VP8X", vp8x)...)
	body = append(body, simple[12:]...)
	body = append(body, riffChunk("EXIF", secret)...)
	body = append(body, riffChunk("XMP ", secret+"!")...)
	out := binary.LittleEndian.AppendUint32([]byte("RIFF"), uint32(len(body)))
	return append(append(out, body...), secret...)
}

func gifSample(img image.Image) []byte {
	var b bytes.Buffer
	if err := gif.Encode(&b, img, nil); err != nil {
		panic(err)
	}
	plain := b.Bytes()
	at := 13 + 3<<(plain[10]&7+1)
	out := append([]byte{}, plain[:at]...)
	out = append(out, "\x21\xfe"+string(rune(len(secret)))+secret+"\x00"...)
	out = append(out, "\x21\xff\x0bXMP DataXMP"+string(rune(len(secret)))+secret+"\x00"...)
	out = append(out, "\x21\xff\x0bNETSCAPE2.0\x03\x01\x00\x00\x00"...)
	out = append(out, plain[at:]...)
	return append(out, secret...)
}

func zipSample(names ...string) []byte {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, name := range names {
		must(must(z.Create(name)).Write([]byte("<x/>")))
	}
	if err := z.Close(); err != nil {
		panic(err)
	}
	return b.Bytes()
}

// filler pads a sample to a size at which sniffing has enough.
func filler(head string) []byte { return []byte(head + strings.Repeat("0", 4000)) }

func near(t *testing.T, what string, got, want color.Color) {
	t.Helper()
	gr, gg, gb, _ := got.RGBA()
	wr, wg, wb, _ := want.RGBA()
	far := func(a, b uint32) bool { return max(a, b)-min(a, b) > 0x2800 }
	if far(gr, wr) || far(gg, wg) || far(gb, wb) {
		t.Errorf("%s is %v, want about %v", what, got, want)
	}
}
