package media_test

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"io"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"

	"github.com/songfa/songfa/internal/db/dbtest"
	"github.com/songfa/songfa/internal/errs"
	"github.com/songfa/songfa/media"
)

func (k *desk) private(b []byte) media.Private {
	k.t.Helper()
	p, err := k.AddPrivate(k.t.Context(), "现场.jpg", bytes.NewReader(b))
	if err != nil {
		k.t.Fatal(err)
	}
	return p
}

func (k *desk) blur(key string, areas ...media.Area) (media.Private, image.Image, []byte) {
	k.t.Helper()
	p, err := k.Blur(k.t.Context(), key, areas)
	if err != nil {
		k.t.Fatal(err)
	}
	body, _, err := k.OpenPrivate(k.t.Context(), p.Key)
	if err != nil {
		k.t.Fatal(err)
	}
	defer body.Close()
	raw, err := io.ReadAll(body)
	if err != nil {
		k.t.Fatal(err)
	}
	img, err := jpeg.Decode(bytes.NewReader(raw))
	if err != nil {
		k.t.Fatal(err)
	}
	return p, img, raw
}

// portrait is a grey picture with "a face" of noise in the middle. Two of them
// with other noise are two faces.
func portrait(seed uint64) []byte {
	noise := rand.New(rand.NewPCG(seed, 1))
	img := image.NewNRGBA(image.Rect(0, 0, 600, 400))
	for y := range 400 {
		for x := range 600 {
			v := uint8(128)
			if x >= 200 && x < 400 && y >= 100 && y < 300 {
				v = uint8(noise.IntN(2) * 224)
			}
			img.SetNRGBA(x, y, color.NRGBA{v, v, v, 255})
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		panic(err)
	}
	return b.Bytes()
}

// What is made unrecognisable is the same for two faces: nothing of either is
// left to compute back. What lies outside stays.
func TestBlurLeavesNothingOfAFace(t *testing.T) {
	k := newDesk(t, dbtest.SQLite(t))
	face := media.Area{X: 333, Y: 250, W: 334, H: 500}
	one, img, raw := k.blur(k.private(portrait(1)).Key, face)
	other, _, _ := k.blur(k.private(portrait(2)).Key, face)
	if one.Key != other.Key {
		t.Error("two faces give two pictures")
	}
	for _, tag := range []string{"Exif", "Photoshop", secret} {
		if bytes.Contains(raw, []byte(tag)) {
			t.Errorf("the picture still says %s", tag)
		}
	}
	if g := color.GrayModel.Convert(img.At(20, 20)).(color.Gray).Y; g < 124 || g > 132 {
		t.Errorf("outside the area the picture is %d, was 128", g)
	}
}

// A photograph that is stored lying is blurred where it shows the area upright.
func TestBlurWhereThePictureShowsIt(t *testing.T) {
	k := newDesk(t, dbtest.SQLite(t))
	lying := jpegSample(quarters(400, 200), 6) // shown 200×400: blue red / white green
	_, img, raw := k.blur(k.private(lying).Key, media.Area{X: 0, Y: 0, W: 500, H: 500})
	if b := img.Bounds(); b.Dx() != 200 || b.Dy() != 400 {
		t.Fatalf("it is %d×%d", b.Dx(), b.Dy())
	}
	if bytes.Contains(raw, []byte(secret)) {
		t.Error("where it was taken is still in it")
	}
	at := func(x, y int) [3]uint32 {
		r, g, b, _ := img.At(x, y).RGBA()
		return [3]uint32{r >> 8, g >> 8, b >> 8}
	}
	if c := at(150, 100); c[0] < 200 || c[1] > 60 {
		t.Errorf("the untouched quarter is %v, want red", c)
	}
	if c := at(50, 100); c[2] < 180 || c[0] > 60 {
		t.Errorf("the blurred quarter is %v, want a blue", c)
	}
}

func TestBlurRefusesNothingAndTooMuch(t *testing.T) {
	k := newDesk(t, dbtest.SQLite(t))
	key := k.private(jpegSample(quarters(40, 30), 1)).Key
	for _, areas := range [][]media.Area{nil, make([]media.Area, 1000)} {
		if _, err := k.Blur(t.Context(), key, areas); !errs.Is(err, errs.Invalid) {
			t.Errorf("%d areas: %v", len(areas), err)
		}
	}
	if _, err := k.Blur(t.Context(), "../../etc/passwd", []media.Area{{0, 0, 1, 1}}); !errs.Is(err, errs.NotFound) {
		t.Errorf("a foreign key: %v", err)
	}
}

// No area, however odd, breaks the picture or leaves it as it was inside.
func TestBlurTakesAnyArea(t *testing.T) {
	k := newDesk(t, dbtest.SQLite(t))
	key := k.private(jpegSample(quarters(61, 37), 1)).Key
	rapid.Check(t, func(rt *rapid.T) {
		side := rapid.IntRange(-50, 1500)
		a := media.Area{X: side.Draw(rt, "x"), Y: side.Draw(rt, "y"), W: side.Draw(rt, "w"), H: side.Draw(rt, "h")}
		if _, err := k.Blur(t.Context(), key, []media.Area{a}); err != nil {
			rt.Fatalf("%+v: %v", a, err)
		}
	})
}
