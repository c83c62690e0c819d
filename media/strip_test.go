package media_test

import (
	"bytes"
	"fmt"
	"image"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"
	"testing"

	xwebp "golang.org/x/image/webp"

	"github.com/songfa/songfa/media"
)

// stripper is one of the functions, with the errors of still and orientation left out.
type stripper struct {
	name   string
	strip  func([]byte) ([]byte, error)
	decode func(io.Reader) (image.Image, error)
	sample []byte
	keeps  string // must be there afterwards
}

func strippers() []stripper {
	img := quarters(40, 30)
	return []stripper{
		{"jpeg", func(b []byte) ([]byte, error) { out, _, err := media.StripJPEG(b); return out, err }, jpeg.Decode, jpegSample(img, 6), "ICC_PROFILE"},
		{"png", func(b []byte) ([]byte, error) { out, _, err := media.StripPNG(b); return out, err }, png.Decode, pngSample(img), "IEND"},
		{"webp", func(b []byte) ([]byte, error) { out, _, err := media.StripWebP(b); return out, err }, xwebp.Decode, tinyWebP(), "VP8X"},
		{"gif", media.StripGIF, gif.Decode, gifSample(img), "NETSCAPE2.0"},
	}
}

func TestStripTakesTheSecretAndNothingElse(t *testing.T) {
	for _, s := range strippers() {
		t.Run(s.name, func(t *testing.T) {
			if n := bytes.Count(s.sample, []byte(secret)); n < 3 {
				t.Fatalf("the sample holds the secret only %d times", n)
			}
			out, err := s.strip(s.sample)
			if err != nil {
				t.Fatal(err)
			}
			if bytes.Contains(out, []byte(secret)) {
				t.Error("the secret is still in it")
			}
			if !bytes.Contains(out, []byte(s.keeps)) {
				t.Errorf("%s is gone", s.keeps)
			}
			before, err := s.decode(bytes.NewReader(s.sample))
			if err != nil {
				t.Fatal(err)
			}
			after, err := s.decode(bytes.NewReader(out))
			if err != nil {
				t.Fatal(err)
			}
			if !samePixels(before, after) {
				t.Error("the pixels changed")
			}
			again, err := s.strip(out)
			if err != nil || !bytes.Equal(again, out) {
				t.Errorf("stripping twice changes it: %v", err)
			}
			for n := range len(out) - 1 {
				if _, err := s.strip(out[:n]); err == nil {
					t.Fatalf("cut at %d of %d bytes it passes", n, len(out))
				}
			}
		})
	}
}

func samePixels(a, b image.Image) bool {
	if a.Bounds() != b.Bounds() {
		return false
	}
	for y := a.Bounds().Min.Y; y < a.Bounds().Max.Y; y++ {
		for x := a.Bounds().Min.X; x < a.Bounds().Max.X; x++ {
			if a.At(x, y) != b.At(x, y) {
				return false
			}
		}
	}
	return true
}

func TestStripKeepsOnlyTheOrientation(t *testing.T) {
	for o := byte(0); o <= 9; o++ {
		out, got, err := media.StripJPEG(jpegSample(quarters(8, 8), o))
		if err != nil {
			t.Fatal(err)
		}
		want := int(o)
		if o < 1 || o > 8 {
			want = 1
		}
		if got != want {
			t.Errorf("orientation %d is read as %d", o, got)
		}
		if has := bytes.Contains(out, []byte("Exif")); has != (want != 1) {
			t.Errorf("orientation %d: an EXIF block is there: %v", o, has)
		}
		if _, again, err := media.StripJPEG(out); err != nil || again != want {
			t.Errorf("orientation %d is %d after stripping, %v", o, again, err)
		}
	}
}

func FuzzStripMetadata(f *testing.F) {
	all := strippers()
	for i, s := range all {
		f.Add(i, s.sample)
		f.Add(i, s.sample[:len(s.sample)/2])
	}
	f.Fuzz(func(t *testing.T, which int, b []byte) {
		s := all[uint(which)%4]
		out, err := s.strip(b)
		if err != nil {
			return
		}
		if again, err := s.strip(out); err != nil || !bytes.Equal(again, out) {
			t.Errorf("%s: stripping twice changes it: %v", s.name, err)
		}
		before, err1 := s.decode(bytes.NewReader(b))
		after, err2 := s.decode(bytes.NewReader(out))
		if err1 == nil && (err2 != nil || !samePixels(before, after)) {
			t.Errorf("%s: it decoded before and does not after: %v", s.name, err2)
		}
	})
}

func ExampleParsePath() {
	key := "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
	fmt.Println(media.URL(key, "流程图 1.png"))
	ref, _ := media.ParsePath(media.VariantURL(key, 640, media.WebP))
	fmt.Println(ref.Variant.Width, ref.Variant.Format)
	// Output:
	// /media/9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08/%E6%B5%81%E7%A8%8B%E5%9B%BE%201.png
	// 640 webp
}
